"""Joint agencies of incidents by their unit, whom an incident reaches, keys of its free text.

An agency that joined before was that of all units. Now it is the one of the unit in whose area the
incident lay when it joined.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "1200_incident_seats"
down_revision = "1100_incidents"


def upgrade() -> None:
    with op.batch_alter_table("incident_steps") as steps:
        steps.alter_column(
            "desk", type_=sa.String(80), existing_type=sa.String(40), existing_nullable=False
        )
    op.add_column(
        "incidents", sa.Column("text_key", sa.String(64), nullable=False, server_default="")
    )
    op.add_column("incidents", sa.Column("erased_us", sa.BigInteger))
    fill(op.get_bind())


def fill(connection: sa.Connection) -> None:
    names = ("id", "area", "desk", "lead_agency", "joint_agencies", "asked", "text_key")
    incidents = sa.table("incidents", *map(sa.column, names))
    reach = sa.table("incident_reach", *map(sa.column, ("incident_id", "attribute", "code")))
    above = _above(connection)
    connection.execute(sa.delete(reach).where(reach.c.attribute == "shared_with"))
    for row in connection.execute(sa.select(incidents)).all():
        joint = _joint(connection, row) if json.loads(row.joint_agencies) else []
        connection.execute(
            sa.update(incidents)
            .where(incidents.c.id == row.id)
            .values(
                joint_agencies=json.dumps(joint, separators=(",", ":")),
                text_key=secrets.token_hex(32),
            )
        )
        shared = {f"{agency}@{code}" for agency, unit in joint for code in above(unit)}
        shared |= {f"@{row.asked}"} if row.asked else set()
        shared.add(f"{row.lead_agency}/{row.area or row.desk}")
        rows = [
            {"incident_id": row.id, "attribute": "shared_with", "code": code}
            for code in sorted(shared)
        ]
        connection.execute(sa.insert(reach), rows)


def _joint(connection: sa.Connection, row: sa.Row[Any]) -> list[list[str]]:
    """As its steps make it."""
    steps = sa.table(
        "incident_steps", *map(sa.column, ("incident_id", "version", "kind", "fields"))
    )
    found: set[tuple[str, str]] = set()
    area, desk = "", row.desk
    query = sa.select(steps.c.kind, steps.c.fields).where(steps.c.incident_id == row.id)
    for kind, text in connection.execute(query.order_by(steps.c.version)).all():
        fields = json.loads(text)
        if kind == "report":
            desk = fields.get("desk", desk)
        if kind in ("report", "edit"):
            area = fields.get("area", area)
        elif kind == "join":
            found.add((fields["agency"], area or desk))
        elif kind == "leave":
            found = {pair for pair in found if pair[0] != fields["agency"]}
    return [list(pair) for pair in sorted(found)]


def _above(connection: sa.Connection) -> Any:
    """Of a unit's code: itself and the codes of those around it now."""
    units = sa.table("units", *map(sa.column, ("code", "parent", "valid_to_us")))
    query = sa.select(units.c.code, units.c.parent).where(units.c.valid_to_us.is_(None))
    parents = {row.code: row.parent for row in connection.execute(query)}

    def above(code: str) -> list[str]:
        found = [code]
        while (up := parents.get(found[-1])) and up not in found:
            found.append(up)
        return found

    return above
