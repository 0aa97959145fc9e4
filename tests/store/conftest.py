"""Databases for the tests of the records: SQLite and PostgreSQL.

Which of them ran stands in the names of the tests. PostgreSQL's server is started once, on a socket
in a folder of its own, as an unprivileged user when the tests run as root (initdb refuses root).
Where it is not installed its tests fail and say so: `make test` installs it (tools/postgres.sh).
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

DEBIAN = Path("/usr/lib/postgresql")  # its packages put the server's programs here, off the path


def _program(name: str) -> str:
    """The program on the path, else the newest of Debian's; without one the test fails."""
    found = shutil.which(name)
    if found:
        return found
    debian = [p for p in DEBIAN.glob(f"*/bin/{name}") if p.parts[-3].isdigit()]
    if not debian:
        pytest.fail(
            f"{name} is neither on the path nor in {DEBIAN}/*/bin: install PostgreSQL's server "
            "(tools/postgres.sh does as root; on Debian: apt-get install postgresql)",
            pytrace=False,
        )
    return str(max(debian, key=lambda p: int(p.parts[-3])))


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
        initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
        _command(initdb, "-D", data, "-U", "littoral", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {name} -c listen_addresses= -c fsync=off"
        _command(pg_ctl, "-D", data, "-o", options, "-l", f"{name}/log", "-w", "start")
        try:
            yield f"postgresql://littoral@/{{}}?host={name}"
        finally:
            _command(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")


_NUMBERS = count()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Gives the address of a new, empty database each time."""
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path / f'{next(_NUMBERS)}' / 'records.sqlite'}"
        return
    address: str = request.getfixturevalue("postgresql")
    server = address.format("postgres").replace("postgresql:", "postgresql+psycopg:")
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def create() -> str:
        name = f"test{next(_NUMBERS)}"
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        made.append(name)
        return address.format(name)

    yield create
    # At once, while most of it has not been written to the disk yet: to remove all at the end takes
    # minutes.
    with engine.connect() as connection:
        for name in made:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    return new_url()
