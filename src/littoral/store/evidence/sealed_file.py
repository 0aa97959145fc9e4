"""A file sealed in pieces, written as it streams in and read from any place.

    LITTORAL-SEALED-1 \\n            18 bytes
    piece 0, piece 1, ... last      each nonce (12) + at most 1 MiB + tag (16)

Each piece is bound to the evidence, its number and whether it is the last, so that pieces cannot
be exchanged, left out or cut off without unsealing failing (as STREAM in Hoang, Reyhanitabar,
Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from littoral.store.vault import sealing
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.sealing import SealError

MAGIC = b"LITTORAL-SEALED-1\n"
PIECE = 1 << 20
SEALED_PIECE = sealing.NONCE_BYTES + PIECE + sealing.TAG_BYTES


def write_sealed(file: BinaryIO, key: DataKey, name: str, pieces: Iterable[bytes]) -> int:
    """`pieces` of any size; syncs the file. Gives the number of plain bytes."""
    file.write(MAGIC)
    number = total = 0
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        total += len(piece)
        while len(waiting) > PIECE:  # never the last one here: that is known only at the end
            file.write(_seal(key, name, number, False, bytes(waiting[:PIECE])))
            del waiting[:PIECE]
            number += 1
    file.write(_seal(key, name, number, True, bytes(waiting)))
    file.flush()
    os.fsync(file.fileno())
    return total


def read_sealed(
    path: Path, key: DataKey, name: str, size: int, start: int = 0, end: int | None = None
) -> Iterator[bytes]:
    """Plain bytes from `start` to before `end`. Raises SealError when anything was changed."""
    end = size if end is None else min(end, size)
    last = max(size - 1, 0) // PIECE
    with open(path, "rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise SealError(f"{path.name} is no sealed file")
        if os.fstat(file.fileno()).st_size != sealed_size(size):
            raise SealError(f"{path.name} has another length than when it was sealed")
        if start >= end and size:
            return
        for number in range(start // PIECE, max(end - 1, 0) // PIECE + 1):
            file.seek(len(MAGIC) + number * SEALED_PIECE)
            plain = sealing.unseal(
                key.algorithm,
                key.key,
                file.read(SEALED_PIECE),
                _where(name, number, number == last),
            )
            at = number * PIECE
            yield plain[max(start - at, 0) : end - at]


def sealed_size(size: int) -> int:
    pieces = max(size - 1, 0) // PIECE + 1
    return len(MAGIC) + size + pieces * (sealing.NONCE_BYTES + sealing.TAG_BYTES)


def _seal(key: DataKey, name: str, number: int, last: bool, plain: bytes) -> bytes:
    return sealing.seal(key.algorithm, key.key, plain, _where(name, number, last))


def _where(name: str, number: int, last: bool) -> bytes:
    return sealing.context("evidence", name, str(number), "last" if last else "more")
