"""From our page to a real OpenID provider and back; what its claims come to here."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest

from littoral.api.signin.claims import (
    ProviderRules,
    ProvidersError,
    RoleRule,
    claimed,
    read_providers,
)
from littoral.api.signin.oidc import local_path
from littoral.link.oidc import OidcProvider
from littoral.store import changes
from littoral.store.people import totp
from littoral.store.people.accounts import Membership
from littoral.store.people.external import Claimed
from littoral.store.people.own_credentials import ProveAgain
from littoral.store.people.signin import Origin
from tests.link.oidc.running import CALLBACK, sign_in

from .conftest import PASSWORD, Make, Site, is_problem

START = "/api/v1/oidc/start"
WATCH = RoleRule("groups", "watch", Membership("watch_officer", "460100"))


def rules(issuer: str, link: bool = False, provision: bool = False) -> ProviderRules:
    provider = OidcProvider("province", issuer, "littoral", "a secret: with/odd%chars")
    return ProviderRules(provider, link=link, provision=provision, roles=(WATCH,))


def through(site: Site, login: str, return_to: str = "/?a=1#b") -> tuple[httpx.Client, str]:
    """A browser that has gone through the provider, and where it was sent in the end."""
    browser = site.browser({})
    answer = browser.get(START, params={"provider": "province", "return_to": return_to})
    assert answer.status_code == 303, answer.text
    with httpx.Client(timeout=20) as elsewhere:
        back = sign_in(elsewhere, answer.headers["location"], login)
    answer = browser.get(back)
    assert answer.status_code == 303
    return browser, answer.headers["location"]


def test_an_account_is_made_by_rule(make: Make, issuer: str) -> None:
    site = make(providers=[rules(issuer, provision=True)])
    assert site.browser().get("/api/v1/signin").json()["providers"] == ["province"]
    browser, where = through(site, "wang")
    assert where == "/?a=1#b"
    me = browser.get("/api/v1/me").json()
    # It says nothing of factors: as by a password alone.
    assert (me["login"], me["name"], me["assurance"]) == ("wang", "王伟", "password")
    assert [(r["role"], r["unit"]) for r in me["roles"]] == [("watch_officer", "460100")]
    # Again: the same account. Another subject with its login: nobody.
    again, _ = through(site, "wang")
    assert again.get("/api/v1/me").json()["id"] == me["id"]
    other, where = through(site, "impostor")
    assert where == "/#sign-in-failed"
    is_problem(other.get("/api/v1/me"), 401)
    # Whom no rule gives a role gets no account.
    _, where = through(site, "li")
    assert where == "/#sign-in-failed"
    assert sorted(site.people.directory.logins()) == ["wang"]
    actions = [e.action for e in site.told if e.action.startswith("signin.")]
    assert actions == ["signin.success", "signin.success", "signin.failure", "signin.failure"]


def test_an_account_that_is_there_is_linked_once(make: Make, issuer: str) -> None:
    site = make(providers=[rules(issuer, link=True)])
    account = site.account()
    browser, _ = through(site, "wang")
    assert browser.get("/api/v1/me").json()["id"] == account
    _, where = through(site, "impostor")
    assert where == "/#sign-in-failed"
    site.people.directory.suspend(account, "chief", "left")
    _, where = through(site, "wang")
    assert where == "/#sign-in-failed"


@pytest.mark.parametrize(
    ("stated", "assurance"),
    [
        ({}, "password"),
        ({"acr": "one", "amr": ["pwd"]}, "password"),
        ({"acr": "two"}, "oidc"),
        ({"amr": ["pwd", "otp", "mfa"]}, "oidc"),
    ],
)
def test_factors_are_those_that_the_provider_states(
    make: Make, issuer: str, stated: dict[str, object], assurance: str
) -> None:
    """OWASP ASVS 5.0, 6.8.4; values of `amr`: RFC 8176."""
    lead = RoleRule("groups", "watch", Membership("watch_lead", "460100"))
    base = rules(issuer, provision=True)
    made = replace(
        base, roles=(lead,), provider=replace(base.provider, acr_values=("two",)),
        two_factor_acr=frozenset({"two"}), two_factor_amr=frozenset({"mfa"}),
    )  # fmt: skip
    site = make(providers=[made])
    person = {"preferred_username": "stated", "name": "S", "groups": ["watch"]}
    httpx.put(f"{issuer}/people/stated", json={**person, "signed_in": stated}).raise_for_status()
    before_us = site.people.base.now_us()
    browser, where = through(site, "stated")
    assert where == "/?a=1#b"
    me = browser.get("/api/v1/me").json()
    assert me["assurance"] == assurance
    assert me["needs"] == ("second_factor" if assurance == "password" else None)
    proved_us = datetime.fromisoformat(me["session"]["proved"]).timestamp() * 1e6
    assert abs(proved_us - before_us) < 60e6  # `auth_time`
    assert site.told[-1].detail == ("oidc" if assurance == "oidc" else "oidc, one factor")


def test_who_comes_by_one_factor_adds_a_passkey_and_no_code(make: Make, issuer: str) -> None:
    site = make(providers=[rules(issuer, provision=True)])
    browser, _ = through(site, "wang")
    ours = site.browser(cookies=dict(browser.cookies))
    assert "register a passkey" in is_problem(ours.post("/api/v1/me/totp"), 409)["detail"]
    assert ours.post("/api/v1/me/passkeys/options").status_code == 200


def test_a_provider_that_does_not_say_when_has_seen_no_fresh_proof(site: Site) -> None:
    account = site.account()
    wanted = Claimed("wang", "王伟", link=True, two_factors=True)
    found = site.people.signin.sign_in_external("https://id.example", "s", wanted, Origin())
    assert (found.identity.id, found.identity.assurance) == (account, "oidc")
    with pytest.raises(ProveAgain):
        site.people.own.start_totp(found.identity)


def test_a_code_here_is_not_replaced_by_who_comes_by_one_factor(site: Site) -> None:
    site.account()
    first = site.people.signin.sign_in("wang", PASSWORD, "", Origin()).identity
    secret, _ = site.people.own.start_totp(first)
    code = totp.code_at(base64.b32decode(secret), totp.step_at(site.now_us))
    site.people.own.confirm_totp(first, code)
    wanted = Claimed("wang", "王伟", link=True)
    found = site.people.signin.sign_in_external(
        "https://id.example", "s", wanted, Origin(), site.now_us
    )
    assert found.identity.assurance == "password"
    with pytest.raises(ProveAgain, match="password and code"):
        site.people.own.start_totp(found.identity)


def test_claims_give_and_take_roles_at_every_sign_in(make: Make, issuer: str) -> None:
    lead = RoleRule("groups", "lead", Membership("watch_lead", "460100"))
    chief = RoleRule("groups", "chief", Membership("administrator", "460000"))
    made = rules(issuer, provision=True)
    site = make(providers=[replace(made, roles=(WATCH, lead, chief))])
    door = site.people.directory

    def roles(*groups: str) -> list[str]:
        says = {"preferred_username": "mover", "name": "Mo", "groups": list(groups)}
        httpx.put(f"{issuer}/people/mover", json=says).raise_for_status()
        browser, where = through(site, "mover")
        assert where == "/?a=1#b"
        return sorted(r["role"] for r in browser.get("/api/v1/me").json()["roles"])

    assert roles("watch", "lead") == ["watch_lead", "watch_officer"]
    site.told.clear()
    assert roles("watch", "lead") == ["watch_lead", "watch_officer"]
    assert [e.action for e in site.told] == ["signin.success"]
    # One that is taken away there is taken away here; one by hand stays if it is marked.
    account = door.logins()["mover"]
    door.grant(account, Membership("analyst", "460100", source="local"), "chief")
    door.grant(account, Membership("grid_worker", "460100"), "chief")
    site.told.clear()
    assert roles("lead") == ["analyst", "watch_lead"]
    assert sorted((e.action, e.actor, e.detail) for e in site.told) == [
        ("account.end_role", "system:openid", "grid_worker in 460100"),
        ("account.end_role", "system:openid", "watch_officer in 460100"),
        ("signin.success", account, "oidc, one factor"),
    ]
    # What waits of the watch lapses with a role that the provider takes away.
    key = str(uuid4())
    with site.people.base.database.write() as connection:
        changes.propose(connection, key, "settings:gap", 1, {}, {}, ["off"], "why", "mover", 1)
    assert roles() == ["analyst"]
    with site.people.base.database.read() as connection:
        assert changes.one(connection, key).state == "lapsed"
    # The last administrator stays one, which is told.
    assert roles("chief") == ["administrator", "analyst"]
    site.told.clear()
    assert roles() == ["administrator", "analyst"]
    assert "account.keep_role" in [e.action for e in site.told]


def test_without_rules_of_roles_those_by_hand_stay(make: Make, issuer: str) -> None:
    site = make(providers=[replace(rules(issuer, link=True), roles=())])
    site.account()
    browser, _ = through(site, "wang")
    assert [r["role"] for r in browser.get("/api/v1/me").json()["roles"]] == ["watch_officer"]


def test_without_a_rule_nobody_comes_in(make: Make, issuer: str) -> None:
    site = make(providers=[rules(issuer)])
    site.account()
    _, where = through(site, "wang")
    assert where == "/#sign-in-failed"


def test_only_the_browser_that_began_may_end(make: Make, issuer: str) -> None:
    site = make(providers=[rules(issuer, provision=True)])
    attacker, victim = site.browser({}), site.browser({})
    begun = attacker.get(START, params={"provider": "province"})
    with httpx.Client(timeout=20) as elsewhere:
        back = sign_in(elsewhere, begun.headers["location"], "wang")
    answer = victim.get(back)
    assert answer.headers["location"] == "/#sign-in-failed"
    assert "littoral_session" not in answer.headers.get("set-cookie", "")
    # With a step of its own the victim's state is another.
    victim.get(START, params={"provider": "province"})
    assert victim.get(back).headers["location"] == "/#sign-in-failed"
    assert attacker.get(back).headers["location"] == "/"
    # What has been used is used.
    assert attacker.get(back).headers["location"] == "/#sign-in-failed"


def test_the_step_is_kept_in_a_cookie_that_scripts_do_not_see(make: Make, issuer: str) -> None:
    site = make(providers=[rules(issuer)])
    answer = site.browser({}).get(START, params={"provider": "province"})
    words = {w.strip().lower() for w in answer.headers["set-cookie"].split(";")[1:]}
    assert words == {"httponly", "samesite=lax", "path=/", "max-age=600"}
    sent = parse_qs(urlsplit(answer.headers["location"]).query)
    assert sent["redirect_uri"] == [site.url + CALLBACK]


def test_a_provider_that_is_not_known_or_not_there(make: Make, site: Site) -> None:
    is_problem(site.browser({}).get(START, params={"provider": "x"}), 404)
    away = make(providers=[rules("http://127.0.0.1:9")])
    is_problem(away.browser({}).get(START, params={"provider": "province"}), 503)
    assert away.browser({}).get(CALLBACK).headers["location"] == "/#sign-in-failed"


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/", "/"), ("/a?b=c#d", "/a?b=c#d"), ("/海", "/%E6%B5%B7"),
        ("", "/"), ("a", "/"), ("//evil.example", "/"), ("/\\evil.example", "/"),
        ("https://evil.example", "/"), ("/a\r\nset-cookie: x", "/"), ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"), ("javascript:alert(1)", "/"),
    ],
)  # fmt: skip
def test_it_leads_back_to_this_server_alone(written: str, path: str) -> None:
    assert local_path(written) == path


def test_claims_come_to_a_login_and_roles() -> None:
    base = rules("https://id.example", link=True, provision=True)
    found = claimed(base, {"preferred_username": " Wang ", "name": "王", "groups": ["watch"]})
    assert (found.login, found.name, found.link, found.provision, found.roles) == (
        "wang", "王", True, True, (WATCH.role,),
    )  # fmt: skip
    assert claimed(base, {"preferred_username": "wang", "groups": "watch"}).roles
    for claims in ({}, {"preferred_username": 7}, {"preferred_username": "no blanks"}):
        assert claimed(base, claims).login == ""
    for groups in (None, [], ["watchers"], "watchers", {"watch": 1}, 3):
        found = claimed(base, {"preferred_username": "wang", "groups": groups})
        assert (found.roles, found.provision) == ((), False)


def test_an_email_counts_only_when_the_provider_has_verified_it() -> None:
    base = rules("https://id.example")
    by_mail = ProviderRules(base.provider, login_claim="email")
    mail = "wang@example.org"
    assert claimed(by_mail, {"email": mail, "email_verified": True}).login == mail
    for verified in (False, None, "true", 1):
        assert claimed(by_mail, {"email": mail, "email_verified": verified}).login == ""


PROVIDERS = """
[[provider]]
name = "province"
issuer = "https://id.example"
client_id = "littoral"
secret_file = "province.secret"
link = true
provision = true
two_factor_acr = ["two"]
two_factor_amr = ["mfa", "hwk"]
max_age_s = 60

