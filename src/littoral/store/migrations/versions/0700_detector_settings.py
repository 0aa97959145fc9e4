"""Versions of detectors' settings; outages that are only noted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0700_detector_settings"
down_revision = "0600_case_agency"


def upgrade() -> None:
    op.create_table(
        "detector_settings",
        sa.Column("rule", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("how", sa.String(20), nullable=False),
        sa.Column("profile", sa.String(80)),
        sa.Column("code", sa.String(40)),
        sa.Column("given", sa.Text, nullable=False),
        sa.Column("settings", sa.Text),
        sa.Column("blinder", sa.Text, nullable=False),
        sa.Column("from_us", sa.BigInteger),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("approved", sa.Boolean, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("rule", "version", name="pk_detector_settings"),
    )
    # Those entered before were in force: they hold alerts.
    for name, kind, was in (
        ("holds_alerts", sa.Boolean(), sa.true()),
        ("revision", sa.Integer(), sa.text("1")),
    ):
        op.add_column("planned_outages", sa.Column(name, kind, nullable=False, server_default=was))
