"""Every error as RFC 9457 problem details.

`type` is a URN that stays (see docs/api.md), `detail` says what to do, `errors` names the fields.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from littoral.api.wire import Json
from littoral.store.vault.keyfiles import KeyDestroyed, KeyMissing
from littoral.store.vault.sealing import SealError

_log = logging.getLogger(__name__)
URN = "urn:littoral:problem:"

# Status to the last part of the type; a status that is not listed is `http-<status>`.
TYPES = {
    400: "invalid-parameter",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    408: "timeout",
    409: "conflict",
    410: "gone",
    413: "too-large",
    414: "too-long",
    415: "unsupported-media-type",
    416: "range-not-satisfiable",
    421: "unknown-host",
    422: "invalid-body",
    429: "too-many-requests",
    431: "headers-too-large",
    500: "internal",
    503: "unavailable",
}

KEY_LOST = (
    "It cannot be read: the key that it is sealed under is lost. Nobody erased it; whoever runs "
    "the server restores the folder of keys."
)
DAMAGED = (
    "It cannot be read: what is stored of it is damaged ({what}). Nobody erased it; whoever runs "
    "the server restores it from a backup."
)


class FieldError(BaseModel):
    field: str = Field(description="Name of the parameter, or path in the body: `properties.name`")
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=[URN + "not-found"])
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[FieldError] = Field(default_factory=list)


class ProblemError(Exception):
    """Raised by a resource; becomes a problem response."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        """`more`: extension members (RFC 9457, section 3.2)."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = dict(errors or {})
        self.more = dict(more or {})
        self.headers = {} if retry_after_s is None else {"retry-after": str(retry_after_s)}


def not_found(what: str, key: object) -> ProblemError:
    return ProblemError(404, f"There is no {what} {str(key)[:200]!r}.")


def bad_parameter(field: str, message: str) -> ProblemError:
    return ProblemError(400, f"{field}: {message}", {field: message})


def body(
    status: int,
    detail: str,
    errors: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    instance: str | None = None,
) -> dict[str, Any]:
    """The problem as a JSON object."""
    pairs = errors.items() if isinstance(errors, Mapping) else errors
    return {
        "type": URN + TYPES.get(status, f"http-{status}"),
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
        "errors": [{"field": f, "message": m} for f, m in pairs],
    }


def response(content: dict[str, Any], headers: Mapping[str, str] | None = None) -> Json:
    return Json(
        content,
        status_code=content["status"],
        media_type="application/problem+json",
        headers=dict(headers or {}),
    )


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem."""

    @app.exception_handler(ProblemError)
    async def _problem(request: Request, error: ProblemError) -> Json:
        content = body(error.status, error.detail, error.errors, request.url.path)
        return response({**content, **error.more}, error.headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Json:
        in_body = any(e["loc"] and e["loc"][0] == "body" for e in error.errors())
        malformed = any(e["type"] == "json_invalid" for e in error.errors())
        pairs = [_field(e) for e in error.errors()[:20]]
        detail = "; ".join(f"{f}: {m}" if f else m for f, m in pairs)
        status = 422 if in_body and not malformed else 400
        return response(body(status, detail[:1000], pairs, request.url.path))

    @app.exception_handler(KeyMissing)
    async def _sealed(request: Request, error: KeyMissing) -> Json:
        if isinstance(error, KeyDestroyed):
            return response(body(410, "It was erased.", (), request.url.path))
        _log.warning("the key %s is lost: restore the keys; asked by %s", error, request.method)
        return response(body(503, KEY_LOST, (), request.url.path))

    @app.exception_handler(SealError)
    async def _damaged(request: Request, error: SealError) -> Json:
        _log.warning("damaged: %s; restore it from a backup; asked by %s", error, request.method)
        return response(body(503, DAMAGED.format(what=error), (), request.url.path))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Json:
        detail = str(error.detail)
        if error.status_code == 404:
            detail = f"Nothing is at {request.url.path[:200]}."
        content = body(error.status_code, detail, (), request.url.path)
        return response(content, error.headers)

    @app.exception_handler(Exception)
    async def _internal(request: Request, error: Exception) -> Json:
        return response(body(500, "The server failed; its log says why.", (), request.url.path))


def _field(error: Mapping[str, Any]) -> tuple[str, str]:
    """Field and message of one Pydantic error."""
    where = [str(part) for part in error["loc"]]
    if where and where[0] in ("query", "path", "body", "header", "cookie"):
        where = where[1:]
    if error["type"] == "json_invalid":
        return "", "the body is not JSON: " + str(error.get("ctx", {}).get("error", ""))
    message = str(error["msg"]).removeprefix("Value error, ")
    return ".".join(where), message
