"""Outages of receivers and settings of detectors: what makes the watch blinder takes two persons,
what sees more is done at once; the log has before and after."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from littoral.engine.core import choose_rules
from littoral.engine.rule_settings import RuleSettings
from littoral.store import detector_settings
from littoral.store.changes import LASTS_US, changes
from littoral.store.people import accounts
from littoral.store.people import tables as people_tables
from littoral.store.people.accounts import Membership
from littoral.store.people.packaged import PROVINCE
from littoral.store.vault.logged import facts_json, log_key

from .conftest import Watch

KEY = "0199f6e0-0000-7000-8000-00000000000a"
OUTAGE = {
    "id": KEY, "receiver": "haikou", "start": "2026-11-25T01:00:00Z",
    "end": "2026-11-25T03:00:00Z", "reason": "new mast",
}  # fmt: skip


def told(watch: Watch, action: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(thing, verdict, facts) of the entries that have before and after."""
    key = log_key(watch.gate.trust.vault, watch.gate.trust.now_us())
    found = [
        (e.thing, e.verdict.value, json.loads(facts_json(e, key) or b"{}"))
        for e in watch.logged()
        if e.action == action
    ]
    return [f for f in found if "before" in f[2]]


def outage(browser: httpx.Client) -> dict[str, Any]:
    (found,) = browser.get("/outages").json()["items"]
    return found


def decide(browser: httpx.Client, change: dict[str, Any], agree: bool = True) -> httpx.Response:
    body = {"agree": agree, "note": "by telephone"}
    return browser.post(f"/changes/{change['id']}/decision", json=body)


@pytest.fixture
def first(watch: Watch) -> httpx.Client:
    return watch.browser("watch_lead", login="li")


@pytest.fixture
def second(watch: Watch) -> httpx.Client:
    return watch.browser("watch_lead", login="wang")


# -- outages


def test_an_outage_that_holds_alerts_takes_two(
    watch: Watch, first: httpx.Client, second: httpx.Client
) -> None:
    answer = first.post("/outages", json=OUTAGE)
    assert answer.status_code == 202, answer.text
    change = answer.json()
    assert change["thing"] == f"outage:{KEY}"
    assert [r["code"] for r in change["blinder"]] == ["explains"]
    assert set(change["blinder"][0]) == {"code", "zh", "en"}
    assert (change["before"]["holds_alerts"], change["after"]["holds_alerts"]) == (False, True)
    assert change["after"]["end"] == "2026-11-25T03:00:00.000Z"
    assert first.post("/outages", json=OUTAGE).json()["id"] == change["id"]  # sent again
    noted = outage(first)
    assert (noted["holds_alerts"], noted["waiting"], noted["by"]) == (False, change["id"], "li")
    records = watch.shore.records
    assert records.current_outages(["haikou"]) == ()
    assert decide(first, change).status_code == 403
    assert records.current_outages(["haikou"]) == ()
    watch.shore.calls.clear()
    assert decide(second, change).json()["state"] == "made"
    assert watch.shore.calls == ["outages"]
    (held,) = records.current_outages(["haikou"])
    assert held.reason == "new mast"
    now = outage(first)
    assert (now["holds_alerts"], now["waiting"], now["by"]) == (True, None, "li + wang")
    assert first.post("/outages", json=OUTAGE).status_code == 201
    *_, (thing, verdict, facts) = told(watch, "outage.write")
    assert (thing, verdict) == (f"change:{change['id']}", "allow")
    assert (facts["before"]["holds_alerts"], facts["after"]["holds_alerts"]) == (False, True)
    assert (facts["proposed_by"], facts["agree"]) == ("li", True)
    assert facts["note"] == watch.committed(change["id"], "by telephone")


def test_a_note_is_entered_by_one_and_holds_nothing(watch: Watch, first: httpx.Client) -> None:
    made = first.post("/outages", json={**OUTAGE, "holds_alerts": False})
    assert made.status_code == 201, made.text
    assert made.json()["holds_alerts"] is False
    assert watch.shore.records.current_outages(["haikou"]) == ()
    assert first.get("/changes").json()["items"] == []


