"""Point-in-land, ring codes, distance to the shore and point-in-fence beside shapely.

    python -m bench.areas [--quick]

Points are random in the region's box, and, in rows that say so, within about 5 km of the shore,
where no raster answers alone. One core. The peer sees the same polygons and the same points in the
same run; where it is slow it sees fewer of them, and the ratio is of points a second.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from bench._harness import QUICK, pin_one_core, report, row
from littoral.area import load_world
from littoral.area.coast import shore_segments
from littoral.area.fence_index import GeofenceIndex
from littoral.area.geofence import Geofence
from littoral.area.world import World

POINTS = 1_000_000 if QUICK else 4_000_000
PEER_POINTS = 50_000 if QUICK else 200_000
RUNS = 3
FENCES, CORNERS = 500, 40


def rate(ask: Callable[[], Any], points: int) -> float:
    """Points a second, the best of some runs after one to warm up."""
    ask()
    best = float("inf")
    for _ in range(RUNS):
        start = time.perf_counter()
        ask()
        best = min(best, time.perf_counter() - start)
    return points / best


def near_shore(world: World, rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Points scattered about the shores within the region's box."""
    xy, _ = shore_segments(world.coast.polygons, world.coast.arrays.box)
    west, south, east, north = world.coast.bbox
    inside = (xy[:, 0] > west) & (xy[:, 0] < east) & (xy[:, 1] > south) & (xy[:, 1] < north)
    pick = xy[inside][rng.integers(0, int(inside.sum()), n)]
    return pick[:, 0] + rng.normal(0, 0.03, n), pick[:, 1] + rng.normal(0, 0.03, n)


def fences(rng: np.random.Generator) -> list[Geofence]:
    """Star-shaped areas of 0.5 to 30 km in the region's box."""
    out = []
    for k in range(FENCES):
        angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
        r = rng.uniform(0.005, 0.3) * rng.uniform(0.5, 1.0, CORNERS)
        lon, lat = rng.uniform(107.3, 112.2), rng.uniform(17.3, 21.3)
        ring = list(zip(lon + r * np.cos(angle), lat + r * np.sin(angle), strict=True))
        out.append(Geofence(f"f{k}", {}, ((tuple([*ring, ring[0]]),),)))
    return out


def main() -> int:
    pin_one_core()
    rng = np.random.default_rng(7)
    start = time.perf_counter()
    world = load_world("hainan")
    rows = [row("world loaded", time.perf_counter() - start, "s", at_most=1.0)]
    west, south, east, north = world.coast.bbox
    lon, lat = rng.uniform(west, east, POINTS), rng.uniform(south, north, POINTS)
    shore_lon, shore_lat = near_shore(world, rng, POINTS)
    few = slice(0, PEER_POINTS)

    ours = rate(lambda: world.coast.on_land(lon, lat), POINTS)
    rows.append(row("on land, random points", ours / 1e6, "M points/s", at_least=20.0))
    near = rate(lambda: world.coast.on_land(shore_lon, shore_lat), POINTS)
    rows.append(row("on land, near the shore", near / 1e6, "M points/s"))

    polygons = world.coast.polygons
    shapes = [shapely.Polygon(polygons.ring(r)) for r in range(len(polygons))]
    land = shapely.union_all([s for s, v in zip(shapes, polygons.level, strict=True) if v == 1])
    shapely.prepare(land)
    peer = rate(lambda: shapely.contains_xy(land, lon[few], lat[few]), PEER_POINTS)
    rows.append(row("shapely contains_xy, prepared", peer / 1e6, "M points/s", peer="shapely"))
    rows.append(row("on land against it", ours / peer, "times", at_least=5.0, peer="shapely"))
    peer = rate(lambda: shapely.contains_xy(land, shore_lon[few], shore_lat[few]), PEER_POINTS)
    rows.append(row("on land against it, near the shore", near / peer, "times", peer="shapely"))
    got = world.coast.on_land(shore_lon[few], shore_lat[few]) == 1
    lakes = [s for s, v in zip(shapes, polygons.level, strict=True) if v == 2]
    want = shapely.contains_xy(land, shore_lon[few], shore_lat[few])
    for lake in lakes:
        want &= ~shapely.contains_xy(lake, shore_lon[few], shore_lat[few])
    rows.append(row("answers that differ", int((got != want).sum()), "points", at_most=0))

    codes = rate(lambda: world.rings.codes(lon, lat), POINTS)
    rows.append(row("ring codes, random points", codes / 1e6, "M points/s", at_least=10.0))
    codes = rate(lambda: world.rings.codes(shore_lon, shore_lat), POINTS)
    rows.append(row("ring codes, near the shore", codes / 1e6, "M points/s", at_least=10.0))

    n = PEER_POINTS
    ours = rate(lambda: world.coast.shore_distance_m(shore_lon[:n], shore_lat[:n]), n)
    rows.append(row("distance to the shore, near it", ours / 1e6, "M points/s"))
    far = rate(lambda: world.coast.shore_distance_m(lon[:n], lat[:n]), n)
    rows.append(row("distance to the shore, random points", far / 1e6, "M points/s"))
    tree = shapely.STRtree(shapely.linestrings(world.coast.arrays.fine_shore.xy.reshape(-1, 2, 2)))
    some = shapely.points(shore_lon[: n // 10], shore_lat[: n // 10])
    peer = rate(lambda: tree.query_nearest(some, return_distance=True), n // 10)
    rows.append(
        row("STRtree.query_nearest, near the shore", peer / 1e6, "M points/s", peer="shapely")
    )
    rows.append(row("distance against it", ours / peer, "times", at_least=2.0, peer="shapely"))

    drawn = fences(rng)
    index = GeofenceIndex.build(drawn)
    t = np.zeros(POINTS, np.int64)
    ours = rate(lambda: index.hits(lon, lat, t), POINTS)
    rows.append(row(f"in {FENCES} fences", ours / 1e6, "M points/s"))
    areas = [shapely.Polygon(f.polygons[0][0]) for f in drawn]
    shapely.prepare(areas)
    points = shapely.points(lon[few], lat[few])
    point_tree = shapely.STRtree(areas)
    peer = rate(lambda: point_tree.query(points, predicate="within"), PEER_POINTS)
    rows.append(row("STRtree.query, within", peer / 1e6, "M points/s", peer="shapely"))
    rows.append(row("in fences against it", ours / peer, "times", at_least=5.0, peer="shapely"))
    found = set(zip(*(a.tolist() for a in index.hits(lon[few], lat[few], t[few])), strict=True))
    want_pairs = set(zip(*point_tree.query(points, predicate="within").tolist(), strict=True))
    rows.append(row("pairs that differ", len(found ^ want_pairs), "pairs", at_most=0))
    return report("areas", rows)


if __name__ == "__main__":
    sys.exit(main())
