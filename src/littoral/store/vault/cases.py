"""Cases: the legal frame under which personal data is collected and reached."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.condition import Within, alone, one_of
from littoral.store.database import RecordsError
from littoral.store.vault import tables
from littoral.store.vault.entries import AccessDenied, Ask, Entry, Record, entry, places
from littoral.store.vault.ids import new_id, ref
from littoral.store.vault.keyfiles import KeyMissing
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.rules import ACTIVE, ASKED, ENDED, check_agency, check_words
from littoral.store.vault.vault import NotThere, Vault, case_facts, readable_text, seal_text

MAX_TITLE = 200
OVERSIGHT = "oversight"  # the purpose of cases about those who work here
_INSERT = sa.insert(tables.cases)  # built once


@dataclass(frozen=True)
class Case:
    """`title` is None when its key is gone or it is damaged."""

    id: str
    title: str | None
    purpose: str
    legal_basis: str
    unit: str
    opened_by: str
    opened_us: int
    closed_by: str | None
    closed_us: int | None
    state: str
    agency: str  # empty in records from before cases had one: nobody's


@dataclass(frozen=True)
class Opening:
    """A case that is to be opened: its key is there, and nothing else of it. `entries` are for the
    log, which has them before `write` makes it a case."""

    case: Case
    key: DataKey
    entries: tuple[Entry, ...]
    beside: Callable[[Connection, str], None] | None
    _title: bytes

    def write(self, connection: Connection) -> None:
        made = self.case
        row = {
            "agency": made.agency,
            "id": made.id,
            "title": self._title,
            "purpose": made.purpose,
            "legal_basis": made.legal_basis,
            "unit": made.unit,
            "opened_by": made.opened_by,
            "opened_us": made.opened_us,
            "closed_by": None,
            "closed_us": None,
            "state": made.state,
            "key_id": self.key.id,
            "algorithm": self.key.algorithm,
        }
        connection.execute(_INSERT, row)
        if self.beside is not None:
            self.beside(connection, made.id)


def to_open(
    vault: Vault,
    actor: str,
    title: str,
    purpose: str,
    legal_basis: str,
    unit: str,
    now_us: int,
    agency: str,
    beside: Callable[[Connection, str], None] | None = None,
) -> Opening:
    """Of `agency` (a kind) from the beginning. `beside` writes in its transaction, with its id.
    Raises AccessDenied for words that are not in the lists, or no title."""
    check_words(purpose, legal_basis)
    check_agency(agency)
    text = title.strip()
    if not text or len(text) > MAX_TITLE:
        raise AccessDenied("title", f"a case needs a title of at most {MAX_TITLE} characters")
    case_id = new_id(now_us)
    key = vault.keys.create("case", now_us, vault.algorithm)
    ask = Ask(actor, case_id, purpose, legal_basis)
    said = entry(ask, "case.open", ref("case", case_id), now_us, unit=unit, key=key.id)
    made = Case(
        case_id, text, purpose, legal_basis, unit, actor, now_us, None, None, "open", agency
    )  # fmt: skip
    return Opening(made, key, (said,), beside, seal_text(key, text, "case", case_id, "title"))


def open_case(
    vault: Vault,
    actor: str,
    title: str,
    purpose: str,
    legal_basis: str,
    unit: str,
    now_us: int,
    record: Record,
    agency: str,
    beside: Callable[[Connection, str], None] | None = None,
) -> Case:
    """Opens it by itself; as `to_open`."""
    made = to_open(vault, actor, title, purpose, legal_basis, unit, now_us, agency, beside)
    places(record, made.entries)
    with vault.db.write() as connection:
        made.write(connection)
    return made.case


def close_case(
    vault: Vault,
    actor: str,
    case_id: str,
    now_us: int,
    record: Record,
    due: Callable[[Connection], bool] = lambda _: True,
) -> bool:
    """Ends every access under it; nothing of it is unsealed for that. Closing a closed case changes
    nothing, nor does it where `due`, asked in the transaction that closes it and before the log is
    told, says no. Whether it was closed. Raises NotThere."""
    c, g = tables.cases.c, tables.grants.c
    with vault.db.write() as connection:
        # Who asks for access refers to the case's row, and waits for whoever has locked it.
        connection.execute(sa.select(c.id).where(c.id == case_id).with_for_update())
        found = case_facts(connection, case_id)
        if found is None:
            raise NotThere(f"there is no case {case_id}")
        if not found.open or not due(connection):
            return False
        ask = Ask(actor, case_id, found.purpose, found.legal_basis)
        places(record, [entry(ask, "case.close", ref("case", case_id), now_us)])
        connection.execute(
            sa.update(tables.cases)
            .where(c.id == case_id)
            .values(state="closed", closed_by=actor, closed_us=now_us)
        )
        connection.execute(
            sa.update(tables.grants)
            .where(g.case_id == case_id, g.state.in_([ASKED, ACTIVE]))
            .values(state=ENDED, ended_by=actor, ended_us=now_us)
        )
    return True


def read_case(vault: Vault, ask: Ask, now_us: int, record: Record) -> Case:
    """Also a closed one. Raises NotThere."""
    found = _one(vault, ask.case)
    places(record, [entry(ask, "case.read", ref("case", ask.case), now_us)])
    return found


def list_cases(
    vault: Vault,
    actor: str,
    units: Collection[tuple[str, str]],
    now_us: int,
    record: Record,
    state: str | None = None,
    limit: int = 200,
    shared: Collection[tuple[str, str]] = (),
    within: Within = alone,
    overseen: Collection[tuple[str, str]] = (),
) -> list[Case]:
    """Of these units and agencies (kinds), the newest first; and of those that are `shared`, with
    the units `within` them, without the titles, in which people write names. Cases for oversight
    are those of the units and agencies `overseen`. One entry in the log for the list."""
    c = tables.cases.c
    own = [
        sa.and_(c.unit == unit, c.agency == agency, these)
        for where, these in (
            (units, c.purpose != OVERSIGHT),
            (overseen, c.purpose == OVERSIGHT),
        )
        for unit, agency in where
    ]
    by_others = [
        sa.and_(one_of(c.unit, within([u])), c.agency == agency, c.purpose != OVERSIGHT)
        for u, agency in shared
    ]
    query = sa.select(tables.cases).where(sa.or_(sa.false(), *own, *by_others))
    if state is not None:
        query = query.where(c.state == state)
    with vault.db.read() as connection:
        rows = connection.execute(query.order_by(c.opened_us.desc(), c.id).limit(limit)).all()
    ask = Ask(actor, "", "", "")
    facts: dict[str, Any] = {
        "units": sorted("/".join(place) for place in {*units, *overseen}),
        "count": len(rows),
    }
    if shared:
        facts["shared"] = sorted("/".join(place) for place in shared)
    places(record, [entry(ask, "case.read", "list:cases", now_us, **facts)])
    return [
        case
        if (case.unit, case.agency) in (overseen if case.purpose == OVERSIGHT else units)
        else replace(case, title=None)
        for case in (_case(vault, row) for row in rows)
    ]


def without_agency(connection: Connection) -> list[sa.Row[Any]]:
    """Cases that are nobody's, the oldest first: all but their titles."""
    c = tables.cases.c
    query = sa.select(c.id, c.unit, c.purpose, c.state, c.opened_by, c.opened_us)
    return list(connection.execute(query.where(c.agency.is_(None)).order_by(c.opened_us, c.id)))


