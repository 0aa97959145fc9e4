"""Voyages of a vessel made by hand: two ports 0.5 degrees of longitude apart on the equator, where
a degree is 6371008.8 m * pi / 180 = 111,195 m."""

from __future__ import annotations

import numpy as np

from littoral.analyse.voyages import Part, parts
from littoral.area.places import Place

MIN_US = 60_000_000
DEGREE_M = 111_195.08
A = Place("a", {"zh": "甲港", "en": "A"}, 0.0, 0.0, 1500.0, "port", "")
B = Place("b", {"zh": "乙港", "en": "B"}, 0.5, 0.0, 1500.0, "port", "")
ROADS = Place("r", {"zh": "锚地", "en": "Roads"}, 0.3, 0.0, 1500.0, "anchorage", "")


def past() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Moored at A for an hour, an hour to the roads, at anchor for an hour, unheard for 40 minutes
    on the way to B, there for half an hour. A report every five minutes: (minute, lon, m/s)."""
    minute, lon, sog = [], [], []
    for m in range(0, 60, 5):
        minute.append(m), lon.append(0.0), sog.append(0.0)
    for m in range(60, 120, 5):
        minute.append(m), lon.append(0.3 * (m - 60) / 60), sog.append(9.0)
    for m in range(120, 180, 5):
        minute.append(m), lon.append(0.3), sog.append(0.1)
    for m in (180, 185, 225):
        minute.append(m), lon.append(0.3 + 0.2 * (m - 180) / 60), sog.append(6.0)
    for m in range(240, 275, 5):
        minute.append(m), lon.append(0.5), sog.append(0.0)
    return np.array(minute), np.array(lon), np.array(sog)


def told() -> list[Part]:
    minute, lon, sog = past()
    return parts(minute * MIN_US, lon, np.zeros(len(lon)), sog, (A, B, ROADS))


def test_stops_legs_and_gaps_in_order_of_time() -> None:
    found = told()
    got = [
        (p.kind, p.voyage, p.place.id if p.place else "", p.start_us // MIN_US, p.end_us // MIN_US)
        for p in found
    ]
    assert got == [
        ("stop", 0, "a", 0, 55),
        ("leg", 1, "", 55, 120),
        ("stop", 1, "r", 120, 175),
        ("leg", 1, "", 175, 240),
        ("gap", 1, "", 185, 225),
        ("stop", 1, "b", 240, 270),
    ]


def test_distances_are_of_the_sphere() -> None:
    found = told()
    assert abs(found[1].distance_m - 0.3 * DEGREE_M) < 1.0
    assert abs(found[3].distance_m - 0.2 * DEGREE_M) < 1.0
    assert abs(found[4].distance_m - 0.2 * 40 / 60 * DEGREE_M) < 1.0
    assert found[4].positions == 0


def test_where_no_speed_is_sent_the_way_tells() -> None:
    minute, lon, sog = past()
    none = np.full(len(sog), np.nan)
    found = parts(minute * MIN_US, lon, np.zeros(len(lon)), none, (A, B, ROADS))
    assert [p.kind for p in found if p.kind != "gap"] == ["stop", "leg", "stop", "leg", "stop"]


def test_no_reports_no_parts() -> None:
    none = np.empty(0)
    assert parts(none.astype(np.int64), none, none, none, (A,)) == []
