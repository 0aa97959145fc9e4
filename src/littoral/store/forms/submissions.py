"""What was handed in by forms: rows that say where the sealed answers are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.evidence.custody import DATA_CLASSES
from littoral.store.forms.tables import form_cases, form_files, form_submissions, form_versions
from littoral.store.tables import to_json
from littoral.store.vault import tables as vault_tables
from littoral.store.vault.keyfiles import KeyDestroyed, KeyMissing
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.vault import Vault, open_text, readable_text, seal_text

Place = tuple[str, str, str]  # desk, unit of who handed it in, agency


@dataclass(frozen=True)
class Submission:
    id: str
    form_version: str
    unit: str
    place: str
    agency: str
    account: str
    at_us: int
    received_us: int
    case_id: str
    evidence_id: str
    data_class: str


@dataclass(frozen=True)
class FormFile:
    record: str
    submission: str
    evidence_id: str
    case_id: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Listed:
    """`shown`: what is open in it (`open_of`), None once it was erased and where it cannot be read;
    `files`: how many belong to it."""

    one: Submission
    is_erased: bool
    shown: Mapping[str, Any] | None
    files: int


def seal_open(
    key: DataKey, submission_id: str, shown: Sequence[tuple[str, str]], sealed_count: int
) -> bytes:
    """What is listed of it, sealed under the key of its evidence."""
    document = {"open": [list(pair) for pair in shown], "sealed": sealed_count}
    return seal_text(key, to_json(document), "form", submission_id, "open")


def open_of(key: DataKey, submission_id: str, sealed: bytes) -> Mapping[str, Any]:
    """`open`: pairs of path and value; `sealed`: how many others there are."""
    return _read(open_text(key, sealed, "form", submission_id, "open"))


def _read(said: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = orjson.loads(said)
    return found


def add(connection: Connection, made: Submission, open_answers: bytes, read_as: int) -> None:
    """`read_as`: by which rules its answers were read."""
    values = {name: getattr(made, name) for name in Submission.__dataclass_fields__}
    connection.execute(
        sa.insert(form_submissions).values(**values, open_answers=open_answers, read_as=read_as)
    )


def add_file(connection: Connection, file: FormFile) -> None:
    values = {name: getattr(file, name) for name in FormFile.__dataclass_fields__}
    connection.execute(sa.insert(form_files).values(**values))


def guard_as(connection: Connection, submission_id: str, data_class: str) -> None:
    """Submission, evidence and files are of this class from now on where they were of a lower
    one."""
    lower = DATA_CLASSES[: DATA_CLASSES.index(data_class)]
    s, e, f = form_submissions.c, vault_tables.evidence.c, form_files.c
    pieces = sa.union(
        sa.select(s.evidence_id).where(s.id == submission_id),
        sa.select(f.evidence_id).where(f.submission == submission_id),
    )
    for table, these in ((form_submissions, s.id == submission_id),
                         (vault_tables.evidence, e.id.in_(pieces))):  # fmt: skip
        raised = sa.update(table).where(these, table.c.data_class.in_(lower))
        connection.execute(raised.values(data_class=data_class))


def has_file(connection: Connection, record: str) -> bool:
    f = form_files.c
    return connection.execute(sa.select(f.record).where(f.record == record)).first() is not None


def is_erased(connection: Connection, of: Submission) -> bool:
    e = vault_tables.evidence.c
    query = sa.select(e.erased_us).where(e.id == of.evidence_id)
    return connection.execute(query).scalar_one_or_none() is not None


def files_of(connection: Connection, submission_id: str) -> list[FormFile]:
    f = form_files.c
    query = sa.select(form_files).where(f.submission == submission_id).order_by(f.record)
    names = FormFile.__dataclass_fields__
    return [FormFile(**{n: row._mapping[n] for n in names}) for row in connection.execute(query)]


def one(connection: Connection, submission_id: str) -> Submission | None:
    query = sa.select(form_submissions).where(form_submissions.c.id == submission_id)
    row = connection.execute(query).first()
    return None if row is None else _submission(row)


def claim(vault: Vault, made_id: str, account: str, sha256: str) -> bool:
    """Gives one that was found again (`lost.find_lost`) the id by which its phone knows it. Whether
    there was one, of that account with that content."""
    s, e = form_submissions.c, vault_tables.evidence.c
    query = (
        sa.select(s.id, s.open_answers, e.key_id)
        .join_from(form_submissions, vault_tables.evidence, e.id == s.evidence_id)
        .where(
            s.id == s.evidence_id, s.account == account, e.sha256 == sha256, e.erased_us.is_(None)
        )
        .order_by(s.id)
    )
    with vault.db.write() as connection:
        row = connection.execute(query).first()
        if row is None:
            return False
        key = vault.keys.get(row.key_id)
        shown = open_of(key, row.id, row.open_answers)
        sealed = seal_open(key, made_id, shown["open"], shown["sealed"])
        renamed = sa.update(form_submissions).where(s.id == row.id)
        connection.execute(renamed.values(id=made_id, open_answers=sealed))
    return True


def places(connection: Connection) -> list[Place]:
    """Where anything was handed in."""
    s = form_submissions.c
    query = sa.select(s.unit, s.place, s.agency).distinct()
    return [(row.unit, row.place, row.agency) for row in connection.execute(query)]


def listed(
    vault: Vault,
    connection: Connection,
    where: Collection[Place],
    form_id: str,
    before: tuple[int, str] | None,
    limit: int,
) -> list[Listed]:
    """The newest first, of these places."""
    s, e, f = form_submissions.c, vault_tables.evidence.c, form_files.c
    of = [sa.and_(s.unit == u, s.place == p, s.agency == a) for u, p, a in where]
    files = sa.select(sa.func.count()).where(f.submission == s.id).scalar_subquery()
    query = (
        sa.select(form_submissions, e.key_id, e.erased_us, files.label("files"))
        .outerjoin(vault_tables.evidence, e.id == s.evidence_id)
        .where(sa.or_(sa.false(), *of))
    )
    if form_id:
        v = form_versions.c
        these = sa.select(v.id).where(v.form_id == form_id)
        query = query.where(s.form_version.in_(these))
    if before is not None:
        query = query.where(
            sa.or_(
                s.received_us < before[0],
                sa.and_(s.received_us == before[0], s.id < before[1]),
            )
        )
    query = query.order_by(s.received_us.desc(), s.id.desc()).limit(limit)
    return [_listed(vault, row) for row in connection.execute(query)]


def _listed(vault: Vault, row: Any) -> Listed:
    one, files = _submission(row), int(row.files)
    if row.key_id is None or row.erased_us is not None:
        return Listed(one, True, None, files)
    try:
        key = vault.keys.get(row.key_id)
    except KeyMissing as missing:
        return Listed(one, isinstance(missing, KeyDestroyed), None, files)
    said = readable_text(key, row.open_answers, "form", row.id, "open")
    return Listed(one, False, None if said is None else _read(said), files)


def case_of(connection: Connection, place: Sequence[str]) -> str:
    """Of a form, desk, agency, purpose and month; empty where none was opened yet."""
    c = form_cases.c
    names = ("form_id", "unit", "agency", "purpose", "month")
    query = sa.select(c.case_id).where(*(c[n] == v for n, v in zip(names, place, strict=True)))
    return str(connection.execute(query).scalar_one_or_none() or "")


def keep_case(connection: Connection, place: Sequence[str], case_id: str) -> None:
    """In the place of one that was closed, too."""
    c = form_cases.c
    names = ("form_id", "unit", "agency", "purpose", "month")
    named = dict(zip(names, place, strict=True))
    mine = [c[n] == v for n, v in named.items()]
    done = connection.execute(sa.update(form_cases).where(*mine).values(case_id=case_id))
    if done.rowcount == 0:
        connection.execute(sa.insert(form_cases).values(**named, case_id=case_id))


def _submission(row: sa.Row[Any]) -> Submission:
    read = row._mapping
    return Submission(**{name: read[name] for name in Submission.__dataclass_fields__})
