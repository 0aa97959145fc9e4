"""The loop over reports: runs of hits, and distances from destinations (compiled)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.geodesy import haversine_m
from littoral.area.lane_grid import CARGO, CELL_DEG, PASSENGER, group_of, sector_of
from littoral.area.places import circle_at
from littoral.detect.deviation.known import Known
from littoral.detect.deviation.state import (
    ARRIVED,
    AT_LAT,
    AT_LON,
    AWAY,
    ELSEWHERE,
    FAR_M,
    FAST,
    FIRST_OBS,
    FROM_LAT,
    FROM_LON,
    GOAL_LAST,
    GOAL_NEXT,
    GOAL_OBS,
    GONE,
    LAST,
    LAST_OBS,
    LAT,
    LIMIT,
    LON,
    MISSED,
    NEAR_M,
    NEAR_OBS,
    NEAR_US,
    NEVER_US,
    NEXT,
    NOW_M,
    PHASE,
    PLACE,
    ROUTE,
    RUNS,
    SAID_OBS,
    SET_OUT,
    SLOW,
    START,
    WAITING,
    WORST,
)
from littoral.schema.ais import FLAG_INLAND, FLAG_JUMP

DOUBT = FLAG_JUMP | FLAG_INLAND
MOST_TOLD = 2 * RUNS + 2  # by one report: a run that ends and one that begins at once, of each


class Limits(NamedTuple):
    """Settings as the loop takes them."""

    under_way_mps: float
    making_way_mps: float
    lane_m: float
    slow_share: float
    fast_share: float
    still_mps: float
    arrived_m: float
    approach_m: float
    away_m: float
    sailed_m: float
    hold_us: np.ndarray  # (RUNS,)
    grace_us: int
    silence_us: int
    over_us: int
    sample_us: int
    update_us: int


class Rows(NamedTuple):
    """The state's arrays."""

    slot: np.ndarray
    track: np.ndarray
    open: np.ndarray
    running: np.ndarray
    sample_us: np.ndarray
    whole: np.ndarray
    real: np.ndarray
    goal: np.ndarray
    miles: np.ndarray


class Fixes(NamedTuple):
    t_us: np.ndarray
    track: np.ndarray
    kind: np.ndarray
    flags: np.ndarray
    obs_id: np.ndarray
    lon_deg: np.ndarray
    lat_deg: np.ndarray
    sog_mps: np.ndarray
    cog_deg: np.ndarray


class Said(NamedTuple):
    """Destinations in order of time: `place` -1 where nothing is meant."""

    t_us: np.ndarray
    track: np.ndarray
    place: np.ndarray
    obs_id: np.ndarray


class Told(NamedTuple):
    """What there is to say. `whole` (n, 9): row, run, start, end (0: it goes on), updated, two
    observations, row of the destination, observation that said so; `real` (n, 4): lon, lat, worst,
    limit."""

    whole: np.ndarray
    real: np.ndarray

    @classmethod
    def empty(cls, n: int) -> Told:
        return cls(np.zeros((n, 9), np.int64), np.zeros((n, 4)))


@njit(cache=True, nogil=True)
def _tell(rows, row, run, start, end, updated, obs, at, worst, limit, told, n):
    """`obs` and `at` are pairs: first and last observation, longitude and latitude."""
    w, r, g = told.whole[n], told.real[n], rows.goal[row]
    w[0], w[1], w[2], w[3], w[4] = row, run, start, end, updated
    w[5], w[6], w[7], w[8] = obs[0], obs[1], g[PLACE], g[SAID_OBS]
    r[0], r[1], r[2], r[3] = at[0], at[1], worst, limit
    return n + 1


