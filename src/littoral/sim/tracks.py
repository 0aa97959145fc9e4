"""The bench fleet: closed tracks whose every point is a function of time, and who reports when."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from littoral.area.geodesy import EARTH_M, KNOT_MPS
from littoral.sim.chance import gauss_pair, mix3, unit
from littoral.sim.names import imo_numbers
from littoral.sim.rows import MESSAGE, ascii_rows
from littoral.sim.rows import ships as blank_ships

STATIONS = ("HAIKOU", "WENCHANG", "WANNING", "SANYA", "LEDONG", "DONGFANG", "YANGPU", "LINGAO")
CYCLE_S = 360.0  # class A static data: every 6 minutes
TILE_LON_DEG, TILE_LAT_DEG = 0.22, 0.057
# Open sea around Hainan (west, south, east, north), clear of every coast of GSHHG.
SEA_BOXES = ((111.3, 18.0, 119.0, 20.6), (109.0, 16.7, 111.0, 17.9), (107.2, 18.2, 108.2, 19.9))
NOISE_M = 5.0

MOVING, FISHING, ANCHORED, BASE, AID, AIRCRAFT, WANDERER = range(7)
# Share of the vessels and seconds between reports (M.1371-5, table 1).
_SHARES = {MOVING: 0.47, FISHING: 0.20, ANCHORED: 0.322, WANDERER: 0.003, AID: 0.005}

VESSEL = np.dtype(
    [
        ("lon_deg", "f8"),  # middle of the track
        ("lat_deg", "f8"),
        ("half_m", "f8"),  # half the length of the straights
        ("radius_m", "f8"),  # of the turns
        ("phase_m", "f8"),  # place on the track at time 0
        ("speed_mps", "f8"),
        ("tilt_rad", "f8"),  # direction of the straights, from east, anticlockwise
        ("mmsi", "i4"),
        ("role", "i1"),
        ("class_b", "i1"),
        ("station", "i2"),
        ("silent", "i1"),  # 1: off the air for 3 hours out of 12
    ],
    align=True,
)


@dataclass(frozen=True, slots=True)
class BenchFleet:
    """`vessels` (n,) of VESSEL and `ships` (n,) of rows.SHIP."""

    vessels: np.ndarray
    ships: np.ndarray


@dataclass(frozen=True, slots=True)
class Cycle:
    """Every message of one cycle in order of time: shapes (messages,). `phase` is 0..1."""

    phase: np.ndarray
    vessel: np.ndarray
    msg_type: np.ndarray
    part: np.ndarray
    second: np.ndarray  # 1: heard by the next station as well


def _tiles(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Centres of `count` tiles drawn from the sea boxes; ValueError when the sea is full."""
    lon, lat = [], []
    for west, south, east, north in SEA_BOXES:
        x = np.arange(west + TILE_LON_DEG / 2, east - TILE_LON_DEG / 2, TILE_LON_DEG)
        y = np.arange(south + TILE_LAT_DEG / 2, north - TILE_LAT_DEG / 2, TILE_LAT_DEG)
        gx, gy = np.meshgrid(x, y)
        lon.append(gx.ravel())
        lat.append(gy.ravel())
    all_lon, all_lat = np.concatenate(lon), np.concatenate(lat)
    if count > len(all_lon):
        raise ValueError(f"at most {12 * len(all_lon)} vessels have room")
    chosen = rng.permutation(len(all_lon))[:count]
    return all_lon[chosen], all_lat[chosen]


