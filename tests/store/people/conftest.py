"""The databases of the records' tests, a clock that is set by hand, cheap hashes, an audience."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from littoral.store.database import Database
from littoral.store.people import tables
from littoral.store.people.accounts import Membership
from littoral.store.people.base import Base, Event
from littoral.store.people.credentials import Passwords, Sealer
from littoral.store.people.directory import Directory
from littoral.store.people.own_credentials import OwnCredentials
from littoral.store.people.packaged import hainan_units
from littoral.store.people.signin import Origin, SignedIn, SignIn
from tests.store.conftest import new_url, postgresql, url

__all__ = ["new_url", "postgresql", "url"]

START_US = 1_790_000_000_000_000  # 2026-09-21
SECOND_US = 1_000_000
PASSWORD = "four plain words here"
BROWSER = Origin("192.0.2.7", "Firefox, Linux")


@dataclass
class World:
    """Everything about people over one database."""

    base: Base
    directory: Directory
    signin: SignIn
    own: OwnCredentials
    told: list[Event] = field(default_factory=list)
    now_us: int = START_US

    def later(self, seconds: float) -> None:
        self.now_us += int(seconds * SECOND_US)

    def first(self) -> SignedIn:
        """The first administrator, signed in."""
        token = self.signin.first_start_link()
        assert token is not None
        return self.signin.first_start(token, "chief", "总管", PASSWORD, "460000", BROWSER)

    def officer(
        self, login: str = "wang", role: str = "watch_officer", unit: str = "460100"
    ) -> str:
        """The id of an account that has accepted its invitation; no session is open."""
        made, token = self.directory.invite(login, "王伟", [Membership(role, unit)], "chief")
        found = self.signin.accept(token, PASSWORD, BROWSER)
        self.signin.sign_out(found.identity)
        return made.id

    def actions(self) -> list[str]:
        return [event.action for event in self.told]


def world_over(database: Database) -> World:
    told: list[Event] = []
    held: list[World] = []
    base = Base(database, lambda: held[0].now_us, told.append)
    signin = SignIn(base, Sealer(b"k" * 32), Passwords(memory_kib=64, passes=1))
    held.append(World(base, Directory(base), signin, OwnCredentials(signin), told))
    held[0].directory.put_units(hainan_units(), "system")
    told.clear()
    return held[0]


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database to copy."""
    path = tmp_path_factory.mktemp("people") / "records.sqlite"
    Database(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def shared_postgresql(postgresql: str) -> Iterator[Database]:
    """One database for all these tests: making and removing one for each takes longer than they."""
    server = postgresql.format("postgres").replace("postgresql:", "postgresql+psycopg:")
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE people"))
    engine.dispose()
    database = Database(postgresql.format("people"))
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Nothing is in it."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "records.sqlite")
        made = Database(f"sqlite:///{tmp_path / 'records.sqlite'}")
        yield made
        made.close()
    else:
        shared: Database = request.getfixturevalue("shared_postgresql")
        with shared.write() as connection:
            names = ", ".join(t.name for t in vars(tables).values() if isinstance(t, sa.Table))
            connection.execute(sa.text(f"TRUNCATE {names} CASCADE"))
        yield shared


@pytest.fixture
def world(database: Database) -> World:
    return world_over(database)
