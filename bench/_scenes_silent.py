"""Scenes of sets that are switched off: about the thresholds of rule gap, of either profile."""

from __future__ import annotations

import functools

import numpy as np
import pyarrow as pa

from bench._scene_places import TRIES, Stage, in_hearing
from bench._scenes_sea import HOUR_US
from littoral.area.geodesy import KNOT_MPS
from littoral.area.reception import Reception
from littoral.sim.demo import RECEPTION
from littoral.sim.motion import ANCHOR
from littoral.sim.radio import CLASS_A, CLASS_B
from littoral.sim.referee.ground import ahead_m, is_land
from littoral.sim.scenes import MINUTE_US, Point, beside

AT_ANCHOR, SURVEY = 1, 90
GFW_SHORE_M = 92_600.0  # 50 n mile
FAINT = 1.06  # of a receiver's range: a third of what a ship sends is heard there
LONG_H = 18.0  # a silence of half a day needs a day so long


@functools.cache
def learned() -> Reception:
    with pa.OSFile(str(RECEPTION)) as file:
        return Reception.from_arrow(pa.ipc.open_file(file).read_all())


def is_surprising(place: Point) -> bool:
    """Who is silent there for half an hour is so by no chance, as far as learned."""
    x, y = np.array([place[0]]), np.array([place[1]])
    kind, half = np.array([CLASS_A]), np.array([1_800.0])
    chance = learned().survival(x, y, kind, half)[0]
    share = learned().silent_share(x, y, kind, half)[0]
    return bool(chance < 0.0008 and share < 0.04)


def _in_port(s: Stage) -> tuple[Point, float]:
    """A point of water in the circle of a port, and a free bearing."""
    for _ in range(TRIES):
        lon, lat, radius = s.g.ports[int(s.rng.integers(len(s.g.ports)))].tolist()
        place = beside((lon, lat), s.between(0.0, 360.0), s.between(0.3, 0.95) * radius)
        if not is_land(s.g.any_shore, *place):
            bearing = s.free_bearing(place)
            if bearing is not None:
                return place, bearing
    raise ValueError("no such place in a port")


def switched_off(s: Stage, near_miss: bool, k: int) -> None:
    """Silent on the way where it should be heard; or for too short, at anchor, or in port."""
    way = ("short", "anchored", "port")[k % 3] if near_miss else ""
    small = not near_miss and k % 3 == 2 and s.hours >= LONG_H
    # Nobody has learned how small craft are heard: six hours, where none is near.
    minutes = s.between(375.0, 450.0) if small else s.between(36.0, 150.0)
    minutes = s.between(8.0, 27.0) if way == "short" else minutes
    radio = CLASS_B if small else CLASS_A
    for _ in range(200):
        if way == "port":
            site, bearing = _in_port(s)
        else:
            site, bearing = s.at_sea(5_000.0, 35_000.0, radio=radio)
        if way == "port" or small or is_surprising(site):
            break
    at_us = s.some_time(minutes / 60.0 + 1.2, 1.6)
    until_us = at_us + int(minutes * MINUTE_US)
    still = way in ("anchored", "port")
    knots = 0.0 if still else 1.2 if small else s.between(5.0, 9.0)
    there = beside(site, bearing, knots * KNOT_MPS * minutes * 60.0)
    margin = 20 * MINUTE_US if still else 0
    scene = [(*site, at_us - margin), (*there, until_us + margin)]
    kind = "fishing" if small else "coaster"
    ship = s.from_sea(
        kind, f"MO SHENG {k}{'N' * near_miss}", scene, bearing, 9.0, radio=radio,
        stay=ANCHOR, stay_status=AT_ANCHOR * still,
    )  # fmt: skip
    s.b.ships[ship]["ship_type"] = 30 if small else SURVEY
    s.b.script(ship, "MUTE", at_us, until_us)
    s.label("gap", "gap", (ship,), near_miss, f"silent {minutes:.0f} min {way}")


def _far_out(s: Stage, low_m: float, high_m: float) -> Point:
    """A point so far from any shore and still heard."""
    for _ in range(TRIES):
        place = s.between(107.8, 112.3), s.between(17.0, 20.4)
        if in_hearing(*place, CLASS_A, FAINT) and low_m <= s.from_shore_m(place) <= high_m:
            return place
    raise ValueError("no such place far out")


def half_a_day(s: Stage, near_miss: bool, k: int) -> None:
    """Silent for twelve hours, 50 n mile off; or for less, too near the shore, or where it was
    heard but a few times before."""
    if s.hours < LONG_H:
        return
    way = ("short", "near", "few")[k % 3] if near_miss else ""
    hours = s.between(8.5, 11.7) if way == "short" else s.between(12.3, 14.5)
    low, high = (76_000.0, 90_500.0) if way == "near" else (GFW_SHORE_M + 900.0, 108_000.0)
    at_us = s.some_time(hours + 0.6, 2.6)
    until_us = at_us + int(hours * HOUR_US)
    for _ in range(TRIES):
        site, turn = _far_out(s, low, high), s.between(0.0, 360.0)
        # On at a crawl that is no loitering.
        speed_mps = s.between(2.5, 3.0) * KNOT_MPS
        there = beside(site, turn, speed_mps * hours * 3_600.0)
        before = beside(site, turn, -speed_mps * 1.5 * 3_600.0)
        after = beside(there, turn, speed_mps * 3_600.0)
        bearing = s.free_bearing(before)
        if bearing is None or (way == "short" and not in_hearing(*there, CLASS_A, FAINT)):
            continue
        if s.from_shore_m(there) > 45_000.0 and ahead_m(s.g.any_shore, *after, bearing) > 400_000.0:
            break
    else:
        raise ValueError("no such way far out")
    scene = [(*before, at_us - int(1.5 * HOUR_US)), (*site, at_us), (*there, until_us),
             (*after, until_us + HOUR_US)]  # fmt: skip
    ship = s.from_sea("coaster", f"BAN TIAN {k}{'N' * near_miss}", scene, bearing, 10.0)
    s.b.ships[ship]["ship_type"] = SURVEY
    s.b.script(ship, "MUTE", at_us, until_us)
    if way == "few":
        s.b.script(ship, "MUTE", s.start_us, at_us - int(1.3 * MINUTE_US))
    s.label("gap", "gap", (ship,), near_miss, f"silent {hours:.1f} h {way}", "gfw")
