"""The routes of `/responders`."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.gate import Acting as Who
from littoral.api.gate import Actor, Gate, described, gate_of, safe_id, same_origin_if_signed_in
from littoral.api.incidents.sight import check_agency, check_unit, when_us
from littoral.api.problems import ProblemError
from littoral.api.tables.lists import RESPONDERS
from littoral.api.tables.sheet import ANSWERS, FormatQuery, LangQuery, table_file
from littoral.api.tasks.acting import Act, acting
from littoral.api.tasks.models import (
    DevicePositionInput,
    PositionInput,
    ResponderEdit,
    ResponderInput,
    ResponderModel,
    StatusInput,
    responder_values,
)
from littoral.api.tasks.shown import shown_responders
from littoral.api.tasks.sight import (
    MANAGE,
    READ_RESPONDER,
    REPORT,
    of_responder,
    read_responder,
    visible_responders,
)
from littoral.api.wire import Json
from littoral.engine.runtime import Runtime
from littoral.respond.task.responder import KNOT_MPS, Fix, Responder
from littoral.respond.task.words import DEVICE
from littoral.store import responders
from littoral.store.clock import clock_us
from littoral.store.people import accounts
from littoral.store.people.packaged import PROVINCE

MOST = 2_000

router = APIRouter(tags=["tasks"])


@router.get(
    "/responders",
    response_model=Page[ResponderModel],
    summary="Boats, vehicles, teams, aircraft and grid workers, by office and name",
    responses=ANSWERS,
    **described(READ_RESPONDER),
)
def list_responders(
    request: Request,
    engine: Engine,
    who: Who,
    form: FormatQuery = "json",
    lang: LangQuery = "zh",
) -> Response:
    with engine.records.database.read() as connection:
        found = responders.listed(connection, MOST, visible_responders(request, who))
    items = shown_responders(request, engine, who, found)
    if form == "xlsx":
        return table_file(request, engine, READ_RESPONDER, "responder:all", RESPONDERS, items, lang)
    return Json({"items": items, "next_cursor": None})


@router.post(
    "/responders",
    status_code=201,
    response_model=ResponderModel,
    summary="Add one",
    responses={409: {"description": "The id is that of another"}},
    **described(MANAGE),
)
def add_responder(request: Request, engine: Engine, who: Who, given: ResponderInput) -> Json:
    same_origin_if_signed_in(request)
    gate = gate_of(request)
    place = who.principals[0] if who.principals else None
    office = given.office or (place.unit if place is not None else PROVINCE)
    agency = given.agency or (place.agency if place is not None else "platform")
    # Units are public: that there is none of that code is said before who may is asked.
    check_unit(gate, "office", office)
    values = responder_values(given)  # type: ignore[arg-type]  # the same fields and more
    values |= {"id": str(given.id), "office": office, "agency": agency}
    responder = Responder(**values)
    act = Act(MANAGE, ref(responder.id), {"done": "add", "office": office})
    with acting(engine, gate, who, act) as (connection, now):
        act = now.may(act, lambda g: of_responder(g, responder))
        check_agency(gate, agency, office)
        check_values(gate, values)
        made = responders.create(connection, responder)
        now.done.append(act)
    (item,) = shown_responders(request, engine, who, [made])
    return Json(item, status_code=201)


@router.patch(
    "/responders/{responder_id}",
    response_model=ResponderModel,
    summary="Change what is known of one",
    responses={409: {"description": "Somebody else was faster with a field"}},
    **described(MANAGE),
)
def edit_responder(
    request: Request, engine: Engine, who: Who, responder_id: UUID, given: ResponderEdit
) -> Json:
    same_origin_if_signed_in(request)
    gate, key = gate_of(request), str(responder_id)
    values = responder_values(given)
    seen = None if given.seen is None else responder_values(given.seen)
    act = Act(MANAGE, ref(key), {"done": "edit", "fields": sorted(values)})
    with acting(engine, gate, who, act) as (connection, now):
        before = read_responder(connection, key)
        act = now.may(act, lambda g: of_responder(g, before))
        check_values(gate, values)
        made = responders.edit(connection, key, values, seen)
        now.done.append(act)
    (item,) = shown_responders(request, engine, who, [made])
    return Json(item)


@router.post(
    "/responders/{responder_id}/status",
    response_model=ResponderModel,
    summary="Take one out of service, or put it back",
    **described(REPORT),
)
def set_status(
    request: Request, engine: Engine, who: Who, responder_id: UUID, given: StatusInput
) -> Json:
    same_origin_if_signed_in(request)
    gate, key, is_out = gate_of(request), str(responder_id), given.status == "out_of_service"
    act = Act(REPORT, ref(key), {"done": given.status})
    with acting(engine, gate, who, act) as (connection, now):
        before = read_responder(connection, key)
        act = now.may(act, lambda g: of_responder(g, before))
        if is_out and not given.reason.strip():
            raise ProblemError(422, "Say why.", {"reason": "is missing"})
        made = responders.set_out_of_service(connection, key, is_out, given.reason.strip())
        now.done.append(act)
    (item,) = shown_responders(request, engine, who, [made])
    return Json(item)


@router.post(
    "/responders/{responder_id}/position",
    response_model=ResponderModel,
    summary="Where it is; only the last position is kept",
    responses={409: {"description": "Of a person, and there is no task"}},
    **described(REPORT),
)
def put_position(
    request: Request, engine: Engine, who: Who, responder_id: UUID, given: PositionInput
) -> Json:
    """Positions come every few seconds: they are not in the log, only what was refused."""
    same_origin_if_signed_in(request)
    made = _place(request, engine, who, str(responder_id), given, given.source)
    (item,) = shown_responders(request, engine, who, [made])
    return Json(item)


def _place(
    request: Request, engine: Runtime, who: Actor, key: str, given: PositionInput, source: str
) -> Responder:
    sog_mps = None if given.sog_kn is None else given.sog_kn * KNOT_MPS
    fix = Fix(given.lon, given.lat, when_us(given.at), source, given.cog_deg, sog_mps)
    act = Act(REPORT, ref(key), {"done": "position"})
    with acting(engine, gate_of(request), who, act) as (connection, now):
        before = read_responder(connection, key)
        now.may(act, lambda g: of_responder(g, before))
        return responders.place(connection, key, fix, clock_us())


@router.post(
    "/device-positions",
    status_code=204,
    summary="Where a TAK device is: of the responder that bears its UID",
    responses={
        404: {"description": "No responder bears it"},
        409: {"description": "Of a person, and there is no task; or two bear it"},
    },
    **described(REPORT),
)
def put_device_position(
    request: Request, engine: Engine, who: Who, given: DevicePositionInput
) -> None:
    """For a system that reports and sees nothing: it need not know whose device it is."""
    same_origin_if_signed_in(request)
    with engine.records.database.read() as connection:
        bearers = responders.of_device(connection, given.tak_uid)
    if not bearers:
        raise ProblemError(404, "No responder bears this UID.", {"tak_uid": "is nobody's"})
    if len(bearers) > 1:
        raise ProblemError(409, "Two responders bear this UID.", {"tak_uid": "stands twice"})
    _place(request, engine, who, bearers[0].id, given, DEVICE)


def ref(key: str) -> str:
    """As the log names it."""
    return f"responder:{safe_id(key)}"


def check_values(gate: Gate | None, values: dict[str, object]) -> None:
    """Raises a 422 problem for an account or a unit that is none."""
    account = values.get("account")
    if gate is not None and account:
        with gate.people.base.database.read() as connection:
            if not accounts.called(connection, [str(account)]):
                raise ProblemError(422, "There is no such account.", {"account": "is no account"})
    for code in values.get("shared_with", ()):  # type: ignore[attr-defined]  # codes
        check_unit(gate, "shared_with", code)
