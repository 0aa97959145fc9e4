"""Shelves: alerts that are set aside until a time, with a reason.

One alert, or a class of them: of one rule and kind, where wanted only of one thing or in one
geofence. What is shelved is kept and neither annunciated nor counted as open. It comes back by
itself at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from shapely import Point, Polygon
from sqlalchemy import BigInteger, Column, SmallInteger, String, Table, Text
from sqlalchemy.engine import Connection

from littoral.area.geofence import Geofence
from littoral.schema.finding import ALARM, EMERGENCY_ALARM
from littoral.store import geofences
from littoral.store.database import NotFound, RecordsError
from littoral.store.tables import metadata

HOUR_US = 3_600_000_000
# A class is blind for a watch at most: whoever relieves it decides anew. One alert that is known
# may go on for days (a buoy that drags): a week, then somebody looks again.
MOST_CLASS_US = 12 * HOUR_US
MOST_ONE_US = 7 * 24 * HOUR_US
# Rules whose alarms no shelf of a class holds: somebody calls for help; nothing is heard at all.
NEVER_RULES = ("distress", "receiver")
# Kinds of these rules that are no alarm: a device under test, one receiver of several.
MILD_KINDS = ("test", "receiver_silent")
CLASS = "class"  # the reason for which it waits for a second person

table = Table(
    "shelves",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("alert_id", String(64)),  # one alert; else null and a class
    Column("rule", String(80)),
    Column("kind", String(80)),
    Column("fence", String(64)),  # only alerts that lie in this geofence
    Column("thing", String(200)),  # only of this: mmsi:<number>, receiver:<name>
    Column("reason", Text, nullable=False),
    Column("who", String(200), nullable=False),
    Column("at_us", BigInteger, nullable=False),  # the watch's clock, as all times here
    Column("until_us", BigInteger, nullable=False),
    Column("priority", SmallInteger),  # of the one alert when it was shelved
    Column("ended_by", String(200)),
    Column("ended_us", BigInteger, index=True),
)


@dataclass(frozen=True, slots=True)
class Shelf:
    id: str
    alert_id: str | None
    rule: str | None
    kind: str | None
    fence: str | None
    thing: str | None
    reason: str
    who: str
    at_us: int
    until_us: int
    priority: int | None
    ended_by: str | None
    ended_us: int | None

    @property
    def document(self) -> dict[str, Any]:
        """What a change is of, as the changes keep it."""
        names = ("alert_id", "rule", "kind", "fence", "thing", "reason", "until_us")
        return {name: getattr(self, name) for name in names}


def never(rule: str, priority: int) -> bool:
    """Whether no shelf of a class holds it: emergencies, and alarms of `NEVER_RULES`."""
    return priority == EMERGENCY_ALARM or (rule in NEVER_RULES and priority <= ALARM)


def holds(shelf: Shelf, alert: Mapping[str, Any], fences: Mapping[str, Geofence]) -> bool:
    """Whether the alert, a row of the table `alerts`, lies on this shelf. What has become more
    urgent than when it was shelved does not."""
    if shelf.alert_id is not None:
        return shelf.alert_id == alert["id"] and alert["rule_priority"] >= (shelf.priority or 0)
    said = alert["document"]
    if (shelf.rule, shelf.kind) != (alert["rule"], said["kind"]):
        return False
    if never(alert["rule"], alert["rule_priority"]):
        return False
    if shelf.thing is not None and shelf.thing not in _names(said["things"]):
        return False
    return shelf.fence is None or _lies_in(fences.get(shelf.fence), said["lon"], said["lat"])


def _names(things: Sequence[Mapping[str, Any]]) -> set[str]:
    numbers = {f"mmsi:{t['mmsi']}" for t in things if t.get("mmsi")}
    return numbers | {t["ref"] for t in things}


def _lies_in(fence: Geofence | None, lon_deg: float | None, lat_deg: float | None) -> bool:
    """False too where there is no such fence any more: what is not known to lie in it is told."""
    if fence is None or lon_deg is None or lat_deg is None:
        return False
    here = Point(lon_deg, lat_deg)
    return any(Polygon(p[0], p[1:]).covers(here) for p in fence.polygons)


def create(
    connection: Connection,
    key: str,
    where: Mapping[str, Any],
    reason: str,
    until_us: int,
    who: str,
    now_us: int,
) -> Shelf:
    """`where`: alert_id and priority, or rule, kind, fence and thing. The same key once more
    changes nothing. Raises RecordsError when it has no reason or its end is no end to have."""
    known = connection.execute(sa.select(table).where(table.c.id == key)).first()
    if known is not None:
        return Shelf(**known._mapping)
    check(where.get("alert_id") is None, reason, until_us, now_us)
    row = {
        "id": key, "reason": reason.strip(), "who": who, "at_us": now_us, "until_us": until_us,
        **{name: where.get(name) for name in
           ("alert_id", "rule", "kind", "fence", "thing", "priority")},
    }  # fmt: skip
    connection.execute(sa.insert(table).values(**row))
    return one(connection, key)


def check(is_class: bool, reason: str, until_us: int, now_us: int) -> None:
    """Raises RecordsError."""
    if not reason.strip():
        raise RecordsError("say why it is set aside")
    most_us = MOST_CLASS_US if is_class else MOST_ONE_US
    if until_us <= now_us:
        raise RecordsError("its end has passed")
    if until_us > now_us + most_us:
        raise RecordsError(f"at most {most_us // HOUR_US} hours")


def end(connection: Connection, key: str, by: str, now_us: int) -> Shelf:
    """At any time before its end. Raises NotFound, also when it is over."""
    shelf = one(connection, key)
    if shelf.ended_us is not None or shelf.until_us <= now_us:
        raise NotFound(f"the shelf {key} is over")
    ending = sa.update(table).where(table.c.id == key).values(ended_by=by, ended_us=now_us)
    connection.execute(ending)
    return one(connection, key)


def close_due(connection: Connection, now_us: int) -> list[str]:
    """Shelves whose time is up are marked as ended; their ids."""
    found = list(connection.execute(sa.select(table.c.id).where(_due(now_us))).scalars())
    if found:
        ending = sa.update(table).where(table.c.id.in_(found))
        connection.execute(ending.values(ended_us=table.c.until_us))
    return found


def is_due(connection: Connection, now_us: int) -> bool:
    query = sa.select(table.c.id).where(_due(now_us)).limit(1)
    return connection.execute(query).first() is not None


def _due(now_us: int) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.ended_us.is_(None), table.c.until_us <= now_us)


def one(connection: Connection, key: str) -> Shelf:
    """Raises NotFound."""
    row = connection.execute(sa.select(table).where(table.c.id == key)).first()
    if row is None:
        raise NotFound(f"there is no shelf {key}")
    return Shelf(**row._mapping)


def active(connection: Connection, now_us: int) -> list[Shelf]:
    """Those that hold alerts now; of several that hold one the first decides: that of itself, then
    the one that lasts longest."""
    query = sa.select(table).where(table.c.ended_us.is_(None), table.c.until_us > now_us)
    order = (table.c.alert_id.is_(None), table.c.until_us.desc(), table.c.id)
    return [Shelf(**r._mapping) for r in connection.execute(query.order_by(*order))]


def listed(connection: Connection, limit: int = 200) -> list[Shelf]:
    """Newest first, ended ones too."""
    query = sa.select(table).order_by(table.c.at_us.desc(), table.c.id).limit(limit)
    return [Shelf(**r._mapping) for r in connection.execute(query)]


def fences_of(connection: Connection, found: Sequence[Shelf]) -> dict[str, Geofence]:
    """The geofences that shelves speak of, by id."""
    if all(shelf.fence is None for shelf in found):
        return {}
    return {fence.id: fence for fence in geofences.current(connection)}
