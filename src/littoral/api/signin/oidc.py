"""`/oidc`: sends the browser to a provider and takes it back. Pages navigate here; no fetch."""

from __future__ import annotations

import logging
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from littoral.api.problems import ProblemError, not_found
from littoral.api.signin.claims import claimed
from littoral.api.signin.context import People
from littoral.api.signin.guard import Door, limited, origin_of, set_cookie
from littoral.link.oidc import Begun, OidcError
from littoral.store.people import external
from littoral.store.people.ids import token_hash
from littoral.store.people.signin import SignInRefused

router = APIRouter(dependencies=[Depends(limited)])
log = logging.getLogger(__name__)

KIND = "oidc"
COOKIE, SECURE_COOKIE = "littoral_oidc", "__Host-littoral_oidc"
PATH = "/api/v1/oidc/callback"
FAILED = "/#sign-in-failed"  # the page says it; nothing of why goes into an address


@router.get(
    "/oidc/start",
    status_code=303,
    response_class=RedirectResponse,
    summary="Begin to sign in with a provider",
    responses={404: {"description": "There is no such provider"}},
)
def start_oidc(
    request: Request,
    door: Door,
    provider: str = Query(max_length=100),
    return_to: str = Query("/", max_length=500, description="a path of this server"),
) -> Response:
    known = door.providers.get(provider)
    if known is None:
        raise not_found("provider", provider)
    try:
        begun = known[1].begin(door.origin_of(request) + PATH)
    except OidcError as error:
        log.warning("sign-in with %s: %s", provider, error)
        raise ProblemError(503, f"{provider} cannot be reached.") from error
    document = {
        "provider": provider,
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "return_to": local_path(return_to),
    }
    with door.base.database.write() as connection:
        token = external.remember(connection, KIND, document, door.base.now_us())
    answer = RedirectResponse(begun.url, 303)
    secure = door.secure(request)
    # Only the browser that began may end it: else an attacker could sign a victim in as himself.
    answer.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        token,
        max_age=int(external.PENDING_S),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get(
    "/oidc/callback",
    status_code=303,
    response_class=RedirectResponse,
    summary="Where a provider sends the browser back",
)
async def finish_oidc(request: Request, door: Door) -> Response:
    secure = door.secure(request)
    name = SECURE_COOKIE if secure else COOKIE
    token = request.cookies.get(name, "")[:200]
    answer = dict(list(request.query_params.items())[:20])
    to = await door.queue.run(_finish, request, door, token, answer)
    to.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")
    return to


def _finish(request: Request, door: People, token: str, query: dict[str, str]) -> Response:
    now_us = door.base.now_us()
    with door.base.database.write() as connection:
        kept = external.recall(connection, KIND, token, now_us)
    if kept is None or kept["provider"] not in door.providers:
        return RedirectResponse(FAILED, 303)
    rules, client = door.providers[kept["provider"]]
    begun = Begun("", kept["state"], kept["nonce"], kept["verifier"])
    origin = origin_of(request, door)
    try:
        claims = client.finish(query, begun, door.origin_of(request) + PATH)
        proved_us = None if claims.proved_s is None else int(claims.proved_s * 1e6)
        found = door.signin.sign_in_external(
            claims.issuer, claims.subject, claimed(rules, claims.claims), origin, proved_us
        )
    except OidcError as error:
        log.warning("sign-in with %s: %s", kept["provider"], error)
        door.signin.refused(None, f"{kept['provider']} {token_hash(token)}", origin)
        return RedirectResponse(FAILED, 303)
    except SignInRefused:
        return RedirectResponse(FAILED, 303)
    answer = RedirectResponse(kept["return_to"], 303)
    set_cookie(answer, request, door, found)
    return answer


def local_path(written: str) -> str:
    """A path of this server, or `/`: `//host`, `/\\host` and addresses would lead elsewhere."""
    plain = written.isprintable() and "\\" not in written
    if not plain or not written.startswith("/") or written.startswith("//"):
        return "/"
    return quote(written, safe="/?#[]@!$&'()*+,;=:%~-._")
