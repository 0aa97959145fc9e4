"""The routes of `/incidents`. The policies decide on each by the incident's own unit, agency, area
and by whom it is shared with; what follows what is the flow's (respond/incident/flow.py)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.gate import Acting, described, gate_of, same_origin_if_signed_in
from littoral.api.incidents import doing
from littoral.api.incidents.detail import incident_with_life
from littoral.api.incidents.models import (
    IncidentDetail,
    IncidentModel,
    ReportInput,
    SourceKind,
    State,
    StepInput,
    Type,
)
from littoral.api.incidents.sight import READ, shown, visible
from littoral.api.names import own_name
from littoral.api.params import CursorQuery, LimitQuery, before_of, encode_cursor
from littoral.api.tables.lists import INCIDENTS
from littoral.api.tables.sheet import ANSWERS, MOST_ROWS, FormatQuery, LangQuery, table_file
from littoral.api.wire import Json
from littoral.store import incidents

router = APIRouter(tags=["incidents"])


@router.get(
    "/incidents",
    response_model=Page[IncidentModel],
    summary="Incidents, newest first, without those merged into others",
    responses=ANSWERS,
    **described(READ),
)
def list_incidents(
    request: Request,
    engine: Engine,
    who: Acting,
    state: Annotated[list[State] | None, Query(description="any of these")] = None,
    type: Annotated[list[Type] | None, Query(description="any of these")] = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = 100,
    form: FormatQuery = "json",
    lang: LangQuery = "zh",
) -> Response:
    before = before_of(cursor)
    if form == "xlsx":
        before, limit = None, MOST_ROWS
    with engine.records.database.read() as connection:
        found = incidents.listed(
            connection, limit + 1, state or (), type or (),
            None if before is None else (before[0], before[1]), visible(request, who),
        )  # fmt: skip
    if form == "xlsx":
        rows = shown(gate_of(request), found)
        return table_file(request, engine, READ, "incident:all", INCIDENTS, rows, lang)
    items = shown(gate_of(request), found[:limit])
    more = len(found) > limit
    last = found[limit - 1].incident if more else None
    return Json(
        {
            "items": items,
            "next_cursor": None if last is None else encode_cursor(last.opened_us, last.id),
        }
    )


@router.get(
    "/incidents/changes",
    response_model=Page[IncidentModel],
    summary="Incidents changed after a number of change, in that order",
    **described(READ),
)
def changed_incidents(
    request: Request,
    engine: Engine,
    who: Acting,
    after: Annotated[int, Query(ge=0, lt=2**62, description="`seq` of the last one known")] = 0,
    limit: LimitQuery = 100,
) -> Json:
    with engine.records.database.read() as connection:
        found = incidents.changed_since(connection, after, limit, visible(request, who))
    return Json({"items": shown(gate_of(request), found), "next_cursor": None})


@router.get(
    "/incidents/of/{kind}/{ref}",
    response_model=Page[IncidentModel],
    summary="What became of an alert, a report, a call or a bulletin",
    **described(READ),
)
def incidents_of_source(
    request: Request, engine: Engine, who: Acting, kind: SourceKind, ref: str
) -> Json:
    with engine.records.database.read() as connection:
        found = incidents.of_source(connection, kind, ref, visible(request, who))
    return Json({"items": shown(gate_of(request), found), "next_cursor": None})


@router.post(
    "/incidents",
    status_code=201,
    response_model=IncidentModel,
    summary="Report an incident",
    responses={
        200: {"model": IncidentModel, "description": "It was reported before"},
        409: {"description": "The id is that of another incident"},
    },
    **described(doing.REPORT),
)
def report_incident(request: Request, engine: Engine, who: Acting, report: ReportInput) -> Json:
    same_origin_if_signed_in(request)
    kept = doing.report(engine, gate_of(request), who, report)
    (item,) = shown(gate_of(request), [kept], own_name(who) if kept.fresh else None)
    return Json(item, status_code=201 if kept.fresh else 200)


@router.get(
    "/incidents/{incident_id}",
    response_model=IncidentDetail,
    summary="One incident with its running log, by id or code",
    **described(READ),
)
def get_incident(request: Request, engine: Engine, who: Acting, incident_id: str) -> Json:
    return Json(incident_with_life(request, engine, who, incident_id))


@router.post(
    "/incidents/{incident_id}/steps",
    response_model=IncidentModel,
    summary="Accept, dispatch, hand over, feed back, verify, close, merge, edit and more",
    responses={409: {"description": "It does not follow, or somebody was faster"}},
    **described(doing.ACT),
)
def take_step(
    request: Request, engine: Engine, who: Acting, incident_id: str, given: StepInput
) -> Json:
    same_origin_if_signed_in(request)
    kept = doing.take_step(engine, gate_of(request), who, incident_id, given)
    (item,) = shown(gate_of(request), [kept])
    return Json(item)
