"""Legal holds: what a court or an inquiry wants kept is not erased until the hold is released."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.words import LEGAL_BASES
from littoral.store.vault import tables
from littoral.store.vault.entries import AccessDenied, Ask, Record, deny, entry, places
from littoral.store.vault.ids import new_id, ref
from littoral.store.vault.things import kept
from littoral.store.vault.vault import NotThere, Vault

COURT = "court_order"
MAX_DOCUMENT = 200


@dataclass(frozen=True)
class Hold:
    id: str
    thing: str
    legal_basis: str
    document: str
    set_by: str
    set_us: int
    released_by: str | None
    released_us: int | None
    released_basis: str | None = None
    released_document: str | None = None


class Held(AccessDenied):
    """Legal holds stand against an erasure or an alteration."""

    def __init__(self, holds: Sequence[Hold]) -> None:
        named = "; ".join(f"{h.document} ({h.legal_basis.replace('_', ' ')})" for h in holds)
        super().__init__("held", f"kept under legal hold: {named}")
        self.holds = tuple(holds)


def set_hold(
    vault: Vault,
    actor: str,
    thing: str,
    legal_basis: str,
    document: str,
    now_us: int,
    record: Record,
) -> Hold:
    """`thing`: a case, a subject, an evidence, an incident, or what is written beside them (of a
    watch log any entry: all of the watch is kept); `document`: number of the order.
    AccessDenied; NotThere, Erased for what there is nothing to keep of."""
    ask = Ask(actor, "", "oversight", legal_basis)
    try:
        named = order_of(legal_basis, document)
    except AccessDenied as denied:
        deny(record, ask, "hold.write", ref("thing", thing), now_us, denied)
    with vault.ending:
        thing = kept(vault, thing).id
        held = Hold(new_id(now_us), thing, legal_basis, named, actor, now_us, None, None)
        facts = {"change": "set", "hold": held.id, "document": named}
        places(record, [entry(ask, "hold.write", ref("thing", thing), now_us, **facts)])
        with vault.db.write() as connection:
            connection.execute(sa.insert(tables.holds), vars(held))
    return held


def release(
    vault: Vault,
    actor: str,
    hold_id: str,
    legal_basis: str,
    document: str,
    now_us: int,
    record: Record,
) -> Hold:
    """By another person than the one who set it; `document`: number of the order that lifts it.
    What a court ordered is lifted by its order alone. Raises NotThere, AccessDenied."""
    h = tables.holds.c
    row = hold(vault, hold_id)
    if row.released_us is not None:
        return row
    ask = Ask(actor, "", "oversight", legal_basis)
    try:
        if actor == row.set_by:
            raise AccessDenied("same_person", "another person has to release it")
        named = order_of(legal_basis, document)
        if row.legal_basis == COURT and legal_basis != COURT:
            raise AccessDenied("legal_basis", "what a court ordered is lifted by its order alone")
    except AccessDenied as denied:
        deny(record, ask, "hold.write", ref("thing", row.thing), now_us, denied)
    facts = {"change": "release", "hold": hold_id, "document": named}
    places(record, [entry(ask, "hold.write", ref("thing", row.thing), now_us, **facts)])
    with vault.db.write() as connection:
        connection.execute(
            sa.update(tables.holds)
            .where(h.id == hold_id, h.released_us.is_(None))
            .values(
                released_by=actor,
                released_us=now_us,
                released_basis=legal_basis,
                released_document=named,
            )
        )
    return hold(vault, hold_id)


def order_of(legal_basis: str, document: str) -> str:
    """The document's number as it is kept. Raises AccessDenied for no basis, no document."""
    if legal_basis not in LEGAL_BASES:
        raise AccessDenied("legal_basis", f"{legal_basis!r} is no legal basis")
    named = " ".join(document.split())
    if not 0 < len(named) <= MAX_DOCUMENT:
        raise AccessDenied("document", "name the order or decision that asks for it")
    return named


def holds_on(connection: Connection, things: Collection[str]) -> dict[str, list[str]]:
    """Ids of the holds in force, by thing."""
    h = tables.holds.c
    found: dict[str, list[str]] = {}
    query = sa.select(h.thing, h.id).where(h.released_us.is_(None)).order_by(h.set_us, h.id)
    for row in connection.execute(query):
        if row.thing in things:
            found.setdefault(row.thing, []).append(row.id)
    return found


def check_held(connection: Connection, things: Collection[str]) -> None:
    """Raises Held when anything of these is under a hold in force."""
    h = tables.holds.c
    query = sa.select(tables.holds).where(h.released_us.is_(None), h.thing.in_(things))
    rows = connection.execute(query.order_by(h.set_us, h.id)).all()
    if rows:
        raise Held([Hold(**row._mapping) for row in rows])


def sealed_by_court(vault: Vault, things: Collection[str]) -> set[str]:
    """Which of the things a court has put under a hold of their own."""
    by_court = {h.thing for h in current_holds(vault) if h.legal_basis == "court_order"}
    return by_court & set(things)


def hold(vault: Vault, hold_id: str) -> Hold:
    """Raises NotThere."""
    query = sa.select(tables.holds).where(tables.holds.c.id == hold_id)
    with vault.db.read() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise NotThere(f"there is no hold {hold_id}")
    return Hold(**row._mapping)


def current_holds(vault: Vault) -> list[Hold]:
    h = tables.holds.c
    query = sa.select(tables.holds).where(h.released_us.is_(None)).order_by(h.set_us, h.id)
    with vault.db.read() as connection:
        return [Hold(**row._mapping) for row in connection.execute(query)]
