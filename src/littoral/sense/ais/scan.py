"""The loop over lines: find the end, judge the line, cut out the message, write the rows.

One pass, no Python object a line. `scan` stops early when there may be no room for what the next
line gives, or when a receiver's name is new; the caller sees to it and comes again at the same
line, on which nothing has been done yet.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.schema.ais import FLAG_BAD_MMSI, FLAG_NO_TIME, SOURCE_SHIFT
from littoral.sense.ais.codes import (
    BAD_PAYLOAD_CHAR,
    HAS_PAYLOAD,
    IGNORED,
    INCOMPLETE,
    MAX_PARTS,
    MAX_RAW,
    NEW_STATION,
    SHORT_PAYLOAD,
    TOO_LONG,
    UNKNOWN_TYPE,
    USED,
    WAITING,
)
from littoral.sense.ais.columns import FLAGS, KIND, MMSI, MSG_TYPE, OBS_ID, STATION, T_US, TO_MMSI
from littoral.sense.ais.identity import is_allotted_form, kind_of
from littoral.sense.ais.meta import (
    CHARS,
    FILL_BITS,
    NONE,
    PART,
    PARTS,
    PAYLOAD,
    RANK,
    RANK_NONE,
    TIME,
)
from littoral.sense.ais.meta import STATION as STATION_IS
from littoral.sense.ais.parse import read_line
from littoral.sense.ais.record import MIN_BITS, MIN_BITS_24B, put_position, put_static, put_text
from littoral.sense.ais.sixbit import unarmour, unsigned
from littoral.sense.ais.waiting import (
    FILL,
    FIRST_LINE,
    HAVE,
    LINE_OF,
    MAX_AGE_LINES,
    ORDER,
    RAW_LEN,
    find_group,
    join,
    keep_part,
    open_group,
    release,
    superseded_group,
)
from littoral.sense.ais.wide import PAD, equal_mask, trailing_zeros

# Places in `state`: what lasts from call to call, then what counts from zero in each chunk.
LINE, GROUPS, LAST_TIME, SOURCE, DEFAULT_STATION, BASE, RECEIVED = 0, 1, 2, 3, 4, 5, 6
POSITIONS, STATICS, TEXTS, REJECTS, RAW = 7, 8, 9, 10, 11  # rows written into the room so far
MESSAGES, USED_LINES, SETTLED = 12, 13, 14
FATES, BY_TYPE = 16, 80  # lines by reason and kind, messages by type: 64 places each
STATE_SIZE = 144

# Why `scan` came back.
DONE, FULL, NAME = 0, 1, 2

# What one line can give at most: its own reject, a group that it completes in vain, one that it
# supersedes, one that it drives out and one that it finds too old.
MOST_REJECTS = 4 * MAX_PARTS + 1

# Rows of `rejects`.
REJECT_LINE, REJECT_REASON, REJECT_END = 0, 1, 2


@njit(cache=True, nogil=True)
def count_reject(state, rejects, reason: int, line: int, length: int) -> None:
    """Enter a reject whose `length` raw bytes have been written at state[RAW]."""
    row = state[REJECTS]
    rejects[REJECT_LINE, row] = line
    rejects[REJECT_REASON, row] = reason
    rejects[REJECT_END, row] = state[RAW] + length
    state[REJECTS] = row + 1
    state[RAW] += length
    state[SETTLED] += 1
    state[FATES + reason] += 1


@njit(cache=True, nogil=True)
def reject_line(state, rejects, raw, reason: int, text, start: int, end: int) -> None:
    """Put text[start:end], cut to MAX_RAW bytes, into the quarantine."""
    length = min(end - start, MAX_RAW)
    at = state[RAW]
    for i in range(length):
        raw[at + i] = text[start + i]
    count_reject(state, rejects, reason, state[LINE], length)


@njit(cache=True, nogil=True)
def reject_group(state, rejects, raw, groups, parts, lines, place: int, reason: int) -> None:
    """All lines of a waiting group into the quarantine, the group freed."""
    slot = groups[ORDER, place]
    for part in range(1, MAX_PARTS + 1):
        if groups[HAVE, slot] >> part & 1:
            length = min(parts[slot, part, RAW_LEN], MAX_RAW)
            at = state[RAW]
            for i in range(length):
                raw[at + i] = lines[slot, part, i]
            count_reject(state, rejects, reason, parts[slot, part, LINE_OF], length)
    state[GROUPS] = release(groups, state[GROUPS], place)


@njit(cache=True, nogil=True)
def judge(bits, length: int) -> int:
    """USED when the message in `bits`, `length` long, is one that is known and whole."""
    if length < 38:
        return SHORT_PAYLOAD
    kind = unsigned(bits, 0, 6)
    if kind == 0 or kind > 27:
        return UNKNOWN_TYPE
    if length < MIN_BITS[kind]:
        return SHORT_PAYLOAD
    if kind == 24:
        part = unsigned(bits, 38, 2)
        if part > 1:
            return UNKNOWN_TYPE
        if part == 1 and length < MIN_BITS_24B:
            return SHORT_PAYLOAD
    return USED


@njit(cache=True, nogil=True)
def settle_time(state, meta) -> int:
    """Make meta[TIME] the message's time; FLAG_NO_TIME when something has to stand in."""
    if meta[RANK] != RANK_NONE:
        state[LAST_TIME] = meta[TIME]
        return 0
    if state[RECEIVED] > 0:
        meta[TIME] = state[RECEIVED]
    elif state[LAST_TIME] > 0:
        meta[TIME] = state[LAST_TIME]
    else:
        meta[TIME] = state[BASE] + state[LINE]
    return FLAG_NO_TIME


