"""Responders: boats, cutters, vehicles, drones, teams and grid workers, and where they are last
known to be. Whether one is on a task follows from its tasks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.filter import Filter
from littoral.respond.incident.words import CLOSED
from littoral.respond.task.responder import Fix, Responder, checked, edited, freed, placed
from littoral.respond.task.words import OPEN, UNDER_WAY
from littoral.store.actions import NotFound
from littoral.store.condition import Condition, Within, alone, condition_of, one_of
from littoral.store.geofences import Conflict
from littoral.store.incident_tables import incidents
from littoral.store.task_tables import responder_reach, responders, task_steps, tasks

DATA_CLASS = "operational"
# A task on which nothing was said for so long was forgotten, not worked on: no position is taken.
TAKEN_FOR_US = 48 * 3_600_000_000


def on_task() -> sa.ColumnElement[bool]:
    """Whether a row of `responders` has a task that is not over."""
    t = tasks.c
    return sa.exists().where(t.responder_id == responders.c.id, t.state.in_(sorted(OPEN)))


_SELECT = sa.select(responders, on_task().label("on_task"))
# Built once: see `store.incidents`.
_BY_ID = _SELECT.where(responders.c.id == sa.bindparam("key"))
_LOCKED = _BY_ID.with_for_update(of=responders)
_BY_IDS = _SELECT.where(responders.c.id.in_(sa.bindparam("keys", expanding=True)))


def under_way(connection: Connection, key: str, now_us: int) -> bool:
    """Whether it has accepted a task that is not over, of an incident that is not closed, and on
    which something was done within the last two days."""
    t, i, s = tasks.c, incidents.c, task_steps.c
    lately = sa.select(s.task_id).where(s.received_us > now_us - TAKEN_FOR_US)
    query = (
        sa.select(t.id)
        .join(incidents, i.id == t.incident_id)
        .where(
            t.responder_id == key,
            t.state.in_(sorted(UNDER_WAY)),
            t.id.in_(lately),
            i.state != CLOSED,
        )
    )
    return connection.execute(query.limit(1)).first() is not None


def create(connection: Connection, responder: Responder) -> Responder:
    """Raises step.Refused, Conflict when the id is of another. The same again changes nothing."""
    checked(responder)
    there = found(connection, responder.id)
    if there is not None:
        if replace(there, fix=None) != replace(responder, fix=None):
            raise Conflict(f"the id {responder.id} is that of another responder")
        return there
    connection.execute(sa.insert(responders).values(**_values(responder)))
    _keep_reach(connection, responder)
    return responder


def edit(
    connection: Connection,
    key: str,
    changes: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
) -> Responder:
    """Raises step.Refused, NotFound."""
    now = edited(one(connection, key, lock=True), changes, seen)
    _put(connection, now)
    if "shared_with" in changes:
        _keep_reach(connection, now)
    return now


def set_out_of_service(connection: Connection, key: str, is_out: bool, reason: str) -> Responder:
    before = one(connection, key, lock=True)
    now = replace(before, is_out=is_out, out_reason=reason, version=before.version + 1)
    _put(connection, now)
    return now


def place(connection: Connection, key: str, fix: Fix, now_us: int) -> Responder:
    """Raises step.Refused where no position may be kept, NotFound."""
    before = one(connection, key, lock=True)
    now = placed(before, fix, under_way(connection, key, now_us))
    _put(connection, now)
    return now


def free(connection: Connection, key: str, now_us: int) -> None:
    """A task of it is over, or goes to another: what was kept of where a person is goes, unless it
    is under way on a further one."""
    before = one(connection, key, lock=True)
    if before.fix is None or under_way(connection, key, now_us):
        return
    if (now := freed(before)).fix != before.fix:
        _put(connection, now)


def free_all(connection: Connection, now_us: int) -> None:
    """Where persons are goes whose task nobody ended: its incident was closed, or nothing was said
    of it for long."""
    found = connection.execute(sa.select(responders.c.id).where(responders.c.fix.is_not(None)))
    for key in found.scalars().all():
        free(connection, key, now_us)


def one(connection: Connection, key: str, lock: bool = False) -> Responder:
    """Raises NotFound. `lock`: held until the transaction ends."""
    responder = found(connection, key, lock)
    if responder is None:
        raise NotFound("there is no such responder")
    return responder


def found(connection: Connection, key: str, lock: bool = False) -> Responder | None:
    if "\0" in key:  # no database of PostgreSQL takes it
        return None
    row = connection.execute(_LOCKED if lock else _BY_ID, {"key": key}).first()
    return None if row is None else _responder(row)


def by_ids(connection: Connection, keys: Iterable[str]) -> dict[str, Responder]:
    found = connection.execute(_BY_IDS, {"keys": sorted(set(keys))})
    return {r.id: _responder(r) for r in found}


def of_device(connection: Connection, tak_uid: str) -> list[Responder]:
    """Those that bear it: one, unless somebody entered it twice."""
    found = connection.execute(_SELECT.where(responders.c.tak_uid == tak_uid).limit(2))
    return [_responder(r) for r in found]


def acting(connection: Connection, accounts: Collection[str]) -> set[str]:
    """Those of the accounts that act for any responder, of some hundreds at most."""
    query = sa.select(responders.c.account).where(responders.c.account.in_(accounts)).distinct()
    return {row.account for row in connection.execute(query)}


def listed(connection: Connection, limit: int, where: Condition | None = None) -> list[Responder]:
    """By office and name."""
    query = _SELECT if where is None else _SELECT.where(where)
    c = responders.c
    return [
        _responder(r)
        for r in connection.execute(query.order_by(c.office, c.name, c.id).limit(limit))
    ]


def visible(found: Filter, within: Within = alone) -> Condition:
    """A condition of queries here: responders for which a filter of the policies holds."""
    c = responders.c
    scalars: dict[str, sa.ColumnElement[str]] = {
        "data_class": sa.literal(DATA_CLASS), "unit": c.office, "agency": c.agency,
        "kind": sa.literal("responder"), "case": sa.literal(""), "purpose": sa.literal(""),
        "owner": c.account,
    }  # fmt: skip

    def holds(attribute: str, codes: frozenset[str]) -> Condition:
        if attribute == "areas":
            return one_of(c.office, within(codes))
        r = responder_reach.c
        return c.id.in_(
            sa.select(r.responder_id).where(r.attribute == attribute, one_of(r.code, codes))
        )

    return condition_of(found, scalars, holds)


def _keep_reach(connection: Connection, responder: Responder) -> None:
    r = responder_reach
    connection.execute(sa.delete(r).where(r.c.responder_id == responder.id))
    rows = [
        {"responder_id": responder.id, "attribute": "shared_with", "code": code}
        for code in sorted(responder.shared_with)
    ]
    if rows:
        connection.execute(sa.insert(r), rows)


def _put(connection: Connection, now: Responder) -> None:
    connection.execute(
        sa.update(responders).where(responders.c.id == now.id).values(**_values(now))
    )


def _responder(row: sa.Row[Any]) -> Responder:
    read = row._mapping
    values = {name: read[name] for name in Responder.__dataclass_fields__}
    return Responder(
        **{
            **values,
            "skills": frozenset(row.skills),
            "shared_with": frozenset(row.shared_with),
            "base": None if row.base is None else tuple(row.base),
            "fix": None if row.fix is None else Fix(**row.fix),
            "on_task": bool(row.on_task),
        }
    )


def _values(responder: Responder) -> dict[str, Any]:
    values = {n: getattr(responder, n) for n in Responder.__dataclass_fields__ if n != "on_task"}
    return {
        **values,
        "skills": sorted(responder.skills),
        "shared_with": sorted(responder.shared_with),
        "base": None if responder.base is None else list(responder.base),
        "fix": None if responder.fix is None else asdict(responder.fix),
    }
