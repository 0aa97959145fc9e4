"""What guards a server that listens on the loopback address alone, perhaps behind a proxy.

Every page in the user's browser can send requests to 127.0.0.1. So the `Host` must be a loopback
name (else a foreign name could be re-bound to 127.0.0.1 and read everything), and whatever changes
something or opens the live stream must come from our own page (`Origin` and `Sec-Fetch-Site`, each
where the browser sends it) or from no page at all. What only reads may be navigated to from
elsewhere, and be loaded into no page of others.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect

from littoral.api import problems

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+))(?::(\d{1,5}))?", re.ASCII)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
TURNED_AWAY = "turned_away"  # in the request's state: why, where the status alone does not say
JSON_TYPES = frozenset({"application/json", "application/geo+json"})
BODY_LIMIT = 64 * 1024
BODY_TIME_S = 30.0  # for all of a body; a browser on the slowest link sends 64 KiB in less
HEADERS_LIMIT = 32 * 1024  # bytes of all headers; browsers send some two thousand
TARGET_LIMIT = 8 * 1024  # bytes of path and query (RFC 9110, section 4.1, recommends 8,000)
BODY_LIMITS = {
    "/api/v1/geofences": 1024 * 1024,  # a drawn fence may have many corners
    "/api/v1/intake": 4 * 1024 * 1024,
    "/api/v1/sync/push": 1024 * 1024,  # 50 records of 4,000 Chinese signs
    "/api/v1/sync/push-file": (64 + 256) * 1024,  # a record, and a file of one piece
    "/api/v1/forms/upload": 2 * 1024 * 1024,  # as `store.forms.workbook` reads at most
    "/api/v1/responders/upload": 2 * 1024 * 1024,
    "/api/v1/organisation/import": 20 * 1024 * 1024,  # as `store.people.sheets` reads at most
}
# Lines as they came. A form or a simple request of another page cannot send this type either.
RAW_PREFIXES = (
    "/api/v1/intake/", "/api/v1/organisation/", "/api/v1/forms/upload", "/api/v1/responders/upload",
    "/api/v1/sync/push-file",
)  # fmt: skip
ROSTER_FILE = re.compile(r"/api/v1/duty/desks/[^/]+/[^/]+/roster/upload")
ROSTER_LIMIT = 2 * 1024 * 1024
RAW_TYPE = "application/octet-stream"
# Files, which the route takes piece by piece with limits of its own (`custody`, `sync.uploads`).
STREAMED = re.compile(r"/api/v1/cases/[^/]+/evidence|/api/v1/sync/uploads/[^/]+")
UPLOADS, UPLOAD_TYPE = "/api/v1/sync/uploads/", "application/offset+octet-stream"  # tus 1.0.0

REPORTS = "/csp-reports"  # where browsers tell what the policy below kept out
REPORT_TYPES = frozenset({"application/csp-report", "application/reports+json"})

# MapLibre starts its worker from a blob; style attributes of the map and of web components are
# inline. Nothing comes from another server, and no script is inline.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "worker-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        f"report-uri {REPORTS}",
    )
)
# The page of forms computes what is relevant by an interpreter in WebAssembly: that may be compiled
# there and nowhere else. No text becomes a script for it.
FORMS_POLICY = CONTENT_SECURITY_POLICY.replace(
    "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"
)
# What is data is no page: opened by itself it may load, run and send nothing.
DATA_PATHS = ("/api/", "/ogc", "/metrics")
DATA_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; object-src 'none'; "
    "frame-ancestors 'none'; sandbox"
)
# Two years, as the lists of browsers ask; sent where browsers reach the server over TLS.
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    # Isolated from other origins, page and worker of the map may hold memory together.
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "x-frame-options": "DENY",
}


def host_name(host: str) -> str | None:
    """The name in a `Host` header without the port, in small letters; None when it is malformed."""
    found = _HOST.fullmatch(host.strip())
    if found is None:
        return None
    return (found.group(1) or found.group(2)).lower()


def own_name(scope: Scope) -> frozenset[str]:
    """The name under which a proxy that terminates TLS is reached, if there is one."""
    name = urlsplit(own_origin(scope)).hostname
    return frozenset({name}) if name else frozenset()


def own_origin(scope: Scope) -> str:
    """The origin that was set (`https://watch.example`); "" on the loopback address alone."""
    people = getattr(scope["app"].state, "people", None) if "app" in scope else None
    return people.settings.origin.rstrip("/").lower() if people is not None else ""


class Guard:
    """ASGI middleware: host, origin, size and time of the body, headers of the answer."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = refuse(scope, headers)
        if refusal is not None and refusal["status"] == 403:
            scope.setdefault("state", {})[TURNED_AWAY] = "foreign-origin"
        if scope["type"] == "websocket":
            if refusal is None:
                await self.app(scope, receive, send)
            else:
                await _deny_websocket(refusal, scope, receive, send)
            return
        send = _with_headers(send, scope["path"], own_origin(scope).startswith("https://"))
        if refusal is None and scope["method"] not in SAFE_METHODS:
            refusal, receive = await _take_body(scope, receive, headers)
        if refusal is None:
            await self.app(scope, receive, send)
        else:
            await problems.response(refusal)(scope, receive, send)


