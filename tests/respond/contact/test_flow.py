"""Contacts: reported, corrected, ended, taken up again; and what was known of one when."""

from __future__ import annotations

from typing import Any

import pytest

from littoral.respond.contact.flow import Step, after, state, told
from littoral.respond.contact.words import ENDED, LIVE, OVER
from littoral.respond.incident.step import Refused

from .reports import MINUTE_US, NOW_US, end, made, report

HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US


def test_it_was_heard_now_unless_somebody_says_when() -> None:
    contact = made(report())
    assert (contact.last.heard_us, contact.last.accuracy_m) == (NOW_US, 1852.0)
    assert contact.until_us == NOW_US + 2 * HOUR_US
    assert [state(contact, NOW_US + h * HOUR_US) for h in (0, 1.99, 2)] == [LIVE, LIVE, OVER]
    ahead = made(report(heard_us=NOW_US + 30_000_000))  # clocks of two desks
    assert ahead.last.heard_us == NOW_US


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"heard_us": NOW_US + 61_000_000}, "heard"),
        ({"heard_us": NOW_US - DAY_US - 1}, "heard"),
        ({"keep_s": 12.1 * 3600}, "keep_s"),
        ({"keep_s": 60.0}, "keep_s"),
        ({"what": "submarine"}, "what"),
        ({"source": "rumour"}, "source"),
        ({"replaces": "b"}, "replaces"),
    ],
)
def test_what_is_wrong_is_told_by_field(said: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        after(None, report(**said))
    assert refused.value.field == field
    assert after(None, report(heard_us=NOW_US - DAY_US, keep_s=12 * 3600.0)).version == 1


def test_reports_are_a_track_by_the_time_heard() -> None:
    contact = made(
        report("a", 0, lon_deg=110.0), report("b", 20, lon_deg=110.2),
        report("c", 30, lon_deg=110.1, heard_us=NOW_US + 10 * MINUTE_US),
    )  # fmt: skip
    assert [(r.id, r.lon_deg) for r in contact.reports] == [
        ("a", 110.0),
        ("c", 110.1),
        ("b", 110.2),
    ]
    assert (contact.last.id, contact.version) == ("b", 3)


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    wrong, right = report("a", lat_deg=2.0), report("b", 1, replaces="a", heard_us=NOW_US)
    contact = made(wrong, right)
    assert [(r.id, r.lat_deg) for r in contact.reports] == [("b", 20.0)]
    with pytest.raises(Refused) as refused:
        after(contact, report("c", 2, replaces="a"))
    assert refused.value.field == "replaces"
    assert [r.id for r in after(contact, report("c", 2, replaces="b")).reports] == ["c"]


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (end(why="identified"), "mmsi"),
        (end(why="in_port", mmsi=412000001), "mmsi"),
        (end(why="other"), "said"),
        (end(why="sunk"), "why"),
    ],
)
def test_an_end_says_why(step: Step, field: str) -> None:
    with pytest.raises(Refused) as refused:
        after(made(report()), step)
    assert refused.value.field == field


def test_an_ended_one_is_ended_once_and_taken_up_again_by_a_report() -> None:
    contact = made(report(), end(at_min=5, why="identified", mmsi=412000001))
    assert contact.ended is not None
    assert (contact.ended.mmsi, contact.ended.by) == (412000001, "wang")
    assert state(contact, NOW_US + 5 * MINUTE_US) == ENDED
    with pytest.raises(Refused) as refused:
        after(contact, end("f", why="mistaken"))
    assert refused.value.code == "closed"
    again = after(contact, report("b", 6))
    assert (again.ended, again.version, len(again.reports)) == (None, 3, 2)
    with pytest.raises(Refused):
        after(None, end(why="mistaken"))


def test_what_was_known_then() -> None:
    steps = [
        report("a"), report("b", 10, replaces="a", name="HAI 1"),
        end(at_min=20, why="other", words="towed in"),
    ]  # fmt: skip
    names = [
        (c.last.name, c.ended is not None)
        for m in (0, 9, 10, 20)
        if (c := told(steps, NOW_US + m * MINUTE_US)) is not None
    ]
    assert names == [("", False), ("", False), ("HAI 1", False), ("HAI 1", True)]
    assert told(steps, NOW_US - 1) is None
