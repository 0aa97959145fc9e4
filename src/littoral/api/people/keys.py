"""`/keys`: keys of systems; scoped to actions and a unit, expiring, shown once; and `/key/renewal`,
by which a system changes its own."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from littoral.api.fields import Page, Time
from littoral.api.gate import described
from littoral.api.params import Instant
from littoral.api.people.places import Ask, fits
from littoral.api.problems import ProblemError, not_found
from littoral.api.signin.answers import refusals
from littoral.api.signin.guard import Door, unauthenticated
from littoral.api.signin.models import Body, Id
from littoral.api.wire import Json, iso, iso_or_none
from littoral.store.people.api_keys import ApiKey, KeyRefused
from littoral.store.people.words import KEY_ACTIONS_BY_TWO

router = APIRouter()


class KeyBody(Body):
    name: str = Field(min_length=1, max_length=200, description="of the system that holds it")
    actions: list[str] = Field(min_length=1, max_length=100)
    unit: str = Field(max_length=24)
    agency: str | None = Field(None, max_length=40)
    expires: Instant = Field(description="within 90 days")


class KeyModel(BaseModel):
    id: str
    prefix: str
    name: str
    actions: list[str]
    unit: str
    agency: str | None
    created: Time
    created_by: str
    expires: Time = Field(description="or, once it was renewed, when it ends before that")
    renews: str | None = Field(description="id of the key by which it was asked for")
    renewed: Time | None
    used: Time | None
    address: str | None = Field(description="that used it last")
    ended: Time | None


class NewKeyModel(KeyModel):
    key: str = Field(description="shown once; for `Authorization: Bearer …`")


class RenewedKeyModel(NewKeyModel):
    previous_ends: Time = Field(description="until then the key that asked goes on")


@router.get(
    "/keys",
    response_model=Page[KeyModel],
    summary="Keys of systems, the newest first",
    **described("key.write"),
)
def list_keys(door: Door, ask: Ask) -> Json:
    ask.own("key.write", "key")
    condition = ask.filter("key.write")
    items = [
        key_json(k)
        for k in door.directory.api_keys()
        if fits(condition, ask.resource((k.unit, k.agency), "key", k.id))
    ]
    return Json({"items": items, "next_cursor": None})


@router.post(
    "/keys",
    status_code=201,
    response_model=NewKeyModel,
    summary="Make a key",
    **described("key.write"),
)
def create_key(door: Door, ask: Ask, body: KeyBody) -> Json:
    """One that sees the picture, alerts, cases or persons' data, or erases it, takes two: the
    operator of the machine makes it (`littoral keys create`)."""
    kind = "key" if KEY_ACTIONS_BY_TWO.isdisjoint(body.actions) else "privileged"
    resource = ask.resource((body.unit, body.agency), kind)
    ask.require("key.write", resource, grant_until_us=max(0, body.expires))
    with refusals():
        written, made = door.directory.create_key(
            body.name, body.actions, body.unit, body.agency or None, body.expires, ask.actor.id
        )
    return Json({**key_json(made), "key": written}, status_code=201)


@router.delete("/keys/{key_id}", status_code=204, summary="Revoke a key", **described("key.write"))
def end_key(door: Door, ask: Ask, key_id: Id) -> Response:
    ask.own("key.write", "key")
    key = next((k for k in door.directory.api_keys() if k.id == key_id), None)
    if key is None:
        raise not_found("key in use", key_id)
    ask.require("key.write", ask.resource((key.unit, key.agency), "key", key.id))
    if not door.directory.end_key(key_id, ask.actor.id):
        raise not_found("key in use", key_id)
    return Response(status_code=204)


@router.post(
    "/key/renewal",
    status_code=201,
    response_model=RenewedKeyModel,
    summary="A system renews its own key",
    **described("key.renew"),
)
def renew_key(door: Door, ask: Ask) -> Json:
    """A new key of the same name, unit, agency and actions, as long as the old one was made for;
    the old one goes on for 24 hours at most. 409: the new key was used already."""
    key = next((k for k in door.directory.api_keys() if k.id == ask.actor.id), None)
    if key is None:  # a person's session: refused by the policies, with their reason
        ask.own("key.renew", "key")
        raise not_found("key", ask.actor.id)
    now_us = door.base.now_us()
    thing = ask.resource((key.unit, key.agency), "key", key.id, owner=key.id)
    ask.require("key.renew", thing, grant_until_us=key.renewed_until(now_us))
    try:
        renewed = door.directory.renew_key(key.id)
    except KeyRefused as error:
        raise unauthenticated(f"The key {error}.") from error
    if renewed is None:
        raise ProblemError(409, "This key was renewed, and the new one is in use.")
    return Json(
        {
            **key_json(renewed.made),
            "key": renewed.written,
            "previous_ends": iso(renewed.previous.ends_us),
        },
        status_code=201,
    )


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
        "expires": iso(key.ends_us),
        "renews": key.renews,
        "renewed": iso_or_none(key.renewed_us),
        "used": iso_or_none(key.last_used_us),
        "address": key.last_address,
        "ended": iso_or_none(key.ended_us),
    }
