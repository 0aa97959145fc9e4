"""`/questions`: the past asked without SQL. About vessels alone; who may ask is who may see a
vessel's past."""

from __future__ import annotations

import time
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from littoral.api.alerts import AlertDetailModel, alert_with_life, read_alert
from littoral.api.deps import Engine
from littoral.api.evidence import EvidenceModel, evidence_of
from littoral.api.fleet_rows import find_track
from littoral.api.gate import guarded
from littoral.api.params import Instant
from littoral.api.past.answers import (
    Names,
    PartModel,
    PassageModel,
    PlanModel,
    VisitModel,
    part_rows,
    passage_rows,
    plan_of,
    visit_rows,
)
from littoral.api.past.area_text import AreaText, area_of
from littoral.api.problems import bad_parameter
from littoral.api.tables.lists import PARTS, PASSAGES, VISITS
from littoral.api.tables.sheet import ANSWERS, FormatQuery, LangQuery, table_file
from littoral.api.wire import Json
from littoral.engine import asking
from littoral.store import lake_scan
from littoral.store.lake import LakeError
from littoral.store.lake_query import parse_track_id

router = APIRouter(tags=["past"])

MOST_DAYS = 400
DAY_US = 24 * 3_600_000_000
MOST_ROWS = 5000
MOST_POINTS = 5000  # of a line on the map

Start = Annotated[Instant, Query(alias="from", description="From this time on (inclusive)")]
End = Annotated[Instant, Query(alias="to", description="Before this time (exclusive)")]


class VisitsModel(BaseModel):
    items: list[VisitModel] = Field(description=f"by time, the first {MOST_ROWS:,}")
    total: int
    vessels: int
    plan: PlanModel


class PassagesModel(BaseModel):
    items: list[PassageModel] = Field(description=f"by time, the first {MOST_ROWS:,}")
    total: int
    vessels: int
    plan: PlanModel


class VoyagesModel(BaseModel):
    mmsi: int
    items: list[PartModel] = Field(description="in order of time")
    line: list[tuple[float, float]] = Field(
        description=f"longitude, latitude for the map, {MOST_POINTS:,} at most"
    )
    plan: PlanModel


class PlaceOfEvidence(BaseModel):
    obs_id: int
    file: str = Field(description="of the lake")


class TrailModel(BaseModel):
    """An alert down to the lines that it rests on."""

    alert: AlertDetailModel
    evidence: EvidenceModel
    files: list[PlaceOfEvidence]


@router.get(
    "/questions/inside",
    response_model=VisitsModel,
    summary="Vessels heard in an area between two times",
    responses=ANSWERS,
    **guarded("history.read", kind="track"),
)
def who_was_inside(
    request: Request, engine: Engine, area: AreaText, from_us: Start, to_us: End,
    form: FormatQuery = "json", lang: LangQuery = "zh",
) -> Response:  # fmt: skip
    in_order(from_us, to_us)
    shape = area_of(area, engine.world, "area")
    started = time.perf_counter()
    found = asking.inside(engine.lake.root, shape, from_us, to_us)
    plan = plan_of(found.read, time.perf_counter() - started)
    rows = visit_rows(found.visits, Names(engine.fleet().fleet))
    if form == "xlsx":
        return table_file(request, engine, "history.read", "track:all", VISITS, rows, lang)
    return Json(_told(rows, plan))


@router.get(
    "/questions/then",
    response_model=PassagesModel,
    summary="Vessels heard in one area and soon after in another",
    responses=ANSWERS,
    **guarded("history.read", kind="track"),
)
def who_went_on(
    request: Request, engine: Engine, area: AreaText, to_area: AreaText, from_us: Start,
    to_us: End,
    within_h: Annotated[float, Query(gt=0, le=24 * 30, description="hours at most")] = 24.0,
    form: FormatQuery = "json", lang: LangQuery = "zh",
) -> Response:  # fmt: skip
    """`from` and `to` are of the first area."""
    in_order(from_us, to_us)
    first = area_of(area, engine.world, "area")
    second = area_of(to_area, engine.world, "to_area")
    started = time.perf_counter()
    limit_us = int(within_h * 3.6e9)
    found = asking.then(engine.lake.root, first, second, from_us, to_us, limit_us)
    plan = plan_of(found.read, time.perf_counter() - started)
    rows = passage_rows(found.passages, Names(engine.fleet().fleet))
    if form == "xlsx":
        return table_file(request, engine, "history.read", "track:all", PASSAGES, rows, lang)
    return Json(_told(rows, plan))


