"""Files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


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


def write_new(path: Path, data: bytes) -> None:
    """Writes `path` by way of a temporary file beside it, synced before it gets its name."""

    def write(file: BinaryIO) -> None:
        file.write(data)

    write_new_by(path, write)


def write_new_by(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """The same of what `write` writes into the file that it is given."""
    temporary = path.with_name(path.name + ".tmp")
    with open(temporary, "wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    sync_directory(path.parent)
