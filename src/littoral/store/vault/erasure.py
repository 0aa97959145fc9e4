"""Erasure: destroying the key of a person or of a case, and holding to it after a restore.

Order: the hold is checked; the log says which keys are to be destroyed (durable); the tombstones;
the keys; the rows. A crash after the log leaves something that `reconcile` finishes at the next
start: what the log says is destroyed is destroyed, also when a backup brought it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.database import upsert
from littoral.store.forms.tables import form_files, form_submissions
from littoral.store.sync.records import forget_files
from littoral.store.sync.tables import uploads
from littoral.store.vault import sealing, tables
from littoral.store.vault.entries import (
    ALLOW,
    AccessDenied,
    Ask,
    Entry,
    Record,
    deny,
    entry,
    places,
)
from littoral.store.vault.holds import Held, check_held
from littoral.store.vault.ids import ref
from littoral.store.vault.vault import Erased, NotThere, Vault, kept_row

ERASE = "person.erase"
ON_REQUEST = ("request", "court_order", "mistake")
REASONS = ("request", "retention", "purpose_ended", "court_order", "mistake", "case_end")


@dataclass(frozen=True)
class Erasure:
    """What an erasure did. `pending`: mirrors of the key folder that could not be reached;
    `log_index`: place in the log of the proof, where the log has places."""

    thing: str
    keys: tuple[str, ...]
    subjects: int
    evidence: tuple[str, ...]
    pending: dict[str, int]
    log_index: int | None = None


@dataclass
class Reconciled:
    """`came_back`: keys that a backup had brought; `finished`: rows without a living key;
    `lost`: rows whose key is missing though nobody destroyed it; `unread`: answers to forms whose
    file or key is not there, so that nobody can be found in them."""

    came_back: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    pending: dict[str, int] = field(default_factory=dict)


Erase = Callable[[Vault, Ask, str, str, int, Record], Erasure]


def _alone(erase: Erase) -> Erase:
    """No hold is set between the look at the holds and the end of the keys."""

    @wraps(erase)
    def locked(
        vault: Vault, ask: Ask, thing: str, reason: str, now_us: int, record: Record
    ) -> Erasure:
        with vault.ending:
            return erase(vault, ask, thing, reason, now_us, record)

    return locked


@_alone
def erase_subject(
    vault: Vault, ask: Ask, subject_id: str, reason: str, now_us: int, record: Record
) -> Erasure:
    """Raises NotThere, Erased, AccessDenied (a hold stands against it)."""
    with vault.db.read() as connection:
        row = kept_row(connection, tables.subjects, "subject", subject_id)
        held = _held(connection, {subject_id, row.case_id})
        digest = _commitment(connection, [subject_id])
    _allowed(held, reason, record, ask, subject_id, now_us)
    said = _said(ask, "subject", subject_id, row.key_id, reason, digest, now_us)
    at = places(record, said)[0]
    done = _destroy(vault, [("subject", subject_id, row.key_id)], reason, now_us)
    return replace(done, log_index=at)


@_alone
def erase_evidence(
    vault: Vault, ask: Ask, evidence_id: str, reason: str, now_us: int, record: Record
) -> Erasure:
    """The rows and the key; the file is removed by `evidence.Evidence.sweep`. Raises as above."""
    with vault.db.read() as connection:
        row = kept_row(connection, tables.evidence, "evidence", evidence_id)
        held = _held(connection, {evidence_id, row.case_id})
    _allowed(held, reason, record, ask, evidence_id, now_us)
    said = _said(ask, "evidence", evidence_id, row.key_id, reason, row.commitment, now_us)
    places(record, said)
    return _destroy(vault, [("evidence", evidence_id, row.key_id)], reason, now_us)


@_alone
def erase_answers(
    vault: Vault, ask: Ask, evidence_id: str, reason: str, now_us: int, record: Record
) -> Erasure:
    """The answers to a form, and the files that were handed in with them. Raises as above."""
    with vault.db.read() as connection:
        kept_row(connection, tables.evidence, "evidence", evidence_id)
        rows = with_files(connection, evidence_id)
    done, at = _erase_pieces(vault, ask, rows, reason, now_us, record)
    # A file that was just coming in. What comes later finds that the answers are erased.
    with vault.db.read() as connection:
        rows = with_files(connection, evidence_id)
    if rows:
        late, _ = _erase_pieces(vault, ask, rows, reason, now_us, record)
        done = replace(
            late, thing=done.thing, keys=done.keys + late.keys,
            evidence=done.evidence + late.evidence,
        )  # fmt: skip
    return replace(done, log_index=at)


def erase_left_files(vault: Vault, ask: Ask, now_us: int, record: Record) -> list[str]:
    """Files of answers that were erased on request, which were not erased with them: they came
    later, or a crash left them. What is held stays. Their ids."""
    x, e, s = tables.erasures.c, tables.evidence.c, form_submissions.c
    query = (
        sa.select(s.evidence_id)
        .join_from(form_submissions, tables.evidence, e.id == s.evidence_id)
        .join(tables.erasures, x.key_id == e.key_id)
        .where(e.erased_us.is_not(None), x.reason.in_(ON_REQUEST))
    )
    with vault.ending, vault.db.read() as connection:
        left = {
            r.id: r for i in set(connection.execute(query).scalars())
            for r in with_files(connection, i)
        }  # fmt: skip
        free = [r for r in left.values() if _held(connection, {r.id, r.case_id}) is None]
    for r in free:
        erase_evidence(vault, ask, r.id, "request", now_us, record)
    return [r.id for r in free]


def _erase_pieces(
    vault: Vault, ask: Ask, rows: list[Any], reason: str, now_us: int, record: Record
) -> tuple[Erasure, int | None]:
    """And where the log has the first. Raises AccessDenied."""
    with vault.db.read() as connection:
        held = _held(connection, {i for r in rows for i in (r.id, r.case_id)})
    _allowed(held, reason, record, ask, rows[0].id, now_us)
    said: list[Entry] = []
    for r in rows:
        said += _said(ask, "evidence", r.id, r.key_id, reason, r.commitment, now_us)
    at = places(record, said)[0]
    return _destroy(vault, [("evidence", r.id, r.key_id) for r in rows], reason, now_us), at


def with_files(connection: Connection, evidence_id: str) -> list[Any]:
    """Rows of the answers to a form, first, and of the files handed in with them, as far as they
    are not erased."""
    e, s, f = tables.evidence.c, form_submissions.c, form_files.c
    files = (
        sa.select(f.evidence_id)
        .join_from(form_files, form_submissions, s.id == f.submission)
        .where(s.evidence_id == evidence_id)
    )
    query = (
        sa.select(tables.evidence)
        .where(sa.or_(e.id == evidence_id, e.id.in_(files)), e.erased_us.is_(None))
        .order_by(e.id != evidence_id, e.added_us, e.id)
    )
    return list(connection.execute(query))


@_alone
def erase_case(
    vault: Vault, ask: Ask, case_id: str, reason: str, now_us: int, record: Record
) -> Erasure:
    """The case's key, and with it every person and evidence collected under it; the case has to
    be closed. Raises NotThere, Erased, AccessDenied."""
    c, s, e = tables.cases.c, tables.subjects.c, tables.evidence.c
    with vault.db.read() as connection:
        row = connection.execute(sa.select(tables.cases).where(c.id == case_id)).first()
        if row is None:
            raise NotThere(f"there is no case {case_id}")
        if row.state == "erased":
            raise Erased(f"case {case_id} was erased")
        persons = connection.execute(
            sa.select(s.id, s.key_id).where(s.case_id == case_id, s.erased_us.is_(None))
        ).all()
        files = connection.execute(
            sa.select(e.id, e.key_id, e.commitment).where(
                e.case_id == case_id, e.erased_us.is_(None)
            )
        ).all()
        held = _held(connection, {case_id, *(r.id for r in persons), *(r.id for r in files)})
        digests = {r.id: _commitment(connection, [r.id]) for r in persons}
    digests |= {r.id: r.commitment for r in files}
    _allowed(held, reason, record, ask, case_id, now_us)
    if row.state == "open":
        why = AccessDenied("case_open", "close the case first")
        deny(record, ask, ERASE, ref("case", case_id), now_us, why)
    said = _said(ask, "case", case_id, row.key_id, reason, "", now_us)
    for kind, rows in (("subject", persons), ("evidence", files)):
        for r in rows:
            said += _said(ask, kind, r.id, r.key_id, reason, digests[r.id], now_us)
    places(record, said)
    things = [("case", case_id, row.key_id)]
    things += [("subject", r.id, r.key_id) for r in persons]
    things += [("evidence", r.id, r.key_id) for r in files]
    return _destroy(vault, things, reason, now_us)


def reconcile(vault: Vault, logged: Iterable[str], now_us: int) -> Reconciled:
    """At every start. `logged`: `destroyed_keys` of all entries of the log.

    Destroys again what a restored key folder brought back, and clears the rows of what a restored
    database brought back.
    """
    x = tables.erasures.c
    with vault.db.read() as connection:
        known = set(connection.execute(sa.select(x.key_id)).scalars())
    report = Reconciled(came_back=vault.keys.files.settle())
    report.came_back += vault.keys.refuse(known | set(logged), now_us)
    gone = {t.id: t for t in vault.keys.files.tombstones()}
    with vault.db.read() as connection:
        below = _below(connection, set(gone)) - gone.keys()
    for key_id in sorted(below & vault.keys.files.ids()):
        vault.keys.destroy(key_id, now_us, "case_end")
    gone = {t.id: t for t in vault.keys.files.tombstones()} if below else gone
    there = vault.keys.files.ids()
    with vault.db.write() as connection:
        for kind, key_id, thing in _keyed(connection):
            if key_id in gone:
                _clear(connection, kind, thing, now_us)
                report.finished.append(thing)
            elif key_id not in there:
                report.lost.append(thing)
        rows = [
            {
                "key_id": t.id, "thing": t.id, "kind": "unknown", "reason": t.reason,
                "destroyed_us": t.destroyed_us,
            }
            for t in gone.values()
            if t.id not in known
        ]  # fmt: skip
        upsert(connection, tables.erasures, rows)
    report.pending = vault.keys.files.pending()
    return report


class Logged(Protocol):
    """An entry here, or as the log keeps it."""

    @property
    def action(self) -> str: ...
    @property
    def thing(self) -> str: ...
    @property
    def verdict(self) -> str: ...


def destroyed_keys(entries: Iterable[Logged]) -> list[str]:
    """What `reconcile` wants, from entries of the log."""
    return [
        e.thing.removeprefix("key:")
        for e in entries
        if e.action == ERASE and e.verdict == ALLOW and e.thing.startswith("key:")
    ]


def _said(
    ask: Ask, kind: str, thing: str, key_id: str, reason: str, commitment: str, now_us: int
) -> list[Entry]:
    """One entry for what is erased, one for its key, which `reconcile` reads at every start."""
    about = entry(
        ask, ERASE, ref(kind, thing), now_us, kind=kind, reason=reason, commitment=commitment
    )
    return [about, entry(ask, ERASE, ref("key", key_id), now_us, kind=kind, of=thing)]


def _held(connection: Connection, things: set[str]) -> Held | None:
    try:
        check_held(connection, things)
    except Held as held:
        return held
    return None


def _allowed(
    held: Held | None, reason: str, record: Record, ask: Ask, thing: str, now_us: int
) -> None:
    if reason not in REASONS:
        why = AccessDenied("reason", f"{reason!r} is no reason; one of {', '.join(REASONS)}")
        deny(record, ask, ERASE, ref("thing", thing), now_us, why)
    if held is not None:
        deny(record, ask, ERASE, ref("thing", thing), now_us, held)


def _destroy(vault: Vault, things: list[tuple[str, str, str]], reason: str, now_us: int) -> Erasure:
    """`things`: (kind, thing, key); the first is what was asked for, the rest falls with it."""
    every = {key_id: (kind, thing) for kind, thing, key_id in things}
    pieces = [thing for kind, thing, _ in things if kind == "evidence"]
    with vault.db.read() as connection:
        waiting = _uploads_of(connection, pieces)
    # The case's key first: from then on nothing of it can be read.
    for each in (*every, *waiting):
        vault.keys.destroy(each, now_us, reason)
    with vault.db.write() as connection:
        for each_kind, each_thing in every.values():
            _clear(connection, each_kind, each_thing, now_us)
        upsert(
            connection,
            tables.erasures,
            [
                {
                    "key_id": k, "thing": t, "kind": knd, "reason": why, "destroyed_us": now_us,
                }
                for k, knd, t, why in (
                    *((k, knd, t, reason) for k, (knd, t) in every.items()),
                    *((k, "upload", k, "upload") for k in waiting),  # as one that was dropped
                )
            ],
        )  # fmt: skip
    return Erasure(
        things[0][1],
        tuple(every),
        sum(kind == "subject" for kind, _ in every.values()),
        tuple(thing for kind, thing in every.values() if kind == "evidence"),
        vault.keys.files.pending(),
    )


def _uploads_of(connection: Connection, evidence: list[str]) -> list[str]:
    """Keys of uploads of the same content: sent a second time, or left when a crash came between
    custody and the end of its upload. Whoever still has the file sends it anew."""
    e, u = tables.evidence.c, uploads.c
    of = sa.select(e.sha256).where(e.id.in_(evidence), e.sha256 != "")
    return list(connection.execute(sa.select(u.key_id).where(u.sha256.in_(of))).scalars())


def _clear(connection: Connection, kind: str, thing: str, now_us: int) -> None:
    """Rows of which only the id and the times stay."""
    if kind == "subject":
        for table in (tables.fields, tables.tokens):
            connection.execute(sa.delete(table).where(table.c.subject_id == thing))
        connection.execute(
            sa.update(tables.subjects).where(tables.subjects.c.id == thing).values(erased_us=now_us)
        )
    elif kind == "evidence":
        connection.execute(
            sa.update(tables.evidence)
            .where(tables.evidence.c.id == thing)
            .values(erased_us=now_us, sha256="", salt=b"", about=None)
        )
        n, s = tables.answer_numbers.c, form_submissions.c
        connection.execute(sa.delete(tables.answer_numbers).where(n.evidence_id == thing))
        connection.execute(
            sa.update(form_submissions).where(s.evidence_id == thing).values(open_answers=b"")
        )
        forget_files(connection, [thing])
    elif kind == "case":
        g, r = tables.grants.c, tables.reviews.c
        of_case = sa.select(g.id).where(g.case_id == thing)
        connection.execute(
            sa.update(tables.cases)
            .where(tables.cases.c.id == thing)
            .values(title=None, state="erased")
        )
        connection.execute(sa.update(tables.grants).where(g.case_id == thing).values(reason=None))
        connection.execute(
            sa.update(tables.reviews).where(r.grant_id.in_(of_case)).values(note=None)
        )
        x = tables.erasure_requests.c
        connection.execute(
            sa.update(tables.erasure_requests).where(x.case_id == thing).values(why=None, note=None)
        )


def _below(connection: Connection, gone: set[str]) -> set[str]:
    """Keys of persons and evidence whose case's key is gone: a crash left them."""
    c = tables.cases.c
    found = set()
    for table in (tables.subjects, tables.evidence):
        query = sa.select(table.c.key_id, c.key_id.label("over")).join_from(
            table, tables.cases, c.id == table.c.case_id
        )
        found |= {r.key_id for r in connection.execute(query) if r.over in gone}
    return found


def _keyed(connection: Connection) -> list[tuple[str, str, str]]:
    """(kind, key, thing) of all that should have a living key."""
    s, c, e = tables.subjects.c, tables.cases.c, tables.evidence.c
    found = []
    for kind, query in (
        ("case", sa.select(c.key_id, c.id).where(c.state != "erased")),
        ("subject", sa.select(s.key_id, s.id).where(s.erased_us.is_(None))),
        ("evidence", sa.select(e.key_id, e.id).where(e.erased_us.is_(None))),
    ):
        found += [(kind, r.key_id, r.id) for r in connection.execute(query)]
    return found


def _commitment(connection: Connection, subject_ids: list[str]) -> str:
    """Over names and ciphertexts of all fields (`sealing.commitment`)."""
    f = tables.fields.c
    query = sa.select(f.subject_id, f.name, f.ciphertext).where(f.subject_id.in_(subject_ids))
    rows = connection.execute(query.order_by(f.subject_id, f.name))
    return sealing.commitment((r.subject_id, r.name, r.ciphertext) for r in rows)
