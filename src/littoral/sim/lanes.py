"""Lanes: a net of points over water, ways through it, and the side on which ships keep.

The nodes are laid by hand. Neighbours that see each other over clear water are joined; coastal
voyages take the shortest way along these edges, ocean voyages follow a named row of nodes. Each
ship keeps to starboard of the middle by its own share of a node's `width_m`, so opposite traffic
passes port to port and ships of one direction are spread over the lane.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from littoral.area.geodesy import EARTH_M, haversine_m
from littoral.sim.places import PORTS

DEG_M = EARTH_M * math.pi / 180.0


class Shore(Protocol):
    """What the simulator needs of a coast (`littoral.area.coast.Coast` has it)."""

    def on_land(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray: ...

    def shore_distance_m(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray: ...


# name: (longitude, latitude, width to each side in metres)
NODES: dict[str, tuple[float, float, float]] = {
    # Qiongzhou Strait, west to east
    "QW3": (109.30, 20.20, 1500),
    "QW2": (109.60, 20.14, 1200),
    "QW1": (109.85, 20.135, 1000),
    "Q1": (110.05, 20.150, 900),
    "Q2": (110.20, 20.160, 900),
    "Q3": (110.40, 20.180, 900),
    "Q4": (110.60, 20.215, 900),
    "QE1": (110.80, 20.280, 1200),
    "QE2": (111.05, 20.380, 2000),
    "E0": (111.45, 20.600, 3500),
    # around the island, clockwise from the north-east
    "EC0": (111.06, 20.20, 1200),
    "EC1": (111.12, 19.90, 800),
    "EC2": (111.20, 19.58, 1500),
    "EC3": (110.98, 19.28, 1500),
    "EC4": (110.78, 18.95, 1500),
    "EC5": (110.68, 18.65, 1500),
    "EC6": (110.30, 18.38, 1500),
    "EC7": (109.92, 18.15, 1500),
    "SC1": (109.60, 18.06, 1500),
    "SC2": (109.25, 18.12, 1500),
    "SC3": (108.90, 18.25, 1500),
    "WC1": (108.55, 18.42, 1500),
    "WC2": (108.46, 18.80, 1500),
    "WC3": (108.40, 19.08, 1500),
    "WC4": (108.42, 19.38, 1500),
    "WC5": (108.80, 19.66, 1500),
    "WC6": (108.98, 19.88, 1500),
    "WC7": (109.18, 20.06, 1500),
    # Beibu Gulf
    "B0": (108.05, 18.35, 3000),
    "B1": (108.05, 19.20, 3000),
    "B2": (108.15, 20.05, 3000),
    "B3": (108.30, 20.75, 3000),
    "B4": (108.90, 20.33, 2000),
    "B5": (108.85, 21.00, 2500),
    "FANGCHENG": (108.42, 21.36, 2000),
    "BEIHAI": (108.95, 21.33, 2000),
    "HAIPHONG": (107.15, 20.40, 2500),
    "P4": (107.85, 18.70, 3500),
    "P5": (107.45, 19.60, 3500),
    "WUSHI": (109.62, 20.50, 1200),
    # open sea
    "O0": (112.60, 20.95, 4500),
    "HONGKONG": (113.30, 21.25, 4500),
    "O1": (112.05, 20.25, 4500),
    "O2": (111.80, 19.45, 4500),
    "O3": (111.30, 18.45, 4500),
    "O4": (110.60, 17.40, 4500),
    "SINGAPORE": (109.95, 15.60, 4500),
    "P1": (110.75, 17.90, 3500),
    "P2": (109.60, 17.60, 3500),
    "P3": (108.60, 17.85, 3500),
    "XISHA": (111.10, 16.95, 2500),
    "ZHANJIANG": (111.00, 21.12, 1500),
}

_STRAIT = ("QW3", "QW2", "QW1", "Q1", "Q2", "Q3", "Q4", "QE1", "QE2")

# Ocean voyages, there and back: (weight, nodes).
OCEAN_LANES: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.44, ("HONGKONG", "O0", "O1", "O2", "O3", "O4", "SINGAPORE")),
    (0.20, ("HONGKONG", "O0", "O1", "O2", "P1", "P2", "P3", "P4", "P5", "HAIPHONG")),
    (0.16, ("SINGAPORE", "P3", "B0", "B1", "B2", "B3", "FANGCHENG")),
    (0.20, ("SINGAPORE", "O4", "P1", "O3", "O2", "E0", "ZHANJIANG")),
)
STRAIT_LANES: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.45, ("FANGCHENG", "B3", "B4", *_STRAIT, "E0", "O0", "HONGKONG")),
    (0.30, ("BEIHAI", "B5", "B4", *_STRAIT, "ZHANJIANG")),
    (0.25, ("HAIPHONG", "B2", "B4", *_STRAIT, "E0", "O0", "HONGKONG")),
)

EDGE_LIMIT_M = 75_000.0
GATE_LIMIT_M = 28_000.0  # ships join the lane near their port instead of cutting across it
CLEAR_M = 2_200.0  # from the shore, along an edge
GATE_WIDTH_M = 800.0
GATE_CLEAR_M = 600.0  # and near a port


def clearance_m(shore: Shore, a: tuple[float, float], b: tuple[float, float]) -> float:
    """Least distance from the shore along the straight line `a` to `b` (lon, lat); negative when it
    crosses land. Sampled every 250 m; outside the coast's reach counts as far from it."""
    steps = max(2, int(haversine_m(*a, *b) / 250.0) + 2)
    f = np.linspace(0.0, 1.0, steps)
    lon, lat = a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1])
    distance = np.nan_to_num(shore.shore_distance_m(lon, lat), nan=1e6)
    return float(np.where(shore.on_land(lon, lat) == 1, -distance, distance).min())


