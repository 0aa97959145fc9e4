"""The text of a checkpoint, after C2SP tlog-checkpoint: origin, size and root of a tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from littoral.store.log.merkle import HASH_BYTES
from littoral.store.log.note import Note, NoteError, VerifierKey, decode64, encode64, parse_note

DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
CONTENT_TYPE = "text/plain; charset=utf-8"


def moment(time_s: int) -> str:
    """A witness's time as `2026-11-24T07:40:03Z`; one that no calendar has as its seconds."""
    try:
        return datetime.fromtimestamp(time_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return f"{time_s} s after 1970"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        lines = (self.origin, str(self.size), encode64(self.root), *self.extensions)
        return "".join(line + "\n" for line in lines)


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint whose signature by the log was verified; `seen` are the witnesses' times."""

    checkpoint: Checkpoint
    note: Note
    seen: tuple[tuple[VerifierKey, int], ...] = ()

    @property
    def size(self) -> int:
        return self.checkpoint.size

    @property
    def root(self) -> bytes:
        return self.checkpoint.root


def parse_size(text: str) -> int:
    if not DECIMAL.fullmatch(text):
        raise NoteError(f"{text[:40]!r} is no size of a tree")
    return int(text)


def parse_text(text: str) -> Checkpoint:
    """Of a note's text; NoteError when it is no checkpoint."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise NoteError("a checkpoint has at least three lines, none empty")
    origin, size, root, *extensions = lines
    hashed = decode64(root)
    if len(hashed) != HASH_BYTES:
        raise NoteError(f"a root of {len(hashed)} bytes")
    return Checkpoint(origin, parse_size(size), hashed, tuple(extensions))


def open_checkpoint(
    data: bytes, key: VerifierKey, witnesses: Iterable[VerifierKey] = ()
) -> SignedCheckpoint:
    """Verifies the log's signature and those of the witnesses that signed.

    NoteError when the log's is missing, its origin is not the key's name, or any of them is wrong.
    """
    note = parse_note(data)
    found = note.verified([key, *witnesses])
    if all(k != key for k, _ in found):
        raise NoteError(f"not signed by {key.name}")
    checkpoint = parse_text(note.text)
    if checkpoint.origin != key.name:
        raise NoteError(f"a checkpoint of {checkpoint.origin}, the key is of {key.name}")
    seen = tuple((k, time_s) for k, time_s in found if time_s is not None)
    return SignedCheckpoint(checkpoint, note, seen)
