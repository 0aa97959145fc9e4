"""Accounts, roles, changes by two and keys over HTTP: who may, what comes of it, what is logged."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import httpx
import pytest

from littoral.api.app import create_app
from littoral.api.server import serving
from littoral.api.wire import iso
from littoral.cli.sign_in import exempt, gate_over
from littoral.store.people import credential_rows, totp
from littoral.store.people.accounts import Membership
from littoral.store.people.identity import PASSWORD
from tests.api.shore import Shore

from .conftest import OURS, Watch

HAIKOU, SANYA, PROVINCE = "460100", "460200", "460000"
WORD = "tide table and mangrove"


def administrator(watch: Watch, login: str = "root", **more: str) -> httpx.Client:
    return watch.browser("administrator", "platform", login=login, **more)


def invite(browser: httpx.Client, login: str, *roles: tuple[str, str], **more: Any) -> Any:
    body = {
        "login": login,
        "name": f"Name of {login}",
        "roles": [{"role": role, "unit": unit} for role, unit in roles],
        "why": "joins",
        **more,
    }
    answer = browser.post("/users", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def logins(browser: httpx.Client, **query: Any) -> list[str]:
    answer = browser.get("/users", params=query)
    assert answer.status_code == 200, answer.text
    return [u["login"] for u in answer.json()["items"]]


def told(watch: Watch, action: str) -> list[tuple[str, str]]:
    return [(e.actor, e.thing) for e in watch.logged() if e.action == action]


def test_a_county_sees_and_changes_its_own_people_alone(watch: Watch) -> None:
    for unit in (HAIKOU, SANYA):
        for agency in ("health", "police"):
            watch.enter("watch_officer", agency, unit, login=f"{agency}.{unit}")
    haikou = watch.browser("administrator", "health", unit=HAIKOU, login="hk.admin")
    assert logins(haikou) == [f"health.{HAIKOU}", "hk.admin"]
    assert logins(watch.browser("auditor", "oversight", login="audit")) == [
        "audit", f"health.{HAIKOU}", f"health.{SANYA}", "hk.admin", f"police.{HAIKOU}",
        f"police.{SANYA}",
    ]  # fmt: skip
    lead = watch.browser("watch_lead", "police", unit=HAIKOU, login="lead")
    assert logins(lead) == [f"health.{HAIKOU}", "hk.admin", "lead", f"police.{HAIKOU}"]
    people = watch.gate.people.directory.logins()
    theirs = f"/users/{people[f'health.{SANYA}']}"
    assert haikou.get(theirs).status_code == 403
    for answer in (
        haikou.put(f"{theirs}/suspension", json={"reason": "left"}),
        haikou.delete(f"{theirs}/sessions"),
        haikou.post(f"{theirs}/roles", json={"role": "grid_worker", "unit": SANYA}),
        haikou.post("/users", json={"login": "x.y", "name": "X",
                                    "roles": [{"role": "grid_worker", "unit": SANYA}]}),
    ):  # fmt: skip
        assert answer.status_code == 403, answer.text
        assert set(answer.json()["reason"]) == {"zh", "en"}
    own = haikou.get(f"/users/{people[f'health.{HAIKOU}']}").json()
    assert own["may_change"] is True
    officer = watch.browser("watch_officer", "police", unit=HAIKOU, login="officer")
    assert officer.get("/users").status_code == 403


def test_lists_are_found_by_words_units_roles_and_pages(watch: Watch) -> None:
    admin = administrator(watch)
    for number in range(5):
        role = Membership("grid_worker", HAIKOU if number < 3 else SANYA)
        name = f"grid.{number}"
        watch.gate.people.directory.invite(name, f"Name of {name}", [role], "test")
    assert logins(admin, q="GRID name", unit=HAIKOU) == ["grid.0", "grid.1", "grid.2"]
    assert logins(admin, q="%") == logins(admin, q="_") == []
    assert logins(admin, status="invited", role="grid_worker", unit=SANYA) == ["grid.3", "grid.4"]
    assert logins(admin, unit=PROVINCE, within=False) == ["root"]
    page = admin.get("/users", params={"limit": 4}).json()
    rest = admin.get("/users", params={"limit": 4, "cursor": page["next_cursor"]}).json()
    found = [u["login"] for u in page["items"] + rest["items"]]
    assert found == [f"grid.{n}" for n in range(5)] + ["root"]
    assert rest["next_cursor"] is None
    assert admin.get("/users", params={"cursor": "x"}).status_code == 400


def agreed(browser: httpx.Client, change: dict[str, Any]) -> Any:
    answer = browser.post(f"/account-changes/{change['id']}/decision", json={"agree": True})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_invitation_opens_an_account_with_its_roles(watch: Watch) -> None:
    admin, second = administrator(watch), administrator(watch, "second")
    made = invite(admin, "wang.wei", ("watch_officer", HAIKOU))
    (waits,) = made["waiting"]
    token = agreed(second, waits)["link"].partition("/#accept=")[2]
    with httpx.Client(base_url=watch.url + "/api/v1", headers=OURS) as browser:
        simple = {"token": token, "password": "wang.wei!wang.wei"}
        weak = browser.post("/invitations/accept", json=simple)
        assert (weak.status_code, weak.json()["rule"]) == (422, "context")
        answer = browser.post("/invitations/accept", json={"token": token, "password": WORD})
        assert answer.status_code == 200, answer.text
        assert answer.json()["needs"] == "second_factor"
        again = browser.post("/invitations/accept", json={"token": token, "password": WORD})
        assert again.status_code == 410
    user = admin.get(f"/users/{made['user']['id']}").json()
    assert (user["status"], [r["role"] for r in user["roles"]]) == ("active", ["watch_officer"])
    assert [f["kind"] for f in user["factors"]] == ["password"]
    assert [s["device"] for s in user["sessions"]] == ["python-httpx"]
    text = str(user)
    assert token not in text
    assert "argon2" not in text
    taken = admin.post("/users", json={"login": "Wang.Wei", "name": "x",
                                       "roles": [{"role": "analyst", "unit": HAIKOU}],
                                       "why": "joins"})  # fmt: skip
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (422, "login")
    assert admin.get("/users/0199f6e0-0000-7000-8000-000000000001").status_code == 404
    account = f"account:{made['user']['id']}"
    assert [thing for _, thing in told(watch, "account.invite")] == [account]


def test_roles_come_and_go_and_sessions_end(watch: Watch) -> None:
    admin, second = administrator(watch), administrator(watch, "second")
    officer = watch.enter("watch_officer", "police", HAIKOU, login="li")
    path = f"/users/{officer.identity.id}"
    later = {"role": "analyst", "unit": SANYA, "valid_from": "2031-01-01T00:00:00+08:00",
             "valid_to": "2032-01-01T00:00:00+08:00", "local": True, "why": "moves"}  # fmt: skip
    agreed(second, admin.post(f"{path}/roles", json=later).json())
    user = admin.get(path).json()
    (role,) = [r for r in user["roles"] if r["role"] == "analyst"]
    assert (role["now"], role["source"], role["valid_from"]) == (
        False, "local", "2030-12-31T16:00:00.000Z",
    )  # fmt: skip
    user = admin.delete(f"{path}/roles/{role['id']}").json()
    assert [r["role"] for r in user["roles"]] == ["watch_officer"]
    assert admin.delete(f"{path}/roles/{role['id']}").status_code == 404
    bad = admin.post(f"{path}/roles", json={"role": "system", "unit": HAIKOU, "why": "x"})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "role")
    assert len(user["sessions"]) == 1
    assert admin.delete(f"{path}/sessions/{user['sessions'][0]['id']}").status_code == 204
    assert watch.gate.people.signin.identify(officer.token) is None
    assert admin.put(f"{path}/suspension", json={"reason": "left"}).json()["reason"] == "left"
    link = admin.post(f"{path}/link", json={"reason": "x"}).json()
    of_suspended = f"/account-changes/{link['id']}/decision"
    assert second.post(of_suspended, json={"agree": True}).status_code == 409
    agreed(second, admin.post(f"{path}/reinstatement", json={"reason": "came back"}).json())
    assert admin.get(path).json()["status"] == "active"
    ref, account = told(watch, "account.suspend")[0]
    assert account == f"account:{officer.identity.id}"
    assert ref == f"account:{watch.gate.people.directory.logins()['root']}"
    for action in ("account.grant", "account.end_role", "account.sessions_ended",
                   "account.reinstate"):  # fmt: skip
        assert len(told(watch, action)) == 1, action


def test_a_role_is_given_by_two(watch: Watch) -> None:
    root, second = administrator(watch), administrator(watch, "second")
    clerk = watch.enter("county_clerk", "local_government", HAIKOU, login="clerk")
    path = f"/users/{clerk.identity.id}"
    wanted = {"role": "investigator", "unit": HAIKOU}
    assert root.post(f"{path}/roles", json=wanted).status_code == 422  # why is wanted
    waits = root.post(f"{path}/roles", json={**wanted, "why": "joins the squad"})
    assert (waits.status_code, waits.json()["state"]) == (202, "waiting")
    assert root.post(f"{path}/roles", json={**wanted, "why": "again"}).status_code == 409
    change = f"/account-changes/{waits.json()['id']}"
    alone = root.post(f"{change}/decision", json={"agree": True})
    assert alone.status_code == 403, alone.text
    assert [c["mine"] for c in root.get("/account-changes").json()["items"]] == [True]
    county = watch.browser("administrator", "health", unit=SANYA, login="county")
    assert county.get("/account-changes").json()["items"] == []
    assert county.post(f"{change}/decision", json={"agree": True}).status_code == 403
    roles = [r["role"] for r in root.get(path).json()["roles"]]
    assert roles == ["county_clerk"]
    done = second.post(f"{change}/decision", json={"agree": True, "note": "ok"}).json()
    assert (done["state"], done["proposed_by"], done["decided_by"]) == ("made", "root", "second")
    roles = sorted(r["role"] for r in root.get(path).json()["roles"])
    assert roles == ["county_clerk", "investigator"]
    assert second.post(f"{change}/decision", json={"agree": False}).status_code == 409
    assert [e.verdict.value for e in watch.logged() if e.action == "account.agree"] == ["done"]


def test_an_account_is_reset_by_two(watch: Watch) -> None:
    root, second = administrator(watch), administrator(watch, "second")
    lead = watch.enter("watch_lead", "police", HAIKOU, login="lead")
    path = f"/users/{lead.identity.id}"
    for way, kind in (("second-factor-reset", "second_factors"), ("link", "link")):
        waits = root.post(f"{path}/{way}", json={"reason": "phone lost"})
        assert (waits.status_code, waits.json()["kind"]) == (202, kind)
        change = f"/account-changes/{waits.json()['id']}/decision"
        assert watch.gate.people.signin.identify(lead.token) is not None or kind == "link"
        done = second.post(change, json={"agree": True})
        assert done.status_code == 200, done.text
        assert (done.json()["link"] is not None) == (kind == "link")
    assert watch.gate.people.signin.identify(lead.token) is None
    # Nobody decides of the own account.
    own = watch.gate.people.directory.logins()["second"]
    waits = root.post(f"/users/{own}/link", json={"reason": "forgot"})
    mine = second.post(f"/account-changes/{waits.json()['id']}/decision", json={"agree": True})
    assert mine.status_code == 403
    back = root.delete(f"/account-changes/{waits.json()['id']}")
    assert back.json()["state"] == "taken_back"


def test_everybody_enrols_before_anything_else(watch: Watch) -> None:
    """OWASP ASVS 5.0, 6.3.3."""
    officer = watch.browser("watch_officer", "police", login="officer", assurance=PASSWORD)
    assert officer.get("/me").json()["needs"] == "second_factor"
    assert officer.get("/alerts").json()["needs"] == "second_factor"
    browser = watch.browser("administrator", "platform", login="root", assurance=PASSWORD)
    assert browser.get("/settings").status_code == 403
    assert browser.get("/me").json()["needs"] == "second_factor"
    for path in ("/users", "/units", "/alerts", "/keys", "/settings"):
        answer = browser.get(path)
        assert (answer.status_code, answer.json()["needs"]) == (403, "second_factor"), path
    # Without a password a code would never be asked for.
    assert "register a passkey" in browser.post("/me/totp").json()["detail"]
    base = watch.gate.people.base
    with base.database.write() as connection:
        hashed = watch.gate.people.signin.passwords.hash(WORD)
        me = browser.get("/me").json()["id"]
        credential_rows.set_password(connection, me, hashed, base.now_us())
    # Enrolling one opens the rest, in the same session.
    secret = base64.b32decode(browser.post("/me/totp").json()["secret"])
    for _ in range(2):  # a code lives 30 s, and the first may be at its end
        code = totp.code_at(secret, totp.step_at(base.now_us()))
        confirmed = browser.post("/me/totp/confirm", json={"code": code})
        if confirmed.status_code == 200:
            break
    assert confirmed.status_code == 200, confirmed.text
    assert browser.get("/me").json()["needs"] is None
    assert browser.get("/users").status_code == 200
    kept = browser.delete("/me/totp")
    assert (kept.status_code, "second factor" in kept.json()["detail"]) == (409, True)


def test_a_deployment_may_exempt_a_role_and_says_so(shore: Shore, tmp_path: Path) -> None:
    with gate_over(
        tmp_path / "other", shore.records, password_alone=["watch_officer", "grid_worker"]
    ) as gate:
        app = create_app(shore, tmp_path / "pages", gate=gate)
        with serving(app) as url:
            other = Watch(shore, gate, url)
            officer = other.browser("watch_officer", login="officer", assurance=PASSWORD)
            assert officer.get("/me").json()["needs"] is None
            assert officer.get("/alerts").status_code == 200
            told = other.browser("auditor", "oversight").get("/oversight").json()["policies"]
            assert told["password_alone"] == ["grid_worker", "watch_officer"]
            # Only who holds no other role; and none that opens persons, keys or policies.
            account = officer.get("/me").json()["id"]
            gate.people.directory.grant(account, Membership("analyst", HAIKOU), "chief")
            assert officer.get("/me").json()["needs"] == "second_factor"
            for client in other.browsers:
                client.close()


@pytest.mark.parametrize(
    ("role", "said"),
    [("auditor", "always needs"), ("system", "no role of people"), ("captain", "no role")],
)
def test_what_no_deployment_may_exempt(role: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        exempt([role])


def days_ahead(watch: Watch, days: int) -> str:
    return iso(watch.gate.people.base.now_us() + days * 86_400_000_000)


def test_keys_are_made_listed_and_revoked_where_one_administers(watch: Watch) -> None:
    haikou = watch.browser("administrator", "health", unit=HAIKOU, login="hk")
    watch.enter("watch_officer", "health", SANYA)
    body = {"name": "gate", "actions": ["intake.write"], "unit": HAIKOU,
            "agency": f"health-{HAIKOU}", "expires": days_ahead(watch, 89)}  # fmt: skip
    made = haikou.post("/keys", json=body)
    assert made.status_code == 201, made.text
    away = {**body, "unit": SANYA, "agency": f"health-{SANYA}"}
    assert haikou.post("/keys", json=away).status_code == 403
    assert administrator(watch).post("/keys", json=away).status_code == 201
    too_long = haikou.post("/keys", json={**body, "expires": days_ahead(watch, 91)})
    assert too_long.status_code == 403
    for wrong, field in (({"actions": ["fly"]}, "actions"), ({"name": " "}, "name"),
                         ({"agency": "none"}, "agency")):  # fmt: skip
        answer = administrator(watch).post("/keys", json={**body, **wrong})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    with httpx.Client(headers={"authorization": f"Bearer {made.json()['key']}"}) as system:
        assert system.get(watch.url + "/api/v1/users").status_code == 403
    (shown,) = haikou.get("/keys").json()["items"]
    assert shown["id"] == made.json()["id"]
    assert "key" not in shown
    assert haikou.delete(f"/keys/{shown['id']}").status_code == 204
    assert haikou.delete(f"/keys/{shown['id']}").status_code == 404
    assert haikou.delete("/keys/none").status_code == 404
    assert watch.browser("auditor", "oversight").get("/keys").status_code == 403
    assert [thing for _, thing in told(watch, "key.revoke")] == [f"key:{shown['id']}"]
    assert made.json()["key"] not in str(watch.logged())


def test_an_account_without_roles_is_seen_where_the_last_ones_were(watch: Watch) -> None:
    haikou = watch.browser("administrator", "platform", unit=HAIKOU, login="hk")
    directory = watch.gate.people.directory
    made, _ = directory.invite("li", "Li", [Membership("analyst", SANYA)], "test")
    county = watch.browser("administrator", "health", unit=SANYA, login="sy")
    health = directory.grant(made.id, Membership("analyst", SANYA, f"health-{SANYA}"), "test")
    assert logins(county) == ["li", "sy"]
    for held in (health, *made.memberships):
        directory.end_membership(held.id, "test")
    assert logins(county) == ["li", "sy"]
    assert "li" in logins(haikou)
    directory.grant(made.id, Membership("analyst", HAIKOU), "test")
    assert logins(county) == ["sy"]


def test_an_invitation_is_all_or_nothing(watch: Watch) -> None:
    """What is refused at its end leaves neither account nor link nor entry behind."""
    root = administrator(watch)
    lead = {"role": "investigator", "unit": HAIKOU}
    body = {
        "login": "li.na", "name": "Li Na", "why": "joins the squad",
        "roles": [{"role": "watch_officer", "unit": HAIKOU}, lead, lead],
    }  # fmt: skip
    twice = root.post("/users", json=body)
    assert twice.status_code == 409, twice.text
    silent = root.post("/users", json={**body, "roles": [lead], "why": " "})
    assert (silent.status_code, silent.json()["errors"][0]["field"]) == (422, "why")
    assert logins(root) == ["root"]
    assert root.get("/account-changes").json()["items"] == []
    assert told(watch, "account.invite") == told(watch, "account.propose_grant") == []
    made = root.post("/users", json={**body, "roles": [lead]})
    assert made.status_code == 201, made.text
    assert len(made.json()["waiting"]) == 1


def test_another_link_of_an_invitation_takes_two(watch: Watch) -> None:
    """Whoever has the link becomes the account: after two have given the role, one alone may not
    make another link and open it."""
    root, second = administrator(watch), administrator(watch, "second")
    made = invite(root, "li.na", ("investigator", HAIKOU), why="joins the squad")
    path, (waits,) = f"/users/{made['user']['id']}", made["waiting"]
    agreed(second, waits)
    alone = root.post(f"{path}/link", json={"reason": "mail lost"})
    assert (alone.status_code, alone.json()["kind"]) == (202, "link")
    assert "link" not in alone.json()
    decision = f"/account-changes/{alone.json()['id']}/decision"
    assert root.post(decision, json={"agree": True}).status_code == 403
    done = second.post(decision, json={"agree": True})
    assert "/#accept=" in done.json()["link"]


def test_an_account_that_one_may_not_see_is_given_nothing(watch: Watch) -> None:
    """As if it did not exist: else a county learns whose ids are whose, and changes them."""
    sanya = watch.enter("watch_officer", "health", SANYA, login="sy.officer").identity.id
    haikou = watch.browser("administrator", "health", unit=HAIKOU, login="hk.admin")
    body = {"role": "grid_worker", "unit": HAIKOU, "agency": f"health-{HAIKOU}"}
    nobody = "0199f6e0-0000-7000-8000-000000000001"
    answers = [haikou.post(f"/users/{who}/roles", json=body) for who in (sanya, nobody)]
    assert [a.status_code for a in answers] == [404, 404], answers[0].text
    texts = [a.text.replace(who, "") for a, who in zip(answers, (sanya, nobody), strict=True)]
    assert texts[0] == texts[1]
    assert [m.role for m in watch.gate.people.directory.account(sanya).memberships] == [
        "watch_officer"
    ]
    elsewhere = {**body, "unit": SANYA, "agency": f"health-{SANYA}"}
    for who in (sanya, nobody):
        assert haikou.post(f"/users/{who}/roles", json=elsewhere).status_code == 403
