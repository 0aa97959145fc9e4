"""One pass over the fixes of a batch: crossings of rings, and each rule broken by each vessel.

A record stands for one rule that one vessel inside its fence breaks, or broke of late. A vessel's
records hang together in a list; a vessel without records costs a glance.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.detect.area_rule.breach import broken, crossing_us
from littoral.detect.area_rule.columns import (
    END,
    FALSE_US,
    FIRST_US,
    IS_TOLD,
    LAST_TRUE,
    LAST_US,
    LAT,
    LEAST,
    LON,
    MOST,
    NEW_OBS,
    NEW_RING,
    NEW_US,
    NEXT,
    NOT_TOLD,
    OBS,
    OBS_BEFORE,
    OBS_FIRST,
    OBS_LAST,
    QUIET,
    R_LAT,
    R_LON,
    RECORD,
    RING,
    RULE,
    SPEED,
    START,
    STATIC_US,
    TELL,
    TELL_END,
    TELL_RING,
    TOLD,
    TOLD_US,
    TRACK,
    TYPE,
    Fixes,
    Times,
    Told,
)
from littoral.detect.area_rule.fences import ENTRY, EXIT, PRESENCE, SEASON, RuleArrays
from littoral.schema.ais import CLASS_B, FLAG_BAD_MMSI, FLAG_JUMP, FLAG_TIME_OFF

_SKIP = np.uint32(FLAG_JUMP | FLAG_TIME_OFF)
_MINUTE_US = 60_000_000


@njit(cache=True, nogil=True)
def _tell(told: Told, n: int, kind: int, t_us: int, w: np.ndarray, r: np.ndarray) -> int:
    told.kind[n], told.t_us[n] = kind, t_us
    told.whole[n], told.real[n] = w, r
    return n + 1


@njit(cache=True, nogil=True)
def _drop(vessels: np.ndarray, records: np.ndarray, e: int, free: int) -> int:
    """Take record `e` out of its vessel's list; returns the new head of the unused ones."""
    k = records[e, TRACK]
    if vessels[k, RECORD] == e:
        vessels[k, RECORD] = records[e, NEXT]
    else:
        before = vessels[k, RECORD]
        while records[before, NEXT] != e:
            before = records[before, NEXT]
        records[before, NEXT] = records[e, NEXT]
    records[e, NEXT], records[e, TRACK] = free, -1
    return e


@njit(cache=True, nogil=True)
def _cross_rings(v: np.ndarray, t: int, ring: int, obs: int, hold_us: int) -> int:
    """Debounced ring of a vessel; returns the ring that it has left, or -1."""
    if ring < 0 or ring == v[RING]:
        v[NEW_RING] = -1
        return -1
    if v[RING] < 0:
        v[RING] = ring
        return -1
    if v[NEW_RING] != ring:
        v[NEW_RING], v[NEW_US], v[NEW_OBS] = ring, t, obs
    if t - v[NEW_US] < hold_us:
        return -1
    left = v[RING]
    v[RING], v[NEW_RING] = ring, -1
    return left


@njit(cache=True, nogil=True)
def _take_static(
    s: int, upto_us: int, vessels: np.ndarray, static_us: np.ndarray, static_track: np.ndarray,
    static_type: np.ndarray,
) -> int:  # fmt: skip
    """Take what vessels say of themselves up to a time; returns the next static row."""
    while s < len(static_us) and static_us[s] <= upto_us:
        who = static_track[s]
        if who >= 0:
            vessels[who, STATIC_US] = static_us[s]
            if static_type[s] >= 0:
                vessels[who, TYPE] = static_type[s]
        s += 1
    return s


@njit(cache=True, nogil=True)
def _over_us(w: np.ndarray, kind: int, last_us: int, clear_us: int) -> int:
    """When what a vessel last heard at `last_us` breaks no more is over, if nothing is heard: who
    has left a fence may be back at the next report, between whom and the last one the edge lies."""
    return int((last_us if kind <= PRESENCE else w[FALSE_US]) + clear_us)


