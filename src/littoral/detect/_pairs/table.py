"""A table of pairs of tracks: open addressing from the pair's key to a row of plain columns.

Rows lie one after another in arrays that the detector owns; `slots` is only an index over them and
is rebuilt when rows are removed.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.detect._pairs.grid import bucket_of


@njit(cache=True, nogil=True, inline="always")
def pair_key(a: int, b: int) -> int:
    """One number for an unordered pair of tracks (each below 2**31)."""
    return (min(a, b) << 32) | max(a, b)


@njit(cache=True, nogil=True)
def find(slots: np.ndarray, keys: np.ndarray, key: int) -> int:
    """Row of `key`, or -1 - slot where it would be entered. `slots` (2**k,) int32, -1 is empty."""
    mask = len(slots) - 1
    slot = bucket_of(key, mask)
    while slots[slot] >= 0:
        if keys[slots[slot]] == key:
            return slots[slot]
        slot = (slot + 1) & mask
    return -1 - slot


@njit(cache=True, nogil=True)
def index(slots: np.ndarray, keys: np.ndarray, count: int) -> None:
    """Fill `slots` anew from the first `count` keys."""
    slots[:] = -1
    for row in range(count):
        slots[-1 - find(slots, keys, keys[row])] = row


def slots_for(rows: int) -> np.ndarray:
    """Empty index for up to `rows` rows, at most half full."""
    size = 1 << max(6, int(2 * rows - 1).bit_length())
    return np.full(size, -1, np.int32)
