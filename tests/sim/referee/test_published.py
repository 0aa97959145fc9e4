"""The referee's published profiles on trajectories made by hand; expected times are worked out
beside each from the published text. Days begin at a whole hour."""

from __future__ import annotations

import pytest

from littoral.sim.referee import encounter, loitering, port_visit
from littoral.sim.referee.encounter import GFW, SKYLIGHT
from littoral.sim.referee.ground import Ground
from littoral.sim.referee.record import Happened, Record
from tests.sim.referee.hand import KN, Way, ground, legs, record

OFF = -20_000.0  # 20 km off shore
A_MINUTE = KN * 60.0  # metres at one knot


def times(r: Record, found: list[Happened]) -> list[tuple[float, ...]]:
    """Minutes from the start at which each begins, ends and is told."""
    return [
        tuple((t - r.start_us) / 60e6 for t in (e.start_us, e.end_us, e.told_us)) for e in found
    ]


def alongside(stays: float, apart: float = 100.0) -> list[Way]:
    """One lies still; the other comes at minute 40, at 4 m/s, and stays."""
    boat = legs((0, 10_000, OFF), (40, apart, OFF), (40 + stays, apart, OFF),
                (80 + stays, 10_000, OFF))  # fmt: skip
    return [legs((0, 0, OFF)), boat]


def met(
    ways: list[Way], minutes: int, limits: encounter.Limits, g: Ground | None = None,
    types: tuple[int, int] = (70, 30),
) -> list[tuple[float, ...]]:  # fmt: skip
    r = record(ways, minutes, types=list(types))
    return times(r, encounter.happened(r, g or ground(), limits))


@pytest.mark.parametrize(
    ("stays", "apart", "event"),
    [(125, 100, (40, 160, 160)), (115, 100, None), (125, 490, (40, 160, 160)), (125, 510, None)],
)
def test_two_hours_by_gfw(stays: int, apart: int, event: tuple[float, float, float] | None) -> None:
    # Within 500 m less than two minutes before and after the stay: ticks 40 to 160, or to 150.
    assert met(alongside(stays, apart), 260, GFW) == ([] if event is None else [event])


@pytest.mark.parametrize("types", [(30, 30), (52, 80), (60, 70), (0, 99)])
def test_two_hours_by_gfw_of_any_two_kinds(types: tuple[int, int]) -> None:
    assert met(alongside(150), 260, GFW, types=types)


@pytest.mark.parametrize(("limits", "apart", "off_m", "heard"), [
    (SKYLIGHT, 249.0, 0, True), (SKYLIGHT, 249.0, 2, False), (GFW, 490.0, 20, False),
])  # fmt: skip
def test_meets_where_its_reports_say(
    limits: encounter.Limits, apart: float, off_m: float, heard: bool
) -> None:
    # The boat's reports lie so many metres farther off, at every second one of them.
    r = record(alongside(150, apart), 260, types=[70, 30])
    r.reports[1][::2, 0] += off_m / (111_195.08 * 0.951)
    (event,) = encounter.happened(r, ground(), limits)
    assert event.due
    assert event.heard == heard


def test_meets_off_port_as_its_reports_say() -> None:
    # 10,010 m from the edge of the port's circle, 20 m less by its reports.
    g = ground(ports=[(11_010.0, OFF, 1_000.0)])
    r = record([legs((0, 0, OFF)), legs((0, -100, OFF))], 200, types=[70, 30])
    r.reports[0][:, 0] += 20.0 / (111_195.08 * 0.951)
    (event,) = encounter.happened(r, g, GFW)
    assert not event.heard


def test_two_hours_by_gfw_off_ports_alone() -> None:
    # Both: the boat lies 100 m nearer to the port.
    for edge, count in ((9_900.0, 0), (10_050.0, 0), (10_200.0, 1)):
        g = ground(ports=[(edge + 1_000.0, OFF, 1_000.0)])
        assert len(met(alongside(150), 260, GFW, g)) == count


def in_company(*legs_of: tuple[float, float]) -> list[Way]:
    """Two 100 m apart, for (minutes, knots) after each other."""
    minute, east, points = 0.0, 0.0, [(0.0, 0.0)]
    for minutes, knots in legs_of:
        minute, east = minute + minutes, east + minutes * knots * A_MINUTE
        points.append((minute, east))
    return [legs(*((m, x, OFF + d) for m, x in points)) for d in (0.0, 100.0)]


