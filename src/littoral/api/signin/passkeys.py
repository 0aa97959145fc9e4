"""`/session/passkey`, `/me/passkeys`: WebAuthn, in two steps each."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from littoral.api.fields import Page
from littoral.api.problems import not_found
from littoral.api.signin.answers import refusals, signed_in_answer
from littoral.api.signin.guard import Door, Person, limited, origin_of, same_origin
from littoral.api.signin.models import TOKEN, Body, Id, MeModel, PasskeyModel, passkey_json
from littoral.api.wire import Json

router = APIRouter(dependencies=[Depends(same_origin)])


class OptionsModel(BaseModel):
    token: str = Field(description="to be sent back with the answer, within ten minutes")
    publicKey: dict[str, Any] = Field(description="for `parse…OptionsFromJSON` of WebAuthn")


class AnswerBody(Body):
    token: str = TOKEN
    credential: dict[str, Any] = Field(description="`PublicKeyCredential.toJSON()`")
    device: str | None = Field(None, max_length=200)


class NewPasskeyBody(Body):
    token: str = TOKEN
    credential: dict[str, Any]
    name: str = Field("", max_length=100)


@router.post(
    "/session/passkey/options",
    response_model=OptionsModel,
    summary="Begin to sign in with a passkey",
    dependencies=[Depends(limited)],
)
def start_passkey_sign_in(request: Request, door: Door) -> Json:
    return Json(door.passkeys_of(request).start_sign_in())


@router.post(
    "/session/passkey",
    response_model=MeModel,
    summary="Sign in with a passkey",
    dependencies=[Depends(limited)],
)
def sign_in_with_passkey(request: Request, door: Door, body: AnswerBody) -> Json:
    origin = origin_of(request, door, body.device)
    with refusals():
        found = door.passkeys_of(request).sign_in(body.token, body.credential, origin)
    return signed_in_answer(request, door, found)


@router.get("/me/passkeys", response_model=Page[PasskeyModel], summary="Own passkeys")
def list_passkeys(request: Request, door: Door, who: Person) -> Json:
    items = [passkey_json(held) for held in door.passkeys_of(request).listed(who)]
    return Json({"items": items, "next_cursor": None})


@router.post(
    "/me/passkeys/options", response_model=OptionsModel, summary="Begin to register a passkey"
)
def start_passkey_registration(request: Request, door: Door, who: Person) -> Json:
    with refusals():
        return Json(door.passkeys_of(request).start_registration(who))


@router.post(
    "/me/passkeys", status_code=201, response_model=PasskeyModel, summary="Register a passkey"
)
def register_passkey(request: Request, door: Door, who: Person, body: NewPasskeyBody) -> Json:
    with refusals():
        made = door.passkeys_of(request).register(who, body.token, body.name, body.credential)
    return Json(passkey_json(made), status_code=201)


@router.delete("/me/passkeys/{passkey_id}", status_code=204, summary="Remove a passkey")
def remove_passkey(request: Request, door: Door, who: Person, passkey_id: Id) -> Response:
    with refusals():
        if not door.passkeys_of(request).remove(who, passkey_id):
            raise not_found("passkey", passkey_id)
    return Response(status_code=204)
