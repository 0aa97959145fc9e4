"""Changes that wait for a second person, and dismissals with their reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0300_changes"
down_revision = "0200_vault"


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("thing", sa.String(120), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("blinder", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("proposed_by", sa.String(200), nullable=False),
        sa.Column("proposed_us", sa.BigInteger, nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("decided_us", sa.BigInteger),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_index("ix_changes_thing", "changes", ["thing"])
    op.create_table(
        "dismissals",
        sa.Column("action_id", sa.String(36), nullable=False),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("things", sa.Text, nullable=False),
        sa.Column("desk", sa.String(80), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("review", sa.Boolean, nullable=False),
        sa.Column("reviewed_by", sa.String(200)),
        sa.Column("reviewed_desk", sa.String(80)),
        sa.Column("reviewed_us", sa.BigInteger),
        sa.Column("agreed", sa.Boolean),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("action_id", name="pk_dismissals"),
        sa.ForeignKeyConstraint(
            ["action_id"], ["alert_actions.id"], name="fk_dismissals_action_id"
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_dismissals_alert_id"),
    )
    op.create_index("ix_dismissals_alert_id", "dismissals", ["alert_id"])
    op.create_index("ix_dismissals_desk", "dismissals", ["desk"])
