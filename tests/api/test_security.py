"""What the server refuses before any route is asked, and what every answer carries."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from fastapi import APIRouter

from littoral.api import reports, security
from littoral.api.app import create_app
from littoral.api.logs import OneLine, plain
from littoral.api.server import serving
from littoral.api.signin.limits import RateLimit

from .shore import Shore
from .test_guards import is_problem
from .test_resources import API

ATTACK = "\r\n2026-01-01T00:00:00Z ERROR forged: all is well\x1b[31m\u2028"


def directives(policy: str) -> dict[str, str]:
    """Name to value, as a browser reads the header (CSP level 3, section 2.2.1)."""
    pairs = (part.strip().partition(" ") for part in policy.split(";"))
    return {name: value for name, _, value in pairs}


def spoken(address: str, sent: bytes) -> bytes:
    """Everything that the server answers to raw bytes until it closes."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(sent)
        said = b""
        while piece := wire.recv(65536):
            said += piece
    return said


@pytest.fixture(scope="module")
def page(one_shore: Shore) -> Iterator[httpx.Client]:
    """A server with a built page and a route that fails."""
    folder = one_shore.settings.data_dir / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>x</title>")
    (folder / "assets" / "a-1.js").write_text("export {};")
    (folder.parent / "secret.txt").write_text("outside")
    (folder / "linked.txt").symlink_to(folder.parent / "secret.txt")
    router = APIRouter()

    @router.get("/api/v1/broken")
    def broken() -> None:
        raise RuntimeError("password=hunter2 in /srv/secret/path.py")

    with (
        serving(create_app(one_shore, folder, first=[router])) as url,
        httpx.Client(base_url=url, timeout=20) as client,
    ):
        yield client


# -- headers of answers


def test_a_page_runs_no_script_but_its_own_files(page: httpx.Client) -> None:
    found = directives(page.get("/").headers["content-security-policy"])
    assert found["script-src"] == found["default-src"] == "'self'"
    assert found["object-src"] == found["base-uri"] == found["frame-ancestors"] == "'none'"
    assert found["form-action"] == "'none'"
    assert found["connect-src"] == "'self'"
    assert found["report-uri"] == "/csp-reports"
    risky = {name for name, value in found.items() if "unsafe" in value or "*" in value}
    assert risky == {"style-src"}


def test_data_opened_as_a_page_may_do_nothing(page: httpx.Client) -> None:
    for path in (API + "/health", API + "/nothing", "/ogc", "/metrics", "/api/openapi.json"):
        found = directives(page.get(path).headers["content-security-policy"])
        assert found["default-src"] == found["frame-ancestors"] == "'none'"
        assert found["sandbox"] == ""


def test_nothing_is_kept_that_does_not_say_so_itself(page: httpx.Client) -> None:
    for path in (API + "/health", API + "/nothing", "/ogc", "/metrics", API + "/alerts", "/x.txt"):
        assert page.get(path).headers["cache-control"] == "no-store"
    assert page.get("/").headers["cache-control"] == "no-cache"
    assert "immutable" in page.get("/assets/a-1.js").headers["cache-control"]


@pytest.mark.parametrize(
    ("origin", "sent"),
    [("", None), ("https://watch.example", "max-age=63072000; includeSubDomains")],
)
def test_strict_transport_is_asked_for_where_there_is_tls(
    one_shore: Shore, tmp_path: Path, origin: str, sent: str | None
) -> None:
    app = create_app(one_shore, tmp_path)
    app.state.people = SimpleNamespace(settings=SimpleNamespace(origin=origin, proxies=frozenset()))
    with serving(app) as url:
        for path in ("/api/v1/nothing", "/"):
            answer = httpx.get(url + path)
            assert answer.headers.get("strict-transport-security") == sent


# -- pages of others


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("mode", "dest", "status"),
    [
        ("no-cors", "image", 403),
        ("no-cors", "script", 403),
        ("cors", "empty", 403),
        ("navigate", "iframe", 403),
        ("navigate", "document", 200),  # a link to us, a provider that sends the browser back
    ],
)
def test_what_reads_is_loaded_into_no_page_of_others(
    page: httpx.Client, site: str, mode: str, dest: str, status: int
) -> None:
    headers = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}
    for path in (API + "/health", "/", "/assets/a-1.js"):
        assert page.get(path, headers=headers).status_code == status


