"""Rows of one kind in the order of their changes: the newest kept as text for all who read them.

A feed holds no queue for anyone: whoever reads says after which number of change, and gets what is
newer from the tail, or from the store when the tail no longer reaches so far back.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import islice

from littoral.api.live import framing

TAIL = 2000  # newest rows kept as text
READ_LIMIT = 500  # rows read at once
MOST_MESSAGES = 8  # kept as they were sent, for the next who has read as far

# Up to so many rows after a number of change, oldest first: that of each, and the row as JSON.
# Called in a thread.
Read = Callable[[int, int], list[tuple[int, bytes]]]


class Feed:
    """Used on one event loop alone. `kind`: the type of its messages; `seq`: the number of change
    up to which all is read."""

    def __init__(
        self, kind: str, read: Read, seq: int, tail: int = TAIL, read_limit: int = READ_LIMIT
    ) -> None:
        self.kind = kind
        self.seq = seq
        self.read_limit = read_limit
        self._read = read
        self._tail: deque[tuple[int, bytes]] = deque(maxlen=tail)
        self._tail_after = seq  # the tail holds every row of a greater number
        self._messages: dict[int, tuple[int, bytes | None]] = {}  # by up to where was read
        self._messages_seq = seq  # `seq` when they were made

    async def catch_up(self, newest: int = 0) -> bool:
        """Whether there was anything new. `newest`: of the records, before it was called; rows of
        numbers up to it that are not read are not for those who read this feed."""
        found = False
        while True:
            rows = await asyncio.to_thread(self._read, self.seq, self.read_limit)
            for row in rows:
                if len(self._tail) == self._tail.maxlen:
                    self._tail_after = self._tail[0][0]
                self._tail.append(row)
            if rows:
                found, self.seq = True, rows[-1][0]
            if len(rows) < self.read_limit:
                self.seq = max(self.seq, newest)
                return found

    async def message(self, seq: int) -> tuple[int, bytes | None]:
        """What is sent to who has read up to `seq`, framed, and up to where it reaches; None: there
        is nothing for those who read this feed. All who have read as far get the same bytes."""
        if self._messages_seq != self.seq:
            self._messages_seq, self._messages = self.seq, {}
        kept = self._messages
        made = kept.get(seq)
        if made is None:
            upto, rows = await self.after(seq)
            body = b'{"type":"%b","rows":[%b],"seq":%d}' % (
                self.kind.encode(), b",".join(rows), upto,
            )  # fmt: skip
            made = upto, framing.text(body) if rows else None
            if len(kept) >= MOST_MESSAGES:
                del kept[next(iter(kept))]
            kept[seq] = made
        return made

    async def after(self, seq: int) -> tuple[int, list[bytes]]:
        """Up to `read_limit` rows after `seq`, oldest first, and up to where they reach."""
        upto = self.seq
        if seq >= self._tail_after:
            new = list(islice((row for row in self._tail if row[0] > seq), self.read_limit))
        else:
            new = await asyncio.to_thread(self._read, seq, self.read_limit)
        last = new[-1][0] if len(new) == self.read_limit else max(upto, new[-1][0] if new else seq)
        return last, [text for _, text in new]
