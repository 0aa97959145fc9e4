"""Entries of the log that cannot be read: the index passes over them, and they are counted here.

A bundle whose lengths do not fit, or whose file is gone, is passed over as a whole.
"""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.database import upsert
from littoral.store.log.reader import LogReader
from littoral.store.log.tiles import WIDTH, TileError
from littoral.store.oversight.ranges import Ranges
from littoral.store.tables import settings

DAMAGED = "oversight.damaged"  # ranges of places in the log
MAX_WORD = 240  # as the tables of the index keep words
NEEDED = ("actor", "action", "thing", "verdict")
OPTIONAL = ("purpose", "case", "legal_basis")
OF_DETAILS = ("algorithm", "key", "data")
Read = tuple[int, dict[str, Any] | None]


def read(reader: LogReader, bundle: int, size: int) -> list[Read]:
    """Entries of a bundle with their places; None for one that cannot be read."""
    first = bundle * WIDTH
    try:
        found = reader.entries(bundle, size)
    except (TileError, FileNotFoundError):
        return [(at, None) for at in range(first, min(first + WIDTH, size))]
    return [(at, _document(data)) for at, data in enumerate(found, first)]


def kept(connection: Connection) -> Ranges:
    """Places of the entries that were passed over."""
    query = sa.select(settings.c.value).where(settings.c.key == DAMAGED)
    said = connection.execute(query).scalar_one_or_none() or ()
    # Each place by itself, as servers of 2026-11 kept them, or as `keep` does.
    return Ranges.of((one, 1) if isinstance(one, int) else (one[0], one[1]) for one in said)


def keep(connection: Connection, damaged: Ranges, now_us: int = 0) -> None:
    if damaged:
        row = {"key": DAMAGED, "value": damaged.items, "changed_us": now_us}
        upsert(connection, settings, [row])
    else:
        connection.execute(sa.delete(settings).where(settings.c.key == DAMAGED))


def _document(data: bytes) -> dict[str, Any] | None:
    """What the index takes of an entry; whether it is what was hashed is for `fsck log`."""
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and _is_whole(found) else None


def _is_whole(found: dict[str, Any]) -> bool:
    time_us, details = found.get("time_us"), found.get("details")
    return (
        type(time_us) is int
        and 0 <= time_us < 1 << 63
        and all(_is_word(found.get(name)) for name in NEEDED)
        and all(_is_word(found[name]) for name in OPTIONAL if name in found)
        and (
            details is None
            or (isinstance(details, dict) and all(_is_text(details.get(n)) for n in OF_DETAILS))
        )
    )


def _is_word(said: object) -> bool:
    return _is_text(said) and len(str(said)) <= MAX_WORD


def _is_text(said: object) -> bool:
    """ASCII that is seen: a database takes no NUL."""
    return isinstance(said, str) and said.isascii() and said.isprintable()
