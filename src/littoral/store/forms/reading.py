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
from littoral.store.forms.answers import NoSubmission, may_be_listed, numbers_of, sealed_count
from littoral.store.forms.own import Own, own_values
from littoral.store.forms.tables import form_submissions
from littoral.store.vault import answer_numbers, tables
from littoral.store.vault.entries import Ask, Record, entry, places
from littoral.store.vault.ids import ref
from littoral.store.vault.keyfiles import KeyMissing
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.sealing import SealError
from littoral.store.vault.vault import Erased, Vault

# One more whenever `answers` lists, or `numbers.numbers_in` takes, something else than before.
READ_AS = 2


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
        own = {
            key: own_values(versions.files(connection, key)[0], form.questions)
            for key, form in forms.items()
        }
    unread = []
    for row in rows:
        try:
            key = vault.keys.get(row.key_id)
            questions, known = forms[row.form_version].questions, own[row.form_version]
            _close(vault, key, row, questions, known)
            path = path_of(folder, row.evidence_id)
            data = b"".join(read_sealed(path, key, row.evidence_id, row.size))
            numbers = numbers_of(data)
            _guard(vault, key, row, sealed_count(data, questions, known))
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


def _close(
    vault: Vault, key: DataKey, row: Any, questions: Sequence[Mapping[str, Any]], own: Own
) -> None:
    """Seals what is not to be listed, also where the file is not there."""
    known = {q["path"]: q for q in questions}
    said = submissions.open_of(key, row.id, row.open_answers)
    kept = [
        (path, value)
        for path, value in said["open"]
        if path in known and may_be_listed(known[path], value, own)
    ]
    if dropped := len(said["open"]) - len(kept):
        _keep(vault, key, row, kept, said["sealed"] + dropped)


def _guard(vault: Vault, key: DataKey, row: Any, count: int) -> None:
    """`count`: of the answers that are not listed. Those that were passed over before are counted
    among them."""
    s = form_submissions.c
    with vault.db.read() as connection:
        query = sa.select(s.open_answers, s.data_class).where(s.id == row.id)
        now = connection.execute(query).one()
    said = submissions.open_of(key, row.id, now.open_answers)
    if count > said["sealed"] or (count and now.data_class == "operational"):
        _keep(vault, key, row, said["open"], max(count, said["sealed"]))


def _keep(
    vault: Vault, key: DataKey, row: Any, shown: Sequence[tuple[str, str]], sealed_answers: int
) -> None:
    """A submission of which something is sealed is guarded as a person's."""
    sealed = submissions.seal_open(key, row.id, shown, sealed_answers)
    s, e = form_submissions.c, tables.evidence.c
    with vault.db.write() as connection:
        connection.execute(
            sa.update(form_submissions)
            .where(s.id == row.id, s.open_answers != b"")  # empty: erased meanwhile
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
