"""Forms over HTTP: uploaded, given to those below, filled in on a phone, seen as they allow."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from littoral.respond.sync.queue import SENT
from littoral.sim.phone import Phone
from littoral.store.clock import clock_us
from littoral.store.people.ids import uuid7
from littoral.store.sync.tables import sync_records
from littoral.store.vault import cases, tables
from tests.store.forms.workbooks import form

from .conftest import Watch

RAW = {"content-type": "application/octet-stream"}
HAIKOU, SANYA = "460100", "460200"
GOVERNMENT = "local_government"
SECRET = "王伟的住址"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
VISIT = (
    ("date", "day", "日期", "Day", "yes", "", "yes"),
    ("text", "home", "住址", "Address"),
    ("image", "photo", "照片", "Photo"),
)


def clerk(watch: Watch, unit: str = HAIKOU, **more: str) -> httpx.Client:
    return watch.browser("county_clerk", GOVERNMENT, unit=unit, **more)


def upload(of: httpx.Client, data: bytes, keep: bool = True, **more: Any) -> httpx.Response:
    query = {
        "name": "visit.xlsx",
        "purpose": "neighbourhood_governance",
        "keep": str(keep).lower(),
        **more,
    }
    return of.post("/forms/upload", content=data, headers=RAW, params=query)


def published(of: httpx.Client, version: str = "1") -> dict[str, Any]:
    answer = upload(of, form(*VISIT, version=version))
    assert answer.status_code == 200, answer.text
    made = answer.json()["form"]
    done = of.post(f"/forms/{made['id']}/publish", json={})
    assert done.status_code == 200, done.text
    return done.json()


def worker(watch: Watch, unit: str = HAIKOU) -> Phone:
    browser = watch.browser("grid_worker", GOVERNMENT, unit=unit)
    return Phone(browser, str(uuid4()), clock_us, uuid7)


def filled(version: str = "1", day: str = "2026-11-29") -> bytes:
    return (
        f'<data id="visit" version="{version}"><day>{day}</day><home>{SECRET}</home>'
        f"<photo>p.jpg</photo><meta><instanceID>uuid:{uuid4()}</instanceID></meta></data>"
    ).encode()


def test_a_form_is_looked_at_taken_published_and_given_out_again(watch: Watch) -> None:
    maker = clerk(watch)
    data = form(*VISIT)
    looked = upload(maker, data, keep=False).json()
    assert (looked["fault_count"], looked["form"]["form_id"]) == (0, "visit")
    assert maker.get("/forms").json()["items"] == []
    made = upload(maker, data).json()["form"]
    assert (made["state"], made["unit"], made["agency"]) == ("draft", HAIKOU, GOVERNMENT)
    assert upload(maker, data).json()["form"]["id"] == made["id"]
    assert upload(maker, form(*VISIT[:1])).status_code == 409
    below = watch.browser("grid_worker", GOVERNMENT, unit=HAIKOU)
    assert below.get("/forms").json()["items"] == []
    assert below.get(f"/forms/{made['id']}").status_code == 404
    assert below.post(f"/forms/{made['id']}/publish", json={}).status_code in (403, 404)
    maker.post(f"/forms/{made['id']}/publish", json={})
    (seen,) = below.get("/forms", params={"in_force": True}).json()["items"]
    assert (seen["state"], seen["in_force"], seen["may_write"]) == ("published", True, False)
    assert [(q["path"], q["open"]) for q in seen["questions"]] == [
        ("/data/day", True), ("/data/home", False), ("/data/photo", False),
    ]  # fmt: skip
    assert below.get(f"/forms/{made['id']}/form.xlsx").content == data
    xform = below.get(f"/forms/{made['id']}/form.xml")
    assert '<data id="visit" version="1">' in xform.text
    actions = [e.action for e in watch.logged()]
    assert "form.write" in actions


def test_faults_are_told_by_place_and_nothing_is_taken(watch: Watch) -> None:
    maker = clerk(watch)
    bad = form(("text", "religion", "宗教", "Religion"), ("barcode", "b", "码", "Code"))
    looked = upload(maker, bad, keep=False).json()
    assert looked["form"] is None
    assert [(f["sheet"], f["row"], f["column"]) for f in looked["faults"]] == [
        ("survey", 2, "B"), ("survey", 2, "C"), ("survey", 2, "D"), ("survey", 3, "A"),
    ]  # fmt: skip
    refused = upload(maker, bad)
    assert (refused.status_code, refused.json()["fault_count"]) == (422, 4)
    assert upload(maker, b"x" * (2 * 1024 * 1024 + 1)).status_code == 413
    assert maker.post("/forms/upload", json={}).status_code == 415
    assert upload(maker, form(*VISIT), purpose="border_control").status_code == 422
    assert maker.get("/forms").json()["items"] == []


def test_a_later_version_replaces_the_one_before_on_its_day(watch: Watch) -> None:
    maker = clerk(watch)
    first = published(maker)
    second = upload(maker, form(*VISIT, version="2")).json()["form"]
    later = {"valid_from": "2999-01-01T00:00:00Z"}
    maker.post(f"/forms/{second['id']}/publish", json=later)

    def now() -> list[str]:
        items = maker.get("/forms", params={"in_force": True}).json()["items"]
        return [i["version"] for i in items]

    assert now() == ["1"]
    past = {"valid_from": "2020-01-01T00:00:00Z"}
    assert maker.post(f"/forms/{second['id']}/publish", json=past).status_code == 422
    maker.post(f"/forms/{second['id']}/publish", json={})
    assert now() == ["2"]
    maker.post(f"/forms/{second['id']}/retire")
    assert now() == []
    assert maker.post(f"/forms/{second['id']}/publish", json={}).status_code == 409
    assert maker.get(f"/forms/{first['id']}").json()["state"] == "published"


def test_who_changes_forms_and_to_whom_they_are_given(watch: Watch) -> None:
    made = published(clerk(watch))
    elsewhere = [
        clerk(watch, SANYA), watch.browser("grid_worker", GOVERNMENT, unit=SANYA),
        watch.browser("watch_officer", "police", unit=HAIKOU),
    ]  # fmt: skip
    for browser in elsewhere:
        assert browser.get("/forms").json()["items"] == []
        assert browser.get(f"/forms/{made['id']}").status_code == 403
        assert browser.post(f"/forms/{made['id']}/retire").status_code == 403
    assert watch.browser("auditor", "oversight").get("/forms").status_code == 403
    officer = watch.browser("watch_officer", GOVERNMENT, unit=HAIKOU)
    assert upload(officer, form(*VISIT)).status_code == 403
    weak = clerk(watch, assurance="password", login="weak")
    assert upload(weak, form(*VISIT)).status_code == 403
    province = clerk(watch, "460000")
    for_all = published(province)
    ids = {
        i["id"]
        for i in watch.browser("grid_worker", GOVERNMENT, unit=SANYA).get("/forms").json()["items"]
    }
    assert ids == {for_all["id"]}


def test_what_is_handed_in_is_sealed_and_seen_in_its_case_alone(watch: Watch) -> None:
    maker = clerk(watch)
    made = published(maker)
    phone = worker(watch)
    key = phone.hand_in(made["id"], filled(), {"p.jpg": PHOTO})
    phone.sync()
    assert {q.state for q in phone.queue.values()} == {SENT}, phone.answers
    (seen,) = maker.get("/form-submissions").json()["items"]
    assert (seen["id"], seen["sealed"], seen["files"], seen["unit"]) == (key, 2, 1, HAIKOU)
    assert seen["open"] == [{"path": "/data/day", "value": "2026-11-29"}]
    assert SECRET not in maker.get("/form-submissions").text
    assert SECRET not in maker.get("/form-submissions.csv", params={"form": "visit"}).text
    # Nothing of it lies in the records in clear.
    with watch.shore.records.database.read() as connection:
        for row in connection.execute(sa.select(sync_records)):
            assert SECRET not in str(row)
    for file in watch.shore.settings.data_dir.rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file
    # It lies in a case of the purpose, and is opened there under a grant alone.
    case = cases.frame(watch.gate.trust.vault, seen["case"])
    assert (case.purpose, case.unit, case.agency) == (
        "neighbourhood_governance",
        HAIKOU,
        GOVERNMENT,
    )
    other = watch.browser("investigator", GOVERNMENT, unit=HAIKOU)
    listed = other.get(f"/cases/{seen['case']}/evidence").json()["items"]
    assert {i["data_class"] for i in listed} == {"personal"}
    path = f"/cases/{seen['case']}/evidence/{seen['evidence']}/view"
    assert other.post(path, json={}).status_code == 403
    table = maker.get("/form-submissions.csv", params={"form": "visit"}).content.decode("utf-8-sig")
    assert table.splitlines()[0].endswith("sealed,/data/day")
    assert table.splitlines()[1].endswith("2,2026-11-29")


def test_the_answers_are_opened_for_a_reason_within_the_case_and_it_is_logged(watch: Watch) -> None:
    maker = clerk(watch)
    made = published(maker)
    phone = worker(watch)
    phone.hand_in(made["id"], filled(), {"p.jpg": PHOTO})
    phone.sync()
    (seen,) = maker.get("/form-submissions").json()["items"]
    path = f"/cases/{seen['case']}/form-submissions/{seen['id']}/answers"
    assert maker.post(path, json={}).status_code == 403
    asked = {"reason": "安置台风后的住户", "whole_case": True}
    grant = maker.post(f"/cases/{seen['case']}/grants", json=asked).json()["id"]
    shown = maker.post(path, json={"grant": grant})
    assert shown.status_code == 200, shown.text
    assert [a["value"] for a in shown.json()["answers"]] == ["2026-11-29", SECRET, "p.jpg"]
    (file,) = shown.json()["files"]
    assert (file["case"], file["media_type"], file["size"]) == (
        seen["case"], "image/jpeg", len(PHOTO),
    )  # fmt: skip
    last = [e for e in watch.logged() if e.action == "evidence.read"][-1]
    assert (last.thing, last.case) == (
        f"evidence:{seen['evidence']}", f"case:{seen['case']}",
    )  # fmt: skip
    for other in (
        clerk(watch, SANYA), clerk(watch, login="colleague"),
        watch.browser("agency_lead", GOVERNMENT, unit=HAIKOU),
        watch.browser("grid_worker", GOVERNMENT, unit=HAIKOU),
    ):  # fmt: skip
        assert other.post(path, json={"grant": grant}).status_code in (403, 404)
    at = watch.gate.trust.now_us() + 2 * 3_600_000_000
    watch.gate.trust.now_us = lambda: at
    assert maker.post(path, json={"grant": grant}).status_code == 403


def test_nobody_else_sees_what_was_handed_in(watch: Watch) -> None:
    made = published(clerk(watch))
    phone = worker(watch)
    phone.hand_in(made["id"], filled())
    phone.sync()
    lead = watch.browser("agency_lead", GOVERNMENT, unit=HAIKOU)
    assert len(lead.get("/form-submissions").json()["items"]) == 1
    assert clerk(watch, "460000").get("/form-submissions").json()["items"] != []
    assert clerk(watch, SANYA).get("/form-submissions").json()["items"] == []
    assert watch.browser("watch_lead", "police", unit=HAIKOU).get("/form-submissions").json()[
        "items"
    ] == []  # fmt: skip
    for role, agency in (
        ("grid_worker", GOVERNMENT),
        ("auditor", "oversight"),
        ("analyst", "police"),
    ):
        answer = watch.browser(role, agency, unit=HAIKOU, login=f"x-{role}").get(
            "/form-submissions"
        )
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (filled(version="9"), "form"), (b"no xml at all", "form"),
        (filled().replace(b"<day>", b"<secret>x</secret><day>"), "form"),
        (b"<?xml version='1.0'?>" + filled(), "media"),
        (filled() + b" " * 1024 * 1024, "too_large"),
    ],
)  # fmt: skip
def test_a_bad_submission_holds_up_no_other(watch: Watch, answers: bytes, code: str) -> None:
    made = published(clerk(watch))
    phone = worker(watch)
    bad = phone.hand_in(made["id"], answers, {"p.jpg": PHOTO})
    good = phone.hand_in(made["id"], filled())
    phone.sync()
    assert phone.queue[good].state == SENT
    assert phone.aside == {bad: code}
    assert phone.answers[bad]["reason"]["zh"]
    assert SECRET not in str(phone.answers[bad])


def test_sent_twice_it_is_one_and_others_cannot_add_to_it(watch: Watch) -> None:
    maker = clerk(watch)
    made = published(maker)
    phone = worker(watch)
    key = phone.hand_in(made["id"], filled())
    phone.sync()
    assert phone.push([key])
    assert phone.answers[key]["status"] == "known"
    other = Phone(clerk(watch, login="other"), str(uuid4()), clock_us, uuid7)
    added = other.hand_in(made["id"], filled(), {"q.jpg": PHOTO})
    (file,) = (k for k in other.queue if k != added)
    other.records[file]["thing"] = key
    other.sync()
    assert other.answers[file]["code"] == "unknown"
    tried = [e for e in watch.logged() if e.thing == f"submission:{key}"]
    assert [(e.action, e.verdict.value) for e in tried] == [("evidence.add", "deny")]
    assert len(maker.get("/form-submissions").json()["items"]) == 2


def test_what_was_filled_in_before_the_form_ended_is_taken_and_a_draft_is_not(
    watch: Watch,
) -> None:
    maker = clerk(watch)
    made = published(maker)
    draft = upload(maker, form(*VISIT, version="2")).json()["form"]
    maker.post(f"/forms/{made['id']}/retire")
    phone = worker(watch)
    late = phone.hand_in(made["id"], filled())
    early = phone.hand_in(draft["id"], filled(version="2"))
    unknown = phone.hand_in(str(uuid4()), filled())
    phone.sync()
    assert phone.queue[late].state == SENT
    assert phone.aside == {early: "unknown", unknown: "unknown"}


def test_a_unit_that_was_not_given_the_form_hands_none_in(watch: Watch) -> None:
    made = published(clerk(watch))
    phone = worker(watch, SANYA)
    key = phone.hand_in(made["id"], filled())
    phone.sync()
    assert phone.aside == {key: "policy"}


def test_what_is_listed_ends_with_the_answers(watch: Watch) -> None:
    maker = clerk(watch)
    made = published(maker)
    phone = worker(watch)
    phone.hand_in(made["id"], filled())
    phone.sync()
    (seen,) = maker.get("/form-submissions").json()["items"]
    vault = watch.gate.trust.vault
    with vault.db.read() as connection:
        e = tables.evidence.c
        key = connection.execute(sa.select(e.key_id).where(e.id == seen["evidence"])).scalar_one()
    vault.keys.destroy(key, clock_us(), "rule")
    (seen,) = maker.get("/form-submissions").json()["items"]
    assert (seen["erased"], seen["open"], seen["sealed"]) == (True, [], 0)


def test_shipped_forms_are_given_out(watch: Watch) -> None:
    maker = clerk(watch)
    names = [i["name"] for i in maker.get("/forms/shipped").json()["items"]]
    assert names == ["household_visit", "place_report", "patrol"]
    for name in names:
        data = maker.get(f"/forms/shipped/{name}").content
        assert upload(maker, data).json()["form"]["form_id"] == name
    assert maker.get("/forms/shipped/other").status_code == 404
