"""What is committed comes into the file while others go on writing."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from littoral.store import wal
from littoral.store.records import Records

LONGEST_S = 30.0
MANY = 40


def in_the_file(path: Path, key: str) -> bool:
    """By the file alone, without its log: SQLite is told that nothing else belongs to it."""
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
        try:
            found = connection.execute("select 1 from settings where key = ?", (key,)).fetchone()
        except sqlite3.DatabaseError:  # read in the middle of being written
            return False
    return found is not None


def test_a_commit_does_not_wait_for_the_file_and_comes_there_soon(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    with Records.open(f"sqlite:///{path}") as records, wal.brought_in(records.database, 0.02):
        for number in range(MANY):
            records.set_setting(f"wal.{number}", "x" * 5_000)
        late_s = time.monotonic() + LONGEST_S
        while not in_the_file(path, f"wal.{MANY - 1}"):
            assert time.monotonic() < late_s
            time.sleep(0.01)
        assert records.setting("wal.0") == "x" * 5_000


def test_without_it_a_log_of_some_thousand_pages_is_left_alone(tmp_path: Path) -> None:
    """So that none of the commits of requests pays for it."""
    path = tmp_path / "records.sqlite"
    with Records.open(f"sqlite:///{path}") as records:
        for number in range(MANY):
            records.set_setting(f"wal.{number}", "x" * 200_000)
        assert path.with_name(path.name + "-wal").stat().st_size > 1_500 * 4096
        assert not in_the_file(path, "wal.0")


def test_with_either_database_what_is_committed_is_there(new_url: Callable[[], str]) -> None:
    with Records.open(new_url()) as records, wal.brought_in(records.database, 0.02):
        records.set_setting("wal", "there")
        assert records.setting("wal") == "there"
