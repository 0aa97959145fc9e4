"""Erasure on request, of a person or of the answers to a form: one asks for it, another agrees,
then the key is destroyed.

Nothing is erased while a request waits; one that nobody answers lapses. What is written with it is
sealed under the case's key. That another has agreed is written before anything is destroyed: a
crash in between leaves a request that `settle` finishes at the next start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.forms.tables import form_submissions
from littoral.store.vault import erasure, index, rules, tables
from littoral.store.vault.entries import AccessDenied, Ask, Record, deny, entry, places
from littoral.store.vault.holds import COURT, check_held, order_of
from littoral.store.vault.ids import new_id, ref
from littoral.store.vault.vault import (
    NotThere,
    Vault,
    case_key,
    kept_row,
    readable_case_key,
    readable_text,
    seal_text,
)

WAITING, MADE, REFUSED, TAKEN_BACK, LAPSED = "waiting", "made", "refused", "taken_back", "lapsed"
AGREED = "agreed"  # in the records alone: it waits until the person is erased, then it is made
LASTS_US = 7 * rules.DAY_US  # a request that nobody answers lapses


class NotWaiting(Exception):
    """It was decided, taken back or has lapsed, or the same waits already."""


@dataclass(frozen=True)
class ErasureRequest:
    """`document`: number of the order, always there where a court ordered it (but in records from
    before); `why` and `note` are None where nothing was said, the case's key is gone or it
    is damaged; `log_index`: where the log has the proof. `subject`: the record of a person or, with
    `is_answers`, the evidence in which the answers to a form lie."""

    id: str
    subject: str
    is_answers: bool
    case: str
    reason: str
    document: str | None
    why: str | None
    state: str
    requested_by: str
    requested_us: int
    decided_by: str | None
    decided_us: int | None
    note: str | None
    log_index: int | None


def propose(
    vault: Vault, ask: Ask, subject: str, reason: str, document: str, why: str, now_us: int,
    record: Record,
) -> ErasureRequest:  # fmt: skip
    """`subject`: as `ErasureRequest` has it; `document`: number of the order or file, empty for
    none; what a court orders has one. Raises NotThere, Erased, AccessDenied (`Held` too),
    NotWaiting (the same waits)."""
    key, is_answers = new_id(now_us), holds_answers(vault, subject)
    thing = ref("evidence" if is_answers else "subject", subject)
    try:
        if reason not in erasure.ON_REQUEST:
            known = ", ".join(erasure.ON_REQUEST)
            raise AccessDenied("reason", f"{reason!r} is no reason; one of {known}")
        by_court = reason == COURT
        named = order_of(ask.legal_basis, document) if by_court or document.strip() else None
        rules.check_reason(why)
        with vault.ending, vault.db.write() as connection:
            row = _row(connection, subject, is_answers)
            if row.case_id != ask.case:
                raise NotThere(f"there is no subject {subject} in this case")
            falls = erasure.with_files(connection, subject) if is_answers else [row]
            check_held(connection, {i for r in falls for i in (r.id, r.case_id)})
            if any(r.state == WAITING for r in _rows(connection, now_us, subject)):
                raise NotWaiting("the same waits for a second person already")
            facts = {"change": "propose", "subject": subject, "reason": reason}
            facts |= {} if named is None else {"document": named}
            places(record, [entry(ask, erasure.ERASE, ref("erasure", key), now_us, **facts)])
            connection.execute(
                sa.insert(tables.erasure_requests).values(
                    id=key, subject_id=None if is_answers else subject,
                    evidence_id=subject if is_answers else None, case_id=ask.case,
                    reason=reason, document=named,
                    why=_seal(vault, connection, ask.case, key, "why", why), state=WAITING,
                    requested_by=ask.actor, requested_us=now_us,
                )
            )  # fmt: skip
    except AccessDenied as denied:
        deny(record, ask, erasure.ERASE, thing, now_us, denied)
    return one(vault, key, now_us)


def agree(
    vault: Vault, ask: Ask, key: str, note: str, now_us: int, record: Record
) -> ErasureRequest:
    """Erases, as another person than who asked for it; the blind index of the purpose is made anew.
    Raises NotThere, NotWaiting, Erased, AccessDenied (`Held` too)."""
    with vault.ending:
        wanted = _waiting(vault, key, now_us)
        if ask.actor == wanted.requested_by:
            why = AccessDenied("same_person", "another person has to agree")
            deny(record, ask, erasure.ERASE, ref("erasure", key), now_us, why)
        with vault.db.read() as connection:
            row = _row(connection, wanted.subject, wanted.is_answers)
            sealed = _seal(vault, connection, wanted.case, key, "note", note)
        _decided(vault, key, AGREED, ask.actor, sealed, now_us, None)
        erase = erasure.erase_answers if wanted.is_answers else erasure.erase_subject
        try:
            done = erase(vault, ask, row.id, wanted.reason, now_us, record)
        except AccessDenied:
            _decided(vault, key, WAITING, None, None, None, None)
            raise
    index.reindex(vault, ask.actor, row.purpose, now_us, record)
    _decided(vault, key, MADE, ask.actor, sealed, now_us, done.log_index)
    return one(vault, key, now_us)


def settle(
    vault: Vault, proofs: Mapping[str, int], actor: str, now_us: int, record: Record
) -> list[str]:
    """At every start, after `erasure.reconcile`: finishes what a crash left agreed. The ids of the
    requests whose persons or answers are erased, which are made now; one whose are not waits again.
    `proofs`: places in the log of the erasures of these since the last start."""
    x, s, e = tables.erasure_requests.c, tables.subjects.c, tables.evidence.c
    purpose_of = sa.func.coalesce(s.purpose, e.purpose).label("purpose")
    query = (
        sa.select(
            x.id,
            _SUBJECT,
            x.decided_by,
            x.decided_us,
            x.note,
            _ERASED.label("erased_us"),
            purpose_of,
        )
        .select_from(_WITH_SUBJECTS)
        .where(x.state == AGREED)
    )
    with vault.db.read() as connection:
        rows = connection.execute(query).all()
    made = [r for r in rows if r.erased_us is not None]
    for purpose in sorted({r.purpose for r in made}):
        index.reindex(vault, actor, purpose, now_us, record)
    for r in made:
        at = proofs.get(r.subject)
        _decided(vault, r.id, MADE, r.decided_by, r.note, r.decided_us, at)
    for r in rows:
        if r.erased_us is None:
            _decided(vault, r.id, WAITING, None, None, None, None)
    return [r.id for r in made]


def refuse(
    vault: Vault, ask: Ask, key: str, note: str, now_us: int, record: Record
) -> ErasureRequest:
    """Raises NotThere, NotWaiting."""
    return _close(vault, ask, key, REFUSED, note, now_us, record)


def take_back(vault: Vault, ask: Ask, key: str, now_us: int, record: Record) -> ErasureRequest:
    """By who asked for it. Raises NotThere, NotWaiting."""
    if one(vault, key, now_us).requested_by != ask.actor:
        raise NotWaiting("only who asked for an erasure that waits can take it back")
    return _close(vault, ask, key, TAKEN_BACK, "", now_us, record)


def one(vault: Vault, key: str, now_us: int) -> ErasureRequest:
    """Raises NotThere."""
    x = tables.erasure_requests.c
    with vault.db.read() as connection:
        row = connection.execute(_query(now_us).where(x.id == key)).first()
        if row is None:
            raise NotThere(f"there is no request to erase {key}")
        return _opened(vault, connection, [row])[0]


def listed(
    vault: Vault, now_us: int, state: str | None = None, limit: int = 500
) -> list[ErasureRequest]:
    """The newest first."""
    with vault.db.read() as connection:
        rows = [r for r in _rows(connection, now_us) if state in (None, r.state)]
        return _opened(vault, connection, rows[:limit])


def holds_answers(vault: Vault, evidence_id: str) -> bool:
    """Whether it is evidence in which the answers to a form lie."""
    s = form_submissions.c
    with vault.db.read() as connection:
        query = sa.select(s.id).where(s.evidence_id == evidence_id)
        return connection.execute(query).first() is not None


def _row(connection: Connection, subject: str, is_answers: bool) -> Any:
    """Raises NotThere, Erased."""
    if is_answers:
        return kept_row(connection, tables.evidence, "evidence", subject)
    return kept_row(connection, tables.subjects, "subject", subject)


_SUBJECT = sa.func.coalesce(
    tables.erasure_requests.c.subject_id, tables.erasure_requests.c.evidence_id
).label("subject")
_ERASED = sa.func.coalesce(tables.subjects.c.erased_us, tables.evidence.c.erased_us)
_WITH_SUBJECTS = tables.erasure_requests.outerjoin(
    tables.subjects, tables.subjects.c.id == tables.erasure_requests.c.subject_id
).outerjoin(tables.evidence, tables.evidence.c.id == tables.erasure_requests.c.evidence_id)


def _query(now_us: int) -> sa.Select[Any]:
    """What waits too long, or for the erasure of what is gone already, has lapsed; what was agreed
    and is gone is made."""
    x = tables.erasure_requests.c
    gone = _ERASED.is_not(None)
    late = sa.or_(x.requested_us < now_us - LASTS_US, gone)
    state = sa.case(
        (sa.and_(x.state == AGREED, gone), MADE),
        (sa.and_(x.state.in_([WAITING, AGREED]), late), LAPSED),
        (x.state == AGREED, WAITING),
        else_=x.state,
    )
    others = [column for column in x if column.name != "state"]
    return (
        sa.select(*others, _SUBJECT, state.label("state"))
        .select_from(_WITH_SUBJECTS)
        .order_by(x.requested_us.desc(), x.id.desc())
    )


def _rows(connection: Connection, now_us: int, subject: str | None = None) -> Sequence[Any]:
    query = _query(now_us)
    if subject is not None:
        query = query.where(_SUBJECT.element == subject)
    return connection.execute(query).all()


def _waiting(vault: Vault, key: str, now_us: int) -> ErasureRequest:
    wanted = one(vault, key, now_us)
    if wanted.state != WAITING:
        raise NotWaiting(f"it is {wanted.state.replace('_', ' ')} already")
    return wanted


def _close(
    vault: Vault, ask: Ask, key: str, state: str, note: str, now_us: int, record: Record
) -> ErasureRequest:
    with vault.ending:
        wanted = _waiting(vault, key, now_us)
        facts = {"change": state, "subject": wanted.subject}
        places(record, [entry(ask, erasure.ERASE, ref("erasure", key), now_us, **facts)])
        with vault.db.read() as connection:
            sealed = _seal(vault, connection, wanted.case, key, "note", note)
        _decided(vault, key, state, ask.actor, sealed, now_us, None)
    return one(vault, key, now_us)


def _decided(
    vault: Vault, key: str, state: str, by: str | None, note: bytes | None, now_us: int | None,
    at: int | None,
) -> None:  # fmt: skip
    x = tables.erasure_requests.c
    with vault.db.write() as connection:
        connection.execute(
            sa.update(tables.erasure_requests)
            .where(x.id == key)
            .values(state=state, decided_by=by, decided_us=now_us, note=note, log_index=at)
        )


def _seal(
    vault: Vault, connection: Connection, case_id: str, key: str, name: str, text: str
) -> bytes | None:
    if not text.strip():
        return None
    return seal_text(case_key(vault, connection, case_id), text.strip(), "erasure", key, name)


def _opened(vault: Vault, connection: Connection, rows: Sequence[Any]) -> list[ErasureRequest]:
    return [_request(vault, connection, r) for r in rows]


def _request(vault: Vault, connection: Connection, row: Any) -> ErasureRequest:
    by, at_us, note = row.decided_by, row.decided_us, _text(vault, connection, row, "note")
    if row.state in (WAITING, LAPSED):  # whoever is agreeing has not done so yet
        by = at_us = note = None
    return ErasureRequest(
        row.id, row.subject, row.evidence_id is not None, row.case_id, row.reason, row.document,
        _text(vault, connection, row, "why"), row.state, row.requested_by, row.requested_us,
        by, at_us, note, row.log_index,
    )  # fmt: skip


def _text(vault: Vault, connection: Connection, row: Any, name: str) -> str | None:
    sealed: bytes | None = getattr(row, name)
    if sealed is None:
        return None
    key = readable_case_key(vault, connection, row.case_id)
    return None if key is None else readable_text(key, sealed, "erasure", row.id, name)
