"""Killed at each step of an erasure: what the log says is destroyed is destroyed after the next
start; before the log says so, nothing is lost. Who agreed to an erasure that was made is known, and
of a run of retention there is the proof."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from littoral.access.retention import DAY_US
from littoral.store.database import Database
from littoral.store.evidence import custody
from littoral.store.vault import (
    cases,
    erasure,
    erasure_requests,
    index,
    persons,
    retention,
    tables,
)
from littoral.store.vault.entries import Ask, Entry
from littoral.store.vault.keyfiles import KeyDestroyed
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Erased, Vault
from tests.store.evidence.test_media import JPEG
from tests.store.vault._keeper import written
from tests.store.vault.conftest import NOW, PERSON, FakeLog, LogDown
from tests.store.vault.test_lost_keys import key_of

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


@pytest.fixture
def keeper(data: Path, tmp_path: Path) -> Iterator[Callable[[int, int], int]]:
    """Runs retention at a time, killed at the n-th step: the exit code."""
    words = [sys.executable, "-m", "tests.store.vault._keeper", str(data), str(tmp_path / "logged")]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        into, out = process.stdin, process.stdout
        assert into is not None
        assert out is not None

        def killed(now_us: int, n: int) -> int:
            into.write(f"{now_us} {n}\n")
            into.flush()
            return int(out.readline())

        yield killed
        into.close()


def test_killed_at_every_step_of_a_run_of_retention(
    data: Path, tmp_path: Path, keeper: Callable[[int, int], int]
) -> None:
    """The next start makes up for the proof, the files and the index; the next run does the rest.
    What was erased is in one proof, and all of it in the end."""
    url, logged = f"sqlite:///{data / 'records.sqlite'}", tmp_path / "logged"
    folder, rules = data / "evidence", retention.packaged_rules()

    def record(entries: Sequence[Entry]) -> list[int]:
        return written(logged, entries)

    seen = {"before": 0, "broken off": 0, "to the end": 0}
    for n in range(1, 200):
        logged.write_text("")
        vault = Vault(Database(url), KeyRing.open(data, NOW))
        case = cases.open_case(
            vault, "user:li", "案", "anti_smuggling", "statutory_duty", "46", NOW, record, "customs"
        )
        ask = Ask("user:li", case.id, "anti_smuggling", "statutory_duty")
        person = persons.add_subject(vault, ask, "person", PERSON, NOW, record)
        photo = custody.add(vault, folder, ask, [JPEG], "", "", "personal", NOW, record).id
        cases.close_case(vault, "user:li", case.id, NOW, record)
        keys = {
            person: key_of(vault, tables.subjects, person),
            photo: key_of(vault, tables.evidence, photo),
        }
        with vault.db.read() as connection:
            old = index.known_key(vault, connection, "anti_smuggling")
        assert old is not None
        vault.db.close()
        logged.write_text("")
        at = NOW + 800 * DAY_US + 10 * n
        code = keeper(at, n)
        assert code in (0, 9), n
        # The start.
        vault = Vault(Database(url), KeyRing.open(data, at))
        said = [line.split(" ", 2) for line in logged.read_text().splitlines()]
        buried = [
            thing.removeprefix("key:")
            for action, thing, _ in said
            if action == "person.erase" and thing.startswith("key:")
        ]
        erasure.reconcile(vault, buried, at + 1)
        gone = [t for t in (person, photo) if keys[t] in buried]
        made = retention.make_up(vault, "system:server", at + 1, record, folder)
        assert index.unfinished(vault) == [], n
        assert vault.keys.alive(old.id) == (not gone), n
        assert [p.stem for p in folder.rglob("*.sealed")] == [photo] * (photo not in gone), n
        if gone:
            told = "".join(f"{t}\n{keys[t]}\n" for t in gone)
            digest = hashlib.sha256(told.encode()).hexdigest()
            lines = (line.split(" ", 2) for line in logged.read_text().splitlines())
            proofs = [json.loads(facts) for _, thing, facts in lines if thing == "list:retention"]
            proved = {(p["erased"], p["sha256"]) for p in proofs if "sha256" in p}
            assert proved == {(len(gone), digest)}, n
            kept = retention.last(vault)
            assert kept is not None
            assert (kept["erased"], kept["sha256"]) == (len(gone), digest), n
        seen["to the end" if code == 0 else "broken off" if gone else "before"] += 1
        assert retention.make_up(vault, "system:server", at + 2, record, folder) is None
        ran = retention.run(vault, rules, "system:retention", at + 3, record, folder)
        assert set(ran.erased) == {person, photo} - set(gone), n
        assert [p for p in folder.rglob("*") if p.is_file()] == []
        vault.db.close()
        if code == 0:
            assert made is None
            break
    assert code == 0
    assert seen["before"] >= 2
    assert seen["broken off"] >= 15
