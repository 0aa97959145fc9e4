"""What was done with one person's data: found by the number of a document, told without the name of
an officer.

The number is looked for in the blind index of every purpose, as a search does, and is kept nowhere.
What is found are records of persons, and answers to forms in which the number stands.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.words import PURPOSES
from littoral.store.database import Database
from littoral.store.forms.tables import form_files, form_submissions, form_versions
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
# Whose numbers the index knows: records of persons, answers to forms.
PERSONS, ANSWERS = tables.tokens.c.subject_id, tables.answer_numbers.c.evidence_id
# Looking up what was looked up is no use of the data.
ASKING = "oversight.read"


@dataclass(frozen=True, slots=True)
class Usage:
    """One access to a person's data. `hidden_until_us` lies in the past: what is still hidden is
    not given. `manner`: masked, plain, break_glass, corrected, of answers to a form view, copy,
    bundle, or None where nothing was shown. `form`: title of the form, of answers alone."""

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
    form: str | None = None


def identify(
    vault: Vault,
    ask: Ask,
    field: str,
    values: Collection[str],
    now_us: int,
    record: Record,
    phone: str | None = None,
    **facts: Any,
) -> list[str]:
    """Opaque ids of all records of persons with one of these spellings of the value, of whatever
    purpose, and of the evidence of answers to forms with it or with the number `phone`; the log
    names fields and number of records, and each record, never a value. FieldRefused."""
    persons: set[str] = set()
    answers: set[str] = set()
    for purpose in PURPOSES:
        for value in values:
            persons.update(_with_value(vault, purpose, field, value, PERSONS))
            answers.update(_with_value(vault, purpose, field, value, ANSWERS))
        if phone is not None:
            found = _with_value(vault, purpose, "phone", phone, ANSWERS)
            answers.update(found)
    if phone is not None:
        facts = {**facts, "phone": True}
    ids = sorted(persons | answers)
    said = [
        entry(ask, ASKING, ref("case", ask.case) or "subject_copy:portal", now_us,
              field=field, found=len(ids), **facts)
    ]  # fmt: skip
    for i in ids:
        thing = ref("evidence" if i in answers else "subject", i)
        said.append(entry(ask, ASKING, thing, now_us))
    places(record, said)
    return ids


def usages(database: Database, subject_ids: Sequence[str], now_us: int) -> list[Usage]:
    """Every allowed access to these records and answers, and to the files handed in with answers,
    the oldest first, without those that a delay hides."""
    if not subject_ids:
        return []
    with database.read() as connection:
        forms = _of_forms(connection, subject_ids)
        things = tuple(ref("subject", i) for i in subject_ids if i not in forms)
        things += tuple(ref("evidence", i) for i in forms)
        where = conditions(connection, Wanted(thing=things, verdict=("allow", "done")))
        if where is None:
            return []
        query = sa.select(accesses).where(*where)
        order = (accesses.c.time_us, accesses.c.log_index)
        rows = read(connection, connection.execute(query.order_by(*order)).all())
        cases = {(r.case or "").removeprefix("case:") for r in rows}
        delayed = delays.of_cases(connection, cases)
        steps = _steps(connection, forms)
    told = []
    for row in rows:
        if row.action == ASKING:
            continue
        case, key = (row.case or "").removeprefix("case:"), row.thing.partition(":")[2]
        form = forms.get(key)
        subject = key if form is None else form.answers
        hidden = delays.latest_end(delayed, case, subject, row.time_us, row.actor)
        if hidden is not None and hidden[0] > now_us:
            continue
        why = hidden[1] if hidden is not None else None
        told.append(
            Usage(
                row.index, row.time_us, row.place.agency, row.place.unit, row.action, row.purpose,
                row.legal_basis, steps.get(row.index, row.manner),
                None if hidden is None else hidden[0],
                None if why is None else why.legal_basis,
                None if why is None else why.document,
                None if form is None else form.title,
            )
        )  # fmt: skip
    return told


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about the person in one case: a record of the person or, with the title of the
    form, the evidence of answers."""

    id: str
    case: str
    purpose: str
    collected_us: int
    form: str | None = None


def kept(database: Database, subject_ids: Sequence[str], now_us: int) -> list[Kept]:
    """The records and answers that are not erased, the oldest first, without those whose collecting
    a delay hides: else who asks would learn of the case."""
    s, e = tables.subjects.c, tables.evidence.c
    persons = sa.select(s.id, s.case_id, s.purpose, s.created_us)
    persons = persons.where(s.id.in_(subject_ids), s.erased_us.is_(None))
    with database.read() as connection:
        forms = _of_forms(connection, subject_ids)
        answers = sa.select(e.id, e.case_id, e.purpose, e.added_us.label("created_us"))
        whole = {f.answers for f in forms.values()}  # not the files apart
        answers = answers.where(e.id.in_(whole), e.erased_us.is_(None))
        rows = [r for query in (persons, answers) for r in connection.execute(query)]
        rows.sort(key=lambda r: (r.created_us, r.id))
        delayed = delays.of_cases(connection, {r.case_id for r in rows})
    found = []
    for row in rows:
        hidden = delays.latest_end(delayed, row.case_id, row.id, row.created_us, "")
        if hidden is None or hidden[0] <= now_us:
            form = forms.get(row.id)
            title = None if form is None else form.title
            found.append(Kept(row.id, row.case_id, row.purpose, row.created_us, title))
    return found


@dataclass(frozen=True, slots=True)
class _Form:
    """Of a piece of evidence: in which the answers lie, and the form's title."""

    answers: str
    title: str


def _of_forms(connection: Connection, ids: Sequence[str]) -> dict[str, _Form]:
    """By evidence: those of `ids` that hold answers to forms, and the files handed in with them."""
    s, v, f = form_submissions.c, form_versions.c, form_files.c
    query = (
        sa.select(s.id, s.evidence_id, v.title)
        .join_from(form_submissions, form_versions, v.id == s.form_version)
        .where(s.evidence_id.in_(ids))
    )
    submissions = {r.id: _Form(r.evidence_id, r.title) for r in connection.execute(query)}
    files = sa.select(f.evidence_id, f.submission).where(f.submission.in_(submissions))
    found = {r.evidence_id: submissions[r.submission] for r in connection.execute(files)}
    return found | {form.answers: form for form in submissions.values()}


def _steps(connection: Connection, evidence_ids: Collection[str]) -> dict[int, str]:
    """How evidence was shown, by place in the log: view, copy, bundle."""
    c = tables.custody.c
    query = sa.select(c.log_index, c.document).where(
        c.evidence_id.in_(evidence_ids), c.number > 0, c.log_index.is_not(None)
    )
    return {r.log_index: str(r.document["step"]) for r in connection.execute(query)}


def _with_value(
    vault: Vault, purpose: str, field: str, value: str, of: sa.Column[str]
) -> list[str]:
    """Ids of one purpose, as `index.with_value`. The index's key may be replaced between two
    reads: then once more."""
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
            return index.with_value(connection, of, key, purpose, field, value)
    raise AssertionError("unreachable")
