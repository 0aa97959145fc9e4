"""Purposes that somebody said are over, while the end has not come: what it will erase, and whom to
ask. It is one person's word, so it waits, in sight of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field

from littoral.access.retention import Decision
from littoral.api.cases import case_of
from littoral.api.fields import Time
from littoral.api.gate import Actor, Gate
from littoral.api.names import names_of
from littoral.api.oversight.sight import READ, seen
from littoral.api.persons import ErasureCase, about_erased
from littoral.api.wire import iso
from littoral.store.oversight.places import Place
from littoral.store.people.packaged import PROVINCE
from littoral.store.vault import retention


class EndedModel(BaseModel):
    purpose: str
    agency: str = Field(description="for which it is over; others go on")
    ended: Time | None = Field(
        description="from then on what its cases collected is due; until then it can be taken "
        "back. null: it was taken back"
    )


class EndingCase(ErasureCase):
    id: str


class EndingModel(BaseModel):
    purpose: str
    agency: str
    ends: Time = Field(description="until then it can be taken back")
    by: str = Field(description="who said so")
    by_name: str | None
    count: int = Field(description="of the things that are due then, as far as the caller sees")
    open_cases: list[EndingCase] = Field(description="those of them that somebody works in")


def endings_json(gate: Gate, who: Actor, decided: Sequence[Decision]) -> list[dict[str, Any]]:
    """As `EndingModel`; `decided`: what the caller oversees of what is kept."""
    found = retention.endings(gate.trust.vault, gate.trust.now_us())
    names = names_of(gate, [e.by for e in found])
    places = [("", Place(PROVINCE, e.agency)) for e in found]
    shown = []
    for end, visible in zip(found, seen(gate, who, READ, "retention", places), strict=True):
        concerned = [
            d.item
            for d in decided
            if (d.item.purpose, d.item.agency) == (end.purpose, end.agency)
            and d.item.purpose_ended_us == end.at_us
        ]
        if not (visible or concerned):
            continue
        working = [i.id for i in concerned if i.kind == "case" and i.case_closed_us is None]
        shown.append({
            "purpose": end.purpose,
            "agency": end.agency,
            "ends": iso(end.at_us),
            "by": end.by,
            "by_name": names.get(end.by),
            "count": len(concerned),
            "open_cases": [
                {"id": key, **about_erased(gate, who, case_of(gate, key))} for key in working
            ],
        })  # fmt: skip
    return shown
