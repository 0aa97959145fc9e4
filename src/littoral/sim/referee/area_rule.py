"""Rule area_rule, profile coastal: see docs/detectors/area_rule.md and docs/areas.md, "Rings" and
"Geofences".

The state of a ship in a fence is taken every 5 s. What holds for as long as the text asks, without
a break, is an event that is due; where only breaks of less than three minutes make it long enough,
it may be told and need not.
"""

from __future__ import annotations

import itertools

import numpy as np

from littoral.area.geofence import FenceRule, Geofence
from littoral.sim.referee.ground import Ground, edges_m, shores_m
from littoral.sim.referee.identity import is_mmsi
from littoral.sim.referee.record import STEP_S, Happened, Record
from littoral.sim.referee.waters import inside
from littoral.sim.season import sun_altitude_deg

CLEAR_S, HOLD_S = 180, {"speed_over": 60, "speed_under": 60, "night": 60, "season": 900}
FISHING_MPS = (0.514444, 3.08667)
BAND_M = 1_000.0
RING_M, BEYOND_M = 12.0 * 1852.0, 24.0 * 1852.0
RING_HOLD_S, IDENTITY_S = 120, 1_800
A_MINUTE = 12  # steps: sun and shore are looked at so often


def in_fence(fence: Geofence, lon: np.ndarray, lat: np.ndarray, t_us: np.ndarray) -> np.ndarray:
    """(n,) bool: in any polygon and in none of its holes, while the fence holds."""
    out = np.zeros(len(lon), bool)
    for outer, *holes in fence.polygons:
        here = inside(np.array(outer, np.float64), lon, lat)
        for hole in holes:
            here &= ~inside(np.array(hole, np.float64), lon, lat)
        out |= here
    return np.asarray(out & (t_us >= fence.valid_from_us) & (t_us < fence.valid_to_us))


def runs_of(hit: np.ndarray, clear_steps: int) -> list[tuple[int, int]]:
    """(first, last) steps of what is hit, with no more than so many between."""
    at = np.flatnonzero(hit)
    if not len(at):
        return []
    parts = np.split(at, np.flatnonzero(np.diff(at) > clear_steps) + 1)
    return [(int(p[0]), int(p[-1])) for p in parts]


def broken(rule: FenceRule, state: np.ndarray, t_us: np.ndarray, g: Ground) -> np.ndarray:
    """(n,) bool: whether what the rule forbids, of those in the fence, is done at each step."""
    lon, lat, speed = (np.ascontiguousarray(state[:, c]) for c in (0, 1, 2))
    if rule.kind == "speed_over":
        return np.asarray(speed > rule.speed_mps)
    if rule.kind == "speed_under":
        return np.asarray(speed < rule.speed_mps)
    if rule.kind == "night":
        below = -6.0 if rule.sun_below_deg is None else rule.sun_below_deg
        dark = [sun_altitude_deg(int(t), x, y) < below for t, x, y in zip(
            t_us[::A_MINUTE], lon[::A_MINUTE], lat[::A_MINUTE], strict=True)]  # fmt: skip
        return np.repeat(np.array(dark, bool), A_MINUTE)[: len(lon)]
    if rule.kind == "season":
        works = (speed >= FISHING_MPS[0]) & (speed <= FISHING_MPS[1]) & _in_season(rule, t_us)
        if works.any():
            x, y = lon[::A_MINUTE].copy(), lat[::A_MINUTE].copy()
            off = (edges_m(g.ports, x, y) > 0.0) & ~(shores_m(g.ours, x, y, BAND_M) <= BAND_M)
            works &= np.repeat(off, A_MINUTE)[: len(lon)]
        return np.asarray(works)
    return np.ones(len(lon), bool)


def _in_season(rule: FenceRule, t_us: np.ndarray) -> np.ndarray:
    """By the calendar at the fence's offset from UTC; the end is exclusive."""
    local = (t_us + rule.utc_offset_min * 60_000_000).astype("datetime64[us]")
    text = np.datetime_as_string(local, "m")
    now = np.array([t[5:] for t in text.tolist()])
    first, last = str(rule.season_from), str(rule.season_to)
    after, before = now >= first, now < last
    return np.asarray(after & before if first < last else after | before)


