"""What asked for the watch's attention and when: each alert that was annunciated, and each that
would have been, were it not told with its group, held by another cause or on a shelf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, SmallInteger, String, Table
from sqlalchemy.engine import Connection

from littoral.schema.finding import WITHDRAWN
from littoral.store.alert_rows import NEW
from littoral.store.tables import alerts, metadata

ANNUNCIATED, GROUPED, HELD, SHELVED = "annunciated", "grouped", "held", "shelved"
HOW = (ANNUNCIATED, GROUPED, HELD, SHELVED)
SLOT_US = 600_000_000
FLOOD = 10  # more than so many annunciated in ten minutes (EEMUA 191, ISA 18.2)

table = Table(
    "alert_calls",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("alert_id", ForeignKey("alerts.id"), nullable=False),
    Column("at_us", BigInteger, nullable=False, index=True),  # by the watch's clock
    Column("priority", SmallInteger, nullable=False),
    Column("how", String(20), nullable=False),
)

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Slot:
    """`counts` by `HOW` in the ten minutes from `from_us`; `most`: priority of the most urgent that
    was annunciated."""

    from_us: int
    counts: Counts
    most: int | None


def keep(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), list(rows))


def counted(connection: Connection, from_us: int, to_us: int) -> Counts:
    """By `HOW`, of the watch's clock after `from_us` until `to_us`."""
    c = table.c
    query = (
        sa.select(c.how, sa.func.count()).where(c.at_us > from_us, c.at_us <= to_us).group_by(c.how)
    )
    return dict.fromkeys(HOW, 0) | {how: n for how, n in connection.execute(query)}


def history(connection: Connection, now_us: int, slots: int) -> list[Slot]:
    """Of the last `slots` times ten minutes up to now, oldest first."""
    begin_us = now_us - slots * SLOT_US
    c = table.c
    # Whole tens of minutes back from now, so that the last slot is what the figure counts.
    slot_of = ((c.at_us - begin_us - 1) // SLOT_US).label("slot")
    query = (
        sa.select(slot_of, c.how, sa.func.count(), sa.func.min(c.priority))
        .where(c.at_us > begin_us, c.at_us <= now_us)
        .group_by("slot", c.how)
    )
    found = [Slot(begin_us + n * SLOT_US, dict.fromkeys(HOW, 0), None) for n in range(slots)]
    most: dict[int, int] = {}
    for slot, how, count, priority in connection.execute(query):
        found[slot].counts[how] = count
        if how == ANNUNCIATED:
            most[slot] = priority
    return [Slot(s.from_us, s.counts, most.get(n)) for n, s in enumerate(found)]


def held_now(connection: Connection) -> Counts:
    """How many alerts whose cause goes on each other cause holds back."""
    c = alerts.c
    query = (
        sa.select(c.held_by, sa.func.count())
        .where(c.held_by.is_not(None), c.end_us.is_(None), c.state != WITHDRAWN)
        .group_by(c.held_by)
        .order_by(sa.func.count().desc(), c.held_by)
    )
    return {cause: n for cause, n in connection.execute(query)}


def aside_now(connection: Connection) -> tuple[int, int]:
    """(shelved, told with their group) of the alerts that go on and nobody has answered."""
    c = alerts.c
    going = sa.and_(c.end_us.is_(None), c.state != WITHDRAWN, c.handling == NEW)
    query = sa.select(
        sa.func.count().filter(c.shelf.is_not(None)),
        sa.func.count().filter(c.shelf.is_(None), c.held_by.is_(None), c.grouped),
    ).where(going)
    shelved, grouped = connection.execute(query).one()
    return shelved, grouped
