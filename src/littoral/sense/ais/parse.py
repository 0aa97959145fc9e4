"""One line to a fate, or to the place of its payload: sentences of IEC 61162-1."""

from __future__ import annotations

from numba import njit

from littoral.sense.ais.around import find_start, hex_digit, read_suffix, read_tag_block, xor_of
from littoral.sense.ais.codes import (
    BAD_CHECKSUM,
    BLANK,
    COMMENT,
    HAS_PAYLOAD,
    LONE_TAG_BLOCK,
    MALFORMED,
    MAX_LINE,
    MAX_PARTS,
    NO_CHECKSUM,
    NOT_A_SENTENCE,
    OTHER_NMEA,
    SHORT_PAYLOAD,
    TOO_LONG,
    USED,
)
from littoral.sense.ais.meta import (
    CHANNEL_IS,
    CHARS,
    FILL_BITS,
    GROUP,
    MESSAGE_KEY,
    NAME_LEN,
    NONE,
    PART,
    PARTS,
    PAYLOAD,
    RANK,
    RANK_NONE,
    SEEN_AT,
    START,
    STATION,
    TIME,
)
from littoral.sense.ais.sixbit import MAX_CHARS
from littoral.sense.ais.wide import I64, Pointer, U, load64

_VDM, _VDO = 0x4D4456, 0x4F4456  # the three letters as they lie in memory
_COMMA, _STAR, _BACKSLASH, _BANG, _DOLLAR, _HASH = 44, 42, 92, 33, 36, 35


@njit(cache=True, nogil=True)
def is_address(text: Pointer, start: int, end: int) -> bool:
    """Whether `!` or `$` is followed by an address: 4 to 12 letters and digits, then `,` or end."""
    i = start + 1
    while i < end and (48 <= text[i] <= 57 or 65 <= text[i] <= 90):
        i += 1
    return 5 <= i - start <= 13 and (i == end or text[i] == _COMMA)


@njit(cache=True, nogil=True)
def read_fields(text: Pointer, start: int, star: int, is_own: bool, meta: Pointer) -> int:
    """!ttVDM,n,k,s,c,payload,f before text[star] == `*`: HAS_PAYLOAD or the reason against it.

    n, k and f are one digit, s empty or one digit, c empty or one character.
    """
    if star - start < 14:
        return MALFORMED
    parts, part = I64(text[start + 7]) - 48, I64(text[start + 9]) - 48
    if not (1 <= part <= parts <= MAX_PARTS):
        return MALFORMED
    if text[start + 6] != _COMMA or text[start + 8] != _COMMA or text[start + 10] != _COMMA:
        return MALFORMED
    at = start + 11
    sequence = 10
    if text[at] != _COMMA:
        sequence = I64(text[at]) - 48
        at += 1
        if not (0 <= sequence <= 9):
            return MALFORMED
    if text[at] != _COMMA:
        return MALFORMED
    at += 1
    channel = 0
    if text[at] != _COMMA:
        channel = I64(text[at])
        at += 1
    fill = I64(text[star - 1]) - 48
    if text[at] != _COMMA or text[star - 2] != _COMMA or not (0 <= fill <= 5):
        return MALFORMED
    at += 1
    chars = star - 2 - at
    if chars <= 0:
        return SHORT_PAYLOAD if chars == 0 else MALFORMED
    if chars > MAX_CHARS:
        return TOO_LONG
    if part < parts and fill > 0:
        return MALFORMED  # fill bits end a message, not a part of it
    meta[PAYLOAD], meta[CHARS], meta[FILL_BITS] = at, chars, fill
    meta[PARTS], meta[PART], meta[CHANNEL_IS] = parts, part, channel
    meta[MESSAGE_KEY] = (parts << 8) | (sequence << 1) | I64(is_own)
    return HAS_PAYLOAD


@njit(cache=True, nogil=True)
def read_sentence(text: Pointer, start: int, end: int, meta: Pointer) -> int:
    """Sentence text[start:end], and what follows it, that begins with `!` or `$`."""
    star = end - 3
    if star <= start or text[star] != _STAR:
        star = start
        while star < end and text[star] != _STAR:
            star += 1
    letters = I64((load64(text, start + 1) >> U(16)) & U(0xFFFFFF))
    is_ais = text[start] == _BANG and letters in (_VDM, _VDO)
    if star + 3 > end:
        if text[start] == _BANG:
            return NO_CHECKSUM
        return OTHER_NMEA if is_address(text, start, end) else NOT_A_SENTENCE
    given = hex_digit(text[star + 1]) * 16 + hex_digit(text[star + 2])
    if given != xor_of(text, start + 1, star):
        return BAD_CHECKSUM
    if not is_ais:
        return OTHER_NMEA if is_address(text, start, star) else MALFORMED
    fate = read_fields(text, start, star, letters == _VDO, meta)
    if fate == HAS_PAYLOAD and star + 3 < end:
        after = read_suffix(text, star + 3, end, meta)
        return fate if after == USED else after
    return fate


@njit(cache=True, nogil=True)
def read_line(
    text: Pointer, start: int, end: int, meta: Pointer, seen: Pointer, seen_text: Pointer
) -> int:
    """Fate of the line text[start:end], or HAS_PAYLOAD with `meta` filled."""
    if end - start > MAX_LINE:
        return TOO_LONG
    while end > start and text[end - 1] <= 32:
        end -= 1
    if end == start:
        return BLANK
    meta[TIME] = 0
    meta[RANK] = RANK_NONE
    meta[STATION] = NONE
    meta[GROUP] = NONE
    meta[NAME_LEN] = 0
    meta[SEEN_AT] = NONE
    at = start
    if text[at] != _BACKSLASH and text[at] != _BANG:
        while text[at] <= 32:
            at += 1
        if text[at] == _HASH:
            return COMMENT
        if not find_start(text, at, end, meta):
            return NOT_A_SENTENCE
        at = meta[START]
    while text[at] == _BACKSLASH:
        fate = read_tag_block(text, at, end, meta, seen, seen_text)
        if fate != USED:
            return fate
        at = meta[START]
        if at == end:
            return LONE_TAG_BLOCK
    if text[at] != _BANG and text[at] != _DOLLAR:
        return NOT_A_SENTENCE
    return read_sentence(text, at, end, meta)
