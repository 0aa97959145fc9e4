"""Which agency a case is of: a unit may be the place of several."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0600_case_agency"
down_revision = "0500_oversight"


def upgrade() -> None:
    # Null for the cases of before: they stay those of every agency of their unit.
    op.add_column("vault_cases", sa.Column("agency", sa.String(40)))
