"""Changes of accounts by two: one person proposes, another agrees, then they are made.

A role is given so, since every role of people opens persons or counts in a rule of two; and an
account gets a new link, is reinstated, or loses its second factors so: each of them would do to act
as its owner. What one import proposes is a batch, which is decided as a whole or row by row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.people.accounts import AccountRefused, Membership
from littoral.store.people.ids import uuid7
from littoral.store.people.tables import account_changes

WAITING, MADE, REFUSED, TAKEN_BACK, LAPSED = "waiting", "made", "refused", "taken_back", "lapsed"
STATES = (WAITING, MADE, REFUSED, TAKEN_BACK, LAPSED)
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
    batch: str | None = None

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


@dataclass(slots=True)
class Batch:
    """What one import proposed: counts of its changes by state, and of those that wait by role; the
    places (unit, agency) of all."""

    id: str
    why: str
    proposed_by: str
    proposed_us: int
    states: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    places: set[tuple[str, str | None]] = field(default_factory=set)


def propose(
    connection: Connection,
    account: str,
    kind: str,
    role: Membership | None,
    why: str,
    by: str,
    now_us: int,
    batch: str | None = None,
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
    return _kept(
        connection, account=account, kind=kind, document=dict(document), unit=place[0],
        agency=place[1], why=why.strip(), state=WAITING, proposed_by=by, proposed_us=now_us,
        batch=batch,
    )  # fmt: skip


def _kept(connection: Connection, **values: Any) -> AccountChange:
    key = uuid7(values["proposed_us"])
    connection.execute(sa.insert(account_changes).values(id=key, **values))
    return one(connection, key)


def made_alone(
    connection: Connection, account: str, kind: str, why: str, by: str, now_us: int
) -> AccountChange:
    """By the operator of the machine: nobody else agrees."""
    return _kept(
        connection, account=account, kind=kind, document={}, why=why.strip(), state=MADE,
        proposed_by=by, proposed_us=now_us, decided_by=by, decided_us=now_us,
    )  # fmt: skip


def decide(
    connection: Connection, key: str, agree: bool, note: str, by: str, now_us: int
) -> AccountChange:
    """Notes what was decided; the caller makes the change in the same transaction. Raises
    NotWaiting, SamePerson, AccountRefused (there is none)."""
    _lapse(connection, now_us)
    wanted = one(connection, key, lock=True)
    if wanted.state != WAITING:
        raise NotWaiting(f"it is {wanted.state.replace('_', ' ')} already")
    _check_second(wanted, agree, by)
    return _decided(connection, key, MADE if agree else REFUSED, note, by, now_us)


def decide_batch(
    connection: Connection,
    batch: str,
    agree: bool,
    refused: Sequence[str],
    note: str,
    by: str,
    now_us: int,
) -> list[AccountChange]:
    """Notes it for all that still wait of the batch; `refused`: ids of those that are refused where
    the others are agreed to. All or nothing. Raises NotWaiting, SamePerson, AccountRefused."""
    _lapse(connection, now_us)
    wanted = _of_batch(connection, batch)
    out = set(refused) if agree else {c.id for c in wanted}
    foreign = out - {c.id for c in wanted}
    if foreign:
        raise NotWaiting(f"{len(foreign)} of those to refuse do not wait in this batch")
    made = []
    for change in wanted:
        _check_second(change, change.id not in out, by)
        state = REFUSED if change.id in out else MADE
        made.append(_decided(connection, change.id, state, note, by, now_us))
    return made


def take_batch_back(
    connection: Connection, batch: str, by: str, now_us: int
) -> list[AccountChange]:
    """What still waits of it, by who proposed it. Raises NotWaiting."""
    _lapse(connection, now_us)
    wanted = _of_batch(connection, batch)
    return [_taken_back(connection, change, by, now_us) for change in wanted]


def take_back(connection: Connection, key: str, by: str, now_us: int) -> AccountChange:
    """By who proposed it. Raises NotWaiting, AccountRefused."""
    _lapse(connection, now_us)
    return _taken_back(connection, one(connection, key, lock=True), by, now_us)


def lapse_of(
    connection: Connection, account: str, now_us: int, keys: Collection[str] | None = None
) -> list[AccountChange]:
    """What the account proposed (of `keys` alone, if given) and nobody has decided ends: nobody
    agrees to the wish of somebody who may no longer have it. Returns what lapsed."""
    c = account_changes.c
    mine = sa.and_(c.state == WAITING, c.proposed_by == account)
    if keys is not None:
        mine = sa.and_(mine, c.id.in_(keys))
    query = sa.select(account_changes).where(mine).order_by(c.id).with_for_update()
    found = [AccountChange(**row._mapping) for row in connection.execute(query)]
    connection.execute(
        sa.update(account_changes).where(mine).values(state=LAPSED, decided_us=now_us)
    )
    return found


def one(connection: Connection, key: str, lock: bool = False) -> AccountChange:
    """`lock`: nobody else decides on it until the transaction is over. Raises AccountRefused."""
    found = _read(connection, account_changes.c.id == key, lock=lock)
    if not found:
        raise AccountRefused("there is no such change", "id")
    return found[0]


def listed(
    connection: Connection,
    now_us: int,
    state: str | None = None,
    batch: str | None = None,
    before: str | None = None,
    limit: int = 500,
) -> list[AccountChange]:
    """The newest first, from below the id `before` on: of a batch, or those of none."""
    c = account_changes.c
    late = sa.and_(c.state == WAITING, c.proposed_us < now_us - LASTS_US)
    where = sa.true() if state is None else c.state == state
    if state in (WAITING, LAPSED):
        where = sa.and_(c.state == WAITING, sa.not_(late))
        where = where if state == WAITING else sa.or_(c.state == LAPSED, late)
    where = sa.and_(where, c.batch.is_(None) if batch is None else c.batch == batch)
    return _read(connection, where if before is None else sa.and_(where, c.id < before), limit)


def batches(connection: Connection, now_us: int, key: str | None = None) -> list[Batch]:
    """The newest first; `key`: that one alone."""
    c = account_changes.c
    columns = (c.batch, c.why, c.proposed_by, c.proposed_us, c.state, c.unit, c.agency, c.document)
    where = c.batch.is_not(None) if key is None else c.batch == key
    found: dict[str, Batch] = {}
    for row in connection.execute(sa.select(*columns).where(where)):
        one_of = found.get(row.batch) or Batch(row.batch, row.why, row.proposed_by, row.proposed_us)
        found[row.batch] = one_of
        late = row.state == WAITING and row.proposed_us < now_us - LASTS_US
        one_of.states[LAPSED if late else row.state] += 1
        one_of.places.add((row.unit, row.agency))
        if row.state == WAITING and not late:
            one_of.roles[row.document["role"]] += 1
    return sorted(found.values(), key=lambda b: b.id, reverse=True)


def waiting_for(connection: Connection, account: str, now_us: int) -> list[AccountChange]:
    fresh = account_changes.c.proposed_us >= now_us - LASTS_US
    return _read(connection, sa.and_(_waiting(account), fresh))


def asked_for(connection: Connection, account: str) -> list[tuple[str, str | None]]:
    """Places (unit, agency) of the roles that were ever proposed for the account."""
    c = account_changes.c
    query = sa.select(c.unit, c.agency).where(c.account == account, c.unit.is_not(None)).distinct()
    return [(row.unit, row.agency) for row in connection.execute(query.order_by(c.unit, c.agency))]


def _of_batch(connection: Connection, batch: str) -> list[AccountChange]:
    c = account_changes.c
    query = sa.select(account_changes).where(c.batch == batch, c.state == WAITING).order_by(c.id)
    query = query.with_for_update()  # nobody else decides on them meanwhile
    found = [AccountChange(**row._mapping) for row in connection.execute(query)]
    if not found:
        raise NotWaiting("nothing of it waits")
    return found


def _check_second(wanted: AccountChange, agree: bool, by: str) -> None:
    if by == wanted.account or (agree and by == wanted.proposed_by):
        raise SamePerson("another person than the one who proposed it, or whose it is, must agree")


def _taken_back(
    connection: Connection, wanted: AccountChange, by: str, now_us: int
) -> AccountChange:
    if wanted.state != WAITING or wanted.proposed_by != by:
        raise NotWaiting("only who proposed a change that waits can take it back")
    return _decided(connection, wanted.id, TAKEN_BACK, "", by, now_us)


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
    connection: Connection, where: sa.ColumnElement[bool], limit: int = 500, lock: bool = False
) -> list[AccountChange]:
    c = account_changes.c
    query = sa.select(account_changes).where(where)
    query = query.order_by(c.id.desc()).limit(limit)  # ids are in the order of time
    if lock:
        query = query.with_for_update()
    return [AccountChange(**row._mapping) for row in connection.execute(query)]
