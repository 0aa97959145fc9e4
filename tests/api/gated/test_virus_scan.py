"""Evidence passes a real clamd before it is kept; what is found or unscanned is not."""

from __future__ import annotations

import hashlib
import json

import httpx
import pytest

from littoral.link.clamd import Scanner
from littoral.store.vault.logged import facts_json, log_key
from tests.clamav import EICAR, FOUND, SCANNED_BYTES, STREAM_BYTES, clamd
from tests.store.evidence.test_media import JPEG

from .conftest import Watch
from .test_cases import CASE
from .test_custody import hand_in

__all__ = ["clamd"]

NOTE = b"seen off the pier at dusk\n"


@pytest.fixture
def investigator(watch: Watch) -> httpx.Client:
    return watch.browser("investigator", "customs")


@pytest.fixture
def case(investigator: httpx.Client) -> str:
    return str(investigator.post("/cases", json=CASE).json()["id"])


@pytest.fixture
def scanner(watch: Watch, clamd: str) -> Scanner:
    watch.gate.scanner = Scanner(clamd)
    return watch.gate.scanner


def kept(watch: Watch) -> tuple[list[str], set[str]]:
    """Files of originals, and keys: what an upload that was refused must not leave."""
    folder, vault = watch.gate.trust.evidence, watch.gate.trust.vault
    return sorted(p.name for p in folder.rglob("*") if p.is_file()), set(vault.keys.files.ids())


def uploads(watch: Watch) -> dict[str, object]:
    said = watch.browser("auditor", "oversight").get("/oversight").json()["uploads"]
    seen = watch.browser("watch_officer").get("/health").json()["uploads"]
    assert said == seen
    return {name: value for name, value in said.items() if name != "says"}


def test_clean_evidence_is_kept_as_it_came(
    watch: Watch, scanner: Scanner, investigator: httpx.Client, case: str
) -> None:
    photo = JPEG + bytes(range(256)) * 500
    made = hand_in(investigator, case, photo)
    assert made.status_code == 201, made.text
    assert made.json()["sha256"] == hashlib.sha256(photo).hexdigest()
    assert uploads(watch) == {"state": "scanned", "clean": 1, "found": 0, "failed": 0}


@pytest.mark.parametrize("name", ["现场.jpg", "note.txt"])
def test_what_the_scanner_finds_is_named_logged_and_not_kept(
    watch: Watch, scanner: Scanner, investigator: httpx.Client, case: str, name: str
) -> None:
    before = kept(watch)
    data = (NOTE if name == "note.txt" else JPEG + bytes(100_000)) + EICAR
    refused = hand_in(investigator, case, data, name=name)
    assert refused.status_code == 422, refused.text
    problem = refused.json()
    assert (problem["code"], problem["found"]) == ("infected", FOUND)
    assert FOUND in problem["detail"]
    assert FOUND in problem["reason"]["zh"]
    assert kept(watch) == before
    assert investigator.get(f"/cases/{case}/evidence").json()["items"] == []
    (entry,) = (e for e in watch.logged() if e.action == "evidence.infected")
    assert (entry.thing, entry.case, entry.verdict.value) == (
        f"case:{case}", f"case:{case}", "failed",
    )  # fmt: skip
    key = log_key(watch.gate.trust.vault, watch.gate.trust.now_us())
    assert json.loads(facts_json(entry, key) or "{}")["found"] == FOUND
    assert uploads(watch) == {"state": "scanned", "clean": 0, "found": 1, "failed": 0}
    metrics = httpx.get(
        watch.url + "/metrics", cookies=watch.browser("administrator", "platform").cookies
    ).text
    assert 'littoral_evidence_scans_total{result="found"} 1' in metrics
    assert "littoral_virus_scanner_up 1" in metrics


@pytest.mark.parametrize("size", [SCANNED_BYTES + 1000, 3 * STREAM_BYTES])
def test_what_is_too_large_to_scan_is_not_kept(
    watch: Watch, scanner: Scanner, investigator: httpx.Client, case: str, size: int
) -> None:
    before = kept(watch)
    refused = hand_in(investigator, case, JPEG + bytes(size))
    assert refused.status_code == 503, refused.text
    assert int(refused.headers["retry-after"]) > 0
    problem = refused.json()
    assert problem["code"] == "too_large_to_scan"
    assert "larger than the virus scanner" in problem["reason"]["en"]
    assert kept(watch) == before
    assert uploads(watch) == {"state": "scanned", "clean": 0, "found": 0, "failed": 1}


def test_while_the_scanner_is_away_nothing_is_kept(
    watch: Watch, investigator: httpx.Client, case: str, clamd: str
) -> None:
    watch.gate.scanner = Scanner("unix:/nonexistent/clamd.sock")
    before = kept(watch)
    refused = hand_in(investigator, case, JPEG + bytes(1000))
    assert refused.status_code == 503, refused.text
    assert int(refused.headers["retry-after"]) > 0
    assert refused.json()["code"] == "unscanned"
    assert "病毒扫描程序" in refused.json()["reason"]["zh"]
    assert "nonexistent" not in refused.text
    assert kept(watch) == before
    assert uploads(watch)["state"] == "scanner_out_of_reach"
    watch.gate.scanner = Scanner(clamd)
    assert hand_in(investigator, case, JPEG + bytes(1000)).status_code == 201


def test_without_a_scanner_every_page_can_say_so(
    watch: Watch, investigator: httpx.Client, case: str
) -> None:
    assert hand_in(investigator, case, JPEG + bytes(1000)).status_code == 201
    assert uploads(watch) == {"state": "not_scanned", "clean": 0, "found": 0, "failed": 0}
