"""The loop over lines: find the end, judge the line, cut out the message, write the rows.

One pass, no Python object a line. `scan` stops early when there may be no room for what the next
line gives, or when a receiver's name is new; the caller sees to it and comes again at the same
line, on which nothing has been done yet.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.schema.ais import FLAG_BAD_MMSI, FLAG_NO_TIME, SOURCE_SHIFT
from littoral.sense.ais.around import SEEN_STATION
from littoral.sense.ais.codes import (
    BAD_PAYLOAD_CHAR,
    HAS_PAYLOAD,
    IGNORED,
    INCOMPLETE,
    MAX_PARTS,
    MAX_RAW,
    SHORT_PAYLOAD,
    TOO_LONG,
    UNKNOWN_TYPE,
    USED,
    WAITING,
)
from littoral.sense.ais.columns import (
    FLAGS,
    KIND,
    MMSI,
    MSG_TYPE,
    OBS_ID,
    STATION,
    T_US,
    TEXT_WIDTH,
    TO_MMSI,
)
from littoral.sense.ais.identity import is_allotted_form, kind_of
from littoral.sense.ais.meta import (
    CHARS,
    FILL_BITS,
    NAME_AT,
    NAME_LEN,
    NONE,
    PART,
    PARTS,
    PAYLOAD,
    RANK,
    RANK_NONE,
    SEEN_AT,
    TIME,
)
from littoral.sense.ais.meta import STATION as STATION_IS
from littoral.sense.ais.parse import read_line
from littoral.sense.ais.receivers import MAX_NAME, UNKNOWN, station_of
from littoral.sense.ais.record import (
    MIN_BITS,
    MIN_BITS_24B,
    put_position,
    put_static,
    put_text,
    turn_flag,
)
from littoral.sense.ais.sixbit import unarmour, unsigned
from littoral.sense.ais.waiting import (
    FILL,
    FIRST_LINE,
    GROUP_FIELDS,
    HAVE,
    LINE_OF,
    MAX_AGE_LINES,
    PARTS_A_GROUP,
    RAW_LEN,
    find_group,
    join,
    keep_part,
    line_at,
    open_group,
    part_at,
    release,
    superseded_group,
)
from littoral.sense.ais.wide import (
    PAD,
    Pointer,
    U,
    equal_mask,
    load64,
    pointer,
    store64,
    trailing_zeros,
)

# Places in `state`: what lasts from call to call, then what counts from zero in each chunk.
LINE, GROUPS, LAST_TIME, SOURCE, DEFAULT_STATION, BASE, RECEIVED = 0, 1, 2, 3, 4, 5, 6
POSITIONS, STATICS, TEXTS, REJECTS, RAW = 7, 8, 9, 10, 11  # rows written into the room so far
MESSAGES, USED_LINES, SETTLED = 12, 13, 14
FATES, BY_TYPE = 16, 80  # lines by reason and kind, messages by type: 64 places each
STATE_SIZE = 144

# Why `scan` came back.
DONE, FULL, NAME = 0, 1, 2

# What one line can give at most: its own reject, a group that it completes in vain, one that it
# supersedes or drives out, and one that it finds too old.
MOST_REJECTS = 3 * MAX_PARTS + 1

# Fields of a reject, int64: its bytes in `raw` end at REJECT_END.
REJECT_LINE, REJECT_REASON, REJECT_END = 0, 1, 2
REJECT_FIELDS = 3


@njit(cache=True, nogil=True)
def quarantine(
    state: Pointer, rejects: Pointer, raw: Pointer, reason: int, line: int, text: Pointer,
    start: int, end: int,
) -> None:  # fmt: skip
    """Keep text[start:end], cut to MAX_RAW bytes, as a reject; up to 7 bytes more are written."""
    row, at = state[REJECTS] * REJECT_FIELDS, state[RAW]
    length = min(end - start, MAX_RAW)
    for i in range(0, length, 8):
        store64(raw, at + i, load64(text, start + i))
    rejects[row + REJECT_LINE] = line
    rejects[row + REJECT_REASON] = reason
    rejects[row + REJECT_END] = at + length
    state[REJECTS] += 1
    state[RAW] = at + length
    state[SETTLED] += 1
    state[FATES + reason] += 1


@njit(cache=True, nogil=True)
def reject_group(
    state: Pointer, rejects: Pointer, raw: Pointer, order: Pointer, groups: Pointer,
    parts: Pointer, lines: Pointer, place: int, reason: int,
) -> None:  # fmt: skip
    """All lines of a waiting group into the quarantine, the group freed."""
    slot = order[place]
    for part in range(1, PARTS_A_GROUP):
        if groups[slot * GROUP_FIELDS + HAVE] >> part & 1:
            p, at = part_at(slot, part), line_at(slot, part)
            quarantine(
                state, rejects, raw, reason, parts[p + LINE_OF], lines, at, at + parts[p + RAW_LEN]
            )
    state[GROUPS] = release(order, state[GROUPS], place)


@njit(cache=True, nogil=True)
def judge(bits: Pointer, length: int) -> int:
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
def settle_time(state: Pointer, meta: Pointer) -> int:
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
def put_head(
    i64: Pointer, i32: Pointer, i16: Pointer, i8: Pointer, n: int, row: int, state: Pointer,
    meta: Pointer, mmsi: int, kind: int,
) -> None:  # fmt: skip
    """The columns that positions, statics and texts share."""
    i64[T_US * n + row] = meta[TIME]
    i64[OBS_ID * n + row] = (state[SOURCE] << SOURCE_SHIFT) | state[LINE]
    i32[MMSI * n + row] = mmsi
    station = meta[STATION_IS] if meta[STATION_IS] != NONE else state[DEFAULT_STATION]
    i16[STATION * n + row] = station
    i8[MSG_TYPE * n + row] = kind


@njit(cache=True, nogil=True)
def scan(
    text_a, start, stop, state_a, meta_a, bits_a, chars_a, scratch_a, seen_a, seen_text_a,
    names_a, places_a,
    order_a, groups_a, parts_a, lines_a, rejects_a, raw_a,
    p_i64a, p_i32a, p_f64a, p_f32a, p_i16a, p_i8a,
    s_i64a, s_i32a, s_f32a, s_i16a, s_i8a, s_name_a, s_call_sign_a, s_destination_a, s_eta_a,
    x_i64a, x_i32a, x_i16a, x_i8a, x_text_a,
):  # fmt: skip
    """Take the lines of text[start:stop], which ends with a newline.

    At least PAD bytes of `text` follow `stop`. Gives (where the next line begins, DONE, FULL or
    NAME). `seen`: see `around`; `names`, `places`: see `receivers`; `order` to `lines`: see
    `waiting`; p_, s_, x_: blocks of positions, statics and texts, see `columns`.
    """
    text, state, meta, bits = pointer(text_a), pointer(state_a), pointer(meta_a), pointer(bits_a)
    chars, scratch = pointer(chars_a), pointer(scratch_a)
    seen, seen_text = pointer(seen_a), pointer(seen_text_a)
    names, places, slots = pointer(names_a), pointer(places_a), len(places_a)
    order, groups, parts = pointer(order_a), pointer(groups_a), pointer(parts_a)
    lines, max_groups = pointer(lines_a), len(order_a)
    rejects, raw = pointer(rejects_a), pointer(raw_a)
    p_i64, p_i32, p_f64 = pointer(p_i64a), pointer(p_i32a), pointer(p_f64a)
    p_f32, p_i16, p_i8 = pointer(p_f32a), pointer(p_i16a), pointer(p_i8a)
    s_i64, s_i32, s_f32 = pointer(s_i64a), pointer(s_i32a), pointer(s_f32a)
    s_i16, s_i8, s_name = pointer(s_i16a), pointer(s_i8a), pointer(s_name_a)
    s_call_sign, s_destination = pointer(s_call_sign_a), pointer(s_destination_a)
    s_eta, x_text = pointer(s_eta_a), pointer(x_text_a)
    x_i64, x_i32, x_i16, x_i8 = pointer(x_i64a), pointer(x_i32a), pointer(x_i16a), pointer(x_i8a)
    p_n, s_n, x_n = p_i64a.shape[1], s_i64a.shape[1], x_i64a.shape[1]
    most_rejects = len(rejects_a) - MOST_REJECTS
    most_raw = len(raw_a) - MOST_REJECTS * MAX_RAW - PAD

    block = start
    ends = equal_mask(text, block, np.uint8(10))
    while start < stop:
        if (
            state[POSITIONS] >= p_n or state[STATICS] >= s_n or state[TEXTS] >= x_n
            or state[REJECTS] > most_rejects or state[RAW] > most_raw
        ):  # fmt: skip
            return start, FULL
        while ends == U(0):
            block += PAD
            ends = equal_mask(text, block, np.uint8(10))
        end = block + trailing_zeros(ends)
        ends &= ends - U(1)
        fate = read_line(text, start, end, meta, seen, seen_text)
        if fate == HAS_PAYLOAD and meta[NAME_LEN] > 0 and meta[STATION_IS] == NONE:
            station = station_of(
                text, meta[NAME_AT], min(meta[NAME_LEN], MAX_NAME), names, places, slots
            )
            if station == UNKNOWN:
                return start, NAME
            meta[STATION_IS] = station
            if meta[SEEN_AT] != NONE:
                seen[meta[SEEN_AT] + SEEN_STATION] = station
        state[LINE] += 1
        if (
            state[GROUPS] > 0
            and state[LINE] - groups[order[0] * GROUP_FIELDS + FIRST_LINE] > MAX_AGE_LINES
        ):
            reject_group(state, rejects, raw, order, groups, parts, lines, 0, INCOMPLETE)

        place, sound, length = -1, True, 0
        if fate == HAS_PAYLOAD:
            if meta[PARTS] == 1:
                sound = unarmour(text, meta[PAYLOAD], meta[CHARS], bits)
                length = 6 * meta[CHARS] - meta[FILL_BITS]
            else:
                place = find_group(order, groups, state[GROUPS], state[LINE], meta)
                if place < 0:
                    old = superseded_group(order, groups, state[GROUPS], meta)
                    if old < 0 and state[GROUPS] == max_groups:
                        old = 0
                    if old >= 0:
                        reject_group(
                            state, rejects, raw, order, groups, parts, lines, old, INCOMPLETE
                        )
                    place = state[GROUPS]
                    open_group(groups, order[place], state[LINE], meta)
                    state[GROUPS] += 1
                slot = order[place]
                if keep_part(groups, parts, lines, slot, text, start, end, state[LINE], meta):
                    total = join(parts, lines, slot, meta[PARTS], chars)
                    if total < 0:
                        fate = TOO_LONG
                    else:
                        sound = unarmour(chars, 0, total, bits)
                        length = 6 * total - groups[slot * GROUP_FIELDS + FILL]
                else:
                    fate = WAITING
        if fate == HAS_PAYLOAD:
            fate = judge(bits, length) if sound else BAD_PAYLOAD_CHAR

        if fate == USED:
            kind, mmsi = unsigned(bits, 0, 6), unsigned(bits, 8, 30)
            flags = settle_time(state, meta)
            state[MESSAGES] += 1
            state[BY_TYPE + kind] += 1
            if kind <= 4 or kind in (9, 11, 18, 19, 21, 27):
                row = state[POSITIONS]
                put_head(p_i64, p_i32, p_i16, p_i8, p_n, row, state, meta, mmsi, kind)
                p_i8[KIND * p_n + row] = kind_of(kind, mmsi)
                flags |= 0 if is_allotted_form(mmsi) else FLAG_BAD_MMSI
                flags |= turn_flag(bits, kind)
                p_i32[FLAGS * p_n + row] = flags
                put_position(p_f64, p_f32, p_i8, p_n, row, bits, kind)
                state[POSITIONS] = row + 1
            if kind in (5, 19, 21, 24):
                row = state[STATICS]
                put_head(s_i64, s_i32, s_i16, s_i8, s_n, row, state, meta, mmsi, kind)
                s_i8[KIND * s_n + row] = kind_of(kind, mmsi)
                put_static(
                    s_i32, s_f32, s_i16, s_name, s_call_sign, s_destination, s_eta, s_n, row,
                    bits, length, kind, mmsi, scratch,
                )  # fmt: skip
                state[STATICS] = row + 1
            elif kind == 12 or kind == 14:
                row = state[TEXTS]
                put_head(x_i64, x_i32, x_i16, x_i8, x_n, row, state, meta, mmsi, kind)
                first = 72 if kind == 12 else 40
                x_i32[TO_MMSI * x_n + row] = unsigned(bits, 40, 30) if kind == 12 else -1
                put_text(
                    x_text, TEXT_WIDTH, row, bits, first, (length - first) // 6, scratch, False
                )
                state[TEXTS] = row + 1

        if place >= 0 and fate != WAITING:  # the other lines of the message share its fate
            if fate == USED:
                state[USED_LINES] += meta[PARTS] - 1
                state[SETTLED] += meta[PARTS] - 1
                state[GROUPS] = release(order, state[GROUPS], place)
            else:
                groups[order[place] * GROUP_FIELDS + HAVE] &= ~(1 << meta[PART])
                reject_group(state, rejects, raw, order, groups, parts, lines, place, fate)
        if fate == USED:
            state[USED_LINES] += 1
            state[SETTLED] += 1
        elif fate < IGNORED:
            quarantine(state, rejects, raw, fate, state[LINE], text, start, end)
        elif fate != WAITING:
            state[FATES + fate] += 1
            state[SETTLED] += 1
        start = end + 1
    return start, DONE


@njit(cache=True, nogil=True)
def give_up(state_a, rejects_a, raw_a, order_a, groups_a, parts_a, lines_a):
    """Reject what still waits, oldest first; True when all is done, False when room is short."""
    state, rejects, raw = pointer(state_a), pointer(rejects_a), pointer(raw_a)
    order, groups = pointer(order_a), pointer(groups_a)
    parts, lines = pointer(parts_a), pointer(lines_a)
    most_raw = len(raw_a) - MOST_REJECTS * MAX_RAW - PAD
    while state[GROUPS] > 0:
        if state[REJECTS] > len(rejects_a) - MOST_REJECTS or state[RAW] > most_raw:
            return False
        reject_group(state, rejects, raw, order, groups, parts, lines, 0, INCOMPLETE)
    return True
