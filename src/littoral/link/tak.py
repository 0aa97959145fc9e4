"""TAK devices on the line: a server that they connect to, and a client of another TAK server.

What is heard goes to one callable, in the loop's thread. Nothing is sent to a device but the answer
to its ping: this is no TAK server that hands on what people say to each other."""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from littoral.link.tcp import BACKOFF_S
from littoral.link.words import why
from littoral.sense.cot import Ignored, Ping, Point, Rejected, Stream
from littoral.sense.cot.stream import PONG

CHUNK = 64 * 1024
SILENT_S = 180.0  # a device pings every few seconds; one that says nothing for so long is gone
MOST_DEVICES = 2_000

log = logging.getLogger(__name__)


@dataclass
class Counts:
    positions: int = 0
    ignored: int = 0
    rejected: dict[str, int] = field(default_factory=dict)


@dataclass
class Tak:
    """`heard`: what is done with a position."""

    heard: Callable[[Point], None]
    counts: Counts = field(default_factory=Counts)
    open: int = 0

    async def listen(
        self, host: str, port: int, tls: ssl.SSLContext | None = None
    ) -> asyncio.Server:
        """Serves until it is closed. OSError when the port is taken."""
        return await asyncio.start_server(self._device, host, port, ssl=tls, limit=CHUNK)

    async def stay_connected(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        """To another TAK server, and back when the line breaks; until cancelled."""
        pause_s = BACKOFF_S[0]
        while True:
            try:
                reader, writer = await asyncio.open_connection(host, port, ssl=tls)
            except OSError as error:
                log.warning("TAK server %s:%s: %s", host, port, why(error))
                await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
                pause_s = min(BACKOFF_S[1], 2 * pause_s)
                continue
            pause_s = BACKOFF_S[0]
            log.warning("connected to the TAK server %s:%s", host, port)
            await self._follow(reader, writer)
            await asyncio.sleep(pause_s)

    async def _device(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.open >= MOST_DEVICES:
            self._reject(f"more than {MOST_DEVICES} devices")
            writer.transport.abort()
            return
        self.open += 1
        try:
            await self._follow(reader, writer)
        finally:
            self.open -= 1

    async def _follow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream = Stream()
        try:
            while True:
                async with asyncio.timeout(SILENT_S):
                    chunk = await reader.read(CHUNK)
                if not chunk:
                    return
                for event in stream.feed(chunk):
                    if isinstance(event, Point):
                        self.counts.positions += 1
                        self.heard(event)
                    elif isinstance(event, Ping):
                        writer.write(pong())
                        await writer.drain()
                    elif isinstance(event, Ignored):
                        self.counts.ignored += 1
                    elif isinstance(event, Rejected):
                        self._reject(event.reason)
        except (OSError, TimeoutError) as error:
            log.info("a TAK connection ended: %s", why(error))
        finally:
            writer.close()

    def _reject(self, reason: str) -> None:
        rejected = self.counts.rejected
        if reason not in rejected and len(rejected) >= 100:
            reason = "others"
        if reason not in rejected:
            log.warning("TAK: an event was not taken: %s", reason)
        rejected[reason] = rejected.get(reason, 0) + 1


def pong() -> bytes:
    now = datetime.now(UTC)

    def written(when: datetime) -> bytes:
        return when.strftime("%Y-%m-%dT%H:%M:%S.000Z").encode()

    return PONG % {b"now": written(now), b"stale": written(now + timedelta(seconds=20))}
