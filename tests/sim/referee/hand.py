"""Trajectories made by hand off the straight south shore, along 18 N, of an island: metres east and
north of (110 E, 18 N), on a sphere of 6,371,008.8 m (a degree of latitude: 111,195.08 m)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from littoral.sim.referee.ground import Ground
from littoral.sim.referee.record import LAT0_DEG, LON0_DEG, Record

DEG_M = 111_195.08
NIGHT_US = int(np.datetime64("2026-11-05T12:00:00", "us").astype("int64"))  # 20:00 in Hainan
DAY_US = int(np.datetime64("2026-11-05T02:00:00", "us").astype("int64"))
KN = 1852.0 / 3600.0

# Seconds since the start -> metres east and north.
Way = Callable[[float], tuple[float, float]]


def ground(
    ports: list[tuple[float, float, float]] | None = None,
    landings: list[tuple[float, float, float]] | None = None,
) -> Ground:
    """Circles are (east, north, radius) in metres."""
    x = np.arange(108.0, 112.0, 0.1)
    shore = np.column_stack([x, np.full(len(x), 18.0), x + 0.1, np.full(len(x), 18.0)])
    far = [(112.0, 18.0, 112.0, 20.0), (112.0, 20.0, 108.0, 20.0), (108.0, 20.0, 108.0, 18.0)]
    shore = np.concatenate([shore, far])
    circles, landing = (
        np.array([(*degrees(e, n), r) for e, n, r in some or []], float).reshape(-1, 3)
        for some in (ports, landings)
    )
    return Ground(shore, shore, circles, circles, landing, ())


def degrees(east: float, north: float) -> tuple[float, float]:
    """On WGS 84, by its radii of curvature (NGA.STND.0036, 4.1), north at the middle latitude."""
    lat = 18.0 + north / _degree_m(18.0 + 0.5 * north / DEG_M)[1]
    return 110.0 + east / _degree_m(lat)[0], lat


def _degree_m(lat_deg: float) -> tuple[float, float]:
    """A degree eastward and northward."""
    lat, squared = math.radians(lat_deg), 0.00669437999014
    w = 1.0 - squared * math.sin(lat) ** 2
    prime = math.radians(6_378_137.0) / math.sqrt(w)
    return prime * math.cos(lat), prime * (1.0 - squared) / w


def legs(*points: tuple[float, float, float]) -> Way:
    """Straight between (minute, east, north), still before and after."""
    minutes, east, north = (np.array(c, float) for c in zip(*points, strict=True))
    return lambda s: (float(np.interp(s / 60, minutes, east)), float(np.interp(s / 60, minutes,
                      north)))  # fmt: skip


def record(
    ways: list[Way], minutes: int, start_us: int = DAY_US, *, types: list[int],
    status: int = 0, heading: float = math.nan, off: tuple[int, int] | None = None,
    length_m: float = 100.0, bow_m: float = 100.0,
) -> Record:  # fmt: skip
    """Vessels with class A that are heard every 10 s, but for the first in the minutes `off`."""
    n, steps = len(ways), minutes * 12
    path = np.zeros((n, steps, 4), np.float32)
    for v, way in enumerate(ways):
        for k in range(steps):
            (x0, y0), (x1, y1) = way(5.0 * k), way(5.0 * k + 5.0)
            lon, lat = degrees(x0, y0)
            course = math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360.0
            path[v, k] = (lon - LON0_DEG, lat - LAT0_DEG, math.hypot(x1 - x0, y1 - y0) / 5.0,
                          course)  # fmt: skip
    times = start_us + np.arange(0, minutes * 60, 10, dtype=np.int64) * 1_000_000
    heard = [times] * n
    spans: list[list[tuple[int, int]]] = [[] for _ in ways]
    if off is not None:
        low, high = (start_us + m * 60_000_000 for m in off)
        heard = [times[(times < low) | (times >= high)], *heard[1:]]
        spans[0] = [(low, high)]
    steps_at = [(heard_times - start_us) // 5_000_000 for heard_times in heard]
    reports = [path[v, k, :3] + np.array([LON0_DEG, LAT0_DEG, 0.0]) for v, k in enumerate(steps_at)]
    return Record(
        start_us, path, np.full((n, minutes), status, np.int8),
        np.full((n, minutes), heading, np.float32), np.arange(n) + 412_000_001, np.zeros(n, int),
        np.array(types), np.full(n, length_m), np.full(n, bow_m), heard, reports, spans,
        [[] for _ in ways], courses=[path[v, k, 3] for v, k in enumerate(steps_at)],
    )  # fmt: skip
