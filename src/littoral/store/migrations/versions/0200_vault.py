"""The vault: cases, persons, sealed fields, grants, reviews, holds, erasures; evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0200_vault"
down_revision = "0100_people"


def upgrade() -> None:
    op.create_table(
        "vault_cases",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("title", sa.LargeBinary),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("legal_basis", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(80), nullable=False),
        sa.Column("opened_by", sa.String(200), nullable=False),
        sa.Column("opened_us", sa.BigInteger, nullable=False),
        sa.Column("closed_by", sa.String(200)),
        sa.Column("closed_us", sa.BigInteger),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("key_id", sa.String(36), nullable=False),
        sa.Column("algorithm", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vault_cases"),
    )
    op.create_table(
        "vault_subjects",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("key_id", sa.String(36), nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("erased_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_vault_subjects"),
        sa.ForeignKeyConstraint(["case_id"], ["vault_cases.id"], name="fk_vault_subjects_case_id"),
        sa.UniqueConstraint("key_id", name="uq_vault_subjects_key_id"),
    )
    op.create_index("ix_vault_subjects_case_id", "vault_subjects", ["case_id"])
    op.create_table(
        "vault_fields",
        sa.Column("subject_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("data_class", sa.String(20), nullable=False),
        sa.Column("algorithm", sa.String(40), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("changed_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "name", name="pk_vault_fields"),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["vault_subjects.id"], name="fk_vault_fields_subject_id"
        ),
    )
    op.create_table(
        "vault_tokens",
        sa.Column("subject_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("index_key_id", sa.String(36), nullable=False),
        sa.Column("token", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "name", name="pk_vault_tokens"),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["vault_subjects.id"], name="fk_vault_tokens_subject_id"
        ),
    )
    op.create_index("ix_vault_tokens_token", "vault_tokens", ["token"])
    op.create_table(
        "vault_named_keys",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("key_id", sa.String(36), nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_vault_named_keys"),
    )
    op.create_table(
        "vault_grants",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("legal_basis", sa.String(40), nullable=False),
        sa.Column("data_class", sa.String(20), nullable=False),
        sa.Column("whole_case", sa.Boolean, nullable=False),
        sa.Column("search_fields", sa.Text, nullable=False),
        sa.Column("searches", sa.Integer, nullable=False),
        sa.Column("requested_by", sa.String(200), nullable=False),
        sa.Column("requested_us", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.LargeBinary),
        sa.Column("from_us", sa.BigInteger, nullable=False),
        sa.Column("until_us", sa.BigInteger, nullable=False),
        sa.Column("needs", sa.Integer, nullable=False),
        sa.Column("approvals", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("ended_by", sa.String(200)),
        sa.Column("ended_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_vault_grants"),
        sa.ForeignKeyConstraint(["case_id"], ["vault_cases.id"], name="fk_vault_grants_case_id"),
    )
    op.create_index("ix_vault_grants_case_id", "vault_grants", ["case_id"])
    op.create_index("ix_vault_grants_who", "vault_grants", ["who"])
    op.create_table(
        "vault_grant_things",
        sa.Column("grant_id", sa.String(36), nullable=False),
        sa.Column("thing", sa.String(36), nullable=False),
        sa.Column("how", sa.String(20), nullable=False),
        sa.Column("shown_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("grant_id", "thing", name="pk_vault_grant_things"),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["vault_grants.id"], name="fk_vault_grant_things_grant_id"
        ),
    )
    op.create_table(
        "vault_reviews",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("grant_id", sa.String(36), nullable=False),
        sa.Column("used_by", sa.String(200), nullable=False),
        sa.Column("opened_us", sa.BigInteger, nullable=False),
        sa.Column("due_us", sa.BigInteger, nullable=False),
        sa.Column("reviewer", sa.String(200)),
        sa.Column("reviewed_us", sa.BigInteger),
        sa.Column("finding", sa.String(20)),
        sa.Column("note", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_vault_reviews"),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["vault_grants.id"], name="fk_vault_reviews_grant_id"
        ),
        sa.UniqueConstraint("grant_id", name="uq_vault_reviews_grant_id"),
    )
    op.create_table(
        "vault_holds",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("thing", sa.String(36), nullable=False),
        sa.Column("legal_basis", sa.String(40), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("set_by", sa.String(200), nullable=False),
        sa.Column("set_us", sa.BigInteger, nullable=False),
        sa.Column("released_by", sa.String(200)),
        sa.Column("released_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_vault_holds"),
    )
    op.create_index("ix_vault_holds_thing", "vault_holds", ["thing"])
    op.create_table(
        "vault_erasures",
        sa.Column("key_id", sa.String(36), nullable=False),
        sa.Column("thing", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("destroyed_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_vault_erasures"),
    )
    op.create_table(
        "vault_purpose_ends",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("ended_us", sa.BigInteger, nullable=False),
        sa.Column("ended_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vault_purpose_ends"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("data_class", sa.String(20), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("about", sa.LargeBinary),
        sa.Column("added_by", sa.String(200), nullable=False),
        sa.Column("added_us", sa.BigInteger, nullable=False),
        sa.Column("key_id", sa.String(36), nullable=False),
        sa.Column("algorithm", sa.String(40), nullable=False),
        sa.Column("erased_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.ForeignKeyConstraint(["case_id"], ["vault_cases.id"], name="fk_evidence_case_id"),
        sa.UniqueConstraint("key_id", name="uq_evidence_key_id"),
    )
    op.create_index("ix_evidence_case_id_sha256", "evidence", ["case_id", "sha256"])
    op.create_table(
        "evidence_custody",
        sa.Column("evidence_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("log_index", sa.BigInteger),
        sa.PrimaryKeyConstraint("evidence_id", "number", name="pk_evidence_custody"),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name="fk_evidence_custody_evidence_id"
        ),
    )