def of_rule(
    r: Record, g: Ground, ship: int, rule: FenceRule, in_it: np.ndarray, state: np.ndarray
) -> list[Happened]:
    """Events of one rule of a fence; `in_it` (steps,) bool, `state` (steps, 4)."""
    t_us = r.times_us()
    clear = CLEAR_S // STEP_S

    def event(kind: str, first: int, last: int, told_s: float, due: bool = True) -> Happened:
        start = int(t_us[first])
        told = min(start + int(told_s * 1e6), int(t_us[-1]))
        # Who goes by another number is told of under that one: what is heard of it is not kept.
        mmsi = r.said.number_of(ship, start) or int(r.mmsi[ship])
        return Happened("area_rule", kind, (mmsi,), start, int(t_us[last]), told, rule.priority,
                        due=due and mmsi == int(r.mmsi[ship]))  # fmt: skip

    if rule.kind in ("entry", "exit"):
        found = []
        for first, last in runs_of(in_it, clear):
            if rule.kind == "entry" and first > 0:
                found.append(event("entry", first, last, 0.0))
            if rule.kind == "exit" and last + 1 < len(t_us):
                told = min(last + 1 + clear, len(t_us) - 1)
                found.append(event("exit", last + 1, told, CLEAR_S, last + 1 + clear == told))
        return found
    hit = in_it.copy()
    here = np.flatnonzero(in_it)
    hit[here] = broken(rule, state[here], t_us[here], g)
    hold = rule.stay_s if rule.kind == "presence" else HOLD_S[rule.kind]
    assert hold is not None
    # Leaving counts only after three minutes outside: a stay goes on through less.
    joined = clear if rule.kind == "presence" else 1
    found = []
    for first, last in runs_of(hit, clear):
        whole = [
            (a, b) for a, b in runs_of(hit[first : last + 1], joined) if (b - a) * STEP_S >= hold
        ]
        if whole:
            begin = first + whole[0][0]
            found.append(event(rule.kind, begin, last, hold))
        elif (last - first) * STEP_S >= hold:
            found.append(event(rule.kind, first, last, hold, due=False))
    return found


def of_fences(r: Record, g: Ground, fences: tuple[Geofence, ...]) -> list[Happened]:
    found: list[Happened] = []
    t_us = r.times_us()
    for v in r.vessels().tolist():
        state = r.track(v)
        lon, lat = (np.ascontiguousarray(state[:, c]) for c in (0, 1))
        for fence in fences:
            west, south, east, north = fence.bbox()
            if not ((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)).any():
                continue
            in_it = in_fence(fence, lon, lat, t_us)
            for rule in fence.rules:
                if in_it.any() and (not rule.ship_types or r.ship_type[v] in rule.ship_types):
                    found += of_rule(r, g, v, rule, in_it, state)
    return found


def of_rings(r: Record, g: Ground) -> list[Happened]:
    """A vessel that says no static data comes into the near sea from beyond 12 n mile. Whether one
    with an MMSI of no form has an identity the text does not say: it may be told."""
    found: list[Happened] = []
    named = {(s.ship): s.t_us for s in reversed(r.said.statics)}
    t_us = r.times_us()
    for v in r.vessels().tolist():
        heard = r.heard[v]
        if not len(heard):
            continue
        named_us = named.get(v, 1 << 62) if is_mmsi(int(r.mmsi[v])) else 1 << 62
        sure = named_us == named.get(v, 1 << 62)
        known_us = int(heard[0]) + IDENTITY_S * 1_000_000
        if named_us < known_us:
            continue
        lon, lat = (np.ascontiguousarray(c) for c in r.track(v)[:, :2].T)
        away = shores_m(g.ours, lon, lat, BEYOND_M + 1.0)
        ring = np.where(away <= RING_M, 2, np.where(away <= BEYOND_M, 3, 4))
        ends = np.flatnonzero(np.diff(ring)) + 1
        before = int(ring[0])
        for a, b in itertools.pairwise([0, *ends.tolist(), len(ring)]):
            if (b - a) * STEP_S < RING_HOLD_S:
                continue
            start = int(t_us[a])
            told = start + RING_HOLD_S * 1_000_000
            if ring[a] == 2 and before in (3, 4) and named_us > told:
                due = sure and told >= known_us
                found.append(
                    Happened("area_rule", "ring", (int(r.mmsi[v]),), start, told, told, 4, due=due)
                )
            before = int(ring[a])
    return found


def happened(r: Record, g: Ground, fences: tuple[Geofence, ...]) -> list[Happened]:
    return of_fences(r, g, fences) + of_rings(r, g)
