"""Rule drift, kinds drifting and dragging: see docs/detectors/drift.md, "The rule"."""

from __future__ import annotations

import math

import numpy as np

from littoral.sim.referee.ground import DEG_M, Ground, apart_m, edges_m, shores_m
from littoral.sim.referee.record import CLASS_A, KNOT_MPS, Happened, Record

TICK_S, TICK_MIN = 180, 3
LEAST_MPS, MOST_MPS, STILL_MPS, WAY_MPS = (k * KNOT_MPS for k in (0.5, 4.0, 0.5, 4.0))
ACROSS_DEG, NET_M, LEAST_LENGTH_M, PORT_M = 45.0, 1_200.0, 50.0, 1_852.0
HOLD = RESUME = SETTLE = ASK = 10  # ticks: half an hour
OUT = 6  # ticks in a row: a quarter of an hour
CABLE_M, BOW_M = 220.0, 200.0
WARN_SHORE_M, WATCH_SHORE_M = 11_112.0, 44_448.0
AXES = [(math.sin(math.radians(d)), math.cos(math.radians(d))) for d in (0, 45, 90, 135)]


def ticks_of(r: Record, ship: int) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """The first tick's minute; (ticks, 2) lon, lat; status and heading at each tick."""
    offset = r.first_tick(TICK_S)
    place = r.track(ship, 12)[offset::TICK_MIN, :2]
    return (
        offset, place, r.status[ship, offset::TICK_MIN], r.heading_deg[ship, offset::TICK_MIN],
    )  # fmt: skip


def made_good(place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(ticks - 1,) speed in m/s and course in degrees of each step."""
    dx = (place[1:, 0] - place[:-1, 0]) * np.cos(np.radians(place[:-1, 1])) * DEG_M
    dy = (place[1:, 1] - place[:-1, 1]) * DEG_M
    return np.hypot(dx, dy) / TICK_S, np.degrees(np.arctan2(dx, dy)) % 360.0


def _priority(g: Ground, lon: float, lat: float) -> int:
    shore = shores_m(g.any_shore, np.array([lon]), np.array([lat]), 50_000.0)[0]
    return 3 if shore <= WARN_SHORE_M else 4 if shore <= WATCH_SHORE_M else 5


def drifting(r: Record, g: Ground, ship: int) -> list[Happened]:
    if 0 < r.length_m[ship] < LEAST_LENGTH_M:
        return []
    offset, place, status, heading = ticks_of(r, ship)
    speed, course = made_good(place)
    off = np.abs((heading[1:] - course + 540.0) % 360.0 - 180.0)
    across = (off > ACROSS_DEG) & (off < 180.0 - ACROSS_DEG)  # NaN is not
    says = status[1:]
    adrift = (speed >= LEAST_MPS) & (speed <= MOST_MPS) & (says != 1) & (says != 5)
    adrift &= np.isin(says, (2, 6)) | across

    def us(tick: int) -> int:
        return r.start_us + (offset + tick * TICK_MIN) * 60_000_000

    found: list[Happened] = []
    first, begun, last, told, asked, priority = -1, -1, -1, 0, 0, 5
    for k in range(len(adrift)):
        here = k + 1
        if begun >= 0:
            if adrift[k]:
                last = here
                if here - asked >= ASK:
                    asked, priority = here, _priority(g, *place[here])
            if here - last >= RESUME:
                found.append(Happened("drift", "drifting", (int(r.mmsi[ship]),), us(begun),
                                      us(last), told, priority))  # fmt: skip
                begun, first = -1, -1
            continue
        if not adrift[k]:
            first = -1
            continue
        first = k if first < 0 else first
        if here - first < HOLD or apart_m(*place[first], *place[here]) < NET_M:
            continue
        if edges_m(g.ports, place[here : here + 1, 0], place[here : here + 1, 1])[0] <= PORT_M:
            continue
        begun, last, told, asked = first, here, us(here), here
        priority = _priority(g, *place[here])
    if begun >= 0:
        found.append(Happened("drift", "drifting", (int(r.mmsi[ship]),), us(begun), r.end_us, told,
                              priority))  # fmt: skip
    return found


def _fits(along: list[float], low: list[float], high: list[float], most_m: float) -> bool:
    return all(
        max(h, a) - min(w, a) <= most_m for a, w, h in zip(along, low, high, strict=True)
    )  # fmt: skip


def dragging(r: Record, g: Ground, ship: int) -> list[Happened]:
    offset, place, status, _ = ticks_of(r, ship)
    speed, _ = made_good(place)
    bow = float(r.bow_m[ship])
    most_m = 2.0 * (CABLE_M + (bow if bow > 0.0 else BOW_M))

    def us(tick: int) -> int:
        return r.start_us + (offset + tick * TICK_MIN) * 60_000_000

    def along(tick: int, origin: int) -> list[float]:
        x = (place[tick, 0] - place[origin, 0]) * math.cos(math.radians(place[origin, 1])) * DEG_M
        y = (place[tick, 1] - place[origin, 1]) * DEG_M
        return [x * ux + y * uy for ux, uy in AXES]

    def settles(tick: int) -> bool:
        steps = slice(tick, tick + SETTLE)
        ends = slice(tick + 1, tick + SETTLE + 1)
        if tick + SETTLE > len(speed):
            return False
        return bool((speed[steps] <= STILL_MPS).all() and (status[ends] == 1).all())

    found: list[Happened] = []
    tick, n = 0, len(place)
    while tick < n:
        if not settles(tick):
            tick += 1
            continue
        origin, low, high = tick, [0.0] * 4, [0.0] * 4
        out, begun, told, still = 0, -1, 0, 0
        excused = False
        k = tick + 1
        while k < n:
            if status[k] != 1 or speed[k - 1] > WAY_MPS:
                k -= 1
                break
            if begun >= 0:
                still = still + 1 if speed[k - 1] <= STILL_MPS else 0
                if still == SETTLE:
                    k -= SETTLE
                    break
                k += 1
                continue
            a = along(k, origin)
            if _fits(a, low, high, most_m):
                low = [min(w, v) for w, v in zip(low, a, strict=True)]
                high = [max(h, v) for h, v in zip(high, a, strict=True)]
                out, excused = 0, False
            else:
                out += 1
            if out >= OUT and not excused:
                if edges_m(g.harbours, place[k : k + 1, 0], place[k : k + 1, 1])[0] <= 0.0:
                    excused = True
                else:
                    begun, told, still = k - OUT + 1, us(k), 0
            k += 1
        if begun >= 0:
            found.append(Happened("drift", "dragging", (int(r.mmsi[ship]),), us(begun),
                                  us(min(k, n - 1)), told, 3))  # fmt: skip
        tick = k + (begun < 0)
        if begun >= 0 and tick <= begun:
            tick = begun + 1
    return found


def happened(r: Record, g: Ground) -> list[Happened]:
    judged = (r.radio == CLASS_A) & (r.ship_type >= 60) & (r.ship_type <= 89)
    found: list[Happened] = []
    for v in np.flatnonzero(judged):
        found += drifting(r, g, int(v)) + dragging(r, g, int(v))
    return found
