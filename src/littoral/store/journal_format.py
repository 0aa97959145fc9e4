"""The bytes of a journal segment; docs/stores.md has the same as a table.

A segment file is named after its first position (20 digits) and starts with a header; records
follow without gaps. A record's position is its segment's first position plus its offset in the
file, so that positions rise through the whole journal and a reader finds its place by name.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

VERSION = 1  # raised when a reader of this version could misread what is written
SUFFIX = ".journal"

# magic, version, first position, salt of the records' checksums, checksum of all before it
SEGMENT = struct.Struct("<8sIQII")
SEGMENT_MAGIC = b"LITJRNL\n"

# magic, checksum of all that follows, payload length, kind, zero, source, at_us, position, synced
RECORD = struct.Struct("<4sIIHHIqQQ")
RECORD_MAGIC = b"\xa9LJR"
CHECKED_FROM = 8  # the record's checksum covers everything after itself

MARK = 0  # kind of the record that a clean close leaves; carries nothing, readers pass over it
MAX_PAYLOAD = 16 << 20
HEADER_BYTES = SEGMENT.size


class JournalError(Exception):
    """The journal cannot do what was asked; the message says why."""


class JournalCorrupt(JournalError):
    """A record that had been synced cannot be read back.

    `position` is where, `resume` where the next sound record starts (None: none in this segment
    or after it), so that whoever decides to go on knows exactly what is missing.
    """

    def __init__(self, position: int, reason: str, resume: int | None) -> None:
        super().__init__(f"journal damaged at position {position}: {reason}")
        self.position = position
        self.reason = reason
        self.resume = resume


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as appended; reading on from `next_position` gives the one after it."""

    position: int
    next_position: int
    kind: int
    source: int
    at_us: int
    payload: bytes


def segment_name(first_position: int) -> str:
    return f"{first_position:020d}{SUFFIX}"


def pack_segment(first_position: int, salt: int) -> bytes:
    body = SEGMENT.pack(SEGMENT_MAGIC, VERSION, first_position, salt, 0)[:-4]
    return body + struct.pack("<I", zlib.crc32(body))


def unpack_segment(header: bytes, first_position: int) -> int:
    """The salt of a sound header; raises JournalCorrupt."""
    if len(header) < HEADER_BYTES:
        raise JournalCorrupt(first_position, "segment header cut short", None)
    magic, version, first, salt, check = SEGMENT.unpack(header)
    if magic != SEGMENT_MAGIC or zlib.crc32(header[:-4]) != check:
        raise JournalCorrupt(first_position, "segment header damaged", None)
    if version != VERSION:
        raise JournalError(f"journal format {version}; this program reads format {VERSION}")
    if first != first_position:
        raise JournalCorrupt(first_position, f"segment is that of position {first}", None)
    return salt


def pack_record(
    salt: int, kind: int, source: int, at_us: int, payload: bytes, position: int, synced: int
) -> bytes:
    """Header and payload. The salt, drawn when the segment is made, keeps bytes that a sender
    chose from passing for a record when damage makes a reader search for the next one."""
    head = RECORD.pack(RECORD_MAGIC, 0, len(payload), kind, 0, source, at_us, position, synced)[
        CHECKED_FROM:
    ]
    check = zlib.crc32(payload, zlib.crc32(head, salt))
    return RECORD_MAGIC + struct.pack("<I", check) + head + payload


@dataclass(frozen=True, slots=True)
class Head:
    """A record's header, its checksum not yet compared."""

    check: int
    length: int
    kind: int
    source: int
    at_us: int
    position: int
    synced: int


def unpack_head(data: bytes, offset: int, position: int) -> Head | None:
    """The header at `offset`, or None when no record of `position` can start there."""
    if len(data) - offset < RECORD.size:
        return None
    magic, check, length, kind, _, source, at_us, own, synced = RECORD.unpack_from(data, offset)
    if magic != RECORD_MAGIC or own != position or length > MAX_PAYLOAD:
        return None
    return Head(check, length, kind, source, at_us, own, synced)


def record_check(salt: int, head: bytes | memoryview, payload: bytes | memoryview) -> int:
    """Checksum of a record from its header's bytes (all of them) and its payload."""
    return zlib.crc32(payload, zlib.crc32(head[CHECKED_FROM:], salt))
