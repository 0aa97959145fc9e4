"""Reading journal segments: entries, the end of the newest segment, the next sound record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from littoral.store import journal_format as fmt
from littoral.store.journal_format import Entry, Head, JournalCorrupt

READ_BUFFER = 1 << 20


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the newest segment ends and the salt by which it goes on."""

    salt: int
    end: int


def first_positions(directory: Path) -> list[int]:
    """First positions of the segments, ascending."""
    return sorted(int(p.name[: -len(fmt.SUFFIX)]) for p in directory.glob("*" + fmt.SUFFIX))


def read_segment(
    directory: Path, first: int, position: int, until: int, following: int | None
) -> Iterator[Entry]:
    """Entries of one segment from `position` to before `until`; `following` is the next segment's
    first position. Raises JournalCorrupt."""
    path = directory / fmt.segment_name(first)
    with open(path, "rb", buffering=READ_BUFFER) as file:
        try:
            salt = fmt.unpack_segment(file.read(fmt.HEADER_BYTES), first)
        except JournalCorrupt as broken:
            raise JournalCorrupt(broken.position, broken.reason, following) from None
        position = max(position, first + fmt.HEADER_BYTES)
        file.seek(position - first)
        while position < until:
            raw = file.read(fmt.RECORD.size)
            head = fmt.unpack_head(raw, 0, position)
            payload = file.read(head.length) if head else b""
            reason = _fault(salt, raw, head, payload)
            if reason or head is None:
                found = next_record(path.read_bytes(), salt, first, position + 1)
                resume = following if found is None else found.position
                raise JournalCorrupt(position, reason, resume)
            beyond = position + fmt.RECORD.size + head.length
            if head.kind != fmt.MARK:
                yield Entry(position, beyond, head.kind, head.source, head.at_us, payload)
            position = beyond


def _fault(salt: int, raw: bytes, head: Head | None, payload: bytes) -> str:
    if head is None:
        return "no record here" if len(raw) == fmt.RECORD.size else "record cut short"
    if len(payload) < head.length:
        return "record cut short"
    if fmt.record_check(salt, raw, payload) != head.check:
        return "checksum differs"
    return ""


def next_record(data: bytes, salt: int, first: int, position: int) -> Head | None:
    """The first sound record at or after `position` in the segment whose bytes are `data`."""
    at = data.find(fmt.RECORD_MAGIC, position - first)
    view = memoryview(data)
    while at >= 0:
        head = fmt.unpack_head(data, at, first + at)
        if head is not None:
            body = at + fmt.RECORD.size
            payload = view[body : body + head.length]
            sound = len(payload) == head.length
            if sound and fmt.record_check(salt, view[at:body], payload) == head.check:
                return head
        at = data.find(fmt.RECORD_MAGIC, at + 1)
    return None


def recover_tail(directory: Path, first: int) -> Tail:
    """The end of what the newest segment holds.

    A bad record there is either a write that a crash cut off or damage to what had been synced.
    Each record carries the position up to which all was durable when it was made, so a sound
    record further on that vouches for the bad one shows damage: then the segment is kept as it is
    (reading will report the place) and ends after its last sound record. Otherwise nothing from
    the bad record on was ever promised to anybody, and the segment ends there.
    """
    data = (directory / fmt.segment_name(first)).read_bytes()
    salt = fmt.unpack_segment(data[: fmt.HEADER_BYTES], first)
    end = first + fmt.HEADER_BYTES
    view = memoryview(data)
    while end - first < len(data):
        head = fmt.unpack_head(data, end - first, end)
        body = end - first + fmt.RECORD.size
        length = head.length if head else 0
        raw, payload = view[end - first : body], view[body : body + length]
        if head and len(payload) == length and fmt.record_check(salt, raw, payload) == head.check:
            end = first + body + length
            continue
        voucher = _voucher(data, salt, first, end)
        if voucher is None:
            break
        end = voucher
    return Tail(salt, end)


def _voucher(data: bytes, salt: int, first: int, bad: int) -> int | None:
    """Position of the first sound record after `bad`, when a later one says `bad` was synced."""
    resume: int | None = None
    position = bad + 1
    while (head := next_record(data, salt, first, position)) is not None:
        resume = head.position if resume is None else resume
        if head.synced > bad:
            return resume
        position = head.position + 1
    return None


def kept_entries(directory: Path, start: int = 0) -> Iterator[Entry]:
    """All entries in order from that at `start` on, beside a writer or without one; nothing is
    locked or cut off. Damaged places are passed over, as fsck names them."""
    firsts = first_positions(directory)
    for i, first in enumerate(firsts):
        following = firsts[i + 1] if i + 1 < len(firsts) else None
        until = recover_tail(directory, first).end if following is None else following
        if until <= start:
            continue
        position: int | None = max(first, start)
        while position is not None and position < until:
            try:
                yield from read_segment(directory, first, position, until, following)
                break
            except JournalCorrupt as broken:
                position = broken.resume
