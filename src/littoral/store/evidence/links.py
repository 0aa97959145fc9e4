"""The links of a chain of custody: what each says, and how the log commits to it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.tables import to_json
from littoral.store.vault import tables
from littoral.store.vault.entries import Ask, Committed, Entry, Record, entry, places
from littoral.store.vault.ids import ref
from littoral.store.vault.keyring import DataKey

Document = dict[str, Any]
_INSERT = sa.insert(tables.custody)  # built once


def first(ask: Ask, evidence_id: str, now_us: int, facts: dict[str, Any]) -> Document:
    """Of evidence that is taken in."""
    return _document(ask, evidence_id, 0, "", "add", now_us, facts)


def add(
    connection: Connection,
    ask: Ask,
    evidence_id: str,
    salt: bytes,
    key: DataKey,
    step: str,
    action: str,
    now_us: int,
    record: Record,
    facts: dict[str, Any],
) -> None:
    """The next one, once the log has it."""
    c = tables.custody.c
    locked = sa.select(tables.evidence.c.id).where(tables.evidence.c.id == evidence_id)
    connection.execute(locked.with_for_update())
    query = sa.select(c.number, c.hash).where(c.evidence_id == evidence_id)
    last = connection.execute(query.order_by(c.number.desc()).limit(1)).first()
    number, previous = (last.number + 1, last.hash) if last else (0, "")
    link = _document(ask, evidence_id, number, previous, step, now_us, facts)
    (index,) = places(record, [said(ask, link, salt, key, action, facts)])
    insert(connection, link, index)


def said(
    ask: Ask, link: Document, salt: bytes, key: DataKey, action: str, facts: dict[str, Any]
) -> Entry:
    """What the log has of a link."""
    base = entry(ask, action, ref("evidence", link["evidence"]), link["time_us"])
    committed = Committed(_plain(link), key.id, salt)
    return replace(base, facts={"step": link["step"], **facts}, committed=committed)


def insert(connection: Connection, link: Document, log_index: int | None) -> None:
    row = {
        "evidence_id": link["evidence"],
        "number": link["number"],
        "document": link,
        "hash": hashlib.sha256(_plain(link)).hexdigest(),
        "log_index": log_index,
    }
    connection.execute(_INSERT, row)


def _document(
    ask: Ask, evidence_id: str, number: int, previous: str, step: str, now_us: int,
    facts: dict[str, Any],
) -> Document:  # fmt: skip
    return {
        "evidence": evidence_id, "number": number, "step": step, "previous": previous,
        "actor": ask.actor, "purpose": ask.purpose, "case": ask.case,
        "legal_basis": ask.legal_basis, "time_us": now_us, **facts,
    }  # fmt: skip


def _plain(link: Document) -> bytes:
    return to_json(link).encode()
