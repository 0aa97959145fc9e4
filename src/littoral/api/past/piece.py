"""A stretch of the past on the line (docs/replay.md): who, how it was, what followed.

Pure: columns in, bytes out, and the reader that tests use. The two frames are those of the live
stream; in the second each report is a row, in order of time, and `last_ms` is its own time.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import orjson

from littoral.api.live import frame

MAGIC = b"LTP1"
HEADER = struct.Struct("<4sIII")  # magic, bytes of the text, of the first frame, of the second


def encode(told: dict[str, Any], first: bytes, then: bytes) -> bytes:
    """`told`: the text, as JSON."""
    text = orjson.dumps(told)
    text += b" " * (-len(text) % 8)
    return HEADER.pack(MAGIC, len(text), len(first), len(then)) + text + first + then


def decode(piece: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """Inverse of `encode`. ValueError: not a piece."""
    magic, text, first, then = HEADER.unpack_from(piece)
    if magic != MAGIC or len(piece) != HEADER.size + text + first + then:
        raise ValueError("not a piece of the past")
    at = HEADER.size
    told = orjson.loads(piece[at : at + text])
    return told, piece[at + text : at + text + first], piece[at + text + first :]


def frame_of(rows: dict[str, np.ndarray], event_us: int) -> bytes:
    """Rows as `engine.replaying` gives them."""
    return frame.encode(
        event_us / 1000,
        {
            "lon": rows["lon_deg"],
            "lat": rows["lat_deg"],
            "last_ms": rows["t_us"] / 1000,
            "track": rows["who"],
            "sog_mps": rows["sog_mps"],
            "cog_deg": rows["cog_deg"],
            "heading_deg": rows["heading_deg"],
            "nav_status": rows["nav_status"],
            "kind": rows["kind"],
            "ring": rows["ring"],
            "state": np.zeros(len(rows["who"]), np.uint8),
        },
    )
