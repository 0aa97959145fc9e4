"""Answers as rows: who it was, times, and what was read to know it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel, Field

from littoral.analyse.presence import Passages, Visits
from littoral.analyse.voyages import Part
from littoral.api.fields import Time
from littoral.api.fleet_rows import track_ids
from littoral.api.wire import iso, number
from littoral.area.geodesy import KNOT_MPS
from littoral.schema.fleet import Fleet
from littoral.store.lake_scan import Read

MOST_FILES = 200  # named in a plan; the number is that of all


class PlanModel(BaseModel):
    """What was read of what there is."""

    files: int = Field(description="read")
    files_of: int = Field(description="hour files of positions in the lake")
    row_groups: int = Field(description="read, of files in order of place")
    row_groups_of: int
    rows: int = Field(description="read")
    bytes: int = Field(description="read, compressed")
    seconds: float
    names: list[str] = Field(description=f"of the files, {MOST_FILES} at most")


class WhoModel(BaseModel):
    id: str | None = Field(description="of the track; null where the fleet no longer knows it")
    mmsi: int
    name: str | None
    ship_type: int | None


class VisitModel(WhoModel):
    first: Time
    last: Time
    minutes: float
    positions: int


class PassageModel(WhoModel):
    left: Time = Field(description="last heard in the first area before")
    reached: Time = Field(description="first heard in the second")
    last: Time = Field(description="last heard there within the time")
    hours: float = Field(description="from the one to the other")


class PartModel(BaseModel):
    voyage: int = Field(description="0: before the first port that is known")
    kind: str = Field(description="stop, leg, gap (within what is listed before it)")
    start: Time
    end: Time
    hours: float
    place: str | None = Field(description="id of the port, landing point or anchorage of a stop")
    place_name: dict[str, str] | None
    from_lon: float
    from_lat: float
    to_lon: float
    to_lat: float
    distance_m: float
    mean_kn: float | None
    positions: int


def plan_of(read: Iterable[Read], seconds: float) -> dict[str, Any]:
    """As `PlanModel`."""
    several = list(read)
    names = list(dict.fromkeys(name for r in several for name in r.files))
    return {
        "files": len(names),
        "files_of": max(r.plan.files_of for r in several),
        "row_groups": sum(r.plan.groups for r in several),
        "row_groups_of": sum(r.plan.groups_of for r in several),
        "rows": sum(r.rows for r in several),
        "bytes": sum(r.columns_bytes for r in several),
        "seconds": round(seconds, 3),
        "names": names[:MOST_FILES],
    }


@dataclass(frozen=True, slots=True)
class Names:
    """Who a track is, by its row and MMSI, as the fleet knows it now."""

    fleet: Fleet

    def of(self, mmsi: np.ndarray, track: np.ndarray) -> list[dict[str, Any]]:
        fleet = self.fleet
        known = (track >= 0) & (track < fleet.count)
        known[known] = fleet.mmsi[track[known]] == mmsi[known]
        rows = np.flatnonzero(known)
        found: dict[int, tuple[str, str | None, int | None]] = {}
        ids = track_ids(fleet, track[rows])
        for row, key in zip(rows.tolist(), ids, strict=True):
            at = int(track[row])
            name = bytes(fleet.name[at]).decode(errors="replace").strip() or None
            kind = int(fleet.ship_type[at])
            found[row] = key, name, None if kind < 0 else kind
        return [
            dict(zip(("id", "name", "ship_type"), found.get(i, (None, None, None)), strict=True))
            | {"mmsi": m}
            for i, m in enumerate(mmsi.tolist())
        ]


def visit_rows(found: Visits, names: Names) -> list[dict[str, Any]]:
    """As `VisitModel`."""
    who = names.of(found.mmsi, found.track)
    columns = (found.first_us.tolist(), found.last_us.tolist(), found.positions.tolist())
    return [
        {**w, "first": iso(a), "last": iso(b), "minutes": round((b - a) / 6e7, 1), "positions": n}
        for w, a, b, n in zip(who, *columns, strict=True)
    ]


def passage_rows(found: Passages, names: Names) -> list[dict[str, Any]]:
    """As `PassageModel`."""
    who = names.of(found.mmsi, found.track)
    columns = (found.left_us.tolist(), found.reached_us.tolist(), found.last_us.tolist())
    return [
        {
            **w, "left": iso(a), "reached": iso(b), "last": iso(c),
            "hours": round((b - a) / 3.6e9, 2),
        }
        for w, a, b, c in zip(who, *columns, strict=True)
    ]  # fmt: skip


def part_rows(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """As `PartModel`."""
    return [_part(p) for p in parts]


def _part(p: Part) -> dict[str, Any]:
    seconds = (p.end_us - p.start_us) / 1e6
    moving = p.kind != "stop" and seconds > 0
    name: Mapping[str, str] | None = None if p.place is None else p.place.name
    return {
        "voyage": p.voyage,
        "kind": p.kind,
        "start": iso(p.start_us),
        "end": iso(p.end_us),
        "hours": round(seconds / 3600, 2),
        "place": None if p.place is None else p.place.id,
        "place_name": None if name is None else dict(name),
        "from_lon": p.start[0],
        "from_lat": p.start[1],
        "to_lon": p.end[0],
        "to_lat": p.end[1],
        "distance_m": round(p.distance_m),
        "mean_kn": number(p.distance_m / seconds / KNOT_MPS, 1) if moving else None,
        "positions": p.positions,
    }
