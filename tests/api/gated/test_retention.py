"""Retention and holds over HTTP: what is due, erased with a proof, kept by a court's order."""

from __future__ import annotations

import hashlib
import json
import uuid

import httpx
import pytest
import sqlalchemy as sa

from littoral.api.retention import HoldModel, PreviewModel, RanModel, RetentionRuleModel
from littoral.api.wire import iso
from littoral.store.vault import pausing, persons, tables
from littoral.store.vault.keyfiles import KeyDestroyed
from littoral.store.vault.logged import facts_json, log_key
from littoral.store.vault.pausing import Paused
from tests.api.gated.conftest import Watch
from tests.api.gated.test_cases import CASE, PERSON
from tests.api.gated.test_custody import hand_in

DAY_US = 86_400_000_000


@pytest.fixture
def officer(watch: Watch) -> httpx.Client:
    """Data protection of customs for the whole province."""
    return watch.browser("data_protection_officer", "customs")


@pytest.fixture
def investigator(watch: Watch) -> httpx.Client:
    return watch.browser("investigator", "customs")


@pytest.fixture
def closed(investigator: httpx.Client) -> tuple[str, str, str]:
    """Case, person, evidence; the case is closed."""
    case = investigator.post("/cases", json=CASE).json()["id"]
    person = investigator.post(f"/cases/{case}/subjects", json=PERSON).json()["id"]
    evidence = hand_in(investigator, case).json()["id"]
    assert investigator.post(f"/cases/{case}/close").status_code == 200
    return case, person, evidence


def later(watch: Watch, days: float) -> None:
    watch.sign_policies()  # those of a first start would have expired by then
    at = watch.gate.trust.now_us() + int(days * DAY_US)
    watch.gate.trust.now_us = lambda: at


def test_rules_with_their_reasons(officer: httpx.Client) -> None:
    rules = {r["id"]: r for r in officer.get("/retention/rules").json()["items"]}
    assert all(RetentionRuleModel.model_validate(rule) for rule in rules.values())
    assert rules["smuggling-case"]["keep_days"] == 730
    assert rules["smuggling-case"]["purposes"] == ["anti_smuggling"]
    assert "二年" in rules["smuggling-case"]["reason"]["zh"]
    assert rules["epidemic-end"]["start"] == "purpose_ended"


def test_previewed_then_erased_with_a_proof(
    watch: Watch, officer: httpx.Client, closed: tuple[str, str, str]
) -> None:
    case, person, evidence = closed
    kept = officer.get("/retention/preview").json()
    assert PreviewModel.model_validate(kept).every_s == 3600
    assert {(i["thing"], i["state"]) for i in kept["items"]} == {
        (case, "kept"), (person, "kept"), (evidence, "kept"),
    }  # fmt: skip
    by_thing = {i["thing"]: i for i in kept["items"]}
    assert by_thing[person]["rule"] == "smuggling-case"
    assert by_thing[person]["data_class"] == "sensitive"  # it has an identity number
    assert kept["last_run"] is None
    later(watch, 731)
    due = officer.get("/retention/preview", params={"state": "due"}).json()
    assert {i["thing"] for i in due["items"]} == {person, evidence}
    counted = {(c["kind"], c["state"]): c["count"] for c in due["counts"]}
    assert counted == {("subject", "due"): 1, ("evidence", "due"): 1, ("case", "kept"): 1}
    before = keys_of(watch, person, evidence)
    assert {person, evidence} <= before.keys()
    assert set(before.values()) <= watch.gate.trust.vault.keys.files.ids()
    ran = officer.post("/retention/run")
    assert ran.status_code == 200, ran.text
    assert RanModel.model_validate(ran.json())
    assert (ran.json()["erased"], ran.json()["refused"]) == (2, 0)
    words = [person, before[person], evidence, before[evidence]]
    expected = hashlib.sha256("".join(f"{w}\n" for w in words).encode()).hexdigest()
    assert ran.json()["sha256"] == expected
    for key in before.values():
        with pytest.raises(KeyDestroyed):
            watch.gate.trust.vault.keys.get(key)
    assert list(watch.gate.trust.evidence.rglob("*.sealed")) == []
    erased = {e.thing for e in watch.logged() if e.action == "person.erase"}
    assert erased >= {f"subject:{person}", f"evidence:{evidence}"}
    said = [e.thing for e in watch.logged() if e.action == "retention.run"]
    assert said[-3:] == ["list:retention", "list:retention", "index:anti_smuggling"]
    after = officer.get("/retention/preview").json()
    assert after["last_run"] == ran.json()
    assert {i["thing"] for i in after["items"]} == {case}


