"""Who may ask what: host, origin, size, type; and every error a problem (RFC 9457)."""

from __future__ import annotations

import socket

import httpx
import pytest

from littoral.api.security import host_name
from littoral.api.server import NotLoopback, check_host, listen

from .fleets import NOW_US
from .shore import Shore
from .test_resources import API

ACTION = {"id": "0199f6e0-0000-7000-8000-000000000001", "action": "acknowledge"}


def is_problem(answer: httpx.Response, status: int) -> dict:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "instance", "errors"}
    assert problem["status"] == status
    assert problem["type"].startswith("urn:littoral:problem:")
    assert problem["detail"]
    return problem


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost", "localhost"),
        ("LOCALHOST:8765", "localhost"),
        ("127.0.0.1:80", "127.0.0.1"),
        ("[::1]:8765", "::1"),
        ("evil.example", "evil.example"),
        ("localhost.evil.example", "localhost.evil.example"),
        ("localhost:80@evil.example", None),
        ("localhost:999999", None),
        ("", None),
    ],
)
def test_host_names(host: str, name: str | None) -> None:
    assert host_name(host) == name


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:80", "10.0.0.1", "x y"])
@pytest.mark.parametrize("path", ["/", API + "/health", "/ogc", "/metrics"])
def test_a_foreign_host_is_refused(one_http: httpx.Client, host: str, path: str) -> None:
    is_problem(one_http.get(path, headers={"host": host}), 421)


def test_the_names_of_loopback_are_taken(one_http: httpx.Client) -> None:
    for host in ("localhost", "127.0.0.1:1", "[::1]:8765", "LocalHost:9"):
        assert one_http.get(API + "/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:1"},  # another server on this machine
        {"origin": "https://127.0.0.1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_pages_of_others_may_change_nothing(
    one_shore: Shore, one_http: httpx.Client, headers: dict[str, str]
) -> None:
    one_shore.raise_alerts({"number": 1})
    path = f"{API}/alerts/{1:024x}/actions"
    is_problem(one_http.post(path, json=ACTION, headers=headers), 403)
    is_problem(one_http.delete(API + "/geofences/x", headers=headers), 403)
    assert one_shore.records.alert(f"{1:024x}").actions == []


def test_our_own_page_and_tools_may(
    one_shore: Shore, one_http: httpx.Client, one_address: str
) -> None:
    one_shore.raise_alerts({"number": 2})
    path = f"{API}/alerts/{2:024x}/actions"
    page = {"origin": one_address, "sec-fetch-site": "same-origin"}
    assert one_http.post(path, json=ACTION, headers=page).status_code == 200
    assert one_http.post(path, json=ACTION).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json(one_http: httpx.Client, kind: str) -> None:
    """What a form or a simple request of another page can send is no JSON type."""
    answer = one_http.post(API + "/geofences", content=b"{}", headers={"content-type": kind})
    is_problem(answer, 415)


def test_size_is_bounded_declared_or_not(one_http: httpx.Client) -> None:
    path = f"{API}/alerts/x/actions"
    json = {"content-type": "application/json"}
    is_problem(one_http.post(path, content=b" " * (64 * 1024 + 1), headers=json), 413)
    pieces = (b" " * 8192 for _ in range(9))
    is_problem(one_http.post(path, content=pieces, headers=json), 413)
    # A geofence may be larger, up to its own bound.
    body = b"{}" + b" " * (64 * 1024)
    is_problem(one_http.post(API + "/geofences", content=body, headers=json), 422)
    pieces = (b" " * 65536 for _ in range(17))
    is_problem(one_http.post(API + "/geofences", content=pieces, headers=json), 413)


def test_body_that_is_no_json(one_http: httpx.Client) -> None:
    json = {"content-type": "application/json"}
    problem = is_problem(one_http.post(API + "/outages", content=b"{", headers=json), 400)
    assert "JSON" in problem["detail"]
    is_problem(one_http.post(API + "/outages", content=b"\xff", headers=json), 400)
    is_problem(one_http.post(API + "/outages", content=b"[]", headers=json), 422)
    is_problem(one_http.post(API + "/outages", headers=json), 422)


def test_paths_and_methods(one_http: httpx.Client) -> None:
    is_problem(one_http.get(API + "/nothing"), 404)
    is_problem(one_http.get("/api"), 404)
    is_problem(one_http.get("/ogc/nothing"), 404)
    problem = is_problem(one_http.put(API + "/health", json={}), 405)
    assert problem["type"] == "urn:littoral:problem:method-not-allowed"


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        ("/tracks", {"bbox": "1,2,3"}, "bbox"),
        ("/tracks", {"kind": "submarine"}, "kind"),
        ("/tracks", {"active_within_s": "-1"}, "active_within_s"),
        ("/tracks", {"active_within_s": "nan"}, "active_within_s"),
        ("/tracks", {"limit": "0"}, "limit"),
        ("/tracks", {"limit": "5001"}, "limit"),
        ("/tracks", {"cursor": "zzz"}, "cursor"),
        ("/alerts", {"from": "yesterday"}, "from"),
        ("/alerts", {"to": "2026-11-24T07:00:00"}, "to"),
        ("/alerts", {"state": "open"}, "state.0"),
        ("/alerts", {"priority": "6"}, "priority.0"),
        ("/alerts", {"open": "perhaps"}, "open"),
        ("/alerts", {"cursor": "%%%"}, "cursor"),
        ("/alerts", {"limit": "1001"}, "limit"),
        ("/tracks/412000001-20261123T010203.000Z/positions", {"from": "x"}, "from"),
        ("/tracks/412000001-20261123T010203.000Z/positions", {"cursor": "x"}, "cursor"),
        (
            "/tracks/412000001-20261123T010203.000Z/positions",
            {"from": "2026-11-24T07:00:00Z", "to": "2026-11-23T07:00:00Z"},
            "to",
        ),
        ("/search", {}, "q"),
        ("/search", {"q": ""}, "q"),
        ("/search", {"q": "x" * 65}, "q"),
        ("/quarantine", {"cursor": "1"}, "cursor"),
    ],
)
def test_a_wrong_parameter_is_named(
    one_http: httpx.Client, path: str, params: dict[str, str], field: str
) -> None:
    problem = is_problem(one_http.get(API + path, params=params), 400)
    assert [e["field"] for e in problem["errors"]] == [field]
    assert field.partition(".")[0] in problem["detail"]


def test_unknown_things(one_shore: Shore, one_http: httpx.Client) -> None:
    one_shore.sail({"first_us": NOW_US})
    for path in ("/tracks/x", "/tracks/412000001-x", "/tracks/x/positions", "/alerts/x"):
        is_problem(one_http.get(API + path), 404)


def test_headers_of_every_answer(one_http: httpx.Client) -> None:
    for path, status in ((API + "/health", 200), ("/", 503), ("/ogc/x", 404), ("/metrics", 200)):
        answer = one_http.get(path)
        assert answer.status_code == status
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-embedder-policy"] == "require-corp"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "access-control-allow-origin" not in answer.headers
    assert one_http.get(API + "/health").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "", "127.0.0.1.x"])
def test_only_loopback_is_listened_on(host: str) -> None:
    with pytest.raises(NotLoopback, match="passwords would go over the network in clear"):
        check_host(host)


def test_loopback_hosts() -> None:
    assert [check_host(h) for h in ("127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9")] == [
        "127.0.0.1", "localhost", "::1", "::1", "127.9.9.9",
    ]  # fmt: skip


def test_a_taken_port_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            listen("127.0.0.1", taken.getsockname()[1])
