"""Bulletins, their versions and who read them; what a phone said last that it has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2600_bulletins"
down_revision = "2400_assessments"


def upgrade() -> None:
    op.create_table(
        "bulletins",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False),
        sa.Column("area", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("from_us", sa.BigInteger, nullable=False),
        sa.Column("until_us", sa.BigInteger),
        sa.Column("asks_read", sa.Boolean, nullable=False),
        sa.Column("withdrawn_us", sa.BigInteger),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bulletins"),
        sa.UniqueConstraint("seq", name="uq_bulletins_seq"),
    )
    op.create_index("ix_bulletins_area", "bulletins", ["area"])
    op.create_index("ix_bulletins_until_us", "bulletins", ["until_us"])
    op.create_index("ix_bulletins_made_us_id", "bulletins", ["made_us", "id"])
    op.create_table(
        "bulletin_steps",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("bulletin_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bulletin_steps"),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name="fk_bulletin_steps_bulletin_id"
        ),
    )
    op.create_index(
        "ix_bulletin_steps_bulletin_id_version", "bulletin_steps", ["bulletin_id", "version"],
        unique=True,
    )  # fmt: skip
    op.create_table(
        "bulletin_reads",
        sa.Column("bulletin_id", sa.String(36), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("bulletin_id", "account", name="pk_bulletin_reads"),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name="fk_bulletin_reads_bulletin_id"
        ),
    )
    # Of phones that were heard before nothing is known until they ask again.
    op.add_column(
        "sync_devices",
        sa.Column("heard", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    )
    op.create_index("ix_sync_held_kind_thing", "sync_held", ["kind", "thing"])
    op.execute("insert into counters (name, value) values ('bulletins', 0)")
