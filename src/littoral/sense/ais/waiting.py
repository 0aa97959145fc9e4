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
from littoral.sense.ais.wide import PAD

MAX_AGE_LINES = 1000  # lines of the source after which a group is given up
MAX_AGE_US = 10_000_000  # and the age of its first part, where lines carry a time
REORDER_LINES = 12


# Fields of a group: rows of `groups`, int64 (fields, groups). `ORDER` is no field of the group
# in its column but the list of columns in use, oldest first; the free ones follow.
ORDER, KEY, CHANNEL, STATION_OF, GROUP_OF, HAVE, FIRST_LINE, TIME_OF, RANK_OF, FILL = range(10)
GROUP_FIELDS = 10
# Fields of a part: `parts`, int64 (groups, MAX_PARTS + 1, fields); part 1 is at index 1.
LINE_OF, RAW_LEN, TEXT_AT, TEXT_LEN = range(4)
PART_FIELDS = 4


def make_waiting(groups: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Empty memory for `groups` groups: (groups, parts, raw), where raw, uint8 (groups,
    MAX_PARTS + 1, bytes), keeps the lines as they came."""
    fields = np.zeros((GROUP_FIELDS, groups), np.int64)
    fields[ORDER] = np.arange(groups)
    parts = np.zeros((groups, MAX_PARTS + 1, PART_FIELDS), np.int64)
    return fields, parts, np.zeros((groups, MAX_PARTS + 1, MAX_LINE + PAD), np.uint8)


@njit(cache=True, nogil=True)
def find_group(groups, count: int, line: int, meta) -> int:
    """Place in `ORDER` of the group that the part in `meta` continues, or -1."""
    part = meta[PART]
    loose, candidates = -1, 0
    for place in range(count - 1, -1, -1):
        slot = groups[ORDER, place]
        age = line - groups[FIRST_LINE, slot]
        have = groups[HAVE, slot]
        if groups[KEY, slot] != meta[MESSAGE_KEY] or age > MAX_AGE_LINES or have >> part & 1:
            continue
        timed = groups[RANK_OF, slot] > 0 and meta[RANK] > 0
        if timed and abs(meta[TIME] - groups[TIME_OF, slot]) > MAX_AGE_US:
            continue
        if have != (1 << part) - 2 and age > REORDER_LINES:
            continue
        channel, station, group = (
            groups[CHANNEL, slot], groups[STATION_OF, slot], groups[GROUP_OF, slot]
        )  # fmt: skip
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
def superseded_group(groups, count: int, meta) -> int:
    """Place of the group of the same key, channel, station and tag group that has this part
    already, or -1: its id has come round again, so its missing parts will not come any more."""
    for place in range(count):
        slot = groups[ORDER, place]
        if (
            groups[KEY, slot] == meta[MESSAGE_KEY]
            and groups[CHANNEL, slot] == meta[CHANNEL_IS]
            and groups[STATION_OF, slot] == meta[STATION]
            and groups[GROUP_OF, slot] == meta[GROUP]
            and groups[HAVE, slot] >> meta[PART] & 1
        ):
            return place
    return -1


@njit(cache=True, nogil=True)
def open_group(groups, count: int, line: int, meta) -> int:
    """A new group at the end of `ORDER` (there must be room); gives its place."""
    slot = groups[ORDER, count]
    groups[KEY, slot] = meta[MESSAGE_KEY]
    groups[CHANNEL, slot] = meta[CHANNEL_IS]
    groups[STATION_OF, slot] = meta[STATION]
    groups[GROUP_OF, slot] = meta[GROUP]
    groups[HAVE, slot] = 0
    groups[FIRST_LINE, slot] = line
    groups[TIME_OF, slot] = meta[TIME]
    groups[RANK_OF, slot] = meta[RANK]
    groups[FILL, slot] = 0
    return count


@njit(cache=True, nogil=True)
def keep_part(groups, parts, raw, slot: int, text, start: int, end: int, line: int, meta) -> bool:
    """Keep the line text[start:end] as a part of the group; True when no part is missing.

    The group and the part tell each other time, station and tag group.
    """
    part = meta[PART]
    groups[HAVE, slot] |= 1 << part
    parts[slot, part, LINE_OF] = line
    parts[slot, part, RAW_LEN] = end - start
    parts[slot, part, TEXT_AT] = meta[PAYLOAD] - start
    parts[slot, part, TEXT_LEN] = meta[CHARS]
    for i in range(end - start):
        raw[slot, part, i] = text[start + i]
    if part == meta[PARTS]:
        groups[FILL, slot] = meta[FILL_BITS]
    if meta[RANK] > groups[RANK_OF, slot]:
        groups[TIME_OF, slot] = meta[TIME]
        groups[RANK_OF, slot] = meta[RANK]
    if groups[STATION_OF, slot] == NONE:
        groups[STATION_OF, slot] = meta[STATION]
    if groups[GROUP_OF, slot] == NONE:
        groups[GROUP_OF, slot] = meta[GROUP]
    meta[TIME] = groups[TIME_OF, slot]
    meta[RANK] = groups[RANK_OF, slot]
    meta[STATION] = groups[STATION_OF, slot]
    return groups[HAVE, slot] == (2 << meta[PARTS]) - 2


@njit(cache=True, nogil=True)
def join(parts, raw, slot: int, count: int, chars: np.ndarray) -> int:
    """Payload of all parts into `chars` (MAX_CHARS + PAD long); its length, or -1 if too long."""
    at = 0
    for part in range(1, count + 1):
        length = parts[slot, part, TEXT_LEN]
        if at + length > MAX_CHARS:
            return -1
        first = parts[slot, part, TEXT_AT]
        for i in range(length):
            chars[at + i] = raw[slot, part, first + i]
        at += length
    return at


@njit(cache=True, nogil=True)
def release(groups, count: int, place: int) -> int:
    """Free the group at `place`; gives the number of groups left."""
    slot = groups[ORDER, place]
    for i in range(place, count - 1):
        groups[ORDER, i] = groups[ORDER, i + 1]
    groups[ORDER, count - 1] = slot
    return count - 1
