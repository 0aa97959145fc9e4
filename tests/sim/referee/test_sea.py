"""The referee's rules of the open sea on trajectories made by hand; expected times are worked out
beside each from the published text."""

from __future__ import annotations

import numpy as np
import pytest

from littoral.sim.referee import drift, encounter, loitering, meetings, port_visit
from littoral.sim.referee.record import Happened, Record
from tests.sim.referee.hand import DAY_US, KN, NIGHT_US, Way, ground, legs, record

OFF = -20_000.0  # 20 km off shore


def minutes(r: Record, e: Happened) -> tuple[float, ...]:
    """Minutes from the start at which it begins, ends and is told."""
    return tuple((t - r.start_us) / 60e6 for t in (e.start_us, e.end_us, e.told_us))


def test_loiters_from_the_first_tick_and_is_told_after_three_hours() -> None:
    # Comes in at 10 kn and stops after 20 min; goes on at 300 min.
    run = 10 * KN * 60.0
    way = legs((0, 0, OFF - 20 * run), (20, 0, OFF), (300, 0, OFF), (420, 120 * run, OFF))
    r = record([way], 420, types=[70])
    (event,) = loitering.happened(r, ground())
    assert minutes(r, event) == (20.0, 300.0, 200.0)
    assert event.priority == 4


@pytest.mark.parametrize(
    ("stays", "ship_type", "status"), [(170, 70, 0), (300, 30, 0), (300, 70, 1), (300, 52, 0)]
)
def test_does_not_loiter(stays: int, ship_type: int, status: int) -> None:
    # Less than three hours, a fishing boat, at anchor, a tug.
    way = legs((0, 0, OFF), (stays, 0, OFF), (stays + 100, 40_000, OFF))
    assert not loitering.happened(record([way], 420, types=[ship_type], status=status), ground())


def test_does_not_loiter_where_it_is_carried_out_of_the_circle() -> None:
    # 1.8 kn for 7 h: 1.5 n mile are gone in 50 min.
    way = legs((0, 0, OFF), (420, 1.8 * KN * 60 * 420, OFF))
    assert not loitering.happened(record([way], 420, types=[70]), ground())


def test_does_not_loiter_near_a_port() -> None:
    way = legs((0, 0, OFF))
    r = record([way], 420, types=[70])
    assert not loitering.happened(r, ground(ports=[(0.0, OFF + 5_900.0, 1_000.0)]))  # 4.9 km
    assert loitering.happened(r, ground(ports=[(0.0, OFF + 6_100.0, 1_000.0)]))


@pytest.mark.parametrize(("knots", "told"), [(1.4, 90.0), (1.2, 93.0)])
def test_drifts_once_it_has_come_1200_m(knots: float, told: float) -> None:
    # 1.4 kn: 1,296 m in half an hour; 1.2 kn: 1,111 m, and 1,222 m in 33 min.
    way = legs((60, 0, OFF), (150, knots * KN * 60 * 90, OFF))
    r = record([way], 240, types=[70], status=2)
    (event,) = drift.happened(r, ground())
    assert minutes(r, event) == (60.0, 150.0, told)
    assert event.priority == 4  # between 6 and 24 n mile off


def test_priority_is_of_where_it_drifts() -> None:
    # Told at minute 90, 12 km off; under way from minute 111, 9.3 km off at 120.
    east = 2.0 * KN * 60 * 51
    way = legs((60, 0, -12_000), (111, east, -12_000), (121, east, -9_000), (240, 36_000, -9_000))
    r = record([way], 240, types=[70], status=2)
    (event,) = drift.happened(r, ground())
    assert (minutes(r, event), event.priority) == ((60.0, 111.0, 90.0), 4)


@pytest.mark.parametrize(("heading", "drifts"), [(0.0, 1), (50.0, 0), (130.0, 0), (140.0, 1)])
def test_drifts_across_its_keel_alone(heading: float, drifts: int) -> None:
    # Course 090: 0 is 90 degrees off it, 50 is 40, 130 is 40, 140 is 50.
    way = legs((0, 0, OFF), (120, 2.0 * KN * 60 * 120, OFF))
    r = record([way], 120, types=[70], status=0, heading=heading)
    assert len(drift.happened(r, ground())) == drifts