@njit(cache=True, nogil=True)
def _tell_run(rows, row, run, end_us, updated_us, told, n):
    w, r = rows.whole[row, run], rows.real[row, run]
    return _tell(
        rows, row, run, w[START], end_us, updated_us, (w[FIRST_OBS], w[LAST_OBS]),
        (r[LON], r[LAT]), r[WORST], r[LIMIT], told, n,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def close_run(rows, row, run, t_us, told, n):
    """The run is over since its last hit, as is known at `t_us`."""
    w = rows.whole[row, run]
    if w[NEXT] > 0:
        n = _tell_run(rows, row, run, w[LAST], t_us, told, n)
        rows.open[row] -= 1
    w[START] = w[NEXT] = 0
    rows.running[row] &= ~(1 << run)
    return n


@njit(cache=True, nogil=True)
def _patience(next_us, lim):
    """How long a silence, and how long without a hit, a run outlasts: more once it is told of."""
    if next_us > 0:
        return lim.over_us, lim.over_us
    return lim.silence_us, lim.grace_us


@njit(cache=True, nogil=True)
def _miss(rows, row, run, t, lim, told, n):
    """A report that is no hit of a run that has begun."""
    w = rows.whole[row, run]
    silence_us, grace_us = _patience(w[NEXT], lim)
    if t - w[LAST] > silence_us:
        return close_run(rows, row, run, w[LAST] + silence_us, told, n)
    if t - w[LAST] > grace_us:
        return close_run(rows, row, run, t, told, n)
    w[MISSED] = 1
    return n


@njit(cache=True, nogil=True)
def _hit(rows, row, run, t, obs, lon, lat, value, limit, sign, lim, told, n):
    """A report that is one; `sign` 1 where the greatest `value` is the worst, else -1."""
    w, r = rows.whole[row, run], rows.real[row, run]
    if w[START] > 0:
        silence_us, grace_us = _patience(w[NEXT], lim)
        if t - w[LAST] > silence_us:
            n = close_run(rows, row, run, w[LAST] + silence_us, told, n)
        elif w[MISSED] == 1 and t - w[LAST] > grace_us:
            n = close_run(rows, row, run, t, told, n)
    if w[START] <= 0:
        w[START], w[FIRST_OBS], w[NEXT] = t, obs, 0
        r[WORST] = -sign * math.inf
        rows.running[row] |= 1 << run
    w[LAST], w[LAST_OBS], w[MISSED] = t, obs, 0
    r[LON], r[LAT] = lon, lat
    if sign * value > sign * r[WORST]:
        r[WORST], r[LIMIT] = value, limit
    if w[NEXT] == 0:
        if t - w[START] >= lim.hold_us[run]:
            rows.open[row] += 1
            w[NEXT] = t + lim.update_us
            n = _tell_run(rows, row, run, 0, t, told, n)
    elif t >= w[NEXT]:
        w[NEXT] = t + lim.update_us
        n = _tell_run(rows, row, run, 0, t, told, n)
    return n


@njit(cache=True, nogil=True)
def tell_away(rows, row, end_us, updated_us, told, n):
    g, m = rows.goal[row], rows.miles[row]
    return _tell(
        rows, row, AWAY, g[NEAR_US], end_us, updated_us, (g[NEAR_OBS], g[GOAL_OBS]),
        (m[AT_LON], m[AT_LAT]), m[NOW_M], m[NEAR_M], told, n,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def end_away(rows, row, end_us, updated_us, told, n):
    """What was told of a ship that went away is over."""
    if rows.goal[row, GOAL_NEXT] > 0:
        n = tell_away(rows, row, end_us, updated_us, told, n)
        rows.open[row] -= 1
        rows.goal[row, GOAL_NEXT] = 0
    return n


@njit(cache=True, nogil=True)
def _say(rows, row, t, place, obs, told, n):
    """The ship reports a destination; the same place again changes nothing."""
    g = rows.goal[row]
    if g[PLACE] == place:
        return n
    n = end_away(rows, row, t, t, told, n)
    g[PLACE], g[SAID_OBS], g[PHASE] = place, obs, WAITING
    g[GOAL_NEXT] = g[GOAL_LAST] = 0
    rows.sample_us[row] = 0 if place >= 0 else NEVER_US
    rows.miles[row, :] = math.nan
    return n


@njit(cache=True, nogil=True)
def _head(rows, row, t, obs, lon, lat, known, lim, told, n):
    """Where the ship is by its destination."""
    g, m = rows.goal[row], rows.miles[row]
    if g[GOAL_LAST] > 0 and t - g[GOAL_LAST] > lim.silence_us:
        # It may have been there and have another destination by now: all begins anew.
        n = end_away(rows, row, g[GOAL_LAST], g[GOAL_LAST] + lim.silence_us, told, n)
        g[PHASE] = WAITING
        m[:] = math.nan
    if math.isnan(m[FROM_LON]):
        m[FROM_LON], m[FROM_LAT] = lon, lat
    rows.sample_us[row] = t + lim.sample_us
    d = haversine_m(lon, lat, known.places[g[PLACE], 0], known.places[g[PLACE], 1])
    m[NOW_M], m[AT_LON], m[AT_LAT] = d, lon, lat
    g[GOAL_LAST], g[GOAL_OBS] = t, obs
    if d <= lim.arrived_m:
        g[PHASE], rows.sample_us[row] = ARRIVED, NEVER_US
        return end_away(rows, row, t, t, told, n)
    if g[PHASE] == WAITING and not d <= m[FAR_M]:
        m[FAR_M] = m[NEAR_M] = d
        g[NEAR_US], g[NEAR_OBS] = t, obs
    if g[PHASE] != GONE and d < m[NEAR_M]:
        m[NEAR_M] = d
        g[NEAR_US], g[NEAR_OBS] = t, obs
        if m[FAR_M] - d >= lim.approach_m:
            g[PHASE] = SET_OUT
    if g[PHASE] == SET_OUT and d - m[NEAR_M] >= lim.away_m:
        g[PHASE] = GONE
        g[GOAL_NEXT] = t + lim.update_us
        rows.open[row] += 1
        n = tell_away(rows, row, 0, t, told, n)
    elif g[GOAL_NEXT] > 0 and t >= g[GOAL_NEXT]:
        g[GOAL_NEXT] = t + lim.update_us
        n = tell_away(rows, row, 0, t, told, n)
    return n


@njit(cache=True, nogil=True)
def _stop(rows, row, lon, lat, known, lim):
    """Port in which the ship lies though it said another, or -1."""
    g, m = rows.goal[row], rows.miles[row]
    if g[PLACE] < 0 or (g[PHASE] != SET_OUT and g[PHASE] != GONE):
        return -1
    port = circle_at(known.ports, lon, lat)
    if port < 0 or not known.astray[g[PLACE], port]:
        return -1
    if haversine_m(m[FROM_LON], m[FROM_LAT], lon, lat) < lim.sailed_m:
        return -1
    return port


@njit(cache=True, nogil=True)
def take_fixes(
    first, fixes, said_first, said, ship_type, rows, count, known: Known, lim: Limits, told: Told
):  # fmt: skip
    """From report `first` on until all are taken, the room for ships or for what there is to tell
    is short: the next report and saying, how many ships have a row, how much was told."""
    n, s = 0, said_first
    lane_m, entry, speed = known.lanes.lane_m, known.lanes.entry, known.lanes.speed
    row0, col0, (height, width) = known.lanes.row0, known.lanes.col0, entry.shape
    making_way_mps, under_way_mps = lim.making_way_mps, lim.under_way_mps
    i = first
    while i < len(fixes.t_us):
        t, k = fixes.t_us[i], fixes.track[i]
        while s < len(said.t_us) and said.t_us[s] <= t and _has_room(rows, count, told, n):
            count, n = _take_said(rows, count, said, s, told, n)
            s += 1
        if not _has_room(rows, count, told, n):
            break
        j = i
        i += 1
        kind = ship_type[k]
        if kind < 60 or kind > 89 or fixes.kind[j] > 1 or fixes.flags[j] & DOUBT:
            continue
        row = rows.slot[k]
        if row < 0:
            row = count
            rows.slot[k], rows.track[row] = row, k
            count += 1
        lon, lat, sog, obs = fixes.lon_deg[j], fixes.lat_deg[j], fixes.sog_mps[j], fixes.obs_id[j]
        running = rows.running[row]
        if t >= rows.sample_us[row]:
            n = _head(rows, row, t, obs, lon, lat, known, lim, told, n)
        port = _stop(rows, row, lon, lat, known, lim) if sog < lim.still_mps else -1
        if port >= 0:
            place = rows.goal[row, PLACE]
            d = haversine_m(known.places[place, 0], known.places[place, 1], lon, lat)
            n = _hit(rows, row, ELSEWHERE, t, obs, lon, lat, d, float(port), 1, lim, told, n)
        elif running & (1 << ELSEWHERE):
            n = _miss(rows, row, ELSEWHERE, t, lim, told, n)
        off, slow, fast, off_m, low, high = False, False, False, 0.0, 0.0, 0.0
        r, c = int((lat + 90.0) / CELL_DEG) - row0, int((lon + 180.0) / CELL_DEG) - col0
        if sog >= making_way_mps and 0 <= r < height and 0 <= c < width:
            group = group_of(kind)
            if sog >= under_way_mps:
                off_m = lane_m[r, c, 1 if group == PASSENGER else 0]
                off = off_m > lim.lane_m
            sector = sector_of(fixes.cog_deg[j])
            if entry[r, c] >= 0 and sector >= 0:
                low = speed[entry[r, c], group - CARGO, sector, 0]
                high = speed[entry[r, c], group - CARGO, sector, 1]
                slow = sog < lim.slow_share * low
                fast = sog > lim.fast_share * high
            if (off or slow or fast) and circle_at(known.near, lon, lat) >= 0:
                off = slow = fast = False
        if off:
            n = _hit(rows, row, ROUTE, t, obs, lon, lat, off_m, lim.lane_m, 1, lim, told, n)
        elif running & (1 << ROUTE):
            n = _miss(rows, row, ROUTE, t, lim, told, n)
        if slow:
            n = _hit(rows, row, SLOW, t, obs, lon, lat, sog, low, -1, lim, told, n)
        elif running & (1 << SLOW):
            n = _miss(rows, row, SLOW, t, lim, told, n)
        if fast:
            n = _hit(rows, row, FAST, t, obs, lon, lat, sog, high, 1, lim, told, n)
        elif running & (1 << FAST):
            n = _miss(rows, row, FAST, t, lim, told, n)
    while i == len(fixes.t_us) and s < len(said.t_us):
        if not _has_room(rows, count, told, n):
            break
        count, n = _take_said(rows, count, said, s, told, n)
        s += 1
    return i, s, count, n


@njit(cache=True, nogil=True)
def _has_room(rows, count, told, n):
    """Whether one more report or saying can be taken."""
    return count < len(rows.track) and n + MOST_TOLD <= len(told.whole)


@njit(cache=True, nogil=True)
def _take_said(rows, count, said, s, told, n):
    k = said.track[s]
    row = rows.slot[k]
    if row < 0:
        row = count
        rows.slot[k], rows.track[row] = row, k
        count += 1
    return count, _say(rows, row, said.t_us[s], said.place[s], said.obs_id[s], told, n)


@njit(cache=True, nogil=True)
def expire(open_rows, rows, until_us, lim, told):
    """Ends what goes on of ships that were not heard for too long by `until_us`."""
    n = 0
    for row in open_rows:
        for run in range(RUNS):
            w = rows.whole[row, run]
            if w[NEXT] > 0 and until_us - w[LAST] > lim.over_us:
                n = close_run(rows, row, run, w[LAST] + lim.over_us, told, n)
        last = rows.goal[row, GOAL_LAST]
        if rows.goal[row, GOAL_NEXT] > 0 and until_us - last > lim.silence_us:
            n = end_away(rows, row, last, last + lim.silence_us, told, n)
    return n
