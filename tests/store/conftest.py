"""Databases for the tests of the records: SQLite always, PostgreSQL where its server is installed.

Which of them ran stands in the names of the tests. The server is started once, on a socket in a
folder of its own, as an unprivileged user when the tests run as root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

KINDS = ["sqlite", *(["postgresql"] if shutil.which("initdb") and shutil.which("pg_ctl") else [])]


def _command(*words: str) -> None:
    user = None
    if os.getuid() == 0:
        names = {p.pw_name for p in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
    subprocess.run(words, check=True, user=user, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Address of a running server, as far as the name of a database."""
    with tempfile.TemporaryDirectory(prefix="littoral-pg-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o777)
        data = f"{name}/data"
        _command("initdb", "-D", data, "-U", "littoral", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {name} -c listen_addresses= -c fsync=off"
        _command("pg_ctl", "-D", data, "-o", options, "-l", f"{name}/log", "-w", "start")
        try:
            yield f"postgresql://littoral@/{{}}?host={name}"
        finally:
            _command("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


_NUMBERS = count()


@pytest.fixture(params=KINDS)
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives the address of a new, empty database each time."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path / f'{next(_NUMBERS)}' / 'records.sqlite'}"
    address: str = request.getfixturevalue("postgresql")

    def create() -> str:
        name = f"test{next(_NUMBERS)}"
        server = address.format("postgres").replace("postgresql:", "postgresql+psycopg:")
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return address.format(name)

    return create


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    return new_url()
