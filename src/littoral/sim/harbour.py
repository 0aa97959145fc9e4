"""Berths and anchor places, and who lies where."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from littoral.sim.lanes import DEG_M, Shore, clearance_m
from littoral.sim.places import ANCHORAGES, PORTS, Disc, Port

BERTH_GAP_M, ANCHOR_GAP_M = 130.0, 480.0
BERTHS_A_PORT = 110


def _spread(
    lon: float, lat: float, radius_m: float, gap_m: float, limit: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """At most `limit` points of a slightly shaken hexagonal grid in a disc, in random order."""
    n = int(radius_m / gap_m) + 1
    i, j = np.meshgrid(np.arange(-n, n + 1), np.arange(-2 * n, 2 * n + 1))
    x = (i + 0.5 * (j % 2)).ravel() * gap_m
    y = j.ravel() * gap_m * math.sqrt(3) / 2
    keep = np.hypot(x, y) <= radius_m
    x, y = x[keep], y[keep]
    order = rng.permutation(len(x))[:limit]
    x, y = x[order], y[order]
    x += rng.uniform(-0.1, 0.1, len(x)) * gap_m
    y += rng.uniform(-0.1, 0.1, len(y)) * gap_m
    return lon + x / (DEG_M * math.cos(math.radians(lat))), lat + y / DEG_M


def _berths(port: Port, shore: Shore, rng: np.random.Generator) -> np.ndarray:
    """Points of water that see the gate, nearest the shore first. Shape (n, 2)."""
    lon, lat = _spread(port.lon_deg, port.lat_deg, port.radius_m, BERTH_GAP_M, 1200, rng)
    water = (shore.on_land(lon, lat) == 0) & (shore.shore_distance_m(lon, lat) > 70.0)
    lon, lat = lon[water], lat[water]
    order = np.argsort(shore.shore_distance_m(lon, lat), kind="stable")
    gate = (port.gate_lon_deg, port.gate_lat_deg)
    seen = []
    for k in order:
        if clearance_m(shore, (float(lon[k]), float(lat[k])), gate) > 60.0:
            seen.append((float(lon[k]), float(lat[k])))
        if len(seen) == BERTHS_A_PORT:
            break
    if len(seen) < 10:
        raise ValueError(f"{port.name}: only {len(seen)} berths see the gate")
    return np.array(seen)


@dataclass(slots=True)
class Harbours:
    """Spots by place ("PORT NAME" or "ANCHOR NAME") and who holds them."""

    spots: dict[str, np.ndarray]
    taken: dict[str, set[int]] = field(default_factory=dict)
    held: dict[int, tuple[str, int]] = field(default_factory=dict)  # vessel: (place, spot)

    def take(self, vessel: int, place: str, rng: np.random.Generator) -> tuple[float, float]:
        """A free spot for `vessel`, which gives up the one it had; any spot when all are taken."""
        self.leave(vessel)
        taken = self.taken.setdefault(place, set())
        spots = self.spots[place]
        free = [k for k in range(len(spots)) if k not in taken]
        k = free[int(rng.integers(len(free)))] if free else int(rng.integers(len(spots)))
        if free:
            taken.add(k)
            self.held[vessel] = (place, k)
        return float(spots[k, 0]), float(spots[k, 1])

    def leave(self, vessel: int) -> None:
        if vessel in self.held:
            place, k = self.held.pop(vessel)
            self.taken[place].discard(k)


def build_harbours(shore: Shore, seed: int) -> Harbours:
    rng = np.random.default_rng([seed, 3])
    spots = {f"PORT {p.name}": _berths(p, shore, rng) for p in PORTS.values()}
    for a in ANCHORAGES:
        spots[f"ANCHOR {a.name}"] = anchor_spots(a, rng)
    return Harbours(spots)


def anchor_spots(disc: Disc, rng: np.random.Generator) -> np.ndarray:
    lon, lat = _spread(disc.lon_deg, disc.lat_deg, disc.radius_m, ANCHOR_GAP_M, 400, rng)
    return np.stack([lon, lat], 1)
