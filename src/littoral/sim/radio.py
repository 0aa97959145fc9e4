"""When a transponder speaks, what it says, and who hears it: the block kernel of the simulator.

Reporting intervals are those of ITU-R M.1371-5, tables 1 and 2. A planted event may change what a
ship's transponder does for a while (`SCRIPT`): silence, no static data, another MMSI, a false
position or circle.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import KNOT_MPS
from littoral.sim.chance import gauss_pair, mix, mix3, unit
from littoral.sim.motion import ANCHOR, DEG_M, OFF, PASS, STEP_US, step, swing
from littoral.sim.reception import RANGE_OF_KIND, chances, silent

CLASS_A, CLASS_B, BASE, AID, SAR_AIRCRAFT, DISTRESS = range(6)

STATIC_US = 360_000_000  # class A and B static data: every 6 minutes
NOISE_US = 120_000_000  # the slow part of the GNSS error changes over this time
SLOW_NOISE_M, FAST_NOISE_M = 3.5, 1.5  # standard deviation east and north; together about 5 m

# What a script does.
MUTE, MMSI, SHIFT, IDENTITY, STATUS, HEADING, FORGED, NAMELESS = range(8)
FORGED_MPS = 20.0 * KNOT_MPS  # round a forged circle
SCRIPT = np.dtype(
    [
        ("vessel", "i4"),
        ("what", "i4"),
        ("from_us", "i8"),
        ("until_us", "i8"),
        # MMSI, STATUS: the other one; IDENTITY: row of the ship table; HEADING: more;
        # FORGED: radius in m
        ("value", "i8"),
        ("dlon_deg", "f8"),  # SHIFT: by so much; FORGED: the middle
        ("dlat_deg", "f8"),
    ],
    align=True,
)


@njit(cache=True, nogil=True)
def interval_us(kind: int, stop: int, status: int, speed_mps: float, turn_degps: float) -> int:
    """Time to the next position report, M.1371-5 tables 1 and 2."""
    knots = speed_mps / KNOT_MPS
    if kind == CLASS_B:
        return 30_000_000 if knots > 2.0 else 180_000_000
    if kind in (BASE, SAR_AIRCRAFT):
        return 10_000_000
    if kind == AID:
        return 180_000_000
    if (status == 1 or status == 5) and knots <= 3.0:
        return 180_000_000
    turning = abs(turn_degps) > 0.16  # 5 degrees in 30 s
    if knots > 23.0:
        return 2_000_000
    if knots > 14.0:
        return 2_000_000 if turning else 6_000_000
    return 3_333_333 if turning else 10_000_000


@njit(cache=True, nogil=True)
def noise_m(seed: int, vessel: int, t_us: int) -> tuple[float, float]:
    """East and north error of a fix: a slow walk between draws and a fast part."""
    k = t_us // NOISE_US
    f = (t_us - k * NOISE_US) / NOISE_US
    e0, n0 = gauss_pair(mix3(seed, vessel, k))
    e1, n1 = gauss_pair(mix3(seed, vessel, k + 1))
    e2, n2 = gauss_pair(mix3(seed, vessel, t_us))
    a, b = math.cos(0.5 * math.pi * f), math.sin(0.5 * math.pi * f)  # keeps the deviation
    return (
        SLOW_NOISE_M * (a * e0 + b * e1) + FAST_NOISE_M * e2,
        SLOW_NOISE_M * (a * n0 + b * n1) + FAST_NOISE_M * n2,
    )


@njit(cache=True, nogil=True)
def _fill(h, s, m, kind: int, vessel: int, t_us: int, back_s: float, seed: int) -> None:
    """Position, speed and course as the transponder gives them at `t_us`, `back_s` before the
    state `s`."""
    east, north = noise_m(seed, vessel, t_us)
    lon, lat, heading = s.lon_deg, s.lat_deg, (s.course_deg + h.drift_deg) % 360.0
    scale = DEG_M * math.cos(math.radians(lat))
    speed, course = s.speed_mps, s.course_deg - s.turn_degps * back_s
    if s.stop == ANCHOR:
        lon, lat, heading = swing(h, s, t_us)
    elif s.stop == PASS:
        mean = math.radians(s.course_deg - 0.5 * s.turn_degps * back_s)
        lon -= speed * back_s * math.sin(mean) / scale
        lat -= speed * back_s * math.cos(mean) / DEG_M
        heading -= s.turn_degps * back_s
    e, n = gauss_pair(mix3(seed ^ 91, vessel, t_us))
    if speed < 0.25:
        speed = abs(0.04 * e)
        course = 360.0 * unit(mix3(seed ^ 17, vessel, t_us // 60_000_000))
    else:
        speed = max(0.0, speed + 0.04 * e)
        course += min(8.0, 0.4 + 1.0 / speed) * n
    m.lon_deg = lon + east / scale
    m.lat_deg = lat + north / DEG_M
    m.sog_mps, m.cog_deg = speed, course % 360.0
    m.heading_deg = (heading + 0.3 * n) % 360.0 if h.has_heading == 1 else math.nan
    m.rot_degpm = s.turn_degps * 60.0 if h.has_turn == 1 else math.nan
    m.alt_m = 300.0 if kind == SAR_AIRCRAFT else math.nan
    m.nav_status, m.accurate, m.fix = s.nav_status, h.accurate, 0


@njit(cache=True, nogil=True)
def _forge(m, lon: float, lat: float, radius_m: float, vessel: int, t_us: int) -> None:
    """What a forged signal makes of a fix: a place on a circle about (lon, lat), anticlockwise, or
    that place itself when the radius is 0."""
    east, north = gauss_pair(mix3(23, vessel, t_us))
    east, north = FAST_NOISE_M * east, FAST_NOISE_M * north
    m.sog_mps = 0.0
    if radius_m > 0.0:
        a = FORGED_MPS * t_us * 1e-6 / radius_m + vessel
        east += radius_m * math.cos(a)
        north += radius_m * math.sin(a)
        m.sog_mps, m.cog_deg = FORGED_MPS, -math.degrees(a) % 360.0
    m.lon_deg = lon + east / (DEG_M * math.cos(math.radians(lat)))
    m.lat_deg = lat + north / DEG_M


@njit(cache=True, nogil=True)
def _script(m, scripts: np.ndarray, vessel: int, t_us: int) -> bool:
    """Apply what the vessel's scripts do at `t_us`; False when it is mute."""
    at = int(np.searchsorted(scripts["vessel"], vessel))
    while at < len(scripts) and scripts[at].vessel == vessel:
        c = scripts[at]
        if c.from_us <= t_us < c.until_us:
            if c.what == MUTE or (c.what == NAMELESS and m.msg_type in (5, 24)):
                return False
            if c.what == MMSI:
                m.mmsi = c.value
            elif c.what == SHIFT:
                m.lon_deg += c.dlon_deg
                m.lat_deg += c.dlat_deg
            elif c.what == IDENTITY:
                m.ship = c.value
            elif c.what == STATUS:
                m.nav_status = c.value
            elif c.what == HEADING:
                m.heading_deg = (m.heading_deg + c.value) % 360.0
            elif c.what == FORGED:
                _forge(m, c.dlon_deg, c.dlat_deg, c.value, vessel, t_us)
        at += 1
    return True


