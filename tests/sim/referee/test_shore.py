"""The referee's rules of the shore on trajectories made by hand; expected times are worked out
beside each from the published text."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from littoral.sim.referee import approach, landfall, landing
from littoral.sim.referee.ground import Ground, ahead_m, is_night
from littoral.sim.referee.record import Happened, Record
from littoral.sim.referee.shore import shore_of
from tests.sim.referee.hand import DAY_US, DEG_M, KN, NIGHT_US, Way, ground, legs, record

OTHER, PLEASURE, CARGO = 90, 37, 70


def run(rule: ModuleType, r: Record, g: Ground) -> list[Happened]:
    found: list[Happened] = rule.happened(r, g, shore_of(r, g))
    return found


def after(r: Record, t_us: int) -> float:
    return (t_us - r.start_us) / 60e6


def straight_in(knots: float, until: float = 1_000.0) -> tuple[Way, float]:
    """From 20 km off straight in to `until` metres, and the minute at which that is."""
    minute = (20_000.0 - until) / (knots * KN * 60.0)
    return legs((0, 0, -20_000), (minute, 0, -until)), minute


def test_ground() -> None:
    g = ground()
    assert ahead_m(g.ours, 110.0, 17.9, 0.0) == pytest.approx(11_119.5, abs=1.0)
    assert ahead_m(g.ours, 110.0, 17.9, 60.0) == pytest.approx(22_239.0, rel=2e-3)
    assert is_night(NIGHT_US, 110.0, 18.0)
    assert not is_night(DAY_US, 110.0, 18.0)


def test_approaches_within_a_quarter_of_an_hour() -> None:
    # 20 kn: 9,260 m in 15 min, which is nearer than 6 n mile; 617 m a minute from 20 km.
    way, ends = straight_in(20.0)
    r = record([way], 90, types=[OTHER])
    (event,) = run(approach, r, ground())
    assert after(r, event.start_us) == pytest.approx((20_000 - 9_260) / (20 * KN * 60), abs=0.3)
    assert after(r, event.end_us) == pytest.approx(ends, abs=0.3)
    assert event.told_us - event.start_us == 120_000_000
    assert event.priority == 3


@pytest.mark.parametrize(
    ("knots", "ship_type", "start_us", "priority"),
    [(14.0, OTHER, DAY_US, None), (14.0, OTHER, NIGHT_US, 4), (5.5, OTHER, NIGHT_US, None),
     (19.0, PLEASURE, DAY_US, None), (21.0, PLEASURE, DAY_US, 3), (20.0, CARGO, NIGHT_US, None)],
)  # fmt: skip
def test_approaches_fast_or_by_night(
    knots: float, ship_type: int, start_us: int, priority: int | None
) -> None:
    way, _ = straight_in(knots)
    r = record([way], 150, start_us, types=[ship_type])
    found = run(approach, r, ground())
    assert [e.priority for e in found] == ([] if priority is None else [priority])


@pytest.mark.parametrize(("aside_s", "found"), [(10, [False]), (150, [False]), (200, [])])
def test_an_approach_that_breaks_off_shortly_may_be_told(aside_s: int, found: list[bool]) -> None:
    # 20 kn from 9 km off: 100 s to the shore, a while along it, 100 s to the shore; then away.
    mins, mps = 100 / 60, 20.0 * KN
    there, aside = -9_000.0 + 100.0 * mps, aside_s / 60
    on, end = mins + aside, there + 100.0 * mps
    way = legs((0, 0, -9_000.0), (mins, 0, there), (on, aside_s * mps, there),
               (mins + on, aside_s * mps, end), (30, 30_000.0, there))  # fmt: skip
    r = record([way], 30, types=[OTHER])
    assert [e.due for e in run(approach, r, ground())] == found


@pytest.mark.parametrize(
    ("otherwise", "heard"), [((), True), ((6, 18), True), ((6, 7, 18, 19, 30, 31), False)]
)
def test_an_approach_that_its_reports_tell_of(otherwise: tuple[int, ...], heard: bool) -> None:
    # 20 kn from 9 km off for 6 min, reports every 10 s. By the text one that says otherwise is
    # borne, and two in a row end the span: of 120 s, 12 reports, 6, 10, 10 and 4 are left.
    mps = 20.0 * KN
    way = legs((0, 0, -9_000.0), (6, 0, -9_000.0 + 360.0 * mps), (20, 30_000.0, -9_000.0))
    r = record([way], 20, types=[OTHER])
    r.courses[0][list(otherwise)] = 180.0
    (event,) = run(approach, r, ground())
    assert (event.due, event.heard) == (True, heard)


def test_does_not_approach_a_landing_or_a_haven() -> None:
    way, _ = straight_in(20.0)
    r = record([way], 90, types=[OTHER])
    assert not run(approach, r, ground(landings=[(2_400.0, 0.0, 500.0)]))  # 1,900 m off its edge
    assert run(approach, r, ground(landings=[(2_600.0, 0.0, 500.0)]))
    lie = [legs((0, east, -500)) for east in (-300, 0, 300)]
    many = record([way, *lie], 90, types=[OTHER, *[CARGO] * 3])
    assert not run(approach, many, ground())
    two = record([way, *lie[:2]], 90, types=[OTHER, *[CARGO] * 2])
    assert run(approach, two, ground())


def visit(off_m: float, stays: float) -> tuple[Way, float]:
    """In at 10 kn to `off_m`, a stay, and out to 10 km; the minute of arrival."""
    minute = (10_000 - off_m) / (10 * KN * 60)
    way = legs((0, 0, -10_000), (minute, 0, -off_m), (minute + stays, 0, -off_m),
               (2 * minute + stays, 0, -10_000))  # fmt: skip
    return way, minute


@pytest.mark.parametrize(
    ("off_m", "stays", "start_us", "ship_type", "priority"),
    [(300, 90, NIGHT_US, OTHER, 3), (700, 90, NIGHT_US, OTHER, None), (300, 70, DAY_US, OTHER, 4),
     (300, 50, DAY_US, OTHER, None), (300, 70, DAY_US, PLEASURE, None),
     (300, 90, NIGHT_US, PLEASURE, 3), (300, 90, NIGHT_US, CARGO, None)],
)  # fmt: skip
def test_lands_by_a_stop(
    off_m: float, stays: float, start_us: int, ship_type: int, priority: int | None
) -> None:
    way, minute = visit(off_m, stays)
    r = record([way], 210, start_us, types=[ship_type])
    found = run(landing, r, ground())
    assert [e.priority for e in found] == ([] if priority is None else [priority])
    for event in found:
        # Begins 1,000 m off, ends 2 n mile off.
        assert after(r, event.start_us) == pytest.approx(9_000 / (10 * KN * 60), abs=0.2)
        assert after(r, event.end_us) == pytest.approx(
            minute + stays + (3_704 - off_m) / (10 * KN * 60), abs=0.2
        )
        waits = 10 if start_us == NIGHT_US else 60
        assert after(r, event.told_us) == pytest.approx(minute + waits, abs=0.3)


def test_lands_by_turning_back_within_an_hour_by_night() -> None:
    way, _ = visit(300, 2)
    (event,) = run(landing, record([way], 120, NIGHT_US, types=[OTHER]), ground())
    assert event.told_us > event.end_us  # 2 n mile off again
    assert event.within_us is not None
    assert not run(landing, record([way], 120, DAY_US, types=[OTHER]), ground())


@pytest.mark.parametrize(("off_m", "heard"), [(490, True), (510, False)])
def test_a_turn_that_a_report_tells_of(off_m: float, heard: bool) -> None:
    way, _ = visit(480, 2)
    r = record([way], 120, NIGHT_US, types=[OTHER])
    r.reports[0][:, 1] -= (off_m - 480.0) / DEG_M  # as receivers in GNSS sets err
    (event,) = run(landing, r, ground())
    assert event.heard == heard


def test_lands_by_silence() -> None:
    way, minute = visit(700, 90)  # too far off for a stop
    off = (int(minute) + 5, int(minute) + 30)
    r = record([way], 210, NIGHT_US, types=[OTHER], off=off)
    (event,) = run(landing, r, ground())
    assert after(r, event.told_us) == pytest.approx(off[0] + 20, abs=0.3)
    short = (off[0], off[0] + 18)
    assert not run(landing, record([way], 210, NIGHT_US, types=[OTHER], off=short), ground())


def test_does_not_land_where_it_is_licensed() -> None:
    way, _ = visit(300, 90)
    r = record([way], 210, NIGHT_US, types=[OTHER])
    assert not run(landing, r, ground(landings=[(900.0, -300.0, 500.0)]))  # 400 m off its edge
    assert run(landing, r, ground(landings=[(1_100.0, -300.0, 500.0)]))


@pytest.mark.parametrize(
    ("come", "leave", "found"),
    [(0.0, 300.0, 0), (0.0, 100.0, 0), (57.0, 150.0, 0), (120.0, 300.0, 1), (0.0, 20.0, 1)],
)
def test_who_lies_down_among_others_lands_nowhere_when_they_leave(
    come: float, leave: float, found: int
) -> None:
    # It lies from minute 31 on by day: its time is up at minute 91. The others are a haven from
    # half an hour after they came.
    way, _ = visit(300, 150)
    lie = [legs((come, east, -300 - 20_000 * (come > 0)), (come + 0.1, east, -300),
                (leave, east, -300), (leave + 30, east, -20_000))
           for east in (-300, 300, 600)]  # fmt: skip
    r = record([way, *lie], 240, DAY_US, types=[OTHER, *[CARGO] * 3])
    assert len(run(landing, r, ground())) == found


@pytest.mark.parametrize(
    ("knots", "off", "told"),
    [(20.0, (10, 40), 20.0), (20.0, (10, 18), None), (14.0, (10, 40), None)],
)
def test_falls_silent_on_the_way_in(knots: float, off: tuple[int, int], told: float | None) -> None:
    way, _ = straight_in(knots)
    r = record([way], 90, types=[OTHER], off=off)
    found = run(landfall, r, ground())
    assert [after(r, e.told_us) for e in found] == pytest.approx(
        [] if told is None else [told], abs=0.3
    )
    for event in found:
        assert after(r, event.start_us) == pytest.approx(off[0], abs=0.2)
        assert after(r, event.end_us) == pytest.approx(off[1], abs=0.2)


def test_silence_on_the_way_out_is_none() -> None:
    way = legs((0, 0, -2_500), (60, 0, -2_500 - 20 * KN * 3_600))
    assert not run(landfall, record([way], 90, types=[OTHER], off=(10, 40)), ground())


def test_its_mean_interval_is_a_running_one() -> None:
    # The first interval, then nine tenths of the mean and a tenth of the new one: 0.9 * 60 + 12.
    for seconds, mean_s in (((0,), 0.0), ((0, 60, 120), 60.0), ((0, 60, 180), 66.0)):
        assert landfall.mean_us(np.array(seconds) * 1_000_000) == pytest.approx(mean_s * 1e6)
