"""Duty as JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from littoral.api.fields import Agency, Time
from littoral.api.params import Instant

PaperKind = Literal["swap", "leave", "override", "fault", "window", "handover"]
PaperState = Literal[
    "asked", "agreed", "in_force", "refused", "taken_back", "open", "in_hand", "mended", "closed",
    "ended", "draft", "signed", "read", "taken_over",
]  # fmt: skip
StepKind = Literal[
    "agree", "decline", "approve", "refuse", "revoke", "take_back", "take", "mend", "close",
    "reopen", "note", "end", "write", "sign", "read", "take_over",
]  # fmt: skip
EntryKind = Literal["in", "out", "check", "note", "call", "vhf", "order", "correction"]
ThingKind = Literal["receiver", "feed", "system"]
CheckState = Literal["later", "open", "late", "done", "missed"]

NO_NUL = r"^[^\x00]*$"
Line = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=NO_NUL)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=NO_NUL)]
ShiftKey = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d\.[\w-]{1,40}$")]


UnitPath = Annotated[str, Path(max_length=40, pattern=r"^[\w-]+$", description="code of a unit")]


class NamedModel(BaseModel):
    id: str
    zh: str
    en: str


class PostModel(NamedModel):
    least: int = Field(description="how many stand it at any moment")
    on_call: bool = Field(description="within reach, not in the room")
    hands_over: bool = Field(description="signs for its watch")


class ItemModel(NamedModel):
    required: bool


class TurnModel(NamedModel):
    begins: str = Field(description="by the clock on the wall", examples=["08:00"])


class RegulationModel(NamedModel):
    source: str
    zone: str
    teams: list[str]
    posts: list[PostModel]
    turns: list[TurnModel]
    checks: list[NamedModel]
    items: list[ItemModel] = Field(description="what a handover states")


class PersonModel(BaseModel):
    account: str
    name: str


class StintModel(PersonModel):
    post: str
    begin: Time
    end: Time
    why: Literal["pattern", "swap", "override"]


class ShortModel(BaseModel):
    """Fewer than the regulation wants stand the post then."""

    post: str
    begin: Time
    end: Time
    has: int
    least: int


class ShiftModel(BaseModel):
    key: str = Field(description="day and turn: its name whatever its hours")
    turn: str
    begin: Time
    end: Time
    team: str
    stints: list[StintModel]
    short: list[ShortModel]


class StrainModel(PersonModel):
    """Duty that is longer, or rest that is shorter, than the regulation allows."""

    kind: Literal["long", "rest"]
    shift: str
    at: Time
    hours: float


class MemberModel(BaseModel):
    model_config = ConfigDict(extra="forbid")

    account: Key
    post: Key


class RosterInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="made by the client; the same once more is no change")
    from_day: date = Field(description="first day, by the clock on the wall")
    regulation: Key = Field(description="id of a regulation")
    teams: dict[Key, list[MemberModel]] = Field(max_length=100)


class RosterModel(BaseModel):
    regulation: RegulationModel = Field(description="that holds now, or first")
    from_day: date
    teams: dict[str, list[MemberModel]]
    shifts: list[ShiftModel]
    strains: list[StrainModel]
    void_swaps: list[str] = Field(description="ids of swaps whose giver stands there no longer")
    names: dict[str, str] = Field(description="of the accounts referred to here")
    people: list[PersonModel] = Field(description="who may stand here")


class SeatedModel(PersonModel):
    post: str
    signed: Literal["in", "out", ""] = Field(description="what was signed last in this shift")


class CallModel(BaseModel):
    people: list[PersonModel]
    posts: list[str]
    after_minutes: float


class CheckModel(NamedModel):
    begin: Time
    due: Time
    state: CheckState


class FiguresModel(BaseModel):
    """Of the shift, of nobody."""

    entries: int
    checks_done: int
    checks_missed: int
    faults_open: int
    windows_open: int
    papers_waiting: int


class DeskModel(BaseModel):
    unit: str
    unit_name: dict[str, str] = Field(description="zh, en")
    agency: Agency
    shift: str = Field(description="key of the one that has the watch, or empty")
    until: Time | None
    standing: int = Field(description="how many stand it, on call not counted")
    short: bool


class WatchModel(DeskModel):
    me: str = Field(description="the caller's account")
    seats: list[PersonModel] = Field(description="who may stand here")
    regulation: RegulationModel | None
    now: ShiftModel | None
    next: ShiftModel | None
    people: list[SeatedModel]
    calls: list[CallModel] = Field(description="who is called, in order")
    beyond_minutes: float = Field(description="after so many it goes to the desk above")
    beyond: dict[str, str] | None = Field(description="name of that desk's unit; null: none")
    checks: list[CheckModel]
    figures: FiguresModel
    handovers: list[PaperModel] = Field(description="of this watch and of the one before")
    may: list[str] = Field(description="actions that the caller may do here")


class EntryInput(BaseModel):
    """No names, numbers or addresses of persons: these belong into a case."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    kind: EntryKind
    at: Instant | None = Field(None, description="when it was; null: now")
    ref: str = Field("", max_length=80, pattern=NO_NUL, description="check, or corrected entry")
    text: str = Field("", max_length=4000, pattern=NO_NUL)


