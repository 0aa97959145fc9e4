"""A person's fields are corrected under a live grant, and erased on request by two; both are in the
log without a value, both are told to the person, and neither passes a legal hold."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx
import orjson
import pytest
import sqlalchemy as sa

from littoral.api.case_json import SubjectModel
from littoral.api.persons import ErasureModel
from littoral.api.wire import iso
from littoral.store.vault import logged, tables
from littoral.store.vault.erasure_requests import LASTS_US
from littoral.store.vault.keyfiles import KeyDestroyed

from .conftest import Watch
from .test_cases import CASE, asked, opened

NUMBER = "460100199001011234"
ORDER = "(2026)琼01刑保7号"
WHY = {"reason": "request", "why": "the person asks for it in writing"}


@pytest.fixture
def investigator(watch: Watch) -> httpx.Client:
    return watch.browser("investigator", "customs")


@pytest.fixture
def officer(watch: Watch) -> httpx.Client:
    """Data protection of customs."""
    return watch.browser("data_protection_officer", "customs")


@pytest.fixture
def second(watch: Watch) -> httpx.Client:
    return watch.browser("data_protection_officer", "customs", login="second.dpo")


def granted(browser: httpx.Client, case: str, person: str, **more: Any) -> str:
    return str(asked(browser, case, person, **more).json()["id"])


def correct(
    browser: httpx.Client, grant: str, person: str, fields: dict[str, str]
) -> httpx.Response:
    return browser.post(f"/grants/{grant}/correct", json={"subject": person, "fields": fields})


def facts(watch: Watch, action: str, thing: str) -> list[dict[str, Any]]:
    """The unsealed facts of the entries about a thing."""
    key = logged.log_key(watch.gate.trust.vault, watch.gate.trust.now_us())
    return [
        orjson.loads(logged.facts_json(e, key) or b"{}")
        for e in watch.logged()
        if (e.action, e.thing) == (action, thing)
    ]


def ciphertexts(watch: Watch, person: str) -> dict[str, bytes]:
    f = tables.fields.c
    query = sa.select(f.name, f.ciphertext).where(f.subject_id == person)
    with watch.gate.trust.vault.db.read() as connection:
        return {row.name: row.ciphertext for row in connection.execute(query)}


def commitment(person: str, name: str, ciphertext: bytes) -> str:
    """As docs/personal-data.md says, written anew."""
    digest = hashlib.sha256()
    for part in (person.encode(), name.encode(), ciphertext):
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.hexdigest()


def held(browser: httpx.Client, thing: str) -> str:
    order = {"thing": thing, "legal_basis": "court_order", "document": ORDER}
    answer = browser.post("/holds", json=order)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


# -- correction


def test_a_wrong_field_is_corrected_under_a_grant(watch: Watch, investigator: httpx.Client) -> None:
    case, person = opened(investigator)
    grant = granted(investigator, case, person)
    before = ciphertexts(watch, person)
    later = watch.gate.trust.now_us() + 60_000_000
    watch.gate.trust.now_us = lambda: later
    answer = correct(investigator, grant, person, {"phone": "13700000001", "plate": "琼A12345"})
    assert answer.status_code == 200, answer.text
    row = SubjectModel.model_validate(answer.json())
    assert row.fields["phone"] == "137****0001"  # masked, as ever
    assert set(row.corrected) == {"phone", "plate"}
    (listed,) = investigator.get(f"/cases/{case}/subjects").json()["items"]
    assert listed == answer.json()
    plain = investigator.post(f"/grants/{grant}/reveal", json={"subjects": [person]}).json()
    assert plain["items"][0]["fields"]["phone"] == "13700000001"
    assert set(plain["items"][0]["corrected"]) == {"phone", "plate"}
    after = ciphertexts(watch, person)
    collected, altered = facts(watch, "intake.write", f"subject:{person}")
    assert collected["change"] == "collect"
    assert altered == {
        "change": "alter",
        "grant": grant,
        "commitments": {
            "phone": [
                commitment(person, "phone", before["phone"]),
                commitment(person, "phone", after["phone"]),
            ],
            "plate": [None, commitment(person, "plate", after["plate"])],
        },
    }
    (entry,) = [e for e in watch.logged() if e.action == "intake.write" and e.time_us == later]
    assert (entry.purpose, entry.case) == (CASE["purpose"], f"case:{case}")
    assert entry.legal_basis == CASE["legal_basis"]
    data = b"".join(p.read_bytes() for p in watch.gate.trust.log.root.rglob("*") if p.is_file())
    for value in ("13876543210", "13700000001", "琼A12345"):
        assert value.encode() not in data


def test_the_person_is_told_that_it_was_altered(watch: Watch, investigator: httpx.Client) -> None:
    """LED Art. 25: alteration is a kind of its own."""
    watch.sign_policies()
    case, person = opened(investigator)
    correct(investigator, granted(investigator, case, person), person, {"name": "林海声"})
    watch.gate.trust.log.publish()
    oversight = watch.browser("data_protection_officer", "oversight")
    own = {"title": "查阅申请", "purpose": "oversight", "legal_basis": "statutory_duty"}
    matter = oversight.post("/cases", json=own).json()["id"]
    told = oversight.post("/oversight/subjects", json={"case": matter, "value": NUMBER})
    assert told.status_code == 200, told.text
    collected, altered = [u for u in told.json()["items"] if u["action"] == "intake.write"]
    assert (collected["manner"], altered["manner"]) == (None, "corrected")
    assert "data collected" in collected["says"]["en"]
    assert "data corrected" in altered["says"]["en"]
    assert "更正信息" in altered["says"]["zh"]


def test_a_correction_takes_a_live_grant_of_ones_own(
    watch: Watch, investigator: httpx.Client
) -> None:
    case, person = opened(investigator)
    grant = granted(investigator, case, person)
    other_case, other = opened(investigator)
    colleague = watch.browser("investigator", "customs", login="colleague")
    new = {"name": "林海声"}
    assert correct(colleague, grant, person, new).status_code == 403  # not theirs
    assert correct(investigator, grant, other, new).status_code == 403  # not in it
    analyst = watch.browser("analyst", "customs")
    reading = granted(analyst, case, person)
    assert correct(analyst, reading, person, new).status_code == 403  # reads, hands nothing in
    sensitive = correct(investigator, grant, person, {"id_number": "460100199001011235"})
    assert sensitive.status_code == 403
    assert sensitive.json()["code"] == "sensitive"
    at = watch.gate.trust.now_us() + 2 * 3_600_000_000
    watch.gate.trust.now_us = lambda: at
    assert correct(investigator, grant, person, new).status_code == 403  # over
    fresh = granted(investigator, case, person)
    unknown = correct(investigator, fresh, person, {"religion": "x"})
    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["field"] == "fields.religion"
    investigator.post(f"/cases/{case}/close")
    assert correct(investigator, fresh, person, new).status_code == 403
    missing = "0198c0de-0000-7000-8000-000000000000"
    assert correct(investigator, missing, person, new).status_code == 404
    assert "林海声" not in str(ciphertexts(watch, person))
    assert len(facts(watch, "intake.write", f"subject:{other}")) == 2  # collected, refused
    assert other_case != case


def test_a_person_of_another_case_is_corrected_there(
    watch: Watch, investigator: httpx.Client
) -> None:
    """A grant may name somebody of another case to read; the record is that case's to keep."""
    lead = watch.browser("agency_lead", "customs")
    _, person = opened(investigator)
    case, _ = opened(investigator)
    grant = granted(investigator, case, person)
    assert lead.post(f"/grants/{grant}/approve").status_code == 200
    refused = correct(investigator, grant, person, {"name": "林海声"})
    assert (refused.status_code, refused.json()["code"]) == (403, "other_case")


