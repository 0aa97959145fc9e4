"""Contacts as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from littoral.api.fields import Time
from littoral.api.params import Instant
from littoral.api.wire import iso, iso_or_none, knots
from littoral.area.geodesy import KNOT_MPS
from littoral.respond.contact.flow import Contact, Report, Step, state
from littoral.respond.contact.reckoning import reckoning_of
from littoral.respond.contact.settings import ACCURACY_M, KEEP_S, LEAST_KEEP_S, MOST_KEEP_S
from littoral.respond.contact.words import END
from littoral.store.forms.numbers import person_number

What = Literal["vessel", "small_craft", "in_water", "aircraft", "unknown"]
Source = Literal["vhf", "lookout", "telephone", "radar", "other"]
Why = Literal["in_port", "identified", "mistaken", "other"]
State = Literal["live", "over", "ended"]
NO_NUL = r"^[^\x00]*$"
HOUR_S = 3600.0


def _of_nobody(text: str) -> str:
    if found := person_number(text):
        raise ValueError(f"{found} stands in it; a contact holds no numbers of persons")
    return text.strip()


Said = Annotated[str, AfterValidator(_of_nobody)]
Mmsi = Annotated[int, Field(ge=1, le=999_999_999)]


class ContactReportInput(BaseModel):
    """No names, numbers or addresses of persons. What was not said is null or empty."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="made by the client; the same once more changes nothing")
    heard: Instant | None = Field(
        None, description="null: now; not later, and not more than 24 hours ago"
    )
    lon: float = Field(ge=-180, le=180, description="degrees, WGS 84")
    lat: float = Field(ge=-90, le=90)
    place_said: Said = Field("", max_length=200, pattern=NO_NUL, description="in which words")
    accuracy_m: float = Field(
        ACCURACY_M, gt=0, le=50_000, description="it was within so much of there"
    )
    what: What = "unknown"
    source: Source = "vhf"
    channel: str = Field("", max_length=8, pattern=r"^[0-9A-Za-z]*$", description="of VHF")
    station: Said = Field("", max_length=80, pattern=NO_NUL, description="that heard it")
    name: Said = Field("", max_length=60, pattern=NO_NUL, description="of the vessel")
    call_sign: str = Field("", max_length=20, pattern=r"^[0-9A-Za-z /-]*$")
    mmsi: Mmsi | None = None
    cog_deg: float | None = Field(None, ge=0, lt=360, description="true, over ground")
    sog_kn: float | None = Field(None, ge=0, le=300)
    on_board: int | None = Field(None, ge=0, le=10_000, description="how many persons; no names")
    said: Said = Field("", max_length=2000, pattern=NO_NUL)
    keep_h: float = Field(
        KEEP_S / HOUR_S, ge=LEAST_KEEP_S / HOUR_S, le=MOST_KEEP_S / HOUR_S,
        description="hours after it was heard, for which it stays in the live picture",
    )  # fmt: skip
    replaces: UUID | None = Field(None, description="id of the report that this one corrects")


class ContactEndInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="made by the client; the same once more changes nothing")
    why: Why
    mmsi: Mmsi | None = Field(None, description="of the vessel that it was identified as")
    said: Said = Field("", max_length=1000, pattern=NO_NUL, description="needed for `other`")


class ContactHeardModel(BaseModel):
    heard: Time
    lon: float
    lat: float


class ContactEndModel(BaseModel):
    at: Time
    by: str
    why: Why
    mmsi: int | None
    said: str


class ContactModel(BaseModel):
    """As its last report says. It is reckoned on to `reckoned_until`: its middle goes `along_kn` on
    `along_deg`, and the radius of the circle, first `accuracy_m`, grows by `growth_kn`."""

    id: str
    number: int = Field(description="by which people name it")
    seq: int = Field(description="of its last change, over all contacts; 0 in the past")
    version: int = Field(description="counts its reports, corrections and ends")
    state: State = Field(description="over: it left the live picture by itself")
    opened: Time
    opened_by: str
    report: str = Field(description="id of the last report")
    reported_by: str
    heard: Time
    lon: float
    lat: float
    place_said: str
    accuracy_m: float
    what: What
    source: Source
    channel: str
    station: str
    name: str
    call_sign: str
    mmsi: int | None
    cog_deg: float | None
    sog_kn: float | None
    on_board: int | None
    said: str
    keep_h: float
    until: Time = Field(description="when it leaves the live picture by itself")
    reckoned_until: Time
    along_deg: float
    along_kn: float
    growth_kn: float
    track: list[ContactHeardModel] = Field(description="all reports that stand, by the time heard")
    ended: ContactEndModel | None


