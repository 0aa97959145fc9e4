"""Who asks, may they, and is it in the log: over HTTP, with the policies that are shipped."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from littoral.api import geofences
from littoral.api.app import build_app
from littoral.api.gate import ACTION, network_of, safe_id
from littoral.area.geofence import Geofence
from littoral.area.geofence_json import fence_feature, fence_from_feature
from littoral.store.people.base import Event
from littoral.store.vault.logged import facts_json, log_key

from .conftest import Watch

ALERT = f"{1:024x}"
FENCE = {
    "type": "Feature",
    "id": "bay",
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[110, 19], [111, 19], [111, 20], [110, 19]]],
    },
    "properties": {"name": "Bay", "rules": [{"kind": "entry"}]},
}
# Open to whoever has not signed in, each for a reason.
OPEN = {
    "/api/v1/signin", "/api/v1/session", "/api/v1/session/passkey",
    "/api/v1/session/passkey/options", "/api/v1/first-start", "/api/v1/invitations/accept",
    "/api/v1/oidc/start", "/api/v1/oidc/callback",  # the way in
    "/api/openapi.json", "/ogc", "/ogc/", "/ogc/conformance", "/ogc/api",  # descriptions, no data
    "/{path:path}",  # the pages themselves
}  # fmt: skip
# Guarded by sign-in alone: a person's own credentials, and keys, which the door itself decides.
OWN = ("/api/v1/me", "/api/v1/keys")


def drain(socket: ClientConnection) -> None:
    for _ in range(1_000):
        socket.recv(10)


def test_every_operation_of_the_document_is_guarded_or_listed_as_open() -> None:
    document = build_app().openapi()
    bare = {
        path
        for path, item in document["paths"].items()
        for op in item.values()
        if ACTION not in op and not path.startswith(OWN)
    }
    assert bare <= OPEN
    assert sum(ACTION in op for item in document["paths"].values() for op in item.values()) >= 32


def test_nobody_gets_anything_without_signing_in(watch: Watch) -> None:
    paths = [p for p, item in build_app().openapi()["paths"].items() if "get" in item]
    asked = 0
    with httpx.Client(base_url=watch.url, timeout=20) as stranger:
        for path in [*paths, "/metrics", "/ogc/collections", "/ogc/collections/tracks/items"]:
            if path in OPEN:
                continue
            url = path.replace("{", "").replace("}", "")
            answer = stranger.get(url, params={"q": "x"})
            assert answer.status_code == 401, (path, answer.text)
            assert answer.headers["content-type"].startswith("application/problem+json")
            asked += 1
    assert asked > 25


def test_the_live_stream_wants_a_session_and_ends_with_it(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("littoral.api.live.checks.CHECK_EVERY_S", 0.1)
    url = watch.url.replace("http:", "ws:") + "/api/v1/live"
    with pytest.raises((InvalidStatus, ConnectionClosed)), connect(url) as socket:
        socket.recv(5)
    found = watch.enter("watch_officer", "coast_guard")
    cookie = {"Cookie": f"littoral_session={found.token}"}
    with connect(url, additional_headers=cookie) as socket:
        socket.recv(5)
        watch.gate.people.signin.sign_out(found.identity)
        with pytest.raises(ConnectionClosed):
            drain(socket)


def test_roles_see_what_their_rules_say(watch: Watch) -> None:
    """Words of the issue: an administrator sees no operational data; an auditor sees how rules
    are set and what was dismissed, not the live picture."""
    officer = watch.browser("watch_officer", "coast_guard")
    clerk = watch.browser("county_clerk", "local_government", unit="460100")
    auditor = watch.browser("auditor", "oversight")
    admin = watch.browser("administrator", "platform")
    browsers = {"officer": officer, "clerk": clerk, "auditor": auditor, "admin": admin}
    seen = {
        name: [b.get(p).status_code for p in ("/tracks", "/alerts", "/dismissals")]
        for name, b in browsers.items()
    }
    assert seen == {
        "officer": [200, 200, 403],
        "clerk": [200, 200, 403],
        "auditor": [403, 403, 200],
        "admin": [403, 403, 403],
    }
    refused = auditor.get("/tracks").json()
    assert set(refused["reason"]) == {"zh", "en"}


def test_a_change_that_makes_the_watch_blinder_takes_two(watch: Watch) -> None:
    first = watch.browser("watch_lead", login="li")
    second = watch.browser("watch_lead", login="wang")
    assert first.post("/geofences", json=FENCE).status_code == 201
    no_reason = first.delete("/geofences/bay")
    assert (no_reason.status_code, no_reason.json()["errors"][0]["field"]) == (422, "why")
    waiting = first.delete("/geofences/bay", params={"why": "no longer used"})
    assert waiting.status_code == 202
    change = waiting.json()
    assert [r["code"] for r in change["blinder"]] == ["removed"]
    assert [f["id"] for f in first.get("/geofences").json()["items"]].count("bay") == 1
    decision = f"/changes/{change['id']}/decision"
    assert first.post(decision, json={"agree": True}).status_code == 403
    assert second.post(decision, json={"agree": True, "note": "seen"}).json()["state"] == "made"
    assert [f["id"] for f in first.get("/geofences").json()["items"]].count("bay") == 0
    acts = [(e.action, e.verdict.value) for e in watch.logged() if e.action == "fence.write"]
    assert acts.count(("fence.write", "allow")) >= 4
    key = log_key(watch.gate.trust.vault, watch.gate.trust.now_us())
    told = [json.loads(facts_json(e, key) or b"{}") for e in watch.logged()]
    (drawn,) = [t for t in told if t.get("before", 0) is None and "after" in t]
    assert drawn["after"]["id"] == "bay"
    (decided,) = [t for t in told if "proposed_by" in t]
    assert acts.count(("fence.write", "deny")) == 1  # by who proposed it, in vain
    assert (decided["before"]["id"], decided["after"]) == ("bay", None)
    assert decided["agree"]
    said = [watch.committed(change["id"], text) for text in ("seen", "no longer used")]
    assert [decided["note"], decided["why"]] == said


def test_what_watches_more_is_done_at_once(watch: Watch) -> None:
    lead = watch.browser("watch_lead")
    assert lead.post("/geofences", json=FENCE).status_code == 201
    more = {
        **FENCE,
        "properties": {**FENCE["properties"], "rules": [{"kind": "entry"}, {"kind": "exit"}]},
    }
    assert lead.put("/geofences/bay", json=more).status_code == 200


@pytest.mark.parametrize("change", ["put", "delete", "propose"])
def test_what_was_judged_by_one_revision_is_not_made_of_another(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Between look and write somebody gives the fence rules: nobody takes them away alone."""
    lead = watch.browser("watch_lead", login="li")
    bare = {**FENCE, "properties": {"name": "Bay", "rules": []}}
    assert lead.post("/geofences", json=FENCE if change == "propose" else bare).status_code == 201
    rules = [{"kind": "entry", "priority": 1}, {"kind": "presence", "stay_s": 60.0}]
    stronger = fence_feature(
        fence_from_feature({**FENCE, "properties": {"name": "Bay", "rules": rules}})
    )
    real = geofences.blinder

    def slow(*fences: Geofence | None) -> tuple[str, ...]:
        judged = real(*fences)
        watch.shore.records.update_geofence("bay", stronger, "wang", None)
        return judged

    monkeypatch.setattr(geofences, "blinder", slow)
    if change == "put":
        answer = lead.put("/geofences/bay", json=bare)
    else:
        answer = lead.delete("/geofences/bay", params={"why": "no longer used"})
    assert (answer.status_code, "wang" in answer.json()["detail"]) == (409, True), answer.text
    (kept,) = [f for f in lead.get("/geofences").json()["items"] if f["id"] == "bay"]
    assert [r["priority"] for r in kept["properties"]["rules"]] == [1, 3]
    assert lead.get("/changes").json()["items"] == []
    monkeypatch.undo()
    again = lead.put("/geofences/bay", params={"why": "quieter"}, json=bare)
    assert (again.status_code, again.json()["before"]["properties"]["rules"] != []) == (202, True)


