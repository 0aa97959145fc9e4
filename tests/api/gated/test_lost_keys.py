"""A key that is lost, not destroyed: what it seals is left out or said to be unreadable, and what
is not of it is shown and erased as ever."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from littoral.engine import upkeep
from littoral.store.vault import index, retention, tables
from littoral.store.vault.keyfiles import KeyDestroyed

from .conftest import Watch
from .oversight import DAY_US, case_with_person, set_clock
from .test_cases import CASE
from .test_custody import hand_in
from .test_forms import clerk
from .test_forms_before import started
from .test_forms_rights import HOME, OTHERS, WHY, dpo, handed_in

PERSON = {"name": "王伟", "id_number": "460100199001011234"}


@pytest.mark.parametrize("how", ["lost", "cut", "changed"])
def test_a_lost_or_damaged_key_makes_no_list_fail(
    watch: Watch, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    watch.sign_policies()
    watch.assess(CASE["purpose"], "customs")
    inv = watch.browser("investigator", "customs")
    lead, auditor = watch.browser("agency_lead", "customs"), watch.browser("auditor", "oversight")
    officer = watch.browser("data_protection_officer", "customs")
    case, other = (inv.post("/cases", json=CASE).json()["id"] for _ in range(2))
    subject = inv.post(f"/cases/{case}/subjects", json={"fields": PERSON}).json()["id"]
    evidence = hand_in(inv, case).json()["id"]
    ask = {"reason": "to read the persons", "subjects": [subject]}
    grant = inv.post(f"/cases/{case}/grants", json=ask).json()["id"]
    wish = {"subject": subject, "reason": "request", "why": "本人书面要求删除"}
    erasure = officer.post(f"/cases/{case}/erasures", json=wish).json()["id"]
    vault = watch.gate.trust.vault
    with vault.db.read() as connection:
        c = tables.cases.c
        key = connection.execute(sa.select(c.key_id).where(c.id == case)).scalar_one()
    (path,) = vault.keys.files.folder.rglob(f"{key}*")
    text = path.read_text()
    if how == "lost":
        path.unlink()
    else:
        spoilt = text.replace('"wrapped": "', '"wrapped": "00')
        path.write_text(text[:40] if how == "cut" else spoilt)
    caplog.set_level(logging.WARNING)
    (listed,) = officer.get("/erasures").json()["items"]
    assert (listed["id"], listed["why"]) == (erasure, None)
    (shown,) = lead.get(f"/cases/{case}/grants").json()["items"]
    assert (shown["id"], shown["reason"]) == (grant, None)
    assert "is lost: restore the keys" in caplog.text
    assert {c["id"] for c in inv.get("/cases").json()["items"]} == {case, other}
    asked = (
        ("GET", f"/cases/{case}/subjects", None),
        ("POST", f"/cases/{case}/subjects", {"fields": {"name": "李四"}}),
        ("POST", f"/cases/{case}/grants", ask),
        ("POST", f"/cases/{case}/evidence/{evidence}/view", {}),
    )
    for method, path, body in asked:
        answer = inv.request(method, path, json=body)
        assert (answer.status_code, "is lost" in answer.json()["detail"]) == (503, True), path
    decision = {"agree": False, "note": "not so"}
    for browser in (inv, lead, auditor, officer):
        for method, path, body in (
            *asked, ("GET", f"/cases/{case}/evidence", None), ("GET", "/erasures", None),
            ("GET", f"/cases/{case}/grants", None), ("GET", f"/cases/{case}/erasures", None),
            ("POST", f"/cases/{case}/erasures/{erasure}/decision", decision),
            ("DELETE", f"/cases/{case}/erasures/{erasure}", None),
            ("DELETE", f"/grants/{grant}", None), ("GET", "/retention/preview", None),
        ):  # fmt: skip
            assert browser.request(method, path, json=body).status_code != 500, path


def lost(watch: Watch, table: sa.Table, thing: str) -> None:
    vault = watch.gate.trust.vault
    with vault.db.read() as connection:
        key = connection.execute(sa.select(table.c.key_id).where(table.c.id == thing)).scalar_one()
    for path in vault.keys.files.folder.rglob(f"{key}*"):
        path.unlink()


def test_a_lost_key_of_one_person_leaves_the_others_of_the_case(watch: Watch) -> None:
    watch.sign_policies()
    inv = watch.browser("investigator", "customs")
    case = inv.post("/cases", json=CASE).json()["id"]
    gone, there = (
        inv.post(f"/cases/{case}/subjects", json={"fields": {"name": name}}).json()["id"]
        for name in ("王伟", "李四")
    )
    lost(watch, tables.subjects, gone)
    answer = inv.get(f"/cases/{case}/subjects")
    assert answer.status_code == 200, answer.text
    names = {i["id"]: i["fields"]["name"] for i in answer.json()["items"]}
    assert (names[gone], names[there]) == (None, "李*")


def index_key(watch: Watch, purpose: str) -> str:
    vault = watch.gate.trust.vault
    with vault.db.read() as connection:
        key = index.known_key(vault, connection, purpose)
    assert key is not None
    return key.id


def erased(one: httpx.Client, two: httpx.Client, case: str, thing: str) -> Any:
    """One asks, another agrees; how the request stands then."""
    asked = one.post(f"/cases/{case}/erasures", json={"subject": thing, **WHY})
    assert asked.status_code == 202, asked.text
    path = f"/cases/{case}/erasures/{asked.json()['id']}/decision"
    done = two.post(path, json={"agree": True, "note": "已核对"})
    assert done.status_code == 200, done.text
    return done.json()


def test_a_lost_key_of_a_person_stops_neither_erasure_nor_retention_nor_the_start(
    watch: Watch,
) -> None:
    watch.sign_policies()
    inv = watch.browser("investigator", "customs")
    _, lost_one = case_with_person(inv)
    case, other = case_with_person(inv, name="李四", id_number=OTHERS, phone="13900139000")
    third_case, third = case_with_person(inv, name="王五", phone="13700137000")
    photo = hand_in(inv, third_case).json()["id"]
    trust, purpose = watch.gate.trust, str(CASE["purpose"])
    before = index_key(watch, purpose)
    lost(watch, tables.subjects, lost_one)
    role = "data_protection_officer"
    one, two = (watch.browser(role, "customs", login=login) for login in ("dpo-a", "dpo-b"))
    done = erased(one, two, case, other)
    assert (done["state"], done["log_index"] is not None) == ("made", True)
    with pytest.raises(KeyDestroyed):
        trust.vault.keys.get(before)
    before = index_key(watch, purpose)
    assert inv.post(f"/cases/{third_case}/close").status_code == 200
    set_clock(watch, 731 * DAY_US)
    ran = upkeep.run_retention(trust)
    assert (set(ran.erased), ran.files) == ({third, photo}, (photo,))
    last = retention.last(trust.vault)
    assert last is not None
    assert (last["erased"], last["sha256"]) == (2, ran.proof)
    with pytest.raises(KeyDestroyed):
        trust.vault.keys.get(before)
    assert started(watch) == []


def test_nor_does_a_lost_key_of_answers(watch: Watch) -> None:
    watch.sign_policies()
    maker = clerk(watch)
    mine, other = handed_in(watch, maker, HOME + " 460100199001011234", f"{HOME} {OTHERS}")
    trust, purpose = watch.gate.trust, "neighbourhood_governance"
    before = index_key(watch, purpose)
    lost(watch, tables.evidence, mine["evidence"])
    done = erased(dpo(watch, "dpo-a"), dpo(watch, "dpo-b"), other["case"], other["evidence"])
    assert done["state"] == "made"
    with pytest.raises(KeyDestroyed):
        trust.vault.keys.get(before)
    before = index_key(watch, purpose)
    assert started(watch) == []
    set_clock(watch, 3 * 366 * DAY_US)
    ran = upkeep.run_retention(trust)
    assert mine["evidence"] in ran.erased  # what nobody can read any more ends as well
    assert ran.refused == ()
    with pytest.raises(KeyDestroyed):
        trust.vault.keys.get(before)
    assert started(watch) == []