async def _take_body(
    scope: Scope, receive: Receive, headers: Headers
) -> tuple[dict[str, Any] | None, Receive]:
    """The problem of the body, or None; and a `receive` that gives it."""
    path = scope["path"]
    data: bytes | None = None
    # What gives a file up has no body.
    streamed = scope["method"] != "DELETE" and STREAMED.fullmatch(path) is not None
    if not streamed:
        limit = _limit_of(path)
        try:
            data = await asyncio.wait_for(_read(receive, headers, limit), BODY_TIME_S)
        except TimeoutError:
            detail = f"The body did not come within {BODY_TIME_S:g} s."
            return problems.body(408, detail, {"body": detail}, path), receive
        except ClientDisconnect:  # what came of it is no whole: half a batch of lines is none
            return problems.body(400, "The body was cut off.", (), path), receive
        if data is None:
            detail = f"The body may have at most {limit:,} bytes."
            return problems.body(413, detail, {"body": detail}, path), receive
    if (data or streamed) and (detail := _wrong_type(path, headers)):
        return problems.body(415, detail, {"content-type": detail}, path), receive
    return None, receive if data is None else _replay(data, receive)


def refuse(scope: Scope, headers: Headers) -> dict[str, Any] | None:
    """The problem that keeps this request out, or None."""
    path = scope["path"]
    if len(scope.get("raw_path") or b"") + len(scope.get("query_string", b"")) > TARGET_LIMIT:
        detail = f"Path and query may have at most {TARGET_LIMIT:,} bytes."
        return problems.body(414, detail, (), path[:200])
    if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS_LIMIT:
        detail = f"The headers may have at most {HEADERS_LIMIT:,} bytes."
        return problems.body(431, detail, (), path)
    hosts = headers.getlist("host")
    if len(hosts) != 1 or host_name(hosts[0]) not in LOOPBACK_NAMES | own_name(scope):
        detail = "This server answers to localhost, 127.0.0.1, [::1] and the name of its origin."
        return problems.body(421, detail, (), path)
    reads = scope["type"] == "http" and scope["method"] in SAFE_METHODS
    if (_loads if reads else _rides)(scope, headers, hosts[0].strip().lower()):
        return problems.body(403, "Pages of another origin may not do this.", (), path)
    return None


def _rides(scope: Scope, headers: Headers, host: str) -> bool:
    """Does a page of another origin ask for a change? Each header that a browser sent has to agree:
    `Origin`, and `Sec-Fetch-Site` (Fetch Metadata, W3C) besides."""
    site = headers.get("sec-fetch-site", "none")
    origin = headers.get("origin")
    if site not in ("same-origin", "none"):
        return True
    if origin is None:
        return False
    own = own_origin(scope)
    if own and host_name(host) not in LOOPBACK_NAMES:
        return origin.lower() != own  # scheme and port too: TLS ends at the proxy
    return urlsplit(origin).netloc.lower() != host


def _loads(scope: Scope, headers: Headers, host: str) -> bool:
    """Does a page of another origin load this into itself? Only a navigation of the whole window
    may come from elsewhere: a link, or a provider that sends the browser back."""
    if headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
        return False
    window = headers.get("sec-fetch-dest", "document") == "document"
    return headers.get("sec-fetch-mode") != "navigate" or not window


async def _deny_websocket(
    refusal: dict[str, Any], scope: Scope, receive: Receive, send: Send
) -> None:
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    answer = problems.response(refusal)
    await answer(scope, receive, send)


def _limit_of(path: str) -> int:
    for prefix, limit in BODY_LIMITS.items():
        if path == prefix or path.startswith(prefix + "/"):
            return limit
    return ROSTER_LIMIT if ROSTER_FILE.fullmatch(path) else BODY_LIMIT


def _wrong_type(path: str, headers: Headers) -> str:
    """What is wrong with the type of the body; empty when nothing is."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if path == REPORTS:
        return "" if media_type in REPORT_TYPES else "The body must be application/csp-report."
    raw_paths = (STREAMED, ROSTER_FILE)
    if path.startswith(RAW_PREFIXES) or any(p.fullmatch(path) for p in raw_paths):
        raw = UPLOAD_TYPE if path.startswith(UPLOADS) else RAW_TYPE
        packed = headers.get("content-encoding", "identity").strip().lower() != "identity"
        if media_type != raw or packed:
            return f"The body must be {raw} without content-encoding."
    elif media_type not in JSON_TYPES:
        return "The body must be application/json (a feature: application/geo+json)."
    return ""


async def _read(receive: Receive, headers: Headers, limit: int) -> bytes | None:
    """The whole body, or None when it is longer than `limit`. Raises ClientDisconnect."""
    declared = headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        return None
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


async def _taken_later() -> bytes:
    """The route takes the body itself."""
    return b""


def _replay(data: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read, then goes on as before."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": data, "more_body": False}

    return again


def _with_headers(send: Send, path: str, over_tls: bool) -> Send:
    data = path.startswith(DATA_PATHS)

    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            policy = DATA_POLICY if data else CONTENT_SECURITY_POLICY
            headers.setdefault("content-security-policy", policy)
            # What may be kept says so itself: the page's files, the coast.
            headers.setdefault("cache-control", "no-store")
            if over_tls:
                headers.setdefault("strict-transport-security", STRICT_TRANSPORT)
        await send(message)

    return sender
