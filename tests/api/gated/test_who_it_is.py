"""What agencies and units are decides what a role for them opens: none opens more by their end."""

from __future__ import annotations

from dataclasses import replace

import httpx

from littoral.store.people.organisations import Agency

from .conftest import Watch
from .test_people import HAIKOU, days_ahead

DAY = "2020-01-01"


def agency_of(watch: Watch, code: str) -> Agency:
    return watch.gate.people.directory.organisation().agencies[code]


def end(watch: Watch, code: str) -> None:
    """By the operator of the machine."""
    directory, now_us = watch.gate.people.directory, watch.gate.people.base.now_us()
    ended = replace(agency_of(watch, code), valid_to_us=now_us)
    directory.put_agencies([ended], "operator:test")


def test_a_role_for_an_agency_that_ended_opens_nothing(watch: Watch) -> None:
    admin = watch.browser("administrator", "police", unit=HAIKOU, login="admin")
    auditor = watch.browser("auditor", "oversight", login="auditor")
    theirs = watch.enter("investigator", "customs", HAIKOU, login="theirs").identity.id
    both = watch.browser_of(
        "both", ("watch_officer", "police", HAIKOU), ("grid_worker", "health", HAIKOU)
    )
    assert both.get("/detectors").status_code == 200
    assert admin.get("/users").status_code == 200
    end(watch, f"police-{HAIKOU}")
    end(watch, "oversight-460000")
    key = {"name": "k", "actions": ["intake.write"], "unit": HAIKOU, "agency": f"customs-{HAIKOU}",
           "expires": days_ahead(watch, 9)}  # fmt: skip
    customs = {"kind": "customs", "unit": HAIKOU, "name_zh": "x", "valid_from": DAY}
    sharing = {"unit": HAIKOU, "shared_with": "460200", "kind": "*", "reason": "all of it"}
    for answer in (
        admin.get("/users"), admin.get("/units"), admin.get("/sharings"),
        admin.put(f"/users/{theirs}/suspension", json={"reason": "because"}),
        admin.put(f"/agencies/customs-{HAIKOU}", json=customs),
        admin.post("/keys", json=key), admin.post("/sharings", json=sharing),
        auditor.get("/users"),
    ):  # fmt: skip
        assert answer.status_code == 403, answer.text
    assert admin.get("/me").status_code == 200
    # The other place of the account stays open, as that place alone.
    assert both.get("/alerts").status_code == 200
    assert both.get("/detectors").status_code == 403


def test_a_key_of_an_agency_that_ended_opens_nothing(watch: Watch) -> None:
    directory, now_us = watch.gate.people.directory, watch.gate.people.base.now_us()
    watch.enter("watch_officer", "customs", HAIKOU)
    until_us = now_us + 9 * 86_400_000_000
    written, _ = directory.create_key(
        "k", ["alert.read", "intake.write"], HAIKOU, f"customs-{HAIKOU}", until_us, "operator:test"
    )
    bearer = {"authorization": f"Bearer {written}"}
    with httpx.Client(base_url=watch.url + "/api/v1", headers=bearer) as system:
        assert system.get("/alerts").status_code == 200
        end(watch, f"customs-{HAIKOU}")
        assert system.get("/alerts").status_code == 403


def test_what_an_agency_or_unit_is_one_administrator_does_not_change(watch: Watch) -> None:
    admin = watch.browser("administrator", "health", unit=HAIKOU, login="admin")
    root = watch.browser("administrator", "platform", login="root")
    code, unit = f"/agencies/health-{HAIKOU}", f"/units/{HAIKOU}"
    agency = {"kind": "health", "unit": HAIKOU, "name_zh": "卫健委", "valid_from": DAY}
    county = {"tier": "city", "parent": "460000", "name_zh": "海口市", "valid_from": DAY}
    for path, body, changes in (
        (code, agency, ({"kind": "customs"}, {"unit": "460200"}, {"valid_to": "2026-11-29"})),
        (unit, county, ({"tier": "township"}, {"parent": "460200", "tier": "township"},
                        {"valid_to": "2026-11-29"})),
    ):  # fmt: skip
        assert admin.put(path, json=body).status_code == 200
        for change in changes:
            answer = root.put(path, json={**body, **change})
            field = "parent" if "parent" in change else next(iter(change))
            assert answer.status_code == 422, answer.text
            (error,) = answer.json()["errors"]
            assert error["field"] == field
            assert ("another agency" if field == "kind" else "operator") in error["message"]
    assert agency_of(watch, f"health-{HAIKOU}").kind == "health"
    last = [e for e in watch.logged() if e.action == "unit.write" and e.verdict.value == "done"]
    assert {e.thing for e in last[-2:]} == {f"unit:health-{HAIKOU}", f"unit:{HAIKOU}"}
