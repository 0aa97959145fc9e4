"""Proofs and entries of a log from its published files alone: checkpoint, tiles, entry bundles.

Imports nothing of the writer and may run beside it, in another process or on a copy.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

from littoral.store.log import merkle, tiles
from littoral.store.log.checkpoint import SignedCheckpoint, open_checkpoint
from littoral.store.log.merkle import HASH_BYTES
from littoral.store.log.note import VerifierKey
from littoral.store.log.proof import LogProof
from littoral.store.log.tiles import HEIGHT, WIDTH, TileError

KEPT_TILES = 64


class LogReader:
    """Of the folder `root` that the log with this key writes. One thread a reader.

    OSError where a file is missing, NoteError for a checkpoint that is not the log's, TileError and
    ProofError for tiles that do not fit it.
    """

    def __init__(self, root: Path, key: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> None:
        self.root = root
        self.key = key
        self.witnesses = tuple(witnesses)
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def checkpoint(self) -> SignedCheckpoint:
        """The newest that was published."""
        data = (self.root / "checkpoint").read_bytes()
        return open_checkpoint(data, self.key, self.witnesses)

    def _read(self, level: int, index: int, size: int) -> bytes:
        """Bytes of a tile or bundle in a tree of `size`: partial, or whole once it has grown."""
        width = tiles.width_at(level, index, size)
        path = self.root / tiles.path_of(level, index, width)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            if width == WIDTH:
                raise
            return (self.root / tiles.path_of(level, index)).read_bytes()

    def _tile(self, level: int, index: int, size: int) -> bytes:
        path = tiles.path_of(level, index, tiles.width_at(level, index, size))
        kept = self._kept.get(path)
        if kept is not None:
            self._kept.move_to_end(path)
            return kept
        width = tiles.width_at(level, index, size)
        data = self._read(level, index, size)
        if len(data) not in (width * HASH_BYTES, tiles.TILE_BYTES):
            raise TileError(f"{path} has {len(data)} bytes")
        data = data[: width * HASH_BYTES]
        self._kept[path] = data
        if len(self._kept) > KEPT_TILES:
            self._kept.popitem(last=False)
        return data

    def nodes(self, size: int) -> merkle.Nodes:
        """The whole nodes of the tree of `size`, as `merkle` asks for them."""

        def node(level: int, index: int) -> bytes:
            row, inside = divmod(level, HEIGHT)
            first = index << inside  # its first hash among those of the tiles' level
            tile = self._tile(row, first // WIDTH, size)
            at, count = (first % WIDTH) * HASH_BYTES, 1 << inside
            if at + count * HASH_BYTES > len(tile):
                raise TileError(f"node {level}/{index} is not in a tree of {size}")
            return merkle.subtree_hash(
                [tile[i : i + HASH_BYTES] for i in range(at, at + count * HASH_BYTES, HASH_BYTES)]
            )

        return node

    def entries(self, bundle: int, size: int) -> list[bytes]:
        """Entries of a bundle, as many as the tree of `size` has."""
        width = tiles.width_at(-1, bundle, size)
        found = tiles.unpack_entries(self._read(-1, bundle, size))
        if len(found) not in (width, WIDTH):
            raise TileError(f"bundle {bundle} has {len(found)} entries, not {width}")
        return found[:width]

    def entry(self, index: int, size: int) -> bytes:
        return self.entries(index // WIDTH, size)[index % WIDTH]

    def proof(self, index: int, signed: SignedCheckpoint | None = None) -> LogProof:
        """That entry `index` is in the tree of the checkpoint (else of the newest).

        It is verified before it is given: ProofError for an index beyond it or files that lie.
        """
        signed = signed or self.checkpoint()
        hashes = merkle.inclusion_proof(index, signed.size, self.nodes(signed.size))
        proof = LogProof(index, tuple(hashes), signed.note, self.entry(index, signed.size))
        leaf = merkle.leaf_hash(proof.entry or b"")
        merkle.verify_inclusion(index, signed.size, leaf, hashes, signed.root)
        return proof

    def consistency(self, old: int, new: int) -> list[bytes]:
        return merkle.consistency_proof(old, new, self.nodes(new))
