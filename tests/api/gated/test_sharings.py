"""A county sees its own and what is shared with it: agreements, and what they show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from littoral.access.agreements import KINDS
from littoral.store.people.sharings import Wanted

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA, ids, reported, stepped

DANZHOU = "460400"


def made(lead: httpx.Client, **more: Any) -> dict[str, Any]:
    answer = asked(lead, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def asked(lead: httpx.Client, **more: Any) -> httpx.Response:
    body = {
        "unit": HAIKOU, "agency": "police", "shared_with": SANYA, "kind": "incident",
        "reason": "joint watch of the strait", **more,
    }  # fmt: skip
    return lead.post("/sharings", json=body)


def ended(lead: httpx.Client, key: str) -> httpx.Response:
    return lead.post(f"/sharings/{key}/end", json={"reason": "it is over"})


def in_days(n: float) -> str:
    return (datetime.now(UTC) + timedelta(days=n)).isoformat()


def test_a_county_sees_its_own_and_what_is_shared_with_it(watch: Watch) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    sanya = watch.browser("watch_lead", unit=SANYA)
    danzhou = watch.browser("watch_lead", unit=DANZHOU)
    lead = watch.browser("agency_lead", unit=HAIKOU)
    key = reported(haikou, lead_agency="police")["id"]
    customs = reported(
        watch.browser("watch_lead", "customs", unit=HAIKOU), lead_agency="customs"
    )["id"]  # fmt: skip
    assert ids(sanya) == []
    sharing = made(lead)
    assert (sharing["state"], sharing["may_end"]) == ("in_force", True)
    assert ids(sanya) == [key]  # the police's, not what the customs have
    assert sanya.get(f"/incidents/{key}").status_code == 200
    assert sanya.get(f"/incidents/{customs}").status_code == 403
    assert stepped(sanya, key, "note", reason="ours?").status_code == 403  # it shows, no more
    assert ids(danzhou) == []
    assert danzhou.get(f"/incidents/{key}").status_code == 403
    assert ended(lead, sharing["id"]).json()["state"] == "ended"
    assert ids(sanya) == []
    assert sanya.get(f"/incidents/{key}").status_code == 403
    assert ended(lead, sharing["id"]).status_code == 409


def test_it_begins_and_ends_at_its_time(watch: Watch) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    sanya = watch.browser("watch_lead", unit=SANYA)
    lead = watch.browser("agency_lead", unit=HAIKOU)
    key = reported(haikou, lead_agency="police")["id"]
    made(lead, begins=in_days(1), ends=in_days(2))
    directory, base = watch.gate.people.directory, watch.gate.people.base
    ends_us = base.now_us() + 400_000
    directory.share(Wanted(HAIKOU, SANYA, "*", "exercise", "", None, ends_us), "test")
    assert ids(sanya) == [key]
    while base.now_us() <= ends_us:
        pass
    assert ids(sanya) == []
    listed = lead.get("/sharings").json()["items"]
    assert [s["state"] for s in listed] == ["to_come"]
    listed = lead.get("/sharings", params={"ended": "true"}).json()["items"]
    assert [s["state"] for s in listed] == ["to_come", "ended"]


def test_who_shares_is_in_the_log_with_the_reason(watch: Watch) -> None:
    lead = watch.browser("agency_lead", unit=HAIKOU, login="lead")
    sharing = made(lead)
    assert ended(lead, sharing["id"]).status_code == 200
    told = [
        e for e in watch.logged() if e.action in ("sharing.write", "unit.share", "unit.unshare")
    ]
    assert [(e.action, e.verdict) for e in told] == [
        ("sharing.write", "allow"), ("unit.share", "done"),
        ("sharing.write", "allow"), ("unit.unshare", "done"),
    ]  # fmt: skip
    assert {e.actor for e in told} == {sharing["made_by"]}
    (kept,) = lead.get("/sharings", params={"ended": "true"}).json()["items"]
    assert kept["end_reason"] == "it is over"
    assert kept["ended_by"] == kept["made_by"] == sharing["made_by"]
    assert "lead" in kept["names"][kept["made_by"]]


@pytest.mark.parametrize(
    ("role", "agency", "unit", "status"),
    [
        ("agency_lead", "police", HAIKOU, 201),
        ("administrator", "police", HAIKOU, 201),
        ("administrator", "platform", HAIKOU, 201),
        ("agency_lead", "customs", HAIKOU, 403),
        ("agency_lead", "police", SANYA, 403),
        ("administrator", "police", SANYA, 403),
        ("watch_lead", "police", HAIKOU, 403),
        ("auditor", "oversight", HAIKOU, 403),
    ],
)
def test_the_giving_side_decides(
    watch: Watch, role: str, agency: str, unit: str, status: int
) -> None:
    assert asked(watch.browser(role, agency, unit=unit)).status_code == status


def test_both_sides_see_the_agreement_and_nobody_else(watch: Watch) -> None:
    key = made(watch.browser("agency_lead", unit=HAIKOU))["id"]

    def seen(role: str, agency: str, unit: str) -> list[tuple[str, bool]]:
        answer = watch.browser(role, agency, unit=unit).get("/sharings")
        assert answer.status_code == 200, answer.text
        return [(s["id"], s["may_end"]) for s in answer.json()["items"]]

    assert seen("agency_lead", "police", HAIKOU) == [(key, True)]
    assert seen("administrator", "health", SANYA) == [(key, False)]
    assert seen("agency_lead", "customs", SANYA) == [(key, False)]
    assert seen("agency_lead", "police", DANZHOU) == []
    assert seen("auditor", "oversight", "460000") == [(key, False)]
    refused = watch.browser("watch_officer", unit=HAIKOU).get("/sharings")
    assert refused.status_code == 403


def test_an_agency_is_shared_with_in_its_area(watch: Watch) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    guard = watch.browser("watch_lead", "coast_guard", unit=SANYA)
    beside = watch.browser("watch_lead", unit=SANYA)
    key = reported(haikou, lead_agency="police")["id"]
    made(watch.browser("agency_lead", unit=HAIKOU), shared_with=f"coast_guard-{SANYA}")
    assert ids(guard) == [key]
    assert ids(beside) == []


def test_boats_that_are_shared_to_be_seen_are_nobody_elses_to_send(watch: Watch) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    sanya = watch.browser("watch_lead", unit=SANYA)
    given = {
        "id": "0d5c0f3e-5b1c-4a77-9d64-9b3c0a4f0001", "name": "boat", "kind": "boat",
        "office": HAIKOU, "agency": "police", "speed_kn": 30, "base": {"lon": 110.3, "lat": 20.1},
    }  # fmt: skip
    boat = haikou.post("/responders", json=given)
    assert boat.status_code == 201, boat.text
    made(watch.browser("agency_lead", unit=HAIKOU), kind="*")
    assert [r["id"] for r in sanya.get("/responders").json()["items"]] == [given["id"]]
    incident = reported(sanya, lead_agency="police")["id"]
    for kind in ("accept", "dispatch"):
        assert stepped(sanya, incident, kind).status_code == 200
    sent = {
        "id": "0d5c0f3e-5b1c-4a77-9d64-9b3c0a4f0002", "incident": incident,
        "responder": given["id"], "what": "look",
    }  # fmt: skip
    assert sanya.post("/tasks", json=sent).status_code == 403
    suggested = sanya.get(f"/incidents/{incident}/responders").json()
    assert given["id"] not in str(suggested)


CASE = {"title": "林海生走私", "purpose": "anti_smuggling", "legal_basis": "statutory_duty"}


def test_of_a_shared_case_its_frame_is_seen_and_no_person(watch: Watch) -> None:
    haikou = watch.browser("investigator", unit=HAIKOU)
    sanya = watch.browser("investigator", unit=SANYA)
    lead = watch.browser("agency_lead", unit=HAIKOU)
    case = haikou.post("/cases", json=CASE).json()
    person = {"fields": {"name": "林海生"}}
    assert haikou.post(f"/cases/{case['id']}/subjects", json=person).status_code == 201
    made(lead, kind="*")
    assert sanya.get("/cases").json()["items"] == []  # `*` is none of cases
    made(lead, kind="case", ends=in_days(30))
    (seen,) = sanya.get("/cases").json()["items"]
    assert (seen["id"], seen["title"], seen["unit"]) == (case["id"], None, HAIKOU)
    assert "林海生" not in str(seen)
    for role in ("watch_officer", "watch_lead", "analyst", "agency_lead"):
        assert watch.browser(role, unit=SANYA).get("/cases").json()["items"] == [seen], role
    for role in ("county_clerk", "health_officer"):
        assert watch.browser(role, unit=SANYA).get("/cases").json()["items"] == [], role
    for path in ("subjects", "grants", "evidence"):
        assert sanya.get(f"/cases/{case['id']}/{path}").status_code == 403
    body = {"reason": "to see who it is", "whole_case": True}
    assert sanya.post(f"/cases/{case['id']}/grants", json=body).status_code == 403
    assert sanya.post(f"/cases/{case['id']}/close").status_code == 403


def test_of_shared_evidence_what_shows_nobody_is_seen(watch: Watch) -> None:
    haikou = watch.browser("investigator", unit=HAIKOU)
    sanya = watch.browser("investigator", unit=SANYA)
    case = haikou.post("/cases", json=CASE).json()["id"]
    kept = {}
    for data_class in ("operational", "personal"):
        about = f'{{"data_class":"{data_class}"}}'
        answer = haikou.post(
            f"/cases/{case}/evidence", content=b"\xff\xd8\xff\xe0 " + data_class.encode(),
            headers={"x-littoral-evidence": about, "content-type": "application/octet-stream"},
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        kept[data_class] = answer.json()["id"]
    assert sanya.get(f"/cases/{case}/evidence").status_code == 403
    made(watch.browser("agency_lead", unit=HAIKOU), kind="evidence", ends=in_days(30))
    listed = sanya.get(f"/cases/{case}/evidence")
    assert listed.status_code == 200, listed.text
    assert [p["id"] for p in listed.json()["items"]] == [kept["operational"]]
    shown = {k: sanya.post(f"/cases/{case}/evidence/{v}/view", json={}) for k, v in kept.items()}
    assert {k: a.status_code for k, a in shown.items()} == {"operational": 200, "personal": 403}


def test_cases_are_shared_by_the_lead_of_their_agency_for_a_time(watch: Watch) -> None:
    lead = watch.browser("agency_lead", unit=HAIKOU)
    administrator = watch.browser("administrator", "platform")
    for kind in ("case", "evidence"):
        assert asked(administrator, kind=kind, ends=in_days(30)).status_code == 403
        for ends in (None, in_days(367)):
            refused = asked(lead, kind=kind, ends=ends)
            assert refused.status_code == 422, refused.text
            assert [e["field"] for e in refused.json()["errors"]] == ["ends"]
        assert asked(lead, kind=kind, ends=in_days(365)).status_code == 201


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"shared_with": "nobody"}, "shared_with"),
        ({"shared_with": HAIKOU}, "shared_with"),
        ({"reason": " "}, "reason"),
        ({"begins": "2020-01-01T00:00:00Z"}, "begins"),
        ({"ends": "2020-01-01T00:00:00Z"}, "ends"),
        ({"kind": "person"}, "kind"),
    ],
)
def test_what_is_no_agreement_names_the_field(watch: Watch, more: Any, field: str) -> None:
    refused = asked(watch.browser("agency_lead", unit=HAIKOU), **more)
    assert refused.status_code == 422, refused.text
    assert [e["field"] for e in refused.json()["errors"]] == [field]


def test_persons_are_no_kind_of_agreement() -> None:
    assert not {"person", "subject"} & set(KINDS)
