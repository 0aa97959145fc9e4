"""Phones over HTTP: what becomes of each record, what a phone may hold, files in pieces."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from littoral.api.params import parse_instant_us
from littoral.respond.sync.queue import CONFLICT, MOVED, SENT, WAITING
from littoral.sim.phone import TUS, Phone
from littoral.store.clock import clock_us
from littoral.store.people import accounts
from littoral.store.people.accounts import Membership
from littoral.store.people.ids import uuid7
from littoral.store.sync.tables import sync_records
from littoral.store.sync.uploads import PIECE, Staging
from littoral.store.vault import incident_text
from littoral.store.vault.entries import Ask

from .conftest import Watch
from .test_incidents import ids, reported, stepped

HAIKOU, SANYA = "460100", "460200"
HOUR_US = 3_600_000_000
SLOW_S = 60  # between noting and sending, on a busy machine
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 2000


def phone(browser: httpx.Client, ahead_us: int = 0) -> Phone:
    return Phone(browser, str(uuid4()), lambda: clock_us() + ahead_us, uuid7)


def grid(watch: Watch, **more: str) -> Phone:
    return phone(watch.browser("grid_worker", "local_government", unit=HAIKOU, **more))


def report(of: Phone, **more: Any) -> str:
    fields = {"type": "neighbourhood", "title": "渔港有人聚集", "lon": 110.3, "lat": 20.05}
    return of.note("incident.report", **{**fields, **more})


def test_a_report_comes_to_the_board_once_however_often_it_is_sent(watch: Watch) -> None:
    worker = grid(watch)
    clerk = watch.browser("county_clerk", "local_government", unit=HAIKOU)
    key = report(worker)
    assert worker.push([key])
    assert worker.answers[key]["status"] == "taken"
    assert worker.push([key])
    assert (worker.answers[key]["status"], worker.answers[key]["first"]["status"]) == (
        "known", "taken",
    )  # fmt: skip
    assert worker.queue[key].state == SENT
    assert ids(clerk) == [key]
    worker.pull()
    item = worker.items[f"incident/{key}"]
    assert (item["is_mine"], item["may_edit"]) == (True, False)
    assert item["incident"]["title"] == "渔港有人聚集"
    other = {**worker.records[key], "fields": {**worker.records[key]["fields"], "title": "x"}}
    worker.records[key] = other
    worker.push([key])
    assert worker.answers[key]["code"] == "id"


@pytest.mark.parametrize("ahead_us", [2 * HOUR_US, -26 * HOUR_US, 300_000_000])
def test_a_wrong_clock_is_corrected_and_told_and_both_times_are_kept(
    watch: Watch, ahead_us: int
) -> None:
    worker = grid(watch)
    worker.now_us = lambda: clock_us() + ahead_us
    key = report(worker)
    before_us = clock_us()
    body = {
        "device": worker.device, "records": [worker.records[key]],
        "clock": worker.records[key]["made_at"],
    }  # fmt: skip
    said = worker.http.post("/sync/push", json=body).json()
    assert said["clock_is_wrong"]
    assert said["ahead_s"] == pytest.approx(ahead_us / 1e6, abs=SLOW_S)
    (opened,) = worker.http.get("/incidents").json()["items"]
    assert before_us - SLOW_S * 1e6 <= parse_instant_us(opened["opened"]) <= clock_us()
    add = worker.note("incident.add", key, text="又来两艘")
    worker.push([add])
    clerk = watch.browser("county_clerk", "local_government", unit=HAIKOU)
    (kept,) = clerk.get(f"/incidents/{key}/submissions").json()["items"]
    assert kept["ahead_s"] == pytest.approx(ahead_us / 1e6, abs=SLOW_S)
    assert kept["made_at"] == worker.records[add]["made_at"]


def test_one_bad_record_blocks_no_other_but_what_rests_on_it(watch: Watch) -> None:
    worker = grid(watch)
    far = report(worker, area=SANYA)
    rests = worker.note("incident.add", far, text="地点在码头")
    bad = worker.note("incident.report", type="flying saucer", title="x")
    good = report(worker)
    worker.records["no id"] = {"kind": "nonsense"}
    sent = [worker.records[k] for k in (far, rests, bad, "no id", good)]
    answer = worker.http.post(
        "/sync/push",
        json={"device": worker.device, "clock": worker.records[good]["made_at"], "records": sent},
    )
    results = answer.json()["results"]
    assert [(r["status"], r.get("code", "")) for r in results] == [
        ("refused", "policy"), ("later", "after"), ("refused", "malformed"),
        ("refused", "malformed"), ("taken", ""),
    ]  # fmt: skip
    assert "own area" in results[0]["reason"]["en"] or results[0]["reason"]["zh"]
    assert results[3]["id"] is None
    worker.sync()
    assert worker.queue[good].state == SENT
    assert set(worker.aside) == {far, bad}


def test_a_conflict_is_resolved_by_field_and_whoever_loses_can_restore(watch: Watch) -> None:
    clerk = phone(watch.browser("county_clerk", "local_government", unit=HAIKOU))
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(watch.browser("grid_worker", "local_government", unit=HAIKOU))["id"]
    clerk.pull()
    edit = clerk.note(
        "incident.edit", key, {"title": "快艇靠岸卸货", "severity": "serious"}, title="两艘快艇",
        severity="major",
    )  # fmt: skip
    seen = {"title": "快艇靠岸卸货"}
    assert stepped(lead, key, "edit", title="三艘快艇", seen=seen).status_code == 200
    clerk.push([edit])
    answer = clerk.answers[edit]
    assert answer["status"] == "conflict"
    assert answer["clashes"] == [
        {"name": "title", "was": "快艇靠岸卸货", "yours": "两艘快艇", "theirs": "三艘快艇"}
    ]
    assert clerk.queue[edit].state == CONFLICT
    now = lead.get(f"/incidents/{key}").json()
    assert (now["title"], now["severity"]) == ("三艘快艇", "major")
    assert clerk.push([edit])  # the answer was lost
    assert clerk.answers[edit]["first"]["clashes"] == answer["clashes"]
    again = clerk.note("incident.edit", key, {"title": "三艘快艇"}, title="两艘快艇")
    clerk.push([again])
    assert clerk.answers[again]["status"] == "taken"
    assert lead.get(f"/incidents/{key}").json()["title"] == "两艘快艇"


def test_two_phones_that_edit_at_once_lose_nothing(watch: Watch) -> None:
    key = reported(watch.browser("grid_worker", "local_government", unit=HAIKOU))["id"]
    phones = [
        phone(watch.browser("county_clerk", "local_government", unit=HAIKOU, login=f"clerk{n}"))
        for n in range(4)
    ]
    edits = [
        p.note("incident.edit", key, {"title": "快艇靠岸卸货"}, title=f"{n} 艘")
        for n, p in enumerate(phones)
    ]
    threads = [
        threading.Thread(target=p.push, args=([e],)) for p, e in zip(phones, edits, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [p.answers[e] for p, e in zip(phones, edits, strict=True)]
    assert sorted(a["status"] for a in found) == ["conflict", "conflict", "conflict", "taken"]
    now = phones[0].http.get(f"/incidents/{key}").json()["title"]
    for n, answer in enumerate(found):
        if answer["status"] == "taken":
            assert now == f"{n} 艘"
        else:
            assert answer["clashes"][0]["theirs"] == now


def test_what_moved_is_told_and_shown_to_the_new_desk(watch: Watch) -> None:
    clerk = phone(watch.browser("county_clerk", "local_government", unit=HAIKOU))
    stranger = phone(watch.browser("county_clerk", "local_government", unit="460300"))
    lead = watch.browser("watch_lead", unit=HAIKOU)
    sanya = watch.browser("watch_lead", unit=SANYA)
    key = reported(watch.browser("grid_worker", "local_government", unit=HAIKOU))["id"]
    clerk.pull()
    assert f"incident/{key}" in clerk.items
    edit = clerk.note("incident.edit", key, {"title": "快艇靠岸卸货"}, title="两艘快艇")
    move(lead, sanya, key)
    clerk.pull()
    assert clerk.items == {}
    assert clerk.held.told == {f"incident/{key}": "moved"}
    clerk.sync()
    answer = clerk.answers[edit]
    assert (answer["status"], answer["to"]["unit"]) == ("moved", SANYA)
    assert "三亚" in answer["reason"]["zh"]
    assert clerk.queue[edit].state == MOVED
    (kept,) = sanya.get(f"/incidents/{key}/submissions").json()["items"]
    assert (kept["moved"], kept["fields"], kept["was"]) == (
        True, {"title": "两艘快艇"}, {"title": "快艇靠岸卸货"},
    )  # fmt: skip
    assert clerk.http.get(f"/incidents/{key}/submissions").status_code == 403
    # Who never had it learns nothing of it.
    foreign = stranger.note("incident.edit", key, {"title": "x"}, title="y")
    stranger.push([foreign])
    assert stranger.answers[foreign]["code"] == "unknown"
    nothing = stranger.note("incident.edit", str(uuid4()), {"title": "x"}, title="y")
    stranger.push([nothing])
    assert stranger.answers[nothing]["reason"] == stranger.answers[foreign]["reason"]


def move(lead: httpx.Client, other: httpx.Client, key: str) -> None:
    assert stepped(lead, key, "transfer", to=SANYA, reason="在三亚海域").status_code == 200
    assert stepped(other, key, "take_over").status_code == 200
    area = {"area": SANYA, "seen": {"area": HAIKOU}}
    answer = stepped(other, key, "edit", **area)
    if answer.status_code != 200:
        assert stepped(lead, key, "edit", **area).status_code == 200, answer.text


@pytest.mark.parametrize("kind", ["incident.edit", "incident.add", "incident.file", "task.step"])
def test_what_may_not_be_seen_is_tried_in_vain_and_logged_once(watch: Watch, kind: str) -> None:
    lead = watch.browser("watch_lead", "coast_guard", unit=HAIKOU)
    key = reported(lead, area=HAIKOU)["id"]
    stranger = phone(watch.browser("grid_worker", "local_government", unit=SANYA))
    thing = f"incident:{key}"
    said: dict[str, Any] = {"text": "看见了"}
    if kind == "incident.edit":
        said = {"title": "y"}
    elif kind == "incident.file":
        said = {
            "sha256": "ab" * 32, "size": 9, "media_type": "image/jpeg", "shows_people": False,
        }  # fmt: skip
    elif kind == "task.step":
        boat = lead.post("/responders", json={
            "id": str(uuid4()), "name": "琼巡 01", "kind": "boat", "office": HAIKOU,
            "agency": "coast_guard", "speed_kn": 25,
        }).json()["id"]  # fmt: skip
        key = lead.post("/tasks", json={
            "id": str(uuid4()), "incident": key, "responder": boat, "what": "去看看",
        }).json()["id"]  # fmt: skip
        thing, said = f"task:{key}", {"kind": "accept"}
    note, nothing = stranger.note(kind, key, {}), stranger.note(kind, str(uuid4()), {})
    for record in (note, nothing):
        stranger.records[record]["fields"] = said
    for _ in range(2):
        stranger.push([note, nothing])
    first = stranger.answers[note]["first"]
    assert first["code"] == "unknown"
    assert first["reason"] == stranger.answers[nothing]["first"]["reason"]
    (entry,) = [e for e in watch.logged() if e.thing == thing and e.verdict.value == "deny"]
    assert entry.action == ("task.read" if kind == "task.step" else "incident.read")


def test_a_phone_hears_what_it_missed_and_nothing_twice(watch: Watch) -> None:
    clerk = phone(watch.browser("county_clerk", "local_government", unit=HAIKOU))
    worker = watch.browser("grid_worker", "local_government", unit=HAIKOU)
    first = reported(worker)["id"]
    asked = {"device": clerk.device, "after": ""}
    begun = clerk.http.post("/sync/changes", json=asked).json()
    assert (begun["reset"], [i["id"] for i in begun["items"]]) == (True, [first])
    second = reported(worker)["id"]
    lost = clerk.http.post("/sync/changes", json={**asked, "after": begun["token"]}).json()
    assert [i["id"] for i in lost["items"]] == [second]
    again = clerk.http.post("/sync/changes", json={**asked, "after": begun["token"]}).json()
    assert [i["id"] for i in again["items"]] == [second]
    quiet = clerk.http.post("/sync/changes", json={**asked, "after": again["token"]}).json()
    assert (quiet["items"], quiet["gone"], quiet["token"]) == ([], [], again["token"])
    other = clerk.http.post("/sync/changes", json={**asked, "after": "ab12.7"}).json()
    assert (other["reset"], {i["id"] for i in other["items"]}) == (True, {first, second})
    # Another's token on another's phone is none.
    stolen = worker.post("/sync/changes", json={**asked, "after": other["token"]}).json()
    assert stolen["reset"]


def test_what_phones_wrote_goes_with_the_text_of_the_incident(watch: Watch) -> None:
    worker = grid(watch)
    key = report(worker)
    add = worker.note("incident.add", key, text="渔民老陈说的")
    worker.push([key, add])
    trust = watch.gate.trust
    ask = Ask("system:server", "", "", "")
    incident_text.erase(trust.vault, ask, key, "retention", trust.now_us(), trust.record)
    (kept,) = worker.http.get(f"/incidents/{key}/submissions").json()["items"]
    assert kept["fields"] == {}
    with watch.shore.records.database.read() as connection:
        rows = connection.execute(sa.select(sync_records)).all()
    assert len(rows) == 2
    assert "老陈" not in str(rows)
    assert "渔港有人聚集" not in str(rows)
    worker.push([key, add])  # what was erased is not written again
    assert [worker.answers[k]["status"] for k in (key, add)] == ["known", "known"]


def test_many_come_in_several_answers(watch: Watch) -> None:
    clerk = phone(watch.browser("county_clerk", "local_government", unit=HAIKOU))
    worker = watch.browser("grid_worker", "local_government", unit=HAIKOU)
    keys = {f"incident/{reported(worker, title=f'{n}')['id']}" for n in range(105)}
    clerk.pull()
    assert set(clerk.items) == keys


def test_when_the_roles_end_the_phone_holds_nothing_and_keeps_its_queue(watch: Watch) -> None:
    clerk = phone(watch.browser("county_clerk", "local_government", unit=HAIKOU, login="clerk"))
    worker = watch.browser("grid_worker", "local_government", unit=HAIKOU)
    watch.enter("watch_lead", unit=SANYA)  # so that the agency is there
    reported(worker)
    clerk.pull()
    assert len(clerk.items) == 1
    waiting = report(clerk)
    base = watch.gate.people.base
    with base.database.write() as connection:
        account = accounts.by_login(connection, "clerk")
        assert account is not None
        for held in account.memberships:
            assert accounts.end_membership(connection, held.id, "test", base.now_us())
    assert clerk.pull() == 403
    assert (clerk.items, clerk.held.things, clerk.held.token) == ({}, {}, "")
    assert not clerk.push([waiting])
    assert clerk.queue[waiting].state == WAITING
    with base.database.write() as connection:
        place = Membership("watch_lead", SANYA, "police-460200")
        accounts.grant(connection, account.id, place, "test", base.now_us())
    assert clerk.pull() == 200
    assert clerk.items == {}


def test_what_is_merged_is_gone_from_the_phone(watch: Watch) -> None:
    clerk = phone(watch.browser("county_clerk", "local_government", unit=HAIKOU))
    worker = watch.browser("grid_worker", "local_government", unit=HAIKOU)
    one, other = reported(worker)["id"], reported(worker)["id"]
    clerk.pull()
    answer = stepped(clerk.http, one, "merge", other=other, reason="同一艘船")
    assert answer.status_code == 200, answer.text
    clerk.pull()
    assert set(clerk.items) == {f"incident/{other}"}
    assert clerk.held.told == {f"incident/{one}": "ended"}


def test_a_photo_goes_in_pieces_into_custody_under_the_case_of_its_incident(watch: Watch) -> None:
    worker = grid(watch)
    key = report(worker)
    worker.attach(key, PHOTO, "image/jpeg")
    again = worker.attach(key, PHOTO, "image/jpeg")
    worker.sync()
    assert {a["status"] for a in worker.answers.values()} == {"taken"}, worker.answers
    clerk = watch.browser("county_clerk", "local_government", unit=HAIKOU)
    found = clerk.get(f"/incidents/{key}/submissions").json()["items"]
    assert [f["file"]["sha256"] for f in found] == 2 * [hashlib.sha256(PHOTO).hexdigest()]
    assert found[0]["file"]["evidence"] == found[1]["file"]["evidence"]
    assert found[0]["fields"] == {}
    case = found[0]["file"]["case"]
    pieces = clerk.get(f"/cases/{case}/evidence").json()["items"]
    assert [(p["sha256"], p["media_type"], p["data_class"], p["size"]) for p in pieces] == [
        (hashlib.sha256(PHOTO).hexdigest(), "image/jpeg", "operational", len(PHOTO))
    ]
    shown = clerk.post(f"/cases/{case}/evidence/{pieces[0]['id']}/view", json={})
    assert shown.content == PHOTO
    staging = Staging(watch.shore.settings.data_dir, watch.gate.trust.vault)
    assert staging.of_file(worker.http.get("/me").json()["id"], found[0]["file"]["sha256"]) is None
    assert [p for p in staging.folder.rglob("*") if p.is_file()] == []
    opened = [e for e in watch.logged() if e.action == "case.open"]
    sender = f"account:{worker.http.get('/me').json()['id']}"
    assert [(e.actor, e.thing) for e in opened] == [
        ("system:server", f"case:{case}"), (sender, f"case:{case}"),
    ]  # fmt: skip
    # Files alone, until somebody works in it who may open a case: a watch officer may not.
    person = {"fields": {"name": "林海生", "phone": "13876543210"}}
    officer = watch.browser("watch_officer", "local_government", unit=HAIKOU)
    assert officer.post(f"/cases/{case}/subjects", json=person).status_code == 403
    assert again in worker.answers


def begun(worker: Phone, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest().encode()
    meta = "sha256 " + base64.b64encode(digest).decode()
    answer = worker.http.post(
        "/sync/uploads",
        headers={**TUS, "upload-length": str(len(data)), "upload-metadata": meta},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"]).removeprefix("/api/v1")


def written(worker: Phone, where: str, offset: int, data: bytes) -> httpx.Response:
    kind = "application/offset+octet-stream"
    headers = {**TUS, "upload-offset": str(offset), "content-type": kind}
    return worker.http.patch(where, content=data, headers=headers)


def test_a_half_sent_file_goes_on_where_it_was_and_is_whole(watch: Watch) -> None:
    worker = grid(watch)
    key = report(worker)
    file = worker.attach(key, PHOTO, "image/jpeg")
    where = begun(worker, PHOTO)
    assert written(worker, where, 0, PHOTO[:100_000]).headers["upload-offset"] == "100000"
    assert worker.http.head(where, headers=TUS).headers["upload-offset"] == "100000"
    wrong = written(worker, where, 0, PHOTO[:1000])
    assert (wrong.status_code, wrong.json()["offset"]) == (409, 100_000)
    # A record of a file that is not whole waits.
    assert worker.push([key, file])
    assert worker.answers[file]["code"] == "no_bytes"
    assert begun(worker, PHOTO) == where
    worker.queue[file] = type(worker.queue[file])(
        worker.queue[file].n, file, "incident.file", key, bytes_ready=False
    )
    worker.sync()
    assert worker.answers[file]["status"] == "taken", worker.answers[file]


def test_what_came_before_the_line_broke_is_kept(watch: Watch) -> None:
    worker = grid(watch)
    where = begun(worker, PHOTO)

    def breaking():
        yield PHOTO[:PIECE]
        yield PHOTO[PIECE : PIECE + 5000]
        raise ConnectionError("the tunnel")

    with pytest.raises(ConnectionError):
        written(worker, where, 0, breaking())  # type: ignore[arg-type]
    until_us, offset = clock_us() + SLOW_S * 1_000_000, 0
    while offset < PIECE + 5000 and clock_us() < until_us:
        time.sleep(0.1)  # oftener would be refused as too many requests
        offset = int(worker.http.head(where, headers=TUS).headers["upload-offset"])
    assert offset == PIECE + 5000


def test_another_account_does_not_touch_it(watch: Watch) -> None:
    worker, other = grid(watch), grid(watch, login="other")
    where = begun(worker, PHOTO)
    assert other.http.head(where, headers=TUS).status_code == 404
    assert written(other, where, 0, b"x").status_code == 404
    assert other.http.delete(where, headers=TUS).status_code == 404
    assert worker.http.delete(where, headers=TUS).status_code == 204
    assert worker.http.head(where, headers=TUS).status_code == 404


def test_a_file_that_was_changed_on_its_way_is_sent_again(watch: Watch) -> None:
    worker = grid(watch)
    key = report(worker)
    file = worker.attach(key, PHOTO, "image/jpeg")
    where = begun(worker, PHOTO)
    written(worker, where, 0, bytes(len(PHOTO)))
    worker.push([key, file])
    assert worker.answers[file]["code"] == "no_bytes"
    assert worker.http.head(where, headers=TUS).status_code == 404


def test_a_file_that_is_none_is_refused_with_the_reason(watch: Watch) -> None:
    worker = grid(watch)
    key = report(worker)
    bad = worker.attach(key, b"MZ\x90\x00 a program", "image/jpeg")
    worker.sync()
    assert worker.answers[bad]["code"] == "media"


def test_whoever_reports_and_handles_nothing_sends_nothing(watch: Watch) -> None:
    auditor = watch.browser("auditor", "oversight")
    body = {"device": str(uuid4()), "clock": "2026-11-29T00:00:00Z", "records": [{}]}
    assert auditor.post("/sync/push", json=body).status_code == 403
    assert auditor.post("/sync/changes", json={"device": str(uuid4())}).status_code == 403
    meta = {**TUS, "upload-length": "1", "upload-metadata": "sha256 YQ=="}
    assert auditor.post("/sync/uploads", headers=meta).status_code == 403
    old = {**meta, "tus-resumable": "0.2.0"}
    worker = watch.browser("grid_worker", "local_government", unit=HAIKOU)
    assert worker.post("/sync/uploads", headers=old).status_code == 412
