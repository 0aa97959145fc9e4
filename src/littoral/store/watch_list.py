"""The watch-list: vessels that people look out for, with why, for whom and until when. Vessels
only: a number or name that ships carry, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Integer, String, Table, Text
from sqlalchemy.engine import Connection

from littoral.schema.watched import Watched
from littoral.store.database import NotFound, RecordsError
from littoral.store.geofences import Conflict
from littoral.store.tables import metadata

DAY_US = 86_400_000_000
MOST_US = 90 * DAY_US  # then whoever looks out for her says again why
SOON_US = DAY_US  # before its end its owner is told
UNLISTED, SHORTER = "unlisted", "shorter"

table = Table(
    "watch_list",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("revision", Integer, nullable=False),
    Column("mmsi", Integer),
    Column("imo", Integer),
    Column("name", String(20)),
    Column("reason", Text, nullable=False),
    Column("owner", String(200), nullable=False),  # login
    Column("desk", String(80), nullable=False),  # unit/agency by whose right she was listed
    Column("at_us", BigInteger, nullable=False),
    Column("until_us", BigInteger, nullable=False, index=True),
    Column("ended_by", String(200)),
    Column("ended_us", BigInteger),
)


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    revision: int
    mmsi: int | None
    imo: int | None
    name: str | None
    reason: str
    owner: str
    desk: str
    at_us: int
    until_us: int
    ended_by: str | None
    ended_us: int | None

    @property
    def document(self) -> dict[str, Any]:
        """What a change is of, as the changes keep it."""
        names = ("mmsi", "imo", "name", "reason", "owner", "until_us")
        return {name: getattr(self, name) for name in names}


def blinder(before: Entry, until_us: int | None) -> tuple[str, ...]:
    """What is watched less; `until_us` None: she is taken off."""
    if until_us is None:
        return (UNLISTED,)
    return (SHORTER,) if until_us < before.until_us else ()


REASONS = {
    UNLISTED: {"zh": "船舶提前移出关注名单", "en": "the vessel is taken off the watch-list early"},
    SHORTER: {"zh": "关注时间缩短", "en": "she is looked out for for a shorter time"},
}


def add(
    connection: Connection,
    key: str,
    mmsi: int | None,
    imo: int | None,
    name: str | None,
    reason: str,
    until_us: int,
    owner: str,
    desk: str,
    now_us: int,
) -> Entry:
    """The same key once more changes nothing. Raises RecordsError for an end or reason that is
    none, Conflict where she is on the list already."""
    known = connection.execute(sa.select(table).where(table.c.id == key)).first()
    if known is not None:
        return Entry(**known._mapping)
    _check(reason, until_us, now_us)
    ways = {"mmsi": mmsi, "imo": imo, "name": name}
    if all(value is None for value in ways.values()):
        raise RecordsError("say which vessel: MMSI, IMO number or name")
    for entry in active(connection, now_us):
        for way, value in ways.items():
            if value is not None and getattr(entry, way) == value:
                raise Conflict(f"she is on the list already, by {entry.owner}")
    row = {
        "id": key, "revision": 1, **ways, "reason": reason.strip(), "owner": owner, "desk": desk,
        "at_us": now_us, "until_us": until_us,
    }  # fmt: skip
    connection.execute(sa.insert(table).values(**row))
    return one(connection, key)


def update(
    connection: Connection, key: str, until_us: int, reason: str, now_us: int,
    revision: int | None = None,
) -> Entry:  # fmt: skip
    """`revision`: that the change was made from. Raises NotFound, RecordsError, Conflict."""
    now = standing(connection, key, now_us, revision)
    _check(reason, until_us, now_us)
    values = {"until_us": until_us, "reason": reason.strip(), "revision": now.revision + 1}
    connection.execute(sa.update(table).where(table.c.id == key).values(**values))
    return one(connection, key)


def remove(
    connection: Connection, key: str, by: str, now_us: int, revision: int | None = None
) -> Entry:
    """Raises NotFound, Conflict."""
    now = standing(connection, key, now_us, revision)
    values = {"ended_by": by, "ended_us": now_us, "revision": now.revision + 1}
    connection.execute(sa.update(table).where(table.c.id == key).values(**values))
    return one(connection, key)


def standing(connection: Connection, key: str, now_us: int, revision: int | None = None) -> Entry:
    """Raises NotFound, also when it is over; Conflict when it was changed since."""
    now = one(connection, key)
    if now.ended_us is not None or now.until_us <= now_us:
        raise NotFound(f"{key} is no longer on the watch-list")
    if revision is not None and revision != now.revision:
        raise Conflict("it was changed meanwhile")
    return now


def one(connection: Connection, key: str) -> Entry:
    """Raises NotFound."""
    row = connection.execute(sa.select(table).where(table.c.id == key)).first()
    if row is None:
        raise NotFound(f"there is no entry {key} of the watch-list")
    return Entry(**row._mapping)


def active(connection: Connection, now_us: int) -> list[Entry]:
    """Those looked out for, as they were listed."""
    query = sa.select(table).where(table.c.ended_us.is_(None), table.c.until_us > now_us)
    return [
        Entry(**r._mapping)
        for r in connection.execute(query.order_by(table.c.at_us, table.c.id))
    ]  # fmt: skip


def current(connection: Connection) -> tuple[Watched, ...]:
    """As the engine takes them, which judges their end by event time."""
    query = sa.select(table).where(table.c.ended_us.is_(None)).order_by(table.c.at_us, table.c.id)
    return tuple(
        Watched(r.id, r.mmsi, r.imo, r.name, r.until_us) for r in connection.execute(query)
    )


def _check(reason: str, until_us: int, now_us: int) -> None:
    if not reason.strip():
        raise RecordsError("say why")
    if until_us <= now_us:
        raise RecordsError("its end has passed")
    if until_us > now_us + MOST_US:
        raise RecordsError("at most 90 days from now")
