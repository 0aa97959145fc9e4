"""`/tracks`: the fleet now, one vessel, its past."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from littoral.api.deps import Engine
from littoral.api.fields import Page, Time
from littoral.api.fleet_rows import GONE, find_track, states, track_rows
from littoral.api.gate import guarded
from littoral.api.gear import GearModel, is_beacon
from littoral.api.params import (
    Box,
    BoxQuery,
    CursorQuery,
    decode_cursor,
    encode_cursor,
    in_box,
)
from littoral.api.problems import not_found
from littoral.api.wire import Json
from littoral.engine.fleet_view import FleetView
from littoral.schema.ais import KIND_NAMES

router = APIRouter(tags=["tracks"])

KindName = Literal["class_a", "class_b", "base", "aton", "sar_aircraft", "distress_device"]
LimitTracks = Annotated[int, Query(ge=1, le=5000, description="Tracks a page")]


class VesselModel(BaseModel):
    """Who it is, as it says itself."""

    track: int = Field(description="row of the track table: what the live stream calls it")
    id: str = Field(examples=["412000001-20261123T010203.000Z"])
    mmsi: int
    name: str | None
    call_sign: str | None
    imo: int | None
    ship_type: int | None = Field(description="ITU-R M.1371-5, table 53")
    kind: KindName
    length_m: float | None
    beam_m: float | None
    draught_m: float | None
    destination: str | None
    eta: str | None = Field(examples=["11-24T18:30Z"])
    gear: GearModel | None = Field(description="null where nothing speaks for a net beacon")


class TrackModel(VesselModel):
    """Who it is and where."""

    first: Time
    last: Time
    state: Literal["live", "lost", "gone"]
    lon: float | None
    lat: float | None
    sog_kn: float | None
    cog_deg: float | None
    heading_deg: float | None
    rot_degpm: float | None
    nav_status: int | None
    ring: str | None
    flags: list[str] = Field(description="doubts about the last report")
    positions: int = Field(description="reports so far")


def select(
    view: FleetView,
    state: np.ndarray,
    box: Box | None = None,
    kind: str | None = None,
    active_within_s: float | None = None,
    from_us: int | None = None,
    to_us: int | None = None,
    beacons: bool | None = None,
) -> np.ndarray:
    """Rows that fit, sorted by MMSI and first report: an order that new tracks do not disturb."""
    fleet = view.fleet
    fits = state != GONE
    if box is not None:
        fits &= in_box(box, fleet.lon_deg, fleet.lat_deg)
    if kind is not None:
        fits &= fleet.kind == KIND_NAMES.index(kind)
    if beacons is not None:
        fits &= is_beacon(fleet) == beacons
    if active_within_s is not None:
        fits &= view.event_time_us - fleet.last_us <= int(active_within_s * 1e6)
    if from_us is not None:
        fits &= fleet.last_us >= from_us
    if to_us is not None:
        fits &= fleet.last_us < to_us
    rows = np.flatnonzero(fits)
    return rows[np.lexsort((fleet.first_us[rows], fleet.mmsi[rows]))]


def page_of(
    view: FleetView, rows: np.ndarray, cursor: str | None, limit: int
) -> tuple[np.ndarray, str | None]:
    """The rows of one page and the cursor of the next."""
    fleet = view.fleet
    if cursor is not None:
        mmsi, first_us = decode_cursor(cursor, int, int)
        after = (fleet.mmsi[rows] > mmsi) | (
            (fleet.mmsi[rows] == mmsi) & (fleet.first_us[rows] > first_us)
        )
        rows = rows[after]
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], encode_cursor(int(fleet.mmsi[last]), int(fleet.first_us[last]))


@router.get(
    "/tracks",
    response_model=Page[TrackModel],
    summary="The fleet now",
    **guarded("picture.read", kind="track"),
)
def list_tracks(
    engine: Engine,
    box: BoxQuery = None,
    kind: KindName | None = None,
    active_within_s: Annotated[
        float | None, Query(ge=0, le=1e9, description="heard within, in event time")
    ] = None,
    beacons: Annotated[
        bool | None, Query(description="net beacons alone (true), or all but these (false)")
    ] = None,
    cursor: CursorQuery = None,
    limit: LimitTracks = 1000,
) -> Json:
    view = engine.fleet()
    state = states(view)
    rows = select(view, state, box, kind, active_within_s, beacons=beacons)
    rows, following = page_of(view, rows, cursor, limit)
    items = track_rows(view, rows, state)
    return Json({"items": items, "next_cursor": following})


@router.get(
    "/tracks/{track_id}",
    response_model=TrackModel,
    summary="One vessel",
    **guarded("picture.read", kind="track", key="track_id"),
)
def get_track(engine: Engine, track_id: str) -> Json:
    return Json(track_json(engine, track_id))


def track_json(engine: Any, track_id: str) -> dict[str, Any]:
    """One track by its id, gone ones included; else a 404 problem."""
    view = engine.fleet()
    row = find_track(view.fleet, track_id)
    if row is None:
        raise not_found("track", track_id)
    return track_rows(view, np.array([row]), states(view))[0]
