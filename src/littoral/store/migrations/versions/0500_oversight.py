"""The index of the log for the oversight page, and delays of what a person is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0500_oversight"
down_revision = "0400_administration"

# SQLite numbers rows by INTEGER alone; its integers have 64 bits all the same.
LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    # How many entries the index has; the lock of this row puts those who index in one order.
    counters = sa.table("counters", sa.column("name"), sa.column("value"))
    op.bulk_insert(counters, [{"name": "oversight.index", "value": 0}])
    op.create_table(
        "oversight_actors",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("ref", sa.String(240), nullable=False),
        sa.Column("unit", sa.String(24), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_oversight_actors"),
        sa.UniqueConstraint("ref", "unit", "agency", name="uq_oversight_actors_ref"),
    )
    op.create_table(
        "oversight_words",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("word", sa.String(240), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_oversight_words"),
        sa.UniqueConstraint("word", name="uq_oversight_words_word"),
    )
    op.create_table(
        "oversight_accesses",
        sa.Column("log_index", LONG, nullable=False, autoincrement=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Integer, nullable=False),
        sa.Column("action", sa.Integer, nullable=False),
        sa.Column("thing", sa.Integer, nullable=False),
        sa.Column("verdict", sa.Integer, nullable=False),
        sa.Column("purpose", sa.Integer),
        sa.Column("case_id", sa.Integer),
        sa.Column("legal_basis", sa.Integer),
        sa.Column("manner", sa.Integer),
        sa.PrimaryKeyConstraint("log_index", name="pk_oversight_accesses"),
    )
    for name in ("actor", "action", "thing", "case_id"):
        op.create_index(f"ix_oversight_accesses_{name}", "oversight_accesses", [name, "log_index"])
    op.create_index("ix_oversight_accesses_time_us", "oversight_accesses", ["time_us"])
    op.create_table(
        "oversight_delays",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("subject_id", sa.String(36)),
        sa.Column("legal_basis", sa.String(40), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("set_by", sa.String(200), nullable=False),
        sa.Column("set_us", sa.BigInteger, nullable=False),
        sa.Column("until_us", sa.BigInteger, nullable=False),
        sa.Column("ended_by", sa.String(200)),
        sa.Column("ended_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_oversight_delays"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["vault_cases.id"], name="fk_oversight_delays_case_id"
        ),
    )
    op.create_index("ix_oversight_delays_case_id", "oversight_delays", ["case_id"])
