"""An alert as JSON (docs/live-stream.md): the record with its times written out."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from littoral.api.fields import Time
from littoral.api.wire import iso, iso_or_none
from littoral.schema.finding import NOTED
from littoral.store.records import AlertRow

State = Literal["provisional", "confirmed", "withdrawn"]
Handling = Literal["new", "acknowledged", "dismissed", "handed_on"]
Phase = Literal["ongoing", "ended_unanswered", "ended_handled", "withdrawn"]
Action = Literal["acknowledge", "dismiss", "hand_on", "comment", "undo"]
Fact = float | int | str | bool | None


class ThingModel(BaseModel):
    ref: str = Field(description="vessel:<track id>, receiver:<name> or area:<id>")
    label: str
    mmsi: int | None = None


class SentenceModel(BaseModel):
    zh: str
    en: str


class AlertModel(BaseModel):
    id: str
    seq: int = Field(description="place in the order of changes: the live stream's position")
    revision: int
    rule: str
    version: str
    profile: str
    kind: str
    state: State
    withdrawn_reason: str | None
    priority: int = Field(
        ge=1,
        le=NOTED,
        description="1 emergency alarm, 2 alarm, 3 warning, 4 caution, 5 noted (never annunciated)",
    )
    escalated: bool
    start: Time
    end: Time | None
    updated: Time
    raised: Time
    lon: float | None
    lat: float | None
    things: list[ThingModel]
    sentence: SentenceModel
    facts: dict[str, Fact] = Field(description="each name ends in its unit")
    settings: dict[str, Any]
    settings_version: int = Field(description="of the rule's settings here, see `/detectors`")
    evidence: list[int] = Field(description="observation ids")
    held_by: str | None
    phase: Phase = Field(
        description="its cause goes on; is over and unanswered; is over and dealt with; never was"
    )
    group: str = Field(description="id of the first alert of those that it stands with")
    grouped: bool = Field(description="told with its group, so without a call of its own")
    shelf: str | None = Field(description="on which it is set aside, see `/shelves`")
    shelved_until: Time | None = Field(description="when it comes back, by the watch's clock")
    handling: Handling
    handled_by: str | None
    handled_at: Time | None
    handed_to: str | None
    reason: str | None


_PLAIN = (
    "id", "seq", "revision", "rule", "version", "profile", "kind", "state", "withdrawn_reason",
    "priority", "escalated", "lon", "lat", "things", "sentence", "facts", "settings", "evidence",
    "settings_version", "held_by", "phase", "group", "grouped", "shelf", "handling", "handled_by",
    "handed_to", "reason",
)  # fmt: skip


def alert_json(row: AlertRow) -> dict[str, Any]:
    """As `AlertModel`."""
    result = {name: getattr(row, name) for name in _PLAIN}
    result["start"] = iso(row.start_us)
    result["end"] = iso_or_none(row.end_us)
    result["updated"] = iso(row.updated_us)
    result["shelved_until"] = iso_or_none(row.shelved_until_us)
    result["raised"] = iso(row.raised_us)
    result["handled_at"] = iso_or_none(row.handled_us)
    return result