def test_ending_early_and_taking_back_is_done_by_one_and_holding_for_longer_is_not(
    watch: Watch, first: httpx.Client, second: httpx.Client
) -> None:
    decide(second, first.post("/outages", json=OUTAGE).json())
    span = {"start": OUTAGE["start"], "end": "2026-11-25T02:00:00Z", "reason": "done early"}
    shorter = first.put(f"/outages/{KEY}", json=span)
    assert (shorter.status_code, shorter.json()["end"]) == (200, "2026-11-25T02:00:00.000Z")
    later = {**span, "end": "2026-11-25T09:00:00Z", "reason": "the mast fell"}
    longer = first.put(f"/outages/{KEY}", json=later)
    assert longer.status_code == 202
    change = longer.json()
    assert ([r["code"] for r in change["blinder"]], change["why"]) == (["longer"], "the mast fell")
    assert outage(first)["end"] == "2026-11-25T02:00:00.000Z"
    another = first.put(f"/outages/{KEY}", json={**later, "end": "2026-11-25T10:00:00Z"})
    assert another.status_code == 409
    assert decide(second, change).status_code == 200
    assert outage(first)["end"] == "2026-11-25T09:00:00.000Z"
    off = first.put(f"/outages/{KEY}", json={**later, "holds_alerts": False})
    assert (off.status_code, off.json()["holds_alerts"]) == (200, False)
    assert first.delete(f"/outages/{KEY}").status_code == 204
    *_, taken_back = told(watch, "outage.write")
    assert (taken_back[0], taken_back[2]["after"]) == (f"outage:{KEY}", None)


def test_an_outage_can_be_refused_overtaken_and_lapse(
    watch: Watch, first: httpx.Client, second: httpx.Client
) -> None:
    change = first.post("/outages", json=OUTAGE).json()
    assert decide(second, change, agree=False).json()["state"] == "refused"
    assert outage(first)["holds_alerts"] is False
    again = first.post("/outages", json=OUTAGE).json()
    first.put(f"/outages/{KEY}", json={**_span(), "reason": "other", "holds_alerts": False})
    assert decide(second, again).status_code == 409  # changed meanwhile
    assert first.delete(f"/changes/{again['id']}").json()["state"] == "taken_back"
    last = first.put(f"/outages/{KEY}", json={**_span(), "reason": "mast"}).json()
    with watch.shore.records.database.write() as connection:
        long_ago = changes.c.proposed_us - LASTS_US - 1
        connection.execute(changes.update().values(proposed_us=long_ago))
    assert decide(second, last).status_code == 409
    lapsed = first.get("/changes", params={"state": "lapsed"}).json()["items"]
    assert [c["id"] for c in lapsed] == [last["id"]]


def test_a_proposal_ends_with_the_account_that_made_it(
    watch: Watch, first: httpx.Client, second: httpx.Client
) -> None:
    change = first.post("/outages", json=OUTAGE).json()
    directory = watch.gate.people.directory
    li = directory.account_of("li")
    assert li is not None
    directory.suspend(li.id, "test", "left")
    (shown,) = second.get("/changes").json()["items"]
    assert (shown["state"], shown["may_decide"]) == ("lapsed", False)
    assert decide(second, change).status_code == 409
    assert outage(second)["waiting"] is None
    assert ("change.lapse", f"change:{change['id']}") in [
        (e.action, e.thing) for e in watch.logged()
    ]
    again = second.put(f"/outages/{KEY}", json={**_span(), "reason": "mast"})
    assert again.status_code == 202, again.text


def test_nobody_agrees_to_what_its_proposer_may_no_longer_do(
    watch: Watch, first: httpx.Client, second: httpx.Client
) -> None:
    """A role that ends by its day tells nobody; it is looked at when somebody agrees."""
    change = first.post("/outages", json=OUTAGE).json()
    people, li = watch.gate.people, watch.gate.people.directory.account_of("li")
    assert li is not None
    with people.base.database.write() as connection:
        memberships = people_tables.memberships
        mine = memberships.c.account == li.id
        now_us = people.base.now_us()
        connection.execute(memberships.update().where(mine).values(valid_to_us=now_us))
        other = Membership("analyst", PROVINCE, f"police-{PROVINCE}")
        accounts.grant(connection, li.id, other, "test", now_us)
    answer = decide(second, change)
    assert (answer.status_code, "lapsed" in answer.text) == (409, True), answer.text
    assert outage(second)["holds_alerts"] is False
    assert (
        second.get("/changes", params={"state": "lapsed"}).json()["items"][0]["id"] == change["id"]
    )
    assert [e.thing for e in watch.logged() if e.action == "change.lapse"] == [
        f"change:{change['id']}"
    ]


def _span() -> dict[str, str]:
    return {"start": OUTAGE["start"], "end": OUTAGE["end"]}


# -- settings


