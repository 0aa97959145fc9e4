"""From what clients have seen to the newest picture: each step is made once for all who take it.

Whoever has been brought to a picture has seen the same, whatever came before. So clients that read
in time are in few groups, one for each of the pictures of the last interval, and memory holds one
byte a track for a group and not for a client.
"""

from __future__ import annotations

import asyncio

import numpy as np

from littoral.api.fleet_rows import vessel_rows
from littoral.api.live import framing
from littoral.api.live.changes import Changes, Seen, changes, frame_of
from littoral.api.wire import dump
from littoral.engine.fleet_view import FleetView

VESSELS_A_MESSAGE = 1000
MOST_STEPS = 32  # kept of a picture; who is slower than so many groups makes a step anew


class Step:
    """From `Seen` to a picture. Its messages are framed when the first client wants them. Used on
    one event loop alone."""

    def __init__(self, view: FleetView, new: Changes, after: Seen) -> None:
        self.view, self.new, self.after = view, new, after
        self.pieces = -(-len(new.introduce) // VESSELS_A_MESSAGE)
        self._frame: bytes | None = None
        self._vessels: dict[int, asyncio.Task[bytes]] = {}

    def frame(self) -> bytes:
        if self._frame is None:
            self._frame = framing.binary(frame_of(self.view, self.new))
        return self._frame

    async def vessels(self, piece: int) -> bytes:
        """Who they are: one of `pieces` messages."""
        making = self._vessels.get(piece)
        if making is None:
            start = piece * VESSELS_A_MESSAGE
            rows = self.new.introduce[start : start + VESSELS_A_MESSAGE]
            making = asyncio.create_task(asyncio.to_thread(_vessels, self.view, rows))
            self._vessels[piece] = making
        return await asyncio.shield(making)  # others wait for it too when this client leaves


class Steps:
    """Those to the newest picture."""

    def __init__(self) -> None:
        self._view: FleetView | None = None
        self._after: Seen | None = None
        self._made: dict[Seen, Step] = {}

    def step(self, seen: Seen, view: FleetView, state: np.ndarray) -> Step:
        """`state` is `fleet_rows.states(view)`."""
        if view is not self._view:
            self._view, self._after, self._made = view, None, {}
        made = self._made.get(seen)
        if made is None:
            new, after = changes(seen, view, state)
            # Equal whoever comes to this picture; one object, so that all are one group.
            self._after = after if self._after is None else self._after
            if len(self._made) >= MOST_STEPS:
                del self._made[next(iter(self._made))]
            made = self._made[seen] = Step(view, new, self._after)
        return made


def _vessels(view: FleetView, rows: np.ndarray) -> bytes:
    return framing.text(dump({"type": "vessels", "rows": vessel_rows(view.fleet, rows)}))
