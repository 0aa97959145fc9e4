"""Blocks of a vessel's way that are slow, joined to runs: the compiled loop and what it keeps."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.geodesy import haversine_m, wrap_lon
from littoral.detect._ticks.fixes import (
    COLUMNS,
    DOUBTS,
    STATUS,
    TICK_LAT,
    TICK_LON,
    place_at,
    step_m,
    ticks_between,
)
from littoral.schema.growing import grown

# Columns of `LoiteringState.run`. The block under way: its first tick, the place there, metres and
# seconds so far (0: none yet), whether its vessel rests.
BLOCK_US, BLOCK_LON, BLOCK_LAT, BLOCK_M, BLOCK_S, BLOCK_RESTS = range(6)
# The run of slow blocks: its first tick (0: none), the place there, the ends of its blocks summed
# as degrees from there, how many, its metres, its last tick, when it was last asked about, told of.
RUN_US, RUN_LON, RUN_LAT, EAST_DEG, NORTH_DEG, BLOCKS, WAY_M = range(6, 13)
GOOD_US, ASKED_US, TOLD_US = range(13, 16)
RUN_COLUMNS = 16

EVIDENCE = 8  # observations kept of a run: the first and the latest
BLOCK, ASK, AGAIN, END = range(4)  # what the loop has to say
# Columns of what it says beside the kind and the track.
AT_US, SAID_RUN_US, SAID_GOOD_US, MID_LON, MID_LAT, HERE_LON, HERE_LAT, SAID_WAY_M = range(8)


@dataclass(slots=True)
class LoiteringState:
    """Rows as in the fleet: fix (n, 8), see `_ticks`; pending (n,): the last tick is not settled;
    run (n, 16), see the columns; obs (n, 8); told (n,): the run is an alert; shore_m (n,) and
    blocks (n,): distances from shore of the run's block ends, summed, and how many; shore_run_us
    (n,): of which run."""

    fix: np.ndarray = field(default_factory=lambda: np.zeros((0, COLUMNS)))
    pending: np.ndarray = field(default_factory=lambda: np.zeros(0, np.bool_))
    run: np.ndarray = field(default_factory=lambda: np.zeros((0, RUN_COLUMNS)))
    obs: np.ndarray = field(default_factory=lambda: np.zeros((0, EVIDENCE), np.int64))
    told: np.ndarray = field(default_factory=lambda: np.zeros(0, np.bool_))
    shore_m: np.ndarray = field(default_factory=lambda: np.zeros(0))
    blocks: np.ndarray = field(default_factory=lambda: np.zeros(0))
    shore_run_us: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def reserve(self, rows: int) -> None:
        if rows > len(self.fix):
            rows = max(rows, 2 * len(self.fix))
            for f in fields(self):
                setattr(self, f.name, grown(getattr(self, f.name), rows))


class Limits(NamedTuple):
    """Settings as the loop takes them; `resting` (16,) bool by navigational status."""

    tick_us: int
    block_us: int
    gap_us: int
    slow_mps: float
    hold_us: int
    within_m: float
    ask_us: int
    resume_us: int
    update_us: int
    says_blocks: bool
    resting: np.ndarray


class Said(NamedTuple):
    """What the loop has to say, in order: kind (n,), track (n,), real (n, 8)."""

    kind: np.ndarray
    track: np.ndarray
    real: np.ndarray

    @classmethod
    def empty(cls, n: int) -> Said:
        return cls(np.empty(n, np.int64), np.empty(n, np.int64), np.empty((n, 8)))


@njit(cache=True, nogil=True)
def say(
    kind: int, k: int, at_us: int, lon: float, lat: float, run: np.ndarray, said: Said, n: int
) -> int:
    said.kind[n], said.track[n] = kind, k
    said.real[n, AT_US], said.real[n, SAID_RUN_US] = at_us, run[k, RUN_US]
    said.real[n, SAID_GOOD_US], said.real[n, SAID_WAY_M] = run[k, GOOD_US], run[k, WAY_M]
    count = max(run[k, BLOCKS], 1.0)
    said.real[n, MID_LON] = wrap_lon(run[k, RUN_LON] + run[k, EAST_DEG] / count)
    said.real[n, MID_LAT] = run[k, RUN_LAT] + run[k, NORTH_DEG] / count
    said.real[n, HERE_LON], said.real[n, HERE_LAT] = lon, lat
    return n + 1


@njit(cache=True, nogil=True)
def _begin_run(run: np.ndarray, obs: np.ndarray, k: int) -> None:
    run[k, RUN_US] = run[k, BLOCK_US]
    run[k, RUN_LON], run[k, RUN_LAT] = run[k, BLOCK_LON], run[k, BLOCK_LAT]
    run[k, EAST_DEG:RUN_COLUMNS] = 0.0
    obs[k] = 0


@njit(cache=True, nogil=True)
def _end_block(
    k: int, tick_us: int, at_us: int, lon: float, lat: float, obs_id: int, run: np.ndarray,
    obs: np.ndarray, told: np.ndarray, lim: Limits, said: Said, n: int,
) -> int:  # fmt: skip
    """The block that ends at `tick_us`, at `lon`, `lat`, is known: into the run, or its end."""
    slow = run[k, BLOCK_M] < lim.slow_mps * run[k, BLOCK_S] and run[k, BLOCK_RESTS] == 0.0
    if not slow:
        if told[k] and tick_us - run[k, GOOD_US] <= lim.resume_us:
            return n
        if told[k]:
            n = say(END, k, at_us, lon, lat, run, said, n)
            told[k] = False
        run[k, RUN_US] = 0.0
        return n
    if run[k, RUN_US] == 0.0 or (
        not told[k] and 0.0 < lim.within_m < haversine_m(run[k, RUN_LON], run[k, RUN_LAT], lon, lat)
    ):
        _begin_run(run, obs, k)
    half, count = EVIDENCE // 2, int(run[k, BLOCKS])
    obs[k, count if count < half else half + count % half] = obs_id
    run[k, BLOCKS] += 1.0
    run[k, EAST_DEG] += wrap_lon(lon - run[k, RUN_LON])
    run[k, NORTH_DEG] += lat - run[k, RUN_LAT]
    run[k, WAY_M] += run[k, BLOCK_M]
    run[k, GOOD_US] = tick_us
    if lim.says_blocks:
        n = say(BLOCK, k, at_us, lon, lat, run, said, n)
    if told[k]:
        if tick_us - run[k, TOLD_US] >= lim.update_us:
            run[k, TOLD_US] = tick_us
            n = say(AGAIN, k, at_us, lon, lat, run, said, n)
    elif tick_us - run[k, RUN_US] >= lim.hold_us and tick_us - run[k, ASKED_US] >= lim.ask_us:
        run[k, ASKED_US] = run[k, TOLD_US] = tick_us
        n = say(ASK, k, at_us, lon, lat, run, said, n)
    return n


@njit(cache=True, nogil=True)
def lost(
    k: int, at_us: int, fix: np.ndarray, run: np.ndarray, told: np.ndarray, said: Said, n: int
) -> int:
    """Track `k` was not heard for too long, as is known at `at_us`: what went on is over."""
    if told[k]:
        n = say(END, k, at_us, fix[k, TICK_LON], fix[k, TICK_LAT], run, said, n)
        told[k] = False
    fix[k, TICK_LON] = np.nan
    run[k, RUN_US] = run[k, BLOCK_S] = 0.0
    return n


@njit(cache=True, nogil=True)
def take_fixes(
    row: int, fix: np.ndarray, pending: np.ndarray, run: np.ndarray, obs: np.ndarray,
    told: np.ndarray, track: np.ndarray, t_us: np.ndarray, flags: np.ndarray, obs_id: np.ndarray,
    lon: np.ndarray, lat: np.ndarray, status: np.ndarray, lim: Limits, said: Said,
) -> tuple[int, int]:  # fmt: skip
    """Settle ticks by the reports from `row` on, until all are taken or `said` may not hold what
    the next one brings. Returns the next row and how much was said."""
    n = 0
    most = 2 * (lim.gap_us // lim.tick_us + 2)
    step_s = lim.tick_us * 1e-6
    for i in range(row, len(t_us)):
        k = track[i]
        if k < 0 or not pending[k] or (flags[i] & DOUBTS) != 0:
            continue
        if n + most > len(said.kind):
            return i, n
        t = t_us[i]
        pending[k] = False
        first, last, follows = ticks_between(fix, k, t, lim.tick_us, lim.gap_us)
        if not follows:
            n = lost(k, t, fix, run, told, said, n)
        for tick in range(first, last + 1, lim.tick_us):
            x, y = place_at(fix, k, tick, t, lon[i], lat[i])
            east, north = step_m(fix, k, x, y)
            metres = math.sqrt(east * east + north * north)
            x0, y0 = fix[k, TICK_LON], fix[k, TICK_LAT]
            fix[k, TICK_LON], fix[k, TICK_LAT] = x, y
            if metres != metres:
                continue
            fast = lim.tick_us == lim.block_us and metres >= lim.slow_mps * step_s
            if fast and run[k, RUN_US] == 0.0:
                continue  # most vessels, most of the time
            if run[k, BLOCK_S] == 0.0:
                run[k, BLOCK_US], run[k, BLOCK_LON], run[k, BLOCK_LAT] = tick - lim.tick_us, x0, y0
                run[k, BLOCK_M] = run[k, BLOCK_RESTS] = 0.0
            says = int(status[i]) if tick == t else int(fix[k, STATUS])
            if 0 <= says < len(lim.resting) and lim.resting[says]:
                run[k, BLOCK_RESTS] = 1.0
            run[k, BLOCK_M] += metres
            run[k, BLOCK_S] += step_s
            if tick % lim.block_us == 0:
                n = _end_block(k, tick, t, x, y, obs_id[i], run, obs, told, lim, said, n)
                run[k, BLOCK_S] = 0.0
    return len(t_us), n
