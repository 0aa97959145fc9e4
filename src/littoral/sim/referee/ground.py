"""Land, circles and night for the referee: plain loops over every segment and circle.

Distances between two places on the sphere of 6,371,008.8 m; those to the edge of a circle and to
the shore on WGS 84, by the radii at the middle latitude: good to 0.1 % within 150 km.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from littoral.area.coast import Coast, shore_segments
from littoral.area.region import DATA, Region, load_region
from littoral.sim.season import sun_altitude_deg

EARTH_M = 6_371_008.8
DEG_M = EARTH_M * math.pi / 180.0
AXIS_M, ECCENTRICITY2 = 6_378_137.0, 0.00669437999014  # WGS 84
NIGHT_DEG = -6.0
ABOUT_DEG = 3.0


@njit(cache=True, nogil=True)
def apart_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance by the law of haversines."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    a = math.sin(0.5 * (p2 - p1)) ** 2
    a += math.cos(p1) * math.cos(p2) * math.sin(0.5 * math.radians(lon2 - lon1)) ** 2
    return 2.0 * EARTH_M * math.asin(math.sqrt(min(1.0, a)))


@njit(cache=True, nogil=True)
def edges_on_sphere_m(circles: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """`edges_m` for a text that measures on the sphere."""
    out = np.full(len(lon), np.inf)
    for i in range(len(lon)):
        for k in range(len(circles)):
            d = apart_m(lon[i], lat[i], circles[k, 0], circles[k, 1]) - circles[k, 2]
            if d < out[i]:
                out[i] = max(0.0, d)
    return out


@njit(cache=True, nogil=True)
def plane_m(lon: float, lat: float, x: float, y: float) -> tuple[float, float]:
    """Metres east and north from (lon, lat) to (x, y), by the ellipsoid's radii of curvature in the
    prime vertical and in the meridian at the middle latitude."""
    middle = math.radians(0.5 * (lat + y))
    w = 1.0 - ECCENTRICITY2 * math.sin(middle) ** 2
    prime = AXIS_M / math.sqrt(w)
    east = math.radians(x - lon) * prime * math.cos(middle)
    return east, math.radians(y - lat) * prime * (1.0 - ECCENTRICITY2) / w


@njit(cache=True, nogil=True)
def edges_m(circles: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """(n,) metres from each point to the nearest edge of `circles` (m, 3), 0 within one; infinite
    where there are none."""
    out = np.full(len(lon), np.inf)
    for i in range(len(lon)):
        for k in range(len(circles)):
            east, north = plane_m(lon[i], lat[i], circles[k, 0], circles[k, 1])
            d = math.sqrt(east * east + north * north) - circles[k, 2]
            if d < out[i]:
                out[i] = max(0.0, d)
    return out


@njit(cache=True, nogil=True)
def shores_m(shore: np.ndarray, lon: np.ndarray, lat: np.ndarray, most_m: float) -> np.ndarray:
    """(n,) metres to the nearest of the segments (k, 4); infinite beyond `most_m`."""
    out = np.full(len(lon), np.inf)
    high_deg = most_m / 110_000.0  # no degree of latitude is shorter
    for i in range(len(lon)):
        best = most_m * most_m
        for k in range(len(shore)):
            low, high = shore[k, 1] - lat[i], shore[k, 3] - lat[i]
            if min(low, high) > high_deg or max(low, high) < -high_deg:
                continue
            ax, ay = plane_m(lon[i], lat[i], shore[k, 0], shore[k, 1])
            bx, by = plane_m(lon[i], lat[i], shore[k, 2], shore[k, 3])
            if min(ax, bx) > most_m or max(ax, bx) < -most_m:
                continue
            dx, dy = bx - ax, by - ay
            long2 = dx * dx + dy * dy
            t = 0.0 if long2 == 0.0 else min(1.0, max(0.0, -(ax * dx + ay * dy) / long2))
            d2 = (ax + t * dx) ** 2 + (ay + t * dy) ** 2
            if d2 <= best:
                best = d2
                out[i] = math.sqrt(d2)
    return out


@njit(cache=True, nogil=True)
def ahead_m(shore: np.ndarray, lon: float, lat: float, course_deg: float) -> float:
    """Metres straight ahead to where the shore is met; infinite where it is not."""
    kx = DEG_M * math.cos(math.radians(lat))
    ux, uy = math.sin(math.radians(course_deg)), math.cos(math.radians(course_deg))
    best = np.inf
    for k in range(len(shore)):
        ax, ay = (shore[k, 0] - lon) * kx, (shore[k, 1] - lat) * DEG_M
        bx, by = (shore[k, 2] - lon) * kx, (shore[k, 3] - lat) * DEG_M
        a, b = ax * uy - ay * ux, bx * uy - by * ux
        if (a <= 0.0) == (b <= 0.0):
            continue
        t = a / (a - b)
        along = (ax + t * (bx - ax)) * ux + (ay + t * (by - ay)) * uy
        if 0.0 <= along < best:
            best = along
    return best


def is_land(shore: np.ndarray, lon: float, lat: float) -> bool:
    """On land: the parallel eastward crosses the shore an odd number of times."""
    a, b = shore[:, 1] > lat, shore[:, 3] > lat
    s = shore[a != b]
    at = s[:, 0] + (lat - s[:, 1]) / (s[:, 3] - s[:, 1]) * (s[:, 2] - s[:, 0])
    return int((at > lon).sum()) % 2 == 1


def on_course(lon: float, lat: float, course_deg: float, metres: float) -> tuple[float, float]:
    """Where one is after `metres` (some kilometres) on a course."""
    turn = math.radians(course_deg)
    east = metres * math.sin(turn) / (DEG_M * math.cos(math.radians(lat)))
    return lon + east, lat + metres * math.cos(turn) / DEG_M


def is_night(t_us: int, lon: float, lat: float) -> bool:
    """By the simulator's almanac, which differs from the detectors' (0.3 degrees at most)."""
    return sun_altitude_deg(t_us, lon, lat) < NIGHT_DEG


@dataclass(frozen=True, slots=True)
class Ground:
    """`ours` (n, 4) and `any_shore` segments in degrees; circles (m, 3) lon, lat, radius_m by what
    they are; `corridors` (line (k, 2), half width, ship types)."""

    ours: np.ndarray
    any_shore: np.ndarray
    ports: np.ndarray  # and harbours and anchorages
    harbours: np.ndarray  # ports and harbours
    landings: np.ndarray
    corridors: tuple[tuple[np.ndarray, float, tuple[int, ...]], ...]
    # Shores about the region's box, of the coarse map of the world: for what counts from 50 n mile.
    beyond: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))

    @property
    def all_shores(self) -> np.ndarray:
        return np.concatenate([self.any_shore, self.beyond])

    @property
    def licensed(self) -> np.ndarray:
        return np.concatenate([self.ports, self.landings])

    def in_corridor(self, lon: float, lat: float, ship_type: int) -> bool:
        for line, half_m, types in self.corridors:
            if ship_type in types:
                segments = np.column_stack([line[:-1], line[1:]])
                d = shores_m(segments, np.array([lon]), np.array([lat]), half_m)
                if d[0] <= half_m:
                    return True
        return False


def _circles(places: Iterable[tuple[float, float, float]]) -> np.ndarray:
    return np.array(list(places), np.float64).reshape(-1, 3)


def _beyond(box: np.ndarray) -> np.ndarray:
    """(n, 4) shores outside west, south, east, north of the box, up to `ABOUT_DEG` from it."""
    found = []
    world = json.loads((DATA / "world" / "land.geojson").read_text())
    for feature in world["features"]:
        for ring in feature["geometry"]["coordinates"]:
            x = np.array(ring, np.float64)[:, :2]
            near = np.all((x > box[:2] - ABOUT_DEG) & (x < box[2:] + ABOUT_DEG), axis=1)
            keep = near[:-1] | near[1:]
            found.append(np.column_stack([x[:-1], x[1:]])[keep])
    return np.concatenate(found)


def ground_of(coast: Coast, region: Region | None = None) -> Ground:
    """The packaged region's ground."""
    region = region or load_region("hainan")
    xy, ring = shore_segments(coast.polygons, coast.arrays.box)
    ours = (coast.polygons.ours[ring] == 1) & (coast.polygons.level[ring] == 1)
    circle = {
        kind: [(p.lon_deg, p.lat_deg, p.radius_m) for p in region.ports if p.kind == kind]
        for kind in ("port", "harbour", "anchorage")
    }
    return Ground(
        np.ascontiguousarray(xy[ours]),
        np.ascontiguousarray(xy),
        _circles(circle["port"] + circle["harbour"] + circle["anchorage"]),
        _circles(circle["port"] + circle["harbour"]),
        _circles((p.lon_deg, p.lat_deg, p.radius_m) for p in region.landings),
        tuple((c.line, c.half_width_m, c.ship_types) for c in region.crossings),
        _beyond(np.array([*xy.reshape(-1, 2).min(0), *xy.reshape(-1, 2).max(0)])),
    )
