"""Learned lanes as kernels take them: distances on a raster of cells, speeds by a table.

Distances are between middles of cells, so that a raster answers exactly what the text of a rule
asks, without a search.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.geodesy import EARTH_M
from littoral.area.lane_grid import CELL_DEG, COLS, SECTORS

PASSED = np.float32(1e9)  # beyond what was asked for


class LaneMap(NamedTuple):
    """A window of cells, `rows` by `cols` from row `row0`, column `col0`; outside it nothing is
    known. `lane_m` (rows, cols, 2) float32: metres to the nearest lane of merchant ships and of
    passenger ships, `PASSED` beyond their reach, 0 where the waters are not watched. `entry`
    (rows, cols) int32: row of `speed` (k, 3, 8, 2) float32, or -1: slowest and fastest usual speed
    of cargo, tanker, passenger vessels by sector; NaN unknown."""

    row0: int
    col0: int
    lane_m: np.ndarray
    entry: np.ndarray
    speed: np.ndarray


@njit(cache=True, nogil=True)
def distances(cells: np.ndarray, row0: int, col0: int, out: np.ndarray, reach_m: float) -> None:
    """Into `out` (rows, cols): metres from each cell's middle to the nearest middle of `cells`, on
    the sphere; `PASSED` beyond `reach_m`."""
    out[:] = PASSED
    rows, cols = out.shape
    step = math.radians(CELL_DEG)
    up = int(reach_m / (EARTH_M * step)) + 1
    for i in range(len(cells)):
        row, col = cells[i] // COLS - row0, cells[i] % COLS - col0
        lat = math.radians((row + row0 + 0.5) * CELL_DEG - 90.0)
        for r in range(max(0, row - up), min(rows, row + up + 1)):
            other = math.radians((r + row0 + 0.5) * CELL_DEG - 90.0)
            dy = math.sin(0.5 * (other - lat)) ** 2
            both = math.cos(lat) * math.cos(other)
            for side in (1, -1):
                c = col if side == 1 else col - 1
                while 0 <= c < cols:
                    a = dy + both * math.sin(0.5 * step * (c - col)) ** 2
                    m = 2.0 * EARTH_M * math.asin(math.sqrt(a))
                    if m > reach_m:
                        break
                    out[r, c] = min(out[r, c], m)
                    c += side


@njit(cache=True, nogil=True)
def surrounded(cells: np.ndarray, row0: int, col0: int, out: np.ndarray, reach_m: float) -> None:
    """Marks in `out` (rows, cols) the cells that have some of `cells` within `reach_m` to their
    north-east, south-east, south-west and north-west, each in a higher or lower row and column."""
    rows, cols = out.shape
    seen = np.zeros((rows, cols), np.uint8)
    step = math.radians(CELL_DEG)
    up = int(reach_m / (EARTH_M * step)) + 1
    for i in range(len(cells)):
        row, col = cells[i] // COLS - row0, cells[i] % COLS - col0
        lat = math.radians((row + row0 + 0.5) * CELL_DEG - 90.0)
        for r in range(max(0, row - up), min(rows, row + up + 1)):
            if r == row:
                continue
            other = math.radians((r + row0 + 0.5) * CELL_DEG - 90.0)
            dy = math.sin(0.5 * (other - lat)) ** 2
            both = math.cos(lat) * math.cos(other)
            for side in (1, -1):
                bit = (1 if r < row else 2) if side == 1 else (4 if r < row else 8)
                c = col + side
                while 0 <= c < cols:
                    a = dy + both * math.sin(0.5 * step * (c - col)) ** 2
                    if 2.0 * EARTH_M * math.asin(math.sqrt(a)) > reach_m:
                        break
                    seen[r, c] |= bit
                    c += side
    for r in range(rows):
        for c in range(cols):
            if seen[r, c] == 15:
                out[r, c] = True


def window(cells: np.ndarray, margin: int) -> tuple[int, int, int, int]:
    """row0, col0, rows, cols of the least window that holds `cells` with a margin of cells."""
    row, col = cells // COLS, cells % COLS
    row0, col0 = int(row.min()) - margin, int(col.min()) - margin
    return row0, col0, int(row.max()) + margin - row0 + 1, int(col.max()) + margin - col0 + 1


def speed_table(
    cell: np.ndarray, sector: np.ndarray, group: np.ndarray, low: np.ndarray, high: np.ndarray,
    frame: tuple[int, int, int, int],
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """`entry` and `speed` of a `LaneMap` from rows of ships' groups (1..3), (n,) each."""
    row0, col0, rows, cols = frame
    entry = np.full((rows, cols), -1, np.int32)
    known, at = np.unique(cell, return_inverse=True)
    entry[known // COLS - row0, known % COLS - col0] = np.arange(len(known))
    speed = np.full((len(known), 3, SECTORS, 2), np.nan, np.float32)
    speed[at, group - 1, sector, 0] = low
    speed[at, group - 1, sector, 1] = high
    return entry, speed
