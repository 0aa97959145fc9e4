"""The reasons that people gave for what they did: with alerts, fences, settings, outages, accounts
and sharings, and what was said of contacts at sea. What was done, by
whom and when, stays; the words end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.retention import Item
from littoral.store import changes, detector_settings, reason_keys, shelves, watch_list
from littoral.store.people.packaged import PROVINCE
from littoral.store.people.tables import account_changes, sharings
from littoral.store.sea_contact_tables import sea_contact_steps
from littoral.store.tables import alert_actions, alerts, planned_outages

KIND = "reason"
DATA_CLASS, PURPOSE = "operational", "system_operation"


@dataclass(frozen=True, slots=True)
class Reasons:
    """A table in which people say why. `over`: when what they did was over; null: it is in force,
    and its reason stands with it. `documents`: JSON in which a `reason` stands too."""

    table: sa.Table
    key: tuple[str, ...]
    said: str
    over: sa.ColumnElement[Any]
    texts: tuple[str, ...]
    documents: tuple[str, ...] = ()

    @property
    def has_text(self) -> sa.ColumnElement[bool]:
        return sa.or_(*(self.table.c[name] != "" for name in self.texts))

    def id_of(self, row: sa.Row[Any]) -> str:
        return item_id(self.table.name, *(row._mapping[name] for name in self.key))

    def of(self, key: str | None) -> sa.ColumnElement[bool]:
        """Rows among which the one with this id is: itself, where the table keeps UUIDs."""
        return self.table.c.id == key if self._has_ids and key is not None else sa.true()

    @property
    def _has_ids(self) -> bool:
        column = self.table.c[self.key[0]]
        return self.key == ("id",) and getattr(column.type, "length", None) == UUID_SIGNS

    def is_row(self, row: sa.Row[Any]) -> sa.ColumnElement[bool]:
        return sa.and_(*(self.table.c[name] == row._mapping[name] for name in self.key))


UUID_SIGNS = 36
_c, _o, _s = changes.changes.c, planned_outages.c, sharings.c
_p, _v, _a = account_changes.c, detector_settings.table.c, alert_actions.c
REASONS = (
    Reasons(alert_actions, ("id",), "at_us", _a.at_us, ("reason",)),
    Reasons(
        changes.changes, ("id",), "proposed_us", sa.func.coalesce(_c.decided_us, _c.proposed_us),
        ("why", "note"), ("before", "after"),
    ),
    Reasons(
        account_changes, ("id",), "proposed_us", sa.func.coalesce(_p.decided_us, _p.proposed_us),
        ("why", "note"),
    ),
    Reasons(planned_outages, ("id",), "at_us", _o.end_us, ("reason",)),
    Reasons(detector_settings.table, ("rule", "version"), "at_us", _v.at_us, ("why",)),
    Reasons(shelves.table, ("id",), "at_us", shelves.table.c.until_us, ("reason",)),
    Reasons(watch_list.table, ("id",), "at_us", watch_list.table.c.until_us, ("reason",)),
    # What was said of a contact at sea: a record of the watch, as the reasons are.
    Reasons(
        sea_contact_steps, ("id",), "at_us", sea_contact_steps.c.at_us, ("words", "place_words")
    ),
    Reasons(sharings, ("id",), "valid_from_us", _s.valid_to_us, ("reason", "end_reason")),
)  # fmt: skip


def item_id(table: str, *key: object) -> str:
    """Of the reason in the row of that key: the row's own where that is a UUID; else one made of
    the table's name and the key."""
    values = [str(value) for value in key]
    if len(values) == 1 and len(values[0]) == UUID_SIGNS:
        return values[0]
    return str(uuid5(NAMESPACE_OID, "/".join((table, *values))))


def kept(connection: Connection, key: str | None = None) -> list[Item]:
    """Of each with a reason, or of the one with this id."""
    found = [
        Item(
            one.id_of(r), KIND, DATA_CLASS, PURPOSE, r._mapping[one.said], r.over_us, None, PROVINCE
        )
        for one in REASONS
        for r in _rows(connection, one, key, one.has_text)
    ]
    found += _notes(connection, key)
    by_id = {item.id: item for item in found}
    return [item for item in by_id.values() if key is None or item.id == key]


def place(connection: Connection, key: str) -> tuple[str, str] | None:
    """Unit and agency of the thing with this id, whether its reason is still there or not."""
    for one in REASONS:
        if any(one.id_of(r) == key for r in _rows(connection, one, key, sa.true())):
            return PROVINCE, ""
    return None


def forget(connection: Connection, key: str) -> None:
    for one in REASONS:
        for row in _rows(connection, one, key, sa.true()):
            if one.id_of(row) == key:
                _empty(connection, one, row)
    d = changes.dismissals.c
    connection.execute(sa.update(changes.dismissals).where(d.action_id == key).values(note=None))
    reason_keys.forget(connection, key)


def _rows(
    connection: Connection, one: Reasons, key: str | None, where: sa.ColumnElement[bool]
) -> list[sa.Row[Any]]:
    query = sa.select(one.table, one.over.label("over_us")).where(where, one.of(key))
    return list(connection.execute(query))


def _notes(connection: Connection, key: str | None) -> list[Item]:
    """Of reviews of dismissals: each under the action that was reviewed."""
    d = changes.dismissals.c
    query = sa.select(changes.dismissals).where(d.note != "")
    if key is not None:
        query = query.where(d.action_id == key)
    return [
        Item(r.action_id, KIND, DATA_CLASS, PURPOSE, r.at_us, r.reviewed_us, None, PROVINCE)
        for r in connection.execute(query)
    ]


def _empty(connection: Connection, one: Reasons, row: sa.Row[Any]) -> None:
    values: dict[str, Any] = {
        name: None if one.table.c[name].nullable else "" for name in one.texts
    }
    for name in one.documents:
        said = row._mapping[name]
        if isinstance(said, dict) and "reason" in said:
            values[name] = {**said, "reason": ""}
    connection.execute(sa.update(one.table).where(one.is_row(row)).values(**values))
    if one.table is alert_actions:  # the alert shows the reason of its last action
        a = alerts.c
        shown = sa.update(alerts).where(a.id == row.alert_id, a.reason == row.reason)
        connection.execute(shown.values(reason=None))