def test_a_password_alone_changes_no_fence(watch: Watch) -> None:
    lead = watch.browser("watch_lead", assurance="password")
    answer = lead.post("/geofences", json=FENCE)
    assert answer.status_code == 403
    assert "password" in answer.json()["detail"]
    denied = [e for e in watch.logged() if e.action == "fence.write"]
    assert [e.verdict.value for e in denied] == ["deny"]


def test_a_dismissal_is_logged_kept_and_reviewed_by_another_desk(watch: Watch) -> None:
    watch.shore.raise_alerts({"number": 1, "rule": "gap", "kind": "gap", "priority": 2})
    officer = watch.browser("watch_lead", "coast_guard", login="li")
    other = watch.browser("watch_lead", "customs", login="sun")
    act = {"id": str(uuid.uuid4()), "action": "dismiss", "reason": "known"}
    done = officer.post(f"/alerts/{ALERT}/actions", json=act)
    assert done.status_code == 200, done.text
    assert done.json()["handled_by"] == "li"
    assert officer.get("/reviews").json()["items"] == []
    (review,) = other.get("/reviews").json()["items"]
    assert (review["id"], review["by"], review["reason"]) == (act["id"], "li", "known")
    # Who reviews need not be allowed to read alerts: what is judged by comes with it.
    auditor = watch.browser("auditor", "oversight", login="wen")
    assert auditor.get(f"/alerts/{ALERT}").status_code == 403
    assert auditor.get("/reviews").json()["items"] == [review]
    alert = officer.get(f"/alerts/{ALERT}").json()
    assert review["about"] == {name: alert[name] for name in review["about"]}
    assert review["about"]["handling"] == "dismissed"
    said = other.post(f"/reviews/{review['id']}", json={"agree": False, "note": "it was one"})
    assert said.json()["agreed"] is False
    counts = auditor.get("/dismissals").json()["items"]
    assert counts
    assert {c["count"] for c in counts} == {1}
    assert {c["unit_name"]["en"] for c in counts} == {"Hainan"}
    labels = {t["ref"]: t["label"] for t in other.get(f"/alerts/{ALERT}").json()["things"]}
    assert {c["thing"]: c["name"] for c in counts} == labels
    entry = next(e for e in watch.logged() if e.action == "alert.dismiss")
    assert (entry.thing, entry.verdict.value) == (f"alert:{ALERT}", "allow")
    assert entry.policy_hash is not None


