"""A vault on SQLite and on PostgreSQL, with a log that remembers, or fails when told to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from littoral.store.database import Database
from littoral.store.vault import assessments, cases, persons
from littoral.store.vault.assessments import Assessment, Wanted
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


def wanted(now_us: int = NOW, **more: object) -> Wanted:
    """An impact assessment for the scene's purpose, of a year."""
    said = {
        "purpose": "anti_smuggling", "unit": "460000", "agency": "customs",
        "what": ("id_number", "passport"),
        "necessity": "依法查缉走私所必需，别无其他侵害更小的办法可以核实身份。",
        "impact": "当事人身份被核对；泄露可能导致身份被冒用。",
        "measures": "加密存储，逐案授权，须第二人同意，所有查看均留痕。",
        "begins_us": now_us, "ends_us": now_us + 365 * 24 * HOUR,
    }  # fmt: skip
    return Wanted(**(said | more))  # type: ignore[arg-type]


def assess(vault: Vault, log: FakeLog, now_us: int = NOW, **more: object) -> Assessment:
    """One that is in force."""
    made = assessments.write(vault, "user:dpo", wanted(now_us, **more), now_us, log)
    return assessments.decide(vault, made.id, "user:lead", True, "", now_us, log)


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
