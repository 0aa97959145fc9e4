"""`/assessments`: impact assessments, before anything sensitive is shown (PIPL Art. 55 and 56)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from littoral.access import Resource
from littoral.api.assessed import above
from littoral.api.cases import Body, refusals
from littoral.api.fields import Agency, Page, Purpose, Time
from littoral.api.gate import Acting, Actor, Gate, described
from littoral.api.names import names_of, place_name
from littoral.api.oversight.models import Id, Words
from littoral.api.oversight.sight import READ, Door, act_of, circumstances, require, seen
from littoral.api.params import Instant
from littoral.api.problems import ProblemError, not_found
from littoral.api.second_person import as_now
from littoral.api.wire import Json, iso, iso_or_none
from littoral.store.forms import versions
from littoral.store.oversight.places import Place
from littoral.store.vault import assessments
from littoral.store.vault.assessments import (
    AGREE,
    KIND,
    MAX_TEXT,
    MIN_TEXT,
    WAITING,
    WRITE,
    Assessment,
    AssessmentRefused,
    Need,
    NotWaiting,
    Wanted,
)
from littoral.store.vault.vault import NotThere

router = APIRouter(tags=["oversight"])

NO_NUL = r"^[^\x00]*$"  # no database takes one

What = Literal[
    "name", "phone", "address", "email", "birth_date", "plate", "seafarer_number", "note",
    "id_number", "passport", "account", "health", "whereabouts", "guardian", "evidence", "answers",
]  # fmt: skip
State = Literal["waiting", "to_come", "in_force", "ended", "refused", "taken_back", "lapsed"]


class AssessmentInput(Body):
    """The three texts are the points of PIPL Art. 56."""

    purpose: Purpose
    unit: str | None = Field(
        None, max_length=64, description="with all units within it; else the caller's own"
    )
    agency: Agency | None = Field(None, description="else the caller's own")
    what: list[What] = Field(min_length=1, max_length=20, description="is processed")
    necessity: str = Field(
        min_length=MIN_TEXT, max_length=MAX_TEXT, pattern=NO_NUL,
        description="whether purpose and manner are lawful, proper and necessary",
    )  # fmt: skip
    impact: str = Field(
        min_length=MIN_TEXT, max_length=MAX_TEXT, pattern=NO_NUL,
        description="influence on the rights of individuals, and security risks",
    )  # fmt: skip
    measures: str = Field(
        min_length=MIN_TEXT, max_length=MAX_TEXT, pattern=NO_NUL,
        description="whether protective measures are lawful, effective and fit the risk",
    )  # fmt: skip
    begins: Instant | None = Field(None, description="else as soon as it is agreed to")
    ends: Instant = Field(description="three years after the begin at most")
    replaces: Id | None = Field(None, description="the version whose place it is to take")


class AssessmentDecision(Body):
    agree: bool
    note: str = Field("", max_length=1000, pattern=NO_NUL)


class AssessmentModel(BaseModel):
    id: str
    version: int = Field(ge=1)
    replaces: str | None
    purpose: Purpose
    unit: str
    unit_name: Words | None
    agency: Agency
    what: list[str]
    state: State
    begins: Time = Field(description="in force from then on, where it was agreed to")
    ends: Time = Field(description="sooner than was written where the next version took its place")
    written: Time
    written_by: str = Field(description="reference: `account:…`")
    decided: Time | None
    decided_by: str | None
    may_decide: bool = Field(description="whether the caller's agreement or refusal would be taken")
    mine: bool = Field(description="the caller wrote it: while it waits, it can be taken back")
    names: dict[str, str] = Field(description="of who is referred to here")


class AssessmentDetail(AssessmentModel):
    necessity: str
    impact: str
    measures: str
    note: str | None


class NeedModel(BaseModel):
    """Sensitive data is kept, and nobody is given access to it."""

    purpose: Purpose
    unit: str
    unit_name: Words | None
    agency: str
    cases: int = Field(description="open ones that hold sensitive data")
    forms: int = Field(description="in force, that ask for such")


class AssessmentsModel(Page[AssessmentModel]):
    lacking: list[NeedModel] = Field(description="what is in use, and no assessment covers")


@router.get(
    "/assessments",
    response_model=AssessmentsModel,
    summary="Impact assessments, the last written first, and what lacks one",
    **described(READ),
)
def list_assessments(gate: Door, who: Acting) -> Json:
    """Of the units and agencies that the caller oversees."""
    require(gate, who, READ, KIND)
    with gate.trust.vault.db.read() as connection:
        found = assessments.all_of(connection)
    visible = _seen(gate, who, [(f.unit, f.agency) for f in found])
    shown = [f for f, is_seen in zip(found, visible, strict=True) if is_seen]
    return Json({
        "items": _json(gate, who, shown), "next_cursor": None, "lacking": _lacking(gate, who),
    })  # fmt: skip


@router.get(
    "/assessments/{assessment}",
    response_model=AssessmentDetail,
    summary="An impact assessment with what it says",
    **described(READ),
)
def get_assessment(gate: Door, who: Acting, assessment: Id) -> Json:
    found = _found(gate, who, READ, assessment)
    gate.require(who, READ, _thing(gate, found), circumstances(gate, who))
    return Json(_detail(gate, who, found))


@router.post(
    "/assessments",
    status_code=201,
    response_model=AssessmentDetail,
    summary="Write an impact assessment, or the next version of one; it waits for another person",
    responses={409: {"description": "Another version of the same waits or was agreed to"}},
    **described(WRITE),
)
def write_assessment(gate: Door, who: Acting, body: AssessmentInput) -> Json:
    thing = _place(gate, who, body)
    begins = gate.trust.now_us() if body.begins is None else body.begins
    wanted = Wanted(
        body.purpose, thing.unit, thing.agency, tuple(body.what), body.necessity, body.impact,
        body.measures, begins, body.ends, body.replaces,
    )  # fmt: skip
    with refused():
        made = assessments.write(
            gate.trust.vault, who.ref, wanted, gate.trust.now_us(), gate.trust.record
        )
    return Json(_detail(gate, who, made), status_code=201)


@router.post(
    "/assessments/{assessment}/decision",
    response_model=AssessmentDetail,
    summary="Agree or refuse, as another person than who wrote it, who may take it back",
    responses={409: {"description": "It was decided or has lapsed meanwhile"}},
    **described(AGREE),
)
def decide_assessment(
    gate: Door, who: Acting, assessment: Id, decision: AssessmentDecision
) -> Json:
    found = _found(gate, who, AGREE, assessment)
    taking_back = found.written_by == who.ref and not decision.agree
    gate.require(
        who, WRITE if taking_back else AGREE, _thing(gate, found),
        gate.circumstances(who, second_person=found.written_by != who.ref),
    )  # fmt: skip
    vault, record = gate.trust.vault, gate.trust.record
    with refused():
        if decision.agree and found.state == WAITING and not _writer_may(gate, found):
            assessments.lapse(vault, found.id, who.ref, gate.trust.now_us(), record)
            raise NotWaiting("it has lapsed: who wrote it may no longer write any")
        done = assessments.decide(
            vault, found.id, who.ref, decision.agree, decision.note, gate.trust.now_us(), record
        )
    return Json(_detail(gate, who, done))


@contextmanager
def refused() -> Iterator[None]:
    """What the vault refuses becomes a problem."""
    try:
        with refusals():
            yield
    except AssessmentRefused as error:
        why = str(error)
        raise ProblemError(422, f"{error.field}: {why}", {error.field: why}) from error
    except NotWaiting as error:
        raise ProblemError(409, f"{str(error).capitalize()}.") from error


def _found(gate: Gate, who: Actor, action: str, key: str) -> Assessment:
    """404 for what is not there, to whom may do it at all; 403 else."""
    try:
        return assessments.one(gate.trust.vault, key)
    except NotThere as error:
        things = [act_of(gate, KIND, "", Place(p.unit, p.agency)) for p in who.principals]
        context = gate.circumstances(who, purpose="oversight", second_person=True)
        may = [t for t in things if gate.decide(who, action, t, context).allowed]
        gate.require(who, action, next(iter([*may, *things]), Resource("operational")), context)
        raise not_found("impact assessment", key) from error


def _thing(gate: Gate, found: Assessment) -> Resource:
    """Of who wrote it, at the place that it is about."""
    return act_of(gate, KIND, found.written_by, Place(found.unit, found.agency), found.id)


def _place(gate: Gate, who: Actor, body: AssessmentInput) -> Resource:
    """Of the unit and agency named, else the first of the caller's where it is allowed. Raises a
    403 problem."""
    context = gate.circumstances(who)
    places = dict.fromkeys(
        Place(body.unit or p.unit, body.agency or p.agency) for p in who.principals
    )
    things = [act_of(gate, KIND, "", place) for place in places] or [Resource("operational")]
    may = [thing for thing in things if gate.decide(who, WRITE, thing, context).allowed]
    thing = (may or things)[0]
    gate.require(who, WRITE, thing, context)
    return thing


def _writer_may(gate: Gate, found: Assessment) -> bool:
    """Whether who wrote it could write it now: the account may be suspended, a role have ended."""
    account = gate.people.directory.account(found.written_by.partition(":")[2])
    writer = as_now(gate, account)
    thing = _thing(gate, found)
    context = gate.circumstances(writer)
    return account.active and gate.decide(writer, WRITE, thing, context).allowed


def _seen(gate: Gate, who: Actor, places: Sequence[tuple[str, str]]) -> Sequence[bool]:
    acts = [("", Place(*place)) for place in places]
    return [bool(shown) for shown in seen(gate, who, READ, KIND, acts)]


def _lacking(gate: Gate, who: Actor) -> list[dict[str, Any]]:
    """As `NeedModel`."""
    now_us = gate.trust.now_us()
    counts: dict[tuple[str, str, str], list[int]] = {}
    with gate.trust.vault.db.read() as connection:
        for need in assessments.needs(connection):
            counts.setdefault(_key(need), [0, 0])[0] += need.cases
        for form in versions.asking_sensitive(connection, now_us):
            counts.setdefault((form.purpose, form.unit, form.agency), [0, 0])[1] += 1
        found = [
            (place, n)
            for place, n in sorted(counts.items())
            if not assessments.covering(
                connection, place[0], place[2], above(gate, place[1]), now_us
            )
        ]
    visible = _seen(gate, who, [place[1:] for place, _ in found])
    there = gate.people.directory.organisation()
    return [
        {
            "purpose": purpose,
            "unit": unit,
            "unit_name": place_name(there, unit),
            "agency": agency,
            "cases": n[0],
            "forms": n[1],
        }
        for ((purpose, unit, agency), n), shown in zip(found, visible, strict=True)
        if shown
    ]


def _key(need: Need) -> tuple[str, str, str]:
    return need.purpose, need.unit, need.agency


def _detail(gate: Gate, who: Actor, found: Assessment) -> dict[str, Any]:
    texts = {name: getattr(found, name) for name in assessments.TEXTS} | {"note": found.remark}
    return {**_json(gate, who, [found])[0], **texts}


def _json(gate: Gate, who: Actor, found: Sequence[Assessment]) -> list[dict[str, Any]]:
    names = names_of(gate, {ref for f in found for ref in (f.written_by, f.decided_by) if ref})
    there, now_us = gate.people.directory.organisation(), gate.trust.now_us()
    return [
        {
            "id": f.id,
            "version": f.version,
            "replaces": f.replaces,
            "purpose": f.purpose,
            "unit": f.unit,
            "unit_name": place_name(there, f.unit),
            "agency": f.agency,
            "what": list(f.what),
            "state": f.state_at(now_us),
            "begins": iso(f.begins_us if f.from_us is None else f.from_us),
            "ends": iso(f.until_us),
            "written": iso(f.written_us),
            "written_by": f.written_by,
            "decided": iso_or_none(f.decided_us),
            "decided_by": f.decided_by,
            "may_decide": _may_decide(gate, who, f, now_us),
            "mine": f.written_by == who.ref,
            "names": {r: names[r] for r in (f.written_by, f.decided_by) if r in names},
        }
        for f in found
    ]


def _may_decide(gate: Gate, who: Actor, found: Assessment, now_us: int) -> bool:
    if found.state_at(now_us) != WAITING or found.written_by == who.ref:
        return False
    context = gate.circumstances(who, second_person=True)
    return gate.decide(who, AGREE, _thing(gate, found), context).allowed
