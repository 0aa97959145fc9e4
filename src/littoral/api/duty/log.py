"""The watch log of a desk: signing in and out, checks, what was seen, heard and ordered."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from littoral.api.deps import Engine
from littoral.api.duty.models import EntryInput, EntryModel, UnitPath
from littoral.api.duty.shown import entry_json
from littoral.api.duty.sight import (
    EARLY_US,
    READ,
    WATCH,
    Desk,
    check_unit,
    desk_of,
    known_desk,
    names,
    permit,
    refusals,
)
from littoral.api.fields import Agency, Page
from littoral.api.gate import Acting, described, gate_of, same_origin_if_signed_in
from littoral.api.incidents.sight import when_us
from littoral.api.params import CursorQuery, LimitQuery, decode_cursor, encode_cursor
from littoral.api.problems import bad_parameter
from littoral.api.tables.lists import WATCH_LOG
from littoral.api.tables.sheet import ANSWERS, MOST_ROWS, FormatQuery, LangQuery, table_file
from littoral.api.wire import Json
from littoral.respond.duty.paper import Refused
from littoral.respond.duty.shifts import Shift
from littoral.store.clock import clock_us
from littoral.store.duty import entries
from littoral.store.duty.entries import CHECK, SIGN_IN, SIGN_OUT, Entry

router = APIRouter()


@router.get(
    "/duty/desks/{unit}/{agency}/log",
    response_model=Page[EntryModel],
    summary="The watch log, newest first",
    responses=ANSWERS,
    **described(READ),
)
def list_entries(
    request: Request, engine: Engine, who: Acting, unit: UnitPath, agency: Agency,
    cursor: CursorQuery = None, limit: LimitQuery = 100, form: FormatQuery = "json",
    lang: LangQuery = "zh",
) -> Response:  # fmt: skip
    check_unit(gate_of(request), unit)
    before = seq_of(cursor)
    if form == "xlsx":
        before, limit = None, MOST_ROWS
    with engine.records.database.read() as connection:
        permit(request, who, READ, desk_of(request, connection, unit, agency))
        found = entries.listed(connection, unit, agency, limit + 1, before)
    called = names(request, {e.by for e in found})
    if form == "xlsx":
        rows = [entry_json(e, called) for e in found]
        thing = f"duty:{unit}.{agency}"
        return table_file(request, engine, READ, thing, WATCH_LOG, rows, lang)
    more = len(found) > limit
    return Json(
        {
            "items": [entry_json(e, called) for e in found[:limit]],
            "next_cursor": encode_cursor(found[limit - 1].seq) if more else None,
        }
    )


@router.post(
    "/duty/desks/{unit}/{agency}/log",
    status_code=201,
    response_model=EntryModel,
    summary="Sign in or out, tick a check off, write into the watch log",
    responses={409: {"description": "The id is that of another entry"}},
    **described(WATCH),
)
def add_entry(
    request: Request, engine: Engine, who: Acting, unit: UnitPath, agency: Agency, given: EntryInput
) -> Json:
    same_origin_if_signed_in(request)
    check_unit(gate_of(request), unit)
    at_us = when_us(given.at)
    with refusals("entry", given.ref), engine.records.database.write() as connection:
        desk = desk_of(request, connection, unit, agency)
        permit(request, who, WATCH, desk, done=given.kind)
        known_desk(request, connection, unit, agency)
        known = entries.found(connection, str(given.id))
        if known is not None:  # sent again, maybe when the watch has changed
            key = known.shift
        else:
            shift = _shift(desk, given.kind, who.id, at_us)
            _check(shift, given)
            key = shift.key
        entry = Entry(
            str(given.id), unit, agency, key, given.kind, given.ref, given.text.strip(), at_us,
            clock_us(), who.id,
        )  # fmt: skip
        kept = entries.add(connection, entry)
    return Json(entry_json(kept, names(request, [kept.by])), status_code=201)


def seq_of(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    (seq,) = decode_cursor(cursor, int)
    if not 0 <= seq < 2**62:
        raise bad_parameter("cursor", "is not one that this server gave")
    return int(seq)


def _check(shift: Shift, given: EntryInput) -> None:
    if given.kind == CHECK and given.ref not in {c.id for c in shift.regulation.checks}:
        raise Refused("check", "本班没有这项检查。", "The regulation has no such check.", "ref")
    if given.kind not in (SIGN_IN, SIGN_OUT, CHECK) and not given.text.strip():
        raise Refused("missing", "请填写内容。", "It says nothing.", "text")


def _shift(desk: Desk, kind: str, account: str, at_us: int) -> Shift:
    """To which the entry belongs. One signs in for a shift that one stands, from an hour before
    its begin on, and out of one until an hour after its end."""
    now = desk.shift_at(at_us)
    if kind in (SIGN_IN, SIGN_OUT):
        beside = at_us + EARLY_US if kind == SIGN_IN else at_us - EARLY_US
        for shift in (now, desk.shift_at(beside)):
            if shift is not None and account in {s.account for s in desk.stints(shift)}:
                return shift
        raise Refused(
            "off_duty", "您不在本班次的值班表上：请先换班或由负责人调整。",
            "You do not stand this watch by the roster: swap, or have it overridden, first.",
        )  # fmt: skip
    if now is None:
        raise Refused("no_shift", "此时没有值班班次。", "No shift has the watch then.", "at")
    return now
