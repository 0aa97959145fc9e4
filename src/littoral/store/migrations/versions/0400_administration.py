"""Administration of people: whence a role comes, changes of accounts that wait for a second person,
and entries on their way into the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0400_administration"
down_revision = "0300_changes"


def upgrade() -> None:
    op.add_column("memberships", sa.Column("source", sa.String(300)))
    # Roles of before stay, whatever a provider says: somebody gave them by hand.
    op.execute("UPDATE memberships SET source = 'local' WHERE granted_by <> 'openid'")
    op.create_table(
        "account_changes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("account", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("unit", sa.String(24)),
        sa.Column("agency", sa.String(40)),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("proposed_by", sa.String(200), nullable=False),
        sa.Column("proposed_us", sa.BigInteger, nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("decided_us", sa.BigInteger),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_account_changes"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_account_changes_account"),
    )
    op.create_index("ix_account_changes_account", "account_changes", ["account"])
    op.create_index("ix_account_changes_state", "account_changes", ["state"])
    op.create_table(
        "log_outbox",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("thing", sa.String(200), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("tried_from", sa.BigInteger),
        sa.UniqueConstraint("id", name="uq_log_outbox_id"),
    )
