"""Papers of a desk over HTTP: swaps, leave, overrides, faults, maintenance windows, handovers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from sqlalchemy.engine import Connection
from starlette.responses import Response

from littoral.api.deps import Engine
from littoral.api.duty.found import found_open
from littoral.api.duty.log import seq_of
from littoral.api.duty.models import (
    PaperDetail,
    PaperInput,
    PaperKind,
    PaperModel,
    PaperStepInput,
    UnitPath,
)
from littoral.api.duty.shown import accounts_in, paper_json, step_json
from littoral.api.duty.sight import (
    FAULT,
    HAND_OVER,
    PLAN,
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
from littoral.api.duty.windows import (
    check_may_end,
    check_may_hold,
    check_thing,
    end_outage,
    plan_outage,
)
from littoral.api.fields import Agency, Page
from littoral.api.gate import (
    Acting,
    Actor,
    Gate,
    described,
    gate_of,
    same_origin_if_signed_in,
    tell_change,
)
from littoral.api.incidents.sight import when_us
from littoral.api.params import CursorQuery, LimitQuery, encode_cursor
from littoral.api.problems import not_found
from littoral.api.tables.lists import PAPERS
from littoral.api.tables.sheet import ANSWERS, MOST_ROWS, FormatQuery, LangQuery, table_file
from littoral.api.wire import Json
from littoral.engine.runtime import Runtime
from littoral.respond.duty import paper as flow
from littoral.respond.duty.paper import Paper, Refused, Step
from littoral.respond.duty.shifts import Shift
from littoral.store.actions import NotFound
from littoral.store.clock import clock_us
from littoral.store.duty import papers

# What a step asks for where it is not the kind's own.
BY_KIND = {
    flow.SWAP: WATCH, flow.LEAVE: WATCH, flow.OVERRIDE: PLAN, flow.FAULT: FAULT,
    flow.WINDOW: FAULT, flow.HANDOVER: HAND_OVER,
}  # fmt: skip
SIGNED = frozenset({"sign", "take_over"})
PLANNED = frozenset({"approve", "refuse", "revoke"})
TIMES = {"start": "from_us", "end": "until_us"}
NOT_FIELDS = {"id", "kind", "at", "holds_alerts", "start", "end"}

router = APIRouter()


@router.get(
    "/duty/desks/{unit}/{agency}/papers",
    response_model=Page[PaperModel],
    summary="Swaps, leave, overrides, faults, windows and handovers, last changed first",
    responses=ANSWERS,
    **described(READ),
)
def list_papers(
    request: Request, engine: Engine, who: Acting, unit: UnitPath, agency: Agency,
    kind: Annotated[list[PaperKind] | None, Query(description="any of these")] = None,
    waiting: Annotated[bool, Query(description="without those that are over")] = False,
    cursor: CursorQuery = None, limit: LimitQuery = 100, form: FormatQuery = "json",
    lang: LangQuery = "zh",
) -> Response:  # fmt: skip
    check_unit(gate_of(request), unit)
    before = seq_of(cursor)
    if form == "xlsx":
        before, limit = None, MOST_ROWS + 1
    with engine.records.database.read() as connection:
        permit(request, who, READ, desk_of(request, connection, unit, agency))
        found = papers.listed(connection, unit, agency, kind or (), limit + 1, waiting, before)
        called = names(request, {a for _, paper in found for a in accounts_in(paper)})
        items = [paper_json(request, connection, paper, called) for _, paper in found[:limit]]
    if form == "xlsx":
        thing = f"duty:{unit}.{agency}"
        return table_file(request, engine, READ, thing, PAPERS, items, lang)
    more = len(found) > limit
    return Json(
        {"items": items, "next_cursor": encode_cursor(found[limit - 1][0]) if more else None}
    )


@router.post(
    "/duty/desks/{unit}/{agency}/papers",
    status_code=201,
    response_model=PaperModel,
    summary="Ask for a swap or leave, override, report a fault, plan a window, begin a handover",
    responses={409: {"description": "The id is that of another, or this watch has its handover"}},
    **described(WATCH),
)
def begin_paper(
    request: Request, engine: Engine, who: Acting, unit: UnitPath, agency: Agency, given: PaperInput
) -> Json:
    same_origin_if_signed_in(request)
    check_unit(gate_of(request), unit)
    fields = given.model_dump(mode="json", exclude=NOT_FIELDS, exclude_none=True)
    fields |= {
        name: value for sent, name in TIMES.items() if (value := getattr(given, sent)) is not None
    }
    holds = given.kind == flow.WINDOW and given.holds_alerts
    with refusals("paper", str(given.id)), engine.records.database.write() as connection:
        desk = desk_of(request, connection, unit, agency)
        permit(request, who, _beginning(given, who), desk, done=given.kind)
        known_desk(request, connection, unit, agency)
        if holds:
            check_may_hold(request, engine, given)
        if given.kind == flow.HANDOVER and (going := desk.shift(given.outgoing or "")) is not None:
            coming = desk.after(going)
            fields["incoming"] = "" if coming is None else coming.key
        step = Step(str(given.id), str(given.id), papers.BEGIN, when_us(given.at), who.id, fields)
        if papers.known(connection, step) is None:
            _check_beginning(engine, desk, flow.begun(given.kind, step, unit, agency), step)
        made = papers.begin(connection, given.kind, step, unit, agency, clock_us())
        shown = paper_json(request, connection, made)
    if holds:
        # Under the same id, so that what is sent again completes what was cut off between the two.
        plan_outage(request, engine, who, given)
        with engine.records.database.read() as connection:
            shown = paper_json(request, connection, made)
    return Json(shown, status_code=201)


@router.get(
    "/duty/papers/{paper_id}",
    response_model=PaperDetail,
    summary="One paper with its steps",
    **described(READ),
)
def get_paper(request: Request, engine: Engine, who: Acting, paper_id: str) -> Json:
    with engine.records.database.read() as connection:
        paper = _read(connection, paper_id)
        permit(request, who, READ, desk_of(request, connection, paper.unit, paper.agency))
        rows = papers.steps(connection, paper.id)
        called = names(request, accounts_in(paper) | {r.step.by for r in rows})
        shown = paper_json(request, connection, paper, called)
    return Json({**shown, "steps": [step_json(row, called) for row in rows]})


@router.post(
    "/duty/papers/{paper_id}/steps",
    response_model=PaperModel,
    summary="Agree, approve, mend, sign, read, take over and more",
    responses={409: {"description": "It does not follow"}},
    **described(WATCH),
)
def take_paper_step(
    request: Request, engine: Engine, who: Acting, paper_id: str, given: PaperStepInput
) -> Json:
    same_origin_if_signed_in(request)
    fields = given.model_dump(mode="json", exclude=NOT_FIELDS, exclude_none=True)
    now_us = clock_us()
    with refusals("paper", paper_id), engine.records.database.write() as connection:
        paper = _read(connection, paper_id)
        desk = desk_of(request, connection, paper.unit, paper.agency)
        planned = given.kind in PLANNED and paper.kind != flow.OVERRIDE
        owner = _whose(paper) if planned and given.kind == "approve" else ""
        action = PLAN if planned else BY_KIND[paper.kind]
        permit(request, who, action, desk, paper.id, owner, done=f"{paper.kind}.{given.kind}")
        step = Step(str(given.id), paper.id, given.kind, when_us(given.at), who.id, fields)
        known: Mapping[str, Any] = {}
        if paper.kind == flow.WINDOW:
            check_may_end(request, connection, paper)
        if paper.kind == flow.HANDOVER and papers.known(connection, step) is None:
            gate = gate_of(request)
            known = _of_handover(engine, gate, connection, desk, paper, step, now_us)
        done = papers.take(connection, step, now_us, known)
        if paper.kind == flow.HANDOVER and given.kind in SIGNED:
            # What was signed can be held against the log: this hash is of what stands from now on.
            text = orjson.dumps(dict(done.doc), option=orjson.OPT_SORT_KEYS)
            tell_change(
                request, who, HAND_OVER, f"duty:{paper.id}", None,
                {"sha256": hashlib.sha256(text).hexdigest()},
            )  # fmt: skip
        shown = paper_json(request, connection, done)
    if paper.kind == flow.WINDOW and given.kind == "end":
        end_outage(request, engine, who, done)
        with engine.records.database.read() as connection:
            shown = paper_json(request, connection, done)
    return Json(shown)


def _beginning(given: PaperInput, who: Actor) -> str:
    """The action: one asks for a swap or leave of one's own, for others one plans."""
    others = (given.kind == flow.SWAP and who.id not in (given.giver, given.taker)) or (
        given.kind == flow.LEAVE and who.id != given.account
    )
    return PLAN if others else BY_KIND[given.kind]


