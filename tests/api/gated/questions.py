"""How each operation is asked: its path filled in, and a body that fits."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from littoral.api.wire import iso
from littoral.store.people import accounts
from littoral.store.people.importing import SHEETS
from littoral.store.people.sheets import template
from littoral.store.vault import erasure_requests
from littoral.store.vault.entries import Ask

from . import giving, respond
from .scene import (
    ANONYMOUS,
    COURT,
    HOME,
    PHOTO,
    PURPOSES,
    SYSTEM,
    Asker,
    Scene,
    fence_feature,
    incident_report,
)

API = "/api/v1"
RAW = {"content-type": "application/octet-stream"}
DAY = "2026-01-01"
SPAN = {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}
AREA = "109.9,20.0 110.4,20.0 110.4,20.2"
NUMBER = "460100199001011234"
PHONED = {"name": "王海", "phone": "13800000000"}
REASON = {"reason": "as the duty asks"}


@dataclass
class Question:
    """One operation, asked by `asker` about a thing of `unit`. `thing` is the id by which a list
    shows it, where it is a list."""

    scene: Scene
    method: str
    path: str
    asker: Asker
    unit: str = HOME
    values: dict[str, str] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)
    thing: str = ""

    @property
    def agency(self) -> str:
        return self.asker.agency or "police"

    def ask(self) -> httpx.Response:
        prepare(self)
        url = self.path
        for name, value in self.values.items():
            url = url.replace("{" + name + "}", quote(value, safe=""))
        headers = {**self.asker.headers, **self.sent.pop("headers", {})}
        return self.scene.ask(self.method, url, headers, **self.sent)


def prepare(q: Question) -> None:
    """Values for the path and what is sent. KeyError for a path that nobody has prepared."""
    stem = q.path.removeprefix(API)
    for prefix, fill in FILLERS:
        if stem.startswith(prefix):
            fill(q)
            break
    made = SENT.get((q.method, stem))
    if made is not None:
        q.sent = made(q)


NEVER_ASK = (ANONYMOUS, SYSTEM, "auditor", "administrator", "policy_signer")


def _by(q: Question) -> str:
    """Who asks for access: the asker himself where the role may."""
    people = q.asker.role not in NEVER_ASK
    return q.asker.ref if people else q.scene.colleague(q.agency, q.unit)


def _case(q: Question) -> None:
    ask = q.scene.case(q.asker, q.unit, q.scene.colleague(q.agency, q.unit))
    q.values["case_id"] = q.thing = ask.case
    if "subjects" in q.path or "grants" in q.path:
        q.values["subject"] = q.scene.subject(ask)
    if "{evidence_id}" in q.path:
        q.values["evidence_id"] = q.scene.evidence(ask)
    if "erasures" in q.path:
        _erasure(q, ask)


def _erasures(q: Question) -> None:
    _erasure(q, q.scene.case(q.asker, q.unit, q.scene.colleague(q.agency, q.unit)))


def _erasure(q: Question, ask: Ask) -> None:
    """A person of the case, and unless one is to be asked for now, an erasure that waits."""
    q.values["subject"] = q.scene.subject(ask)
    if q.path.endswith("/cases/{case_id}/erasures"):
        return
    by = _by(q) if q.method == "DELETE" else q.scene.colleague(q.agency, q.unit)
    trust = q.scene.trust
    made = erasure_requests.propose(
        trust.vault, Ask(by, ask.case, "oversight", "statutory_duty"), q.values["subject"],
        "request", "", "the person asks for it", trust.now_us(), trust.record,
    )  # fmt: skip
    q.values["erasure_id"] = q.thing = made.id


def _grant(q: Question) -> None:
    other = q.scene.colleague(q.agency, q.unit)
    ask = q.scene.case(q.asker, q.unit, other)
    q.values["phone"] = q.scene.phone()
    q.values["subject"] = q.scene.subject(ask, q.values["phone"])
    what = q.path.rpartition("/")[2]
    q.values["grant_id"] = q.scene.grant(
        ask,
        other if what == "approve" else _by(q),
        q.values["subject"],
        "export" if what in ("approve", "export") else "read",
        ("phone",) if what == "search" else (),
        q.scene.colleague(q.agency, q.unit) if what in ("export", "search") else "",
    )


def _user(q: Question) -> None:
    q.values["user_id"] = q.thing = q.scene.account("grid_worker", q.agency, q.unit)
    account = q.scene.directory.account(q.thing)
    q.values["login"] = account.login
    if q.path.endswith("users.xlsx"):
        q.thing = account.login
    if "{role_id}" in q.path:
        q.values["role_id"] = account.memberships[0].id
    if "{session_id}" in q.path:
        q.values["session_id"] = str(uuid.uuid4())
    if q.path.endswith("/reinstatement"):
        with q.scene.base.database.write() as connection:
            accounts.set_status(
                connection, q.thing, accounts.SUSPENDED, "left", q.scene.base.now_us()
            )


def _change(q: Question) -> None:
    by = q.asker.id if q.method == "DELETE" and q.asker.id else "somebody else"
    q.values["change_id"] = q.thing = q.scene.account_change(q.agency, q.unit, by)


def _key(q: Question) -> None:
    code = q.scene.agency(q.agency, q.unit)
    until_us = q.scene.base.now_us() + 86_400_000_000
    _, made = q.scene.directory.create_key("a key", ["alert.read"], q.unit, code, until_us, "test")
    q.values["key_id"] = q.thing = made.id


def _oversight(q: Question) -> None:
    if "break-glass" in q.path:
        q.values["review_id"] = q.thing = q.scene.review(q.asker, q.unit)
    if "/log/" in q.path or "/accesses" in q.path:
        by = q.scene.colleague(q.agency, q.unit)
        ask = q.scene.case(q.asker, q.unit, by)
        q.scene.subject(ask)
        signed = q.scene.trust.log.publish()
        q.values["index"] = str(signed.size - 1)
        q.thing = by
    if q.path.endswith("/patterns"):
        by = q.scene.colleague(q.agency, q.unit)
        ask = q.scene.case(q.asker, q.unit, by)
        q.scene.exported(ask, q.scene.subject(ask), q.scene.colleague(q.agency, q.unit))
        q.scene.trust.log.publish()
        q.thing = by
    if "delays" in q.path or q.path.endswith("/subjects"):
        by = q.scene.colleague(q.agency, q.unit)
        ask = q.scene.case(q.asker, q.unit, by)
        q.values["case"], q.values["subject"] = ask.case, q.scene.subject(ask)
        if q.method != "POST":
            setter = _by(q) if q.method == "DELETE" else by
            q.values["delay_id"] = q.thing = q.scene.delay(
                ask, q.values["subject"], setter, _delaying(q)
            )
    q.values["year"] = "2026"


def _hold(q: Question) -> None:
    other = q.scene.colleague(q.agency, q.unit)
    ask = q.scene.case(q.asker, q.unit, other)
    q.values["case"] = ask.case
    if "{hold_id}" in q.path:
        q.values["hold_id"] = q.scene.hold(ask.case, other)


FILLERS: tuple[tuple[str, Callable[[Question], None]], ...] = (
    *giving.FILLERS,
    ("/cases", _case),
    ("/erasures", _erasures),
    ("/grants", _grant),
    ("/users", _user),
    ("/organisation/users", _user),
    ("/account-changes", _change),
    ("/keys", _key),
    ("/oversight", _oversight),
    ("/holds", _hold),
    *respond.FILLERS,
    ("/alerts", lambda q: q.values.update(alert_id=f"{1:024x}")),
    ("/questions/alerts", lambda q: q.values.update(alert_id=f"{1:024x}")),
    ("/tracks", lambda q: q.values.update(track_id=q.scene.watch.shore.fleet().fleet.track_id(0))),
    ("/geofences", lambda q: q.values.update(fence_id=q.scene.fence())),
    ("/changes", lambda q: q.values.update(change_id=q.scene.fence_change())),
    ("/reviews", lambda q: q.values.update(action_id=q.scene.dismissal())),
    ("/outages", lambda q: q.values.update(outage_id=q.scene.outage())),
    ("/contacts", lambda q: q.values.update(contact_id=q.scene.contact())),
    ("/watch-list", lambda q: q.values.update(entry_id=q.scene.listed())),
    ("/shelves", lambda q: q.values.update(shelf_id=q.scene.shelf())),
    ("/detectors", lambda q: q.values.update(rule="gap")),
    ("/intake", lambda q: q.values.update(source=f"pier-{uuid.uuid4().hex[:8]}")),
    ("/map/tiles", lambda q: q.values.update(name="harbour")),
    ("/units", lambda q: q.values.update(code=q.unit)),
    ("/agencies", lambda q: q.values.update(code=q.scene.agency(q.agency, q.unit))),
    ("/retention", lambda q: q.values.update(purpose="epidemic_control")),
    ("/me", lambda q: q.values.update(session_id=str(uuid.uuid4()), passkey_id=str(uuid.uuid4()))),
)


def _case_body(q: Question) -> dict[str, Any]:
    purpose, basis = PURPOSES.get(q.asker.role, ("anti_smuggling", "statutory_duty"))
    return {"json": {"title": "夜间上岸", "purpose": purpose, "legal_basis": basis}}


def _subjects(q: Question) -> dict[str, Any]:
    return {"json": {"subjects": [q.values["subject"]]}}


def _unit_body(q: Question) -> dict[str, Any]:
    there = q.scene.directory.organisation().units[q.unit]
    body = {
        "tier": there.tier, "parent": there.parent, "name_zh": there.name_zh, "valid_from": DAY,
        "name_en": there.name_en, "synthetic": there.synthetic,
    }  # fmt: skip
    return {"json": body}


def _agency_body(q: Question) -> dict[str, Any]:
    return {
        "json": {"kind": q.agency, "unit": q.unit, "name_zh": "示例", "valid_from": DAY}
    }  # fmt: skip


def _role(q: Question) -> dict[str, Any]:
    return {"role": "grid_worker", "unit": q.unit, "agency": q.scene.agency(q.agency, q.unit)}


def _user_body(q: Question) -> dict[str, Any]:
    login = f"new.{uuid.uuid4().hex[:10]}"
    return {"json": {"login": login, "name": "新人", "roles": [_role(q)]}}


def _key_body(q: Question) -> dict[str, Any]:
    until_us = q.scene.base.now_us() + 30 * 86_400_000_000
    body = {
        "name": "sensor", "actions": ["intake.write"], "unit": q.unit,
        "agency": q.scene.agency(q.agency, q.unit), "expires": iso(until_us),
    }  # fmt: skip
    return {"json": body}


def _delaying(q: Question) -> str:
    """An investigator delays by order of a court."""
    return COURT if q.asker.role == "investigator" else "statutory_duty"


def _delay_body(q: Question) -> dict[str, Any]:
    body = {
        "case": q.values["case"], "subject": q.values["subject"], "legal_basis": _delaying(q),
        "document": "file 7", "until": _soon(q),
    }  # fmt: skip
    return {"json": body}


def _soon(q: Question) -> str:
    return str(iso(q.scene.base.now_us() + 86_400_000_000))


def _in_an_hour(q: Question) -> str:
    return str(iso(q.scene.base.now_us() + 3_600_000_000))


def _evidence(q: Question) -> dict[str, Any]:
    about = quote(json.dumps({"data_class": "operational", "name": "quay.jpg"}))
    return {"content": PHOTO + uuid.uuid4().bytes, "headers": {**RAW, "x-littoral-evidence": about}}


def _outage(q: Question) -> dict[str, Any]:
    start, end = "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"
    return {"json": {"receiver": "haikou", "start": start, "end": end, "reason": "mast"}}


def _report(q: Question) -> dict[str, Any]:
    place = {"area": q.unit, "desk": q.unit, "lon": 110.3, "lat": 20.1}
    return {"json": {"id": str(uuid.uuid4()), **incident_report(q.asker.role), **place}}


def _heard(q: Question) -> dict[str, Any]:
    return {"json": {"id": str(uuid.uuid4()), "lon": 110.3, "lat": 20.1, "what": "small_craft"}}


def _json(body: Any) -> Callable[[Question], dict[str, Any]]:
    return lambda q: {"json": body}


SENT: dict[tuple[str, str], Callable[[Question], dict[str, Any]]] = {
    ("GET", "/search"): lambda q: {"params": {"q": "HAI"}},
    ("GET", "/questions/inside"): lambda q: {"params": {**SPAN, "area": AREA}},
    ("GET", "/questions/contacts"): lambda q: {"params": {**SPAN, "area": AREA}},
    ("GET", "/questions/then"): lambda q: {"params": {**SPAN, "area": AREA, "to_area": AREA}},
    ("GET", "/questions/voyages"): lambda q: {"params": {**SPAN, "vessel": "412000001"}},
    ("GET", "/replay/piece"): lambda q: {"params": {"from": SPAN["from"]}},
    ("GET", "/replay/alerts"): lambda q: {"params": SPAN},
    ("GET", "/replay/contacts"): lambda q: {"params": SPAN},
    ("GET", "/incidents/changes"): lambda q: {"params": {"after": q.values["after"]}},
    ("GET", "/oidc/start"): lambda q: {"params": {"provider": "none"}},
    ("GET", "/oversight/dumonitor/v3/findUsage"): lambda q: {
        "params": {"userCode": NUMBER}, "headers": {"X-Road-UserId": NUMBER},
    },
    ("POST", "/intake/{source}"): lambda q: {
        "content": b"!AIVDM\n", "headers": RAW, "params": {"position": 0},
    },
    ("POST", "/alerts/{alert_id}/actions"): lambda q: {
        "json": {"id": str(uuid.uuid4()), "action": "acknowledge"},
    },
    ("POST", "/incidents"): _report,
    ("POST", "/incidents/{incident_id}/steps"): lambda q: {
        "json": {"id": str(uuid.uuid4()), "kind": "accept"},
    },
    **respond.SENT,
    **giving.SENT,
    ("POST", "/policies/proposal"): lambda _: {"json": {"hash": "sha256:" + 64 * "0"}},
    ("POST", "/policies/signatures"): lambda _: {"json": {"hash": "sha256:" + 64 * "0"}},
    ("POST", "/geofences"): lambda q: {"json": fence_feature(f"fence-{uuid.uuid4().hex[:12]}")},
    ("PUT", "/geofences/{fence_id}"): lambda q: {"json": fence_feature(q.values["fence_id"])},
    ("DELETE", "/geofences/{fence_id}"): lambda q: {"params": {"why": "it is over"}},
    ("POST", "/alerts/{alert_id}/shelf"): lambda q: {
        "json": {"id": str(uuid.uuid4()), "until": _soon(q), "reason": "known"},
    },
    ("POST", "/shelves"): lambda q: {
        "json": {
            "id": str(uuid.uuid4()), "rule": "gap", "kind": "gap", "until": _in_an_hour(q),
            "reason": "known",
        },
    },
    ("POST", "/contacts"): _heard,
    ("POST", "/contacts/{contact_id}/reports"): _heard,
    ("POST", "/contacts/{contact_id}/end"): lambda q: {
        "json": {"id": str(uuid.uuid4()), "why": "mistaken"},
    },
    ("POST", "/watch-list"): lambda q: {
        "json": {
            "id": str(uuid.uuid4()), "name": f"HAI {uuid.uuid4().hex[:12]}", "until": _soon(q),
            "reason": "seen at night",
        },
    },
    ("PUT", "/watch-list/{entry_id}"): lambda q: {
        "json": {"until": _soon(q), "reason": "seen at night"},
    },
    ("DELETE", "/watch-list/{entry_id}"): lambda q: {"params": {"why": "found"}},
    ("POST", "/outages"): _outage,
    ("PUT", "/outages/{outage_id}"): lambda q: {
        "json": {
            "start": "2026-12-01T00:00:00Z", "end": "2026-12-02T00:00:00Z", "reason": "mast",
        },
    },
    ("POST", "/detectors/{rule}/settings"): _json(
        {"values": {"class_a_s": 900}, "version": 1, "why": "noise"}
    ),
    ("POST", "/changes/{change_id}/decision"): _json({"agree": True, "note": "seen"}),
    ("POST", "/reviews/{action_id}"): _json({"agree": True, "note": "seen"}),
    ("POST", "/account-changes/{change_id}/decision"): _json({"agree": True, "note": "seen"}),
    ("POST", "/cases"): _case_body,
    ("POST", "/cases/{case_id}/subjects"): _json({"fields": PHONED}),
    ("POST", "/cases/{case_id}/grants"): lambda q: {
        "json": {"reason": "compare with the list", "subjects": [q.values["subject"]]},
    },
    ("POST", "/cases/{case_id}/evidence"): _evidence,
    ("POST", "/cases/{case_id}/evidence/{evidence_id}/view"): _json({}),
    ("POST", "/cases/{case_id}/evidence/{evidence_id}/copy"): _json({}),
    ("POST", "/cases/{case_id}/evidence/{evidence_id}/bundle"): _json({}),
    ("POST", "/grants/{grant_id}/reveal"): _subjects,
    ("POST", "/grants/{grant_id}/export"): _subjects,
    ("POST", "/grants/{grant_id}/correct"): lambda q: {
        "json": {"subject": q.values["subject"], "fields": {"phone": "13700000001"}},
    },
    ("POST", "/cases/{case_id}/erasures"): lambda q: {
        "json": {"subject": q.values["subject"], "reason": "request", "why": "asks for it"},
    },
    ("POST", "/cases/{case_id}/erasures/{erasure_id}/decision"): _json(
        {"agree": True, "note": "seen"}
    ),
    ("POST", "/grants/{grant_id}/search"): lambda q: {
        "json": {"field": "phone", "value": q.values["phone"]},
    },
    ("POST", "/break-glass"): _json(
        {"reason": "man overboard, who is he", "search_fields": ["phone"]}
    ),
    ("POST", "/holds"): lambda q: {
        "json": {
            "thing": q.values["case"], "legal_basis": "statutory_duty", "document": "7",
        },
    },
    ("POST", "/holds/{hold_id}/release"): _json(
        {"legal_basis": "statutory_duty", "document": "8"}
    ),
    ("DELETE", "/oversight/delays/{delay_id}"): lambda q: {
        "params": {"legal_basis": _delaying(q), "document": "8"},
    },
    ("POST", "/oversight/break-glass/{review_id}"): _json({"justified": True, "note": "was right"}),
    ("POST", "/oversight/delays"): _delay_body,
    ("POST", "/oversight/subjects"): lambda q: {
        "json": {"case": q.values["case"], "field": "id_number", "value": NUMBER},
    },
    ("GET", "/users"): lambda q: {"params": {"q": q.values["login"]}},
    ("POST", "/users"): _user_body,
    ("PATCH", "/users/{user_id}"): _json({"name": "新名", "language": "zh"}),
    ("PUT", "/users/{user_id}/suspension"): _json(REASON),
    ("POST", "/users/{user_id}/reinstatement"): _json(REASON),
    ("POST", "/users/{user_id}/link"): _json(REASON),
    ("POST", "/users/{user_id}/second-factor-reset"): _json(REASON),
    ("POST", "/users/{user_id}/roles"): lambda q: {"json": {**_role(q), "role": "watch_officer"}},
    ("POST", "/keys"): _key_body,
    ("PUT", "/units/{code}"): _unit_body,
    ("PUT", "/agencies/{code}"): _agency_body,
    ("POST", "/organisation/import"): lambda q: {
        "content": template(SHEETS["users"], "xlsx"), "headers": RAW,
    },
    ("POST", "/session"): _json({"login": "nobody", "password": "no such password"}),
    ("POST", "/session/passkey"): _json({"token": "x", "credential": {}}),
    ("POST", "/first-start"): _json(
        {"token": "x", "login": "first", "name": "First", "password": "tide table mangrove"}
    ),
    ("POST", "/invitations/accept"): _json({"token": "x", "password": "tide table mangrove"}),
    ("PUT", "/me/password"): _json({"old": "x", "new": "tide table mangrove"}),
    ("POST", "/me/totp/confirm"): _json({"code": "123456"}),
    ("POST", "/me/passkeys"): _json({"token": "x", "credential": {}, "name": "phone"}),
}  # fmt: skip
