"""What is asked once for a request: a place that its threads share and that ends with it."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from littoral.api.security import Asgi, Receive, Scope, Send

_place: ContextVar[dict[str, Any] | None] = ContextVar("place", default=None)


def place() -> dict[str, Any] | None:
    """That of the request that is being answered, by what is kept in it; None outside of one."""
    return _place.get()


class OneRequest:
    """ASGI middleware. A live stream has no place: it lasts, and what it asks is asked anew."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        token = _place.set({})
        try:
            await self.app(scope, receive, send)
        finally:
            _place.reset(token)
