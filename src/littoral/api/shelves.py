"""`/shelves`: alerts set aside until a time. One alert by one person; a class of them makes the
watch blinder and takes two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.engine import Connection
from starlette.responses import Response

from littoral.api.alerts import is_distress, may_act, read_alert
from littoral.api.changes import refusals
from littoral.api.deps import Engine
from littoral.api.fields import Page, Time
from littoral.api.gate import Acting, Actor, gate_of, guarded
from littoral.api.names import named, names_of_logins
from littoral.api.params import Instant
from littoral.api.problems import ProblemError
from littoral.api.reasons_told import tell_with_reason
from littoral.api.second_person import WAITS, waits
from littoral.api.wire import Json, iso, iso_or_none
from littoral.detect import find_detectors
from littoral.engine.runtime import Runtime
from littoral.schema.finding import EMERGENCY_ALARM, WITHDRAWN
from littoral.store import alerts, changes, shelves
from littoral.store.alert_rows import DISMISSED
from littoral.store.changes import Change
from littoral.store.clock import clock_us
from littoral.store.database import RecordsError
from littoral.store.shelves import Shelf
from littoral.store.tables import alerts as alerts_table
from littoral.store.vault import reasons

router = APIRouter(tags=["alerts"])

HELP = (
    "Alerts of distress and emergency alarms are not set aside: they are answered, or dismissed by "
    "two persons."
)
NEVER = (
    "Calls of distress, and that nothing is heard at all, are not set aside as a class: somebody "
    "asks for help, or the picture itself is wrong."
)


class OneInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="made by the client; the same once more is no change")
    until: Instant = Field(description="at most seven days from now")
    reason: str = Field(min_length=1, max_length=1000)


class ClassInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="made by the client; the same once more is no change")
    rule: str = Field(min_length=1, max_length=80)
    kind: str = Field(min_length=1, max_length=80)
    fence: str | None = Field(None, max_length=64, description="only what lies in this geofence")
    thing: str | None = Field(
        None, max_length=200, pattern=r"^(mmsi|receiver):.+$", description="only alerts of this",
        examples=["mmsi:412000001", "receiver:sanya"],
    )  # fmt: skip
    until: Instant = Field(description="at most twelve hours from now")
    reason: str = Field(min_length=1, max_length=1000)


class ShelfModel(BaseModel):
    id: str
    alert: str | None = Field(description="the one alert; null: a class")
    rule: str | None
    kind: str | None
    fence: str | None
    thing: str | None
    reason: str
    by: str
    at: Time
    until: Time
    ended_by: str | None = Field(description="null: not ended, or by its time")
    ended: Time | None
    holds: int = Field(description="alerts that lie on it now")
    names: dict[str, str] = Field(description="by login, of who is referred to here")


@router.get(
    "/shelves",
    response_model=Page[ShelfModel],
    summary="Shelves, newest first; those that are over have `ended`",
    **guarded("alert.read"),
)
def list_shelves(request: Request, engine: Engine) -> Json:
    with engine.records.database.read() as connection:
        found = shelves.listed(connection)
        held = Counter(dict(_held(connection)))
    names = names_of_logins(request, (login for s in found for login in (s.who, s.ended_by)))
    items = [_json(s, held[s.id], names) for s in found]
    return Json({"items": items, "next_cursor": None})


@router.post(
    "/alerts/{alert_id}/shelf",
    status_code=201,
    response_model=ShelfModel,
    summary="Set one alert aside until a time",
    responses={409: {"description": "It is dealt with, or never set aside"}},
    **guarded("alert.read", key="alert_id"),
)
def shelve_alert(
    request: Request, engine: Engine, who: Acting, alert_id: str, wanted: OneInput
) -> Json:
    alert = read_alert(engine, alert_id).alert
    may_act(request, alert, "dismiss")  # for a time it is as if dismissed
    if is_distress(alert) or alert.priority == EMERGENCY_ALARM:
        raise ProblemError(409, HELP)
    if alert.handling == DISMISSED or alert.state == WITHDRAWN:
        raise ProblemError(409, "It is dealt with already.")
    rule_priority = _rule_priority(engine, alert_id)
    where = {"alert_id": alert_id, "priority": rule_priority}
    made = _set_up(
        request, engine, who, "alert.dismiss", str(wanted.id), where, wanted.reason, wanted.until,
        [alert_id],
    )  # fmt: skip
    return _answer(request, engine, made)


@router.post(
    "/shelves",
    status_code=201,
    response_model=ShelfModel,
    summary="Set a class of alerts aside until a time; takes a second person",
    responses={409: {"description": "Such alerts are never set aside"}, **WAITS},
    **guarded("fence.write", kind="shelf"),
)
def shelve_class(request: Request, engine: Engine, who: Acting, wanted: ClassInput) -> Json:
    where = {name: getattr(wanted, name) for name in ("rule", "kind", "fence", "thing")}
    _check_class(engine, wanted)
    key = str(wanted.id)
    if gate_of(request) is None:  # one operator, no second person
        with engine.records.database.read() as connection:
            found = alerts.of_class(connection, wanted.rule)
        made = _set_up(
            request, engine, who, "fence.write", key, where, wanted.reason, wanted.until, found
        )
        return _answer(request, engine, made)
    return waits(request, _proposed(engine, who, key, where, wanted))


@router.delete(
    "/shelves/{shelf_id}",
    status_code=204,
    summary="Take what lies on a shelf back at once",
    responses={404: {"description": "There is none, or it is over"}},
    **guarded("alert.dismiss", kind="shelf", key="shelf_id"),
)
def end_shelf(request: Request, engine: Engine, who: Acting, shelf_id: str) -> Response:
    with refusals("shelf", shelf_id), engine.records.database.write() as connection:
        shelf = shelves.one(connection, shelf_id)
        _tell(connection, request, who, "alert.dismiss", shelf_id, shelf.document, None)
        shelves.end(connection, shelf_id, who.name, clock_us())
        alerts.restand(connection, alerts.on_shelves(connection, [shelf_id]), clock_us())
    request.app.state.hub.signal()
    return Response(status_code=204)


def _check_class(engine: Runtime, wanted: ClassInput) -> None:
    """Raises a problem for what is no class, or one that is never set aside."""
    if wanted.rule not in find_detectors():
        raise ProblemError(422, "rule: there is no such rule", {"rule": "there is no such rule"})
    if wanted.rule in shelves.NEVER_RULES and wanted.kind not in shelves.MILD_KINDS:
        raise ProblemError(409, NEVER)
    fences = {fence.id for fence in engine.world.geofences}
    if wanted.fence is not None and wanted.fence not in fences:
        message = "there is no such geofence"
        raise ProblemError(422, f"fence: {message}", {"fence": message})
    _check_end(True, wanted.reason, wanted.until)


def _check_end(is_class: bool, reason: str, until_us: int) -> None:
    try:
        shelves.check(is_class, reason, until_us, clock_us())
    except RecordsError as error:
        field = "until" if reason.strip() else "reason"
        raise ProblemError(422, f"{field}: {error}", {field: str(error)}) from error


def _proposed(
    engine: Runtime, who: Actor, key: str, where: Mapping[str, Any], wanted: ClassInput
) -> Change:
    """The change that waits for a second person."""
    after = {"alert_id": None, **where, "reason": wanted.reason, "until_us": wanted.until}
    with refusals("shelf", key), engine.records.database.write() as connection:
        return changes.propose(
            connection, key, f"{changes.SHELF}:{key}", 1, {}, after, [shelves.CLASS],
            wanted.reason, who.name, clock_us(),
        )  # fmt: skip


def _set_up(
    request: Request,
    engine: Runtime,
    who: Actor,
    action: str,
    key: str,
    where: Mapping[str, Any],
    reason: str,
    until_us: int,
    on_it: list[str],
) -> Shelf:
    """`on_it`: ids of the alerts that may lie on it."""
    _check_end(where.get("alert_id") is None, reason, until_us)
    with refusals("shelf", key), engine.records.database.write() as connection:
        after = {**where, "reason": reason, "until_us": until_us}
        _tell(connection, request, who, action, key, None, after)
        made = shelves.create(connection, key, where, reason, until_us, who.name, clock_us())
        alerts.restand(connection, on_it, clock_us())
    request.app.state.hub.signal()
    return made


def _tell(
    connection: Connection,
    request: Request,
    who: Actor,
    action: str,
    key: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    item = reasons.item_id(shelves.table.name, key)
    tell_with_reason(connection, item, request, who, action, f"shelf:{key}", before, after)


def _rule_priority(engine: Runtime, alert_id: str) -> int:
    query = sa.select(alerts_table.c.rule_priority).where(alerts_table.c.id == alert_id)
    with engine.records.database.read() as connection:
        return int(connection.execute(query).scalar_one())


def _held(connection: Connection) -> list[tuple[str, int]]:
    c = alerts_table.c
    query = sa.select(c.shelf, sa.func.count()).where(c.shelf.is_not(None)).group_by(c.shelf)
    return [(key, n) for key, n in connection.execute(query)]


def _answer(request: Request, engine: Runtime, made: Shelf) -> Json:
    with engine.records.database.read() as connection:
        held = dict(_held(connection)).get(made.id, 0)
    return Json(_json(made, held, names_of_logins(request, [made.who])), status_code=201)


def _json(shelf: Shelf, held: int, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": shelf.id, "alert": shelf.alert_id, "rule": shelf.rule, "kind": shelf.kind,
        "fence": shelf.fence, "thing": shelf.thing, "reason": shelf.reason, "by": shelf.who,
        "at": iso(shelf.at_us), "until": iso(shelf.until_us), "ended_by": shelf.ended_by,
        "ended": iso_or_none(shelf.ended_us), "holds": held,
        "names": named(names, shelf.who, shelf.ended_by),
    }  # fmt: skip
