"""Questions to the past without SQL: plan, read, and the pure steps of `analyse`, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from littoral.analyse import presence, voyages
from littoral.analyse.area import Area
from littoral.analyse.presence import Passages, Visits
from littoral.analyse.voyages import Part
from littoral.area.places import Place
from littoral.area.world import World
from littoral.store import lake_scan
from littoral.store.lake_scan import Read

DAY_US = 24 * 3_600_000_000


@dataclass(frozen=True, slots=True)
class Inside:
    visits: Visits
    read: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Then:
    passages: Passages
    read: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """`line`: (n, 3) longitude, latitude, time in us: for the map."""

    parts: list[Part]
    line: np.ndarray
    read: tuple[Read, ...]


def inside(lake: Path, area: Area, from_us: int, to_us: int) -> Inside:
    """Who was in the area in `from_us <= t < to_us`."""

    def take(rows: lake_scan.Rows, sure: bool) -> lake_scan.Rows:
        return presence.runs(presence.within(area, rows, sure))

    runs, read = lake_scan.scan(lake, from_us, to_us, area.relation, take)
    return Inside(presence.visits(runs), (read,))


def then(lake: Path, first: Area, second: Area, from_us: int, to_us: int, within_us: int) -> Then:
    """Who was in `first` in that time and at most `within_us` later in `second`."""
    a, read_a = _within(lake, first, from_us, to_us)
    b, read_b = _within(lake, second, from_us, to_us + within_us)
    return Then(presence.passages(a, b, within_us), (read_a, read_b))


def past_of(
    lake: Path, mmsi: int, track: int | None, from_us: int, to_us: int, places: Sequence[Place]
) -> Past:
    """A vessel's voyages. `track`: of two under one MMSI that one; None: whoever used it."""
    table, read = lake_scan.vessel(lake, mmsi, from_us, to_us)
    column = {n: table[n].to_numpy() for n in ("t_us", "lon_deg", "lat_deg", "sog_mps")}
    own = np.isfinite(column["lon_deg"]) & np.isfinite(column["lat_deg"])
    if track is not None:
        own &= table["track"].fill_null(-1).to_numpy() == track
    t, lon, lat, sog = (column[n][own] for n in ("t_us", "lon_deg", "lat_deg", "sog_mps"))
    parts = voyages.parts(t, lon, lat, sog, places)
    return Past(parts, np.column_stack([lon, lat, t]), (read,))


def places_of(world: World) -> tuple[Place, ...]:
    """Where a stop has a name."""
    return (*world.ports, *world.landings, *world.anchorages)


def _within(lake: Path, area: Area, from_us: int, to_us: int) -> tuple[lake_scan.Rows, Read]:
    return lake_scan.scan(
        lake, from_us, to_us, area.relation, lambda rows, sure: presence.within(area, rows, sure)
    )
