"""Our shore, the places on it where landing is licensed, and the crossings of ferries, as arrays
for kernels."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.nearest import (
    FAN,
    RUN,
    STACK,
    SegmentTree,
    metres_per_degree,
    search_m,
)
from littoral.area.places import circle_array, line_distance_at
from littoral.area.world import World
from littoral.detect._shore.craft import types_of

STEP_DEG, BLOCK = 0.01, 8
CLOSE_M = 15_000.0  # so near the raster is as fine as it can be
MARGIN_DEG = 0.6  # about our shore; beyond it a point is "far", which is over 50 km
FAR_M = 50_000.0
LEAST_M = 200.0  # nearer than this by the raster, the segments are asked
NOWHERE = np.array([[0.0, -90.0, 0.0, -90.0]])


class Shore(NamedTuple):
    """`xy`, `box`, `start`: the tree of our shoreline (`area.nearest.SegmentTree`). `low_m` (rows,
    cols) float32: no point of the cell of STEP_DEG at (lon0, lat0) is nearer to it; `slack_m`: and
    none farther than that more, within CLOSE_M. `circles` (m, 3): lon, lat, radius_m of ports and
    landings, then from row `anchorages` on of anchorages. `line` (k, 2), `line_start`,
    `half_width_m`: the crossings; `line_types` (257,): ship types + 1 that they speak for."""

    xy: np.ndarray
    box: np.ndarray
    start: np.ndarray
    lon0: float
    lat0: float
    low_m: np.ndarray
    slack_m: float
    circles: np.ndarray
    anchorages: int
    line: np.ndarray
    line_start: np.ndarray
    half_width_m: np.ndarray
    line_types: np.ndarray


# The last world and what was made from it: a pure function of it, remembered because it takes a
# second. Nothing else is kept between steps outside the states.
_LAST: list[tuple[World, Shore]] = []


def shore_of(world: World) -> Shore:
    if not _LAST or _LAST[0][0] is not world:
        same = _LAST and _places(_LAST[0][0]) == _places(world)
        _LAST[:] = [(world, _LAST[0][1] if same else make(world))]
    return _LAST[0][1]


def _places(world: World) -> tuple:
    """What `make` reads; geofences, reception and receivers come and go with new worlds."""
    crossings = tuple(id(c) for c in world.crossings)
    return id(world.rings), world.ports, world.landings, world.anchorages, crossings


def make(world: World) -> Shore:
    tree: SegmentTree = world.rings.arrays.shore
    west, south = tree.xy[:, [0, 2]].min(), tree.xy[:, [1, 3]].min()
    east, north = tree.xy[:, [0, 2]].max(), tree.xy[:, [1, 3]].max()
    lon0, lat0 = west - MARGIN_DEG, south - MARGIN_DEG
    cols = math.ceil((east + MARGIN_DEG - lon0) / STEP_DEG)
    rows = math.ceil((north + MARGIN_DEG - lat0) / STEP_DEG)
    half = 0.505 * STEP_DEG * 111_700.0 * math.sqrt(2.0)  # from the centre past any corner
    centre = _centres_m(tree.xy, tree.box, tree.level_start, lon0, lat0, rows, cols)
    low = np.maximum(0.999 * centre - half, 0.0).astype(np.float32)
    licensed = circle_array((*world.ports, *world.landings))
    lines = [np.ascontiguousarray(c.line, np.float64) for c in world.crossings]
    return Shore(
        tree.xy, tree.box, tree.level_start, float(lon0), float(lat0), low, 2.02 * half,
        np.concatenate([licensed, circle_array(world.anchorages)]), len(licensed),
        np.concatenate([NOWHERE[:, :2], *lines]),
        np.cumsum([1, *(len(line) for line in lines)]).astype(np.int64),
        np.array([c.half_width_m for c in world.crossings], np.float64),
        types_of(world.crossings),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _centres_m(
    xy: np.ndarray, box: np.ndarray, start: np.ndarray, lon0: float, lat0: float, rows: int,
    cols: int,
) -> np.ndarray:  # fmt: skip
    """(rows, cols) metres from each cell's centre to the shore; beyond CLOSE_M no more than that,
    by blocks. A search begins with what the cell before it allows, so that it is narrow."""
    stack, bound = np.empty(STACK, np.int64), np.empty(STACK, np.float64)
    out = np.empty((rows, cols))
    step_m = 1.01 * STEP_DEG * 111_700.0
    half_m = 0.5 * BLOCK * step_m * math.sqrt(2.0)
    for r0 in range(0, rows, BLOCK):
        for c0 in range(0, cols, BLOCK):
            lon, lat = lon0 + (c0 + 0.5 * BLOCK) * STEP_DEG, lat0 + (r0 + 0.5 * BLOCK) * STEP_DEG
            block_m = search_m(xy, box, start, lon, lat, 2.0 * FAR_M, stack, bound)
            before = block_m + half_m
            for r in range(r0, min(r0 + BLOCK, rows)):
                for c in range(c0, min(c0 + BLOCK, cols)):
                    if block_m - half_m > CLOSE_M:
                        out[r, c] = block_m - half_m
                        continue
                    within = before + step_m * (BLOCK if c == c0 else 1)
                    out[r, c] = before = search_m(
                        xy, box, start, lon0 + (c + 0.5) * STEP_DEG, lat0 + (r + 0.5) * STEP_DEG,
                        within, stack, bound,
                    )  # fmt: skip
    return out


@njit(cache=True, nogil=True)
def low_at(s: Shore, lon: float, lat: float) -> float:
    """Metres: our shore is not nearer than this, nor, within CLOSE_M, over `slack_m` farther."""
    x, y = (lon - s.lon0) / STEP_DEG, (lat - s.lat0) / STEP_DEG
    if not (x >= 0.0 and y >= 0.0 and x < s.low_m.shape[1] and y < s.low_m.shape[0]):
        return FAR_M
    return s.low_m[int(y), int(x)]


@njit(cache=True, nogil=True)
def near_at(s: Shore, lon: float, lat: float, within_m: float) -> float:
    """Metres to our shore, or `within_m` when it is not nearer."""
    stack, bound = np.empty(STACK, np.int64), np.empty(STACK, np.float64)
    return search_m(s.xy, s.box, s.start, lon, lat, within_m, stack, bound)


@njit(cache=True, nogil=True, inline="always")
def _enters(x0: float, y0: float, x1: float, y1: float, ux: float, uy: float, most: float) -> bool:
    """Whether the way of `most` metres from the origin along (ux, uy) touches the box."""
    a, b = 0.0, most
    if abs(ux) < 1e-12:
        if x0 > 0.0 or x1 < 0.0:
            return False
    else:
        p, q = x0 / ux, x1 / ux
        a, b = max(a, min(p, q)), min(b, max(p, q))
    if abs(uy) < 1e-12:
        if y0 > 0.0 or y1 < 0.0:
            return False
    else:
        p, q = y0 / uy, y1 / uy
        a, b = max(a, min(p, q)), min(b, max(p, q))
    return a <= b


@njit(cache=True, nogil=True)
def ahead_at(s: Shore, lon: float, lat: float, course_deg: float, within_m: float) -> float:
    """Metres straight over `course_deg` to where our shore is met, infinite when it is not within
    `within_m`. On the plane through the point: below 45 km good to 1 %."""
    if not abs(course_deg) <= 360.0:
        return math.inf
    kx, ky = metres_per_degree(lat)
    a = math.radians(course_deg)
    ux, uy = math.sin(a), math.cos(a)
    gone = 0.0  # most ways are told by the raster: no shore within `low` of where they have come
    while gone <= within_m:
        low = low_at(s, lon + gone * ux / kx, lat + gone * uy / ky)
        if low < LEAST_M:
            break
        gone += 0.99 * low
    if gone > within_m:
        return math.inf
    best = math.inf
    stack = np.empty(STACK, np.int64)
    top = len(s.start) - 2
    n = 0
    for i in range(s.start[top], s.start[top + 1]):
        stack[n] = i
        n += 1
    while n > 0:
        n -= 1
        node = stack[n]
        if not _enters(
            (s.box[node, 0] - lon) * kx, (s.box[node, 1] - lat) * ky,
            (s.box[node, 2] - lon) * kx, (s.box[node, 3] - lat) * ky, ux, uy,
            min(best, within_m),
        ):  # fmt: skip
            continue
        if node >= s.start[1]:
            level = 1
            while node >= s.start[level + 1]:
                level += 1
            first = s.start[level - 1] + (node - s.start[level]) * FAN
            for i in range(first, min(first + FAN, s.start[level])):
                stack[n] = i
                n += 1
            continue
        for k in range(node * RUN, node * RUN + RUN):
            px, py = (s.xy[k, 0] - lon) * kx, (s.xy[k, 1] - lat) * ky
            dx, dy = (s.xy[k, 2] - s.xy[k, 0]) * kx, (s.xy[k, 3] - s.xy[k, 1]) * ky
            cross = ux * dy - uy * dx
            if cross == 0.0:
                continue
            along = (px * dy - py * dx) / cross
            part = (px * uy - py * ux) / cross
            if 0.0 <= along < best and 0.0 <= part <= 1.0:
                best = along
    return best if best <= within_m else math.inf


@njit(cache=True, nogil=True)
def licensed_at(s: Shore, lon: float, lat: float, margin_m: float, with_anchorages: bool) -> bool:
    """Within `margin_m` of the circle of a port or landing, or of an anchorage if asked."""
    kx, ky = metres_per_degree(lat)
    last = len(s.circles) if with_anchorages else s.anchorages
    for p in range(last):
        reach = s.circles[p, 2] + margin_m
        dy = (lat - s.circles[p, 1]) * ky
        if abs(dy) > reach:
            continue
        dx = (lon - s.circles[p, 0]) * kx
        if dx * dx + dy * dy < reach * reach:
            return True
    return False


@njit(cache=True, nogil=True)
def on_crossing_at(s: Shore, ship_type: int, lon: float, lat: float) -> bool:
    """In the corridor of a scheduled crossing, being of a type that one speaks for."""
    if not s.line_types[min(255, max(-1, ship_type)) + 1]:
        return False
    for c in range(len(s.half_width_m)):
        line = s.line[s.line_start[c] : s.line_start[c + 1]]
        if line_distance_at(line, lon, lat) <= s.half_width_m[c]:
            return True
    return False
