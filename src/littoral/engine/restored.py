"""Whether the log knows more than the records: then these were put back from a backup.

The records hold how far they knew the log: at each start, once a minute, and at a clean end. What
stands in the log behind that is known after a crash all the same. It is not when a start stands
there, or something that happened long after: then somebody put records of before in their place.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from littoral.engine import ended_again
from littoral.schema.logentry import EntryError, LogEntry, from_bytes
from littoral.store.log.reader import LogReader
from littoral.store.log.tiles import WIDTH
from littoral.store.log.writer import Log
from littoral.store.records import Records
from littoral.store.vault import pausing
from littoral.store.vault.entries import Entry, Record
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.pausing import Paused
from littoral.store.vault.vault import Vault

KNOWN = "log.known"  # {"size", "at_us"}: with the records, so that a backup brings back its own
MARK_EVERY_S = 60.0
CRASHED_US = 600 * 1_000_000  # what a crash leaves behind the mark is younger, also on a slow disk
SERVER = "system:server"
LOAD = "policy.load"  # each start has one; that of a signing names accounts
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Unknown:
    """Entries from `first` up to before `until` of which the records know nothing; `said`: those
    that a start takes up again."""

    first: int
    until: int
    said: tuple[LogEntry, ...]


@dataclass(frozen=True)
class Restored:
    """`unknown`: how many entries; `again`: how much of what ended once more."""

    unknown: int = 0
    again: tuple[tuple[str, int], ...] = ()


def mark(records: Records, size: int, now_us: int) -> None:
    """That the records know of the first `size` entries, and that there were no more at `now_us`:
    what comes after a quiet hour is late for the hour before it."""
    records.set_setting(KNOWN, {"size": size, "at_us": now_us}, now_us)


def look(records: Records, log: Log, vault: Vault, key: DataKey, begun: int) -> Unknown | None:
    """Before this start writes anything into the log; None where the records know it all, or all
    but what a crash leaves. `begun`: how far they knew it where no mark is kept yet."""
    known: dict[str, Any] = records.setting(KNOWN) or {"size": begun, "at_us": None}
    size, first = log.publish().size, known["size"]
    if first > size:
        _log.warning(
            "the log has %d entries, and the records knew %d: it was set back or is another one; "
            "`littoral fsck log --earlier` tells with a checkpoint from elsewhere", size, first,
        )  # fmt: skip
    if first >= size:
        return None
    found = list(_entries(LogReader(log.root, log.key.public), first, size))
    if not any(_is_later(vault, entry, known["at_us"], key) for entry in found):
        return None
    return Unknown(first, size, tuple(e for e in found if e.action in ended_again.TAKEN))


def take_up(
    records: Records, log: Log, vault: Vault, key: DataKey, found: Unknown, now_us: int,
    record: Record,
) -> Restored:  # fmt: skip
    """Ends again what the log says was ended, sets holds again, and pauses retention. Broken off,
    it is done anew at the next start, which finds the same."""
    why = Paused(now_us, found.first, found.until)
    with records.database.write() as connection:
        pausing.pause(connection, why)
    facts: dict[str, Any] = {"first": found.first, "until": found.until}
    record([Entry(SERVER, pausing.PAUSE, "list:retention", "", "", "", now_us, "done", facts)])
    again = ended_again.end_again(records, vault, key, found.said, now_us, record)
    mark(records, log.size, now_us)
    return Restored(found.until - found.first, tuple(sorted(again.items())))


def _is_later(vault: Vault, entry: LogEntry, marked_us: int | None, key: DataKey) -> bool:
    """What cannot be left by a crash of the process that marked last. A command of the operator
    writes into the log while no server does."""
    if entry.actor.startswith("operator:"):
        return False
    if marked_us is not None and entry.time_us > marked_us + CRASHED_US:
        return True
    if entry.action != LOAD or entry.actor != SERVER:
        return False
    return "accounts" not in ended_again.facts_of(vault, entry, key)


def _entries(reader: LogReader, first: int, size: int) -> Iterator[LogEntry]:
    """Those that can be read."""
    for bundle in range(first // WIDTH, -(-size // WIDTH)):
        for at, data in enumerate(reader.entries(bundle, size), bundle * WIDTH):
            if at >= first:
                try:
                    yield from_bytes(data)
                except EntryError:
                    continue
