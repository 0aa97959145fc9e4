"""Sync as JSON; contracts/sync/README.md says what each part means."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from littoral.api.bulletins.models import BulletinModel
from littoral.api.fields import Time
from littoral.api.incidents.models import ChecklistModel, IncidentModel, Severity, Type
from littoral.api.params import Instant
from littoral.api.signin.models import NameModel
from littoral.api.tasks.models import TaskModel

NO_NUL = r"^[^\x00]*$"
MOST_RECORDS = 50  # in one push

RecordKind = Literal[
    "incident.report", "incident.edit", "incident.add", "incident.file", "task.step",
    "task.file", "form.submit", "form.file", "bulletin.read", "incident.check",
    "notice.answer",
]  # fmt: skip
Value = str | float | int | bool | None


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RecordInput(Strict):
    """What was noted on the phone. Each stands alone."""

    id: UUID = Field(description="made by the phone; UUIDv7. Sent twice it is one")
    kind: RecordKind
    thing: UUID = Field(
        description="incident, task, submission, bulletin or notice; of a report and a form the "
        "record's own id"
    )
    base: int = Field(0, ge=0, lt=2**62, description="version that the phone had; 0: none")
    was: dict[str, Value] = Field(
        default_factory=dict, description="of an edit: what its editor saw in each field"
    )
    fields: dict[str, Any]
    made_at: Instant = Field(description="by the phone's clock")


class WantedInput(Strict):
    after: str = Field(
        "", max_length=60, pattern=r"^[0-9a-f.]*$", description="token of the last answer"
    )
    checklists: str | None = Field(
        None, max_length=40, pattern=r"^[0-9a-f]*$",
        description="edition that the phone has, or empty; null: it wants none",
    )  # fmt: skip
    notices: str | None = Field(
        None, max_length=40, pattern=r"^[0-9a-f]*$",
        description="edition of the own notices that the phone has, or empty; null: it wants none. "
        "By that of now it says that it has them",
    )  # fmt: skip


class PushInput(Strict):
    device: UUID = Field(description="made by the phone at its first start")
    clock: Instant = Field(description="the phone's clock as it sends")
    changes: WantedInput | None = Field(
        None, description="asks in the same request what has changed, as `POST /sync/changes`"
    )
    records: list[Any] = Field(
        min_length=1, max_length=MOST_RECORDS,
        description="as RecordInput, in the phone's order; one that is not is refused alone",
    )  # fmt: skip


class AskedInput(WantedInput):
    device: UUID = Field(description="made by the phone at its first start")


class AddInput(Strict):
    text: str = Field(min_length=1, max_length=4000, pattern=NO_NUL)


class EditInput(Strict):
    type: Type | None = None
    severity: Severity | None = None
    title: str | None = Field(None, min_length=1, max_length=4000, pattern=NO_NUL)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class FileInput(Strict):
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=1, lt=2**31)
    media_type: str = Field(max_length=100, pattern=NO_NUL)
    name: str = Field("", max_length=200, pattern=NO_NUL)
    shows_people: bool = Field(description="whether persons can be recognised in it")
    taken_at: Instant | None = None


class CheckInput(Strict):
    """An item of the incident's checklist: ticked, or the tick taken back with a reason."""

    done: bool
    checklist: Type
    item: str = Field(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")
    seen: dict[Literal["zh", "en"], str] = Field(description="what the item said on the phone")
    reason: str = Field("", max_length=4000, pattern=NO_NUL)


class AnswerInput(Strict):
    """To a notice; of one that asks for none, `answered`: it was read."""

    kind: Literal["answered", "declined"]
    text: str = Field("", max_length=300, pattern=NO_NUL, description="with a refusal: why")


class SubmitInput(Strict):
    """A form that was filled in. Its answers are no part of the record: they come as a file, sealed
    from the first piece on."""

    form: UUID = Field(description="the version that was filled in")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the answers, XML as text")
    size: int = Field(ge=1, lt=2**31)


class FormFileInput(Strict):
    """A photo or the like that belongs to a form."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=1, lt=2**31)
    media_type: str = Field(max_length=100, pattern=NO_NUL)
    name: str = Field("", max_length=200, pattern=NO_NUL)


class ClashModel(BaseModel):
    """A field that somebody else was faster with."""

    name: str
    was: Value
    yours: Value
    theirs: Value


class PlacedModel(BaseModel):
    """The unit with which the thing lies now."""

    unit: str
    unit_name: NameModel


class Outcome(BaseModel):
    status: Literal["taken", "conflict", "refused", "moved", "later"]
    code: str = Field("", description="for programs; see contracts/sync/README.md")
    reason: NameModel | None = None
    version: int | None = Field(None, description="of the thing, as it is now")
    clashes: list[ClashModel] = Field(default_factory=list)
    to: PlacedModel | None = None


class ResultModel(Outcome):
    id: str | None = Field(description="null: the record had none")
    status: Literal["taken", "known", "conflict", "refused", "moved", "later"]  # type: ignore[assignment]
    first: Outcome | None = Field(None, description="of a known one: what it became the first time")


SyncedKind = Literal["incident", "task", "bulletin"]


class TickModel(BaseModel):
    """An item that is ticked, of the checklist of the incident's type."""

    item: str
    by: str
    at: Time
    said: NameModel = Field(description="what the item said when it was ticked")


class ListsModel(BaseModel):
    """All checklists as they stand now."""

    edition: str
    lists: list[ChecklistModel]


class SyncedModel(BaseModel):
    kind: SyncedKind
    id: str
    version: int = Field(description="for the next question; counts all changes of this kind")
    is_mine: bool = Field(description="reported by the caller, or the caller is sent")
    may_edit: bool
    incident: IncidentModel | None = None
    ticks: list[TickModel] = Field(default_factory=list, description="of an incident")
    task: TaskModel | None = None
    bulletin: BulletinModel | None = None


class ToldModel(BaseModel):
    """A notice, as its user's phone shows it."""

    id: str
    thing: str = Field(description="what it is about, as `task:…`; empty: nothing that is here")
    zh: str
    en: str
    made: Time
    made_by: str
    wants_answer: bool
    state: Literal["open", "delivered", "answered", "exhausted", "recalled"]
    by: str | None = Field(description="name of who answered")
    mine: Literal["answered", "declined"] | None = Field(description="what its user said")


class ToldNoticesModel(BaseModel):
    """The own notices of a day, newest first."""

    edition: str
    items: list[ToldModel]


class WhyGone(BaseModel):
    code: Literal["moved", "ended", "out_of_reach"]
    zh: str
    en: str


class GoneModel(BaseModel):
    kind: SyncedKind
    id: str
    reason: WhyGone


class ChangesModel(BaseModel):
    token: str = Field(description="for the next question, once all this is kept on the phone")
    reset: bool = Field(description="all that the phone held before is void")
    more: bool = Field(description="ask again at once")
    now: Time
    items: list[SyncedModel]
    gone: list[GoneModel]
    checklists: ListsModel | None = Field(
        None, description="where the phone has another edition than that of now"
    )
    notices: ToldNoticesModel | None = Field(None, description="in the same way")


class PushedModel(BaseModel):
    received: Time
    ahead_s: float = Field(description="how far the phone's clock is ahead of the server's")
    clock_is_wrong: bool = Field(description="by two minutes or more: the user is to be told")
    results: list[ResultModel] = Field(description="one for each record, in their order")
    changes: ChangesModel | None = Field(
        None, description="where it was asked for, and the account may have any"
    )


class UploadModel(BaseModel):
    """A file on its way."""

    id: str
    offset: int = Field(description="bytes that are there")
    size: int


class SubmittedFile(BaseModel):
    case: str | None = Field(description="null, as the two that follow: not for who may not see it")
    evidence: str | None
    sha256: str | None
    media_type: str
    size: int
    shows_people: bool


class SubmissionModel(BaseModel):
    """What a phone sent that did not become a step: an addition of who may not handle the incident,
    a file, or what was meant for it before it moved."""

    id: str
    kind: RecordKind
    by: str
    at: Time = Field(description="by the phone's clock, corrected")
    made_at: Time = Field(description="as the phone's clock said")
    ahead_s: float
    received: Time
    moved: bool = Field(description="sent for where it was before")
    was: dict[str, Value]
    fields: dict[str, Any]
    file: SubmittedFile | None
