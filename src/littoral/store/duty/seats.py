"""Who may stand in the watches of a unit: whoever holds a role there that stands watch."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.people.accounts import ACTIVE
from littoral.store.people.tables import accounts, memberships

STANDS = ("watch_officer", "watch_lead", "county_clerk", "agency_lead")


@dataclass(frozen=True, slots=True)
class Seat:
    """`agency`: the code under which the unit's agency is known, or empty."""

    account: str
    name: str
    agency: str


def seats(connection: Connection, unit: str, now_us: int) -> list[Seat]:
    """By name; an account with roles for two agencies has two."""
    a, m = accounts.c, memberships.c
    query = (
        sa.select(a.id, a.name, m.agency)
        .join(memberships, m.account == a.id)
        .where(m.unit == unit, m.role.in_(STANDS), a.status == ACTIVE, m.valid_from_us <= now_us)
        .where(sa.or_(m.valid_to_us.is_(None), m.valid_to_us > now_us))
        .distinct()
        .order_by(a.name, a.id)
    )
    return [Seat(r.id, r.name, r.agency or "") for r in connection.execute(query)]
