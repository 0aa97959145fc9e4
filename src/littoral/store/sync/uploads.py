"""Files on their way, in pieces, until they are in evidence custody.

    <data>/uploads/<id>/<offset, 15 digits>-<bytes>     a sealed piece

Each piece is sealed as it comes, under a key of this upload that lies with the vault's: what lies
here may show persons. The key is destroyed once the file is in custody or given up, so that no
backup of the folder yields it. What is begun and not used within a week is removed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from littoral.store.clock import clock_us
from littoral.store.database import upsert
from littoral.store.files import sync_directory
from littoral.store.sync.tables import uploads
from littoral.store.vault import sealing, tables
from littoral.store.vault.ids import is_id, new_id
from littoral.store.vault.keyfiles import KeyMissing
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.vault import Vault

SHARED = "uploads"  # name of the key that all had before each had its own
ENDED = "upload"  # why a key of one was destroyed
FOLDER = "uploads"
PIECE = 256 * 1024  # sealed and synced as one
KEEP_US = 7 * 86_400_000_000


@dataclass(frozen=True, slots=True)
class Upload:
    id: str
    account: str
    sha256: str
    size: int
    key_id: str
    algorithm: str
    made_us: int


class Staging:
    """The folder of one server's uploads. An upload is written by one request at a time: the caller
    sees to that."""

    def __init__(self, data: Path, vault: Vault) -> None:
        self.folder, self.vault = data / FOLDER, vault

    def begin(self, account: str, sha256: str, size: int, now_us: int) -> Upload:
        """The same file of the same account is the one that is on its way already."""
        mine = (uploads.c.account == account, uploads.c.sha256 == sha256)
        with self.vault.db.read() as connection:
            row = connection.execute(sa.select(uploads).where(*mine)).first()
        if row is not None and row.size == size and self._opens(row):
            return _upload(row)
        if row is not None:
            self.drop(_upload(row))
        key = self.vault.keys.create("upload", now_us, self.vault.algorithm)
        made = Upload(new_id(now_us), account, sha256, size, key.id, key.algorithm, now_us)
        place = self.folder / made.id
        place.mkdir(parents=True, mode=0o700)
        sync_directory(self.folder)
        with self.vault.db.write() as connection:
            values = {name: getattr(made, name) for name in Upload.__dataclass_fields__}
            first = connection.execute(sa.select(uploads).where(*mine)).first()
            if first is None:
                connection.execute(sa.insert(uploads).values(**values))
        if first is None:
            return made
        self._remove(made.id)  # another request began it meanwhile
        self.vault.keys.discard(key.id)
        return _upload(first)

    def of(self, account: str, upload_id: str) -> Upload | None:
        u = uploads.c
        return self._one(u.id == upload_id, u.account == account) if is_id(upload_id) else None

    def of_file(self, account: str, sha256: str) -> Upload | None:
        u = uploads.c
        return self._one(u.account == account, u.sha256 == sha256)

    def offset(self, upload: Upload) -> int:
        """Bytes that are there, durable, without a gap."""
        return sum(size for _, size in self._pieces(upload))

    def write(self, upload: Upload, offset: int, data: Iterable[bytes]) -> Iterator[int]:
        """Seals what comes, and gives the new offset each time a piece is durable. What was begun
        when the line broke is kept too: close the iterator, or let it end."""
        key = self.vault.keys.get(upload.key_id)
        waiting = bytearray()
        try:
            for part in data:
                waiting += part
                while len(waiting) >= PIECE:
                    offset = self._keep(upload, key, offset, bytes(waiting[:PIECE]))
                    del waiting[:PIECE]
                    yield offset
        finally:
            if waiting:
                offset = self._keep(upload, key, offset, bytes(waiting))
        yield offset

    def read(self, upload: Upload) -> Iterator[bytes]:
        """The plain bytes. Raises SealError for a piece that was changed."""
        key = self.vault.keys.get(upload.key_id)
        for offset, size in self._pieces(upload):
            sealed = self._path(upload, offset, size).read_bytes()
            yield sealing.unseal(key.algorithm, key.key, sealed, _where(upload, offset))

    def is_what_it_says(self, upload: Upload) -> bool:
        digest = hashlib.sha256()
        for piece in self.read(upload):
            digest.update(piece)
        return digest.hexdigest() == upload.sha256

    def drop(self, upload: Upload) -> None:
        """The key first: from then on no copy can be read. What a crash leaves of the rest is begun
        anew, or swept."""
        self._end_key(upload.key_id)
        self._remove(upload.id)
        with self.vault.db.write() as connection:
            connection.execute(sa.delete(uploads).where(uploads.c.id == upload.id))

    def of_account(self, account: str) -> tuple[int, int]:
        """How many are on their way, and how many bytes they are to have."""
        u = uploads.c
        query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(u.size), 0))
        with self.vault.db.read() as connection:
            count, size = connection.execute(query.where(u.account == account)).one()
        return int(count), int(size)

    def sweep(self, now_us: int) -> None:
        """Removes what nobody went on with."""
        query = sa.select(uploads).where(uploads.c.made_us < now_us - KEEP_US)
        with self.vault.db.read() as connection:
            old = [_upload(row) for row in connection.execute(query)]
        for upload in old:
            self.drop(upload)

    def end_shared(self) -> None:
        """The key that all uploads had before. What is on its way under it is sent anew."""
        k, u = tables.named_keys.c, uploads.c
        with self.vault.db.read() as connection:
            query = sa.select(k.key_id).where(k.name == SHARED)
            key_id = connection.execute(query).scalar_one_or_none()
            if key_id is None:
                return
            under = sa.select(uploads).where(u.key_id == key_id)
            left = [_upload(row) for row in connection.execute(under)]
        self._end_key(key_id)
        for upload in left:
            self.drop(upload)
        with self.vault.db.write() as connection:
            connection.execute(sa.delete(tables.named_keys).where(k.name == SHARED))

    def _one(self, *where: Any) -> Upload | None:
        with self.vault.db.read() as connection:
            row = connection.execute(sa.select(uploads).where(*where)).first()
        return None if row is None or not self._opens(row) else _upload(row)

    def _opens(self, row: sa.Row[Any]) -> bool:
        """Whether its key is there: that of one which a backup brought back is not."""
        try:
            self.vault.keys.get(row.key_id)
        except KeyMissing:
            return False
        return True

    def _pieces(self, upload: Upload) -> list[tuple[int, int]]:
        """Offset and plain size of each, as far as they follow one another."""
        found = sorted(
            (int(offset), int(size))
            for path in (self.folder / upload.id).glob("*-*")
            if not path.name.endswith(".new")
            for offset, _, size in [path.name.partition("-")]
        )
        out: list[tuple[int, int]] = []
        at = 0
        for offset, size in found:
            if offset == at:
                out.append((offset, size))
                at += size
        return out

    def _keep(self, upload: Upload, key: DataKey, offset: int, plain: bytes) -> int:
        path = self._path(upload, offset, len(plain))
        sealed = sealing.seal(key.algorithm, key.key, plain, _where(upload, offset))
        temporary = path.with_name(path.name + ".new")
        with open(temporary, "wb") as out:
            out.write(sealed)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
        sync_directory(path.parent)
        return offset + len(plain)

    def _path(self, upload: Upload, offset: int, size: int) -> Path:
        return self.folder / upload.id / f"{offset:015d}-{size}"

    def _remove(self, upload_id: str) -> None:
        shutil.rmtree(self.folder / upload_id, ignore_errors=True)

    def _end_key(self, key_id: str) -> None:
        """The records keep its id, for a key folder that comes back from a backup."""
        now_us = clock_us()
        self.vault.keys.destroy(key_id, now_us, ENDED)
        gone = {
            "key_id": key_id, "thing": key_id, "kind": ENDED, "reason": ENDED,
            "destroyed_us": now_us,
        }  # fmt: skip
        with self.vault.db.write() as connection:
            upsert(connection, tables.erasures, [gone])


def _where(upload: Upload, offset: int) -> bytes:
    return sealing.context("upload", upload.id, str(offset))


def _upload(row: sa.Row[Any]) -> Upload:
    read = row._mapping
    return Upload(**{name: read[name] for name in Upload.__dataclass_fields__})
