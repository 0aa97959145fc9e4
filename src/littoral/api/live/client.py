"""One client of the live stream: sends what is new to it, as fast as it reads and no faster.

At most one message is under way to a client. What happens meanwhile is not queued: the next frame
is made from the newest picture when the client can take it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from littoral.api.live import framing
from littoral.api.live.boards import Name, View
from littoral.api.live.changes import NOTHING
from littoral.api.live.feed import Feed
from littoral.api.live.hub import GEOFENCES, Hub
from littoral.api.wire import dump, iso
from littoral.engine.fleet_view import FleetView

SEND_TIMEOUT_S = 20.0  # a client that takes nothing for so long is dropped
LINE = "littoral.line"  # in the scope: the `Line`
GONE = 1006  # RFC 6455, section 7.4.1: closed without saying so


class TooSlow(Exception):
    """The client did not take a message in time."""


class Line(Protocol):
    """The connection under a socket (`server.LiveProtocol`): takes messages framed for many."""

    writable: asyncio.Event  # cleared while its buffers are full

    @property
    def open(self) -> bool: ...
    @property
    def plain_fd(self) -> int: ...
    def write(self, framed: bytes) -> None: ...
    def abort(self) -> None: ...


class Client:
    def __init__(
        self,
        socket: WebSocket,
        hub: Hub,
        alerts_after: int | None,
        interval_s: float,
        send_timeout_s: float = SEND_TIMEOUT_S,
        after: Mapping[Name, int] | None = None,
        with_picture: bool = True,
    ) -> None:
        """`after`: numbers of change after which incidents, tasks and contacts are wanted, by
        default none of them. `with_picture`: tracks, alerts, fences and health too."""
        self.socket = socket
        self.line: Line = socket.scope[LINE]
        self.hub = hub
        self.seq = hub.alerts.seq if alerts_after is None else alerts_after
        self.after = dict(after or {})
        self.with_picture = with_picture
        self.interval_s = interval_s
        self.send_timeout_s = send_timeout_s
        self.new = asyncio.Event()
        self.due_s = 0.0
        self._waits = False
        self.seen = NOTHING
        self.generation = -1  # that the last hello announced
        self.health_version = -1
        self.geofences_version = hub.geofences_version
        # `after` when rights were told the last time but one, and the last time: they are read
        # before they are told.
        self._told_seqs = (dict(self.after), dict(self.after))
        self._boards: dict[View, Feed] = {}

    def see(self, views: Iterable[View]) -> None:
        """Which incidents, tasks and contacts are sent from now on, of those that are wanted."""
        wanted = {v for v in views if v.name in self.after}
        known_seqs, last = self._told_seqs
        self._told_seqs = last, dict(self.after)
        if wanted == self._boards.keys():
            return
        # What changed since rights were last read may be seen only now: it is sent once more.
        for view in wanted - self._boards.keys():
            self.after[view.name] = known_seqs[view.name]
        for view in self._boards.keys() - wanted:
            del self._boards[view]
            self.hub.boards.leave(view, self.new)
        for view in wanted - self._boards.keys():
            self._boards[view] = self.hub.enter(view, self.new)
        self.new.set()

    async def run(self) -> None:
        """Until the client leaves (returns) or takes nothing for too long (`TooSlow`)."""
        self.hub.clients.add(self)
        tasks = [asyncio.create_task(self._send_all()), asyncio.create_task(self._read_all())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except WebSocketDisconnect:
            pass
        finally:
            self.hub.clients.discard(self)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def rests(self) -> bool:
        return self._waits and not self.new.is_set()

    def follows(self, view: FleetView) -> bool:
        return (
            self.rests()
            and self.generation == self.seen.generation == view.generation
            and self.line.open
            and self.line.writable.is_set()
        )

    async def _read_all(self) -> None:
        """Clients have nothing to say; reading notices when they leave."""
        while (await self.socket.receive())["type"] != "websocket.disconnect":
            pass

    async def _send_all(self) -> None:
        if not self.with_picture:
            await self._send_boards_alone()
        loop = asyncio.get_running_loop()
        self.due_s = loop.time()
        await self._hello(self.hub.picture()[0])
        while True:
            self.new.clear()
            await self._send_alerts()
            await self._send_boards()
            await self._send_notes()
            if loop.time() >= self.due_s:
                self.due_s = max(self.due_s + self.interval_s, loop.time())
                await self._send_tracks()
            self._waits = True
            try:
                await self.new.wait()  # frames come in rounds meanwhile
            finally:
                self._waits = False

    async def _send_boards_alone(self) -> None:
        await self._say({"type": "hello", "after": self.after})
        while True:
            self.new.clear()
            await self._send_boards()
            await self.new.wait()

    async def _send_alerts(self) -> None:
        while self.seq < self.hub.alerts.seq:
            self.seq = await self._send_of(self.hub.alerts, self.seq)

    async def _send_boards(self) -> None:
        for view, feed in list(self._boards.items()):
            # While it is sent the rights may have changed, and `after` with them.
            while self._boards.get(view) is feed and self.after[view.name] < feed.seq:
                upto = await self._send_of(feed, self.after[view.name])
                if self._boards.get(view) is feed:
                    self.after[view.name] = upto

    async def _send_of(self, feed: Feed, seq: int) -> int:
        """Up to where was sent."""
        upto, message = await feed.message(seq)
        if message is not None:
            await self._send(message)
        return upto

    async def _send_notes(self) -> None:
        if self.geofences_version != self.hub.geofences_version:
            self.geofences_version = self.hub.geofences_version
            await self._send(GEOFENCES)
        if self.health_version != self.hub.health_version:
            self.health_version = self.hub.health_version
            await self._send(self.hub.health_message)

    async def _send_tracks(self) -> None:
        view, state = self.hub.picture()
        first = self.seen is NOTHING
        if view.counter == self.seen.counter and view.generation == self.seen.generation:
            return
        step = self.hub.steps.step(self.seen, view, state)
        if view.generation != self.generation:
            await self._hello(view)
        for piece in range(step.pieces):  # alerts go between the pieces of a long list
            await self._send(await step.vessels(piece))
            await self._send_alerts()
        if len(step.new) or first:
            await self._send(step.frame())
        self.seen = step.after

    async def _hello(self, view: FleetView) -> None:
        hello: dict[str, Any] = {
            "type": "hello",
            "event_time": iso(view.event_time_us),
            "speed": self.hub.health.speed,
            "seq": self.hub.alerts.seq,
            "reset": True,
        }
        if self.after:
            hello["after"] = dict(self.after)
        await self._say(hello)
        self.generation = view.generation

    async def _say(self, message: dict[str, Any]) -> None:
        await self._send(framing.text(dump(message)))

    async def _send(self, framed: bytes) -> None:
        if not self.line.writable.is_set():
            try:
                async with asyncio.timeout(self.send_timeout_s):
                    await self.line.writable.wait()
            except TimeoutError as error:
                raise TooSlow from error
        if not self.line.open:
            raise WebSocketDisconnect(GONE)
        self.line.write(framed)
