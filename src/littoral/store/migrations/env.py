"""Alembic's entry: runs the migrations on the connection that `store.database` hands in."""

from __future__ import annotations

from alembic import context

from littoral.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot change a column in place
)
with context.begin_transaction():
    context.run_migrations()
