"""`/oversight/delays`: for how long persons are not told of accesses under a case, and by whose
order. An investigator or an agency lead sets them; whoever oversees sees them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query

from littoral.api.case_sight import title_for
from littoral.api.cases import case_of, refusals
from littoral.api.fields import Basis, Document, Page
from littoral.api.gate import Acting, Actor, Gate, described, of_case, under_case
from littoral.api.oversight.models import DelayInput, DelayModel, Id
from littoral.api.oversight.sight import READ, Door, require, seen
from littoral.api.oversight.who import Act, Cast
from littoral.api.problems import not_found
from littoral.api.wire import Json, iso, iso_or_none
from littoral.store.oversight import delays
from littoral.store.oversight.delays import Delay
from littoral.store.vault.cases import Case
from littoral.store.vault.entries import Ask
from littoral.store.vault.vault import NotThere

router = APIRouter(tags=["oversight"])

WRITE, KIND = "hold.write", "delay"


@router.get(
    "/oversight/delays",
    response_model=Page[DelayModel],
    summary="Delays in force: accesses that persons are not told of yet",
    **described(READ),
)
def list_delays(
    gate: Door, who: Acting, over: Annotated[bool, Query(description="those over too")] = False
) -> Json:
    require(gate, who, READ)
    now_us = gate.trust.now_us()
    with gate.trust.vault.db.read() as connection:
        found = delays.listed(connection, now_us, over)
    cast = _cast(gate, found)
    visible = seen(gate, who, READ, KIND, [(d.set_by, cast.place(_set(d))) for d in found])
    items = [
        _json(gate, who, cast, d, now_us)
        for d, shown in zip(found, visible, strict=True)
        if shown or d.set_by == who.ref  # nobody oversees himself, but may end what he has set
    ]
    return Json({"items": items, "next_cursor": None})


@router.post(
    "/oversight/delays",
    status_code=201,
    response_model=DelayModel,
    summary="Delay telling persons of accesses under an open case, for 90 days at most",
    responses={404: {"description": "There is no such case"}},
    **described(WRITE),
)
def set_delay(gate: Door, who: Acting, wanted: DelayInput) -> Json:
    """Without a court's order it waits until somebody of another desk sets the same by the same
    document, and is renewed once, by another person. The person is told of the accesses, the
    document and the basis once it is over."""
    case = case_of(gate, wanted.case)
    _check(gate, who, case, wanted.legal_basis)
    ask = Ask(who.ref, case.id, case.purpose, wanted.legal_basis)
    with refusals():
        made = delays.set_delay(
            gate.trust.vault, ask, wanted.subject, wanted.document, wanted.until,
            gate.trust.now_us(), gate.trust.record, who.seats,
        )  # fmt: skip
    return Json(_json(gate, who, _cast(gate, [made]), made, gate.trust.now_us()), status_code=201)


@router.delete(
    "/oversight/delays/{delay_id}",
    response_model=DelayModel,
    summary="End a delay before its time",
    **described(WRITE),
)
def end_delay(
    gate: Door,
    who: Acting,
    delay_id: Id,
    document: Annotated[Document, Query(description="number of the order or decision to end it")],
    legal_basis: Annotated[
        Basis, Query(description="what a court ordered is ended by its order alone")
    ],
) -> Json:
    try:
        found = delays.one(gate.trust.vault, delay_id)
    except NotThere as error:
        require(gate, who, WRITE, KIND)
        raise not_found("delay", delay_id) from error
    _check(gate, who, case_of(gate, found.case_id), legal_basis)
    with refusals():
        done = delays.end_delay(
            gate.trust.vault, who.ref, delay_id, legal_basis, document, gate.trust.now_us(),
            gate.trust.record,
        )  # fmt: skip
    return Json(_json(gate, who, _cast(gate, [done]), done, gate.trust.now_us()))


def _check(gate: Gate, who: Actor, case: Case, legal_basis: str) -> None:
    """Raises a 403 problem unless they may delay under this case on that basis."""
    thing = of_case(gate, KIND, case)
    gate.require(who, WRITE, thing, under_case(gate, who, case, legal_basis=legal_basis))


def _set(row: Delay) -> Act:
    return row.set_by, row.set_us, row.case_id


def _ended(row: Delay) -> Act | None:
    if row.ended_by is None or row.ended_us is None:
        return None
    return row.ended_by, row.ended_us, row.case_id


def _agreed(row: Delay) -> Act | None:
    if row.agreed_by is None or row.agreed_us is None:
        return None
    return row.agreed_by, row.agreed_us, row.case_id


def _cast(gate: Gate, found: Sequence[Delay]) -> Cast:
    ended = [act for d in found if (act := _ended(d)) is not None]
    agreed = [act for d in found if (act := _agreed(d)) is not None]
    return Cast(gate, [*map(_set, found), *ended, *agreed])


def _json(gate: Gate, who: Actor, cast: Cast, row: Delay, now_us: int) -> dict[str, Any]:
    ended, agreed = _ended(row), _agreed(row)
    return {
        "id": row.id,
        "case": row.case_id,
        "case_title": title_for(gate, who, case_of(gate, row.case_id)),
        "subject": row.subject_id,
        "legal_basis": row.legal_basis,
        "document": row.document,
        "set_by": cast.who(_set(row)),
        "set": iso(row.set_us),
        "until": iso(row.until_us),
        "ended_by": None if ended is None else cast.who(ended),
        "ended": iso_or_none(row.ended_us),
        "ended_basis": row.ended_basis,
        "ended_document": row.ended_document,
        "agreed_by": None if agreed is None else cast.who(agreed),
        "agreed": iso_or_none(row.agreed_us),
        "waits": row.waits,
        "in_force": now_us < row.end_us and not row.waits,
    }
