"""Cells, sectors and groups in which traffic is learned, and their codes."""

from __future__ import annotations

import numpy as np
from numba import njit

CELL_DEG = 0.02  # 2.2 km by 2.1 km off Hainan: half a traffic lane's width
COLS, ROWS = 18_000, 9_000
SECTORS = 8
OTHER, CARGO, TANKER, PASSENGER, FISHING = range(5)
GROUPS = 5
GROUP_NAMES = ("other", "cargo", "tanker", "passenger", "fishing")
MERCHANT = (CARGO, TANKER)
SHIPS = (CARGO, TANKER, PASSENGER)


@njit(cache=True, nogil=True, inline="always")
def cell_at(lon: float, lat: float) -> int:
    """Number of the cell, or -1 without coordinates."""
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
        return -1
    col = min(COLS - 1, int((lon + 180.0) / CELL_DEG))
    return min(ROWS - 1, int((lat + 90.0) / CELL_DEG)) * COLS + col


@njit(cache=True, nogil=True, inline="always")
def sector_of(course_deg: float) -> int:
    """Eighth of the compass, the first centred on north; -1 without a course."""
    if not abs(course_deg) <= 360.0:
        return -1
    return int((course_deg + 22.5) / 45.0) % SECTORS


@njit(cache=True, nogil=True, inline="always")
def group_of(ship_type: int) -> int:
    """Group of an AIS ship type (ITU-R M.1371-5, table 53)."""
    if 60 <= ship_type <= 69:
        return PASSENGER
    if 70 <= ship_type <= 79:
        return CARGO
    if 80 <= ship_type <= 89:
        return TANKER
    return FISHING if ship_type == 30 else OTHER


def centres(cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of the middle of each cell, (n,) each."""
    return cell % COLS * CELL_DEG - 180.0 + CELL_DEG / 2, cell // COLS * CELL_DEG - 90.0 + (
        CELL_DEG / 2
    )
