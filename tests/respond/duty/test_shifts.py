"""Shifts: no hour without one and none with two, whatever the clocks, months and rosters do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.respond.duty.shifts import Plan, shift_at, shifts
from littoral.respond.duty.wall import EPOCH, day_of, instant_us

from .rosters import DAY_US, HOUR_US, plan, regulation, us

LONDON = ZoneInfo("Europe/London")
# Clocks that go by an hour, by half an hour, at midnight, that left out a day, and one that stays.
ZONES = [
    "Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe",
    "America/Havana", "Pacific/Apia", "Africa/Casablanca", "America/St_Johns",
]  # fmt: skip

minutes = st.integers(0, 1439).map(lambda m: f"{m // 60:02d}:{m % 60:02d}:00")
turns = st.lists(minutes, min_size=1, max_size=5, unique=True).map(
    lambda times: [(f"t{n}", at) for n, at in enumerate(sorted(times))]
)
FIRST, LAST = date(2010, 1, 1), date(2035, 12, 31)


def leaps(zone: str) -> list[date]:
    """Days on which the clock there was or will be put forward or back, or a day was left out."""
    clock = ZoneInfo(zone)
    every = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days)]
    at = [datetime.combine(day, time(), UTC).astimezone(clock).utcoffset() for day in every]
    return [day for day, a, b in zip(every, at, at[1:], strict=False) if a != b] or [FIRST]


LEAPS = {zone: leaps(zone) for zone in ZONES}
days = st.one_of(
    st.dates(FIRST, LAST),
    st.sampled_from(sorted({day for found in LEAPS.values() for day in found})),
)


@st.composite
def plans(draw: st.DrawFn) -> list[Plan]:
    """A roster, and changes of its hours, its teams and even its zone within the next months."""
    at = draw(days)
    found = []
    for _ in range(draw(st.integers(1, 3))):
        rules = regulation(draw(st.sampled_from(ZONES)), draw(turns), draw(st.sampled_from(TEAMS)))
        found.append(plan(rules, at))
        at += timedelta(days=draw(st.integers(0, 60)))
    return found


TEAMS = [("A",), ("A", "B"), ("A", "B", "A", "B", "B")]


@settings(max_examples=80, deadline=None)
@given(plans(), st.integers(0, 400 * 24), st.integers(1, 90 * 24))
def test_every_moment_has_one_shift(found: list[Plan], after_h: int, hours: int) -> None:
    begin = found[0].from_day + timedelta(days=3)
    from_us = us(f"{begin} 00:00") + after_h * HOUR_US
    until_us = from_us + hours * HOUR_US
    got = shifts(found, from_us, until_us)
    assert got
    assert got[0].begin_us <= from_us
    assert got[-1].end_us >= until_us
    assert all(s.begin_us < s.end_us for s in got)
    assert [a.end_us for a in got[:-1]] == [b.begin_us for b in got[1:]]
    assert len({s.key for s in got}) == len(got)


@settings(max_examples=80, deadline=None)
@given(
    plans(),
    st.integers(-10, 200),
    st.lists(st.integers(0, 60 * 24 * 60), min_size=1, max_size=4, unique=True),
)
def test_the_cut_of_the_period_changes_nothing(
    found: list[Plan], after_days: int, cuts: list[int]
) -> None:
    from_us = us(f"{found[0].from_day} 00:00") + after_days * DAY_US
    ends = sorted({0, 60 * DAY_US, *(m * 60_000_000 for m in cuts)})
    pieces = [shifts(found, from_us + a, from_us + b) for a, b in pairwise(ends)]
    whole = shifts(found, from_us, from_us + 60 * DAY_US)
    assert {s.key: s for piece in pieces for s in piece} == {s.key: s for s in whole}
    for cut in ends[1:-1]:
        # A shift over the cut is told whole on both sides.
        over = {s.key for s in whole if s.begin_us < from_us + cut < s.end_us}
        assert all(over <= {s.key for s in p} for p in pieces[ends.index(cut) - 1 :][:2])


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(ZONES), st.lists(st.integers(0, 299), min_size=4, max_size=12))
def test_a_later_time_of_the_wall_never_comes_first(
    data: st.DataObject, zone: str, minutes: list[int]
) -> None:
    """On the days on which the clock leaps, in the hours in which it does."""
    clock = ZoneInfo(zone)
    day = data.draw(st.sampled_from(LEAPS[zone])) + timedelta(days=data.draw(st.integers(-1, 1)))
    seconds = [60 * m for m in minutes]
    times = [time(s // 3600, s // 60 % 60, s % 60) for s in sorted(seconds)]
    instants = [instant_us(day, at, clock) for at in times]
    assert instants == sorted(instants)
    for at, at_us in zip(times, instants, strict=True):
        shown = (EPOCH + timedelta(microseconds=at_us)).astimezone(clock).replace(tzinfo=None)
        assert shown >= datetime.combine(day, at)
    assert instant_us(day + timedelta(days=1), time(0), clock) >= instants[-1]


def test_the_clock_goes_forward_in_london() -> None:
    """On 29 March 2026 at 01:00 UTC the clock there goes from 01:00 to 02:00 (BST, UTC+1)."""
    day = date(2026, 3, 29)
    assert instant_us(day, time(0, 59), LONDON) == us("2026-03-29 00:59")
    for skipped in (time(1), time(1, 30), time(1, 59), time(2)):
        assert instant_us(day, skipped, LONDON) == us("2026-03-29 01:00")
    assert instant_us(day, time(2, 1), LONDON) == us("2026-03-29 01:01")
    night = shift_at([plan(regulation("Europe/London"))], us("2026-03-29 00:30"))
    assert night is not None
    assert (night.key, night.end_us - night.begin_us) == ("2026-03-28.night", 11 * HOUR_US)


def test_the_clock_goes_back_in_london() -> None:
    """On 25 October 2026 at 01:00 UTC it goes from 02:00 back to 01:00: 01:30 comes twice."""
    day = date(2026, 10, 25)
    assert instant_us(day, time(1, 30), LONDON) == us("2026-10-25 00:30")
    assert instant_us(day, time(2), LONDON) == us("2026-10-25 02:00")
    night = shift_at([plan(regulation("Europe/London"))], us("2026-10-25 00:30"))
    assert night is not None
    assert (night.key, night.end_us - night.begin_us) == ("2026-10-24.night", 13 * HOUR_US)


def test_a_turn_that_lies_within_the_hour_that_is_skipped_is_left_out() -> None:
    rules = regulation("Europe/London", [("a", "01:10:00"), ("b", "01:40:00"), ("c", "09:00:00")])
    got = shifts([plan(rules)], us("2026-03-28 12:00"), us("2026-03-29 12:00"))
    assert [s.key for s in got] == ["2026-03-28.c", "2026-03-29.b", "2026-03-29.c"]
    assert got[0].end_us == got[1].begin_us == us("2026-03-29 01:00")


def test_the_rotation_goes_on_over_months_and_leap_days() -> None:
    """Day 0 is 2026-01-01 and has A; 2028-02-29 is day 789 (365 + 365 + 59), an odd one."""
    got = shifts([plan()], us("2028-02-28 00:00"), us("2028-03-02 00:00"))
    by_day = {s.key: s.team for s in got if s.turn.id == "day"}
    assert by_day == {
        "2028-02-28.day": "A", "2028-02-29.day": "B", "2028-03-01.day": "A",
    }  # fmt: skip
    assert {s.turn.id: s.team for s in got if s.day == date(2028, 2, 29)} == {
        "day": "B", "night": "A",
    }  # fmt: skip


def test_before_the_first_roster_there_is_none_and_the_later_one_holds() -> None:
    eight = regulation(turns=[("a", "00:00:00"), ("b", "08:00:00"), ("c", "16:00:00")])
    found = [plan(), plan(eight, date(2026, 6, 1))]
    assert shifts(found, us("2025-01-01 00:00"), us("2025-02-01 00:00")) == ()
    assert shifts([], 0, 1) == ()
    got = shifts(found, us("2026-05-31 10:00"), us("2026-06-01 04:00"))
    # 20:00 in Shanghai is 12:00 UTC; the night ends at midnight there, when the new one begins.
    assert [(s.key, s.begin_us, s.end_us) for s in got] == [
        ("2026-05-31.day", us("2026-05-31 00:00"), us("2026-05-31 12:00")),
        ("2026-05-31.night", us("2026-05-31 12:00"), us("2026-05-31 16:00")),
        ("2026-06-01.a", us("2026-05-31 16:00"), us("2026-06-01 00:00")),
        ("2026-06-01.b", us("2026-06-01 00:00"), us("2026-06-01 08:00")),
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_the_day_of_an_instant_is_that_of_the_wall(zone: str) -> None:
    clock = ZoneInfo(zone)
    noon_us = instant_us(date(2026, 7, 1), time(12), clock)
    assert day_of(noon_us, clock) == date(2026, 7, 1)
