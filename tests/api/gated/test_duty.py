"""Duty over HTTP: who stands, plans and hands over a watch, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from littoral.api.wire import iso
from littoral.store.clock import clock_us
from tests.api.shore import Shore, alert_of

from .conftest import Watch

PROVINCE, HAIKOU = "460000", "460100"
POLICE = f"/duty/desks/{PROVINCE}/police"
CLERKS = f"/duty/desks/{HAIKOU}/local_government"
HOUR = timedelta(hours=1)


def me(browser: httpx.Client) -> str:
    return str(browser.get("/me").json()["id"])


def ok(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def new(**more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), **more}


class Crew:
    """Two teams at the province: lead and officer now, lead and officer next."""

    def __init__(self, watch: Watch) -> None:
        self.lead = watch.browser("watch_lead", login="lead.now")
        self.officer = watch.browser("watch_officer", "coast_guard", login="officer.now")
        self.lead2 = watch.browser("watch_lead", login="lead.next")
        self.officer2 = watch.browser("watch_officer", login="officer.next")
        self.ids = [me(b) for b in (self.lead, self.officer, self.lead2, self.officer2)]
        began = datetime.now(UTC) + timedelta(hours=8)  # the wall of Hainan
        day, hour = began.date(), began.hour
        # Of the province's rotation the team that has the watch now, and the one after it.
        index = (day - datetime(2026, 1, 1).date()).days
        if hour < 8:
            now, later = "DABC"[(index - 1) % 4], "ABCD"[index % 4]
        elif hour < 20:
            now, later = "ABCD"[index % 4], "DABC"[index % 4]
        else:
            now, later = "DABC"[index % 4], "ABCD"[(index + 1) % 4]
        first, second = (
            [{"account": a, "post": "lead"}, {"account": b, "post": "officer"}]
            for a, b in (self.ids[:2], self.ids[2:])
        )
        self.body = new(
            from_day=str(day - timedelta(days=10)), regulation="province",
            teams={now: first, later: second},
        )  # fmt: skip
        self.roster = ok(self.lead.put(f"{POLICE}/roster", json=self.body))


@pytest.fixture
def crew(watch: Watch) -> Crew:
    return Crew(watch)


def test_a_desk_is_planned_seen_and_stood(crew: Crew, watch: Watch) -> None:
    assert (
        ok(crew.lead.put(f"{POLICE}/roster", json=crew.body))["from_day"] == crew.body["from_day"]
    )
    now = ok(crew.officer.get(POLICE))
    assert [(p["name"], p["post"], p["signed"]) for p in now["people"]] == [
        ("lead.now", "lead", ""), ("officer.now", "officer", ""),
    ]  # fmt: skip
    assert [[p["name"] for p in c["people"]] for c in now["calls"]] == [
        ["officer.now"], ["lead.now"],
    ]  # fmt: skip
    assert [c["after_minutes"] for c in now["calls"]] == [0, 3]
    assert now["may"] == ["duty.watch", "duty.handover", "duty.fault"]
    assert ok(crew.lead.get(POLICE))["may"] == [
        "duty.plan", "duty.watch", "duty.handover", "duty.fault",
    ]  # fmt: skip
    ok(crew.officer.post(f"{POLICE}/log", json=new(kind="in")))
    out = new(kind="out")
    assert ok(crew.officer.post(f"{POLICE}/log", json=out))["shift"] == now["now"]["key"]
    assert ok(crew.officer.post(f"{POLICE}/log", json=out))["kind"] == "out"
    after = ok(crew.officer.get(POLICE))
    # Who has signed out is called no more, and the next one at once.
    assert [([p["name"] for p in c["people"]], c["after_minutes"]) for c in after["calls"]] == [
        (["lead.now"], 0)
    ]
    assert after["figures"]["entries"] == 2
    refused = crew.officer2.post(f"{POLICE}/log", json=new(kind="out"))
    assert refused.status_code == 422
    assert "值班表" in refused.json()["reason"]["zh"]
    (desk,) = ok(crew.lead.get("/duty/desks"))["items"]
    assert (desk["unit_name"]["en"], desk["standing"], desk["short"]) == ("Hainan", 2, False)


def test_other_desks_neither_see_nor_plan(crew: Crew, watch: Watch) -> None:
    customs = watch.browser("watch_lead", "customs")
    county = watch.browser("watch_lead", unit=HAIKOU)
    auditor = watch.browser("auditor", "oversight")
    grid = watch.browser("grid_worker", "local_government", unit=HAIKOU)
    assert ok(customs.get(f"{POLICE}/roster"))["shifts"]  # a lead reads all of the own unit
    for other in (county, grid):
        assert other.get(POLICE).status_code == 403
        assert other.get(f"{POLICE}/roster").status_code == 403
    for other in (customs, county, grid):
        assert other.put(f"{POLICE}/roster", json=crew.body).status_code == 403
        assert other.post(f"{POLICE}/log", json=new(kind="note", text="x")).status_code == 403
    assert ok(auditor.get(f"{POLICE}/roster"))["shifts"]
    assert auditor.post(f"{POLICE}/log", json=new(kind="note", text="x")).status_code == 403
    assert crew.officer.put(f"{POLICE}/roster", json=crew.body).status_code == 403
    assert county.get("/duty/desks").json()["items"] == []
    assert grid.get("/duty/desks").status_code == 403
    assert grid.get("/duty/regulations").status_code == 403
    assert {r["id"] for r in ok(county.get("/duty/regulations"))["items"]} == {"province", "county"}


def test_a_roster_that_cannot_be_names_its_fields(crew: Crew, watch: Watch) -> None:
    stranger = me(watch.browser("watch_officer", unit=HAIKOU))

    def put(**more: Any) -> list[str]:
        answer = crew.lead.put(f"{POLICE}/roster", json={**crew.body, **new(), **more})
        assert answer.status_code == 422, answer.text
        return [e["field"] for e in answer.json()["errors"]]

    tomorrow = str(datetime.now(UTC).date() + timedelta(days=2))
    assert put() == ["from_day"]
    member = {"account": crew.ids[0], "post": "lead"}
    assert put(from_day=tomorrow, regulation="none") == ["regulation"]
    assert put(from_day=tomorrow, teams={"Z": [member]}) == ["teams.Z"]
    assert put(from_day=tomorrow, teams={"A": [{**member, "post": "cook"}]}) == ["teams.A[0].post"]
    assert put(from_day=tomorrow, teams={"A": [{**member, "account": stranger}]}) == [
        "teams.A[0].account"
    ]
    assert put(from_day=tomorrow, teams={"A": [member, member]}) == ["teams.A"]
    ok(crew.lead.put(f"{POLICE}/roster", json={**crew.body, **new(), "from_day": tomorrow}))


def later(crew: Crew, of: int, skip: int = 0) -> dict[str, Any]:
    """A shift that the account stands and that has not begun."""
    found = [
        s
        for s in ok(crew.lead.get(f"{POLICE}/roster"))["shifts"][1:]
        if crew.ids[of] in {t["account"] for t in s["stints"]}
    ]
    return dict(found[skip])


def standing(crew: Crew, key: str) -> set[str]:
    shifts = ok(crew.lead.get(f"{POLICE}/roster"))["shifts"]
    return {t["name"] for s in shifts if s["key"] == key for t in s["stints"]}


def begun(browser: httpx.Client, kind: str, **more: Any) -> httpx.Response:
    return browser.post(f"{POLICE}/papers", json=new(kind=kind, **more))


def stepped(browser: httpx.Client, paper: str, kind: str, **more: Any) -> httpx.Response:
    return browser.post(f"/duty/papers/{paper}/steps", json=new(kind=kind, **more))


def test_a_swap_is_asked_agreed_and_approved(crew: Crew) -> None:
    mine, theirs = later(crew, 1)["key"], later(crew, 3)["key"]
    swap = {"giver": crew.ids[1], "taker": crew.ids[3], "gives": mine, "takes": theirs}
    assert begun(crew.officer, "swap", **{**swap, "gives": theirs}).status_code == 422
    paper = ok(begun(crew.officer, "swap", **swap))
    assert (paper["state"], paper["names"][crew.ids[3]]) == ("asked", "officer.next")
    assert stepped(crew.lead, paper["id"], "approve").status_code == 409
    assert ok(stepped(crew.officer2, paper["id"], "agree"))["state"] == "agreed"
    assert standing(crew, mine) == {"lead.now", "officer.now"}
    refused = stepped(crew.officer2, paper["id"], "approve")
    assert refused.status_code == 403
    assert ok(stepped(crew.lead, paper["id"], "approve"))["state"] == "in_force"
    assert standing(crew, mine) == {"lead.now", "officer.next"}
    assert standing(crew, theirs) == {"lead.next", "officer.now"}
    told = ok(crew.lead.get(f"/duty/papers/{paper['id']}"))
    assert [s["kind"] for s in told["steps"]] == ["begin", "agree", "approve"]
    # What is sent again, by who heard no answer, changes nothing and is no error.
    asked = {"id": paper["id"], "kind": "swap", **swap}
    assert ok(crew.officer.post(f"{POLICE}/papers", json=asked))["state"] == "in_force"
    # The next roster gives the shift other hours, and the swap holds.
    day = str(datetime.fromisoformat(mine[:10]).date())
    county = {"id": str(uuid4()), "regulation": "province", "from_day": day}
    ok(crew.lead.put(f"{POLICE}/roster", json={**crew.body, **county}))
    assert standing(crew, mine) == {"lead.now", "officer.next"}


def test_nobody_approves_what_concerns_himself(crew: Crew) -> None:
    shift = later(crew, 0)
    leave = {"account": crew.ids[0], "start": shift["begin"], "end": shift["end"]}
    own = ok(begun(crew.lead, "leave", **leave))
    assert own["state"] == "asked"
    refused = stepped(crew.lead, own["id"], "approve")
    assert refused.status_code == 403
    assert "Another person" in refused.json()["reason"]["en"]
    assert ok(stepped(crew.lead2, own["id"], "approve"))["state"] == "in_force"
    roster = ok(crew.lead.get(f"{POLICE}/roster"))
    (lacking,) = [s["short"] for s in roster["shifts"] if s["key"] == shift["key"]]
    assert [(x["post"], x["has"], x["least"]) for x in lacking] == [("lead", 0, 1)]
    # For others one plans: an officer does not.
    assert begun(crew.officer, "leave", **{**leave, "account": crew.ids[3]}).status_code == 403
    stand_in = {"account": crew.ids[2], "post": "lead", "reason": "lead on leave",
                "start": shift["begin"], "end": shift["end"]}  # fmt: skip
    assert begun(crew.officer, "override", **stand_in).status_code == 403
    ok(begun(crew.lead2, "override", **stand_in))
    assert standing(crew, shift["key"]) == {"lead.next", "officer.now"}


def test_a_handover_is_signed_by_both_and_never_changes(
    crew: Crew, watch: Watch, shore: Shore
) -> None:
    shore.raise_alerts(*(alert_of(n) for n in range(3)))
    ok(crew.lead.post("/incidents", json=new(type="rescue", title="渔船失联", lon=110.0, lat=19.0)))
    panel = ok(crew.lead.get(POLICE))
    key, coming = panel["now"]["key"], panel["next"]["key"]
    assert begun(crew.lead2, "handover", outgoing=key).status_code == 422
    assert begun(crew.officer, "handover", outgoing=key).status_code == 422
    paper = ok(begun(crew.lead, "handover", outgoing=key))
    assert paper["doc"]["incoming"] == coming
    assert begun(crew.lead, "handover", outgoing=key).status_code == 409
    unsaid = stepped(crew.lead, paper["id"], "sign")
    assert unsaid.status_code == 422
    assert unsaid.json()["errors"][0]["field"] == "says.promised"
    says = {"promised": "21:00 回电海口海事", "out_of_order": "无", "orders": "无"}
    ok(stepped(crew.lead, paper["id"], "write", says=says))
    signed = ok(stepped(crew.lead, paper["id"], "sign"))
    found = signed["doc"]["found"]
    assert (found["incidents"]["count"], found["alerts"]["count"]) == (1, 3)
    assert found["incidents"]["items"][0]["title"] == "渔船失联"
    # What comes later is not in it.
    ok(crew.lead.post("/incidents", json=new(type="fire", title="起火", lon=110.0, lat=19.0)))
    assert stepped(crew.lead, paper["id"], "write", says={}).status_code == 409
    assert stepped(crew.lead, paper["id"], "read").status_code == 422
    assert stepped(crew.lead2, paper["id"], "take_over").status_code == 409
    assert ok(stepped(crew.lead2, paper["id"], "read"))["state"] == "read"
    done = ok(stepped(crew.lead2, paper["id"], "take_over", remark="已阅"))
    assert done["state"] == "taken_over"
    assert done["doc"]["found"] == found
    assert done["doc"]["says"] == says
    assert (done["names"][done["doc"]["signed_by"]], done["names"][done["doc"]["read_by"]]) == (
        "lead.now", "lead.next",
    )  # fmt: skip
    # Each of eight steps was asked for; of the two signatures the log has the text's hash besides.
    assert [e.action for e in watch.logged() if e.thing == f"duty:{paper['id']}"] == 10 * [
        "duty.handover"
    ]
    for kind in ("write", "sign", "take_back", "read", "take_over"):
        for browser in (crew.lead, crew.lead2):
            assert stepped(browser, paper["id"], kind, says={}).status_code in (409, 422)
    assert ok(crew.lead.get(f"/duty/papers/{paper['id']}"))["doc"] == done["doc"]


def test_a_handover_names_what_is_set_aside(crew: Crew, watch: Watch, shore: Shore) -> None:
    (alert,) = shore.raise_alerts({"rule": "gap", "kind": "gap"})
    shelf = new(until=iso(clock_us() + 3_600_000_000), reason="勘测船")
    ok(crew.lead.post(f"/alerts/{alert.id}/shelf", json=shelf))
    paper = ok(begun(crew.lead, "handover", outgoing=ok(crew.lead.get(POLICE))["now"]["key"]))
    says = {"promised": "无", "out_of_order": "无", "orders": "无"}
    ok(stepped(crew.lead, paper["id"], "write", says=says))
    found = ok(stepped(crew.lead, paper["id"], "sign"))["doc"]["found"]
    assert found["shelves"] == [
        {"id": shelf["id"], "alert": alert.id, "rule": "gap", "kind": "gap",
         "until": shelf["until"]}
    ]  # fmt: skip
    # The alert has ended: of those that go on none is set aside, yet the shelf holds.
    assert (found["load"]["now"]["shelved"], found["shelves_count"]) == (0, 1)
    assert "勘测船" not in str(found)  # it stands with the shelf, and ends with it


def test_a_maintenance_window_feeds_the_planned_outages_and_takes_two(
    crew: Crew, shore: Shore
) -> None:
    now = datetime.now(UTC)
    fault = ok(begun(crew.officer, "fault", thing="receiver", name="haikou", what="信号弱"))
    window = {
        "thing": "receiver", "name": "haikou", "what": "换天线", "who": "天线公司",
        "fault": fault["id"], "start": (now + HOUR).isoformat(),
        "end": (now + 3 * HOUR).isoformat(),
    }  # fmt: skip
    assert begun(crew.lead, "window", **{**window, "name": "nowhere"}).status_code == 422
    power = {**window, "thing": "system", "name": "UPS"}
    assert begun(crew.lead, "window", **power, holds_alerts=True).status_code == 422
    noted = ok(begun(crew.officer, "window", **window))
    assert noted["holds"] == "no"
    assert ok(crew.lead.get("/outages"))["items"] == []
    held = ok(begun(crew.lead, "window", **window, holds_alerts=True))
    assert held["holds"] == "waiting"
    (outage,) = ok(crew.lead.get("/outages"))["items"]
    assert (outage["id"], outage["receiver"], outage["holds_alerts"]) == (
        held["id"], "haikou", False,
    )  # fmt: skip
    assert not shore.records.current_outages(shore.world.stations)
    (change,) = ok(crew.lead2.get("/changes", params={"state": "waiting"}))["items"]
    decided = f"/changes/{change['id']}/decision"
    assert crew.lead.post(decided, json={"agree": True}).status_code == 403
    ok(crew.lead2.post(decided, json={"agree": True}))
    assert ok(crew.lead.get(f"/duty/papers/{held['id']}"))["holds"] == "yes"
    (planned,) = shore.records.current_outages(shore.world.stations)
    assert planned.planned
    assert ok(stepped(crew.lead, held["id"], "end"))["state"] == "ended"
    assert ok(crew.lead.get("/outages"))["items"] == []
    assert shore.calls[-1] == "outages"
    assert ok(stepped(crew.officer, fault["id"], "take", who="天线公司"))["state"] == "in_hand"
    assert ok(stepped(crew.officer, fault["id"], "mend", reason="已更换"))["state"] == "mended"
    assert stepped(crew.officer, fault["id"], "close").status_code == 422
    assert ok(stepped(crew.lead, fault["id"], "close"))["state"] == "closed"
    page = ok(crew.lead.get(f"{POLICE}/papers", params={"kind": "window", "waiting": True}))
    assert [p["id"] for p in page["items"]] == [noted["id"]]


def test_a_county_that_holds_alerts_back_is_refused(watch: Watch) -> None:
    clerk = watch.browser("county_clerk", "local_government", unit=HAIKOU)
    today = datetime.now(UTC).date()
    body = new(from_day=str(today - timedelta(days=2)), regulation="county",
               teams={t: [{"account": me(clerk), "post": "officer"}] for t in "ABC"})  # fmt: skip
    ok(clerk.put(f"{CLERKS}/roster", json=body))
    now = datetime.now(UTC)
    window = new(
        kind="window", thing="receiver", name="haikou", what="换天线", who="天线公司",
        start=(now + HOUR).isoformat(), end=(now + 3 * HOUR).isoformat(),
    )  # fmt: skip
    held = clerk.post(f"{CLERKS}/papers", json={**window, "holds_alerts": True})
    assert held.status_code == 403
    assert ok(clerk.post(f"{CLERKS}/papers", json=window))["holds"] == "no"
    # One person in all three teams has no rest: it is named.
    tired = ok(clerk.get(f"{CLERKS}/roster"))["strains"]
    assert {s["kind"] for s in tired} <= {"long"}
    assert ok(clerk.get(CLERKS))["beyond"] is None


def test_checks_are_ticked_off_and_the_log_is_corrected_not_changed(crew: Crew) -> None:
    before = ok(crew.officer.get(POLICE))
    assert {c["id"] for c in before["checks"]} == {"receivers", "vhf", "weather"}
    ok(crew.officer.post(f"{POLICE}/log", json=new(kind="check", ref="receivers", text="正常")))
    after = ok(crew.officer.get(POLICE))
    assert after["figures"]["checks_done"] == 1
    assert crew.officer.post(
        f"{POLICE}/log", json=new(kind="check", ref="nothing")
    ).status_code == 422  # fmt: skip
    assert crew.officer.post(f"{POLICE}/log", json=new(kind="note", text=" ")).status_code == 422
    note = ok(crew.officer.post(f"{POLICE}/log", json=new(kind="vhf", text="16 频道呼叫无应答")))
    wrong = new(kind="correction", ref=note["id"], text="13 频道")
    ok(crew.lead.post(f"{POLICE}/log", json=wrong))
    unknown = new(kind="correction", ref=str(uuid4()), text="x")
    assert crew.lead.post(f"{POLICE}/log", json=unknown).status_code == 404
    items = ok(crew.lead.get(f"{POLICE}/log"))["items"]
    assert [(e["kind"], e["by"]) for e in items] == [
        ("correction", "lead.now"), ("vhf", "officer.now"), ("check", "officer.now"),
    ]  # fmt: skip
    first = ok(crew.lead.get(f"{POLICE}/log", params={"limit": 2}))
    rest = ok(crew.lead.get(f"{POLICE}/log", params={"limit": 2, "cursor": first["next_cursor"]}))
    assert [e["id"] for e in (*first["items"], *rest["items"])] == [e["id"] for e in items]


REFUSED: list[tuple[Callable[[httpx.Client], httpx.Response], int]] = [
    (lambda b: b.get("/duty/desks/999999/police"), 404),
    (lambda b: b.get("/duty/desks/460000/navy"), 400),
    (lambda b: b.get("/duty/desks/%00/police"), 400),
    (lambda b: b.get("/duty/papers/a%00b"), 404),
    (lambda b: b.get(f"{POLICE}/roster", params={"from": "0001-01-01T00:00:00Z"}), 400),
    (lambda b: b.get(f"{POLICE}/roster", params={"to": "2000-01-01T00:00:00Z"}), 400),
    (lambda b: b.get(f"{POLICE}/log", params={"cursor": "x"}), 400),
    (lambda b: begun(b, "handover", outgoing="9999-12-31.day"), 422),
    (lambda b: begun(b, "handover", outgoing="2026-13-31.day"), 422),
    (lambda b: begun(b, "leave", account="x" * 70, start="2026-01-01T00:00:00Z"), 422),
    (lambda b: begun(b, "swap"), 422),
]


def test_what_cannot_be_is_refused(crew: Crew) -> None:
    answers = [ask(crew.lead) for ask, _ in REFUSED]
    assert [a.status_code for a in answers] == [status for _, status in REFUSED]
