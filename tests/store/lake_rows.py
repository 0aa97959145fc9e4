"""Rows for tests of the lake: one observation each, told apart by its obs_id."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from littoral.schema.ais import Positions

HOUR_US = 3_600_000_000
DAY_US = 1_764_028_800_000_000  # 2025-11-25T00:00:00Z, by `date -u -d @1764028800`


def rows(obs_ids: range, hours: list[int] | None = None, mmsi: int = 412_000_001) -> pa.Table:
    """One position for each id; row i in hour `hours[i % len]` of the day, i seconds in."""
    p = Positions.empty(len(obs_ids))
    p.obs_id[:] = np.array(obs_ids)
    into = np.resize(hours or [0], len(obs_ids))
    p.t_us[:] = DAY_US + into * HOUR_US + np.arange(len(obs_ids)) * 1_000_000
    p.mmsi[:] = mmsi
    p.lon_deg[:] = 110.0 + np.arange(len(obs_ids)) * 1e-4
    return pa.Table.from_batches([p.to_arrow()])
