"""Incidents over HTTP: who sees and does what, and what becomes of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.shore import Shore, alert_of

from .conftest import Watch

HAIKOU, SANYA = "460100", "460200"


def reported(browser: httpx.Client, **more: Any) -> dict[str, Any]:
    body = {
        "id": str(uuid4()), "type": "smuggling", "severity": "serious", "title": "快艇靠岸卸货",
        "lon": 110.5, "lat": 20.1, **more,
    }  # fmt: skip
    answer = browser.post("/incidents", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def stepped(browser: httpx.Client, incident: str, kind: str, **more: Any) -> httpx.Response:
    body = {"id": str(uuid4()), "kind": kind, **more}
    return browser.post(f"/incidents/{incident}/steps", json=body)


def ids(browser: httpx.Client, path: str = "/incidents", **params: Any) -> list[str]:
    answer = browser.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return [i["id"] for i in answer.json()["items"]]


def test_from_report_to_close_by_those_who_may(watch: Watch) -> None:
    grid = watch.browser("grid_worker", "local_government", unit=HAIKOU)
    officer = watch.browser("watch_officer", unit=HAIKOU)
    lead = watch.browser("watch_lead", unit=HAIKOU)
    made = reported(grid)
    key = made["id"]
    assert (made["state"], made["version"], made["desk"]) == ("reported", 1, HAIKOU)
    assert made["desk_name"]["en"] == "Haikou"
    assert made["code"].endswith("-000001")
    assert made["due"]["rung"] == 0
    assert stepped(grid, key, "accept").status_code == 403
    for kind, more in (
        ("accept", {}), ("dispatch", {}), ("begin", {}), ("feed_back", {"reason": "抓获一艘快艇"}),
    ):  # fmt: skip
        answer = stepped(officer, key, kind, **more)
        assert answer.status_code == 200, answer.text
    assert stepped(officer, key, "verify").status_code == 403
    assert stepped(lead, key, "verify").status_code == 200
    assert stepped(lead, key, "close").status_code == 422
    closed = stepped(lead, key, "close", outcome="done").json()
    assert (closed["state"], closed["outcome"], closed["due"]) == ("closed", "done", None)
    again = stepped(lead, key, "accept")
    assert again.status_code == 409
    assert again.json()["reason"]["zh"] == "事件“已结案”，此步骤不适用。"
    entries = sorted(watch.logged(), key=lambda e: e.time_us)
    told_log = [(e.action, e.verdict.value) for e in entries if e.thing == f"incident:{key}"]
    # What did not follow was refused too: the close without an outcome and the accept.
    assert told_log == [
        ("incident.report", "allow"), ("incident.act", "deny"), *4 * [("incident.act", "allow")],
        ("incident.close", "deny"), ("incident.close", "allow"), ("incident.close", "deny"),
        ("incident.close", "allow"), ("incident.act", "deny"),
    ]  # fmt: skip
    told = lead.get(f"/incidents/{made['code']}").json()
    assert [s["kind"] for s in told["steps"]] == [
        "report", "accept", "dispatch", "begin", "feed_back", "verify", "close",
    ]  # fmt: skip
    assert told["steps"][0]["by"] == "grid_worker.local_government.460100"
    assert set(told["next"]) == {"reopen", "note", "link", "unlink"}


def test_who_reported_it_does_not_close_it(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(lead)["id"]
    refused = stepped(lead, key, "reject", reason="no boat there", outcome="unfounded")
    assert refused.status_code == 403
    assert "Another person" in refused.json()["reason"]["en"]


def test_a_county_sees_its_own_and_what_is_shared_with_it(watch: Watch) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    sanya = watch.browser("watch_lead", unit=SANYA)
    customs = watch.browser("agency_lead", "customs", unit=SANYA)
    province = watch.browser("watch_lead")
    key = reported(haikou)["id"]
    other = reported(sanya)["id"]
    assert ids(haikou) == [key]
    assert ids(sanya) == [other]
    assert sorted(ids(province)) == sorted([key, other])
    assert sanya.get(f"/incidents/{key}").status_code == 403
    assert stepped(haikou, key, "join", agency="customs", unit=SANYA).status_code == 200
    assert key in ids(customs)
    assert stepped(customs, key, "note", reason="our boat is near").status_code == 200
    for kind, more in (
        ("transfer", {"to": SANYA}), ("merge", {"other": other}), ("join", {"agency": "health"}),
        ("edit", {"title": "nothing"}),
    ):  # fmt: skip
        assert stepped(customs, key, kind, reason="we take it", **more).status_code == 403
    handed = stepped(haikou, key, "transfer", to=SANYA, reason="it went south")
    assert handed.json()["asked"] == SANYA
    assert key in ids(sanya)
    taken = stepped(sanya, key, "take_over")
    assert taken.status_code == 200, taken.text
    assert (taken.json()["desk"], taken.json()["state"]) == (SANYA, "accepted")
    assert stepped(haikou, key, "transfer", to="999999", reason="x").status_code == 422


def test_from_an_alert_and_back(watch: Watch, shore: Shore) -> None:
    lead = watch.browser("watch_lead")
    shore.raise_alerts(alert_of(1))
    alert = lead.get("/alerts").json()["items"][0]["id"]
    source = {"kind": "alert", "ref": alert}
    first = reported(lead, sources=[source])["id"]
    second = reported(lead, sources=[source], title="又一报")["id"]
    assert sorted(ids(lead, f"/incidents/of/alert/{alert}")) == sorted([first, second])
    proposed = lead.get(f"/incidents/{second}").json()["proposals"]
    assert [(p["id"], p["shared_sources"]) for p in proposed] == [(first, 1)]
    assert proposed[0]["why"]["zh"] == "有 1 条相同来源"
    assert stepped(lead, second, "merge", other=first, reason="one boat").status_code == 200
    assert ids(lead) == [first]
    whole = lead.get(f"/incidents/{first}").json()
    assert [p["id"] for p in whole["parts"]] == [second]
    assert [s["kind"] for s in whole["steps"]] == ["report", "report", "merge"]
    assert stepped(lead, second, "unmerge", reason="two boats").status_code == 200
    assert sorted(ids(lead)) == sorted([first, second])
    into = str(uuid4())
    split = stepped(lead, first, "split", into=into, sources=[source], reason="two matters")
    assert split.status_code == 200, split.text
    assert split.json()["sources"] == []
    made = lead.get(f"/incidents/{into}").json()
    assert (made["split_from"], made["sources"]) == (first, [source])


def test_the_same_step_twice_and_an_edit_that_others_were_faster_with(watch: Watch) -> None:
    lead = watch.browser("watch_lead")
    made = reported(lead)
    body = {"id": made["id"], "type": "smuggling", "severity": "serious", "title": "快艇靠岸卸货",
            "lon": 110.5, "lat": 20.1}  # fmt: skip
    assert lead.post("/incidents", json=body).status_code == 200
    assert lead.post("/incidents", json={**body, "title": "另一件"}).status_code == 409
    seen = {"title": "快艇靠岸卸货"}
    assert stepped(lead, made["id"], "edit", title="两艘", seen=seen).status_code == 200
    late = stepped(lead, made["id"], "edit", title="三艘", seen=seen)
    assert late.status_code == 409
    assert late.json()["errors"][0]["field"] == "title"
    (changed,) = lead.get("/incidents/changes", params={"after": made["seq"]}).json()["items"]
    assert (changed["title"], changed["version"]) == ("两艘", 2)


@pytest.mark.parametrize(
    ("more", "field"),
    [({"lat": 91}, "lat"), ({"type": "ufo"}, "type"), ({"desk": "999999"}, "desk"),
     ({"title": ""}, "title"), ({"lat": None}, "lat_deg"), ({"hue": 1}, "hue")],
)  # fmt: skip
def test_a_report_that_cannot_be_names_its_field(
    watch: Watch, more: dict[str, Any], field: str
) -> None:
    lead = watch.browser("watch_lead")
    body = {"id": str(uuid4()), "type": "fire", "title": "起火", "lon": 110.0, "lat": 19.0, **more}
    answer = lead.post("/incidents", json=body)
    assert answer.status_code == 422, answer.text
    assert [e["field"] for e in answer.json()["errors"]] == [field]


def test_times_and_cursors_that_cannot_be_are_refused(watch: Watch) -> None:
    lead = watch.browser("watch_lead")
    body = {"id": str(uuid4()), "type": "fire", "title": "起火"}
    for at in ("0001-01-01T00:00:00+14:00", "2001-01-01T00:00:00Z"):
        answer = lead.post("/incidents", json={**body, "at": at})
        assert answer.status_code == 422, answer.text
    huge = "WzE4NDQ2NzQ0MDczNzA5NTUxNjE1LCJ4Il0"  # [18446744073709551615,"x"]
    assert lead.get("/incidents", params={"cursor": huge}).status_code == 400
    assert lead.get("/incidents/a%00b").status_code == 404
