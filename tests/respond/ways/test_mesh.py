"""Triangles fill the water and hang together."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from littoral.area.world import World
from littoral.respond.route import SeaRouter
from littoral.respond.route.mesh import WALL, Mesh, cut
from littoral.respond.route.search import spread


def area2(mesh: Mesh) -> np.ndarray:
    a, b, c = (mesh.xy[mesh.triangle[:, k]] for k in range(3))
    u, v = b - a, c - a
    return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]


def check(mesh: Mesh, free: shapely.Geometry) -> None:
    twice = area2(mesh)
    assert (twice > 0).all()
    assert twice.sum() / 2e4 == pytest.approx(shapely.area(free), rel=1e-12)
    # Over a side and back.
    t, k = np.nonzero(mesh.beyond != WALL)
    other = mesh.beyond[t, k]
    assert (mesh.beyond[other] == t[:, None]).any(1).all()
    # Each corner of each triangle is in one fan, about the fan's point.
    assert sorted(mesh.fan_corner.tolist()) == list(range(3 * len(mesh.triangle)))
    for name, of in (("at", mesh.fan_at[mesh.fan_of]), ("corner", mesh.triangle)):
        assert (of == mesh.triangle).all(), name
    # As many fans as sides on the shore.
    assert len(mesh.fan_at) == int((mesh.beyond == WALL).sum())


def test_a_square_with_a_square_hole() -> None:
    free = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 10, 20, 20))
    mesh = cut(free)
    check(mesh, free)
    # Euler: a polygon of n corners and h holes has n + 2h - 2 triangles.
    assert len(mesh.triangle) == 8 + 2 - 2
    assert sorted(mesh.xy[mesh.fan_at[mesh.bends]].tolist()) == [
        [1000, 1000], [1000, 2000], [2000, 1000], [2000, 2000],
    ]  # fmt: skip


def test_how_far_each_corner_is() -> None:
    """Around the hole: from (0, 0) to (30, 30) by (10, 20) or (20, 10), twice the root of 500."""
    mesh = cut(shapely.box(0, 0, 30, 30).difference(shapely.box(10, 10, 20, 20)))

    def fan(x: int, y: int) -> int:
        return int(np.flatnonzero((mesh.xy[mesh.fan_at] == [100 * x, 100 * y]).all(1))[0])

    far = spread(mesh, fan(0, 0)) / 100.0
    assert far[fan(0, 0)] == 0.0
    assert far[fan(30, 0)] == 30.0
    assert far[fan(10, 10)] == pytest.approx(200**0.5)
    assert far[fan(20, 10)] == pytest.approx(500**0.5)
    assert far[fan(20, 20)] == pytest.approx(500**0.5 + 10.0)
    assert far[fan(30, 30)] == pytest.approx(2.0 * 500**0.5)


def test_waters_are_numbered_from_the_largest() -> None:
    free = shapely.union_all([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 60, 40)])
    mesh = cut(free)
    check(mesh, free)
    large = (mesh.xy[mesh.triangle] >= 2000).any((1, 2))
    assert (mesh.part[large] == 0).all()
    assert (mesh.part[~large] == 1).all()


def test_a_hole_that_touches_the_outline_in_a_point() -> None:
    """Two fans at one point: no way leads through it."""
    hole = shapely.Polygon([(0, 15), (10, 10), (20, 15), (10, 20)])
    free = shapely.box(0, 0, 30, 30).difference(hole)
    mesh = cut(free)
    check(mesh, free)
    touching = np.flatnonzero((mesh.xy == [0, 1500]).all(1))
    assert len(touching) == 1
    assert int((mesh.fan_at == touching[0]).sum()) == 2


def test_hainan(hainan: SeaRouter, world: World) -> None:
    check(hainan.mesh, hainan.water.free)
    assert len(hainan.mesh.triangle) > 60_000
    # The water keeps off the land, everywhere.
    assert hainan.water.free.distance(hainan.water.land) >= 0.5
    # And it is nearly all the water there is: what lies between is the metre or two of clearance.
    polygons = world.coast.polygons
    shore_m = sum(
        shapely.length(shapely.LinearRing(hainan.water.plane.metres(polygons.ring(r))))
        for r in range(len(polygons))
    )
    lost = shapely.Polygon(hainan.water.plane.frame()).difference(hainan.water.land)
    assert lost.area - hainan.water.free.area <= 2.5 * shore_m
