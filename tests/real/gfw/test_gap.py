"""Global Fishing Watch's AIS disabling events through `littoral run --profile gfw`.

The texts are in SOURCE.md beside this file. All vessels are in one table; each case says what must
come of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from littoral.cli import main
from tests.real.gfw.sea import (
    HOUR,
    NAUTICAL_MILE_M,
    Vessel,
    alerts_of,
    listener,
    littoral_run,
    off_shore,
    shore_m,
    utc,
    write_csv,
)

START = "2026-06-01T00:00:00"
FIFTY = 50 * NAUTICAL_MILE_M
OFF_S = 16 * HOUR  # when the silence begins
BACK = 13 * HOUR


@dataclass(frozen=True)
class Case:
    """A vessel that reports `positions` times in the `span_s` up to its silence."""

    why: str
    told: bool
    shore_m: float = FIFTY + 2000.0
    positions: int = 40
    span_s: float = 12 * HOUR
    silence_s: float = BACK  # 0: it never comes back
    back_shore_m: float | None = None  # where it is heard again, when not where it was
    ship_type: int = 30


CASES = (
    Case("silent for 12 h and a minute", True, silence_s=12 * HOUR + 60),
    Case("silent for 12 h: at least", True, silence_s=12 * HOUR),
    Case("silent for a minute less than 12 h", False, silence_s=12 * HOUR - 60),
    Case("silent to the end of the data", True, silence_s=0),
    Case("150 m beyond 50 n mile", True, shore_m=FIFTY + 150),
    Case("150 m within 50 n mile", False, shore_m=FIFTY - 150),
    Case("begun beyond 50 n mile, heard again near the coast", True, back_shore_m=80_000.0),
    Case("begun near the coast, heard again beyond", False, 80_000.0, back_shore_m=FIFTY + 2000),
    Case("14 positions in the 12 h before", True, positions=14),
    Case("13 positions in the 12 h before", False, positions=13),
    Case(
        "14 positions, the first a minute within the 12 h", True, FIFTY + 2000, 14, 12 * HOUR - 60
    ),
    Case(
        "14 positions, the first a minute before the 12 h", False, FIFTY + 2000, 14, 12 * HOUR + 60
    ),
    Case("a cargo ship: the text names no types", True, ship_type=70),
)
FAR = (-150.0, 20.0)  # mid-ocean: the coarse coast of the world judges there


def vessel_of(case: Case, k: int) -> Vessel:
    lon = 109.2 + 0.03 * k
    lat = off_shore(lon, case.shore_m)
    ship = Vessel(412_000_100 + k, case.ship_type)
    ship.stay(OFF_S - case.span_s + np.linspace(0.0, case.span_s, case.positions), lon, lat)
    if case.silence_s:
        again = lat if case.back_shore_m is None else off_shore(lon, case.back_shore_m)
        ship.stay([OFF_S + case.silence_s], lon, again)
    return ship


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[dict]]:
    folder = tmp_path_factory.mktemp("gap")
    ships = [vessel_of(case, k) for k, case in enumerate(CASES)]
    ocean = Vessel(412_000_900, 30).stay(np.arange(OFF_S - 6 * HOUR, OFF_S + 1, 600.0), *FAR)
    source = write_csv(folder / "gaps.csv", START, [*ships, ocean, listener(36 * HOUR)])
    found = alerts_of(littoral_run(source, folder / "out", "gfw", "--detectors", "gap"), "gap")
    by_mmsi: dict[int, list[dict]] = {}
    for alert in found:
        assert len(alert["mmsi"]) == 1
        by_mmsi.setdefault(alert["mmsi"][0], []).append(alert)
    return by_mmsi


@pytest.mark.parametrize("k", range(len(CASES)), ids=[c.why for c in CASES])
def test_case(told: dict[int, list[dict]], k: int) -> None:
    case, found = CASES[k], told.get(412_000_100 + k, [])
    assert len(found) == int(case.told), case.why
    for alert in found:
        assert alert["start_us"] == utc(START, OFF_S)
        end = utc(START, OFF_S + case.silence_s) if case.silence_s else None
        assert alert["end_us"] == end
        # By PROJ: the packaged coast is asked by other means than Littoral's.
        assert alert["facts"]["shore_m"] == pytest.approx(case.shore_m, rel=5e-4)


def test_the_coast_of_the_world_judges_too(told: dict[int, list[dict]]) -> None:
    (alert,) = told[412_000_900]
    assert alert["facts"]["shore_m"] > FIFTY
    assert alert["facts"]["positions_before"] == 14


def test_nothing_else_is_told(told: dict[int, list[dict]]) -> None:
    assert sum(map(len, told.values())) == 1 + sum(c.told for c in CASES)


def test_sites_lie_where_the_cases_say() -> None:
    """No other shore is nearer than the island's."""
    for k, case in enumerate(CASES):
        lon = 109.2 + 0.03 * k
        assert shore_m(lon, off_shore(lon, case.shore_m)) == pytest.approx(case.shore_m, abs=1.0)


def test_reception_above_ten_positions_a_day(tmp_path: Path, capsys) -> None:
    """Twelve ships teach each of three places: every 2 h 15 min is 10.7 positions a day, every
    2 h 25 min 9.9; the third place is not taught, where the 14 positions stand in."""
    places = {"10.7 a day": (109.25, 8100.0), "9.9 a day": (110.05, 8700.0), "unknown": (110.75, 0)}
    lat = 17.05
    assert all(shore_m(lon, lat) > FIFTY for lon, _ in places.values())
    teachers = []
    for k, (lon, every_s) in enumerate(places.values()):
        for n in range(12 if every_s else 0):
            ship = Vessel(412_100_000 + 100 * k + n, 30)
            times = n * 60.0 + np.arange(6) * every_s
            # To and fro inside one cell at 3 kn, by its own log: only the moving teach.
            ship.stay(times, lon + 0.0005 * n, lat, kn=3.0)
            teachers.append(ship)
    past = write_csv(tmp_path / "past.csv", START, [*teachers, listener(16 * HOUR)])
    lake = littoral_run(past, tmp_path / "past", "gfw", "--detectors", "gap")
    learned = tmp_path / "reception.arrow"
    assert main(["learn", "reception", "--data", str(lake), "--out", str(learned)]) == 0
    dark = [
        Vessel(412_200_000 + k, 30).stay(np.arange(0.0, 6 * HOUR, 600.0), lon, lat)
        for k, (lon, _) in enumerate(places.values())
    ]
    source = write_csv(tmp_path / "dark.csv", "2026-07-01T00:00:00", [*dark, listener(20 * HOUR)])
    more = ("--detectors", "gap", "--reception", str(learned))
    found = alerts_of(littoral_run(source, tmp_path / "out", "gfw", *more), "gap")
    said = {a["mmsi"][0] - 412_200_000: a["facts"] for a in found}
    assert sorted(said) == [0, 2]
    assert said[0]["positions_per_day"] == 11.0  # 86,400 / 8,100 = 10.67, rounded for people
    assert (said[0]["reception"], said[2]["reception"]) == ("known", "unknown")
