"""The routes of `/contacts`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy.engine import Connection
from starlette.responses import Response

from littoral.api.contacts.models import (
    ContactDetail,
    ContactEndInput,
    ContactModel,
    ContactReportInput,
    report_fields,
    step_json,
)
from littoral.api.contacts.sight import ADD, READ, may_add, read, shown, thing_of
from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.gate import (
    Acting,
    Actor,
    described,
    gate_of,
    guarded,
    safe_id,
    same_origin_if_signed_in,
)
from littoral.api.incidents.sight import names
from littoral.api.params import CursorQuery, LimitQuery, before_of, encode_cursor
from littoral.api.tables.lists import CONTACTS
from littoral.api.tables.sheet import ANSWERS, MOST_ROWS, FormatQuery, LangQuery, table_file
from littoral.api.tasks.acting import Act, acting
from littoral.api.wire import Json
from littoral.engine.runtime import Runtime
from littoral.respond.contact.flow import Step
from littoral.respond.contact.words import END, REPORT
from littoral.store import reason_keys, sea_contacts
from littoral.store.clock import clock_us
from littoral.store.sea_contacts import Kept
from littoral.store.vault import reasons

router = APIRouter(tags=["contacts"])


@router.get(
    "/contacts",
    response_model=Page[ContactModel],
    summary="Contacts in the live picture, as they were entered; or all, newest first",
    responses=ANSWERS,
    **guarded(READ),
)
def list_contacts(
    request: Request,
    engine: Engine,
    past: Annotated[bool, Query(description="those over or ended too, newest first")] = False,
    cursor: CursorQuery = None,
    limit: LimitQuery = 100,
    form: FormatQuery = "json",
    lang: LangQuery = "zh",
) -> Response:
    most = MOST_ROWS if form == "xlsx" else limit
    with engine.records.database.read() as connection:
        if past:
            found = sea_contacts.listed(connection, most + 1, before_of(cursor))
        else:
            found = sea_contacts.live(connection, clock_us())
    if form == "xlsx":
        rows = shown(gate_of(request), found)
        return table_file(request, engine, READ, "contact:all", CONTACTS, rows, lang)
    last = found[limit - 1].contact if past and len(found) > limit else None
    return Json({
        "items": shown(gate_of(request), found[:limit] if past else found),
        "next_cursor": None if last is None else encode_cursor(last.opened_us, last.id),
    })  # fmt: skip


@router.post(
    "/contacts",
    status_code=201,
    response_model=ContactModel,
    summary="Enter a contact that was heard or seen",
    responses={
        200: {"model": ContactModel, "description": "It was entered before"},
        409: {"description": "The id is that of another"},
    },
    **described(ADD),
)
def enter_contact(request: Request, engine: Engine, who: Acting, given: ContactReportInput) -> Json:
    key = str(given.id)
    kept, item = _take(request, engine, who, _report(key, who, given))
    return Json(item, status_code=201 if kept.fresh else 200)


@router.get(
    "/contacts/{contact_id}",
    response_model=ContactDetail,
    summary="One contact with all that was entered of it",
    **guarded(READ, key="contact_id"),
)
def get_contact(request: Request, engine: Engine, who: Acting, contact_id: str) -> Json:
    with engine.records.database.read() as connection:
        kept = read(connection, contact_id)
        steps = sea_contacts.steps(connection, kept.contact.id)
    replaced = frozenset(str(s.fields["replaces"]) for s in steps if s.fields.get("replaces"))
    named = names(request, {s.by for s in steps})
    (item,) = shown(gate_of(request), [kept])
    return Json({
        **item, "steps": [step_json(s, replaced, named) for s in steps],
        "may_add": may_add(gate_of(request), who, kept.contact.id),
    })  # fmt: skip


@router.post(
    "/contacts/{contact_id}/reports",
    response_model=ContactModel,
    summary="Report on it again, or correct a report; one that was ended is taken up again",
    responses={409: {"description": "The id is that of another report"}},
    **described(ADD),
)
def report_on_contact(
    request: Request, engine: Engine, who: Acting, contact_id: str, given: ContactReportInput
) -> Json:
    key = _known(engine, contact_id)
    return Json(_take(request, engine, who, _report(key, who, given))[1])


@router.post(
    "/contacts/{contact_id}/end",
    response_model=ContactModel,
    summary="End it: it came in, is a vessel of the picture, or was a mistake",
    responses={409: {"description": "It has ended already"}},
    **described(ADD),
)
def end_contact(
    request: Request, engine: Engine, who: Acting, contact_id: str, given: ContactEndInput
) -> Json:
    key = _known(engine, contact_id)
    fields = {"why": given.why, "mmsi": given.mmsi}
    step = Step(
        str(given.id), key, END, clock_us(), who.id, who.desk, fields, given.said
    )  # fmt: skip
    return Json(_take(request, engine, who, step)[1])


def _known(engine: Runtime, key: str) -> str:
    """The id, or a 404 problem."""
    with engine.records.database.read() as connection:
        return read(connection, key).contact.id


def _report(key: str, who: Actor, given: ContactReportInput) -> Step:
    return Step(
        str(given.id), key, REPORT, clock_us(), who.id, who.desk, report_fields(given), given.said,
        given.place_said,
    )  # fmt: skip


def _take(request: Request, engine: Runtime, who: Actor, step: Step) -> tuple[Kept, dict[str, Any]]:
    """Who sent it before is answered with what became of it."""
    same_origin_if_signed_in(request)
    act = Act(ADD, f"contact:{safe_id(step.contact)}", {"done": step.kind})
    with acting(engine, gate_of(request), who, act) as (connection, now):
        act = now.may(act, lambda _: thing_of(step.contact))
        kept = sea_contacts.take(connection, step)
        if kept.fresh:
            now.done.append(replace(act, facts=_told(connection, step, kept)))
    (item,) = shown(gate_of(request), [kept])
    return kept, item


def _told(connection: Connection, step: Step, kept: Kept) -> dict[str, Any]:
    """Numbers and codes as they are; of what was said a commitment, whose key ends with it."""
    item = reasons.item_id(sea_contacts.sea_contact_steps.name, step.id)
    words = {"said": step.words, "place_said": step.place_words}
    hidden = {
        name: {"hmac_sha256": reason_keys.committed(reason_keys.key_of(connection, item), text)}
        for name, text in words.items()
        if text
    }
    said = {name: value for name, value in step.fields.items() if value not in (None, "")}
    return {
        "done": step.kind, "step": step.id, "number": kept.number,
        "version": kept.contact.version, **said, **hidden,
    }  # fmt: skip
