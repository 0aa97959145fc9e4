"""Versions of forms: each upload one, in force from its day until the next or until retired."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.database import RecordsError
from littoral.store.forms import sensitive
from littoral.store.forms.tables import form_versions

MOST_DRAFTS = 100  # of one unit and agency; a draft ends by being published or retired
Place = tuple[str, str]  # unit and agency
DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"


@dataclass(frozen=True)
class FormVersion:
    """Without its files. `from_us`: in force from then on; None: nobody fills it in yet."""

    id: str
    unit: str
    agency: str
    form_id: str
    version: str
    title: str
    purpose: str
    is_open: bool
    questions: Sequence[Mapping[str, Any]]
    warnings: Sequence[str]
    sha256: str
    file_name: str
    by: str
    uploaded_us: int
    from_us: int | None
    published_by: str | None
    retired_us: int | None
    retired_by: str | None

    @property
    def state(self) -> str:
        if self.retired_us is not None:
            return RETIRED
        return DRAFT if self.from_us is None else PUBLISHED

    @property
    def asks_sensitive(self) -> bool:
        """By the words in its questions and their choices."""
        return any(sensitive.asks(q) for q in self.questions)

    def class_of(self, sealed: int, numbers: Iterable[tuple[str, str]]) -> str:
        """Of answers to it, as `sensitive.class_of` has it. A form that is not open is guarded as a
        person's, whatever was answered."""
        return sensitive.class_of(self.asks_sensitive, sealed or not self.is_open, numbers)


class VersionTaken(RecordsError):
    """The form has that version already, with another content."""


class TooManyDrafts(RecordsError):
    """The unit and agency have as many as they may have at once."""


_SHOWN = [form_versions.c[name] for name in FormVersion.__dataclass_fields__]


def add(connection: Connection, made: FormVersion, xform: str, xlsx: bytes) -> FormVersion:
    """The same content again is the one that is there. Raises VersionTaken,
    TooManyDrafts."""
    v = form_versions.c
    query = sa.select(*_SHOWN).where(
        v.unit == made.unit, v.agency == made.agency, v.form_id == made.form_id,
        v.version == made.version,
    )  # fmt: skip
    row = connection.execute(query).first()
    if row is not None:
        found = _version(row)
        if (found.sha256, found.purpose) == (made.sha256, made.purpose):
            return found
        raise VersionTaken(f"{made.form_id} has a version {made.version} with another content")
    drafts = sa.select(sa.func.count()).where(
        v.unit == made.unit, v.agency == made.agency, v.from_us.is_(None), v.retired_us.is_(None)
    )
    if connection.execute(drafts).scalar_one() >= MOST_DRAFTS:
        why = f"there are {MOST_DRAFTS} drafts already; publish or retire some of them first"
        raise TooManyDrafts(why)
    values = {name: getattr(made, name) for name in FormVersion.__dataclass_fields__}
    connection.execute(sa.insert(form_versions).values(**values, xform=xform, xlsx=xlsx))
    return made


def one(connection: Connection, version_id: str) -> FormVersion | None:
    query = sa.select(*_SHOWN).where(form_versions.c.id == version_id)
    row = connection.execute(query).first()
    return None if row is None else _version(row)


def files(connection: Connection, version_id: str) -> tuple[str, bytes]:
    """XForm and Excel file."""
    v = form_versions.c
    row = connection.execute(sa.select(v.xform, v.xlsx).where(v.id == version_id)).one()
    return row.xform, row.xlsx


def ask(connection: Connection, version_id: str, questions: Sequence[Mapping[str, Any]]) -> None:
    """The same questions, with what they ask for by."""
    changed = sa.update(form_versions).where(form_versions.c.id == version_id)
    connection.execute(changed.values(questions=questions))


def places(connection: Connection) -> list[Place]:
    """Where there are any."""
    v = form_versions.c
    query = sa.select(v.unit, v.agency).distinct()
    return [(row.unit, row.agency) for row in connection.execute(query)]


def listed(
    connection: Connection, where: Collection[Place], drafts: bool, limit: int = 1000
) -> list[FormVersion]:
    """Of these places, retired ones last, the last uploaded first; without `drafts` those that are
    published."""
    v = form_versions.c
    query = sa.select(*_SHOWN).where(_of(where))
    if not drafts:
        query = query.where(v.from_us.is_not(None), v.retired_us.is_(None))
    order = (v.retired_us.is_not(None), v.uploaded_us.desc(), v.id)
    query = query.order_by(*order).limit(limit)
    return [_version(row) for row in connection.execute(query)]


def by_ids(connection: Connection, ids: Iterable[str]) -> dict[str, FormVersion]:
    wanted = sorted(set(ids))
    found: dict[str, FormVersion] = {}
    for at in range(0, len(wanted), 500):  # as many as any database takes at once
        query = sa.select(*_SHOWN).where(form_versions.c.id.in_(wanted[at : at + 500]))
        found |= {row.id: _version(row) for row in connection.execute(query)}
    return found


def _of(where: Collection[Place]) -> sa.ColumnElement[bool]:
    v = form_versions.c
    return sa.or_(sa.false(), *(sa.and_(v.unit == u, v.agency == a) for u, a in where))


def publish(connection: Connection, version_id: str, by: str, from_us: int) -> None:
    v = form_versions.c
    mine = (v.id == version_id, v.retired_us.is_(None))
    connection.execute(
        sa.update(form_versions).where(*mine).values(from_us=from_us, published_by=by)
    )


def retire(connection: Connection, version_id: str, by: str, now_us: int) -> None:
    v = form_versions.c
    mine = (v.id == version_id, v.retired_us.is_(None))
    connection.execute(
        sa.update(form_versions).where(*mine).values(retired_us=now_us, retired_by=by)
    )


def in_force(connection: Connection, where: Collection[Place], now_us: int) -> set[str]:
    """Ids of those that are filled in now: of each form the last that has begun; none where that
    was retired."""
    v = form_versions.c
    query = (
        sa.select(v.id, v.unit, v.agency, v.form_id, v.retired_us)
        .where(_of(where), v.from_us <= now_us)
        .order_by(v.from_us, v.uploaded_us)
    )
    last = {(row.unit, row.agency, row.form_id): row for row in connection.execute(query)}
    return {row.id for row in last.values() if row.retired_us is None}


def asking_sensitive(connection: Connection, now_us: int) -> list[FormVersion]:
    """Those in force that ask for what is sensitive."""
    ids = in_force(connection, places(connection), now_us)
    return [found for found in by_ids(connection, ids).values() if found.asks_sensitive]


def _version(row: sa.Row[Any]) -> FormVersion:
    read = row._mapping
    return FormVersion(**{name: read[name] for name in FormVersion.__dataclass_fields__})
