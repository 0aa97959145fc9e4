"""Accounts and the roles that they hold, where and when."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.words import ROLES
from littoral.store import reason_keys
from littoral.store.database import RecordsError
from littoral.store.people.ids import storable, uuid7
from littoral.store.people.tables import accounts, memberships
from littoral.store.people.words import ADMINISTRATOR, LANGUAGES, SYSTEM

INVITED, ACTIVE, SUSPENDED = "invited", "active", "suspended"
MAX_NAME = 200
_LOGIN = re.compile(r"[\w][\w.@+-]{1,99}")

# Asked at every request, so built once: building a statement costs more than running it.
_ACCOUNT = sa.select(accounts).where(accounts.c.id == sa.bindparam("key"))
_MEMBERSHIPS = (
    sa.select(memberships)
    .where(memberships.c.account.in_(sa.bindparam("ids", expanding=True)))
    .order_by(memberships.c.id)
)
_CALLED = sa.select(accounts.c.id, accounts.c.name, accounts.c.login).where(
    accounts.c.id.in_(sa.bindparam("ids", expanding=True))
)


class AccountRefused(RecordsError):
    """It cannot be done; `field` names what of it is wrong, "" when it is the account's state."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Membership:
    """A role held in a unit, perhaps for an agency; times in microseconds UTC."""

    role: str
    unit: str
    agency: str | None = None
    valid_from_us: int = 0
    valid_to_us: int | None = None
    id: str = ""
    source: str | None = None  # `local`: stays; an issuer: by its claims; None: by hand

    def valid(self, at_us: int) -> bool:
        return self.valid_from_us <= at_us and (
            self.valid_to_us is None or at_us < self.valid_to_us
        )


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    login: str
    name: str
    status: str
    language: str
    created_us: int
    memberships: tuple[Membership, ...] = ()  # all, also ended and future ones
    reason: str | None = None  # of the suspension

    @property
    def active(self) -> bool:
        return self.status == ACTIVE

    def roles(self, at_us: int) -> frozenset[str]:
        return frozenset(m.role for m in self.memberships if m.valid(at_us))

    def roles_from(self, at_us: int) -> frozenset[str]:
        """That it holds or will."""
        return frozenset(
            m.role for m in self.memberships if m.valid_to_us is None or m.valid_to_us > at_us
        )


@dataclass(frozen=True, slots=True)
class Called:
    """What an account, or a key without a login, is called; as text with the login behind."""

    name: str
    login: str = ""

    def __str__(self) -> str:
        return self.name if self.login in ("", self.name) else f"{self.name} ({self.login})"


