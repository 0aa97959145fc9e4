"""What each vessel does next: plans of legs, made one voyage at a time.

A plan begins where the vessel is and ends with a stop; when the stop is over the next plan is made
from it. A plan depends on the seed, the vessel, the number of the voyage and the time, so the world
is the same however it is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from littoral.sim.bound import bound_for
from littoral.sim.fleet import Fleet, set_text
from littoral.sim.harbour import Harbours
from littoral.sim.lanes import DEG_M, Net, Shore, to_starboard
from littoral.sim.motion import LEG, PASS

MAX_LEGS = 64
ROADS_M = 7_000.0
MINUTE_US, HOUR_US = 60_000_000, 3_600_000_000
UNDER_WAY, AT_ANCHOR, RESTRICTED, MOORED, FISHING = 0, 1, 3, 5, 7

Point = tuple[float, float]


@dataclass(slots=True)
class Leg:
    lon_deg: float
    lat_deg: float
    speed_mps: float
    stop: int = PASS
    wait_us: int = 0
    depart_us: int = 0
    arrive_us: int = 0
    radius_m: float = 250.0
    nav_status: int = UNDER_WAY
    stop_status: int = UNDER_WAY


@dataclass(slots=True)
class Life:
    """Where a vessel is in its doings."""

    place: str  # "PORT X", "ANCHOR X", a node of the net, or "SEA"
    voyages: int = 0
    lane: tuple[str, ...] = ()
    side: float = 0.5  # share of a lane's width that it keeps to starboard
    speed_mps: float = 5.0


@dataclass(slots=True)
class Trip:
    """What a maker of plans is given."""

    p: Planner
    vessel: int
    life: Life
    here: Point
    now_us: int
    rng: np.random.Generator

    def hours(self, low: float, high: float) -> int:
        return int(self.rng.uniform(low, high) * HOUR_US)

    def pick(self, choices: Sequence[str]) -> str:
        return choices[int(self.rng.integers(len(choices)))]

    def sail(
        self, target: str, stop: int, status: int, wait_us: int, depart_us: int = 0
    ) -> list[Leg]:
        return self.p.sail(
            self.vessel, self.life, self.here, target, self.rng, stop, status, wait_us, depart_us
        )


Maker = Callable[[Trip], "list[Leg]"]


@dataclass(slots=True)
class Planner:
    """Makes plans. `lives` has one entry a vessel."""

    seed: int
    fleet: Fleet
    net: Net
    shore: Shore
    harbours: Harbours
    lives: list[Life]
    makers: Mapping[str, Maker]
    ways_to_grounds: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def plan(self, vessel: int, here: Point, now_us: int) -> list[Leg]:
        """The next voyage of `vessel` from `here`, and the destination that it reports from now on.
        Never empty; ends with a stop."""
        life = self.lives[vessel]
        rng = np.random.default_rng([self.seed, 11, vessel, life.voyages])
        life.voyages += 1
        trip = Trip(self, vessel, life, here, now_us, rng)
        role = self.fleet.roles[vessel]
        legs = self.makers[role](trip)
        number = self.fleet.numbers[vessel]
        if bound := bound_for(role, number, life.place, life.voyages):
            set_text(self.fleet.ships[vessel : vessel + 1], "destination", bound)
        return legs

    # Ways

    def along(
        self, life: Life, here: Point, nodes: Sequence[int], end: Point | None
    ) -> list[Point]:
        """Points of a way from `here` by `nodes` to `end`, moved to the vessel's side."""
        lon = np.array([here[0], *(self.net.lon_deg[k] for k in nodes)])
        lat = np.array([here[1], *(self.net.lat_deg[k] for k in nodes)])
        width = np.array([0.0, *(self.net.width_m[k] for k in nodes)])
        if end is not None:
            lon, lat = np.append(lon, end[0]), np.append(lat, end[1])
            width = np.append(width, 0.0)
        lon, lat = to_starboard(lon, lat, width, life.side)
        return [(float(a), float(b)) for a, b in zip(lon[1:], lat[1:], strict=True)]

    def gate(self, place: str) -> str:
        """The node by which `place` is left."""
        if place.startswith("PORT "):
            return "GATE " + place[5:]
        if place.startswith("ANCHOR "):
            return "GATE " + place[7:]
        return place

    def sail(
        self,
        vessel: int,
        life: Life,
        here: Point,
        target: str,
        rng: np.random.Generator,
        stop: int,
        status: int,
        wait_us: int,
        depart_us: int = 0,
    ) -> list[Leg]:
        """Legs to `target`, ending with `stop` (with `status`) and its wait."""
        way = self.net.way(self.gate(life.place), self.gate(target))
        end: Point | None = None
        if target.startswith(("PORT ", "ANCHOR ")):
            end = self.harbours.take(vessel, target, rng)
        else:
            self.harbours.leave(vessel)
        points = self.along(life, here, way, end)
        if end is None:
            points[-1] = roads(points[-1], rng)
        legs = [Leg(lon, lat, life.speed_mps) for lon, lat in points]
        if end is not None and len(legs) > 1:
            legs[-1].speed_mps = min(life.speed_mps, 3.5)
            legs[-2].radius_m = 120.0
        last = legs[-1]
        last.stop, last.stop_status = stop, status
        last.wait_us, last.depart_us = wait_us, depart_us
        life.place = target
        return legs


def roads(point: Point, rng: np.random.Generator) -> Point:
    """A place within `ROADS_M` of `point`, where ships wait spread out."""
    r, a = ROADS_M * math.sqrt(rng.random()), rng.uniform(0.0, 2.0 * math.pi)
    scale = DEG_M * math.cos(math.radians(point[1]))
    return point[0] + r * math.sin(a) / scale, point[1] + r * math.cos(a) / DEG_M


def as_rows(legs: list[Leg]) -> np.ndarray:
    """(len(legs),) of motion.LEG. ValueError for more than MAX_LEGS or a plan without a stop."""
    if len(legs) > MAX_LEGS or legs[-1].stop == PASS:
        raise ValueError(f"a plan of {len(legs)} legs that ends with {legs[-1]}")
    rows = np.zeros(len(legs), LEG)
    for row, leg in zip(rows, legs, strict=True):
        for name in LEG.names or ():
            row[name] = getattr(leg, name)
    return rows
