"""What a person may ask for reaches the answers of forms: what is held of him, who looked at it,
and that it is erased; afterwards no copy yields anything of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from bench import _traces
from littoral.api.wire import iso
from littoral.respond.sync.queue import SENT
from littoral.store.evidence import custody
from littoral.store.forms.tables import form_submissions
from littoral.store.vault import index, tables
from littoral.store.vault.keyfiles import KeyDestroyed

from .conftest import Watch
from .oversight import DAY_US, matter, portal, set_clock
from .oversight import published as log_published
from .test_custody import hand_in
from .test_forms import GOVERNMENT, HAIKOU, clerk, published, worker
from .test_persons import facts

NUMBER, OTHERS = "460100199001011234", "46010019851231001X"
PHONE = "13800138000"
HOME = "海甸岛和平大道三十六号王伟"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
WHY = {"reason": "request", "why": "本人书面要求删除"}


def answers(home: str) -> bytes:
    return (
        f'<data id="visit" version="1"><day>2026-11-29</day><home>{home}</home>'
        f"<photo>p.jpg</photo><meta><instanceID>uuid:{uuid4()}</instanceID></meta></data>"
    ).encode()


def handed_in(watch: Watch, maker: httpx.Client, *homes: str) -> list[dict[str, Any]]:
    """As they are listed, in the order of `homes`; with a photo each."""
    made = published(maker)
    phone = worker(watch)
    keys = [phone.hand_in(made["id"], answers(h), {"p.jpg": PHOTO + bytes([n])})
            for n, h in enumerate(homes)]  # fmt: skip
    phone.sync()
    assert {q.state for q in phone.queue.values()} == {SENT}, phone.answers
    listed = {i["id"]: i for i in maker.get("/form-submissions").json()["items"]}
    return [listed[key] for key in keys]


def dpo(watch: Watch, login: str = "dpo") -> httpx.Client:
    role = "data_protection_officer"
    return watch.browser(role, GOVERNMENT, unit=HAIKOU, login=login)


def told(watch: Watch, officer: httpx.Client, case: str, value: str = NUMBER, **more: Any) -> Any:
    log_published(watch)
    wanted = {"case": case, "value": value, **more}
    answer = officer.post("/oversight/subjects", json=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


def opened(maker: httpx.Client, seen: dict[str, Any]) -> httpx.Response:
    asked = {"reason": "安置台风后的住户", "whole_case": True}
    grant = maker.post(f"/cases/{seen['case']}/grants", json=asked).json()["id"]
    path = f"/cases/{seen['case']}/form-submissions/{seen['id']}/answers"
    return maker.post(path, json={"grant": grant})


def test_a_person_is_told_of_his_answers_alone_and_of_who_opened_any_of_them(watch: Watch) -> None:
    maker = clerk(watch)
    mine, other, called = handed_in(
        watch, maker, f"{HOME}，证号 4601 0019 9001 0112 34", f"{HOME}，{OTHERS}", PHONE
    )
    officer = dpo(watch)
    case = matter(officer)
    found = told(watch, officer, case)
    (record,) = found["records"]
    assert (record["id"], record["case"], record["form"]) == (
        mine["evidence"], mine["case"], "走访 Visit",
    )  # fmt: skip
    assert (record["unit"], record["agency"]) == (HAIKOU, GOVERNMENT)
    since, received = (datetime.fromisoformat(x) for x in (record["collected"], mine["received"]))
    assert received <= since < received + timedelta(minutes=1)
    taken_in = [("evidence.add", "走访 Visit")] * 2  # the photo too
    assert [(u["action"], u["form"]) for u in found["items"]] == taken_in
    assert found["items"][0]["says"]["en"] == (
        "local government, neighbourhood governance: answers to a form taken in (走访 Visit); "
        "basis: statutory duty."
    )
    assert opened(maker, called).status_code == 200  # by the number of a telephone, no document
    assert told(watch, officer, case)["items"] == found["items"]
    after = told(watch, officer, case, phone=PHONE)["items"]
    (view,) = (u for u in after if u["action"] == "evidence.read")
    assert (view["manner"], view["unit"], view["agency"]) == ("view", HAIKOU, GOVERNMENT)
    assert [r["id"] for r in told(watch, officer, case, OTHERS)["records"]] == [other["evidence"]]
    assert told(watch, officer, case, "460100199001010000") == {
        "items": [], "total": 0, "records": [],
    }  # fmt: skip
    with portal(watch) as client:
        headers = {"X-Road-UserId": "CN" + NUMBER}
        query = {"userCode": "CN" + NUMBER}
        usages = client.get("/v3/findUsage", params=query, headers=headers).json()
    told_there = [u["purpose"] for u in usages["internalProcessings"]]
    assert len(told_there) == 2


def test_a_telephone_number_finds_answers_where_the_person_shows_that_it_is_his(
    watch: Watch,
) -> None:
    maker = clerk(watch)
    (seen,) = handed_in(watch, maker, f"电话 +86 138-0013-8000 {HOME}")
    officer = dpo(watch)
    case = matter(officer)
    assert told(watch, officer, case)["records"] == []
    found = told(watch, officer, case, phone=PHONE)["records"]
    assert [r["id"] for r in found] == [seen["evidence"]]
    assert told(watch, officer, case, phone="138 0013 8000")["records"] == found
    raw = b"".join(p.read_bytes() for p in watch.gate.trust.log.root.rglob("*") if p.is_file())
    assert PHONE.encode() not in raw


def test_a_passport_finds_answers_however_it_was_written(watch: Watch) -> None:
    maker = clerk(watch)
    (seen,) = handed_in(watch, maker, f"护照 g1234 5678 {HOME}")
    officer = dpo(watch)
    case = matter(officer)
    found = told(watch, officer, case, "G12345678", field="passport")["records"]
    assert [r["id"] for r in found] == [seen["evidence"]]
    assert told(watch, officer, case, "G12345679", field="passport")["records"] == []


def test_a_court_delays_what_is_told_of_answers_as_of_persons(watch: Watch) -> None:
    watch.sign_policies()
    maker = clerk(watch)
    mine, _ = handed_in(watch, maker, NUMBER, f"{NUMBER} {HOME}")
    lead = watch.browser("agency_lead", GOVERNMENT, unit=HAIKOU)
    until = iso(watch.gate.trust.now_us() + 30 * DAY_US)
    order = {
        "case": mine["case"], "document": "(2026)琼01刑初12号", "until": until,
        "subject": mine["evidence"], "legal_basis": "court_order",
    }  # fmt: skip
    made = lead.post("/oversight/delays", json=order)
    assert made.status_code == 201, made.text
    officer = dpo(watch)
    case = matter(officer)
    found = told(watch, officer, case)
    assert mine["evidence"] not in str(found)
    assert len(found["records"]) == 1
    assert len(found["items"]) == 2  # of the other one, with its photo
    set_clock(watch, 31 * DAY_US)
    officer = dpo(watch, "later")
    after = told(watch, officer, matter(officer))
    assert len(after["records"]) == 2
    assert {u["hidden_until"] for u in after["items"]} == {None, made.json()["until"]}


def test_answers_are_erased_on_request_and_no_copy_yields_them(watch: Watch) -> None:
    maker = clerk(watch)
    mine, other, called = handed_in(
        watch, maker, f"{HOME} {NUMBER} {PHONE}", f"和平里十二号 {OTHERS}", "和平里 13900139000"
    )
    officer, second = dpo(watch), dpo(watch, "second.dpo")
    case = matter(officer)
    (record,) = told(watch, officer, case)["records"]
    path = f"/cases/{record['case']}/erasures"
    asked = officer.post(path, json={"subject": record["id"], **WHY})
    assert asked.status_code == 202, asked.text
    key = asked.json()["id"]
    assert (asked.json()["answers"], asked.json()["state"]) == (True, "waiting")
    assert officer.post(path, json={"subject": record["id"], **WHY}).status_code == 409
    assert officer.post(f"{path}/{key}/decision", json={"agree": True}).status_code == 403
    vault, kept_in = watch.gate.trust.vault, watch.gate.trust.evidence
    keys, e = {}, tables.evidence.c
    with vault.db.read() as connection:
        for row in connection.execute(sa.select(e.id, e.key_id, e.commitment)):
            keys[row.id] = (row.key_id, vault.keys.get(row.key_id).key, row.commitment)
        n = tables.answer_numbers.c
        tokens = list(connection.execute(
            sa.select(n.token).where(n.evidence_id == record["id"])
        ).scalars())  # fmt: skip
    assert len(tokens) == 2
    chain = custody.chain(vault, record["id"])
    assert [link.document["step"] for link in chain] == ["add"]
    # The scanner finds what it is to find: a copy in another form.
    (planted := kept_in.parent / "planted").write_text(HOME.encode().hex())
    assert list(_traces.traces(folders(watch), _traces.of_text(HOME))) == [str(planted)]
    planted.unlink()
    assert any(p.name == "records.sqlite" for f in folders(watch) for p in f.rglob("*"))
    files = {p.stem for p in kept_in.rglob("*.sealed")}
    assert len(files) == 6
    done = second.post(f"{path}/{key}/decision", json={"agree": True})
    assert (done.status_code, done.json()["state"]) == (200, "made"), done.text
    # Gone: the sealed file and that of its photo, what was listed, the numbers.
    left = {p.stem for p in kept_in.rglob("*.sealed")}
    gone = files - left
    assert record["id"] in gone
    assert len(gone) == 2
    assert other["evidence"] in left
    for evidence in gone:
        with pytest.raises(KeyDestroyed):
            vault.keys.get(keys[evidence][0])
    with vault.db.read() as connection:
        rows = connection.execute(sa.select(n.evidence_id)).scalars()
        assert set(rows) == {other["evidence"], called["evidence"]}
        s = form_submissions.c
        held = connection.execute(sa.select(s.open_answers).where(s.id == mine["id"])).scalar_one()
        assert held == b""
    items = {i["id"]: i for i in maker.get("/form-submissions").json()["items"]}
    assert (items[mine["id"]]["erased"], items[mine["id"]]["open"]) == (True, [])
    assert not items[other["id"]]["erased"]
    assert opened(maker, called).status_code == 200
    path = f"/cases/{mine['case']}/evidence/{mine['evidence']}/custody"
    assert officer.get(path).status_code == 410
    assert told(watch, officer, case)["records"] == []
    assert len(told(watch, officer, case, OTHERS)["records"]) == 1
    # The proof: an entry for the answers and their photo, with what the log committed to.
    said = [x for x in watch.logged() if x.action == "person.erase"]
    erased = {x.thing for x in said if x.thing.startswith("evidence:")}
    assert erased == {f"evidence:{i}" for i in gone}
    proof = watch.logged()[done.json()["log_index"]]
    assert proof.thing == f"evidence:{record['id']}"
    for evidence in gone:
        (fact,) = facts(watch, "person.erase", f"evidence:{evidence}")
        assert (fact["commitment"], fact["reason"]) == (keys[evidence][2], "request")
    # What was proved before is so still: the chain of custody, each link where the log has it.
    assert custody.chain(vault, record["id"]) == chain
    assert {watch.logged()[link.log_index].thing for link in chain} == {proof.thing}
    # Nowhere in the folder: neither value nor key, nor the hashes by which it was found.
    needles = {t for _, k, _ in (keys[i] for i in gone) for t in _traces.disguises(k)}
    for text in (HOME, NUMBER, PHONE):
        needles |= _traces.of_text(text)
    assert _traces.traces(folders(watch), needles) == {}
    assert found_by_hand(watch, tokens) == 0


def folders(watch: Watch) -> list[Path]:
    """All that the server writes, the keys among it."""
    folder = watch.shore.settings.data_dir
    assert watch.gate.trust.evidence.is_relative_to(folder)
    return [folder]


def found_by_hand(watch: Watch, tokens: list[bytes]) -> int:
    """How many of the old hashes are made again with the keys of the index that are left."""
    vault = watch.gate.trust.vault
    purpose = "neighbourhood_governance"
    with vault.db.read() as connection:
        key = index.known_key(vault, connection, purpose)
    assert key is not None
    wanted = (("id_number", NUMBER), ("phone", PHONE))
    return sum(index.token(key, purpose, *each) in tokens for each in wanted)


def test_what_is_held_is_not_erased_and_other_evidence_is_not_reached(watch: Watch) -> None:
    maker = clerk(watch)
    (mine,) = handed_in(watch, maker, NUMBER)
    officer, second = dpo(watch), dpo(watch, "second.dpo")
    path = f"/cases/{mine['case']}/erasures"
    asked = officer.post(path, json={"subject": mine["evidence"], **WHY}).json()
    vault = watch.gate.trust.vault
    with vault.db.read() as connection:
        e = tables.evidence.c
        photo = connection.execute(
            sa.select(e.id).where(e.media_type == "image/jpeg")
        ).scalar_one()  # fmt: skip
    order = {"thing": photo, "document": "(2026)琼01刑保7号", "legal_basis": "court_order"}
    held = officer.post("/holds", json=order)
    assert held.status_code == 201, held.text
    refused = second.post(f"{path}/{asked['id']}/decision", json={"agree": True})
    assert (refused.status_code, refused.json()["code"]) == (403, "held")
    assert [h["document"] for h in refused.json()["holds"]] == ["(2026)琼01刑保7号"]
    (still,) = maker.get("/form-submissions").json()["items"]
    assert still == mine
    again = officer.get("/erasures", params={"state": "waiting"}).json()["items"]
    assert [(i["id"], i["answers"]) for i in again] == [(asked["id"], True)]
    # A photo is no answer: it goes with them or by its retention.
    assert officer.post(path, json={"subject": photo, **WHY}).status_code == 404


def test_other_evidence_is_not_erased_by_this_way(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    case = investigator.post(
        "/cases",
        json={"title": "夜间", "purpose": "anti_smuggling", "legal_basis": "statutory_duty"},
    ).json()["id"]
    sent = hand_in(investigator, case, b"13800138000", name="a.txt", data_class="personal")
    assert sent.status_code == 201, sent.text
    officer = watch.browser("data_protection_officer", "customs")
    path = f"/cases/{case}/erasures"
    assert officer.post(path, json={"subject": sent.json()["id"], **WHY}).status_code == 404
