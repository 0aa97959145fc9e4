"""`/session`: sign in with a password and a code, sign out; what a sign-in page must know."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from littoral.api.signin.answers import refusals, signed_in_answer
from littoral.api.signin.guard import (
    Door,
    Person,
    clear_cookie,
    origin_of,
    same_origin,
)
from littoral.api.signin.models import PASSWORD, Body, MeModel
from littoral.api.wire import Json

router = APIRouter(dependencies=[Depends(same_origin)])


class SignInBody(Body):
    login: str = Field(min_length=1, max_length=200)
    password: str = PASSWORD
    code: str = Field("", max_length=40, description="of the authenticator, or a recovery code")
    device: str | None = Field(None, max_length=200, description="what the device list shows")


class WaysModel(BaseModel):
    """`providers`: names for `GET /oidc/start`."""

    password: bool
    passkey: bool
    providers: list[str]


@router.get("/signin", response_model=WaysModel, summary="Ways to sign in")
def get_ways(door: Door) -> Json:
    return Json({"password": True, "passkey": True, "providers": sorted(door.providers)})


@router.post(
    "/session",
    response_model=MeModel,
    summary="Sign in with a password",
    responses={
        401: {
            "description": "Name, password or code is wrong; `needs` is `code` when it is wanted"
        },
        429: {"description": "Too many attempts; `Retry-After` says how long to wait"},
        503: {"description": "Too many sign in at this moment; `Retry-After`"},
    },
)
async def sign_in(request: Request, door: Door, body: SignInBody) -> Json:
    origin = origin_of(request, door, body.device)
    with refusals():
        found = await door.queue.run(
            door.signin.sign_in, body.login, body.password, body.code, origin
        )
    return signed_in_answer(request, door, found)


@router.delete("/session", status_code=204, summary="Sign out")
def sign_out(request: Request, door: Door, who: Person) -> Response:
    door.signin.sign_out(who)
    answer = Response(status_code=204, headers={"clear-site-data": '"cache"'})
    clear_cookie(answer, request, door)
    return answer
