"""`/oversight/subjects`: what was done with one person's data, for that person who asks.

A data protection officer has an open case for it and enters the number of a document; the number is
looked for and forgotten. The answer is all agencies', without the name of any officer.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from littoral.api.cases import ask_of, case_of, refusals
from littoral.api.gate import Acting, Actor, Gate, described, of_case, of_unit, under_case
from littoral.api.oversight.models import SubjectAsk, SubjectUsages
from littoral.api.oversight.sight import READ, Door, Indexed
from littoral.api.oversight.told import hidden_reason, sentence
from littoral.api.wire import Json, iso, iso_or_none
from littoral.store.oversight.subjects import Kept, Usage, identify, kept, usages

router = APIRouter(tags=["oversight"])

KIND = "subject_copy"


@router.post(
    "/oversight/subjects",
    response_model=SubjectUsages,
    summary="What was looked up about a person, by which agency, and why",
    responses={404: {"description": "There is no such case"}},
    **described(READ),
)
def usages_of_subject(gate: Door, who: Acting, index: Indexed, asked: SubjectAsk) -> Json:
    """Within an open case of the own unit for oversight. Accesses that a delay hides are left out
    until it is over. Of a record that was erased nothing can be found by a number any more."""
    case = case_of(gate, asked.case)
    gate.require(who, READ, of_case(gate, KIND, case), under_case(gate, who, case))
    vault, now_us = gate.trust.vault, gate.trust.now_us()
    with refusals():
        ids = identify(
            vault, ask_of(who, case), asked.field, [asked.value], now_us, gate.trust.record,
            asked.phone,
        )  # fmt: skip
    found = usages(index.database, ids, now_us)
    records = [r for one in kept(index.database, ids, now_us) for r in record_json(gate, who, one)]
    return Json({"items": [usage_json(u) for u in found], "total": len(found), "records": records})


def record_json(gate: Gate, who: Actor, row: Kept) -> list[dict[str, Any]]:
    """As `RecordModel`; none where the policies let the caller erase nothing there."""
    case = case_of(gate, row.case)
    resource = of_unit(
        gate, "erasure_proposal", case.unit, row.id, "personal", case.agency, case=case.id,
        purpose=row.purpose,
    )  # fmt: skip
    context = gate.circumstances(who, purpose="oversight", case=case.id)
    if not gate.decide(who, "person.erase", resource, context).allowed:
        return []
    return [
        {
            "id": row.id, "case": row.case, "purpose": row.purpose, "agency": case.agency,
            "unit": case.unit, "collected": iso(row.collected_us), "form": row.form,
        }
    ]  # fmt: skip


def usage_json(row: Usage) -> dict[str, Any]:
    return {
        "index": row.index,
        "time": iso(row.time_us),
        "agency": row.agency,
        "unit": row.unit,
        "action": row.action,
        "purpose": row.purpose,
        "legal_basis": row.legal_basis,
        "manner": row.manner,
        "form": row.form,
        "says": sentence(row),
        "hidden_until": iso_or_none(row.hidden_until_us),
        "hidden_reason": hidden_reason(row),
    }
