"""How often one may ask: by account, not by session; by address before anybody is known."""

from __future__ import annotations

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
