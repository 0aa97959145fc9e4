"""What the identity rule remembers, and its loops over positions and static data (compiled)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.geodesy import haversine_m
from littoral.schema.ais import FLAG_JUMP
from littoral.schema.growing import grown
from littoral.schema.imo import imo_state

# Fields that can flip, columns of `now`, `before`, `flips`, `flips_us`.
NAME, CALL_SIGN, SIZE = range(3)
FIELD_NAMES = ("name", "call_sign", "dimensions")

# What `read_statics` tells: (event, row of the batch, field).
BAD_IMO, NEW_IMO, FLIP = range(3)


class Going(NamedTuple):
    """An alert that goes on: what its next version says."""

    kind: str
    things: tuple[str, ...]
    start_us: int
    last_us: int  # event time of the last thing of its cause
    lon_deg: float
    lat_deg: float
    priority: int
    times: int  # how much of it has come
    told: int  # `times` when last told
    facts: tuple[tuple[str, float | int | str], ...]
    evidence: tuple[int, ...]
    tracks: tuple[int, ...]  # two or more: it goes on as long as two of them are heard


@dataclass(slots=True)
class IdentityState:
    """Rows as in the fleet. last (capacity, 2): lon and lat, last_us and last_obs (capacity,): of
    each track's last position; told: bits TOLD_*; imo: the number last judged; now and before
    (capacity, 3): digests of the static data said last and before that; flips and flips_us: goings
    back and when the first of them was. pairs (m, 2): tracks of one MMSI that may clash; waiting
    (m, 5): new track, old track, its last_us, event time when the exchange is confirmed, miss in m.
    open: alerts that go on, by "<kind> <track, MMSI or IMO>"; flipped: what a track that flips said
    before, by "<track> <field>"."""

    last: np.ndarray
    last_us: np.ndarray
    last_obs: np.ndarray
    told: np.ndarray
    imo: np.ndarray
    now: np.ndarray
    before: np.ndarray
    flips: np.ndarray
    flips_us: np.ndarray
    pairs: np.ndarray
    waiting: np.ndarray
    tracks: int = 0
    begin_us: int = 0
    open: dict[str, Going] = field(default_factory=dict)
    flipped: dict[str, str] = field(default_factory=dict)

    def reserve(self, rows: int) -> None:
        """Grow to the fleet's capacity `rows`."""
        if rows <= len(self.last_us):
            return
        for name in (
            "last", "last_us", "last_obs", "told", "imo", "now", "before", "flips", "flips_us",
        ):  # fmt: skip
            setattr(self, name, grown(getattr(self, name), rows))


TOLD_BAD_MMSI = 1


def empty() -> IdentityState:
    def none(*width: int, dtype: type = np.int64) -> np.ndarray:
        return np.zeros((0, *width), dtype)

    return IdentityState(
        last=none(2, dtype=np.float64),
        last_us=none(),
        last_obs=none(),
        told=none(dtype=np.uint8),
        imo=none(dtype=np.int32),
        now=none(3),
        before=none(3),
        flips=none(3, dtype=np.int16),
        flips_us=none(3),
        pairs=none(2),
        waiting=none(5),
    )


@njit(cache=True, nogil=True)
def read_positions(track, t_us, obs, lon, lat, flags, last, last_us, last_obs, jumps, whole, real):
    """Follows each track. Jumps of at least `jumps` metres go to `whole` (row, track, obs_id
    before, microseconds since) and `real` (metres); the rows of first positions to the first
    column of `whole`, from its end. Returns (jumps, first positions)."""
    n, firsts = 0, 0
    for i in range(len(track)):
        k = track[i]
        if last_us[k] == 0:
            firsts += 1
            whole[len(whole) - firsts, 0] = i
        elif flags[i] & np.uint32(FLAG_JUMP):
            far = haversine_m(last[k, 0], last[k, 1], lon[i], lat[i])
            if far >= jumps:
                whole[n, 0], whole[n, 1], whole[n, 2] = i, k, last_obs[k]
                whole[n, 3] = t_us[i] - last_us[k]
                real[n] = far
                n += 1
        last[k, 0], last[k, 1] = lon[i], lat[i]
        last_us[k], last_obs[k] = t_us[i], obs[i]
    return n, firsts


@njit(cache=True, nogil=True)
def digest(text):
    """FNV-1a over the bytes of a row; 0 for an empty text."""
    if text[0] == 0:
        return 0
    h = np.uint64(0xCBF29CE484222325)
    for c in text:
        h = (h ^ np.uint64(c)) * np.uint64(0x100000001B3)
    return np.int64(h >> np.uint64(1)) | 1


@njit(cache=True, nogil=True)
def size_digest(bow, stern, port, starboard):
    """0 where no size is told."""
    if math.isnan(bow) or math.isnan(stern):
        return 0
    d = np.int64(bow) * 512 + np.int64(stern)
    if not math.isnan(port) and not math.isnan(starboard):
        d = (d * 64 + np.int64(port)) * 64 + np.int64(starboard)
    return d * 2 + 1


@njit(cache=True, nogil=True)
def read_statics(
    track, t_us, imo, name, call_sign, bow, stern, port, starboard,
    s_imo, now, before, flips, flips_us, window_us, out,
):  # fmt: skip
    """Static messages in order; what they show goes to `out` (event, row, field, goings back within
    `window_us`). Returns how many."""
    n = 0
    said = np.zeros(3, np.int64)
    for i in range(len(track)):
        k = track[i]
        if k < 0:
            continue
        if imo[i] > 0 and imo[i] != s_imo[k]:
            s_imo[k] = imo[i]
            state = imo_state(imo[i])
            if state >= 0:
                out[n, 0], out[n, 1] = (BAD_IMO if state == 0 else NEW_IMO), i
                n += 1
        said[NAME] = digest(name[i])
        said[CALL_SIGN] = digest(call_sign[i])
        said[SIZE] = size_digest(bow[i], stern[i], port[i], starboard[i])
        for f in range(3):
            if said[f] == 0 or said[f] == now[k, f]:
                continue
            if said[f] == before[k, f]:
                if t_us[i] - flips_us[k, f] > window_us:
                    flips[k, f] = 0
                    flips_us[k, f] = t_us[i]
                flips[k, f] += 1
                out[n, 0], out[n, 1], out[n, 2], out[n, 3] = FLIP, i, f, flips[k, f]
                n += 1
            before[k, f] = now[k, f]
            now[k, f] = said[f]
    return n
