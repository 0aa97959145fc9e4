"""One alert is set aside by one person, a class of alerts by two; both end by themselves and by
anybody who may dismiss alerts."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from littoral.api.wire import iso
from littoral.store.clock import clock_us

from .conftest import Watch
from .test_blinder import decide, told

HOUR_US = 3_600_000_000


def soon(hours: float) -> str:
    return str(iso(clock_us() + int(hours * HOUR_US)))


def body(hours: float = 1.0, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "until": soon(hours), "reason": "survey ships", **more}


def a_class(hours: float = 1.0, **more: Any) -> dict[str, Any]:
    return body(hours, **({"rule": "encounter", "kind": "encounter"} | more))


def alert(watch: Watch, number: int, **changes: Any) -> str:
    (made,) = watch.shore.raise_alerts({"number": number, **changes})
    return made.id


def listed(browser: httpx.Client, path: str, **params: Any) -> list[dict[str, Any]]:
    answer = browser.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.fixture
def officer(watch: Watch) -> httpx.Client:
    return watch.browser("watch_officer", login="zhao")


@pytest.fixture
def first(watch: Watch) -> httpx.Client:
    return watch.browser("watch_lead", login="li")


@pytest.fixture
def second(watch: Watch) -> httpx.Client:
    return watch.browser("watch_lead", login="wang")


def test_one_alert_by_one_person(watch: Watch, officer: httpx.Client) -> None:
    key = alert(watch, 1, rule="gap", kind="gap")
    wanted = body(7 * 24 - 0.1)
    made = officer.post(f"/alerts/{key}/shelf", json=wanted)
    assert made.status_code == 201, made.text
    shelf = made.json()
    assert (shelf["alert"], shelf["by"], shelf["holds"]) == (key, "zhao", 1)
    assert officer.post(f"/alerts/{key}/shelf", json=wanted).json()["id"] == shelf["id"]
    (one,) = listed(officer, "/alerts", shelved=True)
    assert (one["shelf"], one["shelved_until"]) == (shelf["id"], shelf["until"])
    assert listed(officer, "/alerts", open=True) == []
    (_, verdict, facts), *_ = told(watch, "alert.dismiss")
    assert verdict == "allow"
    assert facts["after"]["reason"] == watch.committed(shelf["id"], "survey ships")
    assert officer.delete(f"/shelves/{shelf['id']}").status_code == 204
    assert officer.delete(f"/shelves/{shelf['id']}").status_code == 404
    assert [a["id"] for a in listed(officer, "/alerts", open=True)] == [key]
    (over,) = listed(officer, "/shelves")
    assert (over["ended_by"], over["holds"]) == ("zhao", 0)


def test_a_class_takes_two(
    watch: Watch, officer: httpx.Client, first: httpx.Client, second: httpx.Client
) -> None:
    key = alert(watch, 1)
    wanted = a_class()
    assert officer.post("/shelves", json=wanted).status_code == 403
    answer = first.post("/shelves", json=wanted)
    assert answer.status_code == 202, answer.text
    change = answer.json()
    assert change["thing"] == f"shelf:{wanted['id']}"
    assert [r["code"] for r in change["blinder"]] == ["class"]
    assert change["after"]["rule"] == "encounter"
    assert change["after"]["until"][:16] == wanted["until"][:16]
    assert first.post("/shelves", json=wanted).json()["id"] == change["id"]  # sent again
    assert listed(officer, "/alerts", shelved=True) == []
    assert decide(first, change).status_code == 403
    assert decide(second, change).json()["state"] == "made"
    assert [a["id"] for a in listed(officer, "/alerts", shelved=True)] == [key]
    (shelf,) = listed(officer, "/shelves")
    assert (shelf["by"], shelf["rule"], shelf["holds"]) == ("li + wang", "encounter", 1)
    another = alert(watch, 2)
    assert len(listed(officer, "/alerts", shelved=True)) == 2
    # More is seen by it: anybody who may dismiss alerts ends it alone.
    assert officer.delete(f"/shelves/{shelf['id']}").status_code == 204
    assert {a["id"] for a in listed(officer, "/alerts", open=True)} == {key, another}


def test_a_class_that_was_agreed_to_too_late_is_none(
    watch: Watch, first: httpx.Client, second: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = first.post("/shelves", json=a_class(0.5)).json()
    later_us = clock_us() + HOUR_US
    monkeypatch.setattr("littoral.api.changes.clock_us", lambda: later_us)
    late = decide(second, change)
    assert (late.status_code, late.json()["detail"]) == (409, "its end has passed")
    assert listed(first, "/shelves") == []


@pytest.mark.parametrize(
    ("wanted", "status", "words"),
    [
        ({"rule": "distress", "kind": "sart"}, 409, "asks for help"),
        ({"rule": "distress", "kind": "text"}, 409, "asks for help"),
        ({"rule": "distress", "kind": "test"}, 202, ""),
        ({"rule": "receiver", "kind": "feed_silent"}, 409, "picture itself is wrong"),
        ({"rule": "receiver", "kind": "receiver_silent"}, 202, ""),
        ({"rule": "no_such", "kind": "x"}, 422, "no such rule"),
        ({"fence": "no-such"}, 422, "no such geofence"),
        ({"thing": "person:1"}, 422, "thing"),
        ({"thing": "mmsi:412000001"}, 202, ""),
        ({"until": soon(14.0)}, 422, "at most 12 hours"),
        ({"reason": ""}, 422, "reason"),
    ],
)
def test_what_is_no_class_to_set_aside(
    first: httpx.Client, wanted: dict[str, Any], status: int, words: str
) -> None:
    answer = first.post("/shelves", json=a_class(**wanted))
    assert answer.status_code == status, answer.text
    assert words in answer.text


@pytest.mark.parametrize(
    "changes",
    [{"rule": "distress", "kind": "sart", "priority": 2}, {"priority": 1}],
)
def test_no_call_for_help_is_set_aside(
    watch: Watch, officer: httpx.Client, changes: dict[str, Any]
) -> None:
    key = alert(watch, 1, **changes)
    answer = officer.post(f"/alerts/{key}/shelf", json=body())
    assert (answer.status_code, "by two" in answer.text) == (409, True) or answer.status_code == 403
    assert listed(officer, "/alerts", shelved=True) == []


def test_what_is_dismissed_is_not_set_aside(watch: Watch, officer: httpx.Client) -> None:
    key = alert(watch, 1)
    act = {"id": str(uuid.uuid4()), "action": "dismiss", "reason": "known"}
    assert officer.post(f"/alerts/{key}/actions", json=act).status_code == 200
    assert officer.post(f"/alerts/{key}/shelf", json=body()).status_code == 409


def test_an_escalated_alert_is_set_aside_by_a_watch_lead(
    watch: Watch, officer: httpx.Client, first: httpx.Client
) -> None:
    key = alert(watch, 1, priority=3, end_us=None)
    watch.shore.records.escalate(clock_us() + 24 * HOUR_US, 300.0)
    assert officer.post(f"/alerts/{key}/shelf", json=body()).status_code == 403
    assert first.post(f"/alerts/{key}/shelf", json=body()).status_code == 201
