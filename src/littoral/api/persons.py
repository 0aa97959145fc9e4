"""Correcting a person's fields under a grant, and erasing a person, or the answers to a form, on
request by two.

A wrong field is put right by who may hand such data in and may read this person's now. An erasure
is asked for by one who may erase and agreed to by another; the key is destroyed, the log has the
proof. What stands under a legal hold is neither altered nor erased, and the refusal names the hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from littoral.api.case_json import SubjectModel, subjects_json
from littoral.api.cases import Body, Door, allowed, ask_of, by_grant, case_of, refusals, unclear
from littoral.api.fields import Document, Page, Time
from littoral.api.gate import Acting, Actor, Gate, described, of_case, under_case
from littoral.api.names import names_of, place_name
from littoral.api.oversight.sight import READ, circumstances, require
from littoral.api.problems import ProblemError, not_found
from littoral.api.signin.models import NameModel
from littoral.api.wire import Json, iso, iso_or_none
from littoral.store.evidence import custody
from littoral.store.vault import erasure_requests, persons, things
from littoral.store.vault.cases import Case
from littoral.store.vault.entries import Ask
from littoral.store.vault.erasure_requests import ErasureRequest, NotWaiting
from littoral.store.vault.fields import class_of
from littoral.store.vault.holds import COURT, Held

ERASE = "person.erase"
# What the policies are asked about: a request alone, and what is done once another has agreed.
PROPOSAL, ERASURE = "erasure_proposal", "erasure"
State = Literal["waiting", "made", "refused", "taken_back", "lapsed"]
CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"description": "It was decided, taken back or lapsed meanwhile, or waits already"}
}
router = APIRouter(tags=["cases"])


class CorrectInput(Body):
    """Only the fields that are wrong or missing, with what is right."""

    subject: str = Field(max_length=100)
    fields: dict[str, str] = Field(min_length=1, max_length=20)


class ErasureInput(Body):
    subject: str = Field(
        max_length=100,
        description="the person's record, or the evidence of answers to a form: all of these are "
        "erased, with the files handed in with them",
    )
    reason: Literal["request", "court_order", "mistake"] = Field(
        description="request: the person asks for it; mistake: it should not have been collected"
    )
    document: Document | None = Field(
        None, description="number of the order or file; needed where a court orders it"
    )
    why: str = Field(min_length=6, max_length=1000, description="sealed under the case's key")


class ErasureDecision(Body):
    agree: bool
    note: str = Field("", max_length=1000)


class ErasureCase(BaseModel):
    """Under which case the person's data was collected."""

    title: str | None = Field(
        description="null: its key was destroyed, or the caller may not see the case"
    )
    purpose: str
    unit: str
    unit_name: NameModel | None
    agency: str
    opened: Time


class ErasureModel(BaseModel):
    id: str
    subject: str = Field(description="the person's record, or the evidence of answers to a form")
    answers: bool = Field(description="it is answers to a form, with the files handed in with them")
    case: str
    about: ErasureCase
    reason: str
    document: str | None = Field(description="number of the order or file")
    why: str | None = Field(description="null: the case's key was destroyed, or it is damaged")
    state: State
    requested_by: str
    requested: Time
    decided_by: str | None
    decided: Time | None
    note: str | None
    mine: bool = Field(description="the caller asked for it, so another has to agree")
    log_index: int | None = Field(description="place in the log of the proof; null: not erased")
    names: dict[str, str] = Field(description="of who is referred to here")


@router.post(
    "/grants/{grant_id}/correct",
    response_model=SubjectModel,
    summary="Correct fields of a person of the case, under a grant to read them",
    **described("intake.write", "personal"),
)
def correct_person(gate: Door, who: Acting, grant_id: str, wanted: CorrectInput) -> Json:
    grant, case = by_grant(gate, who, "person.read", grant_id)
    allowed(gate, who, "intake.write", case.id, class_of(wanted.fields))
    vault, ask, now_us = gate.trust.vault, ask_of(who, case), gate.trust.now_us()
    with refusals(), naming_holds(gate, who, case, wanted.subject):
        persons.correct(
            vault, ask, grant.id, wanted.subject, wanted.fields, now_us, gate.trust.record
        )
        shown = persons.show_masked(vault, ask, [wanted.subject], now_us, gate.trust.record)
    return Json(subjects_json(gate, shown)[0])


