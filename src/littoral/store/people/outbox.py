"""Entries on their way into the log, written in the transaction of the change that they tell of.

The log has one writer at a time. A command beside a running server cannot write there, and a crash
between a change and its entry would lose the entry. So the entry is first a row of the records,
committed with the change; whoever writes the log moves the rows there and deletes them once they
are durable. In each row the size that the log had is noted before it is moved: after a crash
between the two the entries behind that size are read, so that nothing is told twice. Who has the
log notes it as the row is written, and deletes what was moved a moment later, so that a change
takes one transaction and one write to the log.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.schema.logentry import REFERENCE, EntryError, from_bytes
from littoral.store.database import Database
from littoral.store.log.reader import LogReader
from littoral.store.log.tiles import WIDTH
from littoral.store.log.writer import Log
from littoral.store.people.base import Event
from littoral.store.people.ids import uuid7
from littoral.store.people.tables import log_outbox
from littoral.store.tables import to_json
from littoral.store.vault.entries import Entry, Record
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.logged import check, facts_json

_log = logging.getLogger(__name__)

# Built once: building a statement costs more than running it.
_INSERT = sa.insert(log_outbox)
_FIRST = sa.select(log_outbox).order_by(log_outbox.c.number).limit(sa.bindparam("most"))

AT_ONCE = 500
ALL = 1 << 62
WAIT_S = 10.0  # for what is on its way into the log
MOST_SEALED = 30_000  # bytes of a row that the log does not take as it is
NO_ID = "0" * 36
MARK = "outbox"  # the fact by which an entry is known again
SEALED = "log.sealed"  # the action of an entry that holds one which the log does not take
_KINDS = {
    "account": "account",
    "key": "key",
    "unit": "unit",
    "case": "case",
    "change": "change",
    "retention": "list",
}  # of things, by the action's noun
_FAILED = (".failure", ".locked", ".refused")


@dataclass(frozen=True)
class LogEnd:
    """The log as its writer has it open; `key` opens the facts of its entries; `policy_hash`: of
    the set by which this process decides."""

    log: Log
    record: Record
    key: DataKey
    policy_hash: bytes | None = None


class Outbox:
    """Safe for several threads. Without a log the rows wait for who has it."""

    def __init__(self, database: Database, end: LogEnd | None = None) -> None:
        self._database = database
        self._end = end
        self._lock = threading.Lock()
        # Rows noted at a smaller size may be in the log already: a process may have ended between.
        self._doubted_below = 0 if end is None else end.log.size
        self._moved: set[str] = set()  # ids of rows whose entries are durable, not deleted yet

    def keep(self, connection: Connection, events: Sequence[Event]) -> None:
        """In the caller's transaction. Raises EntryError for what the log would not take."""
        self._check([as_entry(e) for e in events])
        rows = [
            {
                "id": uuid7(e.at_us),
                "action": e.action,
                "actor": e.actor,
                "thing": e.thing,
                "at_us": e.at_us,
                "address": e.address,
                "detail": e.detail,
            }
            for e in events
        ]
        self._insert(connection, rows)

    def keep_entries(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """In the caller's transaction. Their facts stand in the records in clear until they are in
        the log, so they are of operational things alone. Raises EntryError for what the log would
        not take: then nothing is done."""
        self._check(entries)
        policy = None if self._end is None else self._end.policy_hash
        decided = {} if policy is None else {"policy": policy.hex()}
        rows = [
            {
                "id": uuid7(e.time_us), "action": e.action, "actor": e.actor, "thing": e.thing,
                "at_us": e.time_us, "address": "", "detail": "",
                "entry": {
                    "verdict": e.verdict, "purpose": e.purpose, "case": e.case,
                    "legal_basis": e.legal_basis, "facts": dict(e.facts), **decided,
                },
            }
            for e in entries
        ]  # fmt: skip
        if rows:
            self._insert(connection, rows)

    def _check(self, entries: Sequence[Entry]) -> None:
        if self._end is not None:
            for entry in entries:
                check(replace(entry, facts={**entry.facts, MARK: NO_ID}), self._end.key)

    def _insert(self, connection: Connection, rows: list[dict[str, Any]]) -> None:
        if self._end is not None:
            size = self._end.log.size
            rows = [{**row, "tried_from": size} for row in rows]
        connection.execute(_INSERT, rows)

    def waiting(self) -> int:
        """Rows that are not in the log yet."""
        with self._lock, self._database.read() as connection:
            there = connection.execute(sa.select(log_outbox.c.id)).scalars()
            return len(set(there) - self._moved)

    def settle(self) -> int:
        """Moves what waits into the log; how many entries were durable before this returns. Raises
        what the log raises; then the rows are still there."""
        moved = 0
        if self._end is None:
            return moved
        with self._lock:
            while rows := self._rows():
                moved += self._move(self._end, rows)
                if len(rows) < AT_ONCE:
                    break
        return moved

    def tidy(self) -> None:
        """Deletes the rows of entries that are durable. Who settles does not wait for it: until the
        deletion is committed the rows count as moved."""
        with self._lock:
            moved = set(self._moved)
        if moved:
            with self._database.write() as connection:
                connection.execute(sa.delete(log_outbox).where(log_outbox.c.id.in_(moved)))
            with self._lock:
                self._moved -= moved

    def _rows(self) -> list[sa.Row[tuple[object, ...]]]:
        """The first that are not in the log."""
        with self._database.read() as connection:
            found = connection.execute(_FIRST, {"most": AT_ONCE + len(self._moved)})
            return [r for r in found if r.id not in self._moved][:AT_ONCE]

    def _move(self, end: LogEnd, rows: list[sa.Row[tuple[object, ...]]]) -> int:
        tried = [r.tried_from for r in rows if r.tried_from is not None]
        doubted = bool(tried) and min(tried) < self._doubted_below
        if doubted:
            end.log.drain(WAIT_S)  # what was given up on may still be on its way
        there = set(_known(end, min(tried))) if doubted else set()
        missing = [r for r in rows if r.id not in there]
        if unmarked := [r.number for r in missing if r.tried_from is None]:
            size = end.log.size
            with self._database.write() as connection:
                note = sa.update(log_outbox).where(log_outbox.c.number.in_(unmarked))
                connection.execute(note.values(tried_from=size))
        if missing:
            try:
                _record(end, missing)
            except BaseException:
                self._doubted_below = ALL  # some may be durable all the same
                raise
        if doubted:
            self._doubted_below = end.log.size
        self._moved |= {r.id for r in rows}
        return len(missing)


class Mover:
    """A thread of the server that has the log: takes what commands beside it leave, as it comes."""

    def __init__(self, outbox: Outbox, every_s: float = 1.0) -> None:
        self._outbox = outbox
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log-outbox", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            try:
                self._outbox.settle()
                self._outbox.tidy()
            except Exception:
                _log.exception("entries wait for the log; tried again in %g s", self._every_s)

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._outbox.tidy()


def as_entry(event: Event, mark: str = "") -> Entry:
    """What the log keeps of an event."""
    noun = event.action.partition(".")[0]
    marked = {MARK: mark} if mark else {}
    return Entry(
        actor_ref(event.actor),
        event.action,
        f"{_KINDS.get(noun, 'signin')}:{_plain(event.thing) or 'all'}",
        "",
        "",
        "",
        event.at_us,
        "failed" if event.action.endswith(_FAILED) else "done",
        {"address": event.address, "detail": event.detail, **marked},
    )


def actor_ref(actor: str) -> str:
    """`operator:li` as it is, else the account of that id."""
    if REFERENCE.fullmatch(actor):
        return actor
    return f"account:{_plain(actor) or 'unknown'}"


def _plain(written: str) -> str:
    """As ids stand in the log; "" for what is none."""
    kept = re.sub(r"[^A-Za-z0-9_.-]", "_", written)[:100]
    return kept.lstrip("_.-")


def _entry(row: sa.Row[tuple[object, ...]]) -> Entry:
    if row.entry is not None:
        said = row.entry
        return Entry(
            row.actor, row.action, row.thing, said["purpose"], said["case"], said["legal_basis"],
            row.at_us, said["verdict"], {**said["facts"], MARK: row.id},
            policy_hash=bytes.fromhex(said["policy"]) if "policy" in said else None,
        )  # fmt: skip
    event = Event(row.action, row.actor, row.thing, row.at_us, row.address, row.detail)
    return as_entry(event, row.id)


def _record(end: LogEnd, rows: Sequence[sa.Row[tuple[object, ...]]]) -> None:
    try:
        end.record([_entry(r) for r in rows])
    except EntryError:  # raised before anything of them is handed on
        end.record([_taken(end, r) for r in rows])


def _taken(end: LogEnd, row: sa.Row[tuple[object, ...]]) -> Entry:
    """What the log takes of it. What it would not take as it is, from a command without a log or
    a version before, is told sealed: it must not keep all that come after it from being told."""
    entry = _entry(row)
    try:
        check(entry, end.key)
    except EntryError as error:
        _log.warning("row %s stands in the log sealed: %s", row.id, error)
        told = to_json(
            {f: getattr(row, f) for f in ("action", "actor", "thing", "detail", "entry")}
        )
        facts = {"refused": str(error)[:500], "sha256": hashlib.sha256(told.encode()).hexdigest()}
        if len(told) <= MOST_SEALED:
            facts["row"] = told
        return Entry(
            "system:log", SEALED, f"outbox:{row.id}", "", "", "", max(0, row.at_us), "done",
            {**facts, MARK: row.id},
        )  # fmt: skip
    return entry


def _known(end: LogEnd, since: int) -> Iterator[str]:
    """Ids of rows whose entries are in the log from index `since` on."""
    signed = end.log.publish()
    if since >= signed.size:
        return
    reader = LogReader(end.log.root, end.log.key.public)
    bundles = range(since // WIDTH, (signed.size - 1) // WIDTH + 1)
    for data in (e for b in bundles for e in reader.entries(b, signed.size)):
        entry = from_bytes(data)
        if entry.details is None or entry.details.key_id != f"key:{end.key.id}":
            continue
        facts = facts_json(entry, end.key)
        found = json.loads(facts).get(MARK) if facts else None
        if isinstance(found, str):
            yield found
