"""Looks for values in every file below a folder, in the clear and in the usual disguises.

Each value is sought as UTF-8, UTF-16 (both orders), hexadecimal and Base64 (whatever comes before
it), in the raw bytes and in what Parquet, ZIP, gzip and Zstandard files hold.
"""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

WINDOW = 8  # bytes; shorter needles are too likely by chance


def disguises(value: bytes) -> set[bytes]:
    """Those of bytes; for text see `of_text`. Base64 with one to three bytes before it."""
    found = {value, value.hex().encode(), value.hex().upper().encode()}
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + value)
        # The first characters depend on what comes before, the last on what comes after.
        inner = encoded[-(-shift * 4 // 3) : len(encoded) - (4 if (shift + len(value)) % 3 else 0)]
        found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return {f for f in found if len(f) >= WINDOW}


def of_text(value: str) -> set[bytes]:
    found = disguises(value.encode())
    for coding in ("utf-16-le", "utf-16-be", "gb18030"):
        found.add(value.encode(coding))
    found.add(value.encode("unicode_escape"))
    return {f for f in found if len(f) >= WINDOW}


def traces(folders: Iterable[Path], needles: Iterable[bytes]) -> dict[str, int]:
    """{path: number of needles found in it}, for the files that hold any."""
    wanted: dict[int, list[bytes]] = {}
    for needle in needles:
        wanted.setdefault(int.from_bytes(needle[:WINDOW], "little"), []).append(needle)
    starts = np.array(sorted(wanted), np.uint64)
    found = {}
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            count = sum(_count(text, wanted, starts) for text in contents(path))
            if count:
                found[str(path)] = count
    return found


def _count(text: bytes, wanted: dict[int, list[bytes]], starts: np.ndarray) -> int:
    """All windows of the text at once against the needles' beginnings, then the needles whole."""
    seen: set[bytes] = set()
    for shift in range(min(WINDOW, len(text) - WINDOW + 1)):
        windows = np.frombuffer(text, np.uint64, (len(text) - shift) // WINDOW, shift)
        at = np.minimum(np.searchsorted(starts, windows), len(starts) - 1)
        for value in np.unique(windows[starts[at] == windows]):
            seen |= {n for n in wanted[int(value)] if n in text}
    return len(seen)


def contents(path: Path) -> Iterator[bytes]:
    """The file's bytes, and those of what is packed in it."""
    raw = path.read_bytes()
    yield raw
    # What is sealed may begin as a packed file does, by chance.
    with suppress(EOFError, OSError, zlib.error, zipfile.BadZipFile, zstandard.ZstdError):
        yield from _unpacked(raw)


def _unpacked(raw: bytes) -> Iterator[bytes]:
    if raw[:4] == b"PAR1":
        yield from _columns(raw)
    elif raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            yield from (archive.read(n) for n in archive.namelist())
    elif raw[:2] == b"\x1f\x8b":
        yield gzip.decompress(raw)
    elif raw[:4] == b"\x28\xb5\x2f\xfd":
        yield zstandard.ZstdDecompressor().decompressobj().decompress(raw)


def _columns(raw: bytes) -> Iterator[bytes]:
    table = pq.read_table(pa.BufferReader(raw))
    for column in table.columns:
        if column.type in (pa.string(), pa.large_string(), pa.binary(), pa.large_binary()):
            values = (v.as_py() for chunk in column.chunks for v in chunk)
            yield b"\n".join(
                v.encode() if isinstance(v, str) else v for v in values if v is not None
            )
        elif pa.types.is_integer(column.type):
            yield "\n".join(map(str, column.unique().to_pylist())).encode()
