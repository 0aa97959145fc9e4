"""Each step of a merchant vessel from tick to tick: does it drift, does its anchor drag?"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import bearing_deg, flat_m, haversine_m
from littoral.detect._ticks.fixes import (
    DOUBTS,
    HEADING_DEG,
    STATUS,
    TICK_LAT,
    TICK_LON,
    place_at,
    step_m,
    ticks_between,
)
from littoral.detect.drift.state import (
    AGAIN,
    ASK,
    ASKED,
    AT_US,
    COURSE_DEG,
    DRAG_TOLD_US,
    DRAGGING,
    DRIFTING,
    END,
    GOOD_LAT,
    GOOD_LON,
    GOOD_STATUS,
    GOOD_US,
    GREATEST,
    LAST_US,
    LAT,
    LEAST,
    LIE_LAT,
    LIE_LON,
    LIE_US,
    LON,
    METRES,
    OUT_US,
    RUN_LAT,
    RUN_LON,
    RUN_US,
    SAID_KIND,
    SAID_TRACK,
    SAID_WHAT,
    SEEN_US,
    SPEED_MPS,
    START_US,
    STILL_US,
    TOLD_US,
    WAY_M,
    Limits,
    Said,
    Tables,
    keep_obs,
)
from littoral.detect.drift.state import STATUS as SAID_STATUS

AT_ANCHOR, NOT_UNDER_COMMAND, MOORED, AGROUND = 1, 2, 5, 6
DIAGONAL = math.sqrt(0.5)


@njit(cache=True, nogil=True)
def say_drifting(what: int, k: int, at_us: int, tables: Tables, said: Said, n: int) -> int:
    run, real = tables.run, said.real
    lon0, lat0, lon, lat = run[k, RUN_LON], run[k, RUN_LAT], run[k, GOOD_LON], run[k, GOOD_LAT]
    said.whole[n, SAID_KIND] = DRIFTING
    said.whole[n, SAID_WHAT], said.whole[n, SAID_TRACK] = what, k
    real[n, AT_US], real[n, START_US], real[n, LAST_US] = at_us, run[k, RUN_US], run[k, GOOD_US]
    real[n, LON], real[n, LAT] = lon, lat
    real[n, METRES] = haversine_m(lon0, lat0, lon, lat)
    real[n, SPEED_MPS] = run[k, WAY_M] / ((run[k, GOOD_US] - run[k, RUN_US]) * 1e-6)
    real[n, COURSE_DEG] = bearing_deg(lon0, lat0, lon, lat)
    real[n, SAID_STATUS] = run[k, GOOD_STATUS]
    return n + 1


@njit(cache=True, nogil=True)
def say_dragging(
    what: int, k: int, at_us: int, last_us: float, lon: float, lat: float, tables: Tables,
    said: Said, n: int,
) -> int:  # fmt: skip
    lie, real = tables.lie, said.real
    said.whole[n, SAID_KIND] = DRAGGING
    said.whole[n, SAID_WHAT], said.whole[n, SAID_TRACK] = what, k
    real[n, AT_US], real[n, START_US], real[n, LAST_US] = at_us, lie[k, OUT_US], last_us
    real[n, LON], real[n, LAT] = lon, lat
    # From the middle of where it lay.
    east, north = flat_m(lie[k, LIE_LON], lie[k, LIE_LAT], lon, lat)
    east -= 0.5 * (lie[k, LEAST] + lie[k, GREATEST])
    north -= 0.5 * (lie[k, LEAST + 2] + lie[k, GREATEST + 2])
    real[n, METRES], real[n, SPEED_MPS] = math.hypot(east, north), math.nan
    real[n, COURSE_DEG] = math.degrees(math.atan2(east, north)) % 360.0
    real[n, SAID_STATUS] = AT_ANCHOR
    return n + 1


@njit(cache=True, nogil=True)
def _fits(lie: np.ndarray, k: int, lon: float, lat: float, radius_m: float) -> bool:
    """The place and those kept may lie on one circle; if so it is kept too."""
    east, north = flat_m(lie[k, LIE_LON], lie[k, LIE_LAT], lon, lat)
    along = (east, DIAGONAL * (east + north), north, DIAGONAL * (east - north))
    for d in range(4):
        low, high = min(lie[k, LEAST + d], along[d]), max(lie[k, GREATEST + d], along[d])
        if high - low > 2.0 * radius_m:
            return False
    for d in range(4):
        lie[k, LEAST + d] = min(lie[k, LEAST + d], along[d])
        lie[k, GREATEST + d] = max(lie[k, GREATEST + d], along[d])
    return True


@njit(cache=True, nogil=True)
def drifting_step(
    speed_mps: float, course_deg: float, heading_deg: float, status: int, lim: Limits
) -> bool:
    """A step with this speed and course made good, heading and status at its end."""
    off = abs((heading_deg - course_deg + 540.0) % 360.0 - 180.0)
    across = lim.across_deg < off < 180.0 - lim.across_deg  # false without a heading
    drifts = lim.least_mps <= speed_mps <= lim.most_mps and status not in (AT_ANCHOR, MOORED)
    return drifts and (across or status in (NOT_UNDER_COMMAND, AGROUND))


@njit(cache=True, nogil=True)
def _drift(
    k: int, tick_us: int, at_us: int, lon: float, lat: float, drifts: bool, status: int,
    obs_id: int, tables: Tables, lim: Limits, said: Said, n: int,
) -> int:  # fmt: skip
    """The step that ends at `tick_us` at `lon`, `lat`: into the run of drifting, or its end."""
    fix, run, told = tables.fix, tables.run, tables.told
    if not drifts:
        if told[k, DRIFTING]:
            if tick_us - run[k, GOOD_US] < lim.resume_us:
                return n
            n = say_drifting(END, k, at_us, tables, said, n)
            told[k, DRIFTING] = False
        tables.busy[k, DRIFTING], run[k, RUN_US] = False, 0.0
        return n
    fresh = run[k, RUN_US] == 0.0
    lon0, lat0 = fix[k, TICK_LON], fix[k, TICK_LAT]
    if fresh:
        run[k, RUN_US], run[k, WAY_M] = tick_us - lim.tick_us, 0.0
        run[k, RUN_LON], run[k, RUN_LAT] = lon0, lat0
        tables.busy[k, DRIFTING] = True
    run[k, WAY_M] += haversine_m(lon0, lat0, lon, lat)
    run[k, GOOD_US], run[k, GOOD_LON], run[k, GOOD_LAT] = tick_us, lon, lat
    run[k, GOOD_STATUS] = status
    keep_obs(tables.obs, k, DRIFTING, obs_id, fresh)
    if told[k, DRIFTING]:
        if tick_us - run[k, TOLD_US] >= lim.update_us:
            run[k, TOLD_US] = tick_us
            n = say_drifting(AGAIN, k, at_us, tables, said, n)
    elif (
        tick_us - run[k, RUN_US] >= lim.hold_us
        and haversine_m(run[k, RUN_LON], run[k, RUN_LAT], lon, lat) >= lim.net_m
    ):
        run[k, TOLD_US] = tick_us
        n = say_drifting(ASK, k, at_us, tables, said, n)
    return n


@njit(cache=True, nogil=True)
def _drag(
    k: int, tick_us: int, at_us: int, lon: float, lat: float, speed_mps: float, status: int,
    obs_id: int, to_bow_m: float, tables: Tables, lim: Limits, said: Said, n: int,
) -> int:  # fmt: skip
    """The step that ends at `tick_us` as one of a vessel at anchor."""
    fix, lie, told, busy = tables.fix, tables.lie, tables.told, tables.busy
    still = speed_mps <= lim.still_mps
    lon0, lat0 = fix[k, TICK_LON], fix[k, TICK_LAT]
    if status != AT_ANCHOR or speed_mps > lim.way_mps:
        if told[k, DRAGGING]:
            n = say_dragging(END, k, at_us, lie[k, SEEN_US], lon0, lat0, tables, said, n)
            told[k, DRAGGING] = False
        busy[k, DRAGGING] = False
        return n
    if not busy[k, DRAGGING]:
        if still:
            busy[k, DRAGGING], lie[k] = True, 0.0
            lie[k, LIE_US] = tick_us - lim.tick_us
            lie[k, LIE_LON], lie[k, LIE_LAT] = lon0, lat0
            _fits(lie, k, lon, lat, math.inf)
            keep_obs(tables.obs, k, DRAGGING, obs_id, True)
        return n
    if tick_us - lie[k, LIE_US] <= lim.settle_us and not still:
        busy[k, DRAGGING] = False
        return n
    lie[k, SEEN_US] = tick_us
    keep_obs(tables.obs, k, DRAGGING, obs_id, False)
    if told[k, DRAGGING]:
        if not still:
            lie[k, STILL_US] = 0.0
        elif lie[k, STILL_US] == 0.0:
            lie[k, STILL_US] = tick_us - lim.tick_us
        if still and tick_us - lie[k, STILL_US] >= lim.settle_us:
            n = say_dragging(END, k, at_us, lie[k, STILL_US], lon, lat, tables, said, n)
            told[k, DRAGGING] = busy[k, DRAGGING] = False
        elif tick_us - lie[k, DRAG_TOLD_US] >= lim.update_us:
            lie[k, DRAG_TOLD_US] = tick_us
            n = say_dragging(AGAIN, k, at_us, tick_us, lon, lat, tables, said, n)
        return n
    if _fits(lie, k, lon, lat, lim.cable_m + (to_bow_m if to_bow_m >= 0.0 else lim.bow_m)):
        lie[k, OUT_US] = lie[k, ASKED] = 0.0
        return n
    if lie[k, OUT_US] == 0.0:
        lie[k, OUT_US] = tick_us
    if tick_us - lie[k, OUT_US] >= lim.out_us and lie[k, ASKED] == 0.0:
        lie[k, ASKED], lie[k, DRAG_TOLD_US] = 1.0, tick_us
        n = say_dragging(ASK, k, at_us, tick_us, lon, lat, tables, said, n)
    return n


@njit(cache=True, nogil=True)
def lost(k: int, at_us: int, tables: Tables, said: Said, n: int) -> int:
    """Track `k` was not heard for too long, as is known at `at_us`: what went on is over."""
    fix, lie, told, busy = tables.fix, tables.lie, tables.told, tables.busy
    if told[k, DRIFTING]:
        n = say_drifting(END, k, at_us, tables, said, n)
    if told[k, DRAGGING]:
        lon, lat = fix[k, TICK_LON], fix[k, TICK_LAT]
        n = say_dragging(END, k, at_us, lie[k, SEEN_US], lon, lat, tables, said, n)
    told[k] = busy[k] = False
    fix[k, TICK_LON], tables.run[k, RUN_US] = math.nan, 0.0
    return n


@njit(cache=True, nogil=True)
def take_fixes(
    row: int, tables: Tables, track: np.ndarray, t_us: np.ndarray, flags: np.ndarray,
    obs_id: np.ndarray, lon: np.ndarray, lat: np.ndarray, heading: np.ndarray, status: np.ndarray,
    to_bow_m: np.ndarray, lim: Limits, said: Said,
) -> tuple[int, int]:  # fmt: skip
    """Settle ticks by the reports from `row` on, until all are taken or `said` may not hold what
    the next one brings; `to_bow_m` is of the fleet. Returns the next row and how much was said."""
    n = 0
    most = 2 * (lim.gap_us // lim.tick_us + 2)
    step_s = lim.tick_us * 1e-6
    fix, pending, busy = tables.fix, tables.pending, tables.busy
    for i in range(row, len(t_us)):
        k = track[i]
        if k < 0 or not pending[k] or (flags[i] & DOUBTS) != 0:
            continue
        if n + most > len(said.whole):
            return i, n
        t = t_us[i]
        pending[k] = False
        first, last, follows = ticks_between(fix, k, t, lim.tick_us, lim.gap_us)
        if not follows:
            n = lost(k, t, tables, said, n)
        for tick in range(first, last + 1, lim.tick_us):
            x, y = place_at(fix, k, tick, t, lon[i], lat[i])
            east, north = step_m(fix, k, x, y)
            speed = math.sqrt(east * east + north * north) / step_s  # NaN without a step
            if speed <= max(lim.most_mps, lim.way_mps) or busy[k, DRIFTING] or busy[k, DRAGGING]:
                says, points = int(fix[k, STATUS]), fix[k, HEADING_DEG]
                if tick == t:
                    says, points = int(status[i]), float(heading[i])
                if says == AT_ANCHOR or busy[k, DRAGGING]:
                    n = _drag(
                        k, tick, t, x, y, speed, says, obs_id[i], to_bow_m[k], tables, lim, said, n
                    )
                course = math.degrees(math.atan2(east, north))
                drifts = drifting_step(speed, course, points, says, lim)
                if drifts or busy[k, DRIFTING]:
                    n = _drift(k, tick, t, x, y, drifts, says, obs_id[i], tables, lim, said, n)
            fix[k, TICK_LON], fix[k, TICK_LAT] = x, y
    return len(t_us), n
