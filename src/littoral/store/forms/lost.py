"""Answers in evidence custody of which no row tells: what a server of before left that was killed
between the two, or that took the same form in twice at once. Nobody would find them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from littoral.store.evidence.custody import path_of
from littoral.store.evidence.sealed_file import read_sealed
from littoral.store.forms import submissions, versions
from littoral.store.forms.answers import Answers, NoSubmission, read_submission
from littoral.store.forms.own import Own, own_values
from littoral.store.forms.reading import READ_AS
from littoral.store.forms.submissions import Submission
from littoral.store.forms.tables import form_files, form_submissions, form_versions
from littoral.store.forms.versions import FormVersion
from littoral.store.sync.tables import incident_files
from littoral.store.vault import answer_numbers, tables
from littoral.store.vault.entries import Ask, Record, entry, places
from littoral.store.vault.ids import ref
from littoral.store.vault.keyfiles import KeyMissing
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.sealing import SealError
from littoral.store.vault.vault import Vault, open_text


def find_lost(vault: Vault, folder: Path, actor: str, now_us: int, record: Record) -> list[str]:
    """Gives each a row under the id of its evidence, at the desk of its case, as handed in when it
    was taken in; that it was done is in the log before. Ids of what was found."""
    found = []
    for row in _rows(vault, actor):
        try:
            key = vault.keys.get(row.key_id)
            about = orjson.loads(open_text(key, row.about, "evidence", row.id, "about"))
            for form, own in _forms(vault, row, about):
                path = path_of(folder, row.id)
                data = b"".join(read_sealed(path, key, row.id, row.size))
                read = read_submission(data, form.form_id, form.version, form.questions, own)
                found.append((row, key, form, read))
                break
        except (KeyMissing, SealError, OSError, NoSubmission):
            continue  # no answers, or none that can be read: tried again by the next call
    if found:
        ask = Ask(actor, "", "system_operation", "statutory_duty")
        said: dict[str, Any] = {"change": "find_lost", "count": len(found)}
        places(record, [entry(ask, "retention.run", ref("list", "forms"), now_us, **said)])
    for row, key, form, read in found:
        _keep(vault, row, key, form, read, now_us)
    return [row.id for row, *_ in found]


def _rows(vault: Vault, server: str) -> Sequence[Any]:
    """Texts from accounts, in cases that the server opened, to which nothing refers."""
    e, c = tables.evidence.c, tables.cases.c
    query = (
        sa.select(tables.evidence, c.unit, c.agency)
        .join_from(tables.evidence, tables.cases, c.id == e.case_id)
        .where(
            c.opened_by == server, e.media_type == "text/plain", e.erased_us.is_(None),
            e.added_by.startswith("account:"),
            *(
                e.id.not_in(sa.select(other.c.evidence_id))
                for other in (form_submissions, form_files, incident_files)
            ),
        )
        .order_by(e.id)
    )  # fmt: skip
    with vault.db.read() as connection:
        return connection.execute(query).all()


def _forms(vault: Vault, row: Any, about: dict[str, Any]) -> list[tuple[FormVersion, Own]]:
    """Of which it may be, by what the server noted with it as it was taken in."""
    v = form_versions.c
    name = str(about["name"])
    with vault.db.read() as connection:
        ids = connection.execute(
            sa.select(v.id)
            .where(
                v.form_id == name.removesuffix(".txt"), v.agency == row.agency,
                v.purpose == row.purpose, v.uploaded_us <= row.added_us,
            )
            .order_by(v.uploaded_us.desc())
        ).scalars()  # fmt: skip
        known = versions.by_ids(connection, list(ids))
        return [
            (form, own_values(versions.files(connection, form.id)[0], form.questions))
            for form in known.values()
            if (name, about["note"]) == (f"{form.form_id}.txt", f"{form.title} {form.version}")
        ]


def _keep(
    vault: Vault, row: Any, key: DataKey, form: FormVersion, read: Answers, now_us: int
) -> None:
    made = Submission(
        row.id, form.id, row.unit, row.unit, row.agency, row.added_by.removeprefix("account:"),
        row.added_us, row.added_us, row.case_id, row.id, row.data_class,
    )  # fmt: skip
    listed = submissions.seal_open(key, made.id, read.open, read.answered)
    with vault.db.write() as connection:
        answer_numbers.put(vault, connection, row.id, read.numbers, now_us)
        submissions.add(connection, made, listed, READ_AS)
        submissions.guard_as(connection, made.id, form.class_of(read.answered, read.numbers))
