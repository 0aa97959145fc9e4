"""The watch's clock: when something was done, never when it happened at sea (event time)."""

from __future__ import annotations

import time


def clock_us() -> int:
    """Microseconds UTC by this machine's clock."""
    return time.time_ns() // 1000
