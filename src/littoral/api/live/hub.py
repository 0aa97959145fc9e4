"""What all clients of the live stream share: the newest alerts as text, health, the picture.

The hub reads the store once for everybody. It holds no queue for anyone: clients compare what they
have sent with what the hub has.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import islice

import numpy as np

from littoral.api.alert_json import alert_json
from littoral.api.fleet_rows import states
from littoral.api.health import health_json
from littoral.api.wire import dump
from littoral.engine.fleet_view import FleetView
from littoral.engine.runtime import Runtime

HEALTH_EVERY_S = 1.0
TAIL = 2000  # newest alerts kept as text
READ_LIMIT = 500  # alerts read at once
MAX_CLIENTS = 200

log = logging.getLogger(__name__)


class Hub:
    """Started and stopped with the application, used on its event loop alone."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.seq = 0  # of the newest alert that clients may ask for
        self.health = runtime.health()
        self.health_text = ""
        self.health_version = 0
        self.geofences_version = 0
        self.clients: set[asyncio.Event] = set()  # set when something is new for a client
        self._tail: deque[tuple[int, bytes]] = deque(maxlen=TAIL)
        self._tail_after = 0  # the tail holds every alert of a greater seq
        self._signal = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._picture: tuple[FleetView, np.ndarray] | None = None
        self._geofences = runtime.world.geofences

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.seq = self._tail_after = await asyncio.to_thread(self.runtime.records.last_seq)
        await self._read_health()
        self._unsubscribe = self.runtime.subscribe(self.signal)
        self._tasks = [
            asyncio.create_task(self._repeat(self._on_signal), name="live alerts"),
            asyncio.create_task(self._repeat(self._on_tick), name="live health"),
        ]

    async def stop(self) -> None:
        self._unsubscribe()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def signal(self) -> None:
        """Something was stored: look at once. From any thread."""
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._signal.set)

    def picture(self) -> tuple[FleetView, np.ndarray]:
        """The newest view and `fleet_rows.states` of it, computed once for all clients."""
        view = self.runtime.fleet()
        if self._picture is None or self._picture[0] is not view:
            self._picture = view, states(view)
        return self._picture

    async def alerts_after(self, seq: int, limit: int = READ_LIMIT) -> tuple[int, list[bytes]]:
        """Up to `limit` alerts after `seq`, oldest first, as JSON, and the seq of the last."""
        if seq >= self._tail_after:
            new = list(islice((row for row in self._tail if row[0] > seq), limit))
        else:
            rows = await asyncio.to_thread(self.runtime.records.alerts_after, seq, limit)
            new = [(row.seq, dump(alert_json(row))) for row in rows]
        return (new[-1][0] if new else seq), [text for _, text in new]

    async def _repeat(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await step()
            except Exception:
                log.exception("the live stream could not read the engine; it tries again")
                await asyncio.sleep(HEALTH_EVERY_S)

    async def _on_signal(self) -> None:
        await self._signal.wait()
        self._signal.clear()
        await self._read_alerts()
        self._read_geofences()

    async def _on_tick(self) -> None:
        await asyncio.sleep(HEALTH_EVERY_S)
        await self._read_health()
        self._signal.set()  # what another process stored gives no signal
        self._wake()

    async def _read_alerts(self) -> None:
        while True:
            rows = await asyncio.to_thread(self.runtime.records.alerts_after, self.seq, READ_LIMIT)
            for row in rows:
                if len(self._tail) == TAIL:
                    self._tail_after = self._tail[0][0]
                self._tail.append((row.seq, dump(alert_json(row))))
            if rows:
                self.seq = rows[-1].seq
                self._wake()
            if len(rows) < READ_LIMIT:
                return

    def _read_geofences(self) -> None:
        geofences = self.runtime.world.geofences
        if geofences is not self._geofences:
            self._geofences = geofences
            self.geofences_version += 1
            self._wake()

    async def _read_health(self) -> None:
        self.health = await asyncio.to_thread(self.runtime.health)
        self.health_text = dump({"type": "health", **health_json(self.health)}).decode()
        self.health_version += 1

    def _wake(self) -> None:
        for client in self.clients:
            client.set()
