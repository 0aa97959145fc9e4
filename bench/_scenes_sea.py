"""Scenes of vessels that wait, drift, drag, call and meet: events and near-misses with parameters
drawn about each threshold."""

from __future__ import annotations

import numpy as np

from bench._scene_places import Stage
from littoral.area.geodesy import KNOT_MPS
from littoral.sim.motion import ANCHOR, DRIFT
from littoral.sim.radio import CLASS_A, CLASS_B
from littoral.sim.referee.ground import ahead_m, edges_m, is_land
from littoral.sim.scenes import MINUTE_US, Point, beside

AT_ANCHOR, NOT_UNDER_COMMAND = 1, 2
HOUR_US = 60 * MINUTE_US


def loitering(s: Stage, near_miss: bool, k: int) -> None:
    """Stops at sea for hours; or for less than three, at anchor, fishing, near a port, too fast or
    carried out of the circle."""
    way = ("short", "anchored", "fishing", "port", "faster", "carried")[k % 6] if near_miss else ""
    hours = s.between(3.3, 5.0) if way != "short" else s.between(1.6, 2.75)
    small = not near_miss and k % 3 == 2
    radio = CLASS_B if small or way == "fishing" else CLASS_A
    ports = (300.0, 3_800.0) if way == "port" else (8_000.0, 1e9)
    lowest = 800.0 if way == "port" else 4_500.0
    site, bearing = s.at_sea(lowest, 60_000.0, *ports, radio=radio)
    at_us = s.some_time(hours, 0.2)
    until_us = at_us + int(hours * HOUR_US)
    knots = {"faster": s.between(2.3, 3.0), "carried": s.between(1.4, 1.8)}.get(way, 0.0)
    there = beside(site, bearing + s.between(-30.0, 30.0), knots * KNOT_MPS * hours * 3_600.0)
    kind = "fishing" if way == "fishing" else "yacht" if small else "coaster"
    anchored = way == "anchored"
    ship = s.from_sea(
        kind, f"DENG HAI {k}{'N' * near_miss}", [(*site, at_us), (*there, until_us)], bearing, 10.0,
        radio=radio, stay=ANCHOR if anchored else DRIFT, stay_status=AT_ANCHOR * anchored,
    )  # fmt: skip
    s.label("loitering", "loitering", (ship,), near_miss, f"waits {hours:.1f} h {way}")


def drifting(s: Stage, near_miss: bool, k: int) -> None:
    """Carried across its keel or not under command; or for too short, too fast, along its keel,
    too small, too slow."""
    way = ("short", "fast", "along", "small", "slow")[k % 5] if near_miss else ""
    minutes = s.between(50.0, 120.0) if way != "short" else s.between(14.0, 25.0)
    knots = {"fast": s.between(4.4, 6.0), "slow": s.between(0.2, 0.4)}.get(way, s.between(1.4, 3.2))
    site, bearing = s.at_sea(4_000.0, 50_000.0, 5_000.0)
    at_us = s.some_time(minutes / 60.0 + 0.6)
    until_us = at_us + int(minutes * MINUTE_US)
    there = beside(site, bearing, knots * KNOT_MPS * minutes * 60.0)
    scene = [(*site, at_us), (*there, until_us)]
    ship = s.from_sea("coaster", f"PIAO LIU {k}{'N' * near_miss}", scene, bearing, 9.0)
    across = s.between(55.0, 85.0) if way != "along" else s.between(15.0, 38.0)
    s.b.script(ship, "HEADING", at_us, until_us, int(across))
    if k % 2 == 0 and way not in ("along",):
        s.b.begins[ship].legs[-2].nav_status = NOT_UNDER_COMMAND
    if way == "small":
        s.b.ships[ship]["to_bow_m"], s.b.ships[ship]["to_stern_m"] = 30, 12
    s.label("drift", "drifting", (ship,), near_miss, f"{knots:.1f} kn for {minutes:.0f} min {way}")


