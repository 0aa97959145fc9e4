"""`/outages`: receivers that are off on purpose."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from littoral.api.deps import Engine
from littoral.api.fields import Page, Time
from littoral.api.gate import Acting, guarded, safe_id, tell_change
from littoral.api.params import Instant
from littoral.api.problems import ProblemError, not_found
from littoral.api.wire import iso
from littoral.store.records import Conflict, NotFound, OutageRow

router = APIRouter(tags=["receivers"])


class OutageInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: UUID | None = Field(None, description="made by the client; the same once more is no change")
    receiver: str = Field(min_length=1, max_length=200, description="a receiver's name")
    start: Instant
    end: Instant
    reason: str = Field(min_length=1, max_length=4000)


class OutageModel(BaseModel):
    id: str
    receiver: str
    start: Time
    end: Time
    reason: str
    by: str
    at: Time = Field(description="when it was entered")


@router.get(
    "/outages",
    summary="Planned outages of receivers, by start",
    **guarded("picture.read", kind="outage"),
)
def list_outages(engine: Engine) -> Page[OutageModel]:
    items = [_model(row) for row in engine.records.outages()]
    return Page(items=items, next_cursor=None)


@router.post(
    "/outages",
    status_code=201,
    summary="Enter a planned outage",
    responses={409: {"description": "The id is that of another outage"}},
    **guarded("outage.write"),
)
def create_outage(
    request: Request, engine: Engine, who: Acting, outage: OutageInput
) -> OutageModel:
    errors: dict[str, str] = {}
    if outage.end <= outage.start:
        errors["end"] = "must be later than start"
    if outage.receiver not in engine.world.stations:
        errors["receiver"] = "is no receiver of this run (see the health of sensing)"
    if errors:
        raise ProblemError(422, "; ".join(f"{f}: {m}" for f, m in errors.items()), errors)
    tell_change(request, who, "outage.write", "outage:new", None, outage.model_dump(mode="json"))
    try:
        row = engine.records.create_outage(
            outage.receiver,
            outage.start,
            outage.end,
            outage.reason,
            who.name,
            None if outage.id is None else str(outage.id),
        )
    except Conflict as error:
        raise ProblemError(409, str(error), {"id": str(error)}) from error
    engine.outages_changed()
    return _model(row)


@router.delete(
    "/outages/{outage_id}",
    status_code=204,
    summary="Take a planned outage back",
    **guarded("outage.write", key="outage_id"),
)
def delete_outage(request: Request, engine: Engine, who: Acting, outage_id: str) -> Response:
    known = [o for o in engine.records.outages() if o.id == outage_id]
    before = _model(known[0]).model_dump(mode="json") if known else None
    tell_change(request, who, "outage.write", f"outage:{safe_id(outage_id)}", before, None)
    try:
        engine.records.delete_outage(outage_id, who.name)
    except NotFound as error:
        raise not_found("planned outage", outage_id) from error
    engine.outages_changed()
    return Response(status_code=204)


def _model(row: OutageRow) -> OutageModel:
    return OutageModel(
        id=row.id,
        receiver=row.receiver,
        start=iso(row.start_us),
        end=iso(row.end_us),
        reason=row.reason,
        by=row.by,
        at=iso(row.at_us),
    )
