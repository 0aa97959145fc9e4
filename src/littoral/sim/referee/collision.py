"""Rule collision, profile coastal: see docs/detectors/collision.md, "How it is judged", "Quiet",
"Profiles" and "Settings".

The text judges what ships report, with errors of position and the way since the fix added to the
hulls. What is at risk by the true ways, for as long as the text may need to notice it, is an event
that is due; what is at risk only with those errors added, or where the text leaves open which limit
holds or who is quiet is not known yet, is one that may be told (`due` False). `collision_heard`
says what the reports let be known.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
from numba import njit

from littoral.sim.referee.collision_heard import FIND_LOOKS, SLOW_MPS, Reports, reports_of
from littoral.sim.referee.record import (
    CLASS_A,
    LAT0_DEG,
    LON0_DEG,
    STEP_S,
    STEPS_A_MINUTE,
    Happened,
    Record,
)
from littoral.sim.referee.waters import FERRY_STRAIT, Waters

TICK_S, STEPS_A_TICK = 10, 2
FULL_LENGTH_M, LEAST_SHARE, LEAST_WARNING_S, LEAST_ALARM_S = 115.0, 0.4, 90.0, 45.0
# By place: distance and time of a warning, distance and time of an alarm.
LIMITS = np.array([(185, 360, 92, 180), (92, 240, 46, 120), (46, 120, 23, 60)], float)
FERRY = np.array((30, 90, 15, 45), float)
OWN_MPS, CLOSING_MPS, FAST_CLOSING_MPS = 1.54333, 1.54333, 4.11556
MOST_MPS = 30.8667
STEADY_DEG, MEAN_STEPS, TURNING_SHARE = 6.0, 8, 0.4
ACCURATE_M, DRIFT_SHARE = 10.0, 0.1
LOOKS, HOLD_CPA, HOLD_TCPA, AGAIN_S = (4, 2), 1.5, 1.25, 1_800
AT_ANCHOR, MOORED, AGROUND, NO_STATUS = 1, 5, 6, 15
BY_TRADE = (31, 32, 33, 35, 50, 51, 52, 53, 55)
LENGTH_M, BEAM_M = 30.0, 8.0
DEG_M = 111_195.08
CELL_DEG, KEYS = 0.14, 4_096
WARNING, ALARM = 3, 2

ROW = np.dtype(
    [("i", "i4"), ("j", "i4"), ("tick", "i4"), ("between_m", "f8"), ("tcpa_s", "f8"),
     ("closing_mps", "f8")]
)  # fmt: skip


@njit(cache=True, nogil=True)
def side_m(hull: np.ndarray, off_deg: float) -> tuple[float, float]:
    """How far a hull (to bow, stern, port, starboard) reaches to the left and to the right of a
    line through its antenna that lies `off_deg` to the left of its course."""
    a = math.radians(off_deg)
    ahead, right = math.sin(a), math.cos(a)
    to_right = max(hull[0] * ahead, -hull[1] * ahead) + max(hull[3] * right, -hull[2] * right)
    to_left = max(-hull[0] * ahead, hull[1] * ahead) + max(-hull[3] * right, hull[2] * right)
    return to_left, to_right


@njit(cache=True, nogil=True)
def risks(
    state: np.ndarray, hull: np.ndarray, quiet: np.ndarray, tick: int, most_m: float,
    most_s: float, out: np.ndarray,
) -> int:  # fmt: skip
    """Pairs of `state` (see `state_at`) that come within `most_m` between their hulls in `most_s`
    if both hold course and speed; how many, those that fit go into `out`."""
    n, found = len(state), 0
    key = np.empty(n, np.int64)
    for i in range(n):
        row = math.floor((state[i, 1] + 90.0) / CELL_DEG)
        key[i] = row * KEYS + math.floor((state[i, 0] + 180.0) / CELL_DEG)
    order = np.argsort(key)
    ordered = key[order]
    for i in range(n):
        if quiet[i] or state[i, 2] < OWN_MPS or state[i, 2] > MOST_MPS:
            continue
        scale = DEG_M * math.cos(math.radians(state[i, 1] + LAT0_DEG))
        a = math.radians(state[i, 3])
        for row in range(-1, 2):
            q = np.searchsorted(ordered, key[i] + row * KEYS - 1)
            while q < n and ordered[q] <= key[i] + row * KEYS + 1:
                j = order[q]
                q += 1
                if j == i or quiet[j] or state[j, 2] > MOST_MPS:
                    continue
                if state[j, 2] >= OWN_MPS and j < i:
                    continue  # found from the other
                x, y = (state[j, 0] - state[i, 0]) * scale, (state[j, 1] - state[i, 1]) * DEG_M
                b = math.radians(state[j, 3])
                u = state[j, 2] * math.sin(b) - state[i, 2] * math.sin(a)
                w = state[j, 2] * math.cos(b) - state[i, 2] * math.cos(a)
                v = math.hypot(u, w)
                if v < 0.01:
                    continue
                after_s = -(x * u + y * w) / (v * v)
                if after_s < 0.0 or after_s > most_s:
                    continue
                along = math.degrees(math.atan2(u, w))
                off = (x * w - y * u) / v  # of the other, to the right of the relative way
                left_i, right_i = side_m(hull[i], state[i, 4] - along)
                left_j, right_j = side_m(hull[j], state[j, 4] - along)
                between = off - right_i - left_j if off > 0.0 else -off - left_i - right_j
                if between > most_m:
                    continue
                if found < len(out):
                    m = out[found]
                    m.i, m.j, m.tick = min(i, j), max(i, j), tick
                    m.between_m, m.tcpa_s, m.closing_mps = max(0.0, between), after_s, v
                found += 1
    return found


def state_at(r: Record, rows: np.ndarray, step: int) -> np.ndarray:
    """(n, 5) lon, lat, m/s, course, heading. A hull lies as its heading says, as far off the course
    as at the last whole minute; along the course where it says none."""
    state = np.asarray(r.path[rows, step], np.float64)
    minute = step // STEPS_A_MINUTE
    course_deg = np.asarray(r.path[rows, minute * STEPS_A_MINUTE, 3], np.float64)
    off_deg = np.nan_to_num(r.heading_deg[rows, minute] - course_deg)
    return np.column_stack([state, state[:, 3] + off_deg])


def all_risks(r: Record, rows: np.ndarray, hull: np.ndarray) -> np.ndarray:
    """(m,) of `ROW` by tick, for the vessels `rows`: whatever could be of interest to anyone."""
    most_m, most_s = HOLD_CPA * (LIMITS[0, 0] + 400.0), HOLD_TCPA * LIMITS[0, 1]
    parts, out = [], np.zeros(65_536, ROW)
    trade = np.isin(r.ship_type[rows], BY_TRADE)
    known_us = np.array([r.type_heard_us(v) if t else 0 for v, t in zip(rows, trade, strict=True)])
    for tick in range(r.path.shape[1] // STEPS_A_TICK):
        status = r.status[rows, tick * STEPS_A_TICK // STEPS_A_MINUTE]
        t_us = r.start_us + tick * TICK_S * 1_000_000
        quiet = (trade & (t_us >= known_us)) | np.isin(status, (AT_ANCHOR, MOORED, AGROUND))
        state = state_at(r, rows, tick * STEPS_A_TICK)
        found = risks(state, hull, quiet, tick, most_m, most_s, out)
        if found > len(out):
            out = np.zeros(2 * found, ROW)
            found = risks(state, hull, quiet, tick, most_m, most_s, out)
        parts.append(out[:found].copy())
    return np.concatenate([np.zeros(0, ROW), *parts])


def hulls_of(r: Record, rows: np.ndarray) -> np.ndarray:
    """(n, 4) metres from the antenna to bow, stern, port and starboard."""
    length, bow = r.length_m[rows], r.bow_m[rows]
    beam, port = r.beam_m[rows], r.port_m[rows]
    long, wide = np.where(length > 0, length, LENGTH_M), np.where(beam > 0, beam, BEAM_M)
    ahead, left = np.where(length > 0, bow, 0.5 * long), np.where(beam > 0, port, 0.5 * wide)
    return np.column_stack([ahead, long - ahead, left, wide - left])


def _turning(r: Record, ship: int, step: np.ndarray) -> np.ndarray:
    """(n,) bool: at these steps more than 6 degrees off the mean course of 40 s."""
    back = np.maximum(step[:, None] - np.arange(MEAN_STEPS + 1), 0)
    course = np.radians(np.asarray(r.path[ship, :, 3], np.float64)[back])
    mean = np.arctan2(np.sin(course).mean(1), np.cos(course).mean(1))
    off = np.degrees(np.abs(np.angle(np.exp(1j * (course[:, 0] - mean)))))
    return np.asarray(off > STEADY_DEG)


def _age_s(r: Record, ship: int, t_us: np.ndarray) -> np.ndarray:
    """(n,) seconds since its last report that was heard; infinite before the second."""
    heard = r.heard[ship]
    if len(heard) < 2:
        return np.full(len(t_us), np.inf)
    last = np.searchsorted(heard, t_us, "right")
    age = (t_us - heard[np.maximum(last - 1, 0)]) / 1e6
    return np.asarray(np.where(last >= 2, age, np.inf))


def _limits(r: Record, w: Waters, i: int, j: int, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """(2, n, 4): the narrowest and the widest limits that the text may mean for two ships that lie
    at `lon`, `lat` (2, n)."""
    places = np.stack([w.places(lon[k].copy(), lat[k].copy()) for k in (0, 1)])
    either = LIMITS[places]  # narrower from place to place
    low, high = either.min(0), either.max(0)
    share = min(1.0, max(LEAST_SHARE, max(r.length_m[i], r.length_m[j]) / FULL_LENGTH_M))
    both = np.stack([low, high]) * share
    both[..., 1] = np.maximum(both[..., 1], LEAST_WARNING_S)
    both[..., 3] = np.maximum(both[..., 3], LEAST_ALARM_S)
    if all(60 <= r.ship_type[k] <= 69 for k in (i, j)):
        scheduled = (places == FERRY_STRAIT).any(0)
        for k in (0, 1):
            for at in np.flatnonzero(~scheduled):
                scheduled[at] = w.ground.in_corridor(float(lon[k, at]), float(lat[k, at]), 60)
        both[0][scheduled] = np.minimum(both[0][scheduled], FERRY * share)
    return both


def named_from(r: Record) -> np.ndarray:
    """(ships,) when a name of each was first heard, us; the end of the day: never."""
    found = np.full(r.ships, r.end_us)
    for said in r.said.statics:
        if said.heard and said.name:
            found[said.ship] = min(found[said.ship], said.t_us)
    return found


def of_pair(
    r: Record, w: Waters, i: int, j: int, rows: np.ndarray, named_us: np.ndarray
) -> list[Happened]:
    """`rows` of `ROW` of two ships, in order of time; `named_us` as `named_from` has it."""
    step = rows["tick"] * STEPS_A_TICK
    t_us = r.start_us + step.astype(np.int64) * STEP_S * 1_000_000
    state = np.stack([np.asarray(r.path[v], np.float64)[step] for v in (i, j)])
    lon, lat, speed = state[..., 0] + LON0_DEG, state[..., 1] + LAT0_DEG, state[..., 2]
    low, high = _limits(r, w, i, j, lon, lat)
    ages = np.stack([_age_s(r, v, t_us) for v in (i, j)])
    wider = 2 * ACCURATE_M + DRIFT_SHARE * (speed * np.where(ages < 400.0, ages, 400.0)).sum(0)
    turning = _turning(r, i, step) | _turning(r, j, step)
    need = np.full(len(rows), CLOSING_MPS)
    lies = np.zeros(len(rows), bool)  # and need not be told of
    for k, v in enumerate((i, j)):
        status = r.status[v, step // STEPS_A_MINUTE]
        silent = (r.radio[v] != CLASS_A) | (status < 0) | (status == NO_STATUS)
        still = speed[k] < 0.5 * SLOW_MPS
        need[still & silent] = FAST_CLOSING_MPS
        slow = speed[k] < SLOW_MPS
        lies |= slow & silent & (t_us < named_us[v])  # may be a net beacon
        lies |= slow & w.in_band(lon[k].copy(), lat[k].copy())  # alongside?
    if r.ship_type[i] == r.ship_type[j] == 30:
        need[:] = FAST_CLOSING_MPS
    sure = (rows["closing_mps"] >= 1.02 * need) & ~lies & (speed.max(0) >= 1.02 * OWN_MPS)
    if np.isin(r.ship_type[[i, j]], BY_TRADE).any():  # before that was heard
        sure[:] = False
    sure &= ~turning | (rows["tcpa_s"] <= TURNING_SHARE * low[:, 3])
    maybe = rows["closing_mps"] >= 0.9 * need
    near, wide = rows["between_m"], np.maximum(0.0, rows["between_m"] - wider)
    due = [sure & (near <= low[:, c]) & (rows["tcpa_s"] <= low[:, c + 1]) for c in (0, 2)]
    may = [maybe & (wide <= high[:, c]) & (rows["tcpa_s"] <= high[:, c + 1]) for c in (0, 2)]
    reports = reports_of(
        r, (i, j), rows["tick"], t_us, speed, rows["tcpa_s"] <= TURNING_SHARE * low[:, 3]
    )
    # Nearer than their errors it may be past already by the reports.
    reports.judged[rows["tcpa_s"] * rows["closing_mps"] <= wider] = False
    holds = maybe & (wide <= HOLD_CPA * high[:, 0]) & (rows["tcpa_s"] <= HOLD_TCPA * high[:, 1])
    found = []
    for part in _approaches(rows["tick"], holds):
        tick = rows["tick"][part]
        told = [_run(tick, due[c][part], LOOKS[c] + FIND_LOOKS) for c in (0, 1)]
        is_due = told[0] is not None or told[1] is not None
        if not is_due and all(_run(tick, may[c][part], LOOKS[c]) is None for c in (0, 1)):
            continue
        at = min((t for t in told if t is not None), default=int(tick[0]))
        first = int(tick[(due[0] | due[1])[part]][0]) if is_due else int(tick[0])
        start, end, known = (
            r.start_us + t * TICK_S * 1_000_000 for t in (first, int(tick[-1]), at)
        )
        pair = (int(r.mmsi[i]), int(r.mmsi[j]))
        heard = _heard(reports, np.isin(rows["tick"], tick), due)
        urgent = heard or (ALARM if told[1] is not None else WARNING)
        found.append(
            Happened("collision", "collision_risk", pair, start, end, known, urgent, due=is_due,
                     heard=heard is not None)
        )  # fmt: skip
    return found


def _heard(reports: Reports, part: np.ndarray, due: list[np.ndarray]) -> int | None:
    """How loud an approach is by what was heard of it."""
    known = [reports.known(due[c] & part, LOOKS[c]) for c in (0, 1)]
    if known[1] is None and known[0] is not None:  # an alarm after a warning
        later = due[1] & part & reports.judged & (reports.tick >= known[0])
        known[1] = _run(reports.tick, later, LOOKS[1])
    return ALARM if known[1] is not None else WARNING if known[0] is not None else None


def _approaches(tick: np.ndarray, holds: np.ndarray) -> Iterator[np.ndarray]:
    """Places of the rows of each approach: those at risk, with less than half an hour between."""
    at = np.flatnonzero(holds)
    gaps = np.flatnonzero(np.diff(tick[at]) > AGAIN_S // TICK_S)
    yield from (part for part in np.split(at, gaps + 1) if len(part))


def _run(tick: np.ndarray, hit: np.ndarray, looks: int) -> int | None:
    """The tick at which it has been hit at so many ticks in a row."""
    count, before = 0, -2
    for t in tick[hit].tolist():
        count = count + 1 if t == before + 1 else 1
        before = t
        if count >= looks:
            return int(t)
    return None


def happened(r: Record, w: Waters) -> list[Happened]:
    vessels = r.vessels()
    rows = all_risks(r, vessels, hulls_of(r, vessels))
    rows = np.sort(rows, order=("i", "j", "tick"), kind="stable")
    ends = np.flatnonzero((np.diff(rows["i"]) != 0) | (np.diff(rows["j"]) != 0)) + 1
    found: list[Happened] = []
    named_us = named_from(r)
    for a, b in itertools.pairwise([0, *ends.tolist(), len(rows)]):
        if b > a:
            i, j = int(vessels[rows["i"][a]]), int(vessels[rows["j"][a]])
            found += of_pair(r, w, i, j, rows[a:b], named_us)
    return found
