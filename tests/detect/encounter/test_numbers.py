"""Numbers of the coastal profile that no labelled case is near to, from both sides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from littoral.detect.encounter import DETECTOR
from littoral.detect.encounter.settings import EncounterSettings
from littoral.sim.season import sun_altitude_deg
from tests.detect.encounter.test_cases import CASES, MINUTE_US, SITE, START, judge, tracks
from tests.detect.making import at_us, fleet_of, run, stretched, world

COASTAL: EncounterSettings = DETECTOR.profiles["coastal"].settings
BY_NAME = {c["name"]: c for c in CASES}


def of_length(settings: EncounterSettings, length_m: float) -> bool:
    """Of no type, beside a tanker by night: told of where it is small."""
    fleet = fleet_of({0: -1, 1: 80})
    fleet.to_bow_m[0] = fleet.to_stern_m[0] = length_m / 2
    parts = tracks(BY_NAME["coastal: unknown type and tanker by night"])
    return bool(run(DETECTOR, settings, parts, fleet, world(), slice_us=600_000_000))


def sunk_us(below_deg: float) -> int:
    """The first whole minute of the evening with the sun lower than this, by the Astronomical
    Almanac's low-precision formula."""
    t_us = at_us("2026-11-24T09:00")
    while sun_altitude_deg(t_us, *SITE) > below_deg:
        t_us += MINUTE_US
    return t_us


def into_the_night(
    settings: EncounterSettings, minutes: int, monkeypatch: pytest.MonkeyPatch
) -> bool:
    """Such a meeting, over two hours long, that ends so long after the sun has sunk to 6 degrees
    below: by day it is not told of, by night after 20 min."""
    monkeypatch.setitem(START, "dusk", sunk_us(-6.0) + (minutes - 120) * MINUTE_US)
    case = {**BY_NAME["coastal: unknown type and tanker by day"], "light": "dusk"}
    return bool(judge(case, settings))


def test_small_is_up_to_fifty_metres() -> None:
    assert [of_length(COASTAL, m) for m in (45.0, 55.0)] == [True, False]
    assert not of_length(stretched(COASTAL, "small_m", 0.8), 45.0)
    assert of_length(stretched(COASTAL, "small_m", 1.2), 55.0)


def test_night_is_when_the_sun_is_six_degrees_below(monkeypatch: pytest.MonkeyPatch) -> None:
    """It sinks by a degree in some 4.3 minutes there."""
    assert not into_the_night(COASTAL, 18, monkeypatch)
    assert into_the_night(COASTAL, 23, monkeypatch)
    assert into_the_night(replace(COASTAL, night_sun_deg=-4.8), 18, monkeypatch)
    assert not into_the_night(replace(COASTAL, night_sun_deg=-7.2), 23, monkeypatch)
