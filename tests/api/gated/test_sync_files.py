"""Phones over HTTP: a small file goes together with its record."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import orjson

from littoral.respond.sync.queue import SENT, WAITING

from .conftest import Watch
from .test_sync import HAIKOU, PHOTO, grid, report


def test_a_report_and_its_photo_take_two_requests(watch: Watch) -> None:
    """The text first, then the photo with its record, whose answer tells what has changed."""
    worker = grid(watch)
    asked: list[str] = []
    worker.http.event_hooks["request"] = [lambda r: asked.append(r.url.path)]
    key = report(worker)
    photo = worker.attach(key, PHOTO[:200_000], "image/jpeg")
    assert worker.sync()
    assert asked == ["/api/v1/sync/push", "/api/v1/sync/push-file"]
    assert [worker.answers[k]["status"] for k in (key, photo)] == ["taken", "taken"]
    assert [worker.queue[k].state for k in (key, photo)] == [SENT, SENT]
    assert worker.items[f"incident/{key}"]["is_mine"]
    clerk = watch.browser("county_clerk", "local_government", unit=HAIKOU)
    (sent,) = clerk.get(f"/incidents/{key}/submissions").json()["items"]
    assert sent["file"]["sha256"] == hashlib.sha256(PHOTO[:200_000]).hexdigest()
    assert sent["file"]["size"] == 200_000
    # The same once more is the same, without a second piece of evidence.
    worker.queue[photo] = replace(worker.queue[photo], state=WAITING, bytes_ready=False)
    assert worker.sync()
    assert worker.answers[photo]["first"]["status"] == "taken"
    assert len(clerk.get(f"/incidents/{key}/submissions").json()["items"]) == 1


def test_a_photo_that_was_damaged_on_its_way_is_asked_for_again(watch: Watch) -> None:
    worker = grid(watch)
    key = report(worker)
    photo = worker.attach(key, PHOTO[:5_000], "image/jpeg")
    whole = worker.files[worker.records[photo]["fields"]["sha256"]]
    for spoilt in (whole[:-1], whole[:-1] + b"x", b""):
        worker.files[worker.records[photo]["fields"]["sha256"]] = spoilt
        worker.queue[photo] = replace(worker.queue[photo], tries=0, next_ms=0)
        worker.sync()
        assert (worker.answers[photo]["status"], worker.answers[photo]["code"]) == (
            "later", "no_bytes",
        )  # fmt: skip
        assert worker.queue[photo].state == WAITING
    worker.files[worker.records[photo]["fields"]["sha256"]] = whole
    worker.queue[photo] = replace(worker.queue[photo], tries=0, next_ms=0)
    assert worker.sync()
    assert worker.queue[photo].state == SENT


def test_after_two_tries_the_photo_goes_in_pieces(watch: Watch) -> None:
    worker = grid(watch)
    key = report(worker)
    photo = worker.attach(key, PHOTO[:5_000], "image/jpeg")
    worker.queue[photo] = replace(worker.queue[photo], tries=2)
    asked: list[str] = []
    worker.http.event_hooks["request"] = [lambda r: asked.append(r.method)]
    assert worker.sync()
    assert worker.queue[photo].state == SENT
    assert asked == ["POST", "POST", "PATCH", "POST"]


def test_what_comes_with_a_file_is_one_whole_record(watch: Watch) -> None:
    worker = grid(watch)
    key, other = report(worker), report(worker)
    body = {
        "device": worker.device, "clock": worker.records[key]["made_at"],
        "records": [worker.records[key], worker.records[other]],
    }  # fmt: skip
    headers = {"content-type": "application/octet-stream"}

    def said(content: bytes) -> Any:
        answer = worker.http.post("/sync/push-file", content=content, headers=headers)
        return answer.status_code, [e["field"] for e in answer.json().get("errors", ())]

    assert said(orjson.dumps(body) + b"\nx") == (422, ["records"])
    assert said(orjson.dumps({**body, "device": "x"}) + b"\nx") == (422, ["device"])
    assert said(b"{\nx") == (422, ["body"])
    assert said(b"") == (422, ["body"])
    one = orjson.dumps({**body, "records": body["records"][:1]}) + b"\n"
    assert said(one + bytes(256 * 1024 + 1))[0] == 413
    assert said(one + bytes(400 * 1024))[0] == 413
    assert said(one)[0] == 200  # a record that names no file is taken as it is
    assert worker.http.post("/sync/push-file", json=body).status_code == 415
