"""Settings of the process as a whole, made once when a command starts."""

from __future__ import annotations

import contextlib
import ctypes
import sys

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # malloc.h of the GNU C library
KEEP_BYTES = 256 << 20
SWITCH_S = 0.0005


def prepare() -> None:
    """For threads that hand columns to each other; figures in docs/decisions/0003.

    Freed columns are kept for the next batch: by default the GNU C library maps every array over
    some hundred kilobytes anew and the kernel zeroes its pages each time, a sixth of a run's
    processor time. And a thread that comes back from compiled code waits half a millisecond for the
    interpreter at most, not five.
    """
    sys.setswitchinterval(SWITCH_S)
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, KEEP_BYTES)
        mallopt(M_TRIM_THRESHOLD, KEEP_BYTES)
