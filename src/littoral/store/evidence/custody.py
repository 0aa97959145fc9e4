"""Taking in evidence, and showing or copying it; each step is a link in its chain of custody.

A link is a small document that names the one before by its hash. The log commits to it under the
evidence's own salt, before anything is shown; who gets the bundle gets the salt and can check it,
and once the evidence is erased the commitment tells nothing.

`record` is called inside the transaction that adds the link, so it must not write to the same
database.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.evidence.media import Inspector
from littoral.store.evidence.sealed_file import read_sealed, write_sealed
from littoral.store.files import sync_directory
from littoral.store.tables import to_json
from littoral.store.vault import grants, rules, sealing, tables
from littoral.store.vault.entries import (
    AccessDenied,
    Ask,
    Committed,
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
) -> EvidenceRow:
    """Takes a file in as it streams. The same content in the same case again is the one that is
    there, also where both come at once, and the log says that it came again. `place_deg`:
    longitude, latitude. `passing` gets the bytes as they come and passes them on; `beside` writes
    in the transaction that takes the file in, or finds it there: both are kept or neither. Where
    one of the two raises, nothing is kept. Raises AccessDenied, media.MediaRefused."""
    evidence_id = new_id(now_us)
    try:
        if data_class not in DATA_CLASSES:
            raise AccessDenied("data_class", f"{data_class!r} is none of {DATA_CLASSES}")
        with vault.db.read() as connection:
            require_case(connection, ask)
            parent = case_key(vault, connection, ask.case).id
    except AccessDenied as denied:
        deny(record, ask, "evidence.add", ref("evidence", evidence_id), now_us, denied)
    key = vault.keys.create("evidence", now_us, vault.algorithm, parent=parent)
    path = path_of(folder, evidence_id)
    try:
        inspector = Inspector(name, declared_type, data_class != "operational")
        digest = _store(path, folder, key, evidence_id, pieces, inspector, passing)
        size, media_type = inspector.size, inspector.type
        about = {"name": name, "note": note, "taken_us": taken_us, "place_deg": place_deg}
        salt = os.urandom(32)
        row = EvidenceRow(
            evidence_id, ask.case, digest, media_type, size, data_class, ask.purpose, ask.actor,
            now_us,
        )  # fmt: skip
        with vault.db.write() as connection:
            c = tables.cases.c  # locked, so that of two that come at once the second sees the first
            connection.execute(sa.select(c.id).where(c.id == ask.case).with_for_update())
            require_case(connection, ask)
            if (same := _same(connection, ask.case, digest)) is not None:
                row = _again(vault, connection, ask, same, data_class, now_us, record, beside)
                _drop(vault, path, key)
                return row
            connection.execute(
                sa.insert(tables.evidence),
                {
                    "id": evidence_id,
                    "case_id": ask.case,
                    "sha256": digest,
                    "salt": sealing.seal(
                        key.algorithm,
                        key.key,
                        salt,
                        sealing.context("evidence", evidence_id, "salt"),
                    ),
                    "commitment": content_commitment(salt, digest),
                    "media_type": media_type,
                    "size": size,
                    "data_class": data_class,
                    "purpose": ask.purpose,
                    "about": seal_text(key, to_json(about), "evidence", evidence_id, "about"),
                    "added_by": ask.actor,
                    "added_us": now_us,
                    "key_id": key.id,
                    "algorithm": key.algorithm,
                },
            )
            if beside is not None:
                beside(connection, row, key)
            facts = {
                "content": content_commitment(salt, digest),
                "size": size,
                "media_type": media_type,
            }
            _link(connection, ask, row, salt, key.id, "add", "evidence.add", now_us, record, facts)
    except BaseException:
        _drop(vault, path, key)
        raise
    return row


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
            _link(connection, ask, found, salt, key.id, how, "evidence.read", now_us, record, facts)
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

    Files are tried only against rows that were there before the folder was read, so that one that
    is just being added stays: it is not yet under its name.
    """
    names = [p.stem for p in folder.glob("*/*.sealed") if is_id(p.stem)]
    e = tables.evidence.c
    with vault.db.read() as connection:
        alive = set(connection.execute(sa.select(e.id).where(e.erased_us.is_(None))).scalars())
    removed = sorted(set(names) - alive)
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


def _link(
    connection: Connection,
    ask: Ask,
    row: EvidenceRow,
    salt: bytes,
    key_id: str,
    step: str,
    action: str,
    now_us: int,
    record: Record,
    facts: dict[str, Any],
) -> None:
    c = tables.custody.c
    locked = sa.select(tables.evidence.c.id).where(tables.evidence.c.id == row.id)
    connection.execute(locked.with_for_update())
    last = connection.execute(
        sa.select(c.number, c.hash)
        .where(c.evidence_id == row.id)
        .order_by(c.number.desc())
        .limit(1)
    ).first()
    document = {
        "evidence": row.id, "number": last.number + 1 if last else 0, "step": step,
        "previous": last.hash if last else "", "actor": ask.actor, "purpose": ask.purpose,
        "case": ask.case, "legal_basis": ask.legal_basis, "time_us": now_us, **facts,
    }  # fmt: skip
    plain = to_json(document).encode()
    base = entry(ask, action, ref("evidence", row.id), now_us)
    said = Entry(
        base.actor, base.action, base.thing, base.purpose, base.case, base.legal_basis, now_us,
        base.verdict, {"step": step, **facts}, Committed(plain, key_id, salt),
    )  # fmt: skip
    (index,) = places(record, [said])
    connection.execute(
        sa.insert(tables.custody),
        {
            "evidence_id": row.id,
            "number": document["number"],
            "document": document,
            "hash": hashlib.sha256(plain).hexdigest(),
            "log_index": index,
        },
    )


def _same(connection: Connection, case_id: str, digest: str) -> Any:
    """The row of that content in the case."""
    e = tables.evidence.c
    query = sa.select(tables.evidence).where(
        e.case_id == case_id, e.sha256 == digest, e.erased_us.is_(None)
    )
    return connection.execute(query.order_by(e.added_us, e.id)).first()


def _again(
    vault: Vault,
    connection: Connection,
    ask: Ask,
    same: Any,
    data_class: str,
    now_us: int,
    record: Record,
    beside: Beside | None,
) -> EvidenceRow:
    """Where somebody says that it shows more than was said before, that holds for both."""
    row = _as_row(same)
    said: dict[str, Any] = {"again": True}
    if DATA_CLASSES.index(data_class) > DATA_CLASSES.index(row.data_class):
        said |= {"was_class": row.data_class, "class": data_class}
        e = tables.evidence.c
        raised = sa.update(tables.evidence).where(e.id == row.id).values(data_class=data_class)
        connection.execute(raised)
        row = replace(row, data_class=data_class)
    if beside is not None:
        beside(connection, row, vault.keys.get(same.key_id))
    places(record, [entry(ask, "evidence.add", ref("evidence", row.id), now_us, **said)])
    return row


def _drop(vault: Vault, path: Path, key: DataKey) -> None:
    """What was begun and is not wanted: it was never shown and no row names it."""
    path.unlink(missing_ok=True)
    vault.keys.discard(key.id)


def _as_row(row: Any) -> EvidenceRow:
    return EvidenceRow(
        row.id, row.case_id, row.sha256, row.media_type, row.size, row.data_class, row.purpose,
        row.added_by, row.added_us,
    )  # fmt: skip
