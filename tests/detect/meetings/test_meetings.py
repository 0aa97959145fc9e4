"""Labelled cases of meetings in turn: each expectation is worked out by hand from the published
text (docs/detectors/meetings.md), both sides of each number."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import pytest

from littoral.area.geodesy import KNOT_MPS
from littoral.detect.meetings import DETECTOR
from littoral.detect.meetings.settings import COASTAL, MeetingsSettings
from littoral.schema.finding import CAUTION, WARNING, Finding
from tests.detect.making import (
    at_us,
    final,
    fixes,
    fleet_of,
    mmsis,
    moved,
    place,
    run,
    stretched,
    world,
)

SITE = (110.0, 17.0)
START = at_us("2026-11-24T03:00")
MINUTE_US = 60_000_000
HOUR = 60


@dataclass(frozen=True)
class Case:
    """A tanker lies at SITE; partner n is beside it from `starts[n]` for `lasts` minutes and 6 km
    off before and after. Reports lie on whole minutes."""

    alerts: int = 1
    starts: tuple[int, ...] = (60, 90, 120)
    lasts: int = 10
    metres: float = 100.0
    knots: float = 0.0  # that all report while together
    port_km: float = 50.0
    ring: int = 3
    partners: tuple[int, ...] = (1, 2, 3)  # tracks that come at the starts
    types: tuple[int, ...] = (80, 30, 30, 30, 30)
    pause: int = 0  # minutes off in the middle of each meeting
    unheard: int = 0  # minutes before each arrival without a report of the partner
    host_knots: float = 0.0  # that the host reports once between the meetings
    kind: str = "visited"
    meetings: int = 3
    others: dict[str, Any] = field(default_factory=dict)


def minutes_of(case: Case) -> np.ndarray:
    return np.arange(0, max(case.starts) + case.lasts + case.pause + 90)


def scene(case: Case) -> list:
    times = minutes_of(case)
    t_us = START + times * MINUTE_US
    knots = np.full(len(times), case.knots)
    knots[case.starts[0] + case.lasts + case.pause + 5] = max(case.knots, case.host_knots)
    parts = [fixes(0, t_us, *SITE, knots, 90.0, ring=case.ring)]
    near, far = moved(*SITE, 180.0, case.metres), moved(*SITE, 180.0, 6_000.0)
    for track in sorted(set(case.partners)):
        beside = np.zeros(len(times), bool)
        heard = np.ones(len(times), bool)
        for who, start in zip(case.partners, case.starts, strict=True):
            if who != track:
                continue
            half = case.lasts // 2 if case.pause else case.lasts
            beside[start : start + half + 1] = True
            if case.pause:
                again = start + half + case.pause
                beside[again : again + half + 1] = True
            heard[max(0, start - case.unheard + 1) : start] = case.unheard == 0
        parts.append(
            fixes(
                track, t_us[heard],
                np.where(beside, near[0], far[0])[heard], np.where(beside, near[1], far[1])[heard],
                case.knots, 90.0, ring=case.ring,
            )
        )  # fmt: skip
    return parts


def judge(case: Case, settings: MeetingsSettings = COASTAL) -> list[Finding]:
    where = world(ports=(place(*moved(*SITE, 0.0, case.port_km * 1000.0), kind="port"),))
    fleet = fleet_of(dict(enumerate(case.types)))
    return list(final(run(DETECTOR, settings, scene(case), fleet, where, after_s=1800)).values())


def outcome(case: Case, settings: MeetingsSettings = COASTAL) -> list[tuple]:
    return sorted(
        (f.kind, f.priority, f.end_us is None, *f.facts.values())
        for f in judge(case, settings)
        if mmsis(f)[0] == 412_000_000
    )


LONG = 11 * HOUR + 30  # from the first beginning to the last end
CASES = {
    "three in turn": Case(),
    "two are not several": Case(0, (60, 90), partners=(1, 2)),
    "one that comes thrice is one": Case(0, partners=(1, 1, 1)),
    "ten metres within the distance": Case(metres=240.0),
    "ten metres beyond it": Case(0, metres=260.0),
    "slow enough": Case(knots=1.9),
    "too fast": Case(0, knots=2.1),
    "far enough from port": Case(port_km=5.3),
    "too near to port": Case(0, port_km=4.7),
    "in the coastline band": Case(0, ring=1),
    "at sea within the territorial ring": Case(ring=2),
    "five minutes": Case(lasts=5),
    "four minutes": Case(0, lasts=4),
    "an hour": Case(starts=(60, 150, 240), lasts=60),
    "over an hour is staying": Case(0, starts=(60, 150, 240), lasts=61),
    "parted for five minutes": Case(lasts=8, pause=5),
    "parted for six": Case(0, lasts=8, pause=6),
    "not heard for nine minutes before": Case(unheard=9),
    "not heard for eleven: nobody saw it come": Case(0, unheard=11),
    "within twelve hours": Case(starts=(60, 90, 60 + LONG - 10)),
    "over more than twelve": Case(0, starts=(60, 90, 60 + LONG + 60 - 10)),
    "waits under way slowly": Case(host_knots=2.8),
    "sails between": Case(host_knots=3.2, kind="repeated"),
    "a fourth within six hours": Case(
        starts=(60, 90, 120, 130 + 350 - 10), partners=(1, 2, 3, 4), meetings=4
    ),
    "a fourth after more than six": Case(
        starts=(60, 90, 120, 130 + 370 - 10), partners=(1, 2, 3, 4)
    ),
    "a fishing vessel among its like": Case(0, types=(30, 30, 30, 30)),
    "small craft among fishing vessels": Case(types=(37, 30, 30, 30)),
    "pleasure craft among their like": Case(0, types=(37, 36, 37, 90)),
    "pilots": Case(0, types=(80, 50, 50, 50)),
    "merchant ships among themselves": Case(0, types=(80, 70, 70, 70)),
    "a ferry is not judged": Case(0, types=(60, 70, 70, 70)),
    "merchant ships with whoever says no type": Case(types=(70, -1, -1, -1)),
    "who says no type beside fishing vessels": Case(0, types=(-1, 30, 30, 30)),
}


PRIORITIES = {"visited": WARNING, "repeated": CAUTION}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    case = CASES[name]
    found = judge(case)
    assert [mmsis(f)[0] for f in found] == [412_000_000] * case.alerts
    for f in found:
        assert (f.kind, f.priority) == (case.kind, PRIORITIES[case.kind])
        assert f.start_us == START + case.starts[0] * MINUTE_US
        assert f.facts["meetings"] == case.meetings
        assert f.facts["shortest_s"] == 60 * (case.lasts + case.pause)
        assert abs(f.facts["distance_m"] - case.metres) < 1.0
        assert len(mmsis(f)) == 4


NUMBERS = [f.name for f in fields(MeetingsSettings) if f.name != "off_shore"]


@pytest.mark.parametrize("factor", [0.8, 1.2])
@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_decides_a_case(name: str, factor: float) -> None:
    other = stretched(COASTAL, name, factor)
    assert any(outcome(c, other) != outcome(c) for c in CASES.values())


def test_the_coastline_band_counts_where_it_is_set_so() -> None:
    assert len(judge(CASES["in the coastline band"], replace(COASTAL, off_shore=False))) == 1


def test_it_ends_six_hours_after_the_last_meeting() -> None:
    case = CASES["a fourth after more than six"]
    (found,) = judge(case)
    assert found.end_us == START + (120 + case.lasts) * MINUTE_US


def test_speed_not_available_never_counts() -> None:
    parts = scene(Case())
    parts[0].sog_mps[:] = np.nan
    assert not run(DETECTOR, COASTAL, parts, fleet_of(dict(enumerate(Case().types))), world())


def test_a_trawler_that_passes_slowly_does_not_meet() -> None:
    """At 2.3 kn a vessel is within 250 m of one that lies still for 7 min, but is too fast."""
    assert COASTAL.tick_speed_mps < 2.3 * KNOT_MPS
    assert not judge(Case(knots=2.3))


@pytest.mark.parametrize("slice_s", [30, 60, 600])
@pytest.mark.parametrize("repack", [False, True])
def test_the_cut_and_a_checkpoint_are_no_matter(slice_s: int, repack: bool) -> None:
    case = CASES["a fourth within six hours"]
    fleet = fleet_of(dict(enumerate(case.types)))
    whole = final(run(DETECTOR, COASTAL, scene(case), fleet, after_s=9 * 3600))
    cut = final(
        run(
            DETECTOR, COASTAL, scene(case), fleet, after_s=9 * 3600, slice_us=slice_s * 1_000_000,
            repack=repack,
        )
    )  # fmt: skip
    assert cut == whole
    assert next(iter(whole.values())).end_us is not None


def test_it_says_so() -> None:
    (found,) = judge(Case())
    names = dict.fromkeys(found.things, "A")
    assert DETECTOR.sentence(found, names, "en") == (
        "A waits and was visited by 3 vessels in 1.2 h, 3 times for 10 min each, down to 100 m"
    )
    assert DETECTOR.sentence(found, names, "zh").startswith("A在1.2小时内停留等候，先后有3艘船靠近")
