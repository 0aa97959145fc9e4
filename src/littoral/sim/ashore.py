"""Where a trajectory meets our shore, by brute force over its segments: for the ground truth of
events along the shore. No code of a detector's."""

from __future__ import annotations

import math

import numpy as np

from littoral.area.coast import Coast, shore_segments
from littoral.area.geodesy import KNOT_MPS
from littoral.sim.motion import DEG_M

SLOW_MPS, FAST_MPS, NEAR_M, AHEAD_S = 1.0 * KNOT_MPS, 20.0 * KNOT_MPS, 500.0, 900.0
AHEAD_M = 6.0 * 1852.0


def our_shore(coast: Coast) -> np.ndarray:
    """(n, 4) segments in degrees of the shore that the region calls ours."""
    xy, ring = shore_segments(coast.polygons, coast.arrays.box)
    return xy[(coast.polygons.ours[ring] == 1) & (coast.polygons.level[ring] == 1)]


def _ends(shore: np.ndarray, lon: float, lat: float) -> tuple[np.ndarray, ...]:
    """East and north of the point, in metres, of both ends of each segment."""
    kx = DEG_M * math.cos(math.radians(lat))
    ax, ay = (shore[:, 0] - lon) * kx, (shore[:, 1] - lat) * DEG_M
    return ax, ay, (shore[:, 2] - lon) * kx, (shore[:, 3] - lat) * DEG_M


def shore_m(shore: np.ndarray, lon: float, lat: float) -> float:
    """Metres to the nearest point of the shore."""
    ax, ay, bx, by = _ends(shore, lon, lat)
    dx, dy = bx - ax, by - ay
    long2 = np.maximum(dx * dx + dy * dy, 1e-9)
    part = np.clip(-(ax * dx + ay * dy) / long2, 0.0, 1.0)
    return float(np.hypot(ax + part * dx, ay + part * dy).min())


def ahead_m(shore: np.ndarray, lon: float, lat: float, course_deg: float) -> float:
    """Metres straight ahead to the shore; infinite where it is not met."""
    ax, ay, bx, by = _ends(shore, lon, lat)
    ux, uy = math.sin(math.radians(course_deg)), math.cos(math.radians(course_deg))
    side_a, side_b = ax * uy - ay * ux, bx * uy - by * ux
    crossed = (side_a <= 0.0) != (side_b <= 0.0)
    if not crossed.any():
        return math.inf
    part = side_a[crossed] / (side_a[crossed] - side_b[crossed])
    along = (ax[crossed] + part * (bx - ax)[crossed]) * ux
    along += (ay[crossed] + part * (by - ay)[crossed]) * uy
    met = along[along >= 0.0]
    return float(met.min()) if len(met) else math.inf


def toward(shore: np.ndarray, path: np.ndarray) -> tuple[np.ndarray, float]:
    """`path` (steps, 4: lon, lat, m/s, course). (steps,) bool: fast, and the shore straight ahead
    near; and the nearest that it is ahead in metres."""
    ahead = np.array([ahead_m(shore, p[0], p[1], p[3]) for p in path])
    hit = (path[:, 2] >= FAST_MPS) & (ahead <= np.minimum(AHEAD_M, AHEAD_S * path[:, 2]))
    return hit, float(ahead.min())


def lies_near(shore: np.ndarray, path: np.ndarray) -> tuple[np.ndarray, float]:
    """(steps,) bool: slow and near the shore; and the nearest in metres."""
    metres = np.array([shore_m(shore, p[0], p[1]) for p in path])
    return (path[:, 2] < SLOW_MPS) & (metres <= NEAR_M), float(metres.min())
