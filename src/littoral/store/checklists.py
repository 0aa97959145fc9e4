"""Checklists as files: those that come with Littoral, and a deployment's own in their place."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

from littoral.respond.incident.checklist import Checklist, ChecklistError, Fault, checklist_of

FOLDER = "checklists"  # of the data folder
MAX_BYTES = 200_000

_log = logging.getLogger(__name__)


class FilesError(ValueError):
    """What is wrong in which files, one fault a line: `fire.toml, line 12: zh: is missing`."""


@dataclass(frozen=True, slots=True)
class Checklists:
    """By type of the incidents. `files`: the deployment's own, by type. `edition` names what all of
    them say, 16 hexadecimal digits: whoever holds it holds the same lists."""

    by_type: Mapping[str, Checklist]
    files: Mapping[str, Path]
    edition: str


def shipped() -> dict[str, str]:
    """The text of each file that comes with Littoral, by type."""
    folder = resources.files("littoral.respond.incident").joinpath("checklists")
    return {
        f.name.removesuffix(".toml"): f.read_text("utf-8")
        for f in sorted(folder.iterdir(), key=lambda f: f.name)
        if f.name.endswith(".toml")
    }


def read(folder: Path) -> Checklists:
    """A file `*.toml` of the folder takes the place of the shipped list of its type, or is its
    first. Raises FilesError, OSError."""
    found = {kind: checklist_of(text) for kind, text in shipped().items()}
    files: dict[str, Path] = {}
    faults = []
    for path in sorted(folder.glob("*.toml")):
        try:
            made = _read(path)
        except ChecklistError as error:
            faults += [f"{path.name}, {fault}" for fault in error.faults]
            continue
        if (other := files.get(made.type)) is not None:
            faults.append(f"{path.name}, line 1: type: {other.name} has the list of {made.type}")
        found[made.type], files[made.type] = made, path
    if faults:
        raise FilesError("\n".join(faults))
    return Checklists(found, files, _edition(found))


def _read(path: Path) -> Checklist:
    if path.stat().st_size > MAX_BYTES:
        raise ChecklistError([Fault(1, "file", f"has over {MAX_BYTES:,} bytes")])
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ChecklistError([Fault(line, "file", "is not UTF-8")]) from None
    return checklist_of(text.replace("\r\n", "\n"))


def _edition(found: Mapping[str, Checklist]) -> str:
    said = json.dumps([asdict(found[kind]) for kind in sorted(found)], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


class Kept:
    """The lists of a running server. A file that was edited holds from the next question on; while
    one cannot be read the last that could hold, and the server's log says what is wrong. Raises
    FilesError, OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._stamp = self._stamped()
        self._lists = read(folder)

    def now(self) -> Checklists:
        with self._lock:
            stamp = self._stamped()
            if stamp == self._stamp:
                return self._lists
            try:
                self._lists = read(self._folder)
            except FilesError as error:
                _log.warning("checklists as they were before: %s", error)
            except OSError as error:
                _log.warning("checklists as they were before: %s", error)
                return self._lists  # asked again: what cannot be read now may be soon, unchanged
            self._stamp = stamp
            return self._lists

    def _stamped(self) -> tuple[tuple[str, int, int], ...]:
        found = []
        for path in sorted(self._folder.glob("*.toml")):
            try:
                stat = path.stat()
            except OSError:  # gone since it was listed
                continue
            found.append((path.name, stat.st_mtime_ns, stat.st_size))
        return tuple(found)


_begun: dict[Path, Kept] = {}


def begin(folder: Path) -> Kept:
    """When the server of a data folder starts: wrong files stop it here, and never later. Raises
    FilesError, OSError."""
    _begun[folder] = Kept(folder)
    return _begun[folder]


def kept(folder: Path) -> Kept:
    """What was begun with. Raises FilesError, OSError where nothing was."""
    return _begun.get(folder) or begin(folder)
