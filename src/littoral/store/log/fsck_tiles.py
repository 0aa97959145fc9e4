"""Every file under `tile/`, held against hashes made anew from the entries."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from littoral.store.log import merkle, tiles
from littoral.store.log.merkle import HASH_BYTES
from littoral.store.log.tiles import WIDTH, TileError

MOST_DAMAGE = 1000  # places that are told of; the rest is counted
MOST_ABSENT = 1000  # bundles of which there is neither entry nor hash, before the size is a lie


@dataclass(slots=True)
class TilesFound:
    files: int = 0
    damage: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)


def list_tiles(root: Path) -> set[str]:
    """Every file under `tile/`. To be listed before tail and checkpoint are read: then they account
    for all of it, and what a running writer adds later is not looked at."""
    return {
        (Path(where) / name).relative_to(root).as_posix()
        for where, _, names in os.walk(root / "tile")
        for name in names
    }


def check_tiles(root: Path, listed: set[str], size: int, tail: list[bytes]) -> TilesFound:
    """`size` entries are published; `tail` are those after them, whose tiles may be there too."""
    check = _Check(root, listed, size)
    if check.bundles():
        check.whole_or_partial(tail)
        check.strangers()
    more = len(check.found.damage) - MOST_DAMAGE
    if more > 0:
        check.found.damage[MOST_DAMAGE:] = [f"and {more} more"]
    return check.found


class _Check:
    def __init__(self, root: Path, listed: set[str], size: int) -> None:
        self.root = root
        self._listed = listed
        self.size = size
        self.found = TilesFound()
        self._seen: set[str] = set()
        self._rows: list[list[bytes]] = []
        self._starts: list[int] = []
        self._last: list[bytes] = []  # entries of the partial bundle

    def bundles(self) -> bool:
        """Every published bundle; False where it was given up. The size is what a checkpoint
        claims: it alone must not decide how long this takes, so files do."""
        absent = 0
        for number in range(-(-self.size // WIDTH)):
            absent += not (self._files(-1, number) or self._files(0, number))
            if absent > MOST_ABSENT:
                self.found.files = len(self._listed)
                lie = (
                    f"checkpoint: claims {self.size} entries, of which more than "
                    f"{MOST_ABSENT * WIDTH} are not here; nothing after bundle {number} was "
                    "looked at"
                )
                self.found.damage.insert(0, lie)  # the first that is told
                return False
            self.bundle(number)
        return True

    def bundle(self, number: int) -> None:
        """A published bundle: its entries are hashed and go into the rows of tiles."""
        width = tiles.width_at(-1, number, self.size)
        files = self._files(-1, number)
        chosen = min((w for w in files if w >= width), default=None)
        path = tiles.path_of(-1, number, width)
        entries: list[bytes] | None = None
        if chosen is None:
            self.found.damage.append(f"{path}: missing")
        else:
            try:
                entries = tiles.unpack_entries(files[chosen])[:width]
            except TileError as error:
                self.found.damage.append(f"{path}: {error}")
        if entries is not None and len(entries) != width:
            self.found.damage.append(f"{path}: {len(entries)} entries, not {width}")
            entries = None
        self._row(0, self._leaves(number, width, entries))
        if entries is not None and width == WIDTH:
            self._compare(-1, number, entries)
        elif entries is not None:
            self._last = entries

    def _leaves(self, number: int, width: int, entries: list[bytes] | None) -> list[bytes]:
        """Hashes of a bundle's entries. Where they are not those of the tile, this is told and the
        tile's are given, so that the levels above show which of the two is wrong."""
        files = self._files(0, number)
        tile = next((files[w] for w in sorted(files) if w >= width), b"")[: width * HASH_BYTES]
        there = [tile[i : i + HASH_BYTES] for i in range(0, len(tile), HASH_BYTES)]
        whole = len(tile) == width * HASH_BYTES
        if entries is None:
            return there if whole else [bytes(HASH_BYTES)] * width  # unknown; its loss is told
        hashes = [merkle.leaf_hash(e) for e in entries]
        if not whole or there == hashes:
            return hashes
        wrong = [i for i in range(width) if there[i] != hashes[i]]
        self.found.damage.append(
            f"{tiles.path_of(-1, number, width)}: entry {number * WIDTH + wrong[0]} is not the one "
            f"hashed in {tiles.path_of(0, number, width)} ({len(wrong)} so)"
        )
        return there

    def whole_or_partial(self, tail: list[bytes]) -> None:
        """The right edge: partial tiles, and those that a stopped writer had begun."""
        entries = self._last + tail
        number = self.size // WIDTH
        for at in range(0, len(entries), WIDTH):
            part = entries[at : at + WIDTH]
            self._compare(-1, number + at // WIDTH, part)
        hashes = [merkle.leaf_hash(e) for e in tail]
        while hashes:
            room = WIDTH - (len(self._rows[0]) if self._rows else 0)
            self._row(0, hashes[:room])
            hashes = hashes[room:]
        for level, row in enumerate(self._rows):
            if row:
                self._compare(level, self._starts[level], row)

    def _row(self, level: int, hashes: list[bytes]) -> None:
        if level == len(self._rows):
            self._rows.append([])
            self._starts.append(0)
        row = self._rows[level]
        row += hashes
        if len(row) < WIDTH:
            return
        number = self._starts[level]
        self._compare(level, number, row)
        self._rows[level] = []
        self._starts[level] += 1
        self._row(level + 1, [merkle.subtree_hash(row)])

    def _compare(self, level: int, number: int, row: list[bytes]) -> None:
        """Each file of the tile, of whatever width, against what the entries give."""
        files = self._files(level, number)
        published = tiles.width_at(level, number, self.size)
        start = _bytes_of(level, row[:published])
        if published and not any(data.startswith(start) for data in files.values()):
            said = "not whole" if files else "missing"
            self.found.damage.append(f"{tiles.path_of(level, number, published)}: {said}")
        for width, data in files.items():
            path = tiles.path_of(level, number, width)
            wanted = _bytes_of(level, row[:width])
            if path not in self._listed or (len(row) >= width and data == wanted):
                continue
            # A writer that was stopped leaves a file too short, or zeros that were never filled.
            if width > published and len(row) >= width and wanted.startswith(data.rstrip(b"\0")):
                self.found.unfinished.append(f"{path}: was being written")
            else:
                self.found.damage.append(f"{path}: not what the entries give")

    def _files(self, level: int, number: int) -> dict[int, bytes]:
        """Width -> bytes of each file of this tile or bundle."""
        published = tiles.width_at(level, number, self.size)
        for _ in range(2):  # a partial one may give way to the whole one while we look
            found = self._files_now(level, number)
            if any(w >= published for w in found):
                break
        return found

    def _files_now(self, level: int, number: int) -> dict[int, bytes]:
        found = {}
        whole = self.root / tiles.path_of(level, number)
        if whole.is_file():
            found[WIDTH] = whole.read_bytes()
            self._seen.add(tiles.path_of(level, number))
        folder = whole.with_name(whole.name + ".p")
        if folder.is_dir():
            for name in _names_in(folder):
                width = int(name) if name.isdigit() else 0
                if not 0 < width < WIDTH or str(width) != name:
                    continue
                with contextlib.suppress(FileNotFoundError, IsADirectoryError):
                    found[width] = (folder / name).read_bytes()
                    self._seen.add(tiles.path_of(level, number, width))
        return found

    def strangers(self) -> None:
        """Files that belong to no entry."""
        self.found.files = len(self._listed)
        self.found.damage += [
            f"{name}: belongs to no entry"
            for name in sorted(self._listed - self._seen)
            if (self.root / name).exists()  # else it has given way to the whole tile
        ]


def _bytes_of(level: int, row: list[bytes]) -> bytes:
    return tiles.pack_entries(row) if level < 0 else b"".join(row)


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []
