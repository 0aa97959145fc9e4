"""The binary frame of moving tracks (docs/live-stream.md): columns, little-endian, padded to 8.

Pure: arrays in, bytes out, and the reader that tests use.
"""

from __future__ import annotations

import struct

import numpy as np

MAGIC = b"LTF1"
HEADER = struct.Struct("<4sId")  # magic, rows, event time in ms

# Name in the frame, little-endian type; in this order.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("lon", "<f8"),
    ("lat", "<f8"),
    ("last_ms", "<f8"),
    ("track", "<u4"),
    ("sog_mps", "<f4"),
    ("cog_deg", "<f4"),
    ("heading_deg", "<f4"),
    ("nav_status", "<i1"),
    ("kind", "<u1"),
    ("ring", "<i1"),
    ("state", "<u1"),
)


def encode(event_time_ms: float, columns: dict[str, np.ndarray]) -> bytes:
    """One frame of the columns named in `COLUMNS`, each of shape (n,)."""
    rows = len(columns["track"])
    parts = [HEADER.pack(MAGIC, rows, event_time_ms)]
    for name, dtype in COLUMNS:
        column = np.ascontiguousarray(columns[name], dtype)
        parts.append(column.tobytes())
        parts.append(bytes(-column.nbytes % 8))
    return b"".join(parts)


def decode(frame: bytes) -> tuple[float, dict[str, np.ndarray]]:
    """Inverse of `encode`: event time in ms and the columns. ValueError: not a frame."""
    if len(frame) < HEADER.size:
        raise ValueError("shorter than a frame's header")
    magic, rows, event_time_ms = HEADER.unpack_from(frame)
    if magic != MAGIC:
        raise ValueError(f"not a frame: starts with {magic!r}")
    if len(frame) != size(rows):
        raise ValueError(f"{rows} rows need {size(rows)} bytes, the frame has {len(frame)}")
    columns = {}
    offset = HEADER.size
    for name, dtype in COLUMNS:
        columns[name] = np.frombuffer(frame, dtype, rows, offset)
        offset += _padded(columns[name].nbytes)
    return event_time_ms, columns


def size(rows: int) -> int:
    """Bytes of a frame of so many rows."""
    return HEADER.size + sum(_padded(rows * np.dtype(t).itemsize) for _, t in COLUMNS)


def _padded(length: int) -> int:
    return length + -length % 8
