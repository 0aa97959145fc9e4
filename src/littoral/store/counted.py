"""Numbers of change: how far each kind of record has been counted."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.tables import counters

# Of the one that is counted on; built once, since that costs more than running it.
NEXT = (
    sa.update(counters)
    .where(counters.c.name == sa.bindparam("counter"))
    .values(value=counters.c.value + 1)
    .returning(counters.c.value)
)


def next_of(connection: Connection, name: str) -> int:
    """The next number of a counter that a migration made. The lock of its row puts all that count
    on it in one order."""
    return int(connection.execute(NEXT, {"counter": name}).scalar_one())


def newest(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """The last number of each counter; 0 where nothing was counted yet."""
    c = counters.c
    query = sa.select(c.name, c.value).where(c.name.in_(names))
    found = {row.name: int(row.value) for row in connection.execute(query)}
    return {name: found.get(name, 0) for name in names}
