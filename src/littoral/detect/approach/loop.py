"""One pass over the fixes of a batch: who heads for the shore, and since when (compiled)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.geodesy import project
from littoral.area.sun import sun_elevation_at
from littoral.detect._shore.columns import ShoreCrowd, ShoreFixes
from littoral.detect._shore.craft import GROUPS, NOT_JUDGED, UNTOLD
from littoral.detect._shore.havens import lying_near, still_since
from littoral.detect._shore.shore import (
    Shore,
    ahead_at,
    licensed_at,
    low_at,
    near_at,
    on_crossing_at,
)
from littoral.schema.ais import CLASS_B, FLAG_INLAND, FLAG_JUMP, FLAG_TIME_OFF

_SKIP = np.uint32(FLAG_INLAND | FLAG_JUMP | FLAG_TIME_OFF)
# A vessel is looked at no more often than every LOOK_S; off the shore when, at so much more than
# its speed, it might have come near enough; soon when it need but turn or go faster.
LOOK_S, LOOK_MOST_S, MISS_S, DAY_S = 10.0, 120.0, 15.0, 20.0
FASTER, FASTER_MPS = 2.0, 3.0

# Columns of `whole` (tracks, W) and `real` (tracks, R): of each track's event or run.
RUN, LAST, SINCE, FAST_US, OBS_FIRST, OBS_LAST, MISSED, W = range(8)
LON, LAT, SOG, COURSE, AHEAD, NEAR, SUN, R = range(8)
BEGUN, FASTER, OVER = range(3)  # what is told


class ApproachLimits(NamedTuple):
    """Settings; `fast_mps` (4,) by group of `craft`."""

    fast_mps: np.ndarray
    night_mps: float
    night_deg: float
    within_m: float
    within_s: float
    slant: float
    licensed_m: float
    haven_m: float
    haven_count: int
    still_mps: float
    lain_us: int
    heard_us: int
    hold_us: int
    gap_us: int
    quiet_us: int
    untold_us: int


@njit(cache=True, nogil=True)
def heads_ashore(
    s: Shore, z: ApproachLimits, group: int, ship_type: int, t: int, lon: float, lat: float,
    sog: float, course: float, out: np.ndarray,
) -> float:  # fmt: skip
    """All of the condition but the haven: 0 where it holds, and `out` is then a row of `real`; else
    the seconds after which it might."""
    within = min(z.within_m, z.within_s * sog)
    low = low_at(s, lon, lat)
    if low > z.within_m:
        return min(LOOK_MOST_S, max(LOOK_S, (low - z.within_m) / (FASTER * sog + FASTER_MPS)))
    if low > within:
        return MISS_S
    sun = sun_elevation_at(t, lon, lat)
    if not (sog >= z.fast_mps[group] or sun < z.night_deg):
        return DAY_S
    ahead = ahead_at(s, lon, lat, course, within)
    if ahead == math.inf:
        return MISS_S
    near = near_at(s, lon, lat, ahead)
    if near * z.slant < ahead:
        return MISS_S
    if licensed_at(s, lon, lat, z.licensed_m, False) or on_crossing_at(s, ship_type, lon, lat):
        return MISS_S
    to_lon, to_lat = project(lon, lat, course, ahead)
    if licensed_at(s, to_lon, to_lat, z.licensed_m, False):
        return MISS_S
    out[LON], out[LAT], out[SOG], out[COURSE] = lon, lat, sog, course
    out[AHEAD], out[NEAR], out[SUN] = ahead, near, sun
    return 0.0


@njit(cache=True, nogil=True)
def take(
    row: int, x: ShoreFixes, f: ShoreCrowd, s: Shore, z: ApproachLimits, still_us: np.ndarray,
    look_us: np.ndarray, whole: np.ndarray, real: np.ndarray, told: np.ndarray,
    told_whole: np.ndarray, told_real: np.ndarray,
) -> tuple[int, int]:  # fmt: skip
    """Take fixes from `row` on. Returns the next row and how many things are told: `told` (m, 3)
    what, track, time, with snapshots of `whole` and `real`; stops early where these are full.
    (tracks,): `still_us` as by `havens.still_since`, `look_us` when to look at it again."""
    n = 0
    now = np.empty(R)
    while row < len(x.t_us):
        if n + 2 > len(told):
            return row, n
        i, t, k = row, x.t_us[row], x.track[row]
        row += 1
        if x.kind[i] > CLASS_B or k < 0:
            continue
        sog = x.sog[i]
        if not sog >= z.still_mps or still_us[k] != 0:
            still_us[k] = still_since(still_us[k], t, sog, z.still_mps, f.first_us[k])
        if not sog >= z.night_mps or t < look_us[k]:
            continue
        ship_type = f.ship_type[k]
        code = min(255, max(-1, ship_type)) + 1
        group = GROUPS[code]
        if group == NOT_JUDGED or (x.flags[i] & _SKIP) != 0:
            continue
        if code == UNTOLD and t - f.first_us[k] < z.untold_us:
            continue
        w = whole[k]
        lon, lat = x.lon[i], x.lat[i]
        wait_s = heads_ashore(s, z, group, ship_type, t, lon, lat, sog, x.course[i], now)
        look_us[k] = t + int(max(wait_s, LOOK_S) * 1e6)
        if wait_s > 0.0:
            if w[RUN] != 0 and w[MISSED] == 0:  # it may be one bad report: look at the next one
                w[MISSED] = 1
                look_us[k] = t + int(LOOK_S * 1e6)
            else:
                w[RUN] = 0
            continue
        w[MISSED] = 0
        if w[RUN] == 0 or t - w[LAST] > z.gap_us:
            w[RUN] = t
            if w[SINCE] == 0:
                w[OBS_FIRST] = x.obs_id[i]
        if w[SINCE] != 0 and t - w[LAST] >= z.quiet_us:
            told[n, 0], told[n, 1], told[n, 2] = OVER, k, w[LAST] + z.quiet_us
            told_whole[n], told_real[n] = w, real[k]
            n += 1
            w[SINCE], w[FAST_US], w[RUN], w[OBS_FIRST] = 0, 0, t, x.obs_id[i]
        w[LAST] = t
        if w[SINCE] != 0:
            real[k] = now
            w[OBS_LAST] = x.obs_id[i]
            if w[FAST_US] == 0 and sog >= z.fast_mps[group]:
                w[FAST_US] = t
                told[n, 0], told[n, 1], told[n, 2] = FASTER, k, t
                told_whole[n], told_real[n] = w, now
                n += 1
            continue
        if t - w[RUN] < z.hold_us:
            continue
        to_lon, to_lat = project(lon, lat, x.course[i], now[AHEAD])
        lie = lying_near(
            to_lon, to_lat, z.haven_m, t, z.lain_us, z.heard_us, k, still_us, f.rows,
            f.last_us, f.kind, f.lon, f.lat,
        )  # fmt: skip
        if lie >= z.haven_count:
            w[RUN] = 0
            continue
        real[k] = now
        w[SINCE], w[OBS_LAST] = w[RUN], x.obs_id[i]
        w[FAST_US] = t if sog >= z.fast_mps[group] else 0
        told[n, 0], told[n, 1], told[n, 2] = BEGUN, k, t
        told_whole[n], told_real[n] = w, now
        n += 1
    return row, n
