"""What a transport hands its bytes to. Transports know nothing of what the bytes mean."""

from __future__ import annotations

from typing import Protocol


class Sink(Protocol):
    """Called from the transports' threads; `take` may block, which is the back-pressure."""

    def opened(self, feed: str, kind: str, connection: str) -> None: ...

    def take(self, connection: str, chunk: bytes, received_us: int) -> None: ...

    def closed(self, connection: str) -> None: ...

    def failed(self, feed: str, why: str) -> None:
        """`feed` could not connect or its line broke; it tries again."""
