"""Which limits of collision risk hold where, and which water is a berth, by docs/areas.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from littoral.area.region import Region, load_region
from littoral.sim.referee.ground import Ground, edges_m, shores_m

OPEN_SEA, FERRY_STRAIT, PORT_APPROACH = 0, 1, 2
APPROACH_M, BAND_M = 2.0 * 1852.0, 1_000.0


@njit(cache=True, nogil=True)
def inside(ring: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """(n,) bool: whether the parallel eastward from each point crosses the ring (k, 2) an odd
    number of times."""
    out = np.zeros(len(lon), np.bool_)
    for i in range(len(lon)):
        for k in range(len(ring) - 1):
            ax, ay, bx, by = ring[k, 0], ring[k, 1], ring[k + 1, 0], ring[k + 1, 1]
            crosses = (ay > lat[i]) != (by > lat[i])
            if crosses and ax + (lat[i] - ay) / (by - ay) * (bx - ax) > lon[i]:
                out[i] = not out[i]
    return out


@dataclass(frozen=True, slots=True)
class Waters:
    """`strait` (k, 2) closed ring in degrees; ports, harbours and landing shores as in `ground`."""

    ground: Ground
    strait: np.ndarray

    def places(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """(n,) which limits hold at each point."""
        out = np.where(inside(self.strait, lon, lat), FERRY_STRAIT, OPEN_SEA)
        out[edges_m(self.ground.ports, lon, lat) <= APPROACH_M] = PORT_APPROACH
        return out

    def in_band(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """(n,) bool: within the coastline band or a port's circle."""
        near = shores_m(self.ground.ours, lon, lat, BAND_M) <= BAND_M
        return np.asarray(near | (edges_m(self.ground.ports, lon, lat) <= 0.0))


def waters_of(ground: Ground, region: Region | None = None) -> Waters:
    """Those of the packaged region."""
    region = region or load_region("hainan")
    return Waters(ground, np.array(region.profiles.strait, np.float64))