class EntryModel(BaseModel):
    id: str
    seq: int
    shift: str
    kind: EntryKind
    ref: str
    text: str
    at: Time = Field(description="by the clock of who wrote it")
    received: Time = Field(description="by the server's")
    by: str


class PaperInput(BaseModel):
    """What each kind takes stands in docs/duty.md. The same `id` once more changes nothing."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    kind: PaperKind
    at: Instant | None = Field(None, description="null: now")
    giver: Key | None = None
    taker: Key | None = None
    gives: ShiftKey | None = None
    takes: ShiftKey | None = Field(None, description="null: nothing in exchange")
    account: Key | None = None
    start: Instant | None = None
    end: Instant | None = None
    post: str | None = Field(None, max_length=40, description="null: off duty")
    instead_of: Key | None = None
    reason: Line | None = None
    thing: ThingKind | None = None
    name: Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)] | None = None
    what: Line | None = None
    who: Line | None = Field(None, description="who mends, such as a company")
    fault: UUID | None = None
    holds_alerts: bool = Field(
        False, description="explains the silence of the receiver; takes a second person"
    )
    outgoing: ShiftKey | None = None
    says: dict[Key, Annotated[str, StringConstraints(max_length=4000, pattern=NO_NUL)]] | None = (
        Field(None, max_length=100)
    )


class PaperStepInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: UUID
    kind: StepKind
    at: Instant | None = Field(None, description="null: now")
    reason: Line | None = None
    who: Line | None = None
    remark: Annotated[str, StringConstraints(max_length=4000, pattern=NO_NUL)] | None = None
    says: dict[Key, Annotated[str, StringConstraints(max_length=4000, pattern=NO_NUL)]] | None = (
        Field(None, max_length=100)
    )


class PaperModel(BaseModel):
    id: str
    kind: PaperKind
    unit: str
    agency: str
    state: PaperState
    by: str
    made: Time
    since: Time
    version: int
    doc: dict[str, Any] = Field(
        description="what it says: docs/duty.md, by kind; times in ISO 8601"
    )
    holds: Literal["no", "waiting", "yes"] | None = Field(
        description="of a window: whether it holds alerts back"
    )
    names: dict[str, str] = Field(description="of the accounts referred to here")
    next: list[str] = Field(description="kinds of steps that may follow")


class PaperStepModel(BaseModel):
    id: str
    kind: str
    version: int
    at: Time
    received: Time
    by: str
    fields: dict[str, Any]


class PaperDetail(PaperModel):
    steps: list[PaperStepModel]


WatchModel.model_rebuild()