def make_fleet(count: int, seed: int) -> BenchFleet:
    """`count` vessels and the stations' own base stations. At most about 20,000 have room."""
    rng = np.random.default_rng(seed)
    v = np.zeros(count + len(STATIONS) + 4, VESSEL)
    n = len(v)
    role = rng.choice(list(_SHARES), size=n, p=list(_SHARES.values()))
    role[count : count + len(STATIONS)] = BASE
    role[count + len(STATIONS) :] = AIRCRAFT
    tile_lon, tile_lat = _tiles((n + 11) // 12, rng)
    tile = np.arange(n) // 12
    place = np.arange(n) % 12
    v["role"] = role
    v["lon_deg"], v["lat_deg"] = tile_lon[tile], tile_lat[tile]
    v["half_m"], v["radius_m"] = 8_500.0, 2_000.0
    v["phase_m"] = place / 12.0 * (4 * 8_500.0 + 2 * math.pi * 2_000.0)
    v["speed_mps"] = (8.0 + 8.0 * rng.random(len(tile_lon)))[tile] * KNOT_MPS
    fishing = role == FISHING
    v["half_m"][fishing], v["radius_m"][fishing] = 250.0, 150.0
    v["speed_mps"][fishing] = rng.uniform(2.2, 4.0, int(fishing.sum())) * KNOT_MPS
    still = np.isin(role, (ANCHORED, AID, BASE))
    v["speed_mps"][still] = 0.0
    # What fishes or lies still does so along the middle of the tile, 1.4 km apart.
    middle = fishing | still
    offset_m = (place[middle] - 5.5) * 1_400.0
    scale = EARTH_M * math.pi / 180.0 * np.cos(np.radians(v["lat_deg"][middle]))
    v["lon_deg"][middle] += offset_m / scale
    free = np.isin(role, (WANDERER, AIRCRAFT))
    v["half_m"][free] = 15_000.0
    v["tilt_rad"][free] = rng.uniform(0, math.pi, int(free.sum()))
    v["speed_mps"][role == AIRCRAFT] = 130.0 * KNOT_MPS
    v["station"] = rng.integers(0, len(STATIONS), len(tile_lon))[tile]
    v["class_b"] = fishing & (rng.random(n) < 0.7)
    v["silent"] = (rng.random(n) < 0.001) & (role == MOVING)
    v["mmsi"] = 412_000_000 + rng.permutation(900_000)[:n]
    v["mmsi"][role == AID] = 994_120_000 + np.arange(int((role == AID).sum())) % 10_000
    v["mmsi"][role == BASE] = 4_120_000 + np.arange(len(STATIONS))
    v["mmsi"][role == AIRCRAFT] = 111_412_000 + np.arange(4)
    twins = np.flatnonzero((role == MOVING) & (place == 0))[: 2 * (count // 5_000)]
    v["mmsi"][twins[1::2]] = v["mmsi"][twins[: len(twins) // 2 * 2 : 2]][: len(twins[1::2])]
    return BenchFleet(v, _ships(v, rng))


def _ships(v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    n = len(v)
    s = blank_ships(n)
    s["name"] = ascii_rows([f"HAI CHUAN {i:05d}" for i in range(n)], 20)
    s["call_sign"] = ascii_rows([f"B{i % 100_000:05d}" for i in range(n)], 7)
    s["destination"] = ascii_rows(["CN HAK"] * n, 20)
    s["ship_type"] = np.where(v["role"] == FISHING, 30, rng.choice([70, 71, 79, 80, 60], n))
    s["ship_type"][v["role"] == AID] = 14
    large = (v["role"] == MOVING) | (v["role"] == ANCHORED)
    s["imo"] = np.where(large, imo_numbers(9_000_000, n), 0)
    length = np.where(large, rng.integers(80, 330, n), rng.integers(15, 45, n))
    s["to_bow_m"] = length * 4 // 5
    s["to_stern_m"] = length - s["to_bow_m"]
    s["to_port_m"] = s["to_starboard_m"] = np.maximum(2, length // 13)
    s["draught_dm"] = np.where(large, rng.integers(50, 140, n), 0)
    s["eta_month"], s["eta_day"] = 6, 20
    s["eta_hour"], s["eta_minute"] = rng.integers(0, 24, n), 30
    return s


def _interval_s(v: np.ndarray) -> np.ndarray:
    """Seconds between position reports: M.1371-5, tables 1 and 2."""
    knots = v["speed_mps"] / KNOT_MPS
    class_a = np.select([knots < 0.5, knots < 14, knots < 23], [180.0, 10.0, 6.0], 2.0)
    class_b = np.where(knots < 2, 180.0, 30.0)
    by_role = np.select(
        [v["role"] == BASE, v["role"] == AID, v["role"] == AIRCRAFT], [10.0, 180.0, 10.0], class_a
    )
    return np.where(v["class_b"] == 1, class_b, by_role)


def make_cycle(fleet: BenchFleet, seed: int) -> Cycle:
    """All messages of one cycle of `CYCLE_S` seconds."""
    rng = np.random.default_rng(seed + 1)
    v = fleet.vessels
    n = len(v)
    repeats = np.round(CYCLE_S / _interval_s(v)).astype(np.int64)
    vessel = np.repeat(np.arange(n), repeats)
    nth = np.arange(len(vessel)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    start = rng.random(n)
    phase = (start[vessel] + nth / repeats[vessel]) % 1.0
    role, class_b = v["role"][vessel], v["class_b"][vessel]
    kind = np.where(class_b == 1, 18, np.where(rng.random(len(vessel)) < 0.2, 3, 1))
    kind = np.select([role == BASE, role == AID, role == AIRCRAFT], [4, 21, 9], kind)
    far = (kind == 1) & (rng.random(len(vessel)) < 0.005)
    kind[far] = 27
    kind[(kind == 18) & (rng.random(len(vessel)) < 0.02)] = 19
    talks = np.flatnonzero(~np.isin(v["role"], (BASE, AID, AIRCRAFT)))
    when = rng.random(len(talks))
    small = v["class_b"][talks] == 1
    parts = [
        (phase, vessel, kind, np.zeros(len(vessel), np.int64)),
        (when, talks, np.where(small, 24, 5), np.zeros(len(talks), np.int64)),
        (when[small], talks[small], np.full(small.sum(), 24), np.ones(small.sum(), np.int64)),
    ]
    joined = [np.concatenate([p[i] for p in parts]) for i in range(4)]
    twice = rng.random(len(joined[0])) < 0.04
    joined = [np.concatenate([a, a[twice]]) for a in joined]
    second = np.concatenate([np.zeros(len(twice), np.int64), np.ones(int(twice.sum()), np.int64)])
    order = np.lexsort((second, joined[3], joined[1], joined[0]))
    phase, vessel, kind, part = (a[order] for a in joined)
    return Cycle(phase, vessel, kind, part, second[order])


@njit(cache=True, nogil=True)
def _place(v, t_s: float) -> tuple[float, float, float, float]:
    """Longitude, latitude, course, rate of turn (degrees a minute) at time `t_s`."""
    h, r = v.half_m, v.radius_m
    s = (v.phase_m + v.speed_mps * t_s) % (4.0 * h + 2.0 * math.pi * r)
    turn = -v.speed_mps / r * (180.0 / math.pi) * 60.0
    if s < 2.0 * h:
        x, y, a, turn = s - h, -r, 0.0, 0.0
    elif s < 2.0 * h + math.pi * r:
        a = (s - 2.0 * h) / r
        x, y = h + r * math.sin(a), -r * math.cos(a)
    elif s < 4.0 * h + math.pi * r:
        x, y, a, turn = h - (s - 2.0 * h - math.pi * r), r, math.pi, 0.0
    else:
        a = math.pi + (s - 4.0 * h - math.pi * r) / r
        x, y = -h + r * math.sin(a), -r * math.cos(a)
    c, si = math.cos(v.tilt_rad), math.sin(v.tilt_rad)
    scale = EARTH_M * math.pi / 180.0
    lat = v.lat_deg + (x * si + y * c) / scale
    lon = v.lon_deg + (x * c - y * si) / (scale * math.cos(math.radians(v.lat_deg)))
    return lon, lat, (90.0 - math.degrees(a + v.tilt_rad)) % 360.0, turn


@njit(cache=True, nogil=True)
def _reports(
    vessels: np.ndarray,
    phase: np.ndarray,
    vessel: np.ndarray,
    msg_type: np.ndarray,
    part: np.ndarray,
    second: np.ndarray,
    first: int,
    start_us: int,
    cycle_us: float,
    seed: int,
    rows: np.ndarray,
) -> int:
    n = len(phase)
    used = 0
    for i in range(first, first + len(rows)):
        e = i % n
        k = vessel[e]
        v = vessels[k]
        t_us = int((i // n + phase[e]) * cycle_us)
        if v.silent == 1 and (t_us // 3_600_000_000 + k) % 12 < 3:
            continue
        m = rows[used]
        used += 1
        m.t_us = start_us + t_us
        m.mmsi, m.ship, m.text = v.mmsi, k, 0
        m.msg_type, m.part = msg_type[e], part[e]
        m.station = (v.station + second[e]) % 8
        m.accurate, m.fix = 0, 0
        lon, lat, course, turn = _place(v, t_us * 1e-6)
        draw = mix3(seed, k, t_us)
        east, north = gauss_pair(draw)
        scale = EARTH_M * math.pi / 180.0
        m.lon_deg = lon + east * NOISE_M / (scale * math.cos(math.radians(lat)))
        m.lat_deg = lat + north * NOISE_M / scale
        m.cog_deg, m.heading_deg, m.rot_degpm = course, course, turn
        m.sog_mps = v.speed_mps * (1.0 + 0.01 * east)
        m.alt_m = 300.0
        m.nav_status = 7 if v.role == FISHING else 0
        if v.speed_mps == 0.0:
            m.nav_status, m.rot_degpm = 1, 0.0
            m.sog_mps = 0.05 * abs(east)
            m.cog_deg = 360.0 * unit(draw)
            m.heading_deg = (k * 37) % 360
    return used


def reports(
    fleet: BenchFleet,
    cycle: Cycle,
    first: int,
    count: int,
    start_us: int,
    cycle_us: float,
    seed: int,
) -> np.ndarray:
    """Messages `first` to `first + count` of the endless sequence of cycles (fewer, where a vessel
    is silent), as rows.MESSAGE, in order of time."""
    rows = np.empty(count, MESSAGE)
    used = _reports(
        fleet.vessels,
        cycle.phase,
        cycle.vessel,
        cycle.msg_type,
        cycle.part,
        cycle.second,
        first,
        start_us,
        cycle_us,
        seed,
        rows,
    )
    return rows[:used]
