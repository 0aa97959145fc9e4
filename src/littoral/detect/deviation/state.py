"""What the rule remembers of each ship that it judges.

Only merchant and passenger ships have a row (`slot`): most of what is heard is neither, and the
engine copies the state whenever it looks ahead.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from littoral.schema.growing import grown

# Runs of a ship: what must last. AWAY is no run but is told of in the same way.
ROUTE, SLOW, FAST, ELSEWHERE = range(4)
RUNS = 4
AWAY = 4
# Columns of `whole` (n, RUNS, 6): first and latest hit, their observations, when it is told of
# next (0: not told of yet), whether a report without a hit came since.
START, LAST, FIRST_OBS, LAST_OBS, NEXT, MISSED = range(6)
WHOLE = 6
# Columns of `real` (n, RUNS, 4): at the latest hit, and the furthest that it went with its limit.
LON, LAT, WORST, LIMIT = range(4)
REAL = 4
# Columns of `goal` (n, GOAL): row of the destination (-1 none), observation that said so, phase,
# moment of the least distance and its observation, when it is told of again (not above 0: it is
# not), when its distance was taken last and by which observation.
PLACE, SAID_OBS, PHASE, NEAR_US, NEAR_OBS, GOAL_NEXT, GOAL_LAST, GOAL_OBS = range(8)
GOAL = 8
# Columns of `miles` (n, MILES): greatest distance before setting out, least distance, latest one,
# where the destination was first reported, where the ship was last.
FAR_M, NEAR_M, NOW_M, FROM_LON, FROM_LAT, AT_LON, AT_LAT = range(7)
MILES = 7
NEVER_US = 2**62
WAITING, SET_OUT, GONE, ARRIVED = range(4)  # phases


@dataclass(slots=True)
class DeviationState:
    """`slot` (capacity,) int32: a track's row in the others, -1 none; `track` (rows,) the other way
    round; `open` (rows,) how many of its deviations are told of and go on; `running` (rows,) which
    runs have begun, bit by bit; `sample_us` (rows,) when its distance from its destination is
    taken next."""

    count: int = 0
    slot: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    track: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    open: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int8))
    running: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int8))
    sample_us: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    whole: np.ndarray = field(default_factory=lambda: np.zeros((0, RUNS, WHOLE), np.int64))
    real: np.ndarray = field(default_factory=lambda: np.zeros((0, RUNS, REAL)))
    goal: np.ndarray = field(default_factory=lambda: np.zeros((0, GOAL), np.int64))
    miles: np.ndarray = field(default_factory=lambda: np.zeros((0, MILES)))

    def reserve_tracks(self, capacity: int) -> None:
        if capacity > len(self.slot):
            self.slot = grown(self.slot, capacity, -1)

    def reserve_rows(self, rows: int) -> None:
        """Room for `rows` ships in all; the new ones have nothing to remember."""
        if rows <= len(self.track):
            return
        rows = max(rows, 2 * len(self.track), 64)
        for name, fill in (
            ("track", 0), ("open", 0), ("running", 0), ("sample_us", NEVER_US), ("whole", 0),
            ("real", np.nan), ("goal", -1), ("miles", np.nan),
        ):  # fmt: skip
            setattr(self, name, grown(getattr(self, name), rows, fill))
