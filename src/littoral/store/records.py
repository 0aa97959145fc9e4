"""The records: what people and the engine must agree on, in one database.

The door to `alerts`, `actions` and `geofences`: each method is one transaction. The same code runs
on SQLite (the default, a file) and PostgreSQL. Times are microseconds UTC; `now_us` is the watch's
clock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.area.geofence import Geofence
from littoral.schema.batch import Outage
from littoral.schema.finding import CONFIRMED, PROVISIONAL
from littoral.schema.watched import Watched
from littoral.store import actions, alerts, geofences, outages, shelves, watch_list
from littoral.store.actions import ActionRefused, NotFound
from littoral.store.alert_rows import (
    ActionRow,
    AlertDetail,
    AlertFilter,
    AlertRow,
    Page,
    VersionRow,
)
from littoral.store.clock import clock_us
from littoral.store.database import Database, RecordsError, upsert
from littoral.store.geofences import Conflict, GeofenceChange, GeofenceRow
from littoral.store.outages import OutageRow
from littoral.store.tables import alert_versions, checkpoints, sensors, settings
from littoral.store.tables import alerts as alerts_table

__all__ = [
    "ActionRefused",
    "ActionRow",
    "AlertDetail",
    "AlertFilter",
    "AlertRow",
    "Conflict",
    "GeofenceChange",
    "GeofenceRow",
    "NotFound",
    "OutageRow",
    "Page",
    "Records",
    "RecordsError",
    "VersionRow",
]

# Asked at every decision, so built once: building a statement costs more than running it.
_SETTINGS = sa.select(settings.c.key, settings.c.value).where(
    settings.c.key.in_(sa.bindparam("keys", expanding=True))
)

ENGINE = "engine"  # name of the checkpoint that goes with the alerts


class Records:
    """Safe for several threads and processes."""

    def __init__(self, database: Database, now_us: Callable[[], int]) -> None:
        self._db = database
        self._now_us = now_us

    @classmethod
    def open(cls, url: str, now_us: Callable[[], int] = clock_us) -> Records:
        """`sqlite:///path/records.sqlite` or `postgresql://...`; made and migrated as needed.

        Raises RecordsError when a newer Littoral made it.
        """
        return cls(Database(url), now_us)

    @property
    def database(self) -> Database:
        """For the parts of the records that have doors of their own: accounts, cases, changes."""
        return self._db

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Records:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- alerts, for the engine

    def upsert_alerts(
        self,
        rows: Iterable[Mapping[str, Any]],
        checkpoint: Mapping[str, Any] | None = None,
        calls_since_us: int | None = 0,
    ) -> list[AlertRow]:
        """Stores the rows (keys: `alert_rows.CONTENT`) and the checkpoint in one transaction.
        `calls_since_us`: event time before which what is over calls nobody; None: nobody is on
        watch.

        A row that says what the stored version says changes nothing, so that a second run over the
        same journal does not either. Returns the alerts that changed, by ascending seq.
        """
        with self._db.write() as connection:
            changed = alerts.put(connection, rows, self._now_us(), calls_since_us)
            if checkpoint is not None:
                upsert(connection, checkpoints, [{"name": ENGINE, "value": dict(checkpoint)}])
        return changed

    def checkpoint(self, name: str = ENGINE) -> dict[str, Any] | None:
        query = sa.select(checkpoints.c.value).where(checkpoints.c.name == name)
        with self._db.read() as connection:
            value: dict[str, Any] | None = connection.execute(query).scalar_one_or_none()
        return value

    def set_checkpoint(self, name: str, value: Mapping[str, Any]) -> None:
        with self._db.write() as connection:
            upsert(connection, checkpoints, [{"name": name, "value": dict(value)}])

    def ledger_rows(
        self, since_us: int | None = None
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """(settled, shown ahead) as the engine gave them, to take up after a restart.

        Of every alert the last confirmed version, and the current one where it is provisional.
        `since_us` leaves out what ended and was last touched before it.
        """
        recent = []
        if since_us is not None:
            c = alerts_table.c
            recent = [sa.or_(c.end_us.is_(None), c.end_us >= since_us, c.updated_us >= since_us)]
        current = sa.select(alerts_table.c.state, alerts_table.c.document).where(
            alerts_table.c.state.in_([CONFIRMED, PROVISIONAL]), *recent
        )
        earlier = (
            sa.select(alert_versions.c.document)
            .join(alerts_table, alerts_table.c.id == alert_versions.c.alert_id)
            .where(
                alerts_table.c.state == PROVISIONAL, alert_versions.c.state == CONFIRMED, *recent
            )
            .order_by(alert_versions.c.revision)
        )
        with self._db.read() as connection:
            settled = {r.document["id"]: r.document for r in connection.execute(earlier)}
            ahead = []
            for row in connection.execute(current):
                if row.state == CONFIRMED:
                    settled[row.document["id"]] = row.document
                else:
                    ahead.append(row.document)
        return list(settled.values()), ahead

    def escalate(
        self, now_us: int, after_s: float, since_event_us: int | None = None
    ) -> list[AlertRow]:
        """Warnings that nobody has dealt with for `after_s` of the watch's clock become alarms.

        Only while their cause goes on; events of one moment (an entry) from `since_event_us` on.
        Cheap when none is due, so that it may be called with every batch.
        """
        due = alerts.due_for_alarm(now_us, after_s, since_event_us)
        with self._db.read() as connection:
            if (
                connection.execute(sa.select(alerts_table.c.id).where(*due).limit(1)).first()
                is None
            ):
                return []
        with self._db.write() as connection:
            return alerts.escalate(connection, now_us, after_s, since_event_us)

    def end_shelves(self, now_us: int) -> list[AlertRow]:
        """What lies on shelves whose time is up comes back. Cheap when none is due."""
        with self._db.read() as connection:
            if not shelves.is_due(connection, now_us):
                return []
        with self._db.write() as connection:
            over = shelves.close_due(connection, now_us)
            return alerts.restand(connection, alerts.on_shelves(connection, over), now_us)

    # -- alerts, for people

    def last_seq(self) -> int:
        with self._db.read() as connection:
            return alerts.last_seq(connection)

    def alerts_after(self, seq: int, limit: int = 500) -> list[AlertRow]:
        """Alerts that changed after `seq`, by ascending seq; none is ever passed over."""
        with self._db.read() as connection:
            return alerts.after(connection, seq, limit)

    def alerts(
        self,
        filters: AlertFilter | None = None,
        cursor: str | None = None,
        limit: int = 100,
    ) -> Page:
        """Newest start first. Raises RecordsError when the cursor is not one of this list."""
        with self._db.read() as connection:
            return alerts.page(connection, filters or AlertFilter(), cursor, limit)

    def alert(self, alert_id: str) -> AlertDetail:
        """With all versions and actions, oldest first. Raises NotFound."""
        versions = sa.select(alert_versions).where(alert_versions.c.alert_id == alert_id)
        with self._db.read() as connection:
            found = alerts.read(connection, [alert_id])
            if not found:
                raise NotFound(f"there is no alert {alert_id}")
            return AlertDetail(
                found[0],
                [
                    VersionRow(
                        r.revision, r.seq, r.at_us, r.state, r.priority, r.escalated, r.document
                    )
                    for r in connection.execute(versions.order_by(alert_versions.c.revision))
                ],
                actions.of_alert(connection, alert_id),
            )

    def act(
        self,
        alert_id: str,
        action: Mapping[str, Any],
        now_us: int | None = None,
        also: Callable[[Connection, AlertRow], object] | None = None,
    ) -> AlertRow:
        """`action`: {id (UUID), action, by, reason, to}. The same id again changes nothing. `also`:
        what is kept with the action, in its transaction: neither is there without the other.

        Raises NotFound, ActionRefused (with the field at fault).
        """
        with self._db.write() as connection:
            row = actions.act(connection, alert_id, action, self._now(now_us))
            if also is not None:
                also(connection, row)
            return row

    # -- geofences and planned outages

    def geofences(self, deleted: bool = False) -> list[GeofenceRow]:
        with self._db.read() as connection:
            return geofences.listed(connection, deleted)

    def current_geofences(self) -> tuple[Geofence, ...]:
        """As the engine takes them."""
        with self._db.read() as connection:
            return geofences.current(connection)

    def watched(self) -> tuple[Watched, ...]:
        """Vessels on the watch-list, as the engine takes them."""
        with self._db.read() as connection:
            return watch_list.current(connection)

    def geofence(self, fence_id: str) -> GeofenceRow:
        """Also a deleted one. Raises NotFound."""
        with self._db.read() as connection:
            return geofences.one(connection, fence_id)

    def geofence_changes(self, fence_id: str) -> list[GeofenceChange]:
        with self._db.read() as connection:
            return geofences.changes(connection, fence_id)

    def create_geofence(
        self,
        document: Mapping[str, Any],
        by: str,
        fence_id: str | None = None,
        now_us: int | None = None,
    ) -> GeofenceRow:
        """`document`: a GeoJSON Feature as in `area.geofence_json`. Idempotent by an id that the
        client made (here or in the document). Raises Conflict, FenceError."""
        with self._db.write() as connection:
            return geofences.create(connection, document, by, self._now(now_us), fence_id)

    def update_geofence(
        self,
        fence_id: str,
        document: Mapping[str, Any],
        by: str,
        revision: int | None = None,
        now_us: int | None = None,
    ) -> GeofenceRow:
        """Raises NotFound, FenceError, and Conflict when `revision` is no longer the current."""
        with self._db.write() as connection:
            return geofences.update(connection, fence_id, document, by, self._now(now_us), revision)

    def delete_geofence(
        self, fence_id: str, by: str, revision: int | None = None, now_us: int | None = None
    ) -> GeofenceRow:
        """Its history is kept. Raises NotFound, Conflict."""
        with self._db.write() as connection:
            return geofences.delete(connection, fence_id, by, self._now(now_us), revision)

    def outages(self) -> list[OutageRow]:
        with self._db.read() as connection:
            return outages.listed(connection)

    def current_outages(self, stations: Sequence[str]) -> tuple[Outage, ...]:
        """Planned outages of the receivers named that hold alerts, as the engine takes them."""
        places = {name: i for i, name in enumerate(stations)}
        return tuple(
            Outage(places[o.receiver], o.receiver, o.start_us, o.end_us, True, o.reason)
            for o in self.outages()
            if o.receiver in places and o.holds_alerts
        )

    def create_outage(
        self,
        receiver: str,
        start_us: int,
        end_us: int,
        reason: str,
        by: str,
        outage_id: str | None = None,
        now_us: int | None = None,
        holds_alerts: bool = True,
    ) -> OutageRow:
        """Raises RecordsError when it does not end after its start, Conflict."""
        with self._db.write() as connection:
            return outages.create(
                connection, receiver, start_us, end_us, reason, by, self._now(now_us), outage_id,
                holds_alerts,
            )  # fmt: skip

    def delete_outage(self, outage_id: str, by: str, now_us: int | None = None) -> None:
        """Raises NotFound."""
        with self._db.write() as connection:
            outages.delete(connection, outage_id, by, self._now(now_us))

    # -- settings, and what is known of feeds and receivers

    def setting(self, key: str, default: Any = None) -> Any:
        query = sa.select(settings.c.value).where(settings.c.key == key)
        with self._db.read() as connection:
            row = connection.execute(query).first()
        return default if row is None else row.value

    def settings(self, keys: Collection[str]) -> dict[str, Any]:
        """Those of the keys that are there, in one reading."""
        with self._db.read() as connection:
            found = connection.execute(_SETTINGS, {"keys": list(keys)})
            return {row.key: row.value for row in found}

    def set_setting(self, key: str, value: Any, now_us: int | None = None) -> None:
        row = {"key": key, "value": value, "changed_us": self._now(now_us)}
        with self._db.write() as connection:
            upsert(connection, settings, [row])

    def sensors(self, kind: str) -> dict[str, dict[str, Any]]:
        """What was entered about each `feed` or `receiver`, by name."""
        query = sa.select(sensors).where(sensors.c.kind == kind).order_by(sensors.c.name)
        with self._db.read() as connection:
            return {r.name: r.about for r in connection.execute(query)}

    def set_sensor(
        self, kind: str, name: str, about: Mapping[str, Any], now_us: int | None = None
    ) -> None:
        row = {"kind": kind, "name": name, "about": dict(about), "changed_us": self._now(now_us)}
        with self._db.write() as connection:
            upsert(connection, sensors, [row])

    def _now(self, now_us: int | None) -> int:
        return self._now_us() if now_us is None else now_us
