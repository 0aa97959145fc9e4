"""At every start: what the log says was destroyed stays so, whatever a backup brought back, and an
erasure that a crash broke off is finished."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from littoral.schema.logentry import LogEntry, from_bytes
from littoral.store.evidence import custody
from littoral.store.forms import lost, reading
from littoral.store.log.reader import LogReader
from littoral.store.log.tiles import WIDTH
from littoral.store.log.writer import Log
from littoral.store.records import Records
from littoral.store.sync.records import bare_all, forget_files
from littoral.store.sync.uploads import Staging
from littoral.store.vault import erasure, erasure_requests, retention, tables
from littoral.store.vault.entries import ALLOW, Ask, Record
from littoral.store.vault.erasure import Reconciled
from littoral.store.vault.vault import Vault

# Entries of the log whose erasures the records hold. It lies with the records, so that records from
# a backup bring back the number that is true of them.
READ = "vault.reconciled_entries"
# Whether the records of sync were rid of what a server of before kept of them: names of files, what
# was written in refused ones, and hashes of files that are erased.
BARE = "sync.bare_records"
MARK = f'"action":"{erasure.ERASE}"'.encode()


SERVER = "system:server"
ON_REQUEST = ("subject:", "evidence:")  # what is erased on request


def reconcile(
    records: Records, log: Log, vault: Vault, evidence: Path, now_us: int, record: Record
) -> Reconciled:
    """Before anything is answered. Reads the log on from where the last start ended."""
    signed = log.publish()
    first = records.setting(READ, 0)
    if first > signed.size:  # another log, or one that was set back: `fsck log` tells
        first = 0
    found = dict(erasures(LogReader(log.root, log.key.public), first, signed.size))
    report = erasure.reconcile(vault, erasure.destroyed_keys(found.values()), now_us)
    proofs = {
        entry.thing.partition(":")[2]: at
        for at, entry in found.items()
        if entry.thing.startswith(ON_REQUEST) and entry.verdict == ALLOW
    }
    erasure_requests.settle(vault, proofs, SERVER, now_us, record)
    ask = Ask(SERVER, "", "system_operation", "statutory_duty")
    erasure.erase_left_files(vault, ask, now_us, record)
    retention.make_up(vault, SERVER, now_us, record, evidence)
    custody.sweep(vault, evidence)
    staging = Staging(evidence.parent, vault)
    staging.end_shared()
    staging.sweep(now_us)
    if not records.setting(BARE, False):
        with records.database.write() as connection:
            bare_all(connection)
            e = tables.evidence.c
            forget_files(connection, sa.select(e.id).where(e.erased_us.is_not(None)))
        records.set_setting(BARE, True)
    reading.ask_again(vault, now_us)
    lost.find_lost(vault, evidence, SERVER, now_us, record)
    report.unread = reading.read_again(vault, evidence, SERVER, now_us, record)
    records.set_setting(READ, signed.size)
    return report


def erasures(reader: LogReader, first: int, size: int) -> Iterator[tuple[int, LogEntry]]:
    """Entries of erasures from the bundle of `first` on, with their places; the others are not
    parsed."""
    for bundle in range(first // WIDTH, -(-size // WIDTH)):
        for at, data in enumerate(reader.entries(bundle, size), bundle * WIDTH):
            if MARK in data:
                yield at, from_bytes(data)
