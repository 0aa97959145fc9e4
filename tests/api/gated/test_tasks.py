"""Responders and tasks over HTTP: who sends whom, who acts, what is seen, what the log keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest

from littoral.api.app import create_app
from littoral.api.server import serving
from littoral.cli.sign_in import gate_over
from littoral.engine.sea_ways import SeaWays
from littoral.respond.rank.travel import Ways
from littoral.respond.road import Lands
from littoral.respond.route import SeaRouter
from tests.api.fleets import NOW_US
from tests.api.shore import Shore, alert_of
from tests.respond.ways.coasts import coast, square

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA, reported, stepped


def account_of(browser: httpx.Client) -> str:
    return str(browser.get("/me").json()["id"])


def added(keeper: httpx.Client, name: str = "琼巡 01", **more: Any) -> dict[str, Any]:
    body = {
        "id": str(uuid4()), "name": name, "kind": "boat", "skills": ["board"], "speed_kn": 30,
        "endurance_min": 240, "base": {"lon": 110.30, "lat": 20.06}, **more,
    }  # fmt: skip
    answer = keeper.post("/responders", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def assigned(
    desk: httpx.Client, incident: str, responder: str, status: int = 201, **more: Any
) -> dict[str, Any]:
    body = {"id": str(uuid4()), "incident": incident, "responder": responder, **more}
    answer = desk.post("/tasks", json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def done(browser: httpx.Client, task: str, kind: str, **more: Any) -> httpx.Response:
    return browser.post(f"/tasks/{task}/steps", json={"id": str(uuid4()), "kind": kind, **more})


def ids(browser: httpx.Client, path: str = "/tasks", **params: Any) -> list[str]:
    answer = browser.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return [i["id"] for i in answer.json()["items"]]


@dataclass
class Desks:
    watch: Watch
    keeper: httpx.Client  # of the coast guard's boats in Haikou
    crew: httpx.Client
    lead: httpx.Client  # of the police in Haikou, who handles
    boat: str


@pytest.fixture
def desks(watch: Watch) -> Desks:
    keeper = watch.browser("watch_lead", "coast_guard", unit=HAIKOU)
    crew = watch.browser("grid_worker", "coast_guard", unit=HAIKOU)
    lead = watch.browser("watch_lead", unit=HAIKOU)
    boat = added(keeper, account=account_of(crew))["id"]
    return Desks(watch, keeper, crew, lead, boat)


def test_one_click_sends_a_boat_and_the_incident_goes_along(desks: Desks) -> None:
    lead, crew = desks.lead, desks.crew
    key = reported(lead, area=HAIKOU)["id"]
    task = assigned(lead, key, desks.boat)
    assert (task["state"], task["what"]) == ("offered", "快艇靠岸卸货")
    assert (task["lon"], task["lat"]) == (110.5, 20.1)
    assert (task["incident"]["state"], task["code"][-2:]) == ("dispatched", "/1")
    assert ids(crew) == [task["id"]]
    whole = crew.get(f"/tasks/{task['id']}").json()
    assert (whole["is_mine"], whole["next"]) == (True, ["accept", "refuse", "message"])
    assert lead.get(f"/tasks/{task['id']}").json()["next"] == [
        "cancel", "transfer", "edit", "message",
    ]  # fmt: skip
    assert crew.get(f"/incidents/{key}").status_code == 200  # of its own area, for a grid worker
    for kind, state in (
        ("accept", "dispatched"), ("set_out", "dispatched"), ("arrive", "handling"),
    ):  # fmt: skip
        answer = done(crew, task["id"], kind)
        assert answer.status_code == 200, answer.text
        assert lead.get(f"/incidents/{key}").json()["state"] == state
    assert done(crew, task["id"], "finish").status_code == 422
    assert done(crew, task["id"], "finish", found="九箱冻品").json()["state"] == "done"
    told = lead.get(f"/incidents/{key}").json()
    assert told["state"] == "fed_back"
    assert [s["kind"] for s in told["steps"]] == [
        "report", "accept", "dispatch", "begin", "feed_back",
    ]  # fmt: skip
    assert told["steps"][2]["fields"] == {"task": task["id"]}
    assert told["steps"][4]["fields"]["reason"] == "九箱冻品"
    assert told["steps"][4]["by"] == "grid_worker.coast_guard.460100"
    log = [
        (e.action, e.thing.split(":")[0], e.verdict.value)
        for e in desks.watch.logged()
        if e.action.startswith(("task.", "incident.act", "responder."))
    ]
    assert log == [
        ("responder.manage", "responder", "allow"), ("incident.act", "incident", "allow"),
        ("incident.act", "incident", "allow"), ("task.assign", "task", "allow"),
        *2 * [("task.act", "task", "allow")], ("task.act", "task", "allow"),
        ("incident.act", "incident", "allow"), ("task.act", "task", "deny"),
        ("task.act", "task", "allow"), ("incident.act", "incident", "allow"),
    ]  # fmt: skip


def test_a_refusal_with_its_reason_gives_the_incident_back_to_the_desk(desks: Desks) -> None:
    key = reported(desks.lead, area=HAIKOU)["id"]
    task = assigned(desks.lead, key, desks.boat)["id"]
    assert done(desks.crew, task, "refuse").status_code == 422
    assert done(desks.crew, task, "refuse", reason="主机故障").json()["reason"] == "主机故障"
    assert desks.lead.get(f"/incidents/{key}").json()["state"] == "accepted"
    other = added(desks.keeper, "琼巡 02")["id"]
    again = done(desks.lead, task, "transfer", to=other, reason="换船")
    assert (again.json()["state"], again.json()["responder"]["name"]) == ("offered", "琼巡 02")
    assert ids(desks.crew) == []
    assert done(desks.crew, task, "accept").status_code == 403
    # Nobody acts for it: its office enters what is heard by radio.
    assert done(desks.lead, task, "accept").status_code == 403
    assert done(desks.keeper, task, "accept").json()["state"] == "accepted"


def test_one_boat_is_sent_by_one_desk(desks: Desks) -> None:
    first, second = (reported(desks.lead, area=HAIKOU)["id"] for _ in range(2))
    assigned(desks.lead, first, desks.boat)
    refused = assigned(desks.lead, second, desks.boat, status=409)
    assert refused["reason"]["zh"] == "该力量正在执行另一任务。"
    assert desks.lead.get(f"/incidents/{second}").json()["state"] == "reported"
    assert assigned(desks.lead, second, desks.boat, also=True)["state"] == "offered"
    out = added(desks.keeper, "琼巡 03")["id"]
    put = desks.keeper.post(f"/responders/{out}/status", json={"status": "out_of_service"})
    assert put.status_code == 422
    body = {"status": "out_of_service", "reason": "坞修"}
    assert desks.keeper.post(f"/responders/{out}/status", json=body).status_code == 200
    assigned(desks.lead, second, out, status=409)
    listed = {r["id"]: r for r in desks.keeper.get("/responders").json()["items"]}
    assert (listed[out]["status"], listed[out]["out_reason"]) == ("out_of_service", "坞修")
    back = desks.keeper.post(f"/responders/{out}/status", json={"status": "available"})
    assert (back.json()["status"], back.json()["out_reason"]) == ("available", "")


def test_what_is_closed_gets_no_task(desks: Desks) -> None:
    other = desks.watch.browser("watch_lead", unit=HAIKOU, login="another.lead")
    key = reported(other, area=HAIKOU)["id"]
    assert stepped(desks.lead, key, "reject", reason="x", outcome="drill").status_code == 200
    assigned(desks.lead, key, desks.boat, status=409)
    assert ids(desks.lead) == []


def test_who_sees_and_who_sends(desks: Desks) -> None:
    watch = desks.watch
    sanya = watch.browser("watch_lead", unit=SANYA)
    analyst = watch.browser("analyst", "customs", unit=HAIKOU)
    stranger = watch.browser("grid_worker", "local_government", unit=HAIKOU)
    admin = watch.browser("administrator", "platform")
    key = reported(desks.lead, area=HAIKOU)["id"]
    task = assigned(desks.lead, key, desks.boat)["id"]
    assert ids(analyst) == [task]
    assert ids(analyst, "/responders") == [desks.boat]
    assert ids(sanya) == ids(sanya, "/responders") == []
    assert sanya.get(f"/tasks/{task}").status_code == 403
    assert stranger.get(f"/tasks/{task}").status_code == 403
    assert ids(stranger) == []
    for path in ("/tasks", "/tasks/changes", "/responders"):
        assert admin.get(path).status_code == 403
    for browser in (analyst, stranger, sanya, admin):
        assigned(browser, key, desks.boat, status=403)
        assert done(browser, task, "cancel", reason="x").status_code == 403
        assert done(browser, task, "message", text="x").status_code == 403
    assert done(desks.lead, task, "message", text="到了吗").status_code == 200
    assert done(desks.crew, task, "message", text="五分钟").status_code == 200
    said = desks.lead.get(f"/tasks/{task}").json()["steps"]
    assert [s["fields"].get("text") for s in said] == [None, "到了吗", "五分钟"]
    # A boat of Sanya is not Haikou's to send, unless it is shared.
    keeper = watch.browser("watch_lead", "coast_guard", unit=SANYA)
    far = added(keeper, "三亚巡 01")["id"]
    assigned(desks.lead, key, far, status=403)
    shared = keeper.patch(f"/responders/{far}", json={"shared_with": [HAIKOU]})
    assert shared.status_code == 200, shared.text
    assert assigned(desks.lead, key, far)["responder"]["name"] == "三亚巡 01"
    assert len(ids(keeper)) == 1  # its office sees where its boat goes


def test_who_keeps_responders(desks: Desks) -> None:
    for browser in (desks.crew, desks.lead):
        body = {"id": str(uuid4()), "name": "x", "kind": "boat", "agency": "coast_guard"}
        assert browser.post("/responders", json=body).status_code == 403
        assert browser.patch(f"/responders/{desks.boat}", json={"name": "y"}).status_code == 403
    nowhere = {"id": str(uuid4()), "name": "x", "kind": "boat", "office": "999999"}
    answer = desks.keeper.post("/responders", json=nowhere)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == ["office"]
    edit = {"speed_kn": 35, "seen": {"speed_kn": 30}}
    changed = desks.keeper.patch(f"/responders/{desks.boat}", json=edit)
    assert (changed.json()["speed_kn"], changed.json()["version"]) == (35.0, 2)
    late = desks.keeper.patch(f"/responders/{desks.boat}", json=edit)
    assert late.status_code == 409
    assert late.json()["errors"][0]["field"] == "speed_kn"
    for wrong, field in (
        ({"mmsi": 0}, "mmsi"), ({"skills": ["fly"]}, "skills.0"),
        ({"account": "nobody"}, "account"), ({"shared_with": ["999999"]}, "shared_with"),
    ):  # fmt: skip
        answer = desks.keeper.patch(f"/responders/{desks.boat}", json=wrong)
        assert answer.status_code == 422, answer.text
        assert [e["field"] for e in answer.json()["errors"]] == [field]
    assert desks.keeper.patch(f"/responders/{uuid4()}", json={}).status_code == 404


def test_a_phone_shares_its_position_during_a_task_alone(desks: Desks) -> None:
    at = {"lon": 110.4, "lat": 20.1, "source": "phone", "cog_deg": 90, "sog_kn": 20}
    path = f"/responders/{desks.boat}/position"
    refused = desks.crew.post(path, json=at)
    assert refused.status_code == 409
    assert refused.json()["reason"]["zh"] == "仅在执行任务期间接收位置。"
    task = assigned(desks.lead, reported(desks.lead, area=HAIKOU)["id"], desks.boat)["id"]
    assert desks.crew.post(path, json=at).status_code == 409  # it has not accepted
    assert done(desks.crew, task, "accept").status_code == 200
    found = desks.crew.post(path, json=at).json()
    assert (found["position"]["source"], found["position"]["sog_kn"]) == ("phone", 20)
    (seen,) = desks.lead.get("/responders").json()["items"]
    assert (seen["status"], seen["position"]["lon"]) == ("on_task", 110.4)
    assert done(desks.lead, task, "cancel", reason="over").status_code == 200
    (seen,) = desks.lead.get("/responders").json()["items"]
    assert (seen["status"], seen["position"]) == ("available", None)


def test_the_same_again_is_one(desks: Desks) -> None:
    key = reported(desks.lead, area=HAIKOU)["id"]
    body = {"id": str(uuid4()), "incident": key, "responder": desks.boat}
    first = desks.lead.post("/tasks", json=body)
    again = desks.lead.post("/tasks", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert desks.lead.post("/tasks", json={**body, "what": "another"}).status_code == 409
    step = {"id": str(uuid4()), "kind": "accept"}
    path = f"/tasks/{body['id']}/steps"
    for _ in range(2):
        answer = desks.crew.post(path, json=step)
        assert (answer.status_code, answer.json()["version"]) == (200, 2)
    late = done(desks.crew, body["id"], "accept")
    assert late.status_code == 409
    assert late.json()["reason"]["zh"] == "任务“已接受”，此步骤不适用。"
    (changed,) = desks.lead.get("/tasks/changes", params={"after": first.json()["seq"]}).json()[
        "items"
    ]
    assert (changed["state"], changed["version"]) == ("accepted", 2)


def test_a_roll_is_called_and_a_call_for_help_is_seen(desks: Desks) -> None:
    task = assigned(desks.lead, reported(desks.lead, area=HAIKOU)["id"], desks.boat)["id"]
    assert done(desks.crew, task, "accept").status_code == 200
    assert done(desks.crew, task, "call_begin", every_min=20, within_min=5).status_code == 403
    begun = done(desks.lead, task, "call_begin", every_min=20, within_min=5).json()["call"]
    assert (begun["every_min"], begun["is_asking"], begun["rung"]) == (20, False, 0)
    cried = done(desks.crew, task, "call_answer", help=True).json()["call"]
    assert (cried["help"], cried["is_asking"], cried["rung"]) == (True, True, 1)
    assert done(desks.crew, task, "call_answer").json()["call"]["rung"] == 0
    assert done(desks.lead, task, "call_end").json()["call"] is None


def test_edits_of_a_task_clash_by_field(desks: Desks) -> None:
    task = assigned(desks.lead, reported(desks.lead, area=HAIKOU)["id"], desks.boat, what="搜救")
    seen = {"what": "搜救"}
    assert done(desks.lead, task["id"], "edit", what="拖带", seen=seen).status_code == 200
    place = done(desks.lead, task["id"], "edit", lon=110.6, lat=20.2, seen={"lon": None})
    assert place.json()["lon"] == 110.6
    late = done(desks.lead, task["id"], "edit", what="登临", seen=seen)
    assert (late.status_code, late.json()["errors"][0]["field"]) == (409, "what")


def test_who_can_be_there_first_in_straight_lines_at_first(desks: Desks) -> None:
    near = added(desks.keeper, "琼巡 02", base={"lon": 110.48, "lat": 20.10})["id"]
    added(desks.keeper, "演丰网格员", kind="grid_worker", speed_kn=None, endurance_min=None)
    key = reported(desks.lead, area=HAIKOU)["id"]
    found = desks.lead.get(f"/incidents/{key}/responders").json()
    assert [c["responder"]["id"] for c in found["first"]] == [near, desks.boat]
    assert (found["has_ways"], found["target"]) == (False, None)
    first = found["first"][0]
    assert first["can_go"] is True
    assert [r["code"] for r in first["reasons"]] == ["straight", "from_base"]
    assert first["eta_s"] == pytest.approx(first["away_m"] / (30 * 1852 / 3600))
    (worker,) = found["near"]
    assert (worker["eta_s"], worker["responder"]["name"]) == (None, "演丰网格员")
    assert worker["away_m"] > 0
    lacking = desks.lead.get(f"/incidents/{key}/responders", params={"skill": "dive"}).json()
    assert [c["can_go"] for c in lacking["first"]] == [False, False]
    nowhere = reported(desks.lead, area=HAIKOU, lon=None, lat=None)["id"]
    unplaced = desks.lead.get(f"/incidents/{nowhere}/responders").json()
    assert (unplaced["place"], len(unplaced["first"])) == (None, 2)
    assert unplaced["first"][0]["eta_s"] is None
    sanya = desks.watch.browser("watch_lead", unit=SANYA)
    assert sanya.get(f"/incidents/{key}/responders").status_code == 403


@pytest.fixture
def open_sea(shore: Shore, tmp_path: Path) -> Iterator[Watch]:
    """A server that knows ways around one square island."""

    def make() -> Ways:
        island = coast((square(110.40, 20.10, 0.03), 1))
        router = SeaRouter.around(island, (110.0, 19.8, 111.0, 20.4))
        return Ways(router, Lands(router.water))

    with gate_over(tmp_path / "data", shore.records) as gate:
        app = create_app(shore, tmp_path / "pages", gate=gate)
        app.state.sea_ways = SeaWays(make)
        app.state.sea_ways.prepare()
        assert app.state.sea_ways.wait(60) is not None
        with serving(app) as url:
            made = Watch(shore, gate, url)
            yield made
            for browser in made.browsers:
                browser.close()


def test_around_land_and_to_where_a_target_is_met(open_sea: Watch, shore: Shore) -> None:
    keeper = open_sea.browser("watch_lead", "coast_guard", unit=HAIKOU)
    lead = open_sea.browser("watch_lead", unit=HAIKOU)
    shore.sail(
        {"mmsi": 412000001, "lon_deg": 110.50, "lat_deg": 20.10, "sog_mps": 5.0, "cog_deg": 90.0,
         "last_us": NOW_US},
        {"mmsi": 412000002, "lon_deg": 110.60, "lat_deg": 20.10, "last_us": NOW_US - 60_000_000},
    )  # fmt: skip
    shore.raise_alerts(alert_of(1))
    behind = added(keeper, "琼巡 01", base={"lon": 110.35, "lat": 20.10})["id"]
    ahead = added(keeper, "琼巡 02", base=None, mmsi=412000002)["id"]
    source = {"kind": "alert", "ref": f"{1:024x}"}
    key = reported(lead, area=HAIKOU, sources=[source])["id"]
    found = lead.get(f"/incidents/{key}/responders").json()
    assert found["has_ways"] is True
    assert (found["target"]["mmsi"], found["target"]["cog_deg"]) == (412000001, 90.0)
    assert [c["responder"]["id"] for c in found["first"]] == [ahead, behind]
    first, second = found["first"]
    assert first["responder"]["position"]["source"] == "track"
    assert first["responder"]["position"]["age_s"] == pytest.approx(60, abs=5)
    # Towards each other on one parallel: the distance over the sum of the speeds.
    assert first["meeting"]["in_s"] == pytest.approx(
        first["away_m"] / (5 + 30 * 0.514444), rel=0.01
    )
    assert first["meeting"]["lon"] > 110.50
    assert len(second["way"]) > 2  # around the island
    assert second["length_m"] > second["away_m"] * 1.01
    assert second["meeting"]["in_s"] > second["eta_s"]
    assert np.isfinite(second["meeting"]["lat"])
