"""How many alerts, by rule, priority and what became of them: no alert is named."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from littoral.schema.finding import WITHDRAWN
from littoral.store.alert_rows import NEW
from littoral.store.database import Database
from littoral.store.tables import alerts

HOUR_US = 3_600_000_000


class AlertCount(NamedTuple):
    """`outcome`: withdrawn, as it was handled (acknowledged, dismissed, handed_on), else `ongoing`
    or `unanswered` where it has ended."""

    hour_us: int
    rule: str
    priority: int
    outcome: str
    many: int


def counted(database: Database, from_us: int, to_us: int) -> list[AlertCount]:
    """Of alerts that began in `from_us <= start < to_us`, by the hour."""
    c = alerts.c
    outcome = sa.case(
        (c.state == WITHDRAWN, WITHDRAWN),
        (c.handling != NEW, c.handling),
        (c.end_us.is_(None), "ongoing"),
        else_="unanswered",
    )
    hour = c.start_us - c.start_us % HOUR_US
    query = (
        sa.select(hour, c.rule, c.priority, outcome, sa.func.count())
        .where(c.start_us >= from_us, c.start_us < to_us)
        .group_by(hour, c.rule, c.priority, outcome)
        .order_by(hour, c.rule, c.priority, outcome)
    )
    with database.read() as connection:
        return [AlertCount(*row) for row in connection.execute(query)]
