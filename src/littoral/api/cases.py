"""`/cases` and `/grants`: the only way to data about persons, by a purpose, a basis and a case.

The policies decide who may ask (gate), the vault's own rules hold besides, and nothing is shown
before the log has it (`store.vault`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from littoral.access import Circumstances, Principal, Resource
from littoral.api.assessed import above, assessed
from littoral.api.case_json import (
    CaseModel,
    GlassModel,
    GrantModel,
    SubjectModel,
    cases_json,
    grants_json,
    subjects_json,
)
from littoral.api.case_sight import permit_persons, reads_reason, require_opener, things_of
from littoral.api.fields import Agency, Basis, Page, Purpose
from littoral.api.gate import (
    Acting,
    Actor,
    Gate,
    described,
    gate_of,
    of_case,
    of_unit,
    same_origin_if_signed_in,
    under_case,
    units_within,
    without_agreements,
)
from littoral.api.params import CursorQuery, decode_cursor, encode_cursor
from littoral.api.problems import ProblemError, not_found
from littoral.api.unchanged import Known, is_known, tag_of, unchanged
from littoral.api.wire import Json, iso
from littoral.store.vault import breakglass, cases, grants, persons
from littoral.store.vault.cases import Case
from littoral.store.vault.entries import AccessDenied, Ask
from littoral.store.vault.fields import FieldRefused, class_of
from littoral.store.vault.grants import Grant
from littoral.store.vault.persons import Origin
from littoral.store.vault.vault import Erased, NotThere

HOUR_US = 3_600_000_000
MASKED = persons.MASKED_AT_ONCE
MaskedLimit = Annotated[int, Query(ge=1, le=MASKED, description="Items a page")]


def door(request: Request) -> Gate:
    """Persons are reached by who has signed in, never by a local operator."""
    same_origin_if_signed_in(request)
    found = gate_of(request)
    if found is None:
        raise ProblemError(403, "Data about persons needs sign-in; this server runs without it.")
    return found


Door = Annotated[Gate, Depends(door)]
router = APIRouter(tags=["cases"])


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PlaceInput(Body):
    """For an account that may do it in several places; who may in one leaves it out."""

    unit: str | None = Field(None, max_length=64, description="code of the unit")
    agency: Agency | None = Field(None, description="where the unit has several of one's own")


class CaseInput(PlaceInput):
    title: str = Field(min_length=1, max_length=200)
    purpose: Purpose
    legal_basis: Basis


class SubjectInput(Body):
    """`fields` by name, such as name, phone, id_number; no others are stored than those listed in
    docs/personal-data.md."""

    kind: Literal["person"] = "person"
    fields: dict[str, str] = Field(min_length=1, max_length=20)


class GrantInput(Body):
    kind: Literal["read", "export"] = "read"
    data_class: Literal["personal", "sensitive"] = "personal"
    hours: float = Field(1.0, gt=0, le=12)
    reason: str = Field(min_length=6, max_length=1000)
    subjects: list[str] = Field(default_factory=list, max_length=1000)
    whole_case: bool = False
    search_fields: list[str] = Field(default_factory=list, max_length=10)


class RevealInput(Body):
    subjects: list[str] = Field(min_length=1, max_length=1000)
    fields: list[str] | None = None


class SearchInput(Body):
    field: str
    value: str = Field(min_length=1, max_length=200)


class GlassInput(PlaceInput):
    reason: str = Field(min_length=6, max_length=1000)
    purpose: Purpose = "emergency"
    legal_basis: Basis = "vital_interest"
    data_class: Literal["personal", "sensitive"] = "personal"
    subjects: list[str] = Field(default_factory=list, max_length=20)
    search_fields: list[str] = Field(default_factory=list, max_length=10)


@router.post(
    "/cases",
    status_code=201,
    response_model=CaseModel,
    summary="Open a case",
    **described("case.open"),
)
def open_case(gate: Door, who: Acting, case: CaseInput) -> Json:
    context = gate.circumstances(who, purpose=case.purpose, legal_basis=case.legal_basis)
    place = place_of(gate, who, "case.open", "case", case, context)
    with refusals():
        made = cases.open_case(
            gate.trust.vault, who.ref, case.title, case.purpose, case.legal_basis, place.unit,
            gate.trust.now_us(), gate.trust.record, place.agency,
        )  # fmt: skip
    return Json(cases_json(gate, [made], who)[0], status_code=201)


@router.get(
    "/cases",
    response_model=Page[CaseModel],
    summary="Cases of the own units and agencies, and frames of those that others share",
    **described("case.read"),
)
def list_cases(gate: Door, who: Acting, state: Literal["open", "closed"] | None = None) -> Json:
    context = gate.circumstances(who)
    things = {p: of_place(gate, "case", p) for p in who.principals}
    watching = gate.circumstances(who, purpose="oversight", legal_basis="statutory_duty")
    may = [p for p in things if gate.decide(who, "case.read", things[p], context).allowed]
    watched = [p for p in things if gate.decide(who, "case.read", things[p], watching).allowed]
    asked = next(iter(may or watched or things), None)
    gate.require(
        who, "case.read", Resource("operational") if asked is None else things[asked],
        watching if watched and not may else context,
    )  # fmt: skip
    shared = {
        (a.unit, a.agency)
        for p in who.principals
        for a in p.received
        if gate.decide(
            who, "case.read", of_unit(gate, "case", a.unit, agency=a.agency), context
        ).allowed
    }
    found = cases.list_cases(
        gate.trust.vault, who.ref, [(p.unit, p.agency) for p in may], gate.trust.now_us(),
        gate.trust.record, state, shared=shared, within=units_within(gate),
        overseen=[(p.unit, p.agency) for p in watched],
    )  # fmt: skip
    return Json({"items": cases_json(gate, found, who), "next_cursor": None})


@router.post(
    "/cases/{case_id}/close",
    response_model=CaseModel,
    summary="Close a case; every access under it ends",
    **described("case.close"),
)
def close_case(gate: Door, who: Acting, case_id: str) -> Json:
    case = allowed(gate, who, "case.close", case_id)
    with refusals():
        cases.close_case(gate.trust.vault, who.ref, case.id, gate.trust.now_us(), gate.trust.record)
    return Json(cases_json(gate, [case_of(gate, case.id)], who)[0])


@router.post(
    "/cases/{case_id}/subjects",
    status_code=201,
    response_model=SubjectModel,
    summary="Collect a person's fields under the case",
    **described("intake.write", "personal"),
)
def add_subject(gate: Door, who: Acting, case_id: str, subject: SubjectInput) -> Json:
    """Sensitive fields need the right to collect such."""
    case = allowed(gate, who, "intake.write", case_id, class_of(subject.fields))
    require_opener(gate, who, case)
    ask, now_us = ask_of(who, case), gate.trust.now_us()
    with refusals():
        made = persons.add_subject(
            gate.trust.vault, ask, subject.kind, subject.fields, now_us, gate.trust.record
        )
        shown = persons.show_masked(gate.trust.vault, ask, [made], now_us, gate.trust.record)
    return Json(subjects_json(gate, shown)[0], status_code=201)


@router.get(
    "/cases/{case_id}/subjects",
    response_model=Page[SubjectModel],
    summary="Persons of the case, masked",
    **described("grant.request", "personal"),
)
def list_subjects(
    gate: Door, who: Acting, case_id: str, cursor: CursorQuery = None, limit: MaskedLimit = MASKED
) -> Json:
    """Seen by whoever may ask for access to them; those collected first are first."""
    vault, now_us = gate.trust.vault, gate.trust.now_us()
    case = allowed(gate, who, "grant.request", case_id, "personal", now_us + HOUR_US)
    after = decode_cursor(cursor, str)[0] if cursor else ""
    ids = persons.subjects_of(vault, case.id, after, limit + 1)
    more = encode_cursor(ids[limit - 1]) if len(ids) > limit else None
    with refusals():
        shown = persons.show_masked(
            vault, ask_of(who, case), ids[:limit], now_us, gate.trust.record
        )
    return Json({"items": subjects_json(gate, shown), "next_cursor": more})


@router.post(
    "/cases/{case_id}/grants",
    status_code=201,
    response_model=GrantModel,
    summary="Ask for access to persons, for a limited time",
    **described("grant.request", "personal"),
)
def ask_for_grant(gate: Door, who: Acting, case_id: str, wanted: GrantInput) -> Json:
    now_us = gate.trust.now_us()
    until_us = now_us + int(wanted.hours * HOUR_US)
    case = allowed(gate, who, "grant.request", case_id, wanted.data_class, until_us)
    require_opener(gate, who, case)
    with refusals(), assessed(gate):
        made = grants.ask_for(
            gate.trust.vault, ask_of(who, case), wanted.kind, wanted.data_class, until_us,
            wanted.reason, now_us, gate.trust.record, wanted.subjects, wanted.whole_case,
            wanted.search_fields, above=above(gate, case.unit),
        )  # fmt: skip
    return Json(grants_json(gate, [made])[0], status_code=201)


@router.get(
    "/cases/{case_id}/grants",
    response_model=Page[GrantModel],
    summary="Accesses asked for under the case",
    responses={304: {"description": "As it was shown under this `etag`: nothing is, nor logged"}},
    **described("case.read"),
)
def list_grants(gate: Door, who: Acting, case_id: str, known: Known = "") -> Response:
    case = allowed(gate, without_agreements(who), "case.read", case_id)
    rows = grants.grants_of(gate.trust.vault, case.id)
    shown = [(row, reads_reason(gate, who, case, row)) for row in rows]
    if is_known(known, tag := tag_of(who, case.id, shown)):
        return unchanged(tag)
    gate.trust.tell(
        who.ref, "case.read", f"case:{case.id}", "allow", case.purpose, case.id, case.legal_basis,
        step="grants",
    )  # fmt: skip
    items = grants_json(gate, rows, lambda g: reads_reason(gate, who, case, g))
    return Json({"items": items, "next_cursor": None}, headers={"etag": tag})


@router.post(
    "/grants/{grant_id}/approve",
    response_model=GrantModel,
    summary="Approve, as another person",
    **described("grant.approve", "personal"),
)
def approve_grant(gate: Door, who: Acting, grant_id: str) -> Json:
    grant = grant_of(gate, grant_id)
    facts = grant.facts
    case = allowed(
        gate, who, "grant.approve", facts.case, facts.data_class, facts.until_us,
        second_person=who.ref != facts.requested_by, owner=facts.requested_by,
    )  # fmt: skip
    with refusals(), assessed(gate):
        done = grants.approve(
            gate.trust.vault, grant_id, who.ref, gate.trust.now_us(), gate.trust.record,
            above(gate, case.unit),
        )  # fmt: skip
    return Json(grants_json(gate, [done])[0])


@router.delete(
    "/grants/{grant_id}",
    response_model=GrantModel,
    summary="End an access before its time",
    **described("grant.request", "personal"),
)
def end_grant(gate: Door, who: Acting, grant_id: str) -> Json:
    grant = grant_of(gate, grant_id)
    if who.ref not in (grant.facts.who, grant.facts.requested_by):
        allowed(gate, who, "grant.approve", grant.facts.case, grant.facts.data_class)
    with refusals():
        done = grants.end(
            gate.trust.vault, grant_id, who.ref, gate.trust.now_us(), gate.trust.record
        )
    return Json(grants_json(gate, [done])[0])


@router.post(
    "/grants/{grant_id}/reveal",
    response_model=Page[SubjectModel],
    summary="Plain fields under a grant",
    **described("person.read", "personal"),
)
def reveal(gate: Door, who: Acting, grant_id: str, wanted: RevealInput) -> Json:
    grant, case = by_grant(gate, who, "person.read", grant_id)
    with refusals():
        permit_persons(gate, who, "person.read", wanted.subjects, case, grant)
        shown = persons.reveal(
            gate.trust.vault, ask_of(who, case), grant.id, wanted.subjects, gate.trust.now_us(),
            gate.trust.record, wanted.fields,
        )  # fmt: skip
    return Json({"items": subjects_json(gate, shown), "next_cursor": None})


@router.post(
    "/grants/{grant_id}/search",
    response_model=Page[SubjectModel],
    summary="Persons with this very value, masked",
    **described("person.search", "personal"),
)
def search_persons(gate: Door, who: Acting, grant_id: str, wanted: SearchInput) -> Json:
    grant, case = by_grant(gate, who, "person.search", grant_id)
    context, decider = under_case(gate, who, case, grant), gate.in_force()

    def may_see(found: Mapping[str, Origin]) -> set[str]:
        things = things_of(gate, found, grant.facts.data_class)
        return {
            i for i, thing in things.items()
            if gate.decide(who, "person.search", thing, context, decider).allowed
        }  # fmt: skip

    with refusals():
        found = persons.search(
            gate.trust.vault, ask_of(who, case), grant.id, wanted.field, wanted.value,
            gate.trust.now_us(), gate.trust.record, may_see,
        )  # fmt: skip
    return Json({"items": subjects_json(gate, found), "next_cursor": None})


@router.post(
    "/grants/{grant_id}/export",
    response_model=Page[SubjectModel],
    summary="Take persons out, approved by others",
    **described("person.export", "personal"),
)
def export_persons(gate: Door, who: Acting, grant_id: str, wanted: RevealInput) -> Json:
    grant, case = by_grant(gate, who, "person.export", grant_id)
    with refusals():
        permit_persons(gate, who, "person.export", wanted.subjects, case, grant)
        rows = persons.export(
            gate.trust.vault, ask_of(who, case), grant.id, wanted.subjects, gate.trust.now_us(),
            gate.trust.record, wanted.fields,
        )  # fmt: skip
    shown = {str(r["id"]): {k: v for k, v in r.items() if k != "id"} for r in rows}
    return Json({"items": subjects_json(gate, shown), "next_cursor": None})


@router.post(
    "/break-glass",
    status_code=201,
    response_model=GlassModel,
    summary="Access at once, reviewed within a day",
    **described("breakglass.use", "personal"),
)
def break_glass(gate: Door, who: Acting, wanted: GlassInput) -> Json:
    now_us = gate.trust.now_us()
    until_us = now_us + gate.trust.vault.limits.break_glass_us
    context = gate.circumstances(
        who, purpose=wanted.purpose, legal_basis=wanted.legal_basis, grant_until_us=until_us,
        break_glass=True,
    )  # fmt: skip
    place = place_of(gate, who, "breakglass.use", "person", wanted, context, wanted.data_class)
    with refusals():
        grant, review = breakglass.break_glass(
            gate.trust.vault, who.ref, wanted.reason, wanted.purpose, wanted.legal_basis,
            place.unit, now_us, gate.trust.record, None, wanted.subjects, wanted.search_fields,
            wanted.data_class, agency=place.agency,
        )  # fmt: skip
    shown = grants_json(gate, [grant])[0]
    return Json({"grant": shown, "review_due": iso(review.due_us)}, status_code=201)


def place_of(
    gate: Gate,
    who: Actor,
    action: str,
    kind: str,
    wanted: PlaceInput,
    context: Circumstances,
    data_class: str = "operational",
) -> Principal:
    """Where the caller does it: in the unit (and agency) named, else in the one place of theirs in
    which it is allowed. 403 where it is not, 422 where there are several or none so named."""
    if not who.principals:
        raise ProblemError(403, "This account has no role in any unit.")
    named = [
        p
        for p in who.principals
        if wanted.unit in (None, p.unit) and wanted.agency in (None, p.agency)
    ]
    if not named:
        field = "unit" if wanted.unit is not None else "agency"
        raise unclear(field, "this account has no role there")
    things = {p: of_place(gate, kind, p, data_class, purpose=context.purpose) for p in named}
    may = [p for p in named if gate.decide(who, action, things[p], context).allowed]
    if len(may) > 1:
        units = list(dict.fromkeys(p.unit for p in may))
        if len(units) > 1:
            raise unclear("unit", f"say in which unit: {', '.join(units)}")
        raise unclear("agency", f"say for which agency: {', '.join(p.agency for p in may)}")
    place = (may or named)[0]
    gate.require(who, action, things[place], context)
    return place


def of_place(
    gate: Gate, kind: str, place: Principal, data_class: str = "operational",
    **more: Any,
) -> Resource:  # fmt: skip
    """A thing of a place of the caller's."""
    return of_unit(gate, kind, place.unit, data_class=data_class, agency=place.agency, **more)


