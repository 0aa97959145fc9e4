"""Writing of many small files that must all be durable before something refers to them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from littoral.store.files import sync_directory
from littoral.store.log.tiles import WIDTH, Part

SYNCS_AT_ONCE = 4  # the file system joins neighbouring syncs into one
AT_ONCE = 256  # open files


def write_parts(root: Path, files: Iterable[tuple[Part, bytes]]) -> None:
    """Every tile and bundle, then their folders, synced. Partial ones of a whole one go."""
    folders: set[Path] = set()
    grown: list[Path] = []
    with ThreadPoolExecutor(SYNCS_AT_ONCE, "log-sync") as syncs:
        open_fds: list[int] = []
        for part, data in files:
            path = root / part.path
            _make_folder(path.parent, folders)
            open_fds.append(_write(path, data))
            folders.add(path.parent)
            if part.width == WIDTH:
                grown.append(path.with_name(path.name + ".p"))
            if len(open_fds) >= AT_ONCE:
                _sync(syncs, open_fds)
        _sync(syncs, open_fds)
        for _ in syncs.map(sync_directory, folders):
            pass
    for folder in grown:
        if folder.is_dir():
            shutil.rmtree(folder)


def _make_folder(path: Path, folders: set[Path]) -> None:
    """With its parents; whichever got a new name in it is to be synced."""
    if path in folders or path.is_dir():
        return
    _make_folder(path.parent, folders)
    path.mkdir(exist_ok=True)
    folders |= {path, path.parent}


def _write(path: Path, data: bytes) -> int:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
    try:
        write_all(fd, data)
    except BaseException:
        os.close(fd)
        raise
    return fd


def write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _sync(syncs: ThreadPoolExecutor, fds: list[int]) -> None:
    """Syncs and closes them; the first error is raised after all are closed."""
    results = [syncs.submit(os.fsync, fd) for fd in fds]
    errors = [r.exception() for r in results]
    for fd in fds:
        os.close(fd)
    fds.clear()
    for error in errors:
        if error is not None:
            raise error
