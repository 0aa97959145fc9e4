"""One message to many connections: handed to the system in one loop that holds no interpreter.

A call of `send` in Python gives the interpreter away and has to get it back, thousands of times a
second beside an engine that wants it too. What the system does not take at once, and what goes to
an encrypted connection, takes the usual way.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numba import njit, types

# send(2). A connection that was closed is told of by what it returns, not by a signal.
_SIGNATURE = types.intp(types.int32, types.uintp, types.uintp, types.int32)
_send: Any = types.ExternalFunction("send", _SIGNATURE)
NOSIGNAL, DONTWAIT = 0x4000, 0x40  # of Linux; elsewhere all goes the usual way
IS_LINUX = sys.platform == "linux"


class Line(Protocol):
    @property
    def plain_fd(self) -> int:
        """Of a connection that takes bytes as they are and for which none are waiting; else -1."""
        ...

    def write(self, framed: bytes) -> None: ...


def write(lines: Sequence[Line], framed: bytes) -> None:
    """The whole of it to each; none of them waits for another."""
    plain = [(line, line.plain_fd) for line in lines] if IS_LINUX else [(n, -1) for n in lines]
    fds = np.array([fd for _, fd in plain if fd >= 0], np.int32)
    data = np.frombuffer(framed, np.uint8)
    sent = iter(_send_all(fds, data.ctypes.data, len(data), NOSIGNAL | DONTWAIT))
    for line, fd in plain:
        done = max(0, next(sent)) if fd >= 0 else 0
        if done < len(framed):  # the line's own way tells, too, of one that is broken
            line.write(framed[done:])


@njit(cache=True, nogil=True)
def _send_all(fds: np.ndarray, address: int, size: int, flags: int) -> np.ndarray:
    """Bytes that each took at once; below 0: none."""
    out = np.empty(len(fds), np.int64)
    for k in range(len(fds)):
        out[k] = _send(fds[k], address, size, flags)
    return out
