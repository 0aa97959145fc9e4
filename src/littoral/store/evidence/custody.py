"""Taking in evidence, and showing or copying it; each step is a link in its chain of custody.

A link is a small document that names the one before by its hash. The log commits to it under the
evidence's own salt, before anything is shown; who gets the bundle gets the salt and can check it,
and once the evidence is erased the commitment tells nothing.

The first link of new evidence needs nothing of the records: the log has it before the transaction
begins that takes the evidence in, so that nobody else waits for the log. Where that transaction
then does not come to be, a further entry says so. Of later links `record` is called inside the
transaction, so it must not write to the same database.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.evidence import links
from littoral.store.evidence.media import Inspector
from littoral.store.evidence.sealed_file import read_sealed, write_sealed
from littoral.store.files import sync_directory
from littoral.store.tables import to_json
from littoral.store.vault import grants, rules, sealing, tables
from littoral.store.vault.cases import Opening
from littoral.store.vault.entries import (
    FAILED,
    AccessDenied,
    Ask,
    Entry,
    Record,
    deny,
    entry,
    places,
)
from littoral.store.vault.ids import is_id, new_id, ref
from littoral.store.vault.keyfiles import KeyDestroyed
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.vault import (
    Erased,
    NotThere,
    Vault,
    case_key,
    kept_row,
    open_bytes,
    open_text,
    require_case,
    seal_text,
)

DATA_CLASSES = ("operational", "personal", "sensitive")
VIEW, COPY, BUNDLE = "view", "copy", "bundle"
Passing = Callable[[Iterable[bytes]], Iterator[bytes]]
_log = logging.getLogger(__name__)
_coming: set[str] = set()  # ids of what is being taken in: files with a name and no row yet
# Built once: building a statement costs more than running it.
_INSERT = sa.insert(tables.evidence)
_e = tables.evidence.c
_SAME = (
    sa.select(tables.evidence)
    .where(
        _e.case_id == sa.bindparam("case"), _e.sha256 == sa.bindparam("sha256"),
        _e.erased_us.is_(None),
    )
    .order_by(_e.added_us, _e.id)
)  # fmt: skip


@dataclass(frozen=True)
class EvidenceRow:
    id: str
    case: str
    sha256: str
    media_type: str
    size: int
    data_class: str
    purpose: str
    added_by: str
    added_us: int


# What else is written of a piece as it is taken in, with the key that it is sealed under.
Beside = Callable[[Connection, EvidenceRow, DataKey], None]


@dataclass(frozen=True)
class Link:
    """`document` is what was hashed; `log_index` its place in the log, where that has places."""

    document: dict[str, Any]
    hash: str
    log_index: int | None


@dataclass(frozen=True)
class Opened:
    """Evidence whose showing is in the log. `about`: file name and what was noted with it."""

    row: EvidenceRow
    about: dict[str, Any]
    salt: bytes
    _path: Path
    _key: DataKey

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Byte for byte as handed in. Raises SealError if the file was changed."""
        return read_sealed(self._path, self._key, self.row.id, self.row.size, start, end)


