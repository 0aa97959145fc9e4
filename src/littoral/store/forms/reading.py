"""Reading again what was handed in by forms, once the rules of reading have changed: which answers
may be listed, and by which numbers of persons answers are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from littoral.store.evidence.custody import path_of
from littoral.store.evidence.sealed_file import read_sealed
from littoral.store.forms import submissions, versions
from littoral.store.forms.answers import NoSubmission, fits, numbers_of
from littoral.store.forms.tables import form_submissions
from littoral.store.vault import answer_numbers, tables
from littoral.store.vault.entries import Ask, Record, entry, places
from littoral.store.vault.ids import ref
from littoral.store.vault.keyfiles import KeyMissing
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.sealing import SealError
from littoral.store.vault.vault import Erased, Vault

# One more whenever `answers.fits` or `numbers.numbers_in` take something else than before.
READ_AS = 1


def read_again(vault: Vault, folder: Path, actor: str, now_us: int, record: Record) -> list[str]:
    """Every submission that was read by other rules: of its open answers stay those that may be
    listed now, and it is found by the numbers in it. Nothing of it is shown to anybody; that it was
    done is in the log before. Those whose file or key is not there, which are tried again by the
    next call."""
    rows = _rows(vault)
    if not rows:
        return []
    ask = Ask(actor, "", "system_operation", "statutory_duty")
    said: dict[str, Any] = {"change": "read_again", "read_as": READ_AS, "count": len(rows)}
    places(record, [entry(ask, "retention.run", ref("list", "forms"), now_us, **said)])
    with vault.db.read() as connection:
        forms = versions.by_ids(connection, {row.form_version for row in rows})
    unread = []
    for row in rows:
        try:
            key = vault.keys.get(row.key_id)
            _close(vault, key, row, forms[row.form_version].questions)
            path = path_of(folder, row.evidence_id)
            data = b"".join(read_sealed(path, key, row.evidence_id, row.size))
            numbers = numbers_of(data)
        except (KeyMissing, SealError, OSError, NoSubmission):
            unread.append(row.id)
            continue
        try:
            with vault.db.write() as connection:
                answer_numbers.put(vault, connection, row.evidence_id, numbers, now_us)
                done = sa.update(form_submissions).where(form_submissions.c.id == row.id)
                connection.execute(done.values(read_as=READ_AS))
        except Erased:
            continue
    return unread


def _rows(vault: Vault) -> Sequence[Any]:
    s, e = form_submissions.c, tables.evidence.c
    query = (
        sa.select(
            s.id, s.form_version, s.evidence_id, s.data_class, s.open_answers, e.key_id, e.size
        )
        .join_from(form_submissions, tables.evidence, e.id == s.evidence_id)
        .where(s.read_as < READ_AS, e.erased_us.is_(None))
        .order_by(s.id)
    )
    with vault.db.read() as connection:
        return connection.execute(query).all()


def _close(vault: Vault, key: DataKey, row: Any, questions: Sequence[Mapping[str, Any]]) -> None:
    """Seals what is not to be listed. A submission of which something was is guarded as a
    person's."""
    known = {q["path"]: q for q in questions}
    said = submissions.open_of(key, row.id, row.open_answers)
    kept = [(path, value) for path, value in said["open"] if _may_be_open(known.get(path), value)]
    dropped = len(said["open"]) - len(kept)
    if not dropped:
        return
    sealed = submissions.seal_open(key, row.id, kept, said["sealed"] + dropped)
    s, e = form_submissions.c, tables.evidence.c
    with vault.db.write() as connection:
        connection.execute(
            sa.update(form_submissions)
            .where(s.id == row.id, s.open_answers == row.open_answers)
            .values(open_answers=sealed)
        )
        for table, one in (
            (form_submissions, s.id == row.id),
            (tables.evidence, e.id == row.evidence_id),
        ):
            connection.execute(
                sa.update(table)
                .where(one, table.c.data_class == "operational")
                .values(data_class="personal")
            )


def _may_be_open(question: Mapping[str, Any] | None, value: str) -> bool:
    return (
        question is not None
        and question["open"]
        and fits(question["kind"], value, question["choices"])
    )
