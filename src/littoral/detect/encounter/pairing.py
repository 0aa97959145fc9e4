"""Pairs of vessels near each other at one tick, and the runs of ticks that make an encounter.

Samples come one after another in the order in which they were settled; each meets those of its
tick that came before, so a pair is seen when the later of the two is known, and its ticks in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.geodesy import haversine_m, wrap_lon
from littoral.detect._pairs.grid import M_PER_DEG, bucket_of, cell_of, cells_within
from littoral.detect._pairs.table import find, index, pair_key, slots_for
from littoral.detect.encounter.resample import Samples
from littoral.schema.growing import grown

# Columns of `Pairs.whole`: ticks are counted since 1970, -1 is none.
START, LAST, NIGHT_START, FIRST, LAST_GOOD, STATE, NEXT_UPDATE, BY_NIGHT = range(8)
TICKS, BELOW_A, BELOW_B, CLASS_A, CLASS_B = range(8, 13)
WHOLE = 13
# Columns of `Pairs.real`.
LON0, LAT0, EAST, NORTH, NEAREST, DISTANCE, SPEED_A, SPEED_B = range(8)
HIGH_A, LOW_A, HIGH_B, LOW_B = range(8, 12)  # greatest speed below the limit, least not below
REAL = 12
NEVER_TICKS = 1 << 40  # a pair of classes that no rule names
EVIDENCE = 32  # observations kept for a pair: the first 16 and the latest 16
NONE, RAISED, ENDED = 0, 1, 2
TOLD_NEW, TOLD_AGAIN, TOLD_END = 0, 1, 2


@dataclass(slots=True)
class Pairs:
    """Pairs seen near each other: `key` (n,), `whole` (n, WHOLE), `real`, `obs` (n, 32)."""

    count: int = 0
    slots: np.ndarray = field(default_factory=lambda: slots_for(64))
    key: np.ndarray = field(default_factory=lambda: np.zeros(64, np.int64))
    whole: np.ndarray = field(default_factory=lambda: np.zeros((64, WHOLE), np.int64))
    real: np.ndarray = field(default_factory=lambda: np.zeros((64, REAL)))
    obs: np.ndarray = field(default_factory=lambda: np.zeros((64, EVIDENCE), np.int64))

    def reserve(self, rows: int) -> None:
        if rows <= len(self.key):
            return
        rows = max(rows, 2 * len(self.key))
        self.key, self.whole = grown(self.key, rows), grown(self.whole, rows)
        self.real, self.obs = grown(self.real, rows), grown(self.obs, rows)
        self.slots = slots_for(rows)
        index(self.slots, self.key, self.count)


class PairArrays(NamedTuple):
    slots: np.ndarray
    key: np.ndarray
    whole: np.ndarray
    real: np.ndarray
    obs: np.ndarray


@dataclass(slots=True)
class Board:
    """Samples that others may still meet, chained by cell and tick; shapes (capacity,)."""

    count: int = 0
    heads: np.ndarray = field(default_factory=lambda: np.full(1024, -1, np.int32))
    next: np.ndarray = field(default_factory=lambda: np.zeros(1024, np.int32))
    cell: np.ndarray = field(default_factory=lambda: np.zeros(1024, np.int64))
    tick: np.ndarray = field(default_factory=lambda: np.zeros(1024, np.int64))
    track: np.ndarray = field(default_factory=lambda: np.zeros(1024, np.int64))
    obs_id: np.ndarray = field(default_factory=lambda: np.zeros(1024, np.int64))
    lon_deg: np.ndarray = field(default_factory=lambda: np.zeros(1024))
    lat_deg: np.ndarray = field(default_factory=lambda: np.zeros(1024))
    made_good_mps: np.ndarray = field(default_factory=lambda: np.zeros(1024))
    ship_class: np.ndarray = field(default_factory=lambda: np.zeros(1024, np.int8))
    night: np.ndarray = field(default_factory=lambda: np.zeros(1024, np.bool_))

    COLUMNS = (
        "cell", "tick", "track", "obs_id", "lon_deg", "lat_deg", "made_good_mps", "ship_class",
        "night",
    )  # fmt: skip

    def make_room(self, more: int, oldest_tick: int) -> None:
        """Room for `more` samples; when it is short, those before `oldest_tick` go first."""
        if self.count + more <= len(self.tick):
            return
        keep = np.flatnonzero(self.tick[: self.count] >= oldest_tick)
        capacity = len(self.tick)
        if len(keep) + more > capacity // 2:
            capacity = max(2 * capacity, 2 * (len(keep) + more))
        for name in self.COLUMNS:
            old = getattr(self, name)
            column = np.zeros(capacity, old.dtype)
            column[: len(keep)] = old[keep]
            setattr(self, name, column)
        self.count = len(keep)
        self.next = np.zeros(capacity, np.int32)
        self.heads = np.full(1 << (capacity - 1).bit_length(), -1, np.int32)
        _chain(self.heads, self.next, self.cell, self.tick, self.count)


class BoardArrays(NamedTuple):
    heads: np.ndarray
    next: np.ndarray
    cell: np.ndarray
    tick: np.ndarray
    track: np.ndarray
    obs_id: np.ndarray
    lon_deg: np.ndarray
    lat_deg: np.ndarray
    made_good_mps: np.ndarray
    ship_class: np.ndarray
    night: np.ndarray


class Limits(NamedTuple):
    """Settings as the loops take them; durations in ticks by class x class, shape (8, 8)."""

    tick_us: int
    gap_us: int
    max_distance_m: float
    median_speed_mps: float
    merge_ticks: int
    update_ticks: int
    night_ticks: np.ndarray
    day_ticks: np.ndarray


class Told(NamedTuple):
    """What the loops have to say: a snapshot of a pair at the tick that changed it."""

    kind: np.ndarray  # (n,) TOLD_*
    key: np.ndarray
    tick: np.ndarray  # last tick together
    t_us: np.ndarray  # event time of the change
    whole: np.ndarray
    real: np.ndarray
    obs: np.ndarray

    @classmethod
    def empty(cls, n: int) -> Told:
        return cls(
            np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64),
            np.zeros(n, np.int64), np.zeros((n, WHOLE), np.int64), np.zeros((n, REAL)),
            np.zeros((n, EVIDENCE), np.int64),
        )  # fmt: skip


@njit(cache=True, nogil=True, inline="always")
def _hash(cell: int, tick: int, mask: int) -> int:
    return bucket_of(cell ^ (tick << 44), mask)


@njit(cache=True, nogil=True)
def _chain(heads, next_, cell, tick, count):
    heads[:] = -1
    for i in range(count):
        h = _hash(cell[i], tick[i], len(heads) - 1)
        next_[i] = heads[h]
        heads[h] = i


@njit(cache=True, nogil=True)
def _tell(told: Told, n: int, kind: int, p: PairArrays, row: int, t_us: int) -> int:
    told.kind[n], told.key[n], told.t_us[n] = kind, p.key[row], t_us
    told.tick[n] = p.whole[row, LAST]
    told.whole[n], told.real[n], told.obs[n] = p.whole[row], p.real[row], p.obs[row]
    return n + 1


@njit(cache=True, nogil=True)
def _end_run(told: Told, n: int, p: PairArrays, row: int, t_us: int) -> int:
    """The run is known at `t_us` to be over; where it was an encounter, say so."""
    if p.whole[row, STATE] == RAISED:
        p.whole[row, STATE] = ENDED
        p.whole[row, LAST_GOOD] = p.whole[row, LAST]
        n = _tell(told, n, TOLD_END, p, row, t_us)
    return n


@njit(cache=True, nogil=True)
def _median_below(n: int, below: int, high: float, low: float, limit: float) -> bool:
    """Is the median of n speeds below `limit`? `below` of them are, the greatest of these is
    `high`, the least of the others `low`: exact without keeping the speeds."""
    if limit == np.inf:
        return True
    if 2 * below == n:
        return n > 0 and 0.5 * (high + low) < limit
    return 2 * below > n


@njit(cache=True, nogil=True)
def _count_speed(p: PairArrays, row: int, side: int, speed: float, limit: float) -> None:
    p.real[row, SPEED_A + side] += speed
    high, low = HIGH_A + 2 * side, LOW_A + 2 * side
    if speed < limit:
        p.whole[row, BELOW_A + side] += 1
        p.real[row, high] = max(p.real[row, high], speed)
    else:
        p.real[row, low] = min(p.real[row, low], speed)


@njit(cache=True, nogil=True)
def _begin_run(p: PairArrays, row: int, tick: int, merge_ticks: int) -> None:
    w, r = p.whole[row], p.real[row]
    if w[FIRST] >= 0 and tick - w[LAST_GOOD] >= merge_ticks:
        w[FIRST] = -1
    if w[FIRST] < 0:
        w[STATE], w[BY_NIGHT] = NONE, 0
        r[NEAREST] = np.inf
    w[START], w[NIGHT_START], w[TICKS], w[BELOW_A], w[BELOW_B] = tick, -1, 0, 0, 0
    r[EAST] = r[NORTH] = r[DISTANCE] = r[SPEED_A] = r[SPEED_B] = 0.0
    r[HIGH_A] = r[HIGH_B] = -np.inf
    r[LOW_A] = r[LOW_B] = np.inf


@njit(cache=True, nogil=True)
def _meet(
    p: PairArrays, row: int, b: BoardArrays, i: int, j: int, d_m: float, t_us: int,
    lim: Limits, told: Told, n: int,
) -> int:  # fmt: skip
    """Entries i (lower track) and j of the board are near each other at their tick."""
    w, r = p.whole[row], p.real[row]
    tick = b.tick[i]
    if w[LAST] != tick - 1:
        n = _end_run(told, n, p, row, min(t_us, (w[LAST] + 1) * lim.tick_us + lim.gap_us))
        _begin_run(p, row, tick, lim.merge_ticks)
        r[LON0], r[LAT0] = b.lon_deg[i], b.lat_deg[i]
    else:
        _count_speed(p, row, 0, b.made_good_mps[i], lim.median_speed_mps)
        _count_speed(p, row, 1, b.made_good_mps[j], lim.median_speed_mps)
    w[LAST] = tick
    w[CLASS_A], w[CLASS_B] = b.ship_class[i], b.ship_class[j]
    r[EAST] += wrap_lon(b.lon_deg[i] - r[LON0]) + wrap_lon(b.lon_deg[j] - r[LON0])
    r[NORTH] += b.lat_deg[i] - r[LAT0] + b.lat_deg[j] - r[LAT0]
    r[NEAREST] = min(r[NEAREST], d_m)
    r[DISTANCE] += d_m
    k = w[TICKS]
    k = k if k < 8 else 8 + k % 8
    p.obs[row, 2 * k], p.obs[row, 2 * k + 1] = b.obs_id[i], b.obs_id[j]
    w[TICKS] += 1
    if not (b.night[i] and b.night[j]):
        w[NIGHT_START] = -1
    elif w[NIGHT_START] < 0:
        w[NIGHT_START] = tick
    by_night = (
        w[NIGHT_START] >= 0 and tick - w[NIGHT_START] >= lim.night_ticks[w[CLASS_A], w[CLASS_B]]
    )
    long_enough = by_night or tick - w[START] >= lim.day_ticks[w[CLASS_A], w[CLASS_B]]
    if w[STATE] == RAISED:
        if by_night and w[BY_NIGHT] == 0:
            w[BY_NIGHT] = 1
            n = _tell(told, n, TOLD_AGAIN, p, row, t_us)
        elif tick >= w[NEXT_UPDATE]:
            w[NEXT_UPDATE] = tick + lim.update_ticks
            n = _tell(told, n, TOLD_AGAIN, p, row, t_us)
        return n
    steps = w[TICKS] - 1
    limit = lim.median_speed_mps
    if (
        long_enough
        and _median_below(steps, w[BELOW_A], r[HIGH_A], r[LOW_A], limit)
        and _median_below(steps, w[BELOW_B], r[HIGH_B], r[LOW_B], limit)
    ):
        kind = TOLD_AGAIN if w[STATE] == ENDED else TOLD_NEW
        if w[FIRST] < 0:
            w[FIRST] = w[START]
        w[STATE] = RAISED
        w[BY_NIGHT] |= by_night
        w[NEXT_UPDATE] = tick + lim.update_ticks
        n = _tell(told, n, kind, p, row, t_us)
    return n


@njit(cache=True, nogil=True)
def pair_up(
    first: int, count: int, eligible: np.ndarray, night: np.ndarray, samples: Samples,
    b: BoardArrays, board_count: int, p: PairArrays, pair_count: int, mmsi: np.ndarray,
    lim: Limits, told: Told,
) -> tuple[int, int, int, int, int]:  # fmt: skip
    """Enter samples `first`..`count` on the board, each met by those near it at its tick.

    Returns next sample, entries on the board, pairs, things told, and how many pairs the next
    sample has: where these do not fit into `p` or `told`, it stops before it.
    """
    n = 0
    radius = lim.max_distance_m / M_PER_DEG * 1.000_01
    cells = np.empty(64, np.int64)
    near = np.empty(len(b.tick), np.int64)
    apart = np.empty(len(b.tick))
    mask = len(b.heads) - 1
    for s in range(first, count):
        if not eligible[s]:
            continue
        tick, track = samples.tick[s], samples.track[s]
        lon, lat = samples.lon_deg[s], samples.lat_deg[s]
        found = 0
        for c in range(cells_within(lon, lat, radius, radius, cells)):
            e = b.heads[_hash(cells[c], tick, mask)]
            while e >= 0:
                if (
                    b.tick[e] == tick
                    and b.cell[e] == cells[c]
                    and b.track[e] != track
                    and mmsi[b.track[e]] != mmsi[track]
                    and min(
                        lim.night_ticks[samples.ship_class[s], b.ship_class[e]],
                        lim.day_ticks[samples.ship_class[s], b.ship_class[e]],
                    )
                    < NEVER_TICKS
                ):
                    d = haversine_m(lon, lat, b.lon_deg[e], b.lat_deg[e])
                    if d <= lim.max_distance_m:
                        near[found], apart[found] = e, d
                        found += 1
                e = b.next[e]
        if pair_count + found > len(p.key) or n + 2 * found > len(told.kind):
            return s, board_count, pair_count, n, found
        i = board_count
        board_count += 1
        b.tick[i], b.track[i], b.obs_id[i] = tick, track, samples.obs_id[s]
        b.lon_deg[i], b.lat_deg[i] = lon, lat
        b.made_good_mps[i] = samples.made_good_mps[s]
        b.ship_class[i], b.night[i] = samples.ship_class[s], night[s]
        b.cell[i] = cell_of(lon, lat, radius)
        h = _hash(b.cell[i], tick, mask)
        b.next[i] = b.heads[h]
        b.heads[h] = i
        for f in range(found):
            j = near[f]
            key = pair_key(track, b.track[j])
            row = find(p.slots, p.key, key)
            if row < 0:
                p.slots[-1 - row] = pair_count
                row = pair_count
                pair_count += 1
                p.key[row] = key
                p.whole[row, :] = 0
                p.whole[row, LAST] = p.whole[row, FIRST] = -1
            low, high = (i, j) if track < b.track[j] else (j, i)
            n = _meet(p, row, b, low, high, apart[f], samples.t_us[s], lim, told, n)
    return count, board_count, pair_count, n, 0


@njit(cache=True, nogil=True)
def close_runs(
    p: PairArrays, count: int, last_us: np.ndarray, crossed_us: np.ndarray,
    crossed_tick: np.ndarray, until_us: int, lim: Limits, told: Told, first: int,
) -> tuple[int, int, int]:  # fmt: skip
    """End the runs whose next tick is settled without the pair, and drop pairs past merging.

    Returns pairs left, things told and the row to go on from (`count` when done: `told` was full).
    """
    n = 0
    row = first
    dropped = False
    while row < count:
        if n >= len(told.kind):
            break
        w = p.whole[row]
        following = w[LAST] + 1
        a, b = p.key[row] >> 32, p.key[row] & 0xFFFFFFFF
        due_us = following * lim.tick_us
        dead_us = due_us + lim.gap_us  # nothing can settle the tick any more
        if last_us[a] >= due_us and last_us[b] >= due_us:
            # The later of the two fixes that settled it; a fix that only settled later ticks
            # came after that.
            known_us = 0
            if crossed_tick[a] <= following:
                known_us = crossed_us[a]
            if crossed_tick[b] <= following:
                known_us = max(known_us, crossed_us[b])
            n = _end_run(told, n, p, row, min(known_us, dead_us))
        elif until_us > dead_us:
            n = _end_run(told, n, p, row, dead_us)
        merge_us = (w[LAST_GOOD] + lim.merge_ticks) * lim.tick_us
        if until_us > dead_us and (w[FIRST] < 0 or until_us > merge_us + lim.tick_us + lim.gap_us):
            count -= 1
            p.key[row], p.whole[row] = p.key[count], p.whole[count]
            p.real[row], p.obs[row] = p.real[count], p.obs[count]
            dropped = True
            continue
        row += 1
    if dropped:
        index(p.slots, p.key, count)
    return count, n, row
