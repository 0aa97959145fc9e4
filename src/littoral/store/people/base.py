"""What the doors to people share: the database, the clock, and whom they tell what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from littoral.store.clock import clock_us
from littoral.store.database import Database


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the log must hold. No secret, no text that a stranger typed is in it.

    `action`: such as `signin.failure`; `actor`: id of an account or key, "" when unknown;
    `thing`: id of what it was done to; `detail`: a reason in one word or short words.
    """

    action: str
    actor: str
    thing: str
    at_us: int
    address: str = ""
    detail: str = ""


def _nobody(event: Event) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Base:
    """`tell` is called after the transaction that it tells of has been committed."""

    database: Database
    now_us: Callable[[], int] = clock_us
    tell: Callable[[Event], None] = field(default=_nobody)
