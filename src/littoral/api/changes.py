"""`/changes`: what makes the watch blinder waits here until a second person agrees; `/reviews`:
dismissals that another desk looks at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from littoral.api.change_json import ChangeModel, change_json
from littoral.api.deps import Engine
from littoral.api.fields import Page, Time
from littoral.api.gate import Acting, guarded, safe_id, tell_change
from littoral.api.problems import ProblemError, not_found
from littoral.api.wire import Json, iso, iso_or_none
from littoral.store import changes
from littoral.store.actions import NotFound
from littoral.store.changes import Dismissal, SecondPersonNeeded
from littoral.store.clock import clock_us
from littoral.store.geofences import Conflict

router = APIRouter(tags=["oversight"])

State = Literal["waiting", "made", "refused", "taken_back", "lapsed"]
DAY_US = 86_400_000_000


class DecisionInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    agree: bool
    note: str = Field("", max_length=1000)


class ReviewModel(BaseModel):
    id: str = Field(description="of the action that dismissed it")
    alert: str
    things: list[str]
    desk: str = Field(description="unit and agency that dismissed it")
    by: str
    at: Time
    reviewed_by: str | None
    reviewed: Time | None
    agreed: bool | None
    note: str | None


class CountModel(BaseModel):
    thing: str
    desk: str
    count: int
    last: Time


@router.get(
    "/changes",
    response_model=Page[ChangeModel],
    summary="Changes that made or would make the watch blinder, newest first",
    **guarded("fence.read", kind="change"),
)
def list_changes(engine: Engine, state: State | None = None) -> Json:
    with engine.records.database.read() as connection:
        found = changes.listed(connection, state)
    return Json({"items": [change_json(c) for c in found], "next_cursor": None})


@router.post(
    "/changes/{change_id}/decision",
    response_model=ChangeModel,
    summary="Agree or refuse, as another person than the one who proposed it",
    responses={409: {"description": "It was decided or overtaken meanwhile"}},
    **guarded("fence.write", kind="change", key="change_id"),
)
def decide_change(
    request: Request, engine: Engine, who: Acting, change_id: str, decision: DecisionInput
) -> Json:
    with refusals("change", change_id), engine.records.database.read() as connection:
        wanted = changes.one(connection, change_id)
    tell_change(
        request, who, "fence.write", f"change:{wanted.id}", wanted.before, wanted.after,
        agree=decision.agree, note=decision.note, proposed_by=wanted.proposed_by, why=wanted.why,
    )  # fmt: skip
    with refusals("change", change_id), engine.records.database.write() as connection:
        made = changes.decide(
            connection, change_id, decision.agree, decision.note, who.name, clock_us()
        )
    engine.geofences_changed()
    return Json(change_json(made))


@router.delete(
    "/changes/{change_id}",
    response_model=ChangeModel,
    summary="Take a change back that waits",
    responses={409: {"description": "It no longer waits, or is somebody else's"}},
    **guarded("fence.write", kind="change", key="change_id"),
)
def take_change_back(engine: Engine, who: Acting, change_id: str) -> Json:
    with refusals("change", change_id), engine.records.database.write() as connection:
        back = changes.take_back(connection, change_id, who.name, clock_us())
    return Json(change_json(back))


@router.get(
    "/reviews",
    response_model=Page[ReviewModel],
    summary="Dismissals of other desks that wait for a look",
    **guarded("alert.read", kind="dismissed"),
)
def list_reviews(engine: Engine, who: Acting) -> Json:
    with engine.records.database.read() as connection:
        found = changes.to_review(connection, who.desk)
    return Json({"items": [_review(d) for d in found], "next_cursor": None})


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
    tell_change(
        request, who, "alert.act", f"review:{safe_id(action_id)}", None,
        {"agree": decision.agree, "note": decision.note},
    )  # fmt: skip
    with refusals("review", action_id), engine.records.database.write() as connection:
        done = changes.review(
            connection, action_id, decision.agree, decision.note, who.desk, who.name, clock_us()
        )
    return Json(_review(done))


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
        found = changes.counted(connection, clock_us() - days * DAY_US, least)
    items = [
        {"thing": c.thing, "desk": c.desk, "count": c.count, "last": iso(c.last_us)}
        for c in found[:500]
    ]
    return Json({"items": items, "next_cursor": None})


@contextmanager
def refusals(what: str, key: str) -> Iterator[None]:
    """What the store refuses becomes a problem."""
    try:
        yield
    except NotFound as error:
        raise not_found(what, key) from error
    except SecondPersonNeeded as error:
        raise ProblemError(403, str(error)) from error
    except Conflict as error:
        raise ProblemError(409, str(error)) from error


def _review(row: Dismissal) -> dict[str, Any]:
    return {
        "id": row.action_id,
        "alert": row.alert_id,
        "things": row.things,
        "desk": row.desk,
        "by": row.who,
        "at": iso(row.at_us),
        "reviewed_by": row.reviewed_by,
        "reviewed": iso_or_none(row.reviewed_us),
        "agreed": row.agreed,
        "note": row.note,
    }
