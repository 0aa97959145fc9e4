"""`/outages`: receivers that are off on purpose. One that holds alerts explains silence, so that
the watch is blinder by it; one that does not is a note."""

from __future__ import annotations

from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.engine import Connection
from starlette.responses import Response

from littoral.api.changes import refusals
from littoral.api.deps import Engine
from littoral.api.fields import Page, Time
from littoral.api.gate import Acting, Actor, gate_of, guarded
from littoral.api.params import Instant
from littoral.api.problems import ProblemError
from littoral.api.reasons_told import tell_with_reason
from littoral.api.second_person import WAITS, waits
from littoral.api.wire import Json, iso
from littoral.engine.runtime import Runtime
from littoral.sense.planned import Plan, blinder
from littoral.store import changes, outages
from littoral.store.changes import Change
from littoral.store.clock import clock_us
from littoral.store.outages import OutageRow
from littoral.store.vault import reasons

router = APIRouter(tags=["receivers"])

HOLDS = "explains the silence of the receiver, so that it raises no alert; false: a note"


class OutageChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    start: Instant
    end: Instant
    reason: str = Field(min_length=1, max_length=4000)
    holds_alerts: bool = Field(True, description=HOLDS)


class OutageInput(OutageChange):
    id: UUID | None = Field(None, description="made by the client; the same once more is no change")
    receiver: str = Field(min_length=1, max_length=200, description="a receiver's name")


class OutageModel(BaseModel):
    id: str
    receiver: str
    start: Time
    end: Time
    reason: str
    holds_alerts: bool = Field(description=HOLDS)
    waiting: str | None = Field(description="the change of it that waits for a second person")
    by: str
    at: Time = Field(description="when it was entered")


@router.get(
    "/outages",
    summary="Planned outages of receivers, by start",
    **guarded("picture.read", kind="outage"),
)
def list_outages(engine: Engine) -> Page[OutageModel]:
    with engine.records.database.read() as connection:
        items = [_model(connection, row) for row in outages.listed(connection)]
    return Page(items=items, next_cursor=None)


@router.post(
    "/outages",
    status_code=201,
    response_model=OutageModel,
    summary="Enter a planned outage; to hold alerts it takes a second person",
    responses={409: {"description": "The id is that of another outage"}, **WAITS},
    **guarded("outage.write"),
)
def create_outage(request: Request, engine: Engine, who: Acting, outage: OutageInput) -> Json:
    made, change = enter_outage(request, engine, who, outage)
    return Json(made.model_dump(), status_code=201) if change is None else waits(request, change)


def enter_outage(
    request: Request, engine: Runtime, who: Actor, outage: OutageInput
) -> tuple[OutageModel, Change | None]:
    """The outage, noted at once, and the change of it that waits for a second person, if it is to
    hold alerts. Whether the caller may is asked before."""
    _check(outage, None if outage.receiver in engine.world.stations else outage.receiver)
    key = str(outage.id or uuid4())
    alone = gate_of(request) is None  # one operator, no second person
    noted = OutageRow(
        key, outage.receiver, outage.start, outage.end, outage.reason, who.name, 0,
        outage.holds_alerts and alone,
    )  # fmt: skip
    with refusals("planned outage", key, "id"), engine.records.database.write() as connection:
        if not _is_known(connection, key):  # sent again, it is no change
            _tell(connection, request, who, key, None, noted)
        row = outages.create(
            connection, noted.receiver, noted.start_us, noted.end_us, noted.reason, who.name,
            clock_us(), key, noted.holds_alerts,
        )  # fmt: skip
        wanted = Plan(row.start_us, row.end_us, outage.holds_alerts)
        change = _proposed(connection, who, row, wanted, outage.reason)
        made = _model(connection, row)
    engine.outages_changed()
    return made, change


@router.put(
    "/outages/{outage_id}",
    response_model=OutageModel,
    summary="Change a planned outage; to hold alerts for longer takes a second person",
    responses={409: {"description": "Another change of it waits"}, **WAITS},
    **guarded("outage.write", key="outage_id"),
)
def replace_outage(
    request: Request, engine: Engine, who: Acting, outage_id: str, outage: OutageChange
) -> Json:
    made, change = change_outage(request, engine, who, outage_id, outage)
    return Json(made.model_dump()) if change is None else waits(request, change)


