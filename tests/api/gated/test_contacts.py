"""Contacts over HTTP: who enters and sees them, what the log has of it, and what is refused."""

from __future__ import annotations

import io
import json
import uuid
from typing import Any

import httpx
import openpyxl
import pytest

from littoral.api.wire import iso
from littoral.store.clock import clock_us
from littoral.store.vault.logged import facts_json, log_key

from .conftest import Watch
from .test_live_boards import live as live_stream
from .test_live_boards import rows

HOUR_US = 3_600_000_000


def ago(hours: float) -> str:
    return str(iso(clock_us() - int(hours * HOUR_US)))


def told(watch: Watch) -> list[tuple[str, dict[str, Any]]]:
    """Verdict and facts of what the log has of contacts."""
    key = log_key(watch.gate.trust.vault, watch.gate.trust.now_us())
    return [
        (e.verdict.value, json.loads(facts_json(e, key) or b"{}"))
        for e in watch.logged()
        if e.action == "contact.add"
    ]


def heard(**more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()), "lon": 110.2, "lat": 20.1, "what": "small_craft",
        "source": "vhf", "channel": "16", "station": "Haikou", **more,
    }  # fmt: skip


def entered(browser: httpx.Client, **more: Any) -> dict[str, Any]:
    answer = browser.post("/contacts", json=heard(**more))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def live(browser: httpx.Client) -> list[str]:
    return [c["id"] for c in browser.get("/contacts").json()["items"]]


@pytest.fixture
def officer(watch: Watch) -> httpx.Client:
    """Of a county: the sea is shared with it."""
    return watch.browser("watch_officer", "coast_guard", unit="460100", login="li", name="Li")


def test_it_is_entered_seen_by_others_and_in_the_log(watch: Watch, officer: httpx.Client) -> None:
    made = entered(
        officer, name="Qiong 1", call_sign="bkab1", cog_deg=90, sog_kn=12, on_board=4,
        said="engine trouble, drifting", place_said="3 NM north of Haikou",
    )  # fmt: skip
    assert (made["number"], made["state"], made["reported_by"]) == (1, "live", "Li")
    assert (made["call_sign"], made["sog_kn"], made["along_kn"]) == ("BKAB1", 12.0, 12.0)
    assert (made["growth_kn"], made["accuracy_m"], made["keep_h"]) == (1.8, 1852.0, 2.0)
    clerk = watch.browser("county_clerk", "local_government", unit="460200")
    assert live(clerk) == live(officer) == [made["id"]]
    detail = clerk.get(f"/contacts/{made['id']}").json()
    assert (detail["may_add"], detail["steps"][0]["fields"]["sog_kn"]) == (False, 12.0)
    ((verdict, facts),) = told(watch)
    assert (verdict, facts["done"], facts["on_board"]) == ("allow", "report", 4)
    assert facts["said"] == watch.committed(made["id"], "engine trouble, drifting")
    assert "engine" not in str(facts)


def test_reports_corrections_and_an_end(officer: httpx.Client) -> None:
    made = entered(officer, heard=ago(0.5))
    path = f"/contacts/{made['id']}"
    new = heard(lon=110.3)
    assert officer.post(f"{path}/reports", json=new).json()["version"] == 2
    right = officer.post(f"{path}/reports", json=heard(lon=110.25, replaces=new["id"])).json()
    assert [round(p["lon"], 2) for p in right["track"]] == [110.2, 110.25]
    ended = officer.post(
        f"{path}/end", json={"id": str(uuid.uuid4()), "why": "identified", "mmsi": 412000001}
    ).json()
    assert (ended["state"], ended["ended"]["mmsi"], ended["ended"]["by"]) == (
        "ended", 412000001, "Li",
    )  # fmt: skip
    assert live(officer) == []
    twice = officer.post(f"{path}/end", json={"id": str(uuid.uuid4()), "why": "mistaken"})
    assert twice.status_code == 409
    steps = officer.get(path).json()["steps"]
    assert [(s["kind"], s["replaced"]) for s in steps] == [
        ("report", False), ("report", True), ("report", False), ("end", False),
    ]  # fmt: skip
    again = officer.post(f"{path}/reports", json=heard()).json()
    assert (again["state"], again["ended"]) == ("live", None)


