"""Scenes of positions that cannot be: inland, on a false circle, of several vessels at once; and
near-misses: within the chart's error, two turns, a moment, too few vessels."""

from __future__ import annotations

from bench._scene_places import Stage
from littoral.area.geodesy import KNOT_MPS
from littoral.sim.scenes import MINUTE_US, Point, beside, straight

INLAND: tuple[Point, ...] = ((110.40, 19.25), (109.75, 19.25), (109.30, 18.90), (110.00, 18.95))


DREDGER = 33  # no rule of lanes or shores judges it


def _under_way(s: Stage, name: str, at_us: int, knots: float, place: Point, bearing: float) -> int:
    a_minute = knots * KNOT_MPS * 60.0
    course = s.open_bearing(place, bearing + 90.0, 60.0 * a_minute, 40.0 * a_minute)
    way = straight(place, course, knots, at_us, 40.0, 60.0)
    ship = s.from_sea("coaster", name, way, bearing, 11.0)
    s.b.ships[ship]["ship_type"] = DREDGER
    return ship


def _far_inland(s: Stage, k: int) -> Point:
    """Apart from where other scenes are said to be."""
    return beside(INLAND[k % len(INLAND)], s.between(0.0, 360.0), s.between(0.0, 9_000.0))


def inland(s: Stage, near_miss: bool, k: int) -> None:
    """Reports a place inland for a while; or for a moment, or a place at the shore."""
    way = ("moment", "shore")[k % 2] if near_miss else ""
    minutes = s.between(0.7, 1.5) if way == "moment" else s.between(5.0, 25.0)
    site, bearing = s.at_sea(6_000.0, 30_000.0)
    at_us = s.some_time(1.8, 1.0)
    ship = _under_way(s, f"LU DI {k}{'N' * near_miss}", at_us, s.between(7.0, 11.0), site, bearing)
    there = _far_inland(s, k)
    if way == "shore":
        there = beside(*s.beach(), -s.between(300.0, 1_300.0))
    s.b.script(ship, "FORGED", at_us, at_us + int(minutes * MINUTE_US), 0, there)
    s.label("position", "on_land", (ship,), near_miss, f"{minutes:.1f} min {way}")


def circle(s: Stage, near_miss: bool, k: int) -> None:
    """Reports a circle for a while; or for less than three turns, or too wide a one."""
    way = ("two turns", "wide")[k % 2] if near_miss else ""
    radius = s.between(1_150.0, 1_500.0) if way == "wide" else s.between(180.0, 420.0)
    turn_min = 2.0 * 3.1416 * radius / (20.0 * 1852.0 / 60.0)  # at the 20 kn of a forged circle
    turns = s.between(1.2, 2.4) if way == "two turns" else s.between(9.0, 14.0)
    site, bearing = s.at_sea(12_000.0, 35_000.0)
    at_us = s.some_time(2.2, 1.0)
    ship = _under_way(s, f"YUAN QUAN {k}{'N' * near_miss}", at_us, 9.0, site, bearing)
    until_us = at_us + int(turns * turn_min * MINUTE_US)
    s.b.script(ship, "FORGED", at_us, until_us, int(radius), beside(site, bearing, 4_000.0))
    s.label("position", "circling", (ship,), near_miss, f"{turns:.1f} of {radius:.0f} m {way}")


def jammed(s: Stage, near_miss: bool, k: int) -> None:
    """Several ships report one false place within minutes; or two do, or three far apart go each
    its own way."""
    way = ("two", "scattered")[k % 2] if near_miss else ""
    count = {"two": 2, "scattered": 3}.get(way, 5)
    site, bearing = s.at_sea(8_000.0, 30_000.0)
    at_us = s.some_time(2.0, 1.0)
    apart = 2_500.0 if way != "scattered" else 14_000.0
    course = s.open_bearing(site, bearing + 90.0, 0.5 * count * apart, 0.5 * count * apart)
    ships, place_of_all = [], _far_inland(s, k)
    for n in range(count):
        place = beside(site, course, (n - count / 2) * apart)
        begin_us = at_us + 2 * n * MINUTE_US
        ship = _under_way(s, f"GAN RAO {n} {k}{'N' * near_miss}", begin_us, 9.0, place, bearing)
        there = _far_inland(s, k + n) if way == "scattered" else place_of_all
        s.b.script(ship, "FORGED", begin_us, at_us + (22 + n) * MINUTE_US, 200, there)
        ships.append(ship)
    s.label("position", "interference", tuple(ships), near_miss, f"{count} ships {way}")
