"""Who was turned away before the policies were asked: counted by reason, told to the log in sums.

A stranger can send any number of requests. So no request has an entry of its own: what was counted
since the last entry becomes one, every few minutes at most, and it names few addresses.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from littoral.api.security import TURNED_AWAY as MARK
from littoral.api.security import Asgi, Message, Receive, Scope, Send
from littoral.api.signin.context import people_of
from littoral.api.signin.guard import address_of
from littoral.engine.trust import Trust

# Answers that mean: a control kept it out. 403 is not here: the policies' own refusals have an
# entry each, and a foreign origin is marked where it is refused.
REASONS = {
    400: "malformed", 401: "unknown-key", 405: "method", 408: "slow-body", 413: "too-large",
    414: "too-long", 415: "media-type", 421: "unknown-host", 422: "malformed",
    429: "too-many-requests", 431: "headers-too-large",
}  # fmt: skip
TELL_EVERY_S = 300.0
ADDRESSES = 200  # told apart between two entries; others are summed
NAMED = 5  # of them in an entry: those with the most requests
OTHERS = "others"
ACTOR, ACTION, THING = "system:guard", "guard.refused", "request:all"


@dataclass(frozen=True)
class Turned:
    """Since the last entry."""

    reasons: dict[str, int]
    addresses: dict[str, int]  # the most frequent first


@dataclass
class TurnedAway:
    """Safe for several threads."""

    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _all: Counter[str] = field(default_factory=Counter)
    _new: Counter[str] = field(default_factory=Counter)
    _addresses: Counter[str] = field(default_factory=Counter)

    def add(self, reason: str, address: str) -> None:
        with self._lock:
            self._all[reason] += 1
            self._new[reason] += 1
            told_apart = address in self._addresses or len(self._addresses) < ADDRESSES
            self._addresses[address if told_apart else OTHERS] += 1

    def totals(self) -> dict[str, int]:
        """By reason, since the start of the server."""
        with self._lock:
            return dict(self._all)

    def take(self) -> Turned | None:
        """What was counted since it was last taken; None when nothing was."""
        with self._lock:
            if not self._new:
                return None
            found = Turned(dict(self._new), dict(self._addresses.most_common(NAMED)))
            self._new.clear()
            self._addresses.clear()
            return found

    def tell(self, trust: Trust) -> None:
        """One entry for all since the last one; none when nothing was refused."""
        if (found := self.take()) is not None:
            trust.tell(
                ACTOR, ACTION, THING, "failed", reasons=found.reasons, addresses=found.addresses
            )


class Counted:
    """ASGI middleware around all others: looks at how each request is answered."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return

        async def seen(message: Message) -> None:
            if reason := _reason(scope, message):
                scope["app"].state.turned_away.add(reason, _address(scope))
            await send(message)

        await self.app(scope, receive, seen)


def _reason(scope: Scope, message: Message) -> str:
    """Why it was turned away; "" when it was not, or is still going on."""
    kind = message["type"]
    if kind not in ("http.response.start", "websocket.http.response.start", "websocket.close"):
        return ""
    marked: str = scope.get("state", {}).get(MARK, "")
    status = message.get("status", 0)
    if status == 401 and b"authorization" not in dict(scope["headers"]):
        return ""  # a page that asks who it is; passwords that fail have entries of their own
    return marked or REASONS.get(status, "")


def _address(scope: Scope) -> str:
    connection = HTTPConnection(scope)
    people = people_of(connection)
    if people is not None:
        return address_of(connection, people)
    return connection.client.host if connection.client else ""
