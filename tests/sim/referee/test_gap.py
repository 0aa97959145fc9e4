"""The referee's rule of silence on trajectories made by hand; expected times are worked out beside
each from the published text. Reports come every 10 s, so a silence from minute `a` on begins ten
seconds before it; it is looked at every half minute."""

from __future__ import annotations

import numpy as np
import pytest

from littoral.area.reception import BINS, CLASSES, Reception, cell_at
from littoral.sim.feed import region_coast
from littoral.sim.referee import gap
from littoral.sim.referee.ground import Ground, ground_of, shores_m
from littoral.sim.referee.record import Happened, Record
from tests.sim.referee.hand import degrees, ground, legs, record

OFF = -20_000.0  # 20 km off shore
SHORT, HALF, LONG = 7, 23, BINS - 1  # half-octaves of 8 to 11 s, 2,048 to 2,896 s, over a day


def learned(
    intervals: int = 999, days: int = 10, long: int = 0, off_m: float = OFF, per_day: float = 8e3,
    half: int = 0,
) -> Reception:  # fmt: skip
    """Of one cell, for both classes: so many intervals of 10 s, of a day, and (`half`) of some 40
    minutes. With what is added on either side, (long + 0.5) / (intervals + long + 1) are silent for
    half an hour by chance, and (long + 0.5) / (days + 1) of the vessels there in a day."""
    counts = np.zeros((1, CLASSES, BINS), np.int64)
    counts[..., SHORT], counts[..., HALF], counts[..., LONG] = intervals, half, long
    cell = np.array([cell_at(*degrees(6_600.0, off_m))])
    seconds = np.full((1, CLASSES), (intervals + long) * 86_400.0 / per_day)
    none = np.zeros_like(counts)
    return Reception(cell, counts, seconds, np.full((1, CLASSES), days), none)


def sail(
    off: tuple[int, int], minutes: int = 480, off_m: float = OFF, mps: float = 1.0,
    ship_type: int = 70, status: int = 0, others: tuple[float, ...] = (),
) -> Record:  # fmt: skip
    """Under way along the coast, silent in the minutes `off`; others lie so far off its place."""
    east = 6_600.0
    way = legs((0, east - 60.0 * mps * off[0], off_m), (off[0], east, off_m),
               (minutes, east + 60.0 * mps * (minutes - off[0]), off_m))  # fmt: skip
    lie = [legs((0, east, off_m + d)) for d in others]
    return record([way, *lie], minutes, types=[ship_type, *[70] * len(lie)], off=off, status=status)


def times(r: Record, found: list[Happened]) -> list[tuple[float, ...]]:
    """Minutes at which each begins, ends and is told, and its priority."""
    return [
        (*((t - r.start_us) / 60e6 for t in (e.start_us, e.end_us, e.told_us)), e.priority)
        for e in found
        if e.mmsis == (412_000_001,)
    ]


def run(r: Record, reception: Reception, g: Ground | None = None) -> list[tuple[float, ...]]:
    found = times(r, gap.happened(r, g or ground(), reception))
    return [(round(a, 2), *rest) for a, *rest in found]


def test_is_told_after_half_an_hour() -> None:
    # Due at minute 89.83, looked at 90: one that ends then is not told of.
    assert run(sail((60, 91)), learned()) == [(59.83, 91.0, 90.0, 3)]
    assert not run(sail((60, 90)), learned())


@pytest.mark.parametrize(
    ("reception", "told"),
    [
        (learned(499), 90.0),  # 0.5 / 500: one in a thousand
        (learned(480), 150.0),  # 0.00104, and less than one in a hundred: three times as long
        (learned(50), 150.0),  # 0.5 / 51 = 0.0098
        (learned(999, days=10), 90.0),  # 0.5 / 11 = 0.045 in a day
        (learned(9_999, days=30, long=1), 90.0),  # 1.5 / 31 = 0.048
        (learned(9_999, days=28, long=1), None),  # 1.5 / 29 = 0.052
        (learned(99_989, days=100, half=10), None),  # 10.5 / 101 are silent for half an hour
    ],
)
def test_by_how_well_the_place_is_heard(reception: Reception, told: float | None) -> None:
    found = run(sail((60, 170)), reception)
    assert [t for _, _, t, _ in found] == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("ship_type", "radio", "mps", "status", "due", "priority"),
    [(70, 0, 1.0, 0, 30, 3), (70, 1, 1.0, 0, 60, 3), (30, 0, 1.0, 0, 60, 3), (30, 1, 1.0, 0, 60, 3),
     (70, 0, 0.4, 0, 360, 4), (70, 0, 1.0, 1, 360, 4), (70, 0, 1.0, 5, 360, 4),
     (70, 0, 1.0, 6, 360, 4), (70, 0, 0.6, 0, 30, 3)],
)  # fmt: skip
def test_how_long_is_long(
    ship_type: int, radio: int, mps: float, status: int, due: int, priority: int
) -> None:
    for lasts, told in ((due + 1, [(60.0 + due, priority)]), (due - 1, [])):
        r = sail((60, 60 + lasts), mps=mps, ship_type=ship_type, status=status)
        r.radio[0] = radio
        assert [(t, p) for _, _, t, p in run(r, learned())] == told


def test_not_in_port() -> None:
    r = sail((60, 100))
    assert not run(r, learned(), ground(ports=[(6_600.0, OFF + 900.0, 1_000.0)]))
    assert run(r, learned(), ground(ports=[(6_600.0, OFF + 1_100.0, 1_000.0)]))