@pytest.mark.parametrize(
    ("way", "told"),
    [
        (((150, 1.9),), 120),
        (((150, 2.1),), None),
        (((50, 5.0), (140, 1.0)), 120),  # 5 and 7 steps of ten minutes at minute 120
        (((70, 5.0), (120, 1.0)), 150),  # 7 and 5, 7 and 6, 7 and 7; 7 and 8 at minute 150
    ],
)
def test_median_speed_by_gfw(way: tuple[tuple[float, float], ...], told: int | None) -> None:
    minutes = 1 + int(sum(m for m, _ in way))
    found = met(in_company(*way), minutes, GFW)
    assert [t for _, _, t in found] == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("stays", "apart", "event"),
    [(31, 100, (40, 71, 71)), (30, 100, None), (40, 245, (40, 80, 71)), (40, 255, None)],
)
def test_half_an_hour_by_skylight(
    stays: int, apart: int, event: tuple[float, float, float] | None
) -> None:
    # Within 250 m less than 40 s before and after the stay; more than 30 min are 31 on the minute.
    assert met(alongside(stays, apart), 160, SKYLIGHT) == ([] if event is None else [event])


def test_half_an_hour_by_skylight_under_way_and_in_port() -> None:
    assert met(in_company((40, 12.0)), 40, SKYLIGHT)
    assert met(alongside(40), 160, SKYLIGHT, ground(ports=[(0.0, OFF, 3_000.0)]))


@pytest.mark.parametrize(("apart_min", "events"), [(239, 1), (242, 2)])
def test_encounters_four_hours_apart_are_two(apart_min: int, events: int) -> None:
    again = 80 + apart_min
    boat = legs((0, 5_000, OFF), (40, 100, OFF), (80, 100, OFF), (100, 5_000, OFF),
                (again - 20, 5_000, OFF), (again, 100, OFF), (again + 40, 100, OFF))  # fmt: skip
    assert len(met([legs((0, 0, OFF)), boat], again + 50, SKYLIGHT)) == events


def waits(way: Way, minutes: int = 300, ship_type: int = 70, status: int = 0) -> list[Happened]:
    r = record([way], minutes, types=[ship_type], status=status)
    return loitering.happened_by_gfw(r, ground())


def stop(until: float, off_m: float = -40_000.0) -> Way:
    """Comes at 10 kn, lies from minute 60 on, and goes at 10 kn."""
    run = 10.0 * A_MINUTE
    return legs((0, -60 * run, off_m), (60, 0, off_m), (until, 0, off_m),
                (until + 120, 120 * run, off_m))  # fmt: skip


def test_loiters_for_two_hours_of_the_clock_by_gfw() -> None:
    r = record([stop(180)], 300, types=[70])
    assert times(r, loitering.happened_by_gfw(r, ground())) == [(60.0, 180.0, 180.0)]
    # A quarter of an hour at 10 kn is 2.5 kn in the hour; a sixth is 1.7.
    assert not waits(stop(165))
    assert waits(stop(170))


@pytest.mark.parametrize(("ship_type", "status"), [(30, 7), (52, 0), (80, 1), (0, 5)])
def test_loiters_by_gfw_whoever_it_is(ship_type: int, status: int) -> None:
    assert waits(stop(200), ship_type=ship_type, status=status)


@pytest.mark.parametrize(("off_m", "loiters"), [(-37_000.0, 0), (-37_100.0, 1)])
def test_loiters_by_gfw_20_miles_off(off_m: float, loiters: int) -> None:
    assert len(waits(stop(200, off_m))) == loiters


@pytest.mark.parametrize(("knots", "loiters"), [(1.95, 1), (2.05, 0)])
def test_loiters_by_gfw_below_two_knots(knots: float, loiters: int) -> None:
    way = legs((0, 0, -40_000), (240, 240 * knots * A_MINUTE, -40_000))
    assert len(waits(way, 240)) == loiters


@pytest.mark.parametrize(("begins_m", "told"), [(33_000.0, 120.0), (30_000.0, 240.0)])
def test_loiters_by_gfw_far_off_on_average(begins_m: float, told: float) -> None:
    # Out at 1.8 kn, 3,334 m an hour. From 33.0 km: 36.3 and 39.7, on average 38.0. From 30.0 km:
    # 33.3, 36.7, 40.0, 43.3: 35.0 after two hours, 36.7 after three, 38.3 after four.
    way = legs((0, 0, -begins_m), (300, 0, -begins_m - 300 * 1.8 * A_MINUTE))
    r = record([way], 300, types=[70])
    (event,) = loitering.happened_by_gfw(r, ground())
    assert times(r, [event]) == [(0.0, 300.0, told)]


