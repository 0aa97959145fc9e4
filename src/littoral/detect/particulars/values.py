"""When two things that people typed are the same, and when one says nothing."""

from __future__ import annotations

import re

Value = str | float

LEAST_TYPED = 3
SAYS_NOTHING = frozenset(
    ("NONE", "NONAME", "NOTNAMED", "UNKNOWN", "TEST", "UNDEFINED", "NULL")
)  # after `typed`
_OTHER = re.compile("[^A-Z0-9]")
HALF_DM = 0.05  # draughts are sent in decimetres


def typed(text: bytes) -> str:
    """Capital letters and digits alone: what is left when typing habits are taken away. Empty where
    it says nothing."""
    kept = _OTHER.sub("", text.decode("ascii", errors="ignore").upper())
    if len(kept) < LEAST_TYPED or len(set(kept)) == 1 or kept in SAYS_NOTHING:
        return ""
    return kept


def is_same(a: Value, b: Value, draught_m: float) -> bool:
    """Texts (as `typed` gives them): equal, or one is the beginning of the other, cut short.
    Draughts: they differ by less than `draught_m`."""
    if isinstance(a, str) or isinstance(b, str):
        one, other = sorted((str(a), str(b)), key=len)
        return other.startswith(one)
    return abs(a - b) < draught_m - HALF_DM
