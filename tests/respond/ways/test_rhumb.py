"""Positions on a constant course, against the differential equation of the rhumb line."""

from __future__ import annotations

import math

import pytest
from pyproj import Geod

from littoral.respond.rhumb import sailed

GEOD = Geod(ellps="WGS84")


def in_small_steps(lon: float, lat: float, course: float, distance: float) -> tuple[float, float]:
    """Geodesics of 10 m, each begun on the course (an error of the order of the step)."""
    steps = round(distance / 10.0)
    for _ in range(steps):
        lon, lat, _ = GEOD.fwd(lon, lat, course, distance / steps)
    return lon, lat


@pytest.mark.parametrize("course", [0.0, 37.0, 89.999, 90.0, 135.0, 180.0, 242.5, 270.0])
def test_against_small_steps(course: float) -> None:
    lon, lat = sailed(109.5, 18.5, course, 200_000.0)
    want = in_small_steps(109.5, 18.5, course, 200_000.0)
    assert GEOD.inv(lon, lat, *want)[2] < 1.0


def test_along_a_parallel_the_latitude_stays() -> None:
    """Its radius is N cos(lat), N = a / sqrt(1 - e2 sin2(lat)) (Snyder, USGS PP 1395, 4-20)."""
    lat = math.radians(20.0)
    radius = 6_378_137.0 / math.sqrt(1 - 6.694379990141e-3 * math.sin(lat) ** 2) * math.cos(lat)
    assert sailed(110.0, 20.0, 90.0, math.radians(1.0) * radius) == pytest.approx((111.0, 20.0))


def test_nothing_sailed_and_over_the_antimeridian() -> None:
    assert sailed(110.0, 20.0, 45.0, 0.0) == pytest.approx((110.0, 20.0), abs=1e-12)
    lon, _ = sailed(179.9, 0.0, 90.0, 0.2 * 111_319.49)
    assert lon == pytest.approx(-179.9, abs=1e-6)


def test_not_near_a_pole() -> None:
    with pytest.raises(ValueError, match="89"):
        sailed(0.0, 88.0, 0.0, 200_000.0)
