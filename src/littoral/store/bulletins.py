"""Bulletins and their steps, who read them, and how many have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.filter import Filter
from littoral.respond.bulletin.flow import Bulletin, BulletinStep, after
from littoral.store.actions import NotFound
from littoral.store.bulletin_tables import bulletin_reads, bulletin_steps, bulletins
from littoral.store.condition import Condition, Within, alone, condition_of, one_of
from littoral.store.counted import next_of
from littoral.store.geofences import Conflict
from littoral.store.people.accounts import ACTIVE
from littoral.store.people.tables import accounts, memberships
from littoral.store.sync.tables import devices, held, sync_records

COUNTER = "bulletins"
DATA_CLASS = "operational"
HELD = "bulletin"  # as phones call what they hold
READ_RECORD = "bulletin.read"  # and what they send of it
# Who read it is counted while it matters, and forgotten so long after it is over.
READS_KEPT_US = 90 * 86_400_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A bulletin as it stands. `fresh`: False when the step was there already."""

    bulletin: Bulletin
    seq: int
    made_us: int
    made_by: str
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class StepRow:
    step: BulletinStep
    version: int


def take(connection: Connection, step: BulletinStep) -> Kept:
    """The step is done. Raises step.Refused when it does not follow, NotFound, Conflict when the id
    is of another step."""
    # First: the lock of this row, which the migration makes, puts the steps of all in one order.
    seq = next_of(connection, COUNTER)
    if (known := again(connection, step)) is not None:
        return known
    row = connection.execute(sa.select(bulletins).where(bulletins.c.id == step.bulletin)).first()
    now = after(None if row is None else _bulletin(row), step)
    values = {**asdict(now), "seq": seq}
    made_us, made_by = (step.at_us, step.by) if row is None else (row.made_us, row.made_by)
    if row is None:
        made = {"made_us": made_us, "made_by": made_by}
        connection.execute(sa.insert(bulletins).values(**values, **made))
    else:
        connection.execute(sa.update(bulletins).where(bulletins.c.id == now.id).values(**values))
    connection.execute(
        sa.insert(bulletin_steps).values(
            id=step.id, bulletin_id=now.id, version=now.version, kind=step.kind, at_us=step.at_us,
            by=step.by, fields=dict(step.fields),
        )
    )  # fmt: skip
    forget_reads(connection, step.at_us)
    return Kept(now, seq, made_us, made_by)


def again(connection: Connection, step: BulletinStep) -> Kept | None:
    """The bulletin as it is now, where the step was taken already. Raises Conflict when its id is
    that of another step, or of somebody else."""
    s = bulletin_steps.c
    known = connection.execute(sa.select(bulletin_steps).where(s.id == step.id)).first()
    if known is None:
        return None
    told = (step.bulletin, step.kind, step.by, dict(step.fields))
    if (known.bulletin_id, known.kind, known.by, known.fields) != told:
        raise Conflict(f"the id {step.id} is that of another step")
    return one(connection, step.bulletin)


def one(connection: Connection, key: str) -> Kept:
    """Raises NotFound."""
    found = by_ids(connection, [key]) if "\0" not in key else []
    if not found:
        raise NotFound("there is no such bulletin")
    return found[0]


def by_ids(
    connection: Connection, keys: Iterable[str], where: Condition | None = None
) -> list[Kept]:
    if not (wanted := sorted(keys)):
        return []
    query = sa.select(bulletins).where(bulletins.c.id.in_(wanted))
    if where is not None:
        query = query.where(where)
    return [_kept(r) for r in connection.execute(query)]


def steps(connection: Connection, key: str) -> list[StepRow]:
    """All its versions, in order."""
    query = sa.select(bulletin_steps).where(bulletin_steps.c.bulletin_id == key)
    return [
        StepRow(BulletinStep(r.id, r.bulletin_id, r.kind, r.at_us, r.by, r.fields), r.version)
        for r in connection.execute(query.order_by(bulletin_steps.c.version))
    ]


def open_at(now_us: int) -> Condition:
    """Those in force or coming."""
    c = bulletins.c
    return sa.and_(c.withdrawn_us.is_(None), sa.or_(c.until_us.is_(None), c.until_us > now_us))


def listed(
    connection: Connection,
    limit: int,
    where: Condition | None = None,
    before: tuple[int, str] | None = None,
) -> list[Kept]:
    """Newest first. `before`: made_us and id of the last one of the page before."""
    c = bulletins.c
    query = sa.select(bulletins) if where is None else sa.select(bulletins).where(where)
    if before is not None:
        at_us, key = before
        query = query.where(sa.or_(c.made_us < at_us, sa.and_(c.made_us == at_us, c.id < key)))
    query = query.order_by(c.made_us.desc(), c.id.desc()).limit(limit)
    return [_kept(r) for r in connection.execute(query)]