def test_loiters_by_gfw_until_the_first_hour_that_is_not_slow() -> None:
    run = 10.0 * A_MINUTE
    way = legs((0, 0, -40_000), (120, 0, -40_000), (180, 60 * run, -40_000),
               (360, 60 * run, -40_000))  # fmt: skip
    r = record([way], 420, types=[70])
    found = times(r, loitering.happened_by_gfw(r, ground()))
    assert found == [(0.0, 120.0, 120.0), (180.0, 420.0, 300.0)]


# The edge of the port lies 5,000 m north of where each begins; 100 m a minute.
SOUTH = OFF - 5_000.0
PORT = [(0.0, OFF + 1_000.0, 1_000.0)]


def calls(way: Way, limits: port_visit.Limits = port_visit.GFW) -> list[tuple[float, ...]]:
    r = record([way], 120, types=[70])
    return times(r, port_visit.happened(r, ground(ports=PORT), limits))


def test_calls_by_gfw_when_it_passes_within_3_km() -> None:
    # 2,500 m off at minute 25: in from minute 20 on, 3,000 m off, and out at 40, 4,000 m off; 15 m
    # more and 20 m less on the sphere, which this rule's text measures on.
    way = legs((0, 0, SOUTH), (25, 0, SOUTH + 2_500), (75, 0, SOUTH - 2_500))
    assert calls(way) == [pytest.approx((20.15, 39.8, 20.15), abs=0.2)]
    assert not calls(legs((0, 0, SOUTH), (19, 0, SOUTH + 1_900), (40, 0, SOUTH)))
    near = legs((0, 0, SOUTH), (35, 0, SOUTH + 3_500), (90, 0, SOUTH - 2_000))
    assert not calls(near, port_visit.COASTAL)  # 1,500 m off, without a stop


@pytest.mark.parametrize(("turns", "visits"), [(38, 1), (42, 2)])
def test_calls_by_gfw_until_4_km_off(turns: int, visits: int) -> None:
    # Out to 3,800 m or 4,200 m, and in again.
    out_m = 100.0 * turns
    way = legs((0, 0, SOUTH), (25, 0, SOUTH + 2_500), (turns, 0, OFF - out_m),
               (turns + 30, 0, OFF - 2_000), (turns + 55, 0, SOUTH))  # fmt: skip
    assert len(calls(way)) == visits


@pytest.mark.parametrize(("silent", "heard"), [((38, 47), False), ((38, 42), True)])
def test_a_call_begins_where_a_report_came_from_outside(
    silent: tuple[int, int], heard: bool
) -> None:
    # Beyond 4,000 m from minute 40 on, up to 4,200 m at 42, until 45.
    way = legs((0, 0, SOUTH), (25, 0, SOUTH + 2_500), (42, 0, OFF - 4_200),
               (72, 0, OFF - 2_000), (97, 0, SOUTH))  # fmt: skip
    r = record([way], 120, types=[70], off=silent)
    found = port_visit.happened(r, ground(ports=PORT), port_visit.GFW)
    assert [e.heard for e in found] == [True, heard]


@pytest.mark.parametrize(("knots", "begins"), [(0.4, 30.0), (0.6, 65.0)])
def test_a_first_stop_by_gfw_is_below_half_a_knot(knots: float, begins: float) -> None:
    # Creeps 500 m off for half an hour, and goes, 4,000 m off after 35 minutes: at 0.4 kn it lay
    # there from the first report on, until it went; at 0.6 it but left.
    way = legs((0, 0, OFF - 500), (30, 30 * knots * A_MINUTE, OFF - 500), (100, 0, OFF - 7_500))
    ((start, end, _),) = calls(way)
    assert start == pytest.approx(begins, abs=1.5)
    assert end == pytest.approx(65.0, abs=1.5)


@pytest.mark.parametrize(("knots", "told"), [(0.15, 31.0), (0.3, 96.0)])
def test_a_stop_by_gfw_begins_below_a_fifth_of_a_knot(knots: float, told: float) -> None:
    # Not seen to come in, for it is first heard 500 m off at a knot; it stops at minute 31 or
    # does not, and leaves.
    creep = 30 * knots * A_MINUTE
    way = legs((0, 0, OFF - 500), (31, 31 * A_MINUTE, OFF - 500),
               (61, 31 * A_MINUTE + creep, OFF - 500), (102, 0, OFF - 4_600))  # fmt: skip
    ((_, _, known),) = calls(way)
    assert known == pytest.approx(told, abs=2.0)


def test_a_stop_of_a_minute_counts_by_gfw() -> None:
    lie = legs((0, 0, OFF - 500))
    assert not calls(lie)  # at the first report, and still
    lie = legs((0, 0, OFF - 500), (1, 0, OFF - 500), (41, 0, OFF - 4_500))
    assert calls(lie) == [pytest.approx((1.0, 36.0, 1.0), abs=0.2)]  # at the stop's end
