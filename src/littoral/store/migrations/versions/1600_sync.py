"""What phones sent and hold, files on their way, and the files of incidents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1600_sync"
down_revision = "1500_reach"


def upgrade() -> None:
    op.create_table(
        "sync_devices",
        sa.Column("device", sa.String(36), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("epoch", sa.String(32), nullable=False),
        sa.Column("gen", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
        sa.Column("seen_us", sa.BigInteger, nullable=False),
        sa.Column("ahead_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("device", "account", name="pk_sync_devices"),
    )
    op.create_table(
        "sync_held",
        sa.Column("device", sa.String(36), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("thing", sa.String(36), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("gen", sa.BigInteger, nullable=False),
        sa.Column("gone", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("device", "account", "kind", "thing", name="pk_sync_held"),
    )
    op.create_index("ix_sync_held_account_thing", "sync_held", ["account", "thing"])
    op.create_table(
        "sync_records",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("device", sa.String(36), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("thing", sa.String(36), nullable=False),
        sa.Column("base", sa.BigInteger, nullable=False),
        sa.Column("was", sa.Text, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("ahead_us", sa.BigInteger, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("received_us", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("incident", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sync_records"),
    )
    op.create_index("ix_sync_records_incident", "sync_records", ["incident"])
    op.create_table(
        "sync_uploads",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("key_id", sa.String(36), nullable=False),
        sa.Column("algorithm", sa.String(20), nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sync_uploads"),
    )
    op.create_index(
        "ix_sync_uploads_account_sha256", "sync_uploads", ["account", "sha256"], unique=True
    )
    op.create_table(
        "incident_cases",
        sa.Column("incident", sa.String(36), nullable=False),
        sa.Column("desk", sa.String(40), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("incident", "desk", "agency", name="pk_incident_cases"),
    )
    op.create_table(
        "incident_files",
        sa.Column("record", sa.String(36), nullable=False),
        sa.Column("incident", sa.String(36), nullable=False),
        sa.Column("evidence_id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("shows_people", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("record", name="pk_incident_files"),
    )
    op.create_index("ix_incident_files_incident", "incident_files", ["incident"])
