"""How the writer finds out where a log stood: published tiles first, then the tail after them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from littoral.store.files import sync_directory, sync_file
from littoral.store.log import merkle, tiles
from littoral.store.log.checkpoint import SignedCheckpoint, open_checkpoint
from littoral.store.log.edge import Edge
from littoral.store.log.merkle import HASH_BYTES
from littoral.store.log.note import NoteError, VerifierKey
from littoral.store.log.tail import read_group
from littoral.store.log.tiles import Part, TileError


class LogError(Exception):
    """The log cannot do this now; what was answered for is safe."""


class LogCorrupt(LogError):
    """What lies in the folder is not what this log wrote. `littoral fsck log` says more."""


@dataclass(slots=True)
class Standing:
    """Where the log stood. `entries` and `leaves` are those after the published tiles."""

    published: SignedCheckpoint
    edge: Edge
    tree: merkle.CompactRange
    newest: SignedCheckpoint
    entries: list[bytes] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    segments: list[tuple[Path, int]] = field(default_factory=list)  # size of the tree at its end
    cut_bytes: int = 0  # of a group that nobody was answered for


def standing(root: Path, key: VerifierKey) -> Standing:
    """LogCorrupt when checkpoint, tiles and tail do not fit each other."""
    try:
        published = open_checkpoint((root / "checkpoint").read_bytes(), key)
        edge = Edge.load(published.size, lambda part: _read_part(root, part))
    except (NoteError, TileError, FileNotFoundError) as error:
        raise LogCorrupt(f"{root}: {error}") from None
    tree = edge.compact_range()
    if tree.root() != published.root:
        raise LogCorrupt(f"{root}: the tiles at the end are not those of the checkpoint")
    found = Standing(published, edge, tree, published)
    paths = sorted(p for p in (root / "tail").iterdir() if p.name.isdigit())
    for path in paths:
        _replay(found, path, key, last=path == paths[-1])
    sync_directory(root / "tail")
    return found


def _read_part(root: Path, part: Part) -> bytes:
    try:
        return (root / part.path).read_bytes()
    except FileNotFoundError:  # it has grown since, before a crash
        data = (root / tiles.path_of(part.level, part.number)).read_bytes()
    if part.level < 0:
        return tiles.pack_entries(tiles.unpack_entries(data)[: part.width])
    return data[: part.width * HASH_BYTES]


def _replay(found: Standing, path: Path, key: VerifierKey, last: bool) -> None:
    data, at = path.read_bytes(), 0
    while at < len(data):
        read = read_group(data, at)
        if read is None:
            if not last:
                raise LogCorrupt(f"{path}: unreadable from byte {at} on")
            found.cut_bytes = len(data) - at
            os.truncate(path, at)
            break
        group, at = read
        if group.end <= found.published.size:
            continue  # in the tiles already
        try:
            entries = tiles.unpack_entries(group.entries)
            signed = open_checkpoint(group.note, key)
        except (NoteError, TileError) as error:
            raise LogCorrupt(f"{path}: group at {group.first}: {error}") from None
        if len(entries) != group.count or group.first > found.tree.size:
            raise LogCorrupt(f"{path}: entries {found.tree.size} to {group.first} are missing")
        new = entries[found.tree.size - group.first :]
        leaves = [merkle.leaf_hash(entry) for entry in new]
        for leaf in leaves:
            found.tree.push(leaf)
        if (signed.size, signed.root) != (found.tree.size, found.tree.root()):
            raise LogCorrupt(f"{path}: the entries up to {group.end} are not those signed")
        found.entries += new
        found.leaves += leaves
        found.newest = signed
    if at == 0:
        path.unlink()  # begun and never answered from; its name may be needed again
        return
    found.segments.append((path, found.tree.size))
    if last:
        sync_file(path)  # what was read back may not have been synced by the writer before us
