"""Evidence over HTTP: what is taken, by whom it is seen, that each step is in the log before a byte
goes out, and that the bundle holds before its own program."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from littoral.api.custody import CustodyModel, PieceModel
from littoral.store.evidence import custody
from littoral.store.vault.logged import facts_json, log_key
from tests.api.gated.conftest import OURS, Watch
from tests.api.gated.test_cases import CASE
from tests.store.evidence.test_media import JPEG

PHOTO = JPEG + os.urandom(3_000_000)
RAW = "application/octet-stream"


def about(**more: object) -> dict[str, str]:
    noted = {"data_class": "operational", "name": "现场.jpg", **more}
    return {"x-littoral-evidence": quote(json.dumps(noted)), "content-type": RAW}


def hand_in(
    browser: httpx.Client, case: str, data: bytes = PHOTO, **more: object
) -> httpx.Response:
    return browser.post(f"/cases/{case}/evidence", content=data, headers=about(**more))


@pytest.fixture
def investigator(watch: Watch) -> httpx.Client:
    return watch.browser("investigator", "customs")


@pytest.fixture
def case(investigator: httpx.Client) -> str:
    return str(investigator.post("/cases", json=CASE).json()["id"])


def steps(watch: Watch, verdict: str = "allow") -> list[str]:
    return [
        e.action
        for e in watch.logged()
        if e.action.startswith("evidence.") and e.verdict.value == verdict
    ]


def test_taken_in_and_given_back_byte_for_byte(
    watch: Watch, investigator: httpx.Client, case: str
) -> None:
    made = hand_in(
        investigator, case, taken="2026-11-01T08:30:00+08:00", place=[110.3, 20.05], note="东码头"
    )
    assert made.status_code == 201, made.text
    row = made.json()
    assert row["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    assert (row["size"], row["media_type"], row["kind"]) == (len(PHOTO), "image/jpeg", "photo")
    entry = watch.logged()[row["log_index"]]
    assert (entry.action, entry.thing) == ("evidence.add", f"evidence:{row['id']}")
    listed = investigator.get(f"/cases/{case}/evidence").json()["items"]
    assert listed == [row]
    assert (row["name"], row["note"]) == ("现场.jpg", "东码头")
    assert PieceModel.model_validate(row).sealed is False
    for how in ("view", "copy"):
        got = investigator.post(f"/cases/{case}/evidence/{row['id']}/{how}", json={})
        assert got.status_code == 200, got.text
        assert got.content == PHOTO
        assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["content-type"] == ("image/jpeg" if how == "view" else RAW)
    links = investigator.get(f"/cases/{case}/evidence/{row['id']}/custody").json()["items"]
    assert all(CustodyModel.model_validate(link) for link in links)
    assert [link["step"] for link in links] == ["add", "view", "copy"]
    assert [link["previous"] for link in links] == ["", links[0]["hash"], links[1]["hash"]]
    assert links[0]["names"] == {links[0]["actor"]: "investigator.customs.460000"}
    noted = custody.show(
        watch.gate.trust.vault, watch.gate.trust.evidence,
        custody.Ask("account:test", case, CASE["purpose"], CASE["legal_basis"]), row["id"],
        watch.gate.trust.now_us(), watch.gate.trust.record,
    ).about  # fmt: skip
    assert noted["taken_us"] == 1_793_493_000_000_000  # 2026-11-01T00:30Z
    assert (noted["place_deg"], noted["note"]) == ([110.3, 20.05], "东码头")


def test_the_same_again_is_the_one_that_is_there_and_the_log_says_so(
    watch: Watch, investigator: httpx.Client, case: str
) -> None:
    first, second = hand_in(investigator, case), hand_in(investigator, case)
    assert first.json()["id"] == second.json()["id"]
    assert len(investigator.get(f"/cases/{case}/evidence").json()["items"]) == 1
    said = [e for e in watch.logged() if e.action == "evidence.add" and e.verdict.value == "allow"]
    assert [e.thing for e in said] == [f"evidence:{first.json()['id']}"] * 2
    assert {(e.case, e.purpose) for e in said} == {(f"case:{case}", CASE["purpose"])}
    assert len(list(watch.gate.trust.evidence.rglob("*.sealed"))) == 1


@pytest.mark.parametrize(
    ("status", "data", "noted"),
    [
        (415, b"MZ" + b"x" * 5000, {}),
        (415, b"<html><script>alert(1)</script>", {"name": "a.txt"}),
        (415, b"<svg xmlns='http://www.w3.org/2000/svg'/>", {"name": ""}),
        (415, PHOTO, {"name": "photo.pdf"}),
        (415, PHOTO, {"media_type": "video/mp4"}),
        (422, b"", {}),
        (422, PHOTO, {"data_class": "public"}),
        (422, PHOTO, {"place": [110.3]}),
        (422, PHOTO, {"ethnicity": "x"}),
    ],
)
def test_refused_and_nothing_kept(
    watch: Watch, investigator: httpx.Client, case: str, status: int, data: bytes,
    noted: dict[str, object],
) -> None:  # fmt: skip
    answer = hand_in(investigator, case, data, **noted)
    assert answer.status_code == status, answer.text
    assert investigator.get(f"/cases/{case}/evidence").json()["items"] == []
    assert [p for p in watch.gate.trust.evidence.rglob("*") if p.is_file()] == []
    assert "evidence.add" not in steps(watch)


def test_another_type_of_body_is_no_file(investigator: httpx.Client, case: str) -> None:
    for kind in ("multipart/form-data; boundary=x", "text/plain", "image/jpeg"):
        answer = investigator.post(
            f"/cases/{case}/evidence", content=PHOTO, headers={**about(), "content-type": kind}
        )
        assert answer.status_code == 415, kind
    without = investigator.post(
        f"/cases/{case}/evidence", content=PHOTO, headers={"content-type": RAW}
    )
    assert without.status_code == 400
    assert "x-littoral-evidence" in without.text


def test_more_than_any_file_may_have_is_refused_unread(
    watch: Watch, investigator: httpx.Client, case: str
) -> None:
    """By its headers alone: nothing of the body was sent yet."""
    at = urlsplit(watch.url)
    connection = http.client.HTTPConnection(at.netloc, timeout=10)
    token = investigator.cookies["littoral_session"]
    headers = {**OURS, **about(), "cookie": f"littoral_session={token}"}
    connection.putrequest("POST", f"/api/v1/cases/{case}/evidence")
    for name, value in {**headers, "content-length": str(5 << 30)}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    connection.close()


def test_an_upload_that_is_cut_off_leaves_nothing(
    watch: Watch, investigator: httpx.Client, case: str
) -> None:
    def cut() -> Iterator[bytes]:
        yield PHOTO[:2_000_000]
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        investigator.post(f"/cases/{case}/evidence", content=cut(), headers=about())
    assert hand_in(investigator, case).status_code == 201
    assert len(investigator.get(f"/cases/{case}/evidence").json()["items"]) == 1
    assert len(list(watch.gate.trust.evidence.rglob("*.sealed"))) == 1


def test_other_roles_and_units_see_nothing(
    watch: Watch, investigator: httpx.Client, case: str
) -> None:
    key = hand_in(investigator, case).json()["id"]
    before = steps(watch)
    for role, agency, unit in (
        ("administrator", "platform", "460000"),
        ("auditor", "oversight", "460000"),
        ("investigator", "customs", "460200"),
        ("grid_worker", "local_government", "460200"),
    ):
        other = watch.browser(role, agency, unit=unit)
        assert other.get(f"/cases/{case}/evidence").status_code == 403, role
        assert hand_in(other, case, JPEG).status_code == 403, role
        for how in ("view", "copy", "bundle"):
            answer = other.post(f"/cases/{case}/evidence/{key}/{how}", json={})
            assert answer.status_code == 403, role
            assert PHOTO[:100] not in answer.content
    assert steps(watch) == before


def test_personal_evidence_takes_a_grant(
    watch: Watch, investigator: httpx.Client, case: str
) -> None:
    key = hand_in(investigator, case, data_class="personal").json()["id"]
    path = f"/cases/{case}/evidence/{key}"
    assert investigator.post(f"{path}/view", json={}).status_code == 403
    asked = {"reason": "who stepped ashore", "whole_case": True, "subjects": []}
    grant = investigator.post(f"/cases/{case}/grants", json=asked)
    assert grant.status_code == 201, grant.text
    shown = investigator.post(f"{path}/view", json={"grant": grant.json()["id"]})
    assert shown.status_code == 200, shown.text
    assert shown.content == PHOTO
    at = watch.gate.trust.now_us() + 2 * 3_600_000_000
    watch.gate.trust.now_us = lambda: at
    late = investigator.post(f"{path}/view", json={"grant": grant.json()["id"]})
    assert late.status_code == 403


def test_the_name_of_what_shows_persons_is_sealed_until_a_grant_reaches_it(
    watch: Watch, investigator: httpx.Client, case: str
) -> None:
    def named() -> dict[str, tuple[str | None, str | None]]:
        items = investigator.get(f"/cases/{case}/evidence").json()["items"]
        return {p["id"]: (p["name"], p["note"]) for p in items}

    def told() -> dict[str, Any]:
        key = log_key(watch.gate.trust.vault, watch.gate.trust.now_us())
        last = [e for e in watch.logged() if e.action == "evidence.read"][-1]
        found: dict[str, Any] = json.loads(facts_json(last, key) or b"{}")
        return found

    noted = {"data_class": "personal", "name": "wang.jpg", "note": "Wang at the quay"}
    made = hand_in(investigator, case, **noted).json()
    other = hand_in(investigator, case, JPEG + b"2", **noted).json()
    open_to_all = hand_in(investigator, case, JPEG + b"3", name="hull.jpg").json()
    assert (made["name"], made["note"], made["media_type"]) == (None, None, "image/jpeg")
    sealed, shown = (None, None), ("wang.jpg", "Wang at the quay")
    hull = {open_to_all["id"]: ("hull.jpg", "")}
    assert named() == {made["id"]: sealed, other["id"]: sealed, **hull}
    assert told()["named_under"] == {}
    asked = {"reason": "who stepped ashore", "subjects": [made["id"]]}
    grant = investigator.post(f"/cases/{case}/grants", json=asked)
    assert grant.json()["state"] == "active", grant.text
    assert named() == {made["id"]: shown, other["id"]: sealed, **hull}
    assert (told()["step"], told()["named_under"]) == ("list", {made["id"]: grant.json()["id"]})
    # A colleague without a grant of his own is shown no name, nor is who hands in the same again.
    colleague = watch.browser("investigator", "customs", login="colleague")
    assert {p["name"] for p in colleague.get(f"/cases/{case}/evidence").json()["items"]} == {
        None, "hull.jpg",
    }  # fmt: skip
    assert hand_in(colleague, case, **noted).json()["name"] is None
    at = watch.gate.trust.now_us() + 13 * 3_600_000_000
    watch.gate.trust.now_us = lambda: at
    assert named() == {made["id"]: sealed, other["id"]: sealed, **hull}


def test_in_a_closed_case_no_name_is_shown(investigator: httpx.Client, case: str) -> None:
    hand_in(investigator, case)
    assert investigator.post(f"/cases/{case}/close").status_code == 200
    (row,) = investigator.get(f"/cases/{case}/evidence").json()["items"]
    assert (row["name"], row["note"]) == (None, None)


def test_a_grant_names_no_more_than_it_may_show(
    watch: Watch, investigator: httpx.Client, case: str
) -> None:
    trust = watch.gate.trust
    trust.vault = replace(trust.vault, limits=replace(trust.vault.limits, read_things=2))
    for n in range(3):
        hand_in(investigator, case, JPEG + bytes([n]), data_class="personal")
    asked = {"reason": "who stepped ashore", "whole_case": True, "subjects": []}
    assert investigator.post(f"/cases/{case}/grants", json=asked).status_code == 201
    items = investigator.get(f"/cases/{case}/evidence").json()["items"]
    assert [p["name"] for p in items] == ["现场.jpg", "现场.jpg", None]


def test_what_a_court_has_sealed_is_opened_by_its_order_alone(
    watch: Watch, investigator: httpx.Client, case: str
) -> None:
    key = hand_in(investigator, case).json()["id"]
    order = {"thing": key, "legal_basis": "court_order", "document": "(2026)琼01刑保7号"}
    assert investigator.post("/holds", json=order).status_code == 201
    (row,) = investigator.get(f"/cases/{case}/evidence").json()["items"]
    assert (row["sealed"], row["name"], row["note"]) == (True, None, None)
    refused = investigator.post(f"/cases/{case}/evidence/{key}/view", json={})
    assert refused.status_code == 403
    assert refused.json()["reason"]["en"] == "Sealed evidence is opened by order of a court only."


def test_a_damaged_original_is_not_given_out(
    watch: Watch, investigator: httpx.Client, case: str
) -> None:
    key = hand_in(investigator, case).json()["id"]
    path = custody.path_of(watch.gate.trust.evidence, key)
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    for how in ("view", "copy", "bundle"):
        answer = investigator.post(f"/cases/{case}/evidence/{key}/{how}", json={})
        assert answer.status_code == 410, how
        assert PHOTO[:100] not in answer.content


def test_the_bundle_holds_before_its_own_program(
    watch: Watch, investigator: httpx.Client, case: str, tmp_path: Path
) -> None:
    key = hand_in(investigator, case).json()["id"]
    investigator.post(f"/cases/{case}/evidence/{key}/view", json={})
    answer = investigator.post(f"/cases/{case}/evidence/{key}/bundle", json={})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    at = tmp_path / "bundle"
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        archive.extractall(at)
    (original,) = (at / "original").iterdir()
    assert original.read_bytes() == PHOTO
    log_key = str(watch.gate.trust.log.key.public)
    code, said = checked(at, log_key)
    assert code == 2, said
    assert said.count("NOT PROVED") == 1  # no witnesses watch over this log
    for step in ("add", "view", "bundle"):
        assert f"({step}) is entry" in said
    for path in sorted(p for p in at.rglob("*") if p.is_file()):
        data = path.read_bytes()
        changed = bytearray(data)
        changed[len(data) // 2] ^= 1
        if path.name != "verify.py":
            path.write_bytes(changed)
            assert checked(at, log_key)[0] == 1, path.name
            path.write_bytes(data)
    assert checked(at, log_key)[0] == 2


def checked(at: Path, key: str) -> tuple[int, str]:
    """As an expert would: alone, isolated from anything installed."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(at / "verify.py"), "--key", key],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    return done.returncode, done.stdout


def test_without_sign_in_there_is_no_evidence(address: str) -> None:
    path = f"{address}/api/v1/cases/x/evidence"
    assert httpx.get(path).status_code == 403
    assert httpx.post(path, content=PHOTO, headers=about()).status_code == 403
