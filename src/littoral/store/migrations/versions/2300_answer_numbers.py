"""Numbers of persons in the answers to forms, by which their answers are found; erasures of these.

What was handed in before is read at the next start (`store.forms.reading`): it lies sealed, and a
migration has no keys.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2300_answer_numbers"
down_revision = "2200_forms"

REQUESTS = "vault_erasure_requests"


def upgrade() -> None:
    op.create_table(
        "vault_answer_numbers",
        sa.Column("evidence_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("index_key_id", sa.String(36), nullable=False),
        sa.Column("token", sa.LargeBinary, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("evidence_id", "number", name="pk_vault_answer_numbers"),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name="fk_vault_answer_numbers_evidence_id"
        ),
    )
    op.create_index("ix_vault_answer_numbers_token", "vault_answer_numbers", ["token"])
    op.add_column(
        "form_submissions",
        sa.Column("read_as", sa.Integer, nullable=False, server_default=sa.text("0")),
    )
    for column in ("evidence_id", "read_as"):
        op.create_index(f"ix_form_submissions_{column}", "form_submissions", [column])
    with op.batch_alter_table(REQUESTS) as table:
        table.alter_column("subject_id", existing_type=sa.String(36), nullable=True)
        table.add_column(sa.Column("evidence_id", sa.String(36)))
        table.create_foreign_key(f"fk_{REQUESTS}_evidence_id", "evidence", ["evidence_id"], ["id"])
    op.create_index(f"ix_{REQUESTS}_evidence_id", REQUESTS, ["evidence_id"])
