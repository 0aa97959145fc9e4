"""Whether the log knows more than the records: then these were put back from a backup.

The records hold how far they knew the log, and when: at each start, once a minute, and at a clean
end. What stands in the log behind that is known after a crash all the same. It is not when a start
stands there of which they know nothing, or something that happened long after: then somebody put
records of before in their place.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from littoral.engine import ended_again
from littoral.schema.logentry import EntryError, LogEntry, from_bytes
from littoral.store.log.reader import LogReader
from littoral.store.log.tiles import WIDTH
from littoral.store.log.writer import Log
from littoral.store.people import outbox
from littoral.store.records import Records
from littoral.store.vault import logged, pausing
from littoral.store.vault.entries import Entry, Record
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.pausing import Paused
from littoral.store.vault.vault import Vault

# {"size", "at_us"}, "starting" while a start tells its load and does not know yet that it is told.
# It lies with the records, so that a backup brings back its own.
KNOWN = "log.known"
MARK_EVERY_S = 60.0
CRASHED_US = 600 * 1_000_000  # what a crash leaves behind the mark is younger, also on a slow disk
SERVER = "system:server"
LOAD = "policy.load"  # each start has one, with its nonce; that of a signing names accounts
# Of the server and of its log, and left by a command while no server runs, as by an operator.
BY_COMMANDS = (logged.LOST, outbox.SEALED)
_TAKEN, _LOAD = (
    tuple(f'{{"action":"{action}",'.encode() for action in actions)
    for actions in (ended_again.TAKEN, (LOAD,))
)
_TIME = re.compile(rb'"time_us":(\d{1,19}),')  # once in an entry: its words have no quotes
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


def look(records: Records, log: Log, vault: Vault, key: DataKey) -> Unknown | None:
    """Before this start writes anything into the log; None where the records know it all, or all
    but what a crash leaves, or are of a version that kept no mark: how far those knew it, nothing
    tells. One pass through the entries behind the mark, which holds those of `TAKEN`."""
    known: dict[str, Any] | None = records.setting(KNOWN)
    if known is None:
        return None
    size, first = log.publish().size, known["size"]
    if first > size:
        _log.warning(
            "the log has %d entries, and the records knew %d: it was set back or is another one; "
            "`littoral fsck log --earlier` tells with a checkpoint from elsewhere", size, first,
        )  # fmt: skip
    if first >= size:
        return None
    late_us, later = known["at_us"] + CRASHED_US, False
    said: list[LogEntry] = []
    for data in _entries(LogReader(log.root, log.key.public), first, size):
        taken = data.startswith(_TAKEN)
        if not taken and (later or not (data.startswith(_LOAD) or _time_us(data) > late_us)):
            continue
        try:
            entry = from_bytes(data)
        except EntryError:
            continue
        later = later or _is_later(vault, entry, late_us, known.get("starting"), key)
        if taken:
            said.append(entry)
    return Unknown(first, size, tuple(said)) if later else None


def start(records: Records, size: int, now_us: int, found: Unknown | None) -> str:
    """A nonce for the load that is told next, kept before it is: where the start then dies, the
    next one knows the load. What `look` found is found again until it was taken up."""
    known = {"size": size, "at_us": now_us} if found is None else records.setting(KNOWN)
    nonce = secrets.token_hex(8)
    records.set_setting(KNOWN, {**known, "starting": nonce}, now_us)
    return nonce


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


def _is_later(
    vault: Vault, entry: LogEntry, late_us: int, starting: str | None, key: DataKey
) -> bool:
    """What cannot be left by a crash of the process that marked last. A command of the operator
    writes into the log while no server does."""
    if entry.actor.startswith("operator:") or entry.action in BY_COMMANDS:
        return False
    if entry.action != LOAD or entry.actor != SERVER:
        return entry.time_us > late_us
    facts = ended_again.facts_of(vault, entry, key)
    if starting is not None and facts.get("start") == starting:
        return False
    return entry.time_us > late_us or "accounts" not in facts


def _time_us(data: bytes) -> int:
    """Of an entry that can be read."""
    found = _TIME.search(data)
    return int(found[1]) if found else 0


def _entries(reader: LogReader, first: int, size: int) -> Iterator[bytes]:
    for bundle in range(first // WIDTH, -(-size // WIDTH)):
        yield from reader.entries(bundle, size)[max(0, first - bundle * WIDTH) :]
