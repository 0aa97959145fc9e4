"""Scenes of geofences and rings: each draws its own fence about a place at sea, and a ship that
breaks its rule, or nearly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bench._scene_places import Stage, run_us
from littoral.area.geofence import FenceRule, Geofence
from littoral.sim.radio import CLASS_A, CLASS_B
from littoral.sim.scenes import MINUTE_US, Appointment, Point, beside, straight

HALF_M, LIMIT_KN, LEAST_KN, STAY_S = 4_000.0, 10.6, 5.0, 1_800.0
KNOT_MPS = 1852.0 / 3600.0
DREDGER, FISHING, OTHER = 33, 30, 90
SERVICE = (33, 34, 51, 54, 58, 59)
EVER_US = 2**62


def _box(site: Point, half_m: float) -> tuple[tuple[Point, ...], ...]:
    west, south = beside(beside(site, 270.0, half_m), 180.0, half_m)
    east, north = beside(beside(site, 90.0, half_m), 0.0, half_m)
    return (((west, south), (east, south), (east, north), (west, north), (west, south)),)


def _draw(s: Stage, site: Point, rule: FenceRule, half_m: float = HALF_M) -> Geofence:
    n = len(s.b.fences)
    fence = Geofence(f"scene-{n}", {"zh": f"场景 {n}", "en": f"scene {n}"}, (_box(site, half_m),),
                     rules=(rule,))  # fmt: skip
    s.b.fences.append(fence)
    return fence


def _past(s: Stage) -> int:
    """When the fences of some near-misses end: before anything happens in them."""
    return s.at(0.2)


def _cross(
    s: Stage, site: Point, course: float, knots: float, at_us: int, half_min: float = 55.0
) -> list[Appointment]:
    return straight(site, course, knots, at_us, half_min, half_min)


def _edge(s: Stage, near_miss: bool, k: int, kind: str) -> None:
    """Through a fence; or beside it, of a type that it is not for, or after its end."""
    way = ("beside", "other type", "over")[k % 3] if near_miss else "tacks" if k % 3 == 2 else ""
    site, bearing = s.at_sea(12_000.0, 45_000.0)
    at_us = s.some_time(2.6, 1.2)
    # Each of a type of its own, so that those of other scenes go through unseen.
    own = SERVICE[(k + 3 * (kind == "exit")) % len(SERVICE)]
    types = (OTHER,) if way == "other type" else (own,)
    fence = _draw(s, site, FenceRule(kind, ship_types=types, priority=3))
    if way == "over":
        s.b.fences[-1] = replace(fence, valid_to_us=_past(s))
    knots, course = s.between(7.0, 12.0), float(90 * int(s.rng.integers(4)))
    off = HALF_M + s.between(150.0, 800.0) if way == "beside" else s.between(0.0, 0.7 * HALF_M)
    scene = _cross(s, beside(site, course + 90.0, off), course, knots, at_us)
    if way == "tacks":
        # In, out for a minute or so, and in again: leaving counts after three.
        back_m = 0.5 * s.between(60.0, 110.0) * knots * KNOT_MPS
        inner = beside(site, course + 180.0, HALF_M - 400.0)
        points = [
            beside(inner, course + turn, metres)
            for turn, metres in ((180.0, 12_000.0), (0.0, 0.0), (180.0, 400.0 + back_m),
                                 (0.0, 12_000.0))
        ]  # fmt: skip
        scene = [(*points[0], at_us)]
        for a, b in ((12_000.0, 1), (400.0 + back_m, 2), (12_400.0 + back_m, 3)):
            scene.append((*points[b], scene[-1][2] + run_us(a, knots)))
    ship = s.from_sea("dredger", f"BIAN JIE {k}{'N' * near_miss}", scene, bearing, 10.0)
    s.b.ships[ship]["ship_type"] = own
    s.b.hulls[ship]["turn_degps"] = 4.0
    s.label("area_rule", kind, (ship,), near_miss, f"{kind} {knots:.0f} kn {way}")


def entry(s: Stage, near_miss: bool, k: int) -> None:
    _edge(s, near_miss, k, "entry")


def leaving(s: Stage, near_miss: bool, k: int) -> None:
    _edge(s, near_miss, k, "exit")


def speed_over(s: Stage, near_miss: bool, k: int) -> None:
    """Too fast across a fence; or hardly fast enough, or for a moment in its corner."""
    way = ("slower", "corner")[k % 2] if near_miss else ""
    knots = s.between(0.7, 0.93) * LIMIT_KN if way == "slower" else s.between(1.06, 1.5) * LIMIT_KN
    site, bearing = s.at_sea(12_000.0, 45_000.0)
    at_us = s.some_time(2.6, 1.2)
    _draw(s, site, FenceRule("speed_over", speed_mps=LIMIT_KN * KNOT_MPS, priority=3))
    course, off = 45.0, s.between(0.0, 2_000.0)
    if way == "corner":  # so that the way through is short of a minute
        off = HALF_M * np.sqrt(2.0) - 0.5 * s.between(12.0, 40.0) * knots * KNOT_MPS
    scene = _cross(s, beside(site, 135.0, off), course, knots, at_us)
    ship = s.from_sea("dredger", f"KUAI SU {k}{'N' * near_miss}", scene, bearing, 10.0)
    s.b.ships[ship]["ship_type"] = DREDGER
    s.label("area_rule", "speed_over", (ship,), near_miss, f"{knots:.1f} kn {way}")


def speed_under(s: Stage, near_miss: bool, k: int) -> None:
    """Too slow across a fence; or hardly slow enough."""
    knots = s.between(1.05, 1.6) * LEAST_KN if near_miss else s.between(0.4, 0.94) * LEAST_KN
    site, bearing = s.at_sea(12_000.0, 45_000.0)
    at_us = s.some_time(3.0, 1.6)
    _draw(s, site, FenceRule("speed_under", speed_mps=LEAST_KN * KNOT_MPS, priority=4), 2_500.0)
    scene = _cross(s, site, 0.0, knots, at_us, 70.0)
    ship = s.from_sea("dredger", f"MAN XING {k}{'N' * near_miss}", scene, bearing, 10.0)
    s.b.ships[ship]["ship_type"] = DREDGER
    s.label("area_rule", "speed_under", (ship,), near_miss, f"{knots:.1f} kn")


def night(s: Stage, near_miss: bool, k: int) -> None:
    """In a fence by night; or by day, or of a type that it is not for."""
    way = ("day", "other type")[k % 2] if near_miss else ""
    site, bearing = s.at_sea(5_000.0, 25_000.0, radio=CLASS_B)
    at_us = s.by_night(1.3, way != "day")
    types = (FISHING,) if way == "other type" else (DREDGER, OTHER)
    _draw(s, site, FenceRule("night", sun_below_deg=-6.0, ship_types=types, priority=3))
    scene = _cross(s, site, bearing + 90.0, s.between(5.0, 9.0), at_us + 35 * MINUTE_US, 30.0)
    ship = s.from_sea("dredger", f"YE JIAN {k}{'N' * near_miss}", scene, bearing, 9.0)
    s.b.ships[ship]["ship_type"] = DREDGER
    s.label("area_rule", "night", (ship,), near_miss, f"night {way}")


def season(s: Stage, near_miss: bool, k: int) -> None:
    """A fishing boat at work in a closed season; or under way, for too short, or out of season."""
    way = ("under way", "short", "open")[k % 3] if near_miss else ""
    knots = s.between(6.4, 8.5) if way == "under way" else s.between(1.6, 5.3)
    minutes = s.between(5.0, 12.0) if way == "short" else s.between(22.0, 60.0)
    site, bearing = s.at_sea(8_000.0, 30_000.0, radio=CLASS_A)
    at_us = s.some_time(minutes / 60.0 + 1.0, 1.0)
    day = np.datetime64(s.start_us, "us").astype("datetime64[D]")
    first, last = day - np.timedelta64(10, "D"), day + np.timedelta64(10, "D")
    if way == "open":
        first, last = day + np.timedelta64(5, "D"), day + np.timedelta64(20, "D")
    begins, ends = (f"{str(d)[5:]}T00:00" for d in (first, last))
    rule = FenceRule("season", season_from=begins, season_to=ends, utc_offset_min=480,
                     ship_types=(FISHING,), priority=3)  # fmt: skip
    _draw(s, site, rule, 8_000.0)
    there = beside(site, bearing + 90.0, knots * KNOT_MPS * minutes * 60.0)
    scene = [(*site, at_us), (*there, at_us + int(minutes * MINUTE_US))]
    ship = s.from_sea("fishing", f"XIU YU {k}{'N' * near_miss}", scene, bearing, 9.5)
    s.b.ships[ship]["ship_type"] = FISHING
    s.label("area_rule", "season", (ship,), near_miss, f"{knots:.1f} kn, {minutes:.0f} min {way}")


def presence(s: Stage, near_miss: bool, k: int) -> None:
    """Half an hour in a fence and more; or less."""
    minutes = s.between(9.0, 24.0) if near_miss else s.between(36.0, 80.0)
    site, bearing = s.at_sea(12_000.0, 45_000.0)
    at_us = s.some_time(minutes / 60.0 + 1.2, 1.0)
    _draw(s, site, FenceRule("presence", stay_s=STAY_S, priority=4), 700.0)
    scene = [(*site, at_us), (*site, at_us + int(minutes * MINUTE_US))]
    ship = s.from_sea("dredger", f"TING LIU {k}{'N' * near_miss}", scene, bearing, 9.0)
    s.b.ships[ship]["ship_type"] = DREDGER
    s.label("area_rule", "presence", (ship,), near_miss, f"{minutes:.0f} min")


def ring(s: Stage, near_miss: bool, k: int) -> None:
    """Says nothing of itself and comes within 12 n mile; or stays beyond, or says its name."""
    way = ("beyond", "named", "late")[k % 3] if near_miss else ""
    low, high = (23_500.0, 38_000.0) if way == "beyond" else (9_000.0, 20_000.0)
    site, bearing = s.at_sea(low, high)
    at_us = s.some_time(2.5, 2.0)
    scene = [(*site, at_us), (*site, at_us + 12 * MINUTE_US)]
    ship = s.from_sea("dredger", f"WU MING {k}{'N' * near_miss}", scene, bearing, 9.0)
    s.b.ships[ship]["ship_type"] = DREDGER
    if way == "late":  # in the outer ring it begins to say who it is
        off_m = s.between(24_500.0, 30_000.0) - low
        s.b.script(ship, "NAMELESS", 0, at_us - run_us(off_m, 9.0))
    elif way != "named":
        s.b.script(ship, "NAMELESS", 0, EVER_US)
    s.label("area_rule", "ring", (ship,), near_miss, f"ring {way}")


MAKERS = (entry, leaving, speed_over, speed_under, night, season, presence, ring)
