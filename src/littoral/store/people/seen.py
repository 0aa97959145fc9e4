"""Which accounts somebody may see: the policies' filter as a condition of the database.

An account is where it holds roles, now or later, and where a role waits for it; somebody without
any is where the last ones were, and who never had one where one was proposed. It is seen by who may
see one of these places.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.filter import (
    ALL,
    And,
    Const,
    Filter,
    Holds,
    In,
    Not,
    Or,
    Unfilterable,
)
from littoral.store.people.account_changes import WAITING
from littoral.store.people.organisations import Organisation
from littoral.store.people.tables import account_changes, accounts, memberships

Text = sa.ColumnElement[str | None]
Fits = Callable[[Text, Text], sa.ColumnElement[bool]]  # of unit and agency of a place

NO_AGENCY = "platform"  # for whom somebody without an agency acts
DATA_CLASS = "operational"
KIND = "account"


@dataclass(frozen=True)
class Places:
    """Units in use with the codes around them, and agencies by their kind."""

    around: Mapping[str, frozenset[str]]
    kinds: Mapping[str, str]  # code of an agency to its kind

    @classmethod
    def read(cls, connection: Connection, there: Organisation) -> Places:
        used = {
            r.unit
            for table in (memberships, account_changes)
            for r in connection.execute(sa.select(table.c.unit).distinct())
            if r.unit is not None
        }
        around = {
            unit: frozenset((unit, *there.ancestors(unit)) if unit in there.units else (unit,))
            for unit in used
        }
        return cls(around, {code: a.kind for code, a in there.agencies.items()})

    def within(self, codes: Collection[str]) -> list[str]:
        """Units in use that lie in one of the areas."""
        return sorted(unit for unit, found in self.around.items() if not found.isdisjoint(codes))


def visible(condition: Filter, places: Places, now_us: int) -> sa.ColumnElement[bool]:
    """Of a row of `accounts`. Unfilterable when the policies ask what no row of a list has."""
    if condition == ALL:
        return sa.true()
    return accounts.c.id.in_(
        _here(lambda unit, agency: _of(condition, places, unit, agency), now_us)
    )


def hidden_logins(
    connection: Connection, condition: Filter, places: Places, now_us: int
) -> set[str]:
    """Of the accounts that the condition does not let through."""
    query = sa.select(accounts.c.login).where(sa.not_(visible(condition, places, now_us)))
    return set(connection.execute(query).scalars())


def in_units(units: Collection[str], now_us: int) -> sa.ColumnElement[bool]:
    """Of a row of `accounts`: has it a place in one of the units?"""
    return accounts.c.id.in_(_here(lambda unit, _: unit.in_(sorted(units)), now_us))


def every(parts: Sequence[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    return sa.and_(sa.true(), *parts)


def with_role(role: str, now_us: int) -> sa.ColumnElement[bool]:
    m = memberships.c
    held = sa.select(m.account).where(m.role == role, _open(now_us))
    return accounts.c.id.in_(held)


def matching(words: str) -> sa.ColumnElement[bool]:
    """Every word is in the login or the name, whatever its case."""
    parts = []
    for word in words.split()[:8]:
        plain = word.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        like = f"%{plain}%"
        parts.append(
            sa.or_(
                accounts.c.login.like(like, escape="\\"),
                sa.func.lower(accounts.c.name).like(like, escape="\\"),
            )
        )
    return sa.and_(sa.true(), *parts)


def _open(now_us: int) -> sa.ColumnElement[bool]:
    until = memberships.c.valid_to_us
    return sa.or_(until.is_(None), until > now_us)


def _here(fits: Fits, now_us: int) -> sa.CompoundSelect:
    """Ids of accounts with a place that fits."""
    m, w = memberships.c, account_changes.c
    open_now = memberships.alias()
    still = sa.exists(
        sa.select(open_now.c.id).where(
            open_now.c.account == m.account,
            sa.or_(open_now.c.valid_to_us.is_(None), open_now.c.valid_to_us > now_us),
        )
    )
    held = sa.select(m.account).where(sa.or_(_open(now_us), ~still), fits(m.unit, m.agency))
    ever = memberships.alias()
    never = ~sa.exists(sa.select(ever.c.id).where(ever.c.account == w.account))
    waits = sa.select(w.account).where(
        sa.or_(w.state == WAITING, never), w.unit.is_not(None), fits(w.unit, w.agency)
    )
    return sa.union_all(held, waits)


def _of(
    condition: Filter,
    places: Places,
    unit: Text,
    agency: Text,
) -> sa.ColumnElement[bool]:
    def part(one: Filter) -> sa.ColumnElement[bool]:
        return _of(one, places, unit, agency)

    match condition:
        case Const(value):
            return sa.true() if value else sa.false()
        case Not(one):
            return sa.not_(part(one))
        case And(parts):
            return sa.and_(*map(part, parts))
        case Or(parts):
            return sa.or_(*map(part, parts))
        case Holds("areas", values):
            return unit.in_(places.within(values))
        case Holds(_, _):
            return sa.false()  # accounts are shared with nobody
        case In("unit", values):
            return unit.in_(sorted(values))
        case In("agency", values):
            codes = [code for code, kind in places.kinds.items() if kind in values]
            mine = agency.in_(sorted(codes))
            return sa.or_(mine, agency.is_(None)) if NO_AGENCY in values else mine
        case In("data_class", values):
            return sa.true() if DATA_CLASS in values else sa.false()
        case In("kind", values):
            return sa.true() if KIND in values else sa.false()
        case In("owner", values):
            raise Unfilterable(f"whose account it is is no place: {sorted(values)}")
        case In(_, values):
            return sa.true() if "" in values else sa.false()
    raise Unfilterable(str(condition))
