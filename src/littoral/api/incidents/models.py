"""Incidents and their steps as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from littoral.api.fields import Agency, Time
from littoral.api.params import Instant
from littoral.api.signin.models import NameModel
from littoral.api.wire import iso, iso_or_none
from littoral.respond.incident.flow import KINDS, Incident
from littoral.respond.incident.levels import Due
from littoral.store.incidents import Kept, StepRow

Type = Literal[
    "smuggling", "rescue", "collision", "fire", "storm", "landing", "epidemic", "pollution",
    "neighbourhood", "other",
]  # fmt: skip
Severity = Literal["extreme", "major", "serious", "ordinary"]
State = Literal["reported", "accepted", "dispatched", "handling", "fed_back", "verified", "closed"]
Outcome = Literal["done", "unfounded", "not_ours", "duplicate", "drill"]
SourceKind = Literal["alert", "report", "hotline", "bulletin", "radio", "watch", "contact"]
StepKind = Literal[
    "accept", "reject", "dispatch", "refuse", "begin", "feed_back", "verify", "send_back", "close",
    "reopen", "transfer", "take_over", "decline", "escalate", "edit", "note", "join", "leave",
    "add_source", "drop_source", "link", "unlink", "split", "merge", "unmerge", "tick", "untick",
]  # fmt: skip


class SourceModel(BaseModel):
    """Where it came from; `ref`: id of the alert, number of the call or bulletin."""

    model_config = ConfigDict(extra="forbid")

    kind: SourceKind
    ref: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")


class DueModel(BaseModel):
    """A service level that holds the incident as it stands now."""

    level: str
    at: Time
    rung: int = Field(description="how many tiers up it has gone; 0: in time")


class JointModel(BaseModel):
    """An agency that works along: the one of that unit."""

    agency: str
    unit: str
    unit_name: dict[str, str] = Field(description="zh, en")


class IncidentModel(BaseModel):
    id: str
    code: str = Field(description="by which people name it")
    version: int = Field(description="counts its steps")
    seq: int = Field(description="of its last change, over all incidents")
    type: Type
    severity: Severity
    title: str
    lon: float | None = Field(description="degrees, WGS 84; null: not known yet")
    lat: float | None
    area: str = Field(description="code of the area in which it lies")
    desk: str = Field(description="code of the unit that answers for it")
    desk_name: dict[str, str] = Field(description="zh, en")
    lead_agency: str
    joint_agencies: list[JointModel]
    state: State
    opened_by: str = Field(description="who reported it")
    opened: Time
    since: Time = Field(description="when it came into its state")
    sources: list[SourceModel]
    linked: list[str]
    asked: str = Field(description="unit to which it is being handed over, or empty")
    merged_into: str
    split_from: str
    outcome: Outcome | Literal[""]
    erased: Time | None = Field(description="when what was written of it was erased, by retention")
    due: DueModel | None


class StepModel(BaseModel):
    id: str
    kind: str
    version: int
    at: Time = Field(description="by the clock of who did it")
    received: Time = Field(description="by the server's")
    by: str
    desk: str
    fields: dict[str, Any]


class ProposalModel(BaseModel):
    """Another incident that may be the same matter, and why."""

    id: str
    code: str
    title: str
    shared_sources: int
    distance_m: float | None
    apart_s: float
    why: dict[str, str] = Field(description="zh, en")


class TickedModel(BaseModel):
    by: str
    desk: str
    at: Time = Field(description="by the clock of who did it")
    received: Time = Field(description="by the server's")
    said: NameModel = Field(description="what the item said when it was ticked")


class ListSourceModel(BaseModel):
    """A standard, plan or law after which a checklist was written."""

    id: str
    name: NameModel


class ListItemModel(BaseModel):
    id: str
    text: NameModel
    source: str = Field(description="id of one of the sources, or empty")
    is_listed: bool = Field(description="false: ticked, and no longer in the file")
    done: TickedModel | None


class ChecklistModel(BaseModel):
    """What is seen to in incidents of a type, by a file of the deployment's."""

    type: Type
    name: NameModel
    sources: list[ListSourceModel]
    items: list[ListItemModel]


class IncidentDetail(IncidentModel):
    checklist: ChecklistModel | None = Field(
        description="of its type; null: there is none, or no longer one"
    )
    parts: list[IncidentModel] = Field(description="merged into it, in order of report")
    steps: list[StepModel] = Field(description="its running log, of its parts too, oldest first")
    proposals: list[ProposalModel] = Field(description="possible duplicates, likeliest first")
    next: list[str] = Field(description="kinds of steps that may follow")


