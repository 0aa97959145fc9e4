"""Alerts as they stood at a time of the past: each version and each act with the time from which it
held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from littoral.schema.finding import NOTED
from littoral.store.database import Database
from littoral.store.tables import alert_actions, alert_versions, alerts

AT_ONCE = 500
MOST = 2000  # alerts
HANDLINGS = {"acknowledge": "acknowledged", "dismiss": "dismissed", "hand_on": "handed_on"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What held of an alert from `at_us` (event time for a version, the watch's clock for an act)
    until its next one."""

    alert: str
    at_us: int
    document: dict[str, Any]
    state: str
    priority: int
    handling: str


def standings(database: Database, from_us: int, to_us: int) -> list[Standing]:
    """Of the alerts whose cause lay in the time, by alert and time; events that are kept and not
    annunciated are left out."""
    c, v, a = alerts.c, alert_versions.c, alert_actions.c
    wanted = (
        sa.select(c.id)
        .where(
            sa.func.coalesce(c.end_us, c.updated_us) >= from_us,
            c.start_us < to_us,
            c.priority < NOTED,
        )
        .order_by(c.start_us.desc(), c.id)
        .limit(MOST)
    )
    with database.read() as connection:
        ids = list(connection.execute(wanted).scalars())
        told: dict[str, list[tuple[int, int, Any]]] = {key: [] for key in ids}
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            versions = sa.select(v.alert_id, v.revision, v.state, v.priority, v.document)
            for row in connection.execute(versions.where(v.alert_id.in_(some))):
                told[row.alert_id].append((int(row.document["updated_us"]), row.revision, row))
            acts = sa.select(a.alert_id, a.at_us, a.action).where(
                a.alert_id.in_(some), a.action.in_(HANDLINGS), a.undone_by.is_(None)
            )
            for act in connection.execute(acts):
                told[act.alert_id].append((act.at_us, 1 << 30, act.action))
    return [standing for key, events in told.items() for standing in _course(key, events)]


def _course(key: str, events: list[tuple[int, int, Any]]) -> list[Standing]:
    """From versions and acts in order of time, what held after each."""
    out: list[Standing] = []
    handling, version = "new", None
    for at_us, _, event in sorted(events, key=lambda e: e[:2]):
        if isinstance(event, str):
            handling = HANDLINGS[event]
        else:
            version = event
        if version is not None:
            out.append(
                Standing(key, at_us, version.document, version.state, version.priority, handling)
            )
    return out
