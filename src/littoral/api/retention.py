"""`/retention` and `/holds`: how long things are kept, what ends when, and what a court keeps.

The server runs retention over everything by itself (`engine.upkeep`). Whoever asks for a run erases
what the policies give into that account's hands: a data protection officer, the own agency's; a
purpose ends for one agency alone. The lists show what the caller oversees.
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from littoral.access import retention as rules
from littoral.access.mask import mask
from littoral.access.retention import Decision, Rule
from littoral.api.case_sight import title_for
from littoral.api.cases import Body, Door, case_of, refusals
from littoral.api.fields import Agency, Basis, Document, Page, Purpose, Time
from littoral.api.gate import (
    NO_AGENCY,
    Acting,
    Actor,
    Gate,
    described,
    of_case,
    of_unit,
    under_case,
)
from littoral.api.names import place_name
from littoral.api.oversight.sight import (
    READ,
    areas_of,
    circumstances,
    require,
    seen,
    seen_kept,
)
from littoral.api.problems import ProblemError
from littoral.api.purpose_ends import EndedModel, EndingModel, endings_json
from littoral.api.signin.models import NameModel
from littoral.api.wire import Json, iso, iso_or_none
from littoral.engine import upkeep
from littoral.store.evidence import custody
from littoral.store.oversight.places import Place
from littoral.store.people.organisations import Organisation
from littoral.store.people.packaged import PROVINCE
from littoral.store.vault import holds, retention, things
from littoral.store.vault.holds import Hold
from littoral.store.vault.things import Thing

RUN = "retention.run"
State = Literal["kept", "due", "held", "unruled"]
ITEMS = 1000  # of a preview, the first to end first
router = APIRouter(tags=["retention"])


class SaidModel(BaseModel):
    zh: str
    en: str


class RetentionRuleModel(BaseModel):
    """Empty lists match all. A rule has one of `keep_days` and `at_least_days`."""

    id: str
    kinds: list[str]
    data_classes: list[str]
    purposes: list[str]
    except_purposes: list[str]
    start: Literal["collected", "case_closed", "purpose_ended"]
    keep_days: int | None
    at_least_days: int | None
    reason: SaidModel
    source: str


class DueCount(BaseModel):
    """How many things of one kind, class and purpose stand so."""

    kind: str
    data_class: str
    purpose: str
    state: State
    rule: str | None
    count: int
    first_due: Time | None


class DueItem(BaseModel):
    thing: str
    kind: str = Field(
        description="subject, evidence, case; of these what was written: incident, notice, "
        "watch_log, duty_paper, reason (of a change); contact (number of who has left)"
    )
    data_class: str
    purpose: str
    state: State = Field(description="unruled: no rule says when it ends")
    due: Time | None = Field(description="null: nothing says yet when")
    rule: str | None
    holds: list[str]
    unit: str = Field(description="of its case, or its own; empty: of none")
    unit_name: NameModel | None
    agency: str


class RanModel(BaseModel):
    at: Time
    erased: int
    refused: int = Field(description="due, but a hold came in between or it was gone")
    sha256: str = Field(description="over ids and keys erased, in their order; in the log too")


class PreviewModel(BaseModel):
    at: Time
    counts: list[DueCount]
    items: list[DueItem] = Field(description=f"the {ITEMS} that end first")
    last_run: RanModel | None
    ending: list[EndingModel] = Field(
        description="purposes that somebody said are over, while that can be taken back"
    )
    every_s: float = Field(description="how often the server runs it by itself")


class HoldInput(Body):
    thing: str = Field(max_length=100, description="as the preview names it; or an entry's id")
    legal_basis: Basis
    document: Document = Field(description="number of the order")


class ReleaseInput(Body):
    legal_basis: Basis = Field(description="what a court ordered is lifted by its order alone")
    document: Document = Field(description="number of the order or decision to lift it")


class HoldAbout(BaseModel):
    """What the thing belongs to, as far as the caller may see it."""

    title: str | None = Field(description="of its case; null: of none, or the caller sees it not")
    purpose: str | None = Field(description="of its case")
    unit: str
    unit_name: NameModel | None
    agency: str


class HoldModel(BaseModel):
    id: str
    thing: str
    kind: str = Field(description="as in the preview")
    about: HoldAbout
    legal_basis: str
    document: str
    set_by: str
    set: Time
    released_by: str | None
    released: Time | None
    released_basis: str | None
    released_document: str | None


@router.get(
    "/retention/rules",
    response_model=Page[RetentionRuleModel],
    summary="How long what is kept, and why",
    **described(READ),
)
def retention_rules(gate: Door, who: Acting) -> Json:
    require(gate, who, READ, "retention", PROVINCE)
    items = [rule_json(rule) for rule in gate.trust.rules]
    return Json({"items": items, "next_cursor": None})


@router.get(
    "/retention/preview",
    response_model=PreviewModel,
    summary="What a run would erase now, and what ends when",
    **described(READ),
)
def retention_preview(gate: Door, who: Acting, state: State | None = None) -> Json:
    """Of the cases that the caller oversees."""
    require(gate, who, READ, "retention", PROVINCE)
    now_us = gate.trust.now_us()
    kept = retention.preview(gate.trust.vault, gate.trust.rules, now_us)
    decided = seen_kept(gate, who, "retention", kept)
    asked = [d for d in decided if state is None or d.state == state]
    there = gate.people.directory.organisation()
    return Json({
        "at": iso(now_us),
        "counts": counts_json(decided),
        "items": [due_json(there, d) for d in asked[:ITEMS]],
        "last_run": ran_json(gate),
        "ending": endings_json(gate, who, decided),
        "every_s": upkeep.RETENTION_EVERY_S,
    })  # fmt: skip


@router.post(
    "/retention/run",
    response_model=RanModel,
    summary="Erase what is due of the own agency; the log has the proof",
    **described("retention.run", "personal"),
)
def run_retention(gate: Door, who: Acting) -> Json:
    answers_for(gate, who)
    try:
        upkeep.run_retention(gate.trust, who.ref, lambda due: own(gate, who, due))
    except upkeep.RetentionPaused as paused:
        raise ProblemError(409, str(paused)) from paused
    return Json(ran_json(gate))


@router.post(
    "/retention/purposes/{purpose}/end",
    response_model=EndedModel,
    summary="Say that a purpose is over for an agency: its data is due in three days; or take back",
    responses={404: {"description": "To take back: it is not about to end"}},
    **described("retention.run", "personal"),
)
def end_purpose(
    gate: Door,
    who: Acting,
    purpose: Purpose,
    agency: Annotated[
        Agency | None, Query(description="where the caller answers for several, which")
    ] = None,
    take_back: Annotated[
        bool, Query(description="of what anybody has said, until the end has come")
    ] = False,
) -> Json:
    """For the agency whose data the caller guards. Cases of others that serve the purpose go on.
    It is one person's word and destroys: so it waits, and `/retention/preview` names it."""
    may = answers_for(gate, who, kind="purpose")
    if agency is None and len(may) > 1:
        why = f"say for which agency: {', '.join(may)}"
        raise ProblemError(422, f"agency: {why}", {"agency": why})
    of = agency or may[0]
    answers_for(gate, who, of, "purpose")
    trust, now_us = gate.trust, gate.trust.now_us()
    with refusals():
        if take_back:
            retention.take_end_back(trust.vault, who.ref, purpose, of, now_us, trust.record)
            return Json({"purpose": purpose, "agency": of, "ended": None})
        end = retention.end_purpose(trust.vault, who.ref, purpose, of, now_us, trust.record)
    return Json({"purpose": purpose, "agency": of, "ended": iso(end.at_us)})


