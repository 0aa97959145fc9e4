"""Alerts: listing, life, actions, evidence."""

from __future__ import annotations

import uuid

import httpx
import pytest

from littoral.engine.runtime import RawLine
from littoral.schema.finding import PROVISIONAL, WITHDRAWN
from littoral.sense.ais import AisDecoder, StationList

from .fleets import MINUTE_US, NOW_US
from .shore import Shore, alert_of, past_of
from .test_resources import API, arrow, get


def act(http: httpx.Client, number: int, action: str, **more: object) -> httpx.Response:
    body = {"id": str(uuid.uuid4()), "action": action, **more}
    return http.post(f"{API}/alerts/{number:024x}/actions", json=body)


def numbers(page: dict) -> list[int]:
    return [int(a["id"], 16) for a in page["items"]]


def test_an_alert_in_json_as_the_document_says(shore: Shore, http: httpx.Client) -> None:
    """Keys as in docs/live-stream.md, "An alert in JSON"."""
    shore.raise_alerts({"number": 1})
    (alert,) = get(http, "/alerts")["items"]
    expected = alert_of(1)
    for key in (
        "rule",
        "version",
        "profile",
        "kind",
        "state",
        "priority",
        "lon",
        "lat",
        "things",
        "sentence",
        "facts",
        "settings",
        "evidence",
        "held_by",
        "withdrawn_reason",
    ):
        assert alert[key] == expected[key], key  # fmt: skip
    assert alert["start"] == "2026-11-23T21:41:03.120Z"
    assert alert["end"] == "2026-11-23T21:51:03.120Z"
    assert (alert["seq"], alert["revision"], alert["escalated"]) == (1, 1, False)
    assert (alert["handling"], alert["handled_by"], alert["handled_at"]) == ("new", None, None)
    assert alert["phase"] == "ended_unanswered"
    assert set(alert) == set(expected) - {"start_us", "end_us", "updated_us"} | {
        "seq", "revision", "escalated", "start", "end", "updated", "raised", "phase", "handling",
        "handled_by", "handled_at", "handed_to", "reason", "settings_version", "group", "grouped",
        "shelf", "shelved_until",
    }  # fmt: skip
    assert alert["settings_version"] == 1


def test_filters(shore: Shore, http: httpx.Client) -> None:
    shore.raise_alerts(
        {"number": 1},
        {"number": 2, "rule": "gap", "priority": 4},
        {"number": 3, "state": PROVISIONAL, "priority": 1},
        {"number": 4, "state": WITHDRAWN, "withdrawn_reason": "no"},
        {"number": 5, "held_by": "receiver:sanya"},
    )

    def listed(**params: object) -> list[int]:
        return numbers(get(http, "/alerts", **params))

    assert listed() == [5, 4, 3, 2, 1]
    shore.raise_alerts({"number": 6, "priority": 5})
    assert listed() == [5, 4, 3, 2, 1]
    assert listed(priority=5) == [6]
    assert listed(rule="gap") == [2]
    assert listed(priority=[1, 4]) == [3, 2]
    assert listed(state=["provisional", "withdrawn"]) == [4, 3]
    assert listed(open="true") == [3, 2, 1]
    assert listed(open="false") == [5, 4]
    assert listed(q="YU 00003") == [3]
    assert listed(q="会遇 2") == [2]
    assert listed(thing="vessel:412000002-20261124T060000.000Z") == [2]
    # Alert n runs from 21:40:03 + n min for ten minutes.
    assert listed(**{"to": "2026-11-23T21:42:03.120Z"}) == [1]
    assert listed(**{"from": "2026-11-23T21:54:03.121Z"}) == [5]


def test_pages_are_stable_when_alerts_come(shore: Shore, http: httpx.Client) -> None:
    shore.raise_alerts(*({"number": n} for n in (2, 4, 6, 8)))
    first = get(http, "/alerts", limit=2)
    assert numbers(first) == [8, 6]
    shore.raise_alerts({"number": 9}, {"number": 3}, {"number": 7})
    second = get(http, "/alerts", limit=2, cursor=first["next_cursor"])
    assert numbers(second) == [4, 3]
    third = get(http, "/alerts", limit=2, cursor=second["next_cursor"])
    assert (numbers(third), third["next_cursor"]) == ([2], None)


def test_life_of_an_alert(shore: Shore, http: httpx.Client) -> None:
    shore.raise_alerts({"number": 1, "state": PROVISIONAL})
    shore.raise_alerts({"number": 1, "end_us": NOW_US})
    assert act(http, 1, "acknowledge").json()["handling"] == "acknowledged"
    handed = act(http, 1, "hand_on", to="patrol 3", reason="nearest").json()
    assert (handed["handling"], handed["handed_to"]) == ("handed_on", "patrol 3")
    assert act(http, 1, "undo").json()["handling"] == "acknowledged"
    assert act(http, 1, "comment", reason="seen on radar").json()["handling"] == "acknowledged"
    detail = get(http, f"/alerts/{1:024x}")
    assert [(v["revision"], v["state"]) for v in detail["versions"]] == [
        (1, "provisional"), (2, "confirmed"),
    ]  # fmt: skip
    assert detail["versions"][1]["end"] == "2026-11-24T07:40:03.120Z"
    actions = detail["actions"]
    assert [a["action"] for a in actions] == ["acknowledge", "hand_on", "undo", "comment"]
    assert actions[1]["undone_by"] == actions[2]["id"]
    assert {a["by"] for a in actions} == {"watch officer"}
    assert detail["handled_by"] == "watch officer"


