"""A made-up sea with one lane along 18 N, and ships on it and off it."""

from __future__ import annotations

from typing import Any

import numpy as np

from littoral.area.lanes import COLUMNS, Lanes
from littoral.area.world import World
from tests.detect.making import place, world

SPEED_LOW, SPEED_HIGH = 5.0, 7.0
DAYS = 20
LANE_LAT = 18.01  # middle of the lane's cells
FREQUENT = 80  # vessel-days: above all thresholds of twenty days


def lanes_of(rows: list[dict[str, Any]], ends: tuple[tuple[int, str, int], ...] = ()) -> Lanes:
    """Lanes from rows of (cell, sector, group, ...); what is not given is usual."""
    usual = {
        "sector": 2, "group": 1, "vessels": 20, "vessel_days": FREQUENT,
        "speed_low_mps": SPEED_LOW, "speed_median_mps": 6.0, "speed_high_mps": SPEED_HIGH,
        "course_mean_deg": 90.0, "course_spread_deg": 5.0,
    }  # fmt: skip
    full = sorted(({**usual, **r} for r in rows), key=lambda r: (r["cell"], r["sector"]))
    columns: dict[str, np.ndarray] = {}
    for name, kind, _, _ in COLUMNS:
        if not name.startswith("end_"):
            columns[name] = np.array([r[name] for r in full], kind)
    cells, places, vessels = zip(*ends, strict=True) if ends else ((), (), ())
    return Lanes(
        **columns,
        end_cell=np.array(cells, "i4"),
        end_place=np.array(places, np.str_),
        end_vessels=np.array(vessels, "i4"),
        days=DAYS,
    )


def cell(lon: float, lat: float) -> int:
    return int((lat + 90.0) / 0.02) * 18_000 + int((lon + 180.0) / 0.02)


def lane_cells(lat: float = LANE_LAT, west: float = 109.0, east: float = 112.0) -> list[int]:
    return [cell(lon, lat) for lon in np.arange(west + 0.01, east, 0.02)]


def sea(**change: Any) -> World:
    """Eastbound cargo on the lane, as frequent and fast as `change` says."""
    return world(lanes=lanes_of([{"cell": c, **change} for c in lane_cells()]))


def harbour(lon: float, lat: float, radius_m: float = 2_000.0):
    return place(lon, lat, radius_m, "port")