@router.get(
    "/holds",
    response_model=Page[HoldModel],
    summary="Legal holds in force",
    **described(READ),
)
def list_holds(gate: Door, who: Acting) -> Json:
    """On things of the cases that the caller oversees."""
    require(gate, who, READ, "hold", PROVINCE)
    vault = gate.trust.vault
    found = holds.current_holds(vault)
    places = [("", place_of(gate, things.thing(vault, h.thing))) for h in found]
    visible = seen(gate, who, READ, "hold", places)
    items = [hold_json(gate, who, h) for h, shown in zip(found, visible, strict=True) if shown]
    return Json({"items": items, "next_cursor": None})


@router.post(
    "/holds",
    status_code=201,
    response_model=HoldModel,
    summary="Keep a thing from being erased, by an order",
    responses={404: {"description": "There is no such thing"}},
    **described("hold.write", "personal"),
)
def set_hold(gate: Door, who: Acting, wanted: HoldInput) -> Json:
    may_hold(gate, who, wanted.thing, wanted.legal_basis)
    with refusals():
        made = holds.set_hold(
            gate.trust.vault, who.ref, wanted.thing, wanted.legal_basis, wanted.document,
            gate.trust.now_us(), gate.trust.record,
        )  # fmt: skip
    return Json(hold_json(gate, who, made), status_code=201)


