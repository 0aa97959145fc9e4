"""A case whose key is lost, not destroyed: what it seals is left out or said to be unreadable, and
what is not of it is shown as ever."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa

from littoral.store.vault import tables

from .conftest import Watch
from .test_cases import CASE
from .test_custody import hand_in

PERSON = {"name": "王伟", "id_number": "460100199001011234"}


def test_a_lost_key_makes_no_list_fail(watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
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
    for path in vault.keys.files.folder.rglob(f"{key}*"):
        path.unlink()
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
