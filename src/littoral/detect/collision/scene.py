"""All vessels brought to one instant by dead reckoning, sorted for the search of pairs.

A vessel is one row of a float64 matrix, before (`Vessels.fix`) and at the instant (the scene): the
loops touch one or two cache lines a vessel, and a compiled function takes one array, not twenty.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.profiles import PORT_APPROACH
from littoral.detect._pairs.grid import M_PER_DEG
from littoral.detect.collision.settings import CollisionSettings
from littoral.schema.ais import CLASS_B, FLAG_JUMP, FLAG_TIME_OFF

_SKIP = np.uint32(FLAG_JUMP | FLAG_TIME_OFF)
MEAN_S = 40.0  # over which a course is averaged
FORGET_S = 120.0  # without a report: the mean begins anew, and how steady she is unknown
UNKNOWN_DEG = 360.0
ROW_DEG = 0.02  # height of the rows that vessels are sorted by: 2.2 km
ROWS = int(180.0 / ROW_DEG) + 2

# Columns of `Vessels.fix`, units as in `schema.ais`; NaN or -1 where not available.
LON, LAT, SOG, COG, HEADING, ROT, STATUS, ACCURATE, RING, AREA, FIXES, ACTIVE = range(12)
TYPE, BOW, STERN, PORT, STARBOARD, CROSSING, MEAN_COURSE, OFF_MEAN, NAMED = range(12, 21)
FIX = 21
STATIC_COLUMNS = {
    "ship_type": TYPE,
    "to_bow_m": BOW,
    "to_stern_m": STERN,
    "to_port_m": PORT,
    "to_starboard_m": STARBOARD,
}

# Values of ACTIVE: not in `order`; in it with a fresh fix; in it, but the fix has become too old.
ABSENT, AWAKE, ASLEEP = 0.0, 1.0, 2.0

# Columns of a scene: degrees, m/s, metres; the position is that of the antenna, the cosine that of
# the last fix's latitude.
S_LON, S_LAT, EAST, NORTH, SPEED, COURSE, HULL, ERROR, ROOM, TRACK, FRESH, COS_LAT = range(12)
SCENE = 12


@dataclass(slots=True)
class Vessels:
    """Last fix of each track, and the tracks with a fresh one (`order[:count]`) as last sorted."""

    last_us: np.ndarray  # (capacity,) int64
    obs_id: np.ndarray  # (capacity,) int64
    fix: np.ndarray  # (capacity, FIX) float64
    order: np.ndarray  # (capacity,) int64
    count: int = 0

    @classmethod
    def empty(cls, capacity: int = 1024) -> Vessels:
        zeros = np.zeros(capacity, np.int64)
        return cls(zeros, zeros.copy(), _blank(capacity), zeros.copy())

    def reserve(self, rows: int) -> None:
        have = len(self.order)
        if rows <= have:
            return
        more = max(rows, 2 * have) - have
        pad = np.zeros(more, np.int64)
        self.last_us = np.concatenate([self.last_us, pad])
        self.obs_id = np.concatenate([self.obs_id, pad])
        self.order = np.concatenate([self.order, pad])
        self.fix = np.concatenate([self.fix, _blank(more)])

    def leave(self, gone: np.ndarray) -> None:
        """Those of `order[:count]` that are `gone` (count,) bool have no fresh fix any more."""
        if gone.any():
            order = self.order[: self.count]
            self.fix[order[gone], ACTIVE] = ABSENT
            self.count = int(np.count_nonzero(~gone))
            self.order[: self.count] = order[~gone]


def _blank(rows: int) -> np.ndarray:
    fix = np.full((rows, FIX), np.nan)
    fix[:, [AREA, FIXES, ACTIVE, OFF_MEAN, NAMED]] = 0.0
    fix[:, [TYPE, CROSSING]] = -1.0
    return fix


class Rules(NamedTuple):
    """The settings that the loops need, as plain numbers."""

    own_speed_mps: float
    closing_mps: float
    fishing_closing_mps: float
    still_closing_mps: float
    begin_age_us: int
    max_age_us: int
    slow_age_us: int
    slow_mps: float
    max_speed_mps: float
    accurate_m: float
    inaccurate_m: float
    drift_share: float
    length_m: float
    beam_m: float
    warning_looks: int
    looks: int
    clear_looks: int
    hold_cpa: float
    hold_tcpa: float
    again_us: int
    update_us: int
    head_on_course_deg: float
    ahead_deg: float
    full_length_m: float
    least_share: float
    least_warning_s: float
    least_alarm_s: float
    steady_deg: float
    turning_share: float
    limits: np.ndarray  # (4, 4): area (the last: ferries on the crossing) x AreaLimits


def rules_of(s: CollisionSettings) -> Rules:
    rows = [
        (a.warning_cpa_m, a.warning_tcpa_s, a.alarm_cpa_m, a.alarm_tcpa_s)
        for a in (*s.limits, s.ferry)
    ]
    return Rules(
        s.own_speed_mps, s.closing_mps, s.fishing_closing_mps, s.still_closing_mps,
        int(s.begin_age_s * 1e6), int(s.max_age_s * 1e6), int(s.slow_age_s * 1e6), s.slow_mps,
        s.max_speed_mps, s.accurate_m, s.inaccurate_m, s.drift_share, s.length_m, s.beam_m,
        s.warning_looks, s.looks, s.clear_looks, s.hold_cpa, s.hold_tcpa, int(s.again_s * 1e6),
        int(s.update_s * 1e6), s.head_on_course_deg, s.ahead_deg, s.full_length_m, s.least_share,
        s.least_warning_s, s.least_alarm_s, s.steady_deg, s.turning_share, np.array(rows),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def take_fixes(
    first: int, last: int, last_us: np.ndarray, seen: np.ndarray, fix: np.ndarray,
    order: np.ndarray, count: int, track: np.ndarray, kind: np.ndarray, flags: np.ndarray,
    t_us: np.ndarray, obs_id: np.ndarray, lon: np.ndarray, lat: np.ndarray, sog: np.ndarray,
    cog: np.ndarray, heading: np.ndarray, rot: np.ndarray, status: np.ndarray,
    accurate: np.ndarray, ring: np.ndarray, fleet_type: np.ndarray, fleet_bow: np.ndarray,
    fleet_stern: np.ndarray, fleet_port: np.ndarray, fleet_starboard: np.ndarray,
    fleet_name: np.ndarray,
) -> int:  # fmt: skip
    """Take rows `first`..`last` of a batch; returns how many tracks have a fresh fix.
    `fleet_name`: (tracks, letters) uint8."""
    for i in range(first, last):
        k = track[i]
        if k < 0 or kind[i] > CLASS_B or (flags[i] & _SKIP) != 0 or t_us[i] == last_us[k]:
            continue
        f = fix[k]
        if last_us[k] == 0:  # new here: what the fleet knows already
            if f[TYPE] < 0.0:
                f[TYPE] = fleet_type[k]
            if f[BOW] != f[BOW]:
                f[BOW], f[STERN] = fleet_bow[k], fleet_stern[k]
                f[PORT], f[STARBOARD] = fleet_port[k], fleet_starboard[k]
            if fleet_name[k, 0] != 0:
                f[NAMED] = 1.0
        if cog[i] == cog[i]:
            # The course's running mean, and how far the latest report is off it: a ship on a steady
            # course is off by the noise alone, one that turns by about MEAN_S times its rate.
            since = (t_us[i] - last_us[k]) * 1e-6
            off = cog[i] - f[MEAN_COURSE]
            if not since < FORGET_S or off != off:
                f[MEAN_COURSE], f[OFF_MEAN] = cog[i], UNKNOWN_DEG
            else:
                off -= 360.0 * math.floor(off / 360.0 + 0.5)
                f[MEAN_COURSE] += off * since / (since + MEAN_S)
                f[OFF_MEAN] = abs(off)
        last_us[k], seen[k] = t_us[i], obs_id[i]
        f[FIXES] = min(f[FIXES] + 1.0, 1000.0)
        f[LON], f[LAT], f[SOG], f[COG] = lon[i], lat[i], sog[i], cog[i]
        f[HEADING], f[ROT], f[STATUS] = heading[i], rot[i], status[i]
        f[ACCURATE], f[RING] = accurate[i], ring[i]
        if f[ACTIVE] == ABSENT:
            order[count] = k
            count += 1
        f[ACTIVE] = AWAKE
    return count


@njit(cache=True, nogil=True)
def in_play(f: np.ndarray, r_own: float, r_slow: float, r_max: float) -> bool:
    """May a vessel take part in a collision: it moves or drifts at sea and says how.

    Out by trade, since it keeps near others (ITU-R M.1371-5 table 53): tow 31-32, dredger 33, diver
    34, naval 35, pilot 50, rescue 51, tug 52, tender 53, anti-pollution 54, police 55, medical 58.
    """
    sog, status, kind = f[SOG], f[STATUS], f[TYPE]
    if f[FIXES] < 2.0 or not sog <= r_max:
        return False
    if 31.0 <= kind <= 35.0 or 50.0 <= kind <= 55.0 or kind == 58.0:
        return False
    if sog < r_own and (status == 1.0 or status == 5.0 or status == 6.0):
        return False
    if f[RING] == 0.0 or (f[RING] == 1.0 and sog < r_slow):
        return False
    if not 0.0 <= status <= 14.0:
        if sog < r_slow and f[NAMED] == 0.0:
            return False  # may be a net beacon, which its name alone gives away
        if sog < 0.5 * r_slow and f[AREA] == PORT_APPROACH:
            return False  # class B says nothing of lying alongside
    return sog < 0.5 * r_slow or f[COG] == f[COG] or f[HEADING] == f[HEADING]


@njit(cache=True, nogil=True)
def _reckon(f: np.ndarray, age_s: float, r_slow: float, drift_share: float, fix_m: float, out):
    """One vessel after `age_s`, turning on at its rate of turn where that is a turn (3 to 120
    degrees a minute; beyond, AIS gives hardly more than a sign)."""
    speed = f[SOG]
    course = f[COG] if f[COG] == f[COG] else f[HEADING]
    if course != course:
        course, speed = 0.0, 0.0
    turned, way = 0.0, speed * age_s
    if 3.0 <= abs(f[ROT]) <= 120.0 and speed >= r_slow:
        turned = max(-90.0, min(90.0, f[ROT] * age_s / 60.0))
    hull = f[HEADING] if f[HEADING] == f[HEADING] else course
    a = math.radians(course)
    if abs(turned) > 1.0:
        half = math.radians(0.5 * turned)  # the chord of the arc lies half the turn off
        chord = way * math.sin(half) / half
        x, y = chord * math.sin(a + half), chord * math.cos(a + half)
        a += 2.0 * half
        course, hull = (course + turned) % 360.0, (hull + turned) % 360.0
        east, north = speed * math.sin(a), speed * math.cos(a)
    else:
        east, north = speed * math.sin(a), speed * math.cos(a)
        x, y = east * age_s, north * age_s
    cos_lat = max(0.01, math.cos(math.radians(f[LAT])))
    lon = f[LON] + x / (M_PER_DEG * cos_lat)
    length, beam = f[BOW] + f[STERN], f[PORT] + f[STARBOARD]
    out[S_LON] = lon - 360.0 if lon > 180.0 else lon + 360.0 if lon < -180.0 else lon
    out[S_LAT], out[COS_LAT] = f[LAT] + y / M_PER_DEG, cos_lat
    out[EAST], out[NORTH], out[SPEED] = east, north, speed
    out[COURSE], out[HULL] = course, hull
    astray = drift_share * way
    out[ERROR] = math.sqrt(fix_m * fix_m + astray * astray)
    # All of the hull lies within this of the antenna, the error counted in.
    out[ROOM] = (length if length > 0.0 else 100.0) + (beam if beam > 0.0 else 20.0) + out[ERROR]


@njit(cache=True, nogil=True, inline="always")
def row_index(lat_deg: float) -> int:
    return min(ROWS - 1, max(0, int((lat_deg + 90.0) / ROW_DEG)))


@njit(cache=True, nogil=True)
def build_scene(
    now_us: int, last_us: np.ndarray, fix: np.ndarray, order: np.ndarray, count: int, r: Rules,
    scene: np.ndarray, place: np.ndarray, of_stale: float,
) -> tuple[int, int]:  # fmt: skip
    """Bring all fresh tracks to `now_us`, sorted by row of latitude, then longitude.

    `scene` (count, SCENE); `place` (tracks,) becomes the entry of each track, -1 for none. Stale
    tracks leave `order`, and their ACTIVE becomes `of_stale`: ASLEEP where `order` is not the
    table's own. Returns how many are fresh, how many of them are in play. Within a row the last
    tick's order is kept, so that the insertion sort by longitude has little to do.
    """
    own, slow, most, share = r.own_speed_mps, r.slow_mps, r.max_speed_mps, r.drift_share
    good, poor, slow_us, age_us = r.accurate_m, r.inaccurate_m, r.slow_age_us, r.max_age_us
    idle, n = 0, 0
    raw, out_of_play = np.empty((count, SCENE)), np.empty(count, np.int64)
    lon, row_of = np.empty(count), np.empty(count, np.int64)
    row_start = np.zeros(ROWS + 1, np.int64)
    for q in range(count):
        k = order[q]
        place[k] = -1
        f = fix[k]
        since = now_us - last_us[k]
        if since > (slow_us if f[SOG] < slow else age_us):
            f[ACTIVE] = of_stale
        elif in_play(f, own, slow, most):
            _reckon(f, since * 1e-6, slow, share, good if f[ACCURATE] == 1.0 else poor, raw[n])
            raw[n, TRACK] = k
            raw[n, FRESH] = 1.0 if since <= r.begin_age_us or f[SOG] < slow else 0.0
            lon[n], row_of[n] = raw[n, S_LON], row_index(raw[n, S_LAT])
            row_start[row_of[n] + 1] += 1
            n += 1
        else:
            out_of_play[idle] = k
            idle += 1
    for row in range(ROWS):
        row_start[row + 1] += row_start[row]
    at = row_start[:-1].copy()
    rank = np.empty(n, np.int64)
    for q in range(n):
        row = row_of[q]
        j = at[row] - 1
        while j >= row_start[row] and lon[rank[j]] > lon[q]:
            rank[j + 1] = rank[j]
            j -= 1
        rank[j + 1] = q
        at[row] += 1
    for i in range(n):
        scene[i] = raw[rank[i]]
        k = int(scene[i, TRACK])
        order[i], place[k] = k, i
    order[n : n + idle] = out_of_play[:idle]
    return n + idle, n
