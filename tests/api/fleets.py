"""Fleets filled from arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from littoral.engine.fleet_view import FleetView, empty_view, next_view
from littoral.schema.fleet import Fleet

NOW_US = 1_795_506_003_120_000  # 2026-11-24T07:40:03.120Z
MINUTE_US = 60_000_000


def fleet_of(*vessels: dict[str, Any]) -> Fleet:
    """A fleet of the vessels, each given by the columns that are not null or not ordinary."""
    fleet = Fleet.empty(max(1, len(vessels)))
    fleet.count = len(vessels)
    for row, vessel in enumerate(vessels):
        ordinary = {
            "mmsi": 412000001 + row,
            "first_us": NOW_US - 60 * MINUTE_US,
            "last_us": NOW_US - 5_000_000,
            "last_obs_id": (1 << 40) + row,
            "positions": 10,
            "lon_deg": 110.0 + 0.01 * row,
            "lat_deg": 19.0,
        }
        for name, value in {**ordinary, **vessel}.items():
            getattr(fleet, name)[row] = value
    return fleet


def view_of(*vessels: dict[str, Any], event_time_us: int = NOW_US) -> FleetView:
    return next_view(empty_view(), fleet_of(*vessels), event_time_us)


def large_fleet(rows: int, seed: int = 7) -> Fleet:
    """Vessels with plausible, different values in every column."""
    rng = np.random.default_rng(seed)
    fleet = Fleet.empty(rows)
    fleet.count = rows
    fleet.mmsi[:] = 412_000_000 + np.arange(rows)
    fleet.first_us[:] = NOW_US - rng.integers(60, 600, rows) * MINUTE_US
    fleet.last_us[:] = NOW_US - rng.integers(0, 300, rows) * 1_000_000
    fleet.last_obs_id[:] = np.arange(rows) + (1 << 40)
    fleet.positions[:] = rng.integers(1, 1000, rows)
    fleet.lon_deg[:] = rng.uniform(108, 112, rows)
    fleet.lat_deg[:] = rng.uniform(17.5, 20.5, rows)
    fleet.sog_mps[:] = rng.uniform(0, 12, rows)
    fleet.cog_deg[:] = rng.uniform(0, 360, rows)
    fleet.heading_deg[:] = rng.uniform(0, 360, rows)
    fleet.kind[:] = rng.integers(0, 2, rows)
    fleet.ring[:] = rng.integers(0, 3, rows)
    fleet.name[:] = [b"QIONG LIN YU %05d" % i for i in range(rows)]
    fleet.call_sign[:] = [b"B%05d" % i for i in range(rows)]
    fleet.to_bow_m[:], fleet.to_stern_m[:] = 20, 10
    return fleet
