"""Incidents, tasks and contacts in the live stream: each view of them is read once, however many
look at it.

A view is what the policies leave of the question "which may be read": callers for whom the same is
left see the same rows, so that one query serves all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy.engine import Connection

from littoral.access.filter import ALL, NONE, Filter, owned_by
from littoral.api.contacts import sight as contact_sight
from littoral.api.gate import Actor, Gate, units_within
from littoral.api.incidents import sight
from littoral.api.live.feed import Feed
from littoral.api.tasks.shown import shown_tasks
from littoral.api.tasks.sight import READ as READ_TASK
from littoral.api.wire import dump
from littoral.store import counted, incidents, sea_contacts, tasks
from littoral.store.condition import Condition, Within
from littoral.store.database import Database

Name = Literal["incidents", "tasks", "contacts"]
NAMES: tuple[Name, ...] = ("incidents", "tasks", "contacts")
READS: dict[Name, str] = {
    "incidents": sight.READ, "tasks": READ_TASK, "contacts": contact_sight.READ,
}  # fmt: skip
COUNTERS: dict[Name, str] = {
    "incidents": incidents.COUNTER,
    "tasks": tasks.COUNTER,
    "contacts": sea_contacts.COUNTER,
}
VISIBLE: dict[Name, Callable[[Filter, Within], Condition]] = {
    "incidents": incidents.visible,
    "tasks": tasks.visible,
    "contacts": sea_contacts.visible,
}


@dataclass(frozen=True, slots=True)
class View:
    """Which rows, and `crew`: the account whose own tasks are marked, "" for one that has none."""

    name: Name
    found: Filter
    crew: str = ""


def views_of(gate: Gate | None, who: Actor) -> tuple[View, ...]:
    """What a caller may read, by the policies alone; nothing of a kind of which they let no row be
    read."""
    if gate is None:
        return tuple(View(name, ALL) for name in NAMES)
    context = gate.circumstances(who)
    found = {name: gate.filter(who, READS[name], context) for name in NAMES}
    return tuple(View(name, found[name]) for name in NAMES if found[name] != NONE)


def told_of(views: tuple[View, ...], account: str, crew: bool) -> tuple[View, ...]:
    """The same rows in as few different views as can be. A task is the own one of who acts for its
    responder now (`store.tasks.visible`): whoever acts for none, not `crew`, has none."""
    found = tuple(
        (replace(v, crew=account) if crew else replace(v, found=owned_by(v.found, account)))
        if v.name == "tasks"
        else v
        for v in views
    )
    return tuple(v for v in found if v.found != NONE)


class Boards:
    """The feeds of all views that somebody looks at. Used on one event loop alone."""

    def __init__(self, gate: Gate | None, database: Database) -> None:
        self.gate, self.database = gate, database
        self._feeds: dict[View, Feed] = {}
        self._readers: dict[View, set[asyncio.Event]] = {}

    @property
    def read(self) -> bool:
        """Whether anybody looks at any."""
        return bool(self._feeds)

    def newest(self) -> dict[Name, int]:
        """The last number of change of each kind. Reads the records."""
        with self.database.read() as connection:
            found = counted.newest(connection, COUNTERS.values())
        return {name: found[COUNTERS[name]] for name in NAMES}

    def enter(self, view: View, newest: int, new: asyncio.Event) -> Feed:
        """The feed of a view, until `leave`. `newest`: from where a new one begins; `new` is set
        when there is more."""
        self._readers.setdefault(view, set()).add(new)
        if view not in self._feeds:
            self._feeds[view] = Feed(view.name, self._reading(view), newest)
        return self._feeds[view]

    def leave(self, view: View, new: asyncio.Event) -> None:
        self._readers[view].discard(new)
        if not self._readers[view]:
            del self._readers[view], self._feeds[view]

    async def catch_up(self, newest: dict[Name, int]) -> None:
        """Reads what is new in each, and wakes those for whom something is."""
        for view, feed in list(self._feeds.items()):
            if feed.seq < newest[view.name] and await feed.catch_up(newest[view.name]):
                for reader in self._readers.get(view, ()):
                    reader.set()

    def _reading(self, view: View) -> Callable[[int, int], list[tuple[int, bytes]]]:
        def read(seq: int, limit: int) -> list[tuple[int, bytes]]:
            with self.database.read() as connection:
                where = None
                if self.gate is not None:
                    where = VISIBLE[view.name](view.found, units_within(self.gate))
                return [
                    (row["seq"], dump(row))
                    for row in self._rows(connection, view, seq, limit, where)
                ]

        return read

    def _rows(
        self, connection: Connection, view: View, seq: int, limit: int, where: Condition | None
    ) -> list[dict[str, Any]]:
        if view.name == "incidents":
            return sight.shown(self.gate, incidents.changed_since(connection, seq, limit, where))
        if view.name == "contacts":
            known = sea_contacts.changed_since(connection, seq, limit, where)
            return contact_sight.shown(self.gate, known)
        found = tasks.changed_since(connection, seq, limit, where)
        return shown_tasks(self.gate, connection, view.crew, found)
