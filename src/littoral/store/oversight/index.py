"""The index of the log: each entry as a row that can be searched, made from the files alone.

It holds what stands in the entry in clear, where the actor acted (from the records of people) and,
of an access to a person, whether fields were shown masked or plain. Nothing is true because it
stands here: a row leads to its entry in the log and that entry's proof.
"""

from __future__ import annotations

import binascii
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.database import Database
from littoral.store.log.reader import LogReader
from littoral.store.log.tiles import WIDTH
from littoral.store.oversight import damage
from littoral.store.oversight.places import Place, Places
from littoral.store.oversight.ranges import Ranges
from littoral.store.oversight.tables import accesses, actors, words
from littoral.store.tables import counters
from littoral.store.vault import logged
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.sealing import SealError

AT_ONCE = 64  # bundles of 256 entries a transaction
WORDS_AT_ONCE = 10_000  # parameters of a statement
WORDS = ("action", "thing", "verdict", "purpose", "case", "legal_basis")  # of an entry
MASKED, PLAIN, BREAK_GLASS = "masked", "plain", "break_glass"
CORRECTED, TAKEN_IN = "corrected", "intake.write"
SHOWN = ("person.read", "person.export")
# How many entries the index has, and the lock of those that index.
COUNTER = "oversight.index"
_log = logging.getLogger(__name__)


@dataclass
class Index:
    """Of the log in `reader`'s folder, in `database`. Safe for several threads and processes."""

    database: Database
    reader: LogReader
    key: DataKey  # of the facts

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._looked_again = False  # at what another process, or one of before, could not read

    def catch_up(self) -> int:
        """Takes in what was published since; the number of entries that the index then has.

        Begins anew when it has more than the log: then the log was set back or is another one.
        Passes over entries that cannot be read, and says so in the server's log; each process looks
        at them once more, since somebody may have put the file back. Raises what
        `LogReader.checkpoint` raises.
        """
        with self._lock:
            size = self.reader.checkpoint().size
            if not self._looked_again:
                self._look_again(size)
                self._looked_again = True
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

    def damaged(self) -> Ranges:
        """Places in the log of the entries that could not be read."""
        with self.database.read() as connection:
            return damage.kept(connection)

    def _look_again(self, size: int) -> None:
        """Files are read while nobody waits for it: of a log of which much is gone, that is long.
        What is kept is written again in any case, for it may be of another form."""
        before = self.damaged()
        if not before:
            return
        with self.database.write() as connection:
            _known(connection)
            damage.keep(connection, damage.kept(connection))
        bundles = list(before.bundles(WIDTH, size))
        for at in range(0, len(bundles), AT_ONCE):
            some = bundles[at : at + AT_ONCE]
            found = [r for b in some for r in damage.read(self.reader, b, size)]
            self._insert_again([r for r in found if r[1] is not None and r[0] in before])

    def _insert_again(self, back: Sequence[damage.Read]) -> None:
        """Of what can be read now that which nobody else has taken in meanwhile."""
        if not back:
            return
        with self.database.write() as connection:
            _known(connection)
            damaged = damage.kept(connection)
            self._insert(connection, [r for r in back if r[0] in damaged])
            damage.keep(connection, damaged.without([at for at, _ in back]))

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
        found = [
            read
            for bundle in range(first // WIDTH, -(-until // WIDTH))
            for read in damage.read(self.reader, bundle, size)
            if first <= read[0] < until
        ]
        self._insert(connection, found)
        damaged = [at for at, entry in found if entry is None]
        if damaged:
            damage.keep(connection, damage.kept(connection).with_places(damaged))
            _log.error(
                "the log is damaged at %d (%d entries): run `littoral fsck log`",
                damaged[0], len(damaged),
            )  # fmt: skip
        connection.execute(
            sa.update(counters).where(counters.c.name == COUNTER).values(value=until)
        )

    def _insert(self, connection: Connection, found: Sequence[damage.Read]) -> None:
        places, known = Places(connection), Words(connection)
        entries = [(at, entry, self._manner(entry)) for at, entry in found if entry is not None]
        known.learn(
            {entry[name] for _, entry, _ in entries for name in WORDS if name in entry}
            | {manner for _, _, manner in entries if manner is not None}
        )
        places.learn({entry["actor"] for _, entry, _ in entries})
        rows = []
        for index, entry, manner in entries:
            place = places.of(entry["actor"], entry["time_us"], entry.get("case", ""))
            rows.append(
                {
                    "log_index": index,
                    "time_us": entry["time_us"],
                    "actor": known.actor(entry["actor"], place),
                    "action": known.words[entry["action"]],
                    "thing": known.words[entry["thing"]],
                    "verdict": known.words[entry["verdict"]],
                    "purpose": known.words.get(entry.get("purpose")),
                    "case_id": known.words.get(entry.get("case")),
                    "legal_basis": known.words.get(entry.get("legal_basis")),
                    "manner": known.words.get(manner),
                }
            )
        known.save()
        if rows:
            connection.execute(sa.insert(accesses), rows)

    def _manner(self, entry: dict[str, Any]) -> str | None:
        """How a person's fields were shown, or that they were corrected, from the sealed facts;
        None where neither was, or where the facts can no longer be read."""
        if entry["action"] not in (*SHOWN, TAKEN_IN) or entry["verdict"] != "allow":
            return None
        try:
            facts = logged.facts_of(entry, self.key)
        except (SealError, binascii.Error):
            return None
        said = orjson.loads(facts) if facts is not None else {}
        if entry["action"] == TAKEN_IN:
            return CORRECTED if said.get("change") == "alter" else None
        if said.get("masked"):
            return MASKED
        return BREAK_GLASS if said.get("kind") == BREAK_GLASS else PLAIN


class Words:
    """Numbers of words and actors; `save` writes new ones, before the rows that use them.

    `words` are those that were learnt."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.words: dict[str | None, int] = {}
        self._actors = {
            (r.ref, r.unit, r.agency): r.id for r in connection.execute(sa.select(actors))
        }
        self._new_words: list[dict[str, Any]] = []
        self._new_actors: list[dict[str, Any]] = []
        self._next_word = _next(connection, words)
        self._next_actor = _next(connection, actors)

    def learn(self, texts: set[str]) -> None:
        """Gives each a number; in few questions, since there are thousands."""
        ordered = sorted(texts - self.words.keys())
        for at in range(0, len(ordered), WORDS_AT_ONCE):
            part = ordered[at : at + WORDS_AT_ONCE]
            query = sa.select(words.c.word, words.c.id).where(words.c.word.in_(part))
            self.words |= {r.word: r.id for r in self._connection.execute(query)}
        for text in ordered:
            if text not in self.words:
                self.words[text] = self._next_word
                self._new_words.append({"id": self._next_word, "word": text})
                self._next_word += 1

    def actor(self, ref: str, place: Place) -> int:
        found = self._actors.get((ref, *place))
        if found is None:
            found = self._actors[ref, *place] = self._next_actor
            self._next_actor += 1
            row = {"id": found, "ref": ref, "unit": place.unit, "agency": place.agency}
            self._new_actors.append(row)
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
    damage.keep(connection, Ranges())
    connection.execute(sa.update(counters).where(counters.c.name == COUNTER).values(value=0))


def _next(connection: Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0) + 1
