"""A unit as far as matters for who can go: a boat, team, vehicle or drone, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from littoral.respond.route.answer import Position


class Kind(StrEnum):
    """What it moves on."""

    SEA = "sea"
    ROAD = "road"
    AIR = "air"


@dataclass(frozen=True, slots=True)
class Unit:
    """`position` lon, lat in degrees, `age_s` old; None: unknown. `speed_mps`: that it can keep up
    on the way. `endurance_s`: how long it can yet be under way; None: no limit known."""

    id: str
    kind: Kind
    position: Position | None
    age_s: float
    speed_mps: float
    endurance_s: float | None = None
    busy: bool = False
    skills: frozenset[str] = frozenset()
