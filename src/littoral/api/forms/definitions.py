"""`/forms`: uploaded, looked at, published, retired, given out again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import resources
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from littoral.access import Resource
from littoral.api.assessed import above, assessed
from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.forms.models import (
    CheckedModel,
    FormModel,
    PublishInput,
    Purpose,
    ShippedModel,
    fault_json,
    form_json,
)
from littoral.api.forms.sight import (
    READ,
    WRITE,
    gate_there,
    may,
    places_of,
    require_reading,
    thing_of,
    unit_name,
)
from littoral.api.gate import (
    Acting,
    Actor,
    Gate,
    described,
    safe_id,
    same_origin_if_signed_in,
    tell_change,
)
from littoral.api.incidents.sight import names
from littoral.api.problems import ProblemError
from littoral.api.sync.filing import purposes
from littoral.api.wire import Json, attachment
from littoral.engine.runtime import Runtime
from littoral.store.forms import versions
from littoral.store.forms.apart import Busy, converted
from littoral.store.forms.convert import Converted, FormRefused
from littoral.store.forms.versions import FormVersion, TooManyDrafts, VersionTaken
from littoral.store.vault import assessments
from littoral.store.vault.ids import new_id

router = APIRouter()

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XML = "application/xml"
SHIPPED = resources.files("littoral.store.forms").joinpath("shipped")
BUSY_S = 5
TITLES = {
    "household_visit": "入户走访 Household visit",
    "place_report": "带图情况报告 Report with photo and place",
    "patrol": "岸线巡查 Patrol",
}


def _binary(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}


@router.get(
    "/forms",
    response_model=Page[FormModel],
    summary="Forms that the caller may fill in or change, the last uploaded first",
    **described(READ),
)
def list_forms(
    request: Request,
    engine: Engine,
    who: Acting,
    in_force: Annotated[bool, Query(description="only those that are filled in now")] = False,
) -> Json:
    gate = gate_there(request)
    with engine.records.database.read() as connection:
        writes, reads = places_of(gate, who, versions.places(connection))
        now = versions.in_force(connection, [*writes, *reads], gate.trust.now_us())
        if in_force:
            seen = list(versions.by_ids(connection, now).values())
        else:
            seen = versions.listed(connection, writes, drafts=True)
            seen += versions.listed(connection, reads, drafts=False)
    seen.sort(key=lambda one: (-one.uploaded_us, one.id))
    if not seen and not any(_reads(gate, who, p.unit, p.agency) for p in who.principals):
        gate.require(who, READ, _own(gate, who))
    return Json({"items": _shown(request, gate, who, seen, now), "next_cursor": None})


@router.get(
    "/forms/shipped",
    response_model=Page[ShippedModel],
    summary="Forms that come with Littoral, to take over or to change",
    **described(READ),
)
def list_shipped(request: Request, who: Acting) -> Json:
    gate = gate_there(request)
    gate.require(who, READ, _own(gate, who))
    items = [{"name": name, "title": title} for name, title in TITLES.items()]
    return Json({"items": items, "next_cursor": None})


@router.get(
    "/forms/shipped/{name}",
    response_class=Response,
    responses=_binary(XLSX),
    summary="One of them as the Excel file that it is",
    **described(READ),
)
def get_shipped(request: Request, who: Acting, name: str) -> Response:
    gate = gate_there(request)
    gate.require(who, READ, _own(gate, who))
    if name not in TITLES:
        raise ProblemError(404, f"There is no form {name[:100]!r} that comes with Littoral.")
    return _file(SHIPPED.joinpath(f"{name}.xlsx").read_bytes(), f"{name}.xlsx", XLSX)


@router.post(
    "/forms/upload",
    response_model=CheckedModel,
    summary="Look at an XLSForm (.xlsx); with `keep` take it in as a draft",
    responses={422: {"description": "It has faults and `keep` was given; `faults` says where"}},
    **described(
        WRITE,
        requestBody={
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        },
    ),
)
async def upload_form(
    request: Request,
    engine: Engine,
    who: Acting,
    name: Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")],
    purpose: Annotated[Purpose, Query(description="for which what is handed in is kept")],
    unit: Annotated[str, Query(max_length=40, description="empty: the caller's own")] = "",
    keep: bool = False,
) -> Json:
    data = await request.body()
    return await run_in_threadpool(_upload, request, engine, who, data, name, purpose, unit, keep)


@router.get(
    "/forms/{form}",
    response_model=FormModel,
    summary="A version of a form: its questions, since when it is in force",
    **described(READ),
)
def get_form(request: Request, engine: Engine, who: Acting, form: str) -> Json:
    gate = gate_there(request)
    with engine.records.database.read() as connection:
        found = require_reading(gate, who, versions.one(connection, form), form)
    return Json(_one(request, engine, gate, who, found))


@router.get(
    "/forms/{form}/form.xlsx",
    response_class=Response,
    responses=_binary(XLSX),
    summary="The Excel file as it was uploaded",
    **described(READ),
)
def get_form_xlsx(request: Request, engine: Engine, who: Acting, form: str) -> Response:
    found, (_, xlsx) = _files(request, engine, who, form)
    return _file(xlsx, f"{found.form_id}-{found.version}.xlsx", XLSX)


@router.get(
    "/forms/{form}/form.xml",
    response_class=Response,
    responses=_binary(XML),
    summary="The XForm, as ODK and Kobo take it",
    **described(READ),
)
def get_form_xml(request: Request, engine: Engine, who: Acting, form: str) -> Response:
    found, (xform, _) = _files(request, engine, who, form)
    return _file(xform.encode(), f"{found.form_id}-{found.version}.xml", XML)


@router.post(
    "/forms/{form}/publish",
    response_model=FormModel,
    summary="Put a version in force, now or later; it replaces the one before",
    responses={
        409: {"description": "It is retired or in force, or asks for what no assessment covers"}
    },
    **described(WRITE),
)
def publish_form(
    request: Request, engine: Engine, who: Acting, form: str, given: PublishInput
) -> Json:
    gate, found = _to_write(request, engine, who, form)
    now_us = gate.trust.now_us()
    if found.retired_us is not None:
        raise ProblemError(409, "It was retired; upload it again as another version.")
    from_us = now_us if given.valid_from is None else given.valid_from
    if found.from_us is not None and found.from_us <= now_us:
        raise ProblemError(409, "It is in force already.")
    if given.valid_from is not None and from_us < now_us:
        raise ProblemError(422, "valid_from: is past", {"valid_from": "is past"})
    if found.asks_sensitive:
        with assessed(gate), engine.records.database.read() as connection:
            around = above(gate, found.unit)
            assessments.check(connection, found.purpose, found.unit, around, found.agency, from_us)
    before = {"valid_from": found.from_us}
    tell_change(request, who, WRITE, f"form:{found.id}", before, {"valid_from": from_us})
    with engine.records.database.write() as connection:
        versions.publish(connection, found.id, who.id, from_us)
    return _again(request, engine, gate, who, found.id)


@router.post(
    "/forms/{form}/retire",
    response_model=FormModel,
    summary="End a version: nobody fills it in anew; what was filled in is still taken",
    **described(WRITE),
)
def retire_form(request: Request, engine: Engine, who: Acting, form: str) -> Json:
    gate, found = _to_write(request, engine, who, form)
    if found.retired_us is None:
        now_us = gate.trust.now_us()
        tell_change(
            request, who, WRITE, f"form:{found.id}", {"state": found.state}, {"state": "retired"}
        )
        with engine.records.database.write() as connection:
            versions.retire(connection, found.id, who.id, now_us)
    return _again(request, engine, gate, who, found.id)


def _upload(
    request: Request, engine: Runtime, who: Actor, data: bytes, name: str, purpose: str,
    unit: str, keep: bool,
) -> Json:  # fmt: skip
    same_origin_if_signed_in(request)
    gate = gate_there(request)
    there = _place_of(gate, who, unit)
    if there.agency not in purposes().charged.get(purpose, []):
        why = f"purpose: {there.agency} is not charged with {purpose}"
        raise ProblemError(422, why, {"purpose": why})
    now_us = gate.trust.now_us()
    # A version that the settings do not give: the minute, as ODK Central counts them too.
    stamp = datetime.fromtimestamp(now_us / 1e6, UTC).strftime("%Y%m%d%H%M%S")
    try:
        made = converted(data, name, stamp)
    except Busy as error:
        detail = "Another form is being looked at; try again in a moment."
        raise ProblemError(503, detail, retry_after_s=BUSY_S) from error
    except FormRefused as refused:
        faults = [fault_json(fault) for fault in refused.faults]
        if not keep:
            return Json({"faults": faults, "fault_count": refused.count, "form": None})
        detail = f"{refused.count:,} faults; nothing was taken."
        raise ProblemError(
            422, detail, more={"faults": faults, "fault_count": refused.count}
        ) from refused
    draft = _draft(made, there, purpose, name, who, now_us)
    if keep:
        tell_change(
            request, who, WRITE, f"form:{draft.id}", None,
            {"form_id": made.form_id, "version": made.version, "sha256": made.sha256},
        )  # fmt: skip
        try:
            with engine.records.database.write() as connection:
                draft = versions.add(connection, draft, made.xform, data)
        except VersionTaken as error:
            raise ProblemError(409, str(error), {"version": str(error)}) from error
        except TooManyDrafts as error:
            raise ProblemError(409, f"{error}.") from error
    shown = _shown(request, gate, who, [draft], set())[0]
    return Json({"faults": [], "fault_count": 0, "form": shown})


def _draft(
    made: Converted, there: Resource, purpose: str, name: str, who: Actor, now_us: int
) -> FormVersion:
    return FormVersion(
        new_id(now_us), there.unit, there.agency, made.form_id, made.version, made.title, purpose,
        made.is_open, made.questions_json(), list(made.warnings), made.sha256, name, who.id, now_us,
        None, None, None, None,
    )  # fmt: skip


def _place_of(gate: Gate, who: Actor, unit: str) -> Resource:
    """Of the first place of the caller where forms may be changed. Raises a 403 problem."""
    places = [p for p in who.principals if not unit or p.unit == unit]
    for place in places:
        thing = thing_of(gate, place.unit, place.agency)
        if may(gate, who, WRITE, thing):
            gate.require(who, WRITE, thing)
            return thing
    thing = _own(gate, who) if not unit else thing_of(gate, safe_id(unit), "")
    gate.require(who, WRITE, thing)
    return thing


def _own(gate: Gate, who: Actor) -> Resource:
    """A form of the caller's own place, or of none."""
    for place in who.principals:
        thing = thing_of(gate, place.unit, place.agency)
        if may(gate, who, READ, thing):
            return thing
    if who.principals:
        return thing_of(gate, who.principals[0].unit, who.principals[0].agency)
    return Resource("operational", kind="form")


