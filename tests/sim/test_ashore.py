"""Where trajectories meet the shore, against Shapely; and that what is planted there happens."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from littoral.sim import traffic
from littoral.sim.ashore import ahead_m, shore_m
from littoral.sim.feed import region_coast
from littoral.sim.motion import DEG_M
from littoral.sim.truth import measure_all

SHORE = np.array(
    [(110.0, 18.0, 110.2, 18.1), (110.2, 18.1, 110.5, 18.0), (110.1, 18.3, 110.3, 18.4)]
)
NIGHT_US = int(np.datetime64("2026-08-16T12:00:00", "us").astype(np.int64))


@pytest.mark.parametrize("course", [0.0, 20.0, 75.0, 180.0, 260.0, 340.0])
def test_distances_as_by_shapely(course: float) -> None:
    lon, lat = 110.15, 17.95
    scale = np.array([DEG_M * math.cos(math.radians(lat)), DEG_M])
    lines = [(s.reshape(2, 2) - (lon, lat)) * scale for s in SHORE]
    shore = shapely.MultiLineString([line.tolist() for line in lines])
    here = shapely.Point(0.0, 0.0)
    assert shore_m(SHORE, lon, lat) == pytest.approx(shore.distance(here), rel=1e-9)
    a = math.radians(course)
    ray = shapely.LineString([(0, 0), (1e6 * math.sin(a), 1e6 * math.cos(a))])
    met = shore.intersection(ray)
    expected = math.inf if met.is_empty else met.distance(here)
    assert ahead_m(SHORE, lon, lat, course) == pytest.approx(expected, rel=1e-6)


def test_what_is_planted_along_the_shore_happens() -> None:
    settings = traffic.Settings(20, history_us=0)
    world = traffic.start(region_coast(), NIGHT_US, settings)
    events = {
        e.name: e
        for e in measure_all(world, 2 * 3_600_000_000)
        if e.rule in ("approach", "landing", "landfall")
    }
    assert sorted(e.rule for e in events.values() if not e.innocent) == [
        "approach", "landfall", "landing", "landing",
    ]  # fmt: skip
    assert sorted(e.rule for e in events.values() if e.innocent) == [
        "approach", "landfall", "landing",
    ]  # fmt: skip
    fast = events["fast to an empty beach"]
    # 30 kn for 6 n mile less 700 m are 11 min.
    assert 10 * 60 <= (fast.end_us - fast.start_us) / 1e6 <= 12 * 60
    assert fast.value == pytest.approx(720.0, abs=60.0)
    night = events["night landing"]
    assert (night.end_us - night.start_us) / 1e6 == pytest.approx(25 * 60, abs=60)
    assert night.value < 250.0
