"""The same report and the same step once more: from a phone that heard no answer."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA, reported, stepped


def sent(browser: httpx.Client, key: str, body: dict[str, Any]) -> httpx.Response:
    return browser.post(f"/incidents/{key}/steps", json=body)


def body_of(kind: str, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "kind": kind, **more}


@pytest.mark.parametrize("kind", ["take_over", "decline"])
def test_an_answer_to_a_handover_is_answered_again(watch: Watch, kind: str) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    sanya = watch.browser("watch_lead", unit=SANYA)
    key = reported(haikou)["id"]
    assert stepped(haikou, key, "transfer", to=SANYA, reason="it went south").status_code == 200
    body = body_of(kind, reason="it is as it is")
    first = sent(sanya, key, body)
    assert first.status_code == 200
    again = sent(sanya, key, body)
    assert again.status_code == 200, again.text
    assert again.json() == first.json()
    assert len(haikou.get(f"/incidents/{key}").json()["steps"]) == 3


def test_a_step_that_does_not_follow_any_more_is_answered_as_it_is_now(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(lead)["id"]
    body = body_of("accept")
    assert sent(lead, key, body).json()["state"] == "accepted"
    assert stepped(lead, key, "dispatch").status_code == 200
    again = sent(lead, key, body)
    assert (again.status_code, again.json()["state"]) == (200, "dispatched")


def test_a_split_is_answered_again_after_an_edit(watch: Watch) -> None:
    lead = watch.browser("watch_lead")
    source = {"kind": "hotline", "ref": "h-1"}
    key = reported(lead, sources=[source])["id"]
    body = body_of("split", into=str(uuid4()), sources=[source], reason="two matters")
    assert sent(lead, key, body).status_code == 200
    assert stepped(lead, key, "edit", title="two boats").status_code == 200
    again = sent(lead, key, body)
    assert (again.status_code, again.json()["title"]) == (200, "two boats")
    assert len(lead.get("/incidents").json()["items"]) == 2


def test_the_id_of_another_step_is_refused_by_its_name(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    other = watch.browser("watch_lead", "coast_guard", unit=HAIKOU)
    key, second = reported(lead)["id"], reported(lead)["id"]
    body = body_of("note", reason="seen")
    assert sent(lead, key, body).status_code == 200
    for browser, incident, changed in (
        (lead, key, {"reason": "not seen"}), (lead, second, {}), (other, key, {}),
        (lead, key, {"kind": "escalate", "to": "460000"}),
    ):  # fmt: skip
        refused = sent(browser, incident, {**body, **changed})
        assert refused.status_code == 409, refused.text
        assert [e["field"] for e in refused.json()["errors"]] == ["id"]


def test_a_report_is_answered_again_to_who_made_it_and_may_see_it(watch: Watch) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    body = {"id": str(uuid4()), "type": "fire", "title": "起火", "lon": 110.3, "lat": 20.1}
    assert haikou.post("/incidents", json=body).status_code == 201
    assert stepped(haikou, body["id"], "accept").status_code == 200
    again = haikou.post("/incidents", json=body)
    assert (again.status_code, again.json()["state"]) == (200, "accepted")
    beside = watch.browser("watch_lead", "coast_guard", unit=HAIKOU)
    for browser in (beside, watch.browser("watch_lead", unit=SANYA)):
        refused = browser.post("/incidents", json=body)
        assert refused.status_code == 409
        assert [e["field"] for e in refused.json()["errors"]] == ["id"]
        assert "起火" not in refused.text
    changed = haikou.post("/incidents", json={**body, "title": "另一件"})
    assert changed.status_code == 409
    assert [e["field"] for e in changed.json()["errors"]] == ["id"]


def test_a_report_whose_reporter_sees_it_no_more_is_not_answered_again(watch: Watch) -> None:
    """The province moved it to another county."""
    haikou, province = watch.browser("watch_lead", unit=HAIKOU), watch.browser("watch_lead")
    body = {"id": str(uuid4()), "type": "fire", "title": "起火", "lon": 110.3, "lat": 20.1}
    assert haikou.post("/incidents", json=body).status_code == 201
    key = body["id"]
    moved = stepped(province, key, "transfer", to=SANYA, reason="it is there")
    assert moved.status_code == 200
    assert stepped(province, key, "edit", area=SANYA).status_code == 200
    assert stepped(watch.browser("watch_lead", unit=SANYA), key, "take_over").status_code == 200
    assert haikou.get(f"/incidents/{key}").status_code == 403
    assert haikou.post("/incidents", json=body).status_code == 403


def test_a_system_that_sees_no_incidents_is_answered_again(watch: Watch) -> None:
    """A camera's system whose line broke sends its report once more."""
    directory, base = watch.gate.people.directory, watch.gate.people.base
    watch.enter("watch_lead", unit=HAIKOU)  # so that the agency is there
    until_us = base.now_us() + 86_400_000_000
    actions = ["incident.report"]
    written, _ = directory.create_key("eye", actions, HAIKOU, "police-" + HAIKOU, until_us, "test")
    body = {"id": str(uuid4()), "type": "fire", "title": "起火", "lon": 110.3, "lat": 20.1}
    with httpx.Client(
        base_url=watch.url + "/api/v1", headers={"authorization": f"Bearer {written}"}
    ) as eye:
        assert [eye.post("/incidents", json=body).status_code for _ in range(2)] == [201, 200]
        assert eye.get(f"/incidents/{body['id']}").status_code == 403
