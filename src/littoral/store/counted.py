"""Numbers of change: how far each kind of record has been counted."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.tables import counters


def newest(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """The last number of each counter; 0 where nothing was counted yet."""
    c = counters.c
    query = sa.select(c.name, c.value).where(c.name.in_(names))
    found = {row.name: int(row.value) for row in connection.execute(query)}
    return {name: found.get(name, 0) for name in names}
