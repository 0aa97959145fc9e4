"""Where an incident may be put, and what its steps may make of it: asked of the policies before it
is kept, told to the log after."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from littoral.schema.logentry import LogEntry
from littoral.store import incidents
from littoral.store.people.organisations import Unit
from littoral.store.vault import logged

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA, ids, reported, stepped

VILLAGE, GRID = "460100V001", "460100G001"


def refusal(answer: httpx.Response, status: int, field: str = "") -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    if field:
        assert [e["field"] for e in body["errors"]] == [field]
    return body


def small_units(watch: Watch) -> None:
    since_us = 1_767_225_600_000_000
    below = [(VILLAGE, "village", HAIKOU), (GRID, "grid", VILLAGE)]
    watch.gate.people.directory.put_units(
        [Unit(code, tier, up, "示例", "Example", since_us, None, True) for code, tier, up in below],
        "test",
    )


def report_body(**more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "type": "fire", "title": "起火", "lon": 110.3, "lat": 20.1, **more}


# -- where it is reported


def test_a_report_is_put_on_the_own_board_or_that_of_its_area(watch: Watch) -> None:
    small_units(watch)
    haikou = watch.browser("watch_officer", unit=HAIKOU)
    for desk, area in ((HAIKOU, VILLAGE), (VILLAGE, VILLAGE), (HAIKOU, GRID)):
        made = haikou.post("/incidents", json=report_body(desk=desk, area=area))
        assert made.status_code == 201, made.text
    for desk in (SANYA, "460000", GRID):
        refused = haikou.post("/incidents", json=report_body(desk=desk, area=VILLAGE))
        refusal(refused, 422, "desk")
    province = watch.browser("watch_officer")
    assert reported(province, desk=SANYA, area=SANYA)["desk"] == SANYA
    refusal(province.post("/incidents", json=report_body(desk=SANYA, area=HAIKOU)), 422, "desk")


def test_an_area_of_others_is_not_made_the_own_by_the_own_desk(watch: Watch) -> None:
    haikou = watch.browser("watch_officer", unit=HAIKOU)
    refusal(haikou.post("/incidents", json=report_body(area=SANYA, desk=HAIKOU)), 403)
    refusal(haikou.post("/incidents", json=report_body(area=SANYA)), 403)
    assert ids(watch.browser("watch_lead", unit=SANYA)) == []


def test_what_a_grid_reports_comes_before_its_county(watch: Watch) -> None:
    """Nobody in a grid verifies or closes."""
    small_units(watch)
    made = reported(watch.browser("grid_worker", "local_government", unit=GRID))
    assert (made["area"], made["desk"]) == (GRID, HAIKOU)


def test_the_longest_seat_fits(watch: Watch) -> None:
    """A unit's code has 24 places, the longest name of an agency 17."""
    code = "460100" + "V" * 18
    since_us = 1_767_225_600_000_000
    unit = Unit(code, "village", HAIKOU, "示例", "Example", since_us, None, True)
    watch.gate.people.directory.put_units([unit], "test")
    officer = watch.browser("watch_officer", "border_inspection", unit=code)
    key = reported(officer)["id"]
    assert stepped(officer, key, "note", reason="seen").status_code == 200
    with watch.shore.records.database.read() as connection:
        desks = {r.step.desk for r in incidents.steps(connection, key)}
    assert desks == {code + "/border_inspection"}
    assert max(map(len, desks)) <= incidents.incident_steps.c.desk.type.length


# -- what a step makes of it


def test_an_edit_does_not_put_an_incident_before_others(watch: Watch) -> None:
    haikou, sanya = (watch.browser("watch_lead", unit=u) for u in (HAIKOU, SANYA))
    key = reported(haikou)["id"]
    refused = refusal(stepped(haikou, key, "edit", area=SANYA, title="theirs"), 403)
    assert refused["reason"]["en"]
    one = haikou.get(f"/incidents/{key}").json()
    assert (one["area"], one["title"], one["version"]) == (HAIKOU, "快艇靠岸卸货", 1)
    assert ids(sanya) == []
    assert stepped(watch.browser("watch_lead"), key, "edit", area=SANYA).status_code == 200
    assert ids(sanya) == [key]


