"""Vessels in doubt, each by its MMSI: who is followed, from when on, until when."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from littoral.detect.position import circle, loop
from littoral.schema.fleet import Fleet
from littoral.schema.growing import grown

KEEP_US = 3_600_000_000  # followed for so long after the last doubt
TRACK_BITS = 31


@dataclass(slots=True)
class Followed:
    """`slot` (capacity,): the row of a track's vessel here, or -1; `known` (tracks,): all tracks as
    MMSI << 31 | track, sorted; `whole` (n, WHOLE), `real` (n, REAL), `points` (n, POINTS, 4), `obs`
    (n, POINTS): see `loop`; `count` rows are in use."""

    slot: np.ndarray = field(default_factory=lambda: np.full(0, -1, np.int32))
    known: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    whole: np.ndarray = field(default_factory=lambda: np.zeros((0, loop.WHOLE), np.int64))
    real: np.ndarray = field(default_factory=lambda: np.zeros((0, loop.REAL)))
    points: np.ndarray = field(default_factory=lambda: np.zeros((0, circle.POINTS, 4)))
    obs: np.ndarray = field(default_factory=lambda: np.zeros((0, circle.POINTS), np.int64))
    count: int = 0

    def reserve(self, tracks: int) -> None:
        if tracks > len(self.slot):
            self.slot = grown(self.slot, tracks, -1)

    def learn(self, tracks: np.ndarray, fleet: Fleet) -> np.ndarray:
        """New tracks; those whose MMSI had one before, which take its slot where it has one."""
        mmsi = fleet.mmsi[tracks].astype(np.int64)
        at = np.searchsorted(self.known, mmsi << TRACK_BITS)
        hit = np.flatnonzero(at < len(self.known))
        again = hit[self.known[at[hit]] >> TRACK_BITS == mmsi[hit]]
        keys = np.sort(mmsi << TRACK_BITS | tracks)
        self.known = np.insert(self.known, np.searchsorted(self.known, keys), keys)
        for i in again.tolist():
            self.slot[tracks[i]] = self.slot[self.tracks_of(int(mmsi[i]))].max()
        return tracks[again]

    def tracks_of(self, mmsi: int) -> np.ndarray:
        """All tracks of an MMSI, the first one first."""
        low, high = np.searchsorted(self.known, [mmsi << TRACK_BITS, (mmsi + 1) << TRACK_BITS])
        return self.known[low:high] & ((1 << TRACK_BITS) - 1)

    def begin(
        self, mmsi: int, track: int, since_us: int, last_us: int, last_obs: int, lon: float,
        lat: float,
    ) -> None:  # fmt: skip
        """Follow a vessel from its report at `since_us` on; the one before was at (lon, lat)."""
        s = self.count
        if s == len(self.whole):
            rows = max(8, 2 * s)
            for name in ("whole", "real", "points", "obs"):
                setattr(self, name, grown(getattr(self, name), rows))
        w = self.whole[s]
        w[:] = 0
        w[loop.MMSI], w[loop.TRACK], w[loop.SINCE_US] = mmsi, track, since_us
        w[loop.LAST_US], w[loop.LAST_OBS], w[loop.ACTIVE_US] = last_us, last_obs, since_us
        self.real[s] = (lon, lat, *[np.nan] * 4)
        self.slot[self.tracks_of(mmsi)] = s
        self.count += 1

    def drop(self, until_us: int, keep: set[int]) -> None:
        """Those without a doubt for long, but for the MMSIs in `keep`."""
        idle = self.whole[: self.count, loop.ACTIVE_US] + KEEP_US < until_us
        if not idle.any():
            return
        idle &= ~np.isin(self.whole[: self.count, loop.MMSI], list(keep))
        stay = np.flatnonzero(~idle)
        moved = np.full(self.count + 1, -1, np.int32)  # the last one is for slot -1
        moved[stay] = np.arange(len(stay))
        self.slot = moved[self.slot]
        for name in ("whole", "real", "points", "obs"):
            setattr(self, name, getattr(self, name)[stay])
        self.count = len(stay)

    def circles(self, limits: circle.CircleLimits) -> list[tuple[int, int, list[float]]]:
        """(slot, index of its first point, [lon, lat, radius, turns]) of each with new points that
        are a circle."""
        found = []
        out = np.empty(4)
        for s in np.flatnonzero(self.whole[: self.count, loop.FRESH]).tolist():
            self.whole[s, loop.FRESH] = 0
            first = circle.circling(self.points[s], int(self.whole[s, loop.COUNT]), limits, out)
            if first >= 0:
                self.whole[s, loop.ACTIVE_US] = self.whole[s, loop.LAST_US]
                found.append((s, first, out.tolist()))
        return found
