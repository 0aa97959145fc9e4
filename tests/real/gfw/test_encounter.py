"""Published definitions of encounters through `littoral run --profile gfw` and `skylight`.

The texts are in SOURCE.md beside this file. Pairs drift east off the real coast, all in one table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from littoral.area import load_world
from tests.real.gfw.sea import (
    KNOT_MPS,
    Vessel,
    alerts_of,
    listener,
    littoral_run,
    utc,
    write_csv,
)

START = "2026-06-01T20:00:00"
MINUTE = 60.0
ASIDE_MPS = 4.0  # at which the second ship comes and goes: a jump would be no visit


@dataclass(frozen=True)
class Case:
    """Two ships within `metres` of each other in the `spans`, minutes after 20:30 UTC."""

    why: str
    told: tuple[tuple[int, int], ...]  # what must come, in the same minutes
    spans: tuple[tuple[int, int], ...] = ((0, 150),)
    metres: float = 200.0
    knots: float | tuple[tuple[int, float], ...] = 0.5  # or (from minute, knots) in turn
    fix_min: int = 5
    types: tuple[int, int] = (30, 70)


def both(first: int, last: int) -> tuple[tuple[int, int], ...]:
    return ((first, last),)


GFW = (
    Case("2.5 h, 200 m, 0.5 kn", both(0, 150)),
    Case("490 m", both(0, 150), metres=490),
    Case("510 m", (), metres=510),
    Case("2 h: at least", both(0, 120), both(0, 120)),
    Case("10 min less than 2 h", (), both(0, 110)),
    Case("2 h 5 min, but off the grid: 1 h 50 of ticks", (), both(5, 125)),
    Case("1.9 kn", both(0, 150), knots=1.9),
    Case("2.1 kn", (), knots=2.1),
    Case("median below 2 kn, mean 2.5", both(0, 150), knots=((-60, 5.0), (60, 0.5))),
    Case("median 3 kn, mean 1.7", (), knots=((-60, 3.0), (80, 0.0))),
    Case("fixes an hour apart", both(0, 300), both(0, 300), fix_min=60),
    Case("fixes 65 min apart", (), both(0, 325), fix_min=65),
    Case("runs 3 h 50 apart are one", both(0, 490), ((0, 130), (360, 490))),
    Case("runs 4 h 10 apart are two", ((0, 130), (380, 510)), ((0, 130), (380, 510))),
    Case("across midnight UTC: 23:00 to 01:00", both(150, 270), both(150, 270)),
    Case("until midnight: 22:00 to 24:00", both(90, 210), both(90, 210)),
    Case("from midnight: 00:00 to 02:00", both(210, 330), both(210, 330)),
    Case("two tugs: the text names no types", both(0, 150), types=(52, 31)),
)
SKYLIGHT = (
    Case("31 min: more than 30", both(0, 31), both(0, 31), fix_min=1),
    Case("30 min: not more", (), both(0, 30), fix_min=1),
    Case("245 m", both(0, 60), both(0, 60), 245, fix_min=1),
    Case("255 m", (), both(0, 60), 255, fix_min=1),
    Case("at 6 kn: the text names no speed", both(0, 45), both(0, 45), knots=6.0, fix_min=1),
)


def pair(case: Case, k: int, lon: float, lat: float) -> list[Vessel]:
    first, last = case.spans[0][0], case.spans[-1][1]
    minutes = np.arange(first - 3 * case.fix_min, last + 3 * case.fix_min + 1, case.fix_min)
    times = (30 + minutes) * MINUTE
    turns = case.knots if isinstance(case.knots, tuple) else ((-(10**6), case.knots),)
    # Of the step that ends at each report.
    knots = np.array([[kn for since, kn in turns if m > since][-1:] or [turns[0][1]]
                      for m in minutes])[:, 0]  # fmt: skip
    together = np.zeros(len(minutes), bool)
    for a, b in case.spans:
        together |= (minutes >= a) & (minutes <= b)
    apart = case.metres + min(6000.0, ASIDE_MPS * 60.0 * case.fix_min)
    aside = np.where(together, case.metres, apart)
    base = 412_300_000 + 10 * k
    return [
        Vessel(base, case.types[0]).legs(times, lon, lat, knots),
        Vessel(base + 1, case.types[1]).legs(times, lon, lat, knots, aside),
    ]


def run(cases: Sequence[Case], profile: str, folder: Path) -> dict[int, list[dict]]:
    """Alerts by case; pairs lie 0.15 degrees (16 km) apart, none within 40 km of a port."""
    ships = []
    for k, case in enumerate(cases):
        ships += pair(case, k, 111.2 + 0.6 * (k % 2), 18.0 + 0.15 * (k // 2))
    source = write_csv(folder / "pairs.csv", START, [*ships, listener(24 * 3600.0)])
    out = littoral_run(source, folder / "out", profile, "--detectors", "encounter")
    found: dict[int, list[dict]] = {}
    for alert in alerts_of(out, "encounter"):
        k = (alert["mmsi"][0] - 412_300_000) // 10
        assert alert["mmsi"] == (412_300_000 + 10 * k, 412_300_001 + 10 * k)
        found.setdefault(k, []).append(alert)
    return found


@pytest.fixture(scope="module")
def gfw(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[dict]]:
    return run(GFW, "gfw", tmp_path_factory.mktemp("gfw"))


@pytest.fixture(scope="module")
def skylight(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[dict]]:
    return run(SKYLIGHT, "skylight", tmp_path_factory.mktemp("skylight"))


def check(case: Case, found: list[dict]) -> None:
    spans = sorted((alert["start_us"], alert["end_us"]) for alert in found)
    expected = [tuple(utc(START, (30 + m) * MINUTE) for m in span) for span in case.told]
    assert spans == expected, case.why
    for alert in found:
        assert alert["facts"]["distance_m"] == pytest.approx(case.metres, rel=0.01)


@pytest.mark.parametrize("k", range(len(GFW)), ids=[c.why for c in GFW])
def test_gfw(gfw: dict[int, list[dict]], k: int) -> None:
    check(GFW[k], gfw.get(k, []))


@pytest.mark.parametrize("k", range(len(SKYLIGHT)), ids=[c.why for c in SKYLIGHT])
def test_skylight(skylight: dict[int, list[dict]], k: int) -> None:
    check(SKYLIGHT[k], skylight.get(k, []))


def test_ten_kilometres_from_a_coastal_anchorage(tmp_path: Path) -> None:
    """Ports stand in: three of the east coast, east of them 10 km and 100 m from the edge of the
    port's circle, and 100 m less than 10 km. Distances by PROJ; no other port is as near."""
    geod = Geod(ellps="WGS84")
    ports = load_world("hainan").ports
    ships, expected = [], set()
    case = Case("near a port", (), knots=0.0)
    chosen = [p for p in ports if p.name["en"] in ("Qinglan", "Wuchang", "Tanmen")]
    assert len(chosen) == 3
    for n, port in enumerate(chosen):
        for m, more in enumerate((100.0, -100.0 - case.metres)):
            k = 2 * n + m
            away = port.radius_m + 10_000.0 + more
            lon, lat, _ = geod.fwd(port.lon_deg, port.lat_deg, 90.0, away)
            for other in ports:
                _, _, metres = geod.inv(lon, lat, other.lon_deg, other.lat_deg)
                assert other is port or metres - other.radius_m > 10_500.0
            ships += pair(case, k, lon, lat)
            if more > 0:
                expected.add(412_300_000 + 10 * k)
    source = write_csv(tmp_path / "near.csv", START, [*ships, listener(12 * 3600.0)])
    out = littoral_run(source, tmp_path / "out", "gfw", "--detectors", "encounter")
    assert {a["mmsi"][0] for a in alerts_of(out, "encounter")} == expected


def test_a_pair_is_as_slow_as_it_is_drawn() -> None:
    """The scene itself: 1.9 kn for 2.5 h and its margins is 180 min of way."""
    first, second = pair(GFW[6], 0, 111.2, 18.0)
    geod = Geod(ellps="WGS84")
    _, _, way = geod.inv(*first.rows[0][1:3], *first.rows[-1][1:3])
    assert way == pytest.approx(1.9 * KNOT_MPS * 180 * 60, rel=1e-6)
    _, _, apart = geod.inv(*first.rows[10][1:3], *second.rows[10][1:3])
    assert apart == pytest.approx(200.0, abs=0.01)
