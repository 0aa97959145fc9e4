"""Tables of duty, and what puts all that is written into them in one order."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy.engine import Connection

from littoral.store.counted import next_of
from littoral.store.tables import Json, metadata

COUNTER = "duty"

# A roster from a day on. The regulation is kept as it was read then: a file that is edited later
# changes no shift of the past.
duty_rosters = Table(
    "duty_rosters",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("seq", BigInteger, nullable=False, unique=True),
    Column("unit", String(40), nullable=False),
    Column("agency", String(40), nullable=False),
    Column("from_day", String(10), nullable=False),  # of the wall, ISO 8601
    Column("regulation", Text, nullable=False),  # TOML
    Column("teams", Json, nullable=False),  # team: [[account, post], ...]
    Column("by", String(200), nullable=False),
    Column("made_us", BigInteger, nullable=False),
)
Index(None, duty_rosters.c.unit, duty_rosters.c.agency)

# Swaps, leave, overrides, faults, windows, handovers, as their steps made them.
duty_papers = Table(
    "duty_papers",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("seq", BigInteger, nullable=False, unique=True),  # of the last change
    Column("kind", String(20), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("agency", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("subject", String(240), nullable=False),  # by which it is found: see papers.subject_of
    Column("by", String(200), nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("since_us", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("doc", Json, nullable=False),
    Column("text_us", BigInteger),  # since when something is written in it; null: nothing is
)
Index(None, duty_papers.c.unit, duty_papers.c.agency, duty_papers.c.kind, duty_papers.c.state)

duty_steps = Table(
    "duty_steps",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("paper_id", ForeignKey("duty_papers.id"), nullable=False),
    Column("version", Integer, nullable=False),  # of the paper, once it was done
    Column("kind", String(20), nullable=False),
    Column("at_us", BigInteger, nullable=False),  # by the clock of who did it
    Column("received_us", BigInteger, nullable=False),  # by ours
    Column("by", String(200), nullable=False),
    Column("fields", Json, nullable=False),
)
Index(None, duty_steps.c.paper_id, duty_steps.c.version, unique=True)

# The watch log: who signed in and out, which checks were done, what was seen, heard and ordered.
duty_entries = Table(
    "duty_entries",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("seq", BigInteger, nullable=False, unique=True),
    Column("unit", String(40), nullable=False),
    Column("agency", String(40), nullable=False),
    Column("shift", String(60), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("ref", String(80), nullable=False),  # check that was done, entry that is corrected
    Column("text", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("received_us", BigInteger, nullable=False),
    Column("by", String(200), nullable=False),
)
Index(None, duty_entries.c.unit, duty_entries.c.agency, duty_entries.c.shift)


def next_seq(connection: Connection) -> int:
    """Rises by one with each write; the lock of its row puts all writes of duty in one order."""
    return next_of(connection, COUNTER)
