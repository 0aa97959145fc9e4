"""What all clients of the live stream share: the newest alerts as text, health, the picture; and
who sees the same of incidents, tasks and contacts, these.

The hub reads the store once for everybody. It holds no queue for anyone: clients compare what they
have sent with what the hub has.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress

import numpy as np

from littoral.api.alert_json import alert_json
from littoral.api.fleet_rows import states
from littoral.api.gate import Gate
from littoral.api.health import health_json
from littoral.api.live import framing, rounds
from littoral.api.live.boards import Boards, Name, View
from littoral.api.live.feed import Feed
from littoral.api.live.rounds import Listener
from littoral.api.live.steps import Steps
from littoral.api.wire import dump
from littoral.engine.fleet_view import FleetView
from littoral.engine.runtime import Runtime

HEALTH_EVERY_S = 1.0
MAX_CLIENTS = 5000
GEOFENCES = framing.text(b'{"type":"geofences"}')

log = logging.getLogger(__name__)


class Hub:
    """Started and stopped with the application, used on its event loop alone."""

    def __init__(
        self, runtime: Runtime, gate: Gate | None = None, max_clients: int = MAX_CLIENTS
    ) -> None:
        self.runtime = runtime
        self.max_clients = max_clients
        self.alerts = Feed("alerts", self._alerts_after, 0)
        self.boards = Boards(gate, runtime.records.database)
        self.newest: dict[Name, int] = {}  # number of change up to which boards were read
        self.steps = Steps()
        self.health = runtime.health()
        self.health_message = b""
        self.health_version = 0
        self.geofences_version = 0
        self.clients: set[Listener] = set()
        self._signal = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._picture: tuple[FleetView, np.ndarray] | None = None
        self._geofences = runtime.world.geofences

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        last = await asyncio.to_thread(self.runtime.records.last_seq)
        self.alerts = Feed("alerts", self._alerts_after, last)
        await self.read_newest()
        await self._read_health()
        self._unsubscribe = self.runtime.subscribe(self.signal)
        self._tasks = [
            asyncio.create_task(self._repeat(self._on_signal), name="live alerts"),
            asyncio.create_task(self._repeat(self._on_tick), name="live health"),
            asyncio.create_task(rounds.go(self), name="live rounds"),
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

    def _alerts_after(self, seq: int, limit: int) -> list[tuple[int, bytes]]:
        rows = self.runtime.records.alerts_after(seq, limit)
        return [(row.seq, dump(alert_json(row))) for row in rows]

    async def _repeat(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await step()
            except Exception:
                log.exception("the live stream could not read the engine; it tries again")
                await asyncio.sleep(HEALTH_EVERY_S)

    async def read_newest(self) -> dict[Name, int]:
        """The last number of change of each board, from the records."""
        newest = await asyncio.to_thread(self.boards.newest)
        if not self.boards.read:
            self.newest = newest
        return newest

    def enter(self, view: View, new: asyncio.Event) -> Feed:
        """A board's feed, until `boards.leave`; what came before anybody read it comes at once."""
        self._signal.set()
        return self.boards.enter(view, self.newest[view.name], new)

    async def _on_signal(self) -> None:
        await self._signal.wait()
        self._signal.clear()
        if await self.alerts.catch_up():
            self._wake()
        if self.boards.read:
            newest = await asyncio.to_thread(self.boards.newest)
            await self.boards.catch_up(newest)
            self.newest = newest
        self._read_geofences()

    async def _on_tick(self) -> None:
        await asyncio.sleep(HEALTH_EVERY_S)
        await self._read_health()
        self._signal.set()  # what another process stored gives no signal
        self._wake(asyncio.get_running_loop().time() + HEALTH_EVERY_S)

    def _read_geofences(self) -> None:
        geofences = self.runtime.world.geofences
        if geofences is not self._geofences:
            self._geofences = geofences
            self.geofences_version += 1
            self._wake()

    async def _read_health(self) -> None:
        self.health = await asyncio.to_thread(self.runtime.health)
        said = dump({"type": "health", **health_json(self.health)})
        self.health_message = framing.text(said)
        self.health_version += 1

    def _wake(self, unless_due_s: float = -math.inf) -> None:
        """All who get the picture; but who is due before `unless_due_s` is left to the rounds."""
        for client in self.clients:
            if client.with_picture and client.due_s > unless_due_s:
                client.new.set()
