"""Labelled cases of two ships; clear distances are set by hand-made geometry in `scenes`."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from littoral.detect.collision import DETECTOR
from littoral.detect.collision.settings import CollisionSettings
from littoral.schema.ais import Statics
from littoral.schema.finding import ALARM, WARNING, Finding
from tests.detect.collision.scenes import CPA_US, SITES, WORLD, Ship, cpa_for, meeting, relative
from tests.detect.making import final, fleet_of, mmsis, run, stretched

COASTAL: CollisionSettings = DETECTOR.profiles["coastal"].settings
with (Path(__file__).parent / "cases.csv").open(encoding="utf-8") as file:
    CASES = list(csv.DictReader(file))
LEVELS = {"none": None, "warning": WARNING, "alarm": ALARM}
# The limits of time, by hand from the profile: seconds before the closest point.
TIMES = {
    "open_sea": {WARNING: 360, ALARM: 180},
    "strait": {WARNING: 240, ALARM: 120},
    "port": {WARNING: 120, ALARM: 60},
    "crossing": {WARNING: 90, ALARM: 45},
}


def number(text: str) -> float:
    return float(text) if text else np.nan


def ships(case: dict[str, str]) -> tuple[Ship, Ship]:
    a, b = (
        Ship(
            float(case[f"course_{i}"]), float(case[f"kn_{i}"]), int(case[f"type_{i}"]),
            int(case[f"status_{i}"]), number(case["length_m"]), number(case["beam_m"]),
        )
        for i in (1, 2)
    )  # fmt: skip
    return a, b


def judge(case: dict[str, str], settings: CollisionSettings = COASTAL) -> list[Finding]:
    a, b = ships(case)
    cpa = cpa_for(float(case["clear_m"]), a, b, 10.0 if case["accurate"] == "1" else 30.0)
    parts = meeting(
        a, b, cpa, SITES[case["where"]], int(case["side"]), accurate=int(case["accurate"])
    )
    fleet = fleet_of({0: a.ship_type, 1: b.ship_type}, a.length_m, a.beam_m)
    fleet.name[:2] = b"SHIP"
    return run(DETECTOR, settings, parts, fleet, WORLD, after_s=600)


def due_times(case: dict[str, str]) -> tuple[float, float]:
    """Limits of time by hand: they shrink with the length as those of distance do, from 115 m down
    to 0.4, but to no less than 90 s and 45 s where the full ones are longer."""
    limit = TIMES[
        case["where"] if case["type_2"] != "70" else case["where"].replace("crossing", "strait")
    ]
    length = number(case["length_m"]) if case["length_m"] else 30.0
    share = min(1.0, max(0.4, length / 115.0))
    return (
        max(limit[WARNING] * share, min(limit[WARNING], 90.0)),
        max(limit[ALARM] * share, min(limit[ALARM], 45.0)),
    )


def outcome(found: list[Finding]) -> tuple:
    """Priority in the end, when first told, when at the alarm."""
    last = list(final(found).values())
    if not last:
        return ()
    alarms = [f.updated_us for f in found if f.priority == ALARM]
    first = found[0]
    return (len(last), last[0].priority, first.start_us, min(alarms, default=0),
            first.facts["encounter"], first.facts["gives_way"])  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_case(case: dict[str, str]) -> None:
    found = judge(case)
    wanted = LEVELS[case["level"]]
    last = list(final(found).values())
    assert len(last) == (0 if wanted is None else 1)
    if wanted is None:
        return
    assert last[0].priority == wanted
    assert last[0].end_us is not None
    assert last[0].facts["ended"] == "past_and_clear"
    assert found[0].facts["encounter"] == case["encounter"]
    given = {f: f"{m}" for f, m in zip(found[0].things, mmsis(found[0]), strict=True)}
    gives = {"first": "412000000", "second": "412000001", "both": None}[case["gives_way"]]
    way = found[0].facts["gives_way"]
    assert (None if way is None else given[str(way)]) == gives
    # First seen within the limit of time at a tick of 30 s, in a strait or a port's approach near
    # ones of 10 s (just on a tick either it or the next will do), told at the fourth look.
    warning_s, alarm_s = due_times(case)
    due = CPA_US - int(warning_s * 1e6)
    far = -(-due // 30_000_000) * 30_000_000
    near = -(-due // 10_000_000) * 10_000_000
    is_near = warning_s <= 150.0 and case["where"] != "open_sea"
    first, pace = (near, 10_000_000) if is_near else (far, 30_000_000)
    assert found[0].start_us in (first, first + pace * (due % pace == 0))
    assert found[0].updated_us == found[0].start_us + 30_000_000
    assert found[0].facts["limit_tcpa_s"] == round(warning_s, 1)
    if wanted == ALARM:
        alarm_due = -(-(CPA_US - int(alarm_s * 1e6)) // 10_000_000) * 10_000_000
        assert min(f.updated_us for f in found if f.priority == ALARM) == alarm_due


DECIDES = [
    *[f"limits.{i}.{n}" for i in range(3) for n in
      ("warning_cpa_m", "warning_tcpa_s", "alarm_cpa_m", "alarm_tcpa_s")],
    *[f"ferry.{n}" for n in ("warning_cpa_m", "warning_tcpa_s", "alarm_cpa_m", "alarm_tcpa_s")],
    "own_speed_mps", "closing_mps", "fishing_closing_mps", "max_speed_mps", "full_length_m",
    "least_share", "accurate_m", "inaccurate_m", "length_m", "beam_m", "head_on_course_deg",
]  # fmt: skip


@pytest.fixture(scope="module")
def as_set() -> list[tuple]:
    return [outcome(judge(c)) for c in CASES]


@pytest.mark.parametrize("factor", [0.8, 1.2])
@pytest.mark.parametrize("path", DECIDES)
def test_every_threshold_is_pinned_by_a_case(path: str, factor: float, as_set: list[tuple]) -> None:
    settings = changed(path, factor)
    assert any(outcome(judge(c, settings)) != w for c, w in zip(CASES, as_set, strict=True))


def changed(path: str, factor: float) -> CollisionSettings:
    return stretched(COASTAL, path, factor)


def test_a_ship_in_the_coastline_band_that_lies_still_is_alongside() -> None:
    case = {c["name"]: c for c in CASES}["drifting boat ahead"]
    a, b = ships(case)
    for ring, alerts in ((0, 0), (1, 0), (2, 1), (-1, 1)):
        parts = meeting(a, b, 30.0, SITES["open_sea"])
        parts[1].ring[:] = ring
        found = run(DETECTOR, COASTAL, parts, fleet_of({0: 70, 1: 30}, 40.0, 8.0), WORLD)
        assert len(final(found)) == alerts, ring


def test_sailing_in_company_is_quiet_however_near() -> None:
    """Two boats 60 m apart on one course; their reported speeds differ by up to a knot."""
    rng = np.random.default_rng(5)
    parts = meeting(Ship(30.0, 9.0, 30), Ship(30.0, 9.0, 30), 60.0, SITES["open_sea"], 1, 1800)
    for p in parts:
        p.sog_mps += rng.normal(0.0, 0.25, len(p)).astype(np.float32)
        p.cog_deg += rng.normal(0.0, 2.0, len(p)).astype(np.float32)
    assert run(DETECTOR, COASTAL, parts, fleet_of({0: 30, 1: 30}, 24.0, 6.0), WORLD) == []


@pytest.mark.parametrize("wrong", [1, 2, 3])
def test_courses_that_point_wrong_for_a_report_or_three_are_no_risk(wrong: int) -> None:
    """Two ships pass 600 m apart; some reports of one have a course that leads into the other."""
    a, b = Ship(0.0, 12.0), Ship(180.0, 12.0)
    parts = meeting(a, b, 600.0, SITES["open_sea"])
    at = int(np.searchsorted(parts[1].t_us, CPA_US - 240_000_000))
    speed, _ = relative(a, b)
    off = np.degrees(np.arctan2(600.0, speed * 240.0 / 2.0))
    assert off > 20.0
    for side in (1.0, -1.0):
        bad = [parts[0], parts[1].take(slice(None))]
        bad[1].cog_deg[at : at + wrong] = 180.0 + side * off
        assert run(DETECTOR, COASTAL, bad, fleet_of({0: 70, 1: 70}, 115.0, 18.0), WORLD) == []


def turning_into(rate_degps: float, near: bool) -> list[Finding]:
    """Two ships of 115 m close head-on; the second swings by 24 degrees to and fro about the course
    of collision, at the given rate, or does so only while the first two minutes' warning lasts."""
    a, b = Ship(0.0, 12.0), Ship(180.0, 12.0)
    parts = meeting(a, b, 20.0, SITES["open_sea"])
    t_s = (parts[1].t_us - parts[1].t_us[0]) / 1e6
    swing = np.abs((t_s * rate_degps) % 48.0 - 24.0) - 12.0
    if not near:
        swing[parts[1].t_us > CPA_US - 200_000_000] = 0.0
    parts[1].cog_deg[:] = 180.0 + swing
    return run(DETECTOR, COASTAL, parts, fleet_of({0: 70, 1: 70}, 115.0, 18.0), WORLD)


