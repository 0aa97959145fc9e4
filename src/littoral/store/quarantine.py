"""Rejected lines, kept with their source, line number and reason: bounded, the oldest go first.

Segments of JSON lines, one batch a write. What was dropped to keep the bound is counted, so that
the number of rejected lines stays true even when the lines themselves are gone. Nothing is synced:
rejects are evidence, not acknowledged input, and after a crash the engine gives them again under
the same key.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import BinaryIO, Protocol

import numpy as np
import orjson

SUFFIX = ".jsonl"
MAX_RAW = 512  # bytes of a line that are kept; the rest says nothing more of what is wrong
TAIL_BYTES = 256 << 10  # read at a time from a segment's end


class RejectedLines(Protocol):
    """What a decoder rejected: `sense.decoded.Rejects` is one."""

    line: np.ndarray
    reason: list[str]
    raw: list[bytes]
    field: list[str]


@dataclass(frozen=True, slots=True)
class Rejected:
    """One line. `raw` is cut to `MAX_RAW` bytes."""

    source: str
    line: int
    reason: str
    field: str
    raw: bytes
    key: int


@dataclass(frozen=True, slots=True)
class RejectedPage:
    items: list[Rejected]
    next_cursor: str | None


class Quarantine:
    """Safe for several threads of one process. At most `max_bytes` on disk, in `segments` files."""

    def __init__(
        self, directory: str | Path, max_bytes: int = 256 << 20, segments: int = 16
    ) -> None:
        self.directory = Path(directory)
        self._segment_bytes = max(1024, max_bytes // segments)
        self._max_segments = segments
        self._lock = RLock()
        self._counts: dict[str, int] = {}
        self._dropped = 0
        self._last_key: dict[str, int] = {}
        self._file: int | None = None
        self._size = 0
        self._restore()

    def add(self, source: str, rejects: RejectedLines, key: int = 0) -> None:
        """Keeps the lines of one batch. `key` (ascending for a source, 0: none) names the batch:
        one that is there already is not taken twice."""
        if not len(rejects.reason):
            return
        with self._lock:
            if key and key <= self._last_key.get(source, 0):
                return
            data = _encode(source, rejects, key)
            if self._size and self._size + len(data) > self._segment_bytes:
                self._roll()
            if self._file is None:
                self._open(self._numbers()[-1] if self._numbers() else 0)
            assert self._file is not None
            view = memoryview(data)
            while view:
                view = view[os.write(self._file, view) :]
            self._size += len(data)
            if key:
                self._last_key[source] = key
            for reason in rejects.reason:
                self._counts[reason] = self._counts.get(reason, 0) + 1

    def counts(self) -> dict[str, int]:
        """Lines ever rejected, by reason."""
        with self._lock:
            return dict(self._counts)

    @property
    def dropped(self) -> int:
        """Lines no longer kept."""
        return self._dropped

    def recent(
        self, limit: int = 100, cursor: str | None = None, reason: str | None = None
    ) -> RejectedPage:
        """Newest first. The cursor is a place in the segments; ValueError when it is none."""
        limit = max(1, min(limit, 10_000))
        start = _parse_cursor(cursor) if cursor else None
        items: list[Rejected] = []
        for number, offset, line in self._backwards(start):
            found = _decode(line)
            if found is None or (reason is not None and found.reason != reason):
                continue
            items.append(found)
            if len(items) == limit:
                more = offset > 0 or any(n < number for n in self._numbers())
                return RejectedPage(items, f"{number}-{offset}" if more else None)
        return RejectedPage(items, None)

    def close(self) -> None:
        with self._lock:
            self._save_counts()
            if self._file is not None:
                os.close(self._file)
                self._file = None

    # -- segments

    def _numbers(self) -> list[int]:
        if not self.directory.is_dir():
            return []
        return sorted(int(p.stem) for p in self.directory.glob("*" + SUFFIX) if p.stem.isdigit())

    def _path(self, number: int) -> Path:
        return self.directory / f"{number:010d}{SUFFIX}"

    def _open(self, number: int) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self._file = os.open(
            self._path(number), os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640
        )
        self._size = os.fstat(self._file).st_size

    def _roll(self) -> None:
        numbers = self._numbers()
        if self._file is not None:
            os.close(self._file)
        self._open(numbers[-1] + 1)
        for number in numbers[: max(0, len(numbers) + 1 - self._max_segments)]:
            self._dropped += self._path(number).read_bytes().count(b"\n")
            self._path(number).unlink()
        self._save_counts()

    def _save_counts(self) -> None:
        """Beside the segments; what came after is counted again from the last segment at start."""
        if not self.directory.is_dir():
            return
        numbers = self._numbers()
        state = {
            "counts": self._counts,
            "dropped": self._dropped,
            "keys": self._last_key,
            "segment": numbers[-1] if numbers else 0,
            "size": self._size,
        }
        temporary = self.directory / "counts.json.tmp"
        temporary.write_bytes(orjson.dumps(state))
        os.replace(temporary, self.directory / "counts.json")

    def _restore(self) -> None:
        numbers = self._numbers()
        if not numbers:
            return
        first, offset = numbers[0], 0
        kept = _read_counts(self.directory / "counts.json")
        if kept is not None:
            self._counts, self._dropped, self._last_key, first, offset = kept
        for number in (n for n in numbers if n >= first):
            path = self._path(number)
            data = path.read_bytes()
            whole = _whole_batches(data)
            if whole != len(data):
                os.truncate(path, whole)
            for line in data[offset if number == first else 0 : whole].splitlines():
                found = _decode(line)
                if found is not None:
                    self._counts[found.reason] = self._counts.get(found.reason, 0) + 1
                    if found.key:
                        self._last_key[found.source] = found.key
        self._open(numbers[-1])

    def _backwards(self, start: tuple[int, int] | None) -> Iterator[tuple[int, int, bytes]]:
        """(segment, offset, line) from the newest line, or from before `start`, to the oldest."""
        for number in reversed(self._numbers()):
            if start is not None and number > start[0]:
                continue
            end = start[1] if start is not None and number == start[0] else None
            try:
                with open(self._path(number), "rb") as file:
                    size = file.seek(0, os.SEEK_END)
                    yield from _lines_backwards(
                        file, number, size if end is None else min(end, size)
                    )
            except FileNotFoundError:
                return  # dropped meanwhile, and so is all before it


def _read_counts(path: Path) -> tuple[dict[str, int], int, dict[str, int], int, int] | None:
    """Counts, lines dropped, last keys, segment and size. None where there are none, or a crash of
    the machine damaged them: then the lines still there are counted."""
    try:
        state = orjson.loads(path.read_bytes())
        counts, keys = state["counts"], state["keys"]
        numbers = state["dropped"], state["segment"], state["size"]
        if not all(isinstance(n, int) for n in (*counts.values(), *keys.values(), *numbers)):
            return None
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None
    dropped, segment, size = numbers
    return counts, dropped, keys, segment, size


def _lines_backwards(file: BinaryIO, number: int, end: int) -> Iterator[tuple[int, int, bytes]]:
    rest = b""
    while end > 0:
        begin = max(0, end - TAIL_BYTES)
        file.seek(begin)
        data = file.read(end - begin) + rest
        # The first line of the piece may begin before it, unless the piece begins the file.
        cut = data.find(b"\n") + 1 if begin else 0
        if begin and not cut:
            rest, end = data, begin
            continue
        offset = begin + len(data)
        for line in reversed(data[cut:].splitlines(keepends=True)):
            offset -= len(line)
            yield number, offset, line
        rest, end = data[:cut], begin


def _encode(source: str, rejects: RejectedLines, key: int) -> bytes:
    lines = []
    for line, reason, raw, field in zip(
        rejects.line.tolist(), rejects.reason, rejects.raw, rejects.field, strict=True
    ):
        row: dict[str, object] = {"source": source, "line": line, "reason": reason}
        if field:
            row["field"] = field
        kept = raw[:MAX_RAW]
        if kept.isascii():
            row["raw"] = kept.decode("ascii")
        else:
            row["raw_base64"] = base64.b64encode(kept).decode()
        if key:
            row["key"] = key
        lines.append(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    return b"".join(lines)


def _decode(line: bytes) -> Rejected | None:
    """None for a line that a crash of the machine left damaged."""
    try:
        row = orjson.loads(line)
        raw = row["raw"].encode() if "raw" in row else base64.b64decode(row["raw_base64"])
        found = Rejected(
            row["source"], row["line"], row["reason"], row.get("field", ""), raw, row.get("key", 0)
        )
        words, numbers = (found.source, found.reason, found.field), (found.line, found.key)
        fits = all(isinstance(w, str) for w in words) and all(isinstance(n, int) for n in numbers)
        return found if fits else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _whole_batches(data: bytes) -> int:
    """Bytes up to where a crash cut a batch off; all of them when the last line is whole."""
    whole = data.rfind(b"\n") + 1
    if whole == len(data):
        return whole
    lines = data[:whole].splitlines(keepends=True)
    last = _decode(lines[-1]) if lines else None
    while lines and last and last.key and _same_batch(_decode(lines[-1]), last):
        whole -= len(lines.pop())
    return whole


def _same_batch(one: Rejected | None, other: Rejected) -> bool:
    return one is not None and (one.source, one.key) == (other.source, other.key)


def _parse_cursor(cursor: str) -> tuple[int, int]:
    number, _, offset = cursor.partition("-")
    if not (number.isascii() and number.isdigit() and offset.isascii() and offset.isdigit()):
        raise ValueError("the cursor is not one that this list gave")
    return int(number), int(offset)
