"""Notices over HTTP: a desk tells its people, a device confirms, a call is written down."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
from jsonschema import Draft202012Validator

from littoral.respond.reach.ladder import Event
from littoral.store import reach
from littoral.store.clock import clock_us
from littoral.store.people import accounts

from .conftest import Watch
from .test_incidents import reported
from .test_tasks import added, assigned, done

HAIKOU, SANYA = "460100", "460200"


def account(watch: Watch, login: str) -> str:
    with watch.gate.people.base.database.read() as connection:
        found = accounts.by_login(connection, login)
    assert found is not None
    return found.id


def sent(desk: httpx.Client, *to: str, **more: Any) -> httpx.Response:
    body = {"id": str(uuid4()), "text": "请到东港", "to": list(to)} | more
    return desk.post("/notices", json=body)


def until(found: Callable[[], Any], limit_s: float = 10.0) -> Any:
    """As soon as there is something."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if it := found():
            return it
        time.sleep(0.02)
    raise AssertionError("it did not come")


def own(browser: httpx.Client) -> dict[str, Any]:
    """The first notice of one's own, as soon as it is there."""

    def items() -> list[dict[str, Any]]:
        answer = browser.get("/me/notices")
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    return until(items)[0]


def test_a_grid_worker_is_told_and_the_desk_sees_it(watch: Watch) -> None:
    desk = watch.browser("county_clerk", "local_government", unit=HAIKOU)
    worker = watch.browser("grid_worker", "local_government", unit=HAIKOU, login="worker")
    answer = sent(desk, account(watch, "worker"))
    assert answer.status_code == 201, answer.text
    notice = own(worker)
    assert (notice["zh"], notice["state"]) == ("请到东港", "under_way")
    path = f"/me/notices/{notice['id']}/events"
    mine = {"id": str(uuid4()), "kind": "delivered"}
    assert worker.post(path, json=mine).json()["state"] == "delivered"
    assert worker.post(path, json=mine).json()["state"] == "delivered"  # sent twice, kept once
    reply = {"id": str(uuid4()), "kind": "answered"}
    assert worker.post(path, json=reply).json()["state"] == "answered"
    seen = desk.get(f"/notices/{notice['id']}").json()
    kinds = [(e["channel"], e["kind"]) for e in seen["events"]]
    assert kinds == [("app", "sent"), ("app", "delivered"), ("app", "answered")]
    assert (seen["state"], seen["by"]) == ("answered", account(watch, "worker"))
    assert [n["id"] for n in desk.get("/notices").json()["items"]] == [notice["id"]]
    assert [e.action for e in watch.logged() if e.action == "notice.send"] == ["notice.send"]


def test_whoever_declines_makes_the_next_ones_turn(watch: Watch) -> None:
    desk = watch.browser("watch_lead", unit=HAIKOU)
    first = watch.browser("watch_officer", unit=HAIKOU, login="first")
    second = watch.browser("watch_officer", unit=HAIKOU, login="second")
    sent(desk, account(watch, "first"), account(watch, "second"))
    notice = own(first)
    assert second.get("/me/notices").json()["items"] == []
    no = {"id": str(uuid4()), "kind": "declined", "text": "在海上"}
    first.post(f"/me/notices/{notice['id']}/events", json=no)
    assert own(second)["id"] == notice["id"]


def test_a_call_is_a_logged_step_with_its_answer(watch: Watch) -> None:
    desk = watch.browser("watch_lead", unit=HAIKOU)
    afloat = watch.browser("watch_officer", unit=HAIKOU, login="afloat")
    key = sent(desk, account(watch, "afloat")).json()["id"]
    own(afloat)  # on the page first
    call = {
        "id": str(uuid4()), "account": account(watch, "afloat"), "kind": "answered",
        "how": "vhf", "text": "VHF 16: coming, 20 minutes",
    }  # fmt: skip
    noted = desk.post(f"/notices/{key}/calls", json=call)
    assert noted.json()["state"] == "answered", noted.text
    last = desk.get(f"/notices/{key}").json()["events"][-1]
    assert (last["channel"], last["detail"]) == ("voice", "vhf: VHF 16: coming, 20 minutes")
    assert "notice.note" in [e.action for e in watch.logged()]
    other = call | {"id": str(uuid4()), "account": account(watch, "watch_lead.police.460100")}
    refused = desk.post(f"/notices/{key}/calls", json=other)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "account")


