"""Where an alert stands with others: its group, its shelf; what was annunciated when; shelves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2900_alarm_load"
down_revision = "2840_delay_agreements"


def upgrade() -> None:
    nothing, no = sa.text("''"), sa.false()
    for column in (
        sa.Column("told_us", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("lead", sa.String(64), nullable=False, server_default=nothing),
        sa.Column("grouped", sa.Boolean, nullable=False, server_default=no),
        sa.Column("shelf", sa.String(36)),
        sa.Column("shelved_until_us", sa.BigInteger),
    ):
        op.add_column("alerts", column)
    # Those of before stand each alone: when they were first told is no longer known.
    op.execute("update alerts set told_us = updated_us, lead = id")
    op.create_index("ix_alerts_told_us", "alerts", ["told_us"])
    op.create_index("ix_alerts_lead", "alerts", ["lead"])
    op.create_index("ix_alerts_shelf", "alerts", ["shelf"])
    op.create_table(
        "alert_calls",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("how", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_alert_calls_alert_id"),
    )
    op.create_index("ix_alert_calls_at_us", "alert_calls", ["at_us"])
    op.create_table(
        "shelves",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("alert_id", sa.String(64)),
        sa.Column("rule", sa.String(80)),
        sa.Column("kind", sa.String(80)),
        sa.Column("fence", sa.String(64)),
        sa.Column("thing", sa.String(200)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("until_us", sa.BigInteger, nullable=False),
        sa.Column("priority", sa.SmallInteger),
        sa.Column("ended_by", sa.String(200)),
        sa.Column("ended_us", sa.BigInteger),
    )
    op.create_index("ix_shelves_ended_us", "shelves", ["ended_us"])
