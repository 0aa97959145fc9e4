"""The sun's height against published worked examples and against astral."""

from __future__ import annotations

from datetime import UTC, datetime

import astral
import astral.sun
import numpy as np
import pytest

from littoral.area.sun import is_night, sun_elevation_deg


def us(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp()) * 1_000_000


def test_declination_of_meeus_example_25a() -> None:
    """Meeus, Astronomical Algorithms, example 25.a: 1992 October 13, 0h TD: -7.78507 degrees.
    At the pole the sun stands as high as its declination."""
    got = sun_elevation_deg(us(1992, 10, 13), 0.0, 90.0)
    assert got[0] == pytest.approx(-7.78507, abs=0.002)


def test_elevation_of_the_nrel_example() -> None:
    """Reda and Andreas, Solar Position Algorithm, NREL/TP-560-34302, table A5.1: 2003-10-17
    19:30:30 UTC at 105.1786 W, 39.742476 N: zenith 50.11162 with refraction (0.016 degrees)."""
    got = sun_elevation_deg(us(2003, 10, 17, 19, 30, 30), -105.1786, 39.742476)
    assert got[0] == pytest.approx(90.0 - 50.11162 - 0.016, abs=0.01)


def test_as_astral_says() -> None:
    rng = np.random.default_rng(31)
    t = rng.integers(us(2000, 1, 1), us(2040, 1, 1), 300) // 1_000_000 * 1_000_000
    lon, lat = rng.uniform(-180, 180, 300), rng.uniform(-65, 65, 300)
    expected = [
        astral.sun.elevation(
            astral.Observer(y, x), datetime.fromtimestamp(int(w) // 1_000_000, UTC), False
        )
        for w, x, y in zip(t, lon, lat, strict=True)
    ]
    assert sun_elevation_deg(t, lon, lat) == pytest.approx(expected, abs=0.03)


def test_night_over_hainan() -> None:
    """Civil twilight at Haikou on 2026-06-21 ends at about 19:47 and begins at about 05:34 local
    time (UTC+8), by astral."""
    place = astral.Observer(20.04, 110.28)
    day = datetime(2026, 6, 21).date()
    dusk = int(astral.sun.dusk(place, day, 6, tzinfo=UTC).timestamp() * 1e6)
    t = np.array([dusk - 120_000_000, dusk + 120_000_000])
    assert is_night(t, np.full(2, 110.28), np.full(2, 20.04)).tolist() == [False, True]


def test_no_coordinates() -> None:
    assert np.isnan(sun_elevation_deg(us(2026, 1, 1), np.nan, 0.0)).all()
    assert is_night(us(2026, 1, 1), np.nan, 0.0).tolist() == [False]
