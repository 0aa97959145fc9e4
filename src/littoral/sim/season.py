"""When fishing is closed and when it is night, for the plans of the simulated fleet.

Kept apart from the detectors' own rules on purpose: ground truth must not lean on what it judges.
"""

from __future__ import annotations

import math

import numpy as np

# South China Sea summer moratorium north of 12 N: 1 May 12:00 to 16 August 12:00, UTC+8
# (Ministry of Agriculture and Rural Affairs, notice on the marine summer fishing moratorium).
MORATORIUM_FROM = (5, 1, 4)  # month, day, hour UTC
MORATORIUM_UNTIL = (8, 16, 4)
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US


def _moment_us(year: int, when: tuple[int, int, int]) -> int:
    stamp = np.datetime64(f"{year:04d}-{when[0]:02d}-{when[1]:02d}T{when[2]:02d}:00:00", "us")
    return int(stamp.astype("int64"))


def moratorium_us(t_us: int) -> tuple[int, int]:
    """Start and end of the moratorium in the year of `t_us`."""
    year = int(str(np.datetime64(t_us, "us"))[:4])
    return _moment_us(year, MORATORIUM_FROM), _moment_us(year, MORATORIUM_UNTIL)


def fishing_closed(t_us: int) -> bool:
    start, end = moratorium_us(t_us)
    return start <= t_us < end


def sun_altitude_deg(t_us: int, lon_deg: float, lat_deg: float) -> float:
    """Altitude of the sun's centre, good to about 0.3 degrees: the low-precision formula of the
    Astronomical Almanac (section C, "low precision formulas for the Sun")."""
    n = t_us / (DAY_US * 1.0) - 10_957.5  # days since J2000.0
    mean = math.radians((280.460 + 0.9856474 * n) % 360.0)
    anomaly = math.radians((357.528 + 0.9856003 * n) % 360.0)
    ecliptic = mean + math.radians(1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly))
    tilt = math.radians(23.439 - 0.0000004 * n)
    rise = math.atan2(math.cos(tilt) * math.sin(ecliptic), math.cos(ecliptic))
    declination = math.asin(math.sin(tilt) * math.sin(ecliptic))
    sidereal = math.radians((280.46062 + 360.98564737 * n + lon_deg) % 360.0)
    hour = sidereal - rise
    lat = math.radians(lat_deg)
    s = math.sin(lat) * math.sin(declination)
    s += math.cos(lat) * math.cos(declination) * math.cos(hour)
    return math.degrees(math.asin(s))


def is_night(t_us: int, lon_deg: float, lat_deg: float) -> bool:
    """Sun's upper limb below the horizon: altitude under -0.833 degrees."""
    return sun_altitude_deg(t_us, lon_deg, lat_deg) < -0.833
