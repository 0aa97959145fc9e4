"""Where a contact may be by now, against PROJ's geodesics on the sphere of `area.geodesy`, and on
WGS 84 within that sphere's error."""

from __future__ import annotations

import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.area.geodesy import EARTH_M, KNOT_MPS
from littoral.respond.contact.reckoning import reckon, reckoning_of
from littoral.respond.contact.settings import SETTINGS
from littoral.respond.contact.words import WHAT

from .reports import MINUTE_US, NOW_US, one

SPHERE, EARTH = pyproj.Geod(a=EARTH_M, b=EARTH_M), pyproj.Geod(ellps="WGS84")


@given(
    what=st.sampled_from(WHAT),
    lon=st.floats(-180, 180),
    lat=st.floats(-80, 80),
    course=st.floats(0, 360, exclude_max=True),
    speed_kn=st.floats(0, 300),
    minutes=st.floats(0, 180),
)
def test_it_goes_on_along_the_great_circle(
    what: str, lon: float, lat: float, course: float, speed_kn: float, minutes: float
) -> None:
    heard = one(
        what=what, lon_deg=lon, lat_deg=lat, cog_deg=course, sog_mps=speed_kn * KNOT_MPS,
        accuracy_m=500.0,
    )  # fmt: skip
    at_us = NOW_US + round(minutes * MINUTE_US)
    place = reckon(heard, at_us)
    seconds = min(minutes * 60, SETTINGS[what].until_s)
    run_m = speed_kn * 1852 / 3600 * seconds
    there_lon, there_lat, _ = SPHERE.fwd(lon, lat, course, run_m)
    _, _, apart_m = SPHERE.inv(there_lon, there_lat, place.lon_deg, place.lat_deg)
    assert apart_m < 0.01
    far_lon, far_lat, _ = EARTH.fwd(lon, lat, course, run_m)
    _, _, apart_m = EARTH.inv(far_lon, far_lat, place.lon_deg, place.lat_deg)
    assert apart_m <= 0.006 * run_m + 0.01
    assert place.is_old == (at_us > NOW_US + round(SETTINGS[what].until_s * 1e6))
    grown_m = max(SETTINGS[what].error_ratio * run_m, SETTINGS[what].drift_mps * seconds)
    assert place.radius_m == pytest.approx(500.0 + grown_m, rel=1e-6)


def test_by_hand() -> None:
    """12 kn due north from 20 N for half an hour: 6 minutes of latitude, as a mile is a minute (to
    0.1 % on this sphere). The circle: the mile of the fix, and beside it the error current of 0.7
    kn for half an hour, 0.35 NM, which is more than 5 % of 6 NM."""
    heard = one(cog_deg=0.0, sog_mps=12 * KNOT_MPS)
    place = reckon(heard, NOW_US + 30 * MINUTE_US)
    assert place.lat_deg == pytest.approx(20.1, abs=0.0002)
    assert place.lon_deg == pytest.approx(110.0)
    assert place.radius_m == pytest.approx(1.35 * 1852)
    hour = reckon(heard, NOW_US + 60 * MINUTE_US)
    assert reckon(heard, NOW_US + 100 * MINUTE_US).lat_deg == hour.lat_deg
    assert (hour.is_old, reckon(heard, NOW_US + 61 * MINUTE_US).is_old) == (False, True)


@pytest.mark.parametrize(
    ("said", "growth_kn"),
    [
        ({}, 10.0),
        ({"what": "in_water"}, 2.5),
        ({"sog_mps": 6 * KNOT_MPS}, 6.0),  # any way
        ({"cog_deg": 90.0}, 10.0),
        ({"sog_mps": 0.0}, 0.7),
        ({"cog_deg": 90.0, "sog_mps": 20 * KNOT_MPS}, 1.0),
        ({"what": "aircraft", "cog_deg": 90.0, "sog_mps": 100 * KNOT_MPS}, 15.0),
    ],
)
def test_how_fast_the_circle_grows(said: dict[str, float], growth_kn: float) -> None:
    heard = one(**said)
    assert reckoning_of(heard).growth_mps / KNOT_MPS == pytest.approx(growth_kn)
    moves = {"cog_deg", "sog_mps"} <= said.keys()
    assert (reckon(heard, NOW_US + MINUTE_US).lon_deg != 110.0) == moves
