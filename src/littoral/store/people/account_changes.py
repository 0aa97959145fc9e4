"""Changes of privileged accounts: one person proposes, another agrees, then they are made.

A role that opens persons, keys or policies (`words.PRIVILEGED`) is given so; and whoever holds one
gets a new link, is reinstated, or loses a second factor so: each of them would do to act as them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.people.accounts import AccountRefused, Membership
from littoral.store.people.ids import uuid7
from littoral.store.people.tables import account_changes

WAITING, MADE, REFUSED, TAKEN_BACK, LAPSED = "waiting", "made", "refused", "taken_back", "lapsed"
GRANT, LINK, REINSTATE, SECOND_FACTORS = "grant", "link", "reinstate", "second_factors"
KINDS = (GRANT, LINK, REINSTATE, SECOND_FACTORS)
LASTS_US = 7 * 86_400_000_000  # a proposal that nobody answers lapses


class NotWaiting(AccountRefused):
    """It was decided, taken back or lapsed meanwhile."""


class SamePerson(AccountRefused):
    """Who proposed it, or whose account it is, may not be the one who agrees."""


@dataclass(frozen=True, slots=True)
class AccountChange:
    """`document` of a grant: the role's agency, unit, times and source."""

    id: str
    account: str
    kind: str
    document: dict[str, Any]
    unit: str | None
    agency: str | None
    why: str
    state: str
    proposed_by: str
    proposed_us: int
    decided_by: str | None
    decided_us: int | None
    note: str | None

    @property
    def role(self) -> Membership | None:
        """That a grant would give."""
        if self.kind != GRANT:
            return None
        d = self.document
        return Membership(
            d["role"], self.unit or "", self.agency, d["valid_from_us"], d["valid_to_us"],
            source=d["source"],
        )  # fmt: skip


def propose(
    connection: Connection,
    account: str,
    kind: str,
    role: Membership | None,
    why: str,
    by: str,
    now_us: int,
) -> AccountChange:
    """AccountRefused without a reason, or when the same waits already."""
    if not why.strip():
        raise AccountRefused("say why", "why")
    _lapse(connection, now_us)
    place = (None, None) if role is None else (role.unit, role.agency)
    document: Mapping[str, Any] = {}
    if role is not None:
        document = {
            "role": role.role,
            "valid_from_us": role.valid_from_us,
            "valid_to_us": role.valid_to_us,
            "source": role.source,
        }
    for other in _read(connection, _waiting(account)):
        same_role = role is None or other.document.get("role") == role.role
        if other.kind == kind and (other.unit, other.agency) == place and same_role:
            raise AccountRefused("the same waits for a second person already")
    key = uuid7(now_us)
    connection.execute(
        sa.insert(account_changes).values(
            id=key,
            account=account,
            kind=kind,
            document=dict(document),
            unit=place[0],
            agency=place[1],
            why=why.strip(),
            state=WAITING,
            proposed_by=by,
            proposed_us=now_us,
        )
    )
    return one(connection, key)


def decide(
    connection: Connection, key: str, agree: bool, note: str, by: str, now_us: int
) -> AccountChange:
    """Notes what was decided; the caller makes the change in the same transaction. Raises
    NotWaiting, SamePerson, AccountRefused (there is none)."""
    _lapse(connection, now_us)
    wanted = one(connection, key)
    if wanted.state != WAITING:
        raise NotWaiting(f"it is {wanted.state.replace('_', ' ')} already")
    if by == wanted.account or (agree and by == wanted.proposed_by):
        raise SamePerson("another person than the one who proposed it, or whose it is, must agree")
    return _decided(connection, key, MADE if agree else REFUSED, note, by, now_us)


def take_back(connection: Connection, key: str, by: str, now_us: int) -> AccountChange:
    """By who proposed it. Raises NotWaiting, AccountRefused."""
    _lapse(connection, now_us)
    wanted = one(connection, key)
    if wanted.state != WAITING or wanted.proposed_by != by:
        raise NotWaiting("only who proposed a change that waits can take it back")
    return _decided(connection, key, TAKEN_BACK, "", by, now_us)


def one(connection: Connection, key: str) -> AccountChange:
    """Raises AccountRefused."""
    found = _read(connection, account_changes.c.id == key)
    if not found:
        raise AccountRefused("there is no such change", "id")
    return found[0]


def listed(
    connection: Connection, now_us: int, state: str | None = None, limit: int = 500
) -> list[AccountChange]:
    """The newest first."""
    c = account_changes.c
    late = sa.and_(c.state == WAITING, c.proposed_us < now_us - LASTS_US)
    where = sa.true() if state is None else c.state == state
    if state in (WAITING, LAPSED):
        where = sa.and_(c.state == WAITING, sa.not_(late))
        where = where if state == WAITING else sa.or_(c.state == LAPSED, late)
    return _read(connection, where, limit)


def waiting_for(connection: Connection, account: str, now_us: int) -> list[AccountChange]:
    fresh = account_changes.c.proposed_us >= now_us - LASTS_US
    return _read(connection, sa.and_(_waiting(account), fresh))


def _waiting(account: str) -> sa.ColumnElement[bool]:
    return sa.and_(account_changes.c.account == account, account_changes.c.state == WAITING)


def _lapse(connection: Connection, now_us: int) -> None:
    c = account_changes.c
    connection.execute(
        sa.update(account_changes)
        .where(c.state == WAITING, c.proposed_us < now_us - LASTS_US)
        .values(state=LAPSED, decided_us=now_us)
    )


def _decided(
    connection: Connection, key: str, state: str, note: str, by: str, now_us: int
) -> AccountChange:
    values = {"state": state, "decided_by": by, "decided_us": now_us, "note": note.strip() or None}
    connection.execute(
        sa.update(account_changes).where(account_changes.c.id == key).values(**values)
    )
    return one(connection, key)


def _read(
    connection: Connection, where: sa.ColumnElement[bool], limit: int = 500
) -> list[AccountChange]:
    c = account_changes.c
    query = sa.select(account_changes).where(where)
    query = query.order_by(c.proposed_us.desc(), c.id.desc()).limit(limit)
    return [AccountChange(**row._mapping) for row in connection.execute(query)]
