"""Times as recorders write them, before the sentence or after it, to microseconds since 1970.

Known forms: seconds, milliseconds, microseconds or nanoseconds since 1970 (told by their size),
with or without a fraction; ISO 8601 and its cousins, basic or extended, with `T`, blank, `_` or
comma between date and time, with a fraction, with `Z`, `UTC` or an offset. A time without a zone
is UTC, as AIS is. Times before 1980 or after 2200 are not times.
"""

from __future__ import annotations

from numba import njit

from littoral.sense.ais.wide import I64, Pointer, U, load64

NO_TIME = I64(-(1 << 62))
_FIRST_US = 315_532_800_000_000  # 1980-01-01
_LAST_US = 7_258_118_400_000_000  # 2200-01-01
_MAX_DIGITS = 19

_ZEROS = U(0x3030303030303030)
_SIXES = U(0x0606060606060606)
_NIBBLES = U(0xF0F0F0F0F0F0F0F0)


@njit(cache=True, nogil=True)
def is_digit(c: int) -> bool:
    return 48 <= c <= 57


@njit(cache=True, nogil=True)
def eight_digits(text: Pointer, start: int) -> int:
    """Value of eight decimal digits, all at once; -1 when one is none."""
    x = load64(text, start)
    d = x ^ _ZEROS
    if ((d + _SIXES) | d) & _NIBBLES != U(0):
        return -1
    d = (d * U(10) + (d >> U(8))) & U(0x00FF00FF00FF00FF)
    d = (d * U(100) + (d >> U(16))) & U(0x0000FFFF0000FFFF)
    return I64((d * U(10000) + (d >> U(32))) & U(0xFFFFFFFF))


@njit(cache=True, nogil=True)
def epoch_us(text: Pointer, start: int, end: int) -> int:
    """Digits, with a fraction after `.` or not, as a time since 1970; NO_TIME if it is none."""
    value = I64(0)
    i = start
    if end - start >= 8:
        value = eight_digits(text, start)
        i += 8
        if value < 0:
            return NO_TIME
    while i < end and is_digit(text[i]):
        value = value * 10 + (text[i] - 48)
        i += 1
    digits = i - start
    if digits < 9 or digits > _MAX_DIGITS:
        return NO_TIME
    micros = I64(0)
    if i < end:
        if text[i] != 46:  # .
            return NO_TIME
        micros = fraction_us(text, i + 1, end)
        if micros < 0:
            return NO_TIME
    if value < 100_000_000_000:
        value = value * 1_000_000 + micros
    elif value < 100_000_000_000_000:
        value = value * 1000 + micros // 1000
    elif value >= 100_000_000_000_000_000:
        value = value // 1000
    return value if _FIRST_US <= value < _LAST_US else NO_TIME


@njit(cache=True, nogil=True)
def fraction_us(text: Pointer, start: int, end: int) -> int:
    """Digits after a decimal point as microseconds, cut; -1 when there is anything but digits."""
    micros = I64(0)
    scale = 100_000
    for i in range(start, end):
        if not is_digit(text[i]):
            return -1
        micros += (text[i] - 48) * scale
        scale //= 10
    return micros if end > start else -1


@njit(cache=True, nogil=True)
def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01, Gregorian (H. Hinnant, "chrono-compatible low-level algorithms")."""
    if month <= 2:
        year -= 1
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@njit(cache=True, nogil=True)
def _number(text: Pointer, start: int, end: int, width: int) -> int:
    """Exactly `width` digits at `start`; -1 otherwise."""
    if start + width > end:
        return -1
    value = 0
    for i in range(start, start + width):
        if not is_digit(text[i]):
            return -1
        value = value * 10 + (text[i] - 48)
    return value


@njit(cache=True, nogil=True)
def calendar_us(text: Pointer, start: int, end: int) -> int:
    """Date and time of day; NO_TIME if it is none."""
    year = _number(text, start, end, 4)
    i = start + 4
    dash = i < end and (text[i] == 45 or text[i] == 47 or text[i] == 46)  # - / .
    i += dash
    month = _number(text, i, end, 2)
    i += 2
    if dash:
        if i >= end or text[i] != text[start + 4]:
            return NO_TIME
        i += 1
    day = _number(text, i, end, 2)
    i += 2
    if i >= end or not (text[i] == 84 or text[i] == 32 or text[i] == 95 or text[i] == 44):
        return NO_TIME  # T, blank, _ or comma
    hour = _number(text, i + 1, end, 2)
    i += 3
    colon = i < end and text[i] == 58
    i += colon
    minute = _number(text, i, end, 2)
    i += 2
    if colon:
        if i >= end or text[i] != 58:
            return NO_TIME
        i += 1
    second = _number(text, i, end, 2)
    i += 2
    if year < 0 or not (1 <= month <= 12 and 1 <= day <= 31):
        return NO_TIME
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 60):
        return NO_TIME
    micros = I64(0)
    if i < end and (text[i] == 46 or text[i] == 44):  # fraction after . or ,
        first = i + 1
        i = first
        while i < end and is_digit(text[i]):
            i += 1
        micros = fraction_us(text, first, i)
        if micros < 0:
            return NO_TIME
    offset = _zone_minutes(text, i, end)
    if offset == NO_TIME:
        return NO_TIME
    minutes = (days_from_civil(year, month, day) * 24 + hour) * 60 + minute - offset
    value = (minutes * 60 + second) * 1_000_000 + micros
    return value if _FIRST_US <= value < _LAST_US else NO_TIME


@njit(cache=True, nogil=True)
def _zone_minutes(text: Pointer, start: int, end: int) -> int:
    """Offset from UTC in minutes of what follows the seconds; NO_TIME if it is no zone."""
    while start < end and text[start] == 32:
        start += 1
    left = end - start
    if left == 0 or (left == 1 and text[start] == 90):  # nothing or Z
        return 0
    if left == 3:  # UTC, GMT
        utc = text[start] == 85 and text[start + 1] == 84 and text[start + 2] == 67
        gmt = text[start] == 71 and text[start + 1] == 77 and text[start + 2] == 84
        if utc or gmt:
            return 0
    if text[start] != 43 and text[start] != 45:  # + -
        return NO_TIME
    hours = _number(text, start + 1, end, 2)
    at = start + 3
    minutes = 0
    if at < end:
        at += text[at] == 58
        minutes = _number(text, at, end, 2)
        at += 2
    if at != end or not (0 <= hours <= 14 and 0 <= minutes <= 59):
        return NO_TIME
    offset = hours * 60 + minutes
    return -offset if text[start] == 45 else offset


@njit(cache=True, nogil=True)
def _is_wrapping(c: int) -> bool:
    """Blanks, brackets, quotes and separators that stand round a time."""
    return c <= 32 or c in (34, 39, 40, 41, 44, 58, 59, 91, 93, 124)  # " ' ( ) , : ; [ ] |


@njit(cache=True, nogil=True)
def any_time_us(text: Pointer, start: int, end: int) -> int:
    """A time in one of the known forms, brackets and separators round it left out, or NO_TIME."""
    while start < end and _is_wrapping(text[start]):
        start += 1
    while end > start and _is_wrapping(text[end - 1]):
        end -= 1
    if start == end or not is_digit(text[start]):
        return NO_TIME
    value = epoch_us(text, start, end)
    return calendar_us(text, start, end) if value == NO_TIME else value
