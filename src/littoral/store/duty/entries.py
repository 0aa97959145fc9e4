"""The watch log: entries are added, never changed; a wrong one is corrected by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.actions import NotFound
from littoral.store.duty.tables import duty_entries, next_seq
from littoral.store.geofences import Conflict

SIGN_IN, SIGN_OUT, CHECK, CORRECTION = "in", "out", "check", "correction"


@dataclass(frozen=True, slots=True)
class Entry:
    """`ref`: the check that was done, or the entry that is corrected. `at_us` by the clock of who
    wrote it, `received_us` by the server's. `seq`: 0 until it is kept."""

    id: str
    unit: str
    agency: str
    shift: str
    kind: str
    ref: str
    text: str
    at_us: int
    received_us: int
    by: str
    seq: int = 0


def add(connection: Connection, entry: Entry) -> Entry:
    """Raises Conflict when the id is of another entry, NotFound when the corrected one is none of
    this desk; the same once more changes nothing."""
    seq = next_seq(connection)
    known = found(connection, entry.id)
    if known is not None:
        same = ("unit", "agency", "kind", "ref", "by")
        if any(getattr(known, name) != getattr(entry, name) for name in same) or (
            known.text not in (entry.text, "")  # erased by now
        ):
            raise Conflict(f"the id {entry.id} is that of another entry")
        return known
    if entry.kind == CORRECTION:
        wrong = found(connection, entry.ref)
        if wrong is None or (wrong.unit, wrong.agency) != (entry.unit, entry.agency):
            raise NotFound(f"there is no entry {entry.ref} of this desk")
    values = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    connection.execute(sa.insert(duty_entries).values(**{**values, "seq": seq}))
    return Entry(**{**values, "seq": seq})


def listed(
    connection: Connection, unit: str, agency: str, limit: int, before_seq: int | None = None,
    shift: str = "",
) -> list[Entry]:  # fmt: skip
    """Newest first."""
    c = duty_entries.c
    query = sa.select(duty_entries).where(c.unit == unit, c.agency == agency)
    if shift:
        query = query.where(c.shift == shift)
    if before_seq is not None:
        query = query.where(c.seq < before_seq)
    rows = connection.execute(query.order_by(c.seq.desc()).limit(limit))
    return [_entry(r) for r in rows]


def signed(connection: Connection, unit: str, agency: str, shift: str) -> dict[str, str]:
    """By account whether it signed in or out last, of those that did in this shift."""
    return {e.by: e.kind for e in _of_shift(connection, unit, agency, shift, (SIGN_IN, SIGN_OUT))}


def done(connection: Connection, unit: str, agency: str, shift: str) -> list[tuple[str, int]]:
    """Check and time of each that was done in this shift."""
    return [(e.ref, e.at_us) for e in _of_shift(connection, unit, agency, shift, (CHECK,))]


def count(connection: Connection, unit: str, agency: str, shift: str) -> int:
    """Entries of the shift."""
    c = duty_entries.c
    query = sa.select(sa.func.count()).where(c.unit == unit, c.agency == agency, c.shift == shift)
    return int(connection.execute(query).scalar_one())


class Watch(NamedTuple):
    """The log of a watch in which something is written. `id`: of its first entry."""

    id: str
    unit: str
    agency: str
    first_us: int
    last_us: int


def with_text(connection: Connection, key: str | None = None) -> list[Watch]:
    """Watches in whose log there is text, or the one with this id."""
    c = duty_entries.c
    desk = (c.unit, c.agency, c.shift)
    query = sa.select(*desk, sa.func.min(c.received_us), sa.func.max(c.received_us)).where(
        c.text != ""
    )
    firsts = sa.select(*desk, sa.func.min(c.seq).label("seq")).group_by(*desk)
    if key is not None:
        first = found(connection, key)
        if first is None:
            return []
        one = (c.unit == first.unit, c.agency == first.agency, c.shift == first.shift)
        query, firsts = query.where(*one), firsts.where(*one)
    first_of = firsts.subquery()
    ids = {
        (r.unit, r.agency, r.shift): r.id
        for r in connection.execute(sa.select(c.id, *desk).join(first_of, first_of.c.seq == c.seq))
    }
    rows = connection.execute(query.group_by(*desk))
    watches = [Watch(ids[r[0], r[1], r[2]], r[0], r[1], r[3], r[4]) for r in rows]
    return [w for w in watches if key is None or w.id == key]


def watch_of(connection: Connection, key: str) -> tuple[str, str, str] | None:
    """Of any entry, the id of its watch's log, its unit and its agency."""
    entry = found(connection, key)
    if entry is None:
        return None
    c = duty_entries.c
    query = sa.select(c.id).where(
        c.unit == entry.unit, c.agency == entry.agency, c.shift == entry.shift
    )
    first = connection.execute(query.order_by(c.seq).limit(1)).scalar_one()
    return first, entry.unit, entry.agency


def forget_text(connection: Connection, key: str) -> None:
    """Erases what was written in a watch; who wrote when, what kind of entry, stays."""
    first = found(connection, key)
    if first is None:
        raise NotFound(f"there is no entry {key}")
    c = duty_entries.c
    of_watch = (c.unit == first.unit, c.agency == first.agency, c.shift == first.shift)
    connection.execute(sa.update(duty_entries).where(*of_watch).values(text=""))


def _of_shift(
    connection: Connection, unit: str, agency: str, shift: str, kinds: tuple[str, ...]
) -> list[Entry]:
    c = duty_entries.c
    query = sa.select(duty_entries).where(
        c.unit == unit, c.agency == agency, c.shift == shift, c.kind.in_(kinds)
    )
    return [_entry(r) for r in connection.execute(query.order_by(c.seq))]


def found(connection: Connection, key: str) -> Entry | None:
    """By its id."""
    row = connection.execute(sa.select(duty_entries).where(duty_entries.c.id == key)).first()
    return None if row is None else _entry(row)


def _entry(row: sa.Row[Any]) -> Entry:
    read = row._mapping
    return Entry(**{name: read[name] for name in Entry.__dataclass_fields__})
