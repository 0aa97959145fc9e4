"""The referee's rule of destinations: texts of the packaged list, distances made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from littoral.area.region import DATA
from littoral.sim.demo import LANES
from littoral.sim.referee.destination import Places, away, happened, read_places
from littoral.sim.referee.record import Record
from tests.sim.referee.hand import degrees, ground, legs, record

KM = 1_000.0
TARGET = degrees(0.0, -20 * KM)
PLACES = Places({"X": TARGET}, {"PORTX": "X"}, {})


@pytest.mark.parametrize(
    ("text", "place"),
    [("BA SUO", "WPI:57768"), ("cn bas", "WPI:57768"), ("CN HKG>CN BAS", "WPI:57768"),
     ("BASUO ANCH", "WPI:57768"), ("BASUO VIA SANYA", ""), ("HAI KOU <> XU WEN", ""), ("", ""),
     ("FISHING", "")],
)  # fmt: skip
def test_texts(text: str, place: str) -> None:
    places = read_places(DATA / "world" / "destinations.csv", LANES)
    assert places.place_of(text) == place


def test_away() -> None:
    def of(*km: float) -> tuple[int, int] | None:
        return away(np.array(km) * KM)

    assert of(100, 90, 81, 70, 119, 120) == (3, 5)  # 50 km more than the least of 70
    assert of(100, 81, 140) is None  # never 20 km nearer
    assert of(100, 120, 100, 150) == (2, 3)  # 20 km nearer than the farthest
    assert of(100, 80, 129) is None


def sail(*points: tuple[float, float, float], minutes: int, says: str = "PORT X") -> Record:
    r = record([legs(*points)], minutes, types=[80])
    r.destinations[0].append((0, "PORTX" if says == "PORT X" else says))
    return r


def test_turns_away_from_its_destination() -> None:
    # From 160 km off to 60 km at minute 200, and back at 500 m a minute: 110 km at minute 300.
    way = ((0, -160 * KM, -20 * KM), (200, -60 * KM, -20 * KM), (400, -160 * KM, -20 * KM))
    (event,) = happened(sail(*way, minutes=360), ground(), PLACES)
    assert (event.start_us - event.told_us) / 60e6 == pytest.approx(-100.0, abs=1.5)
    assert event.priority == 4
    assert not happened(sail(*way, minutes=360, says="PORT Y"), ground(), PLACES)
    r = sail(*way, minutes=360)
    r.destinations[0].append((220, "PORT Y"))  # says another place as soon as it turns
    assert not happened(r, ground(), PLACES)


def test_arrives_and_leaves() -> None:
    way = ((0, -160 * KM, -20 * KM), (200, -25 * KM, -20 * KM), (400, -160 * KM, -20 * KM))
    assert not happened(sail(*way, minutes=400), ground(), PLACES)


@pytest.mark.parametrize(("stays", "known", "events"), [(80, 0, 1), (50, 0, 0), (80, 1, 0)])
def test_lies_in_another_port(stays: int, known: int, events: int) -> None:
    # 100 km from its destination, in a port's circle, from minute 120 on.
    port = (-100 * KM, -20 * KM, 2 * KM)
    way = ((0, -160 * KM, -20 * KM), (120, -100 * KM, -20 * KM),
           (120 + stays, -100 * KM, -20 * KM), (140 + stays, -110 * KM, -20 * KM))  # fmt: skip
    ends = {"X": [degrees(-100 * KM, -20 * KM)]} if known else {}
    places = Places({"X": TARGET}, {"PORTX": "X"}, ends)
    found = happened(sail(*way, minutes=300), ground(ports=[port]), places)
    assert [e.priority for e in found] == [5] * events
    for event in found:
        assert (event.told_us - event.start_us) / 60e6 == pytest.approx(60.0, abs=1.0)


def unheard(r: Record, first: int, last: int) -> Record:
    """Not heard between two minutes."""
    minutes = (r.heard[0] - r.start_us) / 60e6
    stays = (minutes <= first) | (minutes >= last)
    r.heard[0], r.reports[0] = r.heard[0][stays], r.reports[0][stays]
    return r


@pytest.mark.parametrize(
    ("silent", "heard"), [((50, 120), True), ((124, 182), True), ((118, 182), False)]
)
def test_after_a_silence_all_begins_anew(silent: tuple[int, int], heard: bool) -> None:
    # At minute 120 it is 100 km off and comes 40 km nearer; at 182 it is 69 km off, of which 9 are
    # too few. 58 min are no silence.
    way = ((0, -160 * KM, -20 * KM), (200, -60 * KM, -20 * KM), (400, -160 * KM, -20 * KM))
    (event,) = happened(unheard(sail(*way, minutes=360), *silent), ground(), PLACES)
    assert event.heard == heard


@pytest.mark.parametrize(("end", "events"), [(-68, 1), (-75, 0), (-135, 0)])
def test_lies_in_a_port_on_its_way(end: float, events: int) -> None:
    # At first 100 km off, then 36 km north of that line: 23 km nearer, 17 km, or farther than ever.
    port = (end * KM, 16 * KM, 2 * KM)
    way = ((0, -100 * KM, -20 * KM), (120, end * KM, 16 * KM))
    found = happened(sail(*way, minutes=300), ground(ports=[port]), PLACES)
    assert [e.priority for e in found] == [5] * events


@pytest.mark.parametrize(("last", "heard"), [(59, True), (110, False)])
def test_sets_out_anew_after_a_silence(last: int, heard: bool) -> None:
    # From 160 km off to 100 km off at minute 120; at 59 30.5 km are left, at 110 but 5 km.
    port = (-100 * KM, -20 * KM, 2 * KM)
    way = ((0, -160 * KM, -20 * KM), (120, -100 * KM, -20 * KM))
    r = unheard(sail(*way, minutes=300), 0, last)
    (event,) = happened(r, ground(ports=[port]), PLACES)
    assert (event.priority, event.heard) == (5, heard)
