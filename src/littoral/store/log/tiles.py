"""Tiles and entry bundles: paths and bytes, after C2SP tlog-tiles.

A tile of level L and index N holds the nodes (8 * L, N * 256) on, up to 256 of them; a bundle holds
the entries of a tile of level 0. What a tree of `size` entries has is named by `parts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from littoral.store.log.merkle import HASH_BYTES

WIDTH = 256
HEIGHT = 8
TILE_BYTES = WIDTH * HASH_BYTES
ENTRIES = "entries"  # stands where the level does in a bundle's path
MAX_ENTRY = 65_535


class TileError(ValueError):
    """A path or the bytes of a tile or bundle are not of the form."""


class Part(NamedTuple):
    """One tile (level 0 and up) or bundle (level -1) of a tree."""

    level: int
    number: int
    width: int

    @property
    def path(self) -> str:
        return path_of(self.level, self.number, self.width)


def number_path(number: int) -> str:
    """1234067 -> x001/x234/067."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03d}")
    return "/".join(reversed(groups))


def path_of(level: int, index: int, width: int = WIDTH) -> str:
    """Path below the log's folder; level -1 is the entry bundle."""
    name = ENTRIES if level < 0 else str(level)
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{name}/{number_path(index)}{partial}"


def width_at(level: int, index: int, size: int) -> int:
    """How many hashes of tile (level, index) a tree of `size` has; 0: none."""
    return max(0, min(WIDTH, (size >> (HEIGHT * max(level, 0))) - index * WIDTH))


def levels(size: int) -> int:
    """Levels of tiles in a tree of `size`."""
    return -(-size.bit_length() // HEIGHT)


def parts(size: int) -> Iterator[Part]:
    """Every bundle and tile of a tree of `size`, level by level from left to right."""
    for level in range(-1, levels(size)):
        count = size >> (HEIGHT * max(level, 0))
        for index in range(-(-count // WIDTH)):
            yield Part(level, index, min(WIDTH, count - index * WIDTH))


def pack_entries(entries: Sequence[bytes]) -> bytes:
    """The bundle of these entries: each after its length as uint16, big-endian."""
    pieces: list[bytes] = []
    for entry in entries:
        pieces += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(pieces)


def unpack_entries(data: bytes) -> list[bytes]:
    """TileError when the bytes are not exactly a row of entries."""
    found, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise TileError("the last entry of the bundle is cut off")
        found.append(data[at + 2 : end])
        at = end
    return found
