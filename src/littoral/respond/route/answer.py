"""What a question for a way at sea is answered with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Position = tuple[float, float]  # lon, lat in degrees


class NoWay(StrEnum):
    """Why there is no route."""

    NO_POSITION = "no_position"  # an end has no coordinates
    OUTSIDE = "outside"  # an end lies where the coast is not known in full
    INLAND = "inland"  # an end lies on land, farther from the sea than the router reaches
    ENCLOSED = "enclosed"  # water that does not join: a lake, a lagoon, or closed by the margin


@dataclass(frozen=True, slots=True)
class NoRoute:
    reason: NoWay
    end: str  # "start", "end", or "both" where neither alone is to blame


@dataclass(frozen=True, slots=True)
class Route:
    """`waypoints`: lon, lat in degrees (the ends rounded to a centimetre), all at sea, the margin
    kept. No leg from one to the next touches land or margin, drawn straight on a Mercator chart,
    which is how the page draws and, to some ten metres, a helm steers, nor straight in degrees.
    `length_m` is theirs, geodesic on WGS 84 (a rhumb line of 600 km is up to 0.02 % longer).

    An end that is no water to the coast (a berth on made ground), or within the margin, was led to
    the nearest water of the way: `start_gap_m`, `end_gap_m` metres away, else 0; whether the gap
    can be sailed nobody checked. `time_s` is that of length and gaps at the speed asked for.
    """

    waypoints: tuple[Position, ...]
    length_m: float
    start_gap_m: float
    end_gap_m: float
    time_s: float

    @property
    def whole_m(self) -> float:
        """Length and gaps."""
        return self.start_gap_m + self.length_m + self.end_gap_m
