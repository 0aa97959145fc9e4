"""Which limits of collision risk hold where: open sea, ferry strait, port approach."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.places import circle_at

OPEN_SEA, FERRY_STRAIT, PORT_APPROACH = 0, 1, 2


SIDE = 64  # cells each way of the raster over all circles


class Waters(NamedTuple):
    """What kernels take: `codes_of`. `touched` (SIDE, SIDE): a circle reaches into the cell."""

    ring: np.ndarray  # (k, 2)
    box: tuple[float, float, float, float]  # west, south, east, north of the ring
    circles: np.ndarray  # (m, 3)
    frame: tuple[float, float, float, float]  # west, south of the raster, cells per degree of each
    touched: np.ndarray


@njit(cache=True, nogil=True)
def _raster(circles: np.ndarray) -> tuple[tuple[float, float, float, float], np.ndarray]:
    """Frame and raster of the boxes round the circles."""
    boxes = np.empty((len(circles), 4))
    for k in range(len(circles)):
        lon, lat, radius_m = circles[k]
        high = radius_m / 110_000.0
        narrowest = math.cos(math.radians(min(90.0, abs(lat) + high)))
        wide = min(360.0, radius_m / (111_300.0 * max(narrowest, 1e-6)))
        boxes[k] = lon - wide, lat - high, lon + wide, lat + high
    touched = np.zeros((SIDE, SIDE), np.bool_)
    frame = (0.0, 0.0, 0.0, 0.0)
    if len(circles):
        west, south = boxes[:, 0].min(), boxes[:, 1].min()
        width, height = boxes[:, 2].max() - west, boxes[:, 3].max() - south
        frame = (west, south, SIDE / (1.000_001 * width), SIDE / (1.000_001 * height))
        for k in range(len(circles)):
            c0, r0 = int((boxes[k, 0] - west) * frame[2]), int((boxes[k, 1] - south) * frame[3])
            c1, r1 = int((boxes[k, 2] - west) * frame[2]), int((boxes[k, 3] - south) * frame[3])
            touched[r0 : r1 + 1, c0 : c1 + 1] = True
    return frame, touched


@njit(cache=True, nogil=True)
def _in_ring(ring: np.ndarray, x: float, y: float) -> bool:
    inside = False
    for k in range(len(ring) - 1):
        ax, ay, bx, by = ring[k, 0], ring[k, 1], ring[k + 1, 0], ring[k + 1, 1]
        if (ay <= y) != (by <= y) and ax + (y - ay) / (by - ay) * (bx - ax) <= x:
            inside = not inside
    return inside


@njit(cache=True, nogil=True)
def codes_of(w: Waters, lon: np.ndarray, lat: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Codes (n,) int8 of those `rows` of the columns; without coordinates OPEN_SEA."""
    # By their own names: handed to a function a point at a time they would cost more than it does.
    ring, circles, touched = w.ring, w.circles, w.touched
    west, south, east, north = w.box
    lon0, lat0, per_lon, per_lat = w.frame
    out = np.zeros(len(rows), np.int8)
    for i in range(len(rows)):
        x, y = lon[rows[i]], lat[rows[i]]
        col, row = (x - lon0) * per_lon, (y - lat0) * per_lat
        near = 0.0 <= col < SIDE and 0.0 <= row < SIDE and touched[int(row), int(col)]
        if near and circle_at(circles, x, y) >= 0:
            out[i] = PORT_APPROACH
        elif west <= x <= east and south <= y <= north and _in_ring(ring, x, y):
            out[i] = FERRY_STRAIT
    return out


@dataclass(frozen=True, slots=True)
class AreaProfiles:
    """`strait`: (k, 2) closed ring in degrees; `approaches`: (m, 3) lon, lat, radius_m. A port
    approach within the strait is a port approach."""

    strait: np.ndarray
    approaches: np.ndarray

    def waters(self) -> Waters:
        """For kernels; made in some microseconds."""
        west, south = self.strait.min(axis=0)
        east, north = self.strait.max(axis=0)
        box = (float(west), float(south), float(east), float(north))
        return Waters(self.strait, box, self.approaches, *_raster(self.approaches))

    def code(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """(n,) int8; without coordinates OPEN_SEA, whose limits are the widest."""
        lon, lat = (np.ascontiguousarray(np.atleast_1d(c), np.float64) for c in (lon, lat))
        return codes_of(self.waters(), lon, lat, np.arange(len(lon)))
