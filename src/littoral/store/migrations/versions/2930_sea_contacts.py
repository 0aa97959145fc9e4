"""Contacts at sea that people enter by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2930_sea_contacts"
down_revision = "2920_tak_devices"


def upgrade() -> None:
    op.create_table(
        "sea_contacts",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("opened_us", sa.BigInteger, nullable=False),
        sa.Column("heard_us", sa.BigInteger, nullable=False),
        sa.Column("until_us", sa.BigInteger, nullable=False),
        sa.Column("ended_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_sea_contacts"),
        sa.UniqueConstraint("seq", name="uq_sea_contacts_seq"),
        sa.UniqueConstraint("number", name="uq_sea_contacts_number"),
    )
    op.create_index("ix_sea_contacts_until_us", "sea_contacts", ["until_us"])
    op.create_index("ix_sea_contacts_opened_us_id", "sea_contacts", ["opened_us", "id"])
    op.create_table(
        "sea_contact_steps",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contact_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("desk", sa.String(80), nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("place_words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sea_contact_steps"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["sea_contacts.id"], name="fk_sea_contact_steps_contact_id"
        ),
    )
    op.create_index(
        "ix_sea_contact_steps_contact_id_version", "sea_contact_steps", ["contact_id", "version"],
        unique=True,
    )  # fmt: skip
    counters = sa.table("counters", sa.column("name"), sa.column("value"))
    op.bulk_insert(
        counters,
        [{"name": "sea_contacts", "value": 0}, {"name": "sea_contacts.number", "value": 0}],
    )
