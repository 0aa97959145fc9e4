"""Live input into the journal: whole lines, in order, durable before anybody is told.

A feed is what an operator configured (a listener, a client, a port); each connection of it is a
source of its own, with its own line numbers. The journal holds whole lines alone, so that whoever
reads it needs nothing of what was before.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import orjson

from littoral.engine.numbered import HEAD_BYTES, LINES, Busy, Sender, TooManySenders
from littoral.engine.runtime import FeedHealth, Taken
from littoral.store.journal import Journal, JournalError

TICK, OPENED, CLOSED = 2, 3, 4  # kinds of journal records, beside LINES
MAX_LINE = 64 << 10  # a line that is longer is not AIS; it is cut here and rejected by the decoder
SYNC_EVERY_S = 0.02
MAX_AHEAD = 64 << 20  # bytes that the journal may be ahead of the engine before feeds must wait
ROOM_WAIT_S = 2.0  # a sender that is answered is told to come again rather than kept waiting
MAX_SENDERS = 1000  # names of senders that number; each is a source for ever
HEARD_US = 60_000_000  # a sender over HTTP counts as connected for so long after it gave something
RATE_WINDOW_S = 5.0


@dataclass(slots=True)
class _Feed:
    """Counters of one feed, for the health panel."""

    name: str
    kind: str
    connections: int = 0
    lines: int = 0
    last_received_us: int | None = None
    last_error: str | None = None  # None: the last attempt to connect succeeded
    rate: float = 0.0
    rate_lines: int = 0
    rate_since_s: float = 0.0

    def heard_after(self, t_us: int) -> bool:
        """Of a sender over HTTP, which has no connection that stays."""
        return self.kind == "http" and (self.last_received_us or 0) > t_us


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
        self._senders: dict[str, Sender] = {}
        self._started_us = 0
        self._read_to = 0
        self._room = threading.Condition()
        self._dirty = threading.Event()
        self._stop = threading.Event()
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._sync_loop, name="journal", daemon=True)

    def resume(self, next_source: int, senders: dict[str, Sender]) -> None:
        """Before `start`: what the journal holds. `senders`: those that number their bytes."""
        self._next_source = next_source
        for name, sender in senders.items():
            feed = self._feeds.setdefault(name, _Feed(name, "http"))
            self._sources[_connection_of(name)] = _Source(sender.source, feed)
            self._senders[name] = sender

    def start(self) -> None:
        self._started_us = self._now_us()
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
            known = self._open(feed, kind, connection).feed
            known.connections += 1
            known.last_error = None
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

    def failed(self, feed: str, why: str) -> None:
        """`feed` could not connect, or its line broke; it tries again."""
        with self._lock:
            if feed in self._feeds:
                self._feeds[feed].last_error = why

    def take(self, connection: str, chunk: bytes, received_us: int) -> None:
        """Bytes of an open connection. Waits while the engine is far behind (back-pressure)."""
        self._wait_for_room()
        with self._lock:
            self._take(self._sources[connection], chunk, received_us)
        self._dirty.set()

    def take_numbered(self, name: str, position: int, chunk: bytes) -> Taken:
        """Bytes of a sender that numbers them; returns after they are durable. `position` is that
        of the first byte. Only whole lines are taken; what came before is not taken twice.

        Raises Gap, Conflict, TooManySenders, and Busy when nothing can be taken now.
        """
        self._wait_for_room(ROOM_WAIT_S)
        with self._busy_when_broken():
            sender = self._sender(name)
            with sender.lock:
                sender.check(self._journal, position, chunk)
                lines = self._take_fresh(name, sender, chunk[sender.held - position :])
                held = sender.held
            self._sync()
        return Taken(held, lines)

    def held(self, name: str) -> int:
        """Position up to which all of a sender's bytes are durable; 0 of one that never came."""
        sender = self._senders.get(name)
        if sender is None:
            return 0
        held = sender.held
        with self._busy_when_broken():
            self._sync()
        return held

    @contextmanager
    def _busy_when_broken(self) -> Iterator[None]:
        try:
            yield
        except (OSError, JournalError) as error:
            raise Busy(f"the journal takes no more: {error}") from error

    def _sender(self, name: str) -> Sender:
        with self._lock:
            sender = self._senders.get(name)
            if sender is None:
                if len(self._senders) >= MAX_SENDERS:
                    raise TooManySenders(f"{MAX_SENDERS} senders are known already")
                source = self._open(name, "http", _connection_of(name))
                sender = self._senders[name] = Sender(source.number)
            return sender

    def _take_fresh(self, name: str, sender: Sender, fresh: bytes) -> int:
        """Append the whole lines of `fresh`, which goes on from what is held; gives their number.
        What is too long for a line and has no end is cut, as on any feed."""
        taken = fresh.rfind(b"\n") + 1
        if not taken and len(fresh) > MAX_LINE:
            taken = len(fresh)
        if not taken:
            return 0
        lines = fresh[:taken] if fresh[taken - 1 : taken] == b"\n" else fresh + b"\n"
        with self._lock:
            place = self._append(
                self._sources[_connection_of(name)], lines, self._now_us(), sender.held + taken
            )
            sender.note(place)
            sender.held += taken
        return lines.count(b"\n")

    def tick(self, event_us: int) -> None:
        """The live clock, as a record like any other, so that a second reading gives the same."""
        with self._lock:
            self._journal.append(TICK, 0, event_us, b"")
        self._dirty.set()

    def quiet_for_us(self) -> int:
        """Time since anything was received; since the start when nothing was."""
        with self._lock:
            times = [f.last_received_us for f in self._feeds.values() if f.last_received_us]
        return self._now_us() - max(times, default=self._started_us)

    def feeds(self, rejected: dict[str, int]) -> tuple[FeedHealth, ...]:
        now_us = self._now_us()
        with self._lock:
            return tuple(
                FeedHealth(
                    f.name,
                    f.kind,
                    f.connections > 0 or f.heard_after(now_us - HEARD_US),
                    f.lines,
                    rejected.get(f.name, 0),
                    f.last_received_us,
                    self._rate(f, 0),
                    f.last_error,
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

    def _open(self, feed: str, kind: str, connection: str) -> _Source:
        known = self._feeds.setdefault(feed, _Feed(feed, kind))
        about = orjson.dumps({"feed": feed, "kind": kind, "connection": connection})
        self._journal.append(OPENED, self._next_source, self._now_us(), about)
        source = self._sources[connection] = _Source(self._next_source, known)
        self._next_source += 1
        return source

    def _append(self, source: _Source, lines: bytes, received_us: int, numbered: int = 0) -> int:
        """`numbered`: position of the sender after these lines; 0 when it does not number. Gives
        the record's place in the journal."""
        head = numbered.to_bytes(HEAD_BYTES, "big")
        place = self._journal.append(LINES, source.number, received_us, head + lines)
        n = lines.count(b"\n")
        source.feed.lines += n
        source.feed.last_received_us = received_us
        self._rate(source.feed, n)
        return place

    def _rate(self, feed: _Feed, lines: int) -> float:
        """Lines a second over the last whole window."""
        now = time.monotonic()
        feed.rate_lines += lines
        span = now - feed.rate_since_s
        if span >= RATE_WINDOW_S:
            feed.rate = feed.rate_lines / span if feed.rate_since_s else 0.0
            feed.rate_lines, feed.rate_since_s = 0, now
        return feed.rate

    def _wait_for_room(self, timeout_s: float | None = None) -> None:
        """Raises Busy when the time ran out or the journal takes no more."""
        with self._room:
            room = self._room.wait_for(
                lambda: self._journal.end - self._read_to < MAX_AHEAD or self._stop.is_set(),
                timeout_s,
            )
        if self._failed is not None:
            raise Busy(f"the journal takes no more: {self._failed}")
        if not room:
            raise Busy("the engine is behind; come again")

    def _sync_loop(self) -> None:
        while not self._stop.is_set():
            self._dirty.wait()
            self._dirty.clear()
            try:
                self._sync()
            except (OSError, JournalError) as error:  # a full or broken disk: `take` tells feeds
                self._failed = error
                return
            self._stop.wait(SYNC_EVERY_S)
        self._sync()

    def _sync(self) -> None:
        self._journal.sync()
        self._on_data()


def _connection_of(name: str) -> str:
    """What names the connection of a sender that numbers."""
    return f"numbered:{name}"
