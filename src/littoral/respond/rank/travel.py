"""How long one unit takes to a place, and by what reckoning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from littoral.respond.rank.reason import Reason, Why
from littoral.respond.rank.unit import Kind, Unit
from littoral.respond.rhumb import GEOD
from littoral.respond.road import ROAD_FACTOR, Lands, road_estimate
from littoral.respond.route.answer import NoRoute, NoWay, Position, Route
from littoral.respond.route.router import SeaRouter

NO_WAY = {
    NoWay.NO_POSITION: Why.NO_POSITION,
    NoWay.OUTSIDE: Why.OUTSIDE,
    NoWay.INLAND: Why.NOT_BY_SEA,
    NoWay.ENCLOSED: Why.NO_SEA_WAY,
}


@dataclass(frozen=True, slots=True)
class Travel:
    """`time_s` and `length_m` None where there is no way. `route`: the way at sea."""

    time_s: float | None
    length_m: float | None
    reasons: tuple[Reason, ...]
    route: Route | None = None


class Travels(Protocol):
    """By what a ranking reckons."""

    def travel(self, unit: Unit, position: Position, place: Position) -> Travel: ...


@dataclass(frozen=True, slots=True)
class Straight:
    """As long as no ways are prepared: straight lines, by road with its factor, called so."""

    road_factor: float = ROAD_FACTOR

    def travel(self, unit: Unit, position: Position, place: Position) -> Travel:
        if unit.kind is Kind.ROAD:
            way = road_estimate(position, place, unit.speed_mps, self.road_factor)
            figures = {"km": way.length_m / 1000.0, "factor": way.factor}
            return Travel(way.time_s, way.length_m, (Reason(Why.ROAD_ESTIMATE, figures),))
        length = float(GEOD.inv(*position, *place)[2])
        why = Why.AIR_STRAIGHT if unit.kind is Kind.AIR else Why.STRAIGHT
        said = Reason(why, {"km": length / 1000.0})
        return Travel(length / unit.speed_mps, length, (said,))


@dataclass(frozen=True, slots=True)
class Ways:
    """What ways are reckoned over; prepared once."""

    router: SeaRouter
    lands: Lands
    road_factor: float = ROAD_FACTOR

    def travel(self, unit: Unit, position: Position, place: Position) -> Travel:
        """From `position`, that of the unit, at its speed."""
        if unit.kind is Kind.SEA:
            return self._at_sea(unit.speed_mps, position, place)
        if unit.kind is Kind.ROAD:
            return self._by_road(unit.speed_mps, position, place)
        length = float(GEOD.inv(*position, *place)[2])
        said = Reason(Why.AIR_STRAIGHT, {"km": length / 1000.0})
        return Travel(length / unit.speed_mps, length, (said,))

    def _at_sea(self, speed_mps: float, position: Position, place: Position) -> Travel:
        way = self.router.route(position, place, speed_mps)
        if isinstance(way, NoRoute):
            return Travel(None, None, (Reason(NO_WAY[way.reason]),))
        reasons = [Reason(Why.SEA_ROUTE, {"km": way.length_m / 1000.0})]
        if way.start_gap_m > 0.0:
            reasons.append(Reason(Why.LED_FROM_LAND, {"m": way.start_gap_m}))
        if way.end_gap_m > 0.0:
            reasons.append(Reason(Why.LED_TO_WATER, {"m": way.end_gap_m}))
        return Travel(way.time_s, way.whole_m, tuple(reasons), way)

    def _by_road(self, speed_mps: float, position: Position, place: Position) -> Travel:
        here, there = self.lands.part(position), self.lands.part(place)
        if here is None or there is None:
            return Travel(None, None, (Reason(Why.NOT_BY_ROAD),))
        if here != there:
            return Travel(None, None, (Reason(Why.OTHER_LAND),))
        way = road_estimate(position, place, speed_mps, self.road_factor)
        said = Reason(Why.ROAD_ESTIMATE, {"km": way.length_m / 1000.0, "factor": way.factor})
        return Travel(way.time_s, way.length_m, (said,))
