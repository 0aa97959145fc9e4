"""Lines over HTTP: acknowledged when durable, taken once, refused by name of the field."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from littoral.api.security import BODY_LIMITS
from littoral.engine.numbered import HEAD_BYTES, LINES

from .shore import Shore
from .test_guards import is_problem
from .test_resources import API

RAW = {"content-type": "application/octet-stream"}
LINE = b"!AIVDM,1,1,,A,15MgK45P3@G?fl0E`JbR0OwT0@MS,0*4E\r\n"


def post(http: httpx.Client, source: str, position: Any, body: bytes) -> httpx.Response:
    params = {"position": position}
    return http.post(f"{API}/intake/{source}", params=params, content=body, headers=RAW)


def journalled(shore: Shore) -> bytes:
    entries = shore.journal.read(0)
    return b"".join(e.payload[HEAD_BYTES:] for e in entries if e.kind == LINES)


def refused(answer: httpx.Response, status: int, held: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["held"] == held
    return problem


def test_taken_once_and_durable_when_answered(shore: Shore, http: httpx.Client) -> None:
    assert http.get(API + "/intake/pier-1").json() == {"source": "pier-1", "held": 0, "lines": 0}
    both = LINE * 2
    answer = post(http, "pier-1", 0, both)
    assert answer.status_code == 200
    assert answer.json() == {"source": "pier-1", "held": len(both), "lines": 2}
    assert shore.journal.synced == shore.journal.end
    assert post(http, "pier-1", 0, both).json()["lines"] == 0
    more = post(http, "pier-1", len(LINE), LINE * 3).json()
    assert more == {"source": "pier-1", "held": 4 * len(LINE), "lines": 2}
    assert journalled(shore) == LINE * 4
    assert http.get(API + "/intake/pier-1").json()["held"] == 4 * len(LINE)


def test_bytes_that_are_no_ais_are_taken_as_they_are(shore: Shore, http: httpx.Client) -> None:
    """The decoder quarantines them with their reason; a bad line never keeps the next out."""
    body = bytes(range(256)) * 3 + b"\n" + LINE + b"\xff\xfe rubbish\n"
    assert post(http, "pier", 0, body).json() == {"source": "pier", "held": len(body), "lines": 6}
    assert journalled(shore) == body
    assert post(http, "pier", len(body), b"").json()["held"] == len(body)


def test_a_gap_names_the_position(shore: Shore, http: httpx.Client) -> None:
    post(http, "pier", 0, LINE)
    problem = refused(post(http, "pier", len(LINE) + 1, LINE), 409, held=len(LINE))
    assert problem["type"] == "urn:littoral:problem:conflict"
    assert [e["field"] for e in problem["errors"]] == ["position"]
    assert journalled(shore) == LINE


def test_other_content_names_the_body(shore: Shore, http: httpx.Client) -> None:
    post(http, "pier", 0, LINE)
    other = LINE.replace(b"A,1", b"B,1")
    problem = refused(post(http, "pier", 0, other), 409, held=len(LINE))
    assert [e["field"] for e in problem["errors"]] == ["body"]
    assert journalled(shore) == LINE


@pytest.mark.parametrize("position", [-1, "", "x", 1.5, 1 << 63])
def test_a_wrong_position_is_named(one_http: httpx.Client, position: Any) -> None:
    problem = is_problem(post(one_http, "pier", position, LINE), 400)
    assert [e["field"] for e in problem["errors"]] == ["position"]


@pytest.mark.parametrize("source", ["-x", "a b", "x" * 65, "%00", "æ"])
def test_a_wrong_name_is_named(one_http: httpx.Client, source: str) -> None:
    problem = is_problem(post(one_http, source, 0, LINE), 400)
    assert [e["field"] for e in problem["errors"]] == ["source"]


def test_size_and_type_are_bounded(shore: Shore, http: httpx.Client) -> None:
    limit = BODY_LIMITS["/api/v1/intake"]
    body = LINE * (limit // len(LINE))
    assert post(http, "pier", 0, body).status_code == 200
    problem = is_problem(post(http, "pier", 0, body + LINE), 413)
    assert [e["field"] for e in problem["errors"]] == ["body"]
    url = f"{API}/intake/pier?position=0"
    for headers in (
        {"content-type": "text/plain"},
        {"content-type": "application/json"},
        {**RAW, "content-encoding": "gzip"},
    ):
        problem = is_problem(http.post(url, content=LINE, headers=headers), 415)
        assert [e["field"] for e in problem["errors"]] == ["content-type"]
    assert journalled(shore) == body


def test_pages_of_others_may_send_nothing(shore: Shore, http: httpx.Client) -> None:
    headers = {**RAW, "origin": "http://evil.example"}
    is_problem(http.post(f"{API}/intake/p?position=0", content=LINE, headers=headers), 403)
    assert journalled(shore) == b""


def test_when_the_journal_takes_no_more_the_sender_is_told_to_come_again(
    shore: Shore, http: httpx.Client
) -> None:
    post(http, "pier", 0, LINE)
    shore.journal.close()
    answer = post(http, "pier", len(LINE), LINE)
    assert is_problem(answer, 503)["type"] == "urn:littoral:problem:unavailable"
    assert answer.headers["retry-after"] == "1"
