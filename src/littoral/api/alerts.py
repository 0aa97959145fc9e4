"""`/alerts`: the list, one alert with its life, and what people do with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.engine import Connection
from starlette.responses import Response

from littoral.api.alert_json import (
    Action,
    AlertModel,
    Fact,
    Handling,
    Phase,
    SentenceModel,
    State,
    alert_json,
)
from littoral.api.changes import refusals
from littoral.api.deps import Engine
from littoral.api.fields import Page, Time
from littoral.api.gate import Acting, Actor, gate_of, guarded, of_the_province, require, safe_id
from littoral.api.names import names_of_logins
from littoral.api.params import CursorQuery, FromQuery, LimitQuery, ToQuery
from littoral.api.problems import ProblemError, bad_parameter, not_found
from littoral.api.second_person import WAITS, waits
from littoral.api.tables.lists import ALERTS
from littoral.api.tables.sheet import ANSWERS, MOST_ROWS, FormatQuery, LangQuery, table_file
from littoral.api.wire import Json, iso, iso_or_none
from littoral.engine.runtime import Runtime
from littoral.schema.finding import NOTED
from littoral.store import changes
from littoral.store.clock import clock_us
from littoral.store.records import (
    ActionRefused,
    ActionRow,
    AlertDetail,
    AlertFilter,
    AlertRow,
    NotFound,
    Records,
    RecordsError,
    VersionRow,
)

router = APIRouter(tags=["alerts"])

Priority = Annotated[int, Field(ge=1, le=NOTED)]


class VersionModel(BaseModel):
    """What the engine said at one time."""

    revision: int
    seq: int
    at: Time = Field(description="by the watch's clock")
    state: State
    withdrawn_reason: str | None
    priority: int
    escalated: bool
    start: Time
    end: Time | None
    updated: Time
    lon: float | None
    lat: float | None
    sentence: SentenceModel
    facts: dict[str, Fact]
    evidence: list[int]
    held_by: str | None


class ActionModel(BaseModel):
    """What somebody did. `reopened` is the engine's: the alert became more urgent."""

    id: str
    seq: int
    action: str
    by: str
    at: Time
    reason: str | None
    to: str | None
    undone_by: str | None = Field(description="id of the action that undid it")


class WaitingModel(BaseModel):
    """A dismissal that was proposed and that nobody has agreed to."""

    change: str = Field(description="id under `/changes`")
    by: str
    name: str = Field(description="of who proposed it")
    at: Time


class AlertDetailModel(AlertModel):
    versions: list[VersionModel] = Field(description="oldest first")
    actions: list[ActionModel] = Field(description="oldest first")
    takes_two: bool = Field(description="it is dismissed only once a second person agrees")
    waits: WaitingModel | None = Field(description="its dismissal that waits for the second")


