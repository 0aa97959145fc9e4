"""The own notices: what a page or phone asks for, and confirms; and where one is reached."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from littoral.api.deps import Engine
from littoral.api.gate import Acting, Actor, gate_of, same_origin_if_signed_in
from littoral.api.problems import ProblemError, not_found
from littoral.api.reach.models import (
    ContactsInput,
    ContactsModel,
    NoticeModel,
    OwnEventInput,
    OwnNoticesModel,
    notice_json,
)
from littoral.api.reach.sight import names, reaching, refusals
from littoral.api.signin.models import Id
from littoral.api.wire import Json
from littoral.store import reach

DAY_US = 86_400_000_000
# A poll wakes the radio of a phone, which then stays awake for some ten seconds.
AT_WORK_S, AT_REST_S = 15, 60

router = APIRouter()


def _account(request: Request, who: Actor) -> str:
    """Raises a 403 problem for a key, which is nobody."""
    if gate_of(request) is None or who.identity is None or who.identity.kind != "account":
        raise ProblemError(403, "Notices are for people who signed in.")
    return who.id


@router.get("/me/notices", response_model=OwnNoticesModel, summary="What one is to be told")
def own_notices(request: Request, engine: Engine, who: Acting) -> Json:
    account = _account(request, who)
    running = reaching(request)
    with engine.records.database.read() as connection:
        since_us = running.now_us() - DAY_US
        rows = reach.for_person(connection, f"account:{account}", since_us)
    called = names(request, rows)
    waiting = any(row.ended_us is None and row.state != "answered" for row in rows)
    return Json(
        {
            "items": [notice_json(row, called) for row in rows],
            "ask_again_s": AT_WORK_S if waiting else AT_REST_S,
        }
    )


@router.post(
    "/me/notices/{notice_id}/events",
    response_model=NoticeModel,
    summary="A device has it; its owner answers or declines",
    responses={409: {"description": "The id is that of another event"}},
)
def own_event(
    request: Request, engine: Engine, who: Acting, notice_id: Id, given: OwnEventInput
) -> Json:
    same_origin_if_signed_in(request)
    ref = f"account:{_account(request, who)}"
    running = reaching(request)
    with engine.records.database.read() as connection:
        mine = {row.id for row in reach.for_person(connection, ref, 0)}
    if notice_id not in mine:
        raise not_found("notice", notice_id)
    with refusals(notice_id):
        running.tell(notice_id, ref, "app", given.kind, ref, given.text, given.id)
    with engine.records.database.read() as connection:
        row = reach.one(connection, notice_id)
    return Json(notice_json(row, names(request, [row])))


@router.get("/me/contacts", response_model=ContactsModel, summary="Where one is reached")
def own_contacts(request: Request, engine: Engine, who: Acting) -> Json:
    account, gate = _account(request, who), gate_of(request)
    assert gate is not None  # `_account` looked
    with engine.records.database.read() as connection:
        number = reach.contact(connection, account, "sms", gate.people.signin.sealer)
    return Json(
        {
            "sms": None if number is None else number[-3:],
            "texts": "sms" in reaching(request).channels,
        }
    )


@router.put("/me/contacts", status_code=204, summary="Say where one is reached")
def set_own_contacts(
    request: Request, engine: Engine, who: Acting, given: ContactsInput
) -> Response:
    same_origin_if_signed_in(request)
    account, gate = _account(request, who), gate_of(request)
    assert gate is not None  # `_account` looked
    with engine.records.database.write() as connection:
        reach.set_contact(
            connection, account, "sms", given.sms, gate.people.signin.sealer,
            gate.people.base.now_us(),
        )  # fmt: skip
    return Response(status_code=204)
