"""What is planted of waiting, drifting and dragging happens as it says, by the trajectories."""

from __future__ import annotations

import numpy as np
import pytest

from littoral.area.geodesy import KNOT_MPS, haversine_m
from littoral.sim import traffic, truth

START_US = int(np.datetime64("2026-08-20T12:00:00", "us").astype(np.int64))
SETTINGS = traffic.Settings(history_us=6 * 3_600_000_000)
LIVE_US = START_US + SETTINGS.history_us
MINUTE_US = 60_000_000
NAMES = {
    "loitering off Sanya": False,
    "lies to its nets": True,
    "adrift off Wanning": False,
    "dead slow ahead": True,
    "drags off Qinglan": False,
    "forgot its status": True,
}


@pytest.fixture(scope="module")
def told() -> dict[str, truth.Truth]:
    world = traffic.planted_alone(START_US, SETTINGS)
    path = truth.trajectories(world, LIVE_US + 180 * MINUTE_US)
    events = [e for e in world.events.events if e.name in NAMES]
    return {e.name: truth.measure(e, world, path) for e in events}


def test_each_has_a_look_alike(told: dict[str, truth.Truth]) -> None:
    assert {name: t.innocent for name, t in told.items()} == NAMES


def test_they_happen_when_it_says(told: dict[str, truth.Truth]) -> None:
    minutes = {
        name: ((t.start_us - LIVE_US) / MINUTE_US, (t.end_us - LIVE_US) / MINUTE_US)
        for name, t in told.items()
    }
    assert minutes["loitering off Sanya"] == pytest.approx((-150, 90), abs=3)
    assert minutes["adrift off Wanning"] == pytest.approx((4, 124), abs=3)
    # 1.3 kn for 66 min from minute 2; 500 m off after a quarter of an hour.
    assert minutes["drags off Qinglan"] == pytest.approx((15, 68), abs=3)


def test_the_wind_carries_the_ship_across_its_keel() -> None:
    world = traffic.planted_alone(START_US, SETTINGS)
    (event,) = (e for e in world.events.events if e.name == "adrift off Wanning")
    scripts = world.scripts[world.scripts["vessel"] == event.ships[0]]
    assert [int(s["value"]) for s in scripts] == [75]
    leg = world.events.begins[event.ships[0]].legs[-2]
    before = world.events.begins[event.ships[0]].legs[-3]
    metres = haversine_m(before.lon_deg, before.lat_deg, leg.lon_deg, leg.lat_deg)
    assert (leg.nav_status, metres / 7200.0) == (2, pytest.approx(1.4 * KNOT_MPS, rel=0.01))
