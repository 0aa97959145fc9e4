"""What the rule remembers: of each track, of each value that changed, of each IMO number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from littoral.area.anchorages import NEAR_COLUMNS
from littoral.detect.particulars.values import Value
from littoral.schema.growing import grown

SECOND_US = 1_000_000
NEVER_US = 2**62

NAME, CALL_SIGN, DRAUGHT, IMO = range(4)
CAME_BACK = 4  # no field: a track goes on from a closed one of its MMSI
FIELD_NAMES = ("name", "call_sign", "draught")

# Columns of `near` behind those of area.anchorages: the last position.
LON, LAT = NEAR_COLUMNS, NEAR_COLUMNS + 1
# Columns of `when`: event time of the last position (0: none), at sea since (NEVER_US: not), and 1
# once the track has been met.
LAST_US, SINCE_US, MET = range(3)
# A track is closed after so long (fuse): then the vessel is another track, if it is heard again.
CLOSED_US = 24 * 3600 * SECOND_US


class Began(NamedTuple):
    """A value is said for the first time, and where its vessel was."""

    value: Value
    shown: str  # as people read it
    t_us: int
    obs_id: int
    sea_us: int  # at sea for so long; -1: not at sea
    lon_deg: float
    lat_deg: float


class Line(NamedTuple):
    """A field of a track that has changed at least once. `left`: values settled before, and when
    each was left."""

    value: Value  # settled
    shown: str
    obs_id: int
    left: tuple[tuple[Value, int], ...] = ()
    new: Began | None = None


class Settled(NamedTuple):
    """A change for good, not told yet: the other of name and call sign may be changing too."""

    before: str
    before_obs_id: int
    began: Began


class Reflagged(NamedTuple):
    """An IMO number under another flag, until time has confirmed it."""

    track: int
    old: int
    imo: int
    t_us: int
    obs_id: int
    old_obs_id: int
    old_last_us: int
    old_sea_us: int
    lon_deg: float
    lat_deg: float


@dataclass(slots=True)
class ParticularsState:
    """Rows as in the fleet: near (capacity, 6), when (capacity, 3); what was said last: name
    (capacity, 34) and call_sign (capacity, 7) bytes, draught_m and imo (capacity,); obs (capacity,
    4), the messages that said it first. slots (2^k, 2) int32: IMO number and the track that said it
    last for the first time; mmsis likewise: MMSI and its latest track; tracks: rows met. lines: by
    (track, field); due: when to look at a line; half: by track and field, what waits for the
    other."""

    near: np.ndarray
    when: np.ndarray
    name: np.ndarray
    call_sign: np.ndarray
    draught_m: np.ndarray
    imo: np.ndarray
    obs: np.ndarray
    slots: np.ndarray
    mmsis: np.ndarray
    slots_used: int = 0
    tracks: int = 0
    lines: dict[tuple[int, int], Line] = field(default_factory=dict)
    due: dict[tuple[int, int], int] = field(default_factory=dict)
    half: dict[tuple[int, int], Settled] = field(default_factory=dict)
    flags: list[Reflagged] = field(default_factory=list)

    def reserve(self, rows: int) -> None:
        """Grow to the fleet's capacity `rows`."""
        if rows <= len(self.imo):
            return
        for name, fill in (
            ("near", 0.0), ("when", 0), ("name", 0), ("call_sign", 0), ("draught_m", np.nan),
            ("imo", -1), ("obs", 0),
        ):  # fmt: skip
            setattr(self, name, grown(getattr(self, name), rows, fill))


def empty() -> ParticularsState:
    def none(*width: int, dtype: type = np.int64) -> np.ndarray:
        return np.zeros((0, *width), dtype)

    return ParticularsState(
        near=none(NEAR_COLUMNS + 2, dtype=np.float64),
        when=none(3),
        name=none(34, dtype=np.uint8),
        call_sign=none(7, dtype=np.uint8),
        draught_m=none(dtype=np.float32),
        imo=none(dtype=np.int32),
        obs=none(4),
        slots=np.full((1024, 2), -1, np.int32),
        mmsis=np.full((1024, 2), -1, np.int32),
    )
