"""Responders, tasks and their steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1400_tasks"
down_revision = "1300_duty"


def upgrade() -> None:
    op.create_table(
        "responders",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False),
        sa.Column("skills", sa.Text, nullable=False),
        sa.Column("speed_mps", sa.Float),
        sa.Column("endurance_s", sa.Float),
        sa.Column("base", sa.Text),
        sa.Column("mmsi", sa.Integer),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("shared_with", sa.Text, nullable=False),
        sa.Column("is_out", sa.Boolean, nullable=False),
        sa.Column("out_reason", sa.Text, nullable=False),
        sa.Column("fix", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_responders"),
    )
    op.create_index("ix_responders_office", "responders", ["office"])
    op.create_index("ix_responders_account", "responders", ["account"])
    op.create_table(
        "responder_reach",
        sa.Column("responder_id", sa.String(36), nullable=False),
        sa.Column("attribute", sa.String(20), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("responder_id", "attribute", "code", name="pk_responder_reach"),
        sa.ForeignKeyConstraint(
            ["responder_id"], ["responders.id"], name="fk_responder_reach_responder_id"
        ),
    )
    op.create_index(
        "ix_responder_reach_code_responder_id", "responder_reach", ["code", "responder_id"]
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("incident_id", sa.String(36), nullable=False),
        sa.Column("responder_id", sa.String(36), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("lon_deg", sa.Float),
        sa.Column("lat_deg", sa.Float),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("assigned_by", sa.String(200), nullable=False),
        sa.Column("assigned_us", sa.BigInteger, nullable=False),
        sa.Column("since_us", sa.BigInteger, nullable=False),
        sa.Column("desk", sa.String(80), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("call", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sa.UniqueConstraint("seq", name="uq_tasks_seq"),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name="fk_tasks_incident_id"),
        sa.ForeignKeyConstraint(["responder_id"], ["responders.id"], name="fk_tasks_responder_id"),
    )
    op.create_index("ix_tasks_incident_id_number", "tasks", ["incident_id", "number"], unique=True)
    op.create_index("ix_tasks_responder_id_state", "tasks", ["responder_id", "state"])
    op.create_index("ix_tasks_state_assigned_us", "tasks", ["state", "assigned_us"])
    op.create_table(
        "task_steps",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("task_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("received_us", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("desk", sa.String(80), nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_task_steps"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_task_steps_task_id"),
    )
    op.create_index(
        "ix_task_steps_task_id_version", "task_steps", ["task_id", "version"], unique=True
    )
    op.execute("insert into counters (name, value) values ('tasks', 0)")