def add(
    vault: Vault,
    folder: Path,
    ask: Ask,
    pieces: Iterable[bytes],
    name: str,
    declared_type: str,
    data_class: str,
    now_us: int,
    record: Record,
    note: str = "",
    taken_us: int | None = None,
    place_deg: tuple[float, float] | None = None,
    passing: Passing = iter,
    beside: Beside | None = None,
    opening: Opening | None = None,
) -> EvidenceRow:
    """Takes a file in as it streams. The same content in the same case again is the one that is
    there, also where both come at once, and the log says that it came again. `place_deg`:
    longitude, latitude. `passing` gets the bytes as they come and passes them on; `beside` writes
    in the transaction that takes the file in, or finds it there: both are kept or neither, and so
    is the case of `ask` where that is `opening` with it. Where one of the two raises, nothing is
    kept. Raises AccessDenied, media.MediaRefused."""
    evidence_id = new_id(now_us)
    try:
        if data_class not in DATA_CLASSES:
            raise AccessDenied("data_class", f"{data_class!r} is none of {DATA_CLASSES}")
        parent = _parent(vault, ask) if opening is None else opening.key.id
    except AccessDenied as denied:
        deny(record, ask, "evidence.add", ref("evidence", evidence_id), now_us, denied)
    key = vault.keys.create("evidence", now_us, vault.algorithm, parent=parent)
    path = path_of(folder, evidence_id)
    _coming.add(evidence_id)
    try:
        inspector = Inspector(name, declared_type, data_class != "operational")
        digest = _store(path, folder, key, evidence_id, pieces, inspector, passing)
        about = {"name": name, "note": note, "taken_us": taken_us, "place_deg": place_deg}
        row = EvidenceRow(
            evidence_id, ask.case, digest, inspector.type, inspector.size, data_class, ask.purpose,
            ask.actor, now_us,
        )  # fmt: skip
        new = _New(row, key, os.urandom(32), about, ask, beside, opening)
        kept = _taken_in(vault, new, record)
    except BaseException:
        _drop(vault, path, key, opening)
        raise
    finally:
        _coming.discard(evidence_id)
    if kept.id != evidence_id:
        _drop(vault, path, key)
    return kept


def show(
    vault: Vault,
    folder: Path,
    ask: Ask,
    evidence_id: str,
    now_us: int,
    record: Record,
    how: str = VIEW,
    grant_id: str | None = None,
) -> Opened:
    """Opens for a view or a copy. Personal and sensitive evidence needs a grant that names it or
    the whole case. Raises AccessDenied, NotThere, Erased."""
    with vault.db.read() as connection:
        row = kept_row(connection, tables.evidence, "evidence", evidence_id)
    thing = ref("evidence", evidence_id)
    try:
        key = vault.keys.get(row.key_id)
    except KeyDestroyed:
        raise Erased(f"evidence {evidence_id} was erased") from None
    salt = open_bytes(key, row.salt, "evidence", evidence_id, "salt")
    found = _as_row(row)
    try:
        with vault.db.write() as connection:
            _check_show(vault, connection, ask, row, grant_id, now_us)
            facts = {"grant": grant_id} if grant_id else {}
            links.add(
                connection, ask, found.id, salt, key, how, "evidence.read", now_us, record, facts
            )
    except AccessDenied as denied:
        deny(record, ask, "evidence.read", thing, now_us, denied)
    about = orjson.loads(open_text(key, row.about, "evidence", evidence_id, "about"))
    return Opened(found, about, salt, path_of(folder, evidence_id), key)


def chain(vault: Vault, evidence_id: str) -> list[Link]:
    """Oldest first; kept also when the evidence was erased."""
    c = tables.custody.c
    query = sa.select(tables.custody).where(c.evidence_id == evidence_id).order_by(c.number)
    with vault.db.read() as connection:
        return [Link(r.document, r.hash, r.log_index) for r in connection.execute(query)]


def found(vault: Vault, evidence_id: str) -> EvidenceRow:
    """For whoever decides whether it may be shown; nothing of it is to be shown before. Raises
    NotThere, Erased."""
    with vault.db.read() as connection:
        return _as_row(kept_row(connection, tables.evidence, "evidence", evidence_id))


def first_places(vault: Vault, evidence_ids: Collection[str]) -> dict[str, int]:
    """Where in the log each was taken in; left out where the log had no places."""
    c = tables.custody.c
    query = sa.select(c.evidence_id, c.log_index).where(
        c.evidence_id.in_(evidence_ids), c.number == 0, c.log_index.is_not(None)
    )
    with vault.db.read() as connection:
        return {row.evidence_id: row.log_index for row in connection.execute(query)}


def evidence_of(vault: Vault, case_id: str) -> list[EvidenceRow]:
    """What is there, oldest first; neither names nor content."""
    e = tables.evidence.c
    query = sa.select(tables.evidence).where(e.case_id == case_id, e.erased_us.is_(None))
    with vault.db.read() as connection:
        return [_as_row(r) for r in connection.execute(query.order_by(e.added_us, e.id))]


