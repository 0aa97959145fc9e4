"""Tables of bulletins. Changed only with a migration."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from littoral.store.tables import Json, metadata

bulletins = Table(
    "bulletins",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("seq", BigInteger, nullable=False, unique=True),  # of the last change, over all
    Column("version", Integer, nullable=False),
    Column("unit", String(40), nullable=False),
    Column("agency", String(40), nullable=False),
    Column("area", String(40), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("severity", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("from_us", BigInteger, nullable=False),
    Column("until_us", BigInteger, index=True),
    Column("asks_read", Boolean, nullable=False),
    Column("withdrawn_us", BigInteger),
    Column("made_us", BigInteger, nullable=False),
    Column("made_by", String(200), nullable=False),
)
Index(None, bulletins.c.made_us, bulletins.c.id)

# What it said in each version stays.
bulletin_steps = Table(
    "bulletin_steps",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("bulletin_id", ForeignKey("bulletins.id"), nullable=False),
    Column("version", Integer, nullable=False),  # of the bulletin, once it was done
    Column("kind", String(20), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("by", String(200), nullable=False),
    Column("fields", Json, nullable=False),
)
Index(None, bulletin_steps.c.bulletin_id, bulletin_steps.c.version, unique=True)

# Who said that they have read which version, the newest; for counts, and not for ever.
bulletin_reads = Table(
    "bulletin_reads",
    metadata,
    Column("bulletin_id", ForeignKey("bulletins.id"), primary_key=True),
    Column("account", String(200), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("at_us", BigInteger, nullable=False),  # by the clock of who read it
)
