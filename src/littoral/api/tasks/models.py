"""Responders, tasks and suggestions as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from littoral.api.fields import Agency, Time
from littoral.api.incidents.models import Severity, Type
from littoral.api.incidents.models import State as IncidentState
from littoral.api.params import Instant
from littoral.api.signin.models import NameModel
from littoral.api.wire import iso
from littoral.respond.incident.flow import Incident
from littoral.respond.intercept import Meeting, NoMeeting
from littoral.respond.rank import Reason, say
from littoral.respond.task.first import Choice
from littoral.respond.task.responder import KNOT_MPS, Fix, Responder
from littoral.respond.task.rollcall import MINUTE_US, RollCall, asked
from littoral.store.sync.records import FileOf, SyncRecord
from littoral.store.tasks import Kept, StepRow

ResponderKind = Literal[
    "boat", "cutter", "vehicle", "team", "drone", "helicopter", "grid_worker",
]  # fmt: skip
Skill = Literal[
    "board", "tow", "fire", "medical", "dive", "night", "shallow", "pollution", "search",
]  # fmt: skip
Status = Literal["available", "on_task", "out_of_service"]
FixSource = Literal["track", "device", "phone"]
State = Literal[
    "offered", "accepted", "en_route", "on_scene", "done", "refused", "cancelled",
]  # fmt: skip
StepKind = Literal[
    "accept", "refuse", "set_out", "arrive", "finish", "cancel", "transfer", "edit", "message",
    "call_begin", "call_answer", "call_end",
]  # fmt: skip
NO_NUL = r"^[^\x00]*$"


class PointModel(BaseModel):
    """Degrees, WGS 84."""

    model_config = ConfigDict(extra="forbid")

    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)


class FixModel(BaseModel):
    """The last known position; where it was before is kept nowhere."""

    lon: float
    lat: float
    at: Time
    age_s: float
    source: FixSource
    cog_deg: float | None
    sog_kn: float | None


class ResponderModel(BaseModel):
    """A boat, cutter, vehicle, team, aircraft or grid worker that is sent; no organisational unit:
    that is its `office`."""

    id: str
    version: int
    name: str
    kind: ResponderKind
    office: str = Field(description="code of the unit that keeps it")
    office_name: NameModel
    agency: str
    skills: list[Skill]
    speed_kn: float | None = Field(description="that it can keep up; null: not known, or a person")
    endurance_min: float | None = Field(description="null: no limit known")
    base: PointModel | None = Field(description="where it stands when nothing else is known")
    mmsi: int | None
    tak_uid: str = Field(description="of its TAK device, or empty")
    account: str = Field(description="who acts for it now, or empty")
    account_name: str
    is_mine: bool = Field(description="the caller acts for it")
    shared_with: list[str]
    status: Status
    out_reason: str
    position: FixModel | None


class ResponderInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="made by the client; UUIDv7 sorts by time")
    name: str = Field(min_length=1, max_length=80, pattern=NO_NUL, description="of no person")
    kind: ResponderKind
    office: str = Field("", max_length=40, description="code; empty: the own unit")
    agency: Agency | None = Field(None, description="null: the own")
    skills: list[Skill] = Field(default_factory=list, max_length=20)
    speed_kn: float | None = Field(None, gt=0, le=400)
    endurance_min: float | None = Field(None, gt=0, le=100_000)
    base: PointModel | None = None
    mmsi: int | None = Field(None, ge=1, le=999_999_999)
    tak_uid: str = Field("", max_length=100, pattern=NO_NUL)
    account: str = Field("", max_length=100, pattern=NO_NUL, description="id, or empty")
    shared_with: list[str] = Field(default_factory=list, max_length=20)


class ResponderValues(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, min_length=1, max_length=80, pattern=NO_NUL)
    skills: list[Skill] | None = Field(None, max_length=20)
    speed_kn: float | None = Field(None, gt=0, le=400)
    endurance_min: float | None = Field(None, gt=0, le=100_000)
    base: PointModel | None = None
    mmsi: int | None = Field(None, ge=1, le=999_999_999)
    tak_uid: str | None = Field(None, max_length=100, pattern=NO_NUL)
    account: str | None = Field(None, max_length=100, pattern=NO_NUL)
    shared_with: list[str] | None = Field(None, max_length=20)


class ResponderEdit(ResponderValues):
    """What is not sent stays as it is."""

    seen: ResponderValues | None = Field(
        None, description="what the editor saw in the fields that are edited"
    )


class StatusInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    status: Literal["available", "out_of_service"]
    reason: str = Field("", max_length=400, pattern=NO_NUL)


class PositionInput(PointModel):
    """Of a person (a phone, a team, a grid worker) it is taken during a task only."""

    source: Literal["device", "phone"] = "device"
    at: Instant | None = Field(None, description="null: now")
    cog_deg: float | None = Field(None, ge=0, lt=360)
    sog_kn: float | None = Field(None, ge=0, le=400)


class DevicePositionInput(PositionInput):
    """`source` is `device`."""

    tak_uid: str = Field(min_length=1, max_length=100, pattern=NO_NUL)


class ReasonModel(BaseModel):
    code: str
    zh: str
    en: str


class MeetingModel(BaseModel):
    """With a target that keeps course and speed. `in_s` null: it cannot be met, `why` says so."""

    in_s: float | None
    lon: float | None
    lat: float | None
    way: list[list[float]] | None = Field(description="[lon, lat] from bend to bend")
    why: str | None


class ChoiceModel(BaseModel):
    responder: ResponderModel
    can_go: bool
    eta_s: float | None = Field(description="from now, were it where it was last seen")
    latest_s: float | None
    length_m: float | None
    away_m: float | None = Field(description="in a straight line")
    reasons: list[ReasonModel]
    way: list[list[float]] | None = Field(description="at sea: [lon, lat] from bend to bend")
    meeting: MeetingModel | None


class TargetModel(BaseModel):
    """What moves: the vessel that the incident's alert is about."""

    mmsi: int
    lon: float
    lat: float
    cog_deg: float
    sog_kn: float