def unclear(field: str, why: str) -> ProblemError:
    return ProblemError(422, f"{field}: {why}", {field: why})


def allowed(
    gate: Gate,
    who: Actor,
    action: str,
    case_id: str,
    data_class: str = "operational",
    grant_until_us: int = 0,
    second_person: bool = False,
    owner: str = "",
) -> Case:
    """The case, when the policies allow `action` under it; 403 or 404 else."""
    case = case_of(gate, case_id)
    context = under_case(
        gate, who, case, grant_until_us=grant_until_us, second_person=second_person
    )
    thing = of_case(gate, "case", case, data_class=data_class, owner=owner.removeprefix("account:"))
    gate.require(who, action, thing, context)
    return case


def by_grant(gate: Gate, who: Actor, action: str, grant_id: str) -> tuple[Grant, Case]:
    grant = grant_of(gate, grant_id)
    case = case_of(gate, grant.facts.case)
    thing = of_case(gate, "case", case, data_class=grant.facts.data_class)
    gate.require(who, action, thing, under_case(gate, who, case, grant))
    return grant, case


def case_of(gate: Gate, case_id: str) -> Case:
    try:
        return cases.frame(gate.trust.vault, case_id)
    except NotThere as error:
        raise not_found("case", case_id) from error


def grant_of(gate: Gate, grant_id: str) -> Grant:
    try:
        return grants.grant(gate.trust.vault, grant_id)
    except NotThere as error:
        raise not_found("grant", grant_id) from error


def ask_of(who: Actor, case: Case) -> Ask:
    return Ask(who.ref, case.id, case.purpose, case.legal_basis)


@contextmanager
def refusals() -> Iterator[None]:
    """What the vault refuses becomes a problem."""
    try:
        yield
    except AccessDenied as error:
        raise ProblemError(403, str(error), more={"code": error.code}) from error
    except FieldRefused as error:
        raise ProblemError(422, str(error), {f"fields.{error.field}": str(error)}) from error
    except Erased as error:
        raise ProblemError(410, str(error) or "It was erased.") from error
    except NotThere as error:
        raise ProblemError(404, str(error)) from error