def test_origin_and_fetch_metadata_have_to_agree(page: httpx.Client) -> None:
    ours = str(page.base_url).rstrip("/")
    path = f"{API}/alerts/x/actions"
    body = {"id": "0199f6e0-0000-7000-8000-000000000001", "action": "acknowledge"}

    def post(headers: dict[str, str]) -> int:
        return page.post(path, json=body, headers=headers).status_code

    assert post({"origin": ours, "sec-fetch-site": "same-origin"}) == 404
    assert post({"origin": ours, "sec-fetch-site": "cross-site"}) == 403
    assert post({"origin": "null", "sec-fetch-site": "same-origin"}) == 403


def test_behind_a_proxy_the_whole_origin_counts(one_shore: Shore, tmp_path: Path) -> None:
    app = create_app(one_shore, tmp_path)
    settings = SimpleNamespace(origin="https://watch.example", proxies=frozenset())
    app.state.people = SimpleNamespace(settings=settings)
    with serving(app) as url:
        for origin, status in (
            ("https://watch.example", 404),
            ("http://watch.example", 403),
            ("https://watch.example:8443", 403),
            ("https://watch.example.evil.test", 403),
        ):
            headers = {"host": "watch.example", "origin": origin}
            answer = httpx.delete(url + API + "/geofences/x", headers=headers)
            assert answer.status_code == status, origin


# -- bounds


def test_long_addresses_and_headers_are_refused(page: httpx.Client) -> None:
    is_problem(page.get(API + "/search", params={"q": "x" * 9000}), 414)
    many = {f"x-{n}": "y" * 1000 for n in range(40)}
    is_problem(page.get(API + "/health", headers=many), 431)


