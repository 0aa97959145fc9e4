"""Units in the order in which they can be at a place.

Order is by the estimated time of arrival alone, then by id, and whoever shows it says so. It is an
order of boats, teams, vehicles and drones for one place and moment, not a score of anybody.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from littoral.respond.rank.reason import Reason, Why
from littoral.respond.rank.travel import Travel, Travels
from littoral.respond.rank.unit import Unit
from littoral.respond.route.answer import Position, Route


@dataclass(frozen=True, slots=True)
class Needs:
    """What the task asks for, and how old a position may be: older than `old_s` it is said, older
    than `lost_s` nothing is reckoned from it."""

    skills: frozenset[str] = frozenset()
    old_s: float = 300.0
    lost_s: float = 7_200.0


@dataclass(frozen=True, slots=True)
class Going:
    """One unit's answer. `eta_s` from now, were it where it was last seen; `latest_s` if since then
    it went straight away from the place at its speed. Both None where there is no way; they are
    given for those too who cannot go for another reason."""

    unit_id: str
    can_go: bool
    eta_s: float | None
    latest_s: float | None
    length_m: float | None
    reasons: tuple[Reason, ...]
    route: Route | None = None


def rank(units: Iterable[Unit], place: Position, needs: Needs, ways: Travels) -> list[Going]:
    """All units: those who can go, then those who cannot; each by time of arrival, then id."""
    return sorted((answer(unit, place, needs, ways) for unit in units), key=_order)


def _order(going: Going) -> tuple[bool, float, str]:
    return not going.can_go, math.inf if going.eta_s is None else going.eta_s, going.unit_id


def answer(unit: Unit, place: Position, needs: Needs, ways: Travels) -> Going:
    """Whether, when and why one unit can be at a place."""
    reasons = list(_standing(unit, needs))
    travel = Travel(None, None, ())
    position = unit.position
    reckoned = not any(r.why in (Why.NO_POSITION, Why.POSITION_LOST, Why.NO_SPEED) for r in reasons)
    if reckoned and position is not None:
        travel = ways.travel(unit, position, place)
        reasons += travel.reasons
    latest_s = None
    if travel.time_s is not None:
        latest_s = travel.time_s + unit.age_s
        reasons += _endurance(unit, travel.time_s)
        if unit.age_s > needs.old_s:
            reasons.append(Reason(Why.POSITION_OLD, {"minutes": unit.age_s / 60.0}))
    return Going(
        unit_id=unit.id,
        can_go=not any(r.forbids for r in reasons),
        eta_s=travel.time_s,
        latest_s=latest_s,
        length_m=travel.length_m,
        reasons=tuple(sorted(reasons, key=lambda r: not r.forbids)),
        route=travel.route,
    )


def _standing(unit: Unit, needs: Needs) -> Iterable[Reason]:
    """What speaks against a unit wherever the place is."""
    if unit.busy:
        yield Reason(Why.BUSY)
    missing = needs.skills - unit.skills
    if missing:
        yield Reason(Why.LACKS_SKILLS, {"skills": ", ".join(sorted(missing))})
    if unit.position is None or not all(math.isfinite(x) for x in unit.position):
        yield Reason(Why.NO_POSITION)
    elif not unit.age_s <= needs.lost_s:
        yield Reason(Why.POSITION_LOST, {"minutes": unit.age_s / 60.0})
    if not unit.speed_mps > 0.0:
        yield Reason(Why.NO_SPEED)


def _endurance(unit: Unit, time_s: float) -> Iterable[Reason]:
    if unit.endurance_s is None:
        return
    if unit.endurance_s < time_s:
        yield Reason(Why.ENDURANCE, {"has": unit.endurance_s / 60.0, "needs": time_s / 60.0})
    elif unit.endurance_s < 2.0 * time_s:
        yield Reason(Why.NO_WAY_BACK)
