"""Positions of every vessel brought to common ticks by linear interpolation.

A vessel's position at tick T is known as soon as a fix at or after T has come: between fixes at
t0 <= T <= t1 it lies on the line, if t1 - t0 is at most the longest gap (a fix at T itself always
counts); otherwise there is none. So each fix settles all ticks since the one before, and nothing
depends on how the stream was cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.geodesy import haversine_m, wrap_lon
from littoral.detect.encounter.settings import (
    CARGO,
    FISHING,
    OTHER,
    PASSENGER,
    SERVICE,
    SMALL,
    TANKER,
    UNKNOWN,
)
from littoral.schema.ais import CLASS_B, FLAG_JUMP, FLAG_TIME_OFF

_SKIP = np.uint32(FLAG_JUMP | FLAG_TIME_OFF)

# Column, type, start value: one row a track.
VESSEL_COLUMNS = (
    ("last_us", "i8", 0),
    ("lon_deg", "f8", np.nan),
    ("lat_deg", "f8", np.nan),
    ("sog_mps", "f8", np.nan),
    ("tick", "i8", -1),  # the last tick with a position, and that position
    ("tick_lon_deg", "f8", np.nan),
    ("tick_lat_deg", "f8", np.nan),
    ("crossed_us", "i8", 0),  # the last fix beyond a tick that the one before was not beyond,
    ("crossed_tick", "i8", -1),  # and the first tick that it settled
    ("ship_type", "i2", -1),
    ("length_m", "f4", np.nan),
)


@dataclass(slots=True)
class Vessels:
    """Shapes (capacity,), indexed by track."""

    last_us: np.ndarray
    lon_deg: np.ndarray
    lat_deg: np.ndarray
    sog_mps: np.ndarray
    tick: np.ndarray
    tick_lon_deg: np.ndarray
    tick_lat_deg: np.ndarray
    crossed_us: np.ndarray
    crossed_tick: np.ndarray
    ship_type: np.ndarray
    length_m: np.ndarray

    @classmethod
    def empty(cls, capacity: int = 1024) -> Vessels:
        return cls(**{n: np.full(capacity, null, t) for n, t, null in VESSEL_COLUMNS})

    def reserve(self, rows: int) -> None:
        have = len(self.last_us)
        if rows <= have:
            return
        for name, dtype, null in VESSEL_COLUMNS:
            column = np.full(max(rows, 2 * have), null, dtype)
            column[:have] = getattr(self, name)
            setattr(self, name, column)


class VesselArrays(NamedTuple):
    """`Vessels` as a compiled function takes it."""

    last_us: np.ndarray
    lon_deg: np.ndarray
    lat_deg: np.ndarray
    sog_mps: np.ndarray
    tick: np.ndarray
    tick_lon_deg: np.ndarray
    tick_lat_deg: np.ndarray
    crossed_us: np.ndarray
    crossed_tick: np.ndarray
    ship_type: np.ndarray
    length_m: np.ndarray


class Samples(NamedTuple):
    """Positions at ticks in the order in which they were settled; shapes (capacity,)."""

    t_us: np.ndarray  # of the fix that settled it
    tick: np.ndarray  # T / tick length
    track: np.ndarray
    obs_id: np.ndarray  # of that fix
    lon_deg: np.ndarray
    lat_deg: np.ndarray
    made_good_mps: np.ndarray  # from the tick before; NaN where that has no position
    speed_mps: np.ndarray  # as reported, interpolated; where not reported, made good
    ship_class: np.ndarray
    ring: np.ndarray

    @classmethod
    def empty(cls, capacity: int) -> Samples:
        i8, f8, i1 = np.int64, np.float64, np.int8
        types = (i8, i8, i8, i8, f8, f8, f8, f8, i1, i1)
        return cls(*(np.empty(capacity, t) for t in types))


@njit(cache=True, nogil=True)
def ship_class(ship_type: int, length_m: float, small_m: float) -> int:
    """Class by ship type; no type or "other" is small up to `small_m` or without a length."""
    if ship_type == 30:
        return FISHING
    if 70 <= ship_type <= 79:
        return CARGO
    if 80 <= ship_type <= 89:
        return TANKER
    if 60 <= ship_type <= 69:
        return PASSENGER
    if 31 <= ship_type <= 35 or 50 <= ship_type <= 55 or ship_type == 58:
        return SERVICE
    if ship_type <= 0 or ship_type >= 90 or 36 <= ship_type <= 37:
        return UNKNOWN if length_m > small_m else SMALL
    return OTHER


@njit(cache=True, nogil=True)
def _take_static(
    s: int, upto_us: int, v: VesselArrays, static_us: np.ndarray, static_track: np.ndarray,
    static_type: np.ndarray, static_length: np.ndarray,
) -> int:  # fmt: skip
    """Take what vessels say of themselves up to a time; returns the next static row."""
    while s < len(static_us) and static_us[s] <= upto_us:
        who = static_track[s]
        if who >= 0:
            if static_type[s] >= 0:
                v.ship_type[who] = static_type[s]
            if static_length[s] == static_length[s]:
                v.length_m[who] = static_length[s]
        s += 1
    return s


@njit(cache=True, nogil=True)
def resample(
    row: int,
    v: VesselArrays,
    out: Samples,
    t_us: np.ndarray,
    track: np.ndarray,
    kind: np.ndarray,
    flags: np.ndarray,
    obs_id: np.ndarray,
    lon: np.ndarray,
    lat: np.ndarray,
    sog: np.ndarray,
    ring: np.ndarray,
    s: int,
    static_us: np.ndarray,
    static_track: np.ndarray,
    static_type: np.ndarray,
    static_length: np.ndarray,
    fleet_type: np.ndarray,
    fleet_bow: np.ndarray,
    fleet_stern: np.ndarray,
    tick_us: int,
    gap_us: int,
    small_m: float,
) -> tuple[int, int, int]:
    """Take fixes from `row` on, until all are taken or `out` may not hold the next one's ticks.

    Returns the next row, the next static row and the number of samples. Positions and static rows
    are in order of time; a static row holds from its own time on.
    """
    n = 0
    most = gap_us // tick_us + 2
    while row < len(t_us):
        if n + most > len(out.t_us):
            return row, s, n
        t = t_us[row]
        s = _take_static(s, t, v, static_us, static_track, static_type, static_length)
        i = row
        row += 1
        k = track[i]
        if k < 0 or kind[i] > CLASS_B or (flags[i] & _SKIP) != 0:
            continue
        t0 = v.last_us[k]
        if t == t0:
            continue
        if t0 == 0:  # new here: what the fleet knows already
            if v.ship_type[k] < 0:
                v.ship_type[k] = fleet_type[k]
            if v.length_m[k] != v.length_m[k]:
                v.length_m[k] = fleet_bow[k] + fleet_stern[k]
        first, last = t0 // tick_us + 1, t // tick_us
        if last >= first:
            v.crossed_us[k], v.crossed_tick[k] = t, first
            if t0 == 0 or t - t0 > gap_us:
                first = last if t == last * tick_us else last + 1
            for tick in range(first, last + 1):
                mix = 1.0
                if t0 > 0 and t != tick * tick_us:
                    mix = (tick * tick_us - t0) / (t - t0)
                if mix == 1.0:
                    x, y, speed = lon[i], lat[i], float(sog[i])
                else:
                    x = v.lon_deg[k] + mix * wrap_lon(lon[i] - v.lon_deg[k])
                    y = v.lat_deg[k] + mix * (lat[i] - v.lat_deg[k])
                    speed = v.sog_mps[k] + mix * (sog[i] - v.sog_mps[k])
                    if x > 180.0:
                        x -= 360.0
                    elif x < -180.0:
                        x += 360.0
                made = np.nan
                if v.tick[k] == tick - 1:
                    way = haversine_m(v.tick_lon_deg[k], v.tick_lat_deg[k], x, y)
                    made = way / (tick_us * 1e-6)
                out.t_us[n], out.tick[n], out.track[n], out.obs_id[n] = t, tick, k, obs_id[i]
                out.lon_deg[n], out.lat_deg[n] = x, y
                out.made_good_mps[n] = made
                out.speed_mps[n] = speed if speed == speed else made
                out.ship_class[n] = ship_class(v.ship_type[k], v.length_m[k], small_m)
                out.ring[n] = ring[i]
                n += 1
                v.tick[k], v.tick_lon_deg[k], v.tick_lat_deg[k] = tick, x, y
        v.last_us[k], v.lon_deg[k], v.lat_deg[k], v.sog_mps[k] = t, lon[i], lat[i], sog[i]
    if len(static_us):
        s = _take_static(s, static_us[-1], v, static_us, static_track, static_type, static_length)
    return row, s, n
