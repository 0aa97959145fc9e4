"""People whom an OpenID provider vouches for: linked to an account, or given one by rule.

And what is remembered between the two halves of a sign-in by redirect or by challenge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.people import accounts
from littoral.store.people.accounts import Account, AccountRefused, Membership
from littoral.store.people.base import Change
from littoral.store.people.ids import new_token, token_hash
from littoral.store.people.lapsing import lapse
from littoral.store.people.tables import identities, pending

PENDING_S = 600.0
BY = "system:openid"


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a provider's claims come to. `login` "": none that may be used. `link`: an account of
    this login that is there may be taken. `provision`: else one may be made. `governs`: `roles` are
    applied at every sign-in. `two_factors`: the provider has seen two."""

    login: str
    name: str
    language: str = "zh"
    link: bool = False
    provision: bool = False
    roles: tuple[Membership, ...] = ()
    governs: bool = False
    two_factors: bool = False


def account_for(
    connection: Connection, issuer: str, subject: str, wanted: Claimed, now_us: int
) -> Account | None:
    """The account of (issuer, subject), whatever its status; None when there is none and none may
    be made. A first link to an account is remembered; later only the subject counts, so that a
    name that is given to somebody else at the provider opens nothing."""
    mine = sa.and_(identities.c.issuer == issuer, identities.c.subject == subject)
    known = connection.execute(sa.select(identities).where(mine)).first()
    if known is not None:
        connection.execute(sa.update(identities).where(mine).values(last_used_us=now_us))
        return accounts.one(connection, known.account)
    account = accounts.by_login(connection, wanted.login) if wanted.login else None
    if account is not None and not (wanted.link and _linkable(connection, account, issuer)):
        return None
    if account is None:
        if not wanted.provision or not wanted.login:
            return None
        try:
            account = accounts.create(
                connection, wanted.login, wanted.name or wanted.login, (), BY, now_us,
                accounts.ACTIVE, wanted.language,
            )  # fmt: skip
        except AccountRefused:
            return None
    elif account.status == accounts.INVITED:
        account = accounts.set_status(connection, account.id, accounts.ACTIVE, BY, now_us)
    connection.execute(
        sa.insert(identities).values(
            issuer=issuer,
            subject=subject,
            account=account.id,
            created_us=now_us,
            last_used_us=now_us,
        )
    )
    return account


def apply_roles(change: Change, account: Account, issuer: str, wanted: Claimed) -> Account:
    """Gives what the claims come to and takes away what they no longer do: roles of this provider,
    and roles by hand that are not marked `local`. The last administrator stays one."""
    if not wanted.governs:
        return account
    places = {(r.role, r.unit, r.agency) for r in wanted.roles}
    held = set()
    for m in account.memberships:
        if m.valid_to_us is not None and m.valid_to_us <= change.now_us:
            continue
        place = (m.role, m.unit, m.agency)
        said = f"{m.role} in {m.unit}"
        if m.source in (None, issuer) and place not in places:
            ended = _end(change, m)
            change.tell("account.end_role" if ended else "account.keep_role", account.id, said)
            if ended:
                lapse(change, account.id)
        elif m.valid(change.now_us):
            held.add(place)
    for role in wanted.roles:
        given = replace(role, source=issuer)
        accounts.grant(change.connection, account.id, given, change.by, change.now_us)
        if (role.role, role.unit, role.agency) not in held:
            change.tell("account.grant", account.id, f"{role.role} in {role.unit}")
    return accounts.one(change.connection, account.id)


def _end(change: Change, held: Membership) -> bool:
    """False for the last one who may administer."""
    try:
        with change.connection.begin_nested():
            accounts.end_membership(change.connection, held.id, change.by, change.now_us)
    except AccountRefused:
        return False
    return True


def _linkable(connection: Connection, account: Account, issuer: str) -> bool:
    """Not suspended, and nobody else of this provider is linked to it already."""
    query = sa.select(identities.c.subject).where(
        identities.c.account == account.id, identities.c.issuer == issuer
    )
    return account.status != accounts.SUSPENDED and connection.execute(query).first() is None


def remember(
    connection: Connection,
    kind: str,
    document: Mapping[str, Any],
    now_us: int,
    account: str | None = None,
) -> str:
    """Keeps `document` for ten minutes; gives the token under which it is taken again, once."""
    token = new_token()
    connection.execute(
        sa.insert(pending).values(
            token_hash=token_hash(token),
            kind=kind,
            account=account,
            document=dict(document),
            expires_us=now_us + int(PENDING_S * 1e6),
        )
    )
    return token


def recall(
    connection: Connection, kind: str, token: str, now_us: int, account: str | None = None
) -> dict[str, Any] | None:
    """Takes it away; None when it is not there, expired, or another account's."""
    c = pending.c
    mine = sa.and_(c.token_hash == token_hash(token), c.kind == kind)
    row = connection.execute(sa.select(pending).where(mine)).first()
    if row is None:
        return None
    gone = connection.execute(sa.delete(pending).where(mine))
    if gone.rowcount != 1 or row.expires_us <= now_us or row.account != account:
        return None
    found: dict[str, Any] = row.document
    return found


def forget(connection: Connection, now_us: int) -> None:
    connection.execute(sa.delete(pending).where(pending.c.expires_us <= now_us))
