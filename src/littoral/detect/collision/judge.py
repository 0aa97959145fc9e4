"""Two vessels at one instant: closest point, clear distance between hulls, class by COLREG.

The functions take one row of the scene and one of `Vessels.fix` for each of the two vessels.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.geodesy import wrap_lon
from littoral.detect._pairs.grid import M_PER_DEG
from littoral.detect.collision.scene import (
    AREA,
    BOW,
    COURSE,
    EAST,
    ERROR,
    FRESH,
    HULL,
    NORTH,
    OFF_MEAN,
    PORT,
    S_LAT,
    S_LON,
    SPEED,
    STARBOARD,
    STATUS,
    STERN,
    TYPE,
    Rules,
)
from littoral.detect.collision.scene import CROSSING as ON_CROSSING
from littoral.detect.collision.settings import FERRIES

NO_RISK, HELD, WARNING_LEVEL, ALARM_LEVEL = 0, 1, 2, 3
HEAD_ON, CROSSING, OVERTAKING, NOT_MAKING_WAY, RESPONSIBILITY = 1, 2, 3, 4, 5
BOTH, FIRST, SECOND = 0, 1, 2  # who gives way


class Approach(NamedTuple):
    """Metres, seconds, m/s. `clear_m` is between hulls, less the errors of both positions."""

    range_m: float
    closing_mps: float  # relative speed
    tcpa_s: float  # negative: the closest point is past
    cpa_m: float  # between the middles of the hulls
    clear_m: float


@njit(cache=True, nogil=True)
def _middle(s: np.ndarray, f: np.ndarray) -> tuple[float, float]:
    """East and north of the middle of the hull from the antenna, metres; 0 where not known."""
    ahead, right = 0.5 * (f[BOW] - f[STERN]), 0.5 * (f[STARBOARD] - f[PORT])
    if not (ahead == ahead and right == right):
        return 0.0, 0.0
    sin, cos = math.sin(math.radians(s[HULL])), math.cos(math.radians(s[HULL]))
    return ahead * sin + right * cos, ahead * cos - right * sin


@njit(cache=True, nogil=True)
def _half_width(s: np.ndarray, f: np.ndarray, along_deg: float, length_m: float, beam_m: float):
    """Half the width of a hull (a rectangle) seen along the relative motion, metres."""
    length, beam = f[BOW] + f[STERN], f[PORT] + f[STARBOARD]
    a = math.radians(s[HULL] - along_deg)
    return 0.5 * (
        (length if length > 0.0 else length_m) * abs(math.sin(a))
        + (beam if beam > 0.0 else beam_m) * abs(math.cos(a))
    )


@njit(cache=True, nogil=True)
def approach(
    s: np.ndarray, f: np.ndarray, s2: np.ndarray, f2: np.ndarray, length_m: float, beam_m: float
) -> Approach:
    """How two vessels come to each other if both hold course and speed; `length_m` and `beam_m`
    stand in for a vessel that gives none."""
    k = M_PER_DEG * math.cos(math.radians(0.5 * (s[S_LAT] + s2[S_LAT])))
    x1, y1 = _middle(s, f)
    x2, y2 = _middle(s2, f2)
    x = wrap_lon(s2[S_LON] - s[S_LON]) * k + x2 - x1
    y = (s2[S_LAT] - s[S_LAT]) * M_PER_DEG + y2 - y1
    u, w = s2[EAST] - s[EAST], s2[NORTH] - s[NORTH]
    apart, speed = math.sqrt(x * x + y * y), math.sqrt(u * u + w * w)
    if speed < 1e-3:
        return Approach(apart, speed, np.inf, apart, apart)
    tcpa = -(x * u + y * w) / (speed * speed)
    cpa = abs(x * w - y * u) / speed
    along = math.degrees(math.atan2(u, w))
    hulls = _half_width(s, f, along, length_m, beam_m)
    hulls += _half_width(s2, f2, along, length_m, beam_m)
    errors = math.sqrt(s[ERROR] * s[ERROR] + s2[ERROR] * s2[ERROR])
    return Approach(apart, speed, tcpa, cpa, max(0.0, cpa - hulls - errors))


@njit(cache=True, nogil=True)
def limits_row(f: np.ndarray, f2: np.ndarray) -> int:
    """Row of `Rules.limits`: the narrower water of the two; FERRIES for two on the crossing."""
    if f[ON_CROSSING] >= 0.0 and f2[ON_CROSSING] >= 0.0:
        return FERRIES
    return int(max(f[AREA], f2[AREA]))


@njit(cache=True, nogil=True)
def both_fish(f: np.ndarray, f2: np.ndarray) -> bool:
    return f[TYPE] == 30.0 and f2[TYPE] == 30.0


@njit(cache=True, nogil=True)
def length_share(
    f: np.ndarray, f2: np.ndarray, length_m: float, full_m: float, least: float
) -> float:
    """Share of the distance limits that holds for a pair: a domain grows with the length of the
    longer ship, up to `full_m`; `length_m` stands in for a length not given."""
    one, two = f[BOW] + f[STERN], f2[BOW] + f2[STERN]
    longer = max(one if one > 0.0 else length_m, two if two > 0.0 else length_m)
    return min(1.0, max(least, longer / full_m))


@njit(cache=True, nogil=True)
def least_closing_mps(
    s: np.ndarray, f: np.ndarray, s2: np.ndarray, f2: np.ndarray, r: Rules
) -> float:
    """Relative speed below which two vessels are about their business with each other: sailing in
    company, fishing in a fleet, coming to one that lies still and does not say why."""
    if both_fish(f, f2):
        return r.fishing_closing_mps
    status = f[STATUS] if s[SPEED] < s2[SPEED] else f2[STATUS]
    if min(s[SPEED], s2[SPEED]) < 0.5 * r.slow_mps and not 0.0 <= status <= 14.0:
        return r.still_closing_mps
    return r.closing_mps


@njit(cache=True, nogil=True, inline="always")
def times(lim: np.ndarray, share: float, r: Rules) -> tuple[float, float]:
    """Limits of time for a warning and an alarm: what a ship needs to turn or stop grows with her
    length too."""
    warning_s = max(lim[1] * share, min(lim[1], r.least_warning_s))
    return warning_s, max(lim[3] * share, min(lim[3], r.least_alarm_s))


@njit(cache=True, nogil=True, inline="always")
def _is_steady(s: np.ndarray, f: np.ndarray, r: Rules) -> bool:
    """Who lies still goes nowhere, whatever course the noise of its fixes makes."""
    return bool(f[OFF_MEAN] <= r.steady_deg or s[SPEED] < 0.5 * r.slow_mps)


@njit(cache=True, nogil=True)
def level(
    p: Approach, s: np.ndarray, f: np.ndarray, s2: np.ndarray, f2: np.ndarray, lim: np.ndarray,
    share: float, r: Rules,
) -> int:  # fmt: skip
    """NO_RISK, HELD (an alert goes on, none begins), WARNING_LEVEL or ALARM_LEVEL; `lim` (4,).

    One begins on fresh reports of both; of a ship that is turning the course ahead is not known, so
    that she is judged only when it is near at hand.
    """
    if p.tcpa_s < 0.0:
        return NO_RISK
    warning_s, alarm_s = times(lim, share, r)
    fresh = s[FRESH] == 1.0 and s2[FRESH] == 1.0
    if (
        fresh
        and p.closing_mps >= least_closing_mps(s, f, s2, f2, r)
        and p.clear_m <= lim[0] * share
    ):
        steady = _is_steady(s, f, r) and _is_steady(s2, f2, r)
        if p.tcpa_s <= (alarm_s if steady else alarm_s * r.turning_share):
            return ALARM_LEVEL if p.clear_m <= lim[2] * share else WARNING_LEVEL
        if steady and p.tcpa_s <= warning_s:
            return WARNING_LEVEL
    if p.clear_m <= lim[0] * share * r.hold_cpa and p.tcpa_s <= warning_s * r.hold_tcpa:
        return HELD
    return NO_RISK


@njit(cache=True, nogil=True)
def _rank(status: float) -> int:
    """Rule 18: who is kept clear of. Not under command or restricted 3, fishing 2, sailing 1."""
    if status == 2.0 or status == 3.0:
        return 3
    if status == 7.0:
        return 2
    if status == 8.0:
        return 1
    return 0


@njit(cache=True, nogil=True)
def colreg(
    s: np.ndarray, f: np.ndarray, s2: np.ndarray, f2: np.ndarray, r: Rules
) -> tuple[int, int]:
    """Class of the encounter and who gives way.

    Rule 13 (b): overtaking is coming up from more than 22.5 degrees abaft the beam, 112.5 to 247.5
    relative to the overtaken ship's bow. Rule 14: courses nearly reciprocal and each nearly ahead
    of the other. Rule 18 where their occupations differ. Rule 15 else: who has the other on her
    starboard side. A ship that makes no way cannot be classed by her course: the other keeps clear.
    """
    k = math.cos(math.radians(0.5 * (s[S_LAT] + s2[S_LAT])))
    east = wrap_lon(s2[S_LON] - s[S_LON]) * k
    bearing = math.degrees(math.atan2(east, s2[S_LAT] - s[S_LAT]))
    sees = (bearing - s[COURSE]) % 360.0  # the second seen from the first one's bow
    seen = (bearing + 180.0 - s2[COURSE]) % 360.0  # the first from the second one's
    still = r.own_speed_mps / 3.0
    if s[SPEED] < still or s2[SPEED] < still:
        return NOT_MAKING_WAY, SECOND if s[SPEED] < still else FIRST
    if s[SPEED] > s2[SPEED] and 112.5 < seen < 247.5:
        return OVERTAKING, FIRST
    if s2[SPEED] > s[SPEED] and 112.5 < sees < 247.5:
        return OVERTAKING, SECOND
    rank, rank2 = _rank(f[STATUS]), _rank(f2[STATUS])
    if rank != rank2:
        return RESPONSIBILITY, FIRST if rank < rank2 else SECOND
    off = abs((s[COURSE] - s2[COURSE]) % 360.0 - 180.0)
    ahead = max(min(sees, 360.0 - sees), min(seen, 360.0 - seen))
    if off <= r.head_on_course_deg and ahead <= r.ahead_deg:
        return HEAD_ON, BOTH
    starboard, starboard2 = sees <= 112.5, seen <= 112.5
    if starboard != starboard2:
        return CROSSING, FIRST if starboard else SECOND
    return CROSSING, BOTH
