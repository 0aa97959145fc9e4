"""Ways at sea around Hainan beside a visibility graph, and meetings beside closed forms.

    python -m bench.routes [--quick]

Pairs of places are random over the sea of the region's box. The peer is a brute-force visibility
graph over the full-resolution shore (`bench/_visibility.py`) that shares no code with the router;
it sees the same pairs in the same run and may touch the shore, of which the router keeps a metre.
Whether a leg touches land is asked of shapely with the polygons themselves, the leg drawn straight
in degrees and straight on a Mercator chart. Meetings are made backwards: both are let go from a
place and time, which then is the answer; and on a plane's scale the closed form is. Meetings by way
of the sea are held against the straight ones where nothing lies between. One core.
"""

from __future__ import annotations

import gc
import math
import sys
import time
from typing import Any

import numpy as np
import shapely

from bench._harness import QUICK, pin_one_core, report, row
from bench._visibility import VisibilityGraph
from littoral.area import load_world
from littoral.area.world import World
from littoral.respond.intercept import Meeting, Target, meet_at_sea, meet_straight
from littoral.respond.intercept.straight import meet_flat
from littoral.respond.rhumb import sailed
from littoral.respond.route import NoRoute, Route, SeaRouter
from littoral.respond.route.answer import NoWay
from littoral.respond.route.plane import GEOD
from littoral.respond.route.water import chart

PAIRS = 300 if QUICK else 1_000
PEER_PAIRS = 4 if QUICK else PAIRS
MEETINGS = 200 if QUICK else 1_000
SEA_MEETINGS = 20 if QUICK else 200
SPEED_MPS = 12.0


def at_sea(world: World, rng: np.random.Generator, n: int) -> np.ndarray:
    """(n, 2) degrees, to six places since the peer's are whole micro-degrees; no lakes."""
    west, south, east, north = world.coast.bbox
    points = rng.uniform((west, south), (east, north), (3 * n, 2)).round(6)
    water = world.coast.on_land(*points.T) == 0
    for lake in lakes(world):
        water &= ~shapely.contains_xy(lake, *points.T)
    return points[water][:n]


def lakes(world: World) -> list[shapely.Polygon]:
    polygons = world.coast.polygons
    return [shapely.Polygon(polygons.ring(r)) for r in np.flatnonzero(polygons.level == 2).tolist()]


def crossings(world: World, ways: list[Route]) -> int:
    """Legs that touch land, drawn either way."""
    polygons = world.coast.polygons
    land = shapely.union_all(
        [shapely.Polygon(polygons.ring(r)) for r in np.flatnonzero(polygons.level == 1).tolist()]
    )
    drawn = shapely.transform(land, chart)
    shapely.prepare([land, drawn])
    bad = 0
    for way in ways:
        line = np.array(way.waypoints)
        for on, points in ((land, line), (drawn, chart(line))):
            legs = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
            bad += int(shapely.intersects(on, legs).sum())
    return bad


def route_rows(world: World, rng: np.random.Generator) -> tuple[list[dict[str, Any]], SeaRouter]:
    start = time.perf_counter()
    router = SeaRouter.over(world.coast)
    rows = [row("router prepared", time.perf_counter() - start, "s", at_most=60.0)]
    ends = at_sea(world, rng, 2 * PAIRS)
    pairs = list(zip(ends[::2], ends[1::2], strict=True))
    router.route(tuple(ends[0]), tuple(ends[1]), SPEED_MPS)  # compiled once
    gc.collect()
    gc.freeze()
    ways, spent = [], []
    for a, b in pairs:
        begin = time.perf_counter()
        way = router.route(tuple(a), tuple(b), SPEED_MPS)
        spent.append((time.perf_counter() - begin) * 1e3)
        ways.append(way)
    found = [w for w in ways if isinstance(w, Route)]
    rows += [
        row("pairs at sea", len(pairs), "pairs", at_least=PAIRS),
        row("pairs with a way", len(found), "pairs", at_least=PAIRS),
        row("lakes without a way to the sea", enclosed(world, router), "lakes", at_least=4),
        row("pairs with land between", sum(len(w.waypoints) > 2 for w in found), "pairs"),
        row("legs that touch land", crossings(world, found), "legs", at_most=0),
        row("a way, p50", float(np.percentile(spent, 50)), "ms"),
        row("a way, p99", float(np.percentile(spent, 99)), "ms", at_most=200.0),
        row("a way, longest", max(spent), "ms"),
    ]
    polygons = world.coast.polygons
    rings = [polygons.ring(r) for r in np.flatnonzero(polygons.level == 1).tolist()]
    graph = VisibilityGraph(rings, world.coast.arrays.box)
    begin = time.perf_counter()
    ratio = [
        way.length_m / graph.length_m(a, b)
        for (a, b), way in zip(pairs[:PEER_PAIRS], ways[:PEER_PAIRS], strict=True)
        if isinstance(way, Route)
    ]
    peer = "visibility graph"
    took = (time.perf_counter() - begin) / max(1, len(ratio)) * 1e3
    rows += [
        row("pairs compared", len(ratio), "pairs", at_least=PEER_PAIRS, peer=peer),
        row("length against it, mean", float(np.mean(ratio)), "times", peer=peer),
        row("length against it, most", max(ratio), "times", at_most=1.02, peer=peer),
        row("length against it, least", min(ratio), "times", at_least=0.9999, peer=peer),
        row("a way of the peer, mean, its graph included", took, "ms", peer=peer),
    ]
    return rows, router


