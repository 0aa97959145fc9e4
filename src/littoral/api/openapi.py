"""The OpenAPI document: FastAPI's, with our errors in place of its own."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi

from littoral.api.gate import ACTION
from littoral.api.problems import Problem
from littoral.api.wire import Json

router = APIRouter(include_in_schema=False)

_METHODS = ("get", "head", "post", "put", "patch", "delete")
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_WITH_BODY = {
    "413": "The body is too large",
    "415": "The body is not application/json",
    "422": "The body does not fit; `errors` names its fields",
}
_WITH_RAW_BODY = {
    "413": "The body is too large",
    "422": "What comes with it, or the content, does not fit",
}
_GUARD = {"403": "A page of another origin asked"}

_SIGN_IN = {
    "401": "Nobody has signed in",
    "403": "The policies do not allow it (`reason` says why), or a page of another origin asks",
    "429": "Too many requests of this account; `Retry-After` says how long to wait",
}

# Of routes that ask no policy: those about the caller, and the ways in.
_OWN = {
    "401": "Nobody has signed in",
    "403": "This is for people, not for keys, or a page of another origin asks",
    "429": "Too many requests; `Retry-After` says how long to wait",
    "503": "This server has no sign-in",
}
_WAY_IN = {
    "401": "What was shown does not let in",
    "429": "Too many attempts; `Retry-After` says how long to wait",
    "503": "This server has no sign-in, or too many sign in at once",
}
# As long as the policies are not in force, without sign-in, or while something is not ready.
_NOT_NOW = {"503": "Not now: `detail` says why; `Retry-After` where trying again helps"}
_OWN_PATHS, _WAYS_IN = "/api/v1/me", ("/api/v1/session", "/api/v1/oidc/start")


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document, with the same order of keys each time."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    found["components"]["schemas"] = dict(sorted(schemas.items()))
    for path, item in found["paths"].items():
        for method in _METHODS:
            if method in item:
                _describe_errors(path, method, item[method])
    return found


def _describe_errors(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    errors: dict[str, str] = {}
    if operation.get("parameters"):
        errors["400"] = "A parameter is wrong; `errors` names it"
        errors["414"] = "The address is too long"
    if any(p["in"] == "header" for p in operation.get("parameters", ())):
        errors["431"] = "The headers are too long"
    if "{" in path:
        errors["404"] = "There is no such thing"
    content = operation.get("requestBody", {}).get("content", {})
    if raw := next((media for media in content if media.endswith("octet-stream")), None):
        errors |= _WITH_RAW_BODY | {"415": f"The body is not {raw}"}
    elif "requestBody" in operation:
        errors["400"] = "The body is not JSON, or a parameter is wrong"
        errors |= _WITH_BODY
    if method not in ("get", "head"):
        errors |= _GUARD
    if ACTION in operation:
        errors |= _SIGN_IN
    elif path.startswith(_OWN_PATHS):
        errors |= _OWN
    elif path.startswith(_WAYS_IN):
        errors |= _WAY_IN
    errors = _NOT_NOW | errors
    errors["default"] = "Any other problem"
    for status, description in errors.items():
        declared = responses.setdefault(status, {"description": description})
        declared.setdefault("content", _PROBLEM)
    for status, declared in responses.items():
        if status[0] in "45":
            declared.setdefault("content", _PROBLEM)


def install(app: FastAPI) -> None:
    """Make `app.openapi()` give our document, made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


@router.get("/api/openapi.json")
def get_openapi_document(request: Request) -> Json:
    return Json(request.app.openapi())
