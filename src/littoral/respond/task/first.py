"""Who can be there first: boats, teams, vehicles and aircraft by time of arrival, grid workers by
distance alone."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from littoral.respond.intercept import Meeting, NoMeeting, Target, meet_at_sea, meet_straight
from littoral.respond.rank import Going, Kind, Needs, Reason, Unit, Why, rank
from littoral.respond.rank.travel import Straight, Ways
from littoral.respond.rhumb import GEOD
from littoral.respond.route.answer import Position
from littoral.respond.task.responder import Fix, Responder, Track, as_unit, best_fix
from littoral.respond.task.words import MOVES

# A way at sea takes some ten milliseconds, a meeting some hundred: of many, those that a straight
# line lets hope for most are reckoned in full, and it is said of the others.
MOST_WAYS, MOST_MEETINGS = 12, 3
MEET_WITHIN_S = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Choice:
    """`meeting`: with a target that moves. `away_m`: in a straight line; for a grid worker that is
    all there is, and `going` is None."""

    responder: Responder
    fix: Fix | None
    going: Going | None
    away_m: float | None
    meeting: Meeting | NoMeeting | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`first` in the order of arrival, those last who cannot go; `near`: grid workers, nearest
    first. `has_ways`: whether ways at sea are known yet; else all is straight lines."""

    first: tuple[Choice, ...]
    near: tuple[Choice, ...]
    has_ways: bool


def suggest(
    responders: Iterable[Responder],
    place: Position,
    needs: Needs,
    ways: Ways | None,
    now_us: int,
    track: Track = lambda mmsi: None,
    target: Target | None = None,
) -> Suggestion:
    """`target`: what the incident is about, where it moves; `place` is then where it is now."""
    able = [(r, best_fix(r, track)) for r in responders if not r.is_out]
    units = {r.id: (r, fix, *as_unit(r, fix, now_us)) for r, fix in able if r.kind in MOVES}
    goings = _goings([unit for _, _, unit, _ in units.values()], place, needs, ways)
    choices = []
    for going in goings:
        responder, fix, unit, at_base = units[going.unit_id]
        if at_base:
            going = replace(going, reasons=(*going.reasons, Reason(Why.FROM_BASE)))
        choices.append(Choice(responder, fix, going, _away_m(unit.position, place)))
    if target is not None:
        choices = _meeting(choices, {u.id: u for _, _, u, _ in units.values()}, target, ways)
    near = [
        Choice(r, fix, None, _away_m(_at(r, fix), place)) for r, fix in able if r.kind not in MOVES
    ]
    near.sort(key=lambda c: (math.inf if c.away_m is None else c.away_m, c.responder.id))
    return Suggestion(tuple(choices), tuple(near), ways is not None)


def _at(responder: Responder, fix: Fix | None) -> Position | None:
    return responder.base if fix is None else (fix.lon_deg, fix.lat_deg)


def _away_m(position: Position | None, place: Position) -> float | None:
    return None if position is None else float(GEOD.inv(*position, *place)[2])


def _goings(units: list[Unit], place: Position, needs: Needs, ways: Ways | None) -> list[Going]:
    straight = rank(units, place, needs, Straight())
    if ways is None:
        return straight
    hopeful = [g.unit_id for g in straight if g.eta_s is not None]
    known = {u.id: u for u in units}
    sea = [i for i in hopeful if known[i].kind is Kind.SEA]
    later = set(sea[MOST_WAYS:])
    reckoned = rank([u for u in units if u.id not in later], place, needs, ways)
    rest = [g for g in straight if g.unit_id in later]
    return sorted(
        [*reckoned, *rest],
        key=lambda g: (not g.can_go, math.inf if g.eta_s is None else g.eta_s, g.unit_id),
    )


def _meeting(
    choices: list[Choice], units: dict[str, Unit], target: Target, ways: Ways | None
) -> list[Choice]:
    """For those who come first to where the target is now, where and when they meet it; by that
    all are put in order anew. Who cannot meet it comes after those who are on their way to it."""
    told: list[Choice] = []
    met = 0
    for choice in choices:
        found = None
        if met < MOST_MEETINGS and choice.going is not None and choice.going.can_go:
            found = _met(units[choice.responder.id], target, ways)
            met += found is not None
        told.append(replace(choice, meeting=found))
    return sorted(told, key=_order)


def _met(unit: Unit, target: Target, ways: Ways | None) -> Meeting | NoMeeting | None:
    """None where it is not reckoned: by road, or at sea while ways are being prepared."""
    assert unit.position is not None  # who can go has one
    if unit.kind is Kind.AIR:
        return meet_straight(unit.position, unit.speed_mps, target, MEET_WITHIN_S)
    if unit.kind is Kind.SEA and ways is not None:
        return meet_at_sea(ways.router, unit.position, unit.speed_mps, target, MEET_WITHIN_S)
    return None


def _order(choice: Choice) -> tuple[bool, float, str]:
    going, meeting = choice.going, choice.meeting
    assert going is not None
    time_s = math.inf if going.eta_s is None else going.eta_s
    if isinstance(meeting, Meeting):
        time_s = meeting.time_s
    elif meeting is not None:
        time_s = math.inf
    return not going.can_go, time_s, choice.responder.id
