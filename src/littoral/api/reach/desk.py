"""A desk's notices: telling its people, following who has it, writing down a call's answer."""

from __future__ import annotations

from fastapi import APIRouter, Request

from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.gate import Acting, described, gate_of, same_origin_if_signed_in
from littoral.api.params import LimitQuery
from littoral.api.problems import ProblemError
from littoral.api.reach.models import (
    CallInput,
    DeskNoticeModel,
    NoticeDetail,
    NoticeInput,
    NoticeModel,
    desk_json,
    events_json,
    notice_json,
)
from littoral.api.reach.sight import (
    NOTE,
    READ,
    SEND,
    WAITS,
    names,
    own_desk,
    people_of,
    permit,
    reaching,
    refusals,
)
from littoral.api.signin.models import Id
from littoral.api.wire import Json
from littoral.respond.reach.ladder import Notice
from littoral.store import reach
from littoral.store.clock import clock_us
from littoral.store.reach import Desk

router = APIRouter()


@router.get(
    "/notices",
    response_model=Page[DeskNoticeModel],
    summary="Notices of the own desk, newest first",
    **described(READ),
)
def list_notices(request: Request, engine: Engine, who: Acting, limit: LimitQuery = 100) -> Json:
    desk = own_desk(who)
    permit(request, who, READ, desk)
    with engine.records.database.read() as connection:
        rows = reach.of_desk(connection, desk, limit)
        calls = {row.id: reach.calls_of(connection, row, clock_us()) for row in rows}
    called = names(request, rows)
    items = [desk_json(row, called, calls[row.id]) for row in rows]
    return Json({"items": items, "next_cursor": None})


@router.post(
    "/notices",
    status_code=201,
    response_model=NoticeModel,
    summary="Tell people of the own unit, one after the other, until one has it",
    responses={409: {"description": "The id is that of another notice"}},
    **described(SEND),
)
def send_notice(request: Request, engine: Engine, who: Acting, given: NoticeInput) -> Json:
    same_origin_if_signed_in(request)
    desk = own_desk(who)
    permit(request, who, SEND, desk, str(given.id))
    running, gate = reaching(request), gate_of(request)
    assert gate is not None  # `reaching` looked
    people = people_of(gate, desk, given.to, running.channels)
    notice = Notice(running.now_us(), people, given.wants_answer, WAITS)
    with refusals(str(given.id)), engine.records.database.write() as connection:
        words = (given.text, given.text)
        row = reach.make(connection, given.id, given.thing, desk, words, notice, who.ref)
    running.wake()
    return Json(notice_json(row, names(request, [row])), status_code=201)


@router.get(
    "/notices/{notice_id}",
    response_model=NoticeDetail,
    summary="One notice with what became of each attempt",
    **described(READ),
)
def get_notice(request: Request, engine: Engine, who: Acting, notice_id: Id) -> Json:
    with refusals(notice_id), engine.records.database.read() as connection:
        row = reach.one(connection, notice_id)
        permit(request, who, READ, Desk(row.unit, row.agency), row.id)
        events = reach.events_of(connection, notice_id)
        calls = reach.calls_of(connection, row, clock_us())
    called = names(request, [row], (e.by for e in events))
    return Json({**desk_json(row, called, calls), "events": events_json(events, called)})


@router.post(
    "/notices/{notice_id}/calls",
    response_model=NoticeModel,
    summary="Write down a call by radio or telephone with its answer",
    responses={409: {"description": "The id is that of another event, or nobody is to be called"}},
    **described(NOTE),
)
def note_call(
    request: Request, engine: Engine, who: Acting, notice_id: Id, given: CallInput
) -> Json:
    same_origin_if_signed_in(request)
    with refusals(notice_id), engine.records.database.read() as connection:
        row = reach.one(connection, notice_id)
    permit(request, who, NOTE, Desk(row.unit, row.agency), row.id)
    ref = f"account:{given.account}"
    if ref not in {p.ref for p in row.notice.people}:
        said = "is not among those to be told"
        raise ProblemError(422, f"account: {said}.", {"account": said})
    with refusals(notice_id):
        detail = f"{given.how}: {given.text}"
        reaching(request).tell(notice_id, ref, "voice", given.kind, who.ref, detail, given.id)
    with engine.records.database.read() as connection:
        row = reach.one(connection, notice_id)
    return Json(notice_json(row, names(request, [row])))
