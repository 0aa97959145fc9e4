"""Papers of a desk say since when there is text in them, so that it can end by rule."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2100_paper_text"
down_revision = "2000_agreements"


def upgrade() -> None:
    op.add_column("duty_papers", sa.Column("text_us", sa.BigInteger))
    papers = sa.table("duty_papers", sa.column("made_us"), sa.column("text_us"))
    op.get_bind().execute(sa.update(papers).values(text_us=papers.c.made_us))
