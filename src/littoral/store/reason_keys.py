"""Keys by which the log commits to the words that people gave as a reason.

The log is never altered, so it holds of a reason a keyed hash alone. While the words are kept,
whoever has them and the key shows that they are those; the key goes with the words, and then
nothing in the log tells what they were.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

import sqlalchemy as sa
from sqlalchemy import Column, String, Table
from sqlalchemy.engine import Connection

from littoral.store.tables import metadata

table = Table(
    "reason_keys",
    metadata,
    # Of the reason as retention names it (`vault.reasons`), or of the account that is suspended.
    Column("id", String(36), primary_key=True),
    Column("key", String(64), nullable=False),  # 32 bytes, hexadecimal
)


def committed(key: str, text: str) -> str:
    """HMAC-SHA256, hexadecimal; `key`: 32 bytes, hexadecimal."""
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest()


def key_of(connection: Connection, item: str) -> str:
    """Made at the first call."""
    found = known(connection, item)
    if found is None:
        found = secrets.token_hex(32)
        connection.execute(sa.insert(table).values(id=item, key=found))
    return found


def known(connection: Connection, item: str) -> str | None:
    return connection.execute(sa.select(table.c.key).where(table.c.id == item)).scalar()


def forget(connection: Connection, item: str) -> None:
    connection.execute(sa.delete(table).where(table.c.id == item))
