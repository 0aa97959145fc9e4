"""Ways around hand-made coasts; lengths by hand from geodesics of WGS 84."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

from littoral.respond.route import NoRoute, Route, SeaRouter
from littoral.respond.route.answer import NoWay
from tests.respond.ways.coasts import BOX, coast, ring, square

GEOD = Geod(ellps="WGS84")
CLEARANCE_M = 5.0  # a way keeps 1 to 2 m off each corner of the shore


def along(*points: tuple[float, float]) -> float:
    lon, lat = zip(*points, strict=True)
    return GEOD.line_length(lon, lat)


def found(answer: Route | NoRoute) -> Route:
    assert isinstance(answer, Route), answer
    return answer


def test_open_water_is_the_geodesic(island: SeaRouter) -> None:
    a, b = (109.2, 18.2), (110.8, 18.3)
    way = found(island.route(a, b, 10.0))
    assert len(way.waypoints) == 2
    assert way.length_m == pytest.approx(along(a, b), abs=0.1)
    assert way.time_s == pytest.approx(along(a, b) / 10.0, abs=0.01)
    assert (way.start_gap_m, way.end_gap_m) == (0.0, 0.0)


def test_around_a_square_by_its_two_northern_corners(island: SeaRouter) -> None:
    # By the south it is longer: the parallel of 18.8 is 100 m longer between the meridians.
    a, b = (109.5, 19.0), (110.5, 19.0)
    way = found(island.route(a, b, 10.0))
    by_hand = along(a, (109.8, 19.2), (110.2, 19.2), b)
    assert by_hand < along(a, (109.8, 18.8), (110.2, 18.8), b)
    assert by_hand - 0.5 <= way.length_m <= by_hand + CLEARANCE_M
    corners = np.array(way.waypoints)[1:-1]
    for corner in ((109.8, 19.2), (110.2, 19.2)):
        away = GEOD.inv(*np.broadcast_to(corner, corners.shape).T, *corners.T)[2]
        assert away.min() < CLEARANCE_M


def test_the_chart_shows_no_leg_on_land_where_parallels_curve() -> None:
    """A thin island along a parallel: the geodesic, and the straight line of the plane, of 1.6
    degrees bulge 60 m north of the rhumb line, which must not cut the island's southern shore."""
    thin = ring((109.3, 19.0), (110.7, 19.0), (110.7, 19.02), (109.3, 19.02))
    router = SeaRouter.around(coast((thin, 1)), BOX)
    way = found(router.route((109.2, 18.9999), (110.8, 18.9999), 10.0))
    assert not shapely.LineString(way.waypoints).intersects(shapely.Polygon(thin))
    assert along((109.2, 18.9999), (110.8, 18.9999)) * 1.0005 > way.length_m


def test_lake_island_in_it_and_the_sea() -> None:
    land, lake = square(110.0, 19.0, 0.4), square(110.0, 19.0, 0.2)
    router = SeaRouter.around(coast((land, 1), (lake, 2), (square(110.0, 19.0, 0.05), 3)), BOX)
    west, east, sea = (109.85, 19.0), (110.15, 19.0), (109.3, 19.0)
    way = found(router.route(west, east, 10.0))
    by_hand = along(west, (109.95, 19.05), (110.05, 19.05), east)
    assert by_hand - 0.5 <= way.length_m <= by_hand + CLEARANCE_M
    assert router.route(west, sea, 10.0) == NoRoute(NoWay.ENCLOSED, "both")
    # One ashore is led to the water that the other is in, lake or sea, as far as it reaches.
    shore = (109.79, 19.0)
    assert found(router.route(west, shore, 10.0)).end_gap_m == pytest.approx(
        along(shore, (109.8, 19.0)), abs=CLEARANCE_M
    )
    assert router.route(sea, shore, 10.0) == NoRoute(NoWay.INLAND, "end")


def test_an_end_on_land_is_led_to_the_nearest_water(island: SeaRouter) -> None:
    berth, sea = (109.81, 19.0), (109.5, 19.0)
    way = found(island.route(berth, sea, 8.0))
    off = along(berth, (109.8, 19.0))  # 1.05 km
    assert way.start_gap_m == pytest.approx(off, abs=CLEARANCE_M)
    assert way.end_gap_m == 0.0
    assert way.length_m == pytest.approx(along((109.8, 19.0), sea), abs=CLEARANCE_M)
    assert way.time_s == pytest.approx((way.length_m + way.start_gap_m) / 8.0)
    back = found(island.route(sea, berth, 8.0))
    assert back.end_gap_m == way.start_gap_m
    inland = (109.9, 19.0)  # 10.5 km from the shore, over the reach of 5 km
    assert island.route(inland, sea, 8.0) == NoRoute(NoWay.INLAND, "start")
    assert island.route(sea, inland, 8.0) == NoRoute(NoWay.INLAND, "end")