@pytest.mark.parametrize(("off", "told"), [((30, 70), 0), ((31, 70), 1)])
def test_needs_half_an_hour_before(off: tuple[int, int], told: int) -> None:
    assert len(run(sail(off), learned())) == told


@pytest.mark.parametrize(("every", "told"), [(18, 120.0), (12, 100.0), (6, 90.0)])
def test_needs_twenty_of_its_own_intervals(every: int, told: float) -> None:
    # Heard every 180, 120 and 60 s: 60, 40 and 20 min, from the last report on.
    r = sail((60, 200))
    before = r.heard[0] < r.start_us + 3_600_000_000
    keep = ~before
    keep[np.flatnonzero(before)[::-1][::every]] = True
    r.heard[0], r.reports[0] = r.heard[0][keep], r.reports[0][keep]
    enough = int(before.sum()) // every >= gap.LEAST_POSITIONS
    assert [t for _, _, t, _ in run(r, learned())] == ([told] if enough else [])


def test_its_own_intervals_are_those_of_late() -> None:
    # 30 intervals of 10 s, and an hour later the last report. The short ones are worth a half and
    # less: 0.5 * (1 - 2 ** (-30 / 360)) / (1 - 2 ** (-1 / 360)) = 14.6 together, the long one 1;
    # (3,600 + 145.9) / 15.6 = 240.3 s, 20 of which are 80.1 min. Of all, it were 42 min.
    r = sail((120, 300))
    at_s = (r.heard[0] - r.start_us) // 1_000_000
    keep = (at_s >= 7_190) | ((at_s >= 3_290) & (at_s <= 3_590))
    r.heard[0], r.reports[0] = r.heard[0][keep], r.reports[0][keep]
    assert [t for _, _, t, _ in run(r, learned())] == [200.0]


def test_what_counts_by_its_own_intervals_counts_for_the_share_too() -> None:
    # 20 of 180 s are an hour: 10.5 / 101 vessels are silent there for half an hour, 0.5 / 101 so.
    r = sail((120, 300))
    before = r.heard[0] < r.start_us + 7_200_000_000
    keep = ~before
    keep[np.flatnonzero(before)[::-1][::18]] = True
    r.heard[0], r.reports[0] = r.heard[0][keep], r.reports[0][keep]
    assert [t for _, _, t, _ in run(r, learned(99_989, days=100, half=10))] == [180.0]


@pytest.mark.parametrize(
    ("others", "off_m", "told"),
    [((8_000.0,), OFF, 150.0), ((-12_000.0,), OFF, 240.0), ((), OFF, 240.0),
     ((), -44_300.0, 240.0), ((), -44_600.0, None)],
)  # fmt: skip
def test_where_nobody_has_learned_how_it_is_heard(
    others: tuple[float, ...], off_m: float, told: float | None
) -> None:
    # Three times half an hour with others within 10 km, six times without; up to 24 n mile.
    r = sail((60, 300), off_m=off_m, others=others)
    nothing = learned(49)
    assert [(t, p) for _, _, t, p in run(r, nothing)] == ([] if told is None else [(told, 4)])


def test_a_report_in_doubt_is_not_judged() -> None:
    r = sail((60, 100))
    r.reports[0][359, 0] += 0.02  # the last before: 2.1 km east
    assert not run(r, learned())


def far(off: tuple[int, int], off_m: float = -92_700.0) -> Record:
    return sail(off, 1_000, off_m, 1.2)


def by_gfw(r: Record, reception: Reception) -> list[tuple[float, ...]]:
    return times(r, gap.happened_by_gfw(r, ground(), reception))


def test_half_a_day_far_off() -> None:
    nothing = learned(49)
    found = by_gfw(far((120, 841)), nothing)
    assert [(round(a, 2), *rest) for a, *rest in found] == [(119.83, 841.0, 840.0, 4)]
    assert not by_gfw(far((120, 839)), nothing)
    assert not by_gfw(far((120, 841), -92_500.0), nothing)


def test_half_a_day_far_off_other_shores_too() -> None:
    # Of the packaged region's: Da Nang lies south of its box, 86 km from here by that map.
    g = ground_of(region_coast())
    here = np.array([108.4678]), np.array([16.9924])
    assert shores_m(g.any_shore, *here, 99_000.0)[0] == pytest.approx(94_200.0, abs=100.0)
    assert shores_m(g.all_shores, *here, 99_000.0)[0] == pytest.approx(85_900.0, abs=1_000.0)


@pytest.mark.parametrize(("positions", "told"), [(14, 1), (13, 0)])
def test_half_a_day_after_fourteen_positions(positions: int, told: int) -> None:
    r = far((120, 900))
    low = r.start_us + 120 * 60_000_000
    keep = (r.heard[0] >= low) | (r.heard[0] >= low - positions * 10_000_000)
    r.heard[0], r.reports[0] = r.heard[0][keep], r.reports[0][keep]
    assert len(by_gfw(r, learned(49))) == told


@pytest.mark.parametrize(("per_day", "told"), [(10.0, 0), (10.1, 1)])
def test_half_a_day_where_over_ten_positions_a_day_are_heard(per_day: float, told: int) -> None:
    reception = learned(999, off_m=-92_700.0, per_day=per_day)
    assert len(by_gfw(far((120, 900)), reception)) == told
