"""What is planted for fences, the watch-list and the listening watch is heard: from the lines that
the feed sends, read by pyais; the fences' boxes are written here anew from their drawing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from pyais import decode

from littoral.sim import incidents_asked, traffic
from littoral.sim.feed import lines_of, region_coast
from littoral.sim.planted import Planted
from littoral.sim.scenes import Builder

START_US = 1_786_795_200_000_000  # 2026-08-15T12:00:00Z
MINUTES = 420
NEAR_SEA_M = 24 * 1852.0


@dataclass(frozen=True)
class Heard:
    minute: float  # from the end of the history
    lon: float
    lat: float
    sog_kn: float

    def inside(self, west: float, south: float, east: float, north: float) -> bool:
        return west < self.lon < east and south < self.lat < north


@dataclass
class Day:
    names: dict[str, int]  # MMSI
    reports: dict[int, list[Heard]]  # by MMSI
    texts: list[tuple[float, int, str]]
    minutes: list[float]  # of every line


@pytest.fixture(scope="module")
def day() -> Day:
    b = Builder(START_US, np.random.default_rng(5))

    def at(minutes: float) -> int:
        return START_US + int((MINUTES + minutes) * 60_000_000)

    incidents_asked.all_of_them(b, at, lambda minutes: minutes >= 30 - MINUTES)
    planted = Planted(
        b.fleet(), tuple(b.begins), b.script_rows(), tuple(b.events), tuple(b.silences),
        texts=tuple(b.texts),
    )  # fmt: skip
    settings = traffic.Settings(4, planted=False, duplicates=0.0, history_us=MINUTES * 60_000_000)
    world = traffic.start(region_coast(), START_US, settings, planted)
    names = {
        bytes(ship["name"][0]).decode().rstrip("\0 "): int(hull["mmsi"][0])
        for ship, hull in zip(b.ships, b.hulls, strict=True)
    }
    out = Day(names, defaultdict(list), [], [])
    sent = lines_of(world)
    for _ in range(MINUTES):
        for line in next(sent)[2].splitlines():
            _, tag, sentence = line.split(b"\\")
            milliseconds = int(tag.partition(b",c:")[2].partition(b"*")[0])
            minute = (milliseconds - START_US // 1000) / 60_000 - MINUTES
            out.minutes.append(minute)
            if sentence.split(b",")[1] != b"1":
                continue  # static data
            m = decode(sentence)
            if m.msg_type in (1, 3):
                out.reports[int(m.mmsi)].append(Heard(minute, m.lon, m.lat, m.speed))
            elif m.msg_type == 14:
                out.texts.append((minute, int(m.mmsi), m.text))
    return out


def test_a_dredger_leaves_the_ground_where_it_lay(day: Day) -> None:
    inside = [
        (r.minute, r.inside(109.20, 19.96, 109.27, 20.01))
        for r in day.reports[day.names["QIONG SHA 6"]]
    ]
    (left,) = (minute for (minute, now), (_, then) in pairwise(inside) if now and not then)
    assert left == pytest.approx(-265, abs=2)
    assert all(then for minute, then in inside if minute < left)
    assert inside[-1][0] > left + 3  # outside for long enough to have left


def test_one_stays_over_the_cable_for_longer_than_half_an_hour(day: Day) -> None:
    there = [
        r for r in day.reports[day.names["HANG JUN 12"]]
        if r.inside(110.575, 18.66, 110.625, 18.71)
    ]  # fmt: skip
    assert 50 < there[-1].minute - there[0].minute < 90
    assert max(b.minute - a.minute for a, b in pairwise(there)) < 15  # one stay
    lay = [r.minute for r in there if r.sog_kn < 0.5]
    assert lay[-1] - lay[0] > 40


def test_one_creeps_through_the_fairway(day: Day) -> None:
    there = [
        r for r in day.reports[day.names["JUN YANG 3"]]
        if r.inside(108.77, 19.78, 108.89, 19.84)
    ]  # fmt: skip
    slow = [r for r in there if r.sog_kn < 5.0]
    assert slow[-1].minute - slow[0].minute > 50
    assert min(r.sog_kn for r in slow) > 2.0  # makes way: is not adrift
    between = [r for r in there if slow[0].minute < r.minute < slow[-1].minute]
    assert between == slow[1:-1]  # one time


def test_a_call_in_words_is_sent_twice(day: Day) -> None:
    said = (day.names["QIONG TUO 18"], "MAYDAY ENGINE ROOM ON FIRE 8 PERSONS ON BOARD")
    assert day.texts == [(-285, *said), (-281, *said)]


def test_who_is_looked_out_for_comes_falls_silent_and_is_heard_again(day: Day) -> None:
    reports = day.reports[day.names[incidents_asked.LISTED]]
    off_shore_m = region_coast().shore_distance_m(
        np.array([r.lon for r in reports]), np.array([r.lat for r in reports])
    )
    beyond = np.nan_to_num(off_shore_m, nan=1e6) > NEAR_SEA_M
    silences = [(a.minute, b.minute) for a, b in pairwise(reports) if b.minute - a.minute > 120]
    ((off, on),) = silences
    assert off == pytest.approx(-235, abs=4)
    assert on == pytest.approx(-100, abs=4)
    assert beyond[0]
    before = np.array([r.minute < off - 60 for r in reports])
    assert not beyond[~before & np.array([r.minute <= on for r in reports])].any()


def test_for_four_minutes_nothing_is_heard(day: Day) -> None:
    minutes = np.array(day.minutes)
    assert not ((minutes >= -345) & (minutes < -341)).any()
    assert ((minutes >= -347) & (minutes < -345)).any()
    assert ((minutes >= -341) & (minutes < -339)).any()
    silent = np.diff(np.sort(minutes))
    assert (silent > 2.0).sum() == 1