def keys_of(watch: Watch, person: str, evidence: str) -> dict[str, str]:
    found = {}
    with watch.gate.trust.vault.db.read() as connection:
        for table, thing in ((tables.subjects, person), (tables.evidence, evidence)):
            query = sa.select(table.c.key_id).where(table.c.id == thing)
            found[thing] = connection.execute(query).scalar_one()
    return found


def test_a_hold_keeps_until_another_person_lifts_it(
    watch: Watch, officer: httpx.Client, investigator: httpx.Client, closed: tuple[str, str, str]
) -> None:
    _, person, evidence = closed
    order = {"thing": person, "legal_basis": "court_order", "document": "(2026)琼01刑保7号"}
    held = officer.post("/holds", json=order)
    assert held.status_code == 201, held.text
    assert HoldModel.model_validate(held.json())
    assert (held.json()["kind"], held.json()["released"]) == ("subject", None)
    about = held.json()["about"]
    assert (about["purpose"], about["unit_name"]["en"], about["agency"]) == (
        "anti_smuggling", "Hainan", "customs",
    )  # fmt: skip
    assert about["title"] is None  # who oversees the case does not read it
    assert [h["id"] for h in officer.get("/holds").json()["items"]] == [held.json()["id"]]
    later(watch, 731)
    kept = officer.get("/retention/preview").json()["items"]
    assert {i["unit_name"]["zh"] for i in kept} == {"海南省"}
    states = {i["thing"]: i["state"] for i in kept}
    assert (states[person], states[evidence]) == ("held", "due")
    assert officer.post("/retention/run").json()["erased"] == 1
    release = f"/holds/{held.json()['id']}/release"
    order = {"legal_basis": "court_order", "document": "(2026)琼01刑保19号"}
    assert officer.post(release, json=order).status_code == 403
    second = watch.browser("data_protection_officer", "customs", login="second.dpo")
    for bare in ({"legal_basis": "court_order"}, {**order, "document": " "}):
        unnamed = second.post(release, json=bare)
        assert unnamed.status_code == 422
        assert unnamed.json()["errors"][0]["field"] == "document"
    by_habit = second.post(release, json={**order, "legal_basis": "statutory_duty"})
    assert by_habit.status_code == 403
    assert "order of a court" in by_habit.json()["detail"]
    lifted = second.post(release, json=order)
    assert lifted.status_code == 200, lifted.text
    assert lifted.json()["released"] is not None
    assert lifted.json()["released_basis"] == "court_order"
    assert lifted.json()["released_document"] == order["document"]
    key = log_key(watch.gate.trust.vault, watch.gate.trust.now_us())
    told = [json.loads(facts_json(e, key) or b"{}") for e in watch.logged()]
    assert [t["document"] for t in told if t.get("change") == "release"] == [order["document"]]
    assert officer.get("/holds").json()["items"] == []
    assert officer.post("/retention/run").json()["erased"] == 1
    assert persons.subjects_of(watch.gate.trust.vault, closed[0]) == []


