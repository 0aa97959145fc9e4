"""Anchorage points, and how far a vessel is from the nearest: what a port call is measured from.

An anchorage point is a place where many vessels have lain (`littoral learn anchorages`). Where none
are known, each configured port and anchorage stands for all points of its circle.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.geodesy import EARTH_M, flat_m
from littoral.area.places import Place, circle_array
from littoral.area.reception import CELL_DEG, COLS, ROWS, cell_at
from littoral.area.world import World

REACH_M = 12_000.0  # farther than this from all of them it is all one

# Columns of what a track is remembered by, (capacity, NEAR_COLUMNS) float64: where its distance was
# last measured, metres of a degree of longitude there, and how far it may go from there without
# anything coming out otherwise.
NEAR_LON, NEAR_LAT, NEAR_KX, NEAR_SLACK = range(4)
NEAR_COLUMNS = 4
DEG_M = EARTH_M * math.pi / 180.0  # a degree of latitude


class AnchorageIndex(NamedTuple):
    """Plain arrays for kernels. `circles` (m, 3) lon, lat, radius_m; of each 0.1 degree cell that
    lies within `REACH_M` of any: `cell` (c,) sorted, and its rows of `circles`,
    `row[first[i]:first[i + 1]]`."""

    circles: np.ndarray
    cell: np.ndarray
    first: np.ndarray
    row: np.ndarray


def points_of(world: World) -> tuple[Place, ...]:
    """Anchorage points of a world: learned ones, else its ports and anchorages."""
    if world.anchorage_points is not None:
        return world.anchorage_points
    return (*world.ports, *world.anchorages)


_made: dict[int, tuple[World, tuple[Place, ...], AnchorageIndex]] = {}


def index_of(world: World) -> tuple[tuple[Place, ...], AnchorageIndex]:
    """The anchorage points of a world, and how to find the nearest; made once a world."""
    known = _made.get(id(world))
    if known is None:
        points = points_of(world)
        _made.clear()  # one world at a time is in use; it is kept, so that its id stays its own
        known = _made[id(world)] = (world, points, build(circle_array(points)))
    return known[1], known[2]


def build(circles: np.ndarray) -> AnchorageIndex:
    """The index over (m, 3) circles."""
    pairs: set[tuple[int, int]] = set()
    for m, (lon, lat, radius_m) in enumerate(circles.tolist()):
        up = 1.01 * (REACH_M + radius_m) / DEG_M
        poleward = min(89.0, abs(lat) + up + CELL_DEG)
        east = up / math.cos(math.radians(poleward))
        south, north = (math.floor((y + 90.0) / CELL_DEG) for y in (lat - up, lat + up))
        first, last = (math.floor((x + 180.0) / CELL_DEG) for x in (lon - east, lon + east))
        for r in range(max(0, south), min(ROWS - 1, north) + 1):
            pairs |= {(r * COLS + c % COLS, m) for c in range(first, last + 1)}
    ordered = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    cell, first_row = np.unique(ordered[:, 0], return_index=True)
    return AnchorageIndex(
        np.ascontiguousarray(circles, np.float64),
        cell,
        np.append(first_row, len(ordered)).astype(np.int64),
        ordered[:, 1].astype(np.int32),
    )


@njit(cache=True, nogil=True)
def nearest_at(index: AnchorageIndex, lon: float, lat: float) -> tuple[int, float]:
    """(row of the nearest circle, metres to its edge, 0 within it); (-1, REACH_M) where none is so
    near, or without coordinates. On the sphere of `geodesy`."""
    code = cell_at(lon, lat)
    at = np.searchsorted(index.cell, code)
    if code < 0 or at >= len(index.cell) or index.cell[at] != code:
        return -1, REACH_M
    best, found = REACH_M, -1
    for i in range(index.first[at], index.first[at + 1]):
        m = index.row[i]
        east, north = flat_m(index.circles[m, 0], index.circles[m, 1], lon, lat)
        away = max(0.0, math.sqrt(east * east + north * north) - index.circles[m, 2])
        if away < best:
            best, found = away, m
    return found, best


@njit(cache=True, nogil=True, inline="always")
def is_as_before(near: np.ndarray, k: int, lon: float, lat: float) -> bool:
    """Whether track `k` has not gone far enough since it was last measured for anything to change;
    False when it never was."""
    dx = (lon - near[k, NEAR_LON]) * near[k, NEAR_KX]
    dy = (lat - near[k, NEAR_LAT]) * DEG_M
    slack = near[k, NEAR_SLACK]
    return dx * dx + dy * dy < slack * slack


@njit(cache=True, nogil=True)
def note_measured(near: np.ndarray, k: int, lon: float, lat: float, slack_m: float) -> None:
    """Track `k` was measured here, and nothing changes within `slack_m`."""
    near[k, NEAR_LON], near[k, NEAR_LAT] = lon, lat
    near[k, NEAR_KX] = 1.01 * DEG_M * math.cos(math.radians(lat))  # slack_m changes it by less
    near[k, NEAR_SLACK] = max(0.0, 0.99 * slack_m)
