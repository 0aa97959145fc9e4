"""Records that phones sent, each once, with what became of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.database import upsert
from littoral.store.forms.tables import form_files, form_submissions
from littoral.store.sync.tables import incident_cases, incident_files, sync_records
from littoral.store.task_tables import tasks


@dataclass(frozen=True, slots=True)
class SyncRecord:
    """`made_us` by the phone's clock, `at_us` corrected by how far that was ahead. `incident`:
    whose desk sees it as a submission."""

    id: str
    device: str
    account: str
    kind: str
    thing: str
    base: int
    was: Mapping[str, Any]
    fields: Mapping[str, Any]
    made_us: int
    ahead_us: int
    at_us: int
    received_us: int
    answer: Mapping[str, Any] = field(default_factory=dict)
    incident: str = ""


# Built once: building a statement costs more than running it.
_KNOWN = sa.select(sync_records).where(sync_records.c.id == sa.bindparam("key"))
_INSERT, _INSERT_FILE = sa.insert(sync_records), sa.insert(incident_files)
_HAS_FILE = sa.select(incident_files.c.record).where(incident_files.c.record == sa.bindparam("key"))
_SAME_FILE = (
    sa.select(incident_files)
    .join(sync_records, sync_records.c.id == incident_files.c.record)
    .where(
        sync_records.c.account == sa.bindparam("of_account"),
        incident_files.c.incident == sa.bindparam("of_incident"),
        incident_files.c.sha256 == sa.bindparam("of_sha256"),
    )
    .limit(1)
)
_CASE_OF = sa.select(incident_cases.c.case_id).where(
    *(
        incident_cases.c[name] == sa.bindparam(f"of_{name}")
        for name in ("incident", "desk", "agency")
    )
)


class OtherRecord(Exception):
    """The id is that of another record, or of somebody else's."""


TEXT = frozenset({"title", "text", "reason", "found", "name", "what"})


