"""Every close pass of the whole fleet, measured on its noiseless states: what a collision rule
should have told of, found without any code of such a rule.

At each step every pair near each other is looked at; where the closest point of the two straight
ways falls between this step and the next, that is a pass. A pair that turns about each other has
several; those less than `APART_S` apart are one, the nearest of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from littoral.sim.motion import DEG_M, STEP_US

PASS = np.dtype(
    [
        ("t_us", "i8"),
        ("first", "i4"),  # rows of the fleet, the lower one first
        ("second", "i4"),
        ("between_m", "f8"),  # between the hulls, rectangles seen along the relative motion
        ("closing_mps", "f8"),
        ("slower_mps", "f8"),
        ("faster_mps", "f8"),
        ("lon_deg", "f8"),
        ("lat_deg", "f8"),
    ],
    align=True,
)
APART_S = 120.0
CELL_DEG = 0.03
STEP_S = STEP_US / 1e6
EDGE_S = 0.01  # so that none falls between two steps; who is found twice is merged
KEYS = 16_384  # columns of cells


@njit(cache=True, nogil=True)
def _half_width(length_m: float, beam_m: float, off_deg: float) -> float:
    a = math.radians(off_deg)
    return 0.5 * (length_m * abs(math.sin(a)) + beam_m * abs(math.cos(a)))


@njit(cache=True, nogil=True)
def find_passes(
    track: np.ndarray, length_m: np.ndarray, beam_m: np.ndarray, counts: np.ndarray,
    start_us: int, reach_m: float, within_m: float, out: np.ndarray,
) -> int:  # fmt: skip
    """Passes within `within_m` between hulls among the ships that count, in one block of states
    `track` (n, steps, 4: longitude, latitude, m/s, degrees). Returns how many; `out` takes as many
    as it holds."""
    n, found = len(track), 0
    key = np.empty(n, np.int64)
    for k in range(track.shape[1]):
        for i in range(n):
            row = math.floor((track[i, k, 1] + 90.0) / CELL_DEG)
            key[i] = row * KEYS + math.floor((track[i, k, 0] + 180.0) / CELL_DEG)
        order = np.argsort(key)
        ordered = key[order]
        for i in range(n):
            if not counts[i] or track[i, k, 2] <= 0.0:
                continue
            scale = DEG_M * math.cos(math.radians(track[i, k, 1]))
            a = math.radians(track[i, k, 3])
            east, north = track[i, k, 2] * math.sin(a), track[i, k, 2] * math.cos(a)
            for row in range(-1, 2):
                q = np.searchsorted(ordered, key[i] + row * KEYS - 1)
                while q < n and ordered[q] <= key[i] + row * KEYS + 1:
                    j = order[q]
                    q += 1
                    slower = track[j, k, 2] < track[i, k, 2]
                    if not counts[j] or not (
                        slower or (track[j, k, 2] == track[i, k, 2] and j < i)
                    ):
                        continue
                    x = (track[j, k, 0] - track[i, k, 0]) * scale
                    y = (track[j, k, 1] - track[i, k, 1]) * DEG_M
                    if x * x + y * y > reach_m * reach_m:
                        continue
                    b = math.radians(track[j, k, 3])
                    u = track[j, k, 2] * math.sin(b) - east
                    w = track[j, k, 2] * math.cos(b) - north
                    v = math.sqrt(u * u + w * w)
                    if v < 0.01:
                        continue
                    after_s = -(x * u + y * w) / (v * v)
                    if not -EDGE_S <= after_s < STEP_S + EDGE_S:
                        continue
                    along = math.degrees(math.atan2(u, w))
                    between = abs(x * w - y * u) / v
                    between -= _half_width(length_m[i], beam_m[i], track[i, k, 3] - along)
                    between -= _half_width(length_m[j], beam_m[j], track[j, k, 3] - along)
                    if between > within_m:
                        continue
                    if found < len(out):
                        p = out[found]
                        p.t_us = start_us + k * STEP_US + int(after_s * 1e6)
                        p.first, p.second = min(i, j), max(i, j)
                        p.between_m, p.closing_mps = max(0.0, between), v
                        p.slower_mps, p.faster_mps = track[j, k, 2], track[i, k, 2]
                        p.lon_deg, p.lat_deg = track[i, k, 0], track[i, k, 1]
                    found += 1
    return found


@dataclass(slots=True)
class Passes:
    """Collects the passes of a run block by block."""

    length_m: np.ndarray
    beam_m: np.ndarray
    reach_m: float = 1_500.0
    within_m: float = 200.0
    parts: list[np.ndarray] = field(default_factory=list)

    def add(self, track: np.ndarray, counts: np.ndarray, start_us: int) -> None:
        """States of a block (n, steps, 4) that begins at `start_us`; `counts` (n,) bool: which
        ships are looked at."""
        out = np.zeros(4_096, PASS)
        while True:
            found = find_passes(
                track, self.length_m, self.beam_m, counts, start_us, self.reach_m, self.within_m,
                out,
            )  # fmt: skip
            if found <= len(out):
                self.parts.append(out[:found].copy())
                return
            out = np.zeros(2 * found, PASS)

    def result(self) -> np.ndarray:
        """(m,) of PASS by pair and time, one a pair and meeting."""
        all_of = np.concatenate([np.zeros(0, PASS), *self.parts])
        all_of = np.sort(all_of, order=("first", "second", "t_us"))
        if not len(all_of):
            return all_of
        one, before = all_of[1:], all_of[:-1]
        new = (one["first"] != before["first"]) | (one["second"] != before["second"])
        new |= one["t_us"] - before["t_us"] > APART_S * 1e6
        group = np.concatenate([[0], np.cumsum(new)])
        by_nearness = np.lexsort((all_of["between_m"], group))
        _, nearest = np.unique(group[by_nearness], return_index=True)
        return all_of[by_nearness[nearest]]
