"""The index of the log: each entry as a row that can be searched, made from the files alone.

It holds what stands in the entry in clear, where the actor acted (from the records of people) and,
of an access to a person, whether fields were shown masked or plain. Nothing is true because it
stands here: a row leads to its entry in the log and that entry's proof.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.schema.logentry import EntryError, from_bytes
from littoral.store.database import Database
from littoral.store.log.reader import LogReader
from littoral.store.log.tiles import WIDTH
from littoral.store.oversight.places import Place, Places
from littoral.store.oversight.tables import accesses, actors, words
from littoral.store.tables import counters
from littoral.store.vault import logged
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.sealing import SealError

AT_ONCE = 64  # bundles of 256 entries a transaction
MASKED, PLAIN, BREAK_GLASS = "masked", "plain", "break_glass"
SHOWN = ("person.read", "person.export")
# How many entries the index has, and the lock of those that index.
COUNTER = "oversight.index"


@dataclass
class Index:
    """Of the log in `reader`'s folder, in `database`. Safe for several threads and processes."""

    database: Database
    reader: LogReader
    key: DataKey  # of the facts

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def catch_up(self) -> int:
        """Takes in what was published since; the number of entries that the index then has.

        Begins anew when it has more than the log: then the log was set back or is another one.
        Raises what `LogReader` raises.
        """
        with self._lock:
            size = self.reader.checkpoint().size
            if self.size() == size:
                return size
            while True:
                with self.database.write() as connection:
                    known = _known(connection)
                    if known > size:
                        _clear(connection)
                        known = 0
                    until = min(size, (known // WIDTH + AT_ONCE) * WIDTH)
                    if known < until:
                        self._take(connection, known, until, size)
                    if until >= size:
                        return until

    def size(self) -> int:
        """Entries that it has, from the first on."""
        query = sa.select(counters.c.value).where(counters.c.name == COUNTER)
        with self.database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def rebuild(self) -> int:
        """Throws the index away and reads the whole log again; gives its size."""
        with self._lock, self.database.write() as connection:
            _clear(connection)
        return self.catch_up()

    def _take(self, connection: Connection, first: int, until: int, size: int) -> None:
        places, known = Places(connection), Words(connection)
        rows = []
        for index, data in self._entries(first, until, size):
            entry = orjson.loads(data)
            case = entry.get("case")
            place = places.of(entry["actor"], entry["time_us"], case or "")
            rows.append(
                {
                    "log_index": index,
                    "time_us": entry["time_us"],
                    "actor": known.actor(entry["actor"], place),
                    "action": known.word(entry["action"]),
                    "thing": known.word(entry["thing"]),
                    "verdict": known.word(entry["verdict"]),
                    "purpose": known.word_or_none(entry.get("purpose")),
                    "case_id": known.word_or_none(case),
                    "legal_basis": known.word_or_none(entry.get("legal_basis")),
                    "manner": known.word_or_none(self._manner(entry, data)),
                }
            )
        known.save()
        connection.execute(sa.insert(accesses), rows)
        connection.execute(
            sa.update(counters).where(counters.c.name == COUNTER).values(value=until)
        )

    def _entries(self, first: int, until: int, size: int) -> Iterator[tuple[int, bytes]]:
        for bundle in range(first // WIDTH, -(-until // WIDTH)):
            at = bundle * WIDTH
            for index, data in enumerate(self.reader.entries(bundle, size), at):
                if first <= index < until:
                    yield index, data

    def _manner(self, entry: dict[str, Any], data: bytes) -> str | None:
        """How a person's fields were shown, from the sealed facts; None where none were, or where
        the facts can no longer be read."""
        if entry["action"] not in SHOWN or entry["verdict"] != "allow":
            return None
        try:
            facts = logged.facts_json(from_bytes(data), self.key)
        except (SealError, EntryError):
            return None
        said = orjson.loads(facts) if facts is not None else {}
        if said.get("masked"):
            return MASKED
        return BREAK_GLASS if said.get("kind") == BREAK_GLASS else PLAIN


class Words:
    """Numbers of words and actors; `save` writes new ones, before the rows that use them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._words: dict[str, int] = {}
        self._actors: dict[tuple[str, str, str], int] = {}
        self._new_words: list[dict[str, Any]] = []
        self._new_actors: list[dict[str, Any]] = []
        self._next_word = _next(connection, words)
        self._next_actor = _next(connection, actors)

    def word(self, text: str) -> int:
        found = self._words.get(text)
        if found is None:
            query = sa.select(words.c.id).where(words.c.word == text)
            found = self._connection.execute(query).scalar_one_or_none()
            if found is None:
                found = self._next_word
                self._next_word += 1
                self._new_words.append({"id": found, "word": text})
            self._words[text] = found
        return found

    def word_or_none(self, text: str | None) -> int | None:
        return None if text is None else self.word(text)

    def actor(self, ref: str, place: Place) -> int:
        key = (ref, *place)
        found = self._actors.get(key)
        if found is None:
            query = sa.select(actors.c.id).where(
                actors.c.ref == ref, actors.c.unit == place.unit, actors.c.agency == place.agency
            )
            found = self._connection.execute(query).scalar_one_or_none()
            if found is None:
                found = self._next_actor
                self._next_actor += 1
                row = {"id": found, "ref": ref, "unit": place.unit, "agency": place.agency}
                self._new_actors.append(row)
            self._actors[key] = found
        return found

    def save(self) -> None:
        for table, rows in ((words, self._new_words), (actors, self._new_actors)):
            if rows:
                self._connection.execute(sa.insert(table), rows)
                rows.clear()


def word_ids(connection: Connection, texts: Sequence[str]) -> list[int]:
    """Of those that the index knows."""
    query = sa.select(words.c.id).where(words.c.word.in_(texts))
    return list(connection.execute(query).scalars())


def _known(connection: Connection) -> int:
    """Entries that were taken in; locks the row that says so."""
    query = sa.select(counters.c.value).where(counters.c.name == COUNTER).with_for_update()
    return int(connection.execute(query).scalar_one())


def _clear(connection: Connection) -> None:
    for table in (accesses, actors, words):
        connection.execute(sa.delete(table))
    connection.execute(sa.update(counters).where(counters.c.name == COUNTER).values(value=0))


def _next(connection: Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0) + 1
