"""Which limits of collision risk hold where: open sea, ferry strait, port approach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from littoral.area.places import circle_at

OPEN_SEA, FERRY_STRAIT, PORT_APPROACH = 0, 1, 2


@njit(cache=True, nogil=True)
def _codes(ring: np.ndarray, circles: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    out = np.zeros(len(lon), np.int8)
    west, east = ring[:, 0].min(), ring[:, 0].max()
    south, north = ring[:, 1].min(), ring[:, 1].max()
    circles = circles[np.argsort(circles[:, 1])]
    centre_lat = circles[:, 1].copy()
    reach_deg = circles[:, 2].max() / 110_000.0 if len(circles) else 0.0
    for i in range(len(lon)):
        x, y = lon[i], lat[i]
        near = circles[
            np.searchsorted(centre_lat, y - reach_deg) : np.searchsorted(centre_lat, y + reach_deg)
        ]
        if circle_at(near, x, y) >= 0:
            out[i] = PORT_APPROACH
        elif west <= x <= east and south <= y <= north:
            inside = False
            for k in range(len(ring) - 1):
                ax, ay, bx, by = ring[k, 0], ring[k, 1], ring[k + 1, 0], ring[k + 1, 1]
                if (ay <= y) != (by <= y) and ax + (y - ay) / (by - ay) * (bx - ax) <= x:
                    inside = not inside
            out[i] = FERRY_STRAIT if inside else OPEN_SEA
    return out


@dataclass(frozen=True, slots=True)
class AreaProfiles:
    """`strait`: (k, 2) closed ring in degrees; `approaches`: (m, 3) lon, lat, radius_m. A port
    approach within the strait is a port approach."""

    strait: np.ndarray
    approaches: np.ndarray

    def code(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """(n,) int8; without coordinates OPEN_SEA, whose limits are the widest."""
        return _codes(
            self.strait, self.approaches,
            np.ascontiguousarray(np.atleast_1d(lon), np.float64),
            np.ascontiguousarray(np.atleast_1d(lat), np.float64),
        )  # fmt: skip
