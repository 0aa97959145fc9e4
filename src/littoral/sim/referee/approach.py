"""Rule approach: see docs/detectors/approach.md, "The rule"."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from littoral.sim.referee.ground import Ground, ahead_m, edges_m, is_night, on_course, shores_m
from littoral.sim.referee.record import KNOT_MPS, STEP_S, STEPS_A_MINUTE, Happened, Record
from littoral.sim.referee.shore import Shore, fast_mps

NIGHT_MPS, AHEAD_M, AHEAD_S, ALONG = 6.0 * KNOT_MPS, 6.0 * 1852.0, 900.0, 1.5
CIRCLE_M, HAVEN_M = 2_000.0, 3_000.0
SPAN_S, APART_S, SILENT_US = 120, 600, 180_000_000
EVERY = 2  # steps looked at: 10 s


def holds(r: Record, g: Ground, shore: Shore, ship: int, step: int, state: np.ndarray) -> bool:
    """Points 2 to 6 of the condition at one moment."""
    lon, lat, speed, course = (float(x) for x in state)
    ahead = float(ahead_m(g.ours, lon, lat, course))
    if ahead > AHEAD_M or ahead > AHEAD_S * speed:
        return False
    away = shores_m(g.ours, np.array([lon]), np.array([lat]), AHEAD_M + 1.0)[0]
    if ahead > ALONG * away:
        return False
    x, y = on_course(lon, lat, course, ahead)
    ends = edges_m(np.concatenate([g.harbours, g.landings]), np.array([lon, x]), np.array([lat, y]))
    if ends.min() < CIRCLE_M or g.in_corridor(lon, lat, int(r.ship_type[ship])):
        return False
    return not shore.is_haven(r, x, y, step // STEPS_A_MINUTE, HAVEN_M, ship)


def is_told_by_reports(r: Record, g: Ground, shore: Shore, ship: int, event: Happened) -> bool:
    """Whether of its reports within the event such as span 120 s say that the condition holds:
    none over 180 s after the last that did, at most one between two of them that says otherwise."""
    times = r.heard[ship]
    limit = fast_mps(int(r.ship_type[ship]))
    first_us = last_us = -SILENT_US
    missed = 0
    for k in np.flatnonzero((times >= event.start_us) & (times <= event.end_us)).tolist():
        t_us = int(times[k])
        lon, lat, speed = (float(x) for x in r.reports[ship][k])
        fast = limit is not None and speed >= limit
        missed += 1
        if fast or (speed >= NIGHT_MPS and is_night(t_us, lon, lat)):
            state = np.array([lon, lat, speed, r.courses[ship][k]])
            step = (t_us - r.start_us) // (STEP_S * 1_000_000)
            if holds(r, g, shore, ship, step, state):
                if missed > 2 or t_us - last_us > SILENT_US:
                    first_us = t_us
                last_us, missed = t_us, 0
        if last_us - first_us >= SPAN_S * 1_000_000:
            return True
    return False


def of_ship(r: Record, g: Ground, shore: Shore, ship: int) -> list[Happened]:
    limit = fast_mps(int(r.ship_type[ship]))
    if limit is None or not (shore.away_m[ship] < AHEAD_M + 1_000.0).any():
        return []
    path = r.track(ship)
    near = np.repeat(shore.away_m[ship] < AHEAD_M + 1_000.0, STEPS_A_MINUTE)
    for from_us, until_us in r.off[ship]:  # silent for longer: it is not taken to hold
        if until_us - from_us > SILENT_US:
            near &= ~((from_us <= r.times_us()) & (r.times_us() < until_us))
    steps = np.flatnonzero(near & (path[:, 2] >= min(NIGHT_MPS, limit)))
    held: list[tuple[int, bool]] = []
    for step in steps[steps % EVERY == 0].tolist():
        fast = bool(path[step, 2] >= limit)
        t_us = r.start_us + step * STEP_S * 1_000_000
        if not fast and not is_night(t_us, float(path[step, 0]), float(path[step, 1])):
            continue
        if holds(r, g, shore, ship, step, path[step]):
            held.append((step, fast))
    return [
        replace(e, heard=is_told_by_reports(r, g, shore, ship, e)) for e in _events(r, ship, held)
    ]


def _runs(held: list[tuple[int, bool]], apart_s: int) -> list[list[tuple[int, bool]]]:
    runs: list[list[tuple[int, bool]]] = []
    for step, fast in held:
        if runs and (step - runs[-1][-1][0]) * STEP_S <= apart_s:
            runs[-1].append((step, fast))
        else:
            runs.append([(step, fast)])
    return runs


def _events(r: Record, ship: int, held: list[tuple[int, bool]]) -> list[Happened]:
    """Spans of 120 s throughout. Of what breaks off for 180 s and less few reports or one may say
    so: it may be told, and need not."""
    sure = _joined(r, ship, _runs(held, EVERY * STEP_S), True)
    return sure + [
        e
        for e in _joined(r, ship, _runs(held, SILENT_US // 1_000_000), False)
        if not any(e.start_us <= s.end_us and s.start_us <= e.end_us for s in sure)
    ]


def _joined(r: Record, ship: int, runs: list[list[tuple[int, bool]]], due: bool) -> list[Happened]:
    """Events of the spans of 120 s, joined where less than 600 s apart."""
    found: list[list[int]] = []  # first step, last, told, priority
    for run in runs:
        first, last = run[0][0], run[-1][0]
        goes_on = bool(found) and (first - found[-1][1]) * STEP_S < APART_S
        if not goes_on and (last - first) * STEP_S < SPAN_S:
            continue
        priority = 3 if any(fast for _, fast in run) else 4
        if goes_on:
            found[-1][1], found[-1][3] = last, min(found[-1][3], priority)
        else:
            found.append([first, last, first + SPAN_S // STEP_S, priority])
    step_us = STEP_S * 1_000_000
    return [
        Happened("approach", "approach", (int(r.mmsi[ship]),), r.start_us + a * step_us,
                 r.start_us + b * step_us, r.start_us + t * step_us, p, due=due)
        for a, b, t, p in found
    ]  # fmt: skip


def happened(r: Record, g: Ground, shore: Shore) -> list[Happened]:
    return [e for v in r.vessels() for e in of_ship(r, g, shore, int(v))]