def test_a_health_officer_makes_no_epidemic_something_else(watch: Watch) -> None:
    doctor = watch.browser("health_officer", "health", unit=HAIKOU)
    key = reported(doctor, type="epidemic")["id"]
    assert stepped(doctor, key, "edit", title="两例").status_code == 200
    refusal(stepped(doctor, key, "edit", type="other"), 403)
    assert doctor.get(f"/incidents/{key}").json()["type"] == "epidemic"


def test_a_split_is_a_report_of_its_own_area(watch: Watch) -> None:
    """Who has taken over what lies elsewhere handles it there; he reports nothing there."""
    haikou, sanya = (watch.browser("watch_lead", unit=u) for u in (HAIKOU, SANYA))
    source = {"kind": "hotline", "ref": "h-1"}
    key = reported(haikou, sources=[source])["id"]
    assert stepped(haikou, key, "transfer", to=SANYA, reason="it went south").status_code == 200
    assert stepped(sanya, key, "take_over").status_code == 200
    into = str(uuid4())
    split = {"into": into, "sources": [source], "reason": "two matters"}
    refusal(stepped(sanya, key, "split", **split), 403)
    assert sanya.get(f"/incidents/{key}").json()["sources"] == [source]
    assert sanya.get(f"/incidents/{into}").status_code == 404
    assert stepped(sanya, key, "edit", area=SANYA).status_code == 200
    assert stepped(sanya, key, "split", **split).status_code == 200
    assert sanya.get(f"/incidents/{into}").json()["area"] == SANYA


# -- one matter


def to_the_end(browser: httpx.Client, key: str) -> None:
    for kind, more in (
        ("accept", {}), ("dispatch", {}), ("begin", {}), ("feed_back", {"reason": "found"}),
    ):  # fmt: skip
        assert stepped(browser, key, kind, **more).status_code == 200