def test_broken_glass_corrects_nothing(watch: Watch) -> None:
    watch_officer = watch.browser("watch_officer", "coast_guard")
    investigator = watch.browser("investigator", "coast_guard")
    _, person = opened(investigator)
    body = {"reason": "man overboard, who is he", "subjects": [person]}
    grant = watch_officer.post("/break-glass", json=body).json()["grant"]["id"]
    assert correct(watch_officer, grant, person, {"name": "林海声"}).status_code == 403


def test_what_a_court_keeps_is_not_altered(
    watch: Watch, investigator: httpx.Client, officer: httpx.Client
) -> None:
    case, person = opened(investigator)
    grant = granted(investigator, case, person)
    before = ciphertexts(watch, person)
    hold = held(officer, case)
    refused = correct(investigator, grant, person, {"name": "林海声"})
    assert (refused.status_code, refused.json()["code"]) == (403, "held")
    assert refused.json()["holds"] == [
        {"id": hold, "document": ORDER, "legal_basis": "court_order"}
    ]
    assert ciphertexts(watch, person) == before


# -- erasure on request


def propose(browser: httpx.Client, case: str, person: str, **more: str | None) -> httpx.Response:
    return browser.post(f"/cases/{case}/erasures", json={"subject": person, **WHY, **more})


def decide(browser: httpx.Client, found: dict[str, Any], agree: bool = True) -> httpx.Response:
    path = f"/cases/{found['case']}/erasures/{found['id']}/decision"
    return browser.post(path, json={"agree": agree, "note": "seen the letter"})