class ActionInput(BaseModel):
    """`reason` is needed to dismiss and to comment, `to` to hand on. The same `id` once more
    changes nothing."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="made by the client; UUIDv7 sorts by time")
    action: Action
    reason: str | None = Field(None, max_length=4000)
    to: str | None = Field(None, max_length=200)


@router.get(
    "/alerts",
    response_model=Page[AlertModel],
    summary="Alerts, newest first",
    responses=ANSWERS,
    **guarded("alert.read"),
)
def list_alerts(
    request: Request,
    engine: Engine,
    state: Annotated[list[State] | None, Query(description="any of these")] = None,
    priority: Annotated[
        list[Priority] | None, Query(description="any of these; without it all but 5, noted")
    ] = None,
    rule: Annotated[list[str] | None, Query(max_length=50, description="any of these")] = None,
    handling: Annotated[list[Handling] | None, Query(description="any of these")] = None,
    phase: Annotated[list[Phase] | None, Query(description="any of these")] = None,
    open: Annotated[bool | None, Query(description="still wants a person")] = None,
    shelved: Annotated[bool | None, Query(description="on a shelf")] = None,
    from_us: FromQuery = None,
    to_us: ToQuery = None,
    q: Annotated[str, Query(max_length=200, description="in names, numbers and sentences")] = "",
    thing: Annotated[
        str, Query(max_length=300, description="`ref` of a thing: vessel:<track id>")
    ] = "",
    cursor: CursorQuery = None,
    limit: LimitQuery = 100,
    form: FormatQuery = "json",
    lang: LangQuery = "zh",
) -> Response:
    filters = AlertFilter(
        state=tuple(state or ()),
        priority=tuple(priority or ()),
        rule=tuple(rule or ()),
        handling=tuple(handling or ()),
        phase=tuple(phase or ()),
        open=open,
        shelved=shelved,
        from_us=from_us,
        to_us=to_us,
        text=q,
        thing=thing,
    )
    if form == "xlsx":
        rows = [alert_json(row) for row in _all_alerts(engine, filters)]
        return table_file(request, engine, "alert.read", "alert:all", ALERTS, rows, lang)
    try:
        page = engine.records.alerts(filters, cursor, limit)
    except RecordsError as error:  # the store's only refusal here
        raise bad_parameter("cursor", "is not one that this server gave") from error
    items = [alert_json(row) for row in page.items]
    return Json({"items": items, "next_cursor": page.next_cursor})


def _all_alerts(engine: Runtime, filters: AlertFilter) -> list[AlertRow]:
    """Of all pages, until there is more than a table holds."""
    found: list[AlertRow] = []
    cursor = None
    while len(found) <= MOST_ROWS:
        page = engine.records.alerts(filters, cursor, 1000)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    return found


@router.get(
    "/alerts/{alert_id}",
    response_model=AlertDetailModel,
    summary="One alert with its life",
    **guarded("alert.read", key="alert_id"),
)
def get_alert(request: Request, engine: Engine, alert_id: str) -> Json:
    return Json(alert_with_life(request, engine, alert_id))


@router.post(
    "/alerts/{alert_id}/actions",
    response_model=AlertModel,
    summary="Acknowledge, dismiss, hand on, comment, undo",
    responses={**WAITS, 409: {"description": "Somebody did something else with it meanwhile"}},
    **guarded("alert.read", key="alert_id"),
)
def act_on_alert(
    request: Request, engine: Engine, who: Acting, alert_id: str, action: ActionInput
) -> Json:
    """What may be done depends on the action: to dismiss is another right than to act. An alert of
    distress is dismissed by two: it stays open until a second person agrees (`/changes`)."""
    found = read_alert(engine, alert_id).alert
    desk = may_act(request, found, action.action)
    if action.action == "dismiss" and takes_two(request, found):
        return propose_dismissal(request, engine, who, desk, found, action)
    try:
        row = keep_action(engine.records, who.name, desk, who.seats, alert_id, action)
    except NotFound as error:
        raise not_found("alert", alert_id) from error
    except ActionRefused as error:
        taken = error.field in ("", "id")
        errors = {error.field: str(error)} if error.field else {}
        raise ProblemError(409 if taken else 422, str(error), errors) from error
    request.app.state.hub.signal()
    return Json(alert_json(row))


def may_act(request: Request, alert: AlertRow, action: str) -> str:
    """The desk by whose right it is done. Raises a 403 problem that says why not."""
    kind = "escalated" if alert.escalated else "alert"
    right = "alert.dismiss" if action == "dismiss" else "alert.act"
    return require(request, right, of_the_province(kind, safe_id(alert.id)), done=action)


def is_distress(alert: AlertRow) -> bool:
    return alert.rule == "distress" and alert["kind"] != "test"


def takes_two(request: Request, alert: AlertRow) -> bool:
    """Whether a second person has to agree before it is dismissed."""
    return is_distress(alert) and gate_of(request) is not None


def propose_dismissal(
    request: Request, engine: Runtime, who: Actor, desk: str, alert: AlertRow, action: ActionInput
) -> Json:
    """202: it waits for a second person."""
    if alert.handling == "dismissed":
        raise ProblemError(409, "It is dismissed already.")
    reason = (action.reason or "").strip()
    if not reason:
        raise ProblemError(422, "reason: say why", {"reason": "say why"})
    with refusals("alert", alert.id), engine.records.database.write() as connection:
        made = changes.propose_dismissal(
            connection, str(action.id), alert, reason, desk, who.seats, who.name, clock_us()
        )
    return waits(request, made)


def keep_action(
    records: Records, by: str, desk: str, seats: Sequence[str], alert_id: str, action: ActionInput
) -> AlertRow:
    """Takes the action by the right of `desk`, one of the `seats` that `by` holds; a dismissal is
    counted and its lot is drawn in the same transaction. Raises NotFound, ActionRefused."""

    def count(connection: Connection, alert: AlertRow) -> None:
        changes.dismissed(
            connection, str(action.id), alert.id, [t["ref"] for t in alert.things],
            alert.priority, desk, seats, by, alert.handled_us or 0, changes.CHANCE,
        )  # fmt: skip

    wanted = {**action.model_dump(mode="json"), "by": by}
    return records.act(alert_id, wanted, also=count if action.action == "dismiss" else None)


def read_alert(engine: Engine, alert_id: str) -> AlertDetail:
    """The alert, or a 404 problem."""
    try:
        return engine.records.alert(alert_id)
    except NotFound as error:
        raise not_found("alert", alert_id) from error


def alert_with_life(request: Request, engine: Runtime, alert_id: str) -> dict[str, Any]:
    """As `AlertDetailModel`; a 404 problem where there is none."""
    found = read_alert(engine, alert_id)
    return {
        **alert_json(found.alert),
        "versions": [_version(v) for v in found.versions],
        "actions": [_action(a) for a in found.actions],
        "takes_two": takes_two(request, found.alert),
        "waits": _waiting(request, engine, found.alert),
    }


def _waiting(request: Request, engine: Runtime, alert: AlertRow) -> dict[str, Any] | None:
    if not takes_two(request, alert):
        return None
    with engine.records.database.read() as connection:
        found = changes.waiting(connection, f"{changes.ALERT}:{alert.id}")
    if found is None or found.proposed_us + changes.LASTS_US <= clock_us():
        return None
    name = names_of_logins(request, [found.proposed_by]).get(found.proposed_by, found.proposed_by)
    return {
        "change": found.id, "by": found.proposed_by, "name": name, "at": iso(found.proposed_us),
    }  # fmt: skip


def _version(row: VersionRow) -> dict[str, Any]:
    said = row.document
    names = ("withdrawn_reason", "lon", "lat", "sentence", "facts", "evidence", "held_by")
    return {
        "revision": row.revision,
        "seq": row.seq,
        "at": iso(row.at_us),
        "state": row.state,
        "priority": row.priority,
        "escalated": row.escalated,
        "start": iso(said["start_us"]),
        "end": iso_or_none(said["end_us"]),
        "updated": iso(said["updated_us"]),
        **{name: said[name] for name in names},
    }


def _action(row: ActionRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "seq": row.seq,
        "action": row.action,
        "by": row.by,
        "at": iso(row.at_us),
        "reason": row.reason,
        "to": row.to,
        "undone_by": row.undone_by,
    }
