"""Numbers that no labelled case is near to, from both sides, as on docs/detectors/encounter.md.

What never counts (a pair by night alone, by day) is a billion seconds, which a fifth makes no
shorter than any encounter; and so no such pair is told of at its priority by day.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from littoral.detect.encounter import DETECTOR
from littoral.detect.encounter.settings import EncounterSettings
from littoral.schema.finding import CAUTION, WARNING, Finding
from littoral.sim.season import sun_altitude_deg
from tests.detect.encounter.test_cases import CASES, MINUTE_US, SITE, START, judge, tracks
from tests.detect.making import at_us, final, fixes, fleet_of, run, stretched, world

COASTAL, GFW, SKYLIGHT = (DETECTOR.profiles[p].settings for p in ("coastal", "gfw", "skylight"))
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


def beside(
    settings: EncounterSettings, minutes: int, from_us: int = START["night"], lon: float = SITE[0],
    ship_type: int = 30, length_m: float = np.nan,
) -> list[Finding]:  # fmt: skip
    """All that is told of such a vessel that lies 107 m from a tanker, both heard each minute."""
    t_us = from_us + np.arange(minutes + 1) * MINUTE_US
    fleet = fleet_of({0: ship_type, 1: 80})
    fleet.to_bow_m[0] = fleet.to_stern_m[0] = length_m / 2
    parts = [fixes(k, t_us, lon + 0.001 * k, SITE[1], 0.0, 0.0) for k in (0, 1)]
    return run(DETECTOR, settings, parts, fleet, world(), slice_us=MINUTE_US, after_s=8 * 3600)


# Profile: minutes after the beginning at which it is told of: when it is long enough (20 min by
# night on ticks of 2 min, two hours on 10, over 30 min on 1), and each hour.
TOLD = {
    "coastal": [20, 80, 140, 200],
    "gfw": [120, 180, 240],
    "skylight": [31, 91, 151, 211],
}


@pytest.mark.parametrize("profile", TOLD)
def test_it_is_told_when_long_enough_and_each_hour(profile: str) -> None:
    told = beside(DETECTOR.profiles[profile].settings, 250)
    assert [(f.updated_us - START["night"]) / MINUTE_US for f in told[:-1]] == TOLD[profile]
    assert {f.start_us for f in told} == {START["night"]}
    assert told[-1].end_us == START["night"] + 250 * MINUTE_US


FISHES, CARRIES, TANKS = 30, 70, 80
# Ship types, minutes by night and by day (0: never), priority by night and by day.
PAIRS = [
    (FISHES, TANKS, 20, 60, WARNING, CAUTION),
    (FISHES, CARRIES, 20, 60, WARNING, CAUTION),
    (-1, TANKS, 20, 0, WARNING, CAUTION),
    (-1, CARRIES, 20, 0, CAUTION, CAUTION),
    (TANKS, TANKS, 40, 60, CAUTION, CAUTION),
    (CARRIES, TANKS, 40, 0, CAUTION, CAUTION),
]


@pytest.mark.parametrize(("first", "second", "night", "day", "urgent", "less"), PAIRS)
def test_how_long_each_pair_by_night_and_by_day(
    first: int, second: int, night: int, day: int, urgent: int, less: int
) -> None:
    def told(minutes: int, light: str) -> list[tuple[int, bool]]:
        pair = {"first_type": str(first), "second_type": str(second)}
        case = BY_NAME["coastal: fishing and tanker 20 min by night"]
        found = judge({**case, **pair, "light": light, "minutes": str(minutes)}, COASTAL)
        return [(f.priority, bool(f.facts["by_night"])) for f in found]

    assert told(night - 2, "night") == []
    assert told(night, "night") == [(urgent, True)]
    assert told(day - 2 if day else 300, "day") == []
    if day:
        assert told(day, "day") == [(less, False)]


@pytest.mark.parametrize(("settings", "minutes"), [(GFW, 120), (SKYLIGHT, 31)])
def test_the_published_definitions_make_no_difference_between_pairs(
    settings: EncounterSettings, minutes: int
) -> None:
    """Two hours, or more than 30 min, whoever they are and whatever the light."""
    assert len({frozenset((r.first, r.second)) for r in settings.pairs}) == 36
    each = {(r.night_s, r.day_s, r.night_priority, r.day_priority) for r in settings.pairs}
    assert each == {(minutes * 60, minutes * 60, CAUTION, CAUTION)}


@pytest.mark.parametrize(("settings", "minutes"), [(GFW, 120), (SKYLIGHT, 31)])
def test_by_night_is_all_of_it_with_the_sun_six_degrees_below(
    settings: EncounterSettings, minutes: int
) -> None:
    """Where the sun is 6.6 degrees below when it begins, and where it is 5.4."""
    dusk_us = at_us("2026-11-24T10:30")
    for below_deg, by_night in ((-6.6, True), (-5.4, False)):
        lon = SITE[0] - 10.0
        while sun_altitude_deg(dusk_us, lon, SITE[1]) > below_deg:
            lon += 0.05
        (found,) = final(beside(settings, minutes, dusk_us, lon)).values()
        assert found.facts["by_night"] is by_night


@pytest.mark.parametrize("settings", [GFW, SKYLIGHT])
def test_who_is_small_is_said_of_published_encounters_too(settings: EncounterSettings) -> None:
    for length_m, called in ((45.0, "small"), (55.0, "unknown")):
        (found,) = final(beside(settings, 130, ship_type=-1, length_m=length_m)).values()
        assert found.facts["first_class"] == called
