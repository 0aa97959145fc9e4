"""Rule port_visit, profile coastal, where no anchorage points are given: see
docs/detectors/port_visit.md, "The rule"."""

from __future__ import annotations

import numpy as np

from littoral.sim.referee.ground import Ground, edges_m
from littoral.sim.referee.record import STEP_S, STEPS_A_MINUTE, Happened, Record

ENTRY_M, EXIT_M = 2_000.0, 3_000.0
STOP_BEGIN_MPS, STOP_END_MPS, STOP_S, GAP_US = 0.257222, 0.514444, 600, 14_400_000_000
FAR_M = 6_000.0  # nothing moves this less `EXIT_M` in a minute


def kept(on: np.ndarray, off: np.ndarray, at_first: bool) -> np.ndarray:
    """(n,) bool: on from where `on` holds until `off` does; as `at_first` before either."""
    said = np.where(on, 1, np.where(off, 0, -1)).astype(np.int8)
    if len(said) and said[0] < 0:
        said[0] = at_first
    at = np.maximum.accumulate(np.where(said >= 0, np.arange(len(said)), 0))
    return said[at] == 1


def distances_m(r: Record, circles: np.ndarray, ship: int) -> np.ndarray:
    """(steps,) to the nearest edge of a circle; infinite where that is far."""
    lon, lat = (np.ascontiguousarray(c) for c in r.track(ship, STEPS_A_MINUTE)[:, :2].T)
    out = np.full(r.path.shape[1], np.inf)
    near = np.array([edges_m(c[None], lon, lat) <= FAR_M for c in circles])
    if not near.any():
        return out
    minutes = np.flatnonzero(near.any(0))
    steps = (minutes[:, None] * STEPS_A_MINUTE + np.arange(STEPS_A_MINUTE)).ravel()
    steps = steps[steps < len(out)]
    path = r.track(ship)[steps]
    x, y = (np.ascontiguousarray(c) for c in path[:, :2].T)
    still = np.flatnonzero(
        (np.diff(x, prepend=np.nan) != 0.0) | (np.diff(y, prepend=np.nan) != 0.0)
    )
    d = edges_m(circles[near.any(1)], x[still], y[still])
    which = np.searchsorted(still, np.arange(len(x)), "right") - 1
    out[steps] = d[which]
    return out


def of_ship(r: Record, g: Ground, ship: int) -> list[Happened]:
    away = distances_m(r, g.ports, ship)
    if not (away <= ENTRY_M).any() or not len(r.heard[ship]):
        return []
    first = int((r.heard[ship][0] - r.start_us) // (STEP_S * 1_000_000))
    away, speed = away[first:], np.asarray(r.path[ship, first:, 2], np.float64)
    inside = kept(away <= ENTRY_M, away > EXIT_M, bool(away[0] <= ENTRY_M))
    slow = kept(
        (speed < STOP_BEGIN_MPS) & inside, (speed > STOP_END_MPS) | ~inside,
        bool(inside[0] and speed[0] <= STOP_END_MPS),
    )  # fmt: skip
    zero = r.start_us + first * STEP_S * 1_000_000
    step_us = STEP_S * 1_000_000
    edges = np.flatnonzero(np.diff(inside.astype(np.int8))) + 1
    visits = np.split(np.arange(len(inside)), edges)
    found = []
    for steps in visits:
        if not inside[steps[0]]:
            continue
        begins, ends = int(steps[0]), int(steps[-1])
        runs = np.flatnonzero(np.diff(slow[steps].astype(np.int8), prepend=0, append=0))
        happened, told = ([begins], -1) if begins > 0 else ([], -1)  # the entry
        for a, b in runs.reshape(-1, 2):
            open_end = int(begins + b) >= len(inside)
            at_first = begins + a == 0
            if (b - a) * STEP_S < STOP_S or (at_first and open_end):
                continue
            happened.append(int(begins + a))
            known = int(begins + (b if at_first else a + STOP_S // STEP_S))
            told = known if told < 0 else min(told, known)
        heard = r.heard[ship]
        heard = heard[(heard >= zero + begins * step_us) & (heard <= zero + ends * step_us)]
        marks = np.append(heard, min(r.end_us, zero + (ends + 1) * step_us))
        for k in np.flatnonzero(np.diff(marks) > GAP_US):
            gap = int((marks[k] + GAP_US - zero) // step_us)
            happened.append(gap)
            told = gap if told < 0 else min(told, gap)
        if told >= 0:
            found.append(
                Happened("port_visit", "port_visit", (int(r.mmsi[ship]),),
                         zero + min(happened) * step_us, zero + (ends + 1) * step_us,
                         zero + told * step_us, 5)
            )  # fmt: skip
    return found


def happened(r: Record, g: Ground) -> list[Happened]:
    return [e for v in r.vessels() for e in of_ship(r, g, int(v))]
