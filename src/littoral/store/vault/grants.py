"""Grants: who may see what of which case until when.

A grant is asked for, approved by as many other persons as the rules say, used, and ends by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.vault import assessments, rules, tables
from littoral.store.vault.entries import AccessDenied, Ask, Record, deny, entry, places
from littoral.store.vault.fields import PERSONAL, SENSITIVE, FieldRefused, field, normalised
from littoral.store.vault.ids import new_id, ref
from littoral.store.vault.rules import ACTIVE, ASKED, BREAK_GLASS, ENDED, EXPORT, READ, GrantFacts
from littoral.store.vault.vault import (
    NotThere,
    Vault,
    case_key,
    readable_case_key,
    readable_text,
    require_case,
    seal_text,
)


@dataclass(frozen=True)
class Grant:
    facts: GrantFacts
    things: tuple[str, ...]
    whole_case: bool
    search_fields: tuple[str, ...]
    needs: int

    @property
    def id(self) -> str:
        return self.facts.id

    @property
    def is_alone(self) -> bool:
        """Whether it is to read and nobody else approved it."""
        return self.facts.kind == READ and self.needs == 0


def ask_for(
    vault: Vault,
    ask: Ask,
    kind: str,
    data_class: str,
    until_us: int,
    reason: str,
    now_us: int,
    record: Record,
    things: Sequence[str] = (),
    whole_case: bool = False,
    search_fields: Sequence[str] = (),
    who: str | None = None,
    above: Sequence[str] = (),
) -> Grant:
    """`things`: ids of subjects and evidence; `whole_case`: all of the case's; `search_fields`:
    those in which may be searched, what is found being in scope. `who` (the actor, unless said)
    gets the access. `above`: codes of the units around the case's, whose impact assessments cover
    it. Active at once where no approval is needed. Raises AccessDenied (`Unassessed` too)."""
    named = tuple(dict.fromkeys(things))
    try:
        if kind == BREAK_GLASS:
            raise AccessDenied("kind", "glass is broken by break_glass")
        with vault.db.read() as connection:
            require_case(connection, ask)
        rules.check_reason(reason)
        rules.check_request(
            kind, data_class, len(named), whole_case, now_us, until_us, vault.limits
        )
        check_scope(named, whole_case, search_fields)
        with vault.db.read() as connection:
            _check_assessed(connection, data_class, ask.case, above, now_us)
    except AccessDenied as denied:
        deny(record, ask, "grant.request", ref("case", ask.case), now_us, denied)
    return make(
        vault, ask, kind, data_class, until_us, reason, now_us, record, named, whole_case,
        search_fields, who or ask.actor, "grant.request",
    )  # fmt: skip


def approve(
    vault: Vault, grant_id: str, by: str, now_us: int, record: Record, above: Sequence[str] = ()
) -> Grant:
    """One more approval; with the last that is needed the grant is active. `above`: as for
    `ask_for`. Raises NotThere, AccessDenied (`Unassessed` too)."""
    with vault.db.read() as connection:
        found = _one(connection, grant_id)
    ask = Ask(by, found.facts.case, found.facts.purpose, found.facts.legal_basis)
    try:
        rules.check_approval(found.facts, by, now_us)
        with vault.db.read() as connection:
            _check_assessed(connection, found.facts.data_class, ask.case, above, now_us)
    except AccessDenied as denied:
        deny(record, ask, "grant.approve", ref("grant", grant_id), now_us, denied)
    places(record, [entry(ask, "grant.approve", ref("grant", grant_id), now_us)])
    with vault.db.write() as connection:
        found = _one(connection, grant_id, lock=True)
        rules.check_approval(found.facts, by, now_us)  # nobody else did, or ended it, meanwhile
        approvers = (*found.facts.approvers, by)
        needs = max(found.needs, _needs_now(vault, connection, found, now_us))
        state = ACTIVE if len(approvers) >= needs else ASKED
        connection.execute(
            sa.update(tables.grants)
            .where(tables.grants.c.id == grant_id)
            .values(approvals=list(approvers), state=state, needs=needs)
        )
        return _one(connection, grant_id)


def end(vault: Vault, grant_id: str, by: str, now_us: int, record: Record) -> Grant:
    """Before its time: by who has it, or by whoever takes it away. Raises NotThere."""
    with vault.db.read() as connection:
        found = _one(connection, grant_id)
    if found.facts.state == ENDED:
        return found
    ask = Ask(by, found.facts.case, found.facts.purpose, found.facts.legal_basis)
    places(record, [entry(ask, "grant.request", ref("grant", grant_id), now_us, change="end")])
    with vault.db.write() as connection:
        connection.execute(
            sa.update(tables.grants)
            .where(tables.grants.c.id == grant_id)
            .values(state=ENDED, ended_by=by, ended_us=now_us)
        )
        return _one(connection, grant_id)


def grants_of(vault: Vault, case_id: str) -> list[Grant]:
    g = tables.grants.c
    query = sa.select(g.id).where(g.case_id == case_id).order_by(g.requested_us, g.id)
    with vault.db.read() as connection:
        return [_one(connection, i) for i in connection.execute(query).scalars()]


def waiting(vault: Vault, case_ids: Collection[str], now_us: int) -> dict[str, int]:
    """How many accesses wait for an approval, by case; without those that are past their end."""
    g = tables.grants.c
    query = (
        sa.select(g.case_id, sa.func.count().label("n"))
        .where(g.case_id.in_(case_ids), g.state == ASKED, g.until_us > now_us)
        .group_by(g.case_id)
    )
    with vault.db.read() as connection:
        return {row.case_id: row.n for row in connection.execute(query)}


def reasons(vault: Vault, grant_ids: Collection[str]) -> dict[str, str]:
    """Why each was asked for; left out are those whose case's key is gone, and damaged ones."""
    g = tables.grants.c
    found = {}
    with vault.db.read() as connection:
        query = sa.select(g.id, g.case_id, g.reason).where(g.id.in_(grant_ids))
        for row in connection.execute(query).all():
            key = readable_case_key(vault, connection, row.case_id)
            if key is None:
                continue
            reason = readable_text(key, row.reason, "grant", row.id, "reason")
            if reason is not None:
                found[row.id] = reason
    return found


