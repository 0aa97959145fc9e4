"""Rule deviation, kinds route and speed: see docs/detectors/deviation.md, "The rule". What is said
of destinations is not judged here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numba import njit

from littoral.sim.referee.ground import Ground, apart_m, edges_m
from littoral.sim.referee.record import KNOT_MPS, STEPS_A_MINUTE, Happened, Record

CELL_DEG, COLUMNS = 0.02, 18_000
LANE, LANE_DAYS, WATCHED, WATCHED_DAYS, KNOWN = 5, 0.5, 10, 2.0, 5
OFF_LANE_M, AROUND_M, BETWEEN_M, PORT_M = 8_000.0, 20_000.0, 60_000.0, 10_000.0
ROUTE_MPS, SPEED_MPS, SLOW, FAST = 3.0 * KNOT_MPS, 2.0 * KNOT_MPS, 0.5, 1.5
ROUTE_MIN, SLOW_MIN, FAST_MIN = 60, 60, 20
WITHOUT_MIN, OVER_MIN = 15, 180
CARGO, TANKER, PASSENGER = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Learned:
    """Cells (n, 2) of column and row; `pace` by (cell, sector, group): low and high m/s."""

    merchant_lanes: np.ndarray
    passenger_lanes: np.ndarray
    watched: np.ndarray
    pace: dict[tuple[int, int, int], tuple[float, float]]


def read_learned(path: Path) -> Learned:
    """The file of learned lanes, by its written format (docs/areas.md) alone."""
    with pa.OSFile(str(path)) as file:
        table = pa.ipc.open_file(file).read_all()
    days = int(table.schema.metadata[b"days"])
    rows = [row for row in table.to_pylist() if row["cell"] is not None]
    traffic: dict[int, dict[int, int]] = {}
    for row in rows:
        groups = traffic.setdefault(row["cell"], {})
        groups[row["group"]] = groups.get(row["group"], 0) + row["vessel_days"]

    def cells(groups: set[int], least: float) -> np.ndarray:
        found = [
            (cell % COLUMNS, cell // COLUMNS)
            for cell, by_group in traffic.items()
            if sum(n for g, n in by_group.items() if g in groups) >= least
        ]
        return np.array(found, np.int64).reshape(-1, 2)

    lane = max(LANE, LANE_DAYS * days)
    return Learned(
        cells({CARGO, TANKER}, lane),
        cells({CARGO, TANKER, PASSENGER}, lane),
        cells(set(range(-1, 16)), max(WATCHED, WATCHED_DAYS * days)),
        {
            (row["cell"], row["sector"], row["group"]): (
                row["speed_low_mps"], row["speed_high_mps"],
            )
            for row in rows
            if row["vessels"] >= KNOWN
        },
    )  # fmt: skip


@njit(cache=True, nogil=True)
def near_cells(cells: np.ndarray, column: int, row: int) -> tuple[float, np.ndarray]:
    """Metres from the middle of a cell to that of the nearest of `cells`, and to the nearest in
    each quadrant."""
    quarter = np.full(4, np.inf)
    best = np.inf
    lon, lat = (column + 0.5) * CELL_DEG - 180.0, (row + 0.5) * CELL_DEG - 90.0
    for k in range(len(cells)):
        x, y = (cells[k, 0] + 0.5) * CELL_DEG - 180.0, (cells[k, 1] + 0.5) * CELL_DEG - 90.0
        d = apart_m(lon, lat, x, y)
        best = min(best, d)
        east, north = cells[k, 0] - column, cells[k, 1] - row
        if east != 0 and north != 0:
            q = (east > 0) + 2 * (north > 0)
            quarter[q] = min(quarter[q], d)
    return best, quarter


def runs(hits: np.ndarray, hold: int) -> list[tuple[int, int, int]]:
    """(first, last, told) minutes of the events among the minutes of hits."""
    found: list[tuple[int, int, int]] = []
    first = last = told = -1
    for minute in hits.tolist():
        if first >= 0 and minute - last > (OVER_MIN if told >= 0 else WITHOUT_MIN):
            if told >= 0:
                found.append((first, last, told))
            first = told = -1
        if first < 0:
            first = minute
        last = minute
        if told < 0 and last - first >= hold:
            told = minute
    if told >= 0:
        found.append((first, last, told))
    return found


def group_of(ship_type: int) -> int:
    return {6: PASSENGER, 7: CARGO, 8: TANKER}.get(ship_type // 10, 0)


def hits_of(
    r: Record, g: Ground, learned: Learned, ship: int, known: dict[tuple[int, int, bool], bool]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Minutes at which a ship is off the lanes, slow and fast."""
    group = group_of(int(r.ship_type[ship]))
    state = r.track(ship, STEPS_A_MINUTE)
    moving = np.flatnonzero(state[:, 2] >= SPEED_MPS)
    lon, lat = (np.ascontiguousarray(state[moving, c]) for c in (0, 1))
    moving = moving[edges_m(g.ports, lon, lat) > PORT_M]
    off, slow, fast = [], [], []
    for minute in moving.tolist():
        x, y, speed, course = (float(v) for v in state[minute])
        column, row = math.floor((x + 180.0) / CELL_DEG), math.floor((y + 90.0) / CELL_DEG)
        if speed >= ROUTE_MPS:
            key = (column, row, group == PASSENGER)
            if key not in known:
                known[key] = _astray(learned, *key)
            if known[key]:
                off.append(minute)
        sector = math.floor((course + 22.5) / 45.0) % 8
        pace = learned.pace.get((row * COLUMNS + column, sector, group))
        if pace is not None and speed < SLOW * pace[0]:
            slow.append(minute)
        elif pace is not None and speed > FAST * pace[1]:
            fast.append(minute)
    return np.array(off, int), np.array(slow, int), np.array(fast, int)


def _astray(learned: Learned, column: int, row: int, passenger: bool) -> bool:
    lanes = learned.passenger_lanes if passenger else learned.merchant_lanes
    if near_cells(lanes, column, row)[0] <= OFF_LANE_M:
        return False
    nearest, quarters = near_cells(learned.watched, column, row)
    return bool(nearest <= AROUND_M or (quarters <= BETWEEN_M).all())


def happened(r: Record, g: Ground, learned: Learned) -> list[Happened]:
    found: list[Happened] = []
    known: dict[tuple[int, int, bool], bool] = {}
    for v in r.vessels():
        if not group_of(int(r.ship_type[v])):
            continue
        off, slow, fast = hits_of(r, g, learned, int(v), known)
        events = [("route", e) for e in runs(off, ROUTE_MIN)]
        events += [("speed", e) for e in (*runs(slow, SLOW_MIN), *runs(fast, FAST_MIN))]
        for kind, (first, last, told) in events:
            begin, end, known_us = (r.start_us + m * 60_000_000 for m in (first, last, told))
            found.append(
                Happened("deviation", kind, (int(r.mmsi[v]),), begin, end, known_us, 4)
            )  # fmt: skip
    return found
