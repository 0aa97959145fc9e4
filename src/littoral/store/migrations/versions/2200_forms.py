"""Forms, their versions, what was handed in by them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2200_forms"
down_revision = "2100_paper_text"


def upgrade() -> None:
    op.create_table(
        "form_versions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False),
        sa.Column("form_id", sa.String(100), nullable=False),
        sa.Column("version", sa.String(50), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("warnings", sa.Text, nullable=False),
        sa.Column("xform", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("xlsx", sa.LargeBinary, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("uploaded_us", sa.BigInteger, nullable=False),
        sa.Column("from_us", sa.BigInteger),
        sa.Column("published_by", sa.String(200)),
        sa.Column("retired_us", sa.BigInteger),
        sa.Column("retired_by", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_form_versions"),
    )
    op.create_index(
        "ix_form_versions_unit_agency_form_id_version", "form_versions",
        ["unit", "agency", "form_id", "version"], unique=True,
    )  # fmt: skip
    op.create_table(
        "form_submissions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("form_version", sa.String(36), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("received_us", sa.BigInteger, nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("evidence_id", sa.String(36), nullable=False),
        sa.Column("data_class", sa.String(20), nullable=False),
        sa.Column("open_answers", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_form_submissions"),
    )
    op.create_index(
        "ix_form_submissions_unit_received_us", "form_submissions", ["unit", "received_us"]
    )
    op.create_table(
        "form_files",
        sa.Column("record", sa.String(36), nullable=False),
        sa.Column("submission", sa.String(36), nullable=False),
        sa.Column("evidence_id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("record", name="pk_form_files"),
    )
    op.create_index("ix_form_files_submission", "form_files", ["submission"])
    op.create_table(
        "form_cases",
        sa.Column("form_id", sa.String(100), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint(
            "form_id", "unit", "agency", "purpose", "month", name="pk_form_cases"
        ),
    )
