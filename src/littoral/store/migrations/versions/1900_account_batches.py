"""Changes of accounts that one import proposed are decided together: the batch of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1900_account_batches"
down_revision = "1800_outbox_entries"


def upgrade() -> None:
    op.add_column("account_changes", sa.Column("batch", sa.String(36)))
    op.create_index("ix_account_changes_batch", "account_changes", ["batch"])
