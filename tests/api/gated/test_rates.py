"""How often one may ask: by account, not by session; by address before anybody is known."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from littoral.api.rates import Rates
from littoral.api.signin.limits import RateLimit

from .conftest import Watch

SLOW = 0.01  # a second: nothing comes back while a test runs


def test_costly_things_of_one_account(watch: Watch) -> None:
    watch.gate.rates = Rates(costly=RateLimit(burst=3, per_s=SLOW))
    first, again = watch.browser("watch_lead"), watch.browser("watch_lead")
    other = watch.browser("watch_lead", login="another")
    asked = [c.get("/quarantine").status_code for c in (first, again, first, again)]
    assert asked == [200, 200, 200, 429]
    refused = first.get("/quarantine")
    assert refused.json()["type"] == "urn:littoral:problem:too-many-requests"
    assert int(refused.headers["retry-after"]) == pytest.approx(100, abs=2)
    assert other.get("/quarantine").status_code == 200
    assert first.get("/health").status_code == 200  # what the watch lives by goes on


def test_all_of_one_account(watch: Watch) -> None:
    watch.gate.rates = Rates(usual=RateLimit(burst=5, per_s=SLOW))
    one = watch.browser("watch_lead")
    assert [one.get("/alerts").status_code for _ in range(6)] == [200] * 5 + [429]


def test_strangers_of_one_address(watch: Watch) -> None:
    watch.gate.rates = Rates(strangers=RateLimit(burst=2, per_s=SLOW))
    with httpx.Client(base_url=watch.url + "/api/v1") as stranger:
        guessed = {"authorization": "Bearer litt_abcdefghij_guess"}
        asked = [stranger.get("/alerts", headers=guessed).status_code for _ in range(3)]
    assert asked == [401, 401, 429]
    assert watch.browser("watch_lead").get("/alerts").status_code == 200


def test_strangers_of_one_ipv6_network_are_one(watch: Watch) -> None:
    """Whoever has one address of a /64 has them all."""
    people = watch.gate.people
    people.settings = replace(people.settings, proxies=frozenset({"127.0.0.1"}))
    watch.gate.rates = Rates(strangers=RateLimit(burst=2, per_s=SLOW))
    with httpx.Client(base_url=watch.url + "/api/v1") as stranger:

        def ask(address: str) -> int:
            return stranger.get("/alerts", headers={"x-forwarded-for": address}).status_code

        asked = [ask(f"2001:db8:7:9::{n}") for n in (1, 2)] + [ask("2001:db8:7:9:ffff::1")]
        assert asked == [401, 401, 429]
        assert ask("2001:db8:7:a::1") == 401
        assert [ask("198.51.100.7"), ask("::ffff:198.51.100.7"), ask("198.51.100.7")] == [
            401, 401, 429,
        ]  # fmt: skip
        assert ask("198.51.100.8") == 401