def _whose(paper: Paper) -> str:
    return str(paper.doc["account"]) if paper.kind == flow.LEAVE else paper.by


def _check_beginning(engine: Runtime, desk: Desk, paper: Paper, step: Step) -> None:
    """What the paper itself cannot know. Raises Refused."""
    doc = paper.doc
    if paper.kind == flow.SWAP:
        _check_swap(desk, doc)
    elif paper.kind in (flow.FAULT, flow.WINDOW):
        check_thing(engine, doc)
    elif paper.kind == flow.HANDOVER:
        _check_stands(desk, desk.shift(doc["outgoing"]), step.by, "outgoing")
    else:
        known = {seat.account for seat in desk.seats} | desk.accounts
        for name in ("account", "instead_of"):
            if doc.get(name) and doc[name] not in known:
                raise Refused("account", "此人不在本值班室。", "This is nobody of this desk.", name)
        posts = {p.id for plan in desk.plans for p in plan.regulation.posts}
        if doc.get("post") and doc["post"] not in posts:
            raise Refused("post", "没有这个岗位。", "The regulation has no such post.", "post")


def _check_swap(desk: Desk, doc: Mapping[str, Any]) -> None:
    known = {seat.account for seat in desk.seats} | desk.accounts
    if doc["taker"] not in known:
        raise Refused("account", "此人不在本值班室。", "This is nobody of this desk.", "taker")
    for name, gives, takes in (("gives", "giver", "taker"), ("takes", "taker", "giver")):
        if not doc[name]:
            continue
        shift = desk.shift(doc[name])
        if shift is None or shift.end_us <= clock_us():
            raise Refused(
                "shift", "该班次不存在或已结束。", "There is no such shift, or it is over.", name
            )
        standing = {s.account for s in desk.stints(shift)}
        if doc[gives] not in standing or doc[takes] in standing:
            raise Refused(
                "shift", "让班人须在该班次，接班人须不在该班次。",
                "Who gives the shift stands it, and who takes it does not yet.", name,
            )  # fmt: skip


