"""Rosters, papers of the watch, the watch log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1300_duty"
down_revision = "1200_incident_seats"


def upgrade() -> None:
    op.create_table(
        "duty_rosters",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False),
        sa.Column("from_day", sa.String(10), nullable=False),
        sa.Column("regulation", sa.Text, nullable=False),
        sa.Column("teams", sa.Text, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duty_rosters"),
        sa.UniqueConstraint("seq", name="uq_duty_rosters_seq"),
    )
    op.create_index("ix_duty_rosters_unit_agency", "duty_rosters", ["unit", "agency"])
    op.create_table(
        "duty_papers",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(240), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("since_us", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("doc", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duty_papers"),
        sa.UniqueConstraint("seq", name="uq_duty_papers_seq"),
    )
    op.create_index(
        "ix_duty_papers_unit_agency_kind_state", "duty_papers", ["unit", "agency", "kind", "state"]
    )
    op.create_table(
        "duty_steps",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("paper_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("received_us", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duty_steps"),
        sa.ForeignKeyConstraint(["paper_id"], ["duty_papers.id"], name="fk_duty_steps_paper_id"),
    )
    op.create_index(
        "ix_duty_steps_paper_id_version", "duty_steps", ["paper_id", "version"], unique=True
    )
    op.create_table(
        "duty_entries",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False),
        sa.Column("shift", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ref", sa.String(80), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("received_us", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duty_entries"),
        sa.UniqueConstraint("seq", name="uq_duty_entries_seq"),
    )
    op.create_index(
        "ix_duty_entries_unit_agency_shift", "duty_entries", ["unit", "agency", "shift"]
    )
    op.execute("insert into counters (name, value) values ('duty', 0)")
