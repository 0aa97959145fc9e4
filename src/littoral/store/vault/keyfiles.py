"""The key folder: one small file a key, tombstones for those destroyed, mirrors that follow.

    <data>-keys/
      keys/7f/0193...c27f.json        a wrapped key, in the folder of its id's last two digits
      tombstones/7f/0193...c27f.json  the key was destroyed and is refused for ever
      log.key, signin.key, policy-signers/*.key   of others, and mirrored with them
      mirrors                         where the mirrors are (`mirrors`)

A key is written to the folder and to every mirror before it may be used, each file synced. It is
destroyed in this order: the tombstone, synced, everywhere; then the key's bytes overwritten,
synced, removed, the folder synced. A crash in between leaves a key with a tombstone, which is
refused, and removed when the folder is opened again. A mirror that cannot be reached keeps its
key for the time being: `pending` says so, and it is cleared when it is there again.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from littoral.store.files import sync_directory
from littoral.store.vault.ids import is_id

FORMAT = "littoral-key/1"
# Of the log, of sign-in and of policy signers, which lie in the key folder too: without them a
# backup of the data neither goes on with its log nor opens a second factor.
BESIDE = ("log.key", "signin.key", "policy-signers/*.key")
UNKNOWN = "refused"  # reason of a tombstone that does not tell its own
_log = logging.getLogger(__name__)


class KeyMissing(Exception):
    """No such key is in the folder: it was lost, or never was here."""


class KeyDestroyed(KeyMissing):
    """The key was destroyed on purpose; what it sealed cannot be read again."""


class KeyFolderError(Exception):
    """The key folder cannot be used as it is; the message says why."""


class KeyDamaged(KeyMissing, KeyFolderError):
    """What is there of the key opens nothing: as good as lost, until a backup brings it back."""


@dataclass(frozen=True)
class KeyFile:
    """A wrapped key. `algorithm` is what it is used with, `wrapping` what wraps it."""

    id: str
    kind: str  # subject, case, evidence, index, upload
    parent: str  # id of the key that wraps it: a case's, or a master key's
    algorithm: str
    wrapping: str
    wrapped: str  # hex
    made_us: int


@dataclass(frozen=True)
class Tombstone:
    id: str
    destroyed_us: int
    reason: str  # a word, never a sentence about a person


def check_apart(data: Path, *others: Path) -> None:
    """Raises KeyFolderError when a backup of `data` would contain one of the others."""
    data = data.resolve()
    for other in others:
        at = other.resolve()
        if at == data or data in at.parents or at in data.parents:
            raise KeyFolderError(
                f"keys must lie outside the data folder, so that its backups do not hold them: "
                f"{other} and {data}"
            )


def same_deployment(keys: Path, mirror: Path) -> bool:
    """Whether what lies in both can be of one, as far as both hold anything."""
    for name in _beside(keys) & _beside(mirror):
        if (keys / name).read_bytes() != (mirror / name).read_bytes():
            return False
    here, there = (_names(p / "keys") | _names(p / "tombstones") for p in (keys, mirror))
    return not here or not there or bool(here & there)


def prepare(place: Path) -> None:
    """Makes an empty key folder or mirror. A mirror must be prepared once by hand: one whose disk
    is not mounted must not be taken for an empty one."""
    for name in ("keys", "tombstones"):
        (place / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    place.chmod(0o700)
    sync_directory(place)


class KeyFiles:
    """Safe for several threads and processes: files appear and vanish whole. Who writes a key
    holds `locked`. `to_read`: what is there is left as it is, for a look beside a server."""

    def __init__(
        self, folder: Path, mirrors: Sequence[Path] = (), *, to_read: bool = False
    ) -> None:
        self.folder = folder
        self.mirrors = tuple(mirrors)
        self.to_read = to_read
        if not to_read:
            prepare(folder)
            self.settle()

    @contextmanager
    def locked(self, alone: bool = False) -> Iterator[None]:
        """Against other processes: many make keys at once, one wraps them anew alone."""
        fd = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield
        finally:
            os.close(fd)

    def write(self, key: KeyFile) -> bool:
        """Also over an earlier file of the same id; whether every mirror within reach has it.
        Raises KeyDestroyed."""
        if self.destroyed(key.id):
            raise KeyDestroyed(key.id)
        text = json.dumps({"format": FORMAT, **asdict(key)}, sort_keys=True).encode()
        places = self._reached()
        written = 0
        for place in places:
            with self._forgiving(place):
                _put(_key_path(place, key.id), text)
                written += 1
        return written == len(places)

    def is_everywhere(self, key: KeyFile) -> bool:
        """Whether the folder and every mirror within reach hold this very file."""
        try:
            return all(
                _key_of(_key_path(place, key.id).read_bytes()) == key for place in self._reached()
            )
        except (OSError, KeyDamaged):
            return False

    def read(self, key_id: str) -> KeyFile:
        """From a mirror where the folder's own is damaged. Raises KeyDestroyed, KeyMissing,
        KeyDamaged."""
        return next(self.copies(key_id))

    def copies(self, key_id: str) -> Iterator[KeyFile]:
        """The folder's own, then those of the mirrors: a byte that has changed within the wrapped
        key shows only where it is opened. One at least, or it raises as `read`."""
        if not is_id(key_id):
            raise KeyMissing(key_id)
        damaged, found = "", False
        for place in (self.folder, *self.mirrors):
            try:
                copy = _key_of(_key_path(place, key_id).read_bytes())
                if copy.id != key_id:
                    raise KeyDamaged(f"it is that of {copy.id}")
            except FileNotFoundError:
                continue
            except (OSError, KeyDamaged) as error:  # a bad sector; or being overwritten just now
                damaged = damaged or f"the file of key {key_id}: {error}"
                continue
            if self.destroyed(key_id):
                break
            found = True
            yield copy
        if self.destroyed(key_id):
            raise KeyDestroyed(key_id)
        if damaged and not found:
            raise KeyDamaged(damaged)
        if not found:
            raise KeyMissing(key_id)

    def destroyed(self, key_id: str) -> bool:
        return any(_tombstone_path(p, key_id).exists() for p in (self.folder, *self.mirrors))

    def ids(self) -> set[str]:
        """Of the keys that are there."""
        return _names(self.folder / "keys")

    def ids_anywhere(self) -> set[str]:
        """Those too that only a mirror still has."""
        return set[str]().union(*(_names(place / "keys") for place in self._reached()))

    def tombstones(self) -> list[Tombstone]:
        """Of the folder and its mirrors together, by id."""
        return sorted(self._tombstones()[0].values(), key=lambda t: t.id)

    def _tombstones(self) -> tuple[dict[str, Tombstone], set[Path]]:
        """By id; and the files that cannot be read. The name alone says that the key is destroyed:
        what none tells of it is time 0 and `UNKNOWN`."""
        found: dict[str, Tombstone] = {}
        named: set[str] = set()
        spoilt = set()
        for place in self._reached():
            here = _names(place / "tombstones")
            named |= here
            for key_id in here - found.keys():
                path = _tombstone_path(place, key_id)
                stone = _tombstone_of(path, key_id)
                if stone is None:
                    _log.warning("%s cannot be read; its name says that the key is destroyed", path)
                    spoilt.add(path)
                else:
                    found[key_id] = stone
        return {
            key_id: found.get(key_id, Tombstone(key_id, 0, UNKNOWN)) for key_id in named
        }, spoilt

    def destroy(self, stone: Tombstone) -> None:
        """Idempotent. What could not be done at a mirror is in `pending`."""
        with self.locked():
            self._destroy(stone)

    def _destroy(self, stone: Tombstone, spoilt: Collection[Path] = ()) -> None:
        """`spoilt`: tombstones to be written again."""
        text = json.dumps(asdict(stone), sort_keys=True).encode()
        places = self._reached()
        for place in places:
            path = _tombstone_path(place, stone.id)
            if path in spoilt or not path.exists():
                with self._forgiving(place):
                    _put(path, text)
        for place in places:
            with self._forgiving(place):
                _shred(_key_path(place, stone.id))

    def discard(self, key_id: str) -> None:
        """Removes a key without a tombstone."""
        for place in self._reached():
            with self._forgiving(place):
                _shred(_key_path(place, key_id))

    def settle(self) -> list[str]:
        """Finishes what a crash or an absent mirror left; ids of keys that were removed by it.

        Destroyed keys go everywhere; a living key that one place lacks is brought there from
        another, so a lost folder comes back from its mirror. Alone, since it clears away what
        looks unfinished.
        """
        with self.locked(alone=True):
            return self._settle()

    def _settle(self) -> list[str]:
        places = self._reached()
        stones, spoilt = self._tombstones()
        buried = stones.keys()
        keys = {place: _names(place / "keys") for place in places}
        every = set[str]().union(*keys.values())
        for stone in stones.values():
            files = [_tombstone_path(p, stone.id) for p in places]
            complete = all(f.exists() and f not in spoilt for f in files)
            if stone.id in every or not complete:
                self._destroy(stone, spoilt)
        for key_id in every - buried:
            lacking = [p for p in places if key_id not in keys[p]]
            text = _whole(key_id, [p for p in places if p not in lacking]) if lacking else None
            if text is None:
                continue
            for place in lacking:
                with self._forgiving(place):
                    _put(_key_path(place, key_id), text)
        for name in set[str]().union(*map(_beside, places)):
            self._bring(name, places)
        for place in places:
            for left in [*place.glob("keys/*/*.tmp"), *place.glob("tombstones/*/*.tmp")]:
                _shred(left)
        return sorted(every & buried)

    def _bring(self, name: str, places: list[Path]) -> None:
        """To where it lacks; never over another, which may be the only one of its kind."""
        have = [p for p in places if (p / name).exists()]
        if not have or len(have) == len(places):
            return
        try:
            text = (have[0] / name).read_bytes()
        except OSError as error:
            _log.warning("%s is not mirrored: %s", have[0] / name, error)
            return
        for place in (p for p in places if p not in have):
            with self._forgiving(place):
                _put(place / name, text)

    def pending(self) -> dict[str, int]:
        """Mirrors that do not hold what the folder holds, with the number of keys (-1: absent)."""
        here = self.ids()
        found = {}
        for place in self.mirrors:
            if not _is_reached(place):
                found[str(place)] = -1
            elif differing := len(here ^ _names(place / "keys")):
                found[str(place)] = differing
        return found

    @contextmanager
    def _forgiving(self, place: Path) -> Iterator[None]:
        """A mirror that fails is caught up with later; the folder itself must not fail."""
        try:
            yield
        except OSError:
            if place == self.folder:
                raise

    def absent(self) -> list[Path]:
        """Mirrors that cannot be reached."""
        return [place for place in self.mirrors if not _is_reached(place)]

    def _reached(self) -> list[Path]:
        """The folder first."""
        return [self.folder, *(p for p in self.mirrors if _is_reached(p))]


def _is_reached(mirror: Path) -> bool:
    return os.path.isdir(mirror / "keys")  # False too where the disk answers by an error


def _key_path(place: Path, key_id: str) -> Path:
    return place / "keys" / key_id[-2:] / f"{key_id}.json"


def _tombstone_path(place: Path, key_id: str) -> Path:
    return place / "tombstones" / key_id[-2:] / f"{key_id}.json"


def _beside(place: Path) -> set[str]:
    return {str(p.relative_to(place)) for pattern in BESIDE for p in place.glob(pattern)}


def _names(folder: Path) -> set[str]:
    return {p.stem for p in folder.glob("*/*.json") if is_id(p.stem)}


def _tombstone_of(path: Path, key_id: str) -> Tombstone | None:
    """None where it cannot be read."""
    try:
        found = json.loads(path.read_bytes())
        stone = Tombstone(key_id, found["destroyed_us"], found["reason"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    said = isinstance(stone.reason, str) and isinstance(stone.destroyed_us, int)
    return stone if said and found.get("id") == key_id else None


def _whole(key_id: str, places: Sequence[Path]) -> bytes | None:
    """The first of its files in these places that has the form of one, else the first that can be
    read: what is damaged is kept beside what is, for who can mend it."""
    texts = []
    for place in places:
        with suppress(OSError):
            texts.append(_key_path(place, key_id).read_bytes())
    for text in texts:
        with suppress(KeyDamaged):
            if _key_of(text).id == key_id:
                return text
    return texts[0] if texts else None


def _key_of(text: bytes) -> KeyFile:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise KeyDamaged("it is no JSON") from None
    if not isinstance(found, dict) or found.pop("format", None) != FORMAT:
        raise KeyDamaged(f"it has another format than {FORMAT}")
    wanted = {f.name: int if f.name == "made_us" else str for f in fields(KeyFile)}
    if found.keys() != wanted.keys() or any(
        not isinstance(found[name], kind) for name, kind in wanted.items()
    ):
        raise KeyDamaged("it has other fields")
    return KeyFile(**found)


def _put(path: Path, text: bytes) -> None:
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        sync_directory(path.parent.parent)
    temporary = path.with_name(path.name + ".tmp")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(fd, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(fd)
    os.replace(temporary, path)
    sync_directory(path.parent)


def _shred(path: Path) -> None:
    """Overwrites, syncs, removes, syncs the folder. A file that is not there is no error."""
    try:
        fd = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    try:
        os.pwrite(fd, os.urandom(os.fstat(fd).st_size), 0)
        os.fsync(fd)
    finally:
        os.close(fd)
    with suppress(FileNotFoundError):
        path.unlink()
    sync_directory(path.parent)
