"""Rule loitering, of either profile: see docs/detectors/loitering.md, "The rule"."""

from __future__ import annotations

import numpy as np

from littoral.sim.referee.ground import Ground, apart_m, edges_m, shores_m
from littoral.sim.referee.record import KNOT_MPS, Happened, Record

TICK_S, TICK_MIN = 600, 10
SLOW_MPS, WITHIN_M = 2.0 * KNOT_MPS, 2_778.0
HOLD, RESUME, ASK = 18, 6, 6  # in blocks of ten minutes: 3 h, 1 h, 1 h
LIES = (1, 5, 6, 7)
BY_TRADE = {30, *range(31, 36), *range(50, 56), 58}
SHORE_M, PORT_M, WATCH_M = 3_704.0, 5_000.0, 44_448.0
HOUR_S, TICKS_AN_HOUR, GFW_HOLD, GFW_SHORE_M = 3_600, 6, 2, 37_040.0
ANCHORED, ANCHORED_M, ANCHORED_HEARD_US = 3, 3_704.0, 43_200_000_000


def _waits_alone(r: Record, ship: int, lon: float, lat: float, minute: int) -> bool:
    """Fewer than three others lie at anchor near, last heard within 12 h."""
    now_us = r.start_us + minute * 60_000_000
    near = 0
    for v in r.vessels():
        if v == ship or r.status[v, minute] != 1:
            continue
        x, y = float(r.path[v, minute * 12, 0]) + 110.0, float(r.path[v, minute * 12, 1]) + 19.0
        if apart_m(lon, lat, x, y) > ANCHORED_M:
            continue
        before = np.searchsorted(r.heard[v], now_us, "right")
        if before > 0 and now_us - r.heard[v][before - 1] <= ANCHORED_HEARD_US:
            near += 1
    return near < ANCHORED


def _event(
    r: Record, g: Ground, ship: int, lon: np.ndarray, lat: np.ndarray, first: int, last: int,
    minute: int,
) -> int | None:  # fmt: skip
    """The priority when the run of blocks `first` to `last` counts; ends of blocks are ticks
    `first + 1` to `last + 1`."""
    if int(r.ship_type[ship]) in BY_TRADE:
        return None
    x, y = (
        np.array([lon[first + 1 : last + 2].mean()]),
        np.array([lat[first + 1 : last + 2].mean()]),
    )
    shore = float(shores_m(g.any_shore, x, y, 100_000.0)[0])
    if shore < SHORE_M or edges_m(g.ports, x, y)[0] <= PORT_M:
        return None
    if not _waits_alone(r, ship, float(x[0]), float(y[0]), minute):
        return None
    return 4 if shore <= WATCH_M else 5


def of_ship(r: Record, g: Ground, ship: int) -> list[Happened]:
    offset = r.first_tick(TICK_S)
    track = r.track(ship, 12)[offset::TICK_MIN]
    status = r.status[ship, offset::TICK_MIN]
    lon, lat = track[:, 0].copy(), track[:, 1].copy()
    blocks = len(lon) - 1

    def us(tick: int) -> int:
        return r.start_us + (offset + tick * TICK_MIN) * 60_000_000

    found: list[Happened] = []
    first, asked, begun, last_slow, told, priority = -1, -1, -1, -1, 0, 0
    for k in range(blocks):
        moved = apart_m(lon[k], lat[k], lon[k + 1], lat[k + 1])
        slow = moved / TICK_S < SLOW_MPS and int(status[k + 1]) not in LIES
        if begun >= 0:  # told of: goes on until an hour without a slow block
            last_slow = k if moved / TICK_S < SLOW_MPS else last_slow
            if k - last_slow > RESUME:
                span = us(begun), us(last_slow + 1)
                found.append(Happened("loitering", "loitering", (int(r.mmsi[ship]),), *span, told,
                                      priority))  # fmt: skip
                begun, first = -1, -1
            continue
        if not slow:
            first = -1
            continue
        if first >= 0 and apart_m(lon[first], lat[first], lon[k + 1], lat[k + 1]) > WITHIN_M:
            first = -1
        if first < 0:
            first, asked = k, -1
        if k - first + 1 >= HOLD and (asked < 0 or k - asked >= ASK):
            asked = k
            minute = offset + (k + 1) * TICK_MIN
            counts = _event(r, g, ship, lon, lat, first, k, minute)
            if counts is not None:
                begun, last_slow, told, priority = first, k, us(k + 1), counts
    if begun >= 0:
        found.append(Happened("loitering", "loitering", (int(r.mmsi[ship]),), us(begun), r.end_us,
                              told, priority))  # fmt: skip
    return found


def happened(r: Record, g: Ground) -> list[Happened]:
    return [e for v in r.vessels() for e in of_ship(r, g, int(v))]


def hours_of_ship(r: Record, g: Ground, ship: int) -> list[Happened]:
    """By the profile gfw: slow hours of the clock, far off on average."""
    offset = r.first_tick(HOUR_S)
    track = r.track(ship, 12)[offset::TICK_MIN]
    lon, lat = track[:, 0].copy(), track[:, 1].copy()
    hours = (len(lon) - 1) // TICKS_AN_HOUR
    moved = np.array(
        [apart_m(lon[k], lat[k], lon[k + 1], lat[k + 1]) for k in range(hours * TICKS_AN_HOUR)]
    )
    slow = moved.reshape(hours, TICKS_AN_HOUR).sum(1) / HOUR_S < SLOW_MPS
    ends = np.flatnonzero(np.diff(slow.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)

    def us(hour: int) -> int:
        return r.start_us + (offset + 60 * hour) * 60_000_000

    found = []
    for first, end in ends.tolist():
        at = np.arange(first + 1, end + 1) * TICKS_AN_HOUR
        away = shores_m(g.any_shore, lon[at], lat[at], 100_000.0)  # infinite: far enough
        # Asked at the end of each hour from the second on, until it holds once.
        for lasted in range(GFW_HOLD, end - first + 1):
            if away[:lasted].mean() >= GFW_SHORE_M:
                stop = us(end) if end < hours else r.end_us
                found.append(Happened("loitering", "loitering", (int(r.mmsi[ship]),), us(first),
                                      stop, us(first + lasted), 4))  # fmt: skip
                break
    return found


def happened_by_gfw(r: Record, g: Ground) -> list[Happened]:
    return [e for v in r.vessels() for e in hours_of_ship(r, g, int(v))]
