"""Notices to people on duty, what became of them, and where people are reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1500_reach"
down_revision = "1400_tasks"


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("thing", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False),
        sa.Column("zh", sa.Text, nullable=False),
        sa.Column("en", sa.Text, nullable=False),
        sa.Column("wants_answer", sa.Boolean, nullable=False),
        sa.Column("people", sa.Text, nullable=False),
        sa.Column("deliver_s", sa.Text, nullable=False),
        sa.Column("answer_s", sa.Integer, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("by", sa.String(200)),
        sa.Column("ended_us", sa.BigInteger),
        sa.Column("next_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_thing", "notices", ["thing"])
    op.create_index("ix_notices_unit_agency_made_us", "notices", ["unit", "agency", "made_us"])
    op.create_index("ix_notices_next_us", "notices", ["next_us"])
    op.create_table(
        "notice_events",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("notice_id", sa.String(36), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(10)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice_events"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_notice_events_notice_id"),
    )
    op.create_index("ix_notice_events_notice_id", "notice_events", ["notice_id"])
    op.create_index("ix_notice_events_person", "notice_events", ["person"])
    op.create_table(
        "texts_sent",
        sa.Column("sender", sa.String(20), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("sent_us", sa.BigInteger, nullable=False),
        sa.Column("notice_id", sa.String(36), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("number_mac", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("sender", "reference", "sent_us", name="pk_texts_sent"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_texts_sent_notice_id"),
    )
    op.create_table(
        "contacts",
        sa.Column("account", sa.String(36), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("changed_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account", "channel", name="pk_contacts"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_contacts_account"),
    )