def test_the_same_once_more_changes_nothing(officer: httpx.Client) -> None:
    said = heard()
    first = officer.post("/contacts", json=said)
    again = officer.post("/contacts", json=said)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["version"] == 1
    assert officer.post("/contacts", json={**said, "lat": 20.2}).status_code == 409


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"heard": -0.1}, "heard"),  # hours ago
        ({"heard": 24.1}, "heard"),
        ({"lat": 91}, "lat"),
        ({"lon": None}, "lon"),
        ({"what": "submarine"}, "what"),
        ({"cog_deg": 360}, "cog_deg"),
        ({"sog_kn": -1}, "sog_kn"),
        ({"on_board": -1}, "on_board"),
        ({"on_board": "Li Si"}, "on_board"),
        ({"mmsi": 10**9}, "mmsi"),
        ({"channel": "sixteen!"}, "channel"),
        ({"keep_h": 13}, "keep_h"),
        ({"accuracy_m": 0}, "accuracy_m"),
        ({"said": "call him on 13800138000"}, "said"),
        ({"skipper": "Li Si"}, "skipper"),
        ({"replaces": str(uuid.uuid4())}, "replaces"),
    ],
)
def test_what_is_wrong_is_named(officer: httpx.Client, said: dict[str, Any], field: str) -> None:
    if field == "heard":
        said = {"heard": ago(said["heard"])}  # of now: the cases are made when tests are collected
    answer = officer.post("/contacts", json=heard(**said))
    assert answer.status_code == 422, answer.text
    assert field in [e["field"] for e in answer.json()["errors"]]
    assert live(officer) == []


def test_who_enters_none(watch: Watch, officer: httpx.Client) -> None:
    made = entered(officer)
    analyst = watch.browser("analyst", unit="460100")
    for path in ("/contacts", f"/contacts/{made['id']}/reports"):
        answer = analyst.post(path, json=heard())
        assert (answer.status_code, set(answer.json()["reason"])) == (403, {"zh", "en"})
    auditor = watch.browser("auditor", "oversight")
    assert auditor.get("/contacts").status_code == 403
    assert auditor.get("/replay/contacts", params={"from": ago(1), "to": ago(0)}).status_code == 403
    assert [verdict for verdict, _ in told(watch)] == ["allow", "deny", "deny"]
    assert officer.get(f"/contacts/{uuid.uuid4()}").status_code == 404
    gone = {"id": str(uuid.uuid4()), "why": "mistaken"}
    assert officer.post(f"/contacts/{uuid.uuid4()}/end", json=gone).status_code == 404


def test_an_incident_leads_back_to_its_contact(watch: Watch, officer: httpx.Client) -> None:
    made = entered(officer)
    incident = officer.post("/incidents", json={
        "id": str(uuid.uuid4()), "type": "rescue", "title": "small craft, engine trouble",
        "lon": made["lon"], "lat": made["lat"], "area": "460100",
        "sources": [{"kind": "contact", "ref": made["id"]}],
    })  # fmt: skip
    assert incident.status_code == 201, incident.text
    found = officer.get(f"/incidents/of/contact/{made['id']}").json()["items"]
    assert [i["id"] for i in found] == [incident.json()["id"]]
    assert found[0]["sources"] == [{"kind": "contact", "ref": made["id"]}]


def test_all_of_them_in_pages_and_as_a_table(officer: httpx.Client) -> None:
    keys = [entered(officer, name=f"HAI {n}")["id"] for n in range(3)]
    officer.post(f"/contacts/{keys[0]}/end", json={"id": str(uuid.uuid4()), "why": "in_port"})
    page = officer.get("/contacts", params={"past": True, "limit": 2}).json()
    rest = officer.get(
        "/contacts", params={"past": True, "limit": 2, "cursor": page["next_cursor"]}
    ).json()
    assert [c["id"] for c in page["items"] + rest["items"]] == keys[::-1]
    assert rest["next_cursor"] is None
    answer = officer.get("/contacts", params={"past": True, "format": "xlsx", "lang": "en"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 4
    assert [r[2] for r in rows[1:]] == ["HAI 2", "HAI 1", "HAI 0"]
    assert "came into port" in rows[3]


def test_it_comes_live_to_who_may_see_it(watch: Watch, officer: httpx.Client) -> None:
    clerk = watch.browser("county_clerk", "local_government", unit="460200")
    health = watch.browser("health_officer", "health", unit="460100")
    with live_stream(watch, clerk, "contacts_after=0") as stream:
        made = entered(officer)
        assert rows(stream, "contacts") == clerk.get("/contacts").json()["items"]
        end = {"id": str(uuid.uuid4()), "why": "mistaken"}
        assert officer.post(f"/contacts/{made['id']}/end", json=end).status_code == 200
        assert [c["state"] for c in rows(stream, "contacts")] == ["ended"]
    wanted = "tracks=none&incidents_after=0&contacts_after=0"
    with live_stream(watch, health, wanted) as stream:
        hello = json.loads(stream.recv(timeout=10))
        assert hello == {"type": "hello", "after": {"incidents": 0, "contacts": 0}}
        entered(officer)
        with pytest.raises(TimeoutError):
            stream.recv(timeout=1.5)
