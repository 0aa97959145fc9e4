"""Spoils lines as bad links do: flipped, cut and overwritten bytes, broken tag checksums.

Line feeds are never touched, so the number of lines stays what it was.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.sim.chance import mix, mix3, unit

_LF, _BACKSLASH = 10, 92


@njit(cache=True, nogil=True)
def _spoil(
    data: np.ndarray, share: float, first: int, limit: int, seed: int, out: np.ndarray
) -> tuple[int, int]:
    read = wrote = count = 0
    while read < len(data) and count < limit:
        end = read
        while data[end] != _LF:
            end += 1
        length = end + 1 - read
        out[wrote : wrote + length] = data[read : end + 1]
        draw = mix3(seed, 77, first + count)
        if unit(draw) < share:
            draw = mix(draw)
            how = int(unit(draw) * 4)
            draw = mix(draw)
            where = int(unit(draw) * (length - 3))
            if how == 0:  # one bit flips; bit 6 cannot make a line feed of a printable byte
                out[wrote + where] ^= 1 if out[wrote + where] != 11 else 4
            elif how == 1:  # cut short
                out[wrote + where] = 13
                out[wrote + where + 1] = _LF
                length = where + 2
            elif how == 2:  # noise over some bytes
                for i in range(where, min(length - 2, where + 12)):
                    draw = mix(draw)
                    noise = draw & 255
                    out[wrote + i] = noise if noise != _LF else 0
            else:  # a digit of the tag block's checksum changes, else of the sentence's
                i = 1
                while i < length - 3 and out[wrote + i] != 42:
                    i += 1
                out[wrote + i + 1] = 48 + (out[wrote + i + 1] + 1) % 10
        wrote += length
        read = end + 1
        count += 1
    return wrote, count


def spoil(
    data: np.ndarray, share: float, first: int, limit: int, seed: int
) -> tuple[np.ndarray, int]:
    """At most `limit` lines of `data` with about `share` of them spoilt, and how many there are.

    `first` is the number of the first line in the whole output: what happens to a line depends on
    its number and `seed` alone.
    """
    out = np.empty(len(data) + 2, np.uint8)
    wrote, count = _spoil(data, share, first, limit, seed, out)
    return out[:wrote], count
