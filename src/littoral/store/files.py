"""Files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import fcntl
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

STEP_BYTES = 1 << 20  # some two milliseconds of a disk


def sync_directory(path: str | Path) -> None:
    """Makes names that were added to or removed from the directory durable."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_file(path: str | Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


class Held(Exception):
    """Another process holds the directory."""


def lock_alone(directory: Path) -> int:
    """The descriptor of `lock` in the directory, held alone until it is closed. Raises Held."""
    fd = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        raise Held(str(directory)) from None
    return fd


def write_new(path: Path, data: bytes) -> None:
    """Writes `path` by way of a temporary file beside it, synced before it gets its name."""

    def write(file: BinaryIO) -> None:
        file.write(data)

    write_new_by(path, write)


def write_new_by(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """The same of what `write` writes into the file that it is given; a large one bit by bit, since
    while the system writes much at once nobody else's sync comes to an end."""
    temporary = path.with_name(path.name + ".tmp")
    with io.BufferedWriter(_Steady(temporary, "wb"), STEP_BYTES) as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    sync_directory(path.parent)


class _Steady(io.FileIO):
    """Never has more than `STEP_BYTES` that are not on the disk."""

    _waiting = 0

    def write(self, data: Any) -> int:
        written = super().write(memoryview(data).cast("B")[: STEP_BYTES - self._waiting])
        self._waiting += written
        if self._waiting >= STEP_BYTES:
            os.fdatasync(self.fileno())
            self._waiting = 0
        return written


def write_secret(path: Path, data: bytes, replace: bool = False) -> None:
    """A file that its owner alone may read, also while it is being written; synced before it gets
    its name. FileExistsError when there is one that is not to be replaced."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(path.name + ".tmp")
    temporary.unlink(missing_ok=True)
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(fd, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            os.replace(temporary, path)
        else:
            os.link(temporary, path)  # unlike a rename this never takes the place of a key
    finally:
        temporary.unlink(missing_ok=True)
    sync_directory(path.parent)