class ContactStepModel(BaseModel):
    """A report or an end, as it was entered; `fields` as in the body."""

    id: str
    kind: Literal["report", "end"]
    at: Time = Field(description="when it was entered")
    by: str
    desk: str
    replaces: str | None = Field(description="id of the report that it corrects")
    replaced: bool = Field(description="another report corrects it")
    fields: dict[str, Any]


class ContactDetail(ContactModel):
    steps: list[ContactStepModel] = Field(description="all that was entered, oldest first")
    may_add: bool = Field(description="the caller may report on it, correct and end it")


def report_fields(given: ContactReportInput) -> dict[str, Any]:
    """As the flow takes them."""
    return {
        "heard_us": given.heard, "lon_deg": given.lon, "lat_deg": given.lat,
        "accuracy_m": given.accuracy_m, "what": given.what, "source": given.source,
        "channel": given.channel.upper(), "station": given.station, "name": given.name,
        "call_sign": given.call_sign.strip().upper(), "mmsi": given.mmsi,
        "cog_deg": given.cog_deg,
        "sog_mps": None if given.sog_kn is None else given.sog_kn * KNOT_MPS,
        "on_board": given.on_board, "keep_s": given.keep_h * HOUR_S,
        "replaces": None if given.replaces is None else str(given.replaces),
    }  # fmt: skip


def contact_json(
    contact: Contact, number: int, seq: int, named: Mapping[str, str], now_us: int
) -> dict[str, Any]:
    """`named`: accounts by id."""
    last, end = contact.last, contact.ended
    reckoned = reckoning_of(last)
    return {
        "id": contact.id, "number": number, "seq": seq, "version": contact.version,
        "state": state(contact, now_us), "opened": iso(contact.opened_us),
        "opened_by": named.get(contact.opened_by, contact.opened_by), "report": last.id,
        "reported_by": named.get(last.by, last.by), **_said(last),
        "place_said": last.place_words, "said": last.words, "keep_h": last.keep_s / HOUR_S,
        "until": iso(contact.until_us), "reckoned_until": iso(reckoned.until_us),
        "along_deg": reckoned.course_deg, "along_kn": knots(reckoned.along_mps),
        "growth_kn": knots(reckoned.growth_mps),
        "track": [
            {"heard": iso(r.heard_us), "lon": r.lon_deg, "lat": r.lat_deg} for r in contact.reports
        ],
        "ended": None if end is None else {
            "at": iso(end.at_us), "by": named.get(end.by, end.by), "why": end.why,
            "mmsi": end.mmsi, "said": end.words,
        },
    }  # fmt: skip


def _said(report: Report) -> dict[str, Any]:
    plain = ("accuracy_m", "what", "source", "channel", "station", "name", "call_sign", "mmsi",
             "cog_deg", "on_board")  # fmt: skip
    return {
        "heard": iso(report.heard_us), "lon": report.lon_deg, "lat": report.lat_deg,
        "sog_kn": None if report.sog_mps is None else knots(report.sog_mps),
        **{name: getattr(report, name) for name in plain},
    }  # fmt: skip


RENAMED = {"lon_deg": "lon", "lat_deg": "lat"}


def step_json(step: Step, replaced: frozenset[str], named: Mapping[str, str]) -> dict[str, Any]:
    fields = {RENAMED.get(n, n): v for n, v in step.fields.items() if v not in (None, "")}
    replaces = fields.pop("replaces", None)
    if step.kind != END:
        heard_us = fields.pop("heard_us", None)
        fields["heard"] = iso(step.at_us if heard_us is None else min(heard_us, step.at_us))
        fields["keep_h"] = fields.pop("keep_s", KEEP_S) / HOUR_S
        if "sog_mps" in fields:
            fields["sog_kn"] = knots(fields.pop("sog_mps"))
    words = {"said": step.words, "place_said": step.place_words}
    fields |= {name: text for name, text in words.items() if text}
    return {
        "id": step.id, "kind": step.kind, "at": iso_or_none(step.at_us),
        "by": named.get(step.by, step.by), "desk": step.desk, "replaces": replaces,
        "replaced": step.id in replaced, "fields": fields,
    }  # fmt: skip