def assign(connection: Connection, case_id: str, agency: str) -> None:
    """Gives a case that is nobody's to an agency (a kind). Raises RecordsError for another case."""
    c = tables.cases.c
    mine = c.id == case_id, c.agency.is_(None)
    if connection.execute(sa.update(tables.cases).where(*mine).values(agency=agency)).rowcount != 1:
        raise RecordsError(f"there is no case {case_id} without an agency")


def frame(vault: Vault, case_id: str) -> Case:
    """For whoever decides whether it may be read; nothing of it is to be shown before. Raises
    NotThere."""
    return _one(vault, case_id)


def _one(vault: Vault, case_id: str) -> Case:
    with vault.db.read() as connection:
        row = connection.execute(
            sa.select(tables.cases).where(tables.cases.c.id == case_id)
        ).first()
    if row is None:
        raise NotThere(f"there is no case {case_id}")
    return _case(vault, row)


def _case(vault: Vault, row: Any) -> Case:
    title = None
    if row.title is not None:
        try:
            title = readable_text(vault.keys.get(row.key_id), row.title, "case", row.id, "title")
        except KeyMissing:
            title = None
    return Case(
        row.id,
        title,
        row.purpose,
        row.legal_basis,
        row.unit,
        row.opened_by,
        row.opened_us,
        row.closed_by,
        row.closed_us,
        row.state,
        row.agency or "",
    )
