"""Killed at each step of an erasure: what the log says is destroyed is destroyed after the next
start; before the log says so, nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from littoral.store.database import Database
from littoral.store.vault import cases, erasure, persons
from littoral.store.vault.entries import Ask
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Erased, Vault
from tests.store.vault.conftest import NOW, PERSON, FakeLog

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
