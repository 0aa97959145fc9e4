"""Track keeping as a pure step: observations of one slice in, the same with their tracks out."""

from __future__ import annotations

import numpy as np

from littoral.fuse import beacon
from littoral.fuse.attach import rehash
from littoral.fuse.columns import digests, last_rows, put
from littoral.fuse.kernel import (
    DONE,
    KEPT,
    NEEDS_SLOTS,
    NEEDS_TRACKS,
    SLOTS,
    TRACKS,
    walk,
)
from littoral.fuse.settings import DEFAULT, SECOND_US, FuseSettings
from littoral.fuse.state import FuseState
from littoral.schema.ais import Observations, Positions, Statics, Texts
from littoral.schema.columns import as_bytes
from littoral.schema.fleet import Fleet

# Static data of MMSIs without a position: so many rows are kept, so long (against a flood).
MOST_PENDING = 4096
PENDING_S = 24 * 3600

TEXTS_OF_STATIC = ("name", "call_sign", "destination", "eta")
NUMBERS_OF_STATIC = (
    "ship_type",
    "to_bow_m",
    "to_stern_m",
    "to_port_m",
    "to_starboard_m",
    "draught_m",
)


# Columns of positions, and of the fleet, which shows each track's last one.
SHOWN = (
    ("t_us", "last_us"),
    ("obs_id", "last_obs_id"),
    *(
        (name, name)
        for name in (
            "kind",
            "lon_deg",
            "lat_deg",
            "sog_mps",
            "cog_deg",
            "heading_deg",
            "rot_degpm",
            "nav_status",
            "ring",
            "flags",
            "station",
        )
    ),
)


def static_columns(rows: Statics | Fleet) -> tuple:
    """What `attach.merge_static` reads from a message and writes to the fleet."""
    return (
        rows.imo,
        *(as_bytes(getattr(rows, n)) for n in TEXTS_OF_STATIC),
        *(getattr(rows, n) for n in NUMBERS_OF_STATIC),
        rows.kind,
    )


def content_of(p: Positions) -> np.ndarray:
    """A 64-bit digest of what each report says; shape (n,), int64. Equal content, equal digest."""
    bits = np.uint32
    return digests(
        p.lon_deg.view(np.uint64), p.lat_deg.view(np.uint64), p.sog_mps.view(bits),
        p.cog_deg.view(bits), p.heading_deg.view(bits), p.rot_degpm.view(bits), p.nav_status,
        p.msg_type, p.fix.view(np.uint8),
    )  # fmt: skip


def step(
    state: FuseState,
    observations: Observations,
    from_us: int,
    until_us: int,
    settings: FuseSettings = DEFAULT,
    beacons: beacon.BeaconSettings = beacon.DEFAULT,
) -> tuple[FuseState, Positions, Statics, Texts, Positions]:
    """One slice, `from_us <= t_us < until_us`, each table sorted by (t_us, mmsi, obs_id).

    Returns the state, the positions that have coordinates, are no repeat and come from no base
    station, with `track` and FLAG_JUMP set; the static messages that changed what their track had
    said (or said it first); all texts; and last the positions of net beacons, which are in none of
    the others. The arrays of the input are not changed; the `track` of its static messages becomes
    a new one, since those that changed nothing are kept as rows too.
    """
    p, x = observations.positions, observations.texts
    s = Statics.concat([state.pending, observations.statics])
    keep, p_track, p_flags, s_track, s_keep, x_track = run(state, p, s, x, settings)
    changed = s_keep.view(np.bool_)
    apart = beacon.tell_apart(
        state.beacons, state.fleet, p, keep, p_track, p_flags, s_track[changed], beacons
    )
    if apart is None:
        positions = p.take(keep) if len(keep) < len(p) else p.take(slice(None))
        positions.track, positions.flags = p_track, p_flags
        adrift = Positions.empty()
    else:
        positions, adrift = (_part(p, keep, p_track, p_flags, index) for index in apart)
        beacon.show(state.beacons, state.fleet, adrift)
    flush(state.fleet, positions)
    state.pending = still_waiting(s.take(s_track < 0), until_us)
    observations.statics.track = s_track[len(s) - len(observations.statics) :]
    statics = s.take(changed)
    statics.track = s_track[changed]
    statics = beacon.statics_of_vessels(statics, state.beacons)
    texts = x.take(slice(None))
    texts.track = x_track
    return state, positions, statics, texts, adrift


def _part(
    p: Positions, keep: np.ndarray, track: np.ndarray, flags: np.ndarray, index: np.ndarray
) -> Positions:
    """The rows `keep[index]` of `p`, with their tracks and flags."""
    part = p.take(keep[index])
    part.track, part.flags = track[index], flags[index]
    return part


def run(
    state: FuseState, p: Positions, s: Statics, x: Texts, settings: FuseSettings
) -> tuple[np.ndarray, ...]:
    """Walks the slice, growing the tables when they are full."""
    limits = settings.array()
    s_track = np.full(len(s), -1, np.int32)
    s_keep = np.zeros(len(s), np.uint8)
    x_track = np.full(len(x), -1, np.int32)
    row = np.empty(len(p), np.int64)
    track = np.empty(len(p), np.int32)
    flags = np.empty(len(p), np.uint32)
    waiting = np.empty(len(s), np.int64)
    cursor = np.zeros(7, np.int64)
    cursor[TRACKS], cursor[SLOTS] = state.fleet.count, state.slots_used
    positions = (
        p.t_us, p.mmsi, p.station, p.kind, p.lon_deg, p.lat_deg, p.sog_mps, p.cog_deg,
        content_of(p), p.flags,
    )  # fmt: skip
    statics = (s.t_us, s.mmsi, s.obs_id, s.msg_type, static_columns(s), s_track, s_keep)
    while True:
        f = state.fleet
        status = walk(
            limits, cursor, state.place, state.alt, state.mark, state.slots,
            positions, statics, (x.t_us, x.mmsi, x_track), static_columns(f),
            (f.mmsi, f.first_us, f.stations.view(np.int64), f.static_us, f.static_obs_id),
            (row, track, flags), waiting,
        )  # fmt: skip
        f.count, state.slots_used = int(cursor[TRACKS]), int(cursor[SLOTS])
        if status == DONE:
            break
        if status == NEEDS_TRACKS:
            state.reserve(f.count + 1)
        elif status == NEEDS_SLOTS:
            state.slots = rehash(state.slots, 2 * len(state.slots))
    kept = int(cursor[KEPT])
    return row[:kept], track[:kept], flags[:kept], s_track, s_keep, x_track


def flush(fleet: Fleet, p: Positions) -> None:
    """The last position of each track of the slice becomes what the fleet shows of it."""
    if not len(p):
        return
    touched, rows = last_rows(p.track, fleet.positions)
    for told, shown in SHOWN:
        put(getattr(p, told), rows, getattr(fleet, shown), touched)


def still_waiting(s: Statics, until_us: int) -> Statics:
    """Static data that no track has taken yet: young enough, and so many at most."""
    young = s.t_us >= until_us - PENDING_S * SECOND_US
    return s.take(np.flatnonzero(young)[-MOST_PENDING:])
