"""The coast against shapely (other code for point in polygon) and against geodesics of PROJ."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from littoral.area.coast import outer_segments, shore_segments
from littoral.area.nearest import scales
from littoral.area.polygons import Polygons
from littoral.area.world import World

GEOD = pyproj.Geod(ellps="WGS84")


def in_any_polygon(polygons: Polygons, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Even-odd over all rings by shapely."""
    shapes = [shapely.Polygon(polygons.ring(r)) for r in range(len(polygons))]
    shapely.prepare(shapes)
    tree = shapely.STRtree(shapes)
    points = shapely.points(lon, lat)
    row, _ = tree.query(points, predicate="within")
    return np.bincount(row, minlength=len(lon)) % 2 == 1


def test_on_land_as_shapely_says_at_random_points(world: World) -> None:
    rng = np.random.default_rng(11)
    west, south, east, north = world.coast.bbox
    lon, lat = rng.uniform(west, east, 60_000), rng.uniform(south, north, 60_000)
    expected = in_any_polygon(world.coast.polygons, lon, lat)
    assert 5_000 < expected.sum() < 55_000
    assert np.array_equal(world.coast.on_land(lon, lat), expected.astype(np.int8))


def test_on_land_as_shapely_says_within_metres_of_the_shore(world: World) -> None:
    rng = np.random.default_rng(12)
    xy, _ = shore_segments(world.coast.polygons, world.coast.arrays.box)
    west, south, east, north = world.coast.bbox
    xy = xy[((xy[:, [0, 2]] > west) & (xy[:, [0, 2]] < east)).all(1)]
    xy = xy[((xy[:, [1, 3]] > south) & (xy[:, [1, 3]] < north)).all(1)]
    pick = xy[rng.integers(0, len(xy), 40_000)]
    t = rng.random(len(pick))
    lon = pick[:, 0] + t * (pick[:, 2] - pick[:, 0]) + rng.normal(0, 1e-4, len(pick))
    lat = pick[:, 1] + t * (pick[:, 3] - pick[:, 1]) + rng.normal(0, 1e-4, len(pick))
    expected = in_any_polygon(world.coast.polygons, lon, lat)
    assert 10_000 < expected.sum() < 30_000
    assert np.array_equal(world.coast.on_land(lon, lat), expected.astype(np.int8))


def test_on_land_at_the_height_of_vertices(world: World) -> None:
    """Rays through vertices are where ray crossing goes wrong."""
    rng = np.random.default_rng(13)
    polygons = world.coast.polygons
    west, south, east, north = world.coast.bbox
    i = rng.integers(0, len(polygons.lon_deg), 40_000)
    lon = polygons.lon_deg[i] + rng.uniform(-0.02, 0.02, len(i))
    lat = polygons.lat_deg[i]
    inside = (lon > west) & (lon < east) & (lat > south) & (lat < north)
    lon, lat = lon[inside], lat[inside]
    off = world.coast.shore_distance_m(lon, lat) > 1e-6  # a point of the shore itself is on no side
    lon, lat = lon[off], lat[off]
    assert len(lon) > 10_000
    expected = in_any_polygon(polygons, lon, lat)
    assert np.array_equal(world.coast.on_land(lon, lat), expected.astype(np.int8))


def test_hainan_has_its_published_area(world: World) -> None:
    """33,920 km2 (Hainan provincial government); GSHHG itself gives 33,979 km2."""
    p = world.coast.polygons
    rings = [r for r in range(len(p)) if p.ring_id[r] == 47]
    km2 = sum(abs(GEOD.polygon_area_perimeter(*p.ring(r).T)[0]) for r in rings) / 1e6
    assert km2 == pytest.approx(33_920, rel=0.01)


def test_known_places_of_the_world(world: World) -> None:
    """Inland towns, mid-ocean points, and a harbour that a coarse shore cannot judge."""
    land = [
        (109.5, 19.2),
        (2.35, 48.85),
        (-100.0, 40.0),
        (100.0, 15.0),
        (134.0, -25.0),
        (0.0, -85.0),
    ]
    sea = [(110.3, 20.15), (-150.0, 0.0), (0.0, 0.0), (180.0, 0.0), (-180.0, 30.0), (111.0, 17.5)]
    unknown = [(-1.40, 50.80), (113.9, 22.3)]  # Solent, Hong Kong
    lake = [(-87.0, 43.5), (50.5, 41.5)]  # Lake Michigan, Caspian Sea
    for places, expected in ((land, 1), (sea, 0), (unknown, -1), (lake, 0)):
        lon, lat = np.array(places).T
        assert world.coast.on_land(lon, lat).tolist() == [expected] * len(places)


def test_no_coordinates_are_not_evaluable(world: World) -> None:
    lon, lat = np.array([np.nan, 110.0, 181.0, 110.0]), np.array([19.0, np.nan, 19.0, 91.0])
    assert world.coast.on_land(lon, lat).tolist() == [-1] * 4
    assert world.coast.deep_inland(lon, lat).tolist() == [-1] * 4
    assert np.isnan(world.coast.shore_distance_m(lon, lat)).all()


