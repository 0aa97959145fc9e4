"""Fences: reading, refusing, seasons; and the index against shapely."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.area.fence_index import GeofenceIndex
from littoral.area.geofence import ALWAYS_US, FOREVER_US, FenceRule, Geofence, in_season
from littoral.area.geofence_json import (
    FenceError,
    fence_feature,
    fence_from_feature,
    fences_from_geojson,
)
from littoral.area.world import World

SQUARE = [[110.0, 18.0], [111.0, 18.0], [111.0, 19.0], [110.0, 19.0], [110.0, 18.0]]


def feature(ring: list | None = None, **properties: Any) -> dict:
    return {
        "type": "Feature",
        "id": "f1",
        "properties": {"name": {"zh": "甲", "en": "A"}, **properties},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE if ring is None else ring]},
    }


def us(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp()) * 1_000_000


def test_a_fence_comes_back_as_it_went() -> None:
    fence = fence_from_feature(
        feature(
            valid_from="2026-05-01T12:00:00+08:00",
            valid_to="2026-08-16T04:00:00Z",
            version=3,
            source="drawn",
            rules=[
                {"kind": "entry", "priority": 2, "ship_types": [30, 70]},
                {"kind": "speed_over", "speed_kn": 12.0},
                {"kind": "night"},
                {"kind": "presence", "stay_s": 1800},
            ],
        )
    )
    assert fence.valid_from_us == us(2026, 5, 1, 4)
    assert fence.valid_to_us == us(2026, 8, 16, 4)
    assert fence.rules[0] == FenceRule("entry", ship_types=(30, 70), priority=2)
    assert fence.rules[1].speed_mps == pytest.approx(12 * 1852 / 3600)
    assert fence.rules[2].sun_below_deg == -6.0
    assert fence.rules[3].stay_s == 1800.0
    again = fence_from_feature(json.loads(json.dumps(fence_feature(fence))))
    assert again == fence
    collection = {"type": "FeatureCollection", "features": [fence_feature(fence)]}
    assert fences_from_geojson(json.dumps(collection)) == (fence,)


BOW_TIE = [[110, 18], [111, 19], [111, 18], [110, 19], [110, 18]]
CROSSING_180 = [[179, 10], [-179, 10], [-179, 11], [179, 11], [179, 10]]
MANY = [[110 + np.cos(a), 18 + np.sin(a)] for a in np.linspace(0, 2 * np.pi, 6000)]
MANY[-1] = MANY[0]


@pytest.mark.parametrize(
    ("broken", "field", "says"),
    [
        (feature(SQUARE[:-1]), "geometry.coordinates[0]", "not closed"),
        (feature(SQUARE[:2]), "geometry.coordinates[0]", "four positions"),
        (feature(BOW_TIE), "geometry.coordinates", "Self-intersection"),
        (feature([[200.0, 18.0], *SQUARE[1:]]), "geometry.coordinates[0][0]", "longitude"),
        (feature([[110.0, 98.0], *SQUARE[1:]]), "geometry.coordinates[0][0]", "latitude"),
        (feature([["x", 98.0], *SQUARE[1:]]), "geometry.coordinates[0][0]", "[longitude"),
        (feature([[float("nan"), 18.0], *SQUARE[1:]]), "geometry.coordinates[0][0]", "longitude"),
        (feature(CROSSING_180), "geometry.coordinates[0][1]", "antimeridian"),
        (feature(MANY), "geometry.coordinates", "6000 vertices"),
        (feature(valid_from="yesterday"), "properties.valid_from", "ISO 8601"),
        (feature(valid_from="2026-01-01T00:00:00"), "properties.valid_from", "zone"),
        (
            feature(valid_from="2026-02-01T00:00:00Z", valid_to="2026-01-01T00:00:00Z"),
            "properties.valid_to",
            "later",
        ),
        (feature(rules=[{"kind": "loiter"}]), "properties.rules[0].kind", "one of"),
        (feature(rules=[{"kind": "speed_over"}]), "properties.rules[0].speed_kn", "needed"),
        (
            feature(rules=[{"kind": "speed_over", "speed_kn": -1}]),
            "properties.rules[0].speed_kn",
            "number",
        ),
        (feature(rules=[{"kind": "entry", "stay_s": 3}]), "properties.rules[0].stay_s", "entry"),
        (
            feature(
                rules=[{"kind": "season", "season_from": "13-01T00:00", "season_to": "02-01T00:00"}]
            ),
            "properties.rules[0].season_from",
            "MM-DD",
        ),
        (feature(rules=[{"kind": "entry", "priority": 9}]), "properties.rules[0].priority", "1, 2"),
        (feature(name=None), "properties.name", "text"),
        (feature(version=0), "properties.version", "from 1"),
        ({**feature(), "id": 7}, "id", "text"),
        ({**feature(), "geometry": {"type": "Point"}}, "geometry.type", "Polygon"),
        ({"type": "Polygon"}, "type", "Feature"),
    ],
)
def test_a_fault_is_named_by_its_field(broken: dict, field: str, says: str) -> None:
    with pytest.raises(FenceError) as caught:
        fence_from_feature(broken)
    found = {e["field"]: e["message"] for e in caught.value.errors}
    assert field in found
    assert says in found[field]


def test_all_faults_of_a_collection_are_listed() -> None:
    text = json.dumps(
        {"type": "FeatureCollection", "features": [feature(version=0), {}, feature()]}
    )
    with pytest.raises(FenceError) as caught:
        fences_from_geojson(text)
    fields = [e["field"] for e in caught.value.errors]
    assert fields == ["features[0].properties.version", "features[1].type"]


def test_the_same_id_twice_is_refused() -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [feature(), feature()]})
    with pytest.raises(FenceError, match="twice"):
        fences_from_geojson(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda x: (
            st.lists(x, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["type", "properties", "geometry", "coordinates", "id", "name", "rules", "kind"]
                ),
                x,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_rubbish_is_refused_with_reasons(rubbish: Any) -> None:
    with pytest.raises(FenceError) as caught:
        fence_from_feature({"type": "Feature", "properties": {}, "geometry": rubbish})
    assert caught.value.errors


# --- the moratorium that ships as an example


def test_the_moratorium_holds_from_first_of_may_noon_to_sixteenth_of_august_noon(
    world: World,
) -> None:
    fence = next(f for f in world.geofences if f.id == "example-scs-moratorium")
    rule = fence.rules[0]
    assert rule.kind == "season"
    noon = 4  # 12:00 at UTC+8
    instants = {
        us(2026, 5, 1, noon) - 1: False,
        us(2026, 5, 1, noon): True,
        us(2026, 8, 16, noon) - 1: True,
        us(2026, 8, 16, noon): False,
        us(2024, 7, 1): True,
        us(2027, 1, 1): False,
        us(1969, 6, 1): True,
    }
    assert in_season(rule, np.array(list(instants))).tolist() == list(instants.values())


def test_the_moratorium_covers_the_sea_north_of_twelve(world: World) -> None:
    index = GeofenceIndex.build(world.geofences)
    places = [(110.0, 17.5), (107.5, 20.0), (113.0, 12.5), (113.0, 11.5), (125.0, 15.0)]
    lon, lat = np.array(places).T
    row, _ = index.hits(lon, lat, np.zeros(len(places), np.int64))
    assert row.tolist() == [0, 1, 2]
    assert "示例" in world.geofences[0].name["zh"]


def test_a_season_over_new_year() -> None:
    rule = FenceRule("season", season_from="11-15T00:00", season_to="02-29T00:00")
    t = np.array(
        [us(2026, 11, 14, 23), us(2026, 11, 15), us(2027, 1, 1), us(2027, 2, 28), us(2027, 3, 1)]
    )
    assert in_season(rule, t).tolist() == [False, True, True, True, False]


# --- the index


def blob(rng: np.random.Generator, lon: float, lat: float, size: float, k: int) -> list:
    angle = np.sort(rng.uniform(0, 2 * np.pi, k))
    r = size * rng.uniform(0.3, 1.0, k)
    ring = np.column_stack([lon + r * np.cos(angle), lat + r * np.sin(angle)]).tolist()
    return [*ring, ring[0]]


def fences_of(rng: np.random.Generator, n: int) -> list[Geofence]:
    out: list[Geofence] = []
    while len(out) < n:
        k = int(rng.integers(5, 60))
        ring = blob(
            rng, rng.uniform(107, 112), rng.uniform(17, 21), rng.choice([0.01, 0.2, 2.0]), k
        )
        if not shapely.Polygon(ring).is_valid:
            continue
        polygon = tuple(tuple((x, y) for x, y in ring) for ring in [ring])
        spans = [(ALWAYS_US, FOREVER_US), (0, 1_000_000), (1_000_000, 2_000_000)]
        start, stop = spans[int(rng.integers(3))]
        out.append(Geofence(f"f{len(out)}", {}, (polygon,), start, stop))
    return out


def expected_hits(
    fences: list[Geofence], lon: np.ndarray, lat: np.ndarray, t: np.ndarray
) -> set[tuple[int, int]]:
    found = set()
    for k, fence in enumerate(fences):
        shape = shapely.union_all([shapely.Polygon(p[0], p[1:]) for p in fence.polygons])
        holds = (t >= fence.valid_from_us) & (t < fence.valid_to_us)
        found |= {(int(i), k) for i in np.flatnonzero(shapely.contains_xy(shape, lon, lat) & holds)}
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_hits_as_shapely_finds_them(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    fences = fences_of(rng, n)
    lon, lat = rng.uniform(106.5, 112.5, 3000), rng.uniform(16.5, 21.5, 3000)
    # half of the points about the corners of fences
    corner = np.concatenate([np.array(f.polygons[0][0]) for f in fences])
    pick = corner[rng.integers(0, len(corner), 1500)] + rng.normal(0, 0.002, (1500, 2))
    lon[:1500], lat[:1500] = pick.T
    t = rng.integers(-500_000, 2_500_000, 3000)
    row, fence = GeofenceIndex.build(fences).hits(lon, lat, t)
    assert set(zip(row.tolist(), fence.tolist(), strict=True)) == expected_hits(fences, lon, lat, t)
    assert (np.diff(row) >= 0).all()


def test_holes_and_several_parts() -> None:
    hole = [[110.4, 18.4], [110.6, 18.4], [110.6, 18.6], [110.4, 18.6], [110.4, 18.4]]
    other = [[112.0, 18.0], [112.5, 18.0], [112.5, 18.5], [112.0, 18.0]]
    fence = fence_from_feature(
        {
            **feature(),
            "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE, hole], [other]]},
        }
    )
    index = GeofenceIndex.build([fence])
    lon, lat = np.array([110.2, 110.5, 112.4, 111.5]), np.array([18.5, 18.5, 18.2, 18.2])
    row, _ = index.hits(lon, lat, np.zeros(4, np.int64))
    assert row.tolist() == [0, 2]


def test_validity_is_from_inclusive_to_exclusive() -> None:
    fence = fence_from_feature(
        feature(valid_from="1970-01-01T00:00:10Z", valid_to="1970-01-01T00:00:20Z")
    )
    t = np.array([9_999_999, 10_000_000, 19_999_999, 20_000_000])
    row, _ = GeofenceIndex.build([fence]).hits(np.full(4, 110.5), np.full(4, 18.5), t)
    assert row.tolist() == [1, 2]


def test_more_hits_than_rows_and_none_at_all() -> None:
    fences = [fence_from_feature({**feature(), "id": f"f{i}"}) for i in range(300)]
    row, fence = GeofenceIndex.build(fences).hits(
        np.full(2, 110.5), np.full(2, 18.5), np.zeros(2, np.int64)
    )
    assert row.tolist() == [0] * 300 + [1] * 300
    assert fence.tolist() == [*range(300), *range(300)]
    empty = GeofenceIndex.build([])
    for index in (empty, GeofenceIndex.build(fences)):
        row, _ = index.hits(np.array([np.nan, 0.0]), np.array([18.5, 0.0]), np.zeros(2, np.int64))
        assert len(row) == 0


def test_a_fence_as_large_as_the_world_beside_a_small_one() -> None:
    ring = [[-180, -90], [0, -90], [180, -90], [180, 90], [0, 90], [-180, 90], [-180, -90]]
    big, small = fence_from_feature(feature(ring)), fence_from_feature({**feature(), "id": "f2"})
    lon, lat = np.array([110.5, 110.0 - 1e-9, -179.9, 179.9]), np.array([18.5, 18.5, 89.9, -89.9])
    row, fence = GeofenceIndex.build([big, small]).hits(lon, lat, np.zeros(4, np.int64))
    assert list(zip(row.tolist(), fence.tolist(), strict=True)) == [
        (0, 0), (0, 1), (1, 0), (2, 0), (3, 0),
    ]  # fmt: skip
