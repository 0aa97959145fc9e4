"""`WS /live`."""

from __future__ import annotations

import asyncio
import logging

from fastapi import APIRouter
from starlette.websockets import WebSocket

from littoral.api.live.boards import NAMES
from littoral.api.live.checks import POLICY_VIOLATION, TRY_AGAIN_LATER, Checks
from littoral.api.live.client import Client, TooSlow
from littoral.api.live.hub import Hub
from littoral.api.live.rights import begun
from littoral.api.problems import ProblemError

router = APIRouter()
log = logging.getLogger(__name__)

INTERVAL_MS = (200, 10_000)


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    hub: Hub = socket.app.state.hub
    # Boards beside no map: of whoever may read any of them, the picture is not asked for.
    with_picture = socket.query_params.get("tracks") != "none"
    checked_s = asyncio.get_running_loop().time()
    try:
        stream, views = await asyncio.to_thread(begun, socket, with_picture)
    except ProblemError as error:
        await socket.close(POLICY_VIOLATION, error.detail[:100])
        return
    await socket.accept()
    try:
        alerts_after = _whole(socket, "alerts_after")
        interval_ms = _whole(socket, "interval_ms")
        after = {name: _whole(socket, f"{name}_after") for name in NAMES}
    except ValueError as error:
        await socket.close(POLICY_VIOLATION, str(error))
        return
    if len(hub.clients) >= hub.max_clients:
        await socket.close(TRY_AGAIN_LATER, f"{hub.max_clients} clients are connected already")
        return
    if alerts_after is not None:
        # A client that knew other records (made anew since) must not wait for their numbers. The
        # records decide, not the hub, which may not have read the newest alert yet.
        last = await asyncio.to_thread(hub.runtime.records.last_seq)
        alerts_after = min(alerts_after, last)
    newest = await hub.read_newest()
    wanted = {name: min(seq, newest[name]) for name, seq in after.items() if seq is not None}
    low, high = INTERVAL_MS
    interval_s = min(max(1000 if interval_ms is None else interval_ms, low), high) / 1000
    client = Client(
        socket, hub, alerts_after, interval_s, socket.app.state.send_timeout_s, wanted, with_picture
    )
    client.see(views)
    checks: Checks = socket.app.state.live_checks
    checks.enter(stream, client, checked_s)
    try:
        await client.run()
    except TooSlow:
        log.warning("live client %s took nothing for too long: dropped", socket.client)
        client.line.abort()  # its buffers are full: a close frame would never leave
    finally:
        checks.leave(stream)
        client.see(())


def _whole(socket: WebSocket, name: str) -> int | None:
    """A query parameter as a whole number of at most 18 digits; ValueError names it."""
    value = socket.query_params.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise ValueError(f"{name} must be a whole number")
    return int(value)
