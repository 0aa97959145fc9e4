"""First start, invitations, keys of systems, passkeys, limits, the queue."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from littoral.api.server import serving
from littoral.api.signin.context import SignInSettings
from littoral.api.signin.limits import RateLimit
from littoral.api.signin.queue import Busy, WorkQueue
from littoral.store.people.accounts import Membership
from tests.store.people.authenticator import Authenticator

from .conftest import OURS, PASSWORD, Make, Site, app_of, is_problem

ME = "/api/v1/me"


def test_the_first_start(site: Site) -> None:
    token = site.people.signin.first_start_link()
    browser = site.browser()
    body = {"token": token, "login": "chief", "name": "总管", "password": "short"}
    path = "/api/v1/first-start"
    assert is_problem(browser.post(path, json=body), 422)["errors"][0]["field"] == "password"
    body["password"] = PASSWORD
    is_problem(browser.post(path, json={**body, "token": "wrong"}), 410)
    answer = browser.post(path, json=body)
    assert answer.status_code == 201
    assert [(r["role"], r["unit"]) for r in answer.json()["roles"]] == [("administrator", "460000")]
    assert browser.get(ME).json()["login"] == "chief"
    is_problem(site.browser().post(path, json={**body, "login": "second"}), 410)


def test_an_invitation(site: Site) -> None:
    place = [Membership("analyst", "460100")]
    _, token = site.people.directory.invite("wang", "王伟", place, "chief")
    browser = site.browser()
    path = "/api/v1/invitations/accept"
    is_problem(browser.post(path, json={"token": "x", "password": PASSWORD}), 410)
    answer = browser.post(path, json={"token": token, "password": PASSWORD})
    assert answer.status_code == 200
    assert browser.get(ME).json()["login"] == "wang"
    is_problem(site.browser().post(path, json={"token": token, "password": PASSWORD}), 410)


def test_a_key_of_a_system_needs_no_header_and_does_nothing_of_peoples(site: Site) -> None:
    directory = site.people.directory
    until_us = site.now_us + 30 * 86_400_000_000
    key, made = directory.create_key("radar", ["intake.write"], "460100", None, until_us, "chief")
    system = site.browser({"authorization": f"Bearer {key}"})
    assert system.get("/api/v1/who").json() == {"id": made.id}
    me = system.get(ME).json()
    assert (me["kind"], me["assurance"], me["actions"]) == ("key", "key", ["intake.write"])
    is_problem(system.get("/api/v1/me/devices"), 403)
    (listed,) = directory.api_keys()
    assert listed.last_used_us == site.now_us
    assert directory.end_key(made.id, "chief")
    is_problem(system.get(ME), 401)


def test_a_passkey_over_http(make: Make) -> None:
    site = make(settings=SignInSettings(password_alone=frozenset({"watch_officer"})))
    site.account()
    browser = site.signed_in()
    device = Authenticator(site.url)
    begun = browser.post("/api/v1/me/passkeys/options").json()
    answer = browser.post(
        "/api/v1/me/passkeys",
        json={
            "token": begun["token"],
            "name": "phone",
            "credential": device.create(begun["publicKey"]),
        },
    )
    assert answer.status_code == 201, answer.text
    (held,) = browser.get("/api/v1/me/passkeys").json()["items"]
    assert held == answer.json()
    fresh = site.browser()
    begun = fresh.post("/api/v1/session/passkey/options").json()
    body = {"token": begun["token"], "credential": device.get(begun["publicKey"])}
    assert fresh.post("/api/v1/session/passkey", json=body).json()["assurance"] == "passkey"
    assert fresh.get(ME).json()["login"] == "wang"
    is_problem(site.browser().post("/api/v1/session/passkey", json=body), 401)
    assert fresh.delete(f"/api/v1/me/passkeys/{held['id']}").status_code == 204
    is_problem(fresh.delete(f"/api/v1/me/passkeys/{held['id']}"), 404)


def test_steps_before_anybody_is_known_are_limited(site: Site) -> None:
    site.people.steps = RateLimit(burst=3, per_s=0.1)
    browser = site.browser()
    answers = [browser.post("/api/v1/session/passkey/options") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[3].headers["retry-after"]) <= 10


def test_the_limit_fills_again_and_forgets_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = RateLimit(burst=2, per_s=0.5)
    assert [limit.wait_s("a", 0.0) for _ in range(3)] == [0, 0, 2]
    assert limit.wait_s("b", 0.0) == 0
    assert [limit.wait_s("a", 2.0), limit.wait_s("a", 2.0)] == [0, 2]
    assert [limit.wait_s("a", 100.0) for _ in range(3)] == [0, 0, 2]
    monkeypatch.setattr("littoral.api.signin.limits.MOST", 2)
    limit.wait_s("c", 100.0)
    limit.wait_s("d", 100.0)
    assert limit.wait_s("a", 100.0) == 0  # it was the one unseen for longest


def test_behind_a_trusted_proxy_the_caller_is_who_it_says(make: Make) -> None:
    site = make(settings=SignInSettings(proxies=frozenset({"127.0.0.1", "10.0.0.1"})))
    site.account()
    for forwarded, address in (
        ("198.51.100.7", "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7, 10.0.0.1", "198.51.100.7"),  # the first may be made up
        ("127.0.0.1", "127.0.0.1"),  # a program on the machine itself that says so
        ("", "unknown"),  # not the proxy's own, which is one of the internal network
    ):
        browser = site.signed_in(headers={**OURS, "x-forwarded-for": forwarded})
        assert browser.get(ME).json()["session"]["address"] == address


def test_without_a_trusted_proxy_the_header_counts_for_nothing(site: Site) -> None:
    site.account()
    browser = site.signed_in(headers={**OURS, "x-forwarded-for": "198.51.100.7"})
    assert browser.get(ME).json()["session"]["address"] == "127.0.0.1"


def test_many_at_once_wait_their_turn_and_the_rest_is_told_when_to_come(make: Make) -> None:
    gate = threading.Event()
    site = make(queue=WorkQueue(workers=1, waiting=3))
    site.account()
    real = site.people.signin.sign_in

    def slow(*args: object) -> object:
        gate.wait(30)
        return real(*args)  # type: ignore[arg-type]

    site.people.signin.sign_in = slow  # type: ignore[method-assign,assignment]
    body = {"login": "wang", "password": PASSWORD}
    browser = site.browser()
    with ThreadPoolExecutor(8) as pool:
        inside = [pool.submit(browser.post, "/api/v1/session", json=body) for _ in range(4)]
        while site.people.queue.inside < 4:
            assert not any(f.done() for f in inside)
        refused = browser.post("/api/v1/session", json=body)
        is_problem(refused, 503)
        assert int(refused.headers["retry-after"]) >= 1
        # Meanwhile the event loop answers others.
        assert browser.get("/api/v1/who").json() == {"id": None}
        gate.set()
        assert [f.result(30).status_code for f in inside] == [200] * 4
    assert browser.post("/api/v1/session", json=body).status_code == 200
    assert site.people.queue.inside == 0


def test_work_that_fails_leaves_the_queue() -> None:
    queue = WorkQueue(workers=1, waiting=0)

    def fail() -> None:
        raise ValueError("no")

    async def run() -> None:
        for _ in range(3):
            with pytest.raises(ValueError, match="no"):
                await queue.run(fail)

    asyncio.run(run())
    assert queue.inside == 0
    queue.close()
    with pytest.raises((RuntimeError, Busy)):
        asyncio.run(queue.run(fail))
    assert queue.inside == 0


def test_a_server_without_sign_in_says_so() -> None:
    with serving(app_of(None)) as url, httpx.Client(base_url=url, headers=OURS) as browser:
        assert browser.get("/api/v1/who").json() == {"id": None}
        is_problem(browser.get("/api/v1/signin"), 503)
        is_problem(browser.get(ME), 503)
