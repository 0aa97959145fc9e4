"""Random archipelagos: what must hold of every shortest way, and its length by brute force."""

from __future__ import annotations

import math

import numpy as np
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bench._visibility import VisibilityGraph
from littoral.area.polygons import Polygons
from littoral.respond.route import Route, SeaRouter
from littoral.respond.route.plane import GEOD
from littoral.respond.route.water import chart
from tests.respond.ways.coasts import coast, ring

BOX = (109.0, 18.0, 110.0, 19.0)
CELL = 0.2  # degrees; one island at most in each of 5 by 5 cells, 200 m of water between them
Point = tuple[float, float]


@st.composite
def archipelagos(draw: st.DrawFn) -> Polygons:
    """Star-shaped islands with bays."""
    rings = []
    for cell in draw(st.sets(st.integers(0, 24), min_size=1, max_size=8)):
        lon, lat = 109.1 + CELL * (cell % 5), 18.1 + CELL * (cell // 5)
        reach = draw(st.lists(st.floats(0.01, 0.099), min_size=3, max_size=9))
        angle = [2.0 * math.pi * k / len(reach) for k in range(len(reach))]
        rings.append(
            ring(
                *(
                    (round(lon + r * math.cos(a), 6), round(lat + r * math.sin(a), 6))
                    for r, a in zip(reach, angle, strict=True)
                )
            )
        )
    return coast(*((r, 1) for r in rings))


def places() -> st.SearchStrategy[Point]:
    return st.tuples(st.floats(109.02, 109.98), st.floats(18.02, 18.98)).map(
        lambda p: (round(p[0], 6), round(p[1], 6))
    )


def land(polygons: Polygons) -> shapely.Geometry:
    return shapely.union_all([shapely.Polygon(polygons.ring(r)) for r in range(len(polygons))])


def way(router: SeaRouter, a: Point, b: Point) -> Route:
    answer = router.route(a, b, 10.0)
    assert isinstance(answer, Route), answer
    return answer


@settings(max_examples=60)
@given(archipelagos(), places(), places(), places())
def test_ways_of_an_archipelago(polygons: Polygons, a: Point, b: Point, c: Point) -> None:
    islands = land(polygons)
    assume(not shapely.intersects_xy(islands.buffer(1e-4), *np.array([a, b, c]).T).any())
    router = SeaRouter.around(polygons, BOX)
    there = way(router, a, b)

    # No leg touches land, as GeoJSON and as a chart draws it.
    drawn = shapely.transform(islands, chart)
    assert not shapely.LineString(there.waypoints).intersects(islands)
    assert not shapely.LineString(chart(np.array(there.waypoints))).intersects(drawn)

    # Not shorter than the geodesic, and the same back.
    assert there.length_m >= GEOD.inv(*a, *b)[2] - 0.05
    assert math.isclose(there.length_m, way(router, b, a).length_m, rel_tol=2e-3, abs_tol=0.1)

    # By way of a third place it is not shorter, but for the plane's scale.
    detour = way(router, a, c).length_m + way(router, c, b).length_m
    assert there.length_m <= detour * 1.002 + 0.1

    # A piece of a shortest way is a shortest way.
    if len(there.waypoints) > 3:
        first, last = there.waypoints[1], there.waypoints[-2]
        lon, lat = np.array(there.waypoints[1:-1]).T
        piece = way(router, first, last)
        assert math.isclose(piece.whole_m, GEOD.line_length(lon, lat), rel_tol=2e-3, abs_tol=1.0)

    # The length by another method, whose ways touch the shore: ours keep a metre or two off it.
    graph = VisibilityGraph([polygons.ring(r) for r in range(len(polygons))], np.array(BOX))
    shortest = graph.length_m(np.array(a), np.array(b))
    assert shortest - 0.1 <= there.length_m <= shortest * 1.001 + 5.0 * len(there.waypoints)