def grant(vault: Vault, grant_id: str) -> Grant:
    """Raises NotThere."""
    with vault.db.read() as connection:
        return _one(connection, grant_id)


def use(
    vault: Vault,
    connection: Connection,
    grant_id: str,
    ask: Ask,
    things: Sequence[str],
    data_class: str,
    kinds: Collection[str],
    now_us: int,
    of_case: Collection[str],
) -> Grant:
    """Checks that the grant gives these things now, and counts them against its limit.

    `of_case`: those of `things` that belong to the case. In a writing transaction. Raises
    AccessDenied, NotThere.
    """
    require_case(connection, ask)
    _lock_alone(connection, _one(connection, grant_id))
    found = _one(connection, grant_id, lock=True)
    rules.check_use(found.facts, ask, now_us, data_class, kinds)
    scope = set(found.things) | (set(of_case) if found.whole_case else set())
    if outside := [t for t in things if t not in scope]:
        raise AccessDenied("scope", f"{len(outside)} of these are not in the grant")
    t = tables.grant_things.c
    shown = connection.execute(sa.select(t.thing, t.shown_us).where(t.grant_id == grant_id)).all()
    known = {r.thing for r in shown}
    before = {r.thing for r in shown if r.shown_us is not None}
    most = vault.limits.most_things(found.facts.kind)
    if len(before | set(things)) > most:
        raise AccessDenied("too_many", f"one grant shows at most {most}")
    if found.is_alone:
        seen = shown_alone(vault, connection, ask.actor, now_us)
        rules.check_alone(len(seen | set(things)), vault.limits)
    for thing in things:
        if thing not in known:
            _add_thing(connection, grant_id, thing, "case", now_us)
        elif thing not in before:
            connection.execute(
                sa.update(tables.grant_things)
                .where(t.grant_id == grant_id, t.thing == thing)
                .values(shown_us=now_us)
            )
    return found


def use_search(
    vault: Vault, connection: Connection, grant_id: str, ask: Ask, name: str, now_us: int
) -> Grant:
    """Counts one search. In a writing transaction. Raises AccessDenied, NotThere."""
    require_case(connection, ask)
    found = _one(connection, grant_id, lock=True)
    # Who looks somebody up by an identity number knows that number: the field's class counts.
    asked = field(name).data_class
    rules.check_use(found.facts, ask, now_us, asked, (rules.READ, BREAK_GLASS))
    if name not in found.search_fields:
        raise AccessDenied("scope", f"the grant does not allow a search by {name}")
    g = tables.grants.c
    changed = connection.execute(
        sa.update(tables.grants)
        .where(g.id == grant_id, g.searches < vault.limits.searches)
        .values(searches=g.searches + 1)
    )
    if changed.rowcount != 1:
        raise AccessDenied("too_many", f"one grant allows {vault.limits.searches} searches")
    return found


