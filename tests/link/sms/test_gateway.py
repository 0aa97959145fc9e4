"""The gateway over a real HTTP server of this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from littoral.link.sms.gateway import Form, Gateway, GatewayError, Report

FORM = """
url = "http://127.0.0.1:PORT/send?ref=@ID"
headers = { Authorization = "Bearer @TOKEN" }
body = { to = "@NUMBER", content = "【滨海】@TEXT", flags = [1, "@ID"] }
taken = "/data/0/id"
[report]
id = "/id"
state = "/status"
delivered = ["DELIVRD", "0"]
trying = ["ENROUTE"]
"""


class There:
    """Answers with `status` and `body`; keeps what was asked."""

    def __init__(self) -> None:
        self.status, self.body = 200, b'{"data": [{"id": 77}]}'
        self.asked: list[tuple[str, str | None, Any]] = []
        there = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["content-length"]))
                there.asked.append((self.path, self.headers["authorization"], json.loads(data)))
                self.send_response(there.status)
                self.send_header("location", "/elsewhere")
                self.end_headers()
                self.wfile.write(there.body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def there() -> Iterator[There]:
    found = There()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def form(there: There, tmp_path: Path) -> Form:
    path = tmp_path / "gateway.toml"
    path.write_text(FORM.replace("PORT", str(there.server.server_port)), encoding="utf-8")
    return Form.read(path)


def test_a_message_goes_as_the_file_says(there: There, form: Form) -> None:
    assert Gateway(form, "s3cret").send("+8613876012345", "请 @NUMBER 回话", "a&b") == "77"
    assert there.asked == [
        (
            "/send?ref=a%26b",
            "Bearer s3cret",
            {"to": "+8613876012345", "content": "【滨海】请 @NUMBER 回话", "flags": [1, "a&b"]},
        )
    ]


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (500, b"{}", "answered 500"),
        (302, b"{}", "answered 302"),
        (200, b"no", "no JSON"),
        (200, b'{"data": []}', "took no message"),
        (200, b'{"data": [{"id": true}]}', "took no message"),
        (200, b'"' + b"x" * 70_000 + b'"', "too long"),
    ],
)
def test_what_it_refuses(there: There, form: Form, status: int, body: bytes, says: str) -> None:
    there.status, there.body = status, body
    with pytest.raises(GatewayError, match=says) as raised:
        Gateway(form, "s3cret").send("10086", "密件", "k")
    assert not {"密件", "s3cret", "10086"} & set(str(raised.value).split())
    assert len(there.asked) == 1


def test_one_that_is_not_there(form: Form, there: There) -> None:
    there.server.shutdown()
    there.server.server_close()
    with pytest.raises(GatewayError, match="cannot be reached"):
        Gateway(form).send("10086", "海", "k")


@pytest.mark.parametrize(
    ("said", "report"),
    [
        ({"id": "77", "status": "DELIVRD"}, Report("77", "delivered")),
        ({"id": 77, "status": 0}, Report("77", "delivered")),
        ({"id": 77, "status": "ENROUTE"}, Report("77", "trying")),
        ({"id": 77, "status": "UNDELIV"}, Report("77", "failed")),
    ],
)
def test_its_reports(form: Form, said: Any, report: Report) -> None:
    assert Gateway(form).report(said) == report


@pytest.mark.parametrize("said", [{}, [], 3, None, {"id": {}, "status": "x"}, {"id": "7"}])
def test_what_is_no_report(form: Form, said: Any) -> None:
    with pytest.raises(GatewayError, match=r"/id|/status"):
        Gateway(form).report(said)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('"/data/0/id"', '"data"'), "gateway.toml: taken"),
        (('delivered = ["DELIVRD", "0"]', ""), "report.delivered"),
        (("http://127.0.0.1:PORT", "http://sms.example"), "url: https"),
        (("taken =", "token ="), "token: not known"),
        (('state = "/status"', ""), "report.state"),
        (('"Bearer @TOKEN"', "7"), "headers.Authorization"),
        (("[report]", "[report"), "gateway.toml"),
        (('["ENROUTE"]', "[1]"), "report.trying"),
    ],
)
def test_a_file_that_is_wrong_is_named_with_its_field(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text(FORM.replace(*change), encoding="utf-8")
    with pytest.raises(GatewayError, match=says):
        Form.read(path)
