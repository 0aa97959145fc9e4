"""Ports, landing points, the scheduled ferry crossing: places with name, radius and source."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from littoral.area.nearest import metres_per_degree


@dataclass(frozen=True, slots=True)
class Place:
    """A circle on the map. `kind`: port, harbour (fishing or small craft), landing, anchorage.
    `ours`: on the shore that the rings are measured from."""

    id: str
    name: Mapping[str, str]  # zh, en
    lon_deg: float
    lat_deg: float
    radius_m: float
    kind: str
    source: str
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Crossing:
    """A corridor of scheduled ferries: within `half_width_m` of `line` ((k, 2) degrees, k >= 2).
    `ship_types`: AIS types that the schedule speaks for."""

    id: str
    name: Mapping[str, str]
    line: np.ndarray
    half_width_m: float
    ship_types: tuple[int, ...]
    source: str = "configured"

    def contains(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """(n,) bool: within the corridor; False without coordinates."""
        return _within_line(
            self.line, self.half_width_m,
            np.ascontiguousarray(np.atleast_1d(lon), np.float64),
            np.ascontiguousarray(np.atleast_1d(lat), np.float64),
        )  # fmt: skip


@njit(cache=True, nogil=True)
def line_distance_at(line: np.ndarray, lon: float, lat: float) -> float:
    """Metres from a point to a polyline (k, 2) in degrees, on the plane through the point; good to
    0.1 % within 50 km. NaN without coordinates."""
    kx, ky = metres_per_degree(lat)
    best = math.inf
    for k in range(len(line) - 1):
        ax, ay = (line[k, 0] - lon) * kx, (line[k, 1] - lat) * ky
        bx, by = (line[k + 1, 0] - lon) * kx, (line[k + 1, 1] - lat) * ky
        dx, dy = bx - ax, by - ay
        len2 = dx * dx + dy * dy
        t = min(1.0, max(0.0, -(ax * dx + ay * dy) / len2)) if len2 > 0.0 else 0.0
        x, y = ax + t * dx, ay + t * dy
        best = min(best, x * x + y * y)
    return math.sqrt(best) if abs(lon) <= 180.0 else math.nan


@njit(cache=True, nogil=True)
def in_corridor_at(line: np.ndarray, half_width_m: float, lon: float, lat: float) -> bool:
    """Within a crossing's corridor; False without coordinates."""
    return line_distance_at(line, lon, lat) <= half_width_m


@njit(cache=True, nogil=True)
def _within_line(
    line: np.ndarray, half_width_m: float, lon: np.ndarray, lat: np.ndarray
) -> np.ndarray:
    out = np.empty(len(lon), np.bool_)
    for i in range(len(lon)):
        out[i] = in_corridor_at(line, half_width_m, lon[i], lat[i])
    return out


@njit(cache=True, nogil=True)
def circle_at(circles: np.ndarray, lon: float, lat: float) -> int:
    """Row of the circle ((m, 3): lon, lat, radius_m) whose edge is deepest past the point, or -1
    when it is in none."""
    best, found = 0.0, -1
    for p in range(len(circles)):
        dlat = lat - circles[p, 1]
        if abs(dlat) > circles[p, 2] / 110_000.0:
            continue
        # No degree of longitude is shorter: cos x >= 1 - x^2 / 2 spares most circles the sine.
        middle = math.radians(0.5 * (lat + circles[p, 1]))
        if abs(lon - circles[p, 0]) * 111_300.0 * (1.0 - 0.5 * middle * middle) > circles[p, 2]:
            continue
        kx, ky = metres_per_degree(0.5 * (lat + circles[p, 1]))
        dx, dy = (lon - circles[p, 0]) * kx, dlat * ky
        over = math.sqrt(dx * dx + dy * dy) - circles[p, 2]
        if over <= best:
            best, found = over, p
    return found


@njit(cache=True, nogil=True)
def circles_of(circles: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Element-wise `circle_at`, (n,) int32."""
    out = np.empty(len(lon), np.int32)
    for i in range(len(lon)):
        out[i] = circle_at(circles, lon[i], lat[i])
    return out


def circle_array(places: Iterable[Place], margin_m: float = 0.0) -> np.ndarray:
    """(m, 3) float64 lon, lat, radius_m + `margin_m`: what kernels take."""
    rows = [(p.lon_deg, p.lat_deg, p.radius_m + margin_m) for p in places]
    return np.array(rows, np.float64).reshape(-1, 3)


def place_of(entry: Mapping[str, Any]) -> Place:
    """From a table of `ports.toml` or `landings.toml`."""
    return Place(**entry)


def crossing_of(entry: Mapping[str, Any]) -> Crossing:
    """From a `[[crossing]]` of `region.toml`."""
    first, last = entry["ship_types"]
    return Crossing(
        entry["id"],
        entry["name"],
        np.array(entry["line"], np.float64),
        float(entry["half_width_m"]),
        tuple(range(first, last + 1)),
        entry["source"],
    )