class SuggestionModel(BaseModel):
    """By time of arrival alone; grid workers apart, by distance alone."""

    place: PointModel | None
    target: TargetModel | None
    has_ways: bool = Field(description="false: ways at sea are not reckoned yet, all is straight")
    first: list[ChoiceModel]
    near: list[ChoiceModel]


class OfIncident(BaseModel):
    id: str
    code: str
    title: str
    type: Type
    severity: Severity
    state: IncidentState


class OfResponder(BaseModel):
    id: str
    name: str
    kind: ResponderKind
    office: str


class RollCallModel(BaseModel):
    """A roll-call. `rung`: how many tiers up silence has gone; 0: in time."""

    every_min: int
    within_min: int
    answered: Time | None
    ask: Time = Field(description="when the next answer is, or was, asked for")
    late: Time = Field(description="when silence is late")
    is_asking: bool
    rung: int
    help: bool


class TaskModel(BaseModel):
    id: str
    code: str = Field(description="by which people name it", examples=["2026-000123/2"])
    version: int
    seq: int = Field(description="of its last change, over all tasks")
    incident: OfIncident
    responder: OfResponder
    what: str
    lon: float | None = Field(description="its own place, else that of the incident")
    lat: float | None
    state: State
    assigned_by: str
    assigned: Time
    since: Time
    desk: str
    reason: str
    found: str
    call: RollCallModel | None
    is_mine: bool = Field(description="the caller was sent")


class TaskStepModel(BaseModel):
    id: str
    kind: str
    version: int
    at: Time = Field(description="by the clock of who did it")
    received: Time = Field(description="by the server's")
    by: str
    desk: str
    fields: dict[str, Any]


class TaskFileModel(BaseModel):
    """A photo, video, voice note or document that was sent for the task from a phone."""

    id: str
    by: str
    at: Time = Field(description="by the phone's clock, corrected")
    received: Time
    media_type: str
    size: int = Field(description="bytes")
    shows_people: bool
    case: str | None = Field(description="null, as the two that follow: not for who may not see it")
    evidence: str | None
    sha256: str | None


class TaskDetail(TaskModel):
    steps: list[TaskStepModel] = Field(description="its running log with its messages")
    files: list[TaskFileModel] = Field(description="sent for it, oldest first")
    next: list[StepKind] = Field(description="that may follow, of those the caller may do")


class AssignInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="of the task, made by the client; UUIDv7 sorts by time")
    incident: str = Field(max_length=40, description="id or code")
    responder: UUID
    what: str = Field(
        "", max_length=4000, pattern=NO_NUL, description="empty: the incident's title"
    )
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    also: bool = Field(False, description="although it is on another task")
    at: Instant | None = Field(None, description="null: now")


class TaskStepInput(BaseModel):
    """What each kind takes stands in docs/tasks.md. The same `id` once more changes nothing."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="made by the client; UUIDv7 sorts by time")
    kind: StepKind
    at: Instant | None = Field(None, description="when it was done; null: now")
    reason: str | None = Field(None, max_length=4000, pattern=NO_NUL)
    found: str | None = Field(None, max_length=4000, pattern=NO_NUL)
    text: str | None = Field(None, max_length=4000, pattern=NO_NUL)
    to: UUID | None = Field(None, description="responder to which it is handed on")
    also: bool | None = None
    what: str | None = Field(None, min_length=1, max_length=4000, pattern=NO_NUL)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    seen: dict[str, str | float | None] | None = Field(
        None, description="what the editor saw in the fields that are edited"
    )
    every_min: int | None = Field(None, ge=1, le=1440)
    within_min: int | None = Field(None, ge=1, le=1440)
    help: bool | None = None


PLACE = {"lon": "lon_deg", "lat": "lat_deg"}


def step_fields(given: TaskStepInput) -> dict[str, Any]:
    """As the flow takes them (respond/task/flow.py): what was not sent is not there."""
    said = given.model_dump(mode="json", exclude_unset=True, exclude={"id", "kind", "at"})
    fields = {PLACE.get(name, name): value for name, value in said.items() if value is not None}
    if isinstance(seen := fields.get("seen"), Mapping):
        fields["seen"] = {PLACE.get(name, name): value for name, value in seen.items()}
    return fields


def responder_values(given: ResponderValues) -> dict[str, Any]:
    """As the records take them (respond/task/responder.py): what was not sent is not there."""
    said = given.model_dump(mode="json", exclude_unset=True, exclude={"seen"})
    turned: dict[str, Any] = {}
    for name, value in said.items():
        match name:
            case "speed_kn":
                turned["speed_mps"] = None if value is None else value * KNOT_MPS
            case "endurance_min":
                turned["endurance_s"] = None if value is None else value * 60.0
            case "base":
                turned["base"] = None if value is None else (value["lon"], value["lat"])
            case "skills" | "shared_with":
                turned[name] = frozenset(value or ())
            case "account":
                turned["account"] = value or ""
            case "name" if value is None:
                pass  # it has one
            case _:
                turned[name] = value
    return turned


def fix_json(fix: Fix | None, now_us: int) -> dict[str, Any] | None:
    if fix is None:
        return None
    return {
        "lon": fix.lon_deg, "lat": fix.lat_deg, "at": iso(fix.at_us),
        "age_s": max(0.0, (now_us - fix.at_us) / 1e6), "source": fix.source,
        "cog_deg": fix.cog_deg, "sog_kn": knots(fix.sog_mps),
    }  # fmt: skip


def knots(mps: float | None) -> float | None:
    return None if mps is None else round(mps / KNOT_MPS, 2)


def responder_json(
    responder: Responder, fix: Fix | None, now_us: int, office: Mapping[str, str], account: str,
    is_mine: bool,
) -> dict[str, Any]:  # fmt: skip
    """`office`, `account`: their names."""
    r = responder
    return {
        "id": r.id, "version": r.version, "name": r.name, "kind": r.kind, "office": r.office,
        "office_name": office, "agency": r.agency, "skills": sorted(r.skills),
        "speed_kn": knots(r.speed_mps),
        "endurance_min": None if r.endurance_s is None else r.endurance_s / 60.0,
        "base": None if r.base is None else {"lon": r.base[0], "lat": r.base[1]}, "mmsi": r.mmsi,
        "tak_uid": r.tak_uid,
        "account": r.account, "account_name": account, "is_mine": is_mine,
        "shared_with": sorted(r.shared_with), "status": r.status, "out_reason": r.out_reason,
        "position": fix_json(fix, now_us),
    }  # fmt: skip


def reason_json(reason: Reason) -> dict[str, str]:
    return {"code": reason.why, "zh": say(reason, "zh"), "en": say(reason, "en")}


def choice_json(choice: Choice, responder: dict[str, Any]) -> dict[str, Any]:
    going, meeting = choice.going, choice.meeting
    return {
        "responder": responder,
        "can_go": choice.responder.status == "available" if going is None else going.can_go,
        "eta_s": None if going is None else going.eta_s,
        "latest_s": None if going is None else going.latest_s,
        "length_m": None if going is None else going.length_m,
        "away_m": choice.away_m,
        "reasons": [] if going is None else [reason_json(r) for r in going.reasons],
        "way": None if going is None or going.route is None else way_json(going.route.waypoints),
        "meeting": None if meeting is None else meeting_json(meeting),
    }


def meeting_json(meeting: Meeting | NoMeeting) -> dict[str, Any]:
    if isinstance(meeting, NoMeeting):
        return {"in_s": None, "lon": None, "lat": None, "way": None, "why": meeting.reason}
    way = None if meeting.route is None else way_json(meeting.route.waypoints)
    lon, lat = meeting.position
    return {"in_s": meeting.time_s, "lon": lon, "lat": lat, "way": way, "why": None}


def way_json(waypoints: tuple[tuple[float, float], ...]) -> list[list[float]]:
    return [[round(lon, 6), round(lat, 6)] for lon, lat in waypoints]


def call_json(call: RollCall, now_us: int, tiers_above: int) -> dict[str, Any]:
    found = asked(call, now_us, tiers_above)
    return {
        "every_min": call.every_us // MINUTE_US, "within_min": call.within_us // MINUTE_US,
        "answered": iso(call.answered_us) if call.answered_us else None,
        "ask": iso(found.ask_us), "late": iso(found.late_us), "is_asking": found.is_asking,
        "rung": found.rung, "help": call.help,
    }  # fmt: skip


def task_json(
    kept: Kept, incident: Incident, responder: Responder, names: Mapping[str, str], now_us: int,
    tiers_above: int, is_mine: bool,
) -> dict[str, Any]:  # fmt: skip
    t, i, r = kept.task, incident, responder
    own = t.lon_deg is not None
    return {
        "id": t.id, "code": kept.code, "version": t.version, "seq": kept.seq,
        "incident": {"id": i.id, "code": kept.incident_code, "title": i.title, "type": i.type,
                     "severity": i.severity, "state": i.state},
        "responder": {"id": r.id, "name": r.name, "kind": r.kind, "office": r.office},
        "what": t.what, "lon": t.lon_deg if own else i.lon_deg,
        "lat": t.lat_deg if own else i.lat_deg, "state": t.state,
        "assigned_by": names.get(t.assigned_by, t.assigned_by), "assigned": iso(t.assigned_us),
        "since": iso(t.since_us), "desk": t.desk, "reason": t.reason, "found": t.found,
        "call": None if t.call is None else call_json(t.call, now_us, tiers_above),
        "is_mine": is_mine,
    }  # fmt: skip


def file_json(
    record: SyncRecord, file: FileOf, names: Mapping[str, str], is_shown: bool
) -> dict[str, Any]:
    return {
        "id": record.id, "by": names.get(record.account, record.account), "at": iso(record.at_us),
        "received": iso(record.received_us), "media_type": file.media_type, "size": file.size,
        "shows_people": file.shows_people, "case": file.case_id if is_shown else None,
        "evidence": file.evidence_id if is_shown else None,
        "sha256": file.sha256 if is_shown else None,
    }  # fmt: skip


def step_json(row: StepRow, names: Mapping[str, str]) -> dict[str, Any]:
    step = row.step
    return {
        "id": step.id, "kind": step.kind, "version": row.version, "at": iso(step.at_us),
        "received": iso(row.received_us), "by": names.get(step.by, step.by), "desk": step.desk,
        "fields": dict(step.fields),
    }  # fmt: skip
