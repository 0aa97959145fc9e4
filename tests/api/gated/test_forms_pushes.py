"""Filled-in forms that come twice at once, that a crash breaks off, whose photo comes too late."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from littoral.respond.sync.queue import SENT
from littoral.sim.phone import Phone, _iso
from littoral.store.evidence import custody
from littoral.store.forms import submissions
from littoral.store.forms.tables import form_submissions
from littoral.store.sync.tables import sync_records
from littoral.store.vault import tables

from .conftest import OURS, Watch
from .oversight import matter
from .test_forms import clerk, published, worker
from .test_forms_before import started
from .test_forms_rights import HOME, NUMBER, PHOTO, WHY, answers, dpo, told

AT_ONCE = 4


def at_once(watch: Watch, phone: Phone, keys: Sequence[str]) -> list[dict[str, Any]]:
    """What each of some pushes of the same records was answered, first record."""
    body = {
        "device": phone.device, "clock": _iso(phone.now_us()),
        "records": [phone.records[k] for k in keys],
    }  # fmt: skip
    said: list[dict[str, Any]] = []
    ready = threading.Barrier(AT_ONCE)

    def push() -> None:
        url, cookies = watch.url + "/api/v1", dict(phone.http.cookies)
        with httpx.Client(base_url=url, headers=OURS, cookies=cookies, timeout=60) as client:
            ready.wait()
            said.append(client.post("/sync/push", json=body).json()["results"][0])

    threads = [threading.Thread(target=push) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def evidence_left(watch: Watch) -> list[str]:
    e = tables.evidence.c
    with watch.gate.trust.vault.db.read() as connection:
        return list(connection.execute(sa.select(e.id).where(e.erased_us.is_(None))).scalars())


def erased(watch: Watch, record: dict[str, Any], officer: httpx.Client) -> None:
    path = f"/cases/{record['case']}/erasures"
    key = officer.post(path, json={"subject": record["id"], **WHY}).json()["id"]
    second = dpo(watch, "second.dpo")
    done = second.post(f"{path}/{key}/decision", json={"agree": True})
    assert done.json()["state"] == "made", done.text


def test_a_form_that_is_pushed_several_times_at_once_is_one_and_is_erased_as_one(
    watch: Watch,
) -> None:
    maker = clerk(watch)
    made = published(maker)
    for n in range(4):
        phone = worker(watch)
        key = phone.hand_in(made["id"], answers(f"{n} {NUMBER}"))
        phone.upload(phone.records[key]["fields"]["sha256"])
        said = at_once(watch, phone, [key])
        firsts = [s.get("first", s)["status"] for s in said]
        assert firsts == ["taken"] * AT_ONCE, said
        assert [s["status"] for s in said].count("taken") == 1, said
    assert len(evidence_left(watch)) == 4
    officer = dpo(watch)
    for record in told(watch, officer, matter(officer))["records"]:
        erased(watch, record, officer)
    assert evidence_left(watch) == []


def test_the_same_file_in_two_records_at_once_is_kept_once(watch: Watch) -> None:
    """A phone that lost its queue notes the same form anew."""
    made = published(clerk(watch))
    phone = worker(watch)
    data = answers(NUMBER)
    first = phone.hand_in(made["id"], data)
    phone.upload(phone.records[first]["fields"]["sha256"])
    second = phone.hand_in(made["id"], data)
    said = [s["status"] for s in at_once(watch, phone, [first])]
    assert said.count("taken") == 1
    phone.upload(phone.records[second]["fields"]["sha256"])
    assert {s.get("first", s)["status"] for s in at_once(watch, phone, [second])} == {"taken"}
    assert len(evidence_left(watch)) == 1


def test_a_photo_that_comes_after_its_answers_were_erased_is_not_kept(watch: Watch) -> None:
    maker = clerk(watch)
    made = published(maker)
    phone = worker(watch)
    key = phone.hand_in(made["id"], answers(f"{HOME} {NUMBER}"), {"p.jpg": PHOTO})
    (photo,) = [k for k in phone.queue if k != key]
    phone.upload(phone.records[key]["fields"]["sha256"])
    phone.push([key])  # the photo waits for a better line
    officer = dpo(watch)
    (record,) = told(watch, officer, matter(officer))["records"]
    erased(watch, record, officer)
    phone.upload(phone.records[photo]["fields"]["sha256"])
    phone.push([photo])
    assert (phone.answers[photo]["status"], phone.answers[photo]["code"]) == ("refused", "erased")
    assert evidence_left(watch) == []
    folder = watch.shore.settings.data_dir / "uploads"
    assert [p for p in folder.rglob("*") if p.is_file()] == []
    (item,) = maker.get("/form-submissions").json()["items"]
    assert (item["erased"], item["files"]) == (True, 0)


def test_a_photo_that_came_while_its_answers_were_erased_goes_with_them(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that a server of before took in afterwards: at the next start."""
    made = published(clerk(watch))
    phone = worker(watch)
    key = phone.hand_in(made["id"], answers(NUMBER), {"p.jpg": PHOTO})
    (photo,) = [k for k in phone.queue if k != key]
    phone.upload(phone.records[key]["fields"]["sha256"])
    phone.push([key])
    officer = dpo(watch)
    (record,) = told(watch, officer, matter(officer))["records"]
    phone.upload(phone.records[photo]["fields"]["sha256"])
    add = custody.add

    def slow(*given: Any, **named: Any) -> Any:
        erased(watch, record, officer)
        return add(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(custody, "add", slow)
        phone.push([photo])
    assert phone.answers[photo]["code"] == "erased"
    assert evidence_left(watch) == []
    later = phone.note("form.file", key, **phone.records[photo]["fields"])
    phone.upload(phone.records[later]["fields"]["sha256"])
    with monkeypatch.context() as patched:
        patched.setattr(submissions, "is_erased", lambda *_: False)
        phone.push([later])
    assert phone.answers[later]["status"] == "taken"
    assert len(evidence_left(watch)) == 1
    assert started(watch) == []
    assert evidence_left(watch) == []
    assert list(watch.gate.trust.evidence.rglob("*.sealed")) == []


def test_a_crash_between_evidence_and_its_row_leaves_neither_and_the_phone_sends_again(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = clerk(watch)
    made = published(maker)
    phone = worker(watch)
    key = phone.hand_in(made["id"], answers(NUMBER))
    phone.upload(phone.records[key]["fields"]["sha256"])

    def killed(*_: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(submissions, "add", killed)
        phone.push([key])
    assert phone.answers[key]["status"] == "later"
    assert evidence_left(watch) == []
    phone.push([key])
    assert phone.queue[key].state == SENT, phone.answers
    (seen,) = maker.get("/form-submissions").json()["items"]
    assert evidence_left(watch) == [seen["evidence"]]
    officer = dpo(watch)
    assert len(told(watch, officer, matter(officer))["records"]) == 1


def test_answers_that_a_crash_of_before_left_are_found_at_the_start_and_by_their_phone(
    watch: Watch,
) -> None:
    maker = clerk(watch)
    made = published(maker)
    phone = worker(watch)
    key = phone.hand_in(made["id"], answers(NUMBER), {"p.jpg": PHOTO})
    (photo,) = [k for k in phone.queue if k != key]
    phone.upload(phone.records[key]["fields"]["sha256"])
    phone.push([key])
    (seen,) = maker.get("/form-submissions").json()["items"]
    vault = watch.gate.trust.vault
    with vault.db.write() as connection:  # as it was: evidence, and nothing that tells of it
        for table in (form_submissions, tables.answer_numbers, sync_records):
            connection.execute(sa.delete(table))
    assert maker.post(f"/cases/{seen['case']}/close").status_code == 200
    officer = dpo(watch)
    case = matter(officer)
    assert told(watch, officer, case)["records"] == []
    started(watch)
    (record,) = told(watch, officer, case)["records"]
    assert record["id"] == seen["evidence"]
    (found,) = maker.get("/form-submissions").json()["items"]
    same = ("title", "version", "unit", "by", "open", "sealed", "case", "evidence")
    assert [found[n] for n in same] == [seen[n] for n in same]
    assert started(watch) == []
    assert len(maker.get("/form-submissions").json()["items"]) == 1
    phone.push([key])  # its answer was lost with the crash
    assert phone.answers[key]["status"] == "taken"
    phone.upload(phone.records[photo]["fields"]["sha256"])
    phone.push([photo])
    assert phone.answers[photo]["status"] == "taken"
    (again,) = maker.get("/form-submissions").json()["items"]
    assert (again["id"], again["files"], again["open"]) == (key, 1, seen["open"])
    assert len(evidence_left(watch)) == 2
    erased(watch, record, officer)
    assert evidence_left(watch) == []
