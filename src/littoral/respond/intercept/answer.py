"""What a question for a meeting is asked and answered with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from littoral.respond.rhumb import sailed
from littoral.respond.route.answer import NoRoute, Position, Route


@dataclass(frozen=True, slots=True)
class Target:
    """`position` lon, lat in degrees now; true course and speed over ground, both kept."""

    position: Position
    course_deg: float
    speed_mps: float

    def after(self, seconds: float) -> Position:
        """On the rhumb line of its course."""
        if self.speed_mps == 0.0:
            return self.position
        return sailed(*self.position, self.course_deg, self.speed_mps * seconds)


class Unmet(StrEnum):
    """Why a target cannot be met."""

    OUTRUN = "outrun"  # not slower, and on this course it never comes nearer than it escapes
    TOO_LATE = "too_late"  # not within the time asked for
    OUTSIDE = "outside"  # it leaves the coast that is known before it can be met
    NO_ROUTE = "no_route"  # no way at sea to where it is: see `route`


@dataclass(frozen=True, slots=True)
class NoMeeting:
    reason: Unmet
    route: NoRoute | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """At `position` in `time_s` from now, the earliest there is; the pursuer arrives within
    `error_s` of the target. `route`: the way there, None for a straight one.

    `aground_s`: when the target, keeping its course, comes to the shore of the packaged coast; None
    if not within the time asked for. A meeting not before that is at the place where it does."""

    time_s: float
    position: Position
    error_s: float
    route: Route | None = None
    aground_s: float | None = None
