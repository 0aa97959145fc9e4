"""The referee's rule of close passes on trajectories made by hand; expected times are worked out
beside each from the published text. Ships of 100 m with their antennas at the bow and 20 m of beam
have 100 / 115 of the limits: a warning at 160.9 m and 313 s, an alarm at 80 m and 156.5 s."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from littoral.sim.referee.collision import ALARM, WARNING, happened
from littoral.sim.referee.record import Happened, Record
from littoral.sim.referee.said import Said, Spoken
from littoral.sim.referee.waters import Waters
from tests.sim.referee.hand import KN, Way, ground, legs, record

OFF = -30_000.0
RUN = 10 * KN * 60.0  # metres a minute


def waters(ports: list[tuple[float, float, float]] | None = None) -> Waters:
    return Waters(ground(ports), np.array([(100.0, 0.0), (101.0, 0.0), (101.0, 1.0), (100.0, 0.0)]))


def head_on(miss_m: float, minute: float = 20.0) -> list[Way]:
    """10 kn each, on parallel tracks so far apart from antenna to antenna."""
    east = legs((0, -minute * RUN, OFF), (40, (40 - minute) * RUN, OFF))
    west = legs((0, minute * RUN, OFF + miss_m), (40, -(40 - minute) * RUN, OFF + miss_m))
    return [east, west]


def meeting(ways: list[Way], types: tuple[int, int] = (70, 70), **more: float) -> Record:
    r = record(ways, 40, types=list(types), **more)  # type: ignore[arg-type]
    return replace(r, beam_m=np.full(2, 20.0), port_m=np.full(2, 10.0))


def due(r: Record, w: Waters | None = None) -> list[Happened]:
    return [e for e in happened(r, w or waters()) if e.due]


@pytest.mark.parametrize(
    ("miss", "priority"), [(90.0, ALARM), (95.0, ALARM), (110.0, WARNING), (175.0, WARNING)]
)
def test_two_meet_head_on(miss: float, priority: int) -> None:
    # Ten metres of each hull reach towards the other: 70, 75, 90 and 155 m between them. A warning
    # begins 313 s before the closest point, at 20 min: at the tick 310 s before. It is known at the
    # sixth look of a warning, 260 s before.
    (event,) = due(meeting(head_on(miss)))
    assert (event.kind, event.priority) == ("collision_risk", priority)
    assert (20 * 60e6 - (event.start_us - meeting(head_on(miss)).start_us)) / 1e6 == 310.0
    assert (event.told_us - event.start_us) / 1e6 == 50.0
    assert set(event.mmsis) == {412_000_001, 412_000_002}


def test_what_the_errors_alone_bring_near_may_be_told_and_need_not() -> None:
    # 170 m between the hulls; the errors are 20 m, and 1.03 m for each 10 s of both.
    (event,) = happened(meeting(head_on(190.0)), waters())
    assert not event.due
    assert not happened(meeting(head_on(320.0)), waters())  # 300 m between them


@pytest.mark.parametrize(
    ("types", "status", "told"),
    [((70, 70), 0, 1), ((70, 70), 1, 0), ((70, 70), 5, 0), ((70, 52), 0, 0), ((55, 70), 0, 0),
     ((30, 30), 0, 1)],
)  # fmt: skip
def test_who_is_left_out(types: tuple[int, int], status: int, told: int) -> None:
    # At anchor, moored, a tug, the police; two fishing boats close at 20 kn, more than 8.
    assert len(due(meeting(head_on(60.0), types, status=status))) == told


@pytest.mark.parametrize(("knots", "types", "told"), [
    (6.0, (70, 70), 1), (2.5, (70, 70), 0), (6.0, (30, 30), 0), (9.0, (30, 30), 1),
])  # fmt: skip
def test_overtakes(knots: float, types: tuple[int, int], told: int) -> None:
    # One of 4 kn is overtaken, 40 m between the hulls, by one so much faster: over 3 kn counts, and
    # over 8 between fishing boats.
    slow = legs((0, 0, OFF), (40, 40 * 4 * KN * 60, OFF))
    fast_run = (4.0 + knots) * KN * 60
    begin = 20 * (4 * KN * 60 - fast_run)
    fast = legs((0, begin, OFF + 60), (40, begin + 40 * fast_run, OFF + 60))
    assert len(happened(meeting([slow, fast], types), waters())) == told


def test_crossing_counts_the_whole_hull() -> None:
    # At right angles, antennas 200 m apart when nearest: the other passes astern of the first, by
    # its bow, so that the hulls, 100 m long behind it, meet.
    east = legs((0, -20 * RUN, OFF), (40, 20 * RUN, OFF))
    north = legs((0, -140, OFF - 20 * RUN), (40, -140, OFF + 20 * RUN))
    ahead = legs((0, 140, OFF - 20 * RUN), (40, 140, OFF + 20 * RUN))
    (event,) = due(meeting([east, north]))
    assert event.priority == ALARM
    # Ahead of it by 140 m: 99 m from antenna to antenna across the relative way, 7 and 7 m of beam
    # and none of the length, since both antennas are at the bow: 85 to 71 m less.
    events = happened(meeting([east, ahead]), waters())
    assert len(events) == 1


@pytest.mark.parametrize(("miss", "told"), [(50.0, 1), (90.0, 0)])
def test_near_a_port_less_is_left(miss: float, told: int) -> None:
    # Within 2 n mile of a port: 46 * 100 / 115 = 40 m; 30 and 70 m between the hulls.
    w = waters([(0.0, OFF + 2_000.0, 1_000.0)])
    assert len(due(meeting(head_on(miss)), w)) == told


@pytest.mark.parametrize(
    ("knots", "named_at", "told"), [(10.0, 0.0, 1), (6.0, 0.0, 0), (10.0, 15.0, 1), (10.0, 19.8, 0)]
)
def test_one_that_lies_without_a_status_counts_from_8_kn(
    knots: float, named_at: float, told: int
) -> None:
    # And once its name was heard: in time to be told of five minutes before, or not.
    lies = legs((0, 0, OFF + 60))
    passes = legs((0, -20 * knots * KN * 60, OFF), (40, 20 * knots * KN * 60, OFF))
    r = meeting([passes, lies], status=-1)
    unheard = Spoken(r.start_us, 1, 412_000_002, 0, "BOAT", "", 0, (1, 1, 1, 1), False)
    heard = unheard._replace(t_us=r.start_us + int(named_at * 60e6), heard=True)
    assert len(due(replace(r, said=Said([unheard, heard])))) == told


def test_a_turn_is_judged_when_near() -> None:
    # Turns by 1.5 degrees a second without end about a place far from the other's way: at no moment
    # does it hold a course, and it never comes nearer than a kilometre.
    turn = np.deg2rad(1.5)
    radius = 10 * KN / turn
    circle = lambda s: (radius * np.cos(turn * s), OFF + 1_500 + radius * np.sin(turn * s))
    passes = legs((0, -20 * RUN, OFF), (40, 20 * RUN, OFF))
    assert not due(meeting([passes, circle]))


def test_a_hull_lies_as_its_heading_says() -> None:
    # Both set athwart, heading north on their ways east and west: of the northern one 100 m reach
    # from its bow, where the antenna is, to the southern one's bow: 190 - 100 m.
    (event,) = due(meeting(head_on(190.0), heading=0.0))
    assert event.priority == WARNING
    assert not due(meeting(head_on(190.0)))  # along the course: 190 - 20 m, over 160.9


def heard_at(r: Record, seconds: tuple[int, ...]) -> Record:
    """The first ship is heard only so many seconds after the risk begins, 310 s before 20 min."""
    r.heard[0] = r.start_us + (20 * 60 - 310 + np.array(seconds, np.int64)) * 1_000_000
    return r


@pytest.mark.parametrize(
    ("seconds", "heard"),
    [
        ((-60, -30, 40), True),
        ((-60, -30, 20), False),  # the third look, the first of four, may be after it
        ((-60, -30), False),
        ((-60, -30, 105), False),  # the first after two minutes' silence
        ((-300, -30, 40), False),
        ((-300, -30, 40, 90), True),
        ((240, 245), True),  # no time is left for a third: 60 s are less than 0.4 * 156.5 s
        ((260, 265), False),  # too late for the six looks
    ],
)
def test_a_risk_is_heard_when_each_reports_again(seconds: tuple[int, ...], heard: bool) -> None:
    # A report of each at the first of four looks (20 s on at the latest) and one since; at none of
    # them is the last one older than 120 s. The other ship is heard every 10 s.
    (event,) = due(heard_at(meeting(head_on(175.0)), seconds))
    assert event.heard == heard


def test_of_a_ship_that_lies_one_report_in_400_s_is_enough() -> None:
    lies, passes = legs((0, 0, OFF)), legs((0, -40 * RUN, OFF + 160), (40, 40 * RUN, OFF + 160))
    for seconds, heard in (((-300, -200), True), ((-500, -400), False)):
        (event,) = due(heard_at(meeting([lies, passes]), seconds))
        assert event.heard == heard


def test_of_an_alarm_that_is_not_heard_the_warning_is_left() -> None:
    # The alarm's time begins 160 s on, when the last report is 120 s old.
    for seconds, priority in (((-60, -30, 40), WARNING), ((-60, -30, 40, 130), ALARM)):
        (event,) = due(heard_at(meeting(head_on(95.0)), seconds))
        assert (event.heard, event.priority) == (True, priority)


@pytest.mark.parametrize(("apart_min", "events"), [(20, 1), (40, 2), (76, 2), (150, 2)])
def test_a_risk_again_within_half_an_hour_is_the_same(apart_min: int, events: int) -> None:
    # Two pass head-on, turn back far off and pass again: from the end of the first risk to the
    # begin of the second is about six minutes less (313 s, and a quarter more while it goes on).
    again = 20.0 + apart_min + 6.5
    far = 15.0 * RUN
    east = legs((0, -20 * RUN, OFF), (35, far, OFF), (again - 15, far, OFF),
                (again + 15, -far, OFF))  # fmt: skip
    west = legs((0, 20 * RUN, OFF + 90), (35, -far, OFF + 90), (again - 15, -far, OFF + 90),
                (again + 15, far, OFF + 90))  # fmt: skip
    r = record([east, west], int(again) + 20, types=[70, 70])
    r = replace(r, beam_m=np.full(2, 20.0), port_m=np.full(2, 10.0))
    assert len(due(r)) == events


def test_whose_type_is_not_heard_may_be_told_of() -> None:
    # Of a tug, which is quiet; its static data are heard 200 s before the closest point, or never.
    for heard, told in ((False, True), (True, True)):
        r = meeting(head_on(60.0), (70, 52))
        at_us = r.start_us + (20 * 60 - 200) * 1_000_000
        r.said.statics.append(Spoken(at_us, 1, 412_000_002, 0, "", "", 0, (100, 0, 10, 10), heard))
        assert [e.due for e in happened(r, waters())] == [False] * told
    r.said.statics[0] = r.said.statics[0]._replace(t_us=r.start_us)
    assert not happened(r, waters())
