"""The shortest way by brute force: a visibility graph over the corners of the full shore.

Shares nothing with `littoral.respond.route`: no mesh, no plane, no margin. Corners are those of
the polygons themselves, in whole micro-degrees; whether one sees another is asked of every shore
segment in the grid cells on the way, in exact whole numbers; a leg is straight in degrees and as
long as its geodesic on WGS 84. Of all ways over such legs Dijkstra's algorithm, with the geodesic
to the target as lower bound (A*), finds the shortest.
"""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit
from pyproj import Geod

MICRO = 1_000_000
CELL = 10_000  # micro-degrees
GEOD = Geod(ellps="WGS84")


@njit(cache=True, nogil=True)
def side(ax: int, ay: int, bx: int, by: int, cx: int, cy: int) -> int:
    return np.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))


@njit(cache=True, nogil=True)
def clear(
    ax: int, ay: int, bx: int, by: int,
    segment: np.ndarray, cell_start: np.ndarray, cell_segment: np.ndarray, frame: np.ndarray,
) -> bool:  # fmt: skip
    """No segment (x, y, x after, y after, x before, y before) crosses a-b within both, and a-b goes
    over no corner into the land."""
    x0, y0, cols, rows = frame
    if ay > by:
        ax, ay, bx, by = bx, by, ax, ay
    for row in range(max(0, (ay - y0) // CELL), min(rows - 1, (by - y0) // CELL) + 1):
        low, high = ax, bx
        if by > ay:
            t0 = min(1.0, max(0.0, (y0 + row * CELL - ay) / (by - ay)))
            t1 = min(1.0, max(0.0, (y0 + (row + 1) * CELL - ay) / (by - ay)))
            low, high = int(ax + t0 * (bx - ax)), int(ax + t1 * (bx - ax))
        if low > high:
            low, high = high, low
        first = max(0, (low - 2 - x0) // CELL)
        for col in range(first, min(cols - 1, (high + 2 - x0) // CELL) + 1):
            cell = row * cols + col
            for i in range(cell_start[cell], cell_start[cell + 1]):
                p = segment[cell_segment[i]]
                s1, s2 = side(ax, ay, bx, by, p[0], p[1]), side(ax, ay, bx, by, p[2], p[3])
                if s1 * s2 < 0 and (
                    side(p[0], p[1], p[2], p[3], ax, ay) * side(p[0], p[1], p[2], p[3], bx, by) < 0
                ):
                    return False
                if s1 == 0 and (ax, ay) != (p[0], p[1]) and (bx, by) != (p[0], p[1]):
                    if (p[0] - ax) * (p[0] - bx) > 0 or (p[1] - ay) * (p[1] - by) > 0:
                        continue
                    if into_land(p, ax, ay) or into_land(p, bx, by):
                        return False
    return True


@njit(cache=True, nogil=True)
def into_land(p: np.ndarray, x: int, y: int) -> bool:
    """From corner (p0, p1) towards x, y begins in the land, which lies left of the way from before
    (p4, p5) over the corner to after (p2, p3)."""
    after = side(p[0], p[1], p[2], p[3], x, y)
    before = side(p[4], p[5], p[0], p[1], x, y)
    if side(p[4], p[5], p[0], p[1], p[2], p[3]) >= 0:
        return after > 0 and before > 0
    return after > 0 or before > 0


@njit(cache=True, nogil=True)
def seen_from(
    x: int, y: int, here: int, corner: np.ndarray,
    segment: np.ndarray, cell_start: np.ndarray, cell_segment: np.ndarray, frame: np.ndarray,
) -> list[int]:  # fmt: skip
    """Corners (x, y, x before, y before, x after, y after) seen from a point, or from the corner
    `here`, along lines that go past the land of both."""
    out = [0]
    out.clear()
    for k in range(len(corner)):
        c = corner[k]
        if k == here or side(x, y, c[0], c[1], c[2], c[3]) * side(x, y, c[0], c[1], c[4], c[5]) < 0:
            continue
        if here >= 0:
            h = corner[here]
            if side(c[0], c[1], x, y, h[2], h[3]) * side(c[0], c[1], x, y, h[4], h[5]) < 0:
                continue
        if clear(x, y, c[0], c[1], segment, cell_start, cell_segment, frame):
            out.append(k)
    return out


@njit(cache=True, nogil=True)
def _cells(segment: np.ndarray, frame: np.ndarray, cell: np.ndarray, member: np.ndarray) -> int:
    """Cells of each segment's box; fills `cell`, `member`, returns how many."""
    x0, y0, cols, _ = frame
    n = 0
    for e in range(len(segment)):
        ax, ay, bx, by = segment[e, 0], segment[e, 1], segment[e, 2], segment[e, 3]
        for row in range((min(ay, by) - y0) // CELL, (max(ay, by) - y0) // CELL + 1):
            for col in range((min(ax, bx) - x0) // CELL, (max(ax, bx) - x0) // CELL + 1):
                if n < len(cell):
                    cell[n], member[n] = row * cols + col, e
                n += 1
    return n


class VisibilityGraph:
    """Over closed rings (n, 2) of degrees; what each corner sees is kept once asked for."""

    def __init__(self, rings: list[np.ndarray], box: np.ndarray):
        segments, corners = [], []
        border = np.rint(box * MICRO).astype(np.int64)
        for ring in rings:
            xy = np.rint(ring * MICRO).astype(np.int64)[:-1]
            after = np.roll(xy, -1, axis=0)
            if (xy[:, 0] * after[:, 1] - xy[:, 1] * after[:, 0]).sum() < 0:
                xy = xy[::-1]
            before, after = np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0)
            segments.append(np.concatenate([xy, after, before], axis=1))
            u, v = xy - before, after - xy
            bend = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
            within = (xy > border[:2]).all(1) & (xy < border[2:]).all(1)
            corners.append(np.concatenate([xy, before, after], axis=1)[(bend > 0) & within])
        self.segment, self.corner = np.concatenate(segments), np.concatenate(corners)
        low = self.segment[:, :2].min(0) - CELL
        size = (self.segment[:, :2].max(0) - low) // CELL + 2
        self.frame = (int(low[0]), int(low[1]), int(size[0]), int(size[1]))
        none = np.empty(0, np.int64)
        n = _cells(self.segment, self.frame, none, none)
        cell, member = np.empty(n, np.int64), np.empty(n, np.int64)
        _cells(self.segment, self.frame, cell, member)
        order = np.argsort(cell, kind="stable")
        count = np.bincount(cell, minlength=int(size[0] * size[1]))
        self.cell_start = np.concatenate([[0], np.cumsum(count)])
        self.cell_segment = member[order]
        self.lon, self.lat = self.corner[:, 0] / MICRO, self.corner[:, 1] / MICRO
        self._known: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def _index(self) -> tuple:
        return self.segment, self.cell_start, self.cell_segment, self.frame

    def _metres(self, lon: float, lat: float, to: np.ndarray) -> np.ndarray:
        n = len(to)
        return GEOD.inv(np.full(n, lon), np.full(n, lat), self.lon[to], self.lat[to])[2]

    def _seen(self, x: int, y: int, here: int) -> tuple[np.ndarray, np.ndarray]:
        """Corners seen and how far they are."""
        seen = np.array(seen_from(x, y, here, self.corner, *self._index()), np.int64)
        return seen, self._metres(x / MICRO, y / MICRO, seen)

    def corner_sees(self, k: int) -> tuple[np.ndarray, np.ndarray]:
        if k not in self._known:
            self._known[k] = self._seen(int(self.corner[k, 0]), int(self.corner[k, 1]), k)
        return self._known[k]

    def length_m(self, a: np.ndarray, b: np.ndarray) -> float:
        """Of the shortest way between two points (lon, lat in degrees); infinite without one."""
        ax, ay, bx, by = (int(v) for v in np.rint(np.concatenate([a, b]) * MICRO))
        if clear(ax, ay, bx, by, *self._index()):
            return float(GEOD.inv(a[0], a[1], b[0], b[1])[2])
        last_of = np.full(len(self.corner), np.inf)
        near, metres = self._seen(bx, by, -1)
        last_of[near] = metres
        at_least = self._metres(b[0], b[1], np.arange(len(self.corner)))
        cost = np.full(len(self.corner), np.inf)
        seen, metres = self._seen(ax, ay, -1)
        cost[seen] = metres
        ahead = list(zip((metres + at_least[seen]).tolist(), seen.tolist(), strict=True))
        heapq.heapify(ahead)
        done = np.zeros(len(self.corner), bool)
        best = np.inf
        while ahead:
            bound, here = heapq.heappop(ahead)
            if bound >= best:
                break
            if done[here]:
                continue
            done[here] = True
            best = min(best, cost[here] + last_of[here])
            seen, metres = self.corner_sees(here)
            there = cost[here] + metres
            shorter = (there < cost[seen]) & (there + at_least[seen] < best)
            seen, there = seen[shorter], there[shorter]
            cost[seen] = there
            for bound, k in zip((there + at_least[seen]).tolist(), seen.tolist(), strict=True):
                heapq.heappush(ahead, (bound, k))
        return float(best)