@router.get(
    "/questions/voyages",
    response_model=VoyagesModel,
    summary="A vessel's voyages from port to port",
    responses=ANSWERS,
    **guarded("history.read", kind="track"),
)
def voyages_of(
    request: Request, engine: Engine,
    vessel: Annotated[str, Query(max_length=60, description="id of a track, or MMSI")],
    from_us: Start, to_us: End, form: FormatQuery = "json", lang: LangQuery = "zh",
) -> Response:  # fmt: skip
    in_order(from_us, to_us)
    mmsi, track = _vessel(engine, vessel)
    started = time.perf_counter()
    places = asking.places_of(engine.world)
    found = asking.past_of(engine.lake.root, mmsi, track, from_us, to_us, places)
    plan = plan_of(found.read, time.perf_counter() - started)
    rows = part_rows(found.parts)
    if form == "xlsx":
        return table_file(request, engine, "history.read", f"track:{mmsi}", PARTS, rows, lang)
    step = max(1, -(-len(found.line) // MOST_POINTS))
    line = np.round(found.line[::step, :2], 6).tolist()
    return Json({"mmsi": mmsi, "items": rows, "line": line, "plan": plan})


@router.get(
    "/questions/alerts/{alert_id}",
    response_model=TrailModel,
    summary="An alert down to the raw lines",
    **guarded("alert.read", key="alert_id"),
)
def trail_of_alert(request: Request, engine: Engine, alert_id: str) -> Json:
    alert = read_alert(engine, alert_id).alert
    evidence = evidence_of(engine, alert)
    where: dict[int, str] = {}
    for kind, table in (("position", "observations"), ("static", "statics"), ("text", "texts")):
        rows = [(o["obs_id"], o["t_us"]) for o in _timed(evidence) if o["kind"] == kind]
        where |= lake_scan.files_of_rows(engine.lake.root, table, rows)
    files = [{"obs_id": o, "file": where[o]} for o in alert.evidence if o in where]
    return Json(
        {"alert": alert_with_life(request, engine, alert_id), "evidence": evidence, "files": files}
    )


def _timed(evidence: dict[str, Any]) -> list[dict[str, Any]]:
    stamps = np.array([o["t"][:-1] for o in evidence["observations"]], "datetime64[us]")
    return [
        {**o, "t_us": int(t)}
        for o, t in zip(evidence["observations"], stamps.astype(np.int64), strict=True)
    ]


def _told(rows: list[dict[str, Any]], plan: dict[str, Any]) -> dict[str, Any]:
    vessels = len({(r["mmsi"], r["id"]) for r in rows})
    return {"items": rows[:MOST_ROWS], "total": len(rows), "vessels": vessels, "plan": plan}


def in_order(from_us: int, to_us: int) -> None:
    if from_us >= to_us:
        raise bad_parameter("to", "must be later than `from`")
    if to_us - from_us > MOST_DAYS * DAY_US:
        raise bad_parameter("to", f"must be at most {MOST_DAYS} days after `from`")


def _vessel(engine: Any, text: str) -> tuple[int, int | None]:
    """(MMSI, row of the track; None: whoever used the number)."""
    if text.isascii() and text.isdigit() and len(text) <= 10:
        return int(text), None
    try:
        mmsi, _ = parse_track_id(text)
    except LakeError:
        raise bad_parameter("vessel", "must be an MMSI or the id of a track") from None
    return mmsi, find_track(engine.fleet().fleet, text)
