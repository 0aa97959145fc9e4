"""Links that work once: `/first-start`, `/invitations/accept` (a reset of the password too)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from littoral.api.signin.answers import refusals, signed_in_answer
from littoral.api.signin.guard import Door, limited, origin_of, same_origin
from littoral.api.signin.models import PASSWORD, TOKEN, Body, MeModel
from littoral.api.wire import Json

router = APIRouter(dependencies=[Depends(same_origin), Depends(limited)])
_GONE: dict[int | str, dict[str, Any]] = {
    410: {"description": "The link is wrong, was used, or has expired"}
}


class FirstStartBody(Body):
    token: str = TOKEN
    login: str = Field(min_length=2, max_length=100)
    name: str = Field(min_length=1, max_length=200)
    password: str = PASSWORD
    language: str = Field("zh", pattern="^(zh|en)$")


class AcceptBody(Body):
    token: str = TOKEN
    password: str = PASSWORD


@router.post(
    "/first-start",
    status_code=201,
    response_model=MeModel,
    summary="Make the first administrator",
    responses=_GONE,
)
async def first_start(request: Request, door: Door, body: FirstStartBody) -> Json:
    with refusals():
        found = await door.queue.run(
            door.signin.first_start,
            body.token,
            body.login,
            body.name,
            body.password,
            door.settings.first_unit,
            origin_of(request, door),
            body.language,
        )
    return signed_in_answer(request, door, found, 201)


@router.post(
    "/invitations/accept",
    response_model=MeModel,
    summary="Set the password of an invitation or a reset, and sign in",
    responses=_GONE,
)
async def accept_invitation(request: Request, door: Door, body: AcceptBody) -> Json:
    with refusals():
        found = await door.queue.run(
            door.signin.accept, body.token, body.password, origin_of(request, door)
        )
    return signed_in_answer(request, door, found)