def test_two_officers_erase_what_a_person_asks_to_have_erased(
    watch: Watch, investigator: httpx.Client, officer: httpx.Client, second: httpx.Client
) -> None:
    case, person = opened(investigator)
    granted(investigator, case, person)
    asks = propose(officer, case, person)
    assert asks.status_code == 202, asks.text
    waits = ErasureModel.model_validate(asks.json())
    assert (waits.state, waits.subject, waits.decided) == ("waiting", person, None)
    assert len(ciphertexts(watch, person)) == 3  # nothing has happened yet
    assert propose(officer, case, person).status_code == 409
    (listed,) = second.get("/erasures", params={"state": "waiting"}).json()["items"]
    assert listed == {**asks.json(), "mine": False}
    about = waits.about  # or else the second officer would decide on a number
    assert (about.title, about.purpose, about.agency) == (
        CASE["title"], CASE["purpose"], "customs",
    )  # fmt: skip
    assert about.unit_name is not None
    assert about.unit_name.zh
    alone = decide(officer, asks.json())
    assert alone.status_code == 403
    assert "second person" in alone.json()["reason"]["en"]
    index_key = _index_key(watch)
    done = decide(second, asks.json())
    assert done.status_code == 200, done.text
    row = ErasureModel.model_validate(done.json())
    assert (row.state, row.note) == ("made", "seen the letter")
    assert ciphertexts(watch, person) == {}
    with pytest.raises(KeyDestroyed):
        watch.gate.trust.vault.keys.get(_key(watch, person))
    with pytest.raises(KeyDestroyed):  # old tokens of the blind index are worth nothing either
        watch.gate.trust.vault.keys.get(index_key)
    assert row.log_index is not None
    proof = watch.logged()[row.log_index]
    assert (proof.action, proof.thing) == ("person.erase", f"subject:{person}")
    assert proof.actor == done.json()["decided_by"]
    assert facts(watch, "person.erase", f"subject:{person}")[0]["reason"] == "request"
    assert any(e.thing == f"key:{_key(watch, person)}" for e in watch.logged())
    assert decide(second, asks.json()).status_code == 409
    assert propose(officer, case, person).status_code == 410
    assert investigator.get(f"/cases/{case}/subjects").json()["items"] == []


def _key(watch: Watch, person: str) -> str:
    query = sa.select(tables.subjects.c.key_id).where(tables.subjects.c.id == person)
    with watch.gate.trust.vault.db.read() as connection:
        return str(connection.execute(query).scalar_one())


def _index_key(watch: Watch) -> str:
    k = tables.named_keys.c
    query = sa.select(k.key_id).where(k.name == f"index/{CASE['purpose']}")
    with watch.gate.trust.vault.db.read() as connection:
        return str(connection.execute(query).scalar_one())


def test_a_hold_is_named_and_nothing_is_erased(
    watch: Watch, investigator: httpx.Client, officer: httpx.Client, second: httpx.Client
) -> None:
    case, person = opened(investigator)
    waits = propose(officer, case, person).json()
    hold = held(officer, person)
    for refused in (decide(second, waits), propose(officer, case, person)):
        assert refused.status_code == 403, refused.text
        said = refused.json()
        assert said["code"] == "held"
        assert said["holds"] == [{"id": hold, "document": ORDER, "legal_basis": "court_order"}]
        assert ORDER in said["detail"]
        assert said["reason"]["en"] == "What is under legal hold is not erased."
    assert len(ciphertexts(watch, person)) == 3
    (still,) = officer.get("/erasures").json()["items"]
    assert still["state"] == "waiting"
    refusals = [
        e for e in watch.logged() if e.action == "person.erase" and e.verdict.value == "deny"
    ]
    assert len(refusals) == 2
    order = {"legal_basis": "court_order", "document": "(2026)琼01刑保9号"}
    lifted = second.post(f"/holds/{hold}/release", json=order)
    assert lifted.status_code == 200, lifted.text
    assert decide(second, waits).json()["state"] == "made"


def test_refused_taken_back_and_lapsed(
    watch: Watch, investigator: httpx.Client, officer: httpx.Client, second: httpx.Client
) -> None:
    case, person = opened(investigator)
    first = propose(officer, case, person).json()
    assert decide(second, first, agree=False).json()["state"] == "refused"
    again = propose(officer, case, person).json()
    path = f"/cases/{case}/erasures/{again['id']}"
    assert second.delete(path).status_code == 409  # another's
    assert officer.delete(path).json()["state"] == "taken_back"
    late = propose(officer, case, person).json()
    at = watch.gate.trust.now_us() + LASTS_US + 1
    watch.sign_policies()
    watch.gate.trust.now_us = lambda: at
    assert decide(second, late).status_code == 409
    states = [row["state"] for row in officer.get("/erasures").json()["items"]]
    assert states == ["lapsed", "taken_back", "refused"]
    assert len(ciphertexts(watch, person)) == 3


