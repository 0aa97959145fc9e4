"""Numbers of persons in the answers to forms: by them the answers are found of who asks what is
kept about him. Each is sealed under the key of the answers and ends with it."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.vault import index, tables
from littoral.store.vault.vault import Vault, kept_row, seal_text


def put(
    vault: Vault,
    connection: Connection,
    evidence_id: str,
    numbers: Collection[tuple[str, str]],
    now_us: int,
) -> None:
    """In the place of those that were there; `numbers`: field and value. In a writing transaction.
    Raises NotThere, Erased, KeyDestroyed."""
    row = kept_row(connection, tables.evidence, "evidence", evidence_id)
    n = tables.answer_numbers.c
    connection.execute(sa.delete(tables.answer_numbers).where(n.evidence_id == evidence_id))
    if not numbers:
        return
    key = vault.keys.get(row.key_id)
    over = index.current_key(vault, connection, row.purpose, now_us)
    rows = [
        {
            "evidence_id": evidence_id,
            "number": at,
            "name": name,
            "index_key_id": over.id,
            "token": index.token(over, row.purpose, name, value),
            "ciphertext": seal_text(key, value, index.ANSWER, evidence_id, str(at), name),
        }
        for at, (name, value) in enumerate(numbers)
    ]
    connection.execute(sa.insert(tables.answer_numbers), rows)