def test_distress_is_dismissed_by_two(watch: Watch) -> None:
    watch.shore.raise_alerts({"number": 1, "rule": "distress", "kind": "sart", "priority": 1})
    officer = watch.browser("watch_officer", "coast_guard", login="li")
    lead = watch.browser("watch_lead", "coast_guard", login="sun")
    path, act = f"/alerts/{ALERT}/actions", {"id": str(uuid.uuid4()), "action": "dismiss"}
    assert officer.post(path, json=act).status_code == 422  # without a reason
    act["reason"] = "beacon tested ashore, owner reached by telephone"
    waits = officer.post(path, json=act)
    assert (waits.status_code, waits.json()["state"]) == (202, "waiting")
    assert waits.json()["thing"] == f"alert:{ALERT}"
    waiting = lead.get(f"/alerts/{ALERT}").json()
    assert waiting["takes_two"]
    assert (waiting["waits"]["change"], waiting["waits"]["by"]) == (act["id"], "li")
    assert officer.post(path, json=act).json()["id"] == act["id"]  # once, however often it is sent
    other = {**act, "id": str(uuid.uuid4())}
    assert lead.post(path, json=other).status_code == 409
    assert lead.get(f"/alerts/{ALERT}").json()["handling"] == "new"
    decision = f"/changes/{act['id']}/decision"
    alone = officer.post(decision, json={"agree": True})
    assert (alone.status_code, "two persons" in alone.json()["detail"]) == (403, True)
    analyst = watch.browser("analyst", "customs")
    assert analyst.post(decision, json={"agree": True}).status_code == 403
    assert [c["id"] for c in analyst.get("/changes").json()["items"]] == []
    shown = [
        [(c["id"], c["may_decide"]) for c in browser.get("/changes").json()["items"]]
        for browser in (lead, watch.browser("watch_officer", "police", login="wu"), officer)
    ]
    assert shown == [[(act["id"], True)], [(act["id"], True)], [(act["id"], False)]]
    done = lead.post(decision, json={"agree": True, "note": "called too"})
    assert (done.status_code, done.json()["state"]) == (200, "made")
    assert lead.get(f"/alerts/{ALERT}").json()["waits"] is None
    assert not lead.get("/changes").json()["items"][0]["may_decide"]
    alert = lead.get(f"/alerts/{ALERT}").json()
    assert (alert["handling"], alert["handled_by"]) == ("dismissed", "li")
    customs = watch.browser("watch_lead", "customs", login="he")
    assert [r["id"] for r in customs.get("/reviews").json()["items"]] == [act["id"]]


