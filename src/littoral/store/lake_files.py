"""The lake's folders: hours, names of files, the staging area, the exchange of two folders.

`<root>/<table>/date=YYYY-MM-DD/hour=HH/` holds `part-<key>.parquet` as written and
`merged-<hash>.parquet` as compacted. Whatever is not finished lies in `<root>/.stage/`, one folder
a process, which the next process removes once the owner is gone; there too lie, for a minute, the
folders that compaction took out of use.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from littoral.store.files import sync_directory

HOUR_US = 3_600_000_000
RETRIES = 6  # of a reading whose files vanish under it
T = TypeVar("T")
FIRST_HOUR = -719_162 * 24  # 0001-01-01T00 and 9999-12-31T23: beyond these no date has a name
LAST_HOUR = 2_932_896 * 24 + 23
GRACE_S = 60.0  # a folder out of use is kept this long: a reader may be in the middle of listing it
KEYS_METADATA = b"littoral.keys"
_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,119}\Z")
_RETIRED = "retired-"
_TABLE = re.compile(r"[a-z][a-z_]{0,40}\Z")
_HOUR = re.compile(r"date=(\d{4}-\d\d-\d\d)/hour=(\d\d)\Z")


class LakeError(Exception):
    """The lake cannot do what was asked; the message says why."""


def again(run: Callable[[], T], vanished: type[Exception]) -> T:
    """Runs once more when a file vanished between listing and opening (a compaction's exchange or a
    replaced key), which `run` says by `vanished`; nothing of the first attempt has been given out.
    Raises that of the last."""
    for _ in range(RETRIES - 1):
        with suppress(vanished):
            return run()
    return run()


def check_table(table: str) -> str:
    if not _TABLE.match(table):
        raise ValueError(f"not a name of a table: {table!r}")
    return table


def check_key(key: str) -> str:
    if not _KEY.match(key):
        raise ValueError(f"a key is letters, digits, _ . - and at most 120 long, not {key!r}")
    return key


def hour_folder(hour: int) -> str:
    """`date=…/hour=…` of an hour since 1970; times that no calendar names fall into the last."""
    hour = min(max(hour, FIRST_HOUR), LAST_HOUR)
    date = str(np.datetime64(hour // 24, "D"))
    return f"date={date}/hour={hour % 24:02d}"


def receivers_file(root: Path) -> Path:
    """Which receiver each number in `station` is."""
    return root / "receivers" / "receivers.parquet"


def folder_hour(folder: str) -> int | None:
    match = _HOUR.search(folder)
    if match is None:
        return None
    return int(np.datetime64(match[1], "D").astype(np.int64)) * 24 + int(match[2])


def hour_folders(root: Path, table: str) -> Iterator[tuple[int, Path]]:
    """(hour, folder) of every hour of the table that has a folder, ascending."""
    base = root / table
    if not base.is_dir():
        return
    for date in sorted(base.iterdir()):
        if not date.is_dir():
            continue
        for folder in sorted(date.iterdir()):
            hour = folder_hour(f"{date.name}/{folder.name}")
            if hour is not None:
                yield hour, folder


def merged_keys(path: Path) -> dict[str, int]:
    """Key → rows of what a compacted file was made of. Raises LakeError for a damaged file."""
    try:
        metadata = pq.read_metadata(path).metadata or {}
        keys = json.loads(metadata.get(KEYS_METADATA, b"{}"))
        return {str(k): int(n) for k, n in keys.items()}
    except (pa.ArrowException, OSError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise LakeError(f"{path}: is damaged: {error}") from None


@dataclass(slots=True)
class Hour:
    """What a folder held when looked at; `inode` tells whether it was exchanged since."""

    inode: int = -1
    parts: set[str] = field(default_factory=set)  # keys
    merged: dict[str, int] = field(default_factory=dict)  # key → rows

    @classmethod
    def look(cls, folder: Path) -> Hour:
        hour = cls(folder.stat().st_ino)
        for name in os.listdir(folder):
            if not name.endswith(".parquet"):
                continue
            if name.startswith("part-"):
                hour.parts.add(name[5:-8])
            elif name.startswith("merged-"):
                hour.merged.update(merged_keys(folder / name))
        return hour


class Stage:
    """This process's folder for unfinished files, and the lock by which folders change."""

    def __init__(self, root: Path) -> None:
        base = root / ".stage"
        base.mkdir(parents=True, exist_ok=True)
        self._base = base
        _remove_orphans(base)
        self.remove_retired()
        self.path = base / secrets.token_hex(8)
        self.path.mkdir()
        self._own = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        fcntl.flock(self._own, fcntl.LOCK_EX)
        self._shared = base / "lock"
        self._count = 0

    def new(self, suffix: str) -> Path:
        self._count += 1
        return self.path / f"{self._count}{suffix}"

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Held while names in the tables' folders change, by one process and thread at a time."""
        fd = os.open(self._shared, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield
        finally:
            os.close(fd)

    def retire(self, folder: Path) -> None:
        """Puts a folder that is out of use aside, to be removed after `GRACE_S`."""
        os.rename(folder, self._base / f"{_RETIRED}{secrets.token_hex(8)}")

    def remove_retired(self) -> None:
        for folder in self._base.glob(_RETIRED + "*"):
            # Renaming set its change time. A clock set back only keeps it longer.
            with suppress(FileNotFoundError):  # another process removed it
                if time.time() - folder.stat().st_ctime >= GRACE_S:
                    shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        self.remove_retired()
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._own)


def _remove_orphans(base: Path) -> None:
    """Removes the folders of processes that ended without closing."""
    for folder in base.iterdir():
        if not folder.is_dir() or folder.name.startswith(_RETIRED):
            continue
        try:
            fd = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            continue  # its owner is just making it
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(fd)


_LIBC = ctypes.CDLL(None, use_errno=True)
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def exchange(one: Path, other: Path) -> None:
    """Swaps two folders of one file system in one step (Linux renameat2, RENAME_EXCHANGE).

    Raises LakeError where the file system cannot; ext4, XFS, Btrfs and tmpfs can.
    """
    result = _LIBC.renameat2(
        _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE
    )
    if result != 0:
        code = ctypes.get_errno()
        if code in (errno.EINVAL, errno.ENOSYS, errno.EXDEV):
            raise LakeError(f"{one}: this file system cannot exchange folders; left uncompacted")
        raise OSError(code, os.strerror(code), str(one))
    sync_directory(one.parent)
    sync_directory(other.parent)
