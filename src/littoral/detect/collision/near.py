"""Which pairs are worth judging: a search that is wider than the judgement, and cheap.

Two vessels that come near each other within the horizon are, at half of it, no farther apart than
the faster one sails in all of it (each is at most half of that from where it then is). So they are
looked for about where they will be at half the horizon: a quarter of the area about where they are
now.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import wrap_lon
from littoral.detect._pairs.grid import M_PER_DEG
from littoral.detect.collision.scene import (
    COS_LAT,
    EAST,
    FRESH,
    NORTH,
    ROOM,
    S_LAT,
    S_LON,
    SPEED,
)

ROW_DEG = 0.04
ROWS = round(180.0 / ROW_DEG)
COLS = 1 << 14  # of 0.022 degrees, or half as many and so on where the scene is wide


@njit(cache=True, nogil=True, inline="always")
def _row(lat_deg: float) -> int:
    return min(ROWS - 1, max(0, int((lat_deg + 90.0) / ROW_DEG)))


@njit(cache=True, nogil=True)
def _halfway(scene: np.ndarray, n: int, horizon_s: float) -> np.ndarray:
    """(n, 2) longitude and latitude at half the horizon."""
    at = np.empty((n, 2))
    for i in range(n):
        s = scene[i]
        lon = s[S_LON] + 0.5 * horizon_s * s[EAST] / (M_PER_DEG * s[COS_LAT])
        at[i, 0] = lon - 360.0 if lon > 180.0 else lon + 360.0 if lon < -180.0 else lon
        at[i, 1] = s[S_LAT] + 0.5 * horizon_s * s[NORTH] / M_PER_DEG
    return at


@njit(cache=True, nogil=True)
def _cells(at: np.ndarray) -> tuple[np.ndarray, np.ndarray, int, int, int, int, int]:
    """Points sorted into cells: entries by cell, where each cell begins (one more than there are),
    first row, rows, first column, columns, and columns all round the globe."""
    n, most = len(at), 8 * len(at) + 1024
    row, col = np.empty(n, np.int64), np.empty(n, np.int64)
    for i in range(n):
        row[i] = _row(at[i, 1])
        col[i] = min(COLS - 1, max(0, int((at[i, 0] + 180.0) * (COLS / 360.0))))
    row_0, rows = row.min(), row.max() - row.min() + 1
    col_0, col_1, shift = col.min(), col.max(), 0
    while rows * ((col_1 >> shift) - (col_0 >> shift) + 1) > most and COLS >> shift > 1:
        shift += 1
    col_0 >>= shift
    cols = (col_1 >> shift) - col_0 + 1
    start = np.zeros(rows * cols + 1, np.int64)
    for i in range(n):
        row[i] = (row[i] - row_0) * cols + (col[i] >> shift) - col_0
        start[row[i] + 1] += 1
    for k in range(rows * cols):
        start[k + 1] += start[k]
    at_cell, order = start.copy(), np.empty(n, np.int64)
    for i in range(n):
        order[at_cell[row[i]]] = i
        at_cell[row[i]] += 1
    return order, start, row_0, rows, col_0, cols, COLS >> shift


@njit(cache=True, nogil=True)
def near_pairs(
    horizon_s: float, scene: np.ndarray, n: int, own_mps: float, closing_mps: float,
    widest_m: float, pairs: np.ndarray,
) -> int:  # fmt: skip
    """Pairs of the scene's first `n` entries that may come within `widest_m` of each other's hulls
    in `horizon_s`, as (faster entry << 32 | other entry), ascending: both freshly heard, one making
    `own_mps`, closing at `closing_mps`. A pair of equal speed is given twice, once each way.

    Fills `pairs` (m,) int64 and returns how many there are (more than m when it is too short)."""
    if n < 2:
        return 0
    at = _halfway(scene, n, horizon_s)
    order, start, row_0, rows, col_0, cols, round_globe = _cells(at)
    per_deg = round_globe / 360.0
    most_room = scene[:n, ROOM].max()
    found = 0
    for i in order:
        s = scene[i]
        speed = s[SPEED]
        if speed < own_mps or s[FRESH] != 1.0:
            continue
        lon, lat, east, north = s[S_LON], s[S_LAT], s[EAST], s[NORTH]
        metres = M_PER_DEG * s[COS_LAT]
        mine = widest_m + s[ROOM]
        span = 1.01 * (speed * horizon_s + mine + most_room) / M_PER_DEG
        # A cosine falls by less than its angle grows, here to the window's poleward edge, and on
        # the way to half the horizon; a thousandth more for that made since the fix.
        half = span / max(0.01, s[COS_LAT] - 2.0 * math.radians(span) - 0.001)
        low = math.floor((at[i, 0] + 180.0 - half) * per_deg)
        high = math.floor((at[i, 0] + 180.0 + half) * per_deg)
        if high - low >= round_globe - 1:
            low, high = 0, round_globe - 1
        # The window once more beyond the antimeridian, where it reaches across.
        first_side, last_side = -1 if high >= round_globe else 0, 1 if low < 0 else 0
        first_row = max(0, _row(at[i, 1] - span) - row_0)
        last_row = min(rows - 1, _row(at[i, 1] + span) - row_0)
        for side in range(first_side, last_side + 1):
            from_col = max(0, low + side * round_globe - col_0)
            to_col = min(cols - 1, high + side * round_globe - col_0)
            if from_col > to_col:
                continue
            for q in range(first_row, last_row + 1):
                for e in range(start[q * cols + from_col], start[q * cols + to_col + 1]):
                    j = order[e]
                    s2 = scene[j]
                    if s2[SPEED] > speed or s2[FRESH] != 1.0 or j == i:
                        continue
                    x = wrap_lon(s2[S_LON] - lon) * metres
                    y = (s2[S_LAT] - lat) * M_PER_DEG
                    u, w = s2[EAST] - east, s2[NORTH] - north
                    dot, v2 = x * u + y * w, u * u + w * w
                    near = mine + s2[ROOM]
                    # Wider than the judgement: antennas stand for hulls, and `metres` is taken at
                    # this vessel's latitude (2 % covers 100 km below 60 degrees).
                    cross, wide = abs(x * w - y * u), near + 0.02 * (abs(x) + abs(y))
                    if cross * cross > wide * wide * v2 or v2 < closing_mps * closing_mps:
                        continue
                    rel = near * math.sqrt(v2)
                    if dot > rel or -dot > 1.02 * horizon_s * v2 + rel:
                        continue
                    if found < len(pairs):
                        pairs[found] = (i << 32) | j
                    found += 1
    if found <= len(pairs):
        pairs[:found].sort()
    return found