def test_a_dismissal_of_distress_that_is_refused_leaves_the_alert_open(watch: Watch) -> None:
    watch.shore.raise_alerts({"number": 1, "rule": "distress", "kind": "mob", "priority": 1})
    officer = watch.browser("watch_officer", "coast_guard", login="li")
    lead = watch.browser("watch_lead", "coast_guard", login="sun")
    act = {"id": str(uuid.uuid4()), "action": "dismiss", "reason": "no answer on channel 16"}
    assert officer.post(f"/alerts/{ALERT}/actions", json=act).status_code == 202
    no = lead.post(f"/changes/{act['id']}/decision", json={"agree": False, "note": "go and look"})
    assert no.json()["state"] == "refused"
    assert lead.get(f"/alerts/{ALERT}").json()["handling"] == "new"
    taken = {"id": str(uuid.uuid4()), "action": "acknowledge"}
    assert officer.post(f"/alerts/{ALERT}/actions", json=taken).status_code == 200


def test_a_request_of_another_page_is_refused(watch: Watch) -> None:
    lead = watch.browser("watch_lead")
    del lead.headers["x-littoral-request"]
    assert lead.post("/geofences", json=FENCE).status_code == 403
    lead.headers["x-littoral-request"] = "1"
    lead.headers["origin"] = "https://elsewhere.example"
    assert lead.post("/geofences", json=FENCE).status_code == 403


def test_a_key_does_what_it_was_made_for(watch: Watch) -> None:
    watch.enter("administrator", "platform")
    directory = watch.gate.people.directory
    now_us = watch.gate.people.base.now_us()
    written, _ = directory.create_key(
        "pier", ["intake.write"], "460000", None, now_us + 86_400_000_000, "test"
    )
    bearer = {"authorization": f"Bearer {written}", "content-type": "application/octet-stream"}
    with httpx.Client(base_url=watch.url + "/api/v1", headers=bearer, timeout=20) as system:
        assert system.get("/intake/pier").status_code == 200
        assert system.get("/tracks").status_code == 403
    with httpx.Client(base_url=watch.url + "/api/v1", timeout=20) as stranger:
        answer = stranger.get("/intake/pier", headers={"authorization": "Bearer lit_wrong"})
        assert answer.status_code == 401


