"""The growing right side of a log's tiles: takes entries, gives the files that have to be written.

Pure: which bytes under which path, not how they get to the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from littoral.store.log import merkle, tiles
from littoral.store.log.merkle import HASH_BYTES
from littoral.store.log.tiles import WIDTH, Part


class Edge:
    """The partial tiles of each level and the partial entry bundle, at some size of the tree."""

    def __init__(self) -> None:
        self.size = 0
        self._bundle: list[bytes] = []
        self._rows: list[list[bytes]] = []  # hashes of the partial tile of each level
        self._starts: list[int] = []  # its index
        self._changed: set[int] = set()

    @classmethod
    def load(cls, size: int, read: Callable[[Part], bytes]) -> Edge:
        """As it was at `size`; `read` gives a tile's bytes. TileError if they do not fit."""
        edge = cls()
        edge.size = size
        for level in range(tiles.levels(size)):
            index = (size >> (tiles.HEIGHT * level)) // WIDTH
            width = tiles.width_at(level, index, size)
            data = read(Part(level, index, width)) if width else b""
            if len(data) != width * HASH_BYTES:
                raise tiles.TileError(f"tile {level}/{index} has {len(data)} bytes")
            edge._rows.append([data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)])
            edge._starts.append(index)
        if size % WIDTH:
            part = Part(-1, size // WIDTH, size % WIDTH)
            edge._bundle = tiles.unpack_entries(read(part))
            if len(edge._bundle) != part.width:
                raise tiles.TileError(f"{part.path} has {len(edge._bundle)} entries")
            if [merkle.leaf_hash(entry) for entry in edge._bundle] != edge._rows[0]:
                raise tiles.TileError(f"{part.path} has other entries than its tile")
        return edge

    def compact_range(self) -> merkle.CompactRange:
        nodes: list[bytes] = []
        for row in reversed(self._rows):
            at = 0
            while at < len(row):
                step = 1 << ((len(row) - at).bit_length() - 1)
                nodes.append(merkle.subtree_hash(row[at : at + step]))
                at += step
        return merkle.CompactRange(self.size, nodes)

    def add(
        self, entries: Sequence[bytes], leaves: Sequence[bytes]
    ) -> Iterator[tuple[Part, bytes]]:
        """Takes entries with their leaf hashes; gives each tile and bundle that became full."""
        at = 0
        while at < len(entries):
            end = at + WIDTH - len(self._bundle)
            self._bundle += entries[at:end]
            self._changed.add(-1)
            index = self.size // WIDTH
            self.size += len(entries[at:end])
            if len(self._bundle) == WIDTH:
                yield Part(-1, index, WIDTH), tiles.pack_entries(self._bundle)
                self._bundle = []
                self._changed.discard(-1)
            yield from self._hashes(0, leaves[at:end])
            at = end

    def _hashes(self, level: int, hashes: Sequence[bytes]) -> Iterator[tuple[Part, bytes]]:
        """At most as many as the level's tile has room for."""
        if level == len(self._rows):
            self._rows.append([])
            self._starts.append(0)
        row = self._rows[level]
        row += hashes
        self._changed.add(level)
        if len(row) < WIDTH:
            return
        yield Part(level, self._starts[level], WIDTH), b"".join(row)
        self._rows[level] = []
        self._starts[level] += 1
        self._changed.discard(level)
        yield from self._hashes(level + 1, [merkle.subtree_hash(row)])

    def partial(self) -> Iterator[tuple[Part, bytes]]:
        """Partial tiles and bundle that changed since the last call."""
        for level in sorted(self._changed):
            if level < 0:
                part = Part(-1, self.size // WIDTH, len(self._bundle))
                yield part, tiles.pack_entries(self._bundle)
            else:
                row = self._rows[level]
                yield Part(level, self._starts[level], len(row)), b"".join(row)
        self._changed.clear()
