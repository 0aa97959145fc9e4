"""What the doors to people share: the database, the clock, and whom they tell what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.engine import Connection

from littoral.store.clock import clock_us
from littoral.store.database import Database


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the log must hold. No secret, no text that a stranger typed is in it.

    `action`: such as `signin.failure`; `actor`: id of an account or key, "" when unknown, or a
    reference such as `operator:li`; `thing`: id of what it was done to; `detail`: a reason in one
    word or short words.
    """

    action: str
    actor: str
    thing: str
    at_us: int
    address: str = ""
    detail: str = ""


class Keeper(Protocol):
    """Where events are kept in the transaction of what they tell: see `outbox.Outbox`."""

    def keep(self, connection: Connection, events: Sequence[Event]) -> None: ...
    def settle(self) -> object: ...


@dataclass
class Change:
    """One transaction of somebody, and what the log must hold of it."""

    connection: Connection
    by: str
    now_us: int
    events: list[Event] = field(default_factory=list)

    def tell(self, action: str, thing: str, detail: str = "") -> None:
        self.events.append(Event(action, self.by, thing, self.now_us, "", detail))


def nobody(event: Event) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Base:
    """`tell` is called after the transaction that it tells of has been committed. With a `keeper`
    the events of a change are committed with it, so that no crash parts them."""

    database: Database
    now_us: Callable[[], int] = clock_us
    tell: Callable[[Event], None] = nobody
    keeper: Keeper | None = None

    @contextmanager
    def change(self, by: str) -> Iterator[Change]:
        """A transaction whose events are told with it, or right after."""
        with self.database.write() as connection:
            made = Change(connection, by, self.now_us())
            yield made
            if self.keeper is not None and made.events:
                self.keeper.keep(connection, made.events)
        if self.keeper is None:
            for event in made.events:
                self.tell(event)
        elif made.events:
            self.keeper.settle()
