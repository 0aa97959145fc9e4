"""The TAK device of a responder, by the UID that it sends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2920_tak_devices"
down_revision = "2901_watch_list"


def upgrade() -> None:
    op.add_column(
        "responders", sa.Column("tak_uid", sa.String(100), nullable=False, server_default="")
    )
    op.create_index("ix_responders_tak_uid", "responders", ["tak_uid"])
