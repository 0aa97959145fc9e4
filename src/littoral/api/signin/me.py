"""`/me`: who asks, on which devices, and how they sign in."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from littoral.api.fields import Page
from littoral.api.problems import not_found
from littoral.api.signin.answers import refusals
from littoral.api.signin.guard import Door, Person, SignedInUser, same_origin
from littoral.api.signin.models import (
    PASSWORD,
    Body,
    Id,
    MeModel,
    SessionModel,
    me_json,
    session_json,
)
from littoral.api.wire import Json

router = APIRouter(dependencies=[Depends(same_origin)])


class PasswordBody(Body):
    old: str = PASSWORD
    new: str = PASSWORD


class TotpModel(BaseModel):
    secret: str = Field(description="base 32, to type in")
    uri: str = Field(description="`otpauth:` address, to show as a QR code")


class CodeBody(Body):
    code: str = Field(min_length=6, max_length=10)


class RecoveryModel(BaseModel):
    recovery_codes: list[str] = Field(description="shown once; each works once")


@router.get("/me", response_model=MeModel, summary="Who asks")
def get_me(door: Door, who: SignedInUser) -> Json:
    return Json(me_json(door, who))


@router.get("/me/devices", response_model=Page[SessionModel], summary="Open sessions")
def list_devices(door: Door, who: Person) -> Json:
    current = None if who.session is None else who.session.id
    items = [session_json(s, current) for s in door.signin.devices(who)]
    return Json({"items": items, "next_cursor": None})


@router.delete("/me/devices", status_code=204, summary="End all other sessions")
def end_other_devices(door: Door, who: Person) -> Response:
    with refusals():
        door.own.end_other_sessions(who)
    return Response(status_code=204)


@router.delete("/me/devices/{session_id}", status_code=204, summary="End a session")
def end_device(door: Door, who: Person, session_id: Id) -> Response:
    with refusals():
        if not door.own.end_session(who, session_id):
            raise not_found("open session", session_id)
    return Response(status_code=204)


@router.put("/me/password", status_code=204, summary="Change the password; other sessions end")
async def change_password(
    request: Request, door: Door, who: Person, body: PasswordBody
) -> Response:
    with refusals("new"):
        await door.queue.run(door.own.change_password, who, body.old, body.new)
    return Response(status_code=204)


@router.post(
    "/me/totp",
    response_model=TotpModel,
    summary="Begin to enrol an authenticator",
    responses={409: {"description": "One is enrolled already"}},
)
def start_totp(door: Door, who: Person) -> Json:
    with refusals():
        secret, uri = door.own.start_totp(who)
    return Json({"secret": secret, "uri": uri})


@router.post("/me/totp/confirm", response_model=RecoveryModel, summary="Finish it with a code")
def confirm_totp(door: Door, who: Person, body: CodeBody) -> Json:
    with refusals():
        codes = door.own.confirm_totp(who, body.code)
    return Json({"recovery_codes": codes})


@router.delete(
    "/me/totp",
    status_code=204,
    summary="Remove the authenticator",
    responses={404: {"description": "None is enrolled"}},
)
def remove_totp(door: Door, who: Person) -> Response:
    with refusals():
        if not door.own.remove_second_factor(who):
            raise not_found("authenticator", who.login)
    return Response(status_code=204)
