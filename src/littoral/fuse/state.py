"""What track keeping remembers: the fleet, and what decides where a report belongs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from littoral.fuse.beacon.state import BeaconState
from littoral.fuse.beacon.state import start as beacon_start
from littoral.schema.ais import Statics
from littoral.schema.fleet import Fleet

# Columns of `FuseState.place` and `alt`, float64: the last position, and the one before the last
# jump.
LON, LAT, SOG, COG = range(4)
PLACE_COLUMNS = 4

# Columns of `FuseState.mark`, int64. What every report touches comes first, on two cache lines.
RING = 4
(
    SEEN,  # digest and time of the last RING reports, newest first, to know repeats
    LAST_US,  # event time of the last position
    NEXT,  # next open track of the same MMSI; -1: none
    ESTABLISHED,  # 1: a track; 0: a candidate that waits to be confirmed
    HEARD_WINDOW,  # event time // heard_s in which HEARD_NOW counts
    HEARD_NOW,  # bits of the receivers heard in this window
    HEARD_BEFORE,  # and in the one before
    COUNT,  # positions of a candidate so far
    FIRST_US,  # event time of the first position (unlike fleet.first_us never moved)
    ALT_US,  # event time of the position before the last jump; 0: none
    RETURNS,  # jumps that went back to the line of travel before the last jump
    RETURNS_US,  # event time of the first of these
    SAID,  # digests of the last static messages: 5, 19 or 21; 24 A; 24 B
) = (0, *range(RING, RING + 12))
SAID_COUNT = 3
MARK_COLUMNS = SAID + SAID_COUNT

EMPTY = -1


@dataclass(slots=True)
class FuseState:
    """`fleet` is for everyone, as detectors read it: net beacons stand in it as though they had not
    been heard (`beacon.with_beacons` has them where they are). The rest is private.

    Shapes: place and alt (capacity, 4), mark (capacity, MARK_COLUMNS), row for row with the fleet;
    slots (2^k, 2) int32, an open-addressed table of MMSI and its first open track. pending: static
    data of MMSIs that have not told a position yet."""

    fleet: Fleet
    place: np.ndarray
    alt: np.ndarray
    mark: np.ndarray
    slots: np.ndarray
    slots_used: int
    pending: Statics
    beacons: BeaconState = field(default_factory=beacon_start)

    def reserve(self, rows: int) -> None:
        """Grow the tables of tracks so that `rows` rows fit."""
        self.fleet.reserve(rows)
        more = self.fleet.capacity - len(self.mark)
        if more > 0:
            nowhere = np.full((more, PLACE_COLUMNS), np.nan)
            self.place = np.concatenate([self.place, nowhere])
            self.alt = np.concatenate([self.alt, nowhere])
            self.mark = np.concatenate([self.mark, np.zeros((more, MARK_COLUMNS), np.int64)])


def start(capacity: int = 1024) -> FuseState:
    """A fresh state: no track. `capacity` is a first guess and grows."""
    return FuseState(
        fleet=Fleet.empty(capacity),
        place=np.full((capacity, PLACE_COLUMNS), np.nan),
        alt=np.full((capacity, PLACE_COLUMNS), np.nan),
        mark=np.zeros((capacity, MARK_COLUMNS), np.int64),
        slots=np.full((2048, 2), EMPTY, np.int32),
        slots_used=0,
        pending=Statics.empty(),
    )
