"""One client of the live stream: sends what is new to it, as fast as it reads and no faster.

At most one message is under way to a client. What happens meanwhile is not queued: the next frame
is made from the newest picture when the client can take it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import numpy as np
from starlette.websockets import WebSocket, WebSocketDisconnect

from littoral.api.fleet_rows import vessel_rows
from littoral.api.live.boards import Name, View
from littoral.api.live.changes import Seen, changes, frame_of
from littoral.api.live.feed import Feed
from littoral.api.live.hub import Hub
from littoral.api.wire import dump, iso
from littoral.engine.fleet_view import FleetView

SEND_TIMEOUT_S = 20.0  # a client that takes nothing for so long is dropped
VESSELS_A_MESSAGE = 1000


class TooSlow(Exception):
    """The client did not take a message in time."""


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
        """`after`: numbers of change after which incidents and tasks are wanted, by default none
        of them. `with_picture`: tracks, alerts, fences and health too."""
        self.socket = socket
        self.hub = hub
        self.seq = hub.alerts.seq if alerts_after is None else alerts_after
        self.after = dict(after or {})
        self.with_picture = with_picture
        self.interval_s = interval_s
        self.send_timeout_s = send_timeout_s
        self.new = asyncio.Event()
        self.seen = Seen()
        self.generation = -1  # that the last hello announced
        self.health_version = -1
        self.geofences_version = hub.geofences_version
        self._boards: dict[View, Feed] = {}

    def see(self, views: Iterable[View]) -> None:
        """Which incidents and tasks are sent from now on, of those that are wanted."""
        wanted = {v for v in views if v.name in self.after}
        for view in self._boards.keys() - wanted:
            del self._boards[view]
            self.hub.boards.leave(view)
        for view in wanted - self._boards.keys():
            self._boards[view] = self.hub.boards.enter(view, self.hub.newest[view.name])
        self.new.set()

    async def run(self) -> None:
        """Until the client leaves (returns) or takes nothing for too long (`TooSlow`)."""
        self.hub.clients.add(self.new)
        tasks = [asyncio.create_task(self._send_all()), asyncio.create_task(self._read_all())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except WebSocketDisconnect:
            pass
        finally:
            self.hub.clients.discard(self.new)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read_all(self) -> None:
        """Clients have nothing to say; reading notices when they leave."""
        while (await self.socket.receive())["type"] != "websocket.disconnect":
            pass

    async def _send_all(self) -> None:
        if not self.with_picture:
            await self._send_boards_alone()
        clock = asyncio.get_running_loop().time
        due = clock()
        await self._hello(self.hub.picture()[0])
        while True:
            self.new.clear()
            await self._send_alerts()
            await self._send_boards()
            await self._send_notes()
            if clock() >= due:
                due = max(due + self.interval_s, clock())
                await self._send_tracks()
            try:
                async with asyncio.timeout(max(0.0, due - clock())):
                    await self.new.wait()
            except TimeoutError:
                pass

    async def _send_boards_alone(self) -> None:
        await self._text(dump({"type": "hello", "after": self.after}).decode())
        while True:
            self.new.clear()
            await self._send_boards()
            await self.new.wait()

    async def _send_alerts(self) -> None:
        while self.seq < self.hub.alerts.seq:
            self.seq, rows = await self.hub.alerts.after(self.seq)
            if rows:
                await self._rows("alerts", rows, self.seq)

    async def _send_boards(self) -> None:
        for view, feed in list(self._boards.items()):
            while self.after[view.name] < feed.seq:
                upto, rows = await feed.after(self.after[view.name])
                self.after[view.name] = upto
                if rows:
                    await self._rows(view.name, rows, upto)

    async def _rows(self, kind: str, rows: list[bytes], seq: int) -> None:
        body = b",".join(rows).decode()
        await self._text(f'{{"type":"{kind}","rows":[{body}],"seq":{seq}}}')

    async def _send_notes(self) -> None:
        if self.geofences_version != self.hub.geofences_version:
            self.geofences_version = self.hub.geofences_version
            await self._text('{"type":"geofences"}')
        if self.health_version != self.hub.health_version:
            self.health_version = self.hub.health_version
            await self._text(self.hub.health_text)

    async def _send_tracks(self) -> None:
        view, state = self.hub.picture()
        first = self.seen.generation < 0
        if view.counter == self.seen.counter and view.generation == self.seen.generation:
            return
        new, seen = changes(self.seen, view, state)
        if view.generation != self.generation:
            await self._hello(view)
        await self._introduce(view, new.introduce)
        if len(new) or first:
            await self._binary(frame_of(view, new))
        self.seen = seen

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
        await self._text(dump(hello).decode())
        self.generation = view.generation

    async def _introduce(self, view: FleetView, rows: np.ndarray) -> None:
        """Who they are; alerts go between the pieces of a long list."""
        for start in range(0, len(rows), VESSELS_A_MESSAGE):
            piece = rows[start : start + VESSELS_A_MESSAGE]
            await self._text(await asyncio.to_thread(_vessels_text, view, piece))
            await self._send_alerts()

    async def _text(self, text: str) -> None:
        await self._send(lambda: self.socket.send_text(text))

    async def _binary(self, data: bytes) -> None:
        await self._send(lambda: self.socket.send_bytes(data))

    async def _send(self, sending: Callable[[], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(self.send_timeout_s):
                await sending()
        except TimeoutError as error:
            raise TooSlow from error


def _vessels_text(view: FleetView, rows: np.ndarray) -> str:
    return dump({"type": "vessels", "rows": vessel_rows(view.fleet, rows)}).decode()
