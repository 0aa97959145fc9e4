"""`/changes`: what makes the watch blinder waits here until a second person agrees; `/reviews`:
dismissals that another desk looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import Response

from littoral.api.alert_json import Handling, SentenceModel, alert_json
from littoral.api.change_json import ChangeModel, change_json
from littoral.api.deps import Engine
from littoral.api.fields import Page, Time
from littoral.api.gate import (
    Acting,
    Actor,
    allowed_desk,
    described,
    gate_of,
    guarded,
    ref_of,
    safe_id,
    same_origin_if_signed_in,
)
from littoral.api.names import name_of_place, named, names_of_logins
from littoral.api.problems import ProblemError, not_found
from littoral.api.reasons_told import tell_with_reason
from littoral.api.second_person import (
    WRITES,
    may_decide,
    proposer_may,
    readable_kinds,
    require_change,
)
from littoral.api.signin.models import NameModel
from littoral.api.tables.lists import CHANGES
from littoral.api.tables.sheet import ANSWERS, FormatQuery, LangQuery, table_file
from littoral.api.wire import Json, iso, iso_or_none
from littoral.engine.runtime import Runtime
from littoral.schema.finding import NOTED
from littoral.store import actions, alerts, changes, dismissal_counts
from littoral.store.actions import NotFound
from littoral.store.alert_rows import AlertRow
from littoral.store.changes import (
    ALERT,
    GEOFENCE,
    LISTED,
    OUTAGE,
    SETTINGS,
    SHELF,
    Change,
    Dismissal,
    SecondPersonNeeded,
)
from littoral.store.clock import clock_us
from littoral.store.geofences import Conflict
from littoral.store.vault.entries import Entry

router = APIRouter(tags=["oversight"])

State = Literal["waiting", "made", "refused", "taken_back", "lapsed", "at_start"]
SAME_ORIGIN = [Depends(same_origin_if_signed_in)]
DAY_US = 86_400_000_000
MOST_COUNTS = 500


class DecisionInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    agree: bool
    note: str = Field("", max_length=1000)


class DismissedModel(BaseModel):
    """What of an alert its reviewer judges by, who need not be allowed to read alerts."""

    kind: str
    priority: int = Field(ge=1, le=NOTED)
    start: Time
    sentence: SentenceModel
    handling: Handling


class ReviewModel(BaseModel):
    id: str = Field(description="of the action that dismissed it")
    alert: str
    about: DismissedModel
    reason: str | None = Field(description="of the dismissal")
    things: list[str]
    desk: str = Field(description="unit and agency that dismissed it")
    by: str
    at: Time
    reviewed_by: str | None
    reviewed: Time | None
    agreed: bool | None
    note: str | None
    names: dict[str, str] = Field(description="by login, of who is referred to here")


class CountModel(BaseModel):
    thing: str
    name: str | None = Field(description="of the thing, as the newest dismissed alert has it")
    desk: str = Field(description="unit/agency")
    unit_name: NameModel | None
    count: int
    last: Time


@router.get(
    "/changes",
    response_model=Page[ChangeModel],
    summary="Changes that made or would make the watch blinder, newest first",
    responses=ANSWERS,
    **described("fence.read"),
)
def list_changes(
    request: Request,
    engine: Engine,
    who: Acting,
    state: State | None = None,
    form: FormatQuery = "json",
    lang: LangQuery = "zh",
) -> Response:
    kinds = readable_kinds(request, who)
    with engine.records.database.read() as connection:
        found = changes.listed(connection, clock_us(), state)
    shown = [c for c in found if c.kind in kinds]
    items = _named(request, who, shown)
    if form == "xlsx":
        return table_file(request, engine, "fence.read", "change:all", CHANGES, items, lang)
    return Json({"items": items, "next_cursor": None})


@router.post(
    "/changes/{change_id}/decision",
    response_model=ChangeModel,
    summary="Agree or refuse, as another person than the one who proposed it",
    responses={409: {"description": "It was decided or overtaken meanwhile"}},
    dependencies=SAME_ORIGIN,
    **described("fence.write"),
)
def decide_change(
    request: Request, engine: Engine, who: Acting, change_id: str, decision: DecisionInput
) -> Json:
    wanted = _known(engine, change_id)
    require_change(request, who, wanted, safe_id(change_id), agreeing=True)
    if wanted is None:
        raise not_found("change", change_id)
    if decision.agree:
        _lapse_with_proposer(request, engine, who, wanted)
    with refusals("change", change_id), engine.records.database.write() as connection:
        tell_with_reason(
            connection, wanted.id, request, who, WRITES[wanted.kind], f"change:{wanted.id}",
            wanted.before, wanted.after, agree=decision.agree, note=decision.note.strip(),
            proposed_by=wanted.proposed_by, why=wanted.why,
        )  # fmt: skip
        made = changes.decide(
            connection, change_id, decision.agree, decision.note, who.name, clock_us(), who.seats
        )
    _heed(request, engine, wanted.kind)()
    return Json(_named(request, who, [made])[0])


@router.delete(
    "/changes/{change_id}",
    response_model=ChangeModel,
    summary="Take a change back that waits",
    responses={409: {"description": "It no longer waits, or is somebody else's"}},
    dependencies=SAME_ORIGIN,
    **described("fence.write"),
)
def take_change_back(request: Request, engine: Engine, who: Acting, change_id: str) -> Json:
    require_change(request, who, _known(engine, change_id), safe_id(change_id), agreeing=False)
    with refusals("change", change_id), engine.records.database.write() as connection:
        back = changes.take_back(connection, change_id, who.name, clock_us())
    return Json(_named(request, who, [back])[0])


def _named(request: Request, who: Actor, found: list[Change]) -> list[dict[str, Any]]:
    names = names_of_logins(
        request, (login for c in found for login in (c.proposed_by, c.decided_by))
    )
    return [{**change_json(c, names), "may_decide": may_decide(request, who, c)} for c in found]


def _known(engine: Runtime, change_id: str) -> Change | None:
    with engine.records.database.write() as connection:
        changes.lapse(connection, clock_us())
        try:
            return changes.one(connection, change_id)
        except NotFound:
            return None


def _lapse_with_proposer(request: Request, engine: Runtime, who: Actor, wanted: Change) -> None:
    """In a transaction of its own, since what follows is refused."""
    gate = gate_of(request)
    if gate is None or wanted.state != changes.WAITING or proposer_may(gate, wanted):
        return
    with engine.records.database.write() as connection:
        lapsed = changes.lapse_of(connection, wanted.proposed_by, clock_us(), wanted.id)
        now_us = gate.trust.now_us()
        told = [
            Entry(who.ref, "change.lapse", f"change:{key}", "", "", "", now_us, "done")
            for key in lapsed
        ]
        gate.keep(connection, told)
    gate.settle()


def _heed(request: Request, engine: Runtime, kind: str) -> Callable[[], None]:
    """Tells the engine what was changed, and the pages of an alert."""
    return {
        GEOFENCE: engine.geofences_changed,
        OUTAGE: engine.outages_changed,
        SETTINGS: engine.settings_changed,
        ALERT: request.app.state.hub.signal,
        SHELF: request.app.state.hub.signal,
        LISTED: engine.watch_list_changed,
    }[kind]


@router.get(
    "/reviews",
    response_model=Page[ReviewModel],
    summary="Dismissals of other desks that wait for a look",
    **guarded("alert.read", kind="dismissed"),
)
def list_reviews(request: Request, engine: Engine, who: Acting) -> Json:
    with engine.records.database.read() as connection:
        found = changes.to_review(connection, who.seats, who.name)
        known, reasons = _dismissed(connection, found)
    names = names_of_logins(request, (d.who for d in found))
    items = [_review(d, known[d.alert_id], reasons[d.action_id], names) for d in found]
    return Json({"items": items, "next_cursor": None})


@router.post(
    "/reviews/{action_id}",
    response_model=ReviewModel,
    summary="Say whether the dismissal was right",
    responses={409: {"description": "It was reviewed already"}},
    **guarded("alert.act", kind="review", key="action_id"),
)
def review_dismissal(
    request: Request, engine: Engine, who: Acting, action_id: str, decision: DecisionInput
) -> Json:
    with refusals("review", action_id), engine.records.database.write() as connection:
        done = changes.review(
            connection, action_id, decision.agree, decision.note, allowed_desk(request), who.seats,
            who.name, clock_us(),
        )  # fmt: skip
        tell_with_reason(
            connection, done.action_id, request, who, "alert.act", ref_of("review", action_id),
            None, {"agree": decision.agree, "note": done.note},
        )  # fmt: skip
        known, reasons = _dismissed(connection, [done])
    names = names_of_logins(request, [done.who, done.reviewed_by])
    return Json(_review(done, known[done.alert_id], reasons[done.action_id], names))


@router.get(
    "/dismissals",
    response_model=Page[CountModel],
    summary="How often alerts were dismissed, by vessel and desk, most first",
    **guarded("oversight.read", kind="dismissals"),
)
def count_dismissals(
    request: Request,
    engine: Engine,
    days: Annotated[int, Query(ge=1, le=366)] = 30,
    least: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Json:
    with engine.records.database.read() as connection:
        found = dismissal_counts.counted(connection, clock_us() - days * DAY_US, least)[
            :MOST_COUNTS
        ]
        labels = dismissal_counts.labels(connection, found)
    items = [
        {
            "thing": c.thing,
            "name": labels.get(c.thing),
            "desk": c.desk,
            "unit_name": name_of_place(request, c.desk.partition("/")[0]),
            "count": c.count,
            "last": iso(c.last_us),
        }
        for c in found
    ]
    return Json({"items": items, "next_cursor": None})


@contextmanager
def refusals(what: str, key: str, field: str = "") -> Iterator[None]:
    """What the store refuses becomes a problem, a conflict with the `field` that it is about."""
    try:
        yield
    except NotFound as error:
        raise not_found(what, key) from error
    except SecondPersonNeeded as error:
        raise ProblemError(403, str(error)) from error
    except Conflict as error:
        raise ProblemError(409, str(error), {field: str(error)} if field else None) from error


def _dismissed(
    connection: Connection, found: list[Dismissal]
) -> tuple[dict[str, AlertRow], dict[str, str | None]]:
    """Their alerts by id, and the reasons that were given, by id of the action."""
    known = {a.id: a for a in alerts.read(connection, [d.alert_id for d in found])}
    return known, actions.reasons(connection, [d.action_id for d in found])


def _review(
    row: Dismissal, alert: AlertRow, reason: str | None, names: Mapping[str, str]
) -> dict[str, Any]:
    about = alert_json(alert)
    return {
        "id": row.action_id,
        "alert": row.alert_id,
        "about": {name: about[name] for name in DismissedModel.model_fields},
        "reason": reason,
        "things": row.things,
        "desk": row.desk,
        "by": row.who,
        "at": iso(row.at_us),
        "reviewed_by": row.reviewed_by,
        "reviewed": iso_or_none(row.reviewed_us),
        "agreed": row.agreed,
        "note": row.note,
        "names": named(names, row.who, row.reviewed_by),
    }
