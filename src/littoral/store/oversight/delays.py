"""Delays: for how long a person is not told of accesses, since an inquiry would be spoilt by it.

A delay covers one open case (all its persons or one of them), names the order that it rests on and
lasts `LONGEST_US` at most. What a court ordered is renewed by setting another. Without a court two
persons of different desks delay, by a statutory duty: one asks, and it is in force once another has
asked for the same by the same document. It is renewed once, by another person than before, and what
either of the two did themselves is told at once. When it is over the person is told all, with the
reason for the delay. Setting, agreeing and ending are in the log.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.forms.tables import form_submissions
from littoral.store.oversight.tables import delays
from littoral.store.vault.entries import AccessDenied, Ask, Record, deny, entry, places
from littoral.store.vault.holds import COURT, order_of
from littoral.store.vault.ids import new_id, ref
from littoral.store.vault.rules import DAY_US
from littoral.store.vault.tables import evidence, grant_things, grants, subjects
from littoral.store.vault.vault import NotThere, Vault, case_facts

LONGEST_US = 90 * DAY_US
BASES = (COURT, "statutory_duty")
RENEWALS = 1  # of what no court ordered


@dataclass(frozen=True, slots=True)
class Delay:
    id: str
    case_id: str
    subject_id: str | None
    legal_basis: str
    document: str
    set_by: str
    set_us: int
    until_us: int
    ended_by: str | None
    ended_us: int | None
    ended_basis: str | None = None
    ended_document: str | None = None
    seats: list[str] | None = None  # unit/agency, all of who asked
    agreed_by: str | None = None
    agreed_us: int | None = None

    @property
    def waits(self) -> bool:
        """For a second person: it hides nothing yet."""
        return self.legal_basis != COURT and self.agreed_us is None

    @property
    def end_us(self) -> int:
        """When it ends or ended, whichever came first."""
        return self.until_us if self.ended_us is None else min(self.until_us, self.ended_us)

    def covers(self, case_id: str, subject_id: str) -> bool:
        return self.case_id == case_id and self.subject_id in (None, subject_id)

    def hides(self, actor: str) -> bool:
        """What this actor did; nobody hides the own accesses by the own word."""
        if self.legal_basis == COURT:
            return True
        return not self.waits and actor not in (self.set_by, self.agreed_by)


def set_delay(
    vault: Vault,
    ask: Ask,
    subject_id: str | None,
    document: str,
    until_us: int,
    now_us: int,
    record: Record,
    seats: Collection[str] = (),
) -> Delay:
    """`ask`: case, purpose and basis as of the case, but the delay's own basis; `seats`: all of who
    asks. Where the same waits that somebody else asked for, this agrees to it: it then lasts until
    the earlier of both days. AccessDenied when it would be too long, rests on nothing, is about a
    person not reached by the case, or no court ordered it and it is not another's to agree to or to
    renew."""
    with vault.ending:
        return _set_alone(vault, ask, subject_id, document, until_us, now_us, record, seats)


def _set_alone(
    vault: Vault,
    ask: Ask,
    subject_id: str | None,
    document: str,
    until_us: int,
    now_us: int,
    record: Record,
    seats: Collection[str],
) -> Delay:
    waiting = None
    try:
        if ask.legal_basis not in BASES:
            raise AccessDenied("legal_basis", f"a delay rests on {' or '.join(BASES)}")
        named = order_of(ask.legal_basis, document)
        if not now_us < until_us <= now_us + LONGEST_US:
            most = LONGEST_US // DAY_US
            raise AccessDenied("until", f"ahead, within {most} days; it can be renewed")
        with vault.db.read() as connection:
            _check_case(connection, ask.case, subject_id)
            if ask.legal_basis != COURT:
                before = _without_court(connection, ask.case, subject_id)
                waiting = _waiting(before, subject_id, named, now_us)
                if waiting is None:
                    _check_own(before, ask.actor, now_us)
                _check_second(before, waiting, ask.actor, seats)
    except AccessDenied as denied:
        deny(record, ask, "hold.write", ref("case", ask.case), now_us, denied)
    if waiting is not None:
        return _agree(vault, ask, waiting, until_us, now_us, record)
    made = Delay(
        new_id(now_us), ask.case, subject_id, ask.legal_basis, named, ask.actor, now_us, until_us,
        None, None, seats=sorted(seats),
    )  # fmt: skip
    facts: dict[str, Any] = {
        "change": "set", "until_us": until_us, "subject": subject_id, "document": named,
    }  # fmt: skip
    places(record, [entry(ask, "hold.write", ref("delay", made.id), now_us, **facts)])
    with vault.db.write() as connection:
        row = {name: getattr(made, name) for name in Delay.__slots__}
        connection.execute(sa.insert(delays), row)
    return made


def _agree(
    vault: Vault, ask: Ask, waiting: Delay, until_us: int, now_us: int, record: Record
) -> Delay:
    if waiting.set_by == ask.actor:
        return waiting  # sent again
    until_us = min(waiting.until_us, until_us)
    facts: dict[str, Any] = {"change": "agree", "until_us": until_us, "document": waiting.document}
    places(record, [entry(ask, "hold.write", ref("delay", waiting.id), now_us, **facts)])
    with vault.db.write() as connection:
        connection.execute(
            sa.update(delays)
            .where(delays.c.id == waiting.id)
            .values(agreed_by=ask.actor, agreed_us=now_us, until_us=until_us)
        )
    return one(vault, waiting.id)


def _without_court(connection: Connection, case_id: str, subject_id: str | None) -> list[Delay]:
    """That were ever asked for and touch the same persons."""
    return [
        d
        for d in of_cases(connection, [case_id])
        if d.legal_basis != COURT and (subject_id is None or d.covers(case_id, subject_id))
    ]


def _waiting(
    before: Sequence[Delay], subject_id: str | None, document: str, now_us: int
) -> Delay | None:
    same = (
        d
        for d in before
        if d.waits and now_us < d.end_us and (d.subject_id, d.document) == (subject_id, document)
    )
    return next(same, None)


def _check_own(before: Sequence[Delay], actor: str, now_us: int) -> None:
    """Two that wait would be agreed to as a delay and as its renewal, by the same two. Raises
    AccessDenied."""
    if any(d.waits and now_us < d.end_us and d.set_by == actor for d in before):
        raise AccessDenied("waits", "one that you asked for waits already: end it first")


def _check_second(
    before: Sequence[Delay], waiting: Delay | None, actor: str, seats: Collection[str]
) -> None:
    """Raises AccessDenied."""
    earlier = [d for d in before if not d.waits]
    if len(earlier) > RENEWALS:
        raise AccessDenied("renewed", "it was renewed already: for longer a court alone delays it")
    if waiting is None or waiting.set_by == actor:
        if any(actor in (d.set_by, d.agreed_by) for d in earlier):
            raise AccessDenied("same_person", "another person than before renews it")
        return
    if set(seats) & set(waiting.seats or ()):
        raise AccessDenied("same_desk", "somebody of another desk than who asked agrees to it")
    if any(actor == d.set_by for d in earlier):
        raise AccessDenied("same_person", "another person than before agrees to it")


def end_delay(
    vault: Vault,
    actor: str,
    delay_id: str,
    legal_basis: str,
    document: str,
    now_us: int,
    record: Record,
) -> Delay:
    """Before its time, by anybody who may set one; `document`: number of the order or decision to
    end it. What a court ordered is ended by its order alone. One that is over stays. Raises
    NotThere, AccessDenied."""
    found = one(vault, delay_id)
    if found.end_us <= now_us:
        return found
    ask = Ask(actor, found.case_id, "", legal_basis)
    try:
        named = order_of(legal_basis, document)
        if found.legal_basis == COURT and legal_basis != COURT:
            raise AccessDenied("legal_basis", "what a court ordered is ended by its order alone")
    except AccessDenied as denied:
        deny(record, ask, "hold.write", ref("delay", delay_id), now_us, denied)
    facts = {"change": "end", "document": named}
    places(record, [entry(ask, "hold.write", ref("delay", delay_id), now_us, **facts)])
    with vault.db.write() as connection:
        connection.execute(
            sa.update(delays)
            .where(delays.c.id == delay_id, delays.c.ended_us.is_(None))
            .values(ended_by=actor, ended_us=now_us, ended_basis=legal_basis, ended_document=named)
        )
    return one(vault, delay_id)


def one(vault: Vault, delay_id: str) -> Delay:
    """Raises NotThere."""
    with vault.db.read() as connection:
        row = connection.execute(sa.select(delays).where(delays.c.id == delay_id)).first()
    if row is None:
        raise NotThere(f"there is no delay {delay_id}")
    return Delay(**row._mapping)


def listed(connection: Connection, now_us: int, over: bool = False) -> list[Delay]:
    """Those in force or waiting, the first to end first; with `over` all that ever were."""
    d = delays.c
    query = sa.select(delays).order_by(d.until_us, d.id)
    if not over:
        query = query.where(d.until_us > now_us, d.ended_us.is_(None))
    return [Delay(**row._mapping) for row in connection.execute(query)]


def of_cases(connection: Connection, case_ids: Collection[str]) -> list[Delay]:
    query = sa.select(delays).where(delays.c.case_id.in_(sorted(case_ids)))
    return [Delay(**row._mapping) for row in connection.execute(query)]


def latest_end(
    found: Sequence[Delay], case_id: str, subject_id: str, time_us: int, actor: str
) -> tuple[int, Delay] | None:
    """Until when an access by `actor` at `time_us` is (or was) not told, and the delay that says
    so; None if none covers it. An access after a delay's end was never under it."""
    covering = [
        d for d in found if d.covers(case_id, subject_id) and time_us < d.end_us and d.hides(actor)
    ]
    if not covering:
        return None
    last = max(covering, key=lambda d: (d.end_us, d.id))
    return last.end_us, last


def _check_case(connection: Connection, case_id: str, subject_id: str | None) -> None:
    """The case is open, and the person (or the evidence of answers to a form) is of it or in a
    grant under it."""
    facts = case_facts(connection, case_id)
    if facts is None or not facts.open:
        raise AccessDenied("case_closed", "only for an open case")
    if subject_id is None:
        return
    s, e, g, t = subjects.c, evidence.c, grants.c, grant_things.c
    own = sa.select(s.id).where(s.id == subject_id, s.case_id == case_id)
    answers = (
        sa.select(e.id)
        .join_from(evidence, form_submissions, form_submissions.c.evidence_id == e.id)
        .where(e.id == subject_id, e.case_id == case_id)
    )
    granted = (
        sa.select(t.thing)
        .join_from(grant_things, grants, g.id == t.grant_id)
        .where(t.thing == subject_id, g.case_id == case_id)
    )
    if connection.execute(sa.union(own, answers, granted)).first() is None:
        raise AccessDenied("other_case", "the case does not reach this person")