def test_a_case_s_holds_and_delays_are_its_agency_s(
    watch: Watch, officer: httpx.Client, closed: tuple[str, str, str]
) -> None:
    """An investigator of another agency in the same unit says "by order of a court" in vain."""
    police = watch.browser("investigator", "police")
    customs = watch.browser("investigator", "customs", login="colleague")
    order = {"thing": closed[0], "legal_basis": "court_order", "document": "(2026)琼01刑保8号"}
    assert police.post("/holds", json=order).status_code == 403
    held = officer.post("/holds", json=order).json()["id"]
    release = f"/holds/{held}/release"
    lift = {"legal_basis": "court_order", "document": "(2026)琼01刑保9号"}
    assert police.post(release, json=lift).status_code == 403
    case = customs.post("/cases", json=CASE).json()["id"]
    until = watch.gate.trust.now_us() + 5 * DAY_US
    delay = {"case": case, "legal_basis": "court_order", "document": "8", "until": iso(until)}
    assert police.post("/oversight/delays", json=delay).status_code == 403
    blank = customs.post("/oversight/delays", json={**delay, "document": " "})
    assert (blank.status_code, blank.json()["errors"][0]["field"]) == (422, "document")
    made = customs.post("/oversight/delays", json=delay)
    assert made.status_code == 201
    end = f"/oversight/delays/{made.json()['id']}"
    for missing in ("legal_basis", "document"):
        query = {"legal_basis": "court_order", "document": "9"}
        del query[missing]
        unnamed = customs.delete(end, params=query)
        assert (unnamed.status_code, unnamed.json()["errors"][0]["field"]) == (400, missing)
    lead = watch.browser("agency_lead", "customs")
    assert police.delete(end, params=lift).status_code == 403
    by_habit = lead.delete(end, params={"legal_basis": "statutory_duty", "document": "9"})
    assert by_habit.status_code == 403
    assert "court" in by_habit.json()["detail"]
    ended = customs.delete(end, params={"legal_basis": "court_order", "document": "9"})
    assert ended.status_code == 200, ended.text
    assert (ended.json()["ended_basis"], ended.json()["ended_document"]) == ("court_order", "9")
    assert customs.post(release, json=lift).status_code == 200


OUTBREAK = {
    "title": "入境船员接触排查", "purpose": "epidemic_control",
    "legal_basis": "public_health_emergency",
}  # fmt: skip


def test_an_epidemic_s_data_ends_with_its_purpose_for_its_agency(
    watch: Watch, officer: httpx.Client
) -> None:
    """An officer answers for one agency: what another keeps is neither ended, run nor shown."""
    health = watch.browser("health_officer", "health")
    guard = watch.browser("data_protection_officer", "health")
    case = health.post("/cases", json=OUTBREAK)
    assert case.status_code == 201, case.text
    person = health.post(f"/cases/{case.json()['id']}/subjects", json=PERSON)
    assert person.status_code == 201, person.text
    both = {case.json()["id"], person.json()["id"]}
    ended = officer.post("/retention/purposes/epidemic_control/end")
    assert ended.status_code == 200, ended.text
    assert ended.json()["agency"] == "customs"
    theirs = officer.post("/retention/purposes/epidemic_control/end", params={"agency": "health"})
    assert theirs.status_code == 403
    assert guard.get("/retention/preview", params={"state": "due"}).json()["items"] == []
    assert {i["thing"] for i in guard.get("/retention/preview").json()["items"]} == both
    assert guard.post("/retention/purposes/epidemic_control/end").json()["agency"] == "health"
    assert guard.get("/retention/preview", params={"state": "due"}).json()["items"] == []
    assert guard.post("/retention/run").json()["erased"] == 0
    later(watch, 3)
    due = guard.get("/retention/preview", params={"state": "due"}).json()
    assert {i["thing"] for i in due["items"]} == both
    assert {c["purpose"] for c in due["counts"]} == {"epidemic_control"}
    other = officer.get("/retention/preview").json()
    assert (other["items"], other["counts"]) == ([], [])
    assert officer.get("/oversight").json()["retention"]["due"] == 0
    assert guard.get("/oversight").json()["retention"]["due"] == 2
    assert officer.post("/retention/run").json()["erased"] == 0
    assert guard.post("/retention/run").json()["erased"] == 2
    assert guard.get("/retention/preview").json()["items"] == []


