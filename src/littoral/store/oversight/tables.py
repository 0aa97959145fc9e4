"""Tables of oversight; changed only with a migration. Ids are opaque, times UTC microseconds.

An entry of the log is a row of small numbers, so that a million of them stay small: words that
come again and again (actions, cases, things) stand once in `oversight_words`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from littoral.store.tables import Json, metadata

# SQLite numbers rows by INTEGER alone; its integers have 64 bits all the same.
LONG = BigInteger().with_variant(Integer, "sqlite")

# An actor where it acted: unit and kind of agency then, empty for what belongs to none.
actors = Table(
    "oversight_actors",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ref", String(240), nullable=False),  # account:<id>, as in the log
    Column("unit", String(24), nullable=False),
    Column("agency", String(40), nullable=False),
    UniqueConstraint("ref", "unit", "agency", name="uq_oversight_actors_ref"),
)

words = Table(
    "oversight_words",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("word", String(240), nullable=False, unique=True),
)

# `actor` is of `actors`, the other whole numbers but index and time are of `words`.
accesses = Table(
    "oversight_accesses",
    metadata,
    Column("log_index", LONG, primary_key=True, autoincrement=False),
    Column("time_us", BigInteger, nullable=False, index=True),
    Column("actor", Integer, nullable=False),
    Column("action", Integer, nullable=False),
    Column("thing", Integer, nullable=False),
    Column("verdict", Integer, nullable=False),
    Column("purpose", Integer),
    Column("case_id", Integer),
    Column("legal_basis", Integer),
    Column("manner", Integer),  # of a person: masked, plain, break_glass, corrected
)
for _name in ("actor", "action", "thing", "case_id"):
    Index(f"ix_oversight_accesses_{_name}", accesses.c[_name], accesses.c.log_index)

# Until when a person is not told of accesses under a case, by whose order.
delays = Table(
    "oversight_delays",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", ForeignKey("vault_cases.id"), nullable=False, index=True),
    Column("subject_id", String(36)),  # null: all persons of the case
    Column("legal_basis", String(40), nullable=False),
    Column("document", String(200), nullable=False),  # number of the order or decision
    Column("set_by", String(200), nullable=False),
    Column("set_us", BigInteger, nullable=False),
    Column("until_us", BigInteger, nullable=False),
    Column("ended_by", String(200)),
    Column("ended_us", BigInteger),
    Column("ended_basis", String(40)),  # null with the next: nothing named
    Column("ended_document", String(200)),
    Column("seats", Json),  # unit/agency, all of who asked; null: asked before they were kept
    Column("agreed_by", String(200)),  # null with the next: waits, or a court's
    Column("agreed_us", BigInteger),
)
