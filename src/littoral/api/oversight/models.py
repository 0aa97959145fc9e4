"""What the oversight routes answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from littoral.api.change_json import ReasonModel
from littoral.api.fields import Document, Time
from littoral.api.params import Instant
from littoral.api.uploads import UploadsModel

# An id from a path or a body; one that cannot be one is no reason to ask the database.
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,36}$")]


class Words(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class Who(BaseModel):
    """An account, a key or a part of the system, where it acted."""

    ref: str = Field(examples=["account:0199f6e0-0000-7000-8000-000000000001"])
    name: str | None = Field(description="of the account or the key, where known")
    login: str | None = Field(description="of the account, where known")
    unit: str = Field(description="code; empty for what belongs to no unit")
    unit_name: Words | None
    agency: str = Field(description="kind of agency: police, customs, ...; empty for none")


class WitnessModel(BaseModel):
    name: str
    url: str
    size: int = Field(description="entries of the log that it cosigned last; 0: none known")
    cosigned: Time | None = Field(description="when, by its own clock, on the newest checkpoint")
    error: str | None = Field(description="why it did not answer last time")


class LogModel(BaseModel):
    origin: str
    size: int = Field(description="entries that are durable")
    published: int = Field(description="entries in the newest published checkpoint")
    root: str = Field(description="base64, of the newest published checkpoint")
    last_entry: Time | None
    witnessed: bool = Field(description="the newest checkpoint has a witness's cosignature")
    witnesses: list[WitnessModel]
    damaged: int = Field(description="entries that cannot be read, as far as is known")
    says: Words = Field(
        description="what that means, also that there is no witness at all, and before it what is "
        "to be done"
    )


class PoliciesModel(BaseModel):
    hash: str
    state: str = Field(description="signed, first_start or refused")
    accounts: list[str]
    names: dict[str, str] = Field(description="of these accounts: name and login")
    expires: Time | None
    says: Words
    password_alone: list[str] = Field(
        description="roles that this deployment lets work without a second factor"
    )


class GlassReviewModel(BaseModel):
    """A use of break-glass and its review, due within 24 hours."""

    id: str
    grant: str
    case: str
    used_by: Who
    purpose: str
    legal_basis: str
    data_class: str
    opened: Time
    due: Time
    state: Literal["open", "overdue", "done"]
    late: bool = Field(description="not reviewed in time, done since or not")
    reviewer: Who | None
    reviewed: Time | None
    finding: Literal["justified", "not_justified"] | None
    assessed: bool | None = Field(
        description="of sensitive data: whether an impact assessment in force covered it then; "
        "break-glass does not wait for one. null: it reached nothing sensitive"
    )


class GlassReviewDetail(GlassReviewModel):
    reason: str | None = Field(description="what was stated; null once the case's key is gone")
    note: str | None
    subjects_shown: int = Field(description="persons whose plain fields were shown under it")
    entries: list[int] = Field(description="places in the log of what was done under it")


class GlassDecision(BaseModel):
    model_config = ConfigDict(extra="forbid")

    justified: bool
    note: str = Field(min_length=6, max_length=1000)


class RetentionModel(BaseModel):
    """Of persons, evidence and cases, by what the rules of retention say of them now."""

    due: int
    held: int = Field(description="due, but kept by a legal hold")
    unruled: int = Field(description="no rule says when it ends")
    within_30_days: int
    oldest_due: Time | None
    by_kind: dict[str, int] = Field(description="due: subject, evidence, case")
    paused: Time | None = Field(
        description="nothing is erased since then, for the records were put back from a backup, "
        "until the operator of the machine resumes it"
    )


class OpenGrantModel(BaseModel):
    id: str
    case: str
    kind: str
    data_class: str
    who: Who
    purpose: str
    legal_basis: str
    until: Time
    state: str = Field(description="asked, active")
    needs: int
    approvals: int


class WaitingChangeModel(BaseModel):
    id: str
    thing: str
    blinder: list[ReasonModel]
    proposed_by: str
    proposed: Time


class DismissalCountModel(BaseModel):
    thing: str
    desk: str
    count: int
    last: Time


class RefusalsModel(BaseModel):
    days: int
    count: int
    by_action: dict[str, int]


class OversightModel(BaseModel):
    at: Time
    log: LogModel
    policies: PoliciesModel
    uploads: UploadsModel
    reviews: list[GlassReviewModel] = Field(description="open, the one due first is first")
    reviews_overdue: int
    retention: RetentionModel
    grants: list[OpenGrantModel] = Field(description="active now")
    exports_waiting: list[OpenGrantModel] = Field(description="asked, wait for an approval")
    changes_waiting: list[WaitingChangeModel]
    dismissals: list[DismissalCountModel]
    delays: int = Field(description="in force: persons who are not told yet")
    refusals: RefusalsModel


class AccessModel(BaseModel):
    index: int = Field(description="place in the log")
    time: Time
    actor: Who
    action: str
    thing: str
    thing_name: Words | None = Field(description="of an account, key, unit or geofence, if known")
    verdict: str = Field(description="allow, deny, done, failed")
    purpose: str | None
    case: str | None
    legal_basis: str | None
    manner: str | None = Field(description="of a person: masked, plain, break_glass, corrected")
    href: str = Field(description="the entry with its proof")


class LogEntryModel(AccessModel):
    policy: str | None = Field(description="hash of the policy set that decided")
    details: dict[str, Any] | None = Field(description="what was sealed; null: none, or not ours")
    details_algorithm: str | None
    raw: str = Field(description="the bytes of the entry, as they are hashed")
    proof: str = Field(description="C2SP tlog-proof with the entry, as `littoral log check` reads")
    tree_size: int
    log_key: str = Field(description="public key of the log; take it from elsewhere to be sure")


class SettingModel(BaseModel):
    name: str
    value: float
    unit: str


class PatternRuleModel(BaseModel):
    id: str
    says: Words


class FindingModel(BaseModel):
    """A fact about accesses, to be looked at. No score and no rank of anybody."""

    rule: str
    actor: Who | None
    thing: str | None
    from_: Time = Field(alias="from")
    to: Time
    numbers: dict[str, float]
    entries: list[int] = Field(description="places in the log, at most 50")


class PatternsModel(BaseModel):
    note: Words
    time_zone: str
    rules: list[PatternRuleModel]
    settings: list[SettingModel]
    items: list[FindingModel] = Field(description="the newest first")


class SubjectAsk(BaseModel):
    """A person who asks, identified by the number of a document, within an open case of the own
    unit for oversight: the matter of the request."""

    model_config = ConfigDict(extra="forbid")

    case: Id
    field: Literal["id_number", "passport"] = "id_number"
    value: str = Field(min_length=4, max_length=50)
    phone: str | None = Field(
        None, min_length=7, max_length=30,
        description="a number that the person has shown to be his own: looked for in answers to "
        "forms alone",
    )  # fmt: skip


class UsageModel(BaseModel):
    """One access to the person's data; no officer's name."""

    index: int = Field(description="place in the log")
    time: Time
    agency: str
    unit: str
    action: str
    purpose: str | None
    legal_basis: str | None
    manner: str | None
    form: str | None = Field(description="title of the form, of answers to one")
    says: Words
    hidden_until: Time | None = Field(description="it was not told until then; past")
    hidden_reason: Words | None


class RecordModel(BaseModel):
    """What is kept about the person in one case; no field of it. With `form` it is answers to a
    form, which are erased as a whole with their files."""

    id: str
    form: str | None = Field(description="title of the form; null: a record of the person")
    case: str
    purpose: str
    agency: str
    unit: str
    collected: Time


class SubjectUsages(BaseModel):
    """`items`: the oldest first. What a delay still hides is neither listed nor counted, so that
    nobody can tell whether there is any."""

    items: list[UsageModel]
    total: int
    records: list[RecordModel] = Field(description="those that the caller may ask to have erased")


class DelayInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    case: Id
    subject: Id | None = Field(None, description="null: all persons of the case")
    legal_basis: Literal["court_order", "statutory_duty"] = "court_order"
    document: Document = Field(description="number of the order; told to the person later")
    until: Instant


class DelayModel(BaseModel):
    id: str
    case: str
    case_title: str | None = Field(description="null: erased, or the caller does not see the case")
    subject: str | None
    legal_basis: str
    document: str
    set_by: Who
    set: Time
    until: Time
    ended_by: Who | None
    ended: Time | None
    ended_basis: str | None
    ended_document: str | None
    agreed_by: Who | None = Field(description="null: waits for a second person, or a court's")
    agreed: Time | None
    waits: bool = Field(description="for somebody of another desk who sets the same")
    in_force: bool


class ReportCount(BaseModel):
    agency: str
    purpose: str | None
    legal_basis: str | None
    action: str
    verdict: str
    count: int


class ReportModel(BaseModel):
    """A year in numbers, for publishing: nothing in it is about one person."""

    year: int
    time_zone: str
    made: Time
    scope: str = Field(description="all agencies, or the one of who asked")
    log_size: int
    totals: dict[str, int]
    erasures: dict[str, int] = Field(description="by reason")
    counts: list[ReportCount]
