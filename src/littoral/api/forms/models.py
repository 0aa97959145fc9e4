"""Forms as JSON."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from littoral.api.fields import Time
from littoral.api.params import Instant
from littoral.api.signin.models import NameModel
from littoral.api.wire import iso, iso_or_none
from littoral.store.forms.versions import FormVersion
from littoral.store.people.sheets import Fault

# For which a form may collect; those of running the system are none.
Purpose = Literal[
    "anti_smuggling", "search_and_rescue", "emergency", "safety_at_sea", "epidemic_control",
    "border_control", "neighbourhood_governance",
]  # fmt: skip


class QuestionModel(BaseModel):
    path: str = Field(examples=["/data/household/phone"])
    kind: str = Field(description="type as in XLSForm")
    label: dict[str, str] = Field(description="by language; an empty key: in no language named")
    open: bool = Field(description="its answers may be listed; others are sealed")
    choices: dict[str, dict[str, str]] = Field(description="labels of its choices by value")


class FormModel(BaseModel):
    """One version of a form."""

    id: str
    form_id: str
    version: str
    title: str
    unit: str
    unit_name: NameModel
    agency: str
    purpose: Purpose
    is_open: bool = Field(description="nothing in it is sealed")
    state: Literal["draft", "published", "retired"]
    in_force: bool = Field(description="filled in now")
    valid_from: Time | None = Field(description="in force from then on, until the next version")
    uploaded: Time
    uploaded_by: str
    retired: Time | None
    sha256: str = Field(description="of the XForm")
    file_name: str
    may_write: bool
    warnings: list[str] = Field(
        description="of the converter, which did not keep it from being taken"
    )
    questions: list[QuestionModel]


class FormFault(BaseModel):
    sheet: str = Field(description="empty: the file as a whole")
    row: int = Field(description="from 1 with the heading; 0: the sheet as a whole")
    column: str = Field(description="its letter, or its name where it is missing")
    message: str


class CheckedModel(BaseModel):
    """What a file would become, or did."""

    faults: list[FormFault] = Field(description="at most 200; none: it can be taken")
    fault_count: int
    form: FormModel | None


class PublishInput(BaseModel):
    model_config = ConfigDict(extra="forbid")
    valid_from: Instant | None = Field(None, description="null: from now on")


class ShippedModel(BaseModel):
    name: str
    title: str


class OpenAnswer(BaseModel):
    path: str
    value: str


class FormSubmissionModel(BaseModel):
    """What was handed in. Answers that are not open are in the case, and only counted here."""

    id: str
    form: str = Field(description="id of the version")
    form_id: str
    title: str
    version: str
    unit: str
    by: str
    at: Time = Field(description="by the phone's clock, corrected")
    received: Time
    erased: bool = Field(description="its answers are gone")
    unreadable: bool = Field(
        description="its open answers are damaged, or the key is lost that they are sealed under; "
        "none is listed or counted here"
    )
    open: list[OpenAnswer]
    sealed: int = Field(description="answers that are not listed")
    data_class: Literal["operational", "personal", "sensitive"] = Field(
        description="of its answers and files: by what the form asks for, and by numbers of "
        "documents in them"
    )
    files: int
    case: str | None = Field(description="null: for who may not open the case")
    evidence: str | None


class AnswersInput(BaseModel):
    model_config = ConfigDict(extra="forbid")
    grant: str | None = Field(None, max_length=100, description="needed where persons are asked of")


class AnswerFile(BaseModel):
    evidence: str
    case: str
    media_type: str
    size: int


class AnswersModel(BaseModel):
    """All answers, in the order of the form, repeats each time."""

    answers: list[OpenAnswer]
    files: list[AnswerFile] = Field(description="opened as evidence of the case")


def form_json(
    found: FormVersion, unit_name: dict[str, str], by: str, in_force: bool, may_write: bool
) -> dict[str, Any]:
    return {
        "id": found.id, "form_id": found.form_id, "version": found.version, "title": found.title,
        "unit": found.unit, "unit_name": unit_name, "agency": found.agency,
        "purpose": found.purpose, "is_open": found.is_open, "state": found.state,
        "in_force": in_force, "valid_from": iso_or_none(found.from_us),
        "uploaded": iso(found.uploaded_us), "uploaded_by": by,
        "retired": iso_or_none(found.retired_us), "sha256": found.sha256,
        "file_name": found.file_name, "may_write": may_write, "warnings": list(found.warnings),
        "questions": [{n: q[n] for n in QuestionModel.model_fields} for q in found.questions],
    }  # fmt: skip


def fault_json(fault: Fault) -> dict[str, Any]:
    return {
        "sheet": fault.sheet, "row": fault.row, "column": fault.column, "message": fault.message,
    }  # fmt: skip