@njit(cache=True, nogil=True)
def hear(
    rows: np.ndarray, at: int, chance: np.ndarray, order: np.ndarray, count: int,
    silences: np.ndarray, share: float, duplicates: float, seed: int, vessel: int,
) -> int:  # fmt: skip
    """`rows[at]` is sent: keep it once for the receiver that heard it best, and sometimes once more
    for another that heard it too. The next free row."""
    m = rows[at]
    heard = 0
    for i in range(count):
        k = order[i]
        draw = mix3(seed ^ (k + 1) * 7919, vessel, m.t_us * 32 + m.msg_type + m.part)
        if unit(draw) >= chance[k] * (share if heard == 0 else duplicates):
            continue
        if silent(silences, k, m.t_us):
            continue
        if heard == 0:
            m.station = k
            heard = 1
        else:
            rows[at + 1] = m
            rows[at + 1].station = k
            return at + 2
    return at + heard


@njit(cache=True, nogil=True)
def run_block(
    hulls: np.ndarray, states: np.ndarray, plans: np.ndarray, scripts: np.ndarray,
    stations: np.ndarray, silences: np.ndarray, start_us: int, steps: int, density: float,
    duplicates: float, seed: int, rows: np.ndarray, trace: np.ndarray,
) -> int:  # fmt: skip
    """Move every ship over `steps` steps from `start_us` and write what the receivers hear.

    `plans` (n, legs) of motion.LEG. `rows` of rows.MESSAGE is filled in order of ship, not of time.
    `trace` (n, steps, 4) takes longitude, latitude, speed and course at each step's start, unless
    empty. Returns the number of rows, or -1 when `rows` is too short (states are then spoilt).
    """
    used = 0
    hour = start_us // 3_600_000_000
    chance = np.zeros(len(stations))
    order = np.zeros(len(stations), np.int64)
    for v in range(len(hulls)):
        h, s = hulls[v], states[v]
        kind = int(h.radio)
        count = chances(
            stations, RANGE_OF_KIND[kind], s.lon_deg, s.lat_deg, hour, seed, chance, order
        )
        for k in range(steps):
            t_us = start_us + k * STEP_US
            end_us = t_us + STEP_US
            if len(trace) > 0:
                trace[v, k, 0], trace[v, k, 1] = s.lon_deg, s.lat_deg
                if s.stop == ANCHOR:
                    trace[v, k, 0], trace[v, k, 1], _ = swing(h, s, t_us)
                trace[v, k, 2], trace[v, k, 3] = s.speed_mps, s.course_deg
            step(h, s, plans[v], t_us)
            while s.report_us < end_us:
                when = s.report_us
                wait = interval_us(kind, s.stop, s.nav_status, s.speed_mps, s.turn_degps)
                share = density if wait < 60_000_000 and kind != BASE else 1.0
                if kind == DISTRESS:  # M.1371-5, annex 9: bursts of 8 messages, once a minute
                    s.burst = (s.burst + 1) % 8
                    wait = 2_000_000 if s.burst != 0 else 46_000_000
                    share = 1.0
                else:
                    wait += int(wait * 0.1 * (unit(mix3(seed, v, when)) - 0.5))
                s.report_us += wait
                if s.stop == OFF or count == 0:
                    continue
                if used + 4 > len(rows):
                    return -1
                m = rows[used]
                m.t_us, m.mmsi, m.ship, m.text, m.part = when, h.mmsi, v, 0, 0
                if kind == CLASS_A:
                    m.msg_type = 3 if mix(when) & 7 == 0 else 1
                elif kind == CLASS_B:
                    m.msg_type = 18
                elif kind == BASE:
                    m.msg_type = 4
                elif kind == AID:
                    m.msg_type = 21
                elif kind == SAR_AIRCRAFT:
                    m.msg_type = 9
                else:
                    m.msg_type = 1
                _fill(h, s, m, kind, v, when, (end_us - when) * 1e-6, seed)
                if h.planted == 1 and not _script(m, scripts, v, when):
                    continue
                used = hear(rows, used, chance, order, count, silences, share, duplicates, seed, v)
            while s.static_us < end_us:
                when = s.static_us
                s.static_us += STATIC_US
                if s.stop == OFF or count == 0 or (kind > CLASS_B and kind != DISTRESS):
                    continue
                if used + 4 > len(rows):
                    return -1
                for part in range(2 if kind == CLASS_B else 1):
                    m = rows[used]
                    m.t_us, m.mmsi, m.ship, m.text, m.part = when, h.mmsi, v, 0, part
                    m.msg_type = 5 if kind == CLASS_A else 24
                    m.nav_status = s.nav_status
                    if kind == DISTRESS:
                        m.msg_type = 14
                    if h.planted == 1 and not _script(m, scripts, v, when):
                        continue
                    if kind == DISTRESS:
                        m.text = h.text if m.nav_status == 14 else h.text + 1
                    used = hear(
                        rows, used, chance, order, count, silences, 1.0, duplicates, seed, v
                    )
    return used
