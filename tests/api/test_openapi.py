"""The OpenAPI document: committed, current, complete; and what the server answers fits it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from jsonschema import Draft202012Validator

from littoral.api.app import build_app
from littoral.api.export import openapi_bytes
from littoral.api.wire import iso
from littoral.store.clock import clock_us

from .fleets import NOW_US
from .shore import Shore
from .test_resources import API

COMMITTED = Path(__file__).resolve().parents[2] / "contracts" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return build_app().openapi()


SIGN_IN = (
    "/signin", "/session", "/me", "/oidc", "/keys", "/first-start", "/invitations", "/cases",
    "/oversight", "/retention", "/holds", "/erasures", "/account-changes", "/account-batches",
    "/agencies", "/organisation", "/sharings", "/units", "/users", "/forms", "/form-submissions",
    "/assessments",
)  # fmt: skip


def test_the_committed_document_is_current() -> None:
    remedy = "run python -m littoral.api.export contracts/openapi.json"
    assert COMMITTED.read_bytes() == openapi_bytes(), remedy


def test_app_stays_small() -> None:
    lines = (COMMITTED.parents[1] / "src/littoral/api/app.py").read_text().count("\n")
    assert lines < 200, "put a resource into a module of its own"


def test_operation_ids_are_different_and_every_answer_has_a_schema(
    document: dict[str, Any],
) -> None:
    operations = [
        (path, method, op)
        for path, item in document["paths"].items()
        for method, op in item.items()
    ]  # fmt: skip
    ids = [op["operationId"] for _, _, op in operations]
    assert len(ids) == len(set(ids)) == len(operations) >= 24
    for path, method, op in operations:
        assert op["summary"], path
        for status, response in op["responses"].items():
            if status == "204" or status.startswith("3") or method == "head":
                continue
            content = response["content"]
            assert content, (path, method, status)
            for media, body in content.items():
                if media != "application/vnd.pmtiles":
                    assert body.get("schema"), (path, method, status, media)
        assert "application/problem+json" in op["responses"]["default"]["content"]


def test_every_path_of_the_document_is_in_the_docs(document: dict[str, Any]) -> None:
    folder = COMMITTED.parents[1] / "docs"
    docs = (folder / "api.md").read_text() + (folder / "accounts.md").read_text()
    for path in document["paths"]:
        assert f"`{path.removeprefix(API)}`" in docs or path.removeprefix(API) in docs, path


def test_served_document_is_the_committed_one(one_http: httpx.Client) -> None:
    assert one_http.get("/api/openapi.json").json() == json.loads(COMMITTED.read_bytes())


def test_answers_fit_their_schema(
    shore: Shore, http: httpx.Client, document: dict[str, Any]
) -> None:
    """Big lists skip Pydantic on their way out: here they are held to their models."""
    shore.sail(
        {"name": b"HAI XUN 21", "kind": 2, "imo": 9074729, "rot_degpm": -3.0, "flags": 1},
        {"lon_deg": 111.0, "nav_status": 3, "last_us": NOW_US - 3_000_000_000},
    )
    shore.raise_alerts({"number": 1, "lon": None, "lat": None, "end_us": None}, {"number": 2})
    shore.reject(b"bad")
    alert, track = f"{1:024x}", shore.fleet().fleet.track_id(0)
    incident = str(uuid4())
    report = {"id": incident, "type": "fire", "title": "起火",
              "sources": [{"kind": "alert", "ref": alert}]}  # fmt: skip
    assert http.post(API + "/incidents", json=report).status_code == 201
    boat, task = str(uuid4()), str(uuid4())
    add = {"id": boat, "name": "琼巡 01", "kind": "boat", "speed_kn": 30, "mmsi": 412000001}
    assert http.post(API + "/responders", json=add).status_code == 201
    send = {"id": task, "incident": incident, "responder": boat}
    assert http.post(API + "/tasks", json=send).status_code == 201
    desk, fault = "/duty/desks/{unit}/{agency}", str(uuid4())
    here = API + desk.replace("{unit}", "460000").replace("{agency}", "police")
    team = [{"account": "local", "post": "lead"}]
    begins = str(datetime.now(UTC).date() - timedelta(days=3))
    roster = {"id": str(uuid4()), "from_day": begins, "regulation": "province",
              "teams": dict.fromkeys("ABCD", team)}  # fmt: skip
    assert http.put(here + "/roster", json=roster).status_code == 200
    note = {"id": str(uuid4()), "kind": "in"}
    assert http.post(here + "/log", json=note).status_code == 201
    out_of_order = {"id": fault, "kind": "fault", "thing": "system", "name": "UPS", "what": "x"}
    assert http.post(here + "/papers", json=out_of_order).status_code == 201
    told = str(uuid4())
    bulletin = {"id": told, "kind": "weather", "title": "台风", "issuer": "海南省气象台"}
    assert http.post(API + "/bulletins", json=bulletin).status_code == 201
    span = {"from": iso(NOW_US - 3_600_000_000), "to": iso(NOW_US)}
    contact, entered_us = str(uuid4()), clock_us()
    heard = {"id": contact, "lon": 110.2, "lat": 20.1, "sog_kn": 5, "cog_deg": 90, "said": "x"}
    assert http.post(API + "/contacts", json=heard).status_code == 201
    over = {"id": str(uuid4()), "why": "in_port"}
    assert http.post(API + f"/contacts/{contact}/end", json=over).status_code == 200
    span_now = {"from": iso(entered_us - 60_000_000), "to": iso(entered_us + 60_000_000)}
    corners = "110.9,18.9 111.1,18.9 111.0,19.1"
    paths: dict[str, dict[str, str]] = {
        "/health": {}, "/settings": {}, "/tracks": {}, "/search": {"q": "HAI"}, "/alerts": {},
        "/detectors": {}, "/quarantine": {}, "/geofences": {}, "/outages": {}, "/areas": {},
        "/map/tiles": {}, "/map/world.geojson": {}, "/map/region.geojson": {},
        "/alerts/{alert_id}": {}, "/alerts/{alert_id}/evidence": {}, "/tracks/{track_id}": {},
        "/tracks/{track_id}/positions": {}, "/intake/{source}": {}, "/changes": {},
        "/reviews": {}, "/dismissals": {}, "/detectors/{rule}/versions": {},
        "/incidents": {}, "/incidents/changes": {}, "/incidents/of/{kind}/{ref}": {},
        "/incidents/{incident_id}": {}, "/incidents/{incident_id}/responders": {},
        "/responders": {}, "/tasks": {}, "/tasks/changes": {}, "/tasks/{task_id}": {},
        "/duty/regulations": {}, "/duty/desks": {}, desk: {}, desk + "/roster": {},
        desk + "/log": {}, desk + "/papers": {}, "/duty/papers/{paper_id}": {},
        "/incidents/{incident_id}/submissions": {},
        "/notices": {}, "/bulletins": {}, "/bulletins/{bulletin_id}": {},
        "/bulletins/{bulletin_id}/reach": {}, "/shelves": {}, "/alert-load": {}, "/watch-list": {},
            "/contacts": {}, "/contacts/{contact_id}": {}, "/replay/contacts": span_now,
            "/questions/contacts": {**span_now, "area": "110,20 110.4,20 110.2,20.4"},
        "/questions/inside": {**span, "area": corners}, "/questions/alerts/{alert_id}": {},
        "/questions/then": {**span, "area": corners, "to_area": corners},
        "/questions/voyages": {**span, "vessel": track}, "/replay/alerts": span,
        "/replay/kept": {}, "/figures": {},
    }  # fmt: skip
    known = {p.removeprefix(API) for p, item in document["paths"].items() if "get" in item}
    # No JSON; and what is not there without sign-in (held in gated/test_reach.py).
    without = {
        "/incidents/{incident_id}/file.pdf", "/responders/template.xlsx",
        desk + "/roster/template.xlsx",
        "/map/tiles/{name}.pmtiles", "/notices/{notice_id}", "/policies", "/replay/piece",
    }  # fmt: skip
    of_sign_in = {p for p in known if p.startswith(SIGN_IN)}  # held in tests/api/signin, gated
    assert known - set(paths) - of_sign_in == without
    assert of_sign_in
    for path, params in paths.items():
        url = path.replace("{alert_id}", alert).replace("{track_id}", track)
        url = url.replace("{kind}", "alert").replace("{ref}", alert)
        url = (
            url.replace("{incident_id}", incident)
            .replace("{task_id}", task)
            .replace("{paper_id}", fault)
            .replace("{bulletin_id}", told)
            .replace("{contact_id}", contact)
            .replace("{unit}", "460000")
            .replace("{agency}", "police")
            .replace("{source}", "pier")
            .replace("{rule}", "gap")
        )
        answer = http.get(API + url, params=params)
        assert answer.status_code == 200, answer.text
        media = answer.headers["content-type"].partition(";")[0]
        declared = document["paths"][API + path]["get"]["responses"]["200"]["content"]
        schema = {**declared[media]["schema"], "components": document["components"]}
        errors = Draft202012Validator(schema).iter_errors(answer.json())
        assert [f"{path} {e.json_path}: {e.validator}" for e in errors][:5] == []


def test_a_wrong_answer_would_be_seen(document: dict[str, Any]) -> None:
    """The validator of the test above does see a missing key and a wrong type."""
    content = document["paths"][API + "/settings"]["get"]["responses"]["200"]["content"]
    schema = {**content["application/json"]["schema"], "components": document["components"]}
    assert not Draft202012Validator(schema).is_valid({"region": 1})