@router.post(
    "/holds/{hold_id}/release",
    response_model=HoldModel,
    summary="Lift a hold, as another person",
    **described("hold.write", "personal"),
)
def release_hold(gate: Door, who: Acting, hold_id: str, wanted: ReleaseInput) -> Json:
    with refusals():
        found = holds.hold(gate.trust.vault, hold_id)
    court = found.legal_basis == "court_order"
    may_hold(
        gate, who, found.thing, wanted.legal_basis, "court_hold" if court else "hold",
        owner=found.set_by.removeprefix("account:"),
    )  # fmt: skip
    with refusals():
        done = holds.release(
            gate.trust.vault, who.ref, hold_id, wanted.legal_basis, wanted.document,
            gate.trust.now_us(), gate.trust.record,
        )  # fmt: skip
    return Json(hold_json(gate, who, done))


def answers_for(gate: Gate, who: Actor, agency: str = "", kind: str = "retention") -> list[str]:
    """The agencies (or whether `agency` is one) whose data of every class the caller may run
    retention on, in the whole deployment. Raises a 403 problem for none."""
    context = circumstances(gate, who)
    asked = [agency] if agency else list(dict.fromkeys(p.agency for p in who.principals))
    things_of = {
        of: [
            of_unit(gate, "retention", PROVINCE, data_class=c, agency=of)
            for c in custody.DATA_CLASSES
        ]
        for of in asked or [NO_AGENCY]
    }
    may = [
        of
        for of, found in things_of.items()
        if all(gate.decide(who, RUN, thing, context).allowed for thing in found)
    ]
    for thing in things_of[next(iter(may or things_of))]:
        gate.require(who, RUN, thing, context)
    return may


def own(gate: Gate, who: Actor, due: list[Decision]) -> list[Decision]:
    """What of it the policies let the caller run retention on."""
    items = [d.item for d in due]
    areas = {i.unit: areas_of(gate, i.unit) for i in items}
    condition = gate.filter(who, RUN, circumstances(gate, who))
    allowed = mask(
        condition,
        {
            "data_class": [i.data_class for i in items],
            "unit": [i.unit for i in items],
            "agency": [i.agency for i in items],
            "areas": [list(areas[i.unit]) for i in items],
            "purpose": [i.purpose for i in items],
            "kind": ["retention"] * len(items),
        },
    )
    return [d for d, mine in zip(due, allowed, strict=True) if mine]


