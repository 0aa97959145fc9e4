"""That a stream outlives neither its session nor its rights: all are asked about again in rounds.

One by one, thousands would be thousands of questions a second; a round takes those whose turn it
is, some hundreds at once (`rights.still`).
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from littoral.api.gate import Gate
from littoral.api.live.client import Client
from littoral.api.live.rights import Stream, still
from littoral.api.problems import ProblemError

CHECK_EVERY_S = 5.0  # at the latest: a session that has ended falls within it
ROUNDS = 10  # in that time
AT_ONCE = 500
UNCHECKED = 6  # times `CHECK_EVERY_S`: a stream that could not be checked for so long ends
POLICY_VIOLATION, TRY_AGAIN_LATER = 1008, 1013  # RFC 6455 section 7.4.1, IANA registry

log = logging.getLogger(__name__)


class Checks:
    """Started and stopped with the application, used on its event loop alone."""

    def __init__(self, gate: Gate | None) -> None:
        self.gate = gate
        self._checked_s: dict[Stream, float] = {}  # when, on the loop's clock
        self._clients: dict[Stream, Client] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._rounds: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self.gate is not None:
            self._rounds = asyncio.create_task(self._go_round(self.gate), name="live checks")

    async def stop(self) -> None:
        for task in (*self._closing, *filter(None, [self._rounds])):
            task.cancel()
        await asyncio.gather(*self._closing, *filter(None, [self._rounds]), return_exceptions=True)

    def enter(self, stream: Stream, client: Client, checked_s: float) -> None:
        """`checked_s`: when it was asked about, on the loop's clock."""
        self._clients[stream] = client
        self._checked_s[stream] = checked_s

    def leave(self, stream: Stream) -> None:
        self._clients.pop(stream, None)
        self._checked_s.pop(stream, None)

    async def _go_round(self, gate: Gate) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            pause_s = CHECK_EVERY_S / ROUNDS
            await asyncio.sleep(pause_s)
            # Those that the next round but one would be late for.
            before_s = clock() - CHECK_EVERY_S + 2 * pause_s
            due = [s for s, at_s in self._checked_s.items() if at_s <= before_s]
            for first in range(0, len(due), AT_ONCE):
                try:
                    await self._check(gate, due[first : first + AT_ONCE])
                except Exception:
                    log.exception("the rights of live clients could not be read; tried again")
                    self._end_unchecked(clock() - UNCHECKED * CHECK_EVERY_S)

    async def _check(self, gate: Gate, streams: list[Stream]) -> None:
        began_s = asyncio.get_running_loop().time()
        found = await asyncio.to_thread(still, gate, streams)
        for stream, views in found.items():
            client = self._clients.get(stream)
            if client is None:
                continue  # left meanwhile
            if isinstance(views, ProblemError):
                self._end(stream, POLICY_VIOLATION, views.detail)
            else:
                self._checked_s[stream] = began_s
                client.see(views)

    def _end_unchecked(self, before_s: float) -> None:
        for stream in [s for s, at_s in self._checked_s.items() if at_s < before_s]:
            self._end(stream, TRY_AGAIN_LATER, "whether it may go on could not be read")

    def _end(self, stream: Stream, code: int, why: str) -> None:
        client = self._clients[stream]
        self.leave(stream)
        closing = asyncio.create_task(self._close(client, code, why))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def _close(self, client: Client, code: int, why: str) -> None:
        """A client that takes nothing is cut off instead: nobody waits for it."""
        with suppress(RuntimeError, OSError):  # it has left or is being closed
            try:
                async with asyncio.timeout(client.send_timeout_s):
                    await client.socket.close(code, why[:100])
            except TimeoutError:
                client.line.abort()
