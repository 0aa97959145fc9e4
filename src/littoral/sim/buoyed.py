"""Where each net beacon is and what it says, by the time alone (compiled)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import KNOT_MPS
from littoral.sim.chance import gauss_pair, mix3, unit
from littoral.sim.motion import DEG_M
from littoral.sim.radio import CLASS_A, hear, noise_m
from littoral.sim.reception import RANGE_OF_KIND, chances

NET, BOAT, POSER = range(3)
TIDE_S = 44_712.0  # M2, 12.42 h
BOAT_MPS, RUN_MPS = 3.0, 12.0 * KNOT_MPS
RUN_US = 3_600_000_000
STATIC_AFTER_US = 30_000
VESSEL = 10_000_000  # draws for receivers are numbered from here, apart from those of ships
STAKE_M = 40.0

BUOY = np.dtype(
    [
        ("lon_deg", "f8"),  # the ground, or the place of a look-alike
        ("lat_deg", "f8"),
        ("radius_m", "f8"),
        ("bearing_deg", "f8"),  # in which the string lies, and the tide runs
        ("along_m", "f8"),
        ("tide_mps", "f8"),  # 0: on a stake
        ("battery_s", "f8"),  # how long it lasts
        ("begin_us", "i8"),  # when it was first set
        ("cycle_us", "i8"),  # it is set anew every so long
        ("out_us", "i8"),  # and hauled after so long
        ("every_us", "i8"),
        ("phase_us", "i8"),
        ("run_us", "i8"),  # of one that poses: when it sails
        ("string", "i8"),
        ("mmsi", "i4"),
        ("radio", "i1"),
        ("role", "i1"),
    ],
    align=True,
)


def afloat_s(buoys: np.ndarray, now_us: int) -> np.ndarray:
    """(n,) seconds since each was set last, with a charged battery."""
    return (now_us - buoys["begin_us"]) % buoys["cycle_us"] / 1e6


@njit(cache=True, nogil=True)
def state_at(b, t_us: int, seed: int) -> tuple[float, float, float, float]:
    """Longitude, latitude, m/s and degrees."""
    since_us = t_us - b.begin_us
    cycle = since_us // b.cycle_us
    t_s = (since_us - cycle * b.cycle_us) * 1e-6
    scale = DEG_M * math.cos(math.radians(b.lat_deg))
    if b.role == BOAT:
        a = BOAT_MPS * t_s / b.radius_m
        east, north = b.radius_m * math.sin(a), b.radius_m * math.cos(a)
        lon, lat = b.lon_deg + east / scale, b.lat_deg + north / DEG_M
        return lon, lat, BOAT_MPS, (math.degrees(a) + 90.0) % 360.0
    axis = math.radians(b.bearing_deg)
    place = mix3(seed, b.string, cycle)
    r, turn = b.radius_m * math.sqrt(unit(place)), 2.0 * math.pi * unit(mix3(place, 1, 2))
    east = r * math.sin(turn) + b.along_m * math.sin(axis)
    north = r * math.cos(turn) + b.along_m * math.cos(axis)
    if b.tide_mps == 0.0:
        angle = 2.0 * math.pi * (t_us * 1e-6 / TIDE_S)
        east, north = east + STAKE_M * math.sin(angle), north + STAKE_M * math.cos(angle)
        speed, course = 0.05, (math.degrees(angle) + 90.0) % 360.0
    else:
        # To and fro along the axis and a little across, and slowly off with the wind.
        w = 2.0 * math.pi / TIDE_S
        f = w * (t_us * 1e-6)
        run, across = b.tide_mps / w * math.sin(f), 0.25 * b.tide_mps / w * math.cos(f)
        v, side = b.tide_mps * math.cos(f), -0.25 * b.tide_mps * math.sin(f)
        east += run * math.sin(axis) + across * math.cos(axis) - 0.03 * t_s
        north += run * math.cos(axis) - across * math.sin(axis) - 0.02 * t_s
        ve = v * math.sin(axis) + side * math.cos(axis) - 0.03
        vn = v * math.cos(axis) - side * math.sin(axis) - 0.02
        speed, course = math.hypot(ve, vn), math.degrees(math.atan2(ve, vn)) % 360.0
    if b.role == POSER and t_us > b.run_us:
        sailed_s = min(t_us - b.run_us, RUN_US) * 1e-6
        east += RUN_MPS * sailed_s * math.sin(axis)
        north += RUN_MPS * sailed_s * math.cos(axis)
        if t_us < b.run_us + RUN_US:
            speed, course = RUN_MPS, b.bearing_deg
    return b.lon_deg + east / scale, b.lat_deg + north / DEG_M, speed, course


@njit(cache=True, nogil=True)
def speak(
    buoys: np.ndarray, start_us: int, until_us: int, first_ship: int, stations: np.ndarray,
    silences: np.ndarray, seed: int, rows: np.ndarray,
) -> int:  # fmt: skip
    """Every report from `start_us` to `until_us` as the receivers hear it, with the static data in
    the same burst (as the makers' devices send it), into `rows` of MESSAGE. How many; -1 when
    `rows` is too short."""
    chance = np.zeros(len(stations))
    order = np.zeros(len(stations), np.int64)
    used = 0
    for k in range(len(buoys)):
        b = buoys[k]
        ago_us = start_us - b.begin_us - b.phase_us
        t_us = start_us + (-ago_us) % b.every_us
        while t_us < until_us:
            out = (t_us - b.begin_us) % b.cycle_us < b.out_us
            if out:
                if used + 8 > len(rows):
                    return -1
                lon, lat, speed, course = state_at(b, t_us, seed)
                count = chances(
                    stations, RANGE_OF_KIND[b.radio], lon, lat, t_us // 3_600_000_000, seed,
                    chance, order,
                )  # fmt: skip
                if count > 0:
                    used = _burst(
                        b, k, t_us, lon, lat, speed, course, first_ship, chance, order, count,
                        silences, seed, rows, used, until_us,
                    )  # fmt: skip
            t_us += b.every_us
    return used


@njit(cache=True, nogil=True)
def _burst(
    b, k: int, t_us: int, lon: float, lat: float, speed: float, course: float, first_ship: int,
    chance, order, count: int, silences, seed: int, rows, used: int, until_us: int,
) -> int:  # fmt: skip
    """Position, then name and the rest of the static data; the next free row."""
    east, north = noise_m(seed ^ 77, k, t_us)
    e, n = gauss_pair(mix3(seed ^ 78, k, t_us))
    parts = 2 if b.radio == CLASS_A else 3
    for part in range(parts):
        m = rows[used]
        m.t_us = min(t_us + STATIC_AFTER_US * part, until_us - 1)  # a block has its own minute
        m.mmsi, m.ship, m.text, m.part = b.mmsi, first_ship + k, 0, max(0, part - 1)
        m.msg_type = (1 if b.radio == CLASS_A else 18) if part == 0 else (
            5 if b.radio == CLASS_A else 24
        )  # fmt: skip
        m.lon_deg = lon + east / (DEG_M * math.cos(math.radians(lat)))
        m.lat_deg = lat + north / DEG_M
        m.sog_mps, m.cog_deg = max(0.0, speed + 0.05 * e), (course + 4.0 * n) % 360.0
        m.heading_deg, m.rot_degpm, m.alt_m = math.nan, math.nan, math.nan
        m.nav_status = 0 if b.radio == CLASS_A else -1
        m.accurate, m.fix = 0, 0
        used = hear(
            rows, used, chance, order, count, silences, 1.0, 0.08, seed, VESSEL + k
        )  # fmt: skip
    return used
