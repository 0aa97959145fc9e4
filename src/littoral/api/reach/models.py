"""Bodies of notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from littoral.api.fields import Time
from littoral.api.wire import iso, iso_or_none
from littoral.link.sms.pdu import NUMBER
from littoral.respond.reach.ladder import Call
from littoral.store.reach import EventRow, NoticeRow

Channel = Literal["app", "sms", "voice"]
Kind = Literal["sent", "delivered", "failed", "answered", "declined", "off_duty", "recalled"]
State = Literal["under_way", "delivered", "answered", "exhausted", "recalled"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
AccountId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PersonModel(BaseModel):
    account: str
    name: str | None = Field(description="null where the account is not here")
    channels: list[Channel] = Field(description="in the order in which they are used")


class EventModel(BaseModel):
    id: str
    account: str
    channel: Channel | None = Field(description="null: nothing was sent, being off duty")
    kind: Kind
    at: Time
    by: str = Field(description="who or what says so")
    detail: str


class ToCallModel(BaseModel):
    account: str
    since: Time
    until: Time = Field(description="then it is the next person's turn")


class NoticeModel(BaseModel):
    id: str
    thing: str = Field(description="what it is about, as `task:…`; empty: nothing that is here")
    unit: str
    agency: str
    zh: str
    en: str
    wants_answer: bool
    made: Time
    made_by: str
    state: State = Field(
        description="`delivered`: a device has it; `exhausted`: everybody's turn is over and "
        "nobody has answered"
    )
    by: str | None = Field(description="account that answered, or has it")
    ended: Time | None
    people: list[PersonModel] = Field(description="in order of turn")


class DeskNoticeModel(NoticeModel):
    to_call: list[ToCallModel] = Field(
        description="whom the desk calls now, by radio or telephone, and writes down the answer"
    )


class NoticeDetail(DeskNoticeModel):
    events: list[EventModel]


class OwnNoticesModel(BaseModel):
    items: list[NoticeModel]
    ask_again_s: int = Field(description="when a page that nobody looks at asks again, in seconds")


class NoticeInput(Body):
    id: UUID = Field(description="made by the client: the same twice is one")
    text: Line
    to: list[AccountId] = Field(min_length=1, max_length=50, description="in order of turn")
    wants_answer: bool = True
    thing: Annotated[str, StringConstraints(pattern=r"^(incident|task|alert):[A-Za-z0-9._-]+$")] = (
        Field(default="", max_length=150, validate_default=False)
    )


class OwnEventInput(Body):
    id: UUID = Field(description="made by the client: the same twice is one")
    kind: Literal["delivered", "answered", "declined"]
    text: str = Field(default="", max_length=300, description="with a refusal: why")


class CallInput(Body):
    id: UUID = Field(description="made by the client: the same twice is one")
    account: AccountId
    kind: Literal["answered", "declined", "failed"]
    how: Literal["vhf", "dsc", "phone", "in_person"]
    text: Line = Field(description="what was answered, or that nobody did")


class ContactsModel(BaseModel):
    sms: str | None = Field(description="the last three digits of the own number; null: none")
    texts: bool = Field(description="whether this server sends text messages")


class ContactsInput(Body):
    sms: Annotated[str, StringConstraints(strip_whitespace=True, pattern=f"^({NUMBER.pattern})?$")]


def account_of(ref: str) -> str:
    return ref.removeprefix("account:")


def notice_json(row: NoticeRow, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": row.id, "thing": row.thing, "unit": row.unit, "agency": row.agency,
        "zh": row.zh, "en": row.en, "wants_answer": row.notice.wants_answer,
        "made": iso(row.notice.made_us), "made_by": names.get(row.made_by, row.made_by),
        "state": row.state, "by": None if row.by is None else account_of(row.by),
        "ended": iso_or_none(row.ended_us),
        "people": [
            {"account": account_of(p.ref), "name": names.get(p.ref), "channels": list(p.channels)}
            for p in row.notice.people
        ],
    }  # fmt: skip


def desk_json(row: NoticeRow, names: Mapping[str, str], calls: Sequence[Call]) -> dict[str, Any]:
    """As its desk sees it."""
    return notice_json(row, names) | {
        "to_call": [
            {"account": account_of(c.person), "since": iso(c.since_us), "until": iso(c.until_us)}
            for c in calls
        ]
    }


def events_json(rows: Sequence[EventRow], names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id, "account": account_of(row.event.person), "channel": row.event.channel,
            "kind": row.event.kind, "at": iso(row.event.at_us),
            "by": names.get(row.by, row.by), "detail": row.detail,
        }
        for row in rows
    ]  # fmt: skip