def test_sign_ins_are_in_the_log_without_what_was_typed(watch: Watch) -> None:
    with httpx.Client(base_url=watch.url + "/api/v1", timeout=20) as stranger:
        body = {"login": "张三 13812345678", "password": "guessing it again"}
        assert (
            stranger.post("/session", json=body, headers={"x-littoral-request": "1"}).status_code
            == 401
        )
    failed = [e for e in watch.logged() if e.action == "signin.failure"]
    assert [e.verdict.value for e in failed] == ["failed"]
    raw = b"".join(p.read_bytes() for p in watch.gate.trust.log.root.rglob("*") if p.is_file())
    assert b"13812345678" not in raw
    assert "张三".encode() not in raw


def test_no_policies_in_force_no_access(watch: Watch) -> None:
    """Two weeks after a first start that one person signed, with nobody else's signature."""
    officer = watch.browser("watch_officer")
    assert officer.get("/tracks").status_code == 200
    at = watch.gate.trust.now_us() + 15 * 86_400_000_000
    watch.gate.trust.now_us = lambda: at
    answer = officer.get("/tracks")
    assert answer.status_code == 503
    assert "expired" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("127.0.0.1", "internal"), ("::1", "internal"), ("10.3.4.5", "internal"),
        ("192.168.1.9", "internal"), ("fd00::5", "internal"), ("114.114.114.114", "public"),
        ("2400:3200::1", "public"), ("", "public"), ("nonsense", "public"),
    ],
)  # fmt: skip
def test_networks(address: str, network: str) -> None:
    """RFC 1918, RFC 4193; public resolvers as addresses of the internet."""
    assert network_of(address) == network


def test_what_one_person_must_not_be_at_once_is_not_done_in_two_units(watch: Watch) -> None:
    """An auditor who keeps accounts in another county could erase the trace of what he looks for;
    an investigator who guards the data elsewhere would watch himself."""
    watch.sign_policies()
    auditor = watch.browser("auditor", "oversight", unit="460100")
    both = watch.browser_of(
        "both", ("administrator", "platform", "460200"), ("auditor", "oversight", "460100")
    )
    for path in ("/oversight", "/oversight/accesses", "/holds"):
        assert auditor.get(path).status_code == 200, path
        refused = both.get(path)
        assert refused.status_code == 403, path
        assert refused.json()["detail"] == "An administrator does not oversee at the same time."
    case = {"title": "cigarettes", "purpose": "anti_smuggling", "legal_basis": "statutory_duty"}
    person = {"fields": {"name": "林海生"}}
    for number, more in enumerate(
        (
            ("administrator", "platform", "460200"),
            ("policy_signer", "platform", "460200"),
            ("auditor", "oversight", "460200"),
            ("data_protection_officer", "customs", "460200"),
        )
    ):
        alone = watch.browser_of(f"alone{number}", ("investigator", "customs", "460100"))
        two = watch.browser_of(f"two{number}", ("investigator", "customs", "460100"), more)
        asked = []
        for browser in (alone, two):
            key = alone.post("/cases", json=case).json()["id"]
            subject = alone.post(f"/cases/{key}/subjects", json=person).json()["id"]
            wanted = {"reason": "compare with the list", "subjects": [subject]}
            granted = browser.post(f"/cases/{key}/grants", json=wanted)
            shown = browser.post(
                f"/grants/{granted.json().get('id', '-')}/reveal", json={"subjects": [subject]}
            )
            asked.append(shown.status_code == 200)
        assert asked == [True, False], more


