"""What the loop keeps of vessels and of broken rules, and what it takes and gives: plain arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from littoral.schema.growing import grown

# Columns of `Vessels.whole` and `Vessels.real`.
LAST_US, FIRST_US, STATIC_US, TYPE, RING, NEW_RING, NEW_US, NEW_OBS, RECORD, OBS = range(10)
V_WHOLE = 10
LON, LAT = 0, 1
# Columns of `Records.whole`.
NEXT, RULE, TRACK, START, LAST_TRUE, FALSE_US, END, TOLD, TOLD_US = range(9)
OBS_BEFORE, OBS_FIRST, OBS_LAST = 9, 10, 11
R_WHOLE = 12
# Columns of `Records.real`.
R_LON, R_LAT, SPEED, MOST, LEAST = range(5)
R_REAL = 5
NOT_TOLD, IS_TOLD, QUIET = 0, 1, 2
TELL, TELL_END, TELL_RING = 0, 1, 2


@dataclass(slots=True)
class Vessels:
    """(capacity, ...) by track."""

    whole: np.ndarray
    real: np.ndarray

    @classmethod
    def empty(cls, capacity: int = 1024) -> Vessels:
        return cls(*_blank(capacity))

    def reserve(self, rows: int) -> None:
        have = len(self.whole)
        if rows > have:
            whole, real = _blank(max(rows, 2 * have) - have)
            self.whole = np.concatenate([self.whole, whole])
            self.real = np.concatenate([self.real, real])


def _blank(rows: int) -> tuple[np.ndarray, np.ndarray]:
    whole = np.zeros((rows, V_WHOLE), np.int64)
    whole[:, [TYPE, RING, NEW_RING, RECORD]] = -1
    return whole, np.full((rows, 2), np.nan)


@dataclass(slots=True)
class Records:
    """`whole` (n, R_WHOLE), `real` (n, R_REAL); unused rows hang in a list from `free`."""

    count: int = 0  # rows ever used
    free: int = -1
    whole: np.ndarray = field(default_factory=lambda: np.zeros((64, R_WHOLE), np.int64))
    real: np.ndarray = field(default_factory=lambda: np.zeros((64, R_REAL)))

    def reserve(self, more: int) -> None:
        if self.count + more > len(self.whole):
            rows = max(2 * len(self.whole), self.count + more)
            self.whole, self.real = grown(self.whole, rows), grown(self.real, rows)


class Fixes(NamedTuple):
    """Columns of a batch that the pass reads; shapes (n,)."""

    t_us: np.ndarray
    track: np.ndarray
    kind: np.ndarray
    flags: np.ndarray
    obs_id: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    sog: np.ndarray
    status: np.ndarray
    ring: np.ndarray


class Times(NamedTuple):
    """Settings in microseconds and m/s."""

    ring_hold_us: int
    identity_us: int
    clear_us: int
    max_gap_us: int
    lost_us: int
    update_us: int
    fishing_low_mps: float
    fishing_high_mps: float
    first_minute: int  # of the batch: `RuleArrays.closed` counts from it


class Told(NamedTuple):
    """Snapshots: what (TELL*), when, then a record (or a crossing of rings in its place)."""

    kind: np.ndarray
    t_us: np.ndarray
    whole: np.ndarray
    real: np.ndarray

    @classmethod
    def empty(cls, n: int) -> Told:
        return cls(
            np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros((n, R_WHOLE), np.int64),
            np.zeros((n, R_REAL)),
        )  # fmt: skip