def add_found(connection: Connection, grant_id: str, things: Sequence[str]) -> None:
    known = set(_things(connection, grant_id))
    for thing in things:
        if thing not in known:
            _add_thing(connection, grant_id, thing, "found", None)


def check_scope(named: Sequence[str], whole_case: bool, search_fields: Sequence[str]) -> None:
    if not (named or whole_case or search_fields):
        raise AccessDenied("scope", "say whom or what, the whole case, or a search")
    for name in search_fields:
        try:
            normalised(name, "")
        except FieldRefused as refused:
            raise AccessDenied("scope", str(refused)) from None


def make(
    vault: Vault,
    ask: Ask,
    kind: str,
    data_class: str,
    until_us: int,
    reason: str,
    now_us: int,
    record: Record,
    named: tuple[str, ...],
    whole_case: bool,
    search_fields: Sequence[str],
    who: str,
    action: str,
    review_id: str | None = None,
) -> Grant:
    """Writes the log, then grant, scope and (for break-glass) the review that it opens."""
    grant_id = new_id(now_us)
    elsewhere = bool(search_fields) or _elsewhere(vault, ask.case, named)
    with vault.db.read() as connection:
        if kind == EXPORT:
            beside = _exported(vault, connection, who, ask.case, now_us)
        else:
            beside = _within_reach(vault, connection, who, now_us)
            beside |= _of_case(connection, ask.case) if whole_case else set()
    needs = rules.approvals_needed(
        kind, data_class, len(beside | set(named)), elsewhere, vault.limits
    )
    if who != ask.actor:
        needs = max(needs, 1)  # who asks for another has not stated that one's purpose
    facts: dict[str, Any] = {
        "kind": kind, "data_class": data_class, "until_us": until_us, "who": who,
        "things": len(named), "whole_case": whole_case, "search": sorted(search_fields),
        "needs": needs,
    }  # fmt: skip
    if review_id is not None:
        facts |= {"review": review_id, "review_due_us": now_us + rules.REVIEW_WITHIN_US}
    places(record, [entry(ask, action, ref("grant", grant_id), now_us, **facts)])
    with vault.db.write() as connection:
        require_case(connection, ask)
        key = case_key(vault, connection, ask.case)
        connection.execute(
            sa.insert(tables.grants),
            {
                "id": grant_id,
                "kind": kind,
                "case_id": ask.case,
                "who": who,
                "purpose": ask.purpose,
                "legal_basis": ask.legal_basis,
                "data_class": data_class,
                "whole_case": whole_case,
                "search_fields": sorted(search_fields),
                "searches": 0,
                "requested_by": ask.actor,
                "requested_us": now_us,
                "reason": seal_text(key, reason, "grant", grant_id, "reason"),
                "from_us": now_us,
                "until_us": until_us,
                "needs": needs,
                "approvals": [],
                "state": ASKED if needs else ACTIVE,
            },
        )
        for thing in named:
            _add_thing(connection, grant_id, thing, "named", None)
        if review_id is not None:
            connection.execute(
                sa.insert(tables.reviews),
                {
                    "id": review_id,
                    "grant_id": grant_id,
                    "used_by": who,
                    "opened_us": now_us,
                    "due_us": now_us + rules.REVIEW_WITHIN_US,
                },
            )
        return _one(connection, grant_id)


def _check_assessed(
    connection: Connection, data_class: str, case_id: str, above: Sequence[str], now_us: int
) -> None:
    """Before anything sensitive is shown (PIPL Art. 55). Raises Unassessed."""
    if data_class == SENSITIVE:
        assessments.check_case(connection, case_id, above, now_us)


def _needs_now(vault: Vault, connection: Connection, found: Grant, now_us: int) -> int:
    """Of an export that was asked for beside others at the same moment, or before they counted."""
    facts = found.facts
    if facts.kind != EXPORT:
        return 0
    beside = _exported(vault, connection, facts.who, facts.case, now_us, facts.id)
    count = len(beside | set(found.things))
    return rules.approvals_needed(EXPORT, facts.data_class, count, False, vault.limits)


