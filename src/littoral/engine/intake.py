"""Live input into the journal: whole lines, in order, durable before anybody is told.

A feed is what an operator configured (a listener, a client, a port); each connection of it is a
source of its own, with its own line numbers. The journal holds whole lines alone, so that whoever
reads it needs nothing of what was before.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

from littoral.engine.runtime import FeedHealth
from littoral.store.journal import Journal

LINES, TICK, OPENED, CLOSED = 1, 2, 3, 4  # kinds of journal records
MAX_LINE = 64 << 10  # a line that is longer is not AIS; it is cut here and rejected by the decoder
SYNC_EVERY_S = 0.02
MAX_AHEAD = 64 << 20  # bytes that the journal may be ahead of the engine before feeds must wait
RATE_WINDOW_S = 5.0


@dataclass(slots=True)
class _Feed:
    """Counters of one feed, for the health panel."""

    name: str
    kind: str
    connections: int = 0
    lines: int = 0
    last_received_us: int | None = None
    rate: float = 0.0
    rate_lines: int = 0
    rate_since_s: float = 0.0


@dataclass(slots=True)
class _Source:
    number: int
    feed: _Feed
    rest: bytearray = field(default_factory=bytearray)


class Intake:
    """Thread-safe. `on_data` is called, from any thread, after something became durable."""

    def __init__(
        self,
        journal: Journal,
        on_data: Callable[[], None],
        now_us: Callable[[], int],
    ) -> None:
        self._journal = journal
        self._next_source = 1
        self._on_data = on_data
        self._now_us = now_us
        self._lock = threading.Lock()
        self._feeds: dict[str, _Feed] = {}
        self._sources: dict[str, _Source] = {}
        self._positions: dict[str, int] = {}
        self._read_to = 0
        self._room = threading.Condition()
        self._dirty = threading.Event()
        self._stop = threading.Event()
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._sync_loop, name="journal", daemon=True)

    def resume(self, next_source: int, numbered: dict[str, tuple[int, int]]) -> None:
        """Before `start`: what the journal holds. `numbered`: of each sender that numbers its bytes
        (`take_numbered`), by name, its source and the bytes already taken."""
        self._next_source = next_source
        for name, (number, taken) in numbered.items():
            feed = self._feeds.setdefault(name, _Feed(name, "http"))
            self._sources[f"numbered:{name}"] = _Source(number, feed)
            self._positions[name] = taken

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Everything appended so far becomes durable; nothing more is taken."""
        self._stop.set()
        self._dirty.set()
        with self._room:
            self._room.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def engine_read_to(self, position: int) -> None:
        """The engine has read the journal up to here: waiting feeds may go on."""
        with self._room:
            self._read_to = position
            self._room.notify_all()

    def add_feed(self, name: str, kind: str) -> None:
        """Show a feed in the health panel before its first connection."""
        with self._lock:
            self._feeds.setdefault(name, _Feed(name, kind))

    def opened(self, feed: str, kind: str, connection: str) -> None:
        """A connection of `feed` began; `connection` names it until `closed`."""
        with self._lock:
            known = self._feeds.setdefault(feed, _Feed(feed, kind))
            known.connections += 1
            self._sources[connection] = source = _Source(self._next_source, known)
            self._next_source += 1
            about = orjson.dumps({"feed": feed, "kind": kind, "connection": connection})
            self._journal.append(OPENED, source.number, self._now_us(), about)
        self._dirty.set()

    def closed(self, connection: str) -> None:
        """The connection ended; an unfinished line is given to the decoder, which will say so."""
        with self._lock:
            source = self._sources.pop(connection, None)
            if source is None:
                return
            source.feed.connections -= 1
            if source.rest:
                self._append(source, bytes(source.rest) + b"\n", self._now_us())
            self._journal.append(CLOSED, source.number, self._now_us(), b"")
        self._dirty.set()

    def take(self, connection: str, chunk: bytes, received_us: int) -> None:
        """Bytes of an open connection. Waits while the engine is far behind (back-pressure)."""
        self._wait_for_room()
        with self._lock:
            self._take(self._sources[connection], chunk, received_us)
        self._dirty.set()

    def take_numbered(self, name: str, position: int, chunk: bytes) -> int:
        """Bytes of a sender that numbers them and asks how far they are safe: returns the position
        up to which all is durable (whole lines); the sender goes on from there. May be repeated.

        Raises ValueError when `position` lies beyond what is known: bytes would be missing.
        """
        self._wait_for_room()
        connection = f"numbered:{name}"
        if connection not in self._sources:
            self.opened(name, "http", connection)
        with self._lock:
            source = self._sources[connection]
            known = self._positions.get(name, 0)
            if position > known:
                raise ValueError(f"bytes {known} to {position} are missing; send from {known}")
            whole = chunk.rfind(b"\n") + 1
            fresh = chunk[known - position : whole]
            if fresh:
                self._append(source, fresh, self._now_us(), known + len(fresh))
                self._positions[name] = known + len(fresh)
            safe = self._positions.get(name, 0)
        self._sync()
        return safe

    def tick(self, event_us: int) -> None:
        """The live clock, as a record like any other, so that a second reading gives the same."""
        with self._lock:
            self._journal.append(TICK, 0, event_us, b"")
        self._dirty.set()

    def quiet_for_us(self) -> int | None:
        """Time since anything was received; None when nothing ever was."""
        with self._lock:
            times = [f.last_received_us for f in self._feeds.values() if f.last_received_us]
        return self._now_us() - max(times) if times else None

    def feeds(self, rejected: dict[str, int]) -> tuple[FeedHealth, ...]:
        with self._lock:
            return tuple(
                FeedHealth(
                    f.name,
                    f.kind,
                    f.connections > 0,
                    f.lines,
                    rejected.get(f.name, 0),
                    f.last_received_us,
                    self._rate(f, 0),
                )
                for f in self._feeds.values()
            )

    def _take(self, source: _Source, chunk: bytes, received_us: int) -> None:
        end = chunk.rfind(b"\n") + 1
        if not end:
            source.rest += chunk
            if len(source.rest) > MAX_LINE:
                self._append(source, bytes(source.rest) + b"\n", received_us)
                source.rest.clear()
            return
        whole = bytes(source.rest) + chunk[:end] if source.rest else chunk[:end]
        source.rest = bytearray(chunk[end:])
        self._append(source, whole, received_us)

    def _append(self, source: _Source, lines: bytes, received_us: int, numbered: int = 0) -> None:
        """`numbered`: position of the sender after these lines; 0 when it does not number."""
        self._journal.append(LINES, source.number, received_us, numbered.to_bytes(8, "big") + lines)
        n = lines.count(b"\n")
        source.feed.lines += n
        source.feed.last_received_us = received_us
        self._rate(source.feed, n)

    def _rate(self, feed: _Feed, lines: int) -> float:
        """Lines a second over the last whole window."""
        now = time.monotonic()
        feed.rate_lines += lines
        span = now - feed.rate_since_s
        if span >= RATE_WINDOW_S:
            feed.rate = feed.rate_lines / span if feed.rate_since_s else 0.0
            feed.rate_lines, feed.rate_since_s = 0, now
        return feed.rate

    def _wait_for_room(self) -> None:
        with self._room:
            self._room.wait_for(
                lambda: self._journal.end - self._read_to < MAX_AHEAD or self._stop.is_set()
            )
        if self._failed is not None:
            raise OSError(f"the journal takes no more: {self._failed}")

    def _sync_loop(self) -> None:
        while not self._stop.is_set():
            self._dirty.wait()
            self._dirty.clear()
            try:
                self._sync()
            except OSError as error:  # a full or broken disk: feeds are told by `take`
                self._failed = error
                return
            self._stop.wait(SYNC_EVERY_S)
        self._sync()

    def _sync(self) -> None:
        self._journal.sync()
        self._on_data()
