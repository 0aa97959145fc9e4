"""Height of the sun, so that night is told by the sun and not by the clock.

Low-precision solar coordinates after Meeus, Astronomical Algorithms (2nd ed., chapter 25, as in the
NOAA solar calculator): better than 0.01 degree of arc from 1900 to 2100. Geometric height of the
sun's centre, no refraction.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

J2000_US = 946_728_000_000_000  # 2000-01-01 12:00 UTC
DAY_US = 86_400_000_000
# The difference between UTC and terrestrial time (about 70 s) moves the sun by 0.0008 degrees.
CIVIL_TWILIGHT_DEG = -6.0


@njit(cache=True, nogil=True)
def sun_elevation_at(t_us: int, lon: float, lat: float) -> float:
    """Degrees above the horizon; NaN without coordinates."""
    days = (t_us - J2000_US) / DAY_US
    c = days / 36525.0
    mean_lon = math.radians((280.46646 + c * (36000.76983 + c * 0.0003032)) % 360.0)
    anomaly = math.radians((357.52911 + c * (35999.05029 - c * 0.0001537)) % 360.0)
    centre = (
        math.sin(anomaly) * (1.914602 - c * (0.004817 + c * 0.000014))
        + math.sin(2.0 * anomaly) * (0.019993 - c * 0.000101)
        + math.sin(3.0 * anomaly) * 0.000289
    )
    node = math.radians(125.04 - 1934.136 * c)
    apparent = mean_lon + math.radians(centre - 0.00569 - 0.00478 * math.sin(node))
    tilt = math.radians(23.439291 - c * 0.0130042 + 0.00256 * math.cos(node))
    declination = math.asin(math.sin(tilt) * math.sin(apparent))
    ascension = math.atan2(math.cos(tilt) * math.sin(apparent), math.cos(apparent))
    sidereal = 280.46061837 + 360.98564736629 * days + c * c * 0.000387933
    hour = math.radians((sidereal + lon) % 360.0) - ascension
    p = math.radians(lat)
    s = math.sin(p) * math.sin(declination) + math.cos(p) * math.cos(declination) * math.cos(hour)
    return math.degrees(math.asin(min(1.0, max(-1.0, s))))


@njit(cache=True, nogil=True)
def _elevations(t_us: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    out = np.empty(len(t_us))
    for i in range(len(t_us)):
        if abs(lon[i]) <= 180.0 and abs(lat[i]) <= 90.0:
            out[i] = sun_elevation_at(t_us[i], lon[i], lat[i])
        else:
            out[i] = math.nan
    return out


def sun_elevation_deg(t_us: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """(n,) float64 degrees; NaN without coordinates."""
    return _elevations(
        np.ascontiguousarray(np.atleast_1d(t_us), np.int64),
        np.ascontiguousarray(np.atleast_1d(lon), np.float64),
        np.ascontiguousarray(np.atleast_1d(lat), np.float64),
    )


def is_night(
    t_us: np.ndarray, lon: np.ndarray, lat: np.ndarray, below_deg: float = CIVIL_TWILIGHT_DEG
) -> np.ndarray:
    """(n,) bool: the sun stands lower than `below_deg` (default: civil twilight has ended); False
    without coordinates."""
    return sun_elevation_deg(t_us, lon, lat) < below_deg
