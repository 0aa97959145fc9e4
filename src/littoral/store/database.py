"""The records' database: SQLite in a file, or PostgreSQL; brought up to date when opened."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, Engine, make_url

BUSY_TIMEOUT_S = 30
WAL_PAGES = 16_000  # of 4 KiB: a commit brings so long a log in itself; before, `wal` does beside
_MIGRATION_LOCK = 5_487_001  # any number that no other program on the server uses as a lock


class RecordsError(Exception):
    """The records cannot do what was asked; the message says why."""


class NotFound(RecordsError):
    """There is no such thing in the records."""


class Database:
    """Connections to one database. `read` and `write` are transactions; writes are serialised."""

    def __init__(self, url: str) -> None:
        self.url = _with_driver(make_url(url))
        self._engine = _engine(self.url)
        # SQLite has whoever finds the file locked try again in steps of up to a tenth of a second;
        # the threads of this process queue instead, and each begins as soon as the last has ended.
        is_file = self.url.get_backend_name() == "sqlite"
        self._turn: AbstractContextManager[Any] = threading.RLock() if is_file else nullcontext()
        try:
            migrate(self)
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Commits at the end, rolls back on an exception. On SQLite the lock is taken at the
        start, so that a transaction that read first cannot fail when it comes to writing."""
        with self._turn, self._engine.connect() as connection:
            writing = connection.execution_options(littoral_write=True)
            with writing.begin():
                yield writing

    def close(self) -> None:
        self._engine.dispose()


def _with_driver(url: URL) -> URL:
    if url.get_backend_name() == "postgresql" and url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise RecordsError(f"{url.get_backend_name()} is not supported; SQLite or PostgreSQL")
    return url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        return sa.create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if not url.database or url.database == ":memory:":
        raise RecordsError("the records need a file: sqlite:///folder/records.sqlite")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # An error names the statement alone: its values may be somebody's, and errors are logged.
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S}, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says
    pragmas = (
        "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
        f"wal_autocheckpoint={WAL_PAGES}",
    )  # fmt: skip
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("littoral_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def migration_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(database: Database, to: str = "head") -> None:
    """Runs the migrations that are missing, in one transaction.

    Raises RecordsError when the database was made by a newer Littoral.
    """
    scripts = ScriptDirectory.from_config(migration_config())
    target = scripts.get_current_head() if to == "head" else to
    with database.read() as connection:
        if MigrationContext.configure(connection).get_current_revision() == target:
            return
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        current = MigrationContext.configure(connection).get_current_revision()
        known = {script.revision for script in scripts.walk_revisions()}
        if current is not None and current not in known:
            raise RecordsError(
                f"the records are at version {current}, which this Littoral does not know; "
                "install the newer version that made them"
            )
        command.upgrade(migration_config(connection), to)


def upsert(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts the rows, or replaces all columns of those whose primary key is there."""
    if not rows:
        return
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
    keys = [c.name for c in table.primary_key]
    changed = {c.name: insert.excluded[c.name] for c in table.c if c.name not in keys}
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed), rows)
