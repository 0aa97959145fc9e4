"""What waits for somebody: reviews of break-glass, grants that are open or asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from littoral.store.vault import rules, tables
from littoral.store.vault.keyfiles import KeyDestroyed, KeyMissing
from littoral.store.vault.vault import NotThere, Vault, case_key, readable_text


@dataclass(frozen=True, slots=True)
class Glass:
    """A use of break-glass with its review, as far as it has come; unit and agency of the case."""

    id: str
    grant: str
    case: str
    used_by: str
    purpose: str
    legal_basis: str
    data_class: str
    opened_us: int
    due_us: int
    reviewer: str | None
    reviewed_us: int | None
    finding: str | None
    unit: str
    agency: str

    def late(self, now_us: int) -> bool:
        return (now_us if self.reviewed_us is None else self.reviewed_us) > self.due_us

    def state(self, now_us: int) -> str:
        if self.reviewed_us is not None:
            return "done"
        return "overdue" if self.late(now_us) else "open"


@dataclass(frozen=True, slots=True)
class GlassTexts:
    """What was written about it: None once the key of the case is gone, and where it is damaged."""

    reason: str | None
    note: str | None
    shown: int


@dataclass(frozen=True, slots=True)
class OpenGrant:
    id: str
    kind: str
    case: str
    who: str
    purpose: str
    legal_basis: str
    data_class: str
    requested_us: int
    until_us: int
    state: str
    needs: int
    approvals: int


def glass(connection: Connection, done: bool = False, limit: int = 500) -> list[Glass]:
    """Reviews that are open, the one due first is first; or those done, the newest first."""
    r = tables.reviews.c
    query = _glass()
    if done:
        query = query.where(r.reviewed_us.is_not(None)).order_by(r.reviewed_us.desc(), r.id)
    else:
        query = query.where(r.reviewed_us.is_(None)).order_by(r.due_us, r.id)
    return [_one(row) for row in connection.execute(query.limit(limit))]


def glass_between(connection: Connection, from_us: int, to_us: int) -> list[Glass]:
    """Those opened then, whatever became of them."""
    r = tables.reviews.c
    query = _glass().where(r.opened_us >= from_us, r.opened_us < to_us).order_by(r.opened_us, r.id)
    return [_one(row) for row in connection.execute(query)]


def one_glass(vault: Vault, review_id: str) -> Glass:
    """Raises NotThere."""
    with vault.db.read() as connection:
        row = connection.execute(_glass().where(tables.reviews.c.id == review_id)).first()
    if row is None:
        raise NotThere(f"there is no review {review_id}")
    return _one(row)


def glass_texts(vault: Vault, found: Glass) -> GlassTexts:
    """For whoever reviews it."""
    r, g, t = tables.reviews.c, tables.grants.c, tables.grant_things.c
    shown = sa.select(sa.func.count()).where(t.grant_id == found.grant, t.shown_us.is_not(None))
    with vault.db.read() as connection:
        count = int(connection.execute(shown).scalar_one())
        reason = connection.execute(sa.select(g.reason).where(g.id == found.grant)).scalar()
        note = connection.execute(sa.select(r.note).where(r.id == found.id)).scalar()
        try:
            key = case_key(vault, connection, found.case)
        except (NotThere, KeyDestroyed, KeyMissing):
            return GlassTexts(None, None, count)

    def opened(sealed: bytes | None, *where: str) -> str | None:
        return None if sealed is None else readable_text(key, sealed, *where)

    return GlassTexts(
        opened(reason, "grant", found.grant, "reason"),
        opened(note, "review", found.id, "note"),
        count,
    )


def active_grants(connection: Connection, now_us: int, limit: int = 500) -> list[OpenGrant]:
    """Those that give access now, the first to end first."""
    g = tables.grants.c
    return _grants(connection, limit, g.state == rules.ACTIVE, g.until_us > now_us)


def waiting_exports(connection: Connection, now_us: int, limit: int = 500) -> list[OpenGrant]:
    """Exports that still want an approval."""
    g = tables.grants.c
    where = (g.state == rules.ASKED, g.kind == rules.EXPORT, g.until_us > now_us)
    return _grants(connection, limit, *where)


def _grants(connection: Connection, limit: int, *where: sa.ColumnElement[bool]) -> list[OpenGrant]:
    g = tables.grants.c
    query = sa.select(tables.grants).where(*where).order_by(g.until_us, g.id).limit(limit)
    return [
        OpenGrant(
            r.id, r.kind, r.case_id, r.who, r.purpose, r.legal_basis, r.data_class,
            r.requested_us, r.until_us, r.state, r.needs, len(r.approvals),
        )
        for r in connection.execute(query)
    ]  # fmt: skip


def _glass() -> sa.Select[Any]:
    r, g, c = tables.reviews.c, tables.grants.c, tables.cases.c
    query = sa.select(
        r.id, r.grant_id, g.case_id, r.used_by, g.purpose, g.legal_basis, g.data_class,
        r.opened_us, r.due_us, r.reviewer, r.reviewed_us, r.finding, c.unit,
        sa.func.coalesce(c.agency, ""),
    )  # fmt: skip
    joined = query.join_from(tables.reviews, tables.grants, g.id == r.grant_id)
    return joined.join(tables.cases, c.id == g.case_id)


def _one(row: Row[Any]) -> Glass:
    return Glass(*tuple(row))
