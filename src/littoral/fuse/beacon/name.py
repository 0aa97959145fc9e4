"""Names that tell the level of a battery, as net beacons carry them: "NET MARK-85%", "12345-1-98%",
"B-7-11.9V" (compiled)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

PERCENT, VOLTS = 1, 2
MOST_PERCENT = 100
LEAST_DECIVOLTS, MOST_DECIVOLTS = 25, 300  # one lithium cell that is empty; a 24 V battery charging


class Battery(NamedTuple):
    percent: int | None = None
    volts: float | None = None


@njit(cache=True, nogil=True)
def _digit(c: int) -> bool:
    return 48 <= c <= 57


@njit(cache=True, nogil=True)
def battery_code(name) -> tuple[int, int]:
    """(PERCENT, 0..100), (VOLTS, tenths of a volt) or (0, 0) of a name, (width,) uint8 padded with
    zeros.

    A percentage is one to three digits before a % at the end. A voltage is one or two digits, with
    or without a point and a digit, before a V at the end, and stands alone or after a mark that is
    no letter or digit: "M12V" may be a name."""
    end = 0
    for c in name:
        if c == 0:
            break
        end += 1
    while end > 0 and name[end - 1] == 32:
        end -= 1
    if end < 2:
        return 0, 0
    last = name[end - 1]
    i = end - 2
    value, scale, digits = 0, 1, 0
    while i >= 0 and _digit(name[i]) and digits < 4:
        value += scale * (name[i] - 48)
        scale *= 10
        digits += 1
        i -= 1
    if last == 37:  # %
        return (PERCENT, value) if 1 <= digits <= 3 and value <= MOST_PERCENT else (0, 0)
    if last != 86 and last != 118:  # V, v
        return 0, 0
    if digits == 1 and i >= 1 and name[i] == 46 and _digit(name[i - 1]):  # a point
        i -= 1
        whole, scale, digits = 0, 1, 0
        while i >= 0 and _digit(name[i]) and digits < 3:
            whole += scale * (name[i] - 48)
            scale *= 10
            digits += 1
            i -= 1
        value += 10 * whole
    else:
        value *= 10
    if not 1 <= digits <= 2 or not LEAST_DECIVOLTS <= value <= MOST_DECIVOLTS:
        return 0, 0
    if i >= 0 and (_digit(name[i]) or name[i] == 46 or 65 <= name[i] <= 90 or 97 <= name[i] <= 122):
        return 0, 0
    return VOLTS, value


def battery_of(name: bytes) -> Battery:
    """What a name tells of a battery; all None where it tells nothing."""
    if not name:
        return Battery()
    unit, value = battery_code(np.frombuffer(name, np.uint8))
    if unit == PERCENT:
        return Battery(percent=int(value))
    if unit == VOLTS:
        return Battery(volts=int(value) / 10)
    return Battery()
