"""Durable append-only journal of live input: what it has synced is read back after any crash.

One writer a directory. `append` buffers, `sync` makes durable (one fsync for all that was appended
before: group commit); whoever must answer a sender answers after `sync`. The format is in
`journal_format`, a reader that shares no code with this one in `journal_fsck`.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

from littoral.store import journal_format as fmt
from littoral.store.files import Held, lock_alone, sync_directory, write_new
from littoral.store.journal_format import Entry, JournalCorrupt, JournalError
from littoral.store.journal_read import Tail, first_positions, read_segment, recover_tail

__all__ = ["Entry", "Journal", "JournalCorrupt", "JournalError"]

FLUSH_BYTES = 1 << 20


class Journal:
    """Open with `Journal.open`. Safe for several appending threads; reading needs no lock."""

    def __init__(self, directory: Path, segment_bytes: int, lock: int) -> None:
        self.directory = directory
        self.segment_bytes = segment_bytes
        self.cut_bytes = 0  # torn, never synced bytes that `open` removed
        self._lock_fd = lock
        self._append_lock = threading.Lock()
        self._sync_lock = threading.Lock()
        self._buffer = bytearray()
        self._fd = -1
        self._salt = 0
        self._segment = 0  # first position of the segment being written
        self._flushed = 0  # position up to which the file has the bytes
        self._synced = 0
        self._failed: str | None = None

    @classmethod
    def open(cls, directory: str | Path, segment_bytes: int = 64 << 20) -> Journal:
        """Opens or creates. Cuts a tail that was never synced (`cut_bytes` says how much).

        Raises JournalError when another process writes there or the format is unknown, and
        JournalCorrupt when the newest segment cannot be continued (its header is damaged).
        """
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        try:
            lock = lock_alone(directory)
        except Held:
            raise JournalError(f"{directory} is being written by another process") from None
        journal = cls(directory, segment_bytes, lock)
        try:
            journal._start()
        except BaseException:
            journal._release()
            raise
        return journal

    def _start(self) -> None:
        for left in self.directory.glob("*.tmp"):
            left.unlink()
        firsts = first_positions(self.directory)
        if not firsts:
            self._new_segment(0)
            return
        tail: Tail = recover_tail(self.directory, firsts[-1])
        path = self.directory / fmt.segment_name(firsts[-1])
        self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self._segment, self._salt = firsts[-1], tail.salt
        self.cut_bytes = os.fstat(self._fd).st_size - (tail.end - self._segment)
        if self.cut_bytes:
            os.ftruncate(self._fd, tail.end - self._segment)
        os.fsync(self._fd)  # what was read back may not have been synced by the writer before us
        os.lseek(self._fd, 0, os.SEEK_END)
        self._flushed = self._synced = tail.end

    @property
    def end(self) -> int:
        """Position after the last record appended."""
        return self._flushed + len(self._buffer)

    @property
    def synced(self) -> int:
        """Everything before this position is durable."""
        return self._synced

    @property
    def start(self) -> int:
        """First position that is still kept."""
        return first_positions(self.directory)[0]

    def append(self, kind: int, source: int, at_us: int, payload: bytes) -> int:
        """Position of the new record. Durable only after `sync`. `kind` 1..65535, `source` uint32.

        Raises ValueError for what the format cannot hold and OSError when the disk takes no more;
        then nothing was appended.
        """
        if not 0 < kind <= 0xFFFF or not 0 <= source <= 0xFFFFFFFF:
            raise ValueError(f"kind {kind} or source {source} out of range")
        if len(payload) > fmt.MAX_PAYLOAD:
            raise ValueError(f"payload of {len(payload)} bytes; limit {fmt.MAX_PAYLOAD}")
        with self._append_lock:
            return self._append(kind, source, at_us, payload)

    def _append(self, kind: int, source: int, at_us: int, payload: bytes) -> int:
        self._usable()
        size = fmt.RECORD.size + len(payload)
        used = self.end - self._segment
        if used > fmt.HEADER_BYTES and used + size > self.segment_bytes:
            self._roll()
        elif len(self._buffer) + size > FLUSH_BYTES:
            self._flush()
        position = self.end
        self._buffer += fmt.pack_record(
            self._salt, kind, source, at_us, payload, position, self._synced
        )
        return position

    def sync(self) -> int:
        """Makes all that was appended before the call durable; returns `synced`.

        When the system reports that syncing failed, what it had buffered may be lost although the
        next call would succeed, so the journal refuses all further work until it is opened again.
        """
        target = self.end
        with self._sync_lock:
            if self._synced >= target and not self._failed:
                return self._synced
            with self._append_lock:
                self._usable()
                self._flush()
                target = self._flushed
                # A copy: another thread may roll to a new segment and close the descriptor.
                fd = os.dup(self._fd)
            try:
                os.fdatasync(fd)
            except OSError as error:
                self._failed = f"sync failed: {error}"
                raise
            finally:
                os.close(fd)
            with self._append_lock:
                self._synced = max(self._synced, target)
            return self._synced

    def read(self, from_position: int) -> Iterator[Entry]:
        """Entries from `from_position` (a position or next_position) to the end as it is now.

        Raises JournalError when that place is trimmed or beyond the end, JournalCorrupt when a
        record on the way is damaged; to go on without it is the caller's decision (`resume`).
        """
        with self._append_lock:
            if self._fd >= 0 and not self._failed:
                self._flush()
            until = self._flushed
        firsts = first_positions(self.directory)
        if from_position < firsts[0]:
            raise JournalError(f"position {from_position} is trimmed; kept from {firsts[0]}")
        if from_position > until:
            raise JournalError(f"position {from_position} is beyond the end {until}")
        return self._entries(firsts, from_position, until)

    def _entries(self, firsts: list[int], position: int, until: int) -> Iterator[Entry]:
        for i, first in enumerate(firsts):
            following = firsts[i + 1] if i + 1 < len(firsts) else None
            end = until if following is None else following
            if position >= end:
                continue
            yield from read_segment(self.directory, first, position, end, following)
            position = end

    def trim(self, before_position: int) -> int:
        """Deletes segments that lie wholly before the position; returns the first one kept."""
        firsts = first_positions(self.directory)
        while len(firsts) > 1 and firsts[1] <= before_position:
            (self.directory / fmt.segment_name(firsts.pop(0))).unlink()
        sync_directory(self.directory)
        return firsts[0]

    def close(self) -> None:
        """Syncs and leaves a mark, by which later damage to the last records can be told from a
        write that was cut off."""
        if self._fd < 0:
            return
        try:
            if not self._failed:
                self.sync()
                with self._append_lock:
                    self._append(fmt.MARK, 0, 0, b"")
                self.sync()
        finally:
            self._release()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _release(self) -> None:
        for fd in (self._fd, self._lock_fd):
            if fd >= 0:
                os.close(fd)
        self._fd = self._lock_fd = -1

    def _usable(self) -> None:
        if self._failed:
            raise JournalError(self._failed)
        if self._fd < 0:
            raise JournalError("journal is closed")

    def _flush(self) -> None:
        """Hands the buffer to the system. All or nothing, so that a full disk leaves no half
        record in the middle once there is room again."""
        if not self._buffer:
            return
        view = memoryview(self._buffer)
        done = 0
        try:
            while done < len(view):
                done += os.write(self._fd, view[done:])
        except OSError:
            os.ftruncate(self._fd, self._flushed - self._segment)
            os.lseek(self._fd, 0, os.SEEK_END)
            raise
        finally:
            view.release()
        self._flushed += done
        self._buffer.clear()

    def _roll(self) -> None:
        """Closes the segment and begins the next; the old one is durable before the new exists,
        so only the newest segment can have a torn tail."""
        self._flush()
        try:
            os.fsync(self._fd)
        except OSError as error:
            self._failed = f"sync failed: {error}"
            raise
        self._synced = self._flushed
        old, following = self._fd, self._flushed
        try:
            self._new_segment(following)
        except OSError:
            # A second segment from this position while the old one grows on would contradict it.
            (self.directory / fmt.segment_name(following)).unlink(missing_ok=True)
            raise
        os.close(old)

    def _new_segment(self, first: int) -> None:
        salt = secrets.randbits(32)
        path = self.directory / fmt.segment_name(first)
        write_new(path, fmt.pack_segment(first, salt))
        self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        os.lseek(self._fd, 0, os.SEEK_END)
        self._segment, self._salt = first, salt
        self._flushed = self._synced = first + fmt.HEADER_BYTES
