"""How an account signs in, for who administers it: what there is and since when, never a secret."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.people import credential_rows
from littoral.store.people.tables import identities, links


@dataclass(frozen=True, slots=True)
class Factor:
    """A password, an authenticator (`totp`) or a passkey."""

    kind: str
    name: str
    created_us: int
    last_used_us: int | None


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenID provider that vouches for the account."""

    issuer: str
    created_us: int
    last_used_us: int


@dataclass(frozen=True, slots=True)
class Overview:
    factors: tuple[Factor, ...]
    recovery_codes: int  # that are left
    providers: tuple[Provider, ...]
    link_until_us: int | None  # an open link, of an invitation or a reset


def of(connection: Connection, account: str, now_us: int) -> Overview:
    held = credential_rows.of_account(connection, account)
    shown = [c for c in held if c.kind != credential_rows.RECOVERY]
    i = identities.c
    query = sa.select(i.issuer, i.created_us, i.last_used_us).where(i.account == account)
    open_link = sa.select(sa.func.max(links.c.expires_us)).where(
        links.c.account == account, links.c.used_us.is_(None), links.c.expires_us > now_us
    )
    return Overview(
        tuple(Factor(c.kind, c.name, c.created_us, c.last_used_us) for c in shown),
        len(held) - len(shown),
        tuple(Provider(*row) for row in connection.execute(query.order_by(i.issuer))),
        connection.execute(open_link).scalar_one(),
    )
