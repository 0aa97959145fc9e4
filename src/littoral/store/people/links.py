"""Links that work once: of the first start, of an invitation, of a reset."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.people.ids import new_token, token_hash, uuid7
from littoral.store.people.tables import links

FIRST_START, INVITATION, RESET = "first_start", "invitation", "reset"
LIFE_S = {FIRST_START: 3_600.0, INVITATION: 7 * 86_400.0, RESET: 3_600.0}


class Link(NamedTuple):
    id: str
    kind: str
    account: str | None
    created_by: str


def make(connection: Connection, kind: str, account: str | None, by: str, now_us: int) -> str:
    """The token, which is nowhere else; earlier ones for the same purpose no longer work."""
    cancel(connection, kind, account, now_us)
    token = new_token()
    connection.execute(
        sa.insert(links).values(
            id=uuid7(now_us),
            kind=kind,
            token_hash=token_hash(token),
            account=account,
            created_us=now_us,
            created_by=by,
            expires_us=now_us + int(LIFE_S[kind] * 1e6),
        )
    )
    return token


def good(connection: Connection, kinds: tuple[str, ...], token: str, now_us: int) -> bool:
    """Would `take` give a link? It is not used up."""
    c = links.c
    query = sa.select(c.id).where(
        c.token_hash == token_hash(token),
        c.kind.in_(kinds),
        c.used_us.is_(None),
        c.expires_us > now_us,
    )
    return connection.execute(query).first() is not None


def take(connection: Connection, kinds: tuple[str, ...], token: str, now_us: int) -> Link | None:
    """Uses the link up, in the caller's transaction; None: no such, used, or expired."""
    c = links.c
    query = sa.select(links).where(c.token_hash == token_hash(token), c.kind.in_(kinds))
    row = connection.execute(query).first()
    if row is None:
        return None
    done = connection.execute(
        sa.update(links)
        .where(c.id == row.id, c.used_us.is_(None), c.expires_us > now_us)
        .values(used_us=now_us)
    )
    return Link(row.id, row.kind, row.account, row.created_by) if done.rowcount == 1 else None


def cancel(connection: Connection, kind: str | None, account: str | None, now_us: int) -> None:
    """Open links of the account (None: of the first start) end; `kind` None: of every kind."""
    of_kind = [] if kind is None else [links.c.kind == kind]
    whose = links.c.account.is_(None) if account is None else links.c.account == account
    connection.execute(
        sa.update(links)
        .where(whose, links.c.used_us.is_(None), links.c.expires_us > now_us, *of_kind)
        .values(expires_us=now_us)
    )


def cancel_all(connection: Connection, now_us: int) -> None:
    """Of every account and kind."""
    connection.execute(
        sa.update(links)
        .where(links.c.used_us.is_(None), links.c.expires_us > now_us)
        .values(expires_us=now_us)
    )
