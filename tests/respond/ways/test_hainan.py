"""Ways around the packaged coast."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from littoral.area.polygons import Polygons
from littoral.area.world import World
from littoral.respond.route import NoRoute, Route, SeaRouter
from littoral.respond.route.answer import NoWay
from littoral.respond.route.water import chart

GEOD = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def land(world: World) -> shapely.Geometry:
    """In degrees, straight from the polygons."""
    return land_of(world.coast.polygons)


def land_of(polygons: Polygons) -> shapely.Geometry:
    land = shapely.union_all(
        [shapely.Polygon(polygons.ring(r)) for r in np.flatnonzero(polygons.level == 1).tolist()]
    )
    shapely.prepare(land)
    return land


def at_sea(world: World, n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    west, south, east, north = world.coast.bbox
    points = rng.uniform((west, south), (east, north), (3 * n, 2))
    return points[world.coast.on_land(*points.T) == 0][:n]


def test_random_ways_touch_no_land(hainan: SeaRouter, world: World, land: shapely.Geometry) -> None:
    drawn = shapely.transform(land, chart)
    shapely.prepare(drawn)
    ends = at_sea(world, 200, 11)
    assert len(ends) == 200
    bent = 0
    for a, b in zip(ends[::2], ends[1::2], strict=True):
        way = hainan.route(tuple(a), tuple(b), 10.0)
        assert isinstance(way, Route), way
        line = np.array(way.waypoints)
        assert not land.intersects(shapely.LineString(line))
        assert not drawn.intersects(shapely.LineString(chart(line)))
        assert GEOD.inv(*line[0], *a)[2] < 0.02
        assert GEOD.inv(*line[-1], *b)[2] < 0.02
        assert way.length_m >= GEOD.inv(*a, *b)[2] - 0.05
        bent += len(way.waypoints) > 2
    assert bent > 20


def test_between_two_bays_by_hand(hainan: SeaRouter) -> None:
    """From west of the Qiongzhou Strait to east of it: the way goes through the strait, and is a
    little longer than the geodesic, which cuts the north of the island."""
    a, b = (109.40, 20.00), (111.20, 19.90)
    way = hainan.route(a, b, 10.0)
    assert isinstance(way, Route)
    straight = GEOD.inv(*a, *b)[2]
    assert 1.0 < way.length_m / straight < 1.10
    assert max(lat for _, lat in way.waypoints) < 20.35  # south of Leizhou


def test_ports_are_reached(hainan: SeaRouter, world: World) -> None:
    """Of every packaged port within the box a boat gets to sea; berths on made ground too."""
    west, south, east, north = world.coast.bbox
    off = (109.8, 17.5)
    gaps = []
    for port in world.ports:
        if not (west < port.lon_deg < east and south < port.lat_deg < north):
            continue
        way = hainan.route((port.lon_deg, port.lat_deg), off, 10.0)
        assert isinstance(way, Route), (port.id, way)
        gaps.append(way.start_gap_m)
    assert len(gaps) > 10
    assert max(gaps) < 2_500.0
    assert min(gaps) == 0.0


def test_inland_and_a_lake(hainan: SeaRouter, world: World) -> None:
    sea = (109.8, 17.5)
    assert hainan.route((109.7, 19.1), sea, 10.0) == NoRoute(NoWay.INLAND, "start")
    polygons = world.coast.polygons
    lakes = np.flatnonzero(polygons.level == 2)
    assert len(lakes) == 4
    for r in lakes.tolist():
        at = shapely.Polygon(polygons.ring(r)).representative_point()
        assert hainan.route((at.x, at.y), sea, 10.0) == NoRoute(NoWay.ENCLOSED, "both")


def test_a_margin_around_the_whole_coast(world: World, land: shapely.Geometry) -> None:
    margin_m = 500.0
    router = SeaRouter.over(world.coast, margin_m)
    ends = at_sea(world, 60, 12)
    far = world.coast.shore_distance_m(*ends.T) > 600.0
    ends = ends[far][: far.sum() // 2 * 2]
    assert len(ends) >= 40
    for a, b in zip(ends[::2], ends[1::2], strict=True):
        way = router.route(tuple(a), tuple(b), 10.0)
        assert isinstance(way, Route), way
        line = shapely.segmentize(shapely.LineString(way.waypoints), 0.001)
        lon, lat = shapely.get_coordinates(line).T
        assert world.coast.shore_distance_m(lon, lat).min() >= margin_m * 0.999
