"""Net beacons told apart from vessels, slice by slice: after the tracks, before the detectors."""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.fuse.beacon.motion import decide, follow, forms_of_new
from littoral.fuse.beacon.name import battery_code
from littoral.fuse.beacon.settings import BeaconSettings, limits_of
from littoral.fuse.beacon.state import MOVING, NONE, BeaconState
from littoral.schema.ais import Positions, Statics
from littoral.schema.columns import as_bytes
from littoral.schema.fleet import GEAR_NAME, Fleet


@njit(cache=True, nogil=True)
def names_of_changed(tracks, names, gear):
    """Notes GEAR_NAME of tracks whose static data changed; returns those that have it."""
    found = np.empty(len(tracks), np.int64)
    n = 0
    for i in range(len(tracks)):
        k = tracks[i]
        if battery_code(names[k])[0] != 0:
            gear[k] |= GEAR_NAME
            found[n] = k
            n += 1
        else:
            gear[k] &= ~GEAR_NAME
    return found[:n]


@njit(cache=True, nogil=True)
def split(p_track, row_of, aside):
    """Indices of the positions that detectors see, and of those of tracks whose row is `aside`."""
    seen = np.empty(len(p_track), np.int64)
    out = np.empty(len(p_track), np.int64)
    n = 0
    for i in range(len(p_track)):
        r = row_of[p_track[i]]
        if r != NONE and aside[r]:
            out[i - n] = i
        else:
            seen[n] = i
            n += 1
    return seen[:n], out[: len(p_track) - n]


def tell_apart(
    state: BeaconState,
    fleet: Fleet,
    p: Positions,
    row: np.ndarray,
    track: np.ndarray,
    flags: np.ndarray,
    changed: np.ndarray,
    settings: BeaconSettings,
) -> tuple[np.ndarray, np.ndarray] | None:
    """Of the rows `row` of `p`, on tracks `track` with `flags`: indices of those that detectors
    see, and of those of net beacons; None when none is. `changed`: tracks whose static data
    changed, in the fleet already.

    Brings `fleet.gear` up to date, and the rows of beacons that turned out to be vessels to where
    they are; to be called before the slice is flushed."""
    state.cover(fleet.count)
    if fleet.count > state.known:
        state.add(forms_of_new(state.known, track, p.mmsi, p.kind, flags, row, fleet.gear))
        state.known = fleet.count
    if len(changed):
        state.add(names_of_changed(changed, as_bytes(fleet.name), fleet.gear))
    if not state.count:
        return None
    touched = np.zeros(state.count, np.uint8)
    limits = limits_of(settings)
    follow(
        limits, state.row_of, state.moved, touched, track, flags, row,
        p.t_us, p.kind, p.lon_deg, p.lat_deg, p.sog_mps, p.nav_status,
    )  # fmt: skip
    rows = state.row_of[changed]
    touched[rows[rows != NONE]] = 1
    back = decide(
        limits, touched, state.track, state.moved, state.aside, fleet.gear, fleet.positions,
        fleet.ship_type, fleet.to_bow_m, fleet.to_stern_m, fleet.imo,
    )  # fmt: skip
    _give_back(state, fleet, back)
    if not state.aside[: state.count].any():
        return None
    seen, out = split(track, state.row_of, state.aside)
    return (seen, out) if len(out) else None


def _give_back(state: BeaconState, fleet: Fleet, rows: np.ndarray) -> None:
    """Beacons that are vessels now stand in the fleet as they were last shown."""
    tracks = state.track[rows]
    newer = state.shown["last_us"][rows] > fleet.last_us[tracks]
    for name in MOVING:
        getattr(fleet, name)[tracks[newer]] = state.shown[name][rows[newer]]


def show(state: BeaconState, fleet: Fleet, beacons: Positions) -> None:
    """The last position of each beacon of the slice becomes what is shown of it."""
    rows = state.row_of[beacons.track]
    last = np.full(state.count, -1, np.int64)
    last[rows] = np.arange(len(beacons))  # the last write of an equal index stays
    moved = np.flatnonzero(last >= 0)
    before = np.maximum(state.shown["positions"][moved], fleet.positions[state.track[moved]])
    heard = np.bincount(rows, minlength=state.count)[moved]
    state.shown["positions"][moved] = before + heard
    state.shown["last_us"][moved] = beacons.t_us[last[moved]]
    state.shown["last_obs_id"][moved] = beacons.obs_id[last[moved]]
    for name in MOVING[3:]:
        state.shown[name][moved] = getattr(beacons, name)[last[moved]]


def statics_of_vessels(statics: Statics, state: BeaconState) -> Statics:
    """Those that detectors see; one without a track is of nobody yet and stays."""
    rows = np.where(statics.track >= 0, state.row_of[statics.track], NONE)
    aside = (rows != NONE) & state.aside[rows] if state.count else np.zeros(len(rows), np.bool_)
    return statics.take(~aside) if aside.any() else statics