def dragging(s: Stage, near_miss: bool, k: int) -> None:
    """An anchor that does not hold; or one that swings, comes home a little, or is weighed with the
    status left or changed."""
    way = ("swings", "a little", "under way", "weighs")[k % 4] if near_miss else ""
    place, bearing = s.at_sea(2_500.0, 30_000.0, 6_000.0)
    at_us = s.some_time(3.0, 1.3)
    knots = s.between(0.9, 2.4) if way != "under way" else s.between(5.0, 8.0)
    metres = {"swings": 0.0, "a little": s.between(100.0, 250.0)}.get(way, s.between(1_600, 3_500))
    minutes = metres / (knots * KNOT_MPS) / 60.0
    holds, until_us = beside(place, bearing, metres), at_us + int(minutes * MINUTE_US)
    scene = [(*place, s.start_us), (*place, at_us)]
    if metres > 0.0:
        scene += [(*holds, until_us), (*holds, until_us + 5 * HOUR_US)]
    far = beside(scene[-1][:2], s.open_bearing(scene[-1][:2], bearing), 260_000.0)
    leaves_us = max(scene[-1][2], at_us + 5 * HOUR_US)
    scene = [*scene[:-1], (*scene[-1][:2], leaves_us), (*far, leaves_us + 15 * HOUR_US)]
    kind = "bulk" if k % 2 else "tanker"
    ship = s.b.ship(kind, f"MAO DI {k}{'N' * near_miss}", scene, stay=ANCHOR, stay_status=AT_ANCHOR)
    if metres > 0.0:
        s.b.begins[ship].legs[1].nav_status = 0 if way == "weighs" else AT_ANCHOR
    s.label("drift", "dragging", (ship,), near_miss, f"{metres:.0f} m at {knots:.1f} kn {way}")


def roads(s: Stage, off_m: float) -> tuple[Point, float]:
    """A point `off_m` outside a port's circle, and a free bearing."""
    for _ in range(5_000):
        lon, lat, radius = s.g.ports[int(s.rng.integers(len(s.g.ports)))].tolist()
        turn = s.between(0.0, 360.0)
        x, y = beside((lon, lat), turn, radius + off_m)
        others = edges_m(s.g.ports, np.array([x]), np.array([y]))[0]
        if is_land(s.g.any_shore, x, y):
            continue
        if abs(others - off_m) < 100.0 and float(ahead_m(s.g.any_shore, x, y, turn)) > 400_000.0:
            return (x, y), turn
    raise ValueError("no roads")


def port_visit(s: Stage, near_miss: bool, k: int) -> None:
    """Stops off a port; or for too short, too far off, or never quite."""
    way = ("short", "far", "passes")[k % 3] if near_miss else ""
    off_m = s.between(2_250.0, 2_900.0) if way == "far" else s.between(100.0, 1_750.0)
    minutes = s.between(14.0, 70.0) if way != "short" else s.between(3.0, 7.5)
    site, bearing = roads(s, off_m)
    at_us = s.some_time(minutes / 60.0 + 1.0)
    until_us = at_us + int(minutes * MINUTE_US)
    there = site
    if way == "passes":
        there = beside(site, bearing, s.between(1.5, 4.0) * KNOT_MPS * minutes * 60.0)
    scene = [(*site, at_us), (*there, until_us)]
    ship = s.from_sea("dredger", f"KAO GANG {k}{'N' * near_miss}", scene, bearing, 8.0)
    s.label("port_visit", "port_visit", (ship,), near_miss, f"{minutes:.0f} min {way}")


def encounter(s: Stage, near_miss: bool, k: int) -> None:
    """A small craft or a fishing boat lies beside a tanker or cargo ship by night; or for too
    short, too far off, a fishing boat beside another, near a port, or a tug."""
    way = ("short", "apart", "fishing", "port", "tug")[k % 5] if near_miss else ""
    minutes = s.between(28.0, 90.0) if way != "short" else s.between(6.0, 14.0)
    apart = s.between(320.0, 500.0) if way == "apart" else s.between(50.0, 190.0)
    ports = (500.0, 4_000.0) if way == "port" else (6_500.0, 1e9)
    site, bearing = s.at_sea(2_500.0, 30_000.0, *ports, radio=CLASS_B)
    at_us = s.by_night(minutes / 60.0 + 0.3)
    until_us = at_us + int(minutes * MINUTE_US)
    margin = 12 * MINUTE_US
    stay = [(*site, at_us - margin), (*site, until_us + margin)]
    big = "fishing" if way == "fishing" else "tanker" if k % 2 else "bulk"
    one = s.from_sea(big, f"BAN LV {k}{'N' * near_miss}", stay, bearing, 10.0)
    side = beside(site, bearing + 90.0, apart)
    small = "tug" if way == "tug" else "fishing" if k % 3 or way == "fishing" else "yacht"
    radio = CLASS_A if way == "tug" else CLASS_B
    scene = [(*side, at_us), (*side, until_us)]
    two = s.from_sea(small, f"XIAO CHUAN {k}{'N' * near_miss}", scene, bearing + 9.0, 9.0,
                     radio=radio)  # fmt: skip
    if small == "yacht":
        s.b.ships[two]["ship_type"] = 37
        s.b.ships[two]["to_bow_m"], s.b.ships[two]["to_stern_m"] = 14, 4
    s.label("encounter", "encounter", (one, two), near_miss, f"{minutes:.0f} min {way}")


