"""Who agreed to a delay that no court ordered. Those in force stay so until their end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2840_delay_agreements"
down_revision = "2820_reason_keys"


def upgrade() -> None:
    op.add_column("oversight_delays", sa.Column("seats", sa.Text))
    op.add_column("oversight_delays", sa.Column("agreed_by", sa.String(200)))
    op.add_column("oversight_delays", sa.Column("agreed_us", sa.BigInteger))
    op.execute("update oversight_delays set agreed_us = set_us where legal_basis <> 'court_order'")