_LAST_END = sa.select(sa.func.max(bulletins.c.until_us)).where(
    bulletins.c.until_us <= sa.bindparam("now_us")
)


def last_end_us(connection: Connection, now_us: int) -> int:
    """When the last of those that are over ended by itself; 0: none has."""
    return int(connection.execute(_LAST_END, {"now_us": now_us}).scalar() or 0)


def visible(found: Filter, within: Within = alone) -> Condition:
    """A condition of queries here: bulletins for which a filter of the policies holds."""
    c = bulletins.c
    scalars: dict[str, sa.ColumnElement[str]] = {
        "data_class": sa.literal(DATA_CLASS), "unit": c.unit, "agency": c.agency, "kind": c.kind,
        "case": sa.literal(""), "purpose": sa.literal(""), "owner": sa.literal(""),
    }  # fmt: skip

    def holds(attribute: str, codes: frozenset[str]) -> Condition:
        return one_of(c.area, within(codes) if attribute == "areas" else codes)

    return condition_of(found, scalars, holds)


def read_by(connection: Connection, key: str, account: str, version: int, at_us: int) -> None:
    """An answer to an older version takes back none to a newer one."""
    r = bulletin_reads.c
    mine = (r.bulletin_id == key, r.account == account)
    query = sa.select(r.version).where(*mine)
    there = connection.execute(query).scalar_one_or_none()
    if there is None:
        values = {"bulletin_id": key, "account": account, "version": version, "at_us": at_us}
        connection.execute(sa.insert(bulletin_reads).values(**values))
    elif version > there:
        at = sa.update(bulletin_reads).where(*mine)
        connection.execute(at.values(version=version, at_us=at_us))


def read_versions(connection: Connection, account: str, keys: Iterable[str]) -> dict[str, int]:
    """Which version of each the account has read."""
    if not (wanted := sorted(keys)):
        return {}
    r = bulletin_reads.c
    query = sa.select(r.bulletin_id, r.version).where(
        r.account == account, r.bulletin_id.in_(wanted)
    )
    return {row.bulletin_id: row.version for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Count:
    """Of the accounts that hold a role in a unit: how many have the version as it is now, on a
    phone that said so or because they read it, and how many read it."""

    people: int = 0
    have: int = 0
    read: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.people + other.people, self.have + other.have, self.read + other.read)


def counts(connection: Connection, kept: Kept, units: frozenset[str], now_us: int) -> Mapping[
    str, Count
]:  # fmt: skip
    """By unit, of those in `units` where anybody holds a role. Who holds roles in several units is
    counted in the first by its code."""
    a, m, r = accounts.c, memberships.c, bulletin_reads.c
    seated = (
        sa.select(m.account, sa.func.min(m.unit).label("unit"))
        .join(accounts, a.id == m.account)
        .where(
            a.status == ACTIVE, one_of(m.unit, units), m.valid_from_us <= now_us,
            sa.or_(m.valid_to_us.is_(None), m.valid_to_us > now_us),
        )
        .group_by(m.account)
        .subquery()
    )  # fmt: skip
    reads = sa.select(r.account).where(
        r.bulletin_id == kept.bulletin.id, r.version == kept.bulletin.version
    )
    d, h = devices.c, held.c
    hold = (
        sa.select(h.account)
        .join(devices, sa.and_(d.device == h.device, d.account == h.account))
        .where(
            h.kind == HELD, h.thing == kept.bulletin.id, h.gone == "", h.version == kept.seq,
            h.gen <= d.heard,
        )
    )  # fmt: skip
    has_read = seated.c.account.in_(reads)
    has = sa.or_(has_read, seated.c.account.in_(hold))
    query = sa.select(
        seated.c.unit,
        sa.func.count().label("people"),
        sa.func.sum(sa.case((has, 1), else_=0)).label("have"),
        sa.func.sum(sa.case((has_read, 1), else_=0)).label("read"),
    ).group_by(seated.c.unit)
    return {
        row.unit: Count(int(row.people), int(row.have), int(row.read))
        for row in connection.execute(query)
    }


def forget_reads(connection: Connection, now_us: int) -> None:
    """Who read what has been over for 90 days, and the records of phones that said so."""
    c, r, before_us = bulletins.c, sync_records.c, now_us - READS_KEPT_US
    over = sa.select(c.id).where(sa.or_(c.until_us < before_us, c.withdrawn_us < before_us))
    connection.execute(sa.delete(bulletin_reads).where(bulletin_reads.c.bulletin_id.in_(over)))
    connection.execute(sa.delete(sync_records).where(r.kind == READ_RECORD, r.thing.in_(over)))


def _kept(row: sa.Row[Any]) -> Kept:
    return Kept(_bulletin(row), row.seq, row.made_us, row.made_by, fresh=False)


def _bulletin(row: sa.Row[Any]) -> Bulletin:
    read = row._mapping
    return Bulletin(**{name: read[name] for name in Bulletin.__dataclass_fields__})
