"""What the gap rule remembers of each track, and the loop that notes each position (compiled)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from littoral.schema.growing import grown

NEVER_US = 2**62
HALF_LIFE_S = 3600.0  # of the running mean interval

# Columns of `open_whole` and `open_real`.
OPEN_TRACK, OPEN_LAST_US, OPEN_OBS, OPEN_STATIONS, OPEN_BEFORE, OPEN_MAIN = range(6)
REAL_LON, REAL_LAT, REAL_CHANCE, REAL_PER_DAY, REAL_SHORE, REAL_SOG, REAL_SHARE = range(7)


@dataclass(slots=True)
class GapState:
    """Rows as in the fleet. last_us, due_us (event time at which the silence is judged next) and
    told_us (last_us of the open alert, 0 none), shapes (capacity,) int64; mean (capacity, 2),
    decaying sums of seconds and of positions; recent (capacity, kept), the times of the latest
    positions, turn about, and taken (capacity,), how many came; main (capacity,), the receiver that
    hears it most (-1 none), and lead (capacity,), by how many positions; tracks: rows seen so far;
    not_evaluable: how often a silence could not be judged because the shore is not known there.
    open_whole (m, 6) and open_real (m, 7): of each open alert what the fleet will have forgotten
    when the vessel is heard again, columns OPEN_* and REAL_*."""

    last_us: np.ndarray
    due_us: np.ndarray
    told_us: np.ndarray
    mean: np.ndarray
    recent: np.ndarray
    taken: np.ndarray
    main: np.ndarray
    lead: np.ndarray
    open_whole: np.ndarray
    open_real: np.ndarray
    tracks: int = 0
    not_evaluable: int = 0

    def main_of(self, rows: np.ndarray, least: int) -> np.ndarray:
        """(n,) the receiver that leads by `least` or more, else -1."""
        return np.where(self.lead[rows] >= least, self.main[rows], -1)

    def reserve(self, rows: int) -> None:
        """Grow to the fleet's capacity `rows`."""
        if rows <= len(self.last_us):
            return
        self.last_us = grown(self.last_us, rows)
        self.due_us = grown(self.due_us, rows, NEVER_US)
        self.told_us = grown(self.told_us, rows)
        self.mean = grown(self.mean, rows)
        self.recent = grown(self.recent, rows)
        self.taken = grown(self.taken, rows)
        self.main = grown(self.main, rows, -1)
        self.lead = grown(self.lead, rows)


def empty(kept: int) -> GapState:
    """`kept`: how many of a track's latest positions to remember the times of."""
    none = np.zeros(0, np.int64)
    return GapState(
        none,
        none.copy(),
        none.copy(),
        np.zeros((0, 2)),
        np.zeros((0, kept), np.int64),
        none.copy(),
        none.copy(),
        none.copy(),
        np.zeros((0, 6), np.int64),
        np.zeros((0, 7)),
    )


@njit(cache=True, nogil=True)
def note_positions(track, t_us, last_us, due_us, mean, recent, taken, first_s):
    """Each position puts off its track's due time to `first_s` after it."""
    first_us = np.int64(first_s * 1e6)
    kept = recent.shape[1]
    for i in range(len(track)):
        k, t = track[i], t_us[i]
        if last_us[k] != 0:
            dt_s = (t - last_us[k]) * 1e-6
            fade = 1.0 if dt_s == 0.0 else math.exp2(-dt_s / HALF_LIFE_S)
            mean[k, 0] = mean[k, 0] * fade + dt_s
            mean[k, 1] = mean[k, 1] * fade + 1.0
        last_us[k] = t
        due_us[k] = t + first_us
        if kept:
            recent[k, taken[k] % kept] = t
            taken[k] += 1


@njit(cache=True, nogil=True)
def note_receivers(track, station, main, lead, most):
    """Each position votes for its receiver (Boyer and Moore's majority vote), which gets ahead by
    `most` at most: one that fell silent stays in the lead while others hear the vessel now and
    then, and no longer once they hear it well."""
    for i in range(len(track)):
        k, s = track[i], station[i]
        if not 0 <= s < 64:
            continue
        if main[k] == s:
            lead[k] = min(lead[k] + 1, most)
        elif lead[k] > 0:
            lead[k] -= 1
        else:
            main[k], lead[k] = s, 1


@njit(cache=True, nogil=True)
def heard_near(rows, since_us, within_m, fleet_count, fleet_last_us, fleet_lon, fleet_lat):
    """(n,) bool: another vessel was heard at or after `since_us[i]` within `within_m` of where
    track `rows[i]` was last."""
    out = np.zeros(len(rows), np.bool_)
    per_deg = 111_194.9
    for i in range(len(rows)):
        k = rows[i]
        lon, lat = fleet_lon[k], fleet_lat[k]
        shrink = math.cos(math.radians(lat))
        for j in range(fleet_count):
            if j != k and fleet_last_us[j] >= since_us[i]:
                north = (fleet_lat[j] - lat) * per_deg
                east = (fleet_lon[j] - lon) * per_deg * shrink
                if north * north + east * east <= within_m * within_m:
                    out[i] = True
                    break
    return out
