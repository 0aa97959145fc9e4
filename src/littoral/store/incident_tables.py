"""Tables of incidents. Changed only with a migration."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from littoral.store.tables import Json, metadata

incidents = Table(
    "incidents",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("code", String(20), nullable=False, unique=True),
    Column("seq", BigInteger, nullable=False, unique=True),  # of the last change, over all
    Column("version", Integer, nullable=False),
    Column("type", String(20), nullable=False),
    Column("severity", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("lon_deg", Float),
    Column("lat_deg", Float),
    Column("area", String(40), nullable=False),
    Column("desk", String(40), nullable=False, index=True),
    Column("lead_agency", String(40), nullable=False),
    Column("joint_agencies", Json, nullable=False),
    Column("state", String(20), nullable=False),
    Column("opened_by", String(200), nullable=False),  # the account that reported it
    Column("opened_us", BigInteger, nullable=False),
    Column("since_us", BigInteger, nullable=False),
    Column("sources", Json, nullable=False),
    Column("linked", Json, nullable=False),
    Column("asked", String(40), nullable=False),
    Column("merged_into", String(36), nullable=False, index=True),
    Column("split_from", String(36), nullable=False),
    Column("outcome", String(20), nullable=False),
    # Of the log's commitments to its free text; empty once the text is erased.
    Column("text_key", String(64), nullable=False, server_default=""),
    Column("erased_us", BigInteger),  # when its free text was
)
Index(None, incidents.c.state, incidents.c.opened_us)

incident_steps = Table(
    "incident_steps",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("incident_id", ForeignKey("incidents.id"), nullable=False),
    Column("version", Integer, nullable=False),  # of the incident, once it was done
    Column("kind", String(20), nullable=False),
    Column("at_us", BigInteger, nullable=False),  # by the clock of who did it
    Column("received_us", BigInteger, nullable=False),  # by ours
    Column("by", String(200), nullable=False),
    Column("desk", String(80), nullable=False),  # its unit and the agency's kind
    Column("fields", Json, nullable=False),
)
Index(None, incident_steps.c.incident_id, incident_steps.c.version, unique=True)

# From a source to its incidents: one click from an alert to what became of it.
incident_sources = Table(
    "incident_sources",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("ref", String(200), primary_key=True),
    Column("incident_id", ForeignKey("incidents.id"), primary_key=True, index=True),
)

# With whom it is shared. What lies above its area, or around the unit of a joint agency, is kept
# nowhere: it changes with the organisation, and is asked of that in the query.
incident_reach = Table(
    "incident_reach",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), primary_key=True),
    # shared_with: its lead agency in the area, the unit that is asked to take it over; joint: an
    # agency at the unit that it works for.
    Column("attribute", String(20), primary_key=True),
    Column("code", String(64), primary_key=True),
)
Index(None, incident_reach.c.code, incident_reach.c.incident_id)