def test_an_action_that_comes_twice_counts_once(shore: Shore, http: httpx.Client) -> None:
    shore.raise_alerts({"number": 1}, {"number": 2})
    body = {"id": str(uuid.uuid4()), "action": "dismiss", "reason": "known exercise"}
    first = http.post(f"{API}/alerts/{1:024x}/actions", json=body)
    assert first.status_code == 200
    assert http.post(f"{API}/alerts/{1:024x}/actions", json=body).json() == first.json()
    other = http.post(f"{API}/alerts/{2:024x}/actions", json=body)
    assert other.status_code == 409
    assert [e["field"] for e in other.json()["errors"]] == ["id"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"action": "dismiss"}, 422, "reason"),
        ({"action": "comment", "reason": "  "}, 422, "reason"),
        ({"action": "hand_on"}, 422, "to"),
        ({"action": "delete"}, 422, "action"),
        ({"action": "acknowledge", "id": "1"}, 422, "id"),
        ({"action": "acknowledge", "by": "me"}, 422, "by"),
        ({"action": "dismiss", "reason": "x" * 4001}, 422, "reason"),
        ({"action": "undo"}, 409, None),
    ],
)
def test_refused_actions(
    one_shore: Shore, one_http: httpx.Client, body: dict, status: int, field: str | None
) -> None:
    one_shore.raise_alerts({"number": 1})
    answer = act(one_http, 1, **body)
    assert answer.status_code == status, answer.text
    assert [e["field"] for e in answer.json()["errors"]] == ([field] if field else [])
    assert get(one_http, f"/alerts/{1:024x}")["actions"] == []


def test_somebody_was_first(shore: Shore, http: httpx.Client) -> None:
    shore.raise_alerts({"number": 1})
    assert act(http, 1, "dismiss", reason="known").status_code == 200
    answer = act(http, 1, "acknowledge")
    assert answer.status_code == 409
    assert "dismissed by watch officer" in answer.json()["detail"]


def test_unknown_alert(http: httpx.Client) -> None:
    for path in ("/alerts/no", "/alerts/no/evidence"):
        answer = http.get(API + path)
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:littoral:problem:not-found"
    assert act(http, 7, "acknowledge").status_code == 404


# First sentence of gpsd's sample.aivdm; its fields in gpsd's sample.aivdm.js.chk, line 1, are
# MMSI 371798000, speed 12.3, latitude 48.3816333, longitude -123.3953833.
LINE = rb"\s:haikou,c:1795505880*27\!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A"


def test_evidence_from_the_lake_and_from_lines_not_there_yet(
    shore: Shore, http: httpx.Client
) -> None:
    # Compiled before the request, which must not wait for that.
    AisDecoder(0, stations=StationList(), default_station="").feed(LINE + b"\n")
    base = 1 << 40
    at = NOW_US - 30 * MINUTE_US
    shore.lake.write("observations", arrow(past_of(0, 412000001, [at], 1)), "a")
    shore.lines = {
        base + 1: RawLine("harbour.log", 1, b"first"),
        base + 2: RawLine("127.0.0.1:4001", 2, LINE),
    }
    shore.raise_alerts(
        {"number": 1, "start_us": at, "end_us": None, "updated_us": NOW_US,
         "evidence": [base + 1, base + 2, base + 3]}
    )  # fmt: skip
    evidence = get(http, f"/alerts/{1:024x}/evidence")
    assert evidence["missing"] == [base + 3]
    assert evidence["lines"][0] == {
        "obs_id": base + 1, "source": "harbour.log", "line": 1, "text": "first",
    }  # fmt: skip
    stored, decoded = evidence["observations"]
    assert (stored["obs_id"], stored["mmsi"], stored["sog_kn"]) == (base + 1, 412000001, 10.0)
    assert stored["station"] == "haikou"
    assert (decoded["obs_id"], decoded["mmsi"], decoded["sog_kn"]) == (base + 2, 371798000, 12.3)
    assert decoded["lat"] == pytest.approx(48.3816333, abs=1e-7)
    assert decoded["lon"] == pytest.approx(-123.3953833, abs=1e-7)
    assert decoded["kind"] == "position"


def test_evidence_of_an_alert_without_any(shore: Shore, http: httpx.Client) -> None:
    shore.raise_alerts({"number": 1, "evidence": []})
    assert get(http, f"/alerts/{1:024x}/evidence") == {
        "observations": [], "lines": [], "missing": [],
    }  # fmt: skip
