"""Bulletins as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from littoral.api.fields import Time
from littoral.api.incidents.models import Severity
from littoral.api.params import Instant
from littoral.api.signin.models import NameModel
from littoral.api.wire import iso, iso_or_none
from littoral.respond.bulletin.flow import FIXED, Bulletin, state
from littoral.store.bulletins import Count, Kept, StepRow
from littoral.store.forms.numbers import person_number

Kind = Literal["weather", "mariners", "epidemic", "other"]
State = Literal["coming", "in_force", "over", "withdrawn"]
NO_NUL = r"^[^\x00]*$"


def _of_nobody(text: str) -> str:
    """What is put out stays as it was, in all its versions."""
    if found := person_number(text):
        raise ValueError(f"{found} stands in it; a bulletin holds no numbers of persons")
    return text


Told = Annotated[str, AfterValidator(_of_nobody)]


class BulletinModel(BaseModel):
    id: str
    seq: int = Field(description="of its last change, over all bulletins")
    version: int = Field(description="counts what was said in it; read is said of a version")
    unit: str = Field(description="code of the unit whose desk put it out")
    unit_name: NameModel
    agency: str
    area: str = Field(description="code of the area that it is for, with all within")
    area_name: NameModel
    kind: Kind
    severity: Severity
    title: str
    text: str
    issuer: str = Field(description="who issued it")
    number: str = Field(description="as the issuer calls it, or empty")
    valid_from: Time
    valid_until: Time | None = Field(description="null: until it is withdrawn")
    asks_read: bool = Field(description="whoever has it is asked to say that they read it")
    state: State
    withdrawn: Time | None
    made: Time
    made_by: str
    read_version: int = Field(description="that the caller said to have read; 0: none")


class BulletinStepModel(BaseModel):
    """`fields` of an issue and a revision: what it said from then on; of a withdrawal why."""

    id: str
    kind: Literal["issue", "revise", "withdraw"]
    version: int
    at: Time
    by: str
    fields: dict[str, Any]


class BulletinDetail(BulletinModel):
    steps: list[BulletinStepModel] = Field(description="all versions, oldest first")
    may_write: bool = Field(description="the caller may revise and withdraw it")


class BulletinSaid(BaseModel):
    """No names, numbers or addresses of persons."""

    model_config = ConfigDict(extra="forbid")

    severity: Severity
    title: Told = Field(min_length=1, max_length=200, pattern=NO_NUL)
    text: Told = Field("", max_length=8000, pattern=NO_NUL)
    issuer: Told = Field(min_length=1, max_length=200, pattern=NO_NUL)
    number: Told = Field("", max_length=100, pattern=NO_NUL)
    valid_from: Instant | None = Field(None, description="null: now; of a revision as before")
    valid_until: Instant | None = Field(None, description="null: until it is withdrawn")
    asks_read: bool = False


class BulletinInput(BulletinSaid):
    id: UUID = Field(description="made by the client; UUIDv7 sorts by time")
    kind: Kind
    area: str = Field("", max_length=40, pattern=NO_NUL, description="empty: that of the own unit")
    severity: Severity = "ordinary"


class BulletinStepInput(BaseModel):
    """A revision replaces all that was said; a withdrawal says why."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="made by the client; the same once more changes nothing")
    kind: Literal["revise", "withdraw"]
    base: int = Field(0, ge=0, lt=2**31, description="of a revision: the version that was seen")
    said: BulletinSaid | None = Field(None, description="of a revision")
    reason: Told = Field("", max_length=1000, pattern=NO_NUL, description="of a withdrawal")


class BulletinReadInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1, lt=2**31, description="that was read")


class BulletinCountModel(BaseModel):
    """Of those who hold a role in the unit or within it."""

    unit: str
    unit_name: NameModel
    people: int
    have: int = Field(description="on a phone that said that it has it, or read")
    read: int


class BulletinReachModel(BaseModel):
    """By the units next below the area that it is for; what is at the area's own unit first."""

    version: int
    people: int
    have: int
    read: int
    units: list[BulletinCountModel]


Names = Mapping[str, dict[str, str]]


def bulletin_json(
    kept: Kept, units: Names, named: Mapping[str, str], read: int, now_us: int
) -> dict[str, Any]:
    b: Bulletin = kept.bulletin
    return {
        "id": b.id, "seq": kept.seq, "version": b.version,
        **{name: getattr(b, name) for name in FIXED},
        "unit_name": units[b.unit], "area_name": units[b.area],
        "severity": b.severity, "title": b.title, "text": b.text, "issuer": b.issuer,
        "number": b.number, "valid_from": iso(b.from_us), "valid_until": iso_or_none(b.until_us),
        "asks_read": b.asks_read, "state": state(b, now_us),
        "withdrawn": iso_or_none(b.withdrawn_us), "made": iso(kept.made_us),
        "made_by": named.get(kept.made_by, kept.made_by), "read_version": read,
    }  # fmt: skip


TIMES = {"from_us": "valid_from", "until_us": "valid_until"}


def step_json(row: StepRow, named: Mapping[str, str]) -> dict[str, Any]:
    fields = {
        TIMES.get(name, name): iso_or_none(value) if name in TIMES else value
        for name, value in row.step.fields.items()
    }
    return {
        "id": row.step.id, "kind": row.step.kind, "version": row.version,
        "at": iso(row.step.at_us), "by": named.get(row.step.by, row.step.by), "fields": fields,
    }  # fmt: skip


def said_fields(said: BulletinSaid) -> dict[str, Any]:
    """As the flow takes them."""
    return {
        "severity": said.severity, "title": said.title.strip(), "text": said.text.strip(),
        "issuer": said.issuer.strip(), "number": said.number.strip(),
        "from_us": said.valid_from,
        "until_us": said.valid_until, "asks_read": said.asks_read,
    }  # fmt: skip


def count_json(count: Count) -> dict[str, int]:
    return {"people": count.people, "have": count.have, "read": count.read}
