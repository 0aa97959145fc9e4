"""A vault on SQLite and on PostgreSQL, with a log that remembers, or fails when told to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from littoral.store.database import Database
from littoral.store.vault import cases, persons
from littoral.store.vault.entries import Ask, Entry
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Vault

NOW = 1_790_000_000_000_000
HOUR = 3_600_000_000


class LogDown(Exception):
    pass


@dataclass
class FakeLog:
    """Stands for the log: `fails` as a log that cannot sync does."""

    entries: list[Entry] = field(default_factory=list)
    fails: bool = False

    def __call__(self, entries: Sequence[Entry]) -> list[int]:
        if self.fails:
            raise LogDown
        first = len(self.entries)
        self.entries += entries
        return list(range(first, first + len(entries)))

    def said(self, action: str) -> list[Entry]:
        return [e for e in self.entries if e.action == action]


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def vault(url: str, data: Path) -> Iterator[Vault]:
    database = Database(url)
    yield Vault(database, KeyRing.open(data, NOW))
    database.close()


@dataclass(frozen=True)
class Scene:
    ask: Ask
    subject: str


PERSON = {"name": "张三", "phone": "138 1234 5678", "id_number": "460100199001011234"}


@pytest.fixture
def scene(vault: Vault, log: FakeLog) -> Scene:
    """An open case of `user:li` with one person in it."""
    case = cases.open_case(
        vault, "user:li", "走私案 12 号", "anti_smuggling", "statutory_duty", "460100", NOW, log,
        "customs",
    )  # fmt: skip
    ask = Ask("user:li", case.id, "anti_smuggling", "statutory_duty")
    return Scene(ask, persons.add_subject(vault, ask, "person", PERSON, NOW, log))