def sweep(vault: Vault, folder: Path) -> list[str]:
    """Removes files whose evidence was erased or never came to be; their ids.

    One that this process is just taking in stays: it is asked for after the folder was read, and
    before the rows, which have what came to be meanwhile.
    """
    names = [p.stem for p in folder.glob("*/*.sealed") if is_id(p.stem)]
    coming = set(_coming)
    e = tables.evidence.c
    with vault.db.read() as connection:
        alive = set(connection.execute(sa.select(e.id).where(e.erased_us.is_(None))).scalars())
    removed = sorted(set(names) - alive - coming)
    for evidence_id in removed:
        path_of(folder, evidence_id).unlink(missing_ok=True)
        sync_directory(path_of(folder, evidence_id).parent)
    return removed


def content_commitment(salt: bytes, sha256: str) -> str:
    """Stands for the content in what outlives it: HMAC-SHA256 of the hash's hexadecimal text."""
    return hmac.new(salt, sha256.encode(), hashlib.sha256).hexdigest()


def path_of(folder: Path, evidence_id: str) -> Path:
    """Raises NotThere for what is no id (and could be a path)."""
    if not is_id(evidence_id):
        raise NotThere(f"{evidence_id!r} is no evidence")
    return folder / evidence_id[-2:] / f"{evidence_id}.sealed"


def _store(
    path: Path,
    folder: Path,
    key: DataKey,
    evidence_id: str,
    pieces: Iterable[bytes],
    file: Inspector,
    passing: Passing,
) -> str:
    """SHA-256 of the plain bytes. The file has its name only when it is whole and synced."""
    stage = folder / ".stage"
    stage.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    sync_directory(folder)
    temporary = stage / path.name
    digest = hashlib.sha256()
    try:
        with open(temporary, "xb") as out:
            write_sealed(out, key, evidence_id, passing(_checked(pieces, file, digest)))
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_directory(path.parent)
    return digest.hexdigest()


def _checked(pieces: Iterable[bytes], inspector: Inspector, digest: Any) -> Iterator[bytes]:
    """Passes the bytes on once they are known to be what may be taken."""
    for piece in pieces:
        clear = inspector.feed(piece)
        digest.update(clear)
        yield clear
    rest = inspector.finish()
    digest.update(rest)
    yield rest


def _check_show(
    vault: Vault, connection: Connection, ask: Ask, row: Any, grant_id: str | None, now_us: int
) -> None:
    rules.check_words(ask.purpose, ask.legal_basis)
    if row.data_class == "operational":
        if ask.case != row.case_id:
            raise AccessDenied("other_case", "the evidence belongs to another case")
        return
    if grant_id is None:
        raise AccessDenied("no_grant", "personal evidence is shown only under a grant")
    mine = [row.id] if row.case_id == ask.case else []
    kinds = (rules.READ, rules.BREAK_GLASS)
    grants.use(vault, connection, grant_id, ask, [row.id], row.data_class, kinds, now_us, mine)
    rules.check_collected_for(row.purpose, ask)


@dataclass(frozen=True)
class _New:
    """A file that is sealed, and not taken in yet."""

    row: EvidenceRow
    key: DataKey
    salt: bytes
    about: dict[str, Any]
    ask: Ask
    beside: Beside | None
    opening: Opening | None

    def values(self) -> dict[str, Any]:
        row, key = self.row, self.key
        where = sealing.context("evidence", row.id, "salt")
        return {
            "id": row.id,
            "case_id": row.case,
            "sha256": row.sha256,
            "salt": sealing.seal(key.algorithm, key.key, self.salt, where),
            "commitment": content_commitment(self.salt, row.sha256),
            "media_type": row.media_type,
            "size": row.size,
            "data_class": row.data_class,
            "purpose": row.purpose,
            "about": seal_text(key, to_json(self.about), "evidence", row.id, "about"),
            "added_by": row.added_by,
            "added_us": row.added_us,
            "key_id": key.id,
            "algorithm": key.algorithm,
        }