@njit(cache=True, nogil=True)
def put_head(i64, i32, i16, i8, row: int, state, meta, mmsi: int, kind: int) -> None:
    """The columns that positions, statics and texts share."""
    i64[T_US, row] = meta[TIME]
    i64[OBS_ID, row] = (state[SOURCE] << SOURCE_SHIFT) | state[LINE]
    i32[MMSI, row] = mmsi
    i16[STATION, row] = meta[STATION_IS] if meta[STATION_IS] != NONE else state[DEFAULT_STATION]
    i8[MSG_TYPE, row] = kind


@njit(cache=True, nogil=True)
def scan(
    text, start, stop, state, meta, bits, chars, scratch, names, places, groups, parts, lines,
    rejects, raw,
    p_i64, p_i32, p_f64, p_f32, p_i16, p_i8,
    s_i64, s_i32, s_f32, s_i16, s_i8, s_name, s_call_sign, s_destination, s_eta,
    x_i64, x_i32, x_i16, x_i8, x_text,
):  # fmt: skip
    """Take the lines of text[start:stop], which ends with a newline.

    At least PAD bytes of `text` follow `stop`. Gives (where the next line begins, DONE, FULL or
    NAME). `groups`, `parts`, `lines`: see `waiting`; p_, s_, x_: blocks of positions, statics and
    texts, see `columns`.
    """
    most_rejects = rejects.shape[1] - MOST_REJECTS
    most_raw = len(raw) - MOST_REJECTS * MAX_RAW
    block = start
    ends = equal_mask(text, block, np.uint8(10))
    while start < stop:
        if (
            state[POSITIONS] >= p_i64.shape[1] or state[STATICS] >= s_i64.shape[1]
            or state[TEXTS] >= x_i64.shape[1] or state[REJECTS] > most_rejects
            or state[RAW] > most_raw
        ):  # fmt: skip
            return start, FULL
        while ends == 0:
            block += PAD
            ends = equal_mask(text, block, np.uint8(10))
        end = block + trailing_zeros(ends)
        ends &= ends - np.uint64(1)
        state[LINE] += 1
        if state[GROUPS] > 0 and state[LINE] - groups[FIRST_LINE, groups[ORDER, 0]] > MAX_AGE_LINES:
            reject_group(state, rejects, raw, groups, parts, lines, 0, INCOMPLETE)
        fate = read_line(text, start, end, meta, names, places)
        if fate == NEW_STATION:
            state[LINE] -= 1
            return start, NAME

        place, ok, length = -1, True, 0
        if fate == HAS_PAYLOAD:
            if meta[PARTS] == 1:
                ok = unarmour(text, meta[PAYLOAD], meta[CHARS], bits)
                length = 6 * meta[CHARS] - meta[FILL_BITS]
            else:
                place = find_group(groups, state[GROUPS], state[LINE], meta)
                if place < 0:
                    old = superseded_group(groups, state[GROUPS], meta)
                    if old >= 0:
                        reject_group(state, rejects, raw, groups, parts, lines, old, INCOMPLETE)
                    if state[GROUPS] == groups.shape[1]:
                        reject_group(state, rejects, raw, groups, parts, lines, 0, INCOMPLETE)
                    place = open_group(groups, state[GROUPS], state[LINE], meta)
                    state[GROUPS] += 1
                slot = groups[ORDER, place]
                if keep_part(groups, parts, lines, slot, text, start, end, state[LINE], meta):
                    total = join(parts, lines, slot, meta[PARTS], chars)
                    if total < 0:
                        fate = TOO_LONG
                    else:
                        ok = unarmour(chars, 0, total, bits)
                        length = 6 * total - groups[FILL, slot]
                else:
                    fate = WAITING
        if fate == HAS_PAYLOAD:
            fate = judge(bits, length) if ok else BAD_PAYLOAD_CHAR

        if fate == USED:
            kind, mmsi = unsigned(bits, 0, 6), unsigned(bits, 8, 30)
            flags = settle_time(state, meta)
            state[MESSAGES] += 1
            state[BY_TYPE + kind] += 1
            if kind <= 4 or kind in (9, 11, 18, 19, 21, 27):
                row = state[POSITIONS]
                put_head(p_i64, p_i32, p_i16, p_i8, row, state, meta, mmsi, kind)
                p_i8[KIND, row] = kind_of(kind, mmsi)
                p_i32[FLAGS, row] = flags if is_allotted_form(mmsi) else flags | FLAG_BAD_MMSI
                put_position(p_f64, p_f32, p_i8, row, bits, kind)
                state[POSITIONS] = row + 1
            if kind in (5, 19, 21, 24):
                row = state[STATICS]
                put_head(s_i64, s_i32, s_i16, s_i8, row, state, meta, mmsi, kind)
                s_i8[KIND, row] = kind_of(kind, mmsi)
                put_static(
                    s_i32, s_f32, s_i16, s_name, s_call_sign, s_destination, s_eta, row, bits,
                    length, kind, mmsi, scratch,
                )  # fmt: skip
                state[STATICS] = row + 1
            elif kind == 12 or kind == 14:
                row = state[TEXTS]
                put_head(x_i64, x_i32, x_i16, x_i8, row, state, meta, mmsi, kind)
                first = 72 if kind == 12 else 40
                x_i32[TO_MMSI, row] = unsigned(bits, 40, 30) if kind == 12 else -1
                put_text(x_text, row, bits, first, (length - first) // 6, scratch, False)
                state[TEXTS] = row + 1

        if place >= 0 and fate != WAITING:  # the other lines of the message share its fate
            if fate == USED:
                state[USED_LINES] += meta[PARTS] - 1
                state[SETTLED] += meta[PARTS] - 1
                state[GROUPS] = release(groups, state[GROUPS], place)
            else:
                groups[HAVE, groups[ORDER, place]] &= ~(1 << meta[PART])
                reject_group(state, rejects, raw, groups, parts, lines, place, fate)
        if fate == USED:
            state[USED_LINES] += 1
            state[SETTLED] += 1
        elif fate < IGNORED:
            reject_line(state, rejects, raw, fate, text, start, end)
        elif fate != WAITING:
            state[FATES + fate] += 1
            state[SETTLED] += 1
        start = end + 1
    return start, DONE


@njit(cache=True, nogil=True)
def give_up(state, rejects, raw, groups, parts, lines):
    """Reject what still waits, oldest first; True when all is done, False when room is short."""
    while state[GROUPS] > 0:
        if (
            state[REJECTS] > rejects.shape[1] - MOST_REJECTS
            or state[RAW] > len(raw) - MOST_REJECTS * MAX_RAW
        ):
            return False
        reject_group(state, rejects, raw, groups, parts, lines, 0, INCOMPLETE)
    return True
