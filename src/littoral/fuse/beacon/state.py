"""What is remembered of the tracks that may be net beacons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from littoral.schema.fleet import FLEET_COLUMNS, GEAR_BEACON, Fleet
from littoral.schema.growing import grown

# Columns of `moved`, float64: event times in microseconds (exact: they stay below 2**53), 0 none;
# where it was at REF_US (NaN: nowhere yet) and how far from there it was last; reports in a row
# that were fast, far; 1 when it was ever slow.
(
    LAST_US, REF_US, SAILED_US, BEGIN_US, REF_LON, REF_LAT, FAR_NOW_M, FAST, FAR, SLOW,
) = range(10)  # fmt: skip
FRESH = np.array([0, 0, 0, 0, np.nan, np.nan, 0, 0, 0, 0], np.float64)

NONE = -1
# What each position changes in the fleet; of a beacon it is kept apart from there.
MOVING = (
    "last_us", "last_obs_id", "positions", "kind", "lon_deg", "lat_deg", "sog_mps", "cog_deg",
    "heading_deg", "rot_degpm", "nav_status", "ring", "flags", "station",
)  # fmt: skip
_TYPES = {name: (dtype, null) for name, dtype, null in FLEET_COLUMNS}


@dataclass(slots=True)
class BeaconState:
    """One row for each track whose MMSI or name ever spoke for a beacon, in order of coming.

    row_of (tracks,) int32: the row of a track, or -1; track (rows,) int32: the track of a row.
    moved (rows, 10): how it moved. aside (rows,) bool: detectors do not see it. shown: of these the
    columns MOVING as the picture shows them, (rows,) each. known: tracks looked at."""

    row_of: np.ndarray
    track: np.ndarray
    moved: np.ndarray
    aside: np.ndarray
    shown: dict[str, np.ndarray]
    count: int = 0
    known: int = 0

    def cover(self, tracks: int) -> None:
        """`row_of` reaches so many tracks."""
        if tracks > len(self.row_of):
            self.row_of = grown(self.row_of, tracks, NONE)

    def add(self, tracks: np.ndarray) -> None:
        """Rows for `tracks`, those that have one already left out."""
        new = np.unique(tracks)
        new = new[self.row_of[new] == NONE]
        end = self.count + len(new)
        if end > len(self.track):
            self._grow(max(end, 2 * len(self.track)))
        self.row_of[new] = np.arange(self.count, end)
        self.track[self.count : end] = new
        self.count = end

    def _grow(self, rows: int) -> None:
        self.track = grown(self.track, rows, NONE)
        self.moved = grown(self.moved, rows, FRESH)
        self.aside = grown(self.aside, rows)
        self.shown = {n: grown(a, rows, _TYPES[n][1]) for n, a in self.shown.items()}


def start() -> BeaconState:
    return BeaconState(
        np.zeros(0, np.int32),
        np.zeros(0, np.int32),
        np.zeros((0, len(FRESH))),
        np.zeros(0, np.bool_),
        {name: np.zeros(0, _TYPES[name][0]) for name in MOVING},
    )


def with_beacons(fleet: Fleet, state: BeaconState) -> Fleet:
    """The fleet with its beacons where they are, for whoever shows or keeps it: detectors read it
    without. Shares with `fleet` what it does not change."""
    tracks = state.track[: state.count]
    shown_us = state.shown["last_us"][: state.count]
    aside = (fleet.gear[tracks] & GEAR_BEACON != 0) & (shown_us > fleet.last_us[tracks])
    if not aside.any():
        return fleet
    rows, tracks = np.flatnonzero(aside), tracks[aside]
    columns = {name: getattr(fleet, name) for name, _, _ in FLEET_COLUMNS}
    for name in MOVING:
        columns[name] = columns[name].copy()
        columns[name][tracks] = state.shown[name][rows]
    return Fleet(fleet.count, **columns)
