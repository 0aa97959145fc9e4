"""How alerts are matched with events, and the bound that is put on a share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bench._bounds import lower_bound
from bench._matching import LITTLE, NEVER, OTHER, OTHERWISE, PRIORITY, hearing, judge
from bench.load import most_in_ten_minutes
from littoral.sim.referee.record import Happened, Record
from littoral.sim.referee.said import Said, Spoken
from tests.sim.referee.hand import DAY_US, legs, record

MIN = 60_000_000
KIND = ("loitering", "loitering")


def test_lower_bound() -> None:
    # All of n: the share whose n-th power is 0.05 (Clopper and Pearson 1934).
    assert lower_bound(29, 29) == pytest.approx(0.05 ** (1 / 29))
    assert lower_bound(28, 28) == pytest.approx(0.8985, abs=1e-4)
    # 5 of 10, one-sided 95 %: 0.222 (their table, two-sided 90 %).
    assert lower_bound(5, 10) == pytest.approx(0.222, abs=1e-3)
    assert lower_bound(0, 10) == 0.0
    assert lower_bound(0, 0) is None


def watch(off: tuple[int, int] | None = None) -> Record:
    return record([legs((0, 0, -20_000)), legs((0, 9_000, -20_000))], 300, types=[70, 70], off=off)


def event(ship: int = 0, start: int = 10, end: int = 250, priority: int = 4) -> Happened:
    return Happened(*KIND, (412_000_001 + ship,), DAY_US + start * MIN, DAY_US + end * MIN,
                    DAY_US + (start + 180) * MIN, priority)  # fmt: skip


def alert(ship: int = 0, start: int = 12, end: int | None = 240, **more: Any) -> dict[str, Any]:
    return {
        "rule": KIND[0], "kind": KIND[1], "state": "confirmed", "priority": 4, "held_by": None,
        "things": [f"vessel:{412_000_001 + ship}-20261105T020000.000Z"],
        "start_us": DAY_US + start * MIN, "end_us": end and DAY_US + end * MIN, **more,
    }  # fmt: skip


def test_one_event_is_one_alert() -> None:
    s = judge(KIND, [event()], [alert(), alert(start=200, end=None)], watch())
    assert (s.events, s.found, s.alerts, s.true, s.twice) == (1, 1, 2, 1, 1)
    s = judge(KIND, [event(end=40), event(start=100)], [alert()], watch())
    assert (s.events, s.found, s.alerts, s.true) == (2, 1, 1, 1)
    assert s.misses == {OTHER: 1}


@pytest.mark.parametrize(("off", "free"), [((98, 135), 1), ((98, 125), 0)])
def test_what_a_silence_ends_may_be_told_again(off: tuple[int, int], free: int) -> None:
    # Half an hour ends it by the text of loitering; it went on all the while.
    s = judge(KIND, [event()], [alert(end=100), alert(start=130)], watch(off))
    assert (s.alerts, s.true, s.free, s.twice) == (2 - free, 1, free, 1 - free)


def test_not_heard_by_the_referee() -> None:
    s = judge(KIND, [replace(event(), heard=False)], [], watch())
    assert (s.audible, s.misses) == (0, {OTHERWISE: 1})


@pytest.mark.parametrize(
    "other",
    [alert(ship=1), alert(start=256), alert(start=1, end=4), alert(rule="drift"),
     alert(state="withdrawn")],
)  # fmt: skip
def test_what_is_not_it(other: dict[str, Any]) -> None:
    s = judge(KIND, [event()], [other], watch())
    assert s.true == s.found == 0
    assert s.misses == {OTHER: 1}


@pytest.mark.parametrize(
    ("profile", "off", "guessed"),
    [("coastal", None, 0), ("coastal", (100, 140), 1), ("gfw", (100, 140), 1),
     ("gfw", (100, 125), 0), ("coastal", (250, 290), 0)],
)  # fmt: skip
def test_untrue_alerts_of_who_was_heard_too_little(
    profile: str, off: tuple[int, int] | None, guessed: int
) -> None:
    # Half an hour; the alert is of minutes 12 to 240.
    s = judge(KIND, [], [alert()], watch(off), profile)
    assert (s.true, s.twice, s.guessed) == (0, 0, guessed)


def test_told_less_urgently_is_missed_and_true() -> None:
    s = judge(KIND, [event()], [alert(priority=5)], watch())
    assert (s.found, s.true, s.misses) == (0, 1, {PRIORITY: 1})


@pytest.mark.parametrize(("off", "free"), [((40, 225), 1), ((40, 215), 0)])
def test_three_hours_of_silence_end_a_course_off_the_lanes(off: tuple[int, int], free: int) -> None:
    route = {"rule": "deviation", "kind": "route"}
    told = [alert(end=39, **route), alert(start=226, **route)]
    one = replace(event(), rule="deviation", kind="route")
    s = judge(("deviation", "route"), [one], told, watch(off))
    assert (s.alerts, s.true, s.free, s.twice) == (2 - free, 1, free, 1 - free)


@pytest.mark.parametrize(
    ("off", "heard"), [(None, ""), ((0, 300), NEVER), ((50, 81), LITTLE), ((50, 79), "")]
)
def test_hearing(off: tuple[int, int] | None, heard: str) -> None:
    # Loitering knows nothing between reports more than half an hour apart.
    r = watch(off)
    assert hearing(event(), r) == heard
    s = judge(KIND, [event()], [alert()], r)
    assert (s.found, s.audible, s.audible_found) == (1, int(not heard), int(not heard))


def test_hearing_of_what_its_reports_deny() -> None:
    s = judge(KIND, [replace(event(), heard=False)], [], watch())
    assert (s.events, s.audible, s.misses) == (1, 0, {OTHERWISE: 1})


@pytest.mark.parametrize(
    ("minute", "heard"), [(5, ""), (20, ""), (30, LITTLE), (260, NEVER), (None, NEVER)]
)
def test_who_has_not_said_its_type_is_not_judged_by_it(minute: int | None, heard: str) -> None:
    # From minute 10 on, the type is said; a quarter of an hour later it was silent for too long.
    statics = [
        Spoken(
            DAY_US + (minute or 5) * MIN, 0, 412_000_001, 0, "", "", 0, (0, 0, 0, 0), bool(minute)
        )
    ]
    r = replace(watch(), said=Said(statics))
    assert hearing(replace(event(), rule="deviation", kind="route"), r) == heard
    assert hearing(event(), r) == ""


def test_most_in_ten_minutes() -> None:
    assert most_in_ten_minutes(np.array([0, 5, 9, 10, 14, 30]) * MIN) == 4
    assert most_in_ten_minutes(np.array([], int)) == 0
