"""Each report to the vessel's visit, and silences in port that become due (compiled)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.anchorages import (
    NEAR_LAT,
    NEAR_LON,
    REACH_M,
    AnchorageIndex,
    is_as_before,
    nearest_at,
    note_measured,
)
from littoral.detect.port_visit.state import (
    AT_SEA,
    BEGIN_US,
    BITS,
    CAME_BACK,
    GAP_COUNTED,
    GAPS,
    HAS_ENTRY,
    HAS_EXIT,
    HAS_GAP,
    HAS_STOP,
    IN_PORT,
    LAST_US,
    MARK_COLUMNS,
    NEVER_US,
    OBS_FIRST,
    OBS_LAST,
    OBS_STOP,
    POINT,
    POINT_RANK,
    STOP_COUNTED,
    STOP_HEARD,
    STOP_US,
    STOPPED_US,
    STOPS,
    THING,
    TOLD,
    UNKNOWN,
    WHERE,
)
from littoral.schema.ais import CLASS_B, FLAG_JUMP, FLAG_TIME_OFF
from littoral.schema.fleet import GEAR_BEACON

_SKIP = np.uint32(FLAG_JUMP | FLAG_TIME_OFF)

# What is told: the row of `mark` as it stands, and after it
OUT_END_US, OUT_UPDATED_US = MARK_COLUMNS, MARK_COLUMNS + 1  # end 0: it goes on
OUT_COLUMNS = MARK_COLUMNS + 2
ROOM = 4  # a report tells of so much at most


class Limits(NamedTuple):
    """Settings as the loop takes them."""

    entry_m: float
    exit_m: float
    stop_begin_mps: float
    stop_end_mps: float
    stop_least_us: int
    gap_us: int
    least_confidence: int


@njit(cache=True, nogil=True)
def confidence(bits: int) -> int:
    """Global Fishing Watch's 1 to 4; 0 where nothing has happened yet."""
    lay = bits & (HAS_STOP | HAS_GAP) != 0
    edges = int(bits & HAS_ENTRY != 0) + int(bits & HAS_EXIT != 0)
    if lay:
        return 2 + edges
    return 1 if edges else 0


@njit(cache=True, nogil=True)
def _tell(mark, k: int, end_us: int, t_us: int, out, n: int) -> int:
    out[n, :MARK_COLUMNS] = mark[k]
    out[n, OUT_END_US], out[n, OUT_UPDATED_US] = end_us, t_us
    return n + 1


@njit(cache=True, nogil=True)
def _happens(mark, k: int, has: int, begin_us: int, rank: int, point: int, obs: int) -> None:
    """An event of the visit; the first begins it, and the best one names its place."""
    mark[k, BITS] |= has
    if mark[k, BEGIN_US] == 0:
        mark[k, BEGIN_US] = begin_us
        mark[k, OBS_FIRST] = obs
    if rank > mark[k, POINT_RANK]:
        mark[k, POINT], mark[k, POINT_RANK] = point, rank
    mark[k, OBS_LAST] = obs


@njit(cache=True, nogil=True)
def _rises(mark, k: int, t_us: int, lim: Limits, out, n: int) -> int:
    """Tells the visit when it has become surer, and sure enough."""
    now = confidence(mark[k, BITS])
    if now >= lim.least_confidence and now > mark[k, TOLD]:
        mark[k, TOLD] = now
        return _tell(mark, k, 0, t_us, out, n)
    return n


@njit(cache=True, nogil=True)
def _count_stop(mark, k: int, begin_us: int, point: int, obs: int) -> None:
    mark[k, STOPS] += 1
    if mark[k, BITS] & HAS_STOP == 0:
        mark[k, OBS_STOP] = obs
    _happens(mark, k, HAS_STOP | STOP_COUNTED, begin_us, 3, point, obs)


@njit(cache=True, nogil=True)
def _end_stop(mark, k: int, t_us: int, lim: Limits, point: int, obs: int) -> None:
    lasted_us = t_us - mark[k, STOP_US]
    if lasted_us >= lim.stop_least_us:
        if mark[k, BITS] & STOP_COUNTED == 0:
            was_heard = mark[k, BITS] & STOP_HEARD != 0
            _count_stop(mark, k, t_us if was_heard else mark[k, STOP_US], point, obs)
        mark[k, STOPPED_US] += lasted_us
    mark[k, STOP_US] = 0
    mark[k, BITS] &= ~(STOP_COUNTED | STOP_HEARD)


@njit(cache=True, nogil=True)
def _count_gap(mark, k: int, lim: Limits, point: int) -> None:
    if mark[k, BITS] & GAP_COUNTED == 0:
        mark[k, GAPS] += 1
        begin_us = mark[k, LAST_US] + lim.gap_us
        _happens(mark, k, HAS_GAP | GAP_COUNTED, begin_us, 2, point, mark[k, OBS_LAST])


@njit(cache=True, nogil=True)
def _clear(mark, k: int) -> None:
    """The visit is over; the vessel is at sea."""
    mark[k, :] = 0
    mark[k, WHERE] = AT_SEA


@njit(cache=True, nogil=True, inline="always")
def _goes_on(mark, k: int, lim: Limits, t_us: int, sog: float) -> bool:
    """Whether a report in port changes nothing but its time: nearly all of them, and a call with
    so many arrays costs more than to see that it is not needed."""
    bits, stop_us = mark[k, BITS], mark[k, STOP_US]
    if t_us - mark[k, LAST_US] >= lim.gap_us or bits & (GAP_COUNTED | CAME_BACK):
        return False
    if stop_us == 0:
        return not sog < lim.stop_begin_mps
    is_settled = bits & (STOP_COUNTED | STOP_HEARD) != 0 or t_us - stop_us < lim.stop_least_us
    return is_settled and not sog > lim.stop_end_mps


