"""Impact assessments: what is held back until one covers it, and for how long they are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2400_assessments"
down_revision = "2300_answer_numbers"


def upgrade() -> None:
    op.create_table(
        "vault_assessments",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("replaces", sa.String(36)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(80), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("necessity", sa.Text, nullable=False),
        sa.Column("impact", sa.Text, nullable=False),
        sa.Column("measures", sa.Text, nullable=False),
        sa.Column("begins_us", sa.BigInteger, nullable=False),
        sa.Column("ends_us", sa.BigInteger, nullable=False),
        sa.Column("written_by", sa.String(200), nullable=False),
        sa.Column("written_us", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("decided_us", sa.BigInteger),
        sa.Column("remark", sa.Text),
        sa.Column("from_us", sa.BigInteger),
        sa.Column("replaced_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_vault_assessments"),
        sa.ForeignKeyConstraint(
            ["replaces"], ["vault_assessments.id"], name="fk_vault_assessments_replaces"
        ),
    )
    op.create_index(
        "ix_vault_assessments_purpose_agency", "vault_assessments", ["purpose", "agency"]
    )
    op.create_index("ix_vault_assessments_replaces", "vault_assessments", ["replaces"])