class ReportInput(BaseModel):
    """No names, numbers or addresses of persons: they belong into a case."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="of the incident, made by the client; UUIDv7 sorts by time")
    type: Type
    severity: Severity = "ordinary"
    title: str = Field(min_length=1, max_length=4000, pattern=r"^[^\x00]*$")
    lon: float | None = Field(None, ge=-180, le=180, description="degrees, WGS 84")
    lat: float | None = Field(None, ge=-90, le=90)
    area: str = Field("", max_length=40, description="code; empty: that of the own unit")
    desk: str = Field(
        "", max_length=40, description="unit that is to answer: the own (empty) or that of the area"
    )
    lead_agency: Agency | None = Field(
        None, description="null: that of the type and place; else one of the type's, or the own"
    )
    sources: list[SourceModel] = Field(default_factory=list, max_length=50)
    at: Instant | None = Field(None, description="when it was seen; null: now")


class StepInput(BaseModel):
    """What each kind takes stands in docs/incidents.md. The same `id` once more changes nothing."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="made by the client; UUIDv7 sorts by time")
    kind: StepKind
    at: Instant | None = Field(None, description="when it was done; null: now")
    reason: str | None = Field(None, max_length=4000, pattern=r"^[^\x00]*$")
    outcome: Outcome | None = None
    to: str | None = Field(None, max_length=40, description="unit, to hand over or to escalate to")
    agency: Agency | None = None
    unit: str | None = Field(
        None, max_length=40, description="whose agency joins; empty: that in whose area it lies"
    )
    other: UUID | None = Field(None, description="id of another incident")
    source: SourceModel | None = None
    type: Type | None = None
    severity: Severity | None = None
    title: str | None = Field(None, min_length=1, max_length=4000, pattern=r"^[^\x00]*$")
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    area: str | None = Field(None, max_length=40)
    lead_agency: Agency | None = None
    seen: dict[str, str | float | None] | None = Field(
        None,
        description="what the editor saw in the fields that are edited; of an item its zh and en",
    )
    checklist: Type | None = Field(None, description="to tick: whose list, that of the type")
    item: str | None = Field(
        None, max_length=40, pattern=r"^[A-Za-z0-9_-]+$", description="of the checklist"
    )
    into: UUID | None = Field(None, description="id of the incident that is split off")
    sources: list[SourceModel] | None = Field(None, description="that go along with a split")


PLACE = {"lon": "lon_deg", "lat": "lat_deg"}
NOT_FIELDS = {"id", "kind", "at", "source"}


def step_fields(given: StepInput) -> dict[str, Any]:
    """As the flow takes them (respond/incident/flow.py): what was not sent is not there."""
    said = given.model_dump(mode="json", exclude_unset=True, exclude=NOT_FIELDS)
    fields = {PLACE.get(name, name): value for name, value in said.items() if value is not None}
    if isinstance(seen := fields.get("seen"), Mapping):
        fields["seen"] = {PLACE.get(name, name): value for name, value in seen.items()}
    if given.source is not None:
        fields |= given.source.model_dump()
    return fields


def incident_json(
    kept: Kept, names: Mapping[str, str], desks: Mapping[str, dict[str, str]], due: Due | None
) -> dict[str, Any]:
    """`names` of accounts by id, `desks`: of units by code."""
    i = kept.incident

    def named(code: str) -> dict[str, str]:
        return desks.get(code, {"zh": code, "en": code})

    return {
        "id": i.id, "code": kept.code, "version": i.version, "seq": kept.seq, "type": i.type,
        "severity": i.severity, "title": i.title, "lon": i.lon_deg, "lat": i.lat_deg,
        "area": i.area, "desk": i.desk,
        "desk_name": named(i.desk),
        "lead_agency": i.lead_agency, 
        "joint_agencies": [
            {"agency": j.agency, "unit": j.unit, "unit_name": named(j.unit)}
            for j in sorted(i.joint_agencies)
        ],
        "state": i.state, "opened_by": names.get(i.opened_by, i.opened_by),
        "opened": iso(i.opened_us), "since": iso(i.since_us),
        "sources": [{"kind": s.kind, "ref": s.ref}
                    for s in sorted(i.sources, key=lambda s: (s.kind, s.ref))],
        "linked": sorted(i.linked), "asked": i.asked, "merged_into": i.merged_into,
        "split_from": i.split_from, "outcome": i.outcome, "erased": iso_or_none(kept.erased_us),
        "due": None if due is None else
        {"level": due.level, "at": iso(due.due_us), "rung": due.rung},
    }  # fmt: skip


def step_json(row: StepRow, names: Mapping[str, str]) -> dict[str, Any]:
    step = row.step
    return {
        "id": step.id, "kind": step.kind, "version": row.version, "at": iso(step.at_us),
        "received": iso(row.received_us), "by": names.get(step.by, step.by), "desk": step.desk,
        "fields": dict(step.fields),
    }  # fmt: skip


def next_kinds(incident: Incident) -> list[str]:
    if incident.merged_into:
        return ["unmerge"]
    waits = {"take_over", "decline"}
    return [
        name
        for name, kind in KINDS.items()
        if incident.state in kind.states
        and (name not in waits or incident.asked)
        and name != "unmerge"
    ]
