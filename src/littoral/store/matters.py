"""Steps of whole matters: of incidents with all that is merged into them."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.incidents import StepRow, incident_steps, incidents, step_row


def steps_of_matters(
    connection: Connection, keys: Iterable[str], kinds: Iterable[str]
) -> dict[str, list[StepRow]]:
    """Of each of these incidents the steps of these kinds, with those of what is merged into it,
    directly or by way of others, in the order in which they came."""
    root = {key: key for key in keys}
    waiting = sorted(root)
    while waiting:
        query = sa.select(incidents.c.id, incidents.c.merged_into).where(
            incidents.c.merged_into.in_(waiting)
        )
        new = [row for row in connection.execute(query) if row.id not in root]
        root |= {row.id: root[row.merged_into] for row in new}
        waiting = [row.id for row in new]
    s = incident_steps
    found: dict[str, list[StepRow]] = {key: [] for key in root.values()}
    query = sa.select(s).where(s.c.incident_id.in_(sorted(root)), s.c.kind.in_(sorted(kinds)))
    for r in connection.execute(query.order_by(s.c.received_us, s.c.version)):
        found[root[r.incident_id]].append(step_row(r))
    return found
