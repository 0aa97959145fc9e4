"""Doors of a demonstration: an address for each of its people, which signs in as that person.

Only `littoral demo` mounts them, over simulated data and on the loopback address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from littoral.api.problems import not_found
from littoral.api.signin.guard import Door, origin_of, set_cookie

PATH = "/demo/as"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`assurance`: how the person is taken to have signed in."""

    account: str
    login: str
    title_zh: str
    title_en: str
    assurance: str


def entry_router(people: Mapping[str, DemoPerson]) -> APIRouter:
    """`people` by the token in their address."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH + "/{token}")
    def enter(
        request: Request, door: Door, token: str, page: Literal["phone"] | None = None
    ) -> Response:
        person = people.get(token)
        if person is None:
            raise not_found("door", token)
        found = door.signin.begin_for(person.account, person.assurance, origin_of(request, door))
        answer = RedirectResponse("/" if page is None else f"/{page}/", status_code=303)
        set_cookie(answer, request, door, found)
        return answer

    return router
