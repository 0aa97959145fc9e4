"""How ships move: to the next point of their plan, turning and changing speed at their own rate.

A plan is a row of legs. A step of `STEP_US` turns the course towards the leg's end at no more than
the ship's turn rate, brings the speed towards the leg's at no more than its acceleration, and moves
along the mean course. So motion is smooth, and depends on the plan and the state alone.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import EARTH_M

STEP_US = 5_000_000
DEG_M = EARTH_M * math.pi / 180.0

BERTHING_M = 350.0  # from a stop: gives way by speed alone, turns almost on the spot

PASS, DRIFT, ANCHOR, MOOR, OFF = range(5)  # what is done at the end of a leg

LEG = np.dtype(
    [
        ("lon_deg", "f8"),
        ("lat_deg", "f8"),
        ("wait_us", "i8"),  # at a stop: at least this long
        ("depart_us", "i8"),  # and not before this time
        ("arrive_us", "i8"),  # 0: no matter; else speed is chosen to be there at that time
        ("speed_mps", "f8"),
        ("radius_m", "f8"),  # a point passed is passed within this distance
        ("stop", "i1"),
        ("nav_status", "i1"),  # on the way there
        ("stop_status", "i1"),  # at the stop
    ],
    align=True,
)

# What of a ship does not change. `radio` is littoral.sim.radio's kind of station.
HULL = np.dtype(
    [
        ("turn_degps", "f8"),
        ("accel_mps2", "f8"),
        ("top_mps", "f8"),
        ("length_m", "f8"),
        ("swing_m", "f8"),  # how far the transponder swings about the anchor
        ("drift_deg", "f8"),  # heading less course, under way
        ("mmsi", "i4"),
        ("text", "i4"),  # of a distress device: row of its text; the next is the text of a test
        ("radio", "i1"),
        ("has_heading", "i1"),
        ("has_turn", "i1"),
        ("accurate", "i1"),
        ("planted", "i1"),
    ],
    align=True,
)

STATE = np.dtype(
    [
        ("lon_deg", "f8"),
        ("lat_deg", "f8"),
        ("speed_mps", "f8"),
        ("course_deg", "f8"),
        ("turn_degps", "f8"),
        ("from_lon_deg", "f8"),  # where the leg began
        ("from_lat_deg", "f8"),
        ("give_way_deg", "f8"),  # added to the course while another ship is given way to
        ("give_way", "f8"),  # and the factor on its speed
        ("since_us", "i8"),  # at a stop: since when
        ("until_us", "i8"),  # and until when
        ("report_us", "i8"),  # next position report
        ("static_us", "i8"),  # next static report
        ("leg", "i4"),
        ("legs", "i4"),
        ("stop", "i1"),  # PASS: under way
        ("idle", "i1"),  # 1: the plan is done, a new one is wanted
        ("nav_status", "i1"),  # -1: none sent
        ("burst", "i1"),  # of a distress device: messages sent of the present burst
    ],
    align=True,
)


@njit(cache=True, nogil=True, inline="always")
def turn_between(from_deg: float, to_deg: float) -> float:
    """Difference of two directions, -180..180."""
    return (to_deg - from_deg + 540.0) % 360.0 - 180.0


@njit(cache=True, nogil=True)
def swing(h, s, t_us: int) -> tuple[float, float, float]:
    """Longitude, latitude and heading of a ship at anchor: it lies downwind and downtide of its
    anchor and swings with the tide (12.42 h) and a little by itself."""
    t_s = t_us * 1e-6
    phase = (h.mmsi % 1000) * 0.00628
    a = s.course_deg + 50.0 * math.sin(t_s * (2.0 * math.pi / 44_712.0))
    a += 6.0 * math.sin(t_s * (2.0 * math.pi / 1_100.0) + phase)
    grown = min(1.0, (t_us - s.since_us) / 1.8e9)
    r = h.swing_m * grown
    lat = s.lat_deg + r * math.cos(math.radians(a)) / DEG_M
    scale = DEG_M * math.cos(math.radians(lat))
    return s.lon_deg + r * math.sin(math.radians(a)) / scale, lat, (a + 180.0) % 360.0


@njit(cache=True, nogil=True)
def step(h, s, legs: np.ndarray, t_us: int) -> None:
    """Move one ship from `t_us` to `t_us + STEP_US`. `legs` (n,) of LEG is its plan."""
    dt = STEP_US * 1e-6
    if s.idle == 1:
        return
    if s.stop != PASS:
        if t_us < s.until_us:
            return
        if s.leg >= s.legs:
            s.idle = 1
            return
        if s.stop == ANCHOR:
            s.lon_deg, s.lat_deg, s.course_deg = swing(h, s, t_us)
        s.from_lon_deg, s.from_lat_deg = s.lon_deg, s.lat_deg
        s.stop = PASS
    leg = legs[s.leg]
    scale = DEG_M * math.cos(math.radians(s.lat_deg))
    dx = (leg.lon_deg - s.lon_deg) * scale
    dy = (leg.lat_deg - s.lat_deg) * DEG_M
    distance = math.hypot(dx, dy)
    stopping = leg.stop != PASS
    # Arrived?
    if stopping:
        if distance <= max(12.0, s.speed_mps * dt):
            if leg.stop != DRIFT:
                s.lon_deg, s.lat_deg = leg.lon_deg, leg.lat_deg
            s.stop, s.nav_status = leg.stop, leg.stop_status
            s.speed_mps, s.turn_degps = 0.0, 0.0
            s.since_us = t_us
            s.until_us = max(t_us + leg.wait_us, leg.depart_us)
            s.leg += 1
            return
    else:
        lx = (leg.lon_deg - s.from_lon_deg) * scale
        ly = (leg.lat_deg - s.from_lat_deg) * DEG_M
        if distance < leg.radius_m or dx * lx + dy * ly <= 0.0:
            s.from_lon_deg, s.from_lat_deg = s.lon_deg, s.lat_deg
            s.leg += 1  # a plan ends with a stop, so there is a next leg
            leg = legs[s.leg]
            stopping = leg.stop != PASS
            dx = (leg.lon_deg - s.lon_deg) * scale
            dy = (leg.lat_deg - s.lat_deg) * DEG_M
            distance = math.hypot(dx, dy)
    s.nav_status = leg.nav_status
    wanted = leg.speed_mps
    if leg.arrive_us > 0:
        left_s = (leg.arrive_us - t_us) * 1e-6
        wanted = s.speed_mps if 0.0 < left_s < 30.0 else distance / max(left_s, 30.0)
        wanted = min(max(wanted, 0.3), h.top_mps)
    bias = 0.0
    berthing = stopping and distance < BERTHING_M
    if s.give_way > 0.0:
        wanted *= s.give_way
        bias = 0.0 if berthing else s.give_way_deg
    error = turn_between(s.course_deg, math.degrees(math.atan2(dx, dy)) + bias)
    if stopping:
        wanted = min(wanted, math.sqrt(2.0 * h.accel_mps2 * 0.7 * distance) + 0.4)
    if abs(error) > 60.0:  # slow while the bow comes round; near a berth almost on the spot
        wanted = min(wanted, 0.4 if berthing else max(1.5, 0.4 * wanted))
    s.speed_mps += min(max(wanted - s.speed_mps, -h.accel_mps2 * dt), h.accel_mps2 * dt)
    s.turn_degps = min(max(error / 12.0, -h.turn_degps), h.turn_degps)
    mean = math.radians(s.course_deg + 0.5 * s.turn_degps * dt)
    s.course_deg = (s.course_deg + s.turn_degps * dt) % 360.0
    s.lon_deg += s.speed_mps * dt * math.sin(mean) / scale
    s.lat_deg += s.speed_mps * dt * math.cos(mean) / DEG_M
