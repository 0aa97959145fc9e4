"""`/organisation`: units, agencies and users as Excel sheets, in and out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from littoral.access import Resource
from littoral.api.gate import NO_AGENCY, described
from littoral.api.people.places import CLASS, Ask, Asking, fits
from littoral.api.people.units import CodeQuery
from littoral.api.problems import ProblemError
from littoral.api.signin.answers import refusals
from littoral.api.signin.guard import Door
from littoral.api.wire import Json
from littoral.store.people import accounts, exporting, seen
from littoral.store.people.importing import May, Plan, plan_book
from littoral.store.people.sheets import Column, Fault, Row, UnreadableFile, read_book

router = APIRouter()

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_FAULTS = 1000
MOST_ROWS = 500  # of a sheet of responders, or of a roster
FILE: dict[str, Any] = {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class SheetFaultModel(BaseModel):
    sheet: str = Field(description="empty: the file as a whole")
    row: int = Field(description="from 1 with the heading; 0: the sheet as a whole")
    column: str
    message: str


class ImportModel(BaseModel):
    """What a file would do, or did."""

    sha256: str = Field(description="of the file; send it back as `apply` with the same file")
    applied: bool
    rows: int
    faults: list[SheetFaultModel] = Field(description="at most 1,000; none: it can be applied")
    fault_count: int
    units: int = Field(description="versions of units")
    agencies: int
    users_new: int
    users_known: int = Field(description="that get the roles which they lack")
    batch: str | None = Field(
        description="that waits for a second person, who gets the links of those invited; null: "
        "not applied, or everybody holds the roles or waits for them already"
    )


@router.post(
    "/organisation/import",
    response_model=ImportModel,
    summary="Look at an Excel file of units, agencies, users; with `apply` take it, roles by two",
    responses={
        409: {"description": "It is not the file that was looked at"},
        422: {"description": "The file cannot be read, or has faults and `apply` was given"},
    },
    **described("user.write", **BODY),
)
async def import_sheets(
    request: Request,
    door: Door,
    ask: Ask,
    apply: Annotated[
        str | None,
        Query(pattern="^[0-9a-f]{64}$", description="`sha256` of the file that was looked at"),
    ] = None,
) -> Json:
    data = await request.body()
    return await run_in_threadpool(_import, door, ask, data, apply)


@router.get(
    "/organisation/units.xlsx",
    response_class=Response,
    responses={200: FILE},
    summary="Units and agencies with their versions as an Excel file, as it is taken back",
    **described("unit.read"),
)
def export_units(door: Door, ask: Ask, under: CodeQuery = None) -> Response:
    ask.own("unit.read", "unit")
    there = door.directory.organisation()
    condition = ask.filter("unit.read")

    def inside(code: str) -> bool:
        return not under or there.within(code, under)

    def shown(code: str) -> bool:
        above = there.ancestors(code) if code in there.units else ()
        thing = Resource(CLASS, code, unit=code, areas=(code, *above), kind="unit")
        return inside(code) and fits(condition, thing)

    units = [u for u in door.directory.unit_versions() if shown(u.code)]
    agencies = [a for a in door.directory.agency_versions() if shown(a.unit)]
    return _file(exporting.units_book(units, agencies), "units.xlsx")


@router.get(
    "/organisation/users.xlsx",
    response_class=Response,
    responses={200: FILE},
    summary="Accounts and their roles as an Excel file, as far as the caller may see them",
    **described("user.read"),
)
def export_users(door: Door, ask: Ask, unit: CodeQuery = None) -> Response:
    ask.own("user.read", "account")
    now_us, there = door.base.now_us(), door.directory.organisation()
    condition = ask.filter("user.read")
    with door.base.database.read() as connection:
        places = seen.Places.read(connection, there)
        where = [seen.visible(condition, places, now_us)]
        if unit:
            where.append(seen.in_units(places.within([unit]), now_us))
        found = accounts.listed(connection, "", exporting.MOST, seen.every(where))
    ask.gate.trust.tell(
        ask.actor.ref, "user.read", "account:all", "allow", form="xlsx", accounts=len(found)
    )
    return _file(exporting.users_book(found, now_us), "users.xlsx")


@router.get(
    "/organisation/template.xlsx",
    response_class=Response,
    responses={200: FILE},
    summary="An empty Excel file to fill in, with an example in each sheet",
    **described("unit.read"),
)
def get_template(ask: Ask) -> Response:
    ask.own("unit.read", "unit")
    return _file(exporting.template_book(), "template.xlsx")


def _import(door: Door, ask: Asking, data: bytes, apply: str | None) -> Json:
    ask.own("user.write", "account")
    digest = hashlib.sha256(data).hexdigest()
    if apply is not None and apply != digest:
        raise ProblemError(409, "This is not the file that was looked at; look at it again.")
    now_us, there = door.base.now_us(), door.directory.organisation()
    with door.base.database.read() as connection:
        places = seen.Places.read(connection, there)
        hidden = seen.hidden_logins(connection, ask.filter("user.read"), places, now_us)
    try:
        plan = plan_book(data, door.directory, now_us, _may(ask), hidden)
    except UnreadableFile as error:
        raise ProblemError(422, str(error), {"body": str(error)}) from error
    if apply is None:
        return Json(_answer(plan, digest, False))
    if plan.faults:
        detail = f"{len(plan.faults):,} faults; nothing was taken."
        raise ProblemError(422, detail, more={"faults": faults_json(plan.faults)})
    # Durable before anything is changed; each change is told again as it is made.
    ask.gate.trust.tell(
        ask.actor.ref, "user.write", "account:all", "allow", sha256=digest, rows=plan.rows
    )
    with refusals():
        batch = door.directory.propose_all(plan, ask.actor.id, f"import, SHA-256 {digest}")
    return Json(_answer(plan, digest, True, batch))


def _may(ask: Asking) -> May:
    """Each row is held against the filters of the policies: one decision a row would be slow."""
    users, units = ask.filter("user.write"), ask.filter("unit.write")
    agencies = {p.agency for p in ask.actor.principals}
    login = ask.actor.name

    def may(what: str, areas: tuple[str, ...], agency: str, who: str) -> bool:
        if what == "user":
            owner = ask.actor.id if who == login else ""
            kept = {agency or NO_AGENCY}
            condition, kind = users, "account"
        else:
            owner, condition, kind = "", units, "unit"
            kept = {agency} if agency else agencies
        return any(
            fits(
                condition,
                Resource(CLASS, unit=areas[0], agency=one, areas=areas, owner=owner, kind=kind),
            )
            for one in kept
        )

    return may


def _answer(plan: Plan, digest: str, applied: bool, batch: str | None = None) -> dict[str, Any]:
    return {
        "sha256": digest,
        "applied": applied,
        "rows": plan.rows,
        "faults": faults_json(plan.faults),
        "fault_count": len(plan.faults),
        "units": len(plan.units),
        "agencies": len(plan.agencies),
        "users_new": len(plan.users) - len(plan.known),
        "users_known": len(plan.known),
        "batch": batch,
    }


def faults_json(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """The first of them."""
    return [
        {"sheet": f.sheet, "row": f.row, "column": f.column, "message": f.message}
        for f in islice(faults, MOST_FAULTS)
    ]


def rows_of(
    data: bytes, sheet: str, columns: Sequence[Column], names: Mapping[str, str]
) -> tuple[list[Row], list[Fault]]:
    """Of a file with this one sheet, all its rows; over `MOST_ROWS` is a fault, and so is none.
    `names`: as `read_book` has it. Raises a 422 problem."""
    try:
        sheets, faults = read_book(data, {sheet: columns}, names)
    except UnreadableFile as error:
        raise ProblemError(422, str(error), {"body": str(error)}) from error
    rows, found = sheets.get(sheet, ([], []))
    faults += [f._replace(sheet=sheet) for f in found]
    if len(rows) > MOST_ROWS:
        faults.append(Fault(MOST_ROWS + 2, "", f"more than {MOST_ROWS:,} rows", sheet))
    elif not rows and not faults:
        faults.append(Fault(0, "", "the file has no rows"))
    return rows, faults


def _file(data: bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=XLSX, headers=headers)
