"""Anchorage points by the published numbers, each from both sides, however the data are cut."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from pyproj import Geod

from littoral.area.anchorage_file import from_geojson, named, to_geojson
from littoral.area.anchorage_learning import AnchorageBuilder, LearnedPoint, cell_of
from littoral.area.places import Place
from littoral.area.world import World
from littoral.schema.ais import FLAG_JUMP

SPHERE = Geod(a=6_371_008.8, b=6_371_008.8)
HOUR_US = 3_600_000_000
ROW_DEG = 500.0 / 111_195.08  # 500 m of latitude on the sphere
SITE = (110.0005, 4004.5 * ROW_DEG)  # the middle of a row of cells


def lying(
    vessels: int = 20, hours: float = 12.0, swing_m: float = 100.0, every_s: float = 600.0
) -> dict[str, np.ndarray]:
    """Vessels that swing about one place, to and fro, and then are far away."""
    rows = []
    for v in range(vessels):
        times = np.arange(0.0, hours * 3600 + 1, every_s)
        for n, t in enumerate(times):
            x, y, _ = SPHERE.fwd(*SITE, 0.0, swing_m * (n % 2))
            rows.append((int(t * 1e6), v, x, y))
        rows.append((int(times[-1] * 1e6) + HOUR_US, v, 111.0, 18.0))
    rows.sort()
    t, track, lon, lat = (np.array(c) for c in zip(*rows, strict=True))
    return {
        "t_us": t, "track": track, "mmsi": 412_000_000 + track, "lon": lon, "lat": lat,
        "kind": np.zeros(len(t), np.int8), "flags": np.zeros(len(t), np.uint32),
    }  # fmt: skip


def learned(*pieces: dict[str, np.ndarray]) -> list[LearnedPoint]:
    builder = AnchorageBuilder()
    for piece in pieces:
        builder.add(**piece)
    return builder.build()


def test_twenty_vessels_for_twelve_hours_make_one_point_at_their_mean() -> None:
    """Every other report lies 100 m north: of 73 reports 36, so the mean is 49.3 m north."""
    (point,) = learned(lying())
    assert (point.vessels, point.stays) == (20, 20)
    _, _, away = SPHERE.inv(*SITE, point.lon_deg, point.lat_deg)
    assert away == pytest.approx(100.0 * 36 / 73, abs=1.0)


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({"vessels": 19}, 0),
        ({"vessels": 21}, 1),
        ({"hours": 11.8}, 0),
        ({"hours": 12.2}, 1),
        ({"swing_m": 480.0}, 1),
        ({"swing_m": 520.0}, 0),
    ],
)
def test_each_number_from_both_sides(changes: dict[str, float], points: int) -> None:
    found = learned(lying(**changes))  # type: ignore[arg-type]
    assert len(found) == points


def test_the_same_vessel_again_is_one() -> None:
    rows = lying()
    rows["mmsi"][:] = 412_000_001
    assert learned(rows) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_the_cut_is_no_matter(seed: int) -> None:
    rows = lying()
    cuts = np.sort(np.random.default_rng(seed).integers(0, len(rows["t_us"]), 6)).tolist()
    edges = [0, *cuts, len(rows["t_us"])]
    pieces = [{k: v[a:b] for k, v in rows.items()} for a, b in itertools.pairwise(edges)]
    assert learned(*pieces) == learned(rows)


def test_a_stay_that_goes_on_counts() -> None:
    rows = lying()
    still = rows["lon"] < 110.5
    assert len(learned({k: v[still] for k, v in rows.items()})) == 1


def test_other_stations_and_doubtful_positions_teach_nothing() -> None:
    beacons = lying()
    beacons["kind"][:] = 3
    assert learned(beacons) == []
    astray = lying()
    astray["flags"][:] = FLAG_JUMP
    assert learned(astray) == []


def test_cells_are_half_a_kilometre() -> None:
    north = [cell_of(110.0, lat)[0] for lat in np.arange(18.0, 18.1, 0.0001)]
    assert 1 + max(north) - min(north) == 23  # 11,120 m begin in one row and end in the 23rd
    east = [cell_of(lon, 18.0)[1] for lon in np.arange(110.0, 110.1, 0.0001)]
    assert 1 + max(east) - min(east) in (22, 23)  # 10,575 m


class Shore:
    def shore_distance_m(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return (lat - 18.0) * 111_195.0


def test_points_are_called_after_what_is_near_and_read_back_as_written() -> None:
    port = Place("p", {"zh": "港", "en": "Port"}, 110.0, 18.01, 1_500.0, "harbour", "test")
    world = World("x", Shore(), None, ports=(port,))  # type: ignore[arg-type]
    points = [
        LearnedPoint(110.0, 18.012, 25, 40),  # in its circle
        LearnedPoint(110.04, 18.012, 25, 40),  # 4.2 km: 2.7 from its edge
        LearnedPoint(110.2, 18.2, 20, 20),  # far from all, far from the shore
        LearnedPoint(110.2, 18.002, 20, 20),  # far from all, 222 m off the shore
    ]
    places = named(points, world)
    assert [(p.name["en"], p.kind) for p in places] == [
        ("Port", "port"), ("Port", "anchorage"), ("", "anchorage"), ("", "port"),
    ]  # fmt: skip
    document = to_geojson(places)
    assert from_geojson(document) == places
    document["features"][0]["geometry"]["coordinates"][0] += 0.01
    with pytest.raises(ValueError, match="damaged or edited"):
        from_geojson(document)
    with pytest.raises(ValueError, match="not a file of anchorage points"):
        from_geojson({"type": "FeatureCollection"})
    del document["features"][0]["properties"]
    with pytest.raises(ValueError, match="KeyError"):
        from_geojson(document)
