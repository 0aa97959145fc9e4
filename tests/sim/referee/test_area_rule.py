"""The referee's rules of fences and rings on trajectories made by hand; expected times are worked
out beside each from the published text. The fence lies from 20 to 24 km south of the shore, 2 km to
the east and west of where the ships begin; the way into it is southward at 200 m a minute."""

from __future__ import annotations

from dataclasses import replace

import pytest

from littoral.area.geofence import FenceRule, Geofence
from littoral.sim.referee.area_rule import happened
from littoral.sim.referee.record import Happened, Record
from littoral.sim.referee.said import Said, Spoken
from tests.sim.referee.hand import DAY_US, KN, NIGHT_US, Way, degrees, ground, legs, record

CORNERS = ((-2_000, -24_000), (2_000, -24_000), (2_000, -20_000), (-2_000, -20_000))
RUN = 200.0  # metres a minute, 6.5 kn


def fence(rule: FenceRule, until_us: int = 1 << 62) -> Geofence:
    ring = tuple(degrees(*c) for c in (*CORNERS, CORNERS[0]))
    return Geofence("f", {}, ((ring,),), valid_to_us=until_us, rules=(rule,))


def south(*points: tuple[float, float]) -> Way:
    """(minute, metres south of the shore)."""
    return legs(*((minute, 0.0, -metres) for minute, metres in points))


def told(r: Record, rule: FenceRule, until_us: int = 1 << 62) -> list[tuple[float, ...]]:
    """(begin, end, told) in minutes of the events that are due."""
    found = [e for e in happened(r, ground(), (fence(rule, until_us),)) if e.due]
    assert all(e.kind == rule.kind and e.priority == rule.priority for e in found)
    return [
        tuple((t - r.start_us) / 60e6 for t in (e.start_us, e.end_us, e.told_us)) for e in found
    ]


THROUGH = south((0, 18_000), (60, 30_000))  # in at minute 10, out at minute 30


def test_enters_and_leaves() -> None:
    r = record([THROUGH], 60, types=[70])
    assert told(r, FenceRule("entry")) == [pytest.approx((10.0, 30.0, 10.0), abs=0.1)]
    assert told(r, FenceRule("exit")) == [pytest.approx((30.0, 33.0, 33.0), abs=0.1)]


def test_no_fence_for_others_nor_after_its_end() -> None:
    r = record([THROUGH], 60, types=[70])
    assert not told(r, FenceRule("entry", ship_types=(30,)))
    assert not told(r, FenceRule("entry"), until_us=r.start_us + 9 * 60_000_000)
    beside = record([legs((0, 2_100, -18_000), (60, 2_100, -30_000))], 60, types=[70])
    assert not told(beside, FenceRule("entry"))


@pytest.mark.parametrize(("out", "entries"), [(2.0, 1), (4.0, 2)])
def test_leaving_counts_after_three_minutes_outside(out: float, entries: int) -> None:
    way = south((0, 18_000), (12, 20_400), (14, 20_000), (14 + out / 2, 20_000 - 100 * out),
                (14 + out, 20_000), (34 + out, 24_400))  # fmt: skip
    r = record([way], 60, types=[70])
    assert len(told(r, FenceRule("entry"))) == entries


@pytest.mark.parametrize(("kind", "limit", "count"), [
    ("speed_over", 6.0, 1), ("speed_over", 7.0, 0), ("speed_under", 7.0, 1),
    ("speed_under", 6.0, 0),
])  # fmt: skip
def test_speed(kind: str, limit: float, count: int) -> None:
    r = record([THROUGH], 60, types=[70])  # at 6.48 kn
    times = [pytest.approx((10.0, 30.0, 11.0), abs=0.2)] * count
    assert told(r, FenceRule(kind, speed_mps=limit * KN)) == times


@pytest.mark.parametrize(("minutes", "count"), [(0.8, 0), (1.3, 1)])
def test_a_moment_of_speed_is_none(minutes: float, count: int) -> None:
    way = south((0, 21_000), (10, 21_000), (10 + minutes, 21_000 + 400 * minutes), (30, 21_600))
    r = record([way], 30, types=[70])
    assert len(told(r, FenceRule("speed_over", speed_mps=10 * KN))) == count


@pytest.mark.parametrize(("start_us", "count"), [(NIGHT_US, 1), (DAY_US, 0)])
def test_night(start_us: int, count: int) -> None:
    r = record([THROUGH], 60, start_us, types=[70])
    rule = FenceRule("night", sun_below_deg=-6.0)
    assert told(r, rule) == [pytest.approx((10.0, 30.0, 11.0), abs=0.2)] * count


@pytest.mark.parametrize(
    ("knots", "minutes", "last", "ship_type", "count"),
    [(3.0, 20, "12-31", 30, 1), (3.0, 14, "12-31", 30, 0), (6.5, 20, "12-31", 30, 0),
     (0.5, 20, "12-31", 30, 0), (3.0, 20, "11-04", 30, 0), (3.0, 20, "12-31", 70, 0)],
)  # fmt: skip
def test_fishes_in_a_closed_season(
    knots: float, minutes: int, last: str, ship_type: int, count: int
) -> None:
    # On 5 November; a quarter of an hour at 1 to 6 kn, elsewhere it lies.
    way = south((0, 21_000), (10, 21_000), (10 + minutes, 21_000 + knots * KN * 60 * minutes))
    r = record([way], 60, types=[ship_type])
    rule = FenceRule("season", season_from="10-01T00:00", season_to=f"{last}T12:00",
                     utc_offset_min=480, ship_types=(30,))  # fmt: skip
    found = told(r, rule)
    assert len(found) == count
    if count:
        assert found[0] == pytest.approx((10.0, 30.0, 25.0), abs=0.2)


@pytest.mark.parametrize(("stay_s", "count"), [(1_100.0, 1), (1_300.0, 0)])
def test_presence(stay_s: float, count: int) -> None:
    r = record([THROUGH], 60, types=[70])  # 20 minutes, 1,200 s
    assert len(told(r, FenceRule("presence", stay_s=stay_s))) == count


def rings(way: Way, names_at: float | None, minutes: int = 180) -> list[Happened]:
    r = record([way], minutes, types=[70])
    if names_at is not None:
        t = r.start_us + int(names_at * 60e6)
        spoken = Spoken(t, 0, 412_000_001, 0, "A B C", "", 0, (1, 1, 1, 1), True)
        r = replace(r, said=Said([spoken]))
    return happened(r, ground(), ())


def test_comes_in_without_a_name() -> None:
    # From 46 km off at 400 m a minute: 12 n mile, 22,224 m, at minute 59.4.
    way = south((0, 46_000), (80, 14_000), (180, 14_000))
    (event,) = rings(way, None)
    assert (event.kind, event.priority, event.due) == ("ring", 4, True)
    assert (event.start_us - DAY_US) / 60e6 == pytest.approx(59.44, abs=0.1)
    assert (event.told_us - event.start_us) / 1e6 == 120
    assert not rings(way, 10.0)  # says its name in the outer ring
    assert not rings(south((0, 46_000), (58, 22_800), (180, 22_800)), None)  # stays outside
    assert not rings(south((0, 14_000), (80, 46_000)), None)  # goes out
    # Two minutes within: 59.44 to 61 are less.
    assert not rings(south((0, 46_000), (60.2, 21_920), (61, 22_400), (180, 30_000)), None)
    # Heard for less than half an hour by then: it may be told.
    near = rings(south((0, 30_000), (40, 14_000), (180, 14_000)), None)
    assert [e.due for e in near] == [False]
