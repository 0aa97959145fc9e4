"""Desks as the policies take them, and what several routes ask of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import Request
from sqlalchemy.engine import Connection

from littoral.access import Resource
from littoral.access.filter import NONE
from littoral.access.mask import mask
from littoral.access.request import agency_at
from littoral.api.gate import Actor, Gate, gate_of, of_unit
from littoral.api.names import ACCOUNT, names_of
from littoral.api.problems import ProblemError, not_found
from littoral.respond.duty.layers import Changes, Stint, stints
from littoral.respond.duty.paper import Refused
from littoral.respond.duty.shifts import Plan, Shift, shift_at, shifts
from littoral.respond.duty.wall import DAY_US
from littoral.store.actions import NotFound
from littoral.store.duty import papers, rosters
from littoral.store.duty.seats import Seat, seats
from littoral.store.geofences import Conflict

READ, PLAN, WATCH = "shift.read", "duty.plan", "duty.watch"
HAND_OVER, FAULT = "duty.handover", "duty.fault"
ACTIONS = (PLAN, WATCH, HAND_OVER, FAULT)
DATA_CLASS = "operational"
# So much before its begin one signs in for a shift.
EARLY_US = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Desk:
    """A unit's watch for an agency: its rosters, what lies over them, and who has a seat there."""

    unit: str
    agency: str
    plans: tuple[Plan, ...]
    changes: Changes
    seats: tuple[Seat, ...] = ()

    def shift_at(self, at_us: int) -> Shift | None:
        return shift_at(self.plans, at_us)

    def shift(self, key: str) -> Shift | None:
        """By its name; its day of the wall lies within two days of the same day of UTC."""
        try:
            day = date.fromisoformat(key.partition(".")[0])
        except ValueError:
            return None
        if not 2000 <= day.year < 2200:
            return None
        begin_us = (day - date(1970, 1, 1)).days * DAY_US
        near = shifts(self.plans, begin_us - 2 * DAY_US, begin_us + 3 * DAY_US)
        return next((s for s in near if s.key == key), None)

    def after(self, shift: Shift) -> Shift | None:
        return self.shift_at(shift.end_us)

    def stints(self, shift: Shift) -> tuple[Stint, ...]:
        return stints(shift, self.changes)

    @property
    def accounts(self) -> frozenset[str]:
        """Who stands here by a roster or was put here."""
        found = {m.account for plan in self.plans for team in plan.teams.values() for m in team}
        found |= {o.account for o in self.changes.overrides if o.post}
        return frozenset(found | {s.taker for s in self.changes.swaps})


def desk_of(request: Request, connection: Connection, unit: str, agency: str) -> Desk:
    """Without a roster it is empty."""
    found = rosters.of_desk(connection, unit, agency)
    gate = gate_of(request)
    seated: tuple[Seat, ...] = ()
    if gate is not None:
        with gate.people.base.database.read() as people:
            seated = tuple(seats(people, unit, gate.people.base.now_us()))
    changes = papers.changes_of(connection, unit, agency)
    return Desk(unit, agency, tuple(row.plan for row in found), changes, seated)


def thing_of(gate: Gate, desk: Desk, key: str = "-", owner: str = "") -> Resource:
    """It is its unit's and agency's, and shared with the seats of those who stand in it."""
    kinds = gate.people.directory.organisation().agencies
    standing = desk.accounts
    joint = {
        agency_at(kinds[seat.agency].kind, desk.unit)
        for seat in desk.seats
        if seat.account in standing and seat.agency in kinds
    }
    return of_unit(
        gate, "duty", desk.unit, key, agency=desk.agency, owner=owner,
        shared_with=tuple(sorted(joint)),
    )  # fmt: skip


def permit(
    request: Request, who: Actor, action: str, desk: Desk, key: str = "-", owner: str = "",
    done: str = "",
) -> None:  # fmt: skip
    """Raises a 403 problem that says why not. `owner`: whose matter it is, where one does not
    decide on one's own; `done`: the step, for the log."""
    gate = gate_of(request)
    if gate is not None:
        facts: dict[str, Any] = {"done": done} if done else {}
        gate.require(
            who, action, thing_of(gate, desk, key, owner),
            thing=f"duty:{desk.unit}.{desk.agency}" if key == "-" else f"duty:{key}", **facts,
        )  # fmt: skip


def permit_own(request: Request, who: Actor, action: str) -> None:
    """Whether it is open to the caller at any own desk; raises a 403 problem."""
    gate = gate_of(request)
    if gate is None:
        return
    context = gate.circumstances(who)
    places = [(p.unit, p.agency) for p in who.principals] or [("-", "")]
    things = [of_unit(gate, "duty", unit, agency=agency) for unit, agency in places]
    if not any(gate.decide(who, action, thing, context).allowed for thing in things):
        gate.require(who, action, things[0], context)


def may(request: Request, who: Actor, desk: Desk) -> list[str]:
    gate = gate_of(request)
    if gate is None:
        return list(ACTIONS)
    thing, context = thing_of(gate, desk), gate.circumstances(who)
    return [a for a in ACTIONS if gate.decide(who, a, thing, context).allowed]


def visible(request: Request, who: Actor, connection: Connection) -> list[Desk]:
    """Desks with a roster whose shifts the caller may read. Raises a 403 problem where there can be
    none."""
    found = [desk_of(request, connection, *desk) for desk in rosters.desks(connection)]
    gate = gate_of(request)
    if gate is None:
        return found
    context = gate.circumstances(who)
    condition = gate.filter(who, READ, context)
    if condition == NONE:
        unit = who.principals[0].unit if who.principals else "-"
        gate.require(who, READ, of_unit(gate, "duty", unit), context)
    things = [thing_of(gate, desk) for desk in found]
    columns = {
        "data_class": [t.data_class for t in things], "unit": [t.unit for t in things],
        "agency": [t.agency for t in things], "areas": [list(t.areas) for t in things],
        "shared_with": [list(t.shared_with) for t in things],
    }  # fmt: skip
    if not things:
        return []
    return [desk for desk, seen in zip(found, mask(condition, columns), strict=True) if seen]


def known_desk(request: Request, connection: Connection, unit: str, agency: str) -> Desk:
    """One with a roster, or a 404 problem."""
    desk = desk_of(request, connection, unit, agency)
    if not desk.plans:
        raise not_found("duty desk", f"{unit}/{agency}")
    return desk


def check_unit(gate: Gate | None, unit: str) -> None:
    if gate is not None and unit not in gate.people.directory.organisation().units:
        raise not_found("unit", unit)


def names(request: Request, ids: Iterable[str]) -> dict[str, str]:
    """Of accounts by id; whoever has none here goes by the id."""
    wanted = {key for key in ids if key}
    gate = gate_of(request)
    found = {} if gate is None else names_of(gate, {ACCOUNT + key for key in wanted})
    return {key: found.get(ACCOUNT + key, key) for key in sorted(wanted)}


@contextmanager
def refusals(what: str, key: str) -> Iterator[None]:
    """What the papers and the records refuse, as problems that name the field."""
    try:
        yield
    except Refused as refused:
        errors = {refused.field: refused.en} if refused.field else {}
        more = {"reason": {"zh": refused.zh, "en": refused.en}}
        status = 409 if refused.code == "state" else 422
        raise ProblemError(status, refused.en, errors, more=more) from refused
    except NotFound as error:
        raise not_found(what, key) from error
    except Conflict as error:
        raise ProblemError(409, str(error)) from error
