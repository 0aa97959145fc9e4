"""Second reader of the tail, after docs/log.md alone: it shares no code with the writer."""

from __future__ import annotations

import contextlib
import os
import struct
import zlib
from collections.abc import Set
from dataclasses import dataclass, field
from pathlib import Path

from littoral.store.log import merkle
from littoral.store.log.checkpoint import open_checkpoint
from littoral.store.log.note import NoteError, VerifierKey
from littoral.store.log.tiles import TileError, unpack_entries


@dataclass(slots=True)
class TailFound:
    """Entries after the published tree."""

    entries: list[bytes] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)  # at the sizes asked for
    torn_bytes: int = 0
    damage: list[str] = field(default_factory=list)


def read_tail(folder: Path) -> dict[str, bytes] | None:
    """Name -> bytes, in order; None when there is no folder. Before the checkpoint is read: then
    what a running writer publishes and drops from the tail meanwhile is in the one or the other."""
    if not folder.is_dir():
        return None
    found = {}
    for name in sorted(os.listdir(folder)):
        with contextlib.suppress(FileNotFoundError):
            found[name] = (folder / name).read_bytes()
    return found


def check_tail(
    files: dict[str, bytes], key: VerifierKey, size: int, nodes: merkle.Nodes, sizes: Set[int]
) -> TailFound:
    """`size` and `nodes` are those of the published tree."""
    found = TailFound(roots=dict.fromkeys(sizes, b""))
    try:
        edge = [nodes(level, number) for level, number in merkle.whole_nodes(0, size)]
    except (OSError, TileError):
        return found  # said of the tiles; nothing can be hung on them
    tree = merkle.CompactRange(size, edge)
    for name, data in files.items():
        if len(name) != 20 or not name.isdigit():
            found.damage.append(f"tail/{name}: no part of a log")
            continue
        _segment(found, f"tail/{name}", data, key, tree, nodes, last=name == max(files))
    return found


def _segment(
    found: TailFound,
    name: str,
    data: bytes,
    key: VerifierKey,
    tree: merkle.CompactRange,
    nodes: merkle.Nodes,
    last: bool,
) -> None:
    at = 0
    if data and data[16:24] != struct.pack("<Q", int(name.rpartition("/")[2])):
        found.damage.append(f"{name}: begins with another entry than its name says")
    while at < len(data):
        end = _end_of_group(data, at)
        if end is None:
            if last and _was_cut_off(data, at):
                found.torn_bytes = len(data) - at
            else:
                found.damage.append(f"{name}: unreadable from byte {at} on")
            return
        try:
            _group(found, data, at, end, key, tree, nodes)
        except (NoteError, TileError, OSError, merkle.ProofError) as error:
            found.damage.append(f"{name}: group at byte {at}: {error}")
            return
        at = end


def _end_of_group(data: bytes, at: int) -> int | None:
    """Offset after the group at `at`; None when there is none whose checksums agree."""
    if len(data) < at + 32 or data[at : at + 4] != b"LTG1":
        return None
    entries, note, _count, _first, payload, header = struct.unpack_from("<IIIQII", data, at + 4)
    end = at + 32 + entries + note
    if zlib.crc32(data[at : at + 28]) != header or end > len(data):
        return None
    return end if zlib.crc32(data[at + 32 : end]) == payload else None


def _was_cut_off(data: bytes, at: int) -> bool:
    """Does it look as a crash leaves it: shorter than it says, or zeros that were never filled?"""
    rest = data[at:]
    if not rest.rstrip(b"\0"):
        return True
    if len(rest) < 32:
        return b"LTG1".startswith(rest[:4])
    entries, note, _count, _first, _payload, header = struct.unpack_from("<IIIQII", rest, 4)
    sound = rest[:4] == b"LTG1" and zlib.crc32(rest[:28]) == header
    return sound and len(rest) < 32 + entries + note


def _group(
    found: TailFound,
    data: bytes,
    at: int,
    end: int,
    key: VerifierKey,
    tree: merkle.CompactRange,
    nodes: merkle.Nodes,
) -> None:
    length, _note, count, first = struct.unpack_from("<IIIQ", data, at + 4)
    entries = unpack_entries(data[at + 32 : at + 32 + length])
    signed = open_checkpoint(data[at + 32 + length : end], key)
    if len(entries) != count or signed.size != first + count:
        raise TileError(f"{len(entries)} entries up to {signed.size}, said are {count} at {first}")
    published = tree.size - len(found.leaves)
    if first > tree.size:
        raise TileError(f"entries {tree.size} to {first} are missing")
    if first < tree.size and found.leaves:
        raise TileError(f"entries from {first} on stand here twice")
    for index, entry in enumerate(entries, first):
        leaf = merkle.leaf_hash(entry)
        if index < published:
            if nodes(0, index) != leaf:
                raise TileError(f"entry {index} is another than in the tiles")
            continue
        tree.push(leaf)
        found.entries.append(entry)
        found.leaves.append(leaf)
        if tree.size in found.roots:
            found.roots[tree.size] = tree.root()
    here = signed.size
    root = merkle.root_hash(here, nodes) if here <= published else tree.root()
    if root != signed.root:
        raise TileError(f"the entries up to {here} are not those signed")