def fold_login(login: str) -> str:
    """The form under which a login is kept and found: NFKC, case folded, without outer blanks."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def check_login(login: str) -> str:
    """The folded login; AccountRefused when it has other than letters, digits and `._@+-`."""
    folded = fold_login(login)
    if not _LOGIN.fullmatch(folded):
        raise AccountRefused("must be 2 to 100 letters, digits or ._@+-", "login")
    return folded


def check_membership(wanted: Membership) -> None:
    """Raises AccountRefused; whether unit and agency are there is not looked at."""
    if wanted.role not in ROLES or wanted.role == SYSTEM:
        people = ", ".join(r for r in ROLES if r != SYSTEM)
        raise AccountRefused(f"must be one of {people}", "role")
    if wanted.valid_to_us is not None and wanted.valid_to_us <= wanted.valid_from_us:
        raise AccountRefused("must be later than valid_from", "valid_to")


def create(
    connection: Connection,
    login: str,
    name: str,
    roles: Sequence[Membership],
    by: str,
    now_us: int,
    status: str = INVITED,
    language: str = "zh",
) -> Account:
    """Raises AccountRefused, also when the login is taken."""
    folded = check_login(login)
    shown = _checked_name(name)
    _check_language(language)
    for role in roles:
        check_membership(role)
    if connection.execute(sa.select(accounts.c.id).where(accounts.c.login == folded)).first():
        raise AccountRefused("is taken", "login")
    key = uuid7(now_us)
    connection.execute(
        sa.insert(accounts).values(
            id=key,
            login=folded,
            name=shown,
            status=status,
            language=language,
            created_us=now_us,
            created_by=by,
            changed_us=now_us,
            changed_by=by,
        )
    )
    for role in roles:
        grant(connection, key, role, by, now_us)
    return one(connection, key)


def grant(
    connection: Connection, account: str, wanted: Membership, by: str, now_us: int
) -> Membership:
    """Adds a role, from now on where no start is given. The same role in the same place that holds
    over the whole time already is given back instead."""
    check_membership(wanted)
    start_us = wanted.valid_from_us or now_us
    for held in _memberships(connection, [account]).get(account, ()):
        covers = held.valid_from_us <= start_us and (
            held.valid_to_us is None
            or (wanted.valid_to_us is not None and held.valid_to_us >= wanted.valid_to_us)
        )
        if covers and _place(held) == _place(wanted):
            if held.source is None and wanted.source is not None:
                _set_source(connection, held.id, wanted.source)
            return held
    key = uuid7(now_us)
    connection.execute(
        sa.insert(memberships).values(
            id=key,
            account=account,
            role=wanted.role,
            unit=wanted.unit,
            agency=wanted.agency,
            valid_from_us=start_us,
            valid_to_us=wanted.valid_to_us,
            granted_us=now_us,
            granted_by=by,
            source=wanted.source,
        )
    )
    return replace(wanted, valid_from_us=start_us, id=key)


def end_membership(
    connection: Connection, membership: str, by: str, now_us: int, account: str | None = None
) -> bool:
    """Ends it now; False when it is not there, has ended, or is not of `account`. AccountRefused:
    the last one who may administer would be gone."""
    c = memberships.c
    mine = [] if account is None else [c.account == account]
    open_now = sa.or_(c.valid_to_us.is_(None), c.valid_to_us > now_us)
    query = sa.select(memberships).where(c.id == membership, open_now, *mine)
    row = connection.execute(query).first()
    if row is None:
        return False
    before = administrators(connection, now_us)
    connection.execute(
        sa.update(memberships).where(c.id == membership).values(valid_to_us=now_us, ended_by=by)
    )
    _someone_left(connection, before, now_us)
    return True


def holder(connection: Connection, membership: str) -> str | None:
    """The account that has or had the role."""
    query = sa.select(memberships.c.account).where(memberships.c.id == membership)
    return connection.execute(query).scalar_one_or_none()


def set_status(
    connection: Connection, account: str, status: str, by: str, now_us: int, reason: str = ""
) -> Account:
    """AccountRefused when it is not there, or the last administrator would be suspended. The reason
    before goes, and with it the key by which the log commits to it."""
    before = administrators(connection, now_us)
    done = connection.execute(
        sa.update(accounts)
        .where(accounts.c.id == account)
        .values(status=status, changed_us=now_us, changed_by=by, reason=reason.strip() or None)
    )
    if not done.rowcount:
        raise AccountRefused("there is no such account", "id")
    _someone_left(connection, before, now_us)
    reason_keys.forget(connection, account)
    return one(connection, account)


def administrators(connection: Connection, at_us: int) -> list[str]:
    return holders(connection, ADMINISTRATOR, at_us)


def holders(connection: Connection, role: str, at_us: int) -> list[str]:
    """Ids of active accounts that hold the role at that moment."""
    m = memberships.c
    query = (
        sa.select(accounts.c.id)
        .join(memberships, m.account == accounts.c.id)
        .where(
            accounts.c.status == ACTIVE,
            m.role == role,
            m.valid_from_us <= at_us,
            sa.or_(m.valid_to_us.is_(None), m.valid_to_us > at_us),
        )
        .distinct()
        .order_by(accounts.c.id)
    )
    return [r.id for r in connection.execute(query)]


def one(connection: Connection, account: str) -> Account:
    """Raises AccountRefused."""
    return _found(connection, _ACCOUNT, {"key": account})


def some(connection: Connection, ids: Collection[str]) -> dict[str, Account]:
    """By id, of those that are there."""
    found = _read(connection, sa.select(accounts).where(accounts.c.id.in_(ids)))
    return {account.id: account for account in found}


def by_login(connection: Connection, login: str) -> Account | None:
    folded = fold_login(login)
    try:
        query = sa.select(accounts).where(accounts.c.login == sa.bindparam("login"))
        return _found(connection, query, {"login": folded if storable(folded) else ""})
    except AccountRefused:
        return None


def listed(
    connection: Connection,
    after: str = "",
    limit: int = 100,
    where: sa.ColumnElement[bool] | None = None,
) -> list[Account]:
    """By login, those after `after` that `where` lets through."""
    query = sa.select(accounts).where(accounts.c.login > after)
    query = query if where is None else query.where(where)
    return _read(connection, query.order_by(accounts.c.login).limit(limit))


def describe(
    connection: Connection, account: str, name: str, language: str, by: str, now_us: int
) -> Account:
    """Another name or language. AccountRefused."""
    shown = _checked_name(name)
    _check_language(language)
    done = connection.execute(
        sa.update(accounts)
        .where(accounts.c.id == account)
        .values(name=shown, language=language, changed_us=now_us, changed_by=by)
    )
    if not done.rowcount:
        raise AccountRefused("there is no such account", "id")
    return one(connection, account)


def logins(connection: Connection) -> dict[str, str]:
    """Login to id, of all."""
    return {r.login: r.id for r in connection.execute(sa.select(accounts.c.login, accounts.c.id))}


def logins_of(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Id to login of those that are there."""
    query = sa.select(accounts.c.id, accounts.c.login).where(accounts.c.id.in_(ids))
    return {r.id: r.login for r in connection.execute(query)}