@router.get(
    "/erasures",
    response_model=Page[ErasureModel],
    summary="Erasures asked for, of the agencies that the caller oversees, newest first",
    **described(READ),
)
def list_erasures(gate: Door, who: Acting, state: State | None = None) -> Json:
    require(gate, who, READ, ERASURE)
    found = erasure_requests.listed(gate.trust.vault, gate.trust.now_us(), state)
    seen = {key: overseen(gate, who, case_of(gate, key)) for key in {r.case for r in found}}
    rows = [r for r in found if seen[r.case]]
    return Json({"items": erasures_json(gate, who, rows), "next_cursor": None})


@router.post(
    "/cases/{case_id}/erasures",
    status_code=202,
    response_model=ErasureModel,
    summary="Ask for a person's data to be erased; another person has to agree",
    responses=CONFLICT,
    **described(ERASE, "personal"),
)
def propose_erasure(gate: Door, who: Acting, case_id: str, wanted: ErasureInput) -> Json:
    case = may_erase(gate, who, case_id, wanted.subject, PROPOSAL)
    if wanted.reason == COURT and wanted.document is None:
        raise unclear("document", "name the order of the court")
    with refusals(), conflicts(), naming_holds(gate, who, case, wanted.subject):
        made = erasure_requests.propose(
            gate.trust.vault, erasing(who, case, wanted.reason), wanted.subject, wanted.reason,
            wanted.document or "", wanted.why, gate.trust.now_us(), gate.trust.record,
        )  # fmt: skip
    return Json(erasures_json(gate, who, [made])[0], status_code=202)


@router.post(
    "/cases/{case_id}/erasures/{erasure_id}/decision",
    response_model=ErasureModel,
    summary="Agree to an erasure or refuse it, as another person: the key is destroyed at once",
    responses=CONFLICT,
    **described(ERASE, "personal"),
)
def decide_erasure(
    gate: Door, who: Acting, case_id: str, erasure_id: str, decision: ErasureDecision
) -> Json:
    wanted = request_of(gate, case_id, erasure_id)
    second = who.ref != wanted.requested_by
    case = may_erase(gate, who, case_id, wanted.subject, ERASURE, second, gone_too=True)
    ask = erasing(who, case, wanted.reason)
    decide = erasure_requests.agree if decision.agree else erasure_requests.refuse
    with refusals(), conflicts(), naming_holds(gate, who, case, wanted.subject):
        done = decide(
            gate.trust.vault, ask, wanted.id, decision.note, gate.trust.now_us(),
            gate.trust.record,
        )  # fmt: skip
    if done.is_answers and decision.agree:
        custody.sweep(gate.trust.vault, gate.trust.evidence)
    return Json(erasures_json(gate, who, [done])[0])


@router.delete(
    "/cases/{case_id}/erasures/{erasure_id}",
    response_model=ErasureModel,
    summary="Take back an erasure that waits",
    responses=CONFLICT,
    **described(ERASE, "personal"),
)
def take_erasure_back(gate: Door, who: Acting, case_id: str, erasure_id: str) -> Json:
    wanted = request_of(gate, case_id, erasure_id)
    case = may_erase(gate, who, case_id, wanted.subject, PROPOSAL, gone_too=True)
    with refusals(), conflicts():
        done = erasure_requests.take_back(
            gate.trust.vault, erasing(who, case, wanted.reason), wanted.id, gate.trust.now_us(),
            gate.trust.record,
        )  # fmt: skip
    return Json(erasures_json(gate, who, [done])[0])


def may_erase(
    gate: Gate,
    who: Actor,
    case_id: str,
    subject: str,
    kind: str,
    second_person: bool = False,
    gone_too: bool = False,
) -> Case:
    """The person's case, when the policies let the caller erase there; 403, 404, 410 else."""
    case = case_of(gate, case_id)
    with refusals():
        found = things.thing(gate.trust.vault, subject)
    of_answers = erasure_requests.holds_answers(gate.trust.vault, subject)
    if found.case != case.id or not (found.kind == "subject" or of_answers):
        raise not_found("person of this case", subject)
    context = under_case(
        gate, who, case, purpose="oversight", legal_basis="statutory_duty",
        second_person=second_person,
    )  # fmt: skip
    data_class = found.data_class
    if of_answers and data_class == "operational":
        data_class = "personal"  # of a person all the same, who asked for it
    gate.require(who, ERASE, of_case(gate, kind, case, subject, data_class), context)
    if found.erased and not gone_too:
        raise ProblemError(410, "It was erased.")
    return case


