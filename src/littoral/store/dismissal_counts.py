"""How often alerts were dismissed, by thing and desk: who is let go again and again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.changes import dismissals
from littoral.store.tables import alerts


@dataclass(frozen=True, slots=True)
class DismissalCount:
    """How often alerts on one thing were dismissed by one desk."""

    thing: str
    desk: str
    count: int
    last_us: int
    last_alert: str


def counted(connection: Connection, since_us: int, least: int = 1) -> list[DismissalCount]:
    """Dismissals since then by thing and desk, most first."""
    d = dismissals.c
    query = sa.select(d.things, d.desk, d.at_us, d.alert_id).where(d.at_us >= since_us)
    counts: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for things, desk, at_us, alert_id in connection.execute(query):
        for thing in things:
            counts.setdefault((thing, desk), []).append((at_us, alert_id))
    found = [
        DismissalCount(thing, desk, len(times), *max(times))
        for (thing, desk), times in counts.items()
        if len(times) >= least
    ]
    return sorted(found, key=lambda c: (-c.count, c.thing, c.desk))


def labels(connection: Connection, counts: Collection[DismissalCount]) -> dict[str, str]:
    """By thing: what the newest alert that was dismissed called it, such as a ship's name."""
    newest: dict[str, DismissalCount] = {}
    for c in counts:
        if c.thing not in newest or newest[c.thing].last_us < c.last_us:
            newest[c.thing] = c
    a = alerts.c
    query = sa.select(a.id, a.document).where(a.id.in_({c.last_alert for c in newest.values()}))
    said = {
        (row.id, thing["ref"]): thing["label"]
        for row in connection.execute(query)
        for thing in row.document["things"]
    }
    found = {thing: said.get((c.last_alert, thing)) for thing, c in newest.items()}
    return {thing: label for thing, label in found.items() if label}
