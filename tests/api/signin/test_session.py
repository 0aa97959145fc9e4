"""Signing in and out over HTTP: cookies, refusals, devices, own credentials."""

from __future__ import annotations

import base64

import httpx
import pytest

from littoral.api.signin.context import SignInSettings
from littoral.store.people import totp

from .conftest import OURS, PASSWORD, Make, Site, is_problem

NEW = "another four plain words"
SESSION = "/api/v1/session"
ME = "/api/v1/me"


def sign_in(browser: httpx.Client, **body: str) -> httpx.Response:
    return browser.post(SESSION, json={"login": "wang", "password": PASSWORD, **body})


def test_signing_in_and_out(site: Site) -> None:
    account = site.account()
    browser = site.browser()
    assert is_problem(browser.get(ME), 401)["type"].startswith("urn:littoral:problem:")
    assert browser.get("/api/v1/who").json() == {"id": None}
    answer = sign_in(browser)
    assert answer.status_code == 200
    me = answer.json()
    assert (me["id"], me["login"], me["name"], me["kind"], me["assurance"], me["actions"]) == (
        account, "wang", "王伟", "account", "password", None,
    )  # fmt: skip
    (role,) = me["roles"]
    assert (role["role"], role["unit"], role["unit_name"], role["tier"]) == (
        "watch_officer", "460100", {"zh": "海口市", "en": "Haikou"}, "city",
    )  # fmt: skip
    assert me["session"]["current"] is True
    assert browser.get(ME).json() == me
    assert browser.get("/api/v1/who").json() == {"id": account}
    answer = browser.delete(SESSION)
    assert answer.status_code == 204
    assert browser.cookies == {}
    is_problem(browser.get(ME), 401)
    is_problem(browser.delete(SESSION), 401)


def test_signing_in_again_ends_the_session_that_the_browser_had(site: Site) -> None:
    site.account()
    browser, other = site.browser(), site.browser()
    sign_in(browser)
    sign_in(other)
    before = dict(browser.cookies)
    assert sign_in(browser).status_code == 200
    assert dict(browser.cookies) != before
    with httpx.Client(base_url=browser.base_url, cookies=before) as thief:
        is_problem(thief.get(ME), 401)
    assert browser.get(ME).status_code == 200
    assert other.get(ME).status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(site: Site) -> None:
    site.account()
    answer = sign_in(site.browser())
    name, value, *words = answer.headers["set-cookie"].replace("=", ";", 1).split(";")
    assert name == "littoral_session"
    assert len(value) == 43
    assert {w.strip().lower() for w in words} == {
        "httponly", "samesite=lax", "path=/", "max-age=43200",
    }  # fmt: skip
    assert value not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_over_tls_the_cookie_is_secure_and_of_this_host_alone(make: Make) -> None:
    site = make(settings=SignInSettings(origin="https://watch.example"))
    site.account()
    answer = sign_in(site.browser())
    name, value, *words = answer.headers["set-cookie"].replace("=", ";", 1).split(";")
    assert name == "__Host-littoral_session"
    assert {w.strip().lower() for w in words} >= {"httponly", "samesite=lax", "path=/", "secure"}
    plain = site.browser(cookies={"littoral_session": value})
    assert plain.get("/api/v1/who").json() == {"id": None}
    secure = site.browser({"cookie": f"{name}={value}", **OURS})
    assert secure.get("/api/v1/who").json()["id"]


def test_every_refusal_is_alike(site: Site) -> None:
    site.account()
    left = site.account("left")
    site.people.directory.suspend(left, "chief", "left")
    bodies = []
    for login, password in (
        ("wang", "wrong"),
        ("nobody", PASSWORD),
        ("left", PASSWORD),
        ("\0", "\0"),
    ):
        answer = sign_in(site.browser(), login=login, password=password)
        problem = is_problem(answer, 401)
        assert "set-cookie" not in answer.headers
        assert answer.headers["www-authenticate"]
        bodies.append((problem, sorted(answer.headers)))
    assert bodies.count(bodies[0]) == 4
    assert "needs" not in bodies[0][0]


