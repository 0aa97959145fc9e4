"""Planned outages of receivers as people enter them, with who and when."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.sense.planned import Plan
from littoral.store.actions import NotFound
from littoral.store.database import RecordsError
from littoral.store.geofences import Conflict
from littoral.store.tables import planned_outages


@dataclass(frozen=True, slots=True)
class OutageRow:
    """A receiver is off on purpose, event time from `start_us` to `end_us`. Only while it
    `holds_alerts` is its silence explained; else it is a note."""

    id: str
    receiver: str
    start_us: int
    end_us: int
    reason: str
    by: str
    at_us: int
    holds_alerts: bool = True
    revision: int = 1

    @property
    def plan(self) -> Plan:
        return Plan(self.start_us, self.end_us, self.holds_alerts)

    @property
    def document(self) -> dict[str, Any]:
        """What a change is of, as the changes keep it."""
        return {
            "id": self.id,
            "receiver": self.receiver,
            "start_us": self.start_us,
            "end_us": self.end_us,
            "reason": self.reason,
            "holds_alerts": self.holds_alerts,
        }


def listed(connection: Connection) -> list[OutageRow]:
    """Those that were not deleted, by start."""
    query = sa.select(planned_outages).where(planned_outages.c.deleted_us.is_(None))
    order = (planned_outages.c.start_us, planned_outages.c.id)
    return [_row(r) for r in connection.execute(query.order_by(*order))]


def one(connection: Connection, outage_id: str) -> OutageRow:
    """Raises NotFound, also when it was deleted."""
    row = _found(connection, outage_id)
    if row is None or row.deleted_us is not None:
        raise NotFound(f"there is no planned outage {outage_id}")
    return _row(row)


def create(
    connection: Connection,
    receiver: str,
    start_us: int,
    end_us: int,
    reason: str,
    by: str,
    now_us: int,
    outage_id: str | None,
    holds_alerts: bool = True,
) -> OutageRow:
    """With an id that the client made the same creation may come twice, also when the outage has
    come to hold alerts since. Raises RecordsError when it does not end after its start, Conflict
    when the id is taken."""
    if end_us <= start_us:
        raise RecordsError("an outage ends after its start")
    key = outage_id or str(uuid.uuid4())
    old = _found(connection, key)
    if old is not None:
        same = (old.receiver, old.start_us, old.end_us) == (receiver, start_us, end_us)
        if not same or old.deleted_us is not None:
            raise Conflict(f"there is an outage {key} already")
        return _row(old)
    connection.execute(
        sa.insert(planned_outages).values(
            id=key,
            receiver=receiver,
            start_us=start_us,
            end_us=end_us,
            reason=reason,
            who=by,
            at_us=now_us,
            holds_alerts=holds_alerts,
            revision=1,
        )
    )
    return one(connection, key)


def update(
    connection: Connection,
    outage_id: str,
    start_us: int,
    end_us: int,
    reason: str,
    holds_alerts: bool,
    by: str,
    revision: int | None = None,
) -> OutageRow:
    """`revision`: that the change was made from. Raises NotFound, RecordsError, Conflict."""
    if end_us <= start_us:
        raise RecordsError("an outage ends after its start")
    now = one(connection, outage_id)
    if revision is not None and revision != now.revision:
        raise Conflict(f"the outage was changed by {now.by} meanwhile")
    connection.execute(
        sa.update(planned_outages)
        .where(planned_outages.c.id == outage_id)
        .values(
            start_us=start_us,
            end_us=end_us,
            reason=reason,
            holds_alerts=holds_alerts,
            who=by,
            revision=now.revision + 1,
        )
    )
    return one(connection, outage_id)


def delete(connection: Connection, outage_id: str, by: str, now_us: int) -> None:
    """Raises NotFound when there is none or it was deleted before."""
    one(connection, outage_id)
    connection.execute(
        sa.update(planned_outages)
        .where(planned_outages.c.id == outage_id)
        .values(deleted_by=by, deleted_us=now_us)
    )


def _found(connection: Connection, key: str) -> sa.Row[Any] | None:
    where = planned_outages.c.id == key
    return connection.execute(sa.select(planned_outages).where(where)).first()


def _row(r: sa.Row[Any]) -> OutageRow:
    return OutageRow(
        r.id, r.receiver, r.start_us, r.end_us, r.reason, r.who, r.at_us, r.holds_alerts, r.revision
    )
