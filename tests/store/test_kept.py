"""Every table either has a kind by which what is written in it ends, or says why it has none."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import sqlalchemy as sa

import littoral.store
from littoral.access import retention
from littoral.store.database import Database
from littoral.store.tables import Json, metadata
from littoral.store.vault import reasons, written

ROOT = Path(__file__).resolve().parents[2]

# By which kind of retention what people write in a table ends.
KIND = {
    "vault_cases": "case", "vault_grants": "case", "vault_reviews": "case",
    "vault_erasure_requests": "case",
    "vault_subjects": "subject", "vault_fields": "subject", "vault_tokens": "subject",
    "evidence": "evidence", "vault_answer_numbers": "evidence",
    "incidents": "incident", "incident_steps": "incident", "incident_sources": "incident",
    "tasks": "incident", "task_steps": "incident", "sync_records": "incident",
    "notices": "notice", "notice_events": "notice",
    "duty_entries": "watch_log",
    "duty_papers": "duty_paper", "duty_steps": "duty_paper",
    "alerts": "reason", "alert_actions": "reason", "dismissals": "reason", "changes": "reason",
    "account_changes": "reason", "planned_outages": "reason", "detector_settings": "reason",
    "sharings": "reason", "shelves": "reason", "watch_list": "reason",
    "contacts": "contact",
    "sea_contact_steps": "reason",
    "form_submissions": "evidence", "form_files": "evidence",
    "vault_assessments": "assessment",
}  # fmt: skip

# What is there while somebody keeps it up and is overwritten then, and what forgets by itself.
STANDING = {
    "accounts": "staff: name and login while the account stands; why it is suspended, while it is",
    "agencies": "names of agencies, in public",
    "units": "names of units, in public",
    "memberships": "which account has which role",
    "responders": "boats, vehicles and teams; the last position goes with the last task",
    "sensors": "whom to call about a receiver, while it stands",
    "settings": "settings of the server",
    "checkpoints": "where the engine stood",
    "geofences": "names and notes of areas",
    "geofence_changes": "the same, as they were: alerts were judged by them",
    "duty_rosters": "the regulation, and which account stands where",
    "alert_versions": "what the engine says of vessels; people write nothing here",
    "counters": "numbers",
    "identities": "under which number a provider knows an account",
    "api_keys": "names of programs",
    "credentials": "hashes; what was sealed",
    "sessions": "forgotten a month after it ended",
    "links": "used once; the hash alone",
    "lockouts": "hashes; forgotten when the time has passed",
    "pending_signins": "forgotten within minutes",
    "log_outbox": "until the log has it, within seconds",
    "form_versions": "forms as they were uploaded: what is asked, not what is answered",
    "bulletins": "official information as it was put out: no names of persons",
    "bulletin_steps": "what it said in each version, likewise",
    "bulletin_reads": "forgotten 90 days after the bulletin is over, with the records of phones",
    "texts_sent": "hashes; forgotten after two hours",
    "sync_devices": "forgotten 90 days after the phone was last heard",
    "sync_held": "ids; forgotten with the phone",
    "sync_uploads": "forgotten after a week, with the file",
}

# What holds codes, ids, times and numbers alone.
NO_TEXT = {
    "alert_calls": "ids and times",
    "sea_contacts": "ids, numbers and times",
    "incident_reach": "codes of units and areas",
    "form_cases": "ids",
    "incident_cases": "ids",
    "incident_files": "ids and hashes of what is in evidence",
    "responder_reach": "codes of units and areas",
    "dismissal_seats": "codes of units and agencies",
    "reason_keys": "random keys; each goes with the reason",
    "evidence_custody": "who had a piece of evidence when; goes with the evidence's case",
    "oversight_accesses": "numbers",
    "oversight_actors": "accounts",
    "oversight_words": "actions and ids",
    "oversight_delays": "who ordered what by which number",
    "vault_erasures": "ids of destroyed keys",
    "vault_grant_things": "ids",
    "vault_holds": "who ordered what by which number",
    "vault_named_keys": "ids",
    "vault_purpose_ends": "words of the policies",
}

# What lies beside the records in the data folder.
FILES = {
    "journal": "lines of receivers: what vessels send to all; nothing deletes them",
    "quarantine": "lines that were rejected: 256 MiB, the oldest go first",
    "lake": "positions of vessels, which they send to all",
    "evidence": "kind `evidence`",
    "uploads": "files on their way: sealed, a week",
    "log": "kind `log`",
}


def tables() -> dict[str, sa.Table]:
    for module in pkgutil.walk_packages(littoral.store.__path__, "littoral.store."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    return dict(metadata.tables)


def can_hold_text(column: sa.Column[object]) -> bool:
    """Free text of people: without a length, in JSON, or sealed."""
    kind = column.type
    return isinstance(kind, sa.Text | Json | sa.LargeBinary)


def test_every_table_has_a_kind_or_says_why_not() -> None:
    known = [*KIND, *STANDING, *NO_TEXT]
    assert len(known) == len(set(known))
    assert set(tables()) - set(known) == set(), "say by which rule what is written in it ends"
    assert set(known) - set(tables()) == set()
    assert set(KIND.values()) <= set(retention.KINDS)


def test_what_holds_no_text_could_hold_none() -> None:
    open_ended = {
        f"{name}.{column.name}"
        for name in NO_TEXT
        for column in tables()[name].c
        if can_hold_text(column)
    }
    # Written by the server alone; the second: codes of units and agencies.
    assert open_ended == {"evidence_custody.document", "oversight_delays.seats"}


def test_a_server_that_was_used_has_no_other_table(url: str) -> None:
    database, found = Database(url), sa.MetaData()
    with database.read() as connection:
        found.reflect(connection)
    database.close()
    assert set(found.tables) - {"alembic_version"} == set(tables())


def test_each_kind_has_a_rule_and_a_way_to_end() -> None:
    text = (ROOT / "src/littoral/access/retention.toml").read_text(encoding="utf-8")
    rules = retention.parse(text)
    written_kinds = [*written.KINDS]
    assert retention.uncovered(rules, written_kinds, ("operational",), ("system_operation",)) == []
    assert {KIND[one.table.name] for one in reasons.REASONS} == {reasons.KIND}
    of_reasons = {one.table.name for one in reasons.REASONS} | {"alerts", "dismissals"}
    assert of_reasons == {name for name, kind in KIND.items() if kind == reasons.KIND}


def test_the_document_names_each_kind_and_each_folder() -> None:
    said = (ROOT / "docs/personal-data.md").read_text(encoding="utf-8")
    for kind in ("notice", "watch log", "paper", "reason"):
        assert kind in said
    for folder in FILES:
        assert f"`{folder}/`" in said
