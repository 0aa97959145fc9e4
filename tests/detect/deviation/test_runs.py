"""Off the lanes, and at an unusual pace: each threshold from both sides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from littoral.area.geodesy import KNOT_MPS
from littoral.area.world import World
from littoral.detect.deviation import DETECTOR
from littoral.detect.deviation.settings import COASTAL, DeviationSettings
from littoral.schema.ais import Positions
from littoral.schema.finding import CAUTION, Finding
from tests.detect.deviation.sea import (
    LANE_LAT,
    SPEED_HIGH,
    SPEED_LOW,
    harbour,
    lane_cells,
    lanes_of,
    sea,
)
from tests.detect.making import at_us, final, fleet_of, moved, run, sailing, world

START = at_us("2026-11-24T03:00")
MINUTE_US = 60_000_000
LONG_US = 600_000_000  # slices; that the cut does not matter is a test of its own


def watch(parts: list[Positions], settings: DeviationSettings, where: World, ship_type: int = 70):
    """Every finding, in the order told."""
    return run(
        DETECTOR,
        settings,
        parts,
        fleet_of({0: ship_type}),
        where,
        after_s=14_400.0,
        slice_us=LONG_US,
    )


def found(
    minutes: float = 90.0, off_m: float = 12_000.0, mps: float = 6.0, course: float = 90.0,
    ship_type: int = 70, where=None, from_lon: float = 109.5, settings=COASTAL,
    every_s: float = 30.0, **columns: float,
) -> list[Finding]:  # fmt: skip
    """What is told of a ship `off_m` north of the lane's middle that sails for `minutes`."""
    lat = moved(from_lon, LANE_LAT, 0.0, off_m)[1]
    lat = np.floor(lat / 0.02) * 0.02 + 0.01  # the middle of a cell: distances are exact
    t = START + np.arange(0, round(minutes * 60 / every_s) + 1) * round(every_s * 1e6)
    parts = [sailing(0, t, (from_lon, lat), course, mps / KNOT_MPS, START)]
    for part in parts:
        part.lat_deg[:] = lat
        for name, value in columns.items():
            getattr(part, name)[:] = value
    where = where or sea()
    told = run(
        DETECTOR,
        settings,
        parts,
        fleet_of({0: ship_type}),
        where,
        after_s=14_400.0,
        slice_us=LONG_US,
    )
    return list(final(told).values())


# How far 0.02 degrees of latitude lie apart on the sphere.
ROW_M = 2_223.9


@pytest.mark.parametrize(("rows_off", "kinds"), [(3, []), (4, ["route"]), (8, ["route"]), (10, [])])
def test_off_the_lanes_but_within_the_watched_sea(rows_off: int, kinds: list[str]) -> None:
    """3 rows are 6.7 km and 4 are 8.9 km off; 8 are 17.8 km and 10 are 22.2 km from watched water:
    8 km and 20 km lie between."""
    assert [f.kind for f in found(off_m=rows_off * ROW_M)] == kinds


@pytest.mark.parametrize(("apart", "kinds"), [(48, ["route"]), (60, [])])
def test_between_watched_waters(apart: int, kinds: list[str]) -> None:
    """Halfway between two lanes: 24 rows are 53.4 km and 30 are 66.7 km from either; 60 km are the
    limit. At the end of the lanes there is none to the east."""
    rows = [{"cell": c} for c in (*lane_cells(), *lane_cells(LANE_LAT + 0.02 * apart))]
    where = world(lanes=lanes_of(rows))
    off_m = apart / 2 * ROW_M
    assert [f.kind for f in found(off_m=off_m, where=where)] == kinds
    assert found(off_m=off_m, where=where, from_lon=112.1) == []


def test_what_is_told_of_it() -> None:
    (alert,) = found()
    assert alert.kind == "route"
    assert alert.priority == CAUTION
    assert alert.start_us == START
    assert alert.end_us == START + 90 * MINUTE_US
    assert alert.facts["lane_m"] == pytest.approx(5 * ROW_M, abs=20)
    said = DETECTOR.sentence(alert, {alert.things[0]: "OCEAN STAR"}, "en")
    assert said == "OCEAN STAR was off the lanes of cargo ships for 90 min, up to 6.0 n mile"
    assert "偏离货船惯常航路90分钟" in DETECTOR.sentence(alert, {}, "zh")


