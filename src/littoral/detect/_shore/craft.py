"""Which vessels can come ashore, by AIS ship type (ITU-R M.1371-5, table 53), and how fast is fast.

Not judged: towing, dredging, diving, military (31 to 35), the special craft 50 to 59 (pilots,
rescue, tugs, tenders, law enforcement, medical), cargo ships and tankers (70 to 89), which cannot
land on a beach.
"""

from __future__ import annotations

import numpy as np

NOT_JUDGED, FISHING, PLEASURE, PASSENGER, OTHER = -1, 0, 1, 2, 3
GROUP_NAMES = ("fishing", "pleasure", "passenger", "other")
UNTOLD = 0  # row of GROUPS for a vessel that has not said its type


def _groups() -> np.ndarray:
    out = np.full(257, OTHER, np.int8)
    for first, last, group in (
        (30, 30, FISHING), (31, 35, NOT_JUDGED), (36, 37, PLEASURE), (40, 49, PASSENGER),
        (50, 59, NOT_JUDGED), (60, 69, PASSENGER), (70, 89, NOT_JUDGED),
    ):  # fmt: skip
        out[first + 1 : last + 2] = group
    return out


GROUPS = _groups()  # by ship type + 1


def group_of(ship_type: int) -> int:
    return int(GROUPS[min(255, max(-1, ship_type)) + 1])


def group_name(ship_type: int) -> str:
    return GROUP_NAMES[group_of(ship_type)]


def by_group(fishing: float, pleasure: float, passenger: float, other: float) -> np.ndarray:
    """(4,) float64 by group."""
    out = np.empty(4)
    out[[FISHING, PLEASURE, PASSENGER, OTHER]] = fishing, pleasure, passenger, other
    return out


def types_of(crossings: tuple) -> np.ndarray:
    """(257,) bool by ship type + 1: whether a scheduled crossing speaks for that type."""
    out = np.zeros(257, np.bool_)
    for crossing in crossings:
        out[[t + 1 for t in crossing.ship_types if 0 <= t < 256]] = True
    return out
