"""The writer of a log: group commit, durable before it answers, then published as C2SP tiles.

    append -> queue -> [commit thread] tail + signed checkpoint, one sync -> answers
                    -> [publish thread] bundles, tiles, synced -> witnesses -> `checkpoint`

Whatever waits while a sync runs becomes the next group, so that callers share syncs: one waits for
one or two, a thousand at once for the same. An answer means that the entry is on the disk under a
checkpoint that the log has signed. Publishing follows within `publish_s`; after a crash it goes on
from the tail.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from littoral.schema.logentry import LogEntry
from littoral.store.files import Held, lock_alone, sync_directory, write_new
from littoral.store.log import merkle, tail, tiles
from littoral.store.log.checkpoint import Checkpoint, SignedCheckpoint
from littoral.store.log.cosign import Witnesses
from littoral.store.log.files import write_all, write_parts
from littoral.store.log.note import Signature
from littoral.store.log.proof import LogProof
from littoral.store.log.reader import LogReader
from littoral.store.log.recover import LogCorrupt, LogError, Standing, standing
from littoral.store.log.signing import Signer
from littoral.store.log.waiting import Waiting, answer_all, as_bytes

__all__ = ["Log", "LogCorrupt", "LogError"]

GROUP_ENTRIES = 8192
GROUP_BYTES = 4 << 20
SEGMENT_BYTES = 8 << 20
WAITING_BYTES = 64 << 20  # in the queue; beyond it callers are told that the log is behind
UNPUBLISHED_ENTRIES = 500_000  # beyond it groups wait for the publisher


class Log:
    """One writer a folder. All methods may be called from any thread."""

    def __init__(
        self,
        root: Path,
        key: Signer,
        witnesses: Witnesses | None = None,
        publish_s: float = 1.0,
    ) -> None:
        """Opens the log or begins it. LogError when another process writes there or the key is
        not the log's, LogCorrupt when the folder does not fit itself."""
        self.root = root
        self.key = key
        self.witnesses = witnesses or Witnesses(())
        self._publish_s = publish_s
        self._lock_fd = _lock(root)
        try:
            begin(root, key)
            at = standing(root, key.public)
            self.cut_bytes = at.cut_bytes
        except BaseException:
            os.close(self._lock_fd)
            raise
        self._take_up(at)
        self._reader = LogReader(root, key.public)
        self._reader_lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,), name=f"log-{name}", daemon=True)
            for name, work in (("commit", self._commit), ("publish", self._publish))
        ]
        for thread in self._threads:
            thread.start()

    def _take_up(self, at: Standing) -> None:
        self._tree = at.tree
        self._edge = at.edge
        self._published = at.published
        self._newest = at.newest
        self._unpublished = (at.entries, at.leaves)
        self._segments = at.segments
        self._segment_fd = -1
        self._segment_bytes = 0
        self._queue: deque[Waiting] = deque()
        self._queued_bytes = 0
        self._failed: BaseException | None = None
        self._closing = False
        self._committed = False  # the commit thread is through
        self._wanted = at.newest.size  # size that somebody waits to see published
        state = threading.Lock()
        self._work = threading.Condition(state)  # something to commit, or room for it
        self._unseen = threading.Condition(state)  # something to publish
        self._shown = threading.Condition(state)  # something was published

    # -- callers --

    def append(self, entries: Sequence[LogEntry | bytes]) -> Future[int]:
        """Index of the first of the entries, once all are durable; they are neighbours.

        The future has LogError when the log failed: then the entries may or may not be in it.
        Raises ValueError or EntryError for what cannot be kept, LogError when closed or behind.
        """
        future: Future[int] = Future()
        self._enqueue(Waiting(as_bytes(entries), future))
        return future

    def drain(self, wait_s: float) -> None:
        """Returns once all that was handed in before is durable. Raises LogError, TimeoutError."""
        future: Future[int] = Future()
        self._enqueue(Waiting([], future))
        future.result(wait_s)

    async def append_async(self, entries: Sequence[LogEntry | bytes]) -> int:
        """The same for an event loop: `index = await log.append_async([entry])`.

        Cheaper than wrapping the future of `append`: a whole group wakes its loop once.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[int] = loop.create_future()
        self._enqueue(Waiting(as_bytes(entries), future, loop))
        return await future

    def _enqueue(self, waiting: Waiting) -> None:
        size = waiting.bytes
        with self._work:
            self._usable()
            if self._queued_bytes + size > WAITING_BYTES:
                raise LogError("the log is behind: too much waits to be written")
            self._queued_bytes += size
            self._queue.append(waiting)
            self._work.notify()

    def _usable(self) -> None:
        if self._failed is not None:
            raise LogError(f"the log failed and has to be opened again: {self._failed}")
        if self._closing:
            raise LogError("the log is closed")

    @property
    def size(self) -> int:
        """Entries that are durable."""
        return self._newest.size

    def checkpoint(self) -> SignedCheckpoint:
        """The newest that is published."""
        return self._published

    def publish(self) -> SignedCheckpoint:
        """Publishes all that is durable now, without waiting for the next turn."""
        with self._shown:
            size = self._newest.size
            self._wanted = max(self._wanted, size)
            self._unseen.notify()
            while self._published.size < size and self._failed is None:
                self._shown.wait()
            if self._published.size < size:
                raise LogError(f"the log failed: {self._failed}")
            return self._published

    def proof(self, index: int) -> LogProof:
        """That entry `index` is in a published tree; a new entry is published for it.

        ProofError for an index that no entry has.
        """
        signed = self._published
        if signed.size <= index < self.size:
            signed = self.publish()
        with self._reader_lock:
            return self._reader.proof(index, signed)

    def close(self) -> None:
        """Appends what waits, publishes all, ends. Afterwards the tail is empty."""
        with self._work:
            self._closing = True
            self._work.notify_all()
            self._unseen.notify_all()
        for thread in self._threads:
            thread.join()
        if self._segment_fd >= 0:
            os.close(self._segment_fd)
            self._segment_fd = -1
        if self._failed is None:
            self._drop_segments(self._published.size)
        if self._lock_fd >= 0:
            os.close(self._lock_fd)
            self._lock_fd = -1

    def __enter__(self) -> Log:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- threads --

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            with self._work:
                self._failed = self._failed or error
                left = list(self._queue)
                self._queue.clear()
                for condition in (self._work, self._unseen, self._shown):
                    condition.notify_all()
            answer_all(left, LogError(f"the log failed: {error}"))

    def _commit(self) -> None:
        while group := self._next_group():
            try:
                firsts = self._write_group(group)
            except BaseException as error:
                answer_all(group, LogError(f"the log failed: {error}"))
                raise
            answer_all(group, firsts)
        with self._work:
            self._committed = True
            self._unseen.notify_all()

    def _next_group(self) -> list[Waiting]:
        """Empty when the log closes and nothing waits, or has failed."""
        with self._work:
            while True:
                behind = len(self._unpublished[0]) > UNPUBLISHED_ENTRIES
                if self._failed is not None or (self._closing and not self._queue):
                    return []
                if self._queue and not behind:
                    break
                self._work.wait()
            group: list[Waiting] = []
            count = size = 0
            while self._queue and count < GROUP_ENTRIES and size < GROUP_BYTES:
                waiting = self._queue.popleft()
                group.append(waiting)
                count += len(waiting.entries)
                size += waiting.bytes
            self._queued_bytes -= size
            return group

    def _write_group(self, group: list[Waiting]) -> list[int]:
        first = self._tree.size
        firsts: list[int] = []
        entries: list[bytes] = []
        for waiting in group:
            firsts.append(first + len(entries))
            entries += waiting.entries
        if not entries:
            return firsts
        leaves = [merkle.leaf_hash(entry) for entry in entries]
        for leaf in leaves:
            self._tree.push(leaf)
        checkpoint = Checkpoint(self.key.name, self._tree.size, self._tree.root())
        note = self.key.sign(checkpoint.text)
        data = tail.pack_group(first, len(entries), tiles.pack_entries(entries), str(note).encode())
        if self._segment_fd < 0 or self._segment_bytes + len(data) > SEGMENT_BYTES:
            self._new_segment(first)
        write_all(self._segment_fd, data)
        os.fdatasync(self._segment_fd)
        with self._work:
            self._segment_bytes += len(data)
            self._segments[-1] = (self._segments[-1][0], self._tree.size)
            self._unpublished[0].extend(entries)
            self._unpublished[1].extend(leaves)
            self._newest = SignedCheckpoint(checkpoint, note)
            self._unseen.notify()
        return firsts

    def _new_segment(self, first: int) -> None:
        if self._segment_fd >= 0:
            os.close(self._segment_fd)
        path = self.root / "tail" / tail.segment_name(first)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
        self._segment_fd = os.open(path, flags, 0o640)
        os.fsync(self._segment_fd)
        sync_directory(path.parent)
        with self._work:
            self._segments.append((path, first))
        self._segment_bytes = 0

    def _publish(self) -> None:
        while True:
            with self._unseen:
                while self._newest.size == self._published.size:
                    if self._failed is not None or self._committed:
                        return
                    if not self._unseen.wait(self.witnesses.again_s(self._published.size)):
                        break  # a witness that is behind may be asked again
                if self._failed is not None:
                    return
                newest = self._newest
                if newest.size > self._published.size:
                    if self._wanted <= self._published.size and not self._closing:
                        # Each turn costs some ten syncs: let what comes meanwhile share them.
                        self._unseen.wait_for(
                            lambda: self._wanted > self._published.size or self._closing,
                            self._publish_s,
                        )
                    newest, (entries, leaves) = self._newest, self._unpublished
                    self._unpublished = ([], [])
                    self._work.notify()
                else:
                    entries, leaves = [], []
            if entries:
                self._publish_to(newest, entries, leaves)
            else:
                self._catch_up()

    def _publish_to(
        self, newest: SignedCheckpoint, entries: list[bytes], leaves: list[bytes]
    ) -> None:
        whole = self._edge.add(entries, leaves)
        write_parts(self.root, whole)
        write_parts(self.root, self._edge.partial())
        self._show(newest, self.witnesses.ask(newest.note, newest.size, self._reader_proof))
        self._drop_segments(newest.size, keep_last=True)

    def _catch_up(self) -> None:
        """Asks those that have not cosigned what is published; nothing new has come meanwhile."""
        shown = self._published
        signatures = self.witnesses.ask(shown.note, shown.size, self._reader_proof)
        if signatures:
            self._show(shown, signatures)

    def _show(self, signed: SignedCheckpoint, signatures: Sequence[Signature]) -> None:
        note = signed.note.with_signatures(signatures)
        write_new(self.root / "checkpoint", str(note).encode())
        shown = SignedCheckpoint(signed.checkpoint, note, self.witnesses.seen(note))
        with self._shown:
            self._published = shown
            self._shown.notify_all()

    def _reader_proof(self, old: int, new: int) -> list[bytes]:
        # A reader of its own: this one must see tiles that no checkpoint names yet.
        return LogReader(self.root, self.key.public).consistency(old, new)

    def _drop_segments(self, size: int, keep_last: bool = False) -> None:
        """Deletes what lies wholly in published tiles."""
        with self._work:
            old = [s for s in self._segments[: -1 if keep_last else None] if s[1] <= size]
            self._segments = [s for s in self._segments if s not in old]
        for path, _ in old:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
        if old:
            sync_directory(self.root / "tail")


def _lock(root: Path) -> int:
    root.mkdir(parents=True, exist_ok=True)
    try:
        return lock_alone(root)
    except Held:
        raise LogError(f"{root} is being written by another process") from None


def begin(root: Path, key: Signer) -> None:
    """A folder without a log becomes an empty one; one with a log is cleared of half a file."""
    for left in root.glob("*.tmp"):
        left.unlink()
    folders = [root / name for name in ("tail", "tile")]
    if not (root / "checkpoint").exists():
        if any(f.exists() for f in folders):
            raise LogCorrupt(f"{root}: entries but no checkpoint")
        write_new(root / "vkey", f"{key.public}\n".encode())
        empty = Checkpoint(key.name, 0, merkle.EMPTY_ROOT)
        write_new(root / "checkpoint", str(key.sign(empty.text)).encode())
        sync_directory(root.parent)
    for folder in folders:
        folder.mkdir(exist_ok=True)
    sync_directory(root)
