"""Which seats those held who dismissed an alert, so that nobody beside them reviews it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2800_dismissal_seats"
down_revision = "2600_bulletins"


def upgrade() -> None:
    op.create_table(
        "dismissal_seats",
        sa.Column("action_id", sa.String(36), nullable=False),
        sa.Column("seat", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("action_id", "seat", name="pk_dismissal_seats"),
        sa.ForeignKeyConstraint(
            ["action_id"], ["dismissals.action_id"], name="fk_dismissal_seats_action_id_dismissals"
        ),
    )
    op.create_index("ix_dismissal_seats_seat", "dismissal_seats", ["seat"])
    # Of what was dismissed before, the desk alone is known.
    op.execute(
        "insert into dismissal_seats (action_id, seat) select action_id, desk from dismissals"
    )
