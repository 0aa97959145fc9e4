"""At every start: what the log says was destroyed stays so, whatever a backup brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from littoral.schema.logentry import LogEntry, from_bytes
from littoral.store.evidence import custody
from littoral.store.log.reader import LogReader
from littoral.store.log.tiles import WIDTH
from littoral.store.log.writer import Log
from littoral.store.records import Records
from littoral.store.vault import erasure
from littoral.store.vault.erasure import Reconciled
from littoral.store.vault.vault import Vault

# Entries of the log whose erasures the records hold. It lies with the records, so that records from
# a backup bring back the number that is true of them.
READ = "vault.reconciled_entries"
MARK = f'"action":"{erasure.ERASE}"'.encode()


def reconcile(records: Records, log: Log, vault: Vault, evidence: Path, now_us: int) -> Reconciled:
    """Before anything is answered. Reads the log on from where the last start ended."""
    signed = log.publish()
    first = records.setting(READ, 0)
    if first > signed.size:  # another log, or one that was set back: `fsck log` tells
        first = 0
    keys = erasure.destroyed_keys(erasures(LogReader(log.root, log.key.public), first, signed.size))
    report = erasure.reconcile(vault, keys, now_us)
    custody.sweep(vault, evidence)
    records.set_setting(READ, signed.size)
    return report


def erasures(reader: LogReader, first: int, size: int) -> Iterator[LogEntry]:
    """Entries of erasures from `first` on; the others are not parsed."""
    for bundle in range(first // WIDTH, -(-size // WIDTH)):
        for data in reader.entries(bundle, size):
            if MARK in data:
                yield from_bytes(data)
