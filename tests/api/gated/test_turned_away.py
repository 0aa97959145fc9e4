"""Who is turned away before anybody is known: counted by reason, told to the log in sums."""

from __future__ import annotations

import json

import httpx
import pytest

from littoral.api.turned_away import ADDRESSES, NAMED, TurnedAway
from littoral.store.vault.logged import facts_json, log_key

from .conftest import Watch


def told(watch: Watch) -> list[dict[str, object]]:
    """Facts of the entries of the guard, opened with the key of the log."""
    trust = watch.gate.trust
    key = log_key(trust.vault, trust.now_us())
    entries = [e for e in watch.logged() if e.action == "guard.refused"]
    assert {(e.actor, e.verdict) for e in entries} <= {("system:guard", "failed")}
    return [json.loads(facts_json(e, key) or b"{}") for e in entries]


def test_attempts_to_get_around_are_one_entry_by_reason(watch: Watch) -> None:
    """OWASP ASVS 5.0, 16.3.3."""
    foreign = {"origin": "https://evil.example"}
    with httpx.Client(base_url=watch.url + "/api/v1") as stranger:
        for _ in range(3):
            assert stranger.post("/session", json={}, headers=foreign).status_code == 403
        assert stranger.post("/session", json={}).status_code == 403  # not by our page
        assert stranger.get("/health", headers={"host": "evil.example"}).status_code == 421
        assert stranger.post("/session", content=b"x").status_code == 415
        assert stranger.get("/signin", params={"a": "x" * 9_000}).status_code == 414
        guessed = {"authorization": "Bearer litt_abcdefghij_guess"}
        assert stranger.get("/alerts", headers=guessed).status_code == 401
        assert stranger.get("/me").status_code == 401  # a page that asks who it is
    reasons = {
        "foreign-origin": 4, "unknown-host": 1, "media-type": 1, "too-long": 1, "unknown-key": 1,
    }  # fmt: skip
    assert watch.gate.turned_away.totals() == reasons
    assert told(watch) == []
    watch.gate.turned_away.tell(watch.gate.trust)
    assert told(watch) == [{"reasons": reasons, "addresses": {"127.0.0.1": 8}}]
    # Nothing since: no entry. The counts go on.
    watch.gate.turned_away.tell(watch.gate.trust)
    assert len(told(watch)) == 1
    metrics = watch.browser("administrator").get(watch.url + "/metrics").text
    assert 'littoral_requests_turned_away_total{reason="foreign-origin"} 4' in metrics


def test_bad_input_of_somebody_known_counts_too(watch: Watch) -> None:
    officer = watch.browser("watch_officer")
    assert officer.get("/alerts", params={"limit": "many"}).status_code == 400
    assert officer.post("/session", json={"login": 1}).status_code == 422
    assert watch.gate.turned_away.totals() == {"malformed": 2}


@pytest.mark.parametrize("strangers", [10, 100_000])
def test_no_number_of_strangers_makes_an_entry_long(strangers: int) -> None:
    counted = TurnedAway()
    for n in range(strangers):
        counted.add("malformed", f"2001:db8::{n:x}")
    counted.add("malformed", "2001:db8::1")
    found = counted.take()
    assert found is not None
    assert found.reasons == {"malformed": strangers + 1}
    assert len(found.addresses) == NAMED
    if strangers > ADDRESSES:
        assert list(found.addresses.items())[:2] == [
            ("others", strangers - ADDRESSES), ("2001:db8::1", 2),
        ]  # fmt: skip
    assert counted.take() is None
