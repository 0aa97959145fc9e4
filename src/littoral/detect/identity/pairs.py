"""Tracks that belong together: two at once under one MMSI, or one that goes on under another."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import flat_m
from littoral.detect.identity.settings import IdentitySettings
from littoral.detect.identity.state import IdentityState
from littoral.schema.ais import FLAG_BAD_MMSI
from littoral.schema.fleet import Fleet

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US


def new_pairs(state: IdentityState, fleet: Fleet) -> None:
    """Each new track with every other of its MMSI that has been heard in the last day."""
    new = np.arange(state.tracks, fleet.count)
    if not len(new):
        return
    mmsi = fleet.mmsi[: fleet.count]
    order = np.argsort(mmsi, kind="stable")
    in_order = mmsi[order]
    first = np.searchsorted(in_order, mmsi[new], side="left")
    beyond = np.searchsorted(in_order, mmsi[new], side="right")
    found = [
        (int(other), int(k))
        for k, a, b in zip(new[beyond - first > 1], first[beyond - first > 1],
                           beyond[beyond - first > 1], strict=True)
        for other in order[a:b]
        if other < k and fleet.last_us[other] > fleet.first_us[k] - DAY_US
    ]  # fmt: skip
    if found:
        state.pairs = np.concatenate([state.pairs, np.array(found, np.int64)])


def clashing(state: IdentityState, fleet: Fleet, until_us: int, s: IdentitySettings) -> np.ndarray:
    """(m, 2) tracks of one MMSI that have both been heard enough, over the same time, and lately.
    An MMSI that is none (all nines, a default) clashes by its nature and is left to `bad_mmsi`."""
    if not len(state.pairs):
        return state.pairs
    a, b = state.pairs[:, 0], state.pairs[:, 1]
    lately_us = until_us - int(s.quiet_s * SECOND_US)
    live = (fleet.last_us[a] >= lately_us) & (fleet.last_us[b] >= lately_us)
    heard = np.minimum(fleet.positions[a], fleet.positions[b]) >= s.clash_positions
    begin = np.maximum(fleet.first_us[a], fleet.first_us[b])
    overlap_s = (np.minimum(fleet.last_us[a], fleet.last_us[b]) - begin) / SECOND_US
    bad = (fleet.flags[a] & np.uint32(FLAG_BAD_MMSI)) != 0
    clash = live & heard & (overlap_s >= s.clash_overlap_s) & ~bad
    stale = np.minimum(fleet.last_us[a], fleet.last_us[b]) < until_us - DAY_US
    found = state.pairs[clash]
    state.pairs = state.pairs[~stale]
    return found


@njit(cache=True, nogil=True)
def goes_on(
    row, p_t, p_mmsi, p_lon, p_lat, p_sog, p_cog, count, f_mmsi, f_last_us, f_positions, f_lon,
    f_lat, f_sog, f_cog, f_kind, p_kind, gap_us, base_m, mps, min_mps, speed_mps, course_deg,
    old_positions,
):  # fmt: skip
    """(track, metres beside dead reckoning) of the track of another MMSI that position `row` best
    goes on from, or (-1, NaN)."""
    t, lon, lat, sog, cog = p_t[row], p_lon[row], p_lat[row], p_sog[row], p_cog[row]
    best, best_m = -1, math.nan
    if not sog >= min_mps or math.isnan(cog):
        return best, best_m
    for k in range(count):
        if not (t - gap_us <= f_last_us[k] < t) or f_mmsi[k] == p_mmsi[row]:
            continue
        if f_positions[k] < old_positions or f_kind[k] != p_kind[row]:
            continue
        if not f_sog[k] >= min_mps or not abs(f_sog[k] - sog) < speed_mps:
            continue
        turn = abs((f_cog[k] - cog + 540.0) % 360.0 - 180.0)
        if not turn < course_deg:
            continue
        dt_s = (t - f_last_us[k]) * 1e-6
        east, north = flat_m(f_lon[k], f_lat[k], lon, lat)
        mean = 0.5 * (f_sog[k] + sog)
        # Along the mean of both courses: a steady turn is met half-way.
        middle = math.radians(f_cog[k] + 0.5 * ((cog - f_cog[k] + 540.0) % 360.0 - 180.0))
        miss = math.hypot(
            east - mean * dt_s * math.sin(middle), north - mean * dt_s * math.cos(middle)
        )
        if miss <= base_m + mps * dt_s and not miss >= best_m:
            best, best_m = k, miss
    return best, best_m


def same_ship(new: int, old: int, fleet: Fleet, s: IdentitySettings) -> str | None:
    """What the two tracks' static data says: "same" with an equal name, call sign or IMO number,
    "fits" when nothing contradicts, None when the lengths or types do."""
    lengths = fleet.length_m(new), fleet.length_m(old)
    if abs(lengths[0] - lengths[1]) > s.change_length_m:  # NaN compares false: not told
        return None
    types = int(fleet.ship_type[new]), int(fleet.ship_type[old])
    if min(types) >= 0 and types[0] // 10 != types[1] // 10:
        return None
    for name in ("name", "call_sign"):
        values = getattr(fleet, name)[new], getattr(fleet, name)[old]
        if values[0] and values[0] == values[1]:
            return "same"
    if fleet.imo[new] > 0 and fleet.imo[new] == fleet.imo[old]:
        return "same"
    return "fits"


def together(imo: int, track: int, t_us: int, fleet: Fleet, s: IdentitySettings) -> list[int]:
    """Tracks of other MMSIs that claim `imo` and have been heard within `together_s` of `t_us`."""
    n = fleet.count
    rows = np.flatnonzero(
        (fleet.imo[:n] == imo)
        & (fleet.mmsi[:n] != fleet.mmsi[track])
        & (fleet.last_us[:n] >= t_us - int(s.together_s * SECOND_US))
    )
    return rows.tolist()
