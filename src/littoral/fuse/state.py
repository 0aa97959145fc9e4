"""What track keeping remembers: the fleet, and what decides where a report belongs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from littoral.schema.ais import Statics
from littoral.schema.fleet import Fleet

# Columns of `FuseState.place`, float64: the last position, and the one before the last jump.
LON, LAT, SOG, COG, ALT_LON, ALT_LAT, ALT_SOG, ALT_COG = range(8)
PLACE_COLUMNS = 8

# Columns of `FuseState.mark`, int64.
(
    LAST_US,  # event time of the last position
    ALT_US,  # of the one before the last jump; 0: none
    NEXT,  # next open track of the same MMSI; -1: none
    ESTABLISHED,  # 1: a track; 0: a candidate that waits to be confirmed
    FIRST_US,  # event time of the first position (unlike fleet.first_us never moved)
    COUNT,  # positions so far
    RETURNS,  # jumps that went back to the line of travel before the last jump
    RETURNS_US,  # event time of the first of these
    HEARD_WINDOW,  # event time // heard_s in which HEARD_NOW counts
    HEARD_NOW,  # bits of the receivers heard in this window
    HEARD_BEFORE,  # and in the one before
    SEEN_AT,  # where in the ring below the next report goes
    SEEN_US,  # event time of the last four reports, to know repeats
) = range(13)
SEEN_HASH = SEEN_US + 4
MARK_COLUMNS = SEEN_HASH + 4
RING = 4

EMPTY = -1


@dataclass(slots=True)
class FuseState:
    """`fleet` is for everyone, the rest is private.

    Shapes: place (capacity, 8) and mark (capacity, 21), row for row with the fleet; slot_mmsi and
    slot_head (2^k,), an open-addressed table from the MMSI to its first open track. pending: static
    data of MMSIs that have not told a position yet."""

    fleet: Fleet
    place: np.ndarray
    mark: np.ndarray
    slot_mmsi: np.ndarray
    slot_head: np.ndarray
    slots_used: int
    pending: Statics

    def reserve(self, rows: int) -> None:
        """Grow the tables of tracks so that `rows` rows fit."""
        self.fleet.reserve(rows)
        capacity = self.fleet.capacity
        if capacity > len(self.mark):
            place = np.full((capacity, PLACE_COLUMNS), np.nan)
            mark = np.zeros((capacity, MARK_COLUMNS), np.int64)
            place[: len(self.place)] = self.place
            mark[: len(self.mark)] = self.mark
            self.place, self.mark = place, mark


def start(capacity: int = 1024) -> FuseState:
    """A fresh state: no track. `capacity` is a first guess and grows."""
    fleet = Fleet.empty(capacity)
    slots = 2048
    return FuseState(
        fleet=fleet,
        place=np.full((capacity, PLACE_COLUMNS), np.nan),
        mark=np.zeros((capacity, MARK_COLUMNS), np.int64),
        slot_mmsi=np.full(slots, EMPTY, np.int32),
        slot_head=np.full(slots, EMPTY, np.int32),
        slots_used=0,
        pending=Statics.empty(),
    )