def geodesic_to_shore_m(xy: np.ndarray, lon: float, lat: float) -> float:
    """Shortest geodesic to the shore's segments, each cut into pieces of at most 20 m near the
    nearest vertex."""
    rough = GEOD.inv(np.full(len(xy), lon), np.full(len(xy), lat), xy[:, 0], xy[:, 1])[2]
    near = xy[rough < rough.min() + 4000.0]
    t = np.linspace(0.0, 1.0, 400)[:, None]
    x = (near[:, 0] + t * (near[:, 2] - near[:, 0])).ravel()
    y = (near[:, 1] + t * (near[:, 3] - near[:, 1])).ravel()
    return float(GEOD.inv(np.full(len(x), lon), np.full(len(x), lat), x, y)[2].min())


def test_shore_distance_as_the_geodesic(world: World) -> None:
    rng = np.random.default_rng(14)
    xy, _ = shore_segments(world.coast.polygons, world.coast.arrays.box)
    lon, lat = rng.uniform(108.0, 111.6, 60), rng.uniform(17.9, 20.8, 60)
    got = world.coast.shore_distance_m(lon, lat)
    expected = np.array([geodesic_to_shore_m(xy, x, y) for x, y in zip(lon, lat, strict=True)])
    near = expected < 45_000
    assert near.sum() > 40
    assert got[near] == pytest.approx(expected[near], rel=5e-4, abs=1.0)


def test_shore_distance_finds_the_nearest_of_all_segments(world: World) -> None:
    """The tree against trying every segment with the same formula."""
    rng = np.random.default_rng(15)
    tree = world.coast.arrays.fine_shore
    lon, lat = rng.uniform(107.0, 112.5, 200), rng.uniform(17.0, 21.6, 200)
    got = world.coast.shore_distance_m(lon, lat)
    judged = 0
    for x, y, d in zip(lon, lat, got, strict=True):
        every = np.sqrt(least_m2(tree.xy, x, y, scales(y)))
        if d < 50_000:
            assert d == pytest.approx(every, rel=1e-9)
            judged += 1
    assert judged > 100


def least_m2(xy: np.ndarray, x: float, y: float, k: tuple[float, ...]) -> float:
    kx, kx1, kx2, ky, ky1 = k
    ax, ay, bx, by = xy.T
    da, db = ay - y, by - y
    x1, y1 = (ax - x) * (kx + da * (kx1 + da * kx2)), da * (ky + da * ky1)
    x2, y2 = (bx - x) * (kx + db * (kx1 + db * kx2)), db * (ky + db * ky1)
    dx, dy = x2 - x1, y2 - y1
    t = np.clip(-(x1 * dx + y1 * dy) / np.maximum(dx * dx + dy * dy, 1e-12), 0.0, 1.0)
    return float(np.min((x1 + t * dx) ** 2 + (y1 + t * dy) ** 2))


def test_shore_distance_sees_across_the_antimeridian(world: World) -> None:
    """Taveuni (Fiji) lies on 180 degrees: both sides of it are as near from either side."""
    d = world.coast.shore_distance_m(np.array([179.99, -179.99]), np.array([-16.2, -16.2]))
    assert abs(d[0] - d[1]) < 2_500
    assert (d < 80_000).all()


def test_deep_inland_respects_the_margin(world: World) -> None:
    rng = np.random.default_rng(16)
    lon, lat = rng.uniform(108.6, 111.1, 20_000), rng.uniform(18.1, 20.2, 20_000)
    land, d = world.coast.on_land(lon, lat), world.coast.shore_distance_m(lon, lat)
    for margin in (0.0, 1600.0, 5000.0):
        expected = ((land == 1) & (d >= margin)).astype(np.int8)
        assert np.array_equal(world.coast.deep_inland(lon, lat, margin), expected)
    assert np.array_equal(
        world.coast.deep_inland(lon, lat), world.coast.deep_inland(lon, lat, 1600.0)
    )


def test_the_cut_along_the_box_is_no_shore(world: World) -> None:
    """The mainland is cut at the box; a point inland beside the cut is far from any shore."""
    west, _, _, north = world.coast.arrays.box
    lon, lat = np.array([(west + 110.0) / 2 + 2.0]), np.array([north - 0.02])
    assert world.coast.on_land(lon, lat)[0] == 1
    assert world.coast.shore_distance_m(lon, lat)[0] > 10_000


def test_coarse_segments_leave_out_what_the_fine_coast_shows(world: World) -> None:
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], np.float64)
    start = np.array([0, 5], np.int32)
    one = np.ones(1, np.int32)
    polygons = Polygons(square[:, 0], square[:, 1], start, one, one, one)
    assert len(outer_segments(polygons, np.array([-1.0, -1.0, 2.0, 2.0]))) == 0
    assert len(outer_segments(polygons, np.array([5.0, 5.0, 9.0, 9.0]))) == 4
