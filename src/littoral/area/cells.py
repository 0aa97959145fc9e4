"""Point in polygon, exact and indexed: a grid whose cells are water, land, or hold a shore.

A cell that no edge enters is all water or all land, and its class is the answer. A cell that edges
enter knows the state of its lower left corner and its edges; a point in it is reached from that
corner along x = corner, then along y = point, and each edge crossed flips the state (even-odd rule,
half-open at vertices as in O'Rourke, Computational Geometry in C, section 7.4). Grid lines lie
between the vertices' own grid of micro-degrees, so that no vertex ever lies on a grid line.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

WATER, LAND, SHORE_FROM_WATER, SHORE_FROM_LAND = 0, 1, 2, 3


class CellGrid(NamedTuple):
    """Plain arrays for kernels. `cls` (rows, cols) uint8; `slot` (rows, cols) int32 is the number
    of a shore cell or -1; edges of shore cell s are `edge[edge_start[s]:edge_start[s+1]]`, rows of
    `xy` (edges, 4) float64 degrees."""

    lon0: float
    lat0: float
    step: float
    cls: np.ndarray
    slot: np.ndarray
    edge_start: np.ndarray
    edge: np.ndarray
    xy: np.ndarray


@njit(cache=True, nogil=True)
def cell_state(grid: CellGrid, row: int, col: int, lon: float, lat: float) -> int:
    """1 land, 0 water for a point in cell (row, col). NaN is the caller's to exclude."""
    c = grid.cls[row, col]
    if c < 2:
        return c
    inside = c - 2
    x0 = grid.lon0 + col * grid.step
    y0 = grid.lat0 + row * grid.step
    s = grid.slot[row, col]
    for k in range(grid.edge_start[s], grid.edge_start[s + 1]):
        e = grid.edge[k]
        ax, ay, bx, by = grid.xy[e, 0], grid.xy[e, 1], grid.xy[e, 2], grid.xy[e, 3]
        if (ay <= lat) != (by <= lat):  # crosses the line y = lat
            x = ax + (lat - ay) / (by - ay) * (bx - ax)
            if x0 < x <= lon:
                inside ^= 1
        if (ax <= x0) != (bx <= x0):  # crosses the line x = corner
            y = ay + (x0 - ax) / (bx - ax) * (by - ay)
            if y0 < y <= lat:
                inside ^= 1
    return inside


@njit(cache=True, nogil=True)
def _edge_cells(
    xy: np.ndarray, lon0: float, lat0: float, step: float, rows: int, cols: int,
    cell: np.ndarray, edge: np.ndarray,
) -> int:  # fmt: skip
    """Cells that each edge enters, a hair generous; fills `cell`, `edge`, returns how many."""
    n = 0
    hair = 1e-9
    for e in range(len(xy)):
        ax, ay, bx, by = xy[e, 0], xy[e, 1], xy[e, 2], xy[e, 3]
        r0 = max(0, int(np.floor((min(ay, by) - lat0 - hair) / step)))
        r1 = min(rows - 1, int(np.floor((max(ay, by) - lat0 + hair) / step)))
        for r in range(r0, r1 + 1):
            x_lo, x_hi = min(ax, bx), max(ax, bx)
            if by != ay:
                t0 = min(1.0, max(0.0, (lat0 + r * step - ay) / (by - ay)))
                t1 = min(1.0, max(0.0, (lat0 + (r + 1) * step - ay) / (by - ay)))
                xa, xb = ax + t0 * (bx - ax), ax + t1 * (bx - ax)
                x_lo, x_hi = min(xa, xb), max(xa, xb)
            c0 = max(0, int(np.floor((x_lo - lon0 - hair) / step)))
            c1 = min(cols - 1, int(np.floor((x_hi - lon0 + hair) / step)))
            for c in range(c0, c1 + 1):
                if n < len(cell):
                    cell[n] = r * cols + c
                    edge[n] = e
                n += 1
    return n


@njit(cache=True, nogil=True)
def _corner_states(
    xy: np.ndarray, lon0: float, lat0: float, step: float, rows: int, cols: int
) -> np.ndarray:
    """(rows, cols) uint8: state of each cell's lower left corner by crossings along its row."""
    flips = np.zeros((rows, cols + 1), np.uint8)
    for e in range(len(xy)):
        ax, ay, bx, by = xy[e, 0], xy[e, 1], xy[e, 2], xy[e, 3]
        r0 = max(0, int(np.ceil((min(ay, by) - lat0) / step)))
        r1 = min(rows - 1, int(np.floor((max(ay, by) - lat0) / step)))
        for r in range(r0, r1 + 1):
            y = lat0 + r * step
            if (ay <= y) != (by <= y):
                x = ax + (y - ay) / (by - ay) * (bx - ax)
                c = min(cols, max(0, int(np.floor((x - lon0) / step)) + 1))
                flips[r, c] ^= 1
    states = np.empty((rows, cols), np.uint8)
    for r in range(rows):
        state = 0
        for c in range(cols):
            state ^= flips[r, c]
            states[r, c] = state
    return states


def build_grid(
    xy: np.ndarray, lon0: float, lat0: float, step: float, rows: int, cols: int
) -> CellGrid:
    """Grid over closed rings given as edges `xy` (n, 4); every ring must be whole."""
    xy = np.ascontiguousarray(xy, np.float64)
    args = (xy, lon0, lat0, step, rows, cols)
    n = _edge_cells(*args, np.empty(0, np.int64), np.empty(0, np.int64))
    cell, edge = np.empty(n, np.int64), np.empty(n, np.int64)
    _edge_cells(*args, cell, edge)
    states = _corner_states(*args)
    order = np.argsort(cell, kind="stable")
    shore_cells, counts = np.unique(cell, return_counts=True)
    cls = states
    cls.ravel()[shore_cells] += 2
    edge_start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return grid_of(lon0, lat0, step, cls, edge_start, edge[order].astype(np.int32), xy)


def grid_of(
    lon0: float, lat0: float, step: float,
    cls: np.ndarray, edge_start: np.ndarray, edge: np.ndarray, xy: np.ndarray,
) -> CellGrid:  # fmt: skip
    """`slot` is implied by `cls`: shore cells are numbered in row order."""
    shore = cls.ravel() >= 2
    slot = np.where(shore, np.cumsum(shore) - 1, -1).astype(np.int32).reshape(cls.shape)
    return CellGrid(float(lon0), float(lat0), float(step), cls, slot, edge_start, edge, xy)


def pack_grid(prefix: str, grid: CellGrid) -> dict[str, np.ndarray]:
    """Arrays for `np.savez`: all but the edges' coordinates, which the polygons hold."""
    return {
        prefix + "frame": np.array([grid.lon0, grid.lat0, grid.step]),
        prefix + "cls": grid.cls,
        prefix + "edge_count": np.diff(grid.edge_start).astype(np.int32),
        prefix + "edge_step": np.diff(grid.edge, prepend=0).astype(np.int32),
    }


def unpack_grid(prefix: str, file: Any, xy: np.ndarray) -> CellGrid:
    """Inverse of `pack_grid`; `xy` are the edges that the grid was built over."""
    lon0, lat0, step = file[prefix + "frame"].tolist()
    count = file[prefix + "edge_count"]
    start = np.concatenate([np.zeros(1, np.int32), np.cumsum(count, dtype=np.int32)])
    edge = np.cumsum(file[prefix + "edge_step"], dtype=np.int32)
    return grid_of(lon0, lat0, step, file[prefix + "cls"], start, edge, xy)
