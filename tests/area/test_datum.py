"""Datums by round trip, against the test values of EvilTransform, and against prcoords."""

from __future__ import annotations

import eviltransform
import numpy as np
import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.area.datum import bd09_of_gcj02, gcj02_of_wgs84, to_wgs84

# EvilTransform's published test set: WGS 84 lat, lon, GCJ-02 lat, lon.
CITIES = (
    (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
    (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
    (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
)


@pytest.mark.parametrize("city", CITIES)
def test_gcj02_of_cities(city: tuple[float, float, float, float]) -> None:
    lat, lon, gcj_lat, gcj_lon = city
    x, y = to_wgs84(np.array([gcj_lon]), np.array([gcj_lat]), "gcj02")
    assert (x[0], y[0]) == pytest.approx((lon, lat), abs=1e-6)


@given(st.floats(73.0, 137.0), st.floats(2.0, 55.0))
def test_round_trips_to_a_billionth_of_a_degree(lon: float, lat: float) -> None:
    x, y = np.array([lon]), np.array([lat])
    gcj = gcj02_of_wgs84(x, y)
    back = to_wgs84(*gcj, "gcj02")
    assert (back[0][0], back[1][0]) == pytest.approx((lon, lat), abs=1e-9)
    back = to_wgs84(*bd09_of_gcj02(*gcj), "bd09")
    assert (back[0][0], back[1][0]) == pytest.approx((lon, lat), abs=1e-9)


def test_as_eviltransform_and_prcoords_say() -> None:
    rng = np.random.default_rng(41)
    lon, lat = rng.uniform(105, 122, 300), rng.uniform(18, 42, 300)
    gcj = gcj02_of_wgs84(lon, lat)
    bd = bd09_of_gcj02(*gcj)
    for i in range(300):
        theirs = eviltransform.wgs2gcj(lat[i], lon[i])
        # it keeps a slightly different squared eccentricity: centimetres
        assert (gcj[1][i], gcj[0][i]) == pytest.approx(theirs, abs=2e-6)
        theirs = prcoords.wgs_gcj((lat[i], lon[i]))
        assert (gcj[1][i], gcj[0][i]) == pytest.approx(tuple(theirs), abs=2e-6)
        theirs = eviltransform.gcj2bd(gcj[1][i], gcj[0][i])
        assert (bd[1][i], bd[0][i]) == pytest.approx(theirs, abs=1e-9)


def test_gcj02_is_hundreds_of_metres_off_hainan() -> None:
    x, y = to_wgs84(np.array([110.33]), np.array([20.03]), "gcj02")
    metres = np.hypot((110.33 - x[0]) * 104_600, (20.03 - y[0]) * 110_700)
    assert 200 < metres < 800


def test_wgs84_cgcs2000_and_abroad_stay() -> None:
    lon, lat = np.array([110.0, np.nan]), np.array([19.0, 1.0])
    for datum in ("wgs84", "cgcs2000"):
        x, y = to_wgs84(lon, lat, datum)
        assert np.array_equal(x, lon, equal_nan=True)
        assert np.array_equal(y, lat)
    x, y = to_wgs84(np.array([-1.4]), np.array([50.8]), "gcj02")
    assert (x[0], y[0]) == (-1.4, 50.8)


def test_missing_stays_missing_and_unknown_is_refused() -> None:
    x, _ = to_wgs84(np.array([np.nan, 110.0]), np.array([19.0, 19.0]), "bd09")
    assert np.isnan(x).tolist() == [True, False]
    with pytest.raises(ValueError, match="pz90"):
        to_wgs84(np.array([1.0]), np.array([1.0]), "pz90")