def _of_handover(
    engine: Runtime,
    gate: Gate | None,
    connection: Connection,
    desk: Desk,
    paper: Paper,
    step: Step,
    now_us: int,
) -> Mapping[str, Any]:
    """Who signs stands that watch at a post that hands over. For a signature: what is found open,
    and what the regulation wants stated. Raises Refused."""
    going = desk.shift(paper.doc["outgoing"])
    if step.kind in ("read", "take_over"):
        _check_stands(desk, desk.shift(paper.doc["incoming"]), step.by, "incoming")
    elif step.kind != "take_back":
        _check_stands(desk, going, step.by, "outgoing")
    if step.kind != "sign" or going is None:
        return {}
    required = [item.id for item in going.regulation.items if item.required]
    found = found_open(engine, gate, connection, desk, going, now_us)
    return {"required": required, "found": found}


def _check_stands(desk: Desk, shift: Shift | None, account: str, field: str) -> None:
    if shift is None:
        raise Refused("shift", "没有这个班次。", "There is no such shift.", field)
    signing = {p.id for p in shift.regulation.posts if p.hands_over}
    if account not in {s.account for s in desk.stints(shift) if s.post in signing}:
        raise Refused(
            "off_duty", "须由该班次负责交接的人员办理。",
            "This is for who stands that watch at a post that hands over.",
        )  # fmt: skip


def _read(connection: Connection, key: str) -> Paper:
    try:
        return papers.one(connection, key)
    except NotFound as error:
        raise not_found("paper", key) from error
