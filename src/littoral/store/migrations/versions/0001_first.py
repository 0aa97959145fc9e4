"""The first tables: alerts with versions and actions, geofences, outages, settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    counters = op.create_table(
        "counters",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.bulk_insert(counters, [{"name": "alerts", "value": 0}])
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("rule", sa.String(80), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("rule_priority", sa.SmallInteger, nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("escalated", sa.Boolean, nullable=False),
        sa.Column("start_us", sa.BigInteger, nullable=False),
        sa.Column("end_us", sa.BigInteger),
        sa.Column("updated_us", sa.BigInteger, nullable=False),
        sa.Column("raised_us", sa.BigInteger, nullable=False),
        sa.Column("annunciated_us", sa.BigInteger, nullable=False),
        sa.Column("held_by", sa.String(200)),
        sa.Column("handling", sa.String(20), nullable=False),
        sa.Column("handled_by", sa.String(200)),
        sa.Column("handled_us", sa.BigInteger),
        sa.Column("handed_to", sa.String(200)),
        sa.Column("reason", sa.Text),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sa.UniqueConstraint("seq", name="uq_alerts_seq"),
    )
    op.create_index("ix_alerts_start_us_id", "alerts", ["start_us", "id"])
    op.create_index(
        "ix_alerts_handling_priority_annunciated_us",
        "alerts",
        ["handling", "priority", "annunciated_us"],
    )
    op.create_table(
        "alert_versions",
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("escalated", sa.Boolean, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("alert_id", "revision", name="pk_alert_versions"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_alert_versions_alert_id"),
    )
    op.create_table(
        "alert_actions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("to_whom", sa.String(200)),
        sa.Column("undone_by", sa.String(36)),
        sa.PrimaryKeyConstraint("id", name="pk_alert_actions"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_alert_actions_alert_id"),
    )
    op.create_index("ix_alert_actions_alert_id", "alert_actions", ["alert_id"])
    op.create_table(
        "geofences",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.Column("changed_us", sa.BigInteger, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_geofences"),
    )
    op.create_table(
        "geofence_changes",
        sa.Column("geofence_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("change", sa.String(20), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.PrimaryKeyConstraint("geofence_id", "revision", name="pk_geofence_changes"),
        sa.ForeignKeyConstraint(
            ["geofence_id"], ["geofences.id"], name="fk_geofence_changes_geofence_id"
        ),
    )
    op.create_table(
        "planned_outages",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("receiver", sa.String(200), nullable=False),
        sa.Column("start_us", sa.BigInteger, nullable=False),
        sa.Column("end_us", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("deleted_by", sa.String(200)),
        sa.Column("deleted_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_planned_outages"),
    )
    op.create_table(
        "sensors",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("changed_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_sensors"),
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("changed_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_checkpoints"),
    )