def test_a_ship_that_turns_is_judged_when_she_is_near_or_steady() -> None:
    """Her course is off its mean of 40 s by more than 6 degrees for much of each swing: nothing is
    told until she steadies, or until 0.4 of the alarm's 180 s are left, if she never does."""
    steadied, never = turning_into(0.8, near=False), turning_into(0.8, near=True)
    assert CPA_US - 200_000_000 < min(f.updated_us for f in steadied) < CPA_US - 120_000_000
    first = min(f.updated_us for f in never)
    assert CPA_US - 100_000_000 < first < CPA_US - 40_000_000
    assert max(f.priority for f in never if f.updated_us == first) == ALARM


def test_a_warning_rests_on_two_reports_of_each_and_none_too_old() -> None:
    """The second ship reports every 100 s, once just when the risk begins: the warning waits for
    her next report. Every 130 s: the risk begins only with a report, the last being too old."""
    a, b = Ship(0.0, 12.0), Ship(180.0, 12.0)
    parts = meeting(a, b, 120.0, SITES["open_sea"])
    seldom = parts[1].take(slice(7, None, 10))
    found = run(DETECTOR, COASTAL, [parts[0], seldom], fleet_of({0: 70, 1: 70}, 115.0, 18.0), WORLD)
    first = found[0]
    reports = [t for t in seldom.t_us if first.start_us < t <= first.updated_us]
    assert first.start_us in seldom.t_us
    assert len(reports) == 1
    assert first.updated_us - first.start_us == 100_000_000
    seldom = parts[1].take(slice(5, None, 13))
    found = run(DETECTOR, COASTAL, [parts[0], seldom], fleet_of({0: 70, 1: 70}, 115.0, 18.0), WORLD)
    last = max(t for t in seldom.t_us if t <= CPA_US - 360_000_000)
    assert found[0].start_us > last + 120_000_000