def change_outage(
    request: Request, engine: Runtime, who: Actor, outage_id: str, outage: OutageChange
) -> tuple[OutageModel, Change | None]:
    """The outage as it stands, and the change that waits for a second person, if it does. Whether
    the caller may is asked before."""
    _check(outage, None)
    row = _row(engine, outage_id)
    wanted = Plan(outage.start, outage.end, outage.holds_alerts)
    after = _changed(row, wanted, outage.reason)
    if gate_of(request) is not None:
        with refusals("planned outage", outage_id), engine.records.database.write() as connection:
            change = _proposed(connection, who, row, wanted, outage.reason)
            if change is not None:
                return _model(connection, row), change
    with refusals("planned outage", outage_id), engine.records.database.write() as connection:
        _tell(connection, request, who, row.id, row, after)
        row = outages.update(
            connection, row.id, outage.start, outage.end, outage.reason, outage.holds_alerts,
            who.name, row.revision,
        )  # fmt: skip
        made = _model(connection, row)
    engine.outages_changed()
    return made, None


@router.delete(
    "/outages/{outage_id}",
    status_code=204,
    summary="Take a planned outage back",
    **guarded("outage.write", key="outage_id"),
)
def delete_outage(request: Request, engine: Engine, who: Acting, outage_id: str) -> Response:
    remove_outage(request, engine, who, outage_id)
    return Response(status_code=204)


def remove_outage(request: Request, engine: Runtime, who: Actor, outage_id: str) -> None:
    """Take it back: more is seen by it. Whether the caller may is asked before."""
    row = _row(engine, outage_id)
    with refusals("planned outage", outage_id), engine.records.database.write() as connection:
        _tell(connection, request, who, row.id, row, None)
        outages.delete(connection, outage_id, who.name, clock_us())
    engine.outages_changed()


def _tell(
    connection: Connection,
    request: Request,
    who: Actor,
    key: str,
    before: OutageRow | None,
    after: OutageRow | None,
) -> None:
    was, then = (None if row is None else row.document for row in (before, after))
    item = reasons.item_id("planned_outages", key)
    tell_with_reason(connection, item, request, who, "outage.write", f"outage:{key}", was, then)


def _is_known(connection: Connection, key: str) -> bool:
    return any(row.id == key for row in outages.listed(connection))


def _row(engine: Runtime, outage_id: str) -> OutageRow:
    with refusals("planned outage", outage_id), engine.records.database.read() as connection:
        return outages.one(connection, outage_id)


def _check(outage: OutageChange, unknown_receiver: str | None) -> None:
    errors: dict[str, str] = {}
    if outage.end <= outage.start:
        errors["end"] = "must be later than start"
    if unknown_receiver is not None:
        errors["receiver"] = "is no receiver of this run (see the health of sensing)"
    if errors:
        raise ProblemError(422, "; ".join(f"{f}: {m}" for f, m in errors.items()), errors)


def _proposed(
    connection: Connection, who: Actor, row: OutageRow, wanted: Plan, reason: str
) -> Change | None:
    """The change that waits for a second person; None when nothing more is explained by it."""
    lost = blinder(row.plan, wanted)
    if not lost:
        return None
    thing = f"{changes.OUTAGE}:{row.id}"
    after = _changed(row, wanted, reason)
    known = changes.waiting(connection, thing)
    if known is not None and (known.proposed_by, known.after) == (who.name, after.document):
        return known  # sent again
    return changes.propose(
        connection, str(uuid4()), thing, row.revision, row.document, after.document, lost, reason,
        who.name, clock_us(),
    )  # fmt: skip


def _changed(row: OutageRow, wanted: Plan, reason: str) -> OutageRow:
    return OutageRow(
        row.id, row.receiver, wanted.start_us, wanted.end_us, reason, row.by, row.at_us,
        wanted.holds_alerts, row.revision,
    )  # fmt: skip


def _model(connection: Connection, row: OutageRow) -> OutageModel:
    waiting = changes.waiting(connection, f"{changes.OUTAGE}:{row.id}")
    return OutageModel(
        id=row.id,
        receiver=row.receiver,
        start=iso(row.start_us),
        end=iso(row.end_us),
        reason=row.reason,
        holds_alerts=row.holds_alerts,
        waiting=None if waiting is None else waiting.id,
        by=row.by,
        at=iso(row.at_us),
    )
