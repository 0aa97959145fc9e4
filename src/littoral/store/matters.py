"""Steps of whole matters: of incidents with all that is merged into them."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.incidents import StepRow, incident_steps, incidents, step_row

# Built once: building a statement costs more than running it.
_PARTS = sa.select(incidents.c.id, incidents.c.merged_into).where(
    incidents.c.merged_into.in_(sa.bindparam("keys", expanding=True))
)
_s = incident_steps.c
_STEPS = (
    sa.select(incident_steps)
    .where(
        _s.incident_id.in_(sa.bindparam("keys", expanding=True)),
        _s.kind.in_(sa.bindparam("kinds", expanding=True)),
    )
    .order_by(_s.received_us, _s.version)
)


def steps_of_matters(
    connection: Connection, keys: Iterable[str], kinds: Iterable[str]
) -> dict[str, list[StepRow]]:
    """Of each of these incidents the steps of these kinds, with those of what is merged into it,
    directly or by way of others, in the order in which they came."""
    root = {key: key for key in keys}
    waiting = sorted(root)
    while waiting:
        parts = connection.execute(_PARTS, {"keys": waiting})
        new = [row for row in parts if row.id not in root]
        root |= {row.id: root[row.merged_into] for row in new}
        waiting = [row.id for row in new]
    found: dict[str, list[StepRow]] = {key: [] for key in root.values()}
    for r in connection.execute(_STEPS, {"keys": sorted(root), "kinds": sorted(kinds)}):
        found[root[r.incident_id]].append(step_row(r))
    return found
