"""Entries of the vault as the log keeps them, and the recorder that waits until they are durable.

Actor, action, thing, purpose, case, legal basis, time and verdict stay readable; `facts` are sealed
under the vault's own log key, so that the log's bytes tell nobody which fields were read. Where an
entry commits to a document (custody of evidence), the commitment takes the place of the facts.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.schema.logentry import (
    Details,
    LogEntry,
    Verdict,
    commit,
    to_bytes,
)
from littoral.store.database import upsert
from littoral.store.forms.numbers import numbers_in
from littoral.store.tables import to_json
from littoral.store.vault import sealing, tables
from littoral.store.vault.entries import Entry, Record
from littoral.store.vault.ids import is_id, ref
from littoral.store.vault.keyfiles import KeyMissing
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.master import MasterError
from littoral.store.vault.vault import Vault

NAME = "log"
# Somebody's number (see `NUMBER_OF_A_PERSON`) wherever it stands in an id, as people write them.
# Beside those by which answers are found: any of as many digits, also of fifteen.
NUMBER_WITHIN = re.compile(r"(?<!\d)(\d{17}[\dXx]|\d{15}|1\d{10})(?!\d)")
HASH = re.compile(r"[0-9a-f]{24}|[0-9a-f]{64}")  # of an alert, of a policy set
LOST = "vault.log_key_lost"
_log = logging.getLogger(__name__)
Keep = Callable[[Connection, Sequence[Entry]], None]  # `store.people.outbox.Outbox.keep_entries`
Append = Callable[[Sequence[LogEntry]], "Future[int]"]  # `store.log.writer.Log.append`


def log_key(vault: Vault, now_us: int, keep: Keep | None = None) -> DataKey:
    """The key of the facts, made at the first call. With `keep`, which puts entries on their way
    into the log in the transaction, one that is lost is replaced, once, and what it sealed can no
    longer be read; without, it raises KeyMissing. Raises MasterError where no key opens at all:
    then another master key is here, and nothing is lost yet."""
    k = tables.named_keys.c
    with vault.db.write() as connection:
        query = sa.select(k.key_id).where(k.name == NAME)
        key_id = connection.execute(query).scalar_one_or_none()
        if key_id is not None:
            try:
                return vault.keys.get(key_id)
            except KeyMissing as lost:
                if vault.keys.opens_none_but(key_id):
                    raise MasterError(
                        f"{vault.keys.master_file}: opens none of the keys in "
                        f"{vault.keys.files.folder}: one of the two is of another time or place"
                    ) from lost
                if keep is None:
                    raise
                _log.warning("the key of the log's facts is lost, and a new one made: %s", lost)
        made = vault.keys.create("log", now_us, sealing.AES)
        row = {"name": NAME, "key_id": made.id, "made_us": now_us}
        upsert(connection, tables.named_keys, [row])
        if key_id is not None and keep is not None:
            facts = {"made": made.id}
            keep(connection, [
                Entry("system:server", LOST, ref("key", key_id), "", "", "", now_us, "done", facts)
            ])  # fmt: skip
        return made


def as_logged(entry: Entry, key: DataKey, policy_hash: bytes | None = None) -> LogEntry:
    """Raises EntryError when a word is none that the log takes. An id that is or holds somebody's
    number, such as the code of a grid with its fifteen places or what a stranger put into an
    address, stands under a keyed hash; as it is it stands among the sealed facts."""
    entry = _without_numbers(entry, key)
    details = None
    if entry.committed is not None:
        details = commit(
            entry.committed.plain, ref("key", entry.committed.key_id), entry.committed.key
        )
    elif entry.facts:
        sealed = sealing.seal(key.algorithm, key.key, to_json(entry.facts).encode(), _where(entry))
        details = Details(key.algorithm, ref("key", key.id), sealed)
    return LogEntry(
        time_us=entry.time_us,
        actor=entry.actor,
        action=entry.action,
        thing=entry.thing,
        verdict=Verdict(entry.verdict),
        purpose=entry.purpose or None,
        case=ref("case", entry.case) or None,
        legal_basis=entry.legal_basis or None,
        policy_hash=entry.policy_hash or policy_hash,
        details=details,
    )


def _without_numbers(entry: Entry, key: DataKey) -> Entry:
    kind, _, thing = entry.thing.partition(":")
    hidden: dict[str, str] = {}
    if _holds_number(thing):
        hidden["thing"] = entry.thing
        entry = replace(entry, thing=f"{kind}:{_keyed(thing, key)}")
    if _holds_number(entry.case):
        hidden["case"] = entry.case
        entry = replace(entry, case=_keyed(entry.case, key))
    return replace(entry, facts={**entry.facts, **hidden}) if hidden else entry


def _holds_number(thing: str) -> bool:
    """Digits of an id that a machine made are nobody's number."""
    if is_id(thing) or HASH.fullmatch(thing):
        return False
    return NUMBER_WITHIN.search(thing) is not None or any(numbers_in(thing))


def _keyed(number: str, key: DataKey) -> str:
    mac = hmac.new(key.key, b"number of a person\0" + number.encode(), hashlib.sha256)
    return f"numbered-{mac.hexdigest()[:32]}"


def check(entry: Entry, key: DataKey) -> None:
    """Raises EntryError for what the log would not take."""
    to_bytes(as_logged(entry, key, entry.policy_hash or bytes(32)))


def facts_json(entry: LogEntry, key: DataKey) -> bytes | None:
    """The facts of a logged entry as JSON, for the oversight page; None where it has none, or
    a commitment. Raises SealError."""
    if entry.details is None or entry.details.algorithm != key.algorithm:
        return None
    where = sealing.context(
        "log", str(entry.time_us), entry.actor, entry.action, entry.thing, entry.verdict
    )
    return sealing.unseal(key.algorithm, key.key, entry.details.data, where)


def facts_kept(vault: Vault, entry: LogEntry, key: DataKey) -> bytes | None:
    """`facts_json`, also of an entry under a log key of before: one that was lost and is back."""
    if entry.details is not None and entry.details.algorithm == key.algorithm:
        named = entry.details.key_id.removeprefix("key:")
        try:
            key = key if named == key.id else vault.keys.get(named)
        except KeyMissing:
            return None
    return facts_json(entry, key)


def facts_of(document: Mapping[str, Any], key: DataKey) -> bytes | None:
    """`facts_json` of the entry's own JSON, for who reads very many: what the facts were sealed
    with is checked by unsealing them, the form of the rest is not. Raises SealError."""
    details = document.get("details")
    if details is None or details["algorithm"] != key.algorithm:
        return None
    said = (document[name] for name in ("time_us", "actor", "action", "thing", "verdict"))
    where = sealing.context("log", *map(str, said))
    return sealing.unseal(key.algorithm, key.key, base64.b64decode(details["data"]), where)


def recorder(
    append: Append, key: DataKey, policy_hash: bytes | None = None, wait_s: float = 10.0
) -> Record:
    """A `record` that gives the places in the log once the entries are durable. It raises what
    the log raises, TimeoutError after `wait_s`: then nothing is shown."""

    def record(entries: Sequence[Entry]) -> list[int]:
        first = append([as_logged(e, key, policy_hash) for e in entries]).result(wait_s)
        return list(range(first, first + len(entries)))

    return record


def _where(entry: Entry) -> bytes:
    return sealing.context(
        "log", str(entry.time_us), entry.actor, entry.action, entry.thing, entry.verdict
    )
