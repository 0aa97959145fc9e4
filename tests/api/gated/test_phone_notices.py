"""Notices on phones: told with what has changed, had once the phone has them, answered by a record
that waits for a network. What each event makes of a notice is what docs/reach.md says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from littoral.respond.sync.notices import waiting
from littoral.respond.sync.queue import ASIDE, SENT
from littoral.sim.phone import Phone
from littoral.store.clock import clock_us
from littoral.store.people.ids import uuid7
from littoral.store.sync.tables import sync_records

from .conftest import Watch
from .test_incidents import reported
from .test_reach import account, sent, until
from .test_tasks import added, assigned, done

HAIKOU, SANYA = "460100", "460200"
GOVERNMENT = "local_government"


def desk_of(watch: Watch) -> httpx.Client:
    return watch.browser("county_clerk", GOVERNMENT, unit=HAIKOU)


def phone(watch: Watch, login: str = "worker") -> Phone:
    browser = watch.browser("grid_worker", GOVERNMENT, unit=HAIKOU, login=login)
    return Phone(browser, str(uuid4()), clock_us, uuid7)


def told(of: Phone, key: str) -> Mapping[str, Any]:
    """The notice on the phone, as soon as a sync brings it."""

    def look() -> Mapping[str, Any] | None:
        assert of.sync()
        return next((n for n in of.notices.items if n["id"] == key), None)

    found: Mapping[str, Any] = until(look)
    return found


def seen(desk: httpx.Client, key: str) -> dict[str, Any]:
    """By its desk."""
    answer = desk.get(f"/notices/{key}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def kinds(desk: httpx.Client, key: str) -> list[str]:
    return [e["kind"] for e in seen(desk, key)["events"]]


def test_a_phone_has_a_notice_once_it_is_on_it_and_its_user_answers(watch: Watch) -> None:
    desk, worker = desk_of(watch), phone(watch)
    key = sent(desk, account(watch, "worker")).json()["id"]
    notice = told(worker, key)
    # The same sync that brought it said that it is there.
    assert seen(desk, key)["state"] == "delivered"
    assert kinds(desk, key) == ["sent", "delivered"]
    assert (notice["zh"], notice["state"], notice["mine"]) == ("请到东港", "open", None)
    assert "people" not in notice  # whom else it goes to is no matter of this phone
    assert waiting(worker.notices.items, []) == [key]
    worker.sync()
    assert kinds(desk, key) == ["sent", "delivered"]  # said once
    reply = worker.note("notice.answer", key, kind="answered")
    worker.sync()
    assert worker.queue[reply].state == SENT
    assert (seen(desk, key)["state"], seen(desk, key)["by"]) == (
        "answered", account(watch, "worker"),
    )  # fmt: skip
    assert (told(worker, key)["state"], told(worker, key)["mine"]) == ("answered", "answered")
    assert told(worker, key)["by"] == seen(desk, key)["people"][0]["name"]
    assert waiting(worker.notices.items, []) == []


def test_what_did_not_arrive_is_not_had(watch: Watch) -> None:
    """The answer of the server is lost: the phone asks by what it had before."""
    desk, worker = desk_of(watch), phone(watch)
    worker.sync()
    key = sent(desk, account(watch, "worker")).json()["id"]
    until(lambda: worker.http.get("/me/notices").json()["items"])
    for _ in range(2):
        asked = {
            "device": worker.device, "after": worker.held.token,
            "notices": worker.notices.edition,
        }  # fmt: skip
        lost = worker.http.post("/sync/changes", json=asked).json()
        assert [n["id"] for n in lost["notices"]["items"]] == [key]
        assert kinds(desk, key) == ["sent"]
    worker.sync()
    assert kinds(desk, key) == ["sent", "delivered"]


def test_a_phone_of_before_is_told_of_none_and_has_none(watch: Watch) -> None:
    desk, worker = desk_of(watch), phone(watch)
    key = sent(desk, account(watch, "worker")).json()["id"]
    until(lambda: worker.http.get("/me/notices").json()["items"])
    asked = {"device": worker.device, "after": "", "checklists": ""}
    said = worker.http.post("/sync/changes", json=asked).json()
    assert said["notices"] is None
    assert [i["kind"] for i in said["items"]] == []
    again = worker.http.post("/sync/changes", json={**asked, "after": said["token"]})
    assert again.status_code == 200
    assert kinds(desk, key) == ["sent"]


def test_one_who_cannot_says_why_and_it_is_the_next_ones_turn(watch: Watch) -> None:
    desk, first, second = desk_of(watch), phone(watch, "first"), phone(watch, "second")
    key = sent(desk, account(watch, "first"), account(watch, "second")).json()["id"]
    told(first, key)
    second.sync()
    assert second.notices.items == ()
    no = first.note("notice.answer", key, kind="declined", text="在海上")
    first.sync()
    assert told(second, key)["state"] == "open"
    assert waiting(told_all(first), []) == []
    assert told(first, key)["mine"] == "declined"
    assert seen(desk, key)["events"][2]["detail"] == "在海上"
    # What was written lies with the notice alone, and ends with it.
    with watch.shore.records.database.read() as connection:
        query = sa.select(sync_records.c.fields).where(sync_records.c.id == no)
        assert connection.execute(query).scalar_one() == {}
    first.push([no])
    assert (first.answers[no]["status"], first.answers[no]["first"]["status"]) == (
        "known", "taken",
    )  # fmt: skip


def told_all(of: Phone) -> tuple[Mapping[str, Any], ...]:
    of.sync()
    return of.notices.items


def test_an_answer_that_comes_too_late_is_told_so(watch: Watch) -> None:
    """Noted without a network while somebody else took it."""
    desk, late, quick = desk_of(watch), phone(watch, "late"), phone(watch, "quick")
    key = sent(desk, account(watch, "late"), account(watch, "quick")).json()["id"]
    told(late, key)
    note = late.note("notice.answer", key, kind="answered")
    no = {"id": str(uuid4()), "kind": "declined", "text": "x"}
    late.http.post(f"/me/notices/{key}/events", json=no)  # on another page of the same person
    told(quick, key)
    quick.note("notice.answer", key, kind="answered")
    quick.sync()
    late.sync()
    assert (late.queue[note].state, late.aside[note]) == (ASIDE, "state")
    assert "已接" in late.answers[note]["reason"]["zh"]
    assert seen(desk, key)["by"] == account(watch, "quick")


def test_one_that_asks_for_no_answer_is_read_by_its_user(watch: Watch) -> None:
    desk, worker = desk_of(watch), phone(watch)
    key = sent(desk, account(watch, "worker"), wants_answer=False).json()["id"]
    assert told(worker, key)["state"] == "open"
    assert told(worker, key)["state"] == "delivered"
    assert waiting(worker.notices.items, []) == [key]
    worker.note("notice.answer", key, kind="answered")
    worker.sync()
    assert seen(desk, key)["state"] == "answered"
    assert waiting(told_all(worker), []) == []


@pytest.mark.parametrize("said", [{"kind": "maybe"}, {"kind": "answered", "extra": 1}, {}])
def test_what_is_no_answer_is_refused_alone(watch: Watch, said: dict[str, Any]) -> None:
    desk, worker = desk_of(watch), phone(watch)
    key = sent(desk, account(watch, "worker")).json()["id"]
    told(worker, key)
    bad = worker.note("notice.answer", key, **said)
    worker.sync()
    assert worker.aside[bad] == "malformed"
    assert kinds(desk, key) == ["sent", "delivered"]


def test_nobody_answers_for_another(watch: Watch) -> None:
    desk, worker, other = desk_of(watch), phone(watch), phone(watch, "other")
    key = sent(desk, account(watch, "worker")).json()["id"]
    told(worker, key)
    bad = other.note("notice.answer", key, kind="answered")
    none = other.note("notice.answer", str(uuid4()), kind="answered")
    other.sync()
    assert other.aside == {bad: "unknown", none: "unknown"}
    assert kinds(desk, key) == ["sent", "delivered"]


def test_a_tasks_notice_is_answered_by_its_step_and_recalled_with_it(watch: Watch) -> None:
    desk, worker = desk_of(watch), phone(watch)
    responder = added(desk, account=account(watch, "worker"))["id"]
    kept = [assigned(desk, reported(desk)["id"], responder)["id"]]
    mine = until(lambda: [n for n in told_all(worker) if n["thing"] == f"task:{kept[0]}"])
    worker.note("task.step", kept[0], kind="accept")
    worker.sync()
    key = mine[0]["id"]
    assert (told(worker, key)["state"], told(worker, key)["mine"]) == ("answered", "answered")
    done(desk, kept[0], "cancel", reason="已处理")
    kept.append(assigned(desk, reported(desk)["id"], responder)["id"])
    other = until(lambda: [n for n in told_all(worker) if n["thing"] == f"task:{kept[1]}"])
    late = worker.note("notice.answer", other[0]["id"], kind="answered")
    assert done(desk, kept[1], "cancel", reason="已处理").status_code == 200
    worker.sync()
    assert worker.aside == {late: "state"}
    assert "已撤回" in worker.answers[late]["reason"]["zh"]
    assert told(worker, other[0]["id"])["state"] == "recalled"
