"""Rule port_visit, of either profile, where no anchorage points are given: see
docs/detectors/port_visit.md, "The rule"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from littoral.sim.referee.ground import Ground, edges_on_sphere_m
from littoral.sim.referee.record import STEP_S, STEPS_A_MINUTE, Happened, Record

GAP_US = 14_400_000_000
A_MINUTE_M = 3_000.0  # nothing moves farther in one


@dataclass(frozen=True, slots=True)
class Limits:
    """A profile's. `passing`: entry or exit alone is told of (confidence 1)."""

    entry_m: float
    exit_m: float
    stop_begin_mps: float
    stop_end_mps: float
    stop_s: int
    passing: bool


COASTAL = Limits(2_000.0, 3_000.0, 0.257222, 0.514444, 600, False)
GFW = Limits(3_000.0, 4_000.0, 0.102889, 0.257222, 0, True)


def kept(on: np.ndarray, off: np.ndarray, at_first: bool) -> np.ndarray:
    """(n,) bool: on from where `on` holds until `off` does; as `at_first` before either."""
    said = np.where(on, 1, np.where(off, 0, -1)).astype(np.int8)
    if len(said) and said[0] < 0:
        said[0] = at_first
    at = np.maximum.accumulate(np.where(said >= 0, np.arange(len(said)), 0))
    return said[at] == 1


def distances_m(r: Record, circles: np.ndarray, ship: int, exit_m: float) -> np.ndarray:
    """(steps,) to the nearest edge of a circle; infinite where that is far beyond `exit_m`."""
    lon, lat = (np.ascontiguousarray(c) for c in r.track(ship, STEPS_A_MINUTE)[:, :2].T)
    out = np.full(r.path.shape[1], np.inf)
    near = np.array([edges_on_sphere_m(c[None], lon, lat) <= exit_m + A_MINUTE_M for c in circles])
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
    d = edges_on_sphere_m(circles[near.any(1)], x[still], y[still])
    which = np.searchsorted(still, np.arange(len(x)), "right") - 1
    out[steps] = d[which]
    return out


def heard_outside(
    r: Record, g: Ground, ship: int, from_us: int, until_us: int, exit_m: float
) -> bool:
    """Whether a report in between came from beyond `exit_m`."""
    times = r.heard[ship]
    said = r.reports[ship][(times >= from_us) & (times < until_us)]
    lon, lat = (np.ascontiguousarray(said[:, c]) for c in (0, 1))
    return bool((edges_on_sphere_m(g.ports, lon, lat) > exit_m).any())


def of_ship(r: Record, g: Ground, ship: int, limits: Limits) -> list[Happened]:
    away = distances_m(r, g.ports, ship, limits.exit_m)
    if not (away <= limits.entry_m).any() or not len(r.heard[ship]):
        return []
    first = int((r.heard[ship][0] - r.start_us) // (STEP_S * 1_000_000))
    away, speed = away[first:], np.asarray(r.path[ship, first:, 2], np.float64)
    inside = kept(away <= limits.entry_m, away > limits.exit_m, bool(away[0] <= limits.entry_m))
    slow = kept(
        (speed < limits.stop_begin_mps) & inside, (speed > limits.stop_end_mps) | ~inside,
        bool(inside[0] and speed[0] <= limits.stop_end_mps),
    )  # fmt: skip
    zero, step_us = r.start_us + first * STEP_S * 1_000_000, STEP_S * 1_000_000
    edges = np.flatnonzero(np.diff(inside.astype(np.int8))) + 1
    found: list[Happened] = []
    left_us = -1  # the exit before
    for steps in np.split(np.arange(len(inside)), edges):
        if not inside[steps[0]]:
            continue
        begins, ends = int(steps[0]), int(steps[-1])
        entry_us, exit_us = zero + begins * step_us, zero + (ends + 1) * step_us
        # By the reports it was one visit with the one before, if none came from outside.
        parted = left_us < 0 or heard_outside(r, g, ship, left_us, entry_us, limits.exit_m)
        left_us = exit_us
        passed, stays = [], _stops(slow[steps], begins, len(inside), limits)
        if begins > 0:
            passed.append(begins)  # the entry
        if ends + 1 < len(inside):
            passed.append(ends + 1)  # the exit
        heard = r.heard[ship]
        heard = heard[(heard >= entry_us) & (heard < exit_us)]
        marks = np.append(heard, min(r.end_us, exit_us))
        for k in np.flatnonzero(np.diff(marks) > GAP_US):
            gap = int((marks[k] + GAP_US - zero) // step_us)
            stays.append((gap, gap))
        known = [told for _, told in stays] + (passed if limits.passing else [])
        if known:
            start = min(passed + [at for at, _ in stays])
            found.append(
                Happened("port_visit", "port_visit", (int(r.mmsi[ship]),), zero + start * step_us,
                         exit_us, zero + min(known) * step_us, 5, heard=parted)
            )  # fmt: skip
    return found


def _stops(slow: np.ndarray, begins: int, steps: int, limits: Limits) -> list[tuple[int, int]]:
    """(step at which it happened, step at which it is known) of the stops of a visit that begins
    at step `begins` of all `steps`."""
    runs = np.flatnonzero(np.diff(slow.astype(np.int8), prepend=0, append=0))
    found = []
    for a, b in runs.reshape(-1, 2).tolist():
        at_first, open_end = begins + a == 0, begins + b >= steps
        if (b - a) * STEP_S < limits.stop_s or (at_first and open_end):
            continue
        if at_first:
            found.append((begins + b, begins + b))
        else:
            found.append((begins + a, begins + a + limits.stop_s // STEP_S))
    return found


def happened(r: Record, g: Ground, limits: Limits = COASTAL) -> list[Happened]:
    return [e for v in r.vessels() for e in of_ship(r, g, int(v), limits)]
