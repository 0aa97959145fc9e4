"""Meetings in the open: the plane by hand, WGS 84 by construction from the meeting backwards."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from littoral.respond.intercept import Meeting, NoMeeting, Target, Unmet, meet_straight
from littoral.respond.intercept.straight import meet_flat
from littoral.respond.rhumb import sailed

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize(
    ("target", "velocity", "speed", "seconds"),
    [
        ((0.0, 1000.0), (3.0, 0.0), 5.0, 250.0),  # 3-4-5: 1000 / sqrt(25 - 9)
        ((1000.0, 0.0), (-5.0, 0.0), 5.0, 100.0),  # head on, equally fast
        ((1000.0, 0.0), (-10.0, 0.0), 5.0, 1000.0 / 15.0),  # head on, faster
        ((1000.0, 0.0), (4.0, 0.0), 5.0, 1000.0),  # chased, 1 m/s gained
        ((1000.0, 0.0), (0.0, 0.0), 5.0, 200.0),  # at rest
        ((0.0, 0.0), (3.0, 1.0), 5.0, 0.0),  # here
        ((1000.0, 0.0), (5.0, 0.0), 5.0, math.inf),  # equally fast and away
        ((1000.0, 0.0), (0.0, 6.0), 5.0, math.inf),  # faster and across
        # Faster, coming by at an angle: |(1000 - 8t, 100)| = 5t, so 39t2 - 16000t + 1010000 = 0
        ((1000.0, 100.0), (-8.0, 0.0), 5.0, (16000 - math.sqrt(16000**2 - 4 * 39 * 1.01e6)) / 78),
    ],
)  # fmt: skip
def test_plane(
    target: tuple[float, float], velocity: tuple[float, float], speed: float, seconds: float
) -> None:
    assert meet_flat(*target, *velocity, speed) == pytest.approx(seconds, rel=1e-12)


metres = st.floats(-1e5, 1e5)


@given(metres, metres, st.floats(-30.0, 30.0), st.floats(-30.0, 30.0), st.floats(0.5, 30.0))
def test_plane_meets_and_not_before(
    dx: float, dy: float, vx: float, vy: float, speed: float
) -> None:
    t = meet_flat(dx, dy, vx, vy, speed)
    far = math.hypot(dx, dy)

    def gap(at: float) -> float:
        return math.hypot(dx + vx * at, dy + vy * at) - speed * at

    if math.isfinite(t):
        assert abs(gap(t)) <= 1e-6 * (far + speed * t + 1.0)
    end = t if math.isfinite(t) else 1e6
    for k in range(50):
        assert gap(end * k / 50.0) >= -1e-6 * (far + speed * end + 1.0)


courses = st.floats(0.0, 360.0, exclude_max=True)


@given(courses, courses, st.floats(60.0, 20_000.0), st.floats(5.0, 25.0), st.floats(0.0, 0.95))
def test_ellipsoid_backwards_from_the_meeting(
    course: float, bearing: float, seconds: float, speed: float, ratio: float
) -> None:
    """Both are let go backwards from a place and time; a slower target is met there alone."""
    place = (110.5, 18.5)
    start = sailed(*place, course + 180.0, ratio * speed * seconds)
    pursuer = GEOD.fwd(*place, bearing, speed * seconds)[:2]
    met = meet_straight(pursuer, speed, Target(start, course, ratio * speed))
    assert isinstance(met, Meeting)
    # The error of a millisecond grows as the pursuer gains less: 1 / (1 - ratio).
    assert met.time_s == pytest.approx(seconds, abs=0.002 / (1.0 - ratio))
    assert GEOD.inv(*met.position, *place)[2] < 0.002 * speed / (1.0 - ratio)
    assert met.error_s <= 0.001


def test_as_the_plane_where_the_earth_is_flat() -> None:
    """Within 10 km the tangent plane is good to millimetres in the closed form's case."""
    pursuer = (110.0, 19.0)
    lon, lat, _ = GEOD.fwd(*pursuer, 0.0, 8_000.0)
    met = meet_straight(pursuer, 10.0, Target((lon, lat), 90.0, 6.0))
    assert isinstance(met, Meeting)
    assert met.time_s == pytest.approx(8_000.0 / 8.0, abs=0.5)  # sqrt(100 - 36)
    assert meet_flat(0.0, 8_000.0, 6.0, 0.0, 10.0) == 1_000.0


def test_who_cannot_be_met_and_why() -> None:
    pursuer, ahead = (110.0, 19.0), (110.1, 19.0)
    assert meet_straight(pursuer, 10.0, Target(ahead, 90.0, 10.0)) == NoMeeting(Unmet.OUTRUN)
    assert meet_straight(pursuer, 10.0, Target(ahead, 0.0, 20.0)) == NoMeeting(Unmet.OUTRUN)
    # 10.5 km ahead, gaining 1 m/s: about 10,500 s.
    slow = Target(ahead, 90.0, 9.0)
    assert meet_straight(pursuer, 10.0, slow, 9_000.0) == NoMeeting(Unmet.TOO_LATE)
    assert isinstance(meet_straight(pursuer, 10.0, slow, 11_000.0), Meeting)
    # Faster, but coming: met; not so within a minute.
    coming = Target(ahead, 270.0, 20.0)
    met = meet_straight(pursuer, 10.0, coming)
    assert isinstance(met, Meeting)
    assert met.time_s == pytest.approx(GEOD.inv(*pursuer, *ahead)[2] / 30.0, abs=0.01)
    assert meet_straight(pursuer, 10.0, coming, 60.0) == NoMeeting(Unmet.TOO_LATE)
    with pytest.raises(ValueError, match="speed"):
        meet_straight(pursuer, 0.0, slow)
