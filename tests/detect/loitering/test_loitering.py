"""Labelled cases from the published texts: docs/detectors/loitering.md, the rule."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from littoral.area.geodesy import KNOT_MPS
from littoral.area.world import World
from littoral.detect.loitering import DETECTOR
from littoral.detect.loitering.settings import COASTAL, GFW, LoiteringSettings
from littoral.schema.ais import Positions
from littoral.schema.finding import CAUTION, NOTED, Finding
from littoral.schema.fleet import Fleet
from tests.detect.making import at_us, final, fixes, fleet_of, moved, place, run, world
from tests.fuse.scene import Coast

START = at_us("2026-11-24T03:00")
MINUTE_US, MILE = 60_000_000, 1852.0
SITE = (110.0, 17.0)


def sea(shore_m: float = 12 * MILE) -> World:
    return replace(world(), coast=Coast(shore_m))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Case:
    """A vessel that goes to and fro at `knots`, turning every ten minutes (`straight`: on one
    course), for `minutes`; before and after it makes 10 kn. `others` lie at anchor `apart` off,
    last heard at minute `heard`."""

    minutes: int = 200
    knots: float = 0.5
    straight: bool = False
    status: int = 0
    ship_type: int = 70
    shore: float = 12 * MILE
    port: float | None = None  # metres from the place to the edge of a port
    others: int = 0
    apart: float = MILE
    heard: int = 10_000
    every: int = 1  # minutes between reports
    pause: int = 0  # minutes at 10 kn, then `minutes` once more

    def parts(self) -> list[Positions]:
        spans = [(0, self.minutes)]
        if self.pause:
            spans.append((self.minutes + self.pause, 2 * self.minutes + self.pause))
        last = spans[-1][1]
        minutes = np.arange(-60 // self.every * self.every, last + 91, self.every)
        lon, lat, sog = [], [], []
        for m in minutes:
            metres, knots = self._metres(float(m), spans)
            x, y = moved(*SITE, 90.0 if metres >= 0 else 270.0, abs(metres))
            lon.append(x)
            lat.append(y)
            sog.append(knots)
        return [fixes(0, START + minutes * MINUTE_US, lon, lat, sog, nav_status=self.status)]

    def _metres(self, m: float, spans: list[tuple[int, int]]) -> tuple[float, float]:
        """East of the site, and the speed reported there."""
        fast, slow, at = 10 * KNOT_MPS * 60.0, self.knots * KNOT_MPS * 60.0, 0.0
        for first, last in spans:
            if m < first:
                return at + fast * (m - first), 10.0
            run = min(m, last) - first
            at += slow * (run if self.straight else 10.0 - abs((run + 10.0) % 20.0 - 10.0))
            if m <= last:
                return at, self.knots
            at += fast * self.pause
        return at + fast * (m - spans[-1][1] - self.pause), 10.0

    def fleet(self) -> Fleet:
        fleet = fleet_of({0: self.ship_type, **{k + 1: 70 for k in range(self.others)}})
        lies = slice(1, 1 + self.others)
        lon, lat = moved(*SITE, 0.0, self.apart)
        fleet.lon_deg[lies], fleet.lat_deg[lies], fleet.nav_status[lies] = lon, lat, 1
        fleet.last_us[lies] = START + self.heard * MINUTE_US
        return fleet

    def told(self, settings: LoiteringSettings, **how: Any) -> list[Finding]:
        ports = ()
        if self.port is not None:
            ports = (place(*moved(*SITE, 180.0, self.port + 2_000.0), 2_000.0, "port"),)
        where = replace(sea(self.shore), ports=ports)
        return run(DETECTOR, settings, self.parts(), self.fleet(), where, keep=True, **how)


WAITS = Case()
# Name: (case, alerts, why); each number of the settings from both sides, within a tenth.
CASES = {
    "waits": (WAITS, 1, "3 h 20 at 0.5 kn"),
    "1.9 kn": (replace(WAITS, knots=1.9), 1, "below 2 kn"),
    "2.1 kn": (replace(WAITS, knots=2.1), 0, "not below 2 kn"),
    "2 h 50": (replace(WAITS, minutes=170), 0, "less than 3 h"),
    "3 h 10": (replace(WAITS, minutes=190), 1, "3 h and more"),
    "carried 1.35 miles in 3 h": (replace(WAITS, straight=True, knots=0.45), 1, "within 1.5"),
    "carried 1.65 miles in 3 h": (replace(WAITS, straight=True, knots=0.55), 0, "not within"),
    "reports 29 min apart": (replace(WAITS, minutes=290, every=29), 1, "interpolated"),
    "reports 32 min apart": (replace(WAITS, minutes=320, every=32), 0, "not interpolated"),
    "1.9 miles off": (replace(WAITS, shore=1.9 * MILE), 0, "nearer than 2 miles"),
    "2.1 miles off": (replace(WAITS, shore=2.1 * MILE), 1, "from 2 miles on"),
    "shore unknown": (replace(WAITS, shore=float("nan")), 0, "not evaluable, not told"),
    "23 miles off": (replace(WAITS, shore=23.0 * MILE), 1, "up to 24 for the watch"),
    "25 miles off": (replace(WAITS, shore=25.0 * MILE), 1, "kept, not told"),
    "4.8 km from a port": (replace(WAITS, port=4_800.0), 0, "within 5 km"),
    "5.2 km from a port": (replace(WAITS, port=5_200.0), 1, "beyond 5 km"),
    "two at anchor": (replace(WAITS, others=2), 1, "fewer than three"),
    "three at anchor": (replace(WAITS, others=3), 0, "people wait there"),
    "three, 1.9 miles off": (replace(WAITS, others=3, apart=1.9 * MILE), 0, "within 2 miles"),
    "three, 2.1 miles off": (replace(WAITS, others=3, apart=2.1 * MILE), 1, "beyond"),
    "heard 11.3 h before": (replace(WAITS, others=3, heard=-500), 0, "within 12 h"),
    "heard 12.6 h before": (replace(WAITS, others=3, heard=-576), 1, "not within 12 h"),
    "anchorage that empties": (replace(WAITS, minutes=300, others=3, heard=-530), 1,
                               "not so at 3 h, so when asked again an hour later"),
    "again after an hour": (replace(WAITS, pause=60), 1, "the same event"),
    "again after 70 min": (replace(WAITS, pause=70), 2, "another event"),
    "ten hours": (replace(WAITS, minutes=600), 1, "told again after 6 h"),
    "at anchor": (replace(WAITS, status=1), 0, "says so"),
    "moored": (replace(WAITS, status=5), 0, "says so"),
    "aground": (replace(WAITS, status=6), 0, "says so"),
    "engaged in fishing": (replace(WAITS, status=7), 0, "says so"),
    "no status": (replace(WAITS, status=-1), 1, "class B"),
    "pilot": (replace(WAITS, ship_type=50), 0, "waits by trade"),
    "fishing vessel": (replace(WAITS, ship_type=30), 0, "lies to its nets"),
    "type unknown": (replace(WAITS, ship_type=-1), 1, "not known to wait by trade"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_coastal(name: str) -> None:
    case, alerts, why = CASES[name]
    assert len(final(case.told(COASTAL))) == alerts, why


def summary(settings: LoiteringSettings) -> dict[str, list[tuple[Any, ...]]]:
    """Every version of every alert of every case."""
    return {
        name: [
            (f.start_us, f.end_us, f.updated_us, f.priority, f.facts["duration_s"])
            for f in case.told(settings, slice_us=120_000_000)
        ]
        for name, (case, _, _) in CASES.items()
    }


@pytest.fixture(scope="module")
def as_published() -> dict[str, list[tuple[Any, ...]]]:
    return summary(COASTAL)


NUMBERS = [
    f.name
    for f in dataclasses.fields(COASTAL)
    if isinstance(getattr(COASTAL, f.name), (int, float))
    and not isinstance(getattr(COASTAL, f.name), bool)
]


@pytest.mark.parametrize("factor", [0.8, 1.2])
@pytest.mark.parametrize("name", NUMBERS)
def test_each_number_decides(
    name: str, factor: float, as_published: dict[str, list[tuple[Any, ...]]]
) -> None:
    old = getattr(COASTAL, name)
    new = round(old * factor) if isinstance(old, int) else old * factor
    assert summary(replace(COASTAL, **{name: new})) != as_published


def test_what_is_told_when() -> None:
    versions = CASES["ten hours"][0].told(COASTAL)
    hours = [(f.updated_us - START) / 3.6e9 for f in versions]
    assert hours == pytest.approx([3.0, 9.0, 10 + 1 / 6 + 1.0], abs=0.01)  # again an hour after
    assert {f.start_us for f in versions} == {START}
    assert [f.end_us for f in versions] == [None, None, START + 600 * MINUTE_US]
    assert versions[-1].facts["duration_s"] == 600 * 60
    assert versions[-1].facts["mean_speed_mps"] == pytest.approx(0.5 * KNOT_MPS, abs=0.01)
    assert versions[-1].facts["shore_m"] == 12 * MILE
    assert 1 <= len(versions[-1].evidence) <= 8


def test_what_did_not_count_at_three_hours_is_asked_about_at_four() -> None:
    first = CASES["anchorage that empties"][0].told(COASTAL)[0]
    assert (first.updated_us - START) / 3.6e9 == pytest.approx(4.0, abs=0.01)


def test_priority_by_distance_from_shore() -> None:
    for miles, priority in ((23.0, CAUTION), (25.0, NOTED)):
        (alert,) = final(replace(WAITS, shore=miles * MILE).told(COASTAL)).values()
        assert alert.priority == priority


def test_silence_ends_it() -> None:
    case = replace(WAITS, minutes=240)
    parts = [p.take(p.t_us <= START + 215 * MINUTE_US) for p in case.parts()]
    versions = run(DETECTOR, COASTAL, parts, case.fleet(), sea(), after_s=3600.0, keep=True)
    assert versions[-1].end_us == START + 210 * MINUTE_US  # the last tick
    assert versions[-1].updated_us == START + (215 + 30) * MINUTE_US


@pytest.mark.parametrize(
    ("case", "alerts", "why"),
    [
        (replace(WAITS, shore=20.5 * MILE, minutes=130), 1, "two hours of the clock below 2 kn"),
        (replace(WAITS, shore=19.5 * MILE, minutes=130), 0, "nearer than 20 miles"),
        (replace(WAITS, shore=20.5 * MILE, minutes=110), 0, "one hour of the clock is not more"),
        (replace(WAITS, shore=20.5 * MILE, minutes=130, knots=1.9), 1, "below 2 kn"),
        (replace(WAITS, shore=20.5 * MILE, minutes=130, knots=2.1), 0, "not below 2 kn"),
        (replace(WAITS, shore=20.5 * MILE, minutes=130, status=1), 1, "names no status"),
        (replace(WAITS, shore=20.5 * MILE, minutes=130, ship_type=30), 1, "names no class"),
        (replace(WAITS, shore=20.5 * MILE, minutes=130, others=9), 1, "names no anchorage"),
        (replace(WAITS, shore=20.5 * MILE, minutes=130, pause=110), 2, "an hour between: two"),
        (replace(WAITS, shore=20.5 * MILE, minutes=180, straight=True, knots=1.5), 1, "carried"),
        (replace(WAITS, shore=20.5 * MILE, minutes=1380, every=690), 1, "silent for up to 12 h"),
        (replace(WAITS, shore=20.5 * MILE, minutes=1500, every=750), 0, "silent for longer"),
    ],
)
def test_gfw(case: Case, alerts: int, why: str) -> None:
    assert [f.priority for f in final(case.told(GFW)).values()] == [CAUTION] * alerts, why


def test_gfw_is_told_after_two_hours_of_the_clock_and_six_hours_later() -> None:
    """On whole hours `hold_s` and `ask_s` made a fifth less are two hours and one as before;
    `far_priority` is nobody's, since no distance parts near from far."""
    versions = replace(WAITS, shore=20.5 * MILE, minutes=600).told(GFW)
    hours = [(f.updated_us - START) / 3.6e9 for f in versions]
    assert hours[:2] == pytest.approx([2.0, 8.0], abs=0.01)


