"""A change that waits for a second person, as JSON."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from littoral.api.fields import Time
from littoral.api.wire import iso, iso_or_none
from littoral.area.blinder import REASONS
from littoral.store.changes import Change


class ReasonModel(BaseModel):
    code: str
    zh: str
    en: str


class ChangeModel(BaseModel):
    """`before` and `after` are the thing as it was and as it would be (null: removed)."""

    id: str
    thing: str = Field(examples=["geofence:bay"])
    blinder: list[ReasonModel] = Field(description="what would be watched less")
    before: dict[str, Any]
    after: dict[str, Any] | None
    why: str
    state: str = Field(description="waiting, made, refused, taken_back, lapsed")
    proposed_by: str
    proposed: Time
    decided_by: str | None
    decided: Time | None
    note: str | None


def change_json(row: Change) -> dict[str, Any]:
    return {
        "id": row.id,
        "thing": row.thing,
        "blinder": [{"code": code, **REASONS[code]} for code in row.blinder],
        "before": row.before,
        "after": row.after,
        "why": row.why,
        "state": row.state,
        "proposed_by": row.proposed_by,
        "proposed": iso(row.proposed_us),
        "decided_by": row.decided_by,
        "decided": iso_or_none(row.decided_us),
        "note": row.note,
    }
