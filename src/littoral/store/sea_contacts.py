"""Contacts at sea that people entered by hand, and their steps. A step is kept for ever."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.filter import Filter
from littoral.respond.contact.flow import SECOND_US, Contact, Step, after, told
from littoral.respond.contact.settings import MOST_KEEP_S, OLDEST_S
from littoral.store.actions import NotFound
from littoral.store.condition import Condition, Within, alone, condition_of
from littoral.store.counted import next_of
from littoral.store.geofences import Conflict
from littoral.store.people.packaged import PROVINCE
from littoral.store.sea_contact_tables import sea_contact_steps, sea_contacts

COUNTER, NUMBERS = "sea_contacts", "sea_contacts.number"
DATA_CLASS = "operational"


@dataclass(frozen=True, slots=True)
class Kept:
    """A contact as it stands. `fresh`: False when the step was there already."""

    contact: Contact
    number: int
    seq: int
    fresh: bool = True


def take(connection: Connection, step: Step) -> Kept:
    """The step is done. Raises step.Refused when it does not follow, NotFound, Conflict when the id
    is of another step."""
    # First: the lock of this row, which the migration makes, puts the steps of all in one order.
    seq = next_of(connection, COUNTER)
    if (known := again(connection, step)) is not None:
        return known
    row = connection.execute(_by_id(step.contact)).first()
    before = None if row is None else told(_steps(connection, [step.contact])[step.contact])
    now = after(before, step)
    values = {
        "seq": seq, "heard_us": now.last.heard_us, "until_us": now.until_us,
        "ended_us": None if now.ended is None else now.ended.at_us,
    }  # fmt: skip
    if row is None:
        number = next_of(connection, NUMBERS)
        made = {**values, "id": now.id, "number": number, "opened_us": now.opened_us}
        connection.execute(sa.insert(sea_contacts).values(**made))
    else:
        number = row.number
        query = sa.update(sea_contacts).where(sea_contacts.c.id == now.id)
        connection.execute(query.values(**values))
    connection.execute(
        sa.insert(sea_contact_steps).values(
            id=step.id, contact_id=now.id, version=now.version, kind=step.kind, at_us=step.at_us,
            by=step.by, desk=step.desk, fields=dict(step.fields), words=step.words,
            place_words=step.place_words,
        )
    )  # fmt: skip
    return Kept(now, number, seq)


def again(connection: Connection, step: Step) -> Kept | None:
    """The contact as it is now, where the step was taken already. Raises Conflict when its id is
    that of another step, or of somebody else."""
    query = sa.select(sea_contact_steps).where(sea_contact_steps.c.id == step.id)
    known = connection.execute(query).first()
    if known is None:
        return None
    said = (step.contact, step.kind, step.by, dict(step.fields))
    if (known.contact_id, known.kind, known.by, known.fields) != said:
        raise Conflict(f"the id {step.id} is that of another step")
    return one(connection, step.contact)


def one(connection: Connection, key: str) -> Kept:
    """Raises NotFound."""
    found = [] if "\0" in key else _kept(connection, list(connection.execute(_by_id(key))))
    if not found:
        raise NotFound("there is no such contact")
    return found[0]


def steps(connection: Connection, key: str) -> list[Step]:
    """All its reports and ends, in the order in which they were entered."""
    return _steps(connection, [key])[key]


def live(connection: Connection, now_us: int) -> list[Kept]:
    """Those in the live picture, as they were opened."""
    c = sea_contacts.c
    query = sa.select(sea_contacts).where(c.ended_us.is_(None), c.until_us > now_us)
    return _kept(connection, list(connection.execute(query.order_by(c.opened_us, c.id))))


def listed(connection: Connection, limit: int, before: tuple[int, str] | None = None) -> list[Kept]:
    """All there ever were, newest first. `before`: opened_us and id of the last one of the page
    before."""
    c = sea_contacts.c
    query = sa.select(sea_contacts)
    if before is not None:
        at_us, key = before
        query = query.where(sa.or_(c.opened_us < at_us, sa.and_(c.opened_us == at_us, c.id < key)))
    query = query.order_by(c.opened_us.desc(), c.id.desc()).limit(limit)
    return _kept(connection, list(connection.execute(query)))


def changed_since(
    connection: Connection, seq: int, limit: int, where: Condition | None = None
) -> list[Kept]:
    """Those changed after `seq`, in the order of their changes; for pages that follow live."""
    query = sa.select(sea_contacts).where(sea_contacts.c.seq > seq)
    if where is not None:
        query = query.where(where)
    query = query.order_by(sea_contacts.c.seq).limit(limit)
    return _kept(connection, list(connection.execute(query)))


def told_between(connection: Connection, from_us: int, to_us: int) -> list[tuple[int, list[Step]]]:
    """Number and steps of each that was known before `to_us` and in the picture, as it stands now
    or at one of its steps, at `from_us` or later; as they were opened."""
    c, s = sea_contacts.c, sea_contact_steps.c
    touched = sa.select(s.contact_id).where(s.at_us >= from_us)
    query = sa.select(c.id, c.number).where(
        c.opened_us < to_us,
        sa.or_(
            c.id.in_(touched),
            sa.and_(c.until_us > from_us, sa.or_(c.ended_us.is_(None), c.ended_us > from_us)),
        ),
    )
    rows = list(connection.execute(query.order_by(c.opened_us, c.id)))
    found = _steps(connection, [r.id for r in rows])
    return [(r.number, found[r.id]) for r in rows]


def heard_between(connection: Connection, from_us: int, to_us: int) -> list[Kept]:
    """Those that may have been somewhere in `from_us <= t < to_us`: last heard not long before, and
    entered at most a day after."""
    c = sea_contacts.c
    query = sa.select(sea_contacts).where(
        c.heard_us > from_us - round(MOST_KEEP_S * SECOND_US),
        c.opened_us < to_us + round(OLDEST_S * SECOND_US),
    )
    return _kept(connection, list(connection.execute(query.order_by(c.opened_us, c.id))))


def visible(found: Filter, within: Within = alone) -> Condition:
    """A condition of queries here: contacts for which a filter of the policies holds. The sea is
    the province's, and so is what is on it: a filter lets all of them be seen or none."""
    scalars: dict[str, sa.ColumnElement[str]] = {
        "data_class": sa.literal(DATA_CLASS), "unit": sa.literal(PROVINCE),
        "kind": sa.literal("contact"),
        **{name: sa.literal("") for name in ("agency", "case", "purpose", "owner")},
    }  # fmt: skip

    def holds(attribute: str, codes: frozenset[str]) -> Condition:
        return sa.true() if PROVINCE in codes else sa.false()

    return condition_of(found, scalars, holds)


def _by_id(key: str) -> sa.Select[Any]:
    return sa.select(sea_contacts).where(sea_contacts.c.id == key)


def _kept(connection: Connection, rows: list[sa.Row[Any]]) -> list[Kept]:
    found = _steps(connection, [r.id for r in rows])
    return [
        Kept(contact, r.number, r.seq, fresh=False)
        for r in rows
        if (contact := told(found[r.id])) is not None
    ]


def _steps(connection: Connection, keys: Iterable[str]) -> dict[str, list[Step]]:
    s = sea_contact_steps.c
    query = sa.select(sea_contact_steps).where(s.contact_id.in_(sorted(keys))).order_by(s.version)
    found: dict[str, list[Step]] = defaultdict(list)
    for r in connection.execute(query):
        found[r.contact_id].append(
            Step(r.id, r.contact_id, r.kind, r.at_us, r.by, r.desk, r.fields, r.words,
                 r.place_words)
        )  # fmt: skip
    return found
