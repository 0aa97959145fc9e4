"""Ring codes against distances along geodesics of PROJ and the exact rule without raster."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from littoral.area.region import load_region
from littoral.area.rings import (
    BEYOND,
    COASTLINE,
    INLAND,
    NEAR_SEA,
    NOT_EVALUABLE,
    TERRITORIAL,
    RingDistances,
    Rings,
    _exact_code,
    ours_of,
)
from littoral.area.world import World

MILE_M = 1852.0


def near_limits(world: World, n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(21)
    lon, lat = rng.uniform(107.0, 112.5, n), rng.uniform(17.0, 21.6, n)
    return lon, lat


def test_raster_changes_no_answer(world: World) -> None:
    """Every code equals the rule evaluated from the segments, with no raster in between."""
    lon, lat = near_limits(world, 40_000)
    a = world.rings.arrays
    got = world.rings.codes(lon, lat)
    row = ((lat - a.lat0) / a.step).astype(int)
    col = ((lon - a.lon0) / a.step).astype(int)
    expected = [_exact_code(a, *cell) for cell in zip(row, col, lon, lat, strict=True)]
    assert set(expected) == {INLAND, COASTLINE, TERRITORIAL, NEAR_SEA, BEYOND}
    assert got.tolist() == expected


def test_codes_follow_the_distance_from_our_shore(world: World) -> None:
    """Distances along geodesics to a shore cut into pieces of at most about 100 m; points within
    150 m of a limit are left out, since that is what the pieces and shapely's plane may be off."""
    rng = np.random.default_rng(22)
    geod = pyproj.Geod(ellps="WGS84")
    polygons = world.coast.polygons
    shore = np.concatenate([polygons.ring(r) for r in ours_of(polygons)])
    land = shapely.union_all(
        [shapely.Polygon(polygons.ring(r)).buffer(0) for r in ours_of(polygons)]
    )
    lon, lat = rng.uniform(107.6, 112.0, 400), rng.uniform(17.5, 20.8, 400)
    codes = world.rings.codes(lon, lat)
    ports = [(p.lon_deg, p.lat_deg, p.radius_m) for p in world.ports if p.ours]
    judged = 0
    for x, y, code in zip(lon, lat, codes, strict=True):
        d = geod.inv(np.full(len(shore), x), np.full(len(shore), y), *shore.T)[2].min()
        if min(abs(d - limit) for limit in (1000.0, 12 * MILE_M, 24 * MILE_M)) < 400:
            continue
        if any(geod.inv(x, y, px, py)[2] < r + 100 for px, py, r in ports):
            continue
        if d < 1000.0:
            expected = COASTLINE
        elif shapely.contains_xy(land, x, y):
            expected = INLAND
        elif d < 12 * MILE_M:
            expected = TERRITORIAL
        else:
            expected = NEAR_SEA if d < 24 * MILE_M else BEYOND
        assert code == expected, (x, y, d)
        judged += 1
    assert judged > 300


def test_a_lake_on_the_island_is_inland(world: World) -> None:
    """Songtao reservoir: no sea, though no land either."""
    polygons = world.coast.polygons
    lakes = np.flatnonzero((polygons.level == 2) & (polygons.ours == 1)).tolist()
    assert len(lakes) >= 1
    for r in lakes:
        inside = shapely.Polygon(polygons.ring(r)).representative_point()
        lon, lat = np.array([inside.x]), np.array([inside.y])
        assert world.coast.on_land(lon, lat).tolist() == [0]
        assert world.rings.codes(lon, lat).tolist() == [INLAND]


def test_ports_belong_to_the_coastline(world: World) -> None:
    own = [p for p in world.ports if p.ours]
    assert len(own) >= 20
    lon, lat = np.array([p.lon_deg for p in own]), np.array([p.lat_deg for p in own])
    assert world.rings.codes(lon, lat).tolist() == [COASTLINE] * len(own)


def test_other_shore_counts_for_nothing(world: World) -> None:
    """On the Leizhou peninsula, 12 to 24 miles from Hainan, the code is that of the distance."""
    lon, lat = np.array([110.10, 110.10]), np.array([20.45, 20.90])
    assert world.coast.on_land(lon, lat).tolist() == [1, 1]
    assert world.rings.codes(lon, lat).tolist() == [NEAR_SEA, BEYOND]


def test_islets_near_us_are_ours_and_those_near_the_mainland_are_not(world: World) -> None:
    polygons = world.coast.polygons
    centres = np.array([polygons.ring(r).mean(0) for r in ours_of(polygons)])
    assert len(centres) > 20
    assert (abs(centres[:, 0] - 109.8) < 1.8).all()
    assert (centres[:, 1] < 20.25).all()


def test_far_away_is_beyond_and_no_coordinates_is_not_evaluable(world: World) -> None:
    lon = np.array([0.0, -180.0, 130.0, np.nan, 110.0, 200.0])
    lat = np.array([0.0, 80.0, 19.0, 19.0, np.nan, 19.0])
    expected = [BEYOND] * 3 + [NOT_EVALUABLE] * 3
    assert world.rings.codes(lon, lat).tolist() == expected


def test_codes_change_with_the_configured_distances(world: World) -> None:
    wide = Rings.build(world.coast, RingDistances(3000.0, 10_000.0, 20_000.0), [])
    lon, lat = np.array([110.30, 109.0, 111.5]), np.array([20.13, 17.9, 19.5])
    d = world.coast.shore_distance_m(lon, lat)
    assert d[0] == pytest.approx(5_500, abs=2_500)
    assert wide.codes(lon, lat)[0] == TERRITORIAL
    assert wide.arrays.limits.tolist() == [3000.0, 10_000.0, 20_000.0]
    lon, lat = near_limits(world, 20_000)
    assert (wide.codes(lon, lat) == COASTLINE).sum() > (
        world.rings.codes(lon, lat) == COASTLINE
    ).sum()


def test_a_raster_for_other_distances_is_refused(world: World) -> None:
    region = load_region("hainan")
    with np.load(region.folder / "rings.npz") as file:
        assert Rings.unpack(file, world.coast, RingDistances(999.0), region.ring_ports()) is None
        assert Rings.unpack(file, world.coast, region.distances, []) is None
        same = Rings.unpack(file, world.coast, region.distances, region.ring_ports())
    assert same is not None
    lon, lat = near_limits(world, 1000)
    assert np.array_equal(same.codes(lon, lat), world.rings.codes(lon, lat))
