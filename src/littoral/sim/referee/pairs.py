"""Which vessels lie near each other, slow: every pair at every tick."""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.sim.referee.ground import Ground, apart_m, edges_m, shores_m
from littoral.sim.referee.record import LAT0_DEG, LON0_DEG, STEPS_A_MINUTE, Record

PORT_M, COAST_M = 5_000.0, 1_000.0
METRES_A_DEGREE = 111_195.0  # of latitude


@njit(cache=True, nogil=True)
def _near(lon: np.ndarray, lat: np.ndarray, near_m: float) -> list[tuple[int, int]]:
    """Pairs of places, in order of latitude, at most `near_m` apart."""
    found = [(0, 0) for _ in range(0)]
    north = 1.01 * near_m / METRES_A_DEGREE  # keeps too many, not too few
    for i in range(len(lon)):
        for j in range(i + 1, len(lon)):
            if lat[j] - lat[i] > north:
                break
            if apart_m(lon[i], lat[i], lon[j], lat[j]) <= near_m:
                found.append((i, j))
    return found


def near_and_slow(
    r: Record, rows: np.ndarray, tick_s: int, near_m: float, slow_mps: float = np.inf
) -> dict[tuple[int, int], list[int]]:
    """Of the vessels `rows`: the minutes of all ticks at which a pair is within `near_m` and both
    make less than `slow_mps`."""
    found: dict[tuple[int, int], list[int]] = {}
    minutes = r.path.shape[1] // STEPS_A_MINUTE
    for minute in range(r.first_tick(tick_s), minutes, tick_s // 60):
        state = np.asarray(r.path[rows, minute * STEPS_A_MINUTE], np.float64)
        slow = np.flatnonzero(state[:, 2] < slow_mps)
        order = slow[np.argsort(state[slow, 1])]
        who = rows[order].tolist()
        for i, j in _near(state[order, 0] + LON0_DEG, state[order, 1] + LAT0_DEG, near_m):
            a, b = who[i], who[j]
            found.setdefault((a, b) if a < b else (b, a), []).append(minute)
    return found


def off_port_at(g: Ground, lon: np.ndarray, lat: np.ndarray, port_m: float = PORT_M) -> np.ndarray:
    """(n,) bool: at least `port_m` outside every port's circle."""
    return edges_m(g.ports, lon, lat) >= port_m


def off_coast_at(g: Ground, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """(n,) bool: at least 5 km outside every port's circle and beyond the coastline band."""
    return off_port_at(g, lon, lat) & ~(shores_m(g.ours, lon, lat, COAST_M) <= COAST_M)


def off_port(
    r: Record, g: Ground, ship: int, minutes: list[int], port_m: float = PORT_M
) -> np.ndarray:
    """(n,) bool of a ship at these minutes."""
    return off_port_at(g, *_places(r, ship, minutes), port_m)


def off_coast(r: Record, g: Ground, ship: int, minutes: list[int]) -> np.ndarray:
    """(n,) bool of a ship at these minutes."""
    return off_coast_at(g, *_places(r, ship, minutes))


def on_the_line(r: Record, ship: int, minutes: np.ndarray, line_s: int) -> np.ndarray:
    """(n, 3) lon, lat, m/s on the line between the reports about each minute; NaN where they are
    more than `line_s` apart."""
    heard, reports = r.heard[ship], r.reports[ship]
    if len(heard) < 2:
        return np.full((len(minutes), 3), np.nan)
    ticks = r.start_us + minutes * 60_000_000
    at = np.searchsorted(heard, ticks)
    apart_us = heard[np.minimum(at, len(heard) - 1)] - heard[np.maximum(at - 1, 0)]
    known = (at > 0) & (at < len(heard)) & (apart_us <= line_s * 1_000_000)
    lines = np.column_stack([np.interp(ticks, heard, column) for column in reports.T])
    return np.where(known[:, None], lines, np.nan)


def are_near_and_slow(
    one: np.ndarray, other: np.ndarray, near_m: float, slow_mps: float
) -> np.ndarray:
    """(n,) bool of two vessels where `on_the_line` has them; not where one is not known."""
    near = [apart_m(p[0], p[1], q[0], q[1]) <= near_m for p, q in zip(one, other, strict=True)]
    return np.array(near, bool) & (one[:, 2] < slow_mps) & (other[:, 2] < slow_mps)


def _places(r: Record, ship: int, minutes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    state = np.asarray(r.path[ship, np.array(minutes, np.int64) * STEPS_A_MINUTE], np.float64)
    return state[:, 0] + LON0_DEG, state[:, 1] + LAT0_DEG
