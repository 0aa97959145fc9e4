"""The shifts of a desk, from its rosters. Each ends when the next begins: no hour is without a
shift and none has two, however the clocks, the months or the regulation change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from littoral.respond.duty.regulation import Regulation, Turn
from littoral.respond.duty.wall import instant_us

# A shift overlaps a day of UTC from a day of the wall that is at most so many days off: it lasts
# from one day to the next at most, zones are 14 hours off, and one has once left out a day.
MARGIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Member:
    account: str
    post: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A roster from one day of the wall on: a regulation, and who stands in its teams."""

    from_day: date
    regulation: Regulation
    teams: Mapping[str, tuple[Member, ...]]


@dataclass(frozen=True, slots=True)
class Shift:
    """`key` is its name, day and turn: what was agreed about it holds when its hours are changed.
    From `begin_us` until `end_us`, UTC."""

    key: str
    day: date
    turn: Turn
    begin_us: int
    end_us: int
    team: str
    members: tuple[Member, ...]
    regulation: Regulation


def shifts(plans: Sequence[Plan], from_us: int, until_us: int) -> tuple[Shift, ...]:
    """Those that overlap the time, whole, by begin. `plans`: of several for one day the last one
    of the sequence with the latest `from_day` holds. Before the first plan there are none."""
    if until_us <= from_us or not plans:
        return ()
    first = max(_day(from_us) - MARGIN, min(plan.from_day for plan in plans))
    last = _day(until_us) + MARGIN
    begun = []
    while first <= last:
        plan = plan_of(plans, first)
        assert plan is not None  # not before the earliest
        begun += [
            (instant_us(first, turn.begins, plan.regulation.zone), first, turn, plan)
            for turn in plan.regulation.turns
        ]
        first += timedelta(days=1)
    begun.sort(key=lambda b: (b[0], b[1]))
    found = []
    for (begin_us, day, turn, plan), (end_us, *_) in pairwise(begun):
        # One of no length lay within the hour that was skipped.
        if begin_us < end_us and begin_us < until_us and end_us > from_us:
            team = turn.teams[(day - plan.regulation.begins).days % len(turn.teams)]
            found.append(
                Shift(
                    f"{day.isoformat()}.{turn.id}", day, turn, begin_us, end_us, team,
                    tuple(plan.teams.get(team, ())), plan.regulation,
                )
            )  # fmt: skip
    return tuple(found)


def plan_of(plans: Sequence[Plan], day: date) -> Plan | None:
    """The one that holds on that day."""
    holding = None
    for plan in plans:
        if plan.from_day <= day and (holding is None or plan.from_day >= holding.from_day):
            holding = plan
    return holding


def shift_at(plans: Sequence[Plan], at_us: int) -> Shift | None:
    """The one that has the watch then."""
    return next(iter(shifts(plans, at_us, at_us + 1)), None)


def _day(at_us: int) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)).date()