def visited(s: Stage, near_miss: bool, k: int) -> None:
    """A tanker waits and three boats come alongside in turn; or two, or each for too short or too
    far off, or fishing boats beside a fishing boat."""
    way = ("two", "short", "apart", "fishing")[k % 4] if near_miss else ""
    boats = 2 if way == "two" else 3 + k % 2
    stays = s.between(1.5, 3.5) if way == "short" else s.between(8.0, 16.0)
    apart = s.between(320.0, 600.0) if way == "apart" else s.between(50.0, 180.0)
    every = stays + s.between(8.0, 20.0)
    site, bearing = s.at_sea(3_000.0, 30_000.0, 6_500.0, radio=CLASS_B)
    hours = (boats * every) / 60.0
    at_us = s.some_time(hours + 1.2, 0.8)
    ends_us = at_us + int((boats * every + 20.0) * MINUTE_US)
    wait = [(*site, at_us - 20 * MINUTE_US), (*site, ends_us)]
    host = "fishing" if way == "fishing" else "tanker"
    ships = [s.from_sea(host, f"DENG REN {k}{'N' * near_miss}", wait, bearing, 10.0)]
    for n in range(boats):
        begin_us = at_us + int(n * every * MINUTE_US)
        side = beside(site, bearing + 40.0 * (n - 1), apart)
        stay = [(*side, begin_us), (*side, begin_us + int(stays * MINUTE_US))]
        ships.append(
            s.from_sea("fishing", f"LAI {n} {k}{'N' * near_miss}", stay, bearing + 6.0 * n, 9.0,
                       radio=CLASS_B)
        )  # fmt: skip
    s.label("meetings", "visited", tuple(ships), near_miss, f"{boats} for {stays:.0f} min {way}")


def repeated(s: Stage, near_miss: bool, k: int) -> None:
    """A small craft goes from one waiting ship to the next; or to two, too briefly, or as a
    port's tender."""
    way = ("two", "short", "tender")[k % 3] if near_miss else ""
    hosts = 2 if way == "two" else 3
    stays = s.between(1.5, 3.5) if way == "short" else s.between(8.0, 20.0)
    site, bearing = s.at_sea(4_000.0, 25_000.0, 10_000.0, radio=CLASS_B)
    places = [beside(site, bearing, 2_000.0 * n) for n in range(hosts)]
    at_us = s.some_time(2.8, 0.8)
    every = stays + 15.0
    ships = []
    for n, place in enumerate(places):
        wait = [(*place, at_us - 40 * MINUTE_US), (*place, at_us + 110 * MINUTE_US)]
        ships.append(
            s.from_sea("bulk", f"XUN {n} {k}{'N' * near_miss}", wait, bearing + 5.0 * n, 11.0)
        )
    calls = []
    for n, place in enumerate(places):
        begin_us = at_us + int(n * every * MINUTE_US)
        side = beside(place, bearing + 90.0, 110.0)
        calls += [(*side, begin_us), (*side, begin_us + int(stays * MINUTE_US))]
    craft = s.from_sea("yacht", f"ZHUAN {k}{'N' * near_miss}", calls, bearing + 20.0, 9.0,
                       radio=CLASS_B)  # fmt: skip
    s.b.ships[craft]["ship_type"] = 53 if way == "tender" else 90
    s.label("meetings", "repeated", (craft, *ships), near_miss, f"{hosts}, {stays:.0f} min {way}")
