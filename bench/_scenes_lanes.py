"""Scenes of merchant ships off the lanes or at an unusual pace, about the thresholds of each."""

from __future__ import annotations

from bench._scene_places import Stage
from littoral.sim.incidents_lanes import ASTRAY, OCEAN, ends_elsewhere, turned_away
from littoral.sim.scenes import MINUTE_US, Point, route


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def off_lanes(s: Stage, near_miss: bool, k: int) -> None:
    """Leaves the ocean lane for the waters inside it; or keeps near it, or is a survey vessel."""
    survey = near_miss and k % 2 == 1
    share = s.between(0.15, 0.45) if near_miss and not survey else s.between(0.9, 1.1)
    # The three points of the detour, drawn back towards the lane between its ends.
    detour = [
        _between(_between(OCEAN[2], OCEAN[3], along), ASTRAY[3 + n], share)
        for n, along in enumerate((0.25, 0.5, 0.8))
    ]
    way = (*OCEAN[:3], *detour, *OCEAN[3:])
    ship = s.b.ship("bulk", f"YUAN HAI {k}{'N' * near_miss}",
                    route(way, s.between(9.0, 12.0), 2, s.some_time(4.0, 0.1)))  # fmt: skip
    s.b.ships[ship]["ship_type"] = 90 if survey else 70
    s.label("deviation", "route", (ship,), near_miss, f"{share:.2f} of the way off")


def pace(s: Stage, near_miss: bool, k: int) -> None:
    """Creeps down the ocean lane; or for too short, or not so slow."""
    way = ("short", "faster")[k % 2] if near_miss else ""
    minutes = s.between(25.0, 50.0) if way == "short" else s.between(85.0, 140.0)
    knots = s.between(7.0, 8.5) if way == "faster" else s.between(3.2, 4.6)
    at_us = s.some_time(minutes / 60.0 + 0.7)
    until_us = at_us + int(minutes * MINUTE_US)
    stop = _between(OCEAN[2], OCEAN[3], minutes * knots / 60.0 / 61.5)  # 61.5 n mile between them
    there, away = route(OCEAN[:3], 11.0, 2, at_us), route((stop, *OCEAN[3:]), 11.0, 0, until_us)
    ship = s.b.ship("bulk", f"MAN SU {k}{'N' * near_miss}", [*there, *away])
    s.b.ships[ship]["ship_type"] = 70
    s.label("deviation", "speed", (ship,), near_miss, f"{knots:.1f} kn for {minutes:.0f} min {way}")


def destination(s: Stage, near_miss: bool, k: int) -> None:
    """Turns away from the port that it says, or lies in another; the near-miss beside each
    overshoots and goes in, or lies where it says."""
    if near_miss:
        return
    if k % 2 and s.hours >= 14.0:
        turned_away(s.b, s.at(s.between(6.2, s.hours - 6.7)), f"scene {k}")
    else:
        ends_elsewhere(s.b, s.some_time(2.2))
