"""`/replay`: any past hour from the lake, in pieces that a page plays."""

from __future__ import annotations

import gzip
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from littoral.api.alert_json import SentenceModel, ThingModel
from littoral.api.deps import Engine
from littoral.api.fields import Time
from littoral.api.fleet_rows import LOST_AFTER_US, track_ids
from littoral.api.gate import guarded
from littoral.api.params import Instant
from littoral.api.past import piece
from littoral.api.problems import bad_parameter
from littoral.api.wire import Json, iso, iso_or_none
from littoral.engine import replaying
from littoral.engine.replaying import NO_TRACK
from littoral.engine.runtime import Runtime
from littoral.store import alert_standings, lake_places
from littoral.store.alert_standings import Standing

router = APIRouter(tags=["past"])

MOST_S = 3600
BYTES = "application/octet-stream"
HOUR_US = 3_600_000_000

Start = Annotated[Instant, Query(alias="from", description="From this time on (inclusive)")]
End = Annotated[Instant, Query(alias="to", description="Before this time (exclusive)")]


class KeptModel(BaseModel):
    """Which past there is."""

    first: Time | None = Field(description="the first hour with positions")
    last: Time | None = Field(description="end of the last one")


class StandingModel(BaseModel):
    """What held of an alert from `at` until its next standing."""

    alert: str
    at: Time
    rule: str
    state: Literal["provisional", "confirmed", "withdrawn"]
    priority: int
    handling: Literal["new", "acknowledged", "dismissed", "handed_on"]
    start: Time
    end: Time | None
    lon: float | None
    lat: float | None
    things: list[ThingModel]
    sentence: SentenceModel


class StandingsModel(BaseModel):
    items: list[StandingModel] = Field(description="by alert and time")


@router.get(
    "/replay/kept",
    response_model=KeptModel,
    summary="From when to when there is a past to replay",
    **guarded("history.read", kind="track"),
)
def kept_past(engine: Engine) -> Json:
    hours = [
        day * 24 + int(name[5:7])
        for day, folder in _ends(lake_places.days(engine.lake.root))
        for name in lake_places.hour_files(folder)
    ]
    if not hours:
        return Json({"first": None, "last": None})
    return Json({"first": iso(min(hours) * HOUR_US), "last": iso((max(hours) + 1) * HOUR_US)})


@router.get(
    "/replay/piece",
    response_class=Response,
    responses={200: {"content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}}},
    summary="All positions of a stretch of the past, as docs/replay.md says",
    **guarded("history.read", kind="track"),
)
def replay_piece(
    request: Request, engine: Engine, from_us: Start,
    seconds: Annotated[int, Query(ge=1, le=MOST_S)] = 600,
    first: Annotated[bool, Query(description="with how all were when it begins")] = False,
) -> Response:  # fmt: skip
    to_us = from_us + seconds * 1_000_000
    found = replaying.stretch(engine.lake.root, from_us, to_us, first)
    told = {
        "from": from_us // 1000,
        "to": to_us // 1000,
        "lost_after_s": (LOST_AFTER_US // 1_000_000).tolist(),
        "gone_after_s": replaying.BEFORE_US // 1_000_000,
        "vessels": _vessels(engine, found),
    }
    body = piece.encode(
        told, piece.frame_of(found.first, from_us), piece.frame_of(found.then, to_us)
    )
    headers = {"cache-control": "private, no-store"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 1, mtime=0)
        headers["content-encoding"] = "gzip"
    return Response(body, 200, headers, BYTES)


@router.get(
    "/replay/alerts",
    response_model=StandingsModel,
    summary="Alerts as they stood between two times",
    **guarded("alert.read"),
)
def alerts_as_they_stood(engine: Engine, from_us: Start, to_us: End) -> Json:
    if not from_us < to_us <= from_us + 31 * 24 * HOUR_US:
        raise bad_parameter("to", "must be later than `from`, by at most 31 days")
    found = alert_standings.standings(engine.records.database, from_us, to_us)
    return Json({"items": [_standing(s) for s in found]})


def _ends(days: list[Any]) -> list[Any]:
    return [days[0], days[-1]] if days else []


def _standing(s: Standing) -> dict[str, Any]:
    document = s.document
    return {
        "alert": s.alert,
        "at": iso(s.at_us),
        "rule": document["rule"],
        "state": s.state,
        "priority": s.priority,
        "handling": s.handling,
        "start": iso(document["start_us"]),
        "end": iso_or_none(document["end_us"]),
        **{name: document[name] for name in ("lon", "lat", "things", "sentence")},
    }


def _vessels(engine: Runtime, found: replaying.Stretch) -> dict[str, list[Any]]:
    """Who they are, in columns: as the fleet knows it now, since a name of today is a name."""
    who = np.concatenate([found.first["who"], found.then["who"]])
    mmsi = np.concatenate([found.first["mmsi"], found.then["mmsi"]])
    who, at = np.unique(who, return_index=True)
    mmsi = mmsi[at]
    fleet = engine.fleet().fleet
    known = (who < NO_TRACK) & (who < fleet.count)
    known[known] = fleet.mmsi[who[known]] == mmsi[known]
    rows = who[known].astype(np.int64)
    names: list[str | None] = [None] * len(who)
    ids: list[str | None] = [None] * len(who)
    types: list[int | None] = [None] * len(who)
    for i, row, key in zip(
        np.flatnonzero(known).tolist(), rows.tolist(), track_ids(fleet, rows), strict=True
    ):
        ids[i] = key
        names[i] = bytes(fleet.name[row]).decode(errors="replace").strip() or None
        kind = int(fleet.ship_type[row])
        types[i] = None if kind < 0 else kind
    return {
        "track": who.tolist(), "mmsi": mmsi.tolist(), "id": ids, "name": names,
        "ship_type": types,
    }  # fmt: skip