@dataclass(frozen=True, slots=True)
class Net:
    """Nodes and ports' gates, and the next hop from each to each on the shortest way."""

    names: tuple[str, ...]
    lon_deg: np.ndarray
    lat_deg: np.ndarray
    width_m: np.ndarray
    next_hop: np.ndarray  # (n, n); -1: no way
    distance_m: np.ndarray  # (n, n)

    def index(self, name: str) -> int:
        return self.names.index(name)

    def way(self, start: str, end: str) -> list[int]:
        """Nodes from `start` to `end`, both included. ValueError when there is no way."""
        i, j = self.index(start), self.index(end)
        if i != j and self.next_hop[i, j] < 0:
            raise ValueError(f"no way over water from {start} to {end}")
        way = [i]
        while i != j:
            i = int(self.next_hop[i, j])
            way.append(i)
        return way

    def nearest(self, lon: float, lat: float) -> str:
        d = (self.lon_deg - lon) ** 2 + (self.lat_deg - lat) ** 2
        return self.names[int(np.argmin(d))]


def build_net(shore: Shore) -> Net:
    """Join what sees each other, then shortest ways by Floyd and Warshall."""
    names = [*NODES, *(f"GATE {p}" for p in PORTS)]
    points = [(n[0], n[1]) for n in NODES.values()]
    points += [(p.gate_lon_deg, p.gate_lat_deg) for p in PORTS.values()]
    gates = [(p.gate_lon_deg, p.gate_lat_deg) for p in PORTS.values()]
    room_m = shore.shore_distance_m(*np.array(gates).T)
    width = np.array([*(n[2] for n in NODES.values()), *np.minimum(GATE_WIDTH_M, room_m / 4.0)])
    lanes = [lane for _, lane in OCEAN_LANES + STRAIT_LANES]
    laid = {pair for lane in lanes for pair in pairwise(lane)}
    laid |= {(b, a) for a, b in laid}
    n = len(names)
    cost = np.full((n, n), np.inf)
    hop = np.full((n, n), -1)
    np.fill_diagonal(cost, 0.0)
    for i in range(n):
        for j in range(i + 1, n):
            d = haversine_m(*points[i], *points[j])
            near_port = i >= len(NODES) or j >= len(NODES)
            limit_m = GATE_LIMIT_M if near_port else EDGE_LIMIT_M
            if d > limit_m and (names[i], names[j]) not in laid:
                continue
            if clearance_m(shore, points[i], points[j]) < (GATE_CLEAR_M if near_port else CLEAR_M):
                continue
            cost[i, j] = cost[j, i] = d
            hop[i, j], hop[j, i] = j, i
    for k in range(len(NODES)):  # nobody sails by way of a port
        through = cost[:, k : k + 1] + cost[k : k + 1, :]
        better = through < cost - 1e-6
        cost = np.where(better, through, cost)
        hop = np.where(better, np.broadcast_to(hop[:, k : k + 1], hop.shape), hop)
    lon, lat = (np.array([p[i] for p in points]) for i in (0, 1))
    return Net(tuple(names), lon, lat, width, hop, cost)


def to_starboard(
    lon: np.ndarray, lat: np.ndarray, width_m: np.ndarray, share: float
) -> tuple[np.ndarray, np.ndarray]:
    """The row of points moved to the right of its own direction by `share` of each point's
    `width_m`. Shapes (n,), n >= 2."""
    scale = DEG_M * math.cos(math.radians(float(lat.mean())))
    x, y = lon * scale, lat * DEG_M
    leg = np.stack([np.diff(x), np.diff(y)], 1)
    leg /= np.maximum(np.linalg.norm(leg, axis=1, keepdims=True), 1.0)
    along = np.concatenate([leg[:1], leg[:-1] + leg[1:], leg[-1:]])
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 0.2)
    offset = share * width_m
    return lon + offset * along[:, 1] / scale, lat - offset * along[:, 0] / DEG_M
