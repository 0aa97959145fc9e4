"""Cases, grants and persons as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from littoral.api.case_sight import opens
from littoral.api.fields import Time
from littoral.api.gate import Actor, Gate
from littoral.api.names import names_of
from littoral.api.wire import iso, iso_or_none
from littoral.store.vault import grants, persons
from littoral.store.vault.cases import Case
from littoral.store.vault.grants import Grant


class CaseModel(BaseModel):
    id: str
    title: str | None = Field(
        description="null: its key was destroyed, another unit shares it, or it cannot be read"
    )
    purpose: str
    legal_basis: str
    unit: str
    agency: str = Field(description="empty: of all agencies of the unit")
    opened_by: str
    opened: Time
    closed: Time | None
    state: str
    waiting: int = Field(description="accesses that wait for an approval")
    opens: list[Literal["subjects", "grants"]] = Field(
        description="lists of the case that the caller may ask for; another answers 403, logged"
    )
    names: dict[str, str] = Field(description="of who is referred to here")


class SubjectModel(BaseModel):
    id: str
    fields: dict[str, str | None] = Field(
        description="masked, unless a grant shows them; null: damaged, nobody erased it"
    )
    corrected: dict[str, Time] = Field(
        default_factory=dict, description="fields altered since they were collected, and when last"
    )


class GrantModel(BaseModel):
    id: str
    case: str
    kind: str
    data_class: str
    who: str
    requested_by: str
    until: Time
    state: str = Field(description="asked, active, ended")
    needs: int = Field(description="approvals by others")
    approvals: list[str]
    subjects: list[str]
    whole_case: bool
    search_fields: list[str]
    reason: str | None = Field(
        description="null: it cannot be read, or it is neither the reader's own nor for "
        "the reader to approve or review"
    )
    names: dict[str, str] = Field(description="of who is referred to here")


class GlassModel(BaseModel):
    grant: GrantModel
    review_due: Time


def subjects_json(
    gate: Gate, shown: Mapping[str, Mapping[str, str | None]]
) -> list[dict[str, Any]]:
    """`SubjectModel` of each person whose fields are shown, in the same order."""
    corrected = persons.corrected(gate.trust.vault, shown)
    return [
        {
            "id": key,
            "fields": dict(fields),
            "corrected": {name: iso(at_us) for name, at_us in corrected.get(key, {}).items()},
        }
        for key, fields in shown.items()
    ]


def cases_json(gate: Gate, rows: Sequence[Case], who: Actor) -> list[dict[str, Any]]:
    ids = [row.id for row in rows]
    waiting = grants.waiting(gate.trust.vault, ids, gate.trust.now_us())
    names = names_of(gate, {row.opened_by for row in rows})
    return [
        {**case_json(row, waiting.get(row.id, 0), names), "opens": opens(gate, who, row)}
        for row in rows
    ]


def grants_json(
    gate: Gate, rows: Sequence[Grant], may_read: Callable[[Grant], bool] = lambda _: True
) -> list[dict[str, Any]]:
    """`may_read`: to whom the reason is shown, which people write about persons."""
    facts = [row.facts for row in rows]
    refs = {ref for f in facts for ref in (f.who, f.requested_by, *f.approvers)}
    names = names_of(gate, refs)
    why = grants.reasons(gate.trust.vault, [row.id for row in rows])
    return [grant_json(row, why.get(row.id) if may_read(row) else None, names) for row in rows]


def case_json(row: Case, waiting: int, names: Mapping[str, str]) -> dict[str, Any]:
    """All of `CaseModel` but what opens to the caller."""
    return {
        "id": row.id,
        "title": row.title,
        "purpose": row.purpose,
        "legal_basis": row.legal_basis,
        "unit": row.unit,
        "agency": row.agency,
        "opened_by": row.opened_by,
        "opened": iso(row.opened_us),
        "closed": iso_or_none(row.closed_us),
        "state": row.state,
        "waiting": waiting,
        "names": {ref: name for ref, name in names.items() if ref == row.opened_by},
    }


def grant_json(row: Grant, reason: str | None, names: Mapping[str, str]) -> dict[str, Any]:
    facts = row.facts
    refs = (facts.who, facts.requested_by, *facts.approvers)
    return {
        "id": row.id,
        "case": facts.case,
        "kind": facts.kind,
        "data_class": facts.data_class,
        "who": facts.who,
        "requested_by": facts.requested_by,
        "until": iso(facts.until_us),
        "state": facts.state,
        "needs": row.needs,
        "approvals": list(facts.approvers),
        "subjects": list(row.things),
        "whole_case": row.whole_case,
        "search_fields": list(row.search_fields),
        "reason": reason,
        "names": {ref: name for ref, name in names.items() if ref in refs},
    }
