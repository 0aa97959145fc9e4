"""What was done with one person's data: found by the number of a document, told without the name of
an officer.

The number is looked for in the blind index of every purpose, as a search does, and is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from littoral.access.words import PURPOSES
from littoral.store.database import Database
from littoral.store.oversight import delays
from littoral.store.oversight.listing import Wanted, conditions, read
from littoral.store.oversight.tables import accesses
from littoral.store.vault import index, tables
from littoral.store.vault.entries import Ask, Record, entry, places
from littoral.store.vault.ids import ref
from littoral.store.vault.keyfiles import KeyDestroyed
from littoral.store.vault.vault import Vault

# A whole number of a document names one person; a name or a telephone may be several persons'.
IDENTIFYING = ("id_number", "passport")
# Looking up what was looked up is no use of the data.
ASKING = "oversight.read"


@dataclass(frozen=True, slots=True)
class Usage:
    """One access to a person's data. `hidden_until_us` lies in the past: what is still hidden is
    not given. `manner`: masked, plain, break_glass, corrected, or None where nothing was shown."""

    index: int
    time_us: int
    agency: str
    unit: str
    action: str
    purpose: str | None
    legal_basis: str | None
    manner: str | None
    hidden_until_us: int | None = None
    hidden_basis: str | None = None
    hidden_document: str | None = None


def identify(
    vault: Vault,
    ask: Ask,
    field: str,
    values: Collection[str],
    now_us: int,
    record: Record,
    **facts: Any,
) -> list[str]:
    """Opaque ids of all records with one of these spellings of the value, of whatever purpose; the
    log names field and number of records, and each record, never the value. FieldRefused."""
    found = {
        i
        for purpose in PURPOSES
        for value in values
        for i in _with_value(vault, purpose, field, value)
    }
    ids = sorted(found)
    said = [
        entry(ask, ASKING, ref("case", ask.case) or "subject_copy:portal", now_us,
              field=field, found=len(ids), **facts)
    ]  # fmt: skip
    said += [entry(ask, ASKING, ref("subject", i), now_us) for i in ids]
    places(record, said)
    return ids


def usages(database: Database, subject_ids: Sequence[str], now_us: int) -> list[Usage]:
    """Every allowed access to these records, the oldest first, without those that a delay hides."""
    if not subject_ids:
        return []
    things = tuple(ref("subject", i) for i in subject_ids)
    with database.read() as connection:
        where = conditions(connection, Wanted(thing=things, verdict=("allow", "done")))
        if where is None:
            return []
        query = sa.select(accesses).where(*where)
        order = (accesses.c.time_us, accesses.c.log_index)
        rows = read(connection, connection.execute(query.order_by(*order)).all())
        cases = {(r.case or "").removeprefix("case:") for r in rows}
        delayed = delays.of_cases(connection, cases)
    told = []
    for row in rows:
        if row.action == ASKING:
            continue
        case, subject = (row.case or "").removeprefix("case:"), row.thing.removeprefix("subject:")
        hidden = delays.latest_end(delayed, case, subject, row.time_us)
        if hidden is not None and hidden[0] > now_us:
            continue
        why = hidden[1] if hidden is not None else None
        told.append(
            Usage(
                row.index, row.time_us, row.place.agency, row.place.unit, row.action, row.purpose,
                row.legal_basis, row.manner,
                None if hidden is None else hidden[0],
                None if why is None else why.legal_basis,
                None if why is None else why.document,
            )
        )  # fmt: skip
    return told


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about the person in one case."""

    id: str
    case: str
    purpose: str
    collected_us: int


def kept(database: Database, subject_ids: Sequence[str], now_us: int) -> list[Kept]:
    """The records that are not erased, the oldest first, without those whose collecting a delay
    hides: else who asks would learn of the case."""
    s = tables.subjects.c
    query = sa.select(s.id, s.case_id, s.purpose, s.created_us)
    query = query.where(s.id.in_(subject_ids), s.erased_us.is_(None))
    with database.read() as connection:
        rows = connection.execute(query.order_by(s.created_us, s.id)).all()
        delayed = delays.of_cases(connection, {r.case_id for r in rows})
    found = []
    for row in rows:
        hidden = delays.latest_end(delayed, row.case_id, row.id, row.created_us)
        if hidden is None or hidden[0] <= now_us:
            found.append(Kept(row.id, row.case_id, row.purpose, row.created_us))
    return found


def _with_value(vault: Vault, purpose: str, field: str, value: str) -> list[str]:
    """Records of one purpose. The index's key may be replaced between two reads: then once more."""
    t = tables.tokens.c
    for again in (True, False):
        with vault.db.read() as connection:
            try:
                key = index.known_key(vault, connection, purpose)
            except KeyDestroyed:
                if again:
                    continue
                raise
            if key is None:
                return []
            query = sa.select(t.subject_id).where(
                t.token == index.token(key, purpose, field, value),
                t.name == field,
                t.index_key_id == key.id,
            )
            return list(connection.execute(query).scalars())
    raise AssertionError("unreachable")
