"""Labelled cases: each says in words, from the published text or the profile, what must come."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from littoral.area.geodesy import KNOT_MPS
from littoral.detect.encounter import DETECTOR
from littoral.detect.encounter.settings import EncounterSettings
from littoral.schema.ais import Positions
from littoral.schema.finding import CAUTION, WARNING, Finding
from tests.detect.making import at_us, final, fixes, fleet_of, moved, place, run, world

with (Path(__file__).parent / "cases.csv").open(encoding="utf-8") as file:
    CASES = list(csv.DictReader(file))
SITE = (110.0, 17.0)
START = {
    "day": at_us("2026-11-24T03:00"),
    "night": at_us("2026-11-24T11:40"),
}  # UTC+7h20 by the sun
MINUTE_US = 60_000_000


def tracks(case: dict[str, str]) -> list[Positions]:
    """Two vessels that drift east side by side; when they are not together the second one is 6 km
    off. Reports lie on whole minutes, so that every span is a whole number of ticks."""
    start, each = START[case["light"]], int(case["fix_min"])
    minutes, pause = int(case["minutes"]), int(case["apart_min"] or 0)
    spans = [(0, minutes)]
    if pause:
        spans.append((minutes + pause, 2 * minutes + pause))
    times = np.arange(-each * 3, spans[-1][1] + each * 3 + 1, each)
    first, second = [], []
    for m in times:
        way = m * 60.0 * float(case["knots"]) * KNOT_MPS
        x, y = moved(*SITE, 90.0, way) if way >= 0 else moved(*SITE, 270.0, -way)
        together = any(a <= m <= b for a, b in spans)
        first.append((x, y))
        second.append(moved(x, y, 180.0, float(case["metres"]) + (0.0 if together else 6000.0)))
    t_us = start + times * MINUTE_US
    return [
        fixes(k, t_us, [p[0] for p in path], [p[1] for p in path], float(case["knots"]), 90.0)
        for k, path in enumerate((first, second))
    ]


def judge(case: dict[str, str], settings: EncounterSettings) -> list[Finding]:
    anchorage = place(*moved(*SITE, 0.0, float(case["port_km"]) * 1000.0))
    fleet = fleet_of({0: int(case["first_type"]), 1: int(case["second_type"])})
    where = world(anchorages=(anchorage,))
    # Slices of ten minutes, since these cases are long: test_laws shows that the cut is no matter.
    found = run(
        DETECTOR, settings, tracks(case), fleet, where, slice_us=600_000_000, after_s=8 * 3600
    )
    return list(final(found).values())


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_case(case: dict[str, str]) -> None:
    found = judge(case, DETECTOR.profiles[case["profile"]].settings)
    assert len(found) == int(case["alerts"]), case["why"]
    for finding in found:
        start = START[case["light"]]
        assert (finding.start_us - start) % (int(case["minutes"]) * MINUTE_US) == 0 or (
            int(case["apart_min"] or 0)
        )
        assert abs(finding.facts["distance_m"] - float(case["metres"])) < 1.0


# Each number that decides, stretched: at least one of the profile's cases must come out otherwise.
NUMBERS = ("max_gap_s", "max_distance_m", "merge_s")
DECIDES = [
    *[(p, n) for p in ("gfw", "skylight", "coastal") for n in NUMBERS],
    ("gfw", "median_speed_mps"),
    ("gfw", "min_port_m"),
    ("coastal", "tick_speed_mps"),
    ("coastal", "min_port_m"),
    *[(p, "day_s") for p in ("gfw", "skylight", "coastal")],
    ("coastal", "night_s"),
]


def altered(settings: EncounterSettings, name: str, factor: float) -> EncounterSettings:
    if name not in ("day_s", "night_s"):
        old = getattr(settings, name)
        new = old * factor
        return replace(settings, **{name: round(new) if isinstance(old, int) else new})
    change: Any = lambda rule: {name: round(getattr(rule, name) * factor)}
    # By day and by night alike where the profile makes no difference between them.
    both = all(r.day_s == r.night_s for r in settings.pairs)
    pairs = []
    for rule in settings.pairs:
        fields = change(rule)
        if both:
            fields = {"day_s": fields[name], "night_s": fields[name]}
        pairs.append(replace(rule, **fields))
    return replace(settings, pairs=tuple(pairs))


@pytest.mark.parametrize(("profile", "name"), DECIDES)
@pytest.mark.parametrize("factor", [0.8, 1.2])
def test_every_threshold_is_pinned_by_a_case(profile: str, name: str, factor: float) -> None:
    settings = altered(DETECTOR.profiles[profile].settings, name, factor)
    cases = [c for c in CASES if c["profile"] == profile]
    assert any(len(judge(c, settings)) != int(c["alerts"]) for c in cases)


def test_priority_follows_night_and_pair() -> None:
    by_name = {c["name"]: c for c in CASES}
    coastal = DETECTOR.profiles["coastal"].settings
    night = judge(by_name["coastal: fishing and tanker 20 min by night"], coastal)
    day = judge(by_name["coastal: fishing and tanker 60 min by day"], coastal)
    assert [(f.priority, f.facts["by_night"]) for f in night] == [(WARNING, True)]
    assert [(f.priority, f.facts["by_night"]) for f in day] == [(CAUTION, False)]


def test_the_band_along_the_coast_is_not_judged() -> None:
    case = {c["name"]: c for c in CASES}["coastal: fishing and tanker 20 min by night"]
    fleet = fleet_of({0: 30, 1: 80})
    coastal = DETECTOR.profiles["coastal"].settings
    for ring, alerts in ((0, 0), (1, 0), (2, 1), (-1, 1)):
        parts = tracks(case)
        for part in parts:
            part.ring[:] = ring
        assert len(final(run(DETECTOR, coastal, parts, fleet))) == alerts, ring


def test_sentences_say_who_where_and_how_long() -> None:
    case = {c["name"]: c for c in CASES}["coastal: fishing and tanker 20 min by night"]
    (finding,) = judge(case, DETECTOR.profiles["coastal"].settings)
    names = {finding.things[0]: "QIONG LIN YU 01234", finding.things[1]: "JADE FORTUNE"}
    assert DETECTOR.sentence(finding, names, "en") == (
        "QIONG LIN YU 01234 (fishing) and JADE FORTUNE (tanker) were close together for 20 min by "
        "night, down to 200 m at 0.5 kn on average: a possible transfer at sea"
    )
    assert DETECTOR.sentence(finding, names, "zh") == (
        "QIONG LIN YU 01234（渔船）与JADE FORTUNE（液货船）夜间曾靠近停留20分钟，最近200米，"
        "平均航速0.5节，疑似海上过驳或补给"
    )
