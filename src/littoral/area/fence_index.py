"""Many points in many fences, exact: one grid, whose cells list the fences that fill or cut them.

A cell that fences only fill answers by itself, and the lists of such cells are few: a raster of
list numbers is all that most points read. A cell that an edge enters is decided as in `cells`: by
the state of its lower left corner and the edges between it and the point.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from littoral.area.cells import LAND, build_grid
from littoral.area.geofence import Geofence

# Grid lines at these offsets meet no coordinate that a person or program writes down.
_ODD_LON, _ODD_LAT = 3.1415926e-9 * math.e, 2.7182818e-9 * math.pi
_MAX_ENTRIES = 2_000_000  # (cell, fence) pairs; the grid is coarsened until they fit
_FILLED = -1
_NO_FENCE = -1  # in `lists`; from -2 down: cells that an edge enters, the first as -2


@dataclass(frozen=True, slots=True)
class GeofenceIndex:
    """Made once from a set of fences, asked many times; `hits` gives rows of `fences`."""

    fences: tuple[Geofence, ...]
    frame: np.ndarray  # (3,) float64: lon0, lat0, step
    shape: tuple[int, int]
    lists: np.ndarray  # (rows * cols,) int32: which list of `filled_start`, or _NO_FENCE or cut
    filled_start: np.ndarray  # (lists + 1,) int64: where each list of `filled` begins
    filled: np.ndarray  # int32: the fences that fill the cells of a list
    cut_start: np.ndarray  # (cut cells + 1,) int64: where each cut cell's entries begin
    entry_fence: np.ndarray  # (entries,) int32
    entry_edges: np.ndarray  # (entries, 2) int64 range of `edge`; first is _FILLED when all inside
    entry_corner: np.ndarray  # (entries,) uint8: the corner is inside
    edge: np.ndarray  # (n,) int32 rows of `xy`
    xy: np.ndarray  # (edges, 4) float64
    valid_us: np.ndarray  # (fences, 2) int64

    @classmethod
    def build(cls, fences: Sequence[Geofence]) -> GeofenceIndex:
        fences = tuple(fences)
        spans = [(f.valid_from_us, f.valid_to_us) for f in fences]
        boxes = np.array([f.bbox() for f in fences], np.float64).reshape(-1, 4)
        step, lon0, lat0, rows, cols = _frame(boxes)
        cells, owner, first, last, corner, edges, xys = [], [], [], [], [], [], []
        n_edges = n_xy = 0
        for k, fence in enumerate(fences):
            c0, r0 = (int((boxes[k, j] - o) / step) for j, o in ((0, lon0), (1, lat0)))
            c1, r1 = (int((boxes[k, j] - o) / step) for j, o in ((2, lon0), (3, lat0)))
            grid = build_grid(
                fence.edges(), lon0 + c0 * step, lat0 + r0 * step, step, r1 - r0 + 1, c1 - c0 + 1
            )
            row, col = np.nonzero(grid.cls)
            kind, slot = grid.cls[row, col], grid.slot[row, col]
            cells.append((row + r0) * cols + col + c0)
            owner.append(np.full(len(row), k, np.int32))
            at = grid.edge_start.astype(np.int64) + n_edges
            first.append(np.where(kind == LAND, _FILLED, at[slot]))
            last.append(np.where(kind == LAND, _FILLED, at[slot + 1]))
            corner.append((kind == 3).astype(np.uint8))
            edges.append(grid.edge + n_xy)
            xys.append(grid.xy)
            n_edges += len(grid.edge)
            n_xy += len(grid.xy)
        cell = _joined(cells, np.int64)
        order = np.argsort(cell, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=rows * cols))])
        ranges = np.column_stack([_joined(first, np.int64), _joined(last, np.int64)])[order]
        fence_of = _joined(owner, np.int32)[order]
        lists, filled = _lists(start, fence_of, ranges[:, 0])
        kept = np.flatnonzero(np.repeat(lists <= -2, np.diff(start)))  # entries of cut cells
        return cls(
            fences,
            np.array([lon0, lat0, step]),
            (rows, cols),
            lists,
            np.cumsum([0] + [len(f) for f in filled]),
            np.array([k for f in filled for k in f], np.int32),
            np.concatenate([[0], np.cumsum(np.diff(start)[lists <= -2])]),
            fence_of[kept],
            np.ascontiguousarray(ranges[kept]),
            _joined(corner, np.uint8)[order][kept],
            _joined(edges, np.int32),
            np.concatenate([*xys, np.empty((0, 4))]),
            np.array(spans, np.int64).reshape(-1, 2),
        )

    def hits(
        self, lon: np.ndarray, lat: np.ndarray, t_us: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Pairs (row, fence), both int32, of points inside fences that hold at that instant,
        ordered by row, then fence. Points without coordinates are in none."""
        lon = np.ascontiguousarray(lon, np.float64)
        lat = np.ascontiguousarray(lat, np.float64)
        t_us = np.ascontiguousarray(t_us, np.int64)
        room = len(lon) + 64
        while True:
            pairs = np.empty((room, 2), np.int32)
            n = _hits(
                lon, lat, t_us, self.frame, self.shape[0], self.shape[1], self.lists,
                self.filled_start, self.filled, self.cut_start, self.entry_fence,
                self.entry_edges, self.entry_corner, self.edge, self.xy, self.valid_us, pairs,
            )  # fmt: skip
            if n <= room:
                return pairs[:n, 0].copy(), pairs[:n, 1].copy()
            room = n


