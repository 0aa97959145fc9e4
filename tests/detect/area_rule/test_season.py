"""The South China Sea summer moratorium, as published: north of 12 N, from 1 May 12:00 to 16 August
12:00 (UTC+8); case by case, and with the example fence that comes with the region."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from littoral.area.geodesy import KNOT_MPS
from littoral.area.geofence import FenceRule, Geofence
from littoral.area.load import packaged_geofences
from littoral.area.region import load_region
from littoral.area.world import World
from littoral.detect.area_rule import DETECTOR
from littoral.detect.area_rule.settings import AreaRuleSettings
from littoral.schema.ais import CLASS_A, CLASS_B
from littoral.schema.finding import Finding
from littoral.schema.fleet import GEAR_BEACON
from tests.detect.making import at_us, final, fixes, fleet_of, run, stretched, world

COASTAL: AreaRuleSettings = DETECTOR.profiles["coastal"].settings
with (Path(__file__).parent / "season.csv").open(encoding="utf-8") as file:
    CASES = list(csv.DictReader(file))
RING = ((108.0, 12.0), (118.0, 12.0), (118.0, 20.0), (108.0, 20.0), (108.0, 12.0))
SEASON = FenceRule(
    "season", season_from="05-01T12:00", season_to="08-16T12:00", utc_offset_min=480,
    ship_types=(30,),
)  # fmt: skip
DRAWN = world(geofences=(Geofence("m", {"zh": "休渔区", "en": "M"}, ((RING,),), rules=(SEASON,)),))
EIGHT_HOURS_US = 8 * 3_600_000_000


def judge(
    case: dict[str, str],
    settings: AreaRuleSettings = COASTAL,
    where: World = DRAWN,
    lon: float = 112.0,
) -> list[Finding]:
    """Reports a minute apart, then two that lie still."""
    minutes = int(case["minutes"])
    start = at_us(case["local_time"]) - EIGHT_HOURS_US
    t = start + np.arange(minutes + 3) * 60_000_000
    knots = np.where(np.arange(minutes + 3) <= minutes, float(case["knots"]), 0.0)
    part = fixes(
        0, t, lon, float(case["latitude"]), 0.0, 90.0,
        nav_status=int(case["status"]), ring=int(case["ring"]),
    )  # fmt: skip
    part.sog_mps[:] = knots * KNOT_MPS
    return run(DETECTOR, settings, [part], fleet_of({0: int(case["type"])}), where)


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_case(case: dict[str, str]) -> None:
    found = judge(case)
    assert len(final(found)) == int(case["alerts"]), case["why"]
    assert all(f.kind == "season" for f in found)


@pytest.mark.parametrize("factor", [0.8, 1.2])
@pytest.mark.parametrize("name", ["season_hold_s", "fishing_low_mps", "fishing_high_mps"])
def test_every_threshold_is_pinned_by_a_case(name: str, factor: float) -> None:
    settings = stretched(COASTAL, name, factor)
    assert any(len(final(judge(c, settings))) != int(c["alerts"]) for c in CASES)


@pytest.mark.parametrize(("kind", "name", "gear", "alerts"), [
    (CLASS_B, b"", 0, 0), (CLASS_B, b"YUE XU 1", 0, 1), (CLASS_A, b"", 0, 1),
    (CLASS_B, b"WANG 59-12.6V", GEAR_BEACON, 0),
])  # fmt: skip
def test_a_class_b_transmitter_without_a_name_may_be_a_net_beacon(
    kind: int, name: bytes, gear: int, alerts: int
) -> None:
    """As a beacon under a ship's number that has told its type, and not yet its name; and in the
    slice in which it is recognised by that."""
    t = at_us(CASES[0]["local_time"]) - EIGHT_HOURS_US + np.arange(33) * 60_000_000
    part = fixes(0, t, 112.0, 18.0, 1.4, 90.0, kind=kind, ring=3)
    fleet = fleet_of({0: 30})
    fleet.name[0], fleet.gear[0] = name, gear
    found = run(DETECTOR, COASTAL, [part], fleet, DRAWN)
    assert len(final(found)) == alerts


def test_the_packaged_example_says_the_same() -> None:
    where = world(geofences=packaged_geofences(load_region("hainan")))
    judged = [len(final(judge(c, COASTAL, where))) for c in CASES]
    assert judged == [int(c["alerts"]) for c in CASES]


def test_told_when_the_quarter_of_an_hour_is_full() -> None:
    case = CASES[0]
    found = judge(case)
    start = at_us(case["local_time"]) - EIGHT_HOURS_US
    assert [(f.start_us, f.updated_us) for f in found][:1] == [(start, start + 15 * 60_000_000)]
    who = found[0].things[0]
    assert DETECTOR.sentence(found[0], {who: "YUE XU 1"}, "zh") == (
        "YUE XU 1在禁渔期内于休渔区疑似捕捞作业15分钟"
    )
    assert DETECTOR.sentence(found[0], {who: "YUE XU 1"}, "en") == (
        "YUE XU 1 moves as if fishing in M in the closed season, for 15 min"
    )