@njit(cache=True, nogil=True)
def take_fixes(
    row: int, h: int, s: int, x: Fixes, hit_row: np.ndarray, hit_fence: np.ndarray,
    static_us: np.ndarray, static_track: np.ndarray, static_type: np.ndarray,
    fleet_type: np.ndarray, fleet_static_us: np.ndarray, is_named: np.ndarray,
    vessels: np.ndarray, places: np.ndarray, records: np.ndarray, reals: np.ndarray, count: int,
    free: int, rules: RuleArrays, z: Times,
    crossings: np.ndarray, told: Told,
) -> tuple[int, int, int, int, int, int]:  # fmt: skip
    """Take fixes from `row` on, hits from `h` and static rows from `s`, all in order of time.

    Returns next row, hit and static row, records ever used, head of the unused ones, things told;
    it stops early where `records` or `told` might not hold the next fix's.
    """
    n = 0
    most = len(rules.kind) + 2
    while row < len(x.t_us):
        if n + 2 * most > len(told.kind) or count + most > len(records):
            return row, h, s, count, free, n
        i, t, k = row, x.t_us[row], x.track[row]
        row += 1
        h0 = h
        while h < len(hit_row) and hit_row[h] == i:
            h += 1
        s = _take_static(s, t, vessels, static_us, static_track, static_type)
        if k < 0 or x.kind[i] > CLASS_B or (x.flags[i] & _SKIP) != 0:
            continue
        v, at = vessels[k], places[k]
        if v[LAST_US] == t:
            continue
        if v[LAST_US] == 0:  # new here: what the fleet knows already
            v[FIRST_US] = t
            if v[TYPE] < 0:
                v[TYPE] = fleet_type[k]
            if v[STATIC_US] == 0:
                v[STATIC_US] = fleet_static_us[k]
        left = _cross_rings(v, t, x.ring[i], x.obs_id[i], z.ring_hold_us)
        if left >= 0:
            crossings[left, v[RING]] += 1
            w, r = told.whole[n], told.real[n]
            nameless = v[STATIC_US] == 0 and t - v[FIRST_US] >= z.identity_us
            w[RULE], w[NEXT], w[TRACK], w[START] = left, v[RING], k, v[NEW_US]
            w[TOLD] = 1 if nameless or (x.flags[i] & np.uint32(FLAG_BAD_MMSI)) != 0 else 0
            w[OBS_BEFORE], w[OBS_FIRST], w[OBS_LAST] = v[OBS], v[NEW_OBS], x.obs_id[i]
            r[R_LON], r[R_LAT], r[SPEED] = x.lon[i], x.lat[i], x.sog[i]
            told.kind[n], told.t_us[n] = TELL_RING, t
            n += 1
        minute = t // _MINUTE_US - z.first_minute
        kind_of_ship = min(255, max(0, v[TYPE]))
        # A class B transmitter without a name may be a net beacon under a ship's number.
        may_fish = x.kind[i] != CLASS_B or is_named[k]
        e = v[RECORD]
        while e >= 0:
            w, r, following = records[e], reals[e], records[e, NEXT]
            q = w[RULE]
            fence, kind = rules.fence[q], rules.kind[q]
            if fence < 0:  # the fence was taken away: `expire` ends it
                e = following
                continue
            now = 0
            for g in range(h0, h):
                if hit_fence[g] == fence:
                    now = broken(
                        kind, rules.limit[q], rules.closed[q, minute],
                        rules.types[q, kind_of_ship], v[TYPE], t, x.lon[i], x.lat[i], x.sog[i],
                        x.status[i], x.ring[i], z.fishing_low_mps, z.fishing_high_mps,
                    )  # fmt: skip
            if w[FALSE_US] > 0:
                over_us = _over_us(w, kind, v[LAST_US], z.clear_us)
                back_us = t
                if kind <= PRESENCE and now == 1:
                    back_us = crossing_us(
                        rules, fence, v, at, t, x.lon[i], x.lat[i], True, z.max_gap_us
                    )
                if t >= over_us or (kind <= PRESENCE and back_us - w[END] >= z.clear_us):
                    if w[TOLD] == IS_TOLD:
                        n = _tell(told, n, TELL_END, min(t, over_us), w, r)
                    free = _drop(vessels, records, e, free)
                    e = following
                    continue
            meant = may_fish if kind == SEASON else rules.types[q, kind_of_ship]
            if now == 1:
                if w[FALSE_US] > 0:
                    w[FALSE_US] = 0
                    if kind == EXIT:
                        w[TOLD] = NOT_TOLD  # it has not left
                elif w[TOLD] == NOT_TOLD and t - w[LAST_TRUE] > z.max_gap_us and kind > PRESENCE:
                    w[START] = t
                    w[OBS_FIRST] = x.obs_id[i]
                w[LAST_TRUE], w[OBS_LAST] = t, x.obs_id[i]
                r[R_LON], r[R_LAT], r[SPEED] = x.lon[i], x.lat[i], x.sog[i]
                r[MOST], r[LEAST] = max(r[MOST], x.sog[i]), min(r[LEAST], x.sog[i])
                due = kind != EXIT and t - w[START] >= rules.hold_us[q]
                if w[TOLD] == NOT_TOLD and meant and due:
                    w[TOLD], w[TOLD_US] = IS_TOLD, t
                    n = _tell(told, n, TELL, t, w, r)
                elif w[TOLD] == IS_TOLD and t - w[TOLD_US] >= z.update_us:
                    w[TOLD_US] = t
                    n = _tell(told, n, TELL, t, w, r)
            elif now == 0 and w[FALSE_US] == 0:
                w[FALSE_US], w[END] = t, t
                if kind <= PRESENCE:
                    w[END] = crossing_us(
                        rules, fence, v, at, t, x.lon[i], x.lat[i], False, z.max_gap_us
                    )
                valid = rules.since_us[q] <= t < rules.until_us[q]
                if kind == EXIT and meant and valid:  # told when it is over, if it stays out
                    w[TOLD], w[START] = IS_TOLD, w[END]
                    w[OBS_BEFORE], w[OBS_LAST] = w[OBS_LAST], x.obs_id[i]
                    r[R_LON], r[R_LAT], r[SPEED] = x.lon[i], x.lat[i], x.sog[i]
                elif w[TOLD] == NOT_TOLD and kind > PRESENCE:
                    free = _drop(vessels, records, e, free)
            e = following
        for g in range(h0, h):
            fence = hit_fence[g]
            for f in range(rules.first[fence], rules.first[fence + 1]):
                q = rules.of_fence[f]
                e = v[RECORD]
                while e >= 0 and records[e, RULE] != q:
                    e = records[e, NEXT]
                kind = rules.kind[q]
                if e >= 0 or (kind == SEASON and not rules.closed[q, minute]):
                    continue
                now = broken(
                    kind, rules.limit[q], rules.closed[q, minute], rules.types[q, kind_of_ship],
                    v[TYPE], t, x.lon[i], x.lat[i], x.sog[i], x.status[i], x.ring[i],
                    z.fishing_low_mps, z.fishing_high_mps,
                )  # fmt: skip
                if now != 1:
                    continue
                if free >= 0:
                    e, free = free, records[free, NEXT]
                else:
                    e = count
                    count += 1
                w, r = records[e], reals[e]
                w[:] = 0
                w[NEXT], w[RULE], w[TRACK] = v[RECORD], q, k
                v[RECORD] = e
                w[START] = w[LAST_TRUE] = t
                w[OBS_BEFORE] = w[OBS_FIRST] = w[OBS_LAST] = x.obs_id[i]
                r[R_LON], r[R_LAT], r[SPEED] = x.lon[i], x.lat[i], x.sog[i]
                r[MOST], r[LEAST] = x.sog[i], x.sog[i]
                came = v[LAST_US] > 0 and v[LAST_US] >= rules.since_us[q]
                if kind <= PRESENCE and came:
                    w[OBS_BEFORE] = v[OBS]
                    w[START] = crossing_us(
                        rules, fence, v, at, t, x.lon[i], x.lat[i], True, z.max_gap_us
                    )
                if kind == ENTRY and not came:
                    w[TOLD] = QUIET  # it was inside when first seen, or when the fence was drawn
                meant = may_fish if kind == SEASON else rules.types[q, kind_of_ship]
                due = kind != EXIT and t - w[START] >= rules.hold_us[q]
                if w[TOLD] == NOT_TOLD and meant and due:
                    w[TOLD], w[TOLD_US] = IS_TOLD, t
                    n = _tell(told, n, TELL, t, w, r)
        v[LAST_US], v[OBS] = t, x.obs_id[i]
        at[LON], at[LAT] = x.lon[i], x.lat[i]
    if len(static_us):
        s = _take_static(s, static_us[-1], vessels, static_us, static_track, static_type)
    return row, h, s, count, free, n


