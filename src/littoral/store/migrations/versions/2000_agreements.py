"""Agreements between units say whose things they show, who made and who ended them. Of where
incidents and responders lie the areas above are kept no more: they change with the organisation."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "2000_agreements"
down_revision = "1900_account_batches"


def upgrade() -> None:
    with op.batch_alter_table("sharings") as table:
        table.alter_column("changed_us", new_column_name="made_us")
        table.alter_column("changed_by", new_column_name="made_by")
        table.add_column(sa.Column("agency", sa.String(40), nullable=False, server_default=""))
        table.add_column(sa.Column("ended_by", sa.String(200), nullable=False, server_default=""))
        table.add_column(sa.Column("end_reason", sa.Text, nullable=False, server_default=""))
    _reach_of_incidents(op.get_bind())
    responders = sa.table("responder_reach", sa.column("attribute"))
    op.execute(sa.delete(responders).where(responders.c.attribute == "areas"))


def _reach_of_incidents(connection: sa.Connection) -> None:
    columns = ("id", "area", "desk", "lead_agency", "joint_agencies", "asked")
    incidents = sa.table("incidents", *map(sa.column, columns))
    reach = sa.table("incident_reach", *map(sa.column, ("incident_id", "attribute", "code")))
    connection.execute(sa.delete(reach))
    for row in connection.execute(sa.select(incidents)).all():
        of_it = {("shared_with", f"{row.lead_agency}/{row.area or row.desk}")}
        of_it |= {("shared_with", f"@{row.asked}")} if row.asked else set()
        of_it |= {("joint", f"{kind}@{unit}") for kind, unit in json.loads(row.joint_agencies)}
        rows = [{"incident_id": row.id, "attribute": a, "code": c} for a, c in sorted(of_it)]
        connection.execute(sa.insert(reach), rows)
