"""What guards a server that listens on the loopback address alone, perhaps behind a proxy.

Every page in the user's browser can send requests to 127.0.0.1. So the `Host` must be a loopback
name (else a foreign name could be re-bound to 127.0.0.1 and read everything), and whatever changes
something or opens the live stream must come from our own page (`Origin`) or from no page at all.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders

from littoral.api import problems

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+))(?::(\d{1,5}))?", re.ASCII)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
JSON_TYPES = frozenset({"application/json", "application/geo+json"})
BODY_LIMIT = 64 * 1024
BODY_LIMITS = {
    "/api/v1/geofences": 1024 * 1024,  # a drawn fence may have many corners
    "/api/v1/intake": 4 * 1024 * 1024,
}
# Lines as they came. A form or a simple request of another page cannot send this type either.
RAW_PREFIX, RAW_TYPE = "/api/v1/intake/", "application/octet-stream"

# MapLibre starts its worker from a blob; style attributes of the map and of web components are
# inline. Nothing comes from another server.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "worker-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
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
    people = getattr(scope["app"].state, "people", None) if "app" in scope else None
    name = urlsplit(people.settings.origin).hostname if people is not None else None
    return frozenset({name}) if name else frozenset()


class Guard:
    """ASGI middleware: host, origin, size of the body, headers of the answer."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = refuse(scope, headers)
        if scope["type"] == "websocket":
            if refusal is None:
                await self.app(scope, receive, send)
            else:
                await _deny_websocket(refusal, scope, receive, send)
            return
        send = _with_headers(send, scope["path"])
        if refusal is None and scope["method"] not in SAFE_METHODS:
            limit = _limit_of(scope["path"])
            data = await _read(receive, headers, limit)
            if data is None:
                detail = f"The body may have at most {limit:,} bytes."
                refusal = problems.body(413, detail, {"body": detail}, scope["path"])
            elif data and (detail := _wrong_type(scope["path"], headers)):
                refusal = problems.body(415, detail, {"content-type": detail}, scope["path"])
            else:
                receive = _replay(data, receive)
        if refusal is None:
            await self.app(scope, receive, send)
        else:
            await problems.response(refusal)(scope, receive, send)


def refuse(scope: Scope, headers: Headers) -> dict[str, Any] | None:
    """The problem that keeps this request out, or None."""
    path = scope["path"]
    hosts = headers.getlist("host")
    if len(hosts) != 1 or host_name(hosts[0]) not in LOOPBACK_NAMES | own_name(scope):
        detail = "This server answers to localhost, 127.0.0.1, [::1] and the name of its origin."
        return problems.body(421, detail, (), path)
    if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
        return None
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != hosts[0].strip().lower():
        return problems.body(403, "Pages of another origin may not do this.", (), path)
    if origin is None and headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return problems.body(403, "Pages of another origin may not do this.", (), path)
    return None


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
    return BODY_LIMIT


def _wrong_type(path: str, headers: Headers) -> str:
    """What is wrong with the type of the body; empty when nothing is."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if path.startswith(RAW_PREFIX):
        packed = headers.get("content-encoding", "identity").strip().lower() != "identity"
        if media_type != RAW_TYPE or packed:
            return f"The body must be {RAW_TYPE} without content-encoding."
    elif media_type not in JSON_TYPES:
        return "The body must be application/json (a feature: application/geo+json)."
    return ""


async def _read(receive: Receive, headers: Headers, limit: int) -> bytes | None:
    """The whole body, or None when it is longer than `limit`."""
    declared = headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        return None
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


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


def _with_headers(send: Send, path: str) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if path.startswith(("/api/", "/ogc", "/metrics")):
                headers.setdefault("cache-control", "no-store")
        await send(message)

    return sender
