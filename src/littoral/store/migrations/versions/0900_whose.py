"""Whose a case of before is; for which agency a purpose ended; the order behind a hold's end.

A case from before cases had an agency is given the one for which its opener worked in its unit at
that time, where it was one alone. Others keep none: then nobody works in them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0900_whose"
down_revision = "0800_erasure_requests"

NO_AGENCY = "platform"  # of a role that belongs to none


def upgrade() -> None:
    op.add_column("vault_purpose_ends", sa.Column("agency", sa.String(40)))
    op.add_column("vault_holds", sa.Column("released_basis", sa.String(40)))
    op.add_column("vault_holds", sa.Column("released_document", sa.String(200)))
    op.add_column("oversight_delays", sa.Column("ended_basis", sa.String(40)))
    op.add_column("oversight_delays", sa.Column("ended_document", sa.String(200)))
    fill_agencies(op.get_bind())


def fill_agencies(connection: sa.Connection) -> None:
    cases = sa.table(
        "vault_cases", *map(sa.column, ("id", "unit", "agency", "opened_by", "opened_us"))
    )
    held = sa.table(
        "memberships",
        *map(sa.column, ("account", "unit", "agency", "valid_from_us", "valid_to_us")),
    )
    agencies = sa.table("agencies", *map(sa.column, ("code", "kind")))
    bare = sa.select(cases).where(cases.c.agency.is_(None))
    for case in connection.execute(bare).all():
        kind, _, account = case.opened_by.partition(":")
        then = sa.and_(
            held.c.account == account,
            held.c.unit == case.unit,
            held.c.valid_from_us <= case.opened_us,
            sa.or_(held.c.valid_to_us.is_(None), held.c.valid_to_us > case.opened_us),
        )
        query = (
            sa.select(held.c.agency, agencies.c.kind)
            .select_from(held.outerjoin(agencies, agencies.c.code == held.c.agency))
            .where(then)
        )
        found = {
            NO_AGENCY if role.agency is None else role.kind for role in connection.execute(query)
        }
        if kind == "account" and len(found) == 1 and None not in found:
            connection.execute(
                sa.update(cases).where(cases.c.id == case.id).values(agency=found.pop())
            )
