"""The picture to all whose time has come: those who have seen the same get the same bytes at once.

Who has something else to hear first, or takes slowly, does so in a task of its own (`Client`). A
round of thousands is cut, so that a request is answered in between.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Protocol

import numpy as np

from littoral.api.live import many
from littoral.api.live.changes import Seen
from littoral.api.live.steps import Steps
from littoral.engine.fleet_view import FleetView

TICK_S = 0.02
AT_ONCE = 250  # clients, some 2 ms

log = logging.getLogger(__name__)


class Listener(Protocol):
    """What rounds know of a client."""

    new: asyncio.Event  # set when it is to look by itself
    with_picture: bool
    due_s: float  # on the loop's clock
    interval_s: float
    seen: Seen
    health_version: int

    @property
    def line(self) -> many.Line: ...
    def rests(self) -> bool:
        """Whether it waits for `new` and nothing else."""
        ...

    def follows(self, view: FleetView) -> bool:
        """Whether it takes the next frame as it is: it rests, its line is free and it was greeted
        with the numbering of this picture."""
        ...


class Pictures(Protocol):
    """What rounds need of the hub."""

    clients: set[Listener]
    steps: Steps
    health_message: bytes
    health_version: int

    def picture(self) -> tuple[FleetView, np.ndarray]: ...


async def go(hub: Pictures) -> None:
    """For ever."""
    clock = asyncio.get_running_loop().time
    await asyncio.to_thread(many.write, (), b"\0")  # loads what is compiled
    while True:
        await asyncio.sleep(TICK_S)
        try:
            due = [c for c in hub.clients if c.with_picture and c.due_s <= clock()]
            for first in range(0, len(due), AT_ONCE):
                one_round(hub, due[first : first + AT_ONCE], clock())
                await asyncio.sleep(0)
        except Exception:
            log.exception("a round of the live stream failed; the next goes on")


def one_round(hub: Pictures, due: Iterable[Listener], now_s: float) -> None:
    """What is new to each of `due`."""
    view, state = hub.picture()
    for (seen, hears), clients in _alike(hub, due, view).items():
        step = hub.steps.step(seen, view, state)
        if step.pieces:  # who is new to the picture comes as text, between which alerts go
            for client in clients:
                client.new.set()
            continue
        frame = step.frame() if len(step.new) else b""
        said = (hub.health_message if hears else b"") + frame
        if said:
            many.write([c.line for c in clients], said)
        for client in clients:
            client.seen = step.after
            client.health_version = hub.health_version
            client.due_s = max(client.due_s + client.interval_s, now_s)


def _alike(
    hub: Pictures, due: Iterable[Listener], view: FleetView
) -> dict[tuple[Seen, bool], list[Listener]]:
    """Those to whom the same is new: what they have seen, and whether they hear of health."""
    found: dict[tuple[Seen, bool], list[Listener]] = {}
    for client in due:
        hears, seen = client.health_version != hub.health_version, client.seen
        if not hears and (seen.counter, seen.generation) == (view.counter, view.generation):
            continue
        if client.follows(view):
            found.setdefault((seen, hears), []).append(client)
        elif client.rests():
            client.new.set()
    return found
