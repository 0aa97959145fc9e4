"""Erasures that a person asked for and that wait for a second person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0800_erasure_requests"
down_revision = "0700_detector_settings"


def upgrade() -> None:
    op.create_table(
        "vault_erasure_requests",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("subject_id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("why", sa.LargeBinary),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("requested_by", sa.String(200), nullable=False),
        sa.Column("requested_us", sa.BigInteger, nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("decided_us", sa.BigInteger),
        sa.Column("note", sa.LargeBinary),
        sa.Column("log_index", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_vault_erasure_requests"),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["vault_subjects.id"], name="fk_vault_erasure_requests_subject_id"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["vault_cases.id"], name="fk_vault_erasure_requests_case_id"
        ),
    )
    op.create_index(
        "ix_vault_erasure_requests_subject_id", "vault_erasure_requests", ["subject_id"]
    )
