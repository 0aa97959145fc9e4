"""Responders from an Excel file: all of it, or nothing with every fault named."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy.engine import Connection
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from littoral.access import Resource
from littoral.access.filter import NONE
from littoral.api.deps import Engine
from littoral.api.gate import Acting as Who
from littoral.api.gate import Actor, Gate, described, gate_of, of_unit, same_origin_if_signed_in
from littoral.api.incidents.sight import check_agency
from littoral.api.people.bulk import (
    BODY,
    FILE,
    MOST_ROWS,
    XLSX,
    SheetFaultModel,
    faults_json,
    rows_of,
)
from littoral.api.problems import ProblemError
from littoral.api.tasks.acting import Act, Acting, acting
from littoral.api.tasks.models import ResponderValues, responder_values
from littoral.api.tasks.responders import MOST, ref
from littoral.api.tasks.sheet import COLUMNS, SHEET, SHEETS_ZH, given, read_row, template
from littoral.api.tasks.sight import MANAGE, READ_RESPONDER, of_responder, visible_responders
from littoral.api.wire import Json
from littoral.engine.runtime import Runtime
from littoral.respond.incident.step import Refused
from littoral.respond.task.responder import Responder, checked
from littoral.store import responders
from littoral.store.people import accounts
from littoral.store.people.packaged import PROVINCE
from littoral.store.people.sheets import Fault, Row

NOT_YOURS = "is not within what you manage"

router = APIRouter(tags=["tasks"])


class ResponderFileModel(BaseModel):
    """What a file would do, or did."""

    kept: bool
    rows: int
    added: int
    changed: int
    faults: list[SheetFaultModel] = Field(description="at most 1,000; none: it can be taken")
    fault_count: int


@router.get(
    "/responders/template.xlsx",
    response_class=Response,
    responses={200: FILE},
    summary="An Excel file of responders to fill in, with an example",
    **described(READ_RESPONDER),
)
def get_responder_template(request: Request, who: Who) -> Response:
    visible_responders(request, who)
    headers = {"content-disposition": "attachment; filename=responders.xlsx"}
    return Response(template(), 200, headers, XLSX)


@router.post(
    "/responders/upload",
    response_model=ResponderFileModel,
    summary="Look at an Excel file of responders; with `keep` take all of it, or nothing",
    responses={422: {"description": "It cannot be read, or has faults and was to be kept"}},
    **described(MANAGE, **BODY),
)
async def upload_responders(request: Request, engine: Engine, who: Who, keep: bool = False) -> Json:
    """A row whose office has one of that name changes it, where a cell is filled in; else it is
    added."""
    data = await request.body()
    return await run_in_threadpool(_upload, request, engine, who, data, keep)


@dataclass
class Plan:
    """`wanted`: row, what is there of that name, and what is to be."""

    faults: list[Fault]
    rows: int = 0
    wanted: list[tuple[Responder | None, Responder, dict[str, Any]]] = field(default_factory=list)

    @property
    def added(self) -> int:
        return sum(before is None for before, _, _ in self.wanted)

    @property
    def changed(self) -> int:
        return sum(before is not None and bool(values) for before, _, values in self.wanted)


def _upload(request: Request, engine: Runtime, who: Actor, data: bytes, keep: bool) -> Json:
    same_origin_if_signed_in(request)
    gate = gate_of(request)
    if gate is not None and gate.filter(who, MANAGE, gate.circumstances(who)) == NONE:
        unit = who.principals[0].unit if who.principals else PROVINCE
        gate.require(who, MANAGE, of_unit(gate, "responder", unit))
    rows, faults = rows_of(data, SHEET, COLUMNS, SHEETS_ZH)
    digest = hashlib.sha256(data).hexdigest()
    act = Act(MANAGE, "responder:all", {"done": "import", "sha256": digest, "rows": len(rows)})
    with acting(engine, gate, who, act) as (connection, now):
        plan = _plan(connection, now, who, rows[:MOST_ROWS], faults)
        if keep and plan.faults:
            detail = f"{len(plan.faults):,} faults; nothing was taken."
            raise ProblemError(422, detail, more={"faults": faults_json(plan.faults)})
        if keep:
            _take(connection, now, plan, digest)
    return Json({
        "kept": keep, "rows": plan.rows, "added": plan.added, "changed": plan.changed,
        "faults": faults_json(plan.faults),
        "fault_count": len(plan.faults),
    })  # fmt: skip


def _plan(
    connection: Connection, now: Acting, who: Actor, rows: list[Row], faults: list[Fault]
) -> Plan:
    place = who.principals[0] if who.principals else None
    office, agency = (PROVINCE, "platform") if place is None else (place.unit, place.agency)
    there = {
        (r.office, r.agency, r.name): r for r in responders.listed(connection, MOST, None)
    }  # fmt: skip
    plan, seen = Plan(faults, len(rows)), set[tuple[str, str, str]]()
    right: list[Responder] = []
    denied: list[Responder] = []
    for row in rows:
        said = read_row(row, office, agency, faults)
        if said is None:
            continue
        values = responder_values(
            ResponderValues.model_validate(
                said.model_dump(include=set(ResponderValues.model_fields), exclude_unset=True)
            )
        )
        key = (said.office, said.agency or agency, said.name)
        made = Responder(
            id=str(said.id), kind=said.kind, office=key[0], agency=key[1], **values
        )  # fmt: skip
        right.append(made)
        wrong = _faults_of(now, row, made)
        if not now.allowed(MANAGE, partial(_thing, responder=made)):
            denied.append(made)
            wrong.append(Fault(row.number, "office", NOT_YOURS, SHEET))
        if key in seen:
            wrong.append(Fault(row.number, "name", "stands twice", SHEET))
        seen.add(key)
        account = _account(now, made.account)
        if account is None:
            wrong.append(Fault(row.number, "account", "there is no such account", SHEET))
        faults += wrong
        if wrong:
            continue
        values["account"] = account
        before = there.get(key)
        if before is None:
            plan.wanted.append((None, replace(made, account=account or ""), values))
            continue
        if before.kind != made.kind:
            faults.append(Fault(row.number, "kind", f"the one there is a {before.kind}", SHEET))
            continue
        changed = {n: v for n, v in given(row, values).items() if getattr(before, n) != v}
        plan.wanted.append((before, made, changed))
    if denied and len(denied) == len(right):  # no file with a fault, but none of the caller's
        now.may(
            Act(MANAGE, "responder:all", {"done": "import"}), partial(_thing, responder=denied[0])
        )
    return plan


def _faults_of(now: Acting, row: Row, made: Responder) -> list[Fault]:
    """What of it is not right, by the same checks as one that is entered by hand."""
    try:
        checked(made)
    except Refused as refused:
        return [Fault(row.number, refused.field, refused.en, SHEET)]
    try:
        check_agency(now.gate, made.agency, made.office)
    except ProblemError as problem:
        return [Fault(row.number, "office", problem.detail, SHEET)]
    return []


def _account(now: Acting, login: str) -> str | None:
    """Its id; None: there is none of that login."""
    if not login or now.gate is None:
        return login
    with now.gate.people.base.database.read() as people:
        found = accounts.by_login(people, login)
    return None if found is None else found.id


def _take(connection: Connection, now: Acting, plan: Plan, digest: str) -> None:
    for before, made, values in plan.wanted:
        thing = made if before is None else before
        facts: dict[str, Any] = {"file": digest, "done": "add", "office": thing.office}
        if before is not None:
            facts |= {"done": "edit", "fields": sorted(values)}
        act = now.may(Act(MANAGE, ref(thing.id), facts), partial(_thing, responder=thing))
        if before is None:
            responders.create(connection, made)
        elif values:
            responders.edit(connection, before.id, values)
        else:
            continue
        now.done.append(act)


def _thing(gate: Gate, responder: Responder) -> Resource:
    return of_responder(gate, responder)