@njit(cache=True, nogil=True)
def walk(
    row: int, near, mark, index: AnchorageIndex, lim: Limits, out,
    t_us, track, kind, flags, obs, lon, lat, sog,
) -> tuple[int, int]:  # fmt: skip
    """Takes reports in order of time from `row` on, until all are taken or `out` may not hold what
    the next one tells. Returns the next row and how many rows of `out` were written."""
    n = 0
    while row < len(t_us) and n + ROOM <= len(out):
        i = row
        row += 1
        k = track[i]
        if kind[i] > CLASS_B or flags[i] & _SKIP:
            continue
        before = mark[k, WHERE]
        if before != UNKNOWN and is_as_before(near, k, lon[i], lat[i]):
            if before == IN_PORT:
                if _goes_on(mark, k, lim, t_us[i], sog[i]):
                    mark[k, LAST_US] = t_us[i]
                    continue
                n = _in_port(mark, k, index, lim, t_us[i], obs[i], lon[i], lat[i], sog[i], out, n)
            continue
        point, away_m = nearest_at(index, lon[i], lat[i])
        inside = away_m <= lim.entry_m or (before == IN_PORT and away_m <= lim.exit_m)
        # While nothing is decided by it, how far it is from what would decide otherwise.
        slack_m = lim.exit_m - away_m if inside else min(away_m, REACH_M) - lim.entry_m
        if before == IN_PORT and not inside:
            was_at = nearest_at(index, near[k, NEAR_LON], near[k, NEAR_LAT])[0]
            n = _leave(mark, k, lim, was_at, t_us[i], obs[i], out, n)
        note_measured(near, k, lon[i], lat[i], slack_m)
        if not inside:
            mark[k, WHERE] = AT_SEA
            continue
        if before != IN_PORT:
            mark[k, :] = 0
            mark[k, WHERE], mark[k, LAST_US], mark[k, POINT] = IN_PORT, t_us[i], -1
            mark[k, THING] = k
            if before == AT_SEA:
                _happens(mark, k, HAS_ENTRY, t_us[i], 1, point, obs[i])
            elif sog[i] <= lim.stop_end_mps:  # it may have been slower before it was heard
                mark[k, STOP_US], mark[k, BITS] = t_us[i], STOP_HEARD
        n = _in_port(mark, k, index, lim, t_us[i], obs[i], lon[i], lat[i], sog[i], out, n)
    return row, n


@njit(cache=True, nogil=True)
def _in_port(mark, k, index, lim, t_us, obs, lon, lat, sog, out, n) -> int:
    """A report in port: silences and stops. Where nothing changes no place is looked up."""
    mark[k, BITS] &= ~CAME_BACK
    if t_us - mark[k, LAST_US] >= lim.gap_us:
        _count_gap(mark, k, lim, nearest_at(index, lon, lat)[0])
    mark[k, BITS] &= ~GAP_COUNTED
    mark[k, LAST_US] = t_us
    if mark[k, STOP_US] == 0:
        if sog < lim.stop_begin_mps:
            mark[k, STOP_US] = t_us
    elif sog > lim.stop_end_mps:
        _end_stop(mark, k, t_us, lim, nearest_at(index, lon, lat)[0], obs)
    if (
        mark[k, STOP_US] != 0
        and mark[k, BITS] & (STOP_COUNTED | STOP_HEARD) == 0
        and t_us - mark[k, STOP_US] >= lim.stop_least_us
    ):
        _count_stop(mark, k, mark[k, STOP_US], nearest_at(index, lon, lat)[0], obs)
    return _rises(mark, k, t_us, lim, out, n)


@njit(cache=True, nogil=True)
def _leave(mark, k, lim, point, t_us, obs, out, n) -> int:
    """The first report out of port; `point` was the nearest before it. On a track that took over
    from a closed one the visit has ended with the last report in port; else it ends here."""
    end_us = t_us
    if mark[k, BITS] & CAME_BACK:
        end_us = mark[k, LAST_US]
    else:
        if t_us - mark[k, LAST_US] >= lim.gap_us:
            _count_gap(mark, k, lim, point)
        if mark[k, STOP_US] != 0:
            _end_stop(mark, k, t_us, lim, point, obs)
        _happens(mark, k, HAS_EXIT, t_us, 1, point, obs)
    if mark[k, TOLD] or confidence(mark[k, BITS]) >= lim.least_confidence:
        mark[k, TOLD] = confidence(mark[k, BITS])
        n = _tell(mark, k, end_us, t_us, out, n)
    _clear(mark, k)
    return n


@njit(cache=True, nogil=True)
def silences(
    first: int, count: int, until_us: int, near, mark, index: AnchorageIndex, lim: Limits, gear, out
) -> tuple[int, int, int]:
    """Tracks from `first` on whose silence in port has become due by `until_us`, until all are
    looked at or `out` is full: (next track, rows written, when the next one becomes due). What is
    taken for a net beacon by now, by its bit of `gear` (count,), is heard apart and not silent."""
    n, next_us = 0, NEVER_US
    k = first
    while k < count and n < len(out):
        is_beacon = gear[k] & GEAR_BEACON != 0
        if mark[k, WHERE] == IN_PORT and mark[k, BITS] & GAP_COUNTED == 0 and not is_beacon:
            due_us = mark[k, LAST_US] + lim.gap_us
            if due_us <= until_us:
                point = nearest_at(index, near[k, NEAR_LON], near[k, NEAR_LAT])[0]
                _count_gap(mark, k, lim, point)
                n = _rises(mark, k, due_us, lim, out, n)
            else:
                next_us = min(next_us, due_us)
        k += 1
    return k, n, next_us