CASES = [
    # what changes, from which value on an alert is due, above (1) or below (-1) it
    ("route hold", {"minutes": 60.0}, 1, ["route"]),
    ("under way", {"mps": 3.0 * KNOT_MPS}, 1, ["route"]),
    ("slow", {"off_m": 0.0, "mps": 0.5 * SPEED_LOW}, -1, ["speed"]),
    ("slow hold", {"off_m": 0.0, "mps": 2.0, "minutes": 60.0}, 1, ["speed"]),
    ("making way", {"off_m": 0.0, "mps": 2.0 * KNOT_MPS}, 1, ["speed"]),
    ("fast", {"off_m": 0.0, "mps": 1.5 * SPEED_HIGH}, 1, ["speed"]),
    ("fast hold", {"off_m": 0.0, "mps": 12.0, "minutes": 20.0}, 1, ["speed"]),
]


@pytest.mark.parametrize("factor", [0.92, 1.08])
@pytest.mark.parametrize(("name", "change", "side", "kinds"), CASES, ids=[c[0] for c in CASES])
def test_both_sides_of_each_number(
    name: str, change: dict, side: int, kinds: list[str], factor: float
) -> None:
    moved_value = next(reversed(change))
    arguments = {**change, moved_value: change[moved_value] * factor}
    due = (factor > 1.0) == (side > 0)
    assert [f.kind for f in found(**arguments)] == (kinds if due else []), name


@pytest.mark.parametrize(
    ("change", "off_m", "mps", "kinds"),
    [
        # in twenty days watched water has 40 vessel-days and more
        ({"vessel_days": 37}, 12_000.0, 6.0, []),
        ({"vessel_days": 43}, 12_000.0, 6.0, ["route"]),
        ({"vessels": 4}, 0.0, 2.0, []),
        ({"vessels": 5}, 0.0, 2.0, ["speed"]),
    ],
)
def test_what_must_be_known(change: dict, off_m: float, mps: float, kinds: list[str]) -> None:
    assert [f.kind for f in found(off_m=off_m, mps=mps, where=sea(**change))] == kinds


@pytest.mark.parametrize(
    ("days", "is_for_days", "kinds"),
    [(10, True, []), (9, True, ["route"]), (4, False, ["route"]), (5, False, [])],
)
def test_a_cell_is_a_lane_from_some_vessel_days_on(
    days: int, is_for_days: bool, kinds: list[str]
) -> None:
    """Tankers pass where the ship sails, `days` vessel-days in twenty days; a lane has 10, or 5
    where the days do not count."""
    here = LANE_LAT + 0.10  # five rows north, where the ship sails
    rows = [{"cell": c} for c in lane_cells()]
    rows += [{"cell": c, "group": 2, "vessel_days": days} for c in lane_cells(here)]
    where = world(lanes=lanes_of(rows))
    settings = COASTAL if is_for_days else replace(COASTAL, lane_per_day=0.0)
    assert [f.kind for f in found(off_m=5 * ROW_M, where=where, settings=settings)] == kinds


@pytest.mark.parametrize(("days", "kinds"), [(9, []), (11, ["route"])])
def test_water_is_watched_from_ten_vessel_days_on(days: int, kinds: list[str]) -> None:
    """Where the days do not count; a lane is one from 5 on then."""
    settings = replace(COASTAL, lane_per_day=0.0, watched_per_day=0.0)
    assert [f.kind for f in found(where=sea(vessel_days=days), settings=settings)] == kinds


@pytest.mark.parametrize("ship_type", [30, 52, 35, 36, 50, 55, 90, -1, 49])
def test_who_goes_where_the_work_is_has_no_lane(ship_type: int) -> None:
    assert found(ship_type=ship_type) == []
    assert found(ship_type=ship_type, off_m=0.0, mps=2.0) == []


@pytest.mark.parametrize("ship_type", [60, 69, 70, 89])
def test_ships_have(ship_type: int) -> None:
    assert [f.kind for f in found(ship_type=ship_type)] == ["route"]


