"""A vessel is listed by one person, and taken off early by two."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from littoral.api.wire import iso
from littoral.store.clock import clock_us

from .conftest import Watch
from .test_blinder import decide, told

DAY_US = 86_400_000_000


def in_days(days: float) -> str:
    return str(iso(clock_us() + int(days * DAY_US)))


def she(days: float = 30.0, **more: Any) -> dict[str, Any]:
    said = {"id": str(uuid.uuid4()), "until": in_days(days), "reason": "seen at night"}
    return said | ({"mmsi": 412000001} if not {"mmsi", "imo", "name"} & set(more) else {}) | more


def listed(browser: httpx.Client) -> list[dict[str, Any]]:
    answer = browser.get("/watch-list")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.fixture
def first(watch: Watch) -> httpx.Client:
    return watch.browser("watch_lead", login="li", name="Li")


@pytest.fixture
def second(watch: Watch) -> httpx.Client:
    return watch.browser("watch_lead", login="wang")


def test_one_person_lists_and_two_take_off(
    watch: Watch, first: httpx.Client, second: httpx.Client
) -> None:
    watch.shore.calls.clear()
    made = first.post("/watch-list", json=she())
    assert made.status_code == 201, made.text
    assert watch.shore.calls == ["watch_list"]
    entry = made.json()
    assert (entry["owner"], entry["names"], entry["ends_soon"]) == ("li", {"li": "Li"}, False)
    (_, verdict, facts), *_ = told(watch, "fence.write")
    assert (verdict, facts["after"]["mmsi"]) == ("allow", 412000001)
    assert facts["after"]["reason"] == watch.committed(entry["id"], "seen at night")
    path = f"/watch-list/{entry['id']}"
    longer = first.put(path, json={"until": in_days(60), "reason": "still out", "version": 1})
    assert (longer.status_code, longer.json()["version"]) == (200, 2)
    stale = first.put(path, json={"until": in_days(70), "reason": "x", "version": 1})
    assert stale.status_code == 409
    assert first.delete(path).status_code == 422  # no reason
    answer = first.delete(path, params={"why": "she was scrapped"})
    assert answer.status_code == 202, answer.text
    change = answer.json()
    assert [r["code"] for r in change["blinder"]] == ["unlisted"]
    assert (change["thing"], change["after"]) == (f"listed:{entry['id']}", None)
    assert change["before"]["until"][:10] == in_days(60)[:10]
    assert listed(second)[0]["waiting"] == change["id"]
    assert decide(first, change).status_code == 403
    watch.shore.calls.clear()
    assert decide(second, change).json()["state"] == "made"
    assert (listed(second), watch.shore.calls) == ([], ["watch_list"])
    assert first.delete(path, params={"why": "x"}).status_code == 404


def test_for_less_time_takes_two(first: httpx.Client, second: httpx.Client) -> None:
    entry = first.post("/watch-list", json=she()).json()
    path = f"/watch-list/{entry['id']}"
    answer = first.put(path, json={"until": in_days(0.5), "reason": "nearly over"})
    assert (answer.status_code, answer.json()["blinder"][0]["code"]) == (202, "shorter")
    assert listed(first)[0]["ends_soon"] is False
    assert decide(second, answer.json()).status_code == 200
    (now,) = listed(first)
    assert (now["ends_soon"], now["reason"], now["waiting"]) == (True, "nearly over", None)


@pytest.mark.parametrize(
    ("wanted", "status", "field"),
    [
        ({"mmsi": 111_232_506}, 422, "mmsi"),  # an aircraft
        ({"mmsi": 970_123_456}, 422, "mmsi"),  # a beacon
        ({"imo": 9_074_729}, 201, ""),
        ({"imo": 9_074_728}, 422, "imo"),
        ({"name": " hai 1 "}, 201, ""),
        ({"name": "   "}, 422, "mmsi"),
        ({"name": "琼渔"}, 422, "name"),
        ({"mmsi": None}, 422, "mmsi"),
        ({"person": "Li Si"}, 422, "person"),
        ({"until": in_days(91)}, 422, "until"),
        ({"reason": "   "}, 422, "reason"),
        ({"reason": "身份证 11010519491231002X"}, 422, "reason"),  # GB 11643-1999, its example
        ({"reason": "agent 138 0013 8000"}, 422, "reason"),
        ({"name": "11010519491231002X"}, 422, "name"),
    ],
)
def test_a_vessel_and_nothing_else(
    first: httpx.Client, wanted: dict[str, Any], status: int, field: str
) -> None:
    answer = first.post("/watch-list", json=she(**wanted))
    assert answer.status_code == status, answer.text
    assert [e["field"] for e in answer.json().get("errors", [])] == [field] * (status == 422)


def test_who_she_is_in_the_picture(watch: Watch, first: httpx.Client) -> None:
    watch.shore.sail({"name": b"HAI 1", "imo": 9_074_729}, {"name": b"HAI 2"})
    view = watch.shore.fleet()
    first.post("/watch-list", json=she(name="hai 2"))
    (entry,) = listed(first)
    assert entry["name"] == "HAI 2"
    assert [v["id"] for v in entry["vessels"]] == [view.fleet.track_id(1)]
    again = first.post("/watch-list", json=she(name="HAI 2"))
    assert again.status_code == 409


def test_a_watch_officer_lists_nobody(watch: Watch) -> None:
    officer = watch.browser("watch_officer", login="zhao")
    assert officer.post("/watch-list", json=she()).status_code == 403
    assert listed(officer) == []
