"""Approaches on wandering tracks are those that a slow program finds that is written from the
published text alone, on noiseless states every 5 s."""

from __future__ import annotations

import math

import numpy as np
import pytest

from littoral.detect.approach import DETECTOR
from littoral.schema.ais import Positions
from littoral.sim.season import sun_altitude_deg
from tests.detect.coastline import LAT, LON, Island, off, told
from tests.fuse.scene import KNOT, M_PER_DEG, T0_US, Ship, seconds

NIGHT_S, HOURS, STEP_S = 14.0 * 3600.0, 3.0, 5.0


class Wanderer(Ship):
    """A ship with states of its own: lon, lat, m/s, course every 5 s."""

    def reports(self) -> Positions:
        states, every = wander(self.mmsi), 2
        t_s = self.from_s + np.arange(0, len(states), every) * STEP_S
        p = Positions.empty(len(t_s))
        p.t_us[:] = T0_US + np.rint(t_s * 1e6).astype(np.int64)
        p.mmsi[:], p.kind[:], p.msg_type[:] = self.mmsi, 0, 1
        p.lon_deg[:], p.lat_deg[:], p.sog_mps[:], p.cog_deg[:] = states[::every].T
        p.nav_status[:], p.station[:], p.ring[:], p.flags[:] = 0, 0, 2, 0
        return p


def wander(seed: int) -> np.ndarray:
    """(steps, 4) of a boat 2 to 12 km off the shore whose course and speed change slowly."""
    rng = np.random.default_rng(seed)
    out = np.empty((int(HOURS * 3600 / STEP_S), 4))
    east, south, course, speed = 0.0, rng.uniform(4_000, 9_000), rng.uniform(0, 360), 5.0
    turn, wanted = 0.0, 5.0
    for i in range(len(out)):
        if i % 60 == 0:
            turn, wanted = rng.choice([0.0, 0.0, 0.15, -0.15]), rng.uniform(1.5, 8.5)
        speed += 0.1 * (wanted - speed)
        nearest = 180.0 if south < 2_000 else (0.0 if south > 12_000 else None)
        if nearest is not None:  # turn round by the shorter way
            turn = math.copysign(0.6, (nearest - course + 540.0) % 360.0 - 180.0)
        course = (course + turn * STEP_S) % 360.0
        east += speed * STEP_S * math.sin(math.radians(course))
        south -= speed * STEP_S * math.cos(math.radians(course))
        lat = off(6_000.0) - (south - 6_000.0) / M_PER_DEG
        lon = LON + east / M_PER_DEG / math.cos(math.radians(lat))
        out[i] = lon, lat, speed, course
    return out


def by_the_text(states: np.ndarray, hold_s: float = 120.0) -> list[tuple[float, float]]:
    """Begin and end in seconds of every approach of a fishing vessel by night that holds for
    `hold_s`; the shore is the line of 18 degrees north."""
    holds = []
    for i, (lon, lat, speed, course) in enumerate(states):
        near = (LAT - lat) * 110_650.0
        up = math.cos(math.radians(course))
        ahead = near / up if up > 0 else math.inf
        t_us = T0_US + round((NIGHT_S + i * STEP_S) * 1e6)
        fast = speed >= 12.0 * KNOT
        night = sun_altitude_deg(t_us, lon, lat) < -6.0 and speed >= 6.0 * KNOT
        holds.append(
            (fast or night) and ahead <= min(6 * 1852.0, 900.0 * speed) and ahead <= 1.5 * near
        )
    events: list[list[float]] = []
    begun = None
    for i, hold in enumerate([*holds, False]):
        if hold and begun is None:
            begun = i
        if begun is None or hold:
            continue
        first, last = begun * STEP_S, (i - 1) * STEP_S
        begun = None
        goes_on = bool(events) and first - events[-1][1] < 600.0
        if goes_on:
            events[-1][1] = last
        elif last - first >= hold_s:
            events.append([first, last])
    return [(a, b) for a, b in events]


@pytest.mark.parametrize("seed", range(412_000_001, 412_000_013))
def test_as_by_brute_force(seed: int) -> None:
    ship = Wanderer(mmsi=seed, from_s=NIGHT_S, to_s=NIGHT_S + HOURS * 3600.0)
    found = told(DETECTOR, [ship], NIGHT_S + HOURS * 3600.0 + 1_200.0, world=Island()).alerts
    spans = sorted((seconds(f.start_us) - NIGHT_S, seconds(f.end_us) - NIGHT_S) for f in found)
    # A vessel is looked at every 10 to 15 s: a span of about two minutes may be told or not.
    states = wander(seed)
    for begin, end in by_the_text(states, 150.0):
        assert [s for s in spans if s[0] <= begin + 25.0 and abs(s[1] - end) <= 25.0]
    for begin, end in spans:
        assert [
            e for e in by_the_text(states, 115.0) if e[0] - 5.0 <= begin and abs(e[1] - end) <= 25.0
        ]


def test_the_tracks_hold_enough_events() -> None:
    assert sum(len(by_the_text(wander(s))) for s in range(412_000_001, 412_000_013)) >= 15