@njit(cache=True, nogil=True)
def expire(
    first: int, from_us: int, until_us: int, vessels: np.ndarray, records: np.ndarray,
    reals: np.ndarray, count: int, free: int, fence_of: np.ndarray, kind_of: np.ndarray, z: Times,
    told: Told,
) -> tuple[int, int, int]:  # fmt: skip
    """End what is over by time alone; returns the next record, head of the unused, things told."""
    n = 0
    for e in range(first, count):
        if n >= len(told.kind):
            return e, free, n
        w = records[e]
        k = w[TRACK]
        if k < 0:
            continue
        over_us, end = until_us, w[END]
        if fence_of[w[RULE]] < 0:  # the fence was taken away
            over_us, end = from_us, w[END] if w[FALSE_US] > 0 else w[LAST_TRUE]
        elif w[FALSE_US] > 0:
            over_us = _over_us(w, kind_of[w[RULE]], vessels[k, LAST_US], z.clear_us)
        elif vessels[k, LAST_US] + z.lost_us < until_us:
            over_us, end = vessels[k, LAST_US] + z.lost_us, w[LAST_TRUE]
        if over_us >= until_us:
            continue
        if w[TOLD] == IS_TOLD:
            w[END] = end
            n = _tell(told, n, TELL_END, over_us, w, reals[e])
        free = _drop(vessels, records, e, free)
    return count, free, n
