"""What stands round a sentence: tag blocks and prefixes before it, suffixes after it.

IEC 61162-450 (NMEA 0183 4.10, section 7) tag block: `\\letter:value,...*hh\\`. Read are `c:` time
since 1970 in seconds or milliseconds, `s:` source and `g:` group (`part-of-id`, also the older
`1G2:id`); other fields must only be well formed. The USCG's NAIS records end in
`*hh,...,rSTATION,...,EPOCH`.

All functions fill `meta` (see there).
"""

from __future__ import annotations

from numba import njit

from littoral.sense.ais.codes import BAD_TAG_BLOCK, MALFORMED, USED
from littoral.sense.ais.meta import (
    GROUP,
    NAME_AT,
    NAME_LEN,
    RANK,
    RANK_PREFIX,
    RANK_SUFFIX,
    RANK_TAG,
    START,
    TIME,
)
from littoral.sense.ais.times import NO_TIME, any_time_us, epoch_us, is_digit
from littoral.sense.ais.wide import I64, Pointer, U, find_byte, load64

MAX_PREFIX = 128  # bytes before the sentence in which its beginning is looked for

_BACKSLASH, _STAR, _COMMA, _COLON, _BANG, _DOLLAR = 92, 42, 44, 58, 33, 36


@njit(cache=True, nogil=True)
def hex_digit(c: int) -> int:
    """Value of a hexadecimal digit, upper or lower case; 16 or more when it is none."""
    if 48 <= c <= 57:
        return c - 48
    c |= 32
    return c - 87 if 97 <= c <= 102 else 256


@njit(cache=True, nogil=True)
def xor_of(text: Pointer, start: int, end: int) -> int:
    """NMEA checksum: exclusive or of the bytes start .. end - 1."""
    folded = U(0)
    i = start
    while i + 8 <= end:
        folded ^= load64(text, i)
        i += 8
    if i < end:
        folded ^= load64(text, i) & ((U(1) << U(8 * (end - i))) - U(1))
    folded ^= folded >> U(32)
    folded ^= folded >> U(16)
    folded ^= folded >> U(8)
    return I64(folded & U(255))


@njit(cache=True, nogil=True)
def read_tag_block(text: Pointer, start: int, end: int, meta: Pointer) -> int:
    """Tag block whose backslash is at `start`; meta[START] is set past its end.

    Gives USED or BAD_TAG_BLOCK.
    """
    close = find_byte(text, start + 1, end, _BACKSLASH)
    star = close - 3
    if close >= end or star <= start or text[star] != _STAR:
        return BAD_TAG_BLOCK
    given = hex_digit(text[close - 2]) * 16 + hex_digit(text[close - 1])
    if given != xor_of(text, start + 1, star):
        return BAD_TAG_BLOCK
    meta[START] = close + 1
    i = start + 1
    while i < star:
        code = text[i]
        i += 1
        if is_digit(code) and i + 1 < star and text[i] == 71 and is_digit(text[i + 1]):
            code = 71  # 1G2:id
            i += 2
        if i >= star or text[i] != _COLON:
            return BAD_TAG_BLOCK
        i += 1
        first = i
        i = find_byte(text, first, star, _COMMA)
        if code == 99:  # c
            when = epoch_us(text, first, i)
            if when == NO_TIME:
                return BAD_TAG_BLOCK
            meta[TIME], meta[RANK] = when, RANK_TAG
        elif code == 115 and i > first:  # s
            meta[NAME_AT], meta[NAME_LEN] = first, i - first
        elif code == 103 or code == 71:  # g, nGn
            meta[GROUP] = _group_of(text, first, i)
        i += 1
    return USED


@njit(cache=True, nogil=True)
def _group_of(text: Pointer, start: int, end: int) -> int:
    """Number of a group: what follows the last `-`, or all; letters count too; never negative."""
    value = I64(0)
    for i in range(start, end):
        value = 0 if text[i] == 45 else (value * 131 + text[i]) & 0xFFFFFFFFFFFF
    return value


@njit(cache=True, nogil=True)
def find_start(text: Pointer, start: int, end: int, meta: Pointer) -> bool:
    """Skip a prefix: meta[START] at the first `!`, `$` or backslash, the time before it read."""
    for i in range(start, min(end, start + MAX_PREFIX)):
        if text[i] == _BANG or text[i] == _DOLLAR or text[i] == _BACKSLASH:
            when = any_time_us(text, start, i)
            if when != NO_TIME and meta[RANK] < RANK_PREFIX:
                meta[TIME], meta[RANK] = when, RANK_PREFIX
            meta[START] = i
            return True
    return False


@njit(cache=True, nogil=True)
def read_suffix(text: Pointer, start: int, end: int, meta: Pointer) -> int:
    """What follows the checksum: fields after commas, `r` or `b` and a name, and a time.

    Gives USED, or MALFORMED when the checksum goes on or another sentence begins.
    """
    c = text[start] | 32
    if is_digit(text[start]) or 97 <= c <= 122:
        return MALFORMED
    for i in range(start, end):
        if text[i] == _BANG or text[i] == _DOLLAR:
            return MALFORMED
    i = start
    while i < end:
        first = i
        while i < end and text[i] != _COMMA:
            i += 1
        while first < i and text[first] <= 32:
            first += 1
        if first < i:
            if is_digit(text[first]):
                when = any_time_us(text, first, i)
                if when != NO_TIME and meta[RANK] <= RANK_SUFFIX:
                    meta[TIME], meta[RANK] = when, RANK_SUFFIX
            elif (text[first] == 114 or text[first] == 98) and meta[NAME_LEN] == 0:  # r, b
                meta[NAME_AT], meta[NAME_LEN] = first, i - first
        i += 1
    return USED
