"""A data folder with sign-in, log and vault that an earlier version left opens today: who was there
may go on, what was sealed opens, and the log goes on from where it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import httpx

from littoral.api.app import create_app
from littoral.api.gate import Gate
from littoral.api.server import serving
from littoral.cli.demo_people import sign_policies
from littoral.cli.sign_in import gate_over
from littoral.engine.setup import Plan, live_of
from littoral.store.log.fsck import fsck_log
from littoral.store.log.reader import LogReader
from littoral.store.log.signing import VerifierKey
from littoral.store.people.identity import TOTP
from littoral.store.people.signin import Origin
from tests.real.opening import WITH_SIGN_IN, stored, unpack_folder

from .conftest import OURS
from .test_assessments import saying

CASE = "夜间快艇走私线索（演示） / night speedboat, smuggling (demo)"
SKIPPER = {"name": "陈某一（虚构）", "phone": "10000000001"}
# Of the picture that the demonstration hands in, by sha256sum.
PICTURE = "ac87ea137c4134946dde530a659cb0d1e27affe89c3b62dae49c7b7a94c601a5"
ENTRIES = 44  # as the checkpoint in it says


@contextmanager
def opened(folder: Path, pages: Path) -> Iterator[tuple[Gate, str]]:
    """A server of today over it, and its address."""
    live = live_of(Plan(folder))
    live.start()
    try:
        with gate_over(folder, live.records) as gate:
            sign_policies(gate)
            with serving(create_app(live, pages, gate=gate)) as url:
                yield gate, url
    finally:
        live.stop()


@contextmanager
def browser(gate: Gate, url: str, login: str) -> Iterator[httpx.Client]:
    known = {p.login: p.id for p in gate.people.directory.accounts()}
    begun = gate.people.signin.begin_for(known[login], TOTP, Origin("127.0.0.1"))
    cookies = {"littoral_session": begun.token}
    with httpx.Client(
        base_url=url + "/api/v1", headers=OURS, cookies=cookies, timeout=60
    ) as client:
        yield client


def log_of(folder: Path) -> list[bytes]:
    root = folder / "log"
    key = VerifierKey.parse((root / "vkey").read_text())
    return list(LogReader(root, key).entries(0, ENTRIES))


def test_who_was_there_goes_on_and_what_was_sealed_opens(tmp_path: Path) -> None:
    folder = unpack_folder(tmp_path, WITH_SIGN_IN)
    accounts = {row["id"]: row for row in stored(folder, "accounts")}
    earlier = (folder / "log" / "checkpoint").read_bytes()
    entries = log_of(folder)
    assert earlier.split(b"\n")[1] == str(ENTRIES).encode()

    with opened(folder, tmp_path / "pages") as (gate, url):
        assert not gate.trust.reconciled.lost
        with browser(gate, url, "demo.investigator") as investigator:
            cases = investigator.get("/cases").json()["items"]
            (case,) = [c["id"] for c in cases if c["title"] == CASE]
            masked = investigator.get(f"/cases/{case}/subjects").json()["items"]
            assert sorted(p["fields"]["name"] for p in masked) == ["林*", "王*", "陈*"]
            (skipper,) = [p["id"] for p in masked if p["fields"]["name"] == "陈*"]
            asked = {"reason": "again, a version later", "subjects": [skipper]}
            grant = investigator.post(f"/cases/{case}/grants", json=asked).json()
            shown = investigator.post(f"/grants/{grant['id']}/reveal", json={"subjects": [skipper]})
            assert shown.json()["items"][0]["fields"].items() >= SKIPPER.items()
            (photo,) = investigator.get(f"/cases/{case}/evidence").json()["items"]
            assert photo["sha256"] == PICTURE
            looked = investigator.post(f"/cases/{case}/evidence/{photo['id']}/view", json={})
            assert looked.status_code == 200, looked.text
            assert sha256(looked.content).hexdigest() == PICTURE
        with browser(gate, url, "demo.dpo") as officer:
            held = officer.get("/holds").json()["items"]
            assert [h["document"] for h in held] == ["琼关缉（演示）1 号 / demo order 1"]
        with browser(gate, url, "demo.lead2") as second:
            (change,) = second.get("/changes").json()["items"]  # waits, or has lapsed since
            assert change["proposed_by"] == "demo.lead"
            assert change["thing"] == "geofence:demo-wind-farm"

    after = {row["id"]: row for row in stored(folder, "accounts")}
    assert {key: after[key] for key in accounts} == accounts
    assert log_of(folder) == entries
    found = fsck_log(folder / "log", earlier=[earlier])
    assert found.ok
    assert found.size > ENTRIES


def test_what_is_sensitive_waits_there_for_an_assessment_and_the_page_says_of_what(
    tmp_path: Path,
) -> None:
    """An earlier version knew of none."""
    folder = unpack_folder(tmp_path, WITH_SIGN_IN)
    with opened(folder, tmp_path / "pages") as (gate, url):
        with browser(gate, url, "demo.dpo") as officer:
            listed = officer.get("/assessments").json()
            assert listed["items"] == []
            lacking = {(n["purpose"], n["unit"], n["agency"]) for n in listed["lacking"]}
            assert lacking == {("anti_smuggling", "460000", "customs")}
            made = officer.post("/assessments", json=saying())
            assert made.status_code == 201, made.text
        with browser(gate, url, "demo.investigator") as investigator:
            cases = investigator.get("/cases").json()["items"]
            (case,) = [c["id"] for c in cases if c["title"] == CASE]
            wanted = {"reason": "who is he", "data_class": "sensitive", "whole_case": True}
            refused = investigator.post(f"/cases/{case}/grants", json=wanted)
            assert (refused.status_code, refused.json()["code"]) == (409, "no_assessment")
            with browser(gate, url, "demo.customs") as lead:
                agreed = lead.post(
                    f"/assessments/{made.json()['id']}/decision", json={"agree": True}
                )
                assert agreed.json()["state"] == "in_force", agreed.text
            granted = investigator.post(f"/cases/{case}/grants", json=wanted)
            assert granted.status_code == 201, granted.text
    assert fsck_log(folder / "log").ok