def _reads(gate: Gate, who: Actor, unit: str, agency: str) -> bool:
    return may(gate, who, READ, thing_of(gate, unit, agency))


def _shown(
    request: Request, gate: Gate, who: Actor, found: Sequence[FormVersion], now: set[str]
) -> list[dict[str, Any]]:
    named = names(request, {one.by for one in found})
    writes = {
        place: may(gate, who, WRITE, thing_of(gate, *place))
        for place in {(one.unit, one.agency) for one in found}
    }
    return [
        form_json(
            one, unit_name(gate, one.unit), named.get(one.by, one.by), one.id in now,
            writes[one.unit, one.agency],
        )
        for one in found
    ]  # fmt: skip


def _one(
    request: Request, engine: Runtime, gate: Gate, who: Actor, found: FormVersion
) -> dict[str, Any]:
    with engine.records.database.read() as connection:
        place = (found.unit, found.agency)
        now = versions.in_force(connection, [place], gate.trust.now_us())
    return _shown(request, gate, who, [found], now)[0]


def _again(request: Request, engine: Runtime, gate: Gate, who: Actor, key: str) -> Json:
    with engine.records.database.read() as connection:
        found = versions.one(connection, key)
    assert found is not None
    return Json(_one(request, engine, gate, who, found))


def _to_write(request: Request, engine: Runtime, who: Actor, key: str) -> tuple[Gate, FormVersion]:
    same_origin_if_signed_in(request)
    gate = gate_there(request)
    with engine.records.database.read() as connection:
        found = require_reading(gate, who, versions.one(connection, key), key)
    gate.require(who, WRITE, thing_of(gate, found.unit, found.agency, found.id))
    return gate, found


def _files(
    request: Request, engine: Runtime, who: Actor, key: str
) -> tuple[FormVersion, tuple[str, bytes]]:
    gate = gate_there(request)
    with engine.records.database.read() as connection:
        found = require_reading(gate, who, versions.one(connection, key), key)
        return found, versions.files(connection, found.id)


def _file(data: bytes, name: str, media_type: str) -> Response:
    headers = {"content-disposition": attachment(name)}
    return Response(data, media_type=media_type, headers=headers)
