"""The pairs at risk: looked for, followed from tick to tick, told, ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.detect._pairs.table import find, index, pair_key, slots_for
from littoral.detect.collision.judge import (
    ALARM_LEVEL,
    NO_RISK,
    WARNING_LEVEL,
    approach,
    both_fish,
    colreg,
    length_share,
    level,
    limits_row,
    times,
)
from littoral.detect.collision.scene import (
    ACTIVE,
    AWAKE,
    COURSE,
    S_LAT,
    S_LON,
    SOG,
    SPEED,
    TRACK,
    Rules,
)
from littoral.schema.growing import grown

# Columns of `Risks.whole`.
START_US, STATE, LOOKS, MISSES, LEVEL, TOLD_US, LAST_US, CLASS, GIVES_WAY, AREA = range(10)
OBS = 10  # six observations: at first sight, when nearest, at the latest tick; first then second
WHOLE = 16
# Columns of `Risks.real`.
RANGE, CLOSING, TCPA, CPA, CLEAR, NEAREST, SPEED_A, SPEED_B, COURSE_A, COURSE_B = range(10)
LON, LAT, LEAST_CLEAR, SHARE = 10, 11, 12, 13
REAL = 14
LOOKING, RAISED, ENDED = 0, 1, 2
TOLD, TOLD_PAST, TOLD_CLEAR, TOLD_LOST = 0, 1, 2, 3


@dataclass(slots=True)
class Risks:
    """Pairs at risk, or that were of late: `key` (n,), `whole` (n, WHOLE), `real` (n, REAL)."""

    count: int = 0
    slots: np.ndarray = field(default_factory=lambda: slots_for(64))
    key: np.ndarray = field(default_factory=lambda: np.zeros(64, np.int64))
    whole: np.ndarray = field(default_factory=lambda: np.zeros((64, WHOLE), np.int64))
    real: np.ndarray = field(default_factory=lambda: np.zeros((64, REAL)))

    def grow(self) -> None:
        rows = 2 * len(self.key)
        self.key = grown(self.key, rows)
        self.whole, self.real = grown(self.whole, rows), grown(self.real, rows)
        self.slots = slots_for(rows)
        index(self.slots, self.key, self.count)


class RiskArrays(NamedTuple):
    slots: np.ndarray
    key: np.ndarray
    whole: np.ndarray
    real: np.ndarray


class Tellings(NamedTuple):
    """Snapshots of pairs that changed: (n,), (n,), (n, WHOLE), (n, REAL)."""

    kind: np.ndarray
    key: np.ndarray
    whole: np.ndarray
    real: np.ndarray

    @classmethod
    def empty(cls, n: int) -> Tellings:
        return cls(
            np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros((n, WHOLE), np.int64),
            np.zeros((n, REAL)),
        )  # fmt: skip


@njit(cache=True, nogil=True)
def _tell(out: Tellings, n: int, kind: int, now_us: int, p: RiskArrays, row: int) -> int:
    p.whole[row, TOLD_US] = now_us
    out.kind[n], out.key[n] = kind, p.key[row]
    out.whole[n], out.real[n] = p.whole[row], p.real[row]
    return n + 1


@njit(cache=True, nogil=True)
def _note(w, f, met, now_us: int, s: np.ndarray, s2: np.ndarray, obs: int, obs2: int) -> None:
    """Put the figures of a pair into its row; `s` and `obs` are those of the lower track."""
    f[RANGE], f[CLOSING], f[TCPA] = met.range_m, met.closing_mps, met.tcpa_s
    f[CPA], f[CLEAR] = met.cpa_m, met.clear_m
    w[OBS + 4], w[OBS + 5] = obs, obs2
    nearest = met.range_m
    if met.tcpa_s < 0.0 and met.tcpa_s * 1e6 >= w[LAST_US] - now_us:
        nearest = met.cpa_m  # the closest point lay between two ticks
    if nearest < f[NEAREST]:
        f[NEAREST] = nearest
        w[OBS + 2], w[OBS + 3] = obs, obs2
    f[LEAST_CLEAR] = min(f[LEAST_CLEAR], met.clear_m)
    f[SPEED_A], f[SPEED_B], f[COURSE_A], f[COURSE_B] = s[SPEED], s2[SPEED], s[COURSE], s2[COURSE]
    f[LON], f[LAT] = s[S_LON], 0.5 * (s[S_LAT] + s2[S_LAT])
    if abs(s2[S_LON] - s[S_LON]) < 180.0:
        f[LON] = 0.5 * (s[S_LON] + s2[S_LON])
    w[LAST_US] = now_us


@njit(cache=True, nogil=True)
def follow(
    now_us: int, p: RiskArrays, count: int, scene: np.ndarray, place: np.ndarray, obs: np.ndarray,
    fix: np.ndarray, r: Rules, out: Tellings,
) -> tuple[int, int]:  # fmt: skip
    """Judge every known pair at `now_us`; returns pairs left and things told (at most one each)."""
    n, row = 0, 0
    dropped = False
    while row < count:
        w = p.whole[row]
        a, b = p.key[row] >> 32, p.key[row] & 0xFFFFFFFF
        i, j = place[a], place[b]
        now, past, fleet = NO_RISK, False, both_fish(fix[a], fix[b])
        # Two reports of each that makes way must say so, unless there is no time to wait for them.
        new_a = obs[a] != w[OBS] or fix[a, SOG] < r.slow_mps
        new_b = obs[b] != w[OBS + 1] or fix[b, SOG] < r.slow_mps
        urgent = False
        if i >= 0 and j >= 0:
            met = approach(scene[i], fix[a], scene[j], fix[b], r.length_m, r.beam_m)
            area = limits_row(fix[a], fix[b])
            share = length_share(fix[a], fix[b], r.length_m, r.full_length_m, r.least_share)
            now = level(met, scene[i], fix[a], scene[j], fix[b], r.limits[area], share, r)
            past = met.tcpa_s < 0.0
            urgent = met.tcpa_s <= r.turning_share * times(r.limits[area], share, r)[1]
            again = w[STATE] == ENDED and w[LOOKS] + 1 >= r.looks and now >= WARNING_LEVEL
            if w[STATE] != ENDED or again:
                w[AREA] = area
                if again:
                    w[LAST_US] = now_us
                p.real[row, SHARE] = share
                _note(w, p.real[row], met, now_us, scene[i], scene[j], obs[a], obs[b])
        drop = False
        if w[STATE] == LOOKING:
            w[LOOKS] += 1
            drop = now < WARNING_LEVEL
            enough = r.looks if now == ALARM_LEVEL else r.warning_looks
            if not drop and w[LOOKS] >= enough and ((new_a and new_b) or urgent):
                w[STATE], w[LEVEL], w[MISSES] = RAISED, now, 0
                w[CLASS], w[GIVES_WAY] = colreg(scene[i], fix[a], scene[j], fix[b], r)
                n = _tell(out, n, TOLD, now_us, p, row)
        elif w[STATE] == RAISED:
            if i < 0 or j < 0:
                stale = fix[a, ACTIVE] != AWAKE or fix[b, ACTIVE] != AWAKE
                w[STATE], w[LOOKS] = ENDED, 0
                n = _tell(out, n, TOLD_LOST if stale else TOLD_CLEAR, now_us, p, row)
            elif now == NO_RISK:
                w[MISSES] += 1
                if w[MISSES] >= r.clear_looks:
                    w[STATE], w[LOOKS] = ENDED, 0
                    n = _tell(out, n, TOLD_PAST if past else TOLD_CLEAR, now_us, p, row)
            else:
                w[MISSES] = 0
                if now > w[LEVEL]:
                    w[LEVEL] = now
                    n = _tell(out, n, TOLD, now_us, p, row)
                elif now_us - w[TOLD_US] >= r.update_us:
                    n = _tell(out, n, TOLD, now_us, p, row)
        else:
            w[LOOKS] = w[LOOKS] + 1 if now >= WARNING_LEVEL else 0
            if w[LOOKS] >= r.looks and (now == ALARM_LEVEL or not fleet):
                w[STATE], w[MISSES] = RAISED, 0
                w[LEVEL] = max(w[LEVEL], now)
                n = _tell(out, n, TOLD, now_us, p, row)
            else:
                drop = now_us - w[TOLD_US] > r.again_us
        if drop:
            count -= 1
            p.key[row], p.whole[row], p.real[row] = p.key[count], p.whole[count], p.real[count]
            dropped = True
        else:
            row += 1
    if dropped:
        index(p.slots, p.key, count)
    return count, n


@njit(cache=True, nogil=True)
def discover(
    now_us: int, horizon_s: float, first: int, pairs: np.ndarray, p: RiskArrays, count: int,
    scene: np.ndarray, obs: np.ndarray, fix: np.ndarray, mmsi: np.ndarray, r: Rules,
) -> tuple[int, int]:  # fmt: skip
    """Enter those of `pairs` (see `near`) from `first` on that are at risk within `horizon_s` and
    not known yet. Of two of equal speed the lower track is the second, so a pair is met once.

    Returns pairs in the table, and the one of `pairs` to go on from (all: done; else the table was
    full).
    """
    for q in range(first, len(pairs)):
        s, s2 = scene[pairs[q] >> 32], scene[pairs[q] & 0xFFFFFFFF]
        a, b = int(s[TRACK]), int(s2[TRACK])
        if (s2[SPEED] == s[SPEED] and b >= a) or mmsi[a] == mmsi[b]:
            continue
        met = approach(s, fix[a], s2, fix[b], r.length_m, r.beam_m)
        lim = r.limits[limits_row(fix[a], fix[b])]
        share = length_share(fix[a], fix[b], r.length_m, r.full_length_m, r.least_share)
        now = level(met, s, fix[a], s2, fix[b], lim, share, r)
        if met.tcpa_s > horizon_s or now < WARNING_LEVEL:
            continue
        known = find(p.slots, p.key, pair_key(a, b))
        if known >= 0:
            continue
        if count >= len(p.key):
            return count, q
        p.slots[-1 - known] = count
        p.key[count] = pair_key(a, b)
        f, z = p.real[count], p.whole[count]
        z[:], f[:] = 0, 0.0
        f[NEAREST] = f[LEAST_CLEAR] = np.inf
        z[LOOKS], z[START_US], z[LAST_US] = 1, now_us, now_us
        if a < b:
            _note(z, f, met, now_us, s, s2, obs[a], obs[b])
        else:
            _note(z, f, met, now_us, s2, s, obs[b], obs[a])
        z[OBS], z[OBS + 1] = z[OBS + 4], z[OBS + 5]
        count += 1
    return count, len(pairs)