def test_drags_when_out_of_the_circle_for_a_quarter_of_an_hour() -> None:
    # 2 R = 2 (220 + 100) = 640 m. From minute 60 on 1 kn, 92.6 m a tick of 3 min: the seventh tick
    # (minute 81) is 648 m off, the sixth out in a row is minute 96. It holds from minute 120 on.
    way = legs((60, 0, OFF), (120, 0, OFF - 1.0 * KN * 60 * 60))
    r = record([way], 240, types=[80], status=1)
    (event,) = drift.happened(r, ground())
    assert event.kind == "dragging"
    assert minutes(r, event) == (81.0, 120.0, 96.0)


def test_does_not_drag_when_it_makes_way_or_swings() -> None:
    away = legs((60, 0, OFF), (120, 0, OFF - 5.0 * KN * 60 * 60))
    swings = legs((60, 0, OFF), (90, 600, OFF), (120, 0, OFF))
    r = record([away, swings], 240, types=[80, 80], status=1)
    assert not drift.happened(r, ground())


def test_calls_with_a_stop_of_ten_minutes() -> None:
    # Edge of the port 5,000 m north of where it begins; 100 m a minute. 2,000 m off: minute 30.
    # Stops 500 m off at minute 45 until 60; 3,000 m off again at minute 85.
    south = OFF - 5_000.0
    way = legs(
        (0, 0, south), (45, 0, south + 4_500), (60, 0, south + 4_500), (120, 0, south - 1_500)
    )
    g = ground(ports=[(0.0, OFF + 1_000.0, 1_000.0)])
    r = record([way], 120, types=[70])
    (event,) = port_visit.happened(r, g)
    assert minutes(r, event) == pytest.approx((30.0, 85.0, 55.0), abs=0.2)
    short = legs((0, 0, south), (45, 0, south + 4_500), (54, 0, south + 4_500), (114, 0, south))
    assert not port_visit.happened(record([short], 120, types=[70]), g)


@pytest.mark.parametrize(
    ("start_us", "stays", "other", "met"),
    [(NIGHT_US, 24, 30, 1), (NIGHT_US, 18, 30, 0), (DAY_US, 40, 30, 0), (DAY_US, 64, 30, 1),
     (NIGHT_US, 60, 52, 0)],
)  # fmt: skip
def test_meets_a_tanker(start_us: int, stays: int, other: int, met: int) -> None:
    # A boat comes 100 m off a tanker that lies still, stays and goes; 20 min count by night, an
    # hour by day, and a tug never.
    tanker = legs((0, 0, OFF))
    boat = legs((0, 10_000, OFF), (40, 100, OFF), (40 + stays, 100, OFF), (80 + stays, 10_000, OFF))
    r = record([tanker, boat], 180, start_us, types=[80, other])
    found = encounter.happened(r, ground())
    assert len(found) == met
    if met:
        begin, end, _ = minutes(r, found[0])
        assert (begin, end) == pytest.approx((40.0, 40.0 + stays), abs=2.0)
        assert found[0].mmsis == (412_000_001, 412_000_002)
    assert np.isfinite(r.path).all()


@pytest.mark.parametrize(("said_kn", "heard"), [(2.9, True), (3.0, False)])
def test_meets_at_what_speed_its_reports_say(said_kn: float, heard: bool) -> None:
    # 2.97 kn are less than 3, but a report in tenths of a knot says 3.0.
    r = record([legs((0, 0, OFF)), legs((0, 100, OFF))], 60, NIGHT_US, types=[80, 30])
    r.reports[1][120:, 2] = said_kn * KN
    (event,) = encounter.happened(r, ground())
    assert event.heard == heard


def heard_at(r: Record, ship: int, *at_min: float) -> None:
    """That ship is heard at these minutes alone."""
    times = r.start_us + (np.array(at_min) * 60e6).astype(np.int64)
    kept = np.isin(r.heard[ship], times)
    r.heard[ship], r.reports[ship] = r.heard[ship][kept], r.reports[ship][kept]


@pytest.mark.parametrize(("left_at", "open_to_say"), [(39, True), (37, False)])
def test_may_be_told_of_where_the_ends_lie_between_two_reports(
    left_at: int, open_to_say: bool
) -> None:
    # Comes at 4 kn, lies from minute 21 on: at the ticks 22 to 38 (36). The line between its
    # reports passes tick 20 at 2.7 kn, and 40 (38) as well: 20 minutes, or 18.
    run = 4.0 * KN * 60.0
    boat = legs((0, 100, OFF - 21 * run), (21, 100, OFF), (left_at, 100, OFF),
                (left_at + 40, 100, OFF + 40 * run))  # fmt: skip
    r = record([legs((0, 0, OFF)), boat], 100, NIGHT_US, types=[80, 30])
    assert encounter.happened(r, ground()) == []  # all is heard
    heard_at(r, 1, 10, 13, 16, 19, 22, 25, 28, 31, 34, left_at - 1, left_at + 2, 44, 50, 60)
    found = [(minutes(r, e)[:2], e.due) for e in encounter.happened(r, ground())]
    assert found == ([((20.0, 40.0), False)] if open_to_say else [])


