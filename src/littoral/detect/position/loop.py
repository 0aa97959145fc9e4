"""Follows every vessel lightly, and those in doubt closely (compiled)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import haversine_m, wrap_lon
from littoral.area.places import circle_at
from littoral.detect._pairs.grid import M_PER_DEG
from littoral.detect.position import circle as c
from littoral.schema.ais import CLASS_B, FLAG_INLAND, FLAG_JUMP, FLAG_TIME_OFF

_TIME_OFF, _JUMP, _INLAND = np.uint32(FLAG_TIME_OFF), np.uint32(FLAG_JUMP), np.uint32(FLAG_INLAND)

# Columns of `light` (float64, one row a track); microseconds are exact below 2**53.
T_US, LON, LAT, COG, TURNED, ANCHOR_LON, ANCHOR_LAT = range(7)
LIGHT = 7

# What `scan` tells: (what, row); `real` then has the last place and time before.
FIRST, JUMPED, TURNING = range(3)

# Columns of `Followed.whole`.
MMSI, TRACK, SINCE_US, LAST_US, LAST_OBS, ACTIVE_US = range(6)
MOVED_US, MOVED_OBS, BEFORE_OBS, PENDING = range(6, 10)
LAND_RUN, LAND_FIRST_US, LAND_LAST_US, LAND_OBS, LAND_TOLD, COUNT, FRESH = range(10, 17)
WHOLE = 17
# Columns of `Followed.real`.
AT_LON, AT_LAT, SOURCE_LON, SOURCE_LAT, TARGET_LON, TARGET_LAT = range(6)
REAL = 6

# What `follow` tells: (what, row), with the vessel's `whole` and `real` at that moment.
SETTLED, LAND, LAND_OVER = range(3)


@njit(cache=True, nogil=True)
def scan(
    light, slot, track, t_us, kind, flags, lon, lat, sog, cog, jump_m, circle_mps, reach_m, out,
    real,
):  # fmt: skip
    """First reports of tracks, reports that jumped, and tracks that have turned once round within
    `reach_m` of a place, at `circle_mps` or more; of tracks that are followed only the first.
    Returns how many."""
    n = 0
    reach_deg = reach_m / M_PER_DEG
    for i in range(len(track)):
        if kind[i] > CLASS_B or flags[i] & _TIME_OFF:
            continue
        k = track[i]
        if light[k, T_US] == 0.0:
            out[n, 0], out[n, 1] = FIRST, i
            n += 1
            light[k, COG] = math.nan
        elif (
            flags[i] & _JUMP
            and slot[k] < 0
            and haversine_m(light[k, LON], light[k, LAT], lon[i], lat[i]) >= jump_m
        ):
            out[n, 0], out[n, 1] = JUMPED, i
            real[n, 0], real[n, 1], real[n, 2] = light[k, T_US], light[k, LON], light[k, LAT]
            n += 1
        light[k, T_US], light[k, LON], light[k, LAT] = t_us[i], lon[i], lat[i]
        if not sog[i] >= circle_mps:
            light[k, COG], light[k, TURNED] = math.nan, 0.0
            continue
        turn = wrap_lon(np.float64(cog[i]) - light[k, COG])
        if turn == turn:
            light[k, TURNED] += turn
        else:
            light[k, ANCHOR_LON], light[k, ANCHOR_LAT], light[k, TURNED] = lon[i], lat[i], 0.0
        light[k, COG] = cog[i]
        north = abs(lat[i] - light[k, ANCHOR_LAT])
        east = abs(wrap_lon(lon[i] - light[k, ANCHOR_LON]))
        if north > reach_deg or (
            east > reach_deg and east * math.cos(math.radians(lat[i])) > reach_deg
        ):
            light[k, ANCHOR_LON], light[k, ANCHOR_LAT], light[k, TURNED] = lon[i], lat[i], 0.0
        elif abs(light[k, TURNED]) >= 360.0 and slot[k] < 0:
            out[n, 0], out[n, 1] = TURNING, i
            n += 1
    return n


@njit(cache=True, nogil=True)
def _tell(what, row, w, r, out, out_whole, out_real, n):
    out[n, 0], out[n, 1] = what, row
    out_whole[n, :], out_real[n, :] = w, r
    return n + 1


@njit(cache=True, nogil=True)
def follow(
    slot, whole, real, points, obs, track, t_us, obs_id, kind, flags, lon, lat, sog, circles,
    jump_m, jump_mps, gap_s, settle_s, land_reports, land_s, circle_mps, every_s, out, out_whole,
    out_real,
):  # fmt: skip
    """Reports of vessels that are followed, by MMSI. `points` (slots, POINTS, 4) and `obs` keep
    those that may lie on a circle. Returns how many entries of `out` (n, 2), `out_whole` and
    `out_real` it filled; at most two a row."""
    n = 0
    for i in range(len(track)):
        s = slot[track[i]]
        if s < 0 or kind[i] > CLASS_B or flags[i] & _TIME_OFF or t_us[i] < whole[s, SINCE_US]:
            continue
        w, r, t = whole[s], real[s], t_us[i]
        dt_s = (t - w[LAST_US]) * 1e-6
        is_inland = (flags[i] & _INLAND) != 0
        far = haversine_m(r[AT_LON], r[AT_LAT], lon[i], lat[i])
        if far >= jump_m and far > jump_mps * dt_s and dt_s <= gap_s:
            if w[LAND_TOLD] == 1:
                n = _tell(LAND_OVER, i, w, r, out, out_whole, out_real, n)
            r[SOURCE_LON], r[SOURCE_LAT] = r[AT_LON], r[AT_LAT]
            r[TARGET_LON], r[TARGET_LAT] = lon[i], lat[i]
            w[MOVED_US], w[MOVED_OBS], w[BEFORE_OBS], w[PENDING] = t, obs_id[i], w[LAST_OBS], 1
            w[ACTIVE_US], w[COUNT], w[LAND_TOLD] = t, 0, 0
            w[LAND_RUN] = 1 if is_inland and circle_at(circles, lon[i], lat[i]) < 0 else 0
            w[LAND_FIRST_US] = w[LAND_LAST_US] = t
            w[LAND_OBS] = obs_id[i]
        else:
            if w[PENDING] == 1 and t - w[MOVED_US] >= settle_s * 1e6:
                w[PENDING] = 0
                n = _tell(SETTLED, i, w, r, out, out_whole, out_real, n)
            if w[LAND_RUN] > 0 and is_inland:
                w[LAND_RUN] += 1
                w[LAND_LAST_US], w[LAND_OBS], w[ACTIVE_US] = t, obs_id[i], t
                if (
                    w[LAND_TOLD] == 0
                    and w[LAND_RUN] >= land_reports
                    and t - w[LAND_FIRST_US] >= land_s * 1e6
                ):
                    w[LAND_TOLD] = 1
                    n = _tell(LAND, i, w, r, out, out_whole, out_real, n)
            elif w[LAND_RUN] > 0:
                if w[LAND_TOLD] == 1:
                    n = _tell(LAND_OVER, i, w, r, out, out_whole, out_real, n)
                w[LAND_RUN], w[LAND_TOLD] = 0, 0
        r[AT_LON], r[AT_LAT] = lon[i], lat[i]
        w[LAST_US], w[LAST_OBS] = t, obs_id[i]
        if sog[i] >= circle_mps:
            m = w[COUNT]
            if m > 0 and t * 1e-6 - points[s, m - 1, c.T_S] < every_s:
                continue
            if m == c.POINTS:
                points[s, :-1] = points[s, 1:].copy()
                obs[s, :-1] = obs[s, 1:].copy()
                m -= 1
            p = points[s, m]
            p[c.T_S], p[c.LON], p[c.LAT], p[c.SOG] = t * 1e-6, lon[i], lat[i], sog[i]
            obs[s, m] = obs_id[i]
            w[COUNT], w[FRESH] = m + 1, 1
    return n