def test_the_desk_sees_whom_to_call_until_the_answer_is_written_down(watch: Watch) -> None:
    desk = watch.browser("watch_lead", unit=HAIKOU)
    afloat = watch.browser("watch_officer", unit=HAIKOU, login="afloat")
    crew = account(watch, "afloat")
    key = sent(desk, crew).json()["id"]
    assert own(afloat)["state"] == "under_way"
    (notice,) = desk.get("/notices").json()["items"]
    assert notice["to_call"] == []  # first the page, for a while
    failed = Event(f"account:{crew}", "app", "failed", clock_us())
    with watch.shore.records.database.write() as connection:
        reach.happened(connection, key, uuid4(), failed, "test")
    # Another notice wakes the ladders.
    assert sent(desk, crew).status_code == 201
    (call,) = until(lambda: desk.get(f"/notices/{key}").json()["to_call"])
    assert call["account"] == crew
    times = [datetime.fromisoformat(call[name]) for name in ("since", "until")]
    assert (times[1] - times[0]).total_seconds() == 300  # docs/reach.md, "How it goes on"
    assert own(afloat).get("to_call") is None  # the desk's matter alone
    said = {
        "id": str(uuid4()), "account": crew, "kind": "failed", "how": "dsc", "text": "no answer",
    }  # fmt: skip
    assert desk.post(f"/notices/{key}/calls", json=said).status_code == 200
    after = {n["id"]: n for n in desk.get("/notices").json()["items"]}[key]
    assert (after["to_call"], after["state"]) == ([], "exhausted")


def test_only_people_of_the_own_unit_and_below_are_told(watch: Watch) -> None:
    desk = watch.browser("watch_lead", unit=HAIKOU)
    watch.browser("watch_officer", unit=SANYA, login="elsewhere")
    for to in (account(watch, "elsewhere"), "nobody"):
        refused = sent(desk, to)
        assert refused.status_code == 422, refused.text
        assert refused.json()["errors"][0]["field"] == "to.0"
    province = watch.browser("watch_lead")
    assert sent(province, account(watch, "elsewhere")).status_code == 201


def test_a_notice_is_for_its_desk_and_its_people_alone(watch: Watch) -> None:
    desk = watch.browser("watch_lead", unit=HAIKOU)
    worker = watch.browser("watch_officer", unit=HAIKOU, login="told")
    key = sent(desk, account(watch, "told")).json()["id"]
    own(worker)
    other = watch.browser("watch_lead", unit=SANYA)
    customs = watch.browser("watch_lead", "customs", unit=HAIKOU)
    for stranger in (other, customs):
        assert stranger.get(f"/notices/{key}").status_code == 403
        event = {"id": str(uuid4()), "kind": "answered"}
        assert stranger.post(f"/me/notices/{key}/events", json=event).status_code == 404
        assert stranger.get("/notices").json()["items"] == []
    grid = watch.browser("grid_worker", "local_government", unit=HAIKOU)
    assert sent(grid, account(watch, "told")).status_code == 403
    assert desk.get("/notices/no-such").status_code == 404


