"""Senders that number their bytes and ask how far they are safe (HTTP intake).

A sender's position counts the bytes of its whole stream from 0. Every journal record of such a
sender begins with the position after its lines, so that the journal alone tells after a crash how
far each sender is held, and whether bytes that come again are those that came before.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from littoral.store.journal import Entry, Journal

LINES = 1  # kind of the journal records that hold lines
HEAD_BYTES = 8  # of a record of lines: the sender's position after it, big-endian; 0: not numbered
PLACE_EVERY = 256 << 10  # bytes of the journal between two places that are remembered


class IntakeRefused(ValueError):
    """The bytes cannot be taken; `held` is the position up to which all is held."""

    def __init__(self, message: str, held: int) -> None:
        super().__init__(message)
        self.held = held


class Gap(IntakeRefused):
    """Bytes between what is held and what was sent are missing."""


class Conflict(IntakeRefused):
    """Bytes that are held already came again and differ."""


class TooManySenders(ValueError):
    """No further sender is taken."""


class Busy(OSError):
    """Nothing can be taken now: the engine is far behind, or the disk takes no more."""


@dataclass(slots=True)
class Sender:
    """`lock` is held while its bytes are taken: one request of a sender at a time."""

    source: int
    held: int = 0
    places: list[int] = field(default_factory=list)  # journal positions of some of its records
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, place: int) -> None:
        """A record of this sender lies at `place`."""
        if not self.places or place - self.places[-1] >= PLACE_EVERY:
            self.places.append(place)

    def check(self, journal: Journal, position: int, chunk: bytes) -> None:
        """Raises Gap or Conflict when `chunk` does not go on from, or repeat, what is held. What
        the journal no longer keeps counts as repeated."""
        if position > self.held:
            detail = f"bytes {self.held} to {position} are missing; send from {self.held}"
            raise Gap(detail, self.held)
        until = min(self.held, position + len(chunk))
        if position >= until:
            return
        for begin, said in self._records(journal, position):
            if begin >= until:
                return
            low, high = max(begin, position), min(begin + len(said), until)
            if (
                low < high
                and said[low - begin : high - begin] != chunk[low - position : high - position]
            ):
                detail = f"other bytes are held between positions {low} and {high}"
                raise Conflict(detail, self.held)

    def _records(self, journal: Journal, position: int) -> Iterator[tuple[int, bytes]]:
        """(sender's position, bytes) of its records from one at or before `position` on."""
        begin, place = self._before(journal, position)
        if place is None or place < journal.start:
            return
        for entry in journal.read(place):
            if entry.kind != LINES or entry.source != self.source:
                continue
            end = position_after(entry)
            if end <= begin:
                continue  # the record whose end is `begin`
            yield begin, entry.payload[HEAD_BYTES : HEAD_BYTES + end - begin]
            begin = end

    def _before(self, journal: Journal, position: int) -> tuple[int, int | None]:
        """The last remembered record that ends at or before `position`: its end and its place;
        0 and the first place when there is none."""
        kept = [p for p in self.places if p >= journal.start]
        if not kept:
            return 0, None
        low, high = -1, len(kept)  # kept[low] ends at or before `position`, kept[high] does not
        found = 0
        while high - low > 1:
            middle = (low + high) // 2
            end = position_after(next(journal.read(kept[middle])))
            if end <= position:
                low, found = middle, end
            else:
                high = middle
        if low >= 0:
            return found, kept[low]
        whole = kept[0] == self.places[0]
        return 0, kept[0] if whole else None


def position_after(entry: Entry) -> int:
    """The sender's position after the lines of `entry`; 0 when the sender does not number."""
    return int.from_bytes(entry.payload[:HEAD_BYTES], "big")
