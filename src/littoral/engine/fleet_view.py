"""The fleet as readers see it: a picture that never changes, and what is new in it.

Every row carries the value that one global counter had when the row last changed. A reader who
remembers the highest value of its last picture finds what is new by one comparison, so no queue is
kept for anyone.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from littoral.schema.fleet import FLEET_COLUMNS, GEAR_BEACON, Fleet

# A row is new to readers when one of these differs. Content is compared, since a row number
# may stand for another vessel after a look-ahead was thrown away.
IDENTITY = ("mmsi", "first_us")
STATIC = (
    *IDENTITY, "kind", "static_us", "static_obs_id", "imo", "ship_type", "name", "call_sign",
    "destination", "eta", "gear",
)  # fmt: skip
MOVING = (*IDENTITY, "last_us", "last_obs_id", "positions", "nav_status", "ring", "flags", "gear")


@dataclass(frozen=True, slots=True)
class FleetView:
    """One picture. The arrays are read-only and exactly `fleet.count` long.

    A greater `generation` says that rows were numbered anew and readers must forget all tracks.
    """

    fleet: Fleet
    moved: np.ndarray  # u8 (count,): counter at the last change of position, motion or ring
    renamed: np.ndarray  # u8 (count,): counter at the last change of identity or static data
    counter: int  # of this picture; every entry of `moved` and `renamed` is at most this
    event_time_us: int
    generation: int = 0

    @property
    def count(self) -> int:
        return self.fleet.count

    @property
    def beacons(self) -> int:
        """How many of the rows are taken for net beacons."""
        return int(np.count_nonzero(self.fleet.gear & GEAR_BEACON))


def empty_view() -> FleetView:
    nothing = np.zeros(0, np.uint64)
    return FleetView(Fleet.empty(0), nothing, nothing, 0, 0)


def next_view(
    last: FleetView, fleet: Fleet, event_time_us: int, generation: int | None = None
) -> FleetView:
    """A picture of `fleet` (copied) as successor of `last`.

    Some 3 ms for 20,000 rows. Without `generation` the last one goes on.
    """
    generation = last.generation if generation is None else generation
    counter = last.counter + 1
    copy = _frozen_copy(fleet)
    shared = min(last.count, copy.count) if generation == last.generation else 0
    moved = np.full(copy.count, counter, np.uint64)
    renamed = np.full(copy.count, counter, np.uint64)
    _keep(moved, last.moved, last.fleet, copy, MOVING, shared)
    _keep(renamed, last.renamed, last.fleet, copy, STATIC, shared)
    moved.flags.writeable = renamed.flags.writeable = False
    return FleetView(copy, moved, renamed, counter, event_time_us, generation)


def _keep(
    stamps: np.ndarray,
    old_stamps: np.ndarray,
    old: Fleet,
    new: Fleet,
    names: tuple[str, ...],
    shared: int,
) -> None:
    """Put the old stamps back where the named columns of the first `shared` rows are as before."""
    same = np.ones(shared, bool)
    for name in names:
        same &= getattr(old, name)[:shared] == getattr(new, name)[:shared]
    stamps[:shared][same] = old_stamps[:shared][same]


def _frozen_copy(fleet: Fleet) -> Fleet:
    columns = {}
    for name, _, _ in FLEET_COLUMNS:
        column = getattr(fleet, name)[: fleet.count].copy()
        column.flags.writeable = False
        columns[name] = column
    return Fleet(fleet.count, **columns)


assert {f.name for f in fields(Fleet)} >= {*STATIC, *MOVING}
