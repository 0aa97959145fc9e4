"""Is this silence one to tell of? Over arrays of the tracks that are due."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from littoral.area.places import circle_array, circles_of
from littoral.area.world import World
from littoral.detect._silence.heard import is_still_heard
from littoral.detect._silence.outages import explained_us
from littoral.detect.gap.settings import GapSettings
from littoral.detect.gap.state import NEVER_US, GapState, heard_near
from littoral.schema.ais import CLASS_A, CLASS_B, FLAG_BAD_MMSI, FLAG_INLAND, FLAG_JUMP
from littoral.schema.batch import Batch
from littoral.schema.fleet import Fleet

SECOND_US = 1_000_000
# Moored, at anchor, aground (ITU-R M.1371-5 table 46).
STATIONARY_STATUS = (1, 5, 6)
FISHING_TYPE = 30
AGAIN_S = 300.0  # a silence that is not surprising yet is looked at again this often
DOUBTS = FLAG_BAD_MMSI | FLAG_INLAND | FLAG_JUMP


@dataclass(slots=True)
class Judgement:
    """Of the tracks `rows`, as of `at_us` each: shapes (n,). `next_us`: when to judge again, or
    NEVER_US; `tell`: raise the alert now. The rest are facts of those told of."""

    tell: np.ndarray
    next_us: np.ndarray
    effective_s: np.ndarray
    survival: np.ndarray  # NaN: reception is not known there
    share: np.ndarray  # NaN likewise
    per_day: np.ndarray  # NaN likewise
    shore_m: np.ndarray
    before: np.ndarray  # own positions in the before_s up to the last, counted as far as needed
    stationary: np.ndarray


def in_port(lon: np.ndarray, lat: np.ndarray, world: World) -> np.ndarray:
    """(n,) bool: within the radius of a port."""
    if not world.ports:
        return np.zeros(len(lon), np.bool_)
    return circles_of(circle_array(world.ports), lon, lat) >= 0


def needed_s(rows: np.ndarray, state: GapState, fleet: Fleet, s: GapSettings):
    """(seconds of silence that count, whether the vessel was stationary), shapes (n,)."""
    fishing = fleet.ship_type[rows] == FISHING_TYPE
    need = np.where(fleet.kind[rows] == CLASS_A, s.class_a_s, s.class_b_s)
    need = np.where(fishing, np.maximum(need, s.fishing_s), need)
    slow = fleet.sog_mps[rows] < s.stationary_mps
    stationary = slow | np.isin(fleet.nav_status[rows], STATIONARY_STATUS)
    need = np.where(stationary, np.maximum(need, s.stationary_s), need)
    own = state.mean[rows, 0] / np.maximum(state.mean[rows, 1], 1e-9)
    return np.maximum(need, s.own_means * own), stationary


def own_before(rows: np.ndarray, state: GapState, s: GapSettings) -> np.ndarray:
    """(n,) own positions in the `before_s` up to the last, that one and both ends included; no
    more than `before_positions` are counted."""
    since_us = state.last_us[rows] - round(s.before_s * SECOND_US)
    times = state.recent[rows]
    return ((times != 0) & (times >= since_us[:, np.newaxis])).sum(axis=1, dtype=np.int64)


def judge(
    rows: np.ndarray,
    at_us: np.ndarray,
    state: GapState,
    batch: Batch,
    fleet: Fleet,
    s: GapSettings,
    world: World,
) -> Judgement:
    """The tracks `rows`, silent since their last position, as of `at_us`; both (n,) int64."""
    n = len(rows)
    last_us, lon, lat = fleet.last_us[rows], fleet.lon_deg[rows], fleet.lat_deg[rows]
    kind = fleet.kind[rows]
    age_s = (last_us - fleet.first_us[rows]) / SECOND_US
    judged = (kind == CLASS_A) | (kind == CLASS_B)
    judged &= fleet.positions[rows] >= s.min_positions
    judged &= age_s >= s.min_age_s
    judged &= (fleet.flags[rows] & np.uint32(DOUBTS)) == 0
    judged &= ~is_still_heard(rows, fleet)
    if not s.ports_judged:
        judged &= ~in_port(lon, lat, world)
    before = own_before(rows, state, s)
    judged &= before >= s.before_positions
    need_s, stationary = needed_s(rows, state, fleet, s)
    explained = explained_us(
        fleet.stations[rows], state.main_of(rows, s.main_positions), last_us, at_us, batch.outages,
        len(world.stations),
    )  # fmt: skip
    effective_s = (at_us - last_us - explained) / SECOND_US
    per_day, survival, share = (np.full(n, np.nan) for _ in range(3))
    if world.reception is not None:
        per_day = np.asarray(world.reception.positions_per_day(lon, lat), np.float64)
        silent_s = np.maximum(effective_s, 0.0)
        survival = np.asarray(world.reception.survival(lon, lat, kind, silent_s), np.float64)
        share = np.asarray(world.reception.silent_share(lon, lat, kind, need_s), np.float64)
    unknown = np.isnan(survival)
    # Behind a long outage a vessel under way is no longer where it was last heard.
    unknown |= ~stationary & (explained > need_s * SECOND_US)
    if s.silent_share_max < 1.0:
        unknown |= np.isnan(share)
    survival, share = np.where(unknown, np.nan, survival), np.where(unknown, np.nan, share)
    judged &= np.isnan(per_day) | (per_day > s.min_per_day)
    if s.unknown_ring_max >= -1:
        ring = fleet.ring[rows]
        judged &= ~unknown | ((ring >= 0) & (ring <= s.unknown_ring_max))
    shore_m = np.full(n, np.nan)
    if judged.any():
        shore_m[judged] = world.coast.shore_distance_m(lon[judged], lat[judged])
    if s.off_shore_m > 0.0:
        state.not_evaluable += int((judged & np.isnan(shore_m)).sum())
        judged &= shore_m >= s.off_shore_m
    factor = np.ones(n)
    if s.alone_factor > 1.0:
        asked = np.flatnonzero(judged & unknown)
        since_us = last_us[asked] + (at_us[asked] - last_us[asked]) // 2
        near = heard_near(
            rows[asked], since_us, s.near_by_m, fleet.count, fleet.last_us, fleet.lon_deg,
            fleet.lat_deg,
        )  # fmt: skip
        factor[asked] = np.where(near, s.unknown_factor, s.alone_factor)
    short_s = need_s * factor - effective_s
    # Alone, somebody may yet be heard near by: then less silence is enough.
    sooner_s = need_s * s.unknown_factor - effective_s
    alone_s = np.where(sooner_s > 0.0, sooner_s, np.minimum(short_s, AGAIN_S))
    wait_s = np.where(factor == s.unknown_factor, short_s, alone_s)
    wait_s = np.where(factor == 1.0, short_s, wait_s)
    wait_s = np.where(short_s > 0.0, wait_s, AGAIN_S)
    again_us = at_us + np.ceil(wait_s * SECOND_US).astype(np.int64)
    long = effective_s >= need_s * s.unknown_factor
    surprising = survival <= np.where(long, s.weak_survival_max, s.survival_max)
    surprising &= np.isnan(share) | (share <= s.silent_share_max)
    surprising |= unknown
    tell = judged & (short_s <= 0.0) & surprising
    next_us = np.where(judged, again_us, NEVER_US)
    return Judgement(
        tell, next_us, effective_s, survival, share, per_day, shore_m, before, stationary
    )
