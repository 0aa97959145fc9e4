"""The routes of `/bulletins`."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from sqlalchemy.engine import Connection

from littoral.access import Resource
from littoral.api.bulletins.models import (
    BulletinDetail,
    BulletinInput,
    BulletinModel,
    BulletinReachModel,
    BulletinReadInput,
    BulletinStepInput,
    count_json,
    said_fields,
    step_json,
)
from littoral.api.bulletins.sight import (
    READ,
    WRITE,
    may_write,
    read,
    shown,
    thing_for,
    thing_of,
    unit_name,
    visible,
)
from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.gate import (
    NO_AGENCY,
    Acting,
    Actor,
    Gate,
    described,
    gate_of,
    safe_id,
    same_origin_if_signed_in,
)
from littoral.api.incidents.sight import check_unit, names
from littoral.api.params import CursorQuery, LimitQuery, before_of, encode_cursor
from littoral.api.problems import ProblemError
from littoral.api.tasks.acting import Act, acting
from littoral.api.wire import Json
from littoral.engine.runtime import Runtime
from littoral.respond.bulletin.flow import BulletinStep
from littoral.respond.bulletin.words import ISSUE, REVISE
from littoral.store import bulletins
from littoral.store.bulletins import Count, Kept
from littoral.store.clock import clock_us
from littoral.store.people.packaged import PROVINCE

router = APIRouter(tags=["bulletins"])


@router.get(
    "/bulletins",
    response_model=Page[BulletinModel],
    summary="Bulletins in force and coming, newest first",
    **described(READ),
)
def list_bulletins(
    request: Request,
    engine: Engine,
    who: Acting,
    past: Annotated[bool, Query(description="those over or withdrawn too")] = False,
    cursor: CursorQuery = None,
    limit: LimitQuery = 100,
) -> Json:
    before, where = before_of(cursor), visible(request, who)
    if not past:
        now = bulletins.open_at(clock_us())
        where = now if where is None else where & now
    with engine.records.database.read() as connection:
        found = bulletins.listed(connection, limit + 1, where, before)
        items = shown(request, connection, who, found[:limit])
    last = found[limit - 1] if len(found) > limit else None
    return Json({
        "items": items,
        "next_cursor": None if last is None else encode_cursor(last.made_us, last.bulletin.id),
    })  # fmt: skip


@router.post(
    "/bulletins",
    status_code=201,
    response_model=BulletinModel,
    summary="Put out a bulletin for an area and all within it",
    responses={
        200: {"model": BulletinModel, "description": "It was put out before"},
        409: {"description": "The id is that of another"},
    },
    **described(WRITE),
)
def issue_bulletin(request: Request, engine: Engine, who: Acting, given: BulletinInput) -> Json:
    same_origin_if_signed_in(request)
    gate, key = gate_of(request), str(given.id)
    if given.area:
        check_unit(gate, "area", given.area)
    fields = {**_desk_of(gate, who, given), "kind": given.kind, **said_fields(given)}
    step = BulletinStep(key, key, ISSUE, clock_us(), who.id, fields)
    kept, item = _take(request, engine, who, step)
    return Json(item, status_code=201 if kept.fresh else 200)


@router.get(
    "/bulletins/{bulletin_id}",
    response_model=BulletinDetail,
    summary="One bulletin with all that it said before",
    **described(READ),
)
def get_bulletin(request: Request, engine: Engine, who: Acting, bulletin_id: str) -> Json:
    gate = gate_of(request)
    with engine.records.database.read() as connection:
        kept = read(connection, bulletin_id)
        if gate is not None:
            gate.require(who, READ, thing_of(gate, kept.bulletin))
        rows = bulletins.steps(connection, kept.bulletin.id)
        (item,) = shown(request, connection, who, [kept])
    named = names(request, {row.step.by for row in rows})
    steps = [step_json(row, named) for row in rows]
    return Json({**item, "steps": steps, "may_write": may_write(gate, who, kept.bulletin)})


@router.post(
    "/bulletins/{bulletin_id}/steps",
    response_model=BulletinModel,
    summary="Revise or withdraw",
    responses={409: {"description": "It is over or withdrawn, or somebody was faster"}},
    **described(WRITE),
)
def take_bulletin_step(
    request: Request, engine: Engine, who: Acting, bulletin_id: str, given: BulletinStepInput
) -> Json:
    same_origin_if_signed_in(request)
    with engine.records.database.read() as connection:
        key = read(connection, bulletin_id).bulletin.id
    fields: dict[str, Any] = {"reason": given.reason.strip()}
    if given.kind == REVISE:
        if given.said is None:
            raise ProblemError(422, "A revision says all anew.", {"said": "is missing"})
        fields = {**said_fields(given.said), "base": given.base}
    step = BulletinStep(str(given.id), key, given.kind, clock_us(), who.id, fields)
    _, item = _take(request, engine, who, step)
    return Json(item)


@router.post(
    "/bulletins/{bulletin_id}/read",
    response_model=BulletinModel,
    summary="Say that one has read it",
    **described(READ),
)
def read_bulletin(
    request: Request, engine: Engine, who: Acting, bulletin_id: str, given: BulletinReadInput
) -> Json:
    same_origin_if_signed_in(request)
    gate = gate_of(request)
    with engine.records.database.read() as connection:
        kept = read(connection, bulletin_id)
    if gate is not None:
        gate.require(who, READ, thing_of(gate, kept.bulletin))
    with engine.records.database.write() as connection:
        note_read(connection, kept, who, given.version, clock_us())
        (item,) = shown(request, connection, who, [kept])
    return Json(item)


@router.get(
    "/bulletins/{bulletin_id}/reach",
    response_model=BulletinReachModel,
    summary="How many of how many have it and have read it, by unit",
    **described(WRITE),
)
def get_bulletin_reach(request: Request, engine: Engine, who: Acting, bulletin_id: str) -> Json:
    gate = gate_of(request)
    with engine.records.database.read() as connection:
        kept = read(connection, bulletin_id)
        if gate is not None and not may_write(gate, who, kept.bulletin):
            # Nothing is written: only the refusal stands in the log.
            gate.require(who, WRITE, thing_of(gate, kept.bulletin))
        counted = _counted(connection, gate, kept)
    total = sum((count for _, count in counted), Count())
    rows = [
        {"unit": code, "unit_name": unit_name(gate, code), **count_json(count)}
        for code, count in counted
    ]
    return Json({"version": kept.bulletin.version, **count_json(total), "units": rows})


def _take(
    request: Request, engine: Runtime, who: Actor, step: BulletinStep
) -> tuple[Kept, dict[str, Any]]:
    act = Act(WRITE, f"bulletin:{safe_id(step.bulletin)}", {"done": step.kind})
    with acting(engine, gate_of(request), who, act) as (connection, now):
        kept = bulletins.again(connection, step)
        if kept is None:
            act = now.may(act, lambda g: _to_write(g, connection, step))
            kept = bulletins.take(connection, step)
            now.done.append(replace(act, facts=_told(step, kept)))
        else:
            sent = kept.bulletin
            now.may(Act(READ, act.thing), lambda g: thing_of(g, sent))
        (item,) = shown(request, connection, who, [kept])
    return kept, item


def _to_write(gate: Gate, connection: Connection, step: BulletinStep) -> Resource:
    if step.kind != ISSUE:
        return thing_of(gate, read(connection, step.bulletin).bulletin)
    said = step.fields
    return thing_for(gate, said["unit"], said["agency"], said["area"], said["kind"], step.bulletin)


def _told(step: BulletinStep, kept: Kept) -> dict[str, Any]:
    """Of what was written the log has the hash: a bulletin is kept with all its versions."""
    b = kept.bulletin
    words = orjson.dumps([b.title, b.text, b.issuer, b.number])
    return {
        "done": step.kind, "step": step.id, "version": b.version, "area": b.area, "kind": b.kind,
        "severity": b.severity, "from_us": b.from_us, "until_us": b.until_us,
        "said": {"sha256": hashlib.sha256(words).hexdigest()},
    }  # fmt: skip


def _desk_of(gate: Gate | None, who: Actor, given: BulletinInput) -> dict[str, str]:
    """Whose it is and for where: of the first place of the caller that may put it out."""
    if gate is None or not who.principals:
        area = given.area or PROVINCE
        return {"unit": PROVINCE, "agency": NO_AGENCY, "area": area}
    context = gate.circumstances(who)

    def may(unit: str, agency: str) -> bool:
        thing = thing_for(gate, unit, agency, given.area or unit, given.kind)
        return gate.decide(who, WRITE, thing, context).allowed

    places = [(p.unit, p.agency) for p in who.principals]
    unit, agency = next((place for place in places if may(*place)), places[0])
    return {"unit": unit, "agency": agency, "area": given.area or unit}


def note_read(connection: Connection, kept: Kept, who: Actor, version: int, at_us: int) -> None:
    """Raises a 422 problem for a version that there is not."""
    if version > kept.bulletin.version:
        why = f"there are {kept.bulletin.version}"
        raise ProblemError(422, f"version: {why}.", {"version": why})
    bulletins.read_by(connection, kept.bulletin.id, who.id, version, at_us)


def _counted(connection: Connection, gate: Gate | None, kept: Kept) -> list[tuple[str, Count]]:
    """The area's own unit first, then each next below with all within it."""
    area, now_us = kept.bulletin.area, clock_us()
    organisation = None if gate is None else gate.people.directory.organisation()
    if organisation is None or area not in organisation.units:
        found = bulletins.counts(connection, kept, frozenset({area}), now_us)
        return sorted(found.items())
    found = bulletins.counts(connection, kept, organisation.codes_within([area]), now_us)
    summed: dict[str, Count] = {}
    below = organisation.children(area)
    for code, count in found.items():
        around = {code, *organisation.ancestors(code)}
        of = next((child for child in below if child in around), area)
        summed[of] = summed.get(of, Count()) + count
    return sorted(summed.items(), key=lambda row: (row[0] != area, row[0]))
