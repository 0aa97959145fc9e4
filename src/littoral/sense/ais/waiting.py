"""Parts of multi-sentence messages that wait for the others, in bounded memory.

A part belongs to a group when formatter, number of parts and sequential id are equal and channel,
station and tag block group are equal or missing on one side (receivers often tag the first
sentence alone). With several candidates of which none agrees in all three, none is taken: a
message made of two ships' halves is worse than one lost.

Sequential ids run from 0 to 9 and come again soon. Were parts taken in any order, the second part
of a message whose first was lost would be joined to the next ship's first part. So parts must come
in order, but for `REORDER_LINES` lines within which datagrams may overtake each other.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.sense.ais.codes import MAX_LINE, MAX_PARTS
from littoral.sense.ais.meta import (
    CHANNEL_IS,
    CHARS,
    FILL_BITS,
    GROUP,
    MESSAGE_KEY,
    NONE,
    PART,
    PARTS,
    PAYLOAD,
    RANK,
    STATION,
    TIME,
)
from littoral.sense.ais.sixbit import MAX_CHARS
from littoral.sense.ais.wide import PAD, Pointer, load64, store64

MAX_AGE_LINES = 1000  # lines of the source after which a group is given up
MAX_AGE_US = 10_000_000  # and the age of its first part, where lines carry a time
REORDER_LINES = 12


# Fields of a group, int64, and of a part, int64; parts are counted from 1.
KEY, CHANNEL, STATION_OF, GROUP_OF, HAVE, FIRST_LINE, TIME_OF, RANK_OF, FILL = range(9)
GROUP_FIELDS = 9
LINE_OF, RAW_LEN, TEXT_AT, TEXT_LEN = range(4)
PART_FIELDS = 4
PARTS_A_GROUP = MAX_PARTS + 1
LINE_BYTES = MAX_LINE + PAD


def make_waiting(slots: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Empty memory for `slots` groups: (order, groups, parts, lines).

    order (slots,): the slots in use, oldest first, then the free ones; groups (slots, fields);
    parts (slots, parts, fields); lines, uint8 (slots, parts, bytes): the lines as they came.
    """
    return (
        np.arange(slots, dtype=np.int64),
        np.zeros((slots, GROUP_FIELDS), np.int64),
        np.zeros((slots, PARTS_A_GROUP, PART_FIELDS), np.int64),
        np.zeros((slots, PARTS_A_GROUP, LINE_BYTES), np.uint8),
    )


@njit(cache=True, nogil=True)
def part_at(slot: int, part: int) -> int:
    """Where the fields of a part begin."""
    return (slot * PARTS_A_GROUP + part) * PART_FIELDS


@njit(cache=True, nogil=True)
def line_at(slot: int, part: int) -> int:
    """Where the line of a part begins."""
    return (slot * PARTS_A_GROUP + part) * LINE_BYTES


@njit(cache=True, nogil=True)
def find_group(order: Pointer, groups: Pointer, count: int, line: int, meta: Pointer) -> int:
    """Place in `order` of the group that the part in `meta` continues, or -1."""
    part = meta[PART]
    loose, candidates = -1, 0
    for place in range(count - 1, -1, -1):
        g = order[place] * GROUP_FIELDS
        age = line - groups[g + FIRST_LINE]
        have = groups[g + HAVE]
        if groups[g + KEY] != meta[MESSAGE_KEY] or age > MAX_AGE_LINES or have >> part & 1:
            continue
        timed = groups[g + RANK_OF] > 0 and meta[RANK] > 0
        if timed and abs(meta[TIME] - groups[g + TIME_OF]) > MAX_AGE_US:
            continue
        if have != (1 << part) - 2 and age > REORDER_LINES:
            continue
        channel, station, group = groups[g + CHANNEL], groups[g + STATION_OF], groups[g + GROUP_OF]
        if channel == meta[CHANNEL_IS] and station == meta[STATION] and group == meta[GROUP]:
            return place
        if (
            (channel == meta[CHANNEL_IS] or channel == 0 or meta[CHANNEL_IS] == 0)
            and (station == meta[STATION] or station == NONE or meta[STATION] == NONE)
            and (group == meta[GROUP] or group == NONE or meta[GROUP] == NONE)
        ):
            loose = place
            candidates += 1
    return loose if candidates == 1 else -1


