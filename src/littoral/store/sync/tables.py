"""Tables of sync. Changed only with a migration."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table

from littoral.store.tables import Json, metadata

# A phone in the hands of one account; two that share it hold nothing of each other.
devices = Table(
    "sync_devices",
    metadata,
    Column("device", String(36), primary_key=True),  # UUID that the phone made
    Column("account", String(200), primary_key=True),
    Column("epoch", String(32), nullable=False),  # new each time that it begins anew
    Column("gen", BigInteger, nullable=False),  # counts the answers that changed something
    Column("seen", Json, nullable=False),  # of what the scope was when it was last looked through
    Column("seen_us", BigInteger, nullable=False),
    Column("ahead_us", BigInteger, nullable=False),  # of its clock, when it last sent
    # The last answer that it says it has kept: what came with that or before is on the phone.
    Column("heard", BigInteger, nullable=False, server_default="0"),
)

held = Table(
    "sync_held",
    metadata,
    Column("device", String(36), primary_key=True),
    Column("account", String(200), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("thing", String(36), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("gen", BigInteger, nullable=False),  # with which it was sent, or told to be gone
    Column("gone", String(20), nullable=False),  # why it has gone; empty: it is held
)
Index(None, held.c.account, held.c.thing)
Index(None, held.c.kind, held.c.thing)

# What came from phones, for ever: what was sent, what became of it, and both times.
sync_records = Table(
    "sync_records",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the phone made
    Column("device", String(36), nullable=False),
    Column("account", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("thing", String(36), nullable=False),
    Column("base", BigInteger, nullable=False),
    Column("was", Json, nullable=False),
    Column("fields", Json, nullable=False),
    Column("made_us", BigInteger, nullable=False),  # by the phone's clock
    Column("ahead_us", BigInteger, nullable=False),  # how far that was ahead of ours
    Column("at_us", BigInteger, nullable=False),  # corrected by it
    Column("received_us", BigInteger, nullable=False),
    Column("answer", Json, nullable=False),
    # The incident whose desk sees it as a submission; empty: it became a step, or nothing.
    Column("incident", String(36), nullable=False),
)
Index(None, sync_records.c.incident)

uploads = Table(
    "sync_uploads",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("key_id", String(36), nullable=False),
    Column("algorithm", String(20), nullable=False),
    Column("made_us", BigInteger, nullable=False),
)
Index(None, uploads.c.account, uploads.c.sha256, unique=True)

# The case in which the files of an incident are kept, one for each agency that led it.
incident_cases = Table(
    "incident_cases",
    metadata,
    Column("incident", String(36), primary_key=True),
    Column("desk", String(40), primary_key=True),
    Column("agency", String(40), primary_key=True),
    Column("case_id", String(36), nullable=False),
)

incident_files = Table(
    "incident_files",
    metadata,
    Column("record", String(36), primary_key=True),  # of sync_records
    Column("incident", String(36), nullable=False),
    Column("evidence_id", String(36), nullable=False),
    Column("case_id", String(36), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("shows_people", Boolean, nullable=False),
)
Index(None, incident_files.c.incident)
