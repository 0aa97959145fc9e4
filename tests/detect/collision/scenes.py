"""Two ships on straight courses, laid out backwards from their closest point by plane geometry."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from littoral.area.geodesy import KNOT_MPS
from littoral.area.places import Crossing
from littoral.area.profiles import AreaProfiles
from littoral.area.world import World
from littoral.schema.ais import Positions
from tests.detect.making import at_us, moved, sailing, world

CPA_US = at_us("2026-11-24T04:15:04")  # between two ticks, so that no limit falls on one
SITES = {
    "open_sea": (111.0, 18.0),
    "strait": (109.85, 20.1),
    "port": (110.5, 20.05),
    "crossing": (110.15, 20.14),
}
STRAIT = [(109.7, 19.9), (110.75, 19.9), (110.75, 20.4), (109.7, 20.4), (109.7, 19.9)]
WORLD: World = world(
    profiles=AreaProfiles(np.array(STRAIT), np.array([(*SITES["port"], 9000.0)])),
    crossings=(
        Crossing(
            "c", {"zh": "渡", "en": "C"}, np.array([(110.15, 19.95), (110.15, 20.35)]), 2500.0,
            tuple(range(60, 70)),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Ship:
    course_deg: float
    kn: float
    ship_type: int = 70
    status: int = 0
    length_m: float = 115.0
    beam_m: float = 18.0

    def velocity(self) -> tuple[float, float]:
        a, v = math.radians(self.course_deg), self.kn * KNOT_MPS
        return v * math.sin(a), v * math.cos(a)

    def half_width(self, along_deg: float) -> float:
        """Half of a rectangle's width across a direction; 30 m by 8 m where nothing is given."""
        length = self.length_m if self.length_m == self.length_m else 30.0
        beam = self.beam_m if self.beam_m == self.beam_m else 8.0
        a = math.radians(self.course_deg - along_deg)
        return 0.5 * (length * abs(math.sin(a)) + beam * abs(math.cos(a)))


def relative(a: Ship, b: Ship) -> tuple[float, float]:
    """Speed and direction of b's motion as seen from a."""
    (u1, w1), (u2, w2) = a.velocity(), b.velocity()
    return math.hypot(u2 - u1, w2 - w1), math.degrees(math.atan2(u2 - u1, w2 - w1))


def cpa_for(clear_m: float, a: Ship, b: Ship, error_m: float) -> float:
    """Distance of the hulls' middles at the closest point for a given clear distance."""
    _, along = relative(a, b)
    return clear_m + a.half_width(along) + b.half_width(along) + math.sqrt(2.0) * error_m


def meeting(
    a: Ship,
    b: Ship,
    cpa_m: float,
    site: tuple[float, float],
    side: int = 1,
    before_s: int = 900,
    after_s: int = 400,
    every_s: int = 10,
    accurate: int = 1,
) -> list[Positions]:
    """Reports of the two, exactly on the seconds that are multiples of `every_s`, so that dead
    reckoning to a tick of 10 s has nothing to add. b passes at `cpa_m` on the given side."""
    _, along = relative(a, b)
    other = moved(*site, (along + 90.0 * side) % 360.0, cpa_m)
    times = CPA_US - 4_000_000 + np.arange(-before_s, after_s + 1, every_s) * 1_000_000
    parts = []
    for track, (ship, where) in enumerate(((a, site), (b, other))):
        parts.append(
            sailing(
                track, times, where, ship.course_deg, ship.kn, CPA_US,
                nav_status=ship.status, accurate=accurate,
                heading_deg=ship.course_deg % 360.0,
            )
        )  # fmt: skip
    return parts