def may_hold(
    gate: Gate, who: Actor, thing: str, legal_basis: str, kind: str = "hold", owner: str = ""
) -> None:
    with refusals():
        found = things.kept(gate.trust.vault, thing)
    if not found.case:
        resource = of_unit(
            gate, kind, found.unit, found.id, found.data_class, found.agency, owner=owner
        )
        context = gate.circumstances(who, purpose="oversight", legal_basis=legal_basis)
    else:
        case = case_of(gate, found.case)
        resource = of_case(gate, kind, case, thing, found.data_class, owner=owner)
        context = under_case(gate, who, case, purpose="oversight", legal_basis=legal_basis)
    gate.require(who, "hold.write", resource, context)


def place_of(gate: Gate, found: Thing) -> Place:
    """Whose it is: its case's; else its own unit's and agency's (of an incident, the lead's)."""
    if not found.case:
        return Place(found.unit, found.agency)
    case = case_of(gate, found.case)
    return Place(case.unit, case.agency)


def hold_json(gate: Gate, who: Actor, row: Hold) -> dict[str, Any]:
    found = things.thing(gate.trust.vault, row.thing)
    return {
        "id": row.id,
        "thing": row.thing,
        "kind": found.kind,
        "about": about_json(gate, who, found),
        "legal_basis": row.legal_basis,
        "document": row.document,
        "set_by": row.set_by,
        "set": iso(row.set_us),
        "released_by": row.released_by,
        "released": iso_or_none(row.released_us),
        "released_basis": row.released_basis,
        "released_document": row.released_document,
    }


def about_json(gate: Gate, who: Actor, found: Thing) -> dict[str, Any]:
    """As `HoldAbout`."""
    case = case_of(gate, found.case) if found.case else None
    place = place_of(gate, found)
    return {
        "title": None if case is None else title_for(gate, who, case),
        "purpose": None if case is None else case.purpose,
        "unit": place.unit,
        "unit_name": place_name(gate.people.directory.organisation(), place.unit),
        "agency": place.agency,
    }


def rule_json(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "kinds": list(rule.kinds),
        "data_classes": list(rule.data_classes),
        "purposes": list(rule.purposes),
        "except_purposes": list(rule.except_purposes),
        "start": rule.start,
        "keep_days": rule.keep_days,
        "at_least_days": rule.at_least_days,
        "reason": {"zh": rule.reason_zh, "en": rule.reason_en},
        "source": rule.source,
    }


def counts_json(decided: list[Decision]) -> list[dict[str, Any]]:
    """By kind, class, purpose, state and rule; what is due first."""
    order = (rules.DUE, rules.HELD, rules.UNRULED, rules.KEPT)
    counts: Counter[tuple[str, str, str, str, str | None]] = Counter()
    first: dict[tuple[str, str, str, str, str | None], int] = {}
    for d in decided:
        item = d.item
        key = (item.kind, item.data_class, item.purpose, d.state, d.rule.id if d.rule else None)
        counts[key] += 1
        if d.due_us is not None:
            first[key] = min(d.due_us, first.get(key, d.due_us))
    return [
        {
            "kind": key[0], "data_class": key[1], "purpose": key[2], "state": key[3],
            "rule": key[4], "count": counts[key], "first_due": iso_or_none(first.get(key)),
        }
        for key in sorted(counts, key=lambda k: (order.index(k[3]), k[:3], k[4] or ""))
    ]  # fmt: skip


def due_json(there: Organisation, decision: Decision) -> dict[str, Any]:
    item = decision.item
    return {
        "thing": item.id,
        "kind": item.kind,
        "data_class": item.data_class,
        "purpose": item.purpose,
        "state": decision.state,
        "due": iso_or_none(decision.due_us),
        "rule": decision.rule.id if decision.rule else None,
        "holds": list(decision.holds),
        "unit": item.unit,
        "unit_name": place_name(there, item.unit),
        "agency": item.agency,
    }


def ran_json(gate: Gate) -> dict[str, Any] | None:
    last = retention.last(gate.trust.vault)
    if last is None:
        return None
    return {
        "at": iso(last["at_us"]), "erased": last["erased"], "refused": last["refused"],
        "sha256": last["sha256"],
    }  # fmt: skip
