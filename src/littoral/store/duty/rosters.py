"""Rosters of desks: a regulation from a day on, and who stands in its teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.respond.duty.regulation import Regulation, regulation_of
from littoral.respond.duty.shifts import Member, Plan
from littoral.store.duty.tables import duty_rosters, next_seq
from littoral.store.geofences import Conflict

Teams = Mapping[str, Sequence[Member]]


@dataclass(frozen=True, slots=True)
class RosterRow:
    id: str
    unit: str
    agency: str
    plan: Plan
    by: str
    made_us: int
    text: str  # of the regulation


def put(
    connection: Connection, key: str, unit: str, agency: str, from_day: date, regulation: str,
    teams: Teams, by: str, now_us: int,
) -> RosterRow:  # fmt: skip
    """The roster holds from that day on, until that of a later day. Raises Conflict when the id is
    that of another; the same once more changes nothing."""
    seq = next_seq(connection)
    said = {team: [[m.account, m.post] for m in found] for team, found in sorted(teams.items())}
    known = connection.execute(sa.select(duty_rosters).where(duty_rosters.c.id == key)).first()
    if known is not None:
        same = (unit, agency, from_day.isoformat(), regulation, said)
        if (known.unit, known.agency, known.from_day, known.regulation, known.teams) != same:
            raise Conflict(f"the id {key} is that of another roster")
        return _row(known)
    connection.execute(
        sa.insert(duty_rosters).values(
            id=key, seq=seq, unit=unit, agency=agency, from_day=from_day.isoformat(),
            regulation=regulation, teams=said, by=by, made_us=now_us,
        )
    )  # fmt: skip
    return _row(connection.execute(sa.select(duty_rosters).where(duty_rosters.c.id == key)).one())


def of_desk(connection: Connection, unit: str, agency: str) -> list[RosterRow]:
    """In the order in which they were made: `respond.duty.shifts` takes their plans so."""
    c = duty_rosters.c
    query = sa.select(duty_rosters).where(c.unit == unit, c.agency == agency).order_by(c.seq)
    return [_row(r) for r in connection.execute(query)]


def desks(connection: Connection) -> list[tuple[str, str]]:
    """Unit and agency of all that have a roster."""
    c = duty_rosters.c
    query = sa.select(c.unit, c.agency).distinct().order_by(c.unit, c.agency)
    return [(r.unit, r.agency) for r in connection.execute(query)]


@lru_cache(maxsize=256)
def _regulation(text: str) -> Regulation:
    return regulation_of(text)


def _row(r: sa.Row[Any]) -> RosterRow:
    teams = {team: tuple(Member(a, p) for a, p in rows) for team, rows in r.teams.items()}
    plan = Plan(date.fromisoformat(r.from_day), _regulation(r.regulation), teams)
    return RosterRow(r.id, r.unit, r.agency, plan, r.by, r.made_us, r.regulation)