def enclosed(world: World, router: SeaRouter) -> int:
    """Lakes from which the router finds, as it must, no way to the sea."""
    points = [lake.representative_point() for lake in lakes(world)]
    answers = [router.route((p.x, p.y), (109.8, 17.5), SPEED_MPS) for p in points]
    return sum(a == NoRoute(NoWay.ENCLOSED, "both") for a in answers)


def straight_rows(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Backwards from the meeting on the ellipsoid; and the closed form within 2 km."""
    seconds, metres, flat = [], [], []
    for _ in range(MEETINGS):
        place = (rng.uniform(107.5, 112.0), rng.uniform(17.5, 21.0))
        course, bearing = rng.uniform(0.0, 360.0, 2)
        after, speed, ratio = (
            rng.uniform(60.0, 20_000.0),
            rng.uniform(5.0, 25.0),
            rng.uniform(0, 0.9),
        )
        start = sailed(*place, course + 180.0, ratio * speed * after)
        pursuer = GEOD.fwd(*place, bearing, speed * after)[:2]
        met = meet_straight(pursuer, speed, Target(start, course, ratio * speed))
        if not isinstance(met, Meeting):
            seconds.append(math.inf)
            continue
        seconds.append(abs(met.time_s - after))
        metres.append(GEOD.inv(*met.position, *place)[2])

        near = GEOD.fwd(*place, bearing, 2_000.0)[:2]
        close = meet_straight(place, speed, Target(near, course, ratio * speed))
        b, c = math.radians(bearing), math.radians(course)
        v = ratio * speed
        want = meet_flat(
            2_000.0 * math.sin(b), 2_000.0 * math.cos(b), v * math.sin(c), v * math.cos(c), speed
        )
        flat.append(abs(close.time_s - want) if isinstance(close, Meeting) else math.inf)
    return [
        row("meetings made backwards on WGS 84", len(metres), "meetings", at_least=MEETINGS),
        row("time against them, most", max(seconds), "s", at_most=0.05),
        row("place against them, most", max(metres), "m", at_most=1.0),
        row("time against the plane's closed form at 2 km, most", max(flat), "s", at_most=1.0),
    ]


def sea_rows(world: World, router: SeaRouter, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Random pursuers and targets around the island."""
    ends = at_sea(world, rng, 2 * SEA_MEETINGS)
    spent, apart_s, apart_m, wait, early, met_around = [], [], [], [], 0, 0
    for a, b in zip(ends[::2], ends[1::2], strict=True):
        speed = rng.uniform(10.0, 20.0)
        target = Target(tuple(b), rng.uniform(0.0, 360.0), rng.uniform(0.0, 0.8) * speed)
        begin = time.perf_counter()
        met = meet_at_sea(router, tuple(a), speed, target)
        spent.append((time.perf_counter() - begin) * 1e3)
        if not isinstance(met, Meeting) or met.route is None:
            continue
        if met.aground_s is not None and met.time_s >= met.aground_s:
            continue
        wait.append(abs(met.route.time_s - met.time_s))
        straight = meet_straight(tuple(a), speed, target)
        assert isinstance(straight, Meeting)
        if len(met.route.waypoints) == 2:
            apart_s.append(abs(met.time_s - straight.time_s))
            apart_m.append(GEOD.inv(*met.position, *straight.position)[2])
            continue
        met_around += 1
        for share in (0.25, 0.5, 0.75, 0.9, 0.98):
            t = share * met.time_s
            way = router.route(tuple(a), target.after(t), speed)
            early += isinstance(way, Route) and way.time_s < t
    return [
        row("meetings at sea, nothing between", len(apart_s), "meetings", at_least=1),
        row("time against the straight meeting, most", max(apart_s), "s", at_most=5.0),
        row("place against it, most", max(apart_m), "m", at_most=100.0),
        row("meetings around land", met_around, "meetings", at_least=1),
        row("pursuer's time against the target's there, most", max(wait), "s", at_most=0.5),
        row("of 5 earlier times each, met already", early, "times", at_most=0),
        row("a meeting, p50", float(np.percentile(spent, 50)), "ms"),
        row("a meeting, p99", float(np.percentile(spent, 99)), "ms"),
    ]


def main() -> int:
    pin_one_core()
    rng = np.random.default_rng(9)
    world = load_world("hainan")
    rows, router = route_rows(world, rng)
    rows += straight_rows(rng)
    rows += sea_rows(world, router, rng)
    return report("routes", rows)


if __name__ == "__main__":
    sys.exit(main())
