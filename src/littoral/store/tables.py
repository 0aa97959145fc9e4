"""Tables of the records, the same on SQLite and PostgreSQL. Changed only with a migration.

Times are UTC microseconds, JSON is text, so that both databases give back what was put in.
"""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
    text,
    true,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def to_json(value: Any) -> str:
    """Canonical: equal values give equal text."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY).decode()


class Json(TypeDecorator[Any]):
    """A JSON value as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


# The last seq given out: one row, whose lock puts all changes of alerts in one order.
counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# The current version of each alert. `document` is what the engine said, the rest is for finding it
# and what people made of it.
alerts = Table(
    "alerts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("seq", BigInteger, nullable=False, unique=True),
    Column("revision", Integer, nullable=False),
    Column("rule", String(80), nullable=False),
    Column("state", String(20), nullable=False),
    Column("rule_priority", SmallInteger, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("escalated", Boolean, nullable=False),
    Column("start_us", BigInteger, nullable=False),
    Column("end_us", BigInteger),
    Column("updated_us", BigInteger, nullable=False),
    Column("raised_us", BigInteger, nullable=False),
    Column("annunciated_us", BigInteger, nullable=False),
    Column("held_by", String(200)),
    Column("handling", String(20), nullable=False),
    Column("handled_by", String(200)),
    Column("handled_us", BigInteger),
    Column("handed_to", String(200)),
    Column("reason", Text),
    Column("search", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("document", Json, nullable=False),
    # Event time at which it was first told; the first alert of its group; whether it was told with
    # its group, so without a call of its own; the shelf on which it is (`shelves`).
    Column("told_us", BigInteger, nullable=False, server_default=text("0")),
    Column("lead", String(64), nullable=False, server_default=text("''")),
    Column("grouped", Boolean, nullable=False, server_default=false()),
    Column("shelf", String(36)),
    Column("shelved_until_us", BigInteger),
)
Index(None, alerts.c.told_us)
Index(None, alerts.c.lead)
Index(None, alerts.c.shelf)
Index(None, alerts.c.start_us, alerts.c.id)
Index(None, alerts.c.handling, alerts.c.priority, alerts.c.annunciated_us)

alert_versions = Table(
    "alert_versions",
    metadata,
    Column("alert_id", ForeignKey("alerts.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("escalated", Boolean, nullable=False),
    Column("document", Json, nullable=False),
)

alert_actions = Table(
    "alert_actions",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("alert_id", ForeignKey("alerts.id"), nullable=False, index=True),
    Column("seq", BigInteger, nullable=False),  # the alert's after the action
    Column("action", String(20), nullable=False),
    Column("who", String(200), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("reason", Text),
    Column("to_whom", String(200)),
    Column("undone_by", String(36)),
)

geofences = Table(
    "geofences",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("changed_by", String(200), nullable=False),
    Column("changed_us", BigInteger, nullable=False),
    Column("document", Json, nullable=False),
)

geofence_changes = Table(
    "geofence_changes",
    metadata,
    Column("geofence_id", ForeignKey("geofences.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("change", String(20), nullable=False),  # create, update, delete
    Column("who", String(200), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("before", Json),
    Column("after", Json),
)

planned_outages = Table(
    "planned_outages",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("receiver", String(200), nullable=False),
    Column("start_us", BigInteger, nullable=False),
    Column("end_us", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", String(200), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("deleted_by", String(200)),
    Column("deleted_us", BigInteger),
    Column("holds_alerts", Boolean, nullable=False, server_default=true()),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

# What people wrote about feeds and receivers (owner, place, contact); kind is feed or receiver.
sensors = Table(
    "sensors",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("about", Json, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
)

settings = Table(
    "settings",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("value", Json, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Json, nullable=False),
)
