"""Break-glass: access at once, for a reason, and its review by another person within a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.vault import cases, grants, rules, tables
from littoral.store.vault.entries import AccessDenied, Ask, Record, deny, entry, places
from littoral.store.vault.grants import Grant
from littoral.store.vault.ids import new_id, ref
from littoral.store.vault.rules import BREAK_GLASS, DAY_US
from littoral.store.vault.vault import NotThere, Vault, readable_case_key, require_case, seal_text

# For so long after it was due the end of a case waits for a review: what the reviewer judges by is
# sealed under the case's key. Without an end a review that nobody does would keep it for ever.
WAITS_US = 30 * DAY_US


@dataclass(frozen=True)
class Review:
    id: str
    grant: str
    used_by: str
    opened_us: int
    due_us: int
    reviewer: str | None
    reviewed_us: int | None
    finding: str | None

    def overdue(self, now_us: int) -> bool:
        return self.reviewed_us is None and now_us > self.due_us


def break_glass(
    vault: Vault,
    actor: str,
    reason: str,
    purpose: str,
    legal_basis: str,
    unit: str,
    now_us: int,
    record: Record,
    case_id: str | None = None,
    things: Sequence[str] = (),
    search_fields: Sequence[str] = (),
    data_class: str = "sensitive",
    for_us: int | None = None,
    agency: str = "",
) -> tuple[Grant, Review]:
    """At once and without asking; a review is due within a day, and while too many of the actor's
    wait there is no further one. Without a case one is opened, for `agency` (a kind).

    Raises AccessDenied when there is no reason, the words are none, or too many reviews wait.
    """
    named = tuple(dict.fromkeys(things))
    until_us = now_us + (vault.limits.break_glass_us if for_us is None else for_us)
    ask = Ask(actor, case_id or "", purpose, legal_basis)
    whole_case = case_id is not None and not named and not search_fields
    with vault.breaking:
        try:
            rules.check_words(purpose, legal_basis)
            rules.check_reason(reason)
            rules.check_request(
                BREAK_GLASS, data_class, len(named), whole_case, now_us, until_us, vault.limits
            )
            if case_id is None:
                rules.check_agency(agency)
            with vault.db.read() as connection:
                if case_id is not None:
                    require_case(connection, ask)
                rules.check_unreviewed(_unreviewed(connection, actor), vault.limits)
            grants.check_scope(named, whole_case, search_fields)
        except AccessDenied as denied:
            deny(record, ask, "breakglass.use", ref("case", case_id or "new"), now_us, denied)
        if case_id is None:
            at = datetime.fromtimestamp(now_us / 1e6, UTC)
            title = f"紧急查阅 / break-glass, {at:%Y-%m-%d %H:%M} UTC"
            case_id = cases.open_case(
                vault, actor, title, purpose, legal_basis, unit, now_us, record, agency
            ).id
            ask = Ask(actor, case_id, purpose, legal_basis)
        grant = grants.make(
            vault, ask, BREAK_GLASS, data_class, until_us, reason, now_us, record, named,
            whole_case, search_fields, actor, "breakglass.use", new_id(now_us),
        )  # fmt: skip
    with vault.db.read() as connection:
        row = connection.execute(
            sa.select(tables.reviews).where(tables.reviews.c.grant_id == grant.id)
        ).one()
    return grant, _review(row)


def _unreviewed(connection: Connection, actor: str) -> int:
    r = tables.reviews.c
    query = sa.select(sa.func.count()).select_from(tables.reviews)
    query = query.where(r.used_by == actor, r.reviewed_us.is_(None))
    return connection.execute(query).scalar_one()


def waited_for(connection: Connection, now_us: int) -> set[str]:
    """Ids of cases that are kept for a review that is open."""
    r, g = tables.reviews.c, tables.grants.c
    query = sa.select(g.case_id).join_from(tables.reviews, tables.grants, g.id == r.grant_id)
    waits = query.where(r.reviewed_us.is_(None), r.due_us > now_us - WAITS_US)
    return set(connection.execute(waits).scalars())


def review(
    vault: Vault,
    review_id: str,
    reviewer: str,
    justified: bool,
    note: str,
    now_us: int,
    record: Record,
) -> Review:
    """By another person than the one who broke the glass. Once the case's key is gone the finding
    is kept without the note, which nobody could read again. Raises NotThere, AccessDenied."""
    r = tables.reviews.c
    with vault.db.read() as connection:
        row = connection.execute(sa.select(tables.reviews).where(r.id == review_id)).first()
        if row is None:
            raise NotThere(f"there is no review {review_id}")
        grant = grants.grant(vault, row.grant_id).facts
        key = readable_case_key(vault, connection, grant.case)
    ask = Ask(reviewer, grant.case, grant.purpose, grant.legal_basis)
    try:
        rules.check_review(row.used_by, reviewer, row.reviewed_us is not None)
        rules.check_reason(note)
    except AccessDenied as denied:
        deny(record, ask, "breakglass.review", ref("review", review_id), now_us, denied)
    finding = "justified" if justified else "not_justified"
    late = now_us > row.due_us
    places(
        record,
        [
            entry(
                ask,
                "breakglass.review",
                ref("review", review_id),
                now_us,
                finding=finding,
                late=late,
            )
        ],
    )
    with vault.db.write() as connection:
        changed = connection.execute(
            sa.update(tables.reviews)
            .where(r.id == review_id, r.reviewed_us.is_(None))
            .values(
                reviewer=reviewer,
                reviewed_us=now_us,
                finding=finding,
                note=key and seal_text(key, note, "review", review_id, "note"),
            )
        )
        if changed.rowcount != 1:
            raise AccessDenied("state", "the review is done")
        return _review(connection.execute(sa.select(tables.reviews).where(r.id == review_id)).one())


def open_reviews(vault: Vault) -> list[Review]:
    """The one due first is first; `Review.overdue` says which are late."""
    r = tables.reviews.c
    query = sa.select(tables.reviews).where(r.reviewed_us.is_(None)).order_by(r.due_us, r.id)
    with vault.db.read() as connection:
        return [_review(row) for row in connection.execute(query)]


def _review(row: Any) -> Review:
    return Review(
        row.id, row.grant_id, row.used_by, row.opened_us, row.due_us, row.reviewer,
        row.reviewed_us, row.finding,
    )  # fmt: skip
