"""Desks: who has the watch now, and the roster."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy.engine import Connection
from starlette.responses import Response

from littoral.api.deps import Engine
from littoral.api.duty.models import (
    DeskModel,
    RegulationModel,
    RosterInput,
    RosterModel,
    UnitPath,
    WatchModel,
)
from littoral.api.duty.shown import (
    named_json,
    open_handovers,
    paper_json,
    regulation_json,
    shift_json,
)
from littoral.api.duty.sight import (
    PLAN,
    READ,
    Desk,
    check_unit,
    desk_of,
    known_desk,
    may,
    names,
    permit,
    permit_own,
    refusals,
    visible,
)
from littoral.api.fields import Agency, Page
from littoral.api.gate import Acting, described, gate_of, same_origin_if_signed_in
from littoral.api.names import name_of_place
from littoral.api.params import Instant
from littoral.api.problems import ProblemError, bad_parameter
from littoral.api.tables.lists import ROSTER, roster_rows
from littoral.api.tables.sheet import ANSWERS, FormatQuery, LangQuery, table_file
from littoral.api.wire import Json, iso
from littoral.api.words import words
from littoral.engine.runtime import Runtime
from littoral.respond.duty.call import order
from littoral.respond.duty.checks import DONE, MISSED, slots, state
from littoral.respond.duty.layers import void_swaps
from littoral.respond.duty.paper import FAULT, WINDOW
from littoral.respond.duty.regulation import Regulation, RegulationError
from littoral.respond.duty.shifts import Member, Shift, plan_of, shifts
from littoral.respond.duty.strength import short_of, strains
from littoral.respond.duty.wall import DAY_US, day_of
from littoral.store.clock import clock_us
from littoral.store.duty import entries, papers, regulations, rosters

MINUTE_US = 60_000_000
SHOWN_US = 14 * DAY_US
MOST_US = 62 * DAY_US
MOST_PAPERS = 200

router = APIRouter()


@router.get(
    "/duty/regulations",
    response_model=Page[RegulationModel],
    summary="Duty regulations that a roster can follow",
    **described(READ),
)
def list_regulations(request: Request, engine: Engine, who: Acting) -> Json:
    permit_own(request, who, READ)
    found = [regulation_json(r) for r, _ in regulations_of(engine).values()]
    return Json({"items": found, "next_cursor": None})


@router.get(
    "/duty/desks",
    response_model=Page[DeskModel],
    summary="Desks with a roster, and which shift has the watch",
    **described(READ),
)
def list_desks(request: Request, engine: Engine, who: Acting) -> Json:
    now_us = clock_us()
    with engine.records.database.read() as connection:
        found = [_desk_json(request, d, now_us) for d in visible(request, who, connection)]
    return Json({"items": found, "next_cursor": None})


@router.get(
    "/duty/desks/{unit}/{agency}",
    response_model=WatchModel,
    summary="The watch of a desk now: who stands it, who is called, what is due",
    **described(READ),
)
def get_watch(
    request: Request, engine: Engine, who: Acting, unit: UnitPath, agency: Agency
) -> Json:
    check_unit(gate_of(request), unit)
    now_us = clock_us()
    with engine.records.database.read() as connection:
        desk = desk_of(request, connection, unit, agency)
        permit(request, who, READ, desk)
        return Json(_watch_json(request, connection, who.id, desk, now_us, may(request, who, desk)))


@router.get(
    "/duty/desks/{unit}/{agency}/roster",
    response_model=RosterModel,
    summary="Shifts of a desk with who stands them, and what they lack",
    responses=ANSWERS,
    **described(READ),
)
def get_roster(
    request: Request,
    engine: Engine,
    who: Acting,
    unit: UnitPath,
    agency: Agency,
    from_: Annotated[Instant | None, Query(alias="from", description="null: now")] = None,
    to: Annotated[Instant | None, Query(description="null: 14 days on; at most 62")] = None,
    form: FormatQuery = "json",
    lang: LangQuery = "zh",
) -> Response:
    check_unit(gate_of(request), unit)
    from_us = clock_us() if from_ is None else from_
    until_us = from_us + SHOWN_US if to is None else to
    if not 0 < until_us - from_us <= MOST_US:
        raise bad_parameter("to", "is within 62 days after from")
    if not 946_684_800_000_000 <= from_us < 7_258_118_400_000_000:
        raise bad_parameter("from", "lies between the years 2000 and 2200")
    with engine.records.database.read() as connection:
        desk = desk_of(request, connection, unit, agency)
        permit(request, who, READ, desk)
        known_desk(request, connection, unit, agency)
    found = _roster_json(request, desk, from_us, until_us)
    if form == "xlsx":
        rows, thing = roster_rows(found, words(lang)), f"duty:{unit}.{agency}"
        return table_file(request, engine, READ, thing, ROSTER, rows, lang)
    return Json(found)


@router.put(
    "/duty/desks/{unit}/{agency}/roster",
    response_model=RosterModel,
    summary="Put a roster from a day on",
    responses={409: {"description": "The id is that of another roster"}},
    **described(PLAN),
)
def put_roster(
    request: Request,
    engine: Engine,
    who: Acting,
    unit: UnitPath,
    agency: Agency,
    roster: RosterInput,
) -> Json:
    same_origin_if_signed_in(request)
    check_unit(gate_of(request), unit)
    now_us = clock_us()
    with refusals("duty desk", f"{unit}/{agency}"), engine.records.database.write() as connection:
        before = desk_of(request, connection, unit, agency)
        permit(request, who, PLAN, before, done="roster")
        regulation, text = _chosen(engine, roster.regulation)
        teams = {
            name: tuple(Member(m.account, m.post) for m in team)
            for name, team in roster.teams.items()
        }
        known = {row.id for row in rosters.of_desk(connection, unit, agency)}
        if str(roster.id) not in known:
            errors = roster_errors(request, before, regulation, teams, roster.from_day, now_us)
            if errors:
                raise ProblemError(422, "; ".join(f"{f}: {m}" for f, m in errors.items()), errors)
        rosters.put(
            connection, str(roster.id), unit, agency, roster.from_day, text, teams, who.id, now_us
        )
        desk = desk_of(request, connection, unit, agency)
    return Json(_roster_json(request, desk, now_us, now_us + SHOWN_US))


def roster_errors(
    request: Request, before: Desk, regulation: Regulation,
    teams: Mapping[str, tuple[Member, ...]], from_day: date, now_us: int,
) -> dict[str, str]:  # fmt: skip
    """What cannot be, by field: `from_day`, `teams.A[0].post`."""
    errors = {}
    seated = {seat.account for seat in before.seats}
    for name, team in teams.items():
        where = f"teams.{name}"
        if name not in regulation.teams:
            errors[where] = f"is no team of {regulation.id}"
        for n, member in enumerate(team):
            if regulation.post(member.post) is None:
                errors[f"{where}[{n}].post"] = f"is no post of {regulation.id}"
            if gate_of(request) is not None and member.account not in seated:
                errors[f"{where}[{n}].account"] = "has no role in this unit that stands watch"
        if len({m.account for m in team}) != len(team):
            errors[where] = "names somebody twice"
    standing = before.shift_at(now_us)
    today = day_of(now_us, regulation.zone)
    if standing is not None and from_day <= standing.day:
        errors["from_day"] = "is of a shift that has begun: what has been is not planned anew"
    if not 2000 <= from_day.year < 2200 or (today - from_day).days > 31:
        errors["from_day"] = "lies over a month back"
    return errors


def _desk_json(request: Request, desk: Desk, now_us: int) -> dict[str, Any]:
    shift = desk.shift_at(now_us)
    standing = [] if shift is None else [s for s in desk.stints(shift) if _is_now(s, now_us)]
    at_home = set() if shift is None else {p.id for p in shift.regulation.posts if p.on_call}
    lacking = () if shift is None else short_of(shift, desk.stints(shift))
    return {
        "unit": desk.unit, "agency": desk.agency,
        "unit_name": name_of_place(request, desk.unit) or {"zh": desk.unit, "en": desk.unit},
        "shift": "" if shift is None else shift.key,
        "until": None if shift is None else iso(shift.end_us),
        "standing": sum(s.post not in at_home for s in standing),
        "short": any(s.begin_us <= now_us < s.end_us for s in lacking),
    }  # fmt: skip


def _is_now(stint: Any, now_us: int) -> bool:
    return bool(stint.begin_us <= now_us < stint.end_us)


def _watch_json(
    request: Request, connection: Connection, me: str, desk: Desk, now_us: int, offered: list[str]
) -> dict[str, Any]:
    shift = desk.shift_at(now_us)
    later = None if shift is None else desk.after(shift)
    waiting = [
        paper
        for _, paper in papers.listed(connection, desk.unit, desk.agency, [], MOST_PAPERS, True)
    ]
    ended = [
        paper
        for _, paper in papers.listed(connection, desk.unit, desk.agency, ["handover"], 5)
        if paper.state == "taken_over"
    ]
    handed = open_handovers(desk, [*waiting, *ended], shift)
    called = names(request, desk.accounts | {s.account for s in desk.seats})
    found: dict[str, Any] = {
        **_desk_json(request, desk, now_us),
        "me": me,
        "seats": [{"account": s.account, "name": s.name} for s in desk.seats],
        "regulation": None,
        "now": None if shift is None else shift_json(shift, desk.stints(shift), called),
        "next": None if later is None else shift_json(later, desk.stints(later), called),
        "people": [], "calls": [], "beyond_minutes": 0.0, "checks": [],
        "beyond": _desk_above(request, connection, desk),
        "figures": _figures(connection, desk, shift, waiting, now_us),
        "handovers": [paper_json(request, connection, p) for p in handed],
        "may": offered,
    }  # fmt: skip
    plan = plan_of(desk.plans, shift.day) if shift is not None else next(iter(desk.plans), None)
    if plan is not None:
        found["regulation"] = regulation_json(plan.regulation)
    if shift is not None:
        found |= _standing(connection, desk, shift, called, now_us)
    return found


def _standing(
    connection: Connection, desk: Desk, shift: Shift, called: Mapping[str, str], now_us: int
) -> dict[str, Any]:
    """Who stands the shift and is called, and its checks."""
    signed = entries.signed(connection, desk.unit, desk.agency, shift.key)
    done = entries.done(connection, desk.unit, desk.agency, shift.key)
    found = desk.stints(shift)
    out = {account for account, kind in signed.items() if kind == entries.SIGN_OUT}
    to_call = order(shift, found, out, now_us)

    def person(account: str) -> dict[str, str]:
        return {"account": account, "name": called.get(account, account)}

    return {
        "people": [
            {**person(s.account), "post": s.post, "signed": signed.get(s.account, "")}
            for s in found
            if _is_now(s, now_us)
        ],
        "calls": [
            {"people": [person(a) for a in c.accounts], "posts": list(c.posts),
             "after_minutes": c.after_us / MINUTE_US}
            for c in to_call.calls
        ],
        "beyond_minutes": to_call.beyond_us / MINUTE_US,
        "checks": [
            {**named_json(s.check), "begin": iso(s.begin_us), "due": iso(s.due_us),
             "state": state(s, done, now_us)}
            for s in slots(shift)
        ],
    }  # fmt: skip


def _figures(
    connection: Connection, desk: Desk, shift: Shift | None, waiting: list[Any], now_us: int
) -> dict[str, int]:
    key = shift.key if shift is not None else "-"
    done = entries.done(connection, desk.unit, desk.agency, key)
    states = [] if shift is None else [state(s, done, now_us) for s in slots(shift)]
    kinds = [p.kind for p in waiting]
    return {
        "entries": entries.count(connection, desk.unit, desk.agency, key),
        "checks_done": states.count(DONE), "checks_missed": states.count(MISSED),
        "faults_open": kinds.count(FAULT), "windows_open": kinds.count(WINDOW),
        "papers_waiting": sum(p.state in ("asked", "agreed") for p in waiting),
    }  # fmt: skip


def _desk_above(request: Request, connection: Connection, desk: Desk) -> dict[str, str] | None:
    """Name of the nearest unit above that has a roster."""
    gate = gate_of(request)
    if gate is None:
        return None
    with_roster = {unit for unit, _ in rosters.desks(connection)}
    above = gate.people.directory.organisation().ancestors(desk.unit)
    found = next((code for code in above if code != desk.unit and code in with_roster), None)
    return None if found is None else name_of_place(request, found)


def _roster_json(request: Request, desk: Desk, from_us: int, until_us: int) -> dict[str, Any]:
    found = shifts(desk.plans, from_us, until_us)
    day = found[0].day if found else max(plan.from_day for plan in desk.plans)
    plan = plan_of(desk.plans, day) or desk.plans[0]
    tired = strains(desk.plans, desk.changes, from_us, until_us)
    seated = {seat.account: seat.name for seat in desk.seats}
    called = names(request, desk.accounts | set(seated) | {s.account for s in tired})
    return {
        "regulation": regulation_json(plan.regulation), "from_day": plan.from_day.isoformat(),
        "teams": {
            team: [{"account": m.account, "post": m.post} for m in members]
            for team, members in plan.teams.items()
        },
        "shifts": [shift_json(s, desk.stints(s), called) for s in found],
        "strains": [
            {"kind": s.kind, "account": s.account, "name": called.get(s.account, s.account),
             "shift": s.shift, "at": iso(s.at_us), "hours": s.lasts_us / 3.6e9}
            for s in tired
        ],
        "void_swaps": list(void_swaps(found, desk.changes)), "names": called,
        "people": [{"account": a, "name": n} for a, n in seated.items()],
    }  # fmt: skip


def _chosen(engine: Runtime, key: str) -> tuple[Regulation, str]:
    found = regulations_of(engine)
    if key not in found:
        listed = ", ".join(found)
        raise ProblemError(
            422, f"There is no regulation {key!r}.", {"regulation": f"one of {listed}"}
        )
    return found[key]


def regulations_of(engine: Runtime) -> dict[str, tuple[Regulation, str]]:
    """A file of the deployment's that is wrong is said, with its name."""
    folder = engine.settings.data_dir / "duty"
    stamp = tuple(
        sorted((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in folder.glob("*.toml"))
    )
    try:
        return _read(folder, stamp)
    except RegulationError as error:
        raise ProblemError(503, f"A duty regulation cannot be read. {error}") from error


@cache
def _read(folder: Path, stamp: tuple[Any, ...]) -> dict[str, tuple[Regulation, str]]:
    return regulations.read(folder)
