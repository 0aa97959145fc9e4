"""Regulations as files, and the checks that they make due."""

from __future__ import annotations

import pytest

from littoral.respond.duty.checks import DONE, LATE, LATER, MISSED, OPEN, slots, state
from littoral.respond.duty.regulation import RegulationError, regulation_of
from littoral.respond.duty.shifts import Shift, shift_at

from .rosters import MINUTE_US, packaged, plan, regulation, us


@pytest.mark.parametrize(
    ("name", "turns", "teams"), [("province", 2, "ABCD"), ("county", 1, "ABC")]
)
def test_the_regulations_that_come_with_it_are_whole(name: str, turns: int, teams: str) -> None:
    read = regulation_of(packaged(name))
    assert read.id == name
    assert (len(read.turns), "".join(read.teams)) == (turns, teams)
    assert read.zone.key == "Asia/Shanghai"
    assert {"promised", "out_of_order"} <= {item.id for item in read.items if item.required}


PROVINCE = packaged("province")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('zone = "Asia/Shanghai"', 'zone = "Asia/Haikou"', "Asia/Haikou is no time zone"),
        ('zone = "Asia/Shanghai"', 'zone = "../x"', "no time zone"),
        ("begins = 20:00:00", "begins = 08:00:00", "order of the day"),
        ('teams = ["D", "A", "B", "C"]', 'teams = ["D"]', "same number of days"),
        ('id = "officer"', 'id = "lead"', "officer is no post"),
        ('id = "vhf"', 'id = "weather"', "the id weather stands twice"),
        ("least_rest_minutes = 600", "least_rest_minutes = -1", "least_rest_minutes"),
        ("least_rest_minutes = 600", "least_rest_minutes = true", "least_rest_minutes"),
        ("rotation_begins = 2026-01-01", "rotation_begins = 2026-01-01T00:00:00", "no date"),
        ("hands_over = true", "", "one of them hands over"),
        ("every_minutes = 240", "", "falls due at times or"),
        ("within_minutes = 60", "within_minutes = 60\nhue = 1", "hue is no field"),
        ('id = "promised"', 'id = "pro mised"', "letters, digits"),
        ('source = "', 'source = \n"', "not TOML"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, said: str) -> None:
    assert old in PROVINCE
    with pytest.raises(RegulationError, match=said):
        regulation_of(PROVINCE.replace(old, new, 1))


CHECKS = """
[[check]]
id = "vhf"
zh = "试呼"
en = "radio check"
at = [08:30:00, 20:30:00]
within_minutes = 30

[[check]]
id = "strip"
zh = "数据源"
en = "feeds"
every_minutes = 300
within_minutes = 20
"""


def day_shift(zone: str = "Asia/Shanghai", at: str = "2026-03-20 01:00") -> Shift:
    shift = shift_at([plan(regulation(zone, more=CHECKS))], us(at))
    assert shift is not None
    return shift


def test_checks_fall_due_by_the_wall_and_from_the_begin_of_the_shift() -> None:
    """The day of Shanghai from 00:00 to 12:00 UTC; 08:30 there is 00:30 UTC."""
    assert [(s.check.id, s.begin_us, s.due_us, s.end_us) for s in slots(day_shift())] == [
        ("strip", us("2026-03-20 00:00"), us("2026-03-20 00:20"), us("2026-03-20 05:00")),
        ("vhf", us("2026-03-20 00:30"), us("2026-03-20 01:00"), us("2026-03-20 12:00")),
        ("strip", us("2026-03-20 05:00"), us("2026-03-20 05:20"), us("2026-03-20 10:00")),
        ("strip", us("2026-03-20 10:00"), us("2026-03-20 10:20"), us("2026-03-20 12:00")),
    ]


def test_a_check_of_a_time_that_comes_twice_falls_due_once() -> None:
    """01:30 in London on 25 October 2026 comes at 00:30 and at 01:30 UTC."""
    twice = CHECKS.replace("at = [08:30:00, 20:30:00]", "at = [01:30:00]")
    night = shift_at([plan(regulation("Europe/London", more=twice))], us("2026-10-25 00:10"))
    assert night is not None
    assert [s.begin_us for s in slots(night) if s.check.id == "vhf"] == [us("2026-10-25 00:30")]


def test_how_a_check_stands() -> None:
    vhf = slots(day_shift())[1]
    early, begun = us("2026-03-20 00:10"), us("2026-03-20 00:30")
    assert state(vhf, [], early) == LATER
    assert state(vhf, [], begun) == OPEN
    assert state(vhf, [], begun + 30 * MINUTE_US) == LATE
    assert state(vhf, [], us("2026-03-20 12:00")) == MISSED
    assert state(vhf, [("vhf", begun + MINUTE_US)], us("2026-03-20 12:00")) == DONE
    assert state(vhf, [("vhf", early), ("strip", begun)], begun) == OPEN
