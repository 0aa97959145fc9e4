"""What stands round a sentence: tag blocks and prefixes before it, suffixes after it.

IEC 61162-450 (NMEA 0183 4.10, section 7) tag block: `\\letter:value,...*hh\\`. Read are `c:` time
since 1970 in seconds or milliseconds, `s:` source and `g:` group (`part-of-id`, also the older
`1G2:id`); other fields must only be well formed. The USCG's NAIS records end in
`*hh,...,rSTATION,...,EPOCH`.

All functions fill `meta` (see there).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.sense.ais.codes import BAD_TAG_BLOCK, MALFORMED, USED
from littoral.sense.ais.meta import (
    GROUP,
    NAME_AT,
    NAME_LEN,
    NONE,
    RANK,
    RANK_PREFIX,
    RANK_SUFFIX,
    RANK_TAG,
    SEEN_AT,
    START,
    STATION,
    TIME,
)
from littoral.sense.ais.times import NO_TIME, any_time_us, epoch_us, is_digit
from littoral.sense.ais.wide import I64, Pointer, U, find_byte, load64

SEEN = 64  # tag blocks remembered; 64 slots for the 6 top bits of a hash
SEEN_BYTES = 64
SEEN_LENGTH, SEEN_TIME, SEEN_NAME_AT, SEEN_NAME_LEN, SEEN_STATION = 0, 1, 2, 3, 4
SEEN_FIELDS = 5
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


def make_seen() -> tuple[np.ndarray, np.ndarray]:
    """Empty memory for `SEEN` tag blocks: fields int64, text uint8."""
    return np.zeros((SEEN, SEEN_FIELDS), np.int64), np.zeros((SEEN, SEEN_BYTES), np.uint8)


@njit(cache=True, nogil=True)
def _same_bytes(text: Pointer, start: int, other: Pointer, at: int, length: int) -> bool:
    """Whether `length` bytes, at least 8, are equal."""
    differs = load64(text, start + length - 8) ^ load64(other, at + length - 8)
    for i in range(0, length - 8, 8):
        differs |= load64(text, start + i) ^ load64(other, at + i)
    return differs == U(0)


@njit(cache=True, nogil=True)
def read_tag_block(
    text: Pointer, start: int, end: int, meta: Pointer, seen: Pointer, seen_text: Pointer
) -> int:
    """Tag block whose backslash is at `start`; meta[START] is set past its end.

    Gives USED or BAD_TAG_BLOCK. A receiver's lines of one second share their tag block byte for
    byte, so that what the last ones said is kept (`seen`) and need not be read again.
    """
    close = find_byte(text, start + 1, end, _BACKSLASH)
    length = close - start
    star = close - 3
    if close >= end or star <= start or text[star] != _STAR:
        return BAD_TAG_BLOCK
    short = 8 <= length <= SEEN_BYTES
    slot = 0
    if short:
        slot = I64((load64(text, close - 8) * U(0x9E3779B97F4A7C15)) >> U(58))
    s = slot * SEEN_FIELDS
    if (
        short
        and seen[s + SEEN_LENGTH] == length
        and _same_bytes(text, start, seen_text, slot * SEEN_BYTES, length)
    ):
        meta[START] = close + 1
        if seen[s + SEEN_TIME] != NO_TIME:
            meta[TIME], meta[RANK] = seen[s + SEEN_TIME], RANK_TAG
        if seen[s + SEEN_NAME_LEN] > 0:
            meta[NAME_AT] = start + seen[s + SEEN_NAME_AT]
            meta[NAME_LEN] = seen[s + SEEN_NAME_LEN]
            meta[STATION] = seen[s + SEEN_STATION]
            meta[SEEN_AT] = s
        return USED
    given = hex_digit(text[close - 2]) * 16 + hex_digit(text[close - 1])
    if given != xor_of(text, start + 1, star):
        return BAD_TAG_BLOCK
    time, name_at, name_len, group = NO_TIME, start, 0, NONE
    i = start + 1
    while i < star:
        code = text[i]
        i += 1
        if is_digit(code) and i + 1 < star and text[i] == 71 and is_digit(text[i + 1]):
            code = 71  # 1G2:id
            i += 2
        if i >= star or text[i] != _COLON:
            return BAD_TAG_BLOCK
        first = i + 1
        i = find_byte(text, first, star, _COMMA)
        if code == 99:  # c
            time = epoch_us(text, first, i)
            if time == NO_TIME:
                return BAD_TAG_BLOCK
        elif code == 115 and i > first:  # s
            name_at, name_len = first, i - first
        elif code == 103 or code == 71:  # g, nGn
            group = _group_of(text, first, i)
        i += 1
    meta[START] = close + 1
    if time != NO_TIME:
        meta[TIME], meta[RANK] = time, RANK_TAG
    if name_len > 0:
        meta[NAME_AT], meta[NAME_LEN] = name_at, name_len
        meta[STATION], meta[SEEN_AT] = NONE, NONE
    if group != NONE:
        meta[GROUP] = group
    elif short:
        seen[s + SEEN_LENGTH], seen[s + SEEN_TIME] = length, time
        seen[s + SEEN_NAME_AT], seen[s + SEEN_NAME_LEN] = name_at - start, name_len
        seen[s + SEEN_STATION] = NONE
        meta[SEEN_AT] = s
        for k in range(length):
            seen_text[slot * SEEN_BYTES + k] = text[start + k]
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
