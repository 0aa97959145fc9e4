"""`POST /csp-reports`: browsers tell what the content security policy kept out.

Whoever can reach the server can send one, so it is bounded: one line in the log each, a few words
long, and not many of them.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from littoral.api.security import REPORTS
from littoral.api.signin.limits import RateLimit

router = APIRouter(include_in_schema=False)
log = logging.getLogger(__name__)

MOST = 5  # of one request; a page that is broken at fifty places is broken at five
LIMIT = RateLimit(burst=20, per_s=0.2)  # of all browsers together
DIRECTIVES = ("effective-directive", "effectiveDirective", "violated-directive")
BLOCKED = ("blocked-uri", "blockedURL")


@router.post(REPORTS, status_code=204)
async def report(request: Request) -> Response:
    """Answers the same whatever was sent: nothing can be learnt here."""
    for directive, blocked in read(await request.body()):
        if LIMIT.wait_s("all"):
            break
        log.warning("the content security policy kept out %s: %s", directive, blocked)
    return Response(status_code=204)


def read(body: bytes) -> list[tuple[str, str]]:
    """(directive, where from) of each report in either of the two forms; no path and no query of an
    address, since these may hold what is nobody's business."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    reports = found if isinstance(found, list) else [found]
    return [_one(r) for r in reports[:MOST] if isinstance(r, dict)]


def _one(written: dict[str, Any]) -> tuple[str, str]:
    inner = written.get("csp-report", written.get("body"))
    said = inner if isinstance(inner, dict) else {}
    directive = next((said[n] for n in DIRECTIVES if isinstance(said.get(n), str)), "?")
    blocked = next((said[n] for n in BLOCKED if isinstance(said.get(n), str)), "?")
    try:
        parts = urlsplit(blocked)
        where = f"{parts.scheme}://{parts.netloc}" if parts.netloc else blocked
    except ValueError:
        where = "?"
    return directive[:60], where[:120]
