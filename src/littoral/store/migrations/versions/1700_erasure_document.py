"""Erasures on request name the document that asks for them; one that a court ordered, always."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1700_erasure_document"
down_revision = "1600_sync"


def upgrade() -> None:
    op.add_column("vault_erasure_requests", sa.Column("document", sa.String(200)))