def gap(browser: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = next(
        d for d in browser.get("/detectors").json()["items"] if d["rule"] == "gap"
    )
    return found


def setting(browser: httpx.Client, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(s for s in gap(browser)["settings"] if s["name"] == name)
    return found


def write(browser: httpx.Client, version: int, why: str = "", **values: Any) -> httpx.Response:
    body = {"values": values, "version": version, "why": why}
    return browser.post("/detectors/gap/settings", json=body)


def test_a_setting_says_its_unit_bounds_and_which_way_is_blinder(first: httpx.Client) -> None:
    assert setting(first, "class_a_s") == {
        "name": "class_a_s", "value": 1800.0, "published": 1800.0, "unit": "s",
        "adjustable": True, "low": 60, "high": 604800.0, "blinder": "greater",
        "zh": "A 类船载台静默时限", "en": "Silence of class A",
    }  # fmt: skip
    fixed = setting(first, "before_positions")
    assert (fixed["adjustable"], fixed["blinder"], fixed["low"]) == (False, "either", None)


def test_what_sees_more_is_in_force_at_once(watch: Watch, first: httpx.Client) -> None:
    answer = write(first, 1, class_a_s=900)
    assert answer.status_code == 200, answer.text
    now = gap(first)
    assert (now["settings_version"], now["settings_approved"], now["waiting"]) == (2, True, None)
    assert now["settings_from"] is not None
    assert setting(first, "class_a_s")["value"] == 900.0
    assert watch.shore.calls == ["settings"]
    *_, (thing, verdict, facts) = told(watch, "settings.write")
    assert (thing, verdict) == ("settings:gap", "allow")
    assert (facts["before"]["values"], facts["after"]["values"]) == (
        {"class_a_s": 1800.0}, {"class_a_s": 900.0},
    )  # fmt: skip
    assert write(first, 1, class_a_s=600).status_code == 409  # made from an old version
    newest, oldest = first.get("/detectors/gap/versions").json()["items"]
    assert (newest["version"], newest["how"], newest["by"]) == (2, "change", "li")
    assert newest["differs"] == [
        {
            "name": "class_a_s", "unit": "s", "zh": "A 类船载台静默时限",
            "en": "Silence of class A", "before": 1800.0, "after": 900.0,
        }
    ]  # fmt: skip
    assert (oldest["version"], oldest["how"], oldest["differs"]) == (1, "first", [])


def test_a_blinder_setting_takes_two_and_is_undone_by_one(
    watch: Watch, first: httpx.Client, second: httpx.Client
) -> None:
    silent = write(first, 1, class_a_s=7200)
    assert (silent.status_code, silent.json()["errors"][0]["field"]) == (422, "why")
    waiting = write(first, 1, "too many at night", class_a_s=7200, class_b_s=600)
    assert waiting.status_code == 202
    change = waiting.json()
    assert change["thing"] == "settings:gap"
    assert change["blinder"] == [
        {
            "code": "class_a_s", "zh": "A 类船载台静默时限（增大）",
            "en": "Silence of class A (greater)",
        }
    ]  # fmt: skip
    assert [(d["name"], d["before"], d["after"]) for d in change["differs"]] == [
        ("class_a_s", 1800.0, 7200.0), ("class_b_s", 3600.0, 600.0),
    ]  # fmt: skip
    assert setting(first, "class_a_s")["value"] == 1800.0
    assert gap(first)["waiting"] == change["id"]
    assert write(first, 1, "and more", class_a_s=9000).status_code == 409
    assert decide(first, change).status_code == 403
    assert decide(second, change).json()["decided_by"] == "wang"
    assert watch.shore.calls == ["settings"]
    assert (setting(first, "class_a_s")["value"], setting(first, "class_b_s")["value"]) == (
        7200.0, 600.0,
    )  # fmt: skip
    newest = first.get("/detectors/gap/versions").json()["items"][0]
    assert (newest["by"], newest["why"]) == ("li + wang", "too many at night")
    *_, (thing, _, facts) = told(watch, "settings.write")
    assert thing == f"change:{change['id']}"
    assert facts["after"]["values"] == {"class_a_s": 7200.0, "class_b_s": 600.0}
    assert write(first, 2, class_a_s=1800).status_code == 200  # undone: more is seen
    rules = RuleSettings(watch.shore.records, choose_rules("coastal"), lambda: 0)
    (*_, last) = rules.changes()  # a restart takes it up
    (judged,) = [r for r in last.rules if r.detector.name == "gap"]
    settings = judged.profile.settings
    assert (settings.class_a_s, settings.class_b_s, judged.settings_version) == (1800.0, 600.0, 3)


def test_faults_are_named_with_their_bounds(first: httpx.Client) -> None:
    answer = write(first, 1, class_a_s=5, nonsense=1, ports_judged=3)
    assert answer.status_code == 422
    errors = {e["field"]: e["message"] for e in answer.json()["errors"]}
    assert errors == {
        "values.class_a_s": "must be 60 to 604800 s",
        "values.nonsense": "is no setting that can be changed here",
        "values.ports_judged": "must be true or false",
    }
    body = {"values": {"class_a_s": 900}, "version": 1}
    assert first.post("/detectors/nothing/settings", json=body).status_code == 404
    assert first.get("/detectors/nothing/versions").status_code == 404


def test_the_same_values_change_nothing(first: httpx.Client) -> None:
    assert write(first, 1, class_a_s=1800).status_code == 200
    assert gap(first)["settings_version"] == 1


def test_a_password_alone_changes_neither(watch: Watch) -> None:
    lead = watch.browser("watch_lead", assurance="password")
    assert write(lead, 1, class_a_s=900).status_code == 403
    assert lead.post("/outages", json={**OUTAGE, "holds_alerts": False}).status_code == 403


def test_who_records_outages_does_not_decide_on_settings(watch: Watch, first: httpx.Client) -> None:
    officer = watch.browser("watch_officer", "coast_guard")
    settings = write(first, 1, "noise", class_a_s=7200).json()
    planned = first.post("/outages", json=OUTAGE).json()
    assert write(officer, 1, class_a_s=900).status_code == 403
    assert decide(officer, settings).status_code == 403
    assert decide(officer, planned).json()["state"] == "made"
    assert officer.delete(f"/changes/{settings['id']}").status_code == 403


def test_changes_are_shown_to_whoever_sees_what_they_change(
    watch: Watch, first: httpx.Client
) -> None:
    write(first, 1, "noise", class_a_s=7200)
    first.post("/outages", json=OUTAGE)
    kinds = {}
    for role, agency in (
        ("analyst", "police"), ("auditor", "oversight"), ("administrator", "platform"),
        ("county_clerk", "local_government"), ("policy_signer", "platform"),
    ):  # fmt: skip
        answer = watch.browser(role, agency).get("/changes")
        items = answer.json().get("items", [])
        kinds[role] = (answer.status_code, sorted(c["thing"].partition(":")[0] for c in items))
    both = ["outage", "settings"]
    assert kinds == {
        "analyst": (200, both),
        "auditor": (200, both),
        "administrator": (200, both),
        "county_clerk": (200, []),
        "policy_signer": (403, []),
    }


def test_what_a_start_made_blinder_is_listed_until_a_second_person_agrees(
    watch: Watch, first: httpx.Client
) -> None:
    RuleSettings(watch.shore.records, choose_rules("gfw"), lambda: watch.gate.trust.now_us())
    listed = first.get("/changes", params={"state": "at_start"}).json()["items"]
    assert {c["thing"] for c in listed} == {
        "settings:gap", "settings:encounter", "settings:loitering", "settings:port_visit",
    }  # fmt: skip
    (change,) = [c for c in listed if c["thing"] == "settings:gap"]
    assert change["proposed_by"] == detector_settings.STARTED_BY
    codes = {r["code"] for r in change["blinder"]}
    assert {"class_a_s", "off_shore_m"} <= codes
    assert gap(first)["settings_approved"] is False
    assert decide(first, change, agree=False).status_code == 409
    assert decide(first, change).json()["state"] == "made"
    assert gap(first)["settings_approved"] is True


def test_putting_back_by_hand_what_a_start_made_blinder_needs_nobody_else(
    watch: Watch, first: httpx.Client
) -> None:
    with watch.shore.records.database.write() as connection:
        table = detector_settings.table
        was = detector_settings.current(connection, "gap")
        wider = {**(was.settings or {}), "class_a_s": 900.0}
        connection.execute(table.update().where(table.c.rule == "gap").values(settings=wider))
    RuleSettings(watch.shore.records, choose_rules("coastal"), lambda: watch.gate.trust.now_us())
    (change,) = first.get("/changes", params={"state": "at_start"}).json()["items"]
    assert [r["code"] for r in change["blinder"]] == ["class_a_s"]
    assert write(first, 2, class_a_s=600).status_code == 200
    assert first.get("/changes", params={"state": "at_start"}).json()["items"] == []
    assert gap(first)["settings_approved"] is True
