"""Meeting a target on a straight way: closed form on a plane, exact on WGS 84."""

from __future__ import annotations

import math
from collections.abc import Callable

from littoral.respond.intercept.answer import Meeting, NoMeeting, Target, Unmet
from littoral.respond.rhumb import GEOD
from littoral.respond.route.answer import Position

DAY_S = 86_400.0
STRAIGHT_ERROR_S = 0.001
# Steps of at least so much: a chance to meet that lasts less may be overlooked, and it has no use.
LEAST_STEP_S = 0.01


def meet_flat(dx_m: float, dy_m: float, vx_mps: float, vy_mps: float, speed_mps: float) -> float:
    """Seconds until a pursuer at the origin can first meet a target at (dx, dy) with velocity
    (vx, vy) on a plane: the least t >= 0 with |d + v t| = s t. Infinite if there is none."""
    a = vx_mps**2 + vy_mps**2 - speed_mps**2
    b = dx_m * vx_mps + dy_m * vy_mps  # half the linear term
    c = dx_m**2 + dy_m**2
    if c == 0.0:
        return 0.0
    if a == 0.0:  # equally fast: linear
        return -c / (2.0 * b) if b < 0.0 else math.inf
    root2 = b * b - a * c
    if root2 < 0.0 or (a > 0.0 and b >= 0.0):
        return math.inf
    # q / a and c / q are the two roots without loss of digits.
    q = -(b + math.copysign(math.sqrt(root2), b))
    times = [t for t in (q / a, c / q if q != 0.0 else math.inf) if t >= 0.0]
    return min(times, default=math.inf)


def meet_straight(
    pursuer: Position, speed_mps: float, target: Target, horizon_s: float = DAY_S
) -> Meeting | NoMeeting:
    """The earliest meeting on geodesics of WGS 84, for who need not mind land (an aircraft), or as
    a lower bound. The pursuer's time there equals the meeting's within a millisecond."""
    if not speed_mps > 0.0:
        raise ValueError(f"a speed is above 0 m/s, not {speed_mps}")

    def late(t: float) -> float:
        return GEOD.inv(*pursuer, *target.after(t))[2] / speed_mps - t

    ratio = target.speed_mps / speed_mps
    t = earliest(late, ratio, 0.0, horizon_s, STRAIGHT_ERROR_S, LEAST_STEP_S)
    if t is None:
        return NoMeeting(Unmet.TOO_LATE if ratio < 1.0 else _escape(pursuer, speed_mps, target))
    return Meeting(t, target.after(t), abs(late(t)))


def _escape(pursuer: Position, speed_mps: float, target: Target) -> Unmet:
    """Of a target that is not slower: whether it could be met later, on the plane tangent there."""
    azimuth, _, distance = GEOD.inv(*pursuer, *target.position)
    bearing, course = math.radians(azimuth), math.radians(target.course_deg)
    t = meet_flat(
        distance * math.sin(bearing), distance * math.cos(bearing),
        target.speed_mps * math.sin(course), target.speed_mps * math.cos(course), speed_mps,
    )  # fmt: skip
    return Unmet.TOO_LATE if math.isfinite(t) else Unmet.OUTRUN


def earliest(
    late: Callable[[float], float], ratio: float, begin_s: float, end_s: float,
    within_s: float, least_step_s: float,
) -> float | None:  # fmt: skip
    """The first t in begin..end with `late(t)` <= `within_s`: how much later than at t the pursuer
    can be where the target is at t. None if there is none.

    The target moves `ratio` times as fast as the pursuer, so that `late` falls by at most 1 + ratio
    a second and, where the target is slower, by at least 1 - ratio: then there is one root, which
    the Illinois rule of false position closes in on. Else steps are as long as it cannot be met in.
    """
    t, value = begin_s, late(begin_s)
    if value <= within_s:
        return t
    if ratio < 1.0:
        high = min(end_s, t + 1.001 * value / (1.0 - ratio) + within_s)
        at_high = late(high)
        if at_high > within_s:
            return None
        return _falsi(late, t, value, high, at_high, within_s)
    while t < end_s:
        before, late_before = t, value
        t = min(end_s, t + max(value / (1.0 + ratio), least_step_s))
        value = late(t)
        if value <= within_s:
            return _falsi(late, before, late_before, t, value, within_s)
    return None


def _falsi(
    late: Callable[[float], float], low: float, at_low: float, high: float, at_high: float,
    within_s: float,
) -> float:  # fmt: skip
    """A point between low (above 0) and high (at most `within_s`) with |late| <= `within_s`."""
    t, value, kept = high, at_high, 0
    while abs(value) > within_s and high - low > 0.01 * within_s:
        if math.isfinite(at_low):
            t = high - at_high * (high - low) / (at_high - at_low)
        else:
            t = 0.5 * (low + high)
        value = late(t)
        if value > 0.0:
            low, at_low = t, value
            at_high *= 0.5 if kept > 0 else 1.0
            kept = 1
        else:
            high, at_high = t, value
            at_low *= 0.5 if kept < 0 else 1.0
            kept = -1
    return t
