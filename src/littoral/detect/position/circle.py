"""Whether reported positions lie on one circle, and how often they go round it (compiled)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.geodesy import flat_m

T_S, LON, LAT, SOG = range(4)  # columns of points; seconds since 1970
WINDOWS_S = (600.0, 1_200.0, 1_800.0, 2_400.0)
POINTS = 161  # 2,400 s at 15 s, both ends
PAUSE_S = 300.0  # between two reports: beyond, nobody knows how it moved
SECTORS = 8


class CircleLimits(NamedTuple):
    """Settings as the loops take them."""

    points: int
    span_s: float
    least_m: float
    most_m: float
    share: float
    turns: float


@njit(cache=True, nogil=True)
def fit(east, north):
    """(east, north, radius) of the circle of least algebraic squares (Kasa 1976) through points
    (n,) in metres; radius NaN where there is none."""
    n = len(east)
    mx, my = east.mean(), north.mean()
    suu = svv = suv = suz = svz = 0.0
    for i in range(n):
        u, v = east[i] - mx, north[i] - my
        z = u * u + v * v
        suu, svv, suv = suu + u * u, svv + v * v, suv + u * v
        suz, svz = suz + u * z, svz + v * z
    det = suu * svv - suv * suv
    if not det > 1e-6 * (suu + svv) ** 2:
        return mx, my, math.nan
    a = 0.5 * (suz * svv - svz * suv) / det
    b = 0.5 * (svz * suu - suz * suv) / det
    return mx + a, my + b, math.sqrt(a * a + b * b + (suu + svv) / n)


@njit(cache=True, nogil=True)
def circling(points, count, limits, out):
    """Index of the first of `points` (count, 4) from which on they are a circle up to the last,
    over the shortest window that shows it, or -1. `out` takes lon and lat of the centre, radius in
    metres and turns."""
    last_s = points[count - 1, T_S]
    for window_s in WINDOWS_S:
        first = count - 1
        while first > 0 and points[first - 1, T_S] >= last_s - window_s:
            first -= 1
        n = count - first
        if n < limits.points or last_s - points[first, T_S] < limits.span_s:
            continue
        lon0, lat0 = points[first, LON], points[first, LAT]
        east, north = np.empty(n), np.empty(n)
        way_m = 0.0
        for i in range(n):
            p = points[first + i]
            east[i], north[i] = flat_m(lon0, lat0, p[LON], p[LAT])
            if i > 0:
                pause_s = p[T_S] - points[first + i - 1, T_S]
                if pause_s <= PAUSE_S:
                    way_m += 0.5 * (p[SOG] + points[first + i - 1, SOG]) * pause_s
        x, y, radius = fit(east, north)
        if not limits.least_m <= radius <= limits.most_m:
            continue
        square, seen = 0.0, 0
        for i in range(n):
            off = math.hypot(east[i] - x, north[i] - y) - radius
            square += off * off
            turn = math.atan2(north[i] - y, east[i] - x) / (2.0 * math.pi) % 1.0
            seen |= 1 << min(SECTORS - 1, int(turn * SECTORS))
        turns = way_m / (2.0 * math.pi * radius)
        if (
            math.sqrt(square / n) <= limits.share * radius
            and seen == (1 << SECTORS) - 1
            and turns >= limits.turns
        ):
            metres = math.pi / 180.0 * 6_371_008.8
            out[1] = lat0 + y / metres
            out[0] = lon0 + x / (metres * math.cos(math.radians(0.5 * (lat0 + out[1]))))
            out[2], out[3] = radius, turns
            return first
    return -1
