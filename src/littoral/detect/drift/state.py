"""What the rule keeps of each track, and how its loops say what they found."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.detect._ticks.fixes import COLUMNS
from littoral.schema.growing import grown

# Columns of `DriftState.run`: the run of drifting steps: its first tick (0: none), the place there,
# its metres, its last tick with place and status, when it was last told of.
RUN_US, RUN_LON, RUN_LAT, WAY_M = range(4)
GOOD_US, GOOD_LON, GOOD_LAT, GOOD_STATUS, TOLD_US = range(4, 9)
RUN_COLUMNS = 9

# Columns of `DriftState.lie`. Lies at anchor since (0: not), the place then; since when it is out
# of the circle, since when it is still, the last tick, when last told of; whether it was asked
# about; the extent of its places along four directions, least and greatest, in metres from there.
LIE_US, LIE_LON, LIE_LAT, OUT_US, STILL_US, SEEN_US, DRAG_TOLD_US, ASKED = range(8)
LEAST, GREATEST = 8, 12
LIE_COLUMNS = 16

EVIDENCE = 8  # observations kept of each: the first and the latest
ASK, AGAIN, END = 0, 1, 2
DRIFTING, DRAGGING = 0, 1
# Columns of what is said: kind, ASK or AGAIN or END, track; and in numbers.
SAID_KIND, SAID_WHAT, SAID_TRACK = range(3)
AT_US, START_US, LAST_US, LON, LAT, METRES, SPEED_MPS, COURSE_DEG, STATUS = range(9)


@dataclass(slots=True)
class DriftState:
    """Rows as in the fleet: fix (n, 8), see `_ticks`; pending (n,): the last tick is not settled;
    run (n, 9), lie (n, 16), see the columns; busy (n, 2): a run of drifting goes on, it lies at
    anchor; obs (n, 2, 9), of drifting and of dragging, and how many came; told (n, 2), whether an
    alert of either is open; urgency (n,), the priority with which a drift was last told of."""

    fix: np.ndarray = field(default_factory=lambda: np.zeros((0, COLUMNS)))
    pending: np.ndarray = field(default_factory=lambda: np.zeros(0, np.bool_))
    run: np.ndarray = field(default_factory=lambda: np.zeros((0, RUN_COLUMNS)))
    lie: np.ndarray = field(default_factory=lambda: np.zeros((0, LIE_COLUMNS)))
    busy: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.bool_))
    obs: np.ndarray = field(default_factory=lambda: np.zeros((0, 2, EVIDENCE + 1), np.int64))
    told: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.bool_))
    urgency: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int8))

    def reserve(self, rows: int) -> None:
        if rows > len(self.fix):
            rows = max(rows, 2 * len(self.fix))
            for f in fields(self):
                setattr(self, f.name, grown(getattr(self, f.name), rows))


class Tables(NamedTuple):
    """`DriftState` as the loops take it."""

    fix: np.ndarray
    pending: np.ndarray
    run: np.ndarray
    lie: np.ndarray
    busy: np.ndarray
    obs: np.ndarray
    told: np.ndarray


class Limits(NamedTuple):
    """Settings as the loops take them."""

    tick_us: int
    gap_us: int
    least_mps: float
    most_mps: float
    across_deg: float
    hold_us: int
    net_m: float
    resume_us: int
    still_mps: float
    settle_us: int
    way_mps: float
    cable_m: float
    bow_m: float
    out_us: int
    update_us: int


class Said(NamedTuple):
    """What the loops have to say, in order: whole (n, 3), real (n, 9)."""

    whole: np.ndarray
    real: np.ndarray

    @classmethod
    def empty(cls, n: int) -> Said:
        return cls(np.empty((n, 3), np.int64), np.empty((n, 9)))


@njit(cache=True, nogil=True)
def keep_obs(obs: np.ndarray, k: int, kind: int, obs_id: int, fresh: bool) -> None:
    """Keep an observation among the first and the latest of a run; the last cell counts them."""
    if fresh:
        obs[k, kind] = 0
    half = EVIDENCE // 2
    count = obs[k, kind, EVIDENCE]
    obs[k, kind, count if count < half else half + count % half] = obs_id
    obs[k, kind, EVIDENCE] = count + 1
