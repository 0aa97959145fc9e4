"""How far a report lies from where a track's dead reckoning expects it, and how far is allowed.

After Global Fishing Watch's gpsdio-segment (see docs/tracks.md): the discrepancy is the mean of two
distances, from the reported position to the one that the track's last speed and course lead to, and
from the track's last position to the one that the report's speed and course lead back to; or the
plain distance when that is less (the vessel stayed).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import flat_m
from littoral.fuse.settings import (
    NEAR_BASE_M,
    NEAR_MPS,
    PENALTY_S,
    REACH_CAP_MPS,
    REACH_M,
    REACH_MPS,
)

# Course is not told by many sets while speed over ground is below this; then speed counts as zero.
VERY_SLOW_MPS = 0.18  # 0.35 kn (GFW)


@njit(cache=True, nogil=True)
def reckoned_s(dt_s: float, limits: np.ndarray) -> float:
    """Seconds that dead reckoning counts for `dt_s`: long silences are not run straight."""
    return dt_s / (1.0 + math.sqrt(dt_s / limits[PENALTY_S]))


@njit(cache=True, nogil=True)
def leg_m(east: float, north: float, sog: float, cog: float, seconds: float) -> float:
    """Metres between the displacement (east, north) and what `sog` m/s on `cog` degrees gives in
    `seconds`; NaN when speed or course is not available."""
    if math.isnan(cog):
        if not sog <= VERY_SLOW_MPS:
            return math.nan
        return math.hypot(east, north)
    run = sog * seconds
    a = math.radians(cog)
    return math.hypot(east - run * math.sin(a), north - run * math.cos(a))


@njit(cache=True, nogil=True)
def discrepancy_m(
    lon1: float,
    lat1: float,
    sog1: float,
    cog1: float,
    lon2: float,
    lat2: float,
    sog2: float,
    cog2: float,
    dt_s: float,
    limits: np.ndarray,
) -> tuple[float, float]:
    """(discrepancy, distance) in metres of report 2 from report 1, `dt_s` >= 0 earlier. m/s and
    degrees, NaN where not available; without speed or course the discrepancy is the distance."""
    east, north = flat_m(lon1, lat1, lon2, lat2)
    distance = math.hypot(east, north)
    seconds = reckoned_s(dt_s, limits)
    forth = leg_m(east, north, sog1, cog1, seconds)
    back = leg_m(east, north, sog2, cog2, seconds)
    if math.isnan(forth):
        forth = back
    if math.isnan(back):
        back = forth
    reckoned = 0.5 * (forth + back)
    return (distance if not reckoned < distance else reckoned), distance


@njit(cache=True, nogil=True)
def near_m(dt_s: float, sog1: float, sog2: float, limits: np.ndarray) -> float:
    """The discrepancy that a report may have and still have come from the last position. What says
    that it is faster than 50 kn (a search and rescue aircraft) is allowed its own speed."""
    v = limits[NEAR_MPS]
    if sog1 > v:
        v = sog1
    if sog2 > v:
        v = sog2
    return limits[NEAR_BASE_M] + v * dt_s


@njit(cache=True, nogil=True)
def is_possible(discrepancy: float, dt_s: float, limits: np.ndarray) -> bool:
    """Whether an established track takes the report, though it cannot have come from there."""
    if discrepancy <= 0.0:
        return True
    v = limits[REACH_MPS] * (1.0 + (limits[REACH_M] / discrepancy) ** 2)
    return discrepancy <= min(v, limits[REACH_CAP_MPS]) * dt_s
