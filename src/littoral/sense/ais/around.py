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

from littoral.sense.ais.codes import BAD_TAG_BLOCK, MALFORMED, NEW_STATION, USED
from littoral.sense.ais.meta import (
    GROUP,
    NAME_AT,
    NAME_LEN,
    NONE,
    RANK,
    RANK_PREFIX,
    RANK_SUFFIX,
    RANK_TAG,
    START,
    STATION,
    TIME,
)
from littoral.sense.ais.times import NO_TIME, any_time_us, epoch_us, is_digit
from littoral.sense.ais.wide import load64

MAX_NAME = 32  # bytes of a receiver's name; IEC 61162-450 allows 15
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
def xor_of(text: np.ndarray, start: int, end: int) -> int:
    """NMEA checksum: exclusive or of the bytes start .. end - 1."""
    folded = np.uint64(0)
    i = start
    while i + 8 <= end:
        folded ^= load64(text, i)
        i += 8
    if i < end:
        folded ^= load64(text, i) & ((np.uint64(1) << np.uint64(8 * (end - i))) - np.uint64(1))
    folded ^= folded >> np.uint64(32)
    folded ^= folded >> np.uint64(16)
    folded ^= folded >> np.uint64(8)
    return np.int64(folded & np.uint64(255))


@njit(cache=True, nogil=True)
def slot_of(w0: int, w1: int, w2: int, w3: int) -> int:
    """Where the search for a name of four uint64 words begins, before it is cut to the table."""
    mixed = w0 ^ (w1 * np.uint64(0x9E3779B97F4A7C15)) ^ (w2 << np.uint64(1)) ^ w3
    return np.int64((mixed * np.uint64(0xD6E8FEB86659FD93)) >> np.uint64(40))


@njit(cache=True, nogil=True)
def station_of(text: np.ndarray, start: int, end: int, names, places) -> int:
    """Index of the receiver named text[start:end]; NONE - 1 when it is not in the table.

    `names` uint64 (slots, 4): the name, zero padded; `places` int32 (slots,): index, or -2 where
    the slot is free. Open addressing, slots a power of two, never full.
    """
    length = min(end - start, MAX_NAME)
    w0, w1, w2, w3 = _word(text, start, length), np.uint64(0), np.uint64(0), np.uint64(0)
    if length > 8:
        w1 = _word(text, start + 8, length - 8)
        if length > 16:
            w2 = _word(text, start + 16, length - 16)
            w3 = _word(text, start + 24, length - 24)
    last = len(places) - 1
    slot = slot_of(w0, w1, w2, w3) & last
    while places[slot] != -2:
        found = names[slot]
        if found[0] == w0 and found[1] == w1 and found[2] == w2 and found[3] == w3:
            return np.int64(places[slot])
        slot = (slot + 1) & last
    return NONE - 1


@njit(cache=True, nogil=True)
def _word(text: np.ndarray, start: int, length: int) -> int:
    """First `length` (any number; at most 8 count) bytes as a zero-padded uint64."""
    if length <= 0:
        return np.uint64(0)
    word = load64(text, start)
    if length < 8:
        word &= (np.uint64(1) << np.uint64(8 * length)) - np.uint64(1)
    return word


@njit(cache=True, nogil=True)
def read_station(text: np.ndarray, start: int, end: int, meta, names, places) -> int:
    """Set meta[STATION]; NEW_STATION asks the caller to add the name that meta points at."""
    station = station_of(text, start, end, names, places)
    if station < NONE:
        meta[NAME_AT] = start
        meta[NAME_LEN] = min(end - start, MAX_NAME)
        return NEW_STATION
    meta[STATION] = station
    return USED


@njit(cache=True, nogil=True)
def read_tag_block(text: np.ndarray, start: int, end: int, meta, names, places) -> int:
    """Tag block whose backslash is at `start`; meta[START] is set past its end.

    Gives USED, BAD_TAG_BLOCK or NEW_STATION.
    """
    close = start + 1
    while close < end and text[close] != _BACKSLASH:
        close += 1
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
        while i < star and text[i] != _COMMA:
            i += 1
        if code == 99:  # c
            when = epoch_us(text, first, i)
            if when == NO_TIME:
                return BAD_TAG_BLOCK
            meta[TIME], meta[RANK] = when, RANK_TAG
        elif code == 115 and i > first:  # s
            if read_station(text, first, i, meta, names, places) == NEW_STATION:
                return NEW_STATION
        elif code == 103 or code == 71:  # g, nGn
            meta[GROUP] = _group_of(text, first, i)
        i += 1
    return USED


@njit(cache=True, nogil=True)
def _group_of(text: np.ndarray, start: int, end: int) -> int:
    """Number of a group: what follows the last `-`, or all; letters count too; never negative."""
    value = np.int64(0)
    for i in range(start, end):
        value = 0 if text[i] == 45 else (value * 131 + text[i]) & 0xFFFFFFFFFFFF
    return value


@njit(cache=True, nogil=True)
def find_start(text: np.ndarray, start: int, end: int, meta) -> bool:
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
def read_suffix(text: np.ndarray, start: int, end: int, meta, names, places) -> int:
    """What follows the checksum: fields after commas, `r` or `b` and a name, and a time.

    Gives USED, MALFORMED (something is stuck to the checksum) or NEW_STATION.
    """
    c = text[start]
    if not (c <= 32 or c == _COMMA or c == 34 or c == 59 or c == 39):
        return MALFORMED
    i = start + 1
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
            elif (
                (text[first] == 114 or text[first] == 98)  # r, b
                and meta[STATION] == NONE
                and read_station(text, first, i, meta, names, places) == NEW_STATION
            ):
                return NEW_STATION
        i += 1
    return USED
