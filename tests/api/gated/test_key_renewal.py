"""A system changes its own key over HTTP and by the command: who may, what ends, what is logged."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import httpx
import pytest

from littoral.api.wire import iso
from littoral.cli import main
from littoral.cli.renewal import base_of

from .conftest import Watch

HAIKOU = "460100"
DAY_US = 86_400_000_000


def make(watch: Watch, *actions: str, days: int = 30) -> tuple[str, str]:
    """A key of customs in Haikou, made by the platform's administrator."""
    watch.enter("watch_officer", "customs", HAIKOU)
    chief = watch.browser("administrator", "platform", login="chief")
    answer = chief.post("/keys", json={
        "name": "gate", "actions": list(actions), "unit": HAIKOU, "agency": f"customs-{HAIKOU}",
        "expires": iso(watch.gate.people.base.now_us() + days * DAY_US),
    })  # fmt: skip
    assert answer.status_code == 201, answer.text
    return answer.json()["key"], answer.json()["id"]


def ask(watch: Watch, key: str, path: str = "/key/renewal", method: str = "POST") -> httpx.Response:
    bearer = {"authorization": f"Bearer {key}"}
    return httpx.request(method, watch.url + "/api/v1" + path, headers=bearer, timeout=20)


def told(watch: Watch, action: str, verdict: str) -> list[tuple[str, str]]:
    found = [e for e in watch.logged() if e.action == action and e.verdict == verdict]
    return [(e.actor, e.thing) for e in found]


def test_a_system_renews_its_own_key(watch: Watch) -> None:
    old, old_id = make(watch, "unit.read", "key.renew")
    answer = ask(watch, old)
    assert answer.status_code == 201, answer.text
    new: dict[str, Any] = answer.json()
    assert new["key"] != old
    assert [new[k] for k in ("name", "unit", "agency", "actions", "renews", "created_by")] == [
        "gate", HAIKOU, f"customs-{HAIKOU}", ["key.renew", "unit.read"], old_id, f"key:{old_id}",
    ]  # fmt: skip
    assert answer.headers["cache-control"] == "no-store"
    for key in (old, new["key"]):
        assert ask(watch, key, "/units", "GET").status_code == 200
    shown = watch.browser("administrator", "platform", login="chief").get("/keys").json()["items"]
    assert {k["id"]: (k["renews"], k["expires"]) for k in shown} == {
        new["id"]: (old_id, new["expires"]), old_id: (None, new["previous_ends"]),
    }  # fmt: skip
    assert told(watch, "key.renew", "allow") == [(f"key:{old_id}", f"key:{old_id}")]
    assert told(watch, "key.renew", "done") == [(f"key:{old_id}", f"key:{new['id']}")]
    text = str(watch.logged())
    assert old not in text
    assert new["key"] not in text


def test_who_renews_no_key(watch: Watch) -> None:
    for role, agency in (("administrator", "platform"), ("watch_officer", "police")):
        refused = watch.browser(role, agency).post("/key/renewal")
        assert refused.status_code == 403
        assert refused.json()["reason"]["zh"]
    plain, plain_id = make(watch, "unit.read")
    assert ask(watch, plain).status_code == 403
    assert (f"key:{plain_id}", f"key:{plain_id}") in told(watch, "key.renew", "deny")
    revoked, revoked_id = make(watch, "key.renew")
    chief = watch.browser("administrator", "platform", login="chief")
    assert chief.delete(f"/keys/{revoked_id}").status_code == 204
    assert ask(watch, revoked).status_code == 401
    assert httpx.post(watch.url + "/api/v1/key/renewal").status_code == 401


def test_a_copy_is_refused_once_the_new_key_is_in_use(watch: Watch) -> None:
    old, old_id = make(watch, "unit.read", "key.renew")
    new = ask(watch, old).json()
    assert ask(watch, new["key"], "/units", "GET").status_code == 200
    assert ask(watch, old).status_code == 409
    assert told(watch, "key.renew.refused", "failed") == [(f"key:{old_id}", f"key:{old_id}")]
    chief = watch.browser("administrator", "platform", login="chief")
    assert chief.delete(f"/keys/{old_id}").status_code == 204
    assert ask(watch, new["key"], "/units", "GET").status_code == 401


def test_a_key_goes_on_when_its_maker_is_suspended(watch: Watch) -> None:
    old, _ = make(watch, "key.renew")
    root = watch.browser("administrator", "platform", login="root")
    (chief,) = (u for u in root.get("/users").json()["items"] if u["login"] == "chief")
    made = root.put(f"/users/{chief['id']}/suspension", json={"reason": "left"})
    assert made.status_code == 200, made.text
    assert ask(watch, old).status_code == 201


def test_the_command_puts_the_new_key_in_the_old_ones_place(
    watch: Watch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, _ = make(watch, "unit.read", "key.renew")
    file = tmp_path / "gate.key"
    file.write_text(old + "\n")
    assert main(["keys", "renew", str(file), "--server", watch.url]) == 0
    new = file.read_text().strip()
    assert new != old
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert ask(watch, new, "/units", "GET").status_code == 200
    assert new not in capsys.readouterr().out
    file.write_text(old)
    assert main(["keys", "renew", str(file), "--server", watch.url]) == 2
    assert file.read_text() == old
    assert "409 This key was renewed" in capsys.readouterr().err


def test_a_key_is_sent_over_tls_or_to_this_machine() -> None:
    assert base_of("https://watch.example/") == "https://watch.example"
    for near in ("http://127.0.0.1:8765", "http://localhost:8765", "http://[::1]:8765"):
        assert base_of(near) == near
    for far in ("http://watch.example", "watch.example", "ftp://127.0.0.1", "https://"):
        with pytest.raises(ValueError, match="must be https"):
            base_of(far)
