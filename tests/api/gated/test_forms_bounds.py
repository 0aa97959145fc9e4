"""What one desk does with forms holds up no other, and what is listed of answers is told."""

from __future__ import annotations

import threading
from dataclasses import replace
from uuid import uuid4

from littoral.api.rates import Rates
from littoral.api.signin.limits import RateLimit
from littoral.respond.sync.queue import SENT
from littoral.store.forms import apart, versions
from tests.store.forms.workbooks import form

from .conftest import Watch
from .test_forms import GOVERNMENT, HAIKOU, SANYA, clerk, filled, published, upload, worker

OPEN = (("date", "day", "日期", "Day", "", "", "yes"), ("integer", "n", "数", "N", "", "", "yes"))


def test_the_list_of_answers_leaves_an_entry_as_the_table_does(watch: Watch) -> None:
    maker = clerk(watch)
    made = published(maker)
    phone = worker(watch)
    phone.hand_in(made["id"], filled())
    phone.sync()
    before = len(watch.logged())
    assert len(maker.get("/form-submissions").json()["items"]) == 1
    maker.get("/form-submissions.csv", params={"form": "visit"})
    told = [e for e in watch.logged()[before:] if e.action == "form.answers"]
    assert [(e.verdict.value, e.thing) for e in told] == [("allow", "form:all")] * 2


def test_a_value_that_is_not_what_was_asked_for_is_sealed_and_guarded(watch: Watch) -> None:
    maker = clerk(watch)
    made = upload(maker, form(*OPEN)).json()["form"]
    assert made["is_open"]
    maker.post(f"/forms/{made['id']}/publish", json={})
    phone = worker(watch)
    for n in ("3", "王伟 13800138000"):
        phone.hand_in(
            made["id"],
            f'<data id="visit" version="1"><day>2026-11-29</day><n>{n}</n>'
            f"<meta><instanceID>uuid:{uuid4()}</instanceID></meta></data>".encode(),
        )
    phone.sync()
    assert {q.state for q in phone.queue.values()} == {SENT}, phone.answers
    listed = maker.get("/form-submissions")
    assert "王伟" not in listed.text
    by_sealed = {i["sealed"]: i for i in listed.json()["items"]}
    assert sorted(by_sealed) == [0, 1]
    held = maker.get(f"/cases/{by_sealed[1]['case']}/evidence").json()["items"]
    classes = {i["id"]: i["data_class"] for i in held}
    assert classes.get(by_sealed[1]["evidence"], "personal") == "personal"
    other = watch.browser("investigator", GOVERNMENT, unit=HAIKOU)
    for sealed, code in ((0, 200), (1, 403)):
        one = by_sealed[sealed]
        path = f"/cases/{one['case']}/evidence/{one['evidence']}/view"
        assert other.post(path, json={}).status_code == code


def test_drafts_of_one_county_neither_blind_another_nor_grow_without_end(watch: Watch) -> None:
    here, there = clerk(watch), clerk(watch, SANYA)
    made = published(here)
    phone = worker(watch)
    phone.hand_in(made["id"], filled())
    phone.sync()
    database = watch.shore.records.database
    with database.read() as connection:
        one = versions.one(connection, made["id"])
    assert one is not None
    draft = replace(one, unit=SANYA, from_us=None, published_by=None)
    now_us = watch.gate.trust.now_us()
    with database.write() as connection:
        for n in range(1_100):  # retired ones, which no number bounds
            versions.add(
                connection,
                replace(draft, id=str(uuid4()), version=f"r{n}", uploaded_us=now_us + n,
                        retired_us=now_us),
                "x", b"x",
            )  # fmt: skip
        for n in range(versions.MOST_DRAFTS):
            versions.add(
                connection,
                replace(draft, id=str(uuid4()), version=f"d{n}", uploaded_us=now_us + n),
                "x", b"x",
            )  # fmt: skip
    (seen,) = here.get("/form-submissions").json()["items"]
    assert (seen["form"], seen["version"]) == (made["id"], "1")
    assert [i["id"] for i in here.get("/forms").json()["items"]] == [made["id"]]
    below = watch.browser("grid_worker", GOVERNMENT, unit=HAIKOU)
    found = below.get("/forms", params={"in_force": True}).json()["items"]
    assert [(i["id"], i["in_force"]) for i in found] == [(made["id"], True)]
    refused = upload(there, form(*OPEN))
    assert refused.status_code == 409
    assert "100 drafts" in refused.json()["detail"]
    drafts = [i["id"] for i in there.get("/forms").json()["items"] if i["state"] == "draft"]
    assert len(drafts) == versions.MOST_DRAFTS  # whatever was retired since
    assert there.post(f"/forms/{drafts[0]}/retire").status_code == 200
    assert upload(there, form(*OPEN)).status_code == 200
    assert upload(here, form(*OPEN, version="2")).status_code == 200


def test_one_form_is_converted_at_a_time_and_uploads_are_counted(watch: Watch) -> None:
    maker = clerk(watch)
    codes: list[int] = []
    waits: list[str | None] = []
    together = threading.Barrier(3)

    def go() -> None:
        mine = clerk(watch, login=str(uuid4())[:8])
        together.wait()
        answer = upload(mine, form(*OPEN), keep=False)
        codes.append(answer.status_code)
        waits.append(answer.headers.get("retry-after"))

    with apart._ONE:
        threads = [threading.Thread(target=go) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert codes == [503] * 3
    assert waits == ["5"] * 3
    assert upload(maker, form(*OPEN), keep=False).status_code == 200
    watch.gate.rates = Rates(costly=RateLimit(burst=1, per_s=0.01))
    assert upload(maker, form(*OPEN), keep=False).status_code == 200
    assert upload(maker, form(*OPEN), keep=False).status_code == 429
