"""Which folders mirror the key folder: one absolute path a line in `<data>-keys/mirrors`.

The list lies with the keys and not with the records, so that a backup of the data that is put back
neither names mirrors of before nor forgets those of now. A line that is no path is passed over and
named in the server's log: the watch does not stand still for it.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from littoral.store.files import write_secret
from littoral.store.vault.keyfiles import KeyFiles, KeyFolderError, prepare, same_deployment

FILE = "mirrors"
_log = logging.getLogger(__name__)


def named(keys: Path) -> list[Path]:
    """Mirrors of this key folder, in the order in which they were named."""
    try:
        lines = (keys / FILE).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in filter(None, lines):
        if line.startswith(b"/") and b"\0" not in line:
            found.append(Path(os.fsdecode(line)))
        else:
            _log.warning("%s: a line is no absolute path; name the mirror again", keys / FILE)
    return found


def add(keys: Path, mirror: Path) -> None:
    """Prepares the folder, names it, and brings both to the same keys: an empty key folder gets
    all that the mirror of before has. Raises KeyFolderError."""
    known = named(keys)
    if not same_deployment(keys, mirror):
        raise KeyFolderError(
            f"{mirror} holds keys of another deployment than {keys}: move away the one that is of "
            "a mistaken start, or name another folder"
        )
    prepare(mirror)
    prepare(keys)
    if mirror not in known:
        _write(keys, [*known, mirror])
    KeyFiles(keys, named(keys))


def remove(keys: Path, mirror: Path) -> None:
    """What the mirror holds stays there. Raises KeyFolderError for one that is not named."""
    known = named(keys)
    if mirror not in known:
        raise KeyFolderError(f"{mirror} is no mirror of {keys}")
    _write(keys, [m for m in known if m != mirror])


def _write(keys: Path, mirrors: list[Path]) -> None:
    text = b"".join(os.fsencode(m) + b"\n" for m in mirrors)
    write_secret(keys / FILE, text, replace=True)


def on_one_disk(keys: Path, mirror: Path) -> bool:
    """Whether both would be lost with it; False where the mirror is out of reach."""
    try:
        return mirror.stat().st_dev == keys.stat().st_dev
    except OSError:
        return False
