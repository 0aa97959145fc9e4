"""The key ring: data keys by id, wrapped by the master key or by the key of their case.

No plain key is kept in memory longer than the call that needs it, so that a key destroyed by one
process is gone for all of them at once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from littoral.store.vault import sealing
from littoral.store.vault.ids import new_id
from littoral.store.vault.keyfiles import (
    UNKNOWN,
    KeyDamaged,
    KeyDestroyed,
    KeyFile,
    KeyFiles,
    KeyFolderError,
    KeyMissing,
    Tombstone,
    check_apart,
)
from littoral.store.vault.master import Master, new_master, read_masters, write_masters
from littoral.store.vault.master import master_file as beside
from littoral.store.vault.mirrors import named

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DataKey:
    id: str
    algorithm: str
    key: bytes

    def __repr__(self) -> str:
        return f"DataKey({self.id}, {self.algorithm})"


@dataclass(frozen=True)
class RotationReport:
    """`finished`: the old master is gone. Where a mirror could not be written it is kept until
    the next opening has written that."""

    old: str
    new: str
    wrapped: int
    finished: bool


class KeyRing:
    def __init__(self, files: KeyFiles, master_file: Path) -> None:
        self.files = files
        self.master_file = master_file
        self._masters: list[Master] = []
        self._stamp = (0, 0)
        self._refresh()
        if len(self._masters) > 1 and not files.to_read:  # a rotation was interrupted
            with files.locked(alone=True):
                self._refresh()
                self._rewrap()

    @classmethod
    def open(
        cls,
        data: Path,
        now_us: int,
        keys: Path | None = None,
        master_file: Path | None = None,
        mirrors: Sequence[Path] | None = None,
        algorithm: str = sealing.AES,
    ) -> KeyRing:
        """By default in `<data>-keys/` and `<data>-master/master.json`, beside the data folder,
        with the mirrors that are named there.

        A master key is made when there are no keys at all. Raises KeyFolderError, and MasterError
        when there are keys and their master is missing.
        """
        data = data.resolve()
        keys = keys or data.with_name(data.name + "-keys")
        master_file = master_file or beside(data)
        mirrors = named(keys) if mirrors is None else mirrors
        check_apart(data, keys, master_file.parent, *mirrors)
        check_apart(keys, master_file.parent, *mirrors)
        files = KeyFiles(keys, mirrors)
        if not master_file.exists() and not files.ids() and not files.tombstones():
            write_masters(master_file, [new_master(now_us, algorithm)])
        return cls(files, master_file)

    @classmethod
    def to_read(cls, data: Path, keys: Path) -> KeyRing:
        """What is there, for a command beside a server: nothing is made, settled or wrapped anew.
        Raises MasterError."""
        return cls(KeyFiles(keys, named(keys), to_read=True), beside(data))

    @property
    def master(self) -> Master:
        return self._masters[0]

    @property
    def is_rotating(self) -> bool:
        """Whether keys may still be wrapped by a master of before."""
        return len(self._masters) > 1

    def create(
        self, kind: str, now_us: int, algorithm: str = sealing.AES, parent: str | None = None
    ) -> DataKey:
        """A new key, durable before it is given. `parent`: the key of the case it falls with."""
        made = DataKey(new_id(now_us), algorithm, sealing.new_key(algorithm))
        with self.files.locked():
            self._refresh()  # a key wrapped by a master that was just rotated out would be lost
            over = self.get(parent) if parent else _wrapping(self.master)
            shell = KeyFile(made.id, kind, over.id, algorithm, over.algorithm, "", now_us)
            sealed = sealing.seal(over.algorithm, over.key, made.key, _where(shell))
            self.files.write(replace(shell, wrapped=sealed.hex()))
        return made

    def get(self, key_id: str) -> DataKey:
        """Raises KeyDestroyed (also when the key of its case was), KeyMissing, KeyDamaged."""
        return self._opened(key_id)[1]

    def _opened(self, key_id: str, below: tuple[str, ...] = ()) -> tuple[KeyFile, DataKey]:
        """The first copy that opens, and what is in it. `below`: what it wraps, so that none that
        goes round is followed. Raises as `get`: a copy whose parent is no key is damaged as one
        whose bytes are."""
        wrong: Exception | None = None
        destroyed: KeyDestroyed | None = None
        for found in self.files.copies(key_id):
            try:
                over = self._over(found, (*below, key_id))
                wrapped = bytes.fromhex(found.wrapped)
                key = sealing.unseal(found.wrapping, over.key, wrapped, _where(found))
            except KeyDestroyed as error:
                destroyed = error
                continue
            except (KeyMissing, ValueError, sealing.SealError) as error:
                wrong = wrong or error
                continue
            return found, DataKey(key_id, found.algorithm, key)
        if destroyed is not None:
            raise destroyed
        raise KeyDamaged(f"the file of key {key_id} does not open") from wrong

    def _over(self, found: KeyFile, below: tuple[str, ...]) -> DataKey:
        for again in (False, True):
            if again:
                self._refresh()  # another process may have rotated
            for master in self._masters:
                if master.id == found.parent:
                    return _wrapping(master)
        if found.parent in below:
            raise KeyDamaged(f"the key {found.parent} wraps itself")
        return self._opened(found.parent, below)[1]

    def alive(self, key_id: str) -> bool:
        try:
            self.get(key_id)
        except KeyDestroyed:
            return False
        return True

    def is_readable(self, key_id: str) -> bool:
        """Neither destroyed nor lost nor damaged."""
        try:
            self.get(key_id)
        except KeyMissing:
            return False
        return True

    def opens_none_but(self, key_id: str) -> bool:
        """Whether there are other keys and none of them opens: then the master key is another one,
        or all of the folder is an old backup, and `key_id` need not be damaged itself."""
        others = self.files.ids_anywhere() - {key_id}
        return bool(others) and not any(self.is_readable(other) for other in others)

    def destroy(self, key_id: str, now_us: int, reason: str) -> None:
        """For ever. Keys that it wrapped can no longer be read either."""
        self.files.destroy(Tombstone(key_id, now_us, reason))

    def discard(self, key_id: str) -> None:
        """A key that came to seal nothing that was kept; it leaves no tombstone."""
        self.files.discard(key_id)

    def refuse(self, key_ids: Iterable[str], now_us: int) -> list[str]:
        """Ids of destroyed keys, as the log lists them: buries those without a tombstone here and
        destroys what came back from an old backup. Returns the ids of the keys that had come back.
        """
        there = self.files.ids()
        known = {t.id for t in self.files.tombstones()}
        back = []
        for key_id in sorted(set(key_ids)):
            if key_id in there:
                back.append(key_id)
            if key_id in there or key_id not in known:
                self.destroy(key_id, now_us, UNKNOWN)
        return back

    def rotate(self, now_us: int, algorithm: str = sealing.AES) -> RotationReport:
        """A new master key; what it wraps is wrapped anew and the old one is overwritten.

        Backups of the key folder made before are worth nothing after this, whatever they hold.
        The sealed copies have to be made anew. Raises KeyFolderError while a mirror is out of
        reach: what it holds would open no longer.
        """
        with self.files.locked(alone=True):
            self.require_mirrors()
            self._refresh()
            old = self.master
            self._write([new_master(now_us, algorithm), *self._masters])
            wrapped = self._rewrap()
            return RotationReport(old.id, self.master.id, wrapped, len(self._masters) == 1)

    def require_mirrors(self) -> None:
        """Raises KeyFolderError while one is out of reach."""
        if absent := self.files.absent():
            raise KeyFolderError(
                f"the mirror {absent[0]} is out of reach: what it holds would open no longer"
            )

    def _refresh(self) -> None:
        try:
            at = self.master_file.stat()
        except FileNotFoundError:
            at = None
        if at is None or (at.st_ino, at.st_mtime_ns) != self._stamp:
            self._masters = read_masters(self.master_file)
            at = self.master_file.stat()
            self._stamp = (at.st_ino, at.st_mtime_ns)

    def _write(self, masters: list[Master]) -> None:
        write_masters(self.master_file, masters)
        self._refresh()

    def _rewrap(self) -> int:
        """Until it is through everywhere the old masters are kept: nothing else may open what a
        mirror has."""
        old = {m.id for m in self._masters[1:]}
        count, everywhere = 0, not self.files.absent()
        for key_id in sorted(self.files.ids_anywhere()):
            try:
                found, key = self._opened(key_id)
                if found.parent in old:
                    found = self._wrapped_anew(found, key)
                    count += 1
                if not self.files.is_everywhere(found):  # which brings a damaged copy back, too
                    everywhere &= self.files.write(found)
            except KeyDestroyed:  # by another process, meanwhile
                continue
            except KeyMissing as error:  # it opens nothing, so the old master is not kept for it
                _log.warning("passed over while wrapping keys anew: %s", error)
        if everywhere:
            self._write(self._masters[:1])
        else:
            _log.warning("the old master key is kept until every mirror has the keys wrapped anew")
        return count

    def _wrapped_anew(self, found: KeyFile, key: DataKey) -> KeyFile:
        shell = replace(found, parent=self.master.id, wrapping=self.master.algorithm)
        sealed = sealing.seal(self.master.algorithm, self.master.key, key.key, _where(shell))
        return replace(shell, wrapped=sealed.hex())


def _wrapping(master: Master) -> DataKey:
    return DataKey(master.id, master.algorithm, master.key)


def _where(key: KeyFile) -> bytes:
    """Binds the wrapped key to its header, so that no field of the file can be changed alone."""
    return sealing.context(
        "key", key.id, key.kind, key.parent, key.algorithm, key.wrapping, str(key.made_us)
    )
