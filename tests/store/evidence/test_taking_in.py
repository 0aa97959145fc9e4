"""Evidence whose log entry comes before its transaction: whatever happens between the two, the log
says what became of it, and what is kept is kept once, with its case or not at all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from littoral.store.database import Database
from littoral.store.evidence import custody
from littoral.store.vault import cases, tables
from littoral.store.vault.entries import AccessDenied, Entry
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Vault
from tests.store.evidence._adder import PHOTO, ask_of, opening_of
from tests.store.evidence.test_custody import PHOTO as TAKEN
from tests.store.evidence.test_custody import files, taken
from tests.store.vault.conftest import NOW, FakeLog, LogDown, Scene

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Between:
    """A log that has `then` happen once, after its first entries are durable."""

    log: FakeLog
    then: Callable[[], object]
    calls: list[int] = field(default_factory=list)

    def __call__(self, entries: Sequence[Entry]) -> list[int]:
        found = self.log(entries)
        self.calls.append(len(entries))
        if len(self.calls) == 1:
            self.then()
        return found


def said(log: FakeLog) -> list[tuple[str, str, object]]:
    """Of what was added: the verdict, the place that it takes back, why."""
    return [
        (e.verdict, e.facts.get("withdraws"), e.facts.get("code"))
        for e in log.entries
        if e.action in ("case.open", "evidence.add") and "again" not in e.facts
    ]


def test_a_case_that_closes_meanwhile_takes_nothing_in_and_the_log_says_so(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    keys, before = vault.keys.files.ids(), len(log.entries)
    quiet = FakeLog()

    def closing() -> None:
        cases.close_case(vault, "user:wang", scene.ask.case, NOW, quiet)

    with pytest.raises(AccessDenied) as caught:
        taken(vault, folder, scene.ask, Between(log, closing))
    assert caught.value.code == "case_closed"
    assert said(log)[-2:] == [("allow", None, None), ("failed", before, "case_closed")]
    (first, failed) = log.entries[before:]
    assert (first.thing, failed.committed) == (failed.thing, None)
    assert (files(folder), vault.keys.files.ids()) == ([], keys)
    assert custody.chain(vault, first.thing.partition(":")[2]) == []


def test_of_two_that_come_at_once_one_is_kept_and_the_log_takes_the_other_back(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    other: list[custody.EvidenceRow] = []
    before = len(log.entries)
    row = taken(
        vault, folder, scene.ask,
        Between(log, lambda: other.append(taken(vault, folder, scene.ask, log))),
    )  # fmt: skip
    assert [row] == other == custody.evidence_of(vault, scene.ask.case)
    assert len(files(folder)) == 1
    mine, theirs, failed, again = log.entries[before:]
    assert theirs.thing == again.thing == f"evidence:{row.id}"
    assert (failed.thing, failed.verdict) == (mine.thing, "failed")
    assert failed.facts == {"code": "same", "withdraws": before}
    assert again.facts == {"again": True}
    assert [x.log_index for x in custody.chain(vault, row.id)] == [before + 1]


def test_the_same_that_is_erased_meanwhile_is_taken_in_anew(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    """Where the look before found it and the transaction does not, the log has its entry then."""
    first = taken(vault, folder, scene.ask, log)
    e = tables.evidence.c

    def coming() -> object:
        yield PHOTO[: 1 << 16]
        yield PHOTO[1 << 16 :]

    real = vault.db.write
    gone: list[bool] = []

    def write() -> object:
        if not gone:
            gone.append(True)
            with real() as connection:
                erased = sa.update(tables.evidence).where(e.id == first.id)
                connection.execute(erased.values(erased_us=NOW))
        return real()

    vault.db.write = write
    try:
        row = custody.add(
            vault, folder, scene.ask, coming(), "a.jpg", "image/jpeg", "operational", NOW, log
        )  # fmt: skip
    finally:
        vault.db.write = real
    assert row.id != first.id
    assert [log.entries[x.log_index or 0].thing for x in custody.chain(vault, row.id)] == [
        f"evidence:{row.id}"
    ]


def test_what_is_just_coming_in_is_not_swept_away(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    """An erasure elsewhere clears up while the file has its name and no row yet."""
    swept: list[list[str]] = []
    row = taken(
        vault, folder, scene.ask, Between(log, lambda: swept.append(custody.sweep(vault, folder)))
    )
    assert swept == [[]]
    opened = custody.show(vault, folder, scene.ask, row.id, NOW + 1, log)
    assert b"".join(opened.read()) == TAKEN
    assert custody.sweep(vault, folder) == []


def test_what_is_written_beside_fails_and_the_log_says_so(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    keys = vault.keys.files.ids()

    def beside(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        taken(vault, folder, scene.ask, log, beside=beside)
    assert [(verdict, code) for verdict, _, code in said(log)[-2:]] == [
        ("allow", None), ("failed", "ZeroDivisionError"),
    ]  # fmt: skip
    assert (files(folder), vault.keys.files.ids()) == ([], keys)

    def down(*_: object) -> None:
        log.fails = True
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):  # what went wrong, not that nobody can be told of it
        taken(vault, folder, scene.ask, log, beside=down)
    assert (files(folder), vault.keys.files.ids()) == ([], keys)


def test_a_case_comes_with_its_first_file_in_one_write_to_the_log(
    vault: Vault, log: FakeLog, folder: Path
) -> None:
    written: list[str] = []
    opening = opening_of(vault, lambda _, key: written.append(key))
    between = Between(log, lambda: None)
    row = custody.add(
        vault, folder, ask_of(opening), [PHOTO], "", "", "operational", NOW, between,
        opening=opening,
    )  # fmt: skip
    assert between.calls == [2]
    assert [e.action for e in log.entries] == ["case.open", "evidence.add"]
    assert [x.log_index for x in custody.chain(vault, row.id)] == [1]
    assert cases.frame(vault, opening.case.id) == opening.case
    assert written == [opening.case.id] == [row.case]


def test_a_case_does_not_come_without_its_first_file(
    vault: Vault, log: FakeLog, folder: Path
) -> None:
    keys = vault.keys.files.ids()

    def beside(*_: object) -> None:
        raise ZeroDivisionError

    opening = opening_of(vault)
    with pytest.raises(ZeroDivisionError):
        custody.add(
            vault, folder, ask_of(opening), [PHOTO], "", "", "operational", NOW, log,
            beside=beside, opening=opening,
        )  # fmt: skip
    assert said(log) == [
        ("allow", None, None), ("allow", None, None),
        ("failed", 0, "ZeroDivisionError"), ("failed", 1, "ZeroDivisionError"),
    ]  # fmt: skip
    opening = opening_of(vault)
    log.fails = True
    with pytest.raises(LogDown):
        custody.add(
            vault, folder, ask_of(opening), [PHOTO], "", "", "operational", NOW, log,
            opening=opening,
        )  # fmt: skip
    with vault.db.read() as connection:
        assert connection.execute(sa.select(tables.cases.c.id)).all() == []
    assert (files(folder), vault.keys.files.ids()) == ([], keys)


def test_killed_at_every_step(data: Path, tmp_path: Path) -> None:
    """Before the commit nothing of it is kept, whatever the log says; then there is one piece in
    one case, with its link and the place of its entry."""
    logged, folder = tmp_path / "logged", data / "evidence"
    words = [sys.executable, "-m", "tests.store.evidence._adder", str(data), str(logged)]
    seen = {"before the log": 0, "after the log": 0, "to the end": 0}
    for n in range(1, 60):
        logged.write_text("")
        code = subprocess.run([*words, str(n)], check=False, cwd=ROOT).returncode
        assert code in (0, 9), n
        vault = Vault(Database(f"sqlite:///{data / 'records.sqlite'}"), KeyRing.open(data, NOW))
        custody.sweep(vault, folder)
        with vault.db.read() as connection:
            kept = connection.execute(sa.select(tables.evidence.c.id)).scalars().all()
            opened = connection.execute(sa.select(tables.cases.c.id)).scalars().all()
        told = logged.read_text().split()
        if code == 9:  # killed before the commit: nothing of it is there
            assert (kept, opened, list(folder.glob("??/*.sealed"))) == ([], [], []), n
            seen["after the log" if told else "before the log"] += 1
            vault.db.close()
            continue
        assert (len(kept), len(opened)) == (1, 1)
        assert told[-2:] == [f"case:{opened[0]}", f"evidence:{kept[0]}"]
        (link,) = custody.chain(vault, kept[0])
        assert link.log_index == len(told) - 1
        assert [p.stem for p in folder.glob("??/*.sealed")] == kept
        seen["to the end"] += 1
        vault.db.close()
        break
    assert seen["before the log"] >= 5
    assert seen["after the log"] >= 2
    assert seen["to the end"] == 1
