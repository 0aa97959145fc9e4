"""`/keys`: keys of systems, for who holds the role `administrator`; policy may narrow it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from littoral.api.fields import Page, Time
from littoral.api.params import Instant
from littoral.api.problems import ProblemError, not_found
from littoral.api.signin.answers import refusals
from littoral.api.signin.guard import Door, Person, same_origin
from littoral.api.signin.models import Id
from littoral.api.wire import Json, iso, iso_or_none
from littoral.store.people.api_keys import ApiKey
from littoral.store.people.identity import Identity
from littoral.store.people.words import ADMINISTRATOR

router = APIRouter(dependencies=[Depends(same_origin)])


def administrator(who: Person) -> Identity:
    if ADMINISTRATOR not in who.roles:
        raise ProblemError(403, "This is for administrators.")
    return who


Administrator = Annotated[Identity, Depends(administrator)]


class KeyBody(BaseModel):
    name: str = Field(min_length=1, max_length=200, description="of the system that holds it")
    actions: list[str] = Field(min_length=1, max_length=100)
    unit: str = Field(max_length=24)
    agency: str | None = Field(None, max_length=40)
    expires: Instant = Field(description="within a year")


class KeyModel(BaseModel):
    id: str
    prefix: str
    name: str
    actions: list[str]
    unit: str
    agency: str | None
    created: Time
    created_by: str
    expires: Time
    used: Time | None
    address: str | None = Field(description="that used it last")
    ended: Time | None


class NewKeyModel(KeyModel):
    key: str = Field(description="shown once; for `Authorization: Bearer …`")


def key_json(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "prefix": key.prefix,
        "name": key.name,
        "actions": list(key.actions),
        "unit": key.unit,
        "agency": key.agency,
        "created": iso(key.created_us),
        "created_by": key.created_by,
        "expires": iso(key.expires_us),
        "used": iso_or_none(key.last_used_us),
        "address": key.last_address,
        "ended": iso_or_none(key.ended_us),
    }


@router.get("/keys", response_model=Page[KeyModel], summary="Keys of systems, the newest first")
def list_keys(door: Door, who: Administrator) -> Json:
    return Json({"items": [key_json(k) for k in door.directory.api_keys()], "next_cursor": None})


@router.post("/keys", status_code=201, response_model=NewKeyModel, summary="Make a key")
def create_key(door: Door, who: Administrator, body: KeyBody) -> Json:
    with refusals():
        written, made = door.directory.create_key(
            body.name, body.actions, body.unit, body.agency, body.expires, who.id
        )
    return Json({**key_json(made), "key": written}, status_code=201)


@router.delete("/keys/{key_id}", status_code=204, summary="Revoke a key")
def end_key(door: Door, who: Administrator, key_id: Id) -> Response:
    if not door.directory.end_key(key_id, who.id):
        raise not_found("key in use", key_id)
    return Response(status_code=204)
