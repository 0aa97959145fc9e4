"""Geofences as people enter them, with who changed what and when."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.area.geofence import Geofence
from littoral.area.geofence_json import fence_from_feature
from littoral.store.database import NotFound, RecordsError, upsert
from littoral.store.tables import geofence_changes, geofences


class Conflict(RecordsError):
    """Somebody else changed it meanwhile, or the id is taken."""


@dataclass(frozen=True, slots=True)
class GeofenceRow:
    """The current version. `document` is the fence as a GeoJSON Feature (`area.geofence_json`)."""

    id: str
    revision: int
    deleted: bool
    changed_by: str
    changed_us: int
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class GeofenceChange:
    """One change; `before` is null when created, `after` when deleted."""

    revision: int
    change: str
    by: str
    at_us: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def listed(connection: Connection, deleted: bool = False) -> list[GeofenceRow]:
    query = sa.select(geofences).order_by(geofences.c.id)
    if not deleted:
        query = query.where(geofences.c.deleted.is_(False))
    return [_row(r) for r in connection.execute(query)]


def names(connection: Connection, ids: Collection[str]) -> dict[str, dict[str, str]]:
    """By id, in Chinese (`zh`) and English (`en`), of those that are or were there."""
    g = geofences.c
    query = sa.select(g.id, g.document).where(g.id.in_(ids))
    return {
        r.id: _name(r.document["properties"].get("name") or r.id) for r in connection.execute(query)
    }


def _name(given: str | Mapping[str, str]) -> dict[str, str]:
    """One text stands for both languages; so does the only one of the two."""
    if isinstance(given, str):
        return {"zh": given, "en": given}
    zh, en = given.get("zh", ""), given.get("en", "")
    return {"zh": zh or en, "en": en or zh}


def one(connection: Connection, fence_id: str) -> GeofenceRow:
    """Also a deleted one. Raises NotFound."""
    row = connection.execute(sa.select(geofences).where(geofences.c.id == fence_id)).first()
    if row is None:
        raise NotFound(f"there is no geofence {fence_id}")
    return _row(row)


def changes(connection: Connection, fence_id: str) -> list[GeofenceChange]:
    """Every change, oldest first."""
    query = sa.select(geofence_changes).where(geofence_changes.c.geofence_id == fence_id)
    return [
        GeofenceChange(r.revision, r.change, r.who, r.at_us, r.before, r.after)
        for r in connection.execute(query.order_by(geofence_changes.c.revision))
    ]


def create(
    connection: Connection, document: Mapping[str, Any], by: str, now_us: int, fence_id: str | None
) -> GeofenceRow:
    """With an id that the client made (or in the document) the same creation may come twice.

    Raises Conflict when the id is that of another fence, FenceError with every fault of a fence.
    """
    key = fence_id or document.get("id") or str(uuid.uuid4())
    document = _valid(document, key)
    found = connection.execute(sa.select(geofences).where(geofences.c.id == key)).first()
    if found is not None:
        if found.document == document and not found.deleted:
            return _row(found)
        raise Conflict(f"there is a geofence {key} already")
    return _change(connection, key, 1, "create", None, document, by, now_us)


def update(
    connection: Connection,
    fence_id: str,
    document: Mapping[str, Any],
    by: str,
    now_us: int,
    revision: int | None,
) -> GeofenceRow:
    """`revision`: that the change was made from. Raises NotFound, Conflict, FenceError."""
    now = standing(connection, fence_id, revision)
    document = _valid(document, fence_id)
    if now.document == document:
        return now
    return _change(
        connection, fence_id, now.revision + 1, "update", now.document, document, by, now_us
    )


def delete(
    connection: Connection, fence_id: str, by: str, now_us: int, revision: int | None
) -> GeofenceRow:
    """The fence stays in the records with its history. Raises NotFound, Conflict."""
    now = standing(connection, fence_id, revision)
    return _change(connection, fence_id, now.revision + 1, "delete", now.document, None, by, now_us)


def current(connection: Connection) -> tuple[Geofence, ...]:
    """The fences as the engine takes them; their version is the revision."""
    fences = []
    for row in listed(connection):
        properties = {**row.document["properties"], "version": row.revision}
        fences.append(fence_from_feature({**row.document, "properties": properties}))
    return tuple(fences)


def _valid(document: Mapping[str, Any], key: Any) -> dict[str, Any]:
    """The document under its id; raises FenceError, so that no fence gets in that the engine
    cannot take."""
    feature = {**document, "id": key}
    fence_from_feature(feature)
    return feature


def standing(connection: Connection, fence_id: str, revision: int | None) -> GeofenceRow:
    """Raises NotFound, and Conflict when it was changed since `revision`."""
    now = one(connection, fence_id)
    if now.deleted:
        raise NotFound(f"geofence {fence_id} was deleted by {now.changed_by}")
    if revision is not None and revision != now.revision:
        raise Conflict(f"geofence {fence_id} was changed by {now.changed_by} meanwhile")
    return now


def _change(
    connection: Connection,
    key: str,
    revision: int,
    change: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    by: str,
    now_us: int,
) -> GeofenceRow:
    row = {
        "id": key,
        "revision": revision,
        "deleted": after is None,
        "changed_by": by,
        "changed_us": now_us,
        "document": before if after is None else after,
    }
    upsert(connection, geofences, [row])
    connection.execute(
        sa.insert(geofence_changes).values(
            geofence_id=key,
            revision=revision,
            change=change,
            who=by,
            at_us=now_us,
            before=before,
            after=after,
        )
    )
    return one(connection, key)


def _row(row: sa.Row[Any]) -> GeofenceRow:
    return GeofenceRow(
        row.id, row.revision, row.deleted, row.changed_by, row.changed_us, row.document
    )