def test_a_body_that_does_not_come_is_not_waited_for(
    page: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "BODY_TIME_S", 0.2)
    address = str(page.base_url).rstrip("/")
    host, port = address.removeprefix("http://").split(":")
    head = f"POST {API}/outages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(head.encode() + b"Content-Length: 10\r\n\r\n{")
        assert wire.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_one_request_is_not_taken_for_two(page: httpx.Client) -> None:
    """RFC 9112, section 6.3: with both, the length is ignored or the message refused; what stands
    after the body of one must never be answered as another."""
    hidden = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    body = b"0\r\n\r\n" + hidden
    head = f"POST {API}/outages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    both = f"Content-Length: {len(body)}\r\nTransfer-Encoding: chunked\r\n\r\n"
    said = spoken(str(page.base_url).rstrip("/"), (head + both).encode() + body)
    assert b"HTTP/1.1 200" not in said
    twice = "Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}"
    said = spoken(str(page.base_url).rstrip("/"), (head + twice).encode() + hidden)
    assert b"HTTP/1.1 200" not in said


# -- what is not given out


def test_a_failure_tells_nothing(page: httpx.Client) -> None:
    answer = page.get("/api/v1/broken")
    problem = is_problem(answer, 500)
    assert problem["detail"] == "The server failed; its log says why."
    told = answer.text + str(answer.headers)
    assert not re.search(r"hunter2|Traceback|RuntimeError|\.py|/srv|uvicorn|starlette", told, re.I)


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "SEARCH"])
def test_methods_that_nobody_needs(page: httpx.Client, method: str) -> None:
    """TRACE would give back the headers, the session's cookie among them."""
    request = f"{method} {API}/health HTTP/1.1\r\nHost: localhost\r\nX-Secret: echoed\r\n"
    said = spoken(str(page.base_url).rstrip("/"), (request + "Connection: close\r\n\r\n").encode())
    assert said.startswith((b"HTTP/1.1 405", b"HTTP/1.1 400", b"HTTP/1.1 403")), said[:80]
    assert b"echoed" not in said


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/linked.txt",
        "/index.html%00.txt",
        "/api/v1/map/tiles/..%2f..%2fsecret.pmtiles",
        "/api/v1/intake/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_path_leads_out_of_its_folder(page: httpx.Client, path: str) -> None:
    """Sent as bytes, since a client would tidy them."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    said = spoken(str(page.base_url).rstrip("/"), request.encode())
    assert said.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400", b"HTTP/1.1 405")), said[:80]
    assert b"outside" not in said


def test_folders_are_not_listed(page: httpx.Client) -> None:
    answer = page.get("/assets/")
    assert "a-1.js" not in answer.text


def test_there_is_no_door_for_pages_of_others(page: httpx.Client) -> None:
    headers = {
        "origin": "https://evil.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-littoral-request",
    }
    answer = page.options(API + "/alerts", headers=headers)
    assert not [h for h in answer.headers if h.startswith("access-control-")]


# -- the log on standard error


def test_nobody_writes_a_line_of_their_own() -> None:
    record = logging.LogRecord("a.b", logging.WARNING, "", 0, "said %s", (ATTACK,), None)
    record.created = 1_800_000_000.5
    written = OneLine().format(record)
    assert written == (
        "2027-01-15T08:00:00.500Z WARNING a.b: said \\r\\n2026-01-01T00:00:00Z ERROR forged: "
        "all is well\\x1b[31m\\u2028"
    )
    assert plain("琼海 QIONG") == "琼海 QIONG"


def test_lines_of_a_traceback_are_marked() -> None:
    try:
        raise ValueError(ATTACK)
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    lines = OneLine().format(record).splitlines()
    assert len(lines) > 3
    assert all(line.startswith(" | ") for line in lines[1:])


def test_a_server_of_its_own_logs_so() -> None:
    """In a process where nobody else has set up logging."""
    program = (
        "import logging\n"
        "from littoral.api.logs import to_stderr\n"
        "to_stderr(); to_stderr()\n"
        "logging.getLogger('uvicorn.error').error('a\\nb')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert re.fullmatch(r"\S+Z ERROR uvicorn\.error: a\\nb\n", done.stderr), done.stderr


# -- reports of browsers


def test_browsers_tell_what_was_kept_out(
    page: httpx.Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "LIMIT", RateLimit(burst=3, per_s=0.001))
    headers = {"content-type": "application/csp-report"}
    sent = {
        "csp-report": {
            "effective-directive": "script-src-elem",
            "blocked-uri": "https://evil.example/steal?name=wang",
        }
    }
    for _ in range(5):
        answer = page.post("/csp-reports", json=sent, headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
    said = [r.getMessage() for r in caplog.records if r.name == reports.__name__]
    assert (
        said == ["the content security policy kept out script-src-elem: https://evil.example"] * 3
    )


@pytest.mark.parametrize("body", [b"", b"[1,2]", b"{}", b'{"csp-report": 5}', b"\xff", b"[[]]"])
def test_a_report_may_be_anything(page: httpx.Client, body: bytes) -> None:
    headers = {"content-type": "application/reports+json"}
    assert page.post("/csp-reports", content=body, headers=headers).status_code == 204


def test_a_report_is_bounded(page: httpx.Client) -> None:
    headers = {"content-type": "application/csp-report"}
    is_problem(page.post("/csp-reports", content=b" " * 70_000, headers=headers), 413)
    is_problem(page.post("/csp-reports", content=b"x", headers={"content-type": "text/plain"}), 415)


def test_half_a_body_reaches_no_route() -> None:
    """A sender that was cut off sends its batch again: half of it must not count already."""
    reached, answered = [], []
    coming = iter([
        {"type": "http.request", "body": b"!AIVDM,1,1,,A,half", "more_body": True},
        {"type": "http.disconnect"},
    ])  # fmt: skip

    async def route(*_: object) -> None:
        reached.append(True)

    async def receive() -> dict[str, object]:
        return next(coming)

    async def send(message: dict[str, object]) -> None:
        answered.append(message)

    scope = {
        "type": "http", "method": "POST", "path": f"{API}/intake/coast", "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/octet-stream"),
                    (b"content-length", b"400")],
        "client": ("127.0.0.1", 1), "app": SimpleNamespace(state=SimpleNamespace()),
    }  # fmt: skip
    asyncio.run(security.Guard(route)(scope, receive, send))
    assert reached == []
    assert [m["status"] for m in answered if "status" in m] == [400]
