"""Second reader of the journal, after docs/stores.md alone: it shares no code with the writer.

`fsck_journal(dir)` reads every byte and says what is there; it changes nothing and may run beside
a writer (then the last records may look torn).
"""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass, field


@dataclass(slots=True)
class JournalReport:
    """What was found. `ok` when all is sound but for a torn end of the newest segment."""

    segments: int = 0
    records: int = 0
    payload_bytes: int = 0
    start: int | None = None
    end: int | None = None  # after the last sound record
    torn_bytes: int = 0  # after it, in the newest segment: never promised to a sender
    by_kind: dict[int, int] = field(default_factory=dict)
    damage: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.damage


def fsck_journal(directory: str | os.PathLike[str]) -> JournalReport:
    report = JournalReport()
    names = sorted(n for n in os.listdir(directory) if n.endswith(".journal"))
    report.segments = len(names)
    for number, name in enumerate(names):
        first = int(name.split(".")[0])
        if report.start is None:
            report.start = first
        elif report.end is not None and report.end != first:
            report.damage.append(f"{name}: the segment before it ends at {report.end}")
        with open(os.path.join(directory, name), "rb") as file:
            data = file.read()
        _segment(report, name, first, data, newest=number == len(names) - 1)
    return report


def _segment(report: JournalReport, name: str, first: int, data: bytes, newest: bool) -> None:
    header = data[:28]
    if len(header) < 28 or header[:8] != b"LITJRNL\n":
        report.damage.append(f"{name}: no segment header")
        return
    version, own, salt, check = struct.unpack("<IQII", header[8:])
    if version != 1 or own != first or zlib.crc32(header[:24]) != check:
        report.damage.append(f"{name}: segment header of version {version}, position {own}")
        return
    at = 28
    while at < len(data):
        record = _record(data, at, salt, first)
        if record is not None:
            _count(report, *record)
            at += 44 + len(record[1])
            continue
        after = _search(data, at + 1, salt, first)
        vouched = any(int.from_bytes(data[p + 36 : p + 44], "little") > first + at for p in after)
        if newest and not vouched:
            report.torn_bytes = len(data) - at
            break
        resume = after[0] if after else len(data)
        report.damage.append(f"{name}: position {first + at} to {first + resume} unreadable")
        at = resume
    report.end = first + at


def _record(data: bytes, at: int, salt: int, first: int) -> tuple[int, bytes] | None:
    """(kind, payload) of the record at offset `at`, or None."""
    if data[at : at + 4] != b"\xa9LJR" or at + 44 > len(data):
        return None
    check, length = struct.unpack_from("<II", data, at + 4)
    (kind,) = struct.unpack_from("<H", data, at + 12)
    (own,) = struct.unpack_from("<Q", data, at + 28)
    whole = data[at + 8 : at + 44 + length]
    if own != first + at or len(whole) != 36 + length or zlib.crc32(whole, salt) != check:
        return None
    return kind, whole[36:]


def _search(data: bytes, at: int, salt: int, first: int) -> list[int]:
    """Offsets of all sound records from `at` on."""
    found = []
    while (at := data.find(b"\xa9LJR", at)) >= 0:
        if _record(data, at, salt, first) is not None:
            found.append(at)
        at += 1
    return found


def _count(report: JournalReport, kind: int, payload: bytes) -> None:
    if kind == 0:
        return
    report.records += 1
    report.payload_bytes += len(payload)
    report.by_kind[kind] = report.by_kind.get(kind, 0) + 1
