"""Personal and sensitive data stands in no column of any table in clear, but where it says why."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa

from littoral.store import reach
from littoral.store.people.credentials import Sealer
from littoral.store.people.tables import accounts
from littoral.store.vault import cases, persons
from littoral.store.vault.entries import Ask
from littoral.store.vault.fields import FIELDS
from littoral.store.vault.vault import Vault
from tests.store.test_kept import KIND, can_hold_text, tables
from tests.store.vault.conftest import NOW, PERSON, FakeLog

# Columns that are named as a personal field and hold none of a third person.
STAFF = "of an account: staff, known by it"
NAMED = {
    "name": {
        "accounts": "of staff, as the watch names who acts",
        "responders": "of a boat or a team",
        "api_keys": "of a program",
        "credentials": "that somebody gave the own passkey",
        "watch_list": "of a vessel",
        "sensors": "of a receiver", "counters": "of a counter", "checkpoints": "of a checkpoint",
        "vault_fields": "of the field", "vault_tokens": "of the field",
        "vault_named_keys": "of the key", "vault_answer_numbers": "of the field",
    },
    "address": {
        "sessions": "of the network, of staff; forgotten with the session",
        "log_outbox": "of the network, of staff; until the log has it",
    },
    "note": {
        "changes": "why a change was agreed to", "dismissals": "what a review found",
        "account_changes": "why a change was agreed to",
    },
    "account": {
        name: STAFF
        for name in (
            "bulletin_reads", "memberships", "account_changes", "credentials", "identities",
            "sessions", "links", "pending_signins", "responders", "contacts", "form_submissions",
            "sync_devices", "sync_held", "sync_records", "sync_uploads",
        )
    },
}  # fmt: skip

# Of what is kept about persons (and where staff is reached), what is not sealed bytes and could
# hold text: words of the policies, counts and ids.
NOT_SEALED = {
    "evidence_custody.document", "vault_grants.search_fields", "vault_grants.approvals",
}  # fmt: skip
OF_PERSONS = {name for name, kind in KIND.items() if kind in ("subject", "case", "evidence")}


def test_no_column_of_any_table_is_named_as_a_personal_field_without_a_reason() -> None:
    found = {
        (column.name, name)
        for name, table in tables().items()
        for column in table.c
        if column.name in FIELDS and not isinstance(column.type, sa.LargeBinary)
    }
    assert len(tables()) > 60
    assert found == {(column, table) for column, of in NAMED.items() for table in of}


def test_what_is_kept_of_persons_is_sealed_bytes() -> None:
    open_ended = {
        f"{name}.{column.name}"
        for name in (*OF_PERSONS, "evidence_custody")
        for column in tables()[name].c
        if can_hold_text(column) and not isinstance(column.type, sa.LargeBinary)
    }
    assert open_ended == NOT_SEALED


def test_no_table_holds_a_value_that_was_given(vault: Vault, log: FakeLog) -> None:
    """What comes in by the doors for personal data, looked for in every row of every table."""
    title, mobile = "王五涉嫌走私案", "13900001111"
    case = cases.open_case(
        vault, "user:li", title, "anti_smuggling", "statutory_duty", "460100", NOW, log, "customs"
    )
    ask = Ask("user:li", case.id, "anti_smuggling", "statutory_duty")
    sensitive = {"health": "糖尿病", "passport": "E12345678", "address": "海口市某路 8 号"}
    persons.add_subject(vault, ask, "person", {**PERSON, **sensitive}, NOW, log)
    with vault.db.write() as connection:
        key = str(uuid4())
        connection.execute(
            sa.insert(accounts).values(
                id=key, login="li", name="li", status="active", language="zh", created_us=0,
                created_by="t", changed_us=0, changed_by="t",
            )
        )  # fmt: skip
        reach.set_contact(connection, key, "sms", mobile, Sealer(bytes(32)), NOW)
    with vault.db.read() as connection:
        rows = repr([
            list(map(tuple, connection.execute(sa.select(table)))) for table in tables().values()
        ])  # fmt: skip
    given = {title, mobile, *PERSON.values(), *sensitive.values(), "13812345678"}
    assert {
        value for value in given if value in rows or repr(value.encode())[2:-1] in rows
    } == set()