def _taken_in(vault: Vault, new: _New, record: Record) -> EvidenceRow:
    """The log has it before the transaction begins, unless the same is there already; where that
    fails or finds the same, the log is told that nothing came of it."""
    row, ask, values = new.row, new.ask, new.values()
    facts = {"content": values["commitment"], "size": row.size, "media_type": row.media_type}
    link = links.first(ask, row.id, row.added_us, facts)
    said = [links.said(ask, link, new.salt, new.key, "evidence.add", facts)]
    if new.opening is not None:
        said = [*new.opening.entries, *said]
    told = [] if new.opening is None and _is_there(vault, row) else places(record, said)
    try:
        with vault.db.write() as connection:
            if new.opening is not None:
                new.opening.write(connection)
            elif (same := _same(connection, ask, row)) is not None:
                undone = _undone(said, told, "same")
                told = []
                return _again(vault, connection, new, same, record, undone)
            told = told or places(record, said)  # the same was there a moment ago, and is gone
            connection.execute(_INSERT, values)
            if new.beside is not None:
                new.beside(connection, row, new.key)
            links.insert(connection, link, told[-1])
    except BaseException as error:
        code = error.code if isinstance(error, AccessDenied) else type(error).__name__
        _tell(record, _undone(said, told, code))
        raise
    return row


def _undone(said: Sequence[Entry], told: Sequence[int | None], code: str) -> list[Entry]:
    """What takes entries back that are in the log at the places `told`."""
    return [
        replace(e, verdict=FAILED, facts={"code": code, "withdraws": at}, committed=None)
        for e, at in zip(said, told, strict=False)
    ]


def _tell(record: Record, entries: Sequence[Entry]) -> None:
    """Of a failure, which is what is raised, whatever becomes of this."""
    try:
        places(record, entries)
    except Exception:
        _log.exception("the log was not told what did not come to be: %s", entries[-1].thing)


def _parent(vault: Vault, ask: Ask) -> str:
    """The id of the case's key. Raises AccessDenied."""
    with vault.db.read() as connection:
        require_case(connection, ask)
        return case_key(vault, connection, ask.case).id


def _is_there(vault: Vault, row: EvidenceRow) -> bool:
    with vault.db.read() as connection:
        return (
            connection.execute(_SAME, {"case": row.case, "sha256": row.sha256}).first() is not None
        )


def _same(connection: Connection, ask: Ask, row: EvidenceRow) -> Any:
    """The row of that content in the case, which is locked, so that of two that come at once the
    second sees the first. Raises AccessDenied."""
    c = tables.cases.c
    connection.execute(sa.select(c.id).where(c.id == ask.case).with_for_update())
    require_case(connection, ask)
    return connection.execute(_SAME, {"case": row.case, "sha256": row.sha256}).first()


def _again(
    vault: Vault, connection: Connection, new: _New, same: Any, record: Record,
    undone: Sequence[Entry],
) -> EvidenceRow:  # fmt: skip
    """Where somebody says that it shows more than was said before, that holds for both. `undone`:
    what is told besides."""
    row, data_class = _as_row(same), new.row.data_class
    said: dict[str, Any] = {"again": True}
    if DATA_CLASSES.index(data_class) > DATA_CLASSES.index(row.data_class):
        said |= {"was_class": row.data_class, "class": data_class}
        e = tables.evidence.c
        raised = sa.update(tables.evidence).where(e.id == row.id).values(data_class=data_class)
        connection.execute(raised)
        row = replace(row, data_class=data_class)
    if new.beside is not None:
        new.beside(connection, row, vault.keys.get(same.key_id))
    again = entry(new.ask, "evidence.add", ref("evidence", row.id), new.row.added_us, **said)
    places(record, [*undone, again])
    return row


def _drop(vault: Vault, path: Path, key: DataKey, opening: Opening | None = None) -> None:
    """What was begun and is not wanted: it was never shown and no row names it."""
    path.unlink(missing_ok=True)
    vault.keys.discard(key.id)
    if opening is not None:
        vault.keys.discard(opening.key.id)


def _as_row(row: Any) -> EvidenceRow:
    return EvidenceRow(
        row.id, row.case_id, row.sha256, row.media_type, row.size, row.data_class, row.purpose,
        row.added_by, row.added_us,
    )  # fmt: skip
