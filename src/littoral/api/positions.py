"""`GET /tracks/{id}/positions`: where a vessel was, from the lake."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pyarrow as pa
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from littoral.api.deps import Engine
from littoral.api.fields import Page, Time
from littoral.api.fleet_rows import find_track, flag_names
from littoral.api.gate import guarded
from littoral.api.params import CursorQuery, FromQuery, ToQuery, decode_cursor, encode_cursor
from littoral.api.problems import bad_parameter, not_found
from littoral.api.wire import Json, iso, knots, number
from littoral.area.rings import RING_SLUGS
from littoral.schema.fleet import Fleet
from littoral.store.lake import LakeError
from littoral.store.lake_query import parse_track_id

router = APIRouter(tags=["tracks"])


class PositionModel(BaseModel):
    t: Time
    obs_id: int
    lon: float | None
    lat: float | None
    sog_kn: float | None
    cog_deg: float | None
    heading_deg: float | None
    nav_status: int | None
    ring: str | None
    flags: list[str] = Field(description="doubts about the report")
    receiver: str | None


@router.get(
    "/tracks/{track_id}/positions",
    response_model=Page[PositionModel],
    summary="Past positions of one vessel, oldest first",
    **guarded("history.read", kind="track", key="track_id"),
)
def list_positions(
    engine: Engine,
    track_id: str,
    from_us: FromQuery = None,
    to_us: ToQuery = None,
    cursor: CursorQuery = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 2000,
) -> Json:
    if from_us is not None and to_us is not None and from_us > to_us:
        raise bad_parameter("to", "must not be before `from`")
    try:
        parse_track_id(track_id)
    except LakeError as error:
        raise not_found("track", track_id) from error
    after, ties = (0, 0), 0
    if cursor is not None:
        *key, ties = decode_cursor(cursor, int, int, int)
        after = (key[0], key[1])
        from_us = after[0] if from_us is None else max(from_us, after[0])
    found = engine.lake.positions_of(
        track_id, from_us, to_us, limit + min(max(0, ties), 10_000) + 1
    )
    found = _of_this_track(found, engine.fleet().fleet, track_id)
    rows = found.to_pylist()
    if cursor is not None:
        rows = [r for r in rows if (r["t_us"], r["obs_id"]) > after]
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        last = rows[-1]
        same = sum(r["t_us"] == last["t_us"] for r in rows)
        if last["t_us"] == after[0]:
            same += ties
        following = encode_cursor(last["t_us"], last["obs_id"], same)
    stations = engine.world.stations
    items = [_position(row, stations) for row in rows]
    return Json({"items": items, "next_cursor": following})


def _of_this_track(found: pa.Table, fleet: Fleet, track_id: str) -> pa.Table:
    """The lake finds by MMSI; where two vessels share one, keep the rows of this track."""
    row = find_track(fleet, track_id)
    if row is None or np.count_nonzero(fleet.mmsi == fleet.mmsi[row]) < 2:
        return found
    return found.filter(pa.compute.equal(found["track"], row))


def _position(row: dict[str, Any], stations: tuple[str, ...]) -> dict[str, Any]:
    station = row["station"]
    return {
        "t": iso(row["t_us"]),
        "obs_id": row["obs_id"],
        "lon": row["lon_deg"],
        "lat": row["lat_deg"],
        "sog_kn": None if row["sog_mps"] is None else knots(row["sog_mps"]),
        "cog_deg": None if row["cog_deg"] is None else number(row["cog_deg"], 1),
        "heading_deg": row["heading_deg"],
        "nav_status": row["nav_status"],
        "ring": RING_SLUGS.get(row["ring"]),
        "flags": flag_names(row["flags"] or 0),
        "receiver": stations[station] if 0 <= station < len(stations) else None,
    }
