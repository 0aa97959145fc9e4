"""The vault's parts together, and what its functions share: sealing into a row, reading a case.

The functions are in `cases`, `grants`, `persons`, `erasure` and `holds`; each takes the vault
first and `now_us` and `record` last. None reads a clock. Where something is shown, the order is:
the rules, the entry in the log (durable), and only then the key and the plain value.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.database import Database
from littoral.store.vault import sealing, tables
from littoral.store.vault.entries import Ask
from littoral.store.vault.keyfiles import KeyDestroyed, KeyMissing
from littoral.store.vault.keyring import DataKey, KeyRing
from littoral.store.vault.rules import CaseFacts, Limits, check_case

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Vault:
    """`algorithm` and `mac` are what new records are sealed with; old ones name their own.

    `ending` is held from the look at the holds until the keys are destroyed or a field is altered,
    and while a hold is set: a hold that was acknowledged is seen by every erasure after it. A lock
    of the process is enough, since both need the log, which one process writes.
    `breaking` is held likewise while it is counted how many uses of break-glass wait for review."""

    db: Database
    keys: KeyRing
    limits: Limits = field(default_factory=Limits)
    algorithm: str = sealing.AES
    mac: str = sealing.HMAC_SHA256
    ending: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)
    breaking: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)


class Erased(Exception):
    """The thing was here and its key has been destroyed."""


class NotThere(Exception):
    """No such thing is in the vault."""


def kept_row(connection: Connection, table: sa.Table, kind: str, thing: str) -> Any:
    """The row of a subject or a piece of evidence. Raises NotThere, Erased."""
    row = connection.execute(sa.select(table).where(table.c.id == thing)).first()
    if row is None:
        raise NotThere(f"there is no {kind} {thing}")
    if row.erased_us is not None:
        raise Erased(f"{kind} {thing} was erased")
    return row


def seal_text(key: DataKey, text: str, *where: str) -> bytes:
    return sealing.seal(key.algorithm, key.key, text.encode(), sealing.context(*where))


def open_text(key: DataKey, sealed: bytes, *where: str) -> str:
    """Raises SealError, which says where: of which thing, never what stood there."""
    return open_bytes(key, sealed, *where).decode()


def open_bytes(key: DataKey, sealed: bytes, *where: str) -> bytes:
    """Raises as `open_text`."""
    try:
        return sealing.unseal(key.algorithm, key.key, sealed, sealing.context(*where))
    except sealing.SealError as error:
        raise sealing.SealError(f"{' '.join(where)}: {error}") from error


def readable_text(key: DataKey, sealed: bytes, *where: str) -> str | None:
    """None for one that is damaged, which the server's log tells: then the rest of a list is
    shown."""
    try:
        return open_text(key, sealed, *where)
    except sealing.SealError as damaged:
        _log.warning("damaged: %s; restore it from a backup", damaged)
        return None


def case_facts(connection: Connection, case_id: str) -> CaseFacts | None:
    c = tables.cases.c
    row = connection.execute(
        sa.select(c.id, c.purpose, c.legal_basis, c.state).where(c.id == case_id)
    ).first()
    if row is None:
        return None
    return CaseFacts(row.id, row.purpose, row.legal_basis, row.state == "open")


def require_case(connection: Connection, ask: Ask) -> None:
    """Raises AccessDenied unless the case is open for this purpose on this basis."""
    check_case(case_facts(connection, ask.case), ask)


def case_key(vault: Vault, connection: Connection, case_id: str) -> DataKey:
    """Raises NotThere, KeyDestroyed, KeyMissing."""
    c = tables.cases.c
    key_id = connection.execute(sa.select(c.key_id).where(c.id == case_id)).scalar_one_or_none()
    if key_id is None:
        raise NotThere(f"there is no case {case_id}")
    return vault.keys.get(key_id)


def readable_case_key(vault: Vault, connection: Connection, case_id: str) -> DataKey | None:
    """None once it was destroyed, and while it is lost, which the server's log tells: then what it
    seals is left out and the rest is shown. Raises NotThere."""
    try:
        return case_key(vault, connection, case_id)
    except KeyDestroyed:
        return None
    except KeyMissing as missing:
        _log.warning("the key %s of case %s is lost: restore the keys", missing, case_id)
        return None
