"""What an access leaves in the log, and the rule that it is there before anything is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ALLOW = "allow"
DENY = "deny"
FAILED = "failed"


@dataclass(frozen=True)
class Committed:
    """Bytes that the log commits to by a keyed hash under `key` (32 bytes) named `key_id`."""

    plain: bytes
    key_id: str
    key: bytes


@dataclass(frozen=True)
class Entry:
    """`thing` is `kind:id` with an opaque id. `facts` hold counts, codes, ids and commitments,
    never a value of a personal field. `policy_hash`: of the set that decided, 32 bytes, where that
    is not the one of who writes the log."""

    actor: str
    action: str
    thing: str
    purpose: str
    case: str
    legal_basis: str
    time_us: int
    verdict: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    committed: Committed | None = None
    policy_hash: bytes | None = None


# Appends the entries durably and gives their places in the log, in order (or None where the log
# has no places). It raises when it could not: then nothing is shown and nothing is changed.
Record = Callable[[Sequence[Entry]], Sequence[int] | None]


@dataclass(frozen=True)
class Ask:
    """Who asks, under which case and for what."""

    actor: str
    case: str
    purpose: str
    legal_basis: str


class AccessDenied(Exception):
    """`code` says why in one word for programs; the message in a sentence for people."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


def entry(
    ask: Ask, action: str, thing: str, now_us: int, verdict: str = ALLOW, **facts: Any
) -> Entry:
    return Entry(
        ask.actor, action, thing, ask.purpose, ask.case, ask.legal_basis, now_us, verdict, facts
    )


def places(record: Record, entries: Sequence[Entry]) -> list[int | None]:
    """Records and gives the place of each entry."""
    if not entries:
        return []
    given = record(entries)
    if given is None:
        return [None] * len(entries)
    if len(given) != len(entries):
        raise RuntimeError(f"the log gave {len(given)} places for {len(entries)} entries")
    return list(given)


def deny(
    record: Record, ask: Ask, action: str, thing: str, now_us: int, denied: AccessDenied
) -> None:
    """Records the refusal, then raises it."""
    places(record, [entry(ask, action, thing, now_us, DENY, code=denied.code)])
    raise denied
