"""The tail: what was answered for and is not in published tiles yet. Groups of entries, each with
the signed checkpoint of the tree that ends with it, made durable by one sync.

`tail/<first index, 20 digits>` is a row of groups without gaps; their bytes are in docs/log.md.
The checksums find what a crash cut off; that nothing was changed is shown by the checkpoint.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

HEADER = struct.Struct("<4sIIIQII")
MAGIC = b"LTG1"


@dataclass(frozen=True, slots=True)
class Group:
    first: int
    count: int
    entries: bytes
    note: bytes

    @property
    def end(self) -> int:
        return self.first + self.count


def segment_name(first: int) -> str:
    return f"{first:020d}"


def pack_group(first: int, count: int, entries: bytes, note: bytes) -> bytes:
    checksum = zlib.crc32(note, zlib.crc32(entries))
    start = struct.pack("<4sIIIQI", MAGIC, len(entries), len(note), count, first, checksum)
    return b"".join((start, struct.pack("<I", zlib.crc32(start)), entries, note))


def read_group(data: bytes, at: int) -> tuple[Group, int] | None:
    """The group at offset `at` and the offset after it; None where there is no whole one."""
    if at + HEADER.size > len(data):
        return None
    magic, n_entries, n_note, count, first, checksum, own = HEADER.unpack_from(data, at)
    if magic != MAGIC or zlib.crc32(data[at : at + HEADER.size - 4]) != own:
        return None
    middle = at + HEADER.size + n_entries
    end = middle + n_note
    if end > len(data):
        return None
    entries, note = data[at + HEADER.size : middle], data[middle:end]
    if zlib.crc32(note, zlib.crc32(entries)) != checksum:
        return None
    return Group(first, count, entries, note), end