def test_may_not_be_told_of_where_it_was_away_for_most_of_the_time() -> None:
    # Beside the tanker at each of its reports, 1.5 km off at 8 kn between them: by the line 42
    # minutes, in truth the ticks 0, 14, 28 and 42.
    away = [
        (14.0 * n + m, 100.0, OFF - a) for n in range(3) for m, a in ((1, 0), (7, 1500), (13, 0))
    ]
    r = record([legs((0, 0, OFF)), legs(*away)], 44, NIGHT_US, types=[80, 30])
    heard_at(r, 1, 0, 14, 28, 42)
    assert encounter.happened(r, ground()) == []


def test_meets_whether_it_is_heard_or_not() -> None:
    r = record([legs((0, 0, OFF)), legs((0, 100, OFF))], 60, NIGHT_US, types=[80, 30])
    heard_at(r, 1)
    (event,) = encounter.happened(r, ground())
    assert event.due


def in_turn(stays: float, boats: int, off_m: float) -> list[Way]:
    """A vessel that lies still, and boats beside it from minutes 20, 60, 100 ... on."""
    ways = [legs((0, 0, OFF))]
    for n in range(boats):
        at = 20.0 + 40.0 * n
        ways.append(
            legs((0, 9_000, OFF), (at - 10, 9_000, OFF), (at, off_m, OFF), (at + stays, off_m, OFF),
                 (at + stays + 10, 9_000, OFF))
        )  # fmt: skip
    return ways


@pytest.mark.parametrize(
    ("stays", "boats", "off_m", "host", "met"),
    [(10, 3, 100, 80, 1), (10, 2, 100, 80, 0), (3, 3, 100, 80, 0), (10, 3, 300, 80, 0),
     (10, 3, 100, 30, 0), (65, 3, 100, 80, 0), (10, 3, 100, 0, 0)],
)  # fmt: skip
def test_is_visited_by_three_in_turn(
    stays: float, boats: int, off_m: float, host: int, met: int
) -> None:
    r = record(in_turn(stays, boats, off_m), 240, types=[host, *[30] * boats])
    found = meetings.happened(r, ground())
    assert [e.kind for e in found] == ["visited"] * met
    if met:
        # Each boat stops within a minute of its coming; the last meeting ends at minute 110 and is
        # known a quarter of an hour later.
        assert minutes(r, found[0]) == pytest.approx((20.0, 110.0, 125.0), abs=1.0)
        assert found[0].mmsis == (412_000_001,)


@pytest.mark.parametrize(("at_min", "heard"), [
    ((15, 19, 21, 29.5, 31, 36), True), ((15, 25, 35), False), ((21, 25, 29, 33, 50), False),
])  # fmt: skip
def test_is_visited_as_reports_say(at_min: tuple[float, ...], heard: bool) -> None:
    # The first of three lies there from minute 20 to 30, coming and going at half a kilometre a
    # minute. On the line from minute 15 to 25 and to 35 it is beside the host at one tick alone;
    # where it is first heard at minute 21 nobody saw it come.
    r = record(in_turn(10, 3, 100), 240, types=[80, 30, 30, 30])
    heard_at(r, 1, *at_min)
    (event,) = meetings.happened(r, ground())
    assert event.heard == heard


def test_goes_from_ship_to_ship() -> None:
    lie = [legs((0, 5_000.0 * n, OFF)) for n in range(3)]
    calls = [(t, 5_000.0 * n + 100.0, OFF) for n in range(3) for t in (20 + 30 * n, 32 + 30 * n)]
    r = record([legs((0, -9_000, OFF), *calls), *lie], 180, types=[90, 70, 70, 70])
    # The third is not seen to part.
    assert not meetings.happened(r, ground())
    calls.append((110, 20_000, OFF))
    r = record([legs((0, -9_000, OFF), *calls), *lie], 180, types=[90, 70, 70, 70])
    (event,) = meetings.happened(r, ground())
    assert (event.kind, event.priority, event.mmsis) == ("repeated", 4, (412_000_001,))
