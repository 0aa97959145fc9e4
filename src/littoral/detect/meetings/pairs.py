"""Vessels at ticks, meetings that go on and those that are over: rows of plain columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from littoral.detect.meetings import loop
from littoral.detect.meetings.loop import near_pairs
from littoral.schema.fleet import Fleet

# Columns of `Going.whole`: ticks since 1970; observations of either at the first and the last tick;
# since when either has been slow, as of the last tick; whether they were seen apart one tick before
# the first; whether they have been seen apart since the last.
KEY, FIRST, LAST, OBS_A, OBS_B, LAST_OBS_A, LAST_OBS_B, SLOW_A, SLOW_B, CAME, PARTED = range(11)
WHOLE = 11
# Columns of `Going.real`.
NEAREST, LON_A, LAT_A, LON_B, LAT_B = range(5)


@dataclass(slots=True)
class Board:
    """Vessels at ticks that are not complete yet, as `loop.sample` writes them: `whole` (ticks, n,
    5), `real` (ticks, n, 2), `counts` (ticks,); tick t is row t % ticks."""

    whole: np.ndarray = field(default_factory=lambda: np.zeros((1, 0, 5), np.int64))
    real: np.ndarray = field(default_factory=lambda: np.zeros((1, 0, 2)))
    counts: np.ndarray = field(default_factory=lambda: np.zeros(1, np.int64))
    done: int = 0  # all ticks up to this one have been taken

    def make_room(self, until: int, rows: int) -> None:
        """For ticks after `done` up to `until`, and so many vessels at each."""
        ticks = max(len(self.counts), until - self.done)
        if ticks == len(self.counts) and rows <= self.whole.shape[1]:
            return
        n = max(rows, self.whole.shape[1])
        whole, real = np.zeros((ticks, n, 5), np.int64), np.zeros((ticks, n, 2))
        counts = np.zeros(ticks, np.int64)
        for tick in range(self.done + 1, self.done + 1 + len(self.counts)):
            old, new = tick % len(self.counts), tick % ticks
            m = counts[new] = self.counts[old]
            whole[new, :m], real[new, :m] = self.whole[old, :m], self.real[old, :m]
        self.whole, self.real, self.counts = whole, real, counts

    def take(self, complete: int) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """(tick, whole, real) of each tick up to `complete` with a vessel, in order."""
        last = min(complete, self.done + len(self.counts))
        for tick in range(self.done + 1, last + 1):
            row = tick % len(self.counts)
            m = self.counts[row]
            if m:
                self.counts[row] = 0
                yield tick, self.whole[row, :m], self.real[row, :m]
        self.done = max(self.done, complete)


@dataclass(slots=True)
class Going:
    """Pairs together now or a moment ago, sorted by key: `whole` (n, WHOLE), `real` (n, 5)."""

    whole: np.ndarray = field(default_factory=lambda: np.zeros((0, WHOLE), np.int64))
    real: np.ndarray = field(default_factory=lambda: np.zeros((0, 5)))

    def add(
        self,
        tick: int,
        at: np.ndarray,
        place: np.ndarray,
        fleet: Fleet,
        circles: np.ndarray,
        reach_m: float,
    ) -> None:
        """The pairs that are together at `tick`, whose vessels are `at` and `place`; not those in
        `circles`."""
        room = 256
        while True:
            out, metres = np.empty((room, 3), np.int64), np.empty(room)
            n = near_pairs(
                at, place, fleet.mmsi, fleet.ship_type, loop.CLASSES, circles, reach_m, out, metres
            )
            if n <= room:
                break
            room = n
        if not n:
            return
        key, a, b, metres = out[:n, 0], out[:n, 1], out[:n, 2], metres[:n]
        whole = np.zeros((n, WHOLE), np.int64)
        whole[:, CAME] = np.maximum(at[a, loop.FIRST_TICK], at[b, loop.FIRST_TICK]) < tick
        whole[:, KEY], whole[:, FIRST], whole[:, LAST] = key, tick, tick
        whole[:, OBS_A] = whole[:, LAST_OBS_A] = at[a, loop.OBS]
        whole[:, OBS_B] = whole[:, LAST_OBS_B] = at[b, loop.OBS]
        whole[:, SLOW_A] = at[a, loop.SLOW_SINCE_US]
        whole[:, SLOW_B] = at[b, loop.SLOW_SINCE_US]
        real = np.concatenate([metres[:, None], place[a], place[b]], axis=1)
        at = np.searchsorted(self.whole[:, KEY], key)
        known = np.zeros(n, np.bool_)
        inside = at < len(self.whole)
        known[inside] = self.whole[at[inside], KEY] == key[inside]
        at, goes_on = at[known], np.flatnonzero(known)
        real[goes_on, NEAREST] = np.minimum(real[goes_on, NEAREST], self.real[at, NEAREST])
        whole[goes_on, FIRST] = self.whole[at, FIRST]
        whole[goes_on, OBS_A] = self.whole[at, OBS_A]
        whole[goes_on, OBS_B] = self.whole[at, OBS_B]
        whole[goes_on, CAME] = self.whole[at, CAME]
        self.whole[at], self.real[at] = whole[goes_on], real[goes_on]
        whole = np.concatenate([self.whole, whole[~known]])
        order = np.argsort(whole[:, KEY])
        self.whole = whole[order]
        self.real = np.concatenate([self.real, real[~known]])[order]

    def part(self, tick: int, tracks: np.ndarray, capacity: int, merge: int) -> None:
        """Marks the pairs that both have a position at `tick` (`tracks`), `merge` or more after
        they were last together: until then they are taken to have stayed together, heard or not."""
        late = np.flatnonzero(self.whole[:, LAST] + merge <= tick)
        if len(late):
            heard = np.zeros(capacity, np.bool_)
            heard[tracks] = True
            key = self.whole[late, KEY]
            self.whole[late, PARTED] = heard[key >> 32] & heard[key & 0xFFFFFFFF]

    def close(self, forget: int) -> tuple[np.ndarray, np.ndarray]:
        """Take out those that parted, in the order of their ends; those last together before tick
        `forget` and not seen to part go unsaid."""
        over = self.whole[:, PARTED] == 1
        gone = over | (self.whole[:, LAST] < forget)
        if not gone.any():
            return self.whole[:0], self.real[:0]
        whole, real = self.whole[over], self.real[over]
        self.whole, self.real = self.whole[~gone], self.real[~gone]
        order = np.lexsort((whole[:, KEY], whole[:, FIRST], whole[:, LAST]))
        return whole[order], real[order]


class Meeting(NamedTuple):
    """One that counts, as one of the two sees it; ticks, metres, degrees."""

    partner: int  # its track
    first: int
    last: int
    slow_us: int  # since when the one has been slow, at the end
    nearest_m: float
    lon_deg: float
    lat_deg: float
    evidence: tuple[int, ...]


def both_sides(whole: np.ndarray, real: np.ndarray) -> list[tuple[int, Meeting]]:
    """(track, meeting) for either vessel of a meeting that is over."""
    key, first, last, *obs, slow_a, slow_b, _, _ = whole.tolist()
    nearest, lon_a, lat_a, lon_b, lat_b = real.tolist()
    seen = tuple(sorted(set(obs)))
    a, b = key >> 32, key & 0xFFFFFFFF
    return [
        (a, Meeting(b, first, last, slow_a, nearest, lon_a, lat_a, seen)),
        (b, Meeting(a, first, last, slow_b, nearest, lon_b, lat_b, seen)),
    ]
