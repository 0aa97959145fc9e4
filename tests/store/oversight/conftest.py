"""A vault that writes to a real log, and the index over it, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from littoral.store.database import Database
from littoral.store.log.reader import LogReader
from littoral.store.log.signing import Signer
from littoral.store.log.writer import Log
from littoral.store.oversight.index import Index
from littoral.store.oversight.listing import Access, Wanted, all_of
from littoral.store.people import accounts, organisations
from littoral.store.people.accounts import Membership
from littoral.store.people.organisations import Agency
from littoral.store.vault import cases, logged, persons
from littoral.store.vault.entries import Ask, Entry
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Vault
from tests.store.vault.conftest import HOUR, NOW, PERSON

DAY = 24 * HOUR
KEY = Signer("log.example/oversight", 1, bytes(range(32)))


@dataclass
class Kept:
    vault: Vault
    log: Log
    index: Index

    def record(self, entries: Sequence[Entry]) -> list[int]:
        first = self.log.append([logged.as_logged(e, self.index.key) for e in entries]).result(10)
        return list(range(first, first + len(entries)))

    def act(self, actor: str, action: str, thing: str, at_us: int, **more: str) -> int:
        said = {"purpose": "", "case": "", "legal_basis": "", "verdict": "allow", **more}
        entry = Entry(
            actor, action, thing, said["purpose"], said["case"], said["legal_basis"], at_us,
            said["verdict"],
        )  # fmt: skip
        return self.record([entry])[0]

    def rows(self, wanted: Wanted | None = None) -> list[Access]:
        """Of the index, once it has all that was written."""
        self.log.publish()
        self.index.catch_up()
        with self.vault.db.read() as connection:
            return all_of(connection, wanted or Wanted())

    def account(self, login: str, *roles: Membership) -> str:
        """`account:<id>` of a new account."""
        with self.vault.db.write() as connection:
            made = accounts.create(connection, login, login, roles, "test", NOW, accounts.ACTIVE)
        return f"account:{made.id}"

    def agency(self, code: str, kind: str, unit: str) -> None:
        with self.vault.db.write() as connection:
            row = Agency(code, kind, unit, kind, kind, 0)
            organisations.put_agencies(connection, [row], "test", NOW)

    def case(self, actor: str, unit: str = "460100", purpose: str = "anti_smuggling") -> Ask:
        made = cases.open_case(
            self.vault,
            actor,
            "案",
            purpose,
            "statutory_duty",
            unit,
            NOW,
            self.record,
            "customs",
        )
        return Ask(actor, made.id, purpose, "statutory_duty")

    def person(self, ask: Ask, number: str = PERSON["id_number"]) -> str:
        values = {**PERSON, "id_number": number}
        return persons.add_subject(self.vault, ask, "person", values, NOW, self.record)


@pytest.fixture
def kept(url: str, tmp_path: Path) -> Iterator[Kept]:
    folder = tmp_path / "data"
    folder.mkdir()
    database = Database(url)
    vault = Vault(database, KeyRing.open(folder, NOW))
    with Log(tmp_path / "log", KEY) as log:
        reader = LogReader(log.root, KEY.public)
        yield Kept(vault, log, Index(database, reader, logged.log_key(vault, NOW)))
    database.close()