def request_of(gate: Gate, case_id: str, erasure_id: str) -> ErasureRequest:
    with refusals():
        found = erasure_requests.one(gate.trust.vault, erasure_id, gate.trust.now_us())
    if found.case != case_id:
        raise not_found("request to erase in this case", erasure_id)
    return found


def overseen(gate: Gate, who: Actor, case: Case) -> bool:
    return gate.decide(who, READ, of_case(gate, ERASURE, case), circumstances(gate, who)).allowed


def erasing(who: Actor, case: Case, reason: str) -> Ask:
    """PIPL Art. 47: to erase is a duty, unless a court says so."""
    basis = COURT if reason == COURT else "statutory_duty"
    return Ask(who.ref, case.id, "oversight", basis)


@contextmanager
def conflicts() -> Iterator[None]:
    try:
        yield
    except NotWaiting as error:
        raise ProblemError(409, f"{str(error).capitalize()}.") from error


@contextmanager
def naming_holds(gate: Gate, who: Actor, case: Case, subject: str) -> Iterator[None]:
    """A refusal for legal holds says which, with the sentence of the policy that forbids it."""
    try:
        yield
    except Held as error:
        named = [
            {"id": h.id, "document": h.document, "legal_basis": h.legal_basis} for h in error.holds
        ]
        by_court = any(h.legal_basis == "court_order" for h in error.holds)
        kind = "court_hold" if by_court else "held"
        resource = of_case(gate, kind, case, subject, "personal")
        verdict = gate.decide(who, ERASE, resource, gate.circumstances(who, second_person=True))
        reason = {"zh": verdict.zh, "en": verdict.en}
        more = {"code": error.code, "holds": named, "reason": reason}
        raise ProblemError(403, f"{str(error).capitalize()}.", more=more) from error


def erasures_json(gate: Gate, who: Actor, rows: Sequence[ErasureRequest]) -> list[dict[str, Any]]:
    """As `ErasureModel`, in the same order."""
    refs = {ref for r in rows for ref in (r.requested_by, r.decided_by) if ref is not None}
    names = names_of(gate, refs)
    about = {key: about_erased(gate, who, case_of(gate, key)) for key in {r.case for r in rows}}
    return [
        {
            "id": r.id,
            "subject": r.subject,
            "answers": r.is_answers,
            "case": r.case,
            "about": about[r.case],
            "reason": r.reason,
            "document": r.document,
            "why": r.why,
            "state": r.state,
            "requested_by": r.requested_by,
            "requested": iso(r.requested_us),
            "decided_by": r.decided_by,
            "decided": iso_or_none(r.decided_us),
            "note": r.note,
            "mine": r.requested_by == who.ref,
            "log_index": r.log_index,
            "names": {ref: n for ref, n in names.items() if ref in (r.requested_by, r.decided_by)},
        }
        for r in rows
    ]


def about_erased(gate: Gate, who: Actor, case: Case) -> dict[str, Any]:
    """As `ErasureCase`: who may erase has to know what it is about; all others see of the case no
    more than the policies let them."""
    erasing_here = under_case(
        gate, who, case, purpose="oversight", legal_basis="statutory_duty", second_person=True
    )
    person = of_case(gate, PROPOSAL, case, data_class="personal")
    sees = (
        gate.decide(who, ERASE, person, erasing_here).allowed
        or gate.decide(
            who, "case.read", of_case(gate, "case", case), under_case(gate, who, case)
        ).allowed
    )
    return {
        "title": case.title if sees else None,
        "purpose": case.purpose,
        "unit": case.unit,
        "unit_name": place_name(gate.people.directory.organisation(), case.unit),
        "agency": case.agency,
        "opened": iso(case.opened_us),
    }
