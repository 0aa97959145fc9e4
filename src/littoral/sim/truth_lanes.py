"""Whether planted ships went astray, by brute force on their noiseless trajectories.

Written from the published rule (docs/detectors/deviation.md) and the learned file alone; imports
no detector.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from littoral.area.geodesy import KNOT_MPS, haversine_many_m
from littoral.area.lane_grid import CELL_DEG, COLS, centres
from littoral.area.lanes import Lanes
from littoral.engine.reference import read_lanes
from littoral.sim.demo import LANES

MEASURES = ("off lanes", "slow there", "away from")
LANE_M, WAY_MPS, CREEP_MPS = 8_000.0, 3.0 * KNOT_MPS, 2.0 * KNOT_MPS
APPROACH_M, AWAY_M = 20_000.0, 50_000.0


@cache
def _learned() -> Lanes:
    return read_lanes(LANES)


def lane_distances_m(lon: np.ndarray, lat: np.ndarray, groups: tuple[int, ...]) -> np.ndarray:
    """(n,) from the middle of each position's cell to the middle of the nearest lane cell."""
    lanes = _learned()
    cells, days = lanes.traffic(groups)
    x, y = centres(cells[days >= max(5.0, 0.5 * lanes.days)])
    here = np.floor((lat + 90.0) / CELL_DEG).astype(np.int64) * COLS
    here += np.floor((lon + 180.0) / CELL_DEG).astype(np.int64)
    seen, at = np.unique(here, return_inverse=True)
    out = np.empty(len(seen))
    for k, (a, b) in enumerate(zip(*centres(seen), strict=True)):
        out[k] = haversine_many_m(np.full(len(x), a), np.full(len(x), b), x, y).min()
    return out[at]


def slow_there(path: np.ndarray, group: int) -> np.ndarray:
    """(n,) bool: less than half of the slowest usual speed of the group there and that way."""
    lanes = _learned()
    known = (lanes.group == group) & (lanes.vessels >= 5)
    usual = {
        (int(c), int(s)): float(low)
        for c, s, low in zip(
            lanes.cell[known], lanes.sector[known], lanes.speed_low_mps[known], strict=True
        )
    }
    lon, lat, sog, course = path.T
    row, col = np.floor((lat + 90.0) / CELL_DEG), np.floor((lon + 180.0) / CELL_DEG)
    sector = np.floor((course % 360.0 + 22.5) / 45.0) % 8
    low = np.array(
        [
            usual.get((int(r * COLS + c), int(s)), 0.0)
            for r, c, s in zip(row, col, sector, strict=True)
        ]
    )
    return (sog >= CREEP_MPS) & (sog < 0.5 * low)


def hits(measure: str, path: np.ndarray) -> tuple[np.ndarray, float | None]:
    """(n,) bool when it happens along `path` (n, 4) lon, lat, speed, course, and its value: metres
    off the lanes, slowest m/s, metres from the destination named in `measure`."""
    lon, lat, sog = path[:, 0], path[:, 1], path[:, 2]
    if measure == "off lanes":
        off_m = lane_distances_m(lon, lat, (1, 2))
        hit = (off_m > LANE_M) & (sog >= WAY_MPS)
        return hit, float(off_m[hit].max()) if hit.any() else None
    if measure == "slow there":
        hit = slow_there(path, 1)
        return hit, float(sog[hit].min()) if hit.any() else None
    x, y = (float(v) for v in measure.split()[-2:])
    d = haversine_many_m(
        np.ascontiguousarray(lon), np.ascontiguousarray(lat), np.full(len(lon), x),
        np.full(len(lon), y),
    )  # fmt: skip
    near = np.minimum.accumulate(d)
    set_out = np.maximum.accumulate(np.maximum.accumulate(d) - d) >= APPROACH_M
    gone = np.maximum.accumulate(set_out & (d - near >= AWAY_M))
    return gone, float(d[gone].max()) if gone.any() else None
