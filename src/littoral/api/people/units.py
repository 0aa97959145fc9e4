"""`/units`, `/agencies`: the tree of administration, as it is or was on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field

from littoral.access import Resource
from littoral.access.words import AGENCIES
from littoral.api.fields import Page
from littoral.api.gate import described
from littoral.api.params import CursorQuery, Instant, LimitQuery, decode_cursor, encode_cursor
from littoral.api.people.models import (
    AgencyModel,
    UnitDetailModel,
    UnitModel,
    agency_json,
    unit_json,
    version_json,
)
from littoral.api.people.places import CLASS, Ask, fits
from littoral.api.problems import ProblemError, not_found
from littoral.api.signin.answers import refusals
from littoral.api.signin.guard import Door
from littoral.api.signin.models import Body
from littoral.api.wire import Json
from littoral.store.people.importing import agency_faults, read_day, unit_faults
from littoral.store.people.organisations import Agency, Organisation, Unit

router = APIRouter()

Tier = Literal["province", "city", "township", "village", "grid"]
Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
CodeQuery = Annotated[str | None, Query(max_length=40, pattern=r"^[A-Za-z0-9_-]*$")]
Words = Annotated[str, Query(max_length=100, description="in code or name")]
AtQuery = Annotated[Instant | None, Query(description="as it was then; else now")]
DAY = r"^\d{4}-\d{2}-\d{2}$"


class UnitBody(Body):
    """A version of a unit from a day on; days begin at midnight in China. Of one that is there
    tier, parent and end stay as they are: they are changed on the machine."""

    tier: Tier
    parent: str | None = Field(None, max_length=24)
    name_zh: str = Field(min_length=1, max_length=100)
    name_en: str = Field("", max_length=100)
    valid_from: str = Field(pattern=DAY)
    valid_to: str | None = Field(None, pattern=DAY)
    synthetic: bool = False


class AgencyBody(Body):
    """As of a unit; of one that is there kind, unit and end stay as they are."""

    kind: str = Field(max_length=40)
    unit: str = Field(max_length=24)
    name_zh: str = Field(min_length=1, max_length=100)
    name_en: str = Field("", max_length=100)
    valid_from: str = Field(pattern=DAY)
    valid_to: str | None = Field(None, pattern=DAY)
    synthetic: bool = False


@router.get(
    "/units",
    response_model=Page[UnitModel],
    summary="Units by code; below one, of a tier, found by words",
    **described("unit.read"),
)
def list_units(
    door: Door,
    ask: Ask,
    parent: CodeQuery = None,
    under: CodeQuery = None,
    tier: Tier | None = None,
    q: Words = "",
    at: AtQuery = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = 200,
) -> Json:
    """`parent`: directly within it; `parent=` without a code: those within none; `under`: all
    within it."""
    ask.own("unit.read", "unit")
    there = door.directory.organisation(at)
    after = decode_cursor(cursor, str)[0] if cursor else ""
    condition = ask.filter("unit.read")
    found = []
    for unit in _chosen(there, parent, under):
        if unit.code <= after or (tier is not None and unit.tier != tier) or not _says(unit, q):
            continue
        if not fits(condition, _resource(unit, there)):
            continue
        found.append(unit)
        if len(found) > limit:
            break
    more = encode_cursor(found[limit - 1].code) if len(found) > limit else None
    return Json({"items": [unit_json(u, there) for u in found[:limit]], "next_cursor": more})


@router.get(
    "/units/{code}",
    response_model=UnitDetailModel,
    summary="A unit with its versions and agencies",
    **described("unit.read"),
)
def get_unit(door: Door, ask: Ask, code: Code, at: AtQuery = None) -> Json:
    there = door.directory.organisation(at)
    versions = door.directory.unit_versions(code)
    if not versions:
        ask.own("unit.read", "unit")
        raise not_found("unit", code)
    unit = there.units.get(code, versions[-1])
    ask.require("unit.read", _resource(unit, there))
    if code in there.units:
        shown = unit_json(unit, there)
    else:
        shown = {"code": code, **version_json(unit), "children": 0, "path": []}
    agencies = [agency_json(a, there) for a in there.agencies.values() if a.unit == code]
    may = ask.may("unit.write", ask.around(code, unit.parent))
    return Json(
        {
            **shown,
            "versions": [version_json(v) for v in versions],
            "agencies": agencies,
            "may_change": may,
        }
    )


@router.put(
    "/units/{code}",
    response_model=UnitDetailModel,
    summary="Make a unit, or give one that is there another name from a day on",
    **described("unit.write"),
)
def put_unit(door: Door, ask: Ask, code: Code, body: UnitBody) -> Json:
    start_us, end_us = _span(body.valid_from, body.valid_to)
    wanted = Unit(
        code, body.tier, body.parent or None, body.name_zh, body.name_en or body.name_zh,
        start_us, end_us, body.synthetic,
    )  # fmt: skip
    versions = door.directory.unit_versions()
    now = door.directory.organisation().units.get(code)
    ask.require("unit.write", ask.around(code, wanted.parent))
    if now is not None and wanted.parent not in (None, now.parent):  # into another's area
        ask.require("unit.write", ask.around(wanted.parent, None))
    _no_faults(unit_faults(wanted, versions))
    with refusals():
        door.directory.put_units([wanted], ask.actor.id, alone=True)
    return get_unit(door, ask, code)


@router.get(
    "/agencies",
    response_model=Page[AgencyModel],
    summary="Agencies by code, and the units that they work for",
    **described("unit.read"),
)
def list_agencies(
    door: Door,
    ask: Ask,
    under: CodeQuery = None,
    q: Words = "",
    at: AtQuery = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = 200,
) -> Json:
    ask.own("unit.read", "unit")
    there = door.directory.organisation(at)
    after = decode_cursor(cursor, str)[0] if cursor else ""
    condition = ask.filter("unit.read")
    found = [
        agency
        for agency in sorted(there.agencies.values(), key=lambda a: a.code)
        if agency.code > after
        and (not under or there.within(agency.unit, under))
        and _says(agency, q)
        and fits(condition, ask.resource((agency.unit, agency.code), "unit"))
    ]
    more = encode_cursor(found[limit - 1].code) if len(found) > limit else None
    return Json({"items": [agency_json(a, there) for a in found[:limit]], "next_cursor": more})


@router.put(
    "/agencies/{code}",
    response_model=AgencyModel,
    summary="Make an agency, or give one that is there another name from a day on",
    **described("unit.write"),
)
def put_agency(door: Door, ask: Ask, code: Code, body: AgencyBody) -> Json:
    start_us, end_us = _span(body.valid_from, body.valid_to)
    wanted = Agency(
        code, body.kind, body.unit, body.name_zh, body.name_en or body.name_zh, start_us, end_us,
        body.synthetic,
    )  # fmt: skip
    if body.kind not in AGENCIES:
        _no_faults([("kind", f"must be one of {', '.join(AGENCIES)}")])
    there = door.directory.organisation()
    above = there.ancestors(wanted.unit) if wanted.unit in there.units else ()
    ask.require(
        "unit.write",
        Resource(
            CLASS, code, unit=wanted.unit, agency=wanted.kind, areas=(wanted.unit, *above),
            kind="unit",
        ),
    )  # fmt: skip
    if code in there.agencies:
        ask.require("unit.write", ask.resource((there.agencies[code].unit, code), "unit", code))
    _no_faults(agency_faults(wanted, door.directory.organisation(start_us)))
    with refusals():
        door.directory.put_agencies([wanted], ask.actor.id, alone=True)
    return Json(agency_json(wanted, door.directory.organisation()))


def _chosen(there: Organisation, parent: str | None, under: str | None) -> Iterator[Unit]:
    """By code."""
    codes: Iterable[str] = there.units
    if under:
        codes = (under, *there.descendants(under)) if under in there.units else ()
    if parent is not None:
        inside = set(there.children(parent)) if parent in there.units else set()
        top = {c for c, u in there.units.items() if u.parent is None} if parent == "" else inside
        codes = top.intersection(codes)
    return (there.units[code] for code in sorted(codes))


def _says(thing: Unit | Agency, q: str) -> bool:
    text = f"{thing.code} {thing.name_zh} {thing.name_en}".casefold()
    return all(word in text for word in q.casefold().split())


def _resource(unit: Unit, there: Organisation) -> Resource:
    above = there.ancestors(unit.code) if unit.code in there.units else ()
    return Resource(CLASS, unit.code, unit=unit.code, areas=(unit.code, *above), kind="unit")


def _span(start: str, end: str | None) -> tuple[int, int | None]:
    try:
        start_us = read_day(start)
    except ValueError as error:
        raise ProblemError(422, f"valid_from: {error}", {"valid_from": str(error)}) from error
    try:
        end_us = None if end is None else read_day(end)
    except ValueError as error:
        raise ProblemError(422, f"valid_to: {error}", {"valid_to": str(error)}) from error
    if end_us is not None and end_us <= start_us:
        _no_faults([("valid_to", "must be later than valid_from")])
    return start_us, end_us


def _no_faults(found: list[tuple[str, str]]) -> None:
    if found:
        detail = "; ".join(f"{field}: {message}" for field, message in found)
        raise ProblemError(422, detail, dict(found))
