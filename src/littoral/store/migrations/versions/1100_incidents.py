"""Incidents, their steps and their sources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1100_incidents"
down_revision = "1000_key_renewal"


def upgrade() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("lon_deg", sa.Float),
        sa.Column("lat_deg", sa.Float),
        sa.Column("area", sa.String(40), nullable=False),
        sa.Column("desk", sa.String(40), nullable=False),
        sa.Column("lead_agency", sa.String(40), nullable=False),
        sa.Column("joint_agencies", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("opened_by", sa.String(200), nullable=False),
        sa.Column("opened_us", sa.BigInteger, nullable=False),
        sa.Column("since_us", sa.BigInteger, nullable=False),
        sa.Column("sources", sa.Text, nullable=False),
        sa.Column("linked", sa.Text, nullable=False),
        sa.Column("asked", sa.String(40), nullable=False),
        sa.Column("merged_into", sa.String(36), nullable=False),
        sa.Column("split_from", sa.String(36), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        sa.UniqueConstraint("code", name="uq_incidents_code"),
        sa.UniqueConstraint("seq", name="uq_incidents_seq"),
    )
    op.create_index("ix_incidents_desk", "incidents", ["desk"])
    op.create_index("ix_incidents_merged_into", "incidents", ["merged_into"])
    op.create_index("ix_incidents_state_opened_us", "incidents", ["state", "opened_us"])
    op.create_table(
        "incident_steps",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("incident_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("received_us", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("desk", sa.String(40), nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident_steps"),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name="fk_incident_steps_incident_id"
        ),
    )
    op.create_index(
        "ix_incident_steps_incident_id_version",
        "incident_steps",
        ["incident_id", "version"],
        unique=True,
    )
    op.create_table(
        "incident_sources",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ref", sa.String(200), nullable=False),
        sa.Column("incident_id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("kind", "ref", "incident_id", name="pk_incident_sources"),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name="fk_incident_sources_incident_id"
        ),
    )
    op.create_index("ix_incident_sources_incident_id", "incident_sources", ["incident_id"])
    op.create_table(
        "incident_reach",
        sa.Column("incident_id", sa.String(36), nullable=False),
        sa.Column("attribute", sa.String(20), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "attribute", "code", name="pk_incident_reach"),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name="fk_incident_reach_incident_id"
        ),
    )
    op.create_index("ix_incident_reach_code_incident_id", "incident_reach", ["code", "incident_id"])
    op.execute("insert into counters (name, value) values ('incidents', 0)")
