"""Logs for the tests: keys, entries, a log that is closed, copies to tamper with."""

from __future__ import annotations

from pathlib import Path

from littoral.store.log.note import COSIGNATURE
from littoral.store.log.signing import Signer
from littoral.store.log.writer import Log

KEY = Signer("log.example/littoral", 1, bytes(range(32)))
WITNESS_KEY = Signer("witness.example/w", COSIGNATURE, bytes(range(1, 33)))


def entries(first: int, count: int) -> list[bytes]:
    """Of lengths from 8 to 98 bytes, each unlike all others."""
    return [b"entry %d " % i + b"x" * (i * 37 % 91) for i in range(first, first + count)]


def closed(root: Path, size: int) -> list[bytes]:
    """Writes a log of `size` entries; gives the checkpoint at half of it and the last."""
    said = []
    for first, end in ((0, size // 2), (size // 2, size)):
        with Log(root, KEY) as log:
            if end > first:
                log.append(entries(first, end - first)).result()
        said.append((root / "checkpoint").read_bytes())
    return said