def test_too_many_attempts_say_how_long_to_wait(site: Site) -> None:
    site.account()
    browser = site.browser()
    for _ in range(5):
        is_problem(sign_in(browser, password="wrong"), 401)
    answer = sign_in(browser)
    is_problem(answer, 429)
    assert answer.headers["retry-after"] == "15"
    site.later(15)
    assert sign_in(browser).status_code == 200


@pytest.mark.parametrize(
    "body",
    [{}, {"login": "wang"}, {"login": "", "password": "x"}, {"login": "w" * 201, "password": "x"},
     {"login": "wang", "password": "x" * 129}, {"login": 1, "password": "x"}, [],
     {"login": "wang", "password": "x", "more": 1}],
)  # fmt: skip
def test_a_body_that_does_not_fit(site: Site, body: object) -> None:
    is_problem(site.browser().post(SESSION, json=body), 422)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-littoral-request": ""},
        {**OURS, "origin": "https://evil.example"},
        {**OURS, "origin": "null"},
        {**OURS, "sec-fetch-site": "cross-site"},
        {**OURS, "sec-fetch-site": "same-site"},
    ],
)
def test_pages_of_others_cannot_do_anything_with_the_cookie(
    site: Site, headers: dict[str, str]
) -> None:
    site.account()
    cookies = dict(site.signed_in().cookies)
    other = site.browser(headers, cookies=cookies)
    for method, path in (
        ("POST", SESSION), ("DELETE", SESSION), ("DELETE", "/api/v1/me/devices"),
        ("PUT", "/api/v1/me/password"), ("POST", "/api/v1/me/totp"),
        ("POST", "/api/v1/me/passkeys"), ("POST", "/api/v1/first-start"),
        ("POST", "/api/v1/invitations/accept"),
    ):  # fmt: skip
        is_problem(other.request(method, path, json={}), 403)
    assert site.browser(cookies=cookies).get(ME).status_code == 200


def test_our_own_page_is_taken(site: Site) -> None:
    site.account()
    headers = {**OURS, "origin": site.url, "sec-fetch-site": "same-origin"}
    assert sign_in(site.browser(headers)).status_code == 200


def test_devices_are_listed_and_ended(site: Site) -> None:
    site.account()
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    here = site.signed_in(headers={**OURS, "user-agent": firefox})
    phone = site.browser({**OURS, "user-agent": "curl/8"})
    assert sign_in(phone, device="值班\0手机").status_code == 200
    third = site.signed_in()
    items = here.get("/api/v1/me/devices").json()["items"]
    assert {(i["device"], i["address"], i["current"]) for i in items} >= {
        ("Firefox, Linux", "127.0.0.1", True), ("值班手机", "127.0.0.1", False),
    }  # fmt: skip
    ended = next(i["id"] for i in items if i["device"] == "值班手机")
    assert here.delete(f"/api/v1/me/devices/{ended}").status_code == 204
    is_problem(phone.get(ME), 401)
    is_problem(here.delete(f"/api/v1/me/devices/{ended}"), 404)
    is_problem(here.delete("/api/v1/me/devices/%00"), 400)
    assert third.get(ME).status_code == 200
    assert here.delete("/api/v1/me/devices").status_code == 204
    is_problem(third.get(ME), 401)
    assert here.get(ME).status_code == 200


def test_other_sessions_end_after_a_fresh_proof_alone(site: Site) -> None:
    """OWASP ASVS 5.0, 7.5.2. Who lost a phone signs in elsewhere, which is the proof."""
    site.account()
    phone, here = site.signed_in(), site.signed_in()
    lost = phone.get(ME).json()["session"]["id"]
    site.later(901)
    for path in (f"/api/v1/me/devices/{lost}", "/api/v1/me/devices"):
        assert is_problem(here.delete(path), 403)["needs"] == "sign_in"
    assert phone.get(ME).status_code == 200
    assert sign_in(here).status_code == 200
    assert here.delete(f"/api/v1/me/devices/{lost}").status_code == 204
    is_problem(phone.get(ME), 401)
    # The session that asks may always end itself.
    mine = here.get(ME).json()["session"]["id"]
    site.later(901)
    assert here.delete(f"/api/v1/me/devices/{mine}").status_code == 204
    is_problem(here.get(ME), 401)