@njit(cache=True)
def _runs(start: np.ndarray, fence: np.ndarray, first: np.ndarray, lists: np.ndarray) -> np.ndarray:
    """Numbers the cut cells from -2 down, and the filled ones by runs of equal lists; returns a
    cell of each run."""
    of_run = np.empty(len(lists), np.int64)
    runs, cut = 0, 0
    for cell in range(len(lists)):
        a, b = start[cell], start[cell + 1]
        if a == b:
            lists[cell] = _NO_FENCE
            continue
        is_cut = False
        for e in range(a, b):
            is_cut |= first[e] != _FILLED
        if is_cut:
            lists[cell] = -2 - cut
            cut += 1
            continue
        equal = False
        if runs > 0:
            c, d = start[of_run[runs - 1]], start[of_run[runs - 1] + 1]
            equal = d - c == b - a
            for e in range(b - a):
                equal = equal and fence[a + e] == fence[c + e]
        if not equal:
            of_run[runs] = cell
            runs += 1
        lists[cell] = runs - 1
    return of_run[:runs].copy()


def _lists(
    start: np.ndarray, fence: np.ndarray, first: np.ndarray
) -> tuple[np.ndarray, list[tuple[int, ...]]]:
    """List number of every cell, and the fences of each list."""
    lists = np.empty(len(start) - 1, np.int32)
    numbers: dict[tuple[int, ...], int] = {}
    of_run = [
        numbers.setdefault(tuple(fence[start[c] : start[c + 1]].tolist()), len(numbers))
        for c in _runs(start, fence, first, lists).tolist()
    ]
    filled = lists >= 0
    lists[filled] = np.array(of_run, np.int32)[lists[filled]]
    return lists, list(numbers)


def _joined(parts: list[np.ndarray], dtype: type) -> np.ndarray:
    return np.concatenate([*parts, np.empty(0, dtype)]).astype(dtype)


def _frame(boxes: np.ndarray) -> tuple[float, float, float, int, int]:
    """Step and extent of the grid: fine, unless that would make too many entries."""
    if not len(boxes):
        return 1.0, 0.0, 0.0, 1, 1
    west, south = boxes[:, :2].min(0)
    east, north = boxes[:, 2:].max(0)
    step = max((east - west) / 1000.0, (north - south) / 1000.0, 0.01)
    while True:
        wide = (boxes[:, 2] - boxes[:, 0]) / step + 2.0
        high = (boxes[:, 3] - boxes[:, 1]) / step + 2.0
        if float((wide * high).sum()) <= _MAX_ENTRIES or step > 90.0:
            break
        step *= 1.5
    lon0, lat0 = west - 0.37 * step - _ODD_LON, south - 0.61 * step - _ODD_LAT
    rows, cols = int((north - lat0) / step) + 2, int((east - lon0) / step) + 2
    return float(step), float(lon0), float(lat0), rows, cols


@njit(cache=True, nogil=True)
def _hits(
    lon: np.ndarray, lat: np.ndarray, t_us: np.ndarray, frame: np.ndarray, rows: int, cols: int,
    lists: np.ndarray, filled_start: np.ndarray, filled: np.ndarray, cut_start: np.ndarray,
    entry_fence: np.ndarray, entry_edges: np.ndarray, entry_corner: np.ndarray, edge: np.ndarray,
    xy: np.ndarray, valid_us: np.ndarray, pairs: np.ndarray,
) -> int:  # fmt: skip
    """Fills `pairs`, returns how many there are (more than its length when it is too short)."""
    n = 0
    lon0, lat0, step = frame[0], frame[1], frame[2]
    for i in range(len(lon)):
        px, py = lon[i], lat[i]
        x, y = (px - lon0) / step, (py - lat0) / step
        if not (x >= 0.0 and y >= 0.0 and x < cols and y < rows):
            continue
        row, col = int(y), int(x)
        which = lists[row * cols + col]
        if which == _NO_FENCE:
            continue
        if which >= 0:
            for e in range(filled_start[which], filled_start[which + 1]):
                k = filled[e]
                if valid_us[k, 0] <= t_us[i] < valid_us[k, 1]:
                    if n < len(pairs):
                        pairs[n, 0], pairs[n, 1] = i, k
                    n += 1
            continue
        cut = -2 - which
        for e in range(cut_start[cut], cut_start[cut + 1]):
            k = entry_fence[e]
            if t_us[i] < valid_us[k, 0] or t_us[i] >= valid_us[k, 1]:
                continue
            inside = True
            if entry_edges[e, 0] != _FILLED:
                x0, y0 = lon0 + col * step, lat0 + row * step
                inside = entry_corner[e] == 1
                for j in range(entry_edges[e, 0], entry_edges[e, 1]):
                    s = edge[j]
                    ax, ay, bx, by = xy[s, 0], xy[s, 1], xy[s, 2], xy[s, 3]
                    if (ay <= py) != (by <= py):
                        cross = ax + (py - ay) / (by - ay) * (bx - ax)
                        if x0 < cross <= px:
                            inside = not inside
                    if (ax <= x0) != (bx <= x0):
                        cross = ay + (x0 - ax) / (bx - ax) * (by - ay)
                        if y0 < cross <= py:
                            inside = not inside
            if inside:
                if n < len(pairs):
                    pairs[n, 0], pairs[n, 1] = i, k
                n += 1
    return n