def test_who_reported_a_part_does_not_verify_or_close_the_whole(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    other = watch.browser("watch_lead", "coast_guard", unit=HAIKOU)
    head, part = reported(watch.browser("watch_officer", unit=HAIKOU))["id"], reported(lead)["id"]
    assert stepped(lead, part, "merge", other=head, reason="one boat").status_code == 200
    to_the_end(lead, head)
    refused = refusal(stepped(lead, head, "verify"), 403)
    assert "Another person" in refused["reason"]["en"]
    assert stepped(other, head, "verify").status_code == 200
    refusal(stepped(lead, head, "close", outcome="done"), 403)
    assert stepped(other, head, "close", outcome="done").status_code == 200


def test_who_reported_it_does_not_close_what_was_split_off(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    officer = watch.browser("watch_officer", unit=HAIKOU)
    key, into = reported(lead)["id"], str(uuid4())
    assert stepped(officer, key, "split", into=into, sources=[], reason="two").status_code == 200
    refused = stepped(lead, into, "reject", reason="no boat", outcome="unfounded")
    assert "Another person" in refusal(refused, 403)["reason"]["en"]


def test_a_merge_takes_the_right_to_handle_both(watch: Watch) -> None:
    haikou, sanya, province = (
        watch.browser("watch_lead", unit=u) for u in (HAIKOU, SANYA, "460000")
    )
    ours, theirs = reported(haikou)["id"], reported(sanya)["id"]
    asked = stepped(province, theirs, "transfer", to=HAIKOU, reason="it went north")
    assert asked.status_code == 200
    assert theirs in ids(haikou)  # shared, which is not enough
    for key, other in ((ours, theirs), (theirs, ours)):
        refusal(stepped(haikou, key, "merge", other=other, reason="one boat"), 403)
    assert stepped(province, ours, "merge", other=theirs, reason="one boat").status_code == 200


@pytest.mark.parametrize("kind", ["link", "merge"])
def test_only_what_one_sees_is_linked_or_merged(watch: Watch, kind: str) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    ours = reported(haikou)["id"]
    theirs = reported(watch.browser("watch_lead", unit=SANYA))["id"]
    for other in (str(uuid4()), theirs):
        refusal(stepped(haikou, ours, kind, other=other, reason="one boat"), 404, "other")
    also = reported(haikou)["id"]
    assert stepped(haikou, ours, kind, other=also, reason="one boat").status_code == 200


# -- in the log


def told(watch: Watch, incident: str) -> list[tuple[LogEntry, dict[str, Any]]]:
    """What the log says of it, with the sealed facts; without the rules that decided."""
    vault = watch.gate.trust.vault
    key = logged.log_key(vault, watch.gate.trust.now_us())
    found = []
    for entry in watch.logged():
        if entry.thing == f"incident:{incident}" and entry.action != "incident.read":
            facts = json.loads(logged.facts_json(entry, key) or b"{}")
            facts.pop("rules", None)
            facts.pop("outbox", None)  # by which the log knows what it has already
            found.append((entry, facts))
    return found


def committed(watch: Watch, incident: str, text: str) -> dict[str, str]:
    with watch.shore.records.database.read() as connection:
        key = bytes.fromhex(incidents.one(connection, incident).text_key)
    return {"hmac_sha256": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}


def test_the_log_says_what_was_done_without_the_words(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    source = {"kind": "hotline", "ref": "13800000000"}
    key, into = reported(lead, sources=[source], lead_agency="police")["id"], str(uuid4())
    other = reported(lead)["id"]
    watch.enter("agency_lead", "customs", unit=HAIKOU)
    for kind, more in (
        ("edit", {"title": "两艘快艇", "severity": "major"}),
        ("join", {"agency": "customs", "unit": HAIKOU}),
        ("link", {"other": other}),
        ("split", {"into": into, "sources": [source], "reason": "两件事"}),
        ("transfer", {"to": SANYA, "reason": "往南去了"}),
    ):  # fmt: skip
        assert stepped(lead, key, kind, **more).status_code == 200, kind
    entries = told(watch, key)
    assert {(e.verdict.value) for e, _ in entries} == {"allow"}
    report, edit, join, link, split, transfer = (
        {k: v for k, v in facts.items() if k != "step"} for _, facts in entries
    )
    first, second = (committed(watch, key, t) for t in ("快艇靠岸卸货", "两艘快艇"))
    assert report == {
        "type": "smuggling", "severity": "serious", "title": first, "lon_deg": 110.5,
        "lat_deg": 20.1, "area": HAIKOU, "desk": HAIKOU, "lead_agency": "police", "sources": 1,
    }  # fmt: skip
    assert edit == {
        "done": "edit", "before": {"title": first, "severity": "serious"},
        "after": {"title": second, "severity": "major"},
    }  # fmt: skip
    assert join == {"done": "join", "agency": "customs", "unit": HAIKOU}
    assert link == {"done": "link", "other": other}
    assert split == {
        "done": "split", "into": into, "sources": 1, "reason": committed(watch, key, "两件事"),
    }  # fmt: skip
    assert transfer == {
        "done": "transfer", "to": SANYA, "reason": committed(watch, key, "往南去了"),
    }  # fmt: skip
    ((entry, made),) = told(watch, into)
    assert (entry.action, entry.verdict.value) == ("incident.report", "allow")
    assert (made["split_from"], made["area"], made["type"]) == (key, HAIKOU, "smuggling")
    everything = json.dumps([facts for e in (key, into) for _, facts in told(watch, e)])
    for text in ("快艇", "两件事", "往南", "13800000000"):
        assert text not in everything
        assert json.dumps(text)[1:-1] not in everything


def test_what_was_refused_is_told_as_refused(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(lead)["id"]
    step = {"id": str(uuid4()), "kind": "close", "outcome": "done"}
    answers = [
        stepped(lead, key, "begin"),
        stepped(lead, key, "edit", title="x", seen={"title": "otherwise"}),
        lead.post(f"/incidents/{key}/steps", json=step),
        stepped(watch.browser("analyst", unit=HAIKOU), key, "accept"),
        stepped(lead, key, "edit", area=SANYA),
    ]
    assert [a.status_code for a in answers] == [409, 409, 403, 403, 403]
    found = [(e.action, e.verdict.value, f["done"], f["refused"]) for e, f in told(watch, key)[1:]]
    assert found == [
        ("incident.act", "deny", "begin", "state"), ("incident.act", "deny", "edit", "conflict"),
        ("incident.close", "deny", "close", "policy"),
        ("incident.act", "deny", "accept", "policy"),
        ("incident.report", "deny", "edit", "policy"),
    ]  # fmt: skip
    note = {"id": str(uuid4()), "kind": "note", "reason": "seen"}
    for body in (note, note, {**note, "reason": "not seen"}):
        lead.post(f"/incidents/{key}/steps", json=body)
    said = [(e.verdict.value, f.get("refused")) for e, f in told(watch, key)[-2:]]
    assert said == [("allow", None), ("deny", "id")]
