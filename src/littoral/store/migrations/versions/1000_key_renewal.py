"""Keys of systems are renewed by those who hold them: from which key, in which line, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1000_key_renewal"
down_revision = "0900_whose"


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("renews", sa.String(36)))
    op.add_column("api_keys", sa.Column("line", sa.String(36)))
    op.add_column("api_keys", sa.Column("renewed_us", sa.BigInteger))
    op.create_index("ix_api_keys_line", "api_keys", ["line"])
