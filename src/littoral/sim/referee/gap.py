"""Rule gap: see docs/detectors/gap.md, "How it is judged" and "Settings". A rule of silence: where
the ship was is taken from its trajectory, when it was heard from `Record.heard`. What the receivers
are known to hear is an input, as the coast is. No receiver is out in the day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from littoral.area.reception import Reception
from littoral.sim.referee.ground import Ground, apart_m, edges_m, shores_m
from littoral.sim.referee.record import CLASS_B, KNOT_MPS, NAUTICAL_MILE_M, Happened, Record

LOOK_US = 30_000_000  # a silence is looked at when one of these is over
AGAIN_US = 300_000_000  # and so long after, where it is not told of
FISHING_TYPE, LIES = 30, (1, 5, 6)
CLASS_A_S, CLASS_B_S, FISHING_S, STATIONARY_S = 1_800, 3_600, 3_600, 21_600
STATIONARY_MPS = 1.0 * KNOT_MPS
OWN_MEANS, HALF_US, LEAST_POSITIONS, LEAST_AGE_US = 20, 3_600_000_000, 20, 1_800_000_000
SURVIVAL, WEAK_SURVIVAL, WEAK_FACTOR, SILENT_SHARE = 0.001, 0.01, 3, 0.05
UNKNOWN_FACTOR, ALONE_FACTOR, NEAR_BY_M = 3, 6, 10_000.0
OUTER_M = 24.0 * NAUTICAL_MILE_M
DOUBT_M = 1_000.0  # a report that lies so far from the ship is in doubt

GFW_SILENT_US, GFW_BEFORE_US, GFW_BEFORE = 43_200_000_000, 43_200_000_000, 14
GFW_SHORE_M, GFW_PER_DAY = 92_600.0, 10.0


@dataclass(frozen=True, slots=True)
class Silence:
    """From a vessel's `k`-th report, when it was at (lon, lat) at `speed_mps`, until `until_us`."""

    ship: int
    k: int
    begin_us: int
    until_us: int
    lon: float
    lat: float
    speed_mps: float

    def event(self, r: Record, told_us: int, priority: int) -> Happened:
        return Happened("gap", "gap", (int(r.mmsi[self.ship]),), self.begin_us, self.until_us,
                        told_us, priority)  # fmt: skip


def silences(r: Record, ship: int, least_us: int) -> list[Silence]:
    """Those of `least_us` or more; the last lasts to the end of the day."""
    heard = r.heard[ship]
    if not len(heard):
        return []
    until = np.append(heard[1:], r.end_us)
    found = []
    for k in np.flatnonzero(until - heard >= least_us).tolist():
        lon, lat, speed, _ = (float(x) for x in r.at(ship, int(heard[k])))
        said_lon, said_lat = (float(x) for x in r.reports[ship][k, :2])
        if apart_m(lon, lat, said_lon, said_lat) <= DOUBT_M:
            found.append(Silence(ship, k, int(heard[k]), int(until[k]), lon, lat, speed))
    return found


def looks_us(s: Silence, from_us: int) -> np.ndarray:
    """Moments in the silence at which it is looked at, `from_us` and later."""
    first = -(-from_us // LOOK_US) * LOOK_US
    return np.arange(first, s.until_us, AGAIN_US, dtype=np.int64)


def own_mean_s(heard: np.ndarray) -> float:
    """The mean interval of reports at these times in us, half as much worth each hour."""
    worth = 0.5 ** ((heard[-1] - heard[1:]) / HALF_US)
    return float((worth * np.diff(heard)).sum() / worth.sum()) / 1e6


def limit_of(r: Record, s: Silence) -> tuple[int, bool]:
    """(seconds that count for the vessel, is it stationary)."""
    minute = (s.begin_us - r.start_us) // 60_000_000
    if s.speed_mps < STATIONARY_MPS or int(r.status[s.ship, minute]) in LIES:
        return STATIONARY_S, True
    if int(r.ship_type[s.ship]) == FISHING_TYPE:
        return FISHING_S, False
    return (CLASS_B_S if r.radio[s.ship] == CLASS_B else CLASS_A_S), False


def others_near(r: Record, s: Silence, t_us: int) -> bool:
    """The last report of another came in the second half of the silence so far, from near."""
    since_us = s.begin_us + (t_us - s.begin_us) // 2
    for v in r.vessels().tolist():
        n = np.searchsorted(r.heard[v], t_us, "right")
        if v == s.ship or n == 0 or r.heard[v][n - 1] < since_us:
            continue
        x, y = (float(c) for c in r.reports[v][n - 1, :2])
        if apart_m(s.lon, s.lat, x, y) <= NEAR_BY_M:
            return True
    return False


def told_us(r: Record, g: Ground, learned: Reception, s: Silence) -> tuple[int, int] | None:
    """(when it is told, priority) by the profile coastal; None: never."""
    heard = r.heard[s.ship]
    if s.k + 1 < LEAST_POSITIONS or s.begin_us - heard[0] < LEAST_AGE_US:
        return None
    x, y = np.array([s.lon]), np.array([s.lat])
    if edges_m(g.ports, x, y)[0] == 0.0:
        return None
    given_s, stationary = limit_of(r, s)
    limit_s = max(given_s, OWN_MEANS * own_mean_s(heard[: s.k + 1]))
    looks = looks_us(s, s.begin_us + int(limit_s * 1e6))
    if not len(looks):
        return None
    lasted_s = (looks - s.begin_us) / 1e6
    kind = r.radio[s.ship : s.ship + 1]
    share = float(learned.silent_share(x, y, kind, np.array([limit_s]))[0])
    if not np.isnan(share):
        chance = learned.survival(x, y, kind, lasted_s)
        enough = chance <= SURVIVAL
        enough |= (chance <= WEAK_SURVIVAL) & (lasted_s >= WEAK_FACTOR * limit_s)
        if share > SILENT_SHARE or not enough.any():
            return None
        return int(looks[np.argmax(enough)]), 4 if stationary else 3
    if shores_m(g.ours, x, y, OUTER_M)[0] > OUTER_M:
        return None
    alone_us = s.begin_us + int(ALONE_FACTOR * limit_s * 1e6)
    for look in looks_us(s, s.begin_us + int(UNKNOWN_FACTOR * limit_s * 1e6)).tolist():
        if look < alone_us and others_near(r, s, look):
            return look, 4
        if look >= alone_us:
            break
    last = looks_us(s, alone_us)
    return (int(last[0]), 4) if len(last) else None


def happened(r: Record, g: Ground, learned: Reception) -> list[Happened]:
    found = []
    for v in r.vessels().tolist():
        for s in silences(r, v, CLASS_A_S * 1_000_000):
            told = told_us(r, g, learned, s)
            if told is not None:
                found.append(s.event(r, *told))
    return found


def happened_by_gfw(r: Record, g: Ground, learned: Reception) -> list[Happened]:
    found, shores = [], g.all_shores
    for v in r.vessels().tolist():
        for s in silences(r, v, GFW_SILENT_US):
            x, y = np.array([s.lon]), np.array([s.lat])
            if shores_m(shores, x, y, GFW_SHORE_M + 1.0)[0] < GFW_SHORE_M:
                continue
            heard = r.heard[v]
            before = ((heard >= s.begin_us - GFW_BEFORE_US) & (heard <= s.begin_us)).sum()
            per_day = float(learned.positions_per_day(x, y)[0])
            looks = looks_us(s, s.begin_us + GFW_SILENT_US)
            if before >= GFW_BEFORE and len(looks) and not per_day <= GFW_PER_DAY:
                found.append(s.event(r, int(looks[0]), 4))
    return found
