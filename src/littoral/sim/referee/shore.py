"""What the three rules of the shore share: who is judged, who lies where, how far the shore is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from littoral.sim.referee.ground import Ground, apart_m, shores_m
from littoral.sim.referee.record import KNOT_MPS, STEPS_A_MINUTE, Record

LIE_MPS, LIE_MIN, HEARD_MIN = 1.0 * KNOT_MPS, 30, 1_440
HAVEN_VESSELS = 3
FAR_M = 30.0 * 1852.0
LEAST_M_PER_DEG = 110_000.0  # of latitude: on no ellipsoid in use it is shorter


def fast_mps(ship_type: int) -> float | None:
    """The speed from which a vessel of this AIS type is fast; None for those not judged."""
    if 31 <= ship_type <= 35 or 50 <= ship_type <= 59 or 70 <= ship_type <= 89:
        return None
    if ship_type == 30:
        return 12.0 * KNOT_MPS
    if ship_type in (36, 37):
        return 20.0 * KNOT_MPS
    if 40 <= ship_type <= 49 or 60 <= ship_type <= 69:
        return 25.0 * KNOT_MPS
    return 15.0 * KNOT_MPS


@dataclass(frozen=True, slots=True)
class Shore:
    """By ship and minute: `lying` bool, (ships, minutes); `away_m` float32, metres to our shore,
    infinite beyond 30 n mile and for who is not judged."""

    lying: np.ndarray
    away_m: np.ndarray

    def is_haven(
        self, r: Record, lon: float, lat: float, minute: int, within_m: float, ship: int
    ) -> bool:
        others = np.flatnonzero(self.lying[:, minute])
        at = np.asarray(r.path[others, minute * STEPS_A_MINUTE, :2])
        beside = np.abs(at[:, 1] + 19.0 - lat) * LEAST_M_PER_DEG <= within_m
        near = sum(
            apart_m(lon, lat, float(x) + 110.0, float(y) + 19.0) <= within_m
            for v, (x, y) in zip(others[beside], at[beside], strict=True)
            if v != ship
        )
        return near >= HAVEN_VESSELS


def _lying(r: Record) -> np.ndarray:
    minutes = r.path.shape[1] // STEPS_A_MINUTE
    out = np.zeros((r.ships, minutes), bool)
    at = np.arange(minutes)
    for v in r.vessels():
        if not len(r.heard[v]):
            continue
        fast = (np.asarray(r.path[v, :, 2]) >= LIE_MPS).reshape(minutes, STEPS_A_MINUTE).any(1)
        last_fast = np.maximum.accumulate(np.where(fast, at, -1))
        heard = (r.heard[v] - r.start_us) // 60_000_000
        since = np.maximum(at - LIE_MIN, heard[0])
        last = np.searchsorted(heard, at, "right")
        fresh = (last > 0) & (at - heard[np.maximum(last - 1, 0)] <= HEARD_MIN)
        out[v] = (last_fast < since) & fresh
    return out


def shore_of(r: Record, g: Ground) -> Shore:
    minutes = r.path.shape[1] // STEPS_A_MINUTE
    away = np.full((r.ships, minutes), np.inf, np.float32)
    for v in r.vessels():
        if fast_mps(int(r.ship_type[v])) is None:
            continue
        lon, lat = (np.ascontiguousarray(c) for c in r.track(int(v), STEPS_A_MINUTE)[:, :2].T)
        moved = np.hypot(np.diff(lon, prepend=np.inf), np.diff(lat, prepend=np.inf)) > 0.0
        at = np.flatnonzero(moved)
        away[v] = shores_m(g.ours, lon[at], lat[at], FAR_M)[np.cumsum(moved) - 1]
    return Shore(_lying(r), away)
