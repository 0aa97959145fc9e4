"""Labelled cases from the published text: docs/detectors/drift.md, the rule."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from littoral.area.geodesy import KNOT_MPS
from littoral.area.world import World
from littoral.detect.drift import DETECTOR
from littoral.detect.drift.settings import COASTAL, DriftSettings
from littoral.schema.ais import Positions
from littoral.schema.finding import CAUTION, NOTED, WARNING, Finding
from littoral.schema.fleet import Fleet
from tests.detect.making import at_us, final, fixes, fleet_of, moved, place, run, world
from tests.fuse.scene import Coast

START = at_us("2026-11-24T03:00")
MINUTE_US, MILE = 60_000_000, 1852.0
SITE = (110.0, 17.0)
NUC, ANCHORED = 2, 1


def sea(shore_m: float = 8 * MILE) -> World:
    return replace(world(), coast=Coast(shore_m))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Leg:
    """So many minutes eastward at so many knots, heading `heading`, with a status."""

    minutes: float
    knots: float
    status: int = 0
    heading: float = 90.0


@dataclass(frozen=True)
class Case:
    legs: tuple[Leg, ...]
    ship_type: int = 70
    to_bow: float = 100.0
    length: float = 130.0
    shore: float = 8 * MILE
    port: float | None = None  # metres from the site, westward, to the edge of a port
    every: float = 1.0  # minutes between reports
    kind: int = 0

    def parts(self) -> list[Positions]:
        ends = np.cumsum([leg.minutes for leg in self.legs])
        before = self.every * np.ceil(6.0 / self.every)  # comes at 9 kn
        minutes = np.arange(-before, ends[-1] + 0.001, self.every)
        way = np.concatenate(
            [[0.0], np.cumsum([leg.minutes * leg.knots * KNOT_MPS * 60.0 for leg in self.legs])]
        )
        metres = np.interp(minutes, np.concatenate([[0.0], ends]), way)
        metres += np.minimum(minutes, 0.0) * 9.0 * KNOT_MPS * 60.0
        # What is said at a moment holds of the leg that ends then.
        leg = np.minimum(np.searchsorted(ends, minutes - 1e-9), len(self.legs) - 1)
        east = [moved(*SITE, 90.0 if m >= 0 else 270.0, abs(float(m))) for m in metres]
        lon, lat = zip(*east, strict=True)

        def column(name: str) -> np.ndarray:
            return np.array([getattr(self.legs[int(j)], name) for j in leg], float)

        times = START + np.rint(minutes * MINUTE_US).astype(np.int64)
        return [
            fixes(0, times, lon, lat, column("knots"), 90.0, nav_status=column("status"),
                  heading_deg=column("heading"), kind=self.kind)
        ]  # fmt: skip

    def fleet(self) -> Fleet:
        fleet = fleet_of({0: self.ship_type})
        fleet.to_bow_m[0], fleet.to_stern_m[0] = self.to_bow, self.length - self.to_bow
        return fleet

    def told(self, settings: DriftSettings, **how: Any) -> list[Finding]:
        ports = ()
        if self.port is not None:
            ports = (place(*moved(*SITE, 270.0, self.port + 2_000.0), 2_000.0, "port"),)
        where = replace(sea(self.shore), ports=ports)
        return run(DETECTOR, settings, self.parts(), self.fleet(), where, keep=True, **how)


def drifts(minutes: float, knots: float, status: int = NUC, **leg: Any) -> Case:
    """Under way, then adrift, then under way again."""
    way = Leg(30, 12.0)
    return Case((way, Leg(minutes, knots, status, **leg), replace(way, minutes=45)))


def drags(
    minutes: float, knots: float = 1.5, lies: float = 60, then: tuple[Leg, ...] = (), **leg: Any
) -> Case:
    """At anchor, then carried, then (unless told otherwise) under way."""
    leg = {"status": ANCHORED, **leg}
    return Case((Leg(lies, 0.0, ANCHORED), Leg(minutes, knots, **leg), *(then or (Leg(30, 9.0),))))


LIES = (Leg(90, 0.0, ANCHORED),)
# Name: (case, kinds told, why); each number of the settings from both sides, within a tenth.
CASES: dict[str, tuple[Case, list[str], str]] = {
    "not under command": (drifts(60, 1.5), ["drifting"], "1.5 kn for an hour"),
    "aground, and moves": (drifts(60, 1.5, 6), ["drifting"], "cannot make way"),
    "across the keel": (drifts(60, 1.5, 0, heading=170.0), ["drifting"], "80 degrees off"),
    "47 degrees off": (drifts(60, 1.5, 0, heading=137.0), ["drifting"], "more than 45"),
    "43 degrees off": (drifts(60, 1.5, 0, heading=133.0), [], "not more than 45"),
    "47 degrees off astern": (drifts(60, 1.5, 0, heading=223.0), ["drifting"], "off its reverse"),
    "43 degrees off astern": (drifts(60, 1.5, 0, heading=227.0), [], "goes astern"),
    "no heading": (drifts(60, 1.5, 0, heading=float("nan")), [], "not available does not fire"),
    "under way": (drifts(60, 1.5, 0), [], "makes way slowly"),
    "at anchor, across": (drifts(60, 1.5, 1, heading=170.0), [], "says that it is at anchor"),
    "moored, across": (drifts(60, 1.5, 5, heading=170.0), [], "says that it is moored"),
    "0.53 kn": (drifts(100, 0.53), ["drifting"], "from 0.5 kn on"),
    "0.47 kn": (drifts(100, 0.47), [], "slower"),
    "3.9 kn": (drifts(60, 3.9), ["drifting"], "up to 4 kn"),
    "4.1 kn": (drifts(60, 4.1), [], "faster"),
    "30 min": (drifts(30, 3.0), ["drifting"], "for half an hour"),
    "27 min": (drifts(27, 3.0), [], "shorter"),
    "1,250 m": (drifts(45, 0.9), ["drifting"], "1,200 m and more"),
    "1,125 m": (drifts(45, 0.81), [], "less than 1,200 m"),
    "52 m long": (replace(drifts(60, 1.5), length=52.0, to_bow=20.0), ["drifting"], "from 50 m"),
    "48 m long": (replace(drifts(60, 1.5), length=48.0, to_bow=20.0), [], "shorter"),
    "length unknown": (replace(drifts(60, 1.5), to_bow=float("nan")), ["drifting"], "may be long"),
    "1.95 km from a port": (Case((Leg(45, 1.0, NUC), Leg(45, 9.0)), port=561.0), ["drifting"],
                            "the last tick is beyond 1,852 m"),
    "1.75 km from a port": (Case((Leg(45, 1.0, NUC), Leg(45, 9.0)), port=361.0), [], "within"),
    "reports 30 min apart": (replace(drifts(90, 1.5), every=30.0), ["drifting"], "interpolated"),
    "reports 33 min apart": (replace(drifts(99, 1.5), every=33.0), [], "not interpolated"),
    "fishing vessel": (replace(drifts(60, 1.5), ship_type=30), [], "not a merchant vessel"),
    "type unknown": (replace(drifts(60, 1.5), ship_type=-1), [], "not known to be one"),
    "class B": (replace(drifts(60, 1.5), kind=1), [], "not class A"),
    "again after 27 min": (Case((*drifts(60, 1.5).legs[:2], Leg(27, 9.0), Leg(60, 1.5, NUC),
                                 Leg(45, 9.0))), ["drifting"], "the same event"),
    "again after 30 min": (Case((*drifts(60, 1.5).legs[:2], Leg(30, 9.0), Leg(60, 1.5, NUC),
                                 Leg(45, 9.0))), ["drifting", "drifting"], "another event"),
    "for two hours": (drifts(120, 1.5), ["drifting"], "told again each half hour"),
    "5.8 miles off": (replace(drifts(60, 1.5), shore=5.8 * MILE), ["drifting"], "a warning"),
    "6.2 miles off": (replace(drifts(60, 1.5), shore=6.2 * MILE), ["drifting"], "a caution"),
    "23 miles off": (replace(drifts(60, 1.5), shore=23 * MILE), ["drifting"], "a caution"),
    "25 miles off": (replace(drifts(60, 1.5), shore=25 * MILE), ["drifting"], "noted"),
    "drags": (drags(60), ["dragging"], "1.5 km with the status left at anchor"),
    "drags, status changes": (drags(12), [], "got under way 550 m off"),
    "drags at 3.9 kn": (drags(60, 3.9), ["dragging"], "not faster than 4 kn"),
    "under way at 4.1 kn": (drags(60, 4.1), [], "status left at anchor"),
    "drags 665 m": (drags(14.4, then=LIES), ["dragging"], "more than 2 x (100 + 220) m"),
    "drags 610 m": (drags(13.2, then=LIES), [], "no more than 2 x (100 + 220) m"),
    "drags 865 m, bow unknown": (replace(drags(18.72, then=LIES), to_bow=float("nan")),
                                 ["dragging"], "more than 2 x (200 + 220) m"),
    "drags 815 m, bow unknown": (replace(drags(17.64, then=LIES), to_bow=float("nan")),
                                 [], "no more"),
    "lay for 30 min": (drags(60, lies=30), ["dragging"], "lies after half an hour"),
    "lay for 27 min": (drags(60, lies=27), [], "did not lie yet"),
    "swung at 0.48 kn": (Case((Leg(30, 0.48, ANCHORED), *drags(60).legs[1:])), ["dragging"],
                         "still is up to 0.5 kn"),
    "swung at 0.52 kn": (Case((Leg(30, 0.52, ANCHORED), *drags(60).legs[1:])), [], "not still"),
    "out for 15 min": (drags(30), ["dragging"], "out at 15, 18, ... 30 min"),
    "out for 12 min": (drags(27), [], "out at 15, ... 27 min"),
    "brought up": (drags(40, then=(Leg(75, 0.0, ANCHORED), *drags(60).legs[1:])),
                   ["dragging", "dragging"], "still for half an hour, then at anchor again"),
    "drags in port": (replace(drags(60), port=-2_500.0), [], "shifts its berth"),
    "a fishing vessel": (replace(drags(60), ship_type=30), [], "not a merchant vessel"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_coastal(name: str) -> None:
    case, kinds, why = CASES[name]
    assert [f.kind for f in final(case.told(COASTAL)).values()] == kinds, why


def summary(settings: DriftSettings) -> dict[str, list[tuple[Any, ...]]]:
    """Every version of every alert of every case."""
    return {
        name: [
            (f.kind, f.start_us, f.end_us, f.updated_us, f.priority)
            for f in case.told(settings, slice_us=60_000_000)
        ]
        for name, (case, _, _) in CASES.items()
    }


@pytest.fixture(scope="module")
def as_published() -> dict[str, list[tuple[Any, ...]]]:
    return summary(COASTAL)


@pytest.mark.parametrize("factor", [0.8, 1.2])
@pytest.mark.parametrize("name", [f.name for f in dataclasses.fields(COASTAL)])
def test_each_number_decides(
    name: str, factor: float, as_published: dict[str, list[tuple[Any, ...]]]
) -> None:
    old = getattr(COASTAL, name)
    new = round(old * factor) if isinstance(old, int) else old * factor
    assert summary(replace(COASTAL, **{name: new})) != as_published


def test_drifting_is_told_when_due_each_half_hour_and_at_its_end() -> None:
    versions = CASES["for two hours"][0].told(COASTAL)
    minutes = [(f.updated_us - START) / MINUTE_US for f in versions]
    # From minute 30 on; 1,200 m at 1.5 kn are 25.9 min, so it is due after 30.
    assert minutes == [60, 90, 120, 150, 180]
    assert {f.start_us for f in versions} == {START + 30 * MINUTE_US}
    assert versions[-2].end_us is None
    assert versions[-1].end_us == START + 150 * MINUTE_US
    facts = versions[-1].facts
    assert facts["duration_s"] == 7200
    assert facts["distance_m"] == pytest.approx(120 * 60 * 1.5 * KNOT_MPS, rel=0.001)
    assert facts["speed_mps"] == pytest.approx(1.5 * KNOT_MPS, abs=0.01)
    assert facts["cog_deg"] == pytest.approx(90.0, abs=0.1)
    assert 1 <= len(versions[-1].evidence) <= 8


@pytest.mark.parametrize(
    ("miles", "priority"), [(5.8, WARNING), (6.2, CAUTION), (23, CAUTION), (25, NOTED)]
)
def test_priority_of_drifting(miles: float, priority: int) -> None:
    (alert,) = final(replace(drifts(60, 1.5), shore=miles * MILE).told(COASTAL)).values()
    assert alert.priority == priority


class Leaves(Coast):
    """A shore to the west: 6 n mile from where it is, adrift since minute 30, at minute 97.5."""

    def shore_distance_m(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        east_m = np.radians(lon - SITE[0]) * 6_371_008.8 * np.cos(np.radians(SITE[1]))
        return 6 * MILE + east_m - (30 * 12.0 + 67.5 * 1.5) * 60.0 * KNOT_MPS


def test_priority_is_that_of_where_it_was_last_asked() -> None:
    # Adrift to minute 105, asked about at 60 and 90: warnings. What is 600 m farther is told of at
    # its end alone, and the text gives no other priority then.
    case = drifts(75, 1.5)
    where = replace(world(), coast=Leaves())  # type: ignore[arg-type]
    versions = run(DETECTOR, COASTAL, case.parts(), case.fleet(), where, keep=True)
    assert [f.priority for f in versions] == [WARNING] * 3
    assert [f.end_us is not None for f in versions] == [False, False, True]
    assert versions[-1].facts["shore_m"] > 6 * MILE > versions[-2].facts["shore_m"]


def test_dragging_is_told_a_quarter_of_an_hour_after_it_left_the_circle() -> None:
    versions = drags(60).told(COASTAL)
    minutes = [(f.updated_us - START) / MINUTE_US for f in versions]
    # 640 m at 1.5 kn are 13.8 min: out at minutes 75, 78, ... 90; then each half hour. The status
    # is another at minute 123.
    assert minutes == [90, 120, 123]
    assert {f.start_us for f in versions} == {START + 75 * MINUTE_US}
    assert [f.end_us for f in versions] == [None, None, START + 120 * MINUTE_US]
    assert {f.priority for f in versions} == {WARNING}


def test_a_ship_that_has_brought_up() -> None:
    over = [f for f in CASES["brought up"][0].told(COASTAL) if f.end_us is not None]
    assert over[0].end_us == START + 102 * MINUTE_US  # the first tick after minute 100


def test_swinging_is_no_dragging() -> None:
    """Three tides on the longest cable, round and round on a circle of 300 m, and yawing."""
    case = Case((Leg(37 * 60, 0.0, ANCHORED),), every=3.0)
    (rows,) = case.parts()
    hours = (rows.t_us - START) / 3.6e9
    angle = 170.0 * np.sin(2 * np.pi * hours / 12.42) + 15.0 * np.sin(2 * np.pi * hours / 0.3)
    places = [moved(*SITE, float(a), 300.0) for a in angle]
    rows.lon_deg[:], rows.lat_deg[:] = zip(*places, strict=True)
    rows.heading_deg[:] = (angle + 180.0) % 360.0
    assert run(DETECTOR, COASTAL, [rows], case.fleet(), sea(), keep=True) == []


def test_one_false_fix_is_no_dragging() -> None:
    (rows,) = Case((Leg(240, 0.0, ANCHORED),)).parts()
    rows.lat_deg[100] += 0.02
    assert run(DETECTOR, COASTAL, [rows], drags(60).fleet(), sea(), keep=True) == []


@pytest.mark.parametrize("case", [drifts(60, 1.5), drags(60)])
def test_silence_ends_it(case: Case) -> None:
    parts = [p.take(p.t_us <= START + 94 * MINUTE_US) for p in case.parts()]
    if case.legs[0].status == 0:
        parts = [p.take(p.t_us <= START + 79 * MINUTE_US) for p in parts]
    heard_us = int(parts[0].t_us[-1])
    versions = run(DETECTOR, COASTAL, parts, case.fleet(), sea(), after_s=3600.0, keep=True)
    assert versions[-1].end_us == heard_us // (3 * MINUTE_US) * 3 * MINUTE_US
    assert versions[-1].updated_us == heard_us + 30 * MINUTE_US


@pytest.mark.parametrize("case", [CASES["again after 30 min"][0], CASES["brought up"][0]])
def test_checkpoints_and_longer_slices_change_nothing(case: Case) -> None:
    once = case.told(COASTAL)
    assert case.told(COASTAL, repack=True) == once
    assert final(case.told(COASTAL, slice_us=60_000_000)) == final(once)


def test_sentences() -> None:
    first = CASES["for two hours"][0].told(COASTAL)[0]
    names = {first.things[0]: "MING ZHOU 21"}
    assert DETECTOR.sentence(first, names, "en") == (
        "MING ZHOU 21 has been drifting for 30 min, not under command: 1390 m to 090° at 1.5 kn, "
        "8.0 n mile off shore"
    )
    assert DETECTOR.sentence(first, names, "zh") == (
        "MING ZHOU 21已漂流30分钟，报告失控：以1.5节向090°漂移1390米，离岸8.0海里"
    )
    drag = drags(60).told(COASTAL)[-1]
    assert DETECTOR.sentence(drag, names, "en").startswith(
        "MING ZHOU 21 dragged its anchor: at anchor by its report, but "
    )
    assert "走锚" in DETECTOR.sentence(drag, names, "zh")
