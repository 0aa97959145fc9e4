"""Policies are proposed and signed by people over HTTP: at a first start, and after an upgrade."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from littoral.access import Decider
from littoral.api.app import create_app
from littoral.api.policies import PolicyStandingModel
from littoral.api.server import serving
from littoral.cli import main
from littoral.cli.policies import read
from littoral.cli.sign_in import gate_over
from littoral.store.people import accounts
from littoral.store.people.tables import sessions
from littoral.store.vault.logged import facts_json, log_key
from tests.api.shore import Shore

from .conftest import Watch

DAY_US = 86_400_000_000
Opened = Callable[[], AbstractContextManager[Watch]]


def signer(watch: Watch, name: str) -> httpx.Client:
    return watch.browser("policy_signer", "platform", login=name)


def standing(browser: httpx.Client) -> dict[str, Any]:
    answer = browser.get("/policies")
    assert answer.status_code == 200, answer.text
    PolicyStandingModel.model_validate(answer.json())
    found: dict[str, Any] = answer.json()
    return found


def propose(browser: httpx.Client) -> httpx.Response:
    return browser.post("/policies/proposal", json={"hash": standing(browser)["hash"]})


def sign(browser: httpx.Client) -> httpx.Response:
    return browser.post("/policies/signatures", json={"hash": standing(browser)["hash"]})


def in_days(watch: Watch, days: float) -> None:
    at = watch.gate.trust.now_us() + int(days * DAY_US)
    watch.gate.trust.now_us = lambda: at


def account(watch: Watch, login: str) -> str:
    with watch.gate.people.base.database.read() as connection:
        found = accounts.by_login(connection, login)
    assert found is not None
    return found.id


def suspend(watch: Watch, login: str) -> None:
    base = watch.gate.people.base
    with base.database.write() as connection:
        accounts.set_status(
            connection, account(watch, login), accounts.SUSPENDED, "test", base.now_us()
        )


@pytest.fixture
def opened(shore: Shore, tmp_path: Path) -> Opened:
    """The same data folder, served anew each time."""

    @contextmanager
    def serve() -> Iterator[Watch]:
        with (
            gate_over(tmp_path / "data", shore.records) as gate,
            serving(create_app(shore, tmp_path / "pages", gate=gate)) as url,
        ):
            made = Watch(shore, gate, url)
            yield made
            for browser in made.browsers:
                browser.close()

    return serve


@pytest.fixture
def upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """Installs a package with another policy set: that of a folder in which one text was changed.
    Returns its hash."""
    folder = tmp_path / "policies"

    def install(old: str, new: str) -> str:
        here = resources.files("littoral.access")
        with resources.as_file(here) as shipped:
            shutil.copytree(shipped / "policies", folder / "policies", dirs_exist_ok=True)
            shutil.copy(shipped / "schema.cedarschema", folder)
        file = folder / "policies" / "policy.cedar"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        monkeypatch.setattr("littoral.engine.trust.shipped", lambda: read(folder))
        return Decider(read(folder)).hash

    return install


SENTENCE = "A policy signer proposes a policy set of every area."
NEW_SENTENCE = "A signer of policies proposes a policy set of every area."


def test_whoever_signs_reads_every_rule_as_it_is_written(watch: Watch) -> None:
    one = signer(watch, "signer.one")
    assert standing(one)["rules"] is None
    rules = one.get("/policies", params={"rules": True}).json()["rules"]
    assert [r["id"] for r in rules] == list(watch.gate.trust.sets.files.rules)
    (found,) = [r for r in rules if r["id"] == "policy.policy_signer.policy.propose-any"]
    assert (found["file"], found["effect"], found["en"]) == ("policy.cedar", "permit", SENTENCE)
    assert found["text"].startswith(f'@id("{found["id"]}")')
    assert found["text"].endswith(";")


def test_two_signers_make_a_first_start_last(watch: Watch) -> None:
    officer = watch.browser("watch_officer")
    one, two = signer(watch, "signer.one"), signer(watch, "signer.two")
    before = standing(one)
    assert (before["state"], before["proposal"], before["changed"]) == ("first_start", None, [])
    assert sign(one).status_code == 409  # nothing was proposed
    assert propose(one).json()["proposal"]["name"] == "signer.one"
    assert propose(one).status_code == 409
    assert sign(one).json()["state"] == "first_start"  # the own proposal too, but at a first start
    assert sign(one).status_code == 409  # never twice
    signed = sign(two).json()
    assert signed["state"] == "signed"
    assert [s["name"] for s in signed["signatures"] if s["kind"] == "ordinary"] == [
        "signer.one", "signer.two",
    ]  # fmt: skip
    in_days(watch, 15)
    assert officer.get("/tracks").status_code == 200
    assert standing(two)["state"] == "signed"
    assert sign(two).status_code == propose(one).status_code == 409
    told = [
        (e.action, e.verdict) for e in watch.logged()
        if e.action.startswith("policy.") and e.actor.startswith("account:")
    ]  # fmt: skip
    assert told[:2] == [("policy.sign", "allow"), ("policy.propose", "allow")]
    loads = [e for e in watch.logged() if e.action == "policy.load"]
    trust = watch.gate.trust
    said = json.loads(facts_json(loads[-1], log_key(trust.vault, trust.now_us())))
    assert said["state"] == "signed"
    assert said["accounts"] == sorted(
        account(watch, login) for login in ("signer.one", "signer.two")
    )


def test_who_may_not_sign_does_not(watch: Watch) -> None:
    one = signer(watch, "signer.one")
    assert propose(one).status_code == 200
    for role, agency in (("watch_lead", "police"), ("auditor", "oversight")):
        other = watch.browser(role, agency)
        assert standing(other)["sign"]["allowed"] is False
        assert sign(other).status_code == propose(other).status_code == 403
    by_password = watch.browser("policy_signer", "platform", assurance="password", login="weak")
    read = {"hash": standing(one)["hash"]}
    assert by_password.post("/policies/signatures", json=read).status_code == 403
    wrong = {"hash": "sha256:" + "0" * 64}
    assert one.post("/policies/signatures", json=wrong).status_code == 409
    assert one.post("/policies/signatures", json={"hash": "x"}).status_code == 422


def test_an_old_proof_of_who_signs_is_asked_for_again(watch: Watch) -> None:
    one = signer(watch, "signer.one")
    base = watch.gate.people.base
    with base.database.write() as connection:
        late_us = base.now_us() - 16 * 60_000_000
        connection.execute(sa.update(sessions).values(proved_us=late_us))
    answer = propose(one)
    assert (answer.status_code, answer.json()["needs"]) == (403, "sign_in")


def test_an_administrator_alone_never_makes_it_last(watch: Watch) -> None:
    """docs/policy.md: administrators sign at a first start only, which stays one."""
    keeper = watch.browser("administrator", "platform", login="keeper")
    assert propose(keeper).status_code == 200
    assert sign(keeper).json()["state"] == "first_start"
    one = signer(watch, "signer.one")
    assert sign(one).json()["state"] == "first_start"
    in_days(watch, 15)
    assert keeper.get("/units").status_code == 503
    assert sign(keeper).status_code == 403  # the first start is over
    assert sign(signer(watch, "signer.two")).json()["state"] == "signed"
    assert keeper.get("/units").status_code == 200


def test_after_a_first_start_that_lapsed_two_who_did_not_propose_sign(watch: Watch) -> None:
    officer = watch.browser("watch_officer")
    keeper = watch.browser("administrator", "platform", login="keeper")
    one, two = signer(watch, "signer.one"), signer(watch, "signer.two")
    in_days(watch, 15)
    assert officer.get("/tracks").status_code == 503
    assert standing(one)["state"] == "refused"
    assert propose(one).status_code == 200
    assert sign(one).status_code == 403  # the own proposal
    assert sign(two).json()["state"] == "refused"
    again = propose(keeper).json()
    assert [s for s in again["signatures"] if s["counts"]] == []  # signed under another proposal
    assert sign(one).json()["state"] == "refused"
    assert officer.get("/tracks").status_code == 503
    assert sign(two).json()["state"] == "signed"
    assert officer.get("/tracks").status_code == 200


def test_an_upgrade_is_signed_by_two_before_anything_answers(
    opened: Opened, upgrade: Callable[[str, str], str]
) -> None:
    with opened() as watch:
        watch.sign_policies()
        assert watch.browser("watch_officer").get("/tracks").status_code == 200
        before = watch.gate.trust.sets.hash
    after = upgrade(SENTENCE, NEW_SENTENCE)
    with opened() as watch:
        officer = watch.browser("watch_officer")
        one, two = signer(watch, "signer.one"), signer(watch, "signer.two")
        keeper = watch.browser("administrator", "platform", login="keeper")
        assert officer.get("/tracks").status_code == 503
        found = standing(one)
        assert (found["state"], found["hash"]) == ("refused", after)
        assert found["last"] == {"hash": before, "state": "signed"}
        assert found["files"] == ["policy.cedar"]
        (changed,) = found["changed"]
        assert changed["id"] == "policy.policy_signer.policy.propose-any"
        assert changed["before"]["en"] == SENTENCE
        assert changed["after"]["en"] == NEW_SENTENCE
        assert changed["before"]["text"].replace(SENTENCE, NEW_SENTENCE) == changed["after"]["text"]
        assert propose(keeper).status_code == 200
        assert sign(keeper).status_code == 403  # there is no first start any more
        assert sign(one).json()["state"] == "refused"
        assert sign(one).status_code == 409
        assert officer.get("/tracks").status_code == 503
        assert sign(two).json()["state"] == "signed"
        assert officer.get("/tracks").status_code == 200
    with opened() as watch:  # and after a restart
        assert watch.browser("watch_officer").get("/tracks").status_code == 200


def test_a_set_does_not_say_itself_who_may_sign_it(
    opened: Opened, upgrade: Callable[[str, str], str]
) -> None:
    """One that lets everybody sign is judged by the one before it."""
    with opened() as watch:
        watch.sign_policies()
        assert standing(signer(watch, "signer.one"))["state"] == "signed"
    upgrade('principal.roles.contains("policy_signer") &&', "")
    with opened() as watch:
        assert propose(watch.browser("watch_lead")).status_code == 403
        assert propose(signer(watch, "signer.one")).status_code == 200
        assert sign(watch.browser("watch_lead")).status_code == 403


def test_the_signature_of_a_suspended_signer_does_not_count(
    opened: Opened, upgrade: Callable[[str, str], str]
) -> None:
    with opened() as watch:
        watch.sign_policies()
        assert watch.browser("watch_officer").get("/tracks").status_code == 200
    upgrade(SENTENCE, NEW_SENTENCE)
    with opened() as watch:
        officer = watch.browser("watch_officer")
        keeper = watch.browser("administrator", "platform", login="keeper")
        one, two, three = (signer(watch, f"signer.{n}") for n in ("one", "two", "three"))
        assert propose(keeper).status_code == 200
        assert sign(one).status_code == 200
        suspend(watch, "signer.one")
        assert one.get("/policies").status_code == 401
        found = sign(two).json()
        assert found["state"] == "refused"
        assert [(s["name"], s["counts"]) for s in found["signatures"]] == [
            ("signer.one", False), ("signer.two", True),
        ]  # fmt: skip
        assert officer.get("/tracks").status_code == 503
        assert sign(three).json()["state"] == "signed"
        # What two have brought into force stays so: to suspend a signer does not stop the watch.
        suspend(watch, "signer.two")
        assert officer.get("/tracks").status_code == 200
    with opened() as watch:
        assert watch.browser("watch_officer").get("/tracks").status_code == 200


def test_the_machine_shows_how_the_set_stands(
    watch: Watch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = [
        "policy",
        "standing",
        "--records",
        f"sqlite:///{watch.shore.settings.data_dir / 'records.sqlite'}",
    ]
    one, two = signer(watch, "signer.one"), signer(watch, "signer.two")
    assert propose(one).status_code == sign(one).status_code == 200
    assert main([*where, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["state"], found["proposed_by"]) == ("first_start", "signer.one")
    assert [s["by"] for s in found["signatures"] if s["kind"] == "ordinary"] == ["signer.one"]
    assert sign(two).status_code == 200
    assert main(where) == 0
    assert "state      signed: Two accounts signed it." in capsys.readouterr().out
