"""Scenes about the thresholds of the published profiles: Global Fishing Watch's loitering, port
visits and encounters, and Skylight's rendezvous."""

from __future__ import annotations

from bench._scene_places import Stage, in_hearing
from bench._scenes_sea import HOUR_US, roads
from littoral.area.geodesy import KNOT_MPS
from littoral.sim.radio import CLASS_A
from littoral.sim.scenes import MINUTE_US, Appointment, Point, beside

SHORE_M = 37_040.0  # 20 n mile
SLOWING_MIN, SLOWING_M = 20.0, 900.0
LEAST_KN = 0.7  # ships of the simulation crawl no slower


def _crawl(s: Stage, most_kn: float) -> float:
    """A speed, or now and then none."""
    knots = s.between(LEAST_KN - 0.3, most_kn)
    return knots if knots >= LEAST_KN else 0.0


def waits_far_off(s: Stage, near_miss: bool, k: int) -> None:
    """Under two knots for hours, 20 n mile off; or for too short, too near the shore, too fast."""
    way = ("short", "near", "faster")[k % 3] if near_miss else ""
    hours = s.between(0.3, 1.0) if way == "short" else s.between(3.1, 5.0)
    knots = s.between(2.3, 3.2) if way == "faster" else _crawl(s, 1.6)
    low, high = (26_000.0, 35_500.0) if way == "near" else (SHORE_M + 1_500.0, 62_000.0)
    for _ in range(200):
        site, bearing = s.at_sea(low, high)
        there = beside(site, s.between(0.0, 360.0), knots * KNOT_MPS * hours * 3_600.0)
        if low <= s.from_shore_m(there) <= high:
            break
    at_us = s.some_time(hours, 0.2)
    scene = [(*site, at_us), (*there, at_us + int(hours * HOUR_US))]
    kind = ("coaster", "fishing", "tug")[k % 3]
    ship = s.from_sea(kind, f"YUAN BO {k}{'N' * near_miss}", scene, bearing, 10.0)
    note = f"waits {hours:.1f} h at {knots:.1f} kn {way}"
    s.label("loitering", "loitering", (ship,), near_miss, note, "gfw")


def enters(s: Stage, near_miss: bool, k: int) -> None:
    """Comes within 3 km of a port's circle, to stop or to pass; or stops or passes beyond."""
    off_m = s.between(3_080.0, 3_900.0) if near_miss else s.between(300.0, 2_900.0)
    minutes = s.between(10.0, 50.0)
    for _ in range(200):
        site, bearing = roads(s, off_m)
        if in_hearing(*site, CLASS_A):
            break
    at_us = s.some_time(minutes / 60.0 + 1.0)
    knots = 0.0 if k % 2 else s.between(2.0, 4.0)
    there = beside(site, bearing, knots * KNOT_MPS * minutes * 60.0)
    scene = [(*site, at_us), (*there, at_us + int(minutes * MINUTE_US))]
    ship = s.from_sea("dredger", f"LU GUO {k}{'N' * near_miss}", scene, bearing, 8.0)
    note = f"{off_m:.0f} m off at {knots:.1f} kn"
    s.label("port_visit", "port_visit", (ship,), near_miss, note, "gfw")


def _pair(
    s: Stage, name: str, k: int, place: tuple[Point, float], way: tuple[float, float, float],
    lead_min: float,
) -> tuple[int, int]:  # fmt: skip
    """Two ships side by side for `way`: minutes, metres apart, knots. The first is there `lead_min`
    before and after."""
    (site, bearing), (minutes, apart, knots) = place, way
    at_us = s.some_time((minutes + lead_min) / 60.0 + 0.4, 0.6 + lead_min / 60.0)
    a_minute = knots * KNOT_MPS * 60.0
    aside = s.open_bearing(
        site, bearing + 90.0, (minutes + lead_min) * a_minute, lead_min * a_minute
    )

    def run(start: Point, before: float, after: float) -> list[Appointment]:
        first = beside(start, aside, -a_minute * before)
        last = beside(start, aside, a_minute * (minutes + after))
        way = [(*first, at_us - int(before * MINUTE_US)),
               (*last, at_us + int((minutes + after) * MINUTE_US))]  # fmt: skip
        if knots > 0.0:  # who comes at ten knots would run past
            slows_us = way[0][2] - int(SLOWING_MIN * MINUTE_US)
            way.insert(0, (*beside(first, bearing, SLOWING_M), slows_us))
        return way

    kinds = (("bulk", "fishing"), ("tanker", "tug"), ("fishing", "fishing"))[k % 3]
    one = s.from_sea(kinds[0], f"{name} {k}", run(site, lead_min, lead_min), bearing, 10.0)
    other = beside(site, bearing, apart)
    two = s.from_sea(kinds[1], f"{name} B {k}", run(other, 0.0, 0.0), bearing + 9.0, 9.0)
    return one, two


def two_hours(s: Stage, near_miss: bool, k: int) -> None:
    """Two vessels within 500 m, under two knots, for two hours; or for too short, too far apart,
    too near a port, or in company under way."""
    way = ("short", "apart", "port", "faster")[k % 4] if near_miss else ""
    minutes = s.between(50.0, 95.0) if way == "short" else s.between(145.0, 240.0)
    apart = s.between(540.0, 900.0) if way == "apart" else s.between(60.0, 450.0)
    knots = s.between(2.4, 3.5) if way == "faster" else _crawl(s, 1.5)
    ports = (5_000.0, 9_000.0) if way == "port" else (12_500.0, 1e9)
    if way == "port":
        knots = 0.0
    for _ in range(200):
        place = s.at_sea(3_000.0, 45_000.0, *ports)
        if way != "port" or s.from_port_m(place[0]) < ports[1]:  # and not near a landing alone
            break
    ships = _pair(s, f"LIANG H{'N' * near_miss}", k, place, (minutes, apart, knots), 15.0)
    note = f"{minutes:.0f} min, {apart:.0f} m, {knots:.1f} kn {way}"
    s.label("encounter", "encounter", ships, near_miss, note, "gfw")


def half_an_hour(s: Stage, near_miss: bool, k: int) -> None:
    """Two vessels within 250 m for more than half an hour, lying or under way, anywhere; or for
    less, or farther apart."""
    way = ("short", "apart")[k % 2] if near_miss else ""
    minutes = s.between(8.0, 26.0) if way == "short" else s.between(36.0, 80.0)
    apart = s.between(275.0, 450.0) if way == "apart" else s.between(60.0, 220.0)
    knots = s.between(2.0, 5.0) if k % 3 == 0 and way != "short" else 0.0
    place = s.at_sea(2_000.0, 40_000.0, 0.0)
    ships = _pair(s, f"BAN H{'N' * near_miss}", k, place, (minutes, apart, knots), 12.0)
    note = f"{minutes:.0f} min, {apart:.0f} m, {knots:.1f} kn {way}"
    s.label("encounter", "encounter", ships, near_miss, note, "skylight")