def has_id(account: str) -> sa.ColumnElement[bool]:
    return accounts.c.id == account


def has_status(status: str) -> sa.ColumnElement[bool]:
    """For `listed`."""
    return accounts.c.status == status


def called(connection: Connection, ids: Collection[str]) -> dict[str, Called]:
    """By id, of those that are there."""
    found = connection.execute(_CALLED, {"ids": list(ids)})
    return {r.id: Called(r.name, r.login) for r in found}


def _found(connection: Connection, query: sa.Select[Any], values: Mapping[str, str]) -> Account:
    found = _read(connection, query, values)
    if not found:
        raise AccountRefused("there is no such account", "id")
    return found[0]


def _read(
    connection: Connection, query: sa.Select[Any], values: Mapping[str, str] | None = None
) -> list[Account]:
    rows = connection.execute(query, values).all()
    held = _memberships(connection, [r.id for r in rows])
    return [
        Account(
            r.id, r.login, r.name, r.status, r.language, r.created_us, held.get(r.id, ()), r.reason
        )
        for r in rows
    ]


def _memberships(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Membership, ...]]:
    found: dict[str, tuple[Membership, ...]] = {}
    for r in connection.execute(_MEMBERSHIPS, {"ids": list(ids)}):
        made = Membership(
            r.role, r.unit, r.agency, r.valid_from_us, r.valid_to_us, r.id, r.source
        )  # fmt: skip
        found[r.account] = (*found.get(r.account, ()), made)
    return found


def _checked_name(name: str) -> str:
    shown = " ".join(name.split())
    if not 0 < len(shown) <= MAX_NAME or "\0" in shown:
        raise AccountRefused(f"must be text of 1 to {MAX_NAME} characters", "name")
    return shown


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise AccountRefused(f"must be one of {', '.join(LANGUAGES)}", "language")


def _set_source(connection: Connection, membership: str, source: str) -> None:
    connection.execute(
        sa.update(memberships).where(memberships.c.id == membership).values(source=source)
    )


def _place(m: Membership) -> tuple[str, str, str | None]:
    return m.role, m.unit, m.agency


def _someone_left(connection: Connection, before: list[str], now_us: int) -> None:
    if before and not administrators(connection, now_us):
        raise AccountRefused("nobody would be left who may administer accounts")