[[provider.role]]
claim = "groups"
value = "watch"
role = "watch_officer"
unit = "460100"
"""


def test_the_file_of_providers(tmp_path: Path) -> None:
    (tmp_path / "province.secret").write_text("hidden\n")
    path = tmp_path / "providers.toml"
    path.write_text(PROVIDERS)
    (found,) = read_providers(path)
    assert found == ProviderRules(
        OidcProvider(
            "province", "https://id.example", "littoral", "hidden", max_age_s=60,
            acr_values=("two",),
        ),
        link=True, provision=True, roles=(WATCH,), two_factor_acr=frozenset({"two"}),
        two_factor_amr=frozenset({"mfa", "hwk"}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "province"\n', "", "provider 1: name is missing"),
        ("link = true", "lnik = true", "unknown: lnik"),
        ('["two"]', '"two"', "two_factor_acr must be a list of words"),
        ("max_age_s = 60", 'max_age_s = "60"', "max_age_s must be whole seconds"),
        ('"watch_officer"', '"emperor"', "must be one of"),
        ("province.secret", "other.secret", "other.secret"),
        ("[[provider]]", "[[provider]", "providers.toml"),
    ],
)
def test_faults_of_the_file_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "province.secret").write_text("hidden")
    path = tmp_path / "providers.toml"
    path.write_text(PROVIDERS.replace(old, new, 1))
    with pytest.raises(ProvidersError, match=said):
        read_providers(path)
