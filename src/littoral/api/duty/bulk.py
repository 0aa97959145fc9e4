"""A roster from an Excel file: looked at first, then all of it, or nothing with every fault
named."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from littoral.api.deps import Engine
from littoral.api.duty.desks import regulations_of, roster_errors
from littoral.api.duty.models import UnitPath
from littoral.api.duty.sheet import COLUMNS, SHEET, SHEETS_ZH, Said, read_rows, template
from littoral.api.duty.sight import PLAN, Desk, check_unit, desk_of, names, permit, refusals
from littoral.api.fields import Agency
from littoral.api.gate import Acting, Actor, described, gate_of, same_origin_if_signed_in
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
from littoral.api.signin.models import NameModel
from littoral.api.wire import Json
from littoral.engine.runtime import Runtime
from littoral.respond.duty.shifts import plan_of
from littoral.respond.duty.wall import day_of
from littoral.store.clock import clock_us
from littoral.store.duty import rosters
from littoral.store.people import accounts
from littoral.store.people.sheets import Fault, Row

router = APIRouter()


class FileMemberModel(BaseModel):
    name: str
    post: NameModel


class FileTeamModel(BaseModel):
    team: str
    members: list[FileMemberModel]


class RosterFileModel(BaseModel):
    """What a file would put, or did."""

    kept: bool
    rows: int
    from_day: str | None = Field(description="null: the file says none that can be")
    regulation: NameModel | None
    teams: list[FileTeamModel] = Field(description="all of the regulation's, also empty ones")
    faults: list[SheetFaultModel] = Field(description="at most 1,000; none: it can be taken")
    fault_count: int


@router.get(
    "/duty/desks/{unit}/{agency}/roster/template.xlsx",
    response_class=Response,
    responses={200: FILE},
    summary="An Excel file of a roster to fill in: the one that stands, or an example",
    **described(PLAN),
)
def get_roster_template(
    request: Request, engine: Engine, who: Acting, unit: UnitPath, agency: Agency
) -> Response:
    check_unit(gate_of(request), unit)
    with engine.records.database.read() as connection:
        desk = desk_of(request, connection, unit, agency)
    permit(request, who, PLAN, desk)
    headers = {"content-disposition": "attachment; filename=roster.xlsx"}
    return Response(template(_standing(request, desk)), 200, headers, XLSX)


@router.post(
    "/duty/desks/{unit}/{agency}/roster/upload",
    response_model=RosterFileModel,
    summary="Look at an Excel file of a roster; with `keep` put it, or nothing",
    responses={
        409: {"description": "The id is that of another roster"},
        422: {"description": "It cannot be read, or has faults and was to be kept"},
    },
    **described(PLAN, **BODY),
)
async def upload_roster(
    request: Request,
    engine: Engine,
    who: Acting,
    unit: UnitPath,
    agency: Agency,
    keep: bool = False,
    id: Annotated[UUID | None, Query(description="of the roster, made by the client")] = None,
) -> Json:
    """As `PUT …/roster`, from a sheet: what has been is not planned anew."""
    data = await request.body()
    return await run_in_threadpool(
        _upload, request, engine, who, unit, agency, data, keep, str(id or uuid4())
    )


def _upload(
    request: Request, engine: Runtime, who: Actor, unit: str, agency: str, data: bytes, keep: bool,
    key: str,
) -> Json:  # fmt: skip
    same_origin_if_signed_in(request)
    check_unit(gate_of(request), unit)
    now_us = clock_us()
    database = engine.records.database
    # Before anybody waits for the records.
    rows, faults = rows_of(data, SHEET, COLUMNS, SHEETS_ZH)
    with refusals("duty desk", f"{unit}/{agency}"), database.write() as connection:
        before = desk_of(request, connection, unit, agency)
        done = f"roster from a file, SHA-256 {hashlib.sha256(data).hexdigest()}" if keep else "look"
        permit(request, who, PLAN, before, done=done)
        known = key in {row.id for row in rosters.of_desk(connection, unit, agency)}
        found = regulations_of(engine)
        said = _read(request, before, rows, [r for r, _ in found.values()], faults)
        if not known:
            _check(request, before, said, now_us, faults)
        faults.sort(key=lambda f: (f.row, f.column))
        if keep and faults:
            detail = f"{len(faults):,} faults; nothing was taken."
            raise ProblemError(422, detail, more={"faults": faults_json(faults)})
        if keep and said.from_day is not None and said.regulation is not None:
            _, text = found[said.regulation.id]
            rosters.put(
                connection, key, unit, agency, said.from_day, text, said.teams, who.id, now_us
            )
    return Json({
        "kept": keep, "rows": len(rows),
        "from_day": None if said.from_day is None else said.from_day.isoformat(),
        "regulation": None
        if said.regulation is None
        else {"zh": said.regulation.zh, "en": said.regulation.en},
        "teams": _teams_json(said, names(request, _people(said))),
        "faults": faults_json(faults), "fault_count": len(faults),
    })  # fmt: skip


def _read(
    request: Request, desk: Desk, rows: list[Row], regulations: list[Any], faults: list[Fault]
) -> Said:
    logins = _logins(request, {seat.account for seat in desk.seats})
    seated = {login.lower(): account for account, login in logins.items()}
    if gate_of(request) is None:  # nobody is known, and the one operator may name whomever
        seated = {row.cells["account"].lower(): row.cells["account"] for row in rows}
    return read_rows(rows[:MOST_ROWS], regulations, seated, faults)


def _check(request: Request, desk: Desk, said: Said, now_us: int, faults: list[Fault]) -> None:
    """By the same checks as a roster that is put by hand, each at its row and column."""
    if said.regulation is None or said.from_day is None:
        return
    teams = {name: tuple(team) for name, team in said.teams.items()}
    for name, message in roster_errors(
        request, desk, said.regulation, teams, said.from_day, now_us
    ).items():
        row, column = said.at.get(name, (0, ""))
        if row:  # a team that is none was named with its rows
            faults.append(Fault(row, column, message, SHEET))


def _standing(request: Request, desk: Desk) -> list[list[str]]:
    """The rows of the roster that holds now, or first, to change it; from a day to be filled in."""
    if not desk.plans:
        return []
    zone = desk.plans[-1].regulation.zone
    plan = plan_of(desk.plans, day_of(clock_us(), zone)) or desk.plans[0]
    people = {m.account for team in plan.teams.values() for m in team}
    logins = _logins(request, people)
    return [
        ["", plan.regulation.id, team, m.post, logins.get(m.account, m.account)]
        for team, members in sorted(plan.teams.items())
        for m in members
    ]


def _logins(request: Request, ids: set[str]) -> Mapping[str, str]:
    gate = gate_of(request)
    if gate is None:
        return {}
    with gate.people.base.database.read() as people:
        return accounts.logins_of(people, ids)


def _people(said: Said) -> list[str]:
    return [m.account for team in said.teams.values() for m in team]


def _teams_json(said: Said, called: Mapping[str, str]) -> list[dict[str, Any]]:
    if said.regulation is None:
        return []
    posts = {p.id: {"zh": p.zh, "en": p.en} for p in said.regulation.posts}
    return [
        {
            "team": team,
            "members": [
                {"name": called.get(m.account, m.account), "post": posts[m.post]}
                for m in said.teams.get(team, ())
                if m.post in posts
            ],
        }
        for team in said.regulation.teams
    ]
