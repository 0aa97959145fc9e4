"""Contacts that people entered, in the past: apart from what receivers heard of vessels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from littoral.api.contacts.models import ContactModel, contact_json
from littoral.api.contacts.sight import READ, people_of
from littoral.api.deps import Engine
from littoral.api.fields import Time
from littoral.api.gate import gate_of, guarded
from littoral.api.incidents.sight import names_by_id
from littoral.api.past.area_text import AreaText, area_of
from littoral.api.past.questions import End, Start, in_order
from littoral.api.tables.lists import CONTACT_VISITS
from littoral.api.tables.sheet import ANSWERS, FormatQuery, LangQuery, table_file
from littoral.api.wire import Json, iso
from littoral.engine import contacted
from littoral.respond.contact.flow import Contact
from littoral.store import sea_contacts
from littoral.store.clock import clock_us

router = APIRouter(tags=["past"])


class ContactStandingModel(BaseModel):
    """What was known of a contact from `at` until its next standing."""

    at: Time
    contact: ContactModel


class ContactStandingsModel(BaseModel):
    items: list[ContactStandingModel] = Field(description="by contact and time")


class ContactVisitModel(BaseModel):
    contact: ContactModel = Field(description="as it stands now")
    first: Time
    last: Time
    reports: int = Field(description="heard or seen in the area")
    reckoned_min: float = Field(description="there by dead reckoning alone")


class ContactVisitsModel(BaseModel):
    items: list[ContactVisitModel] = Field(description="by time")


@router.get(
    "/replay/contacts",
    response_model=ContactStandingsModel,
    summary="Contacts entered by hand, as they were known between two times",
    **guarded(READ),
)
def contacts_as_they_stood(request: Request, engine: Engine, from_us: Start, to_us: End) -> Json:
    in_order(from_us, to_us)
    with engine.records.database.read() as connection:
        found = sea_contacts.told_between(connection, from_us, to_us)
    stood = [(n, s) for n, steps in found for s in contacted.standings(steps, from_us, to_us)]
    named = _named(request, (s.contact for _, s in stood))
    items = [
        {"at": iso(s.at_us), "contact": contact_json(s.contact, n, 0, named, s.at_us)}
        for n, s in stood
    ]
    return Json({"items": items})


@router.get(
    "/questions/contacts",
    response_model=ContactVisitsModel,
    summary="Contacts entered by hand in an area between two times",
    responses=ANSWERS,
    **guarded(READ),
)
def contacts_inside(
    request: Request, engine: Engine, area: AreaText, from_us: Start, to_us: End,
    form: FormatQuery = "json", lang: LangQuery = "zh",
) -> Response:  # fmt: skip
    in_order(from_us, to_us)
    shape = area_of(area, engine.world, "area")
    with engine.records.database.read() as connection:
        known = sea_contacts.heard_between(connection, from_us, to_us)
    now_us = clock_us()
    pairs = ((k.contact, k.number) for k in known)
    found = contacted.visits(shape, pairs, from_us, min(to_us, now_us))  # nobody was anywhere later
    named = _named(request, (v.contact for v in found))
    rows: list[dict[str, Any]] = [
        {
            "contact": contact_json(v.contact, v.number, 0, named, now_us),
            "first": iso(v.first_us), "last": iso(v.last_us), "reports": v.reports,
            "reckoned_min": round(v.reckoned_s / 60, 1),
        }
        for v in found
    ]  # fmt: skip
    if form == "xlsx":
        return table_file(request, engine, READ, "contact:all", CONTACT_VISITS, rows, lang)
    return Json({"items": rows})


def _named(request: Request, contacts: Iterable[Contact]) -> dict[str, str]:
    return names_by_id(gate_of(request), people_of(contacts))
