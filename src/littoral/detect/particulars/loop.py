"""Positions and static data in order of time: who is at sea since when, and what is said anew
(compiled)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.anchorages import AnchorageIndex, is_as_before, nearest_at, note_measured
from littoral.detect.particulars.state import (
    CALL_SIGN,
    CAME_BACK,
    CLOSED_US,
    DRAUGHT,
    IMO,
    LAST_US,
    LAT,
    LON,
    MET,
    NAME,
    NEVER_US,
    SINCE_US,
)
from littoral.schema.ais import CLASS_B, FLAG_JUMP, FLAG_TIME_OFF
from littoral.schema.imo import imo_state

_SKIP = np.uint32(FLAG_JUMP | FLAG_TIME_OFF)

# Columns of what is said anew, int64: field, row of the static data (CAME_BACK: the track), how
# long at sea (-1: not), message that said the value before, and for an IMO number the track that
# said it before, when that was last heard and how long it had been at sea then.
FIELD, ROW, SEA_US, OBS_BEFORE, OLD, OLD_LAST_US, OLD_SEA_US = range(7)
NEW_COLUMNS = 7
# Columns of the places beside it, float64: where the vessel was, and the draught before.
NEW_LON, NEW_LAT, DRAUGHT_BEFORE = range(3)


@njit(cache=True, nogil=True)
def slot_of(slots: np.ndarray, number: int) -> int:
    """Slot of an IMO number or MMSI, or the empty one where it would go. The table is never
    full."""
    mask = len(slots) - 1
    h = (np.uint64(number) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
    k = np.int64(h & np.uint64(mask))
    while slots[k, 0] != -1 and slots[k, 0] != number:
        k = (k + 1) & mask
    return int(k)


@njit(cache=True, nogil=True)
def rehashed(slots: np.ndarray, size: int) -> np.ndarray:
    """The table with `size` slots (a power of two)."""
    grown = np.full((size, 2), -1, np.int32)
    for i in range(len(slots)):
        if slots[i, 0] != -1:
            k = slot_of(grown, slots[i, 0])
            grown[k, 0], grown[k, 1] = slots[i, 0], slots[i, 1]
    return grown


@njit(cache=True, nogil=True)
def _sea_us(when, k: int, t_us: int, unheard_us: int) -> int:
    """How long track `k` has been at sea at `t_us`; -1 when it is not."""
    if when[k, LAST_US] == 0 or when[k, SINCE_US] == NEVER_US:
        return -1
    if t_us - when[k, LAST_US] > unheard_us:
        return 0
    return max(0, t_us - when[k, SINCE_US])


@njit(cache=True, nogil=True)
def _meet(when, mmsis, mmsi, known, obs, k: int, t_us: int) -> int:
    """Track `k` is met for the first time: the closed track of its MMSI from which it goes on, with
    what that has said, else -1."""
    when[k, MET] = 1
    at = slot_of(mmsis, mmsi[k])
    old = mmsis[at, 1]
    mmsis[at, 0], mmsis[at, 1] = mmsi[k], k
    if old < 0 or when[old, LAST_US] + CLOSED_US > t_us:
        return -1
    (k_name, k_call, k_draught, k_imo) = known
    k_name[k], k_call[k] = k_name[old], k_call[old]
    k_draught[k], k_imo[k], obs[k] = k_draught[old], k_imo[old], obs[old]
    return old


@njit(cache=True, nogil=True)
def _measure(near, when, index, k, t_us, lon, lat, call_m, unheard_us) -> None:
    """A position of track `k` where it may have come to a port or left it."""
    away_m = nearest_at(index, lon, lat)[1]
    note_measured(near, k, lon, lat, abs(away_m - call_m))
    if away_m <= call_m:
        when[k, SINCE_US] = NEVER_US
    elif (
        when[k, LAST_US] == 0
        or when[k, SINCE_US] == NEVER_US
        or t_us - when[k, LAST_US] > unheard_us
    ):
        when[k, SINCE_US] = t_us
    when[k, LAST_US] = t_us
    near[k, LON], near[k, LAT] = lon, lat


@njit(cache=True, nogil=True)
def _came_back(when, mmsis, mmsi, known, obs, k: int, t_us: int, out, n: int) -> int:
    old = _meet(when, mmsis, mmsi, known, obs, k, t_us)
    if old < 0:
        return n
    out[n, :] = 0
    out[n, FIELD], out[n, ROW], out[n, OLD] = CAME_BACK, k, old
    return n + 1


@njit(cache=True, nogil=True)
def _take_text(said, j: int, known, k: int) -> int:
    """0 nothing new, 1 said for the first time, 2 another text than before."""
    if said[j, 0] == 0:
        return 0
    same = True
    for c in range(known.shape[1]):
        if said[j, c] != known[k, c]:
            same = False
    if same:
        return 0
    return 1 if known[k, 0] == 0 else 2


@njit(cache=True, nogil=True)
def read(
    index: AnchorageIndex, call_m: float, unheard_us: int, apart_us: int, near, when,
    positions, statics, known, obs, slots, slots_used: int, mmsis, mmsi, out, texts, reals,
) -> tuple[int, int]:  # fmt: skip
    """Takes all positions and static rows of a slice, at equal times the position first. What is
    said anew goes to `out` (rows, NEW_COLUMNS), the text before to `texts`, numbers to `reals`;
    there is room for four a static row and one a new track. `known` is what each track has said.
    Returns (rows written, slots in use)."""
    (p_t, p_track, p_kind, p_flags, p_lon, p_lat) = positions
    (s_t, s_track, s_type, s_obs, s_name, s_call, s_draught, s_imo) = statics
    (k_name, k_call, k_draught, k_imo) = known
    n, i = 0, 0
    for j in range(len(s_t) + 1):
        until_us = s_t[j] if j < len(s_t) else NEVER_US
        while i < len(p_t) and p_t[i] <= until_us:
            if p_kind[i] <= CLASS_B and not p_flags[i] & _SKIP:
                k, t = p_track[i], p_t[i]
                if when[k, LAST_US] != 0 and is_as_before(near, k, p_lon[i], p_lat[i]):
                    # Nearly all of them; a call with so many arrays costs more.
                    if t - when[k, LAST_US] > unheard_us and when[k, SINCE_US] != NEVER_US:
                        when[k, SINCE_US] = t
                    when[k, LAST_US] = t
                    near[k, LON], near[k, LAT] = p_lon[i], p_lat[i]
                else:
                    if when[k, MET] == 0:
                        n = _came_back(when, mmsis, mmsi, known, obs, k, t, out, n)
                    _measure(near, when, index, k, t, p_lon[i], p_lat[i], call_m, unheard_us)
            i += 1
        if j == len(s_t):
            break
        k = s_track[j]
        if k < 0 or s_type[j] == 21:
            continue
        if when[k, MET] == 0:
            n = _came_back(when, mmsis, mmsi, known, obs, k, s_t[j], out, n)
        for f in range(4):
            new, old, old_last_us, old_sea_us = False, -1, 0, -1
            if f == NAME:
                what = _take_text(s_name, j, k_name, k)
                new = what == 2
                if new:
                    texts[n, :] = k_name[k]
                if what:
                    k_name[k] = s_name[j]
            elif f == CALL_SIGN:
                what = _take_text(s_call, j, k_call, k)
                new = what == 2
                if new:
                    texts[n, :] = 0
                    texts[n, : k_call.shape[1]] = k_call[k]
                if what:
                    k_call[k] = s_call[j]
            elif f == DRAUGHT:
                what = not math.isnan(s_draught[j]) and s_draught[j] != k_draught[k]
                new = what and not math.isnan(k_draught[k])
                reals[n, DRAUGHT_BEFORE] = k_draught[k]
                if what:
                    k_draught[k] = s_draught[j]
            else:
                what = s_imo[j] > 0 and s_imo[j] != k_imo[k]
                if what:
                    k_imo[k] = s_imo[j]
                if what and imo_state(s_imo[j]) == 1:
                    at = slot_of(slots, s_imo[j])
                    if slots[at, 0] == -1:
                        slots[at, 0] = s_imo[j]
                        slots_used += 1
                    else:
                        old = slots[at, 1]
                        old_last_us = when[old, LAST_US]
                        old_sea_us = _sea_us(when, old, old_last_us, unheard_us)
                        new = mmsi[old] != mmsi[k] and s_t[j] - old_last_us >= apart_us
                    slots[at, 1] = k
            if new:
                out[n, FIELD], out[n, ROW] = f, j
                out[n, SEA_US] = _sea_us(when, k, s_t[j], unheard_us)
                out[n, OBS_BEFORE] = obs[k, f] if f != IMO else obs[old, f]
                out[n, OLD], out[n, OLD_LAST_US], out[n, OLD_SEA_US] = old, old_last_us, old_sea_us
                reals[n, NEW_LON], reals[n, NEW_LAT] = near[k, LON], near[k, LAT]
                n += 1
            if what:
                obs[k, f] = s_obs[j]
    return n, slots_used