def test_passenger_ships_may_take_the_merchants_lanes_and_not_the_other_way_round() -> None:
    ferries = sea(group=3)
    assert [f.kind for f in found(ship_type=60, off_m=0.0)] == []
    assert [f.kind for f in found(ship_type=70, off_m=0.0, where=ferries)] == ["route"]


@pytest.mark.parametrize(("off_m", "kinds"), [(11_000.0, []), (13_000.0, ["route"])])
def test_near_a_port_nothing_is_odd(off_m: float, kinds: list[str]) -> None:
    """The ship keeps one distance from ports whose circles are 2 km: 12 km are the limit."""
    lat = LANE_LAT + 0.10
    where = sea()
    ports = tuple(harbour(lon, lat + off_m / 111_194.9) for lon in np.arange(109.4, 110.2, 0.01))
    assert [f.kind for f in found(off_m=5 * ROW_M, where=replace(where, ports=ports))] == kinds


def test_nothing_is_said_without_lanes_or_without_a_speed() -> None:
    assert found(where=world()) == []
    assert found(sog_mps=np.nan) == []
    assert found(off_m=0.0, mps=2.0, cog_deg=np.nan) == []


def test_the_other_way_is_another_lane() -> None:
    """Usual speeds are known for ships that go east alone."""
    assert found(off_m=0.0, mps=2.0, course=270.0, from_lon=111.0) == []


def paused(pause_min: int, settings: DeviationSettings = COASTAL, off_min: int = 40) -> int:
    """Alerts of a ship off for a while, in the lane for a while, off for a while again."""
    off = LANE_LAT + 0.10
    parts = []
    t, lon = START, 109.2
    for minutes, lat in ((off_min, off), (pause_min, LANE_LAT), (off_min, off)):
        times = t + np.arange(0, minutes * 2) * 30_000_000
        part = sailing(0, times, (lon, lat), 90.0, 6.0 / KNOT_MPS, t)
        part.lat_deg[:] = lat
        parts.append(part)
        lon, t = float(part.lon_deg[-1]), t + minutes * MINUTE_US
    return len(
        final(
            run(
                DETECTOR,
                settings,
                parts,
                fleet_of({0: 70}),
                sea(),
                after_s=7200.0,
                slice_us=LONG_US,
            )
        )
    )


@pytest.mark.parametrize(("pause_min", "alerts"), [(14, 1), (16, 0)])
def test_how_long_back_in_the_lane_ends_what_is_no_event_yet(pause_min: int, alerts: int) -> None:
    assert paused(pause_min) == alerts


@pytest.mark.parametrize(("pause_min", "alerts"), [(170, 1), (190, 2)])
def test_how_long_back_in_the_lane_ends_an_event(pause_min: int, alerts: int) -> None:
    assert paused(pause_min, off_min=70) == alerts
    assert silent(pause_min, off_min=70) == alerts


def silent(silence_min: int, settings: DeviationSettings = COASTAL, off_min: int = 40) -> int:
    """Alerts of a ship that is silent for a while between two spans off the lanes."""
    lat = LANE_LAT + 0.10
    first = START + np.arange(0, 2 * off_min + 1) * 30_000_000
    times = np.concatenate([first, first + (off_min + silence_min) * MINUTE_US])
    part = sailing(0, times, (109.0, lat), 90.0, 4.0 / KNOT_MPS, START)
    part.lat_deg[:] = lat
    return len(final(watch([part], settings, sea())))


@pytest.mark.parametrize(("silence_min", "alerts"), [(56, 1), (64, 0)])
def test_how_long_a_silence_ends_what_is_no_event_yet(silence_min: int, alerts: int) -> None:
    assert silent(silence_min) == alerts


def test_it_is_told_again_every_hour() -> None:
    lat = LANE_LAT + 0.10
    times = START + np.arange(0, 4 * 120) * 30_000_000
    part = sailing(0, times, (109.0, lat), 90.0, 5.0 / KNOT_MPS, START)
    part.lat_deg[:] = lat
    told = run(
        DETECTOR, COASTAL, [part], fleet_of({0: 70}), sea(), after_s=14_400.0, slice_us=LONG_US
    )
    # after an hour, two and three, and at the end
    assert [round((f.updated_us - START) / 3.6e9, 2) for f in told[:3]] == [1.0, 2.0, 3.0]
    assert len(told) == 4
    assert told[-1].end_us == times[-1]
