"""Service levels and proposals of duplicates."""

from __future__ import annotations

import pytest

from littoral.respond.incident.duplicates import proposals
from littoral.respond.incident.flow import after
from littoral.respond.incident.levels import MINUTE_US, Due, LevelsError, due, levels_of

from .steps import incident, step

FILE = """
[[level]]
id = "accept"
state = "reported"
within_minutes = 30

[[level]]
id = "accept-rescue"
state = "reported"
types = ["rescue"]
within_minutes = 5

[[level]]
id = "send-extreme"
state = "accepted"
severities = ["extreme", "major"]
within_minutes = 10
"""
LEVELS = levels_of(FILE)


def minutes(n: float) -> int:
    return int(n * MINUTE_US)


@pytest.mark.parametrize(
    ("at_min", "rung"),
    [(0, 0), (4.99, 0), (5, 1), (9.99, 1), (10, 2), (15, 3), (500, 3)],  # by hand
)
def test_it_goes_up_a_tier_each_time_the_time_is_over(at_min: float, rung: int) -> None:
    rescue = incident(type="rescue")
    assert due(rescue, LEVELS, minutes(at_min), 3) == Due("accept-rescue", minutes(5), rung)


def test_which_level_holds() -> None:
    reported = incident()
    assert due(reported, LEVELS, 0, 3) == Due("accept", minutes(30), 0)
    accepted = after(reported, step("accept", minutes(7)))
    assert due(accepted, LEVELS, 0, 3) is None  # serious: nothing is said of it
    extreme = after(accepted, step("edit", minutes(8), severity="extreme"))
    assert due(extreme, LEVELS, minutes(18), 3) == Due("send-extreme", minutes(17), 1)
    merged = after(extreme, step("merge", other="i-2", reason="one matter"))
    assert due(merged, LEVELS, minutes(99), 3) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[level", "not TOML"),
        ('[[level]]\nstate = "reported"\nwithin_minutes = 1', "level 1 .no id.: id is missing"),
        ('[[level]]\nid = "x"\nstate = "closed"\nwithin_minutes = 1', "x.: state is one of"),
        ('[[level]]\nid = "x"\nstate = "handling"\nwithin_minutes = 0', "whole number from 1"),
        ('[[level]]\nid = "x"\nstate = "handling"\nwithin_minutes = true', "whole number from 1"),
        ('[[level]]\nid = "x"\nstate = "handling"\nwithin_minutes = 1\nhue = 2', "hue is no field"),
        ('[[level]]\nid = "x"\nstate = "handling"\nwithin_minutes = 1\ntypes = ["ufo"]', "ufo"),
        (FILE + FILE, "accept stands twice"),
        ("level = 3", "are written as"),
    ],
)
def test_a_file_that_cannot_be_names_what(text: str, said: str) -> None:
    with pytest.raises(LevelsError, match=said):
        levels_of(text)


def test_what_is_proposed_as_one_matter() -> None:
    here = incident()
    near = incident(incident="near", type="landing", lat_deg=20.12, at_us=minutes(50), sources=[])
    far = incident(incident="far", lat_deg=20.2, sources=[])
    late = incident(incident="late", at_us=minutes(361), sources=[])
    other = incident(incident="other", type="epidemic", sources=[])
    same = incident(incident="same", type="epidemic", lat_deg=None, lon_deg=None)
    gone = after(near, step("reject", reason="no", outcome="unfounded"))
    found = proposals(here, [here, near, far, late, other, same])
    assert [p.other for p in found] == ["same", "near"]
    # By hand: a (1 - e2) / (1 - e2 sin2 20.11)^1.5 = 6,342,940 m, times 0.02 degrees = 2,214.1 m.
    assert found[1].distance_m == pytest.approx(2214.1, abs=0.1)
    assert found[1].en == "2214 m and 50 min apart"
    assert found[0].zh == "有 1 条相同来源"
    assert proposals(here, [gone]) == []
