"""Messages of the stream as they stand on the line, framed once for all who get the same.

A server masks nothing (RFC 6455, sections 5.1 and 5.2), so that the bytes of a message are the same
on every connection. Pure: bytes in, bytes out.
"""

from __future__ import annotations

import struct

TEXT, BINARY = 0x81, 0x82  # a whole message: the last fragment, with its kind


def text(payload: bytes) -> bytes:
    """`payload`: UTF-8."""
    return _head(TEXT, len(payload)) + payload


def binary(payload: bytes) -> bytes:
    return _head(BINARY, len(payload)) + payload


def _head(first: int, size: int) -> bytes:
    if size < 126:
        return bytes((first, size))
    if size < 1 << 16:
        return struct.pack(">BBH", first, 126, size)
    return struct.pack(">BBQ", first, 127, size)