def test_no_answer_where_the_coast_is_not_known_and_without_a_position(island: SeaRouter) -> None:
    sea = (109.5, 19.0)
    assert island.route((108.9, 19.0), sea, 8.0) == NoRoute(NoWay.OUTSIDE, "start")
    assert island.route(sea, (109.5, 20.1), 8.0) == NoRoute(NoWay.OUTSIDE, "end")
    # In the box, but south of the straight line between its southern corners, 0.3 km off it.
    assert island.route(sea, (110.0, 18.0001), 8.0) == NoRoute(NoWay.OUTSIDE, "end")
    assert isinstance(island.route(sea, (110.0, 18.01), 8.0), Route)
    assert island.route(sea, (math.nan, 19.0), 8.0) == NoRoute(NoWay.NO_POSITION, "end")
    for speed in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match="speed"):
            island.route(sea, sea, speed)


def test_start_and_end_may_be_one_or_share_a_corner(island: SeaRouter) -> None:
    sea = (109.5, 19.0)
    assert found(island.route(sea, sea, 8.0)).length_m == 0.0
    mesh = island.mesh
    corners = mesh.xy[mesh.fan_at[mesh.bends]] / 100.0
    assert len(corners) == 4
    a, b = (tuple(p) for p in island.water.plane.degrees(corners[[0, 1]]).tolist())
    assert found(island.route(a, b, 8.0)).length_m == pytest.approx(along(a, b), rel=1e-3)


def cove(mouth_m: float) -> np.ndarray:
    """A bay of 20 by 20 km open to the west by a mouth so wide."""
    half = mouth_m / 2.0 / 110_700.0
    return ring(
        (109.8, 18.8), (110.2, 18.8), (110.2, 19.2), (109.8, 19.2), (109.8, 19.0 + half),
        (109.82, 19.0 + half), (109.82, 19.15), (110.15, 19.15), (110.15, 18.85),
        (109.82, 18.85), (109.82, 19.0 - half), (109.8, 19.0 - half),
    )  # fmt: skip


def test_a_margin_closes_a_mouth_and_is_kept() -> None:
    polygons = coast((cove(200.0), 1))
    inside, outside = (110.0, 19.1), (109.5, 19.1)
    through = found(SeaRouter.around(polygons, BOX).route(inside, outside, 8.0))
    assert through.length_m < 1.2 * along(inside, outside)
    assert SeaRouter.around(polygons, BOX, margin_m=150.0).route(inside, outside, 8.0) == NoRoute(
        NoWay.ENCLOSED, "both"
    )
    margin_m = 80.0
    way = found(SeaRouter.around(polygons, BOX, margin_m=margin_m).route(inside, outside, 8.0))
    utm = Transformer.from_crs(4326, 32649, always_xy=True)  # another plane, scale within 0.05 %
    legs = shapely.LineString(np.column_stack(utm.transform(*np.array(way.waypoints).T)))
    shore = shapely.Polygon(np.column_stack(utm.transform(*cove(200.0).T)))
    assert margin_m * 0.999 <= legs.distance(shore) <= margin_m * 1.06
    assert way.length_m >= through.length_m


def test_from_within_the_margin_only_over_water() -> None:
    router = SeaRouter.around(coast((cove(200.0), 1)), BOX, margin_m=1000.0)
    sea = (109.5, 19.1)
    at_shore = (109.799, 19.1)  # 105 m off, in the open: led out to the margin
    way = found(router.route(at_shore, sea, 8.0))
    assert way.start_gap_m == pytest.approx(1000.0 - 105.3, abs=60.0)
    # In the bay the margin leaves water of its own, which does not join the sea; a point between
    # the two within the land's margin is led to the side it can see.
    in_bay = (109.8215, 19.1)
    assert router.route(in_bay, sea, 8.0) == NoRoute(NoWay.ENCLOSED, "start")


def test_no_water_at_all() -> None:
    with pytest.raises(ValueError, match="no water"):
        SeaRouter.around(coast((square(110.0, 19.0, 1.5), 1)), BOX)
    with pytest.raises(ValueError, match="margin"):
        SeaRouter.around(coast((square(110.0, 19.0, 0.2), 1)), BOX, margin_m=-1.0)


def test_a_bend_looks_past_what_lies_between_straight_on_and_the_shore() -> None:
    """Islets ahead of the north-western corner cut what is seen from it into several triangles."""
    islets = [(110.0, 19.23), (109.95, 19.24), (109.9, 19.235), (110.05, 19.27)]
    rings = [(square(110.0, 19.0, 0.2), 1), *((square(x, y, 0.004), 1) for x, y in islets)]
    router = SeaRouter.around(coast(*rings), BOX)
    a, b = (109.5, 19.0), (110.2, 19.45)
    way = found(router.route(a, b, 10.0))
    by_hand = along(a, (109.8, 19.2), b)
    assert by_hand - 0.5 <= way.length_m <= by_hand + CLEARANCE_M
    assert found(router.route(b, a, 10.0)).length_m == pytest.approx(way.length_m, abs=0.1)
