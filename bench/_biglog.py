"""A log of millions of entries in seconds: the writer's tiles without its syncs, on all cores."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from littoral.store.log import merkle
from littoral.store.log.checkpoint import Checkpoint
from littoral.store.log.edge import Edge
from littoral.store.log.signing import Signer
from littoral.store.log.tiles import WIDTH, Part

BLOCK = WIDTH * WIDTH  # entries under one tile of level 1


def entry(index: int) -> bytes:
    return b"entry %010d" % index


def _write(root: Path, part: Part, data: bytes) -> None:
    path = root / part.path
    try:
        path.write_bytes(data)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _block(root: Path, number: int) -> bytes:
    """Writes the bundles and tiles of one block; gives its hash."""
    edge = Edge()
    entries = [entry(i) for i in range(number * BLOCK, (number + 1) * BLOCK)]
    for part, data in edge.add(entries, [merkle.leaf_hash(e) for e in entries]):
        first = number * (WIDTH if part.level < 1 else 1)
        _write(root, Part(part.level, part.number + first, WIDTH), data)
    return edge.compact_range().root()


def build(root: Path, size: int, key: Signer) -> None:
    """The log of `entry(0)` to `entry(size - 1)`; at most 16,777,216 of them (three levels)."""
    blocks = size // BLOCK
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        hashes = list(pool.map(partial(_block, root), range(blocks)))
    if hashes:
        _write(root, Part(2, 0, blocks), b"".join(hashes))
    edge = Edge.load(blocks * BLOCK, lambda part: (root / part.path).read_bytes())
    rest = [entry(i) for i in range(blocks * BLOCK, size)]
    leaves = [merkle.leaf_hash(e) for e in rest]
    for part, data in [*edge.add(rest, leaves), *edge.partial()]:
        _write(root, part, data)
    text = Checkpoint(key.name, size, edge.compact_range().root()).text
    (root / "checkpoint").write_text(str(key.sign(text)))
    (root / "vkey").write_text(f"{key.public}\n")
    (root / "tail").mkdir(exist_ok=True)
    os.sync()
