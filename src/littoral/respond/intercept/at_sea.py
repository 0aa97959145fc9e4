"""Meeting a target at sea by a way around land."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely

from littoral.respond.intercept.answer import Meeting, NoMeeting, Target, Unmet
from littoral.respond.intercept.straight import DAY_S, earliest, meet_straight
from littoral.respond.route.answer import NoRoute, Position, Route
from littoral.respond.route.router import SeaRouter

SEA_ERROR_S = 0.5
LEAST_STEP_S = 5.0
TRACK_POINTS = 400


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a target's course leads to: seconds to the shore and to the edge of the known coast,
    infinite where it comes to neither within the time asked for."""

    aground_s: float
    edge_s: float


def meet_at_sea(
    router: SeaRouter, pursuer: Position, speed_mps: float, target: Target, horizon_s: float = DAY_S
) -> Meeting | NoMeeting:
    """The earliest meeting within `horizon_s`; the pursuer is there within half a second of the
    target. No way at sea is shorter than the geodesic, so that who cannot be met straight cannot be
    met; and the search begins at the time of the straight meeting.

    Where the target is not slower, a chance to meet that lasts less than 5 s may be overlooked."""
    ahead = look_ahead(router, target, horizon_s)
    aground = ahead.aground_s if math.isfinite(ahead.aground_s) else None
    end = min(horizon_s, ahead.aground_s, ahead.edge_s)
    first = router.route(pursuer, target.position, speed_mps)
    if isinstance(first, NoRoute) and first.end == "start":
        return NoMeeting(Unmet.NO_ROUTE, first)
    straight = meet_straight(pursuer, speed_mps, target, end)
    refused: list[NoRoute] = []

    def late(t: float) -> float:
        way = router.route(pursuer, target.after(t), speed_mps)
        if isinstance(way, NoRoute):
            refused.append(way)
            return math.inf
        return way.time_s - t

    t = None
    if isinstance(straight, Meeting):
        ratio = target.speed_mps / speed_mps
        t = earliest(late, ratio, straight.time_s, end, SEA_ERROR_S, LEAST_STEP_S)
    if t is not None:
        way = router.route(pursuer, target.after(t), speed_mps)
        assert isinstance(way, Route)
        return Meeting(t, target.after(t), abs(way.time_s - t), way, aground)
    if refused:
        return NoMeeting(Unmet.NO_ROUTE, refused[-1])
    if aground is not None and aground == end:
        return _at_the_shore(router, pursuer, speed_mps, target, aground, horizon_s)
    if isinstance(straight, NoMeeting) and straight.reason == Unmet.OUTRUN:
        return straight
    return NoMeeting(Unmet.OUTSIDE if ahead.edge_s == end else Unmet.TOO_LATE)


def _at_the_shore(
    router: SeaRouter, pursuer: Position, speed_mps: float, target: Target, aground_s: float,
    horizon_s: float,
) -> Meeting | NoMeeting:  # fmt: skip
    """The target is waited for, or found, where its course meets the shore."""
    where = target.after(aground_s)
    way = router.route(pursuer, where, speed_mps)
    if isinstance(way, NoRoute):
        return NoMeeting(Unmet.NO_ROUTE, way)
    if way.time_s > horizon_s:
        return NoMeeting(Unmet.TOO_LATE)
    return Meeting(max(aground_s, way.time_s), where, 0.0, way, aground_s)


def look_ahead(router: SeaRouter, target: Target, horizon_s: float) -> Ahead:
    """Along the rhumb line, by `TRACK_POINTS` straight pieces. A target that the coast has on land
    now (a berth on made ground) comes aground only after it was at sea."""
    if target.speed_mps == 0.0:
        return Ahead(math.inf, math.inf)
    water = router.water
    # Not farther than across the frame: there the plane is true.
    west, south, east, north = water.frame.bounds
    across_m = math.hypot(east - west, north - south)
    span_s = min(horizon_s, across_m / target.speed_mps)
    times = np.linspace(0.0, span_s, TRACK_POINTS)
    track = water.plane.metres(np.array([target.after(t) for t in times.tolist()]))
    within = shapely.intersects_xy(water.frame, track[:, 0], track[:, 1])
    edge_s = math.inf
    if not within.all():
        last = int(np.argmin(within)) - 1
        edge_s = float(times[max(last, 0)])
        track, times = track[: last + 1], times[: last + 1]
    if len(track) < 2:
        return Ahead(math.inf, edge_s)
    line = shapely.LineString(track)
    ashore = shapely.get_parts(water.land.intersection(line))
    begins = [line.project(shapely.Point(p.coords[0])) for p in ashore if not p.is_empty]
    first_m = min((m for m in begins if m > 0.0), default=math.inf)
    return Ahead(first_m / line.length * float(times[-1]), edge_s)
