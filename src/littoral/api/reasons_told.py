"""What the log keeps of a change for which somebody gave a reason: of the words a commitment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from sqlalchemy.engine import Connection

from littoral.api.gate import Actor, gate_of, tell_change
from littoral.store import reason_keys

WORDS = ("reason", "why", "note")


def tell_with_reason(
    connection: Connection,
    item: str,
    request: Request,
    who: Actor,
    action: str,
    thing: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    **facts: Any,
) -> None:
    """As `tell_change`, in the transaction that makes the change: where that is refused no key is
    left. `item`: id of the reason as retention names it, with which the key ends."""

    if gate_of(request) is None:
        return  # nobody signs in here, and there is no log

    def hidden(said: Mapping[str, Any] | None) -> dict[str, Any] | None:
        return None if said is None else {n: _hidden(connection, item, n, said[n]) for n in said}

    tell_change(request, who, action, thing, hidden(before), hidden(after), **(hidden(facts) or {}))


def _hidden(connection: Connection, item: str, name: str, value: Any) -> Any:
    if name not in WORDS or not isinstance(value, str) or not value:
        return value
    key = reason_keys.key_of(connection, item)
    return {"hmac_sha256": reason_keys.committed(key, value)}
