"""Which vessels lie near each other, slow: every pair at every tick."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from littoral.sim.referee.ground import Ground, apart_m, edges_m, shores_m
from littoral.sim.referee.record import LAT0_DEG, LON0_DEG, STEPS_A_MINUTE, Record

PORT_M, COAST_M, SOUTHERLY_DEG = 5_000.0, 1_000.0, 22.0


def near_and_slow(
    r: Record, rows: np.ndarray, tick_s: int, near_m: float, slow_mps: float
) -> dict[tuple[int, int], list[int]]:
    """Of the vessels `rows`: the minutes of all ticks at which a pair is within `near_m` and both
    make less than `slow_mps`."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    minutes = r.path.shape[1] // STEPS_A_MINUTE
    for minute in range(r.first_tick(tick_s), minutes, tick_s // 60):
        state = np.asarray(r.path[rows, minute * STEPS_A_MINUTE], np.float64)
        slow = np.flatnonzero(state[:, 2] < slow_mps)
        # By north, then by each other: a degree of longitude is taken as short as it is at 22 N,
        # so this keeps too many, not too few.
        order = slow[np.argsort(state[slow, 1])]
        x, y = (state[order, c] * 111_195.0 for c in (0, 1))
        ends = np.searchsorted(y, y + 1.01 * near_m, "right")
        for i in np.flatnonzero(ends > np.arange(len(y)) + 1).tolist():
            east = np.abs(x[i + 1 : ends[i]] - x[i]) * math.cos(math.radians(SOUTHERLY_DEG))
            for j in (np.flatnonzero(east <= 1.01 * near_m) + i + 1).tolist():
                a, b = state[order[i]], state[order[j]]
                if _apart_m(a, b) <= near_m:
                    pair = sorted((int(rows[order[i]]), int(rows[order[j]])))
                    found[pair[0], pair[1]].append(minute)
    return found


def _apart_m(a: np.ndarray, b: np.ndarray) -> float:
    return float(
        apart_m(a[0] + LON0_DEG, a[1] + LAT0_DEG, b[0] + LON0_DEG, b[1] + LAT0_DEG)
    )  # fmt: skip


def off_coast(r: Record, g: Ground, ship: int, minutes: list[int]) -> np.ndarray:
    """(n,) bool: at least 5 km outside every port's circle and beyond the coastline band."""
    state = np.asarray(r.path[ship, np.array(minutes) * STEPS_A_MINUTE], np.float64)
    lon, lat = state[:, 0] + LON0_DEG, state[:, 1] + LAT0_DEG
    return (edges_m(g.ports, lon, lat) >= PORT_M) & ~(
        shores_m(g.ours, lon, lat, COAST_M) <= COAST_M
    )