def test_an_end_is_in_sight_of_others_before_it_comes(watch: Watch, officer: httpx.Client) -> None:
    """Nobody erases an open case by one word of his own: it waits three days, and says whose it is
    and what it is about; another takes it back."""
    health = watch.browser("health_officer", "health", unit="460100")
    case = health.post("/cases", json=OUTBREAK).json()["id"]
    assert health.post(f"/cases/{case}/subjects", json=PERSON).status_code == 201
    guard = watch.browser("data_protection_officer", "health", login="guard", name="Chen")
    other = watch.browser("data_protection_officer", "health", login="other")
    path = "/retention/purposes/epidemic_control/end"
    assert other.post(path, params={"take_back": True}).status_code == 404
    ends = guard.post(path).json()["ended"]
    assert guard.post("/retention/run").json()["erased"] == 0
    (said,) = PreviewModel.model_validate(other.get("/retention/preview").json()).ending
    assert (said.purpose, said.agency, said.by_name, said.count) == (
        "epidemic_control", "health", "Chen", 2,
    )  # fmt: skip
    (named,) = said.open_cases
    assert (named.id, named.title, named.unit) == (case, OUTBREAK["title"], "460100")
    assert (other.get("/retention/preview").json()["ending"][0]["ends"]) == ends
    assert officer.get("/retention/preview").json()["ending"] == []
    assert officer.post(path, params={"take_back": True, "agency": "health"}).status_code == 403
    back = other.post(path, params={"take_back": True})
    assert (back.status_code, back.json()["ended"]) == (200, None)
    assert guard.get("/retention/preview").json()["ending"] == []
    later(watch, 4)
    assert guard.post("/retention/run").json()["erased"] == 0


def test_an_officer_sees_the_holds_of_the_own_agency(
    watch: Watch, officer: httpx.Client, closed: tuple[str, str, str]
) -> None:
    order = {"thing": closed[1], "legal_basis": "court_order", "document": "12"}
    held = officer.post("/holds", json=order).json()["id"]
    browsers = {
        "customs": officer,
        "police": watch.browser("data_protection_officer", "police"),
        "auditor": watch.browser("auditor", "oversight"),
    }
    seen = {
        who: [h["id"] for h in browser.get("/holds").json()["items"]]
        for who, browser in browsers.items()
    }
    assert seen == {"customs": [held], "police": [], "auditor": [held]}
    shown = {who: len(b.get("/retention/preview").json()["items"]) for who, b in browsers.items()}
    assert shown == {"customs": 3, "police": 0, "auditor": 3}


def test_who_answers_for_two_agencies_says_for_which_a_purpose_ends(watch: Watch) -> None:
    two = watch.browser_of(
        "two", ("data_protection_officer", "customs", "460000"),
        ("data_protection_officer", "health", "460000"),
    )  # fmt: skip
    path = "/retention/purposes/epidemic_control/end"
    unclear = two.post(path)
    assert (unclear.status_code, unclear.json()["errors"][0]["field"]) == (422, "agency")
    assert two.post(path, params={"agency": "health"}).json()["agency"] == "health"
    assert two.post(path, params={"agency": "police"}).status_code == 403


def test_who_may(watch: Watch, investigator: httpx.Client, closed: tuple[str, str, str]) -> None:
    hold = {"thing": closed[0], "legal_basis": "statutory_duty", "document": "内部"}
    others = {
        "investigator": investigator,
        "administrator": watch.browser("administrator", "platform"),
        "county": watch.browser("data_protection_officer", "customs", unit="460200"),
        "password": watch.browser(
            "data_protection_officer", "customs", assurance="password", login="weak"
        ),
    }
    for who, browser in others.items():
        assert browser.post("/retention/run").status_code == 403, who
        end = browser.post("/retention/purposes/epidemic_control/end")
        assert end.status_code == 403, who
        assert browser.post("/holds", json=hold).status_code == 403, who
    for who in ("investigator", "administrator"):
        for path in ("/retention/rules", "/retention/preview", "/holds"):
            assert others[who].get(path).status_code == 403, (who, path)
    unknown = watch.browser("data_protection_officer", "customs").post(
        "/holds", json={**hold, "thing": "0198c0de-0000-7000-8000-000000000000"}
    )
    assert unknown.status_code == 404