@njit(cache=True, nogil=True)
def superseded_group(order: Pointer, groups: Pointer, count: int, meta: Pointer) -> int:
    """Place of the group of the same key, channel, station and tag group that has this part
    already, or -1: its id has come round again, so its missing parts will not come any more."""
    for place in range(count):
        g = order[place] * GROUP_FIELDS
        if (
            groups[g + KEY] == meta[MESSAGE_KEY]
            and groups[g + CHANNEL] == meta[CHANNEL_IS]
            and groups[g + STATION_OF] == meta[STATION]
            and groups[g + GROUP_OF] == meta[GROUP]
            and groups[g + HAVE] >> meta[PART] & 1
        ):
            return place
    return -1


@njit(cache=True, nogil=True)
def open_group(groups: Pointer, slot: int, line: int, meta: Pointer) -> None:
    """Begin a group with what the part in `meta` says of it; the part itself is not kept yet."""
    g = slot * GROUP_FIELDS
    groups[g + KEY] = meta[MESSAGE_KEY]
    groups[g + CHANNEL] = meta[CHANNEL_IS]
    groups[g + STATION_OF] = meta[STATION]
    groups[g + GROUP_OF] = meta[GROUP]
    groups[g + HAVE] = 0
    groups[g + FIRST_LINE] = line
    groups[g + TIME_OF] = meta[TIME]
    groups[g + RANK_OF] = meta[RANK]
    groups[g + FILL] = 0


@njit(cache=True, nogil=True)
def keep_part(
    groups: Pointer, parts: Pointer, lines: Pointer, slot: int, text: Pointer, start: int, end: int,
    line: int, meta: Pointer,
) -> bool:  # fmt: skip
    """Keep the line text[start:end] as a part of the group; True when no part is missing.

    The group and the part tell each other time, station and tag group.
    """
    g, part = slot * GROUP_FIELDS, meta[PART]
    p, at = part_at(slot, part), line_at(slot, part)
    groups[g + HAVE] |= 1 << part
    parts[p + LINE_OF] = line
    parts[p + RAW_LEN] = end - start
    parts[p + TEXT_AT] = meta[PAYLOAD] - start
    parts[p + TEXT_LEN] = meta[CHARS]
    for i in range(0, end - start, 8):
        store64(lines, at + i, load64(text, start + i))
    if part == meta[PARTS]:
        groups[g + FILL] = meta[FILL_BITS]
    if meta[RANK] > groups[g + RANK_OF]:
        groups[g + TIME_OF] = meta[TIME]
        groups[g + RANK_OF] = meta[RANK]
    if groups[g + STATION_OF] == NONE:
        groups[g + STATION_OF] = meta[STATION]
    if groups[g + GROUP_OF] == NONE:
        groups[g + GROUP_OF] = meta[GROUP]
    meta[TIME] = groups[g + TIME_OF]
    meta[RANK] = groups[g + RANK_OF]
    meta[STATION] = groups[g + STATION_OF]
    return groups[g + HAVE] == (2 << meta[PARTS]) - 2


@njit(cache=True, nogil=True)
def join(parts: Pointer, lines: Pointer, slot: int, count: int, chars: Pointer) -> int:
    """Payload of all parts into `chars` (MAX_CHARS + PAD long); its length, or -1 if too long."""
    at = 0
    for part in range(1, count + 1):
        p = part_at(slot, part)
        length = parts[p + TEXT_LEN]
        if at + length > MAX_CHARS:
            return -1
        first = line_at(slot, part) + parts[p + TEXT_AT]
        for i in range(0, length, 8):
            store64(chars, at + i, load64(lines, first + i))
        at += length
    return at


@njit(cache=True, nogil=True)
def release(order: Pointer, count: int, place: int) -> int:
    """Free the group at `place`; gives the number of groups left."""
    slot = order[place]
    for i in range(place, count - 1):
        order[i] = order[i + 1]
    order[count - 1] = slot
    return count - 1
