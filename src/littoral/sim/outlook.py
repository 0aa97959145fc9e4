"""Where a ship will be in the next minutes by its plan, and how near two such ways come.

Everything is on one plane through the middle of the region (`xy`), true to 1.5 % of a distance
between 15 and 22 degrees north: good enough for a mariner's judgement, which is what it serves.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.sim.motion import BERTHING_M, DEG_M, PASS, turn_between

STEP_S = 30.0
STEPS = 24  # 12 minutes
HORIZON_S = STEP_S * STEPS
X_SCALE = DEG_M * math.cos(math.radians(19.0))


@njit(cache=True, nogil=True, inline="always")
def xy(lon_deg: float, lat_deg: float) -> tuple[float, float]:
    return lon_deg * X_SCALE, lat_deg * DEG_M


@njit(cache=True, nogil=True)
def look_ahead(
    h, s, plan: np.ndarray, bias_deg: float, factor: float, go: bool, out: np.ndarray
) -> None:
    """Fill `out` (STEPS + 1, 2) with the way of a ship that adds `bias_deg` to its course and takes
    `factor` of its speed throughout. A ship at a stop stays, unless it is to `go` at once."""
    x, y = xy(s.lon_deg, s.lat_deg)
    fx, fy = xy(s.from_lon_deg, s.from_lat_deg)
    speed, course, k = s.speed_mps, s.course_deg, s.leg
    lies = s.idle == 1 or k >= s.legs or (s.stop != PASS and not go)
    if s.stop != PASS:
        fx, fy = x, y
    for i in range(STEPS + 1):
        out[i, 0], out[i, 1] = x, y
        if lies:
            continue
        leg = plan[k]
        tx, ty = xy(leg.lon_deg, leg.lat_deg)
        dx, dy = tx - x, ty - y
        if leg.stop == PASS:
            near = max(leg.radius_m, 0.5 * speed * STEP_S)
            if dx * dx + dy * dy < near * near or dx * (tx - fx) + dy * (ty - fy) <= 0.0:
                fx, fy = x, y
                k += 1
                leg = plan[k]
                tx, ty = xy(leg.lon_deg, leg.lat_deg)
                dx, dy = tx - x, ty - y
        distance = math.sqrt(dx * dx + dy * dy)
        wanted, bias = leg.speed_mps, 0.0
        if leg.arrive_us > 0:
            wanted = max(speed, 0.5)
        if leg.stop != PASS:
            if distance < max(12.0, speed * STEP_S):
                x, y, lies = tx, ty, True
                continue
            wanted = min(wanted, math.sqrt(2.0 * h.accel_mps2 * 0.7 * distance) + 0.4)
        if leg.stop == PASS or distance >= BERTHING_M:
            bias = bias_deg
        wanted *= factor
        most = h.accel_mps2 * STEP_S
        before = speed
        speed += min(max(wanted - speed, -most), most)
        error = turn_between(course, math.degrees(math.atan2(dx, dy)) + bias)
        turned = min(max(error, -h.turn_degps * STEP_S), h.turn_degps * STEP_S)
        mean = math.radians(course + 0.5 * turned)
        course += turned
        way = 0.5 * (before + speed) * STEP_S
        x, y = x + way * math.sin(mean), y + way * math.cos(mean)


@njit(cache=True, nogil=True)
def nearest(a: np.ndarray, b: np.ndarray, within_m: float, fastest_mps: float) -> tuple:
    """Least distance of two ways (STEPS + 1, 2) and the time to it in seconds; only a distance
    below `within_m` is looked for exactly. `fastest_mps`: neither closes faster than this."""
    best, when = 1e12, 0.0
    i = 0
    while i < STEPS:
        x, y = b[i, 0] - a[i, 0], b[i, 1] - a[i, 1]
        d = math.sqrt(x * x + y * y)
        if i == 0:
            best = d
        far = d - within_m
        if far > fastest_mps * STEP_S:
            i += int(far / (fastest_mps * STEP_S))
            continue
        u, w = b[i + 1, 0] - a[i + 1, 0] - x, b[i + 1, 1] - a[i + 1, 1] - y
        v2 = u * u + w * w
        f = 0.0
        if v2 > 0.0:
            f = min(1.0, max(0.0, -(x * u + y * w) / v2))
        d = math.sqrt((x + f * u) ** 2 + (y + f * w) ** 2)
        if d < best:
            best, when = d, (i + f) * STEP_S
        i += 1
    return best, when