def test_a_craft_that_lies_still_without_a_status_is_passed_slowly_in_peace() -> None:
    """Class B says nothing of being moored or anchored. Up to 8 kn others come to it or pass it as
    in a harbour; a ship that comes at 12 kn will run it down. In a port's approach, and with a
    status, what lies still is as before."""
    fleet = fleet_of({0: 70, 1: 37}, 40.0, 8.0)
    fleet.name[1] = b"BOAT"
    for kn, status, site, alerts in (
        (7.6, -1, "open_sea", 0), (8.4, -1, "open_sea", 1), (7.6, 0, "open_sea", 1),
        (12.0, -1, "port", 0), (12.0, 0, "port", 1),
    ):  # fmt: skip
        boat = Ship(0.0, 0.0, 37, status)
        found = run(
            DETECTOR, COASTAL, meeting(Ship(0.0, kn), boat, 10.0, SITES[site]), fleet, WORLD
        )
        assert len(final(found)) == alerts, (kn, status, site)


@pytest.mark.parametrize(
    ("kn", "status", "named", "alerts"),
    [(1.9, -1, False, 0), (1.9, -1, True, 1), (2.1, -1, False, 1), (1.9, 0, False, 1)],
)
def test_what_drifts_without_status_and_name_may_be_a_net_beacon(
    kn: float, status: int, named: bool, alerts: int
) -> None:
    """A net beacon with a ship's number is told by its name alone. From 2 kn, or with a status,
    what has no name counts as any other. Named in the middle: from then on."""
    fleet = fleet_of({0: 70, 1: 37}, 40.0, 8.0)
    parts = meeting(Ship(0.0, 12.0), Ship(90.0, kn, 37, status), 10.0, SITES["open_sea"])
    fleet.name[1] = b"BOAT" if named else b""
    assert len(final(run(DETECTOR, COASTAL, parts, fleet, WORLD))) == alerts
    if not alerts:
        said = Statics.empty(1)
        said.track[:], said.name[:], said.t_us[:] = 1, b"BOAT", CPA_US - 80_000_000
        (first, *_) = run(DETECTOR, COASTAL, parts, fleet, WORLD, statics=said)
        assert first.updated_us >= CPA_US - 80_000_000


def test_who_lies_still_does_not_turn() -> None:
    """A fishing vessel lies hove to and says so; her courses are the noise of her fixes. The ship
    that comes at 12 kn is told of in her warning's time, as of a ship on a steady course."""
    parts = meeting(Ship(0.0, 12.0), Ship(0.0, 0.0, 30, 0), 10.0, SITES["open_sea"])
    fleet = fleet_of({0: 70, 1: 30}, 115.0, 18.0)
    steady = run(DETECTOR, COASTAL, parts, fleet, WORLD)
    rng = np.random.default_rng(1)
    parts[1].cog_deg[:] = rng.uniform(0.0, 360.0, len(parts[1]))
    parts[1].sog_mps[:] = rng.uniform(0.0, 0.2, len(parts[1]))
    first = run(DETECTOR, COASTAL, parts, fleet, WORLD)[0]
    assert first.priority == WARNING
    assert abs(first.updated_us - steady[0].updated_us) <= 30_000_000


def test_a_scaled_limit_is_told_as_it_was_applied() -> None:
    case = {c["name"]: c for c in CASES}["57 m ships: 88 m"]
    found = judge(case)
    assert found[0].facts["limit_clear_m"] == 92.5  # half of 185: half of 115 m is 57.5 m
    assert abs(found[0].facts["clear_m"] - 88.0) < 0.5
    assert replace(COASTAL, full_length_m=57.5).full_length_m == 57.5
