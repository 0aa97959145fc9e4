"""The span of times that are taken from people and clients.

From 1970, since a phone whose clock was never set begins there and is corrected by what it says of
its clock; until 2100, so that every time kept has a wall time in every zone and in Excel.
"""

from __future__ import annotations

FIRST_US = 0  # 1970-01-01T00:00:00Z
LAST_US = 4_102_444_800_000_000  # 2100-01-01T00:00:00Z (date -u -d 2100-01-01 +%s)


def in_span(at_us: int) -> bool:
    """Microseconds since 1970, both ends included."""
    return FIRST_US <= at_us <= LAST_US
