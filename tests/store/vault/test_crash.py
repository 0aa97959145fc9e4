"""Killed at each step of an erasure: what the log says is destroyed is destroyed after the next
start; before the log says so, nothing is lost. Who agreed to an erasure that was made is known."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from littoral.store.database import Database
from littoral.store.vault import cases, erasure, erasure_requests, index, persons
from littoral.store.vault.entries import Ask, Entry
from littoral.store.vault.keyfiles import KeyDestroyed
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Erased, Vault
from tests.store.vault.conftest import NOW, PERSON, FakeLog, LogDown

ROOT = Path(__file__).resolve().parents[3]


def test_killed_at_every_step(data: Path, tmp_path: Path, log: FakeLog) -> None:
    url = f"sqlite:///{data / 'records.sqlite'}"
    vault = Vault(Database(url), KeyRing.open(data, NOW))
    case = cases.open_case(
        vault, "user:li", "案", "anti_smuggling", "statutory_duty", "46", NOW, log, "customs"
    )
    ask = Ask("user:li", case.id, "anti_smuggling", "statutory_duty")
    subjects = [persons.add_subject(vault, ask, "person", PERSON, NOW, log) for _ in range(16)]
    vault.db.close()
    logged = tmp_path / "logged"
    seen = {"before the log": 0, "after the log": 0, "to the end": 0}
    for n, subject in enumerate(subjects, 1):
        logged.write_text("")
        words = [str(data), str(logged), case.id, subject, str(n)]
        code = subprocess.run(
            [sys.executable, "-m", "tests.store.vault._eraser", *words], check=False, cwd=ROOT
        ).returncode
        assert code in (0, 9)
        keys = logged.read_text().split()
        vault = Vault(Database(url), KeyRing.open(data, NOW))
        erasure.reconcile(vault, keys, NOW)
        if keys:
            with pytest.raises(Erased):
                persons.show_masked(vault, ask, [subject], NOW, log)
            assert not vault.keys.files.ids() & set(keys)
            assert not list(vault.keys.files.folder.rglob("*.tmp"))
        else:
            shown = persons.show_masked(vault, ask, [subject], NOW, log)
            assert shown[subject]["name"] == "张*"
        vault.db.close()
        where = "to the end" if code == 0 else "after the log" if keys else "before the log"
        seen[where] += 1
        if code == 0:
            break
    assert seen["before the log"] >= 1
    assert seen["after the log"] >= 5
    assert seen["to the end"] == 1


def test_killed_at_every_step_of_agreeing(data: Path, tmp_path: Path, log: FakeLog) -> None:
    url = f"sqlite:///{data / 'records.sqlite'}"
    vault = Vault(Database(url), KeyRing.open(data, NOW))
    case = cases.open_case(
        vault, "user:li", "案", "anti_smuggling", "statutory_duty", "46", NOW, log, "customs"
    )
    ask = Ask("user:li", case.id, "anti_smuggling", "statutory_duty")
    logged = tmp_path / "logged"
    seen = {"waiting": 0, "made": 0}
    for n in range(1, 60):
        person = persons.add_subject(vault, ask, "person", PERSON, NOW, log)
        first = Ask("user:zhao", case.id, "oversight", "statutory_duty")
        asked = erasure_requests.propose(
            vault, first, person, "request", "", "本人书面申请", NOW, log
        )
        vault.db.close()
        logged.write_text("")
        words = [str(data), str(logged), case.id, asked.id, str(n)]
        code = subprocess.run(
            [sys.executable, "-m", "tests.store.vault._agreer", *words], check=False, cwd=ROOT
        ).returncode
        assert code in (0, 9)
        said = logged.read_text().splitlines()
        keys = [x.split("key:")[1] for x in said if x.startswith("allow person.erase key:")]
        proof = f"allow person.erase subject:{person}"
        vault = Vault(Database(url), KeyRing.open(data, NOW))
        erasure.reconcile(vault, keys, NOW + 1)
        before = erasure_requests.one(vault, asked.id, NOW + 1)
        at = said.index(proof) if proof in said else None
        proofs = {} if at is None else {person: at}
        settled = erasure_requests.settle(vault, proofs, "system:server", NOW + 1, log)
        found = erasure_requests.one(vault, asked.id, NOW + 1)
        seen[found.state] += 1
        if proof in said:
            assert before.state == found.state == "made", n
            assert (found.decided_by, found.decided_us, found.note) == ("user:chen", NOW, "已核对")
            assert found.log_index == at
            with pytest.raises(erasure_requests.NotWaiting):
                erasure_requests.agree(vault, second(case.id), asked.id, "", NOW + 2, log)
        else:
            assert (found.state, found.decided_by, found.note) == ("waiting", None, None), n
            erasure_requests.agree(vault, second(case.id), asked.id, "", NOW + 2, log)
            assert erasure_requests.one(vault, asked.id, NOW + 2).state == "made"
        assert erasure_requests.settle(vault, proofs, "system:server", NOW + 3, log) == []
        if code == 0:
            assert settled == []
            break
    vault.db.close()
    assert code == 0
    assert seen["waiting"] >= 2
    assert seen["made"] >= 8


def second(case: str) -> Ask:
    return Ask("user:sun", case, "oversight", "statutory_duty")


def test_an_index_whose_key_a_crash_took_is_made_anew(data: Path, log: FakeLog) -> None:
    """The log said that the key goes, and nothing followed."""
    vault = Vault(Database(f"sqlite:///{data / 'records.sqlite'}"), KeyRing.open(data, NOW))
    case = cases.open_case(
        vault, "user:li", "案", "anti_smuggling", "statutory_duty", "46", NOW, log, "customs"
    )
    ask = Ask("user:li", case.id, "anti_smuggling", "statutory_duty")
    persons.add_subject(vault, ask, "person", PERSON, NOW, log)

    def crash(entries: Sequence[Entry]) -> list[int]:
        log(entries)
        raise LogDown

    with pytest.raises(LogDown):
        index.reindex(vault, "user:dpo", "anti_smuggling", NOW, crash)
    assert index.dead(vault) == []
    erasure.reconcile(vault, erasure.destroyed_keys(log.entries), NOW)
    assert index.dead(vault) == ["anti_smuggling"]
    with pytest.raises(KeyDestroyed):
        persons.add_subject(vault, ask, "person", PERSON, NOW, log)
    assert index.reindex(vault, "system:server", "anti_smuggling", NOW, log) == 3
    assert index.dead(vault) == []
    persons.add_subject(vault, ask, "person", PERSON, NOW, log)
    vault.db.close()
