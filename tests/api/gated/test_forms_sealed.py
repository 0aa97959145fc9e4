"""Answers that a court has sealed, and what of them is listed."""

from __future__ import annotations

from .conftest import Watch
from .test_forms import clerk
from .test_forms_rights import HOME, dpo, handed_in, opened

ORDER = {"document": "(2026)琼01刑初12号", "legal_basis": "court_order"}
DAY = "2026-11-29"


def test_what_a_court_sealed_is_neither_opened_nor_listed_until_it_is_lifted(watch: Watch) -> None:
    watch.sign_policies()
    maker, officer = clerk(watch), dpo(watch)
    mine, other = handed_in(watch, maker, HOME, "和平里十二号")
    held = officer.post("/holds", json={"thing": mine["evidence"], **ORDER})
    assert held.status_code == 201, held.text
    refused = opened(maker, mine)
    assert refused.status_code == 403, refused.text
    assert "Sealed evidence is opened by order of a court only" in refused.json()["detail"]
    assert HOME not in refused.text
    assert opened(maker, other).status_code == 200
    listed = {i["id"]: i for i in maker.get("/form-submissions").json()["items"]}
    # That there are answers is told, and how many.
    assert (listed[mine["id"]]["open"], listed[mine["id"]]["sealed"]) == ([], 3)
    assert listed[other["id"]] == other
    table = maker.get("/form-submissions.csv", params={"form": "visit"}).text.splitlines()
    assert [DAY in line.rpartition(",")[2] for line in table[1:]].count(True) == 1
    path = f"/holds/{held.json()['id']}/release"
    lifted = dpo(watch, "second.dpo").post(path, json={**ORDER, "document": "(2026)琼01刑解3号"})
    assert lifted.status_code == 200, lifted.text
    assert opened(maker, mine).status_code == 200
    after = {i["id"]: i for i in maker.get("/form-submissions").json()["items"]}
    assert after[mine["id"]] == mine
