"""Who asks, by cookie or key; and that a page of ours asks, where a cookie would do something."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.requests import HTTPConnection
from starlette.responses import Response

from littoral.api.problems import ProblemError
from littoral.api.security import SAFE_METHODS, TURNED_AWAY
from littoral.api.signin.context import People, people_of
from littoral.store.people.addresses import subscriber
from littoral.store.people.identity import Identity
from littoral.store.people.signin import Origin, SignedIn

COOKIE = "littoral_session"
SECURE_COOKIE = "__Host-littoral_session"  # browsers take it over TLS alone, from this host alone
CSRF_HEADER = "x-littoral-request"  # a page of another origin cannot send it without being asked
BEARER = "bearer "
LONGEST_TOKEN = 200
UNKNOWN = "unknown"  # as RFC 7239, section 6.2, names a caller of no known address


def people(request: Request) -> People:
    found = people_of(request)
    if found is None:
        raise ProblemError(503, "This server has no sign-in.")
    return found


def address_of(connection: HTTPConnection, known: People) -> str:
    """The caller's; behind a trusted proxy the last address that is not a trusted one's, and
    UNKNOWN where the proxy names none: its own address would pass for one of the internal network.
    """
    address = connection.client.host if connection.client else ""
    if address in known.settings.proxies:
        forwarded = ",".join(connection.headers.getlist("x-forwarded-for"))
        address = UNKNOWN
        for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            address = hop
            if hop not in known.settings.proxies:
                break
    return address[:45]


def identify(connection: HTTPConnection) -> Identity | None:
    """Reads the database: not on the event loop. For requests and WebSockets."""
    known = people_of(connection)
    if known is None:
        return None
    address = address_of(connection, known)
    authorization = connection.headers.get("authorization", "")
    if authorization.lower().startswith(BEARER):
        return known.signin.identify_key(authorization[len(BEARER) :].strip()[:200], address)
    token = session_token(connection, known)
    return known.signin.identify(token, address) if token else None


def session_token(connection: HTTPConnection, known: People) -> str:
    name = SECURE_COOKIE if known.secure(connection) else COOKIE
    return connection.cookies.get(name, "")[:LONGEST_TOKEN]


def current_user(request: Request) -> Identity | None:
    """Who asks; None: nobody has signed in. FastAPI runs it in a thread, once for each request."""
    return identify(request)


def signed_in(who: Annotated[Identity | None, Depends(current_user)]) -> Identity:
    if who is None:
        raise unauthenticated("Sign in first.")
    return who


def person(who: Annotated[Identity, Depends(signed_in)]) -> Identity:
    if who.session is None:
        raise ProblemError(403, "This is for people, not for keys.")
    return who


def same_origin(request: Request) -> None:
    """For what changes something: our page's header, and its origin where the browser names it. A
    request with a key needs neither, since no browser adds a key by itself."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("authorization", "").lower().startswith(BEARER):
        return
    origin, known = request.headers.get("origin"), people_of(request)
    own = known.origin_of(request) if known is not None else ""
    foreign = origin is not None and _site(origin) != _site(own)
    if foreign or request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        setattr(request.state, TURNED_AWAY, "foreign-origin")
        raise ProblemError(403, "Pages of another origin may not do this.")
    if not request.headers.get(CSRF_HEADER):
        setattr(request.state, TURNED_AWAY, "foreign-origin")
        raise ProblemError(403, f"The header {CSRF_HEADER} must be sent.")


def limited(request: Request) -> None:
    """So many a minute from one address, for steps before anybody is known."""
    known = people_of(request)
    if known is not None and (wait := known.steps.wait_s(subscriber(address_of(request, known)))):
        raise ProblemError(429, "Too many requests from this address.", retry_after_s=wait)


def unauthenticated(detail: str, needs: str | None = None) -> ProblemError:
    """RFC 9110, section 15.5.2: a 401 names a scheme. Browsers know none of this name, and ask
    their user nothing."""
    problem = ProblemError(401, detail, more={} if needs is None else {"needs": needs})
    problem.headers["www-authenticate"] = 'Littoral realm="littoral"'
    return problem


def origin_of(request: Request, known: People, device: str | None = None) -> Origin:
    return Origin(address_of(request, known), device or device_name(request))


def device_name(request: Request) -> str:
    """What a person recognises in the list of devices: `Firefox, Windows`."""
    agent = request.headers.get("user-agent", "")[:500]
    browsers = (
        ("MicroMessenger/", "WeChat"), ("Edg/", "Edge"), ("OPR/", "Opera"),
        ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    )  # fmt: skip
    systems = (
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
        ("Mac OS X", "macOS"), ("HarmonyOS", "HarmonyOS"), ("Linux", "Linux"),
    )  # fmt: skip
    named = [
        next((name for mark, name in found if mark in agent), "") for found in (browsers, systems)
    ]
    return ", ".join(n for n in named if n) or agent.partition("/")[0][:40] or "?"


def set_cookie(response: Response, request: Request, known: People, found: SignedIn) -> None:
    """The session whose cookie came along ends: one browser has one (ASVS 5.0, 7.2.4)."""
    old = session_token(request, known)
    before = known.signin.identify(old, address_of(request, known)) if old else None
    if before is not None:
        known.signin.sign_out(before)
    secure = known.secure(request)
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        found.token,
        max_age=int(known.signin.rules.absolute_s),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",  # strict would be left out when a provider sends the browser back
    )


def clear_cookie(response: Response, request: Request, known: People) -> None:
    secure = known.secure(request)
    response.delete_cookie(
        SECURE_COOKIE if secure else COOKIE, path="/", secure=secure, httponly=True, samesite="lax"
    )


def _site(origin: str) -> tuple[str, str]:
    parts = urlsplit(origin)
    return parts.scheme, parts.netloc.lower()


Door = Annotated[People, Depends(people)]
Person = Annotated[Identity, Depends(person)]
SignedInUser = Annotated[Identity, Depends(signed_in)]
