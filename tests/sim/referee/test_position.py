"""The referee's rule of impossible positions on reports made by hand; expected times are worked out
beside each from the published text. Reports come every 10 s."""

from __future__ import annotations

import math

import numpy as np
import pytest

from littoral.sim.referee.position import happened
from littoral.sim.referee.record import Happened, Record
from tests.sim.referee.hand import degrees, ground, legs, record


def sail(ships: int = 1, apart_m: float = 2_000.0) -> Record:
    """East at 5 m/s, 20 km off shore, for two hours."""
    ways = [
        legs((0, 0, -20_000 - apart_m * n), (120, 36_000, -20_000 - apart_m * n))
        for n in range(ships)
    ]
    return record(ways, 120, types=[70] * ships)


def forge(
    r: Record, ship: int, first: float, last: float, east: float, north: float, radius: float = 0.0
) -> None:
    """From one minute to another `ship` reports a place, or a circle about it at 10 m/s."""
    for k in range(int(first * 6), int(last * 6)):
        turn = 10.0 * (10.0 * k) / radius if radius else 0.0
        lon, lat = degrees(east + radius * math.sin(turn), north + radius * math.cos(turn))
        r.reports[ship][k] = (lon, lat, 10.0 if radius else 0.0)


def at(r: Record, e: Happened) -> tuple[float, ...]:
    return tuple((t - r.start_us) / 60e6 for t in (e.start_us, e.end_us, e.told_us))


@pytest.mark.parametrize(
    ("north", "last", "port", "events"),
    [(10_000, 40.0, 0.0, 1), (10_000, 32.0, 0.0, 0), (1_500, 40.0, 0.0, 0),
     (10_000, 40.0, 2_900, 0), (10_000, 40.0, 3_100, 1), (-40_000, 40.0, 0.0, 0)],
)  # fmt: skip
def test_inland_after_a_jump(north: float, last: float, port: float, events: int) -> None:
    # From minute 30 on; told after 120 s. Not for 110 s, not within the chart's 1,600 m, not within
    # 3,000 m of the edge of a port, and not at sea.
    r = sail()
    forge(r, 0, 30.0, last, 5_000, north)
    g = ground(ports=[(5_000 + 500 + port, north, 500.0)] if port else None)
    found = happened(r, g)
    assert [e.kind for e in found] == ["on_land"] * events
    if events:
        assert at(r, found[0]) == pytest.approx((30.0, 40.0 - 1 / 6, 32.0), abs=0.01)


def test_inland_from_the_beginning_is_nothing() -> None:
    r = sail()
    forge(r, 0, 0.0, 120.0, 5_000, 10_000)
    assert not happened(r, ground())


@pytest.mark.parametrize(
    ("radius", "last", "events"),
    [(300.0, 60.0, 1), (300.0, 37.0, 0), (900.0, 70.0, 1), (1_100.0, 75.0, 0), (80.0, 60.0, 0)],
)
def test_circles(radius: float, last: float, events: int) -> None:
    # 10 m/s: a turn of 300 m takes 188 s, so three take 565 s; seven minutes are two turns.
    r = sail()
    forge(r, 0, 30.0, last, 5_000, -40_000, radius)
    found = happened(r, ground())
    assert [e.kind for e in found] == ["circling"] * events
    if radius == 300.0 and events:
        assert at(r, found[0]) == pytest.approx((30.0, 60.0, 30.0 + 565 / 60), abs=0.7)


@pytest.mark.parametrize(("ships", "events"), [(4, 1), (3, 0)])
def test_several_that_go_each_its_own_way(ships: int, events: int) -> None:
    # Two minutes apart; the fourth, at minute 36, is settled a minute later.
    r = sail(ships)
    for n in range(ships):
        forge(r, n, 30.0 + 2 * n, 120.0, 60_000.0 * n - 90_000.0, -90_000.0)
    found = happened(r, ground())
    assert [e.kind for e in found] == ["interference"] * events
    if events:
        assert at(r, found[0]) == pytest.approx((30.0, 36.0, 37.0), abs=0.01)
        assert found[0].mmsis == tuple(412_000_001 + n for n in range(4))


def test_three_that_go_to_one_place() -> None:
    r = sail(3, 60_000.0)
    for n in range(3):
        forge(r, n, 30.0 + n, 120.0, 30_000.0, -90_000.0 + 500.0 * n)
    (event,) = happened(r, ground())
    assert event.kind == "interference"
    assert at(r, event)[::2] == pytest.approx((30.0, 33.0), abs=0.01)


def test_a_circle_is_a_target_too() -> None:
    # The third was always there, and has gone round for half an hour when the second is settled.
    r = sail(3, 60_000.0)
    for n in range(2):
        forge(r, n, 30.0 + n, 50.0, 30_000.0, -90_000.0 + 500.0 * n)
    forge(r, 2, 0.0, 50.0, 30_000.0, -90_000.0, 300.0)
    circle, event = happened(r, ground())
    assert [circle.kind, event.kind] == ["circling", "interference"]
    assert at(r, event) == pytest.approx((565 / 60, 50.0, 32.0), abs=0.7)
    assert event.mmsis == (412_000_001, 412_000_002, 412_000_003)


def test_the_circles_of_its_vessels_are_of_one_event() -> None:
    # Three that go round one place by turns from minute 30 on, and a fourth that goes elsewhere.
    r = sail(4)
    forge(r, 0, 29.0, 60.0, 0.0, -190_000.0)
    for n in range(1, 4):
        forge(r, n, 30.0 + 0.1 * n, 60.0, 150_000.0, -90_000.0 + 7_000.0 * n, 300.0)
    found = [e for e in happened(r, ground()) if e.kind == "interference"]
    assert [e.mmsis for e in found] == [tuple(412_000_001 + n for n in range(4))]


def test_what_belongs_to_an_event_begins_no_other() -> None:
    # A fourth, from far off, is sent 10 km beside the place of the three, and goes back after them.
    ways = [legs((0, 0, -20_000 - 2_000 * n), (120, 36_000, -20_000)) for n in range(3)]
    r = record([*ways, legs((0, 400_000, -20_000))], 120, types=[70] * 4)
    for n in range(3):
        forge(r, n, 30.0 + n, 60.0 + n, 150_000.0, -90_000.0)
    forge(r, 3, 45.0, 64.0, 160_000.0, -90_000.0)
    (event,) = happened(r, ground())
    assert event.mmsis == (412_000_001, 412_000_002, 412_000_003)
    assert at(r, event) == pytest.approx((30.0, 62.0, 33.0), abs=0.01)


def test_one_place_goes_before_one_area() -> None:
    # Of four from one area the last three went to one place, the first to another.
    r = sail(4)
    forge(r, 0, 30.0, 60.0, 0.0, -190_000.0)
    for n in range(1, 4):
        forge(r, n, 40.0 + 0.1 * n, 60.0, 150_000.0, -90_000.0)
    (event,) = happened(r, ground())
    assert event.mmsis == (412_000_002, 412_000_003, 412_000_004)


def test_a_jump_takes_more_than_50_kn() -> None:
    r = sail()
    r.heard[0] = np.delete(r.heard[0], np.s_[181:240])  # ten minutes without a report
    r.reports[0] = np.delete(r.reports[0], np.s_[181:240], axis=0)
    r.reports[0][181:, 1] += 0.25  # 27.8 km north, in 600 s 46 m/s
    assert [e.kind for e in happened(r, ground())] == ["on_land"]
    r.reports[0][181:, 1] -= 0.12  # 14.5 km: 24 m/s
    assert not happened(r, ground())