def test_the_own_number_is_kept_and_shown_by_its_end(watch: Watch) -> None:
    worker = watch.browser("grid_worker", "local_government", unit=HAIKOU)
    assert worker.get("/me/contacts").json() == {"sms": None, "texts": False}
    assert worker.put("/me/contacts", json={"sms": "+8613876012345"}).status_code == 204
    assert worker.get("/me/contacts").json() == {"sms": "345", "texts": False}
    refused = worker.put("/me/contacts", json={"sms": "138 7601"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "sms")
    assert worker.put("/me/contacts", json={"sms": ""}).status_code == 204
    assert worker.get("/me/contacts").json()["sms"] is None
    kept = watch.shore.records.database.url.database
    assert kept is not None
    with open(kept, "rb") as file:
        assert b"13876012345" not in file.read()


def test_answers_fit_the_document(watch: Watch) -> None:
    desk = watch.browser("watch_lead", unit=HAIKOU)
    told = watch.browser("watch_officer", unit=HAIKOU, login="told")
    key = sent(desk, account(watch, "told")).json()["id"]
    own(told)
    document = desk.get(f"{watch.url}/api/openapi.json").json()
    for browser, path, url in (
        (desk, "/notices", "/notices"), (desk, "/notices/{notice_id}", f"/notices/{key}"),
        (desk, "/policies", "/policies"),
        (told, "/me/notices", "/me/notices"), (told, "/me/contacts", "/me/contacts"),
    ):  # fmt: skip
        operation = document["paths"]["/api/v1" + path]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": document["components"]}
        errors = Draft202012Validator(whole).iter_errors(browser.get(url).json())
        assert [f"{path} {e.json_path}: {e.validator}" for e in errors] == []


def test_a_suspended_account_is_not_told(watch: Watch) -> None:
    desk = watch.browser("watch_lead", unit=HAIKOU)
    watch.browser("watch_officer", unit=HAIKOU, login="gone")
    key = account(watch, "gone")
    with watch.gate.people.base.database.write() as connection:
        accounts.set_status(connection, key, accounts.SUSPENDED, "test", 0, "left")
    assert sent(desk, key).status_code == 422


def test_without_a_gateway_its_reports_are_refused(watch: Watch) -> None:
    desk = watch.browser("watch_lead", unit=HAIKOU)
    assert desk.post("/notices/reports", json={"id": 1}).status_code == 403


def test_whoever_is_sent_is_told_and_what_they_do_with_the_task_answers(watch: Watch) -> None:
    desk = watch.browser("watch_lead", unit=HAIKOU)
    crew = watch.browser("watch_officer", unit=HAIKOU, login="crew")
    other = watch.browser("watch_officer", unit=HAIKOU, login="other")
    boat = added(desk, account=account(watch, "crew"))["id"]
    cutter = added(desk, "琼巡 02", account=account(watch, "other"))["id"]
    incident = reported(desk)["id"]
    task = assigned(desk, incident, boat, what="核实可疑快艇")["id"]
    notice = own(crew)
    assert (notice["zh"], notice["thing"]) == ("任务：核实可疑快艇", f"task:{task}")
    assert done(crew, task, "refuse", reason="缆绳断了").status_code == 200
    assert desk.get(f"/notices/{notice['id']}").json()["events"][-1]["kind"] == "declined"
    task = assigned(desk, incident, boat)["id"]
    assert done(desk, task, "transfer", to=cutter, reason="nearer").status_code == 200
    newest = own(other)
    assert newest["thing"] == f"task:{task}"
    assert done(other, task, "accept").status_code == 200
    states = {n["thing"]: n["state"] for n in other.get("/me/notices").json()["items"]}
    assert states == {f"task:{task}": "answered"}
    before = [n["state"] for n in desk.get("/notices").json()["items"]]
    assert sorted(before) == ["answered", "exhausted", "recalled"]


def test_a_task_that_is_cancelled_recalls_its_notice(watch: Watch) -> None:
    desk = watch.browser("watch_lead", unit=HAIKOU)
    crew = watch.browser("watch_officer", unit=HAIKOU, login="crew")
    boat = added(desk, account=account(watch, "crew"))["id"]
    task = assigned(desk, reported(desk)["id"], boat)["id"]
    own(crew)
    assert done(desk, task, "cancel", reason="false alarm").status_code == 200
    assert own(crew)["state"] == "recalled"
