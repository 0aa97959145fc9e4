"""Retention by itself, and runs that are asked for, paused until the operator of the machine says
that the records hold what is to be kept: after a restore, holds may be missing from them."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.database import upsert
from littoral.store.tables import settings

PAUSED = "retention.paused"
PAUSE, RESUME = "retention.pause", "retention.resume"  # actions in the log


@dataclass(frozen=True)
class Paused:
    """Since when; `first`, `until`: the entries of the log that the records did not know, from the
    one up to before the other."""

    at_us: int
    first: int
    until: int


def paused(connection: Connection) -> Paused | None:
    query = sa.select(settings.c.value).where(settings.c.key == PAUSED)
    said = connection.execute(query).scalar_one_or_none()
    return None if said is None else Paused(**said)


def pause(connection: Connection, why: Paused) -> None:
    """Where it is paused already, from the first that was not known then."""
    before = paused(connection)
    if before is not None:
        why = Paused(before.at_us, min(before.first, why.first), why.until)
    row = {"key": PAUSED, "value": asdict(why), "changed_us": why.at_us}
    upsert(connection, settings, [row])


def resume(connection: Connection) -> Paused | None:
    """What it had been paused for; None: it was not."""
    before = paused(connection)
    connection.execute(sa.delete(settings).where(settings.c.key == PAUSED))
    return before
