"""docs/limits.md, the lines that a route could cross: every route of the application is walked."""

from __future__ import annotations

import httpx
import pytest

from littoral.api.app import build_app

from .schemas import answered, operations, personal_fields

# Of class personal without a case or a grant in the path, and why that browses nobody.
WITHOUT_A_CASE = {
    "/api/v1/break-glass": "opens the case itself, in the body, and its grant",
    "/api/v1/holds": "names one thing to be kept; shows nothing of it",
    "/api/v1/holds/{hold_id}/release": "names one hold; shows nothing of what it holds",
    "/api/v1/retention/run": "erases by rule; answers counts and ids",
    "/api/v1/retention/purposes/{purpose}/end": "erases by purpose; answers counts",
}
BY_CASE = ("{case_id}", "{grant_id}")
CHANGES = (
    ".write", ".act", ".dismiss", ".add", ".erase", ".open", ".close", ".approve", ".use",
    ".review", ".propose", ".sign", ".run", ".agree",
)  # fmt: skip
# Who may see these is who may change them; looking changes nothing.
SEEN_BY_WHO_CHANGES = {
    "/api/v1/intake/{source}", "/api/v1/keys", "/api/v1/oversight/break-glass/{review_id}",
    "/api/v1/bulletins/{bulletin_id}/reach",
}  # fmt: skip


def is_by_case(path: str) -> bool:
    return any(mark in path for mark in BY_CASE)


def test_there_are_routes_to_walk() -> None:
    assert len(list(operations())) > 60


def test_persons_are_reached_by_a_case_alone() -> None:
    personal = [
        (path, method)
        for path, method, operation in operations()
        if operation.get("x-littoral-data-class") in ("personal", "sensitive")
        or str(operation.get("x-littoral-action")).startswith("person.")
    ]
    assert len(personal) >= 8
    free = [p for p, _ in personal if not is_by_case(p) and p not in WITHOUT_A_CASE]
    assert free == []


def test_no_other_route_gives_out_a_personal_field() -> None:
    fields = personal_fields()
    assert {"phone", "id_number", "passport"} <= fields
    found = [
        (method, path, sorted(answered(operation) & fields))
        for path, method, operation in operations()
        if not is_by_case(path) and answered(operation) & fields
    ]
    assert found == []


def test_no_personal_field_is_asked_for_in_an_address() -> None:
    asked = [
        (path, p["name"])
        for path, _, operation in operations()
        for p in operation.get("parameters", [])
        if p["in"] in ("query", "path") and p["name"] in personal_fields() | {"password", "token"}
    ]
    assert asked == []


def test_what_reads_changes_nothing() -> None:
    """By the action that a route asks for: none that changes something hangs on a GET."""
    reading = [
        (p, o["x-littoral-action"])
        for p, m, o in operations()
        if m == "get" and "x-littoral-action" in o
    ]
    assert len(reading) > 25
    asked = {path for path, action in reading if action.endswith(CHANGES)}
    assert asked - SEEN_BY_WHO_CHANGES == set()


def test_every_parameter_has_one_place() -> None:
    """Else whoever asks could say one thing in the query and another in the path."""
    for path, _, operation in operations():
        names = [p["name"] for p in operation.get("parameters", [])]
        assert len(names) == len(set(names)), path


def test_every_route_is_in_the_document_or_known() -> None:
    """A route that the document does not show would escape this walk."""
    shown = {path for path, _, _ in operations()}
    hidden = {
        getattr(route, "path", "")
        for route in build_app().routes
        if getattr(route, "path", "") not in shown
    }
    known = (
        "/ogc",
        "/metrics",
        "/api/openapi.json",
        "/csp-reports",
        "/{path:path}",
        "/api/v1/live",
    )
    assert sorted(h for h in hidden if h and not h.startswith(known)) == []


@pytest.mark.parametrize("path", ["/metrics", "/"])
def test_text_says_its_charset(one_http: httpx.Client, path: str) -> None:
    kind = one_http.get(path).headers["content-type"]
    assert kind.startswith("text/")
    assert "charset=utf-8" in kind.lower()
