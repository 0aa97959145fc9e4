"""Reading again what was handed in by forms, once the rules of reading have changed: which answers
may be listed, and by which numbers of persons answers are found."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from littoral.store.database import upsert
from littoral.store.evidence.custody import path_of
from littoral.store.evidence.sealed_file import read_sealed
from littoral.store.forms import submissions, versions
from littoral.store.forms.answers import (
    NoSubmission,
    by_path,
    may_be_listed,
    numbers_of,
    sealed_count,
)
from littoral.store.forms.convert import FormRefused, questions_of
from littoral.store.forms.own import Own, own_values
from littoral.store.forms.tables import form_submissions, form_versions
from littoral.store.forms.versions import FormVersion
from littoral.store.forms.workbook import read_workbook
from littoral.store.people.sheets import UnreadableFile
from littoral.store.tables import settings
from littoral.store.vault import answer_numbers, tables
from littoral.store.vault.entries import Ask, Record, entry, places
from littoral.store.vault.ids import ref
from littoral.store.vault.keyfiles import KeyMissing
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.sealing import SealError
from littoral.store.vault.vault import Erased, Vault

_log = logging.getLogger(__name__)
ASKED = "forms.asked"  # by which READ_AS the files of all forms were read
# One more whenever `answers` lists, `numbers.numbers_in` takes, or `sensitive.class_of` or
# `asked` by its words calls sensitive, something else than before.
READ_AS = 4


def ask_again(vault: Vault, now_us: int) -> None:
    """Takes from the file of each form what its questions ask for, once for these rules. Before
    anything handed in is read again."""
    with vault.db.read() as connection:
        query = sa.select(settings.c.value).where(settings.c.key == ASKED)
        if connection.execute(query).scalar_one_or_none() == READ_AS:
            return
        ids = list(connection.execute(sa.select(form_versions.c.id)).scalars())
    missed = False
    for key in ids:
        with vault.db.read() as connection:
            xform, xlsx = versions.files(connection, key)
            known = versions.by_ids(connection, [key])[key].questions
        try:
            book, _ = read_workbook(xlsx)
            by = {q.path: q.sensitive for q in questions_of(xform, book)}
        except (UnreadableFile, FormRefused) as error:
            _log.warning("the file of the form %s cannot be read: %s", key, error)
            missed = True
            continue
        with vault.db.write() as connection:
            versions.ask(
                connection, key, [{**q, "sensitive": by.get(q["path"], "")} for q in known]
            )
    if not missed:
        with vault.db.write() as connection:
            upsert(connection, settings, [{"key": ASKED, "value": READ_AS, "changed_us": now_us}])


def read_again(vault: Vault, folder: Path, actor: str, now_us: int, record: Record) -> list[str]:
    """Every submission that was read by other rules: of its open answers stay those that may be
    listed now, it is found by the numbers in it, and it is of the class of what it holds. Nothing
    of it is shown to anybody; that it was done is in the log before. Those whose file or key is not
    there, which are tried again by the next call."""
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
            form, known = forms[row.form_version], own[row.form_version]
            _close(vault, key, row, form, known)
            path = path_of(folder, row.evidence_id)
            data = b"".join(read_sealed(path, key, row.evidence_id, row.size))
            numbers = numbers_of(data)
            _guard(vault, key, row, form, sealed_count(data, form.questions, known), numbers)
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
        sa.select(s.id, s.form_version, s.evidence_id, s.open_answers, e.key_id, e.size)
        .join_from(form_submissions, tables.evidence, e.id == s.evidence_id)
        .where(s.read_as < READ_AS, e.erased_us.is_(None))
        .order_by(s.id)
    )
    with vault.db.read() as connection:
        return connection.execute(query).all()


def _close(vault: Vault, key: DataKey, row: Any, form: FormVersion, own: Own) -> None:
    """Seals what is not to be listed, also where the file is not there."""
    known = by_path(form.questions)
    said = submissions.open_of(key, row.id, row.open_answers)
    kept = [
        (path, value)
        for path, value in said["open"]
        if path in known and may_be_listed(known[path], value, own)
    ]
    sealed = said["sealed"] + len(said["open"]) - len(kept)
    if len(kept) < len(said["open"]):
        _keep(vault, key, row, kept, sealed)
    _raise(vault, row, form.class_of(sealed, ()))


def _guard(
    vault: Vault,
    key: DataKey,
    row: Any,
    form: FormVersion,
    count: int,
    numbers: Sequence[tuple[str, str]],
) -> None:
    """`count`: of the answers that are not listed. Those that were passed over before are counted
    among them."""
    s = form_submissions.c
    with vault.db.read() as connection:
        query = sa.select(s.open_answers).where(s.id == row.id)
        said = submissions.open_of(key, row.id, connection.execute(query).scalar_one())
    if count > said["sealed"]:
        _keep(vault, key, row, said["open"], count)
    _raise(vault, row, form.class_of(max(count, said["sealed"]), numbers))


def _keep(
    vault: Vault, key: DataKey, row: Any, shown: Sequence[tuple[str, str]], sealed_answers: int
) -> None:
    sealed = submissions.seal_open(key, row.id, shown, sealed_answers)
    s = form_submissions.c
    with vault.db.write() as connection:
        connection.execute(
            sa.update(form_submissions)
            .where(s.id == row.id, s.open_answers != b"")  # empty: erased meanwhile
            .values(open_answers=sealed)
        )


def _raise(vault: Vault, row: Any, data_class: str) -> None:
    with vault.db.write() as connection:
        submissions.guard_as(connection, row.id, data_class)
