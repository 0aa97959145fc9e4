"""Versions of forms: each upload one, in force from its day until the next or until retired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.database import RecordsError
from littoral.store.forms.tables import form_versions

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
    def of(self) -> tuple[str, str, str]:
        return self.unit, self.agency, self.form_id


class VersionTaken(RecordsError):
    """The form has that version already, with another content."""


_SHOWN = [form_versions.c[name] for name in FormVersion.__dataclass_fields__]


def add(connection: Connection, made: FormVersion, xform: str, xlsx: bytes) -> FormVersion:
    """The same content again is the one that is there. Raises VersionTaken."""
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


def listed(connection: Connection, limit: int = 1000) -> list[FormVersion]:
    """All, the last uploaded first."""
    v = form_versions.c
    query = sa.select(*_SHOWN).order_by(v.uploaded_us.desc(), v.id).limit(limit)
    return [_version(row) for row in connection.execute(query)]


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


def in_force(found: Sequence[FormVersion], now_us: int) -> set[str]:
    """Ids of those that are filled in now: of each form the last that has begun; none where that
    was retired."""
    last: dict[tuple[str, str, str], FormVersion] = {}
    for one_of in found:
        if one_of.from_us is None or one_of.from_us > now_us:
            continue
        there = last.get(one_of.of)
        if there is None or (one_of.from_us, one_of.uploaded_us) > (
            there.from_us or 0, there.uploaded_us,
        ):  # fmt: skip
            last[one_of.of] = one_of
    return {v.id for v in last.values() if v.retired_us is None}


def _version(row: sa.Row[Any]) -> FormVersion:
    read = row._mapping
    return FormVersion(**{name: read[name] for name in FormVersion.__dataclass_fields__})
