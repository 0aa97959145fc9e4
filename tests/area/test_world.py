"""Places, profiles, the loader, and what the map is given."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pyproj
import pytest
import shapely

from littoral.area import load_world
from littoral.area.features import areas, crossing_feature, ring_features
from littoral.area.places import Place, circle_array, circles_of, line_distance_at
from littoral.area.profiles import FERRY_STRAIT, OPEN_SEA, PORT_APPROACH
from littoral.area.region import DATA, load_region, regions
from littoral.area.rings import NEAR_SEA, RING_SLUGS, TERRITORIAL
from littoral.area.world import World

GEOD = pyproj.Geod(ellps="WGS84")


def test_loading_gives_the_region_that_was_named(world: World) -> None:
    again = load_world("hainan")
    assert again.region == world.region == "hainan"


def test_an_unknown_region_names_those_known() -> None:
    assert regions() == ("hainan",)
    with pytest.raises(KeyError, match="hainan"):
        load_world("atlantis")


def test_ports_lie_at_the_shore_and_name_their_source(world: World) -> None:
    """World Port Index gives arc minutes: half a minute is under a kilometre."""
    assert len({p.id for p in world.ports}) == len(world.ports) >= 25
    lon, lat, _ = circle_array(world.ports).T
    off = world.coast.shore_distance_m(lon, lat)
    assert (off < 5_000).all()
    for port in world.ports:
        assert port.kind in ("port", "harbour")
        assert port.source.startswith(("NGA World Port Index", "GeoNames", "searoute"))
        assert port.name["zh"]
        assert port.name["en"]


def test_world_port_index_positions(world: World) -> None:
    """Publication 150: Basuo 19 06 N 108 37 E, Yangpu 19 44 N 109 11 E."""
    at = {p.name["en"]: (p.lon_deg, p.lat_deg) for p in world.ports}
    assert at["Basuo"] == pytest.approx((108 + 37 / 60, 19 + 6 / 60), abs=1e-5)
    assert at["Yangpu"] == pytest.approx((109 + 11 / 60, 19 + 44 / 60), abs=1e-5)


def test_landing_points_are_synthetic_and_on_the_shore(world: World) -> None:
    assert len(world.landings) == 30
    lon, lat, _ = circle_array(world.landings).T
    assert (world.coast.shore_distance_m(lon, lat) < 1.0).all()
    for landing in world.landings:
        assert "synthetic" in landing.source
        assert "ynthetic" in landing.name["en"]
        assert "合成" in landing.name["zh"]
    angles = np.sort(np.degrees(np.arctan2(lat - 19.2, lon - 109.8)))
    assert np.diff(np.concatenate([angles, angles[:1] + 360])).max() < 60


def test_circles_are_exact(world: World) -> None:
    rng = np.random.default_rng(51)
    lon, lat = rng.uniform(108.5, 111.2, 4000), rng.uniform(18.0, 20.4, 4000)
    circles = circle_array(world.ports, 4000.0)
    got = circles_of(circles, lon, lat)
    d = np.array(
        [GEOD.inv(np.full(4000, c[0]), np.full(4000, c[1]), lon, lat)[2] - c[2] for c in circles]
    )
    sure = abs(d).min(0) > 20
    assert np.array_equal(got[sure] >= 0, (d.min(0) <= 0)[sure])
    inside = sure & (got >= 0)
    assert inside.sum() > 100
    assert circles_of(circle_array([]), lon[:2], lat[:2]).tolist() == [-1, -1]


def test_a_crossing_is_a_corridor(world: World) -> None:
    crossing = world.crossings[0]
    lon, lat = np.array([110.15, 110.175, 110.15, 110.6, np.nan]), np.array([20.14] * 4 + [20.1])
    lat[2] = 19.9
    assert crossing.contains(lon, lat).tolist() == [True, False, False, False, False]
    width = GEOD.inv(110.15, 20.14, 110.175, 20.14)[2]
    assert line_distance_at(crossing.line, 110.175, 20.14) == pytest.approx(width, rel=1e-3)
    assert set(crossing.ship_types) == set(range(60, 70))
    assert crossing.source == "configured"


def test_crossings_run_over_water_between_two_shores(world: World) -> None:
    for crossing in world.crossings:
        ends = world.coast.shore_distance_m(*crossing.line[[0, -1]].T)
        assert (ends < 3_000).all()
        middle = crossing.line[1:-1].mean(0)
        assert world.coast.on_land(*middle[:, None])[0] == 0
        assert abs(crossing.line[0, 1] - crossing.line[-1, 1]) > 0.15


def test_profiles_of_collision_risk(world: World) -> None:
    assert world.profiles is not None
    places = {
        (110.30, 20.15): FERRY_STRAIT,
        (110.284, 20.05): PORT_APPROACH,
        (111.5, 18.0): OPEN_SEA,
        (108.58, 19.10): PORT_APPROACH,
        (110.30, 20.90): OPEN_SEA,
        (np.nan, np.nan): OPEN_SEA,
    }
    lon, lat = np.array(list(places)).T
    assert world.profiles.code(lon, lat).tolist() == list(places.values())


def test_profile_of_the_strait_as_shapely_says(world: World) -> None:
    assert world.profiles is not None
    rng = np.random.default_rng(52)
    lon, lat = rng.uniform(109.5, 111.0, 5000), rng.uniform(19.8, 20.6, 5000)
    inside = shapely.contains_xy(shapely.Polygon(world.profiles.strait), lon, lat)
    away = circles_of(world.profiles.approaches, lon, lat) < 0
    assert (inside & away).sum() > 500
    assert np.array_equal((world.profiles.code(lon, lat) == FERRY_STRAIT)[away], inside[away])


def test_areas_are_plain_geojson(world: World) -> None:
    drawn = json.loads(json.dumps(areas(world), allow_nan=False))
    assert drawn["region"]["time_zone"] == "Asia/Shanghai"
    assert drawn["region"]["bbox"] == [107.0, 17.0, 112.5, 21.6]
    for key, least in (
        ("rings", 4),
        ("coast", 50),
        ("places", 55),
        ("crossings", 2),
    ):
        features = drawn[key]["features"]
        assert len(features) >= least
        for f in features:
            assert shapely.geometry.shape(f["geometry"]).is_valid
    assert crossing_feature(world.crossings[0])["properties"]["source"] == "configured"


def test_ring_outlines_lie_at_their_distance(world: World) -> None:
    """Corners of the drawn outlines, along geodesics to our shore."""
    from littoral.area.nearest import nearest_m

    d = world.rings.distances
    limits = {RING_SLUGS[TERRITORIAL]: d.territorial_m, RING_SLUGS[NEAR_SEA]: d.near_sea_m}
    for feature in ring_features(world):
        distance = limits.get(feature["properties"]["ring"])
        if distance is None:
            continue
        shape = shapely.geometry.shape(feature["geometry"])
        outer = max(shapely.get_parts(shape), key=lambda p: p.area).exterior
        xy = np.array(outer.coords)
        d = [nearest_m(world.rings.arrays.shore, x, y, 1e6) for x, y in xy]
        assert len(d) > 50
        assert np.array(d) == pytest.approx(distance, abs=300)


def test_outlines_are_packaged_for_these_distances_and_made_anew_for_others(world: World) -> None:
    rings = json.loads((load_region("hainan").folder / "rings.geojson").read_text())
    assert ring_features(world) == rings["features"]
    fewer = replace(world, ports=world.ports[:1])
    made = ring_features(fewer)
    assert [f["id"] for f in made] == [f["id"] for f in rings["features"]]
    band, smaller = (shapely.geometry.shape(f[1]["geometry"]) for f in (rings["features"], made))
    assert smaller.area < band.area
    assert ring_features(fewer) is made


def test_world_land_leaves_the_region_to_its_own_coast() -> None:
    features = json.loads((DATA / "world" / "land.geojson").read_text())["features"]
    land = shapely.union_all([shapely.geometry.shape(f["geometry"]).buffer(0) for f in features])
    assert not shapely.contains_xy(land, 109.5, 19.2)
    assert shapely.contains_xy(land, 100.0, 35.0)
    assert shapely.contains_xy(land, 2.3, 48.8)


def test_places_are_values() -> None:
    place = Place("a", {"zh": "甲", "en": "A"}, 110.0, 19.0, 100.0, "port", "nobody")
    with pytest.raises(AttributeError):
        place.radius_m = 5.0  # type: ignore[misc]