def _exported(
    vault: Vault, connection: Connection, who: str, case_id: str, now_us: int, before: str = ""
) -> set[str]:
    """Whom the account takes out by other grants of the case, or of any case within a time: by
    those that were approved, and that may still be; `before` a grant: of what waits that alone
    which was asked for earlier."""
    g = tables.grants.c
    query = sa.select(g.id, g.state, g.needs, g.approvals, g.until_us).where(
        g.kind == EXPORT,
        g.who == who,
        g.id != before,
        sa.or_(g.case_id == case_id, g.requested_us > now_us - vault.limits.bulk_within_us),
    )
    counted = [
        row.id
        for row in connection.execute(query)
        if len(row.approvals) >= row.needs
        or (row.state == ASKED and row.until_us > now_us and (not before or row.id < before))
    ]
    t = tables.grant_things.c
    return set(connection.execute(sa.select(t.thing).where(t.grant_id.in_(counted))).scalars())


def shown_alone(vault: Vault, connection: Connection, who: str, now_us: int) -> set[str]:
    """Persons and files that the account was shown within a time by grants to read that nobody
    else approved."""
    g, t = tables.grants.c, tables.grant_things.c
    query = (
        sa.select(t.thing)
        .join_from(tables.grant_things, tables.grants, g.id == t.grant_id)
        .where(_alone(who), t.shown_us > now_us - vault.limits.bulk_within_us)
    )
    return set(connection.execute(query).scalars())


def _within_reach(vault: Vault, connection: Connection, who: str, now_us: int) -> set[str]:
    """Those, and what such grants may still show: so what is given to one alone can be used."""
    g = tables.grants.c
    query = sa.select(g.id, g.case_id, g.whole_case)
    found = shown_alone(vault, connection, who, now_us)
    for row in connection.execute(query.where(_alone(who), g.state == ACTIVE, g.until_us > now_us)):
        found |= set(_things(connection, row.id))
        found |= _of_case(connection, row.case_id) if row.whole_case else set()
    return found


def _alone(who: str) -> sa.ColumnElement[bool]:
    g = tables.grants.c
    return sa.and_(g.who == who, g.kind == READ, g.needs == 0)


def _lock_alone(connection: Connection, found: Grant) -> None:
    """Until the transaction is over the account is shown nothing more alone: any two of its grants
    lock one another, in the order of their ids."""
    if found.is_alone:
        g = tables.grants.c
        query = sa.select(g.id).where(_alone(found.facts.who), g.state == ACTIVE)
        connection.execute(query.order_by(g.id).with_for_update())


def _of_case(connection: Connection, case_id: str) -> set[str]:
    """What a grant for the whole case shows: its persons, and its files that show persons."""
    s, e = tables.subjects.c, tables.evidence.c
    whom = sa.select(s.id).where(s.case_id == case_id, s.erased_us.is_(None))
    what = sa.select(e.id).where(
        e.case_id == case_id, e.erased_us.is_(None), e.data_class == PERSONAL
    )
    return {key for query in (whom, what) for key in connection.execute(query).scalars()}


def _elsewhere(vault: Vault, case_id: str, named: Sequence[str]) -> bool:
    """Whether anything named is not of this case."""
    found = 0
    with vault.db.read() as connection:
        for table in (tables.subjects, tables.evidence):
            query = sa.select(sa.func.count()).where(
                table.c.id.in_(named), table.c.case_id == case_id
            )
            found += connection.execute(query).scalar_one()
    return found < len(named)


def _add_thing(
    connection: Connection, grant_id: str, thing: str, how: str, shown_us: int | None
) -> None:
    row = {"grant_id": grant_id, "thing": thing, "how": how, "shown_us": shown_us}
    connection.execute(sa.insert(tables.grant_things), row)


def _things(connection: Connection, grant_id: str) -> tuple[str, ...]:
    t = tables.grant_things.c
    query = sa.select(t.thing).where(t.grant_id == grant_id).order_by(t.thing)
    return tuple(connection.execute(query).scalars())


def _one(connection: Connection, grant_id: str, lock: bool = False) -> Grant:
    query = sa.select(tables.grants).where(tables.grants.c.id == grant_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotThere(f"there is no grant {grant_id}")
    facts = GrantFacts(
        row.id, row.kind, row.case_id, row.who, row.purpose, row.legal_basis, row.data_class,
        row.requested_by, row.from_us, row.until_us, row.state, tuple(row.approvals),
    )  # fmt: skip
    return Grant(
        facts, _things(connection, grant_id), row.whole_case, tuple(row.search_fields), row.needs
    )
