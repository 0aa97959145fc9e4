"""Keys by which the log commits to reasons. What it said of them before stays sealed as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2820_reason_keys"
down_revision = "2800_dismissal_seats"


def upgrade() -> None:
    op.create_table(
        "reason_keys",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reason_keys"),
    )
