"""How much of our shore can be reached over water by a way no longer than a given one.

Bounded from below, so that what can be reached is never left out: the straight line, or the way
over cells of the coast's raster that are not all land, whichever is longer. A way over the centres
of cells by their eight neighbours is too long by `1 / cos(half the angle between two steps)` at
most and by a cell at either end; both are taken off.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from littoral.area.cells import LAND, CellGrid
from littoral.area.coast import Coast
from littoral.area.nearest import metres_per_degree
from littoral.area.rings import ours_of

POINT_M = 250.0  # points of the shore lie no farther apart than this


@dataclass(frozen=True, slots=True)
class Shoreline:
    """Points along our shore, ring by ring: `lon`, `lat` (m,), `step_m` (m,) to the next point of
    the ring (the last to the first), ring r is `start[r]:start[r + 1]`."""

    lon: np.ndarray
    lat: np.ndarray
    step_m: np.ndarray
    start: np.ndarray


@dataclass(frozen=True, slots=True)
class Stretch:
    """Points `first` to `last` along the shore, and the length between them."""

    first: int
    last: int
    length_m: float


# The last coast and its shoreline: a pure function of it. Nothing else is kept between steps.
_LAST: list[tuple[Coast, Shoreline]] = []


def shoreline_of(coast: Coast) -> Shoreline:
    if not _LAST or _LAST[0][0] is not coast:
        _LAST[:] = [
            (coast, make_shoreline([coast.polygons.ring(r) for r in ours_of(coast.polygons)]))
        ]
    return _LAST[0][1]


def make_shoreline(rings: list[np.ndarray]) -> Shoreline:
    """From closed rings (n, 2)."""
    parts, steps = [], []
    for ring in rings:
        scale = np.array([metres_per_degree(lat) for lat in ring[:-1, 1].tolist()])
        length = np.hypot(*(np.diff(ring, axis=0) * scale).T)
        pieces = np.maximum(1, np.ceil(length / POINT_M)).astype(np.int64)
        of = np.repeat(np.arange(len(length)), pieces)
        share = (np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[of]
        parts.append(ring[of] + share[:, np.newaxis] * (ring[of + 1] - ring[of]))
        steps.append(length[of] / pieces[of])
    xy = np.concatenate(parts)
    start = np.cumsum([0, *(len(p) for p in parts)])
    return Shoreline(xy[:, 0].copy(), xy[:, 1].copy(), np.concatenate(steps), start)


@njit(cache=True, nogil=True)
def over_cells_m(grid: CellGrid, lon: float, lat: float, most_m: float) -> np.ndarray:
    """(rows, cols) metres from the cell of (lon, lat) over cells that are not all land; infinite
    where it would be more than `most_m` or there is no way."""
    rows, cols = grid.cls.shape
    out = np.full((rows, cols), np.inf)
    kx, ky = metres_per_degree(lat)
    dx, dy = kx * grid.step, ky * grid.step
    diagonal = math.sqrt(dx * dx + dy * dy)
    r0, c0 = int((lat - grid.lat0) / grid.step), int((lon - grid.lon0) / grid.step)
    if not (0 <= r0 < rows and 0 <= c0 < cols):
        return out
    out[r0, c0] = 0.0
    heap = [(0.0, r0 * cols + c0)]
    while len(heap) > 0:
        d, at = heapq.heappop(heap)
        r, c = at // cols, at % cols
        if d > out[r, c]:
            continue
        for i in range(-1, 2):
            for j in range(-1, 2):
                q, p = r + i, c + j
                if (i == 0 and j == 0) or not (0 <= q < rows and 0 <= p < cols):
                    continue
                if grid.cls[q, p] == LAND:
                    continue
                e = d + (diagonal if i != 0 and j != 0 else (dx if i == 0 else dy))
                if e < out[q, p] and e <= most_m:
                    out[q, p] = e
                    heapq.heappush(heap, (e, q * cols + p))
    return out


def ways_m(line: Shoreline, grid: CellGrid, lon: float, lat: float, reach_m: float) -> np.ndarray:
    """(m,) the least way from (lon, lat) to each point of the shore; infinite where it is more
    than `reach_m`."""
    kx, ky = metres_per_degree(lat)
    straight = np.hypot((line.lon - lon) * kx, (line.lat - lat) * ky)
    out = np.where(straight <= reach_m, straight, np.inf)
    near = np.flatnonzero(straight <= reach_m)
    if not len(near):
        return out
    cell_m = grid.step * math.hypot(kx, ky)
    steep = max(kx, ky) / min(kx, ky)
    longer = 1.0 / math.cos(0.5 * math.atan(steep))
    over = over_cells_m(grid, lon, lat, longer * (reach_m + 2.0 * cell_m))
    row = np.clip(((line.lat[near] - grid.lat0) / grid.step).astype(np.int64), 0, len(over) - 1)
    col = ((line.lon[near] - grid.lon0) / grid.step).astype(np.int64)
    col = np.clip(col, 0, over.shape[1] - 1)
    least = over[row, col] / longer - 2.0 * cell_m
    out[near] = np.maximum(out[near], least)
    out[out > reach_m] = np.inf
    return out


def stretches(line: Shoreline, is_reached: np.ndarray) -> list[Stretch]:
    """The runs of points that are reached, the longest first."""
    found = []
    for a, b in zip(line.start[:-1].tolist(), line.start[1:].tolist(), strict=True):
        reached = is_reached[a:b]
        n = b - a
        if not reached.any():
            continue
        if reached.all():
            found.append(Stretch(a, b - 1, float(line.step_m[a:b].sum())))
            continue
        turn = int(np.argmin(reached))  # begin where it is not, so that no run goes over the end
        order = a + (np.arange(n) + turn) % n
        edge = np.diff(np.concatenate([[0], is_reached[order].astype(np.int8), [0]]))
        begins, ends = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1) - 1
        for i, j in zip(begins.tolist(), ends.tolist(), strict=True):
            length = float(line.step_m[order[i:j]].sum())
            found.append(Stretch(int(order[i]), int(order[j]), length))
    return sorted(found, key=lambda s: (-s.length_m, s.first))
