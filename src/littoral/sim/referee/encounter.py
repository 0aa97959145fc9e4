"""Rule encounter: see docs/detectors/encounter.md, "Profiles" and "Settings"; of every profile."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from littoral.sim.referee.ground import Ground, apart_m, is_night
from littoral.sim.referee.pairs import (
    are_near_and_slow,
    near_and_slow,
    off_coast,
    off_coast_at,
    off_port,
    off_port_at,
    on_the_line,
)
from littoral.sim.referee.record import STEPS_A_MINUTE, Happened, Record

MERGE_S, SMALL_M = 14_400, 50.0
LEAST_S = 1_200  # nothing shorter is an encounter anywhere
UNKNOWN, FISHING, CARGO, TANKER, PASSENGER, SERVICE, OTHER, SMALL = range(8)
# By kinds: seconds by night and by day (None: never), priority by night and by day.
Wait = tuple[int, int | None, int, int]
PAIRS: dict[frozenset[int], Wait] = {
    frozenset((FISHING, TANKER)): (1_200, 3_600, 3, 4),
    frozenset((FISHING, CARGO)): (1_200, 3_600, 3, 4),
    frozenset((SMALL, TANKER)): (1_200, None, 3, 4),
    frozenset((SMALL, CARGO)): (1_200, None, 4, 4),
    frozenset((TANKER,)): (2_400, 3_600, 4, 4),
    frozenset((CARGO, TANKER)): (2_400, None, 4, 4),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """A profile's. `tick_mps`: of each vessel at every tick, `median_mps`: over the run; `waits`:
    of every pair, None for those of `PAIRS`; `off_coast`: not in the coastline band either;
    `line_s`: where a vessel is lies on the line between two reports that are not farther apart;
    `ends_open`: when it slowed down or gathered way between two of them may be taken from it."""

    tick_s: int
    near_m: float
    tick_mps: float
    median_mps: float
    port_m: float
    off_coast: bool
    waits: Wait | None
    line_s: int
    ends_open: bool = False


COASTAL = Limits(120, 250.0, 1.54333, np.inf, 5_000.0, True, None, 900, ends_open=True)
GFW = Limits(600, 500.0, np.inf, 1.02889, 10_000.0, False, (7_200, 7_200, 4, 4), 3_600)
SKYLIGHT = Limits(60, 250.0, np.inf, np.inf, 0.0, False, (1_860, 1_860, 4, 4), 1_800)


def kind_of(ship_type: int, length_m: float) -> int:
    if ship_type == 30:
        return FISHING
    if 70 <= ship_type <= 79:
        return CARGO
    if 80 <= ship_type <= 89:
        return TANKER
    if 60 <= ship_type <= 69:
        return PASSENGER
    if 31 <= ship_type <= 35 or 50 <= ship_type <= 59:
        return SERVICE
    if ship_type in (36, 37) or (ship_type in (0, *range(90, 100)) and length_m <= SMALL_M):
        return SMALL
    return OTHER


def waits_of(r: Record, a: int, b: int, limits: Limits) -> Wait | None:
    if limits.waits is not None:
        return limits.waits
    return PAIRS.get(frozenset(kind_of(int(r.ship_type[v]), float(r.length_m[v])) for v in (a, b)))


def _steps_mps(track: np.ndarray, run: np.ndarray, tick_s: int) -> np.ndarray:
    """(ticks - 1,) of one vessel: from each tick of the run to the next."""
    lon, lat = track[run, 0], track[run, 1]
    return np.array(
        [apart_m(*p) / tick_s for p in zip(lon[:-1], lat[:-1], lon[1:], lat[1:], strict=True)]
    )


def due_in(
    r: Record, tracks: tuple[np.ndarray, np.ndarray], run: np.ndarray, waits: Wait, limits: Limits
) -> tuple[int, int] | None:
    """(minute, priority) at which a run is long enough, and slow enough over all of it so far."""
    speeds, dark_from = None, -1
    if np.isfinite(limits.median_mps):
        speeds = [_steps_mps(t, run, limits.tick_s) for t in tracks]
    for n, minute in enumerate(run.tolist()):
        t_us = r.start_us + minute * 60_000_000
        dark = all(is_night(t_us, float(t[minute, 0]), float(t[minute, 1])) for t in tracks)
        dark_from = (dark_from if dark_from >= 0 else minute) if dark else -1
        night = dark and (minute - dark_from) * 60 >= waits[0]
        if not night and (waits[1] is None or (minute - int(run[0])) * 60 < waits[1]):
            continue
        if speeds is None or all(np.median(s[:n]) < limits.median_mps for s in speeds):
            return minute, waits[2] if night else waits[3]
    return None


def as_said(r: Record, g: Ground, a: int, b: int, limits: Limits) -> np.ndarray:
    """Minutes of the ticks at which a pair is near, slow and at sea on the lines between its
    reports, which give tenths of a knot and places with errors."""
    minutes = np.arange(
        r.first_tick(limits.tick_s), r.path.shape[1] // STEPS_A_MINUTE, limits.tick_s // 60
    )
    one, other = (on_the_line(r, v, minutes, limits.line_s) for v in (a, b))
    near = are_near_and_slow(one, other, limits.near_m, limits.tick_mps)
    minutes, away = minutes[near], np.ones(int(near.sum()), bool)
    for state in (one[near], other[near]):
        lon, lat = (np.ascontiguousarray(state[:, c]) for c in (0, 1))
        away &= (
            off_coast_at(g, lon, lat)
            if limits.off_coast
            else off_port_at(g, lon, lat, limits.port_m)
        )
    return minutes[away]


def at_sea(r: Record, g: Ground, a: int, b: int, minutes: list[int], limits: Limits) -> np.ndarray:
    away = [
        off_coast(r, g, v, minutes)
        if limits.off_coast
        else off_port(r, g, v, minutes, limits.port_m)
        for v in (a, b)
    ]
    return np.array(minutes, np.int64)[away[0] & away[1]]


def told_of(
    r: Record, a: int, b: int, minutes: np.ndarray, waits: Wait, limits: Limits
) -> list[Happened]:
    """Of a pair that is near, slow and at sea at these minutes."""
    tracks, found = (r.track(a, 12), r.track(b, 12)), list[Happened]()
    for run in np.split(minutes, np.flatnonzero(np.diff(minutes) * 60 > limits.tick_s) + 1):
        if not len(run):
            continue
        due = due_in(r, tracks, run, waits, limits)
        if due is None:
            continue
        start, stop, told = (r.start_us + int(m) * 60_000_000 for m in (run[0], run[-1], due[0]))
        if found and start - found[-1].end_us < MERGE_S * 1_000_000:
            last = found.pop()
            start, told = last.start_us, last.told_us
        found.append(
            Happened("encounter", "encounter", (int(r.mmsi[a]), int(r.mmsi[b])), start, stop, told,
                     due[1])
        )  # fmt: skip
    return found


def by_reports(
    r: Record, a: int, b: int, sure: np.ndarray, said: np.ndarray, waits: Wait, limits: Limits
) -> list[Happened]:
    """What is long enough by the reports alone: when it began and ended lies between two of them.
    For most of it the vessels were near and slow."""
    found = told_of(r, a, b, np.union1d(sure, said), waits, limits)
    ticks_us = r.start_us + sure * 60_000_000
    within = [((e.start_us <= ticks_us) & (ticks_us <= e.end_us)).sum() for e in found]
    return [
        replace(e, due=False)
        for e, n in zip(found, within, strict=True)
        if 2 * n * limits.tick_s * 1_000_000 > e.end_us - e.start_us
    ]


def of_pair(
    r: Record, g: Ground, a: int, b: int, minutes: list[int], limits: Limits
) -> list[Happened]:
    waits = waits_of(r, a, b, limits)
    if waits is None:
        return []
    sure = at_sea(r, g, a, b, minutes, limits)
    found = told_of(r, a, b, sure, waits, limits)
    if not found and not (limits.ends_open and len(sure)):
        return []
    said = as_said(r, g, a, b, limits)
    of_reports = told_of(r, a, b, said, waits, limits)
    found = [replace(e, heard=any(_beside(e, f) for f in of_reports)) for e in found]
    if limits.ends_open:
        for e in by_reports(r, a, b, sure, said, waits, limits):
            if not any(_beside(e, f) for f in found if f.due):
                found.append(e)
    return found


def _beside(e: Happened, f: Happened) -> bool:
    return e.start_us <= f.end_us and f.start_us <= e.end_us


def happened(r: Record, g: Ground, limits: Limits = COASTAL) -> list[Happened]:
    pairs = near_and_slow(r, r.vessels(), limits.tick_s, limits.near_m, limits.tick_mps)
    least_ticks = LEAST_S // limits.tick_s // (2 if limits.ends_open else 1)
    return [
        e
        for (a, b), minutes in sorted(pairs.items())
        if len(minutes) > least_ticks
        for e in of_pair(r, g, a, b, minutes, limits)
    ]
