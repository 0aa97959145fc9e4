"""Slow vessels off port at each tick, and which of them are together (compiled)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import haversine_m, wrap_lon
from littoral.area.places import circle_at
from littoral.detect._pairs.grid import M_PER_DEG
from littoral.detect._pairs.table import pair_key
from littoral.schema.ais import CLASS_B, FLAG_JUMP, FLAG_TIME_OFF

_SKIP = np.uint32(FLAG_JUMP | FLAG_TIME_OFF)

# Columns of `vessels` (float64, one row a track; microseconds are exact below 2**53). SLOW_US:
# since when no report was as fast as `waiting`; NEXT_US: the next tick; SINCE: the first tick with
# a position after which no tick lacks one; LEFT: so many more ticks are told of.
T_US, LON, LAT, SOG, SLOW_US, NEXT_US, SINCE, LEFT = range(8)
VESSEL_COLUMNS = 8
SEEN_AFTER = 15  # ticks with a position that are told of after a vessel was last slow

# Who meets whom, by AIS ship type (ITU-R M.1371-5 table 53).
NOBODY, MERCHANT, FISHING, SMALL, UNKNOWN = range(5)


def class_table() -> np.ndarray:
    """(257,) int8: class of ship types 0..255; the last (index -1) is for "not available"."""
    table = np.full(257, NOBODY, np.int8)
    table[70:90] = MERCHANT
    table[30] = FISHING
    table[36:38] = SMALL
    table[90:100] = SMALL
    table[0] = table[-1] = UNKNOWN
    return table


CLASSES = class_table()


# Columns of a board's `whole` (int64). OBS: of the later of the two reports; SLOW_SINCE_US and
# FIRST_TICK: the vessel's SLOW_US and SINCE at that tick; MAY: 1 when slow and off the shore. Of
# `real`: degrees.
TRACK, OBS, SLOW_SINCE_US, FIRST_TICK, MAY = range(5)
AT_LON, AT_LAT = range(2)
ROW = 9_973  # marks from one row of cells to the next
MARKS = 64  # so many marks for each vessel, so that few cells share one


@njit(cache=True, nogil=True)
def sample(
    first_row, done, vessels, whole, real, counts, t_us, track, kind, flags, obs_id, lon, lat, sog,
    ring, ship_type, classes, tick_us, gap_us, slow_mps, waiting_mps, off_shore,
):  # fmt: skip
    """Take reports from `first_row` on. Vessels slow and off the shore at a tick, and for a while
    after that the same vessels wherever they are, go to the board: `whole` (ticks, n, 5), `real`
    (ticks, n, 2), row tick % ticks, of which `counts` are in use; ticks up to `done` have been
    taken from it. Returns the row to go on from, which is not the end when the board must grow."""
    for i in range(first_row, len(t_us)):
        k = track[i]
        if k < 0 or kind[i] > CLASS_B or (flags[i] & _SKIP) != 0:
            continue
        t, speed = np.float64(t_us[i]), np.float64(sog[i])
        t0 = vessels[k, T_US]
        if t == t0:
            continue
        if t >= vessels[k, NEXT_US]:
            last = t_us[i] // tick_us
            if t - t0 > gap_us:
                vessels[k, SINCE] = last + 1
            elif vessels[k, SOG] < slow_mps or speed < slow_mps or vessels[k, LEFT] > 0.0:
                first = max(np.int64(vessels[k, NEXT_US]) // tick_us, done + 1)
                if classes[ship_type[k]] != NOBODY:
                    for tick in range(first, last + 1):
                        if counts[tick % len(counts)] == whole.shape[1]:
                            return i
                    near_shore = off_shore and 0 <= ring[i] <= 1
                    _ticks(
                        vessels, whole, real, counts, first, last, k, t, speed, obs_id[i], lon[i],
                        lat[i], near_shore, tick_us, slow_mps,
                    )  # fmt: skip
            vessels[k, NEXT_US] = (last + 1) * tick_us
        if t0 == 0.0 or speed >= waiting_mps:
            vessels[k, SLOW_US] = t
        vessels[k, T_US], vessels[k, LON], vessels[k, LAT] = t, lon[i], lat[i]
        vessels[k, SOG] = speed
    return len(t_us)


@njit(cache=True, nogil=True)
def _ticks(
    vessels, whole, real, counts, first, last, k, t, speed, obs_id, lon, lat, near_shore, tick_us,
    slow_mps,
):  # fmt: skip
    """One vessel at the ticks between two reports."""
    t0, x0, y0, speed0 = vessels[k, T_US], vessels[k, LON], vessels[k, LAT], vessels[k, SOG]
    row = first % len(counts)
    for tick in range(first, last + 1):
        mix = (tick * tick_us - t0) / (t - t0)
        may = not near_shore and speed0 + mix * (speed - speed0) < slow_mps
        left = SEEN_AFTER if may else vessels[k, LEFT] - 1.0
        vessels[k, LEFT] = left
        if left >= 0.0:
            n = counts[row]
            whole[row, n, TRACK], whole[row, n, OBS], whole[row, n, MAY] = k, obs_id, may
            whole[row, n, SLOW_SINCE_US] = np.int64(vessels[k, SLOW_US])
            whole[row, n, FIRST_TICK] = np.int64(vessels[k, SINCE])
            real[row, n, AT_LON] = wrap_lon(x0 + mix * wrap_lon(lon - x0))
            real[row, n, AT_LAT] = y0 + mix * (lat - y0)
            counts[row] = n + 1
        row = row + 1 if row + 1 < len(counts) else 0


@njit(cache=True, nogil=True)
def with_neighbours(whole, real, circles, reach_deg):
    """Indices of those that may meet, are in none of `circles` and have another in their cell or
    one beside it (or in one that has the same mark), sorted by latitude."""
    n = len(whole)
    size = 1024
    while size < MARKS * n:
        size *= 2
    marks, mask = np.zeros(size, np.uint16), size - 1
    far = 0.0
    for i in range(n):
        far = max(far, abs(real[i, AT_LAT]))
    columns = max(3, int(360.0 * max(0.01, math.cos(math.radians(far))) / reach_deg))
    across = columns / 360.0
    row, col = np.empty(n, np.int64), np.empty(n, np.int64)
    for i in range(n):
        row[i] = ROW * int((real[i, AT_LAT] + 90.0) / reach_deg)
        col[i] = min(columns - 1, int((real[i, AT_LON] + 180.0) * across))
        if whole[i, MAY]:
            marks[(row[i] + col[i]) & mask] += 1
    kept = np.empty(n, np.int64)
    m = 0
    for i in range(n):
        if not whole[i, MAY]:
            continue
        west = col[i] - 1 if col[i] > 0 else columns - 1
        east = col[i] + 1 if col[i] < columns - 1 else 0
        others = -1
        for r in (row[i] - ROW, row[i], row[i] + ROW):
            others += marks[(r + west) & mask]
            others += marks[(r + col[i]) & mask]
            others += marks[(r + east) & mask]
        if others > 0 and circle_at(circles, real[i, AT_LON], real[i, AT_LAT]) < 0:
            kept[m] = i
            m += 1
    kept = kept[:m]
    return kept[np.argsort(real[kept, AT_LAT])]


@njit(cache=True, nogil=True)
def may_meet(a: int, b: int) -> bool:
    """Whether two classes are judged: see docs/detectors/meetings.md, Who."""
    if a == b:
        return False
    return a == MERCHANT or b == MERCHANT or (a != UNKNOWN and b != UNKNOWN)


@njit(cache=True, nogil=True)
def near_pairs(whole, real, mmsi, ship_type, classes, circles, reach_m, out, metres):
    """Pairs of one tick's vessels at most `reach_m` apart that are judged: a sweep by latitude.
    Rows go to `out` (n, 3): key, row of the lower track, of the higher one; distances to `metres`.
    Returns how many there are; `out` takes as many as it holds."""
    n = 0
    reach_deg = reach_m / M_PER_DEG * 1.000_001
    order = with_neighbours(whole, real, circles, reach_deg)
    for p in range(len(order)):
        i = order[p]
        a = whole[i, TRACK]
        for q in range(p + 1, len(order)):
            j = order[q]
            if real[j, AT_LAT] - real[i, AT_LAT] > reach_deg:
                break
            b = whole[j, TRACK]
            if mmsi[a] == mmsi[b] or not may_meet(classes[ship_type[a]], classes[ship_type[b]]):
                continue
            apart = haversine_m(real[i, AT_LON], real[i, AT_LAT], real[j, AT_LON], real[j, AT_LAT])
            if apart <= reach_m:
                if n < len(out):
                    out[n, 0] = pair_key(a, b)
                    out[n, 1], out[n, 2] = (i, j) if a < b else (j, i)
                    metres[n] = apart
                n += 1
    return n