def test_gfw_takes_the_mean_distance_from_shore() -> None:
    """18.05 miles off a shore that runs north and south, and each mile east is one more."""

    class Meridian:
        def shore_distance_m(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
            return 18.05 * MILE + (lon - SITE[0]) * 60.0 * MILE * np.cos(np.radians(lat))

    case = Case(minutes=240, straight=True, knots=1.0)
    where = replace(world(), coast=Meridian())  # type: ignore[arg-type]
    versions = run(DETECTOR, GFW, case.parts(), case.fleet(), where, keep=True)
    # Block ends are 19.05, 20.05, ... miles off: on average 20.05 with the third.
    assert (versions[0].updated_us - START) / 3.6e9 == pytest.approx(3.0, abs=0.01)
    assert versions[0].facts["shore_m"] == pytest.approx(20.05 * MILE, rel=0.002)
    assert versions[-1].facts["shore_m"] == pytest.approx(20.55 * MILE, rel=0.002)


@pytest.mark.parametrize("settings", [COASTAL, GFW])
def test_checkpoints_and_longer_slices_change_nothing(settings: LoiteringSettings) -> None:
    case = replace(WAITS, minutes=300, shore=21 * MILE)
    once = case.told(settings)
    assert case.told(settings, repack=True) == once
    longer = final(case.told(settings, slice_us=120_000_000))
    assert longer == final(once)


def test_doubtful_and_foreign_reports_are_not_taken() -> None:
    for columns in ({"flags": 8}, {"kind": 5}, {"kind": 3}):
        case = WAITS
        parts = case.parts()
        for name, value in columns.items():
            getattr(parts[0], name)[:] = value
        assert run(DETECTOR, COASTAL, parts, case.fleet(), sea(), keep=True) == []


def test_sentences() -> None:
    waits, _, over = CASES["ten hours"][0].told(COASTAL)
    names = {waits.things[0]: "HAI YAN 61"}
    assert DETECTOR.sentence(waits, names, "en") == (
        "HAI YAN 61 has been waiting for 3.0 h at 0.5 kn, 12.0 n mile off shore, where no port or "
        "anchorage is"
    )
    assert DETECTOR.sentence(over, names, "zh") == (
        "HAI YAN 61曾在离岸12.0海里处低速滞留10.0小时，平均航速0.5节，该处不是港口或锚地"
    )