def test_who_may_have_a_person_erased(
    watch: Watch, investigator: httpx.Client, officer: httpx.Client
) -> None:
    case, person = opened(investigator)
    waits = propose(officer, case, person).json()
    others = {
        "investigator": investigator,
        "lead": watch.browser("agency_lead", "customs"),
        "administrator": watch.browser("administrator", "platform"),
        "another agency": watch.browser("data_protection_officer", "police"),
        "another county": watch.browser("data_protection_officer", "customs", unit="460200"),
        "password": watch.browser(
            "data_protection_officer", "customs", assurance="password", login="weak"
        ),
    }
    for who, browser in others.items():
        assert propose(browser, case, person).status_code == 403, who
        assert decide(browser, waits).status_code == 403, who
    assert others["another agency"].get("/erasures").json()["items"] == []
    for who in ("investigator", "administrator"):
        assert others[who].get("/erasures").status_code == 403, who
    assert len(others["lead"].get("/erasures").json()["items"]) == 1
    assert len(ciphertexts(watch, person)) == 3
    other_case, _ = opened(investigator)
    assert propose(officer, other_case, person).status_code == 404
    assert propose(officer, case, person, reason="retention").status_code == 422


def test_a_court_that_orders_an_erasure_is_named_by_its_document(
    watch: Watch, investigator: httpx.Client, officer: httpx.Client, second: httpx.Client
) -> None:
    case, person = opened(investigator)
    for missing in ({}, {"document": "  "}, {"document": None}):
        answer = propose(officer, case, person, reason="court_order", **missing)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["field"] == "document"
    assert officer.get("/erasures").json()["items"] == []
    order = "（2026）琼01行初9号"
    asks = propose(officer, case, person, reason="court_order", document=f" {order} ")
    assert (asks.status_code, asks.json()["document"]) == (202, order)
    (listed,) = second.get("/erasures", params={"state": "waiting"}).json()["items"]
    assert (listed["reason"], listed["document"]) == ("court_order", order)
    (said,) = facts(watch, "person.erase", f"erasure:{asks.json()['id']}")
    assert (said["reason"], said["document"]) == ("court_order", order)
    done = decide(second, asks.json()).json()
    assert (done["state"], done["document"]) == ("made", order)
    proof = watch.logged()[done["log_index"]]
    assert (proof.thing, proof.legal_basis) == (f"subject:{person}", "court_order")
    theirs = propose(officer, *opened(investigator))
    assert theirs.json()["document"] is None  # a person asks without a file number


def test_epidemic_data_is_erased_by_two_health_officers(watch: Watch) -> None:
    first = watch.browser("health_officer", "health")
    other = watch.browser("health_officer", "health", login="second.health")
    body = {
        "title": "入境船员接触排查", "purpose": "epidemic_control",
        "legal_basis": "public_health_emergency",
    }  # fmt: skip
    case = first.post("/cases", json=body).json()["id"]
    person = first.post(f"/cases/{case}/subjects", json={"fields": {"name": "林海生"}}).json()["id"]
    waits = propose(first, case, person)
    assert waits.status_code == 202, waits.text
    assert decide(other, waits.json()).json()["state"] == "made"


def test_who_asks_learns_what_may_be_erased_unless_an_order_hides_it(
    watch: Watch, investigator: httpx.Client, officer: httpx.Client
) -> None:
    watch.sign_policies()
    case, person = opened(investigator)
    elsewhere = watch.browser("investigator", "police")
    opened(elsewhere)  # another agency's record of the same number is not this officer's
    own = {"title": "删除申请", "purpose": "oversight", "legal_basis": "statutory_duty"}
    matter = officer.post("/cases", json=own).json()["id"]
    question = {"case": matter, "value": NUMBER}
    told = officer.post("/oversight/subjects", json=question).json()
    assert [(r["id"], r["case"]) for r in told["records"]] == [(person, case)]
    until = watch.gate.trust.now_us() + 5 * 86_400_000_000
    delay = {
        "case": case, "legal_basis": "court_order", "document": "8",
        "until": iso(until),
    }  # fmt: skip
    assert investigator.post("/oversight/delays", json=delay).status_code == 201
    assert officer.post("/oversight/subjects", json=question).json()["records"] == []
