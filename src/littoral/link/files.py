"""Recordings as chunks of bytes: plain, gzip, zstd, standard input."""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any, cast

import zstandard

CHUNK = 4 << 20
# Packed bytes taken at once, so that what they unpack to stays under 65 MiB whatever they are:
# DEFLATE makes at most 1,032 bytes of one (RFC 1951), a zstd block of 4 bytes makes up to 128 KiB
# (RFC 8878, 3.1.1.2).
GZIP_PIECE = 64 << 10
ZSTD_PIECE = 2 << 10
SNIFF_BYTES = 256 << 10
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
PARQUET_MAGIC = b"PAR1"


class InputError(ValueError):
    """An input cannot be read, or not to its end; the message is for whoever named it."""


class Stream:
    """Iterates over (chunk, share read so far 0..1); the share is of the bytes on disk.

    Raises InputError where a compressed file is cut short or damaged, after everything that could
    be read was given. The share of standard input and of pipes is 0 until their end.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._is_pipe = is_pipe(path)
        self._size = 0 if self._is_pipe else os.path.getsize(path)

    def __iter__(self) -> Iterator[tuple[bytes, float]]:
        if self.path == "-":
            yield from self._unpacked(cast(BufferedReader, sys.stdin.buffer))
            return
        with open(self.path, "rb") as file:
            yield from self._unpacked(file)

    def _unpacked(self, file: BufferedReader) -> Iterator[tuple[bytes, float]]:
        """What the file holds, by its first bytes, which are not taken from it."""
        head = file.peek(4)[:4]
        if head[:2] == GZIP_MAGIC:
            unpack: Callable[[], Any] = lambda: zlib.decompressobj(wbits=31)
            yield from self._packed(file, "gzip", unpack, GZIP_PIECE)
        elif head == ZSTD_MAGIC:
            unpack = zstandard.ZstdDecompressor().decompressobj
            yield from self._packed(file, "zstd", unpack, ZSTD_PIECE)
        else:
            yield from self._plain(file)

    def _share(self, file: BufferedReader) -> float:
        return min(1.0, file.tell() / self._size) if self._size else 0.0

    def _plain(self, file: BufferedReader) -> Iterator[tuple[bytes, float]]:
        # A pipe gives what it has, so that a live one is not held back until a chunk is full.
        read = file.read1 if self._is_pipe else file.read
        while chunk := read(CHUNK):
            yield chunk, self._share(file)

    def _packed(
        self, file: BufferedReader, name: str, member_of: Callable[[], Any], piece: int
    ) -> Iterator[tuple[bytes, float]]:
        """Members (gzip) or frames (zstd) one after another, as loggers that append write them;
        `piece` bytes of them at a time."""
        member, begun = member_of(), False
        gathered: list[bytes] = []
        size = 0
        while raw := file.read(piece):
            while raw:
                try:
                    data = member.decompress(raw)
                except (zlib.error, zstandard.ZstdError) as error:
                    if gathered:
                        yield b"".join(gathered), self._share(file)
                    raise InputError(f"{name} data damaged: {error}") from None
                begun = True
                gathered.append(data)
                size += len(data)
                raw = b""
                if member.eof:
                    raw = member.unused_data.lstrip(b"\0")  # padding after a member is allowed
                    member, begun = member_of(), False
            if size >= CHUNK:
                yield b"".join(gathered), self._share(file)
                gathered, size = [], 0
        if size:
            yield b"".join(gathered), 1.0
        if begun:
            raise InputError(f"{name} file is cut short; what was there has been used")


def is_pipe(path: str) -> bool:
    """Standard input, a named pipe, `<(command)`: what can be read once only."""
    return path == "-" or Path(path).is_fifo()


def sniff(path: str) -> str:
    """What a file holds by its content: nmea, csv, parquet. Standard input and pipes are nmea.

    Raises InputError when it is empty or of no known format, OSError when it cannot be opened.
    """
    if is_pipe(path):
        return "nmea"
    if Path(path).is_dir():
        raise InputError("is a folder; name the files in it")
    with open(path, "rb") as file:
        if file.read(4) == PARQUET_MAGIC:
            return "parquet"
    head = b""
    try:
        for chunk, _ in Stream(path):
            head += chunk[: SNIFF_BYTES - len(head)]
            if len(head) >= SNIFF_BYTES:
                break
    except InputError:
        if not head:
            raise
    return kind_of(head)


def kind_of(head: bytes) -> str:
    """nmea or csv by the first bytes; raises InputError."""
    if not head.strip():
        raise InputError("is empty")
    if b"!AIVD" in head or b"!BSVD" in head or b"!ABVD" in head or _sentences(head):
        return "nmea"
    first = next((line for line in head.splitlines() if line.strip()), b"")
    printable = sum(32 <= b < 127 or b >= 128 or b == 9 for b in first)
    if printable == len(first) and any(first.count(d) >= 2 for d in (b",", b";", b"\t")):
        return "csv"
    raise InputError("holds no format that is known (NMEA 0183, CSV, Parquet)")


def _sentences(head: bytes) -> bool:
    """Does any line look like an NMEA sentence: `!` or `$`, a formatter, a checksum?"""
    for line in head.splitlines():
        start = max(line.find(b"!"), line.find(b"$"))
        if start >= 0 and line[start + 6 : start + 7] == b"," and b"*" in line[start:]:
            return True
    return False
