"""One pass over the fixes of a batch: visits to an empty shore (compiled)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.sun import sun_elevation_at
from littoral.detect._shore.columns import ShoreCrowd, ShoreFixes
from littoral.detect._shore.craft import GROUPS, NOT_JUDGED, PLEASURE, UNTOLD
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
NEVER_US = 2**62
# Off a visit a vessel is looked at again when, at so much more than its speed, it might have come
# to a line, but no sooner than LOOK_US and no later than LOOK_MOST_US after.
LOOK_US, LOOK_MOST_US = 10_000_000, 120_000_000
FASTER, FASTER_MPS, UNKNOWN_MPS = 2.0, 3.0, 15.0
FADE = 0.1  # weight of the newest in the running mean interval

# Columns of `whole` (tracks, W) and `real` (tracks, R).
FAR, VISIT, SLOW, TOUCHED, LAST, TOLD, OBS_FIRST, OBS_LAST, NIGHT, NEED, W = range(11)
LON, LAT, SHORE, SOG, T_LON, T_LAT, MEAN, R = range(8)
NO, STOP, SILENCE, TURNED = range(4)  # of TOLD, and what is told; OVER ends what was told
OVER = 4
AMONG = -1  # in SLOW: it lies, but where others lie
HOW_NAMES = ("", "stop", "silence", "turned")


class LandingLimits(NamedTuple):
    """Settings; times in microseconds."""

    off_m: float
    come_us: int
    visit_m: float
    stop_m: float
    licensed_m: float
    haven_m: float
    haven_count: int
    still_mps: float
    lain_us: int
    heard_us: int
    night_deg: float
    night_stop_us: int
    day_stop_us: int
    night_silent_us: int
    day_silent_us: int
    own_means: float
    ahead_m: float
    turn_us: int
    forget_us: int
    untold_us: int


@njit(cache=True, nogil=True)
def in_haven(
    lon: float, lat: float, t: int, k: int, f: ShoreCrowd, z: LandingLimits, still_us: np.ndarray
) -> bool:
    lie = lying_near(
        lon, lat, z.haven_m, t, z.lain_us, z.heard_us, k, still_us, f.rows, f.last_us, f.kind,
        f.lon, f.lat,
    )  # fmt: skip
    return lie >= z.haven_count


@njit(cache=True, nogil=True)
def _clear(w: np.ndarray, due_us: np.ndarray, k: int) -> None:
    w[VISIT], w[SLOW], w[TOUCHED], w[TOLD], w[NIGHT] = 0, 0, 0, NO, 0
    due_us[k] = NEVER_US


@njit(cache=True, nogil=True)
def take(
    row: int, x: ShoreFixes, f: ShoreCrowd, s: Shore, z: LandingLimits, still_us: np.ndarray,
    look_us: np.ndarray, due_us: np.ndarray, whole: np.ndarray, real: np.ndarray,
    told: np.ndarray, told_whole: np.ndarray, told_real: np.ndarray,
) -> tuple[int, int]:  # fmt: skip
    """Take fixes from `row` on. Returns the next row and how many things are told: `told` (m, 3)
    what, track, time, with snapshots of `whole` and `real`; stops early where these are full.
    (tracks,): `still_us` as by `havens.still_since`, `look_us` when to look at it again, `due_us`
    when the silence after the last report is due."""
    n = 0
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
        if t < look_us[k]:
            continue
        ship_type = f.ship_type[k]
        code = min(255, max(-1, ship_type)) + 1
        group = GROUPS[code]
        if group == NOT_JUDGED:
            continue
        if (x.flags[i] & _SKIP) != 0:
            if due_us[k] != NEVER_US:  # heard, though not where
                whole[k, LAST], due_us[k] = t, t + whole[k, NEED]
            continue
        w, r = whole[k], real[k]
        lon, lat = x.lon[i], x.lat[i]
        low = low_at(s, lon, lat)
        is_off, to_go = low >= z.off_m, low - z.off_m
        if not is_off and low + s.slack_m >= z.off_m:
            off = near_at(s, lon, lat, low + s.slack_m)
            is_off, to_go = off >= z.off_m, abs(off - z.off_m)
        elif not is_off:
            to_go = low - z.visit_m
        pace = FASTER * (sog if sog >= 0.0 else UNKNOWN_MPS) + FASTER_MPS
        look_us[k] = t + min(LOOK_MOST_US, max(LOOK_US, int(to_go / pace * 1e6)))
        if w[VISIT] != 0 and t - w[LAST] >= z.forget_us:
            if w[TOLD] != NO:
                told[n, 0], told[n, 1], told[n, 2] = OVER, k, w[LAST] + z.forget_us
                told_whole[n], told_real[n] = w, r
                n += 1
            _clear(w, due_us, k)
        if is_off:
            if w[VISIT] != 0:
                if (
                    w[TOLD] == NO
                    and w[TOUCHED] != 0
                    and t - w[VISIT] <= z.turn_us
                    and not in_haven(r[T_LON], r[T_LAT], t, k, f, z, still_us)
                ):
                    w[TOLD], w[NIGHT] = TURNED, 1
                    r[LON], r[LAT] = r[T_LON], r[T_LAT]
                    told[n, 0], told[n, 1], told[n, 2] = TURNED, k, t
                    told_whole[n], told_real[n] = w, r
                    n += 1
                if w[TOLD] != NO:
                    w[OBS_LAST] = x.obs_id[i]
                    told[n, 0], told[n, 1], told[n, 2] = OVER, k, t
                    told_whole[n], told_real[n] = w, r
                    n += 1
                _clear(w, due_us, k)
            w[FAR] = t
            continue
        if w[VISIT] == 0:
            if low > z.visit_m or w[FAR] == 0 or t - w[FAR] > z.come_us:
                continue
            if near_at(s, lon, lat, 2.0 * z.visit_m) > z.visit_m:
                continue
            if code == UNTOLD and t - f.first_us[k] < z.untold_us:
                continue
            w[VISIT], w[OBS_FIRST], look_us[k] = t, x.obs_id[i], t
            r[MEAN] = 0.0
        else:
            dt = (t - w[LAST]) * 1e-6
            look_us[k] = t
            r[MEAN] += (FADE if r[MEAN] > 0.0 else 1.0) * (dt - r[MEAN])
        w[LAST] = t
        if w[TOLD] != NO:
            continue
        due_us[k] = NEVER_US
        if low > z.visit_m or licensed_at(s, lon, lat, z.licensed_m, True):
            w[SLOW] = 0
            continue
        off = near_at(s, lon, lat, 2.0 * z.visit_m)
        is_night = sun_elevation_at(t, lon, lat) < z.night_deg
        if (
            off > z.visit_m
            or (group == PLEASURE and not is_night)
            or on_crossing_at(s, ship_type, lon, lat)
        ):
            w[SLOW] = 0
            continue
        r[LON], r[LAT], r[SHORE], r[SOG] = lon, lat, off, sog
        w[OBS_LAST], w[NIGHT] = x.obs_id[i], is_night
        is_still = sog < z.still_mps
        if off <= z.stop_m and is_night and w[TOUCHED] == 0:
            w[TOUCHED] = t
            r[T_LON], r[T_LAT] = lon, lat
        if not is_still or off > z.stop_m:
            w[SLOW] = 0
        elif w[SLOW] == 0:
            w[SLOW] = AMONG if in_haven(lon, lat, t, k, f, z, still_us) else t
        elif w[SLOW] > 0 and t - w[SLOW] >= (z.night_stop_us if is_night else z.day_stop_us):
            if in_haven(lon, lat, t, k, f, z, still_us):
                w[SLOW] = AMONG
            else:
                w[TOLD], w[NEED] = STOP, t - w[SLOW]
                told[n, 0], told[n, 1], told[n, 2] = STOP, k, t
                told_whole[n], told_real[n] = w, r
                n += 1
                continue
        if is_still or ahead_at(s, lon, lat, x.course[i], z.ahead_m) < math.inf:
            silent_us = z.night_silent_us if is_night else z.day_silent_us
            w[NEED] = max(silent_us, int(z.own_means * r[MEAN] * 1e6))
            due_us[k] = t + w[NEED]
    return row, n