def test_without_sign_in_there_is_no_retention(http: httpx.Client) -> None:
    for path in ("/retention/rules", "/retention/preview", "/holds"):
        assert http.get("/api/v1" + path).status_code == 403, path


def test_what_was_written_of_an_incident_ends_and_a_hold_keeps_it(
    watch: Watch, officer: httpx.Client
) -> None:
    """By the officer of the lead agency, as with all that is kept; others' officers see nothing."""
    lead = watch.browser("watch_lead", "customs")
    second = watch.browser("watch_lead", "police")
    police = watch.browser("data_protection_officer", "police")
    keys = [str(uuid.uuid4()) for _ in range(2)]
    for key in keys:
        body = {"id": key, "type": "smuggling", "title": "张三的船", "lead_agency": "customs"}
        assert lead.post("/incidents", json=body).status_code == 201
        step = {"id": str(uuid.uuid4()), "kind": "reject", "reason": "张三", "outcome": "unfounded"}
        desk = second.post(f"/incidents/{key}/steps", json=step)
        assert desk.status_code == 200, desk.text
    order = {"thing": keys[0], "legal_basis": "court_order", "document": "(2026)琼01刑保7号"}
    assert police.post("/holds", json=order).status_code == 403
    held = officer.post("/holds", json=order)
    assert held.status_code == 201, held.text
    assert held.json()["kind"] == "incident"
    assert [h["thing"] for h in officer.get("/holds").json()["items"]] == [keys[0]]
    assert police.get("/holds").json()["items"] == []
    later(watch, 731)
    kept = officer.get("/retention/preview").json()
    assert PreviewModel.model_validate(kept)
    assert {(i["thing"], i["kind"], i["state"], i["rule"]) for i in kept["items"]} == {
        (keys[0], "incident", "held", "incident-text"),
        (keys[1], "incident", "due", "incident-text"),
    }  # fmt: skip
    assert police.get("/retention/preview").json()["items"] == []
    assert police.post("/retention/run").json()["erased"] == 0
    ran = officer.post("/retention/run").json()
    assert (ran["erased"], ran["refused"]) == (1, 0)
    assert ran["sha256"] == hashlib.sha256(f"{keys[1]}\n".encode()).hexdigest()
    still, gone = (lead.get(f"/incidents/{key}").json() for key in keys)
    assert (still["title"], still["erased"]) == ("张三的船", None)
    assert (gone["title"], gone["state"], [s["kind"] for s in gone["steps"]]) == (
        "", "closed", ["report", "reject"],
    )  # fmt: skip
    assert gone["erased"] is not None
    assert "张三" not in json.dumps(gone, ensure_ascii=False)


def test_while_it_is_paused_nobody_runs_it_and_oversight_says_so(
    watch: Watch, officer: httpx.Client, closed: tuple[str, str, str]
) -> None:
    trust = watch.gate.trust
    with trust.vault.db.write() as connection:
        pausing.pause(connection, Paused(trust.now_us(), 17, 40))
    later(watch, 3000)
    stands = officer.get("/oversight").json()
    assert stands["retention"]["due"] == 3
    assert stands["retention"]["paused"] is not None
    assert "before entry 17 of the log: retention is paused" in stands["log"]["says"]["en"]
    assert "第 17 条" in stands["log"]["says"]["zh"]
    refused = officer.post("/retention/run")
    assert refused.status_code == 409
    assert "littoral retention resume" in refused.json()["detail"]
    with trust.vault.db.write() as connection:
        pausing.resume(connection)
    assert officer.get("/oversight").json()["retention"]["paused"] is None
    assert officer.post("/retention/run").json()["erased"] == 3