@pytest.mark.parametrize("more", ["platform", "oversight"])
def test_who_serves_the_platform_or_oversight_does_not_work_the_watch_in_another_seat(
    watch: Watch, more: str
) -> None:
    """The second seat's role may be held beside the first: what counts is its agency."""
    watch.sign_policies()
    seat = ("watch_lead", "coast_guard", "460000")
    browsers = [
        watch.browser_of("alone", seat),
        watch.browser_of("both", seat, ("analyst", more, "460200")),
    ]
    alerts = watch.shore.raise_alerts({"number": 1}, {"number": 2}, {"number": 3}, {"number": 4})
    said = {
        "platform": ["Who runs the platform does not act on alerts.",
                     "Who runs the platform does not handle incidents.",
                     "Who runs the platform sets neither detectors nor fences."],
        "oversight": ["Who oversees does not act on alerts.",
                      "Who oversees does not handle incidents.", ""],
    }[more]  # fmt: skip
    asked = []
    for n, browser in enumerate(browsers):
        act = {"id": str(uuid.uuid4()), "action": "acknowledge"}
        report = {"id": str(uuid.uuid4()), "type": "rescue", "severity": "serious",
                  "title": "渔船失联", "lon": 110.5, "lat": 20.1}  # fmt: skip
        answers = [
            browser.post(f"/alerts/{alerts[n].id}/actions", json=act),
            browser.post("/incidents", json=report),
            browser.post("/geofences", json={**FENCE, "id": f"bay{n}"}),
        ]
        asked.append([a.json().get("detail", "") for a in answers])
        assert browser.get("/alerts").status_code == 200
    assert asked == [["", "", ""], said]


def test_who_serves_the_platform_sees_no_person_in_another_seat(watch: Watch) -> None:
    watch.sign_policies()
    seat = ("investigator", "customs", "460200")
    alone = watch.browser_of("alone", seat)
    both = watch.browser_of("both", seat, ("analyst", "platform", "460100"))
    overseer = watch.browser_of("overseer", seat, ("analyst", "oversight", "460100"))
    case = {"title": "cigarettes", "purpose": "anti_smuggling", "legal_basis": "statutory_duty"}
    key = alone.post("/cases", json=case).json()["id"]
    person = {"fields": {"name": "林海生"}}
    subject = alone.post(f"/cases/{key}/subjects", json=person).json()["id"]
    wanted = {"reason": "compare with the list", "subjects": [subject]}
    grants = [b.post(f"/cases/{key}/grants", json=wanted) for b in (alone, overseer, both)]
    assert [g.status_code for g in grants] == [201, 201, 403]
    assert grants[2].json()["detail"] == "Who runs the platform never sees personal data."
    assert both.get(f"/cases/{key}/subjects").status_code == 403
    assert both.post(f"/cases/{key}/subjects", json=person).status_code == 403


def test_roles_of_two_units_allow_nothing_in_each_other(watch: Watch) -> None:
    """What an account may do in one unit it may not do in the other."""
    two = watch.browser_of(
        "two", ("watch_lead", "coast_guard", "460100"), ("analyst", "coast_guard", "460000")
    )
    assert two.get("/tracks").status_code == 200
    assert two.post("/geofences", json=FENCE).status_code == 403


def test_a_proxy_that_names_no_caller_makes_nobody_internal(watch: Watch) -> None:
    """A fence is drawn from the internal network; the proxy is on this very machine."""
    people = watch.gate.people
    people.settings = replace(people.settings, proxies=frozenset({"127.0.0.1", "::1"}))
    lead = watch.browser("watch_lead")
    for forwarded in ({}, {"x-forwarded-for": ","}, {"x-forwarded-for": "114.114.114.114"}):
        refused = lead.post("/geofences", json=FENCE, headers=forwarded)
        assert refused.status_code == 403, forwarded
        assert "network" in refused.json()["detail"]
    inside = lead.post("/geofences", json=FENCE, headers={"x-forwarded-for": "10.1.2.3"})
    assert inside.status_code == 201, inside.text


def test_ids_from_paths_cannot_break_out() -> None:
    assert safe_id('x" } { y') == "xy"
    assert safe_id("../..") == "-"
    assert safe_id(None) == "-"
    assert safe_id("vessel-1.a") == "vessel-1.a"


def test_told_events_have_a_place(watch: Watch) -> None:
    watch.gate.people.base.tell(Event("account.suspend", "", "", 1))
    assert watch.logged()[-1].thing == "account:all"
