"""Tables of responders and tasks. Changed only with a migration."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from littoral.store.tables import Json, metadata

# One position, the last: where a responder was before is kept nowhere, and where a person is goes
# with the end of the task.
responders = Table(
    "responders",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("version", Integer, nullable=False),
    Column("name", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("office", String(40), nullable=False, index=True),
    Column("agency", String(40), nullable=False),
    Column("skills", Json, nullable=False),
    Column("speed_mps", Float),
    Column("endurance_s", Float),
    Column("base", Json),
    Column("mmsi", Integer),
    Column("tak_uid", String(100), nullable=False, server_default="", index=True),
    Column("account", String(200), nullable=False, index=True),  # who acts for it
    Column("shared_with", Json, nullable=False),
    Column("is_out", Boolean, nullable=False),
    Column("out_reason", Text, nullable=False),
    Column("fix", Json),
)

# With whom it is shared; it lies with its office, and what is above that the query asks.
responder_reach = Table(
    "responder_reach",
    metadata,
    Column("responder_id", ForeignKey("responders.id"), primary_key=True),
    Column("attribute", String(20), primary_key=True),  # shared_with
    Column("code", String(64), primary_key=True),
)
Index(None, responder_reach.c.code, responder_reach.c.responder_id)

tasks = Table(
    "tasks",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("number", Integer, nullable=False),  # within its incident
    Column("seq", BigInteger, nullable=False, unique=True),  # of the last change, over all
    Column("version", Integer, nullable=False),
    Column("incident_id", ForeignKey("incidents.id"), nullable=False),
    Column("responder_id", ForeignKey("responders.id"), nullable=False),
    Column("what", Text, nullable=False),
    Column("lon_deg", Float),
    Column("lat_deg", Float),
    Column("state", String(20), nullable=False),
    Column("assigned_by", String(200), nullable=False),
    Column("assigned_us", BigInteger, nullable=False),
    Column("since_us", BigInteger, nullable=False),
    Column("desk", String(80), nullable=False),  # its unit and the agency's kind
    Column("reason", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("call", Json),
)
Index(None, tasks.c.incident_id, tasks.c.number, unique=True)
Index(None, tasks.c.responder_id, tasks.c.state)
Index(None, tasks.c.state, tasks.c.assigned_us)

task_steps = Table(
    "task_steps",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("task_id", ForeignKey("tasks.id"), nullable=False),
    Column("version", Integer, nullable=False),  # of the task, once it was done
    Column("kind", String(20), nullable=False),
    Column("at_us", BigInteger, nullable=False),  # by the clock of who did it
    Column("received_us", BigInteger, nullable=False),  # by ours
    Column("by", String(200), nullable=False),
    Column("desk", String(80), nullable=False),  # its unit and the agency's kind
    Column("fields", Json, nullable=False),
)
Index(None, task_steps.c.task_id, task_steps.c.version, unique=True)
