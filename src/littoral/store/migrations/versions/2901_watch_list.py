"""Vessels on the watch-list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2901_watch_list"
down_revision = "2900_alarm_load"


def upgrade() -> None:
    op.create_table(
        "watch_list",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("mmsi", sa.Integer),
        sa.Column("imo", sa.Integer),
        sa.Column("name", sa.String(20)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("desk", sa.String(80), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("until_us", sa.BigInteger, nullable=False),
        sa.Column("ended_by", sa.String(200)),
        sa.Column("ended_us", sa.BigInteger),
    )
    op.create_index("ix_watch_list_until_us", "watch_list", ["until_us"])
