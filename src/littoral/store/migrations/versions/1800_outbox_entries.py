"""The outbox of the log also holds whole entries, of acts whose purpose and facts are more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1800_outbox_entries"
down_revision = "1700_erasure_document"


def upgrade() -> None:
    op.add_column("log_outbox", sa.Column("entry", sa.Text))
