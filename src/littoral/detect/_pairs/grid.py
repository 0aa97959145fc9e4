"""Cells on the sphere: rows of equal latitude, each cut into whole cells of about equal width.

A search of radius r visits the cells that the circle can touch, and no cell twice: it holds across
the antimeridian, and near the poles (where a row has few cells) as well.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import EARTH_M

M_PER_DEG = math.pi / 180.0 * EARTH_M
_COL_BITS = 24  # 360 degrees in cells of 3 m and more


@njit(cache=True, nogil=True, inline="always")
def row_of(lat_deg: float, cell_deg: float) -> int:
    """Row of a latitude; rows are `cell_deg` high and count from the south pole."""
    return int((lat_deg + 90.0) / cell_deg)


@njit(cache=True, nogil=True)
def columns(row: int, cell_deg: float) -> int:
    """Cells in a row: as many as leave each `cell_deg` of arc wide where it is narrowest."""
    low = row * cell_deg - 90.0
    far = min(90.0, max(abs(low), abs(low + cell_deg)))
    return max(1, int(360.0 * math.cos(math.radians(far)) / cell_deg))


@njit(cache=True, nogil=True, inline="always")
def column_of(lon_deg: float, count: int) -> int:
    """Column of a longitude in a row of `count` cells."""
    x = (lon_deg + 180.0) / 360.0
    return min(count - 1, int((x - math.floor(x)) * count))


@njit(cache=True, nogil=True, inline="always")
def cell_key(row: int, col: int) -> int:
    return (row << _COL_BITS) | col


@njit(cache=True, nogil=True, inline="always")
def cell_of(lon_deg: float, lat_deg: float, cell_deg: float) -> int:
    """Key of the cell that holds a point."""
    row = row_of(lat_deg, cell_deg)
    return cell_key(row, column_of(lon_deg, columns(row, cell_deg)))


@njit(cache=True, nogil=True, inline="always")
def bucket_of(key: int, mask: int) -> int:
    """Key hashed into 0..mask (a power of two less one): Fibonacci hashing (Knuth, TAOCP 6.4)."""
    return int((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask


@njit(cache=True, nogil=True)
def cells_within(
    lon_deg: float, lat_deg: float, radius_deg: float, cell_deg: float, out: np.ndarray
) -> int:
    """Keys of all cells that a circle of `radius_deg` of arc can touch, each once, into `out`.

    Returns how many; `out` (int64) must hold (2 * ceil(radius/cell) + 2) ** 2 keys, but where a row
    would give more than `len(out)` the search is cut (nearer than 0.1 degrees to a pole).
    """
    n = 0
    far = min(89.9, abs(lat_deg) + radius_deg)
    half = radius_deg / math.cos(math.radians(far)) * 1.000_1
    first = row_of(max(-90.0, lat_deg - radius_deg), cell_deg)
    last = row_of(min(90.0, lat_deg + radius_deg), cell_deg)
    for row in range(first, last + 1):
        count = columns(row, cell_deg)
        width = 360.0 / count
        low = math.floor((lon_deg + 180.0 - half) / width)
        high = math.floor((lon_deg + 180.0 + half) / width)
        if high - low + 1 >= count:
            low, high = 0, count - 1
        for col in range(low, high + 1):
            if n < len(out):
                out[n] = cell_key(row, col % count)
                n += 1
    return n
