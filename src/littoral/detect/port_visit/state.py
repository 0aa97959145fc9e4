"""What the rule remembers of each track."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from littoral.area.anchorages import NEAR_COLUMNS
from littoral.schema.growing import grown

SECOND_US = 1_000_000
NEVER_US = 2**62
# A track is closed after so long (fuse): then the vessel is another track, if it is heard again.
CLOSED_US = 24 * 3600 * SECOND_US

# Columns of `mark`, int64.
(
    WHERE,  # UNKNOWN, AT_SEA, IN_PORT
    LAST_US,  # event time of the last report, while in port
    BITS,  # of the visit, HAS_*, and of the stop and silence that go on
    STOP_US,  # beginning of the stop that goes on; 0: under way
    BEGIN_US,  # first event of the visit; 0: none yet
    TOLD,  # confidence last told; 0: not yet
    STOPS,
    STOPPED_US,  # sum over the stops that are over
    GAPS,
    POINT,  # row of the anchorage point that names the visit; -1: none yet
    POINT_RANK,  # from what: 0 nothing, 1 entry or exit, 2 gap, 3 stop
    THING,  # track that the finding is about: an earlier one, where the MMSI came back
    OBS_FIRST,
    OBS_STOP,
    OBS_LAST,
) = range(15)
MARK_COLUMNS = 15

UNKNOWN, AT_SEA, IN_PORT = range(3)
HAS_ENTRY, HAS_STOP, HAS_GAP, HAS_EXIT = 1, 2, 4, 8
STOP_COUNTED = 16
STOP_HEARD = 32  # it was going on at the vessel's first report
GAP_COUNTED = 64
CAME_BACK = 128  # the first report of a track that takes over from a closed one


@dataclass(slots=True)
class PortVisitState:
    """Rows as in the fleet: near (capacity, NEAR_COLUMNS), mark (capacity, MARK_COLUMNS); tracks:
    rows seen so far; scan_us: no silence in port becomes due before."""

    near: np.ndarray = field(default_factory=lambda: np.zeros((0, NEAR_COLUMNS)))
    mark: np.ndarray = field(default_factory=lambda: np.zeros((0, MARK_COLUMNS), np.int64))
    tracks: int = 0
    scan_us: int = NEVER_US

    def reserve(self, rows: int) -> None:
        """Grow to the fleet's capacity `rows`."""
        if rows > len(self.mark):
            self.near, self.mark = grown(self.near, rows), grown(self.mark, rows)