def test_another_cannot_end_ones_session(site: Site) -> None:
    site.account()
    site.account("li")
    mine = site.signed_in()
    session = mine.get(ME).json()["session"]["id"]
    is_problem(site.signed_in("li").delete(f"/api/v1/me/devices/{session}"), 404)
    assert mine.get(ME).status_code == 200


def test_the_password_is_changed_with_the_old_one(site: Site) -> None:
    site.account()
    browser, other = site.signed_in(), site.signed_in()
    path = "/api/v1/me/password"
    is_problem(browser.put(path, json={"old": "wrong", "new": NEW}), 401)
    problem = is_problem(browser.put(path, json={"old": PASSWORD, "new": "short"}), 422)
    assert [e["field"] for e in problem["errors"]] == ["new"]
    assert browser.put(path, json={"old": PASSWORD, "new": NEW}).status_code == 204
    assert browser.get(ME).status_code == 200
    is_problem(other.get(ME), 401)
    is_problem(sign_in(site.browser()), 401)
    assert sign_in(site.browser(), password=NEW).status_code == 200


def test_an_authenticator_from_enrolment_to_removal(make: Make) -> None:
    site = make(settings=SignInSettings(password_alone=frozenset({"watch_officer"})))
    site.account()
    browser = site.signed_in()
    begun = browser.post("/api/v1/me/totp").json()
    assert begun["secret"] in begun["uri"]
    secret = base64.b32decode(begun["secret"])

    def code() -> str:
        return totp.code_at(secret, totp.step_at(site.now_us))

    confirm = "/api/v1/me/totp/confirm"
    is_problem(browser.post(confirm, json={"code": "000000"}), 401)
    codes = browser.post(confirm, json={"code": code()}).json()["recovery_codes"]
    assert len(codes) == 10
    assert browser.get(ME).json()["assurance"] == "totp"
    site.later(30)
    answer = sign_in(site.browser())
    assert is_problem(answer, 401)["needs"] == "code"
    assert "set-cookie" not in answer.headers
    wrong = is_problem(sign_in(site.browser(), code="000000"), 401)
    assert "needs" not in wrong
    assert sign_in(site.browser(), code=code()).json()["assurance"] == "totp"
    assert sign_in(site.browser(), code=codes[3]).status_code == 200
    site.later(901)
    assert is_problem(browser.delete("/api/v1/me/totp"), 403)["needs"] == "sign_in"
    fresh = site.browser()
    assert sign_in(fresh, code=code()).status_code == 200
    assert fresh.delete("/api/v1/me/totp").status_code == 204
    is_problem(fresh.delete("/api/v1/me/totp"), 404)
    assert sign_in(site.browser()).json()["assurance"] == "password"


def test_a_session_ends_by_itself(site: Site) -> None:
    site.account()
    browser = site.signed_in()
    site.later(3601)
    is_problem(browser.get(ME), 401)


def test_suspension_is_felt_at_the_next_request(site: Site) -> None:
    account = site.account()
    browser = site.signed_in()
    site.people.directory.suspend(account, "chief", "left")
    is_problem(browser.get(ME), 401)


def test_ways_to_sign_in_name_no_account(site: Site) -> None:
    answer = site.browser().get("/api/v1/signin")
    assert answer.json() == {"password": True, "passkey": True, "providers": []}


def test_rubbish_in_cookies_and_headers_is_nobody(site: Site) -> None:
    for headers in (
        {"cookie": "littoral_session=x"}, {"cookie": "littoral_session=" + "x" * 5000},
        {"cookie": "littoral_session=%00"}, {"authorization": "Bearer"},
        {"authorization": "Bearer litt__x"}, {"authorization": "Basic d2FuZzp4"},
    ):  # fmt: skip
        assert site.browser(headers).get("/api/v1/who").json() == {"id": None}