def without_text(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of fields once what was written is erased, also of what stands in parts of them;
    the numbers of calls, reports and bulletins go with the text."""
    wanted = {name: value for name, value in values.items() if name not in TEXT}
    if wanted.get("kind") != "alert":
        wanted.pop("ref", None)
    return {name: _without_text(value) for name, value in wanted.items()}


def _without_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return without_text(value)
    return [_without_text(v) for v in value] if isinstance(value, list) else value


# What is kept of the fields of some kinds of records. What a file is called may tell whom it shows:
# that lies sealed with it in evidence custody, and so does what else is said of it. What is
# answered to a notice lies with the notice, and ends with it.
_LEFT_OF: Mapping[str, Sequence[str]] = {
    "form.submit": ("form", "sha256", "size"),
    "form.file": ("sha256", "size"),
    "incident.file": ("sha256", "size", "shows_people"),
    "task.file": ("sha256", "size", "shows_people"),
    "notice.answer": (),
}
# Codes of refusals whose reason is the same whatever was written. That of another may say it again:
# it is told once, and of it the code is kept.
_PLAIN = frozenset({"policy", "unknown", "id", "erased", "purpose", "media", "too_large"})
_SAID = ("was", "fields", "answer")
_REFUSED = {"zh": "记录或文件不符合要求。", "en": "The record or its file is not as it has to be."}
_ID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|[0-9a-f]{64}")


def bare(record: SyncRecord) -> SyncRecord:
    """As it is kept: of one of these kinds nothing that anybody wrote, and nothing at all of one
    that was refused. It belongs to no matter with which its words would end, and lies on the phone
    still."""
    if _is_refused(record):
        told = dict(record.answer)
        if told.get("code") not in _PLAIN:
            told["reason"] = _REFUSED
        return replace(record, was={}, fields={}, answer=told)
    names = _LEFT_OF.get(record.kind)
    if names is None:
        return record
    said = {n: record.fields[n] for n in names if _is_no_text(record.fields.get(n))}
    return replace(record, was={}, fields=said)


def forget_files(connection: Connection, evidence: Sequence[str] | sa.Select[Any]) -> None:
    """What tells of the content of evidence that was erased: whoever has a copy of a photo could
    show by its hash that it was handed in, and short answers can be tried out."""
    f, s, r = incident_files.c, form_submissions.c, sync_records.c
    of = sa.union(
        sa.select(f.record).where(f.evidence_id.in_(evidence)),
        sa.select(form_files.c.record).where(form_files.c.evidence_id.in_(evidence)),
        sa.select(s.id).where(s.evidence_id.in_(evidence)),
    )
    connection.execute(sa.update(sync_records).where(r.id.in_(of)).values(fields={}))
    connection.execute(
        sa.update(incident_files).where(f.evidence_id.in_(evidence)).values(sha256="")
    )


def _is_refused(record: SyncRecord) -> bool:
    return record.answer.get("status") == "refused"


def _is_no_text(value: Any) -> bool:
    if isinstance(value, str):
        return _ID.fullmatch(value) is not None
    return isinstance(value, int) and abs(value) < 2**31  # of a refused one it may be anything


def bare_all(connection: Connection) -> None:
    """Of what a server of before kept."""
    r = sync_records.c
    changed = []
    for row in connection.execute(sa.select(sync_records), execution_options={"yield_per": 1000}):
        found = _record(row)
        left = bare(found)
        if found.kind in _LEFT_OF and found.answer.get("code") == "media":
            # A server of before repeated there what the file was called.
            left = replace(left, answer={**found.answer, "reason": _REFUSED})
        if left != found:
            changed.append({"of": row.id, **{n: dict(getattr(left, n)) for n in _SAID}})
    if changed:
        connection.execute(sa.update(sync_records).where(r.id == sa.bindparam("of")), changed)


def _is_same(found: SyncRecord, sent: SyncRecord) -> bool:
    if (found.account, found.kind, found.thing) != (sent.account, sent.kind, sent.thing):
        return False
    if not found.fields and (_is_refused(found) or found.kind in _LEFT_OF):
        return True  # nothing is left to compare it with
    if (found.was, found.fields) == (sent.was, sent.fields):
        return True
    # What it said besides may be erased by now.
    return (found.was, found.fields) == (without_text(sent.was), without_text(sent.fields))


def known(connection: Connection, record: SyncRecord) -> Mapping[str, Any] | None:
    """What was answered when it came first. Raises OtherRecord."""
    row = connection.execute(_KNOWN, {"key": record.id}).first()
    if row is None:
        return None
    found = _record(row)
    if not _is_same(found, bare(record)):
        raise OtherRecord(record.id)
    return found.answer


def keep(connection: Connection, record: SyncRecord) -> None:
    """Once it has become something, for ever. Two of one id at once: the first is kept."""
    record = bare(record)
    values = {name: getattr(record, name) for name in SyncRecord.__dataclass_fields__}
    if known(connection, record) is None:
        connection.execute(_INSERT, values)


@dataclass(frozen=True, slots=True)
class FileOf:
    """A file of an incident: where it is kept."""

    record: str
    incident: str
    evidence_id: str
    case_id: str
    sha256: str
    media_type: str
    size: int
    shows_people: bool


def submissions(connection: Connection, incident: str) -> list[tuple[SyncRecord, FileOf | None]]:
    """What was sent for it and did not become a step of its own, oldest first."""
    r, f = sync_records, incident_files
    query = (
        sa.select(r, *(c.label(f"file_{c.name}") for c in f.c))
        .outerjoin(f, f.c.record == r.c.id)
        .where(r.c.incident == incident)
        .order_by(r.c.received_us, r.c.id)
    )
    names = FileOf.__dataclass_fields__
    return [
        (
            _record(row),
            None
            if row.file_record is None
            else FileOf(**{n: getattr(row, f"file_{n}") for n in names}),
        )
        for row in connection.execute(query)
    ]


def files_of(connection: Connection, thing: str) -> list[tuple[SyncRecord, FileOf]]:
    """Files that were sent for a thing, such as a task, oldest first."""
    r = sync_records.c
    query = sa.select(r.incident).where(r.thing == thing, r.incident != "").distinct()
    return [
        (record, file)
        for incident in connection.execute(query).scalars().all()
        for record, file in submissions(connection, incident)
        if record.thing == thing and file is not None
    ]


def keep_file(connection: Connection, file: FileOf) -> None:
    if connection.execute(_HAS_FILE, {"key": file.record}).first() is None:
        values = {name: getattr(file, name) for name in FileOf.__dataclass_fields__}
        connection.execute(_INSERT_FILE, values)


def forget_text(connection: Connection, incident: str) -> None:
    """Erases what phones wrote of an incident and its tasks; what they sent stays known by id."""
    r = sync_records.c
    things = sa.select(tasks.c.id).where(tasks.c.incident_id == incident)
    query = sa.select(sync_records).where(
        sa.or_(r.thing == incident, r.incident == incident, r.thing.in_(things))
    )
    for row in connection.execute(query).all():
        answer = {**row.answer}
        if clashes := answer.get("clashes"):
            answer["clashes"] = [c for c in clashes if c["name"] not in TEXT]
        left = {"was": without_text(row.was), "fields": without_text(row.fields)}
        at = sa.update(sync_records).where(r.id == row.id)
        connection.execute(at.values(**left, answer=answer))


def same_file(connection: Connection, account: str, incident: str, sha256: str) -> FileOf | None:
    """One with that content that the account sent for the incident before."""
    of = {"of_account": account, "of_incident": incident, "of_sha256": sha256}
    row = connection.execute(_SAME_FILE, of).first()
    if row is None:
        return None
    return FileOf(**{name: getattr(row, name) for name in FileOf.__dataclass_fields__})


def case_of(connection: Connection, place: Sequence[str]) -> str:
    """Of an incident, its desk and the agency that leads it; empty where none was opened yet."""
    incident, desk, agency = place
    of = {"of_incident": incident, "of_desk": desk, "of_agency": agency}
    return str(connection.execute(_CASE_OF, of).scalar_one_or_none() or "")


def keep_case(connection: Connection, place: Sequence[str], case_id: str) -> None:
    """In the place of one that was closed, too."""
    incident, desk, agency = place
    row = {"incident": incident, "desk": desk, "agency": agency, "case_id": case_id}
    upsert(connection, incident_cases, [row])


def _record(row: sa.Row[Any]) -> SyncRecord:
    read = row._mapping
    return SyncRecord(**{name: read[name] for name in SyncRecord.__dataclass_fields__})
