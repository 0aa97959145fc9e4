"""From rows to bytes: AIVDM sentences with tag blocks (NMEA 0183-4, IEC 61162-450).

One line looks like `\\s:HAIKOU,c:1764000000123*5B\\!AIVDM,1,1,,A,...,0*7F\\r\\n`. The second
sentence of a long message carries the same tag block. `c:` is the event time, whole seconds or
milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from littoral.sim import payload
from littoral.sim.rows import STATION_BYTES, TEXT_BYTES, ascii_rows

SENTENCE_SYMBOLS = 60  # a sentence has 82 characters at most; 60 symbols make 80
TAG_BYTES = 8 + STATION_BYTES + 13 + 4
SENTENCE_BYTES = 84
# Sentences that a message of each type can need.
_SENTENCES = np.ones(28, np.int64)
_SENTENCES[5] = 2
_SENTENCES[14] = 3


@dataclass(frozen=True, slots=True)
class Encoded:
    """`data` (bytes,) uint8: all lines; `ends` (messages,): where each message's last line ends;
    `lines` (messages,): how many lines it took."""

    data: np.ndarray
    ends: np.ndarray
    lines: np.ndarray


@njit(cache=True, nogil=True, inline="always")
def _hex(nibble: int) -> int:
    return 48 + nibble if nibble < 10 else 55 + nibble


@njit(cache=True, nogil=True)
def _tag(out: np.ndarray, at: int, station: np.ndarray, when: int) -> int:
    """Tag block at `at`; the position behind it. `when` in the unit that is to be sent."""
    out[at] = 92  # backslash
    out[at + 1] = 115  # s
    out[at + 2] = 58
    at += 3
    check = 115 ^ 58
    for i in range(len(station)):
        if station[i] == 0:
            break
        out[at] = station[i]
        check ^= station[i]
        at += 1
    out[at] = 44
    out[at + 1] = 99  # c
    out[at + 2] = 58
    at += 3
    check ^= 44 ^ 99 ^ 58
    digits = 1
    top = 10
    while when >= top:
        digits += 1
        top *= 10
    for i in range(digits - 1, -1, -1):
        out[at + i] = 48 + when % 10
        check ^= 48 + when % 10
        when //= 10
    at += digits
    out[at] = 42
    out[at + 1] = _hex(check >> 4)
    out[at + 2] = _hex(check & 15)
    out[at + 3] = 92
    return at + 4


@njit(cache=True, nogil=True)
def _sentence(
    out: np.ndarray,
    at: int,
    words: np.ndarray,
    bits: int,
    part: int,
    parts: int,
    seq: int,
    chan: int,
) -> int:
    """Sentence `part` (from 0) of `parts`; the position behind its line feed."""
    start = at
    for c in b"!AIVDM,":
        out[at] = c
        at += 1
    out[at] = 48 + parts
    out[at + 1] = 44
    out[at + 2] = 49 + part
    out[at + 3] = 44
    at += 4
    if parts > 1:
        out[at] = 48 + seq
        at += 1
    out[at] = 44
    out[at + 1] = chan
    out[at + 2] = 44
    at += 3
    symbols = (bits + 5) // 6
    first = part * SENTENCE_SYMBOLS
    last = min(symbols, first + SENTENCE_SYMBOLS)
    for i in range(first, last):
        s = payload.symbol(words, i)
        out[at] = s + 48 if s < 40 else s + 56
        at += 1
    out[at] = 44
    out[at + 1] = 48 + (symbols * 6 - bits if part == parts - 1 else 0)
    at += 2
    check = 0
    for i in range(start + 1, at):
        check ^= out[i]
    out[at] = 42
    out[at + 1] = _hex(check >> 4)
    out[at + 2] = _hex(check & 15)
    out[at + 3] = 13
    out[at + 4] = 10
    return at + 5


@njit(cache=True, nogil=True)
def _payload(words: np.ndarray, m, ships: np.ndarray, texts: np.ndarray) -> int:
    """Bits of one message; 0 when its type is not among those encoded here."""
    kind = m.msg_type
    if 1 <= kind <= 3:
        return payload.class_a(words, m)
    if kind == 18:
        return payload.class_b(words, m)
    if kind == 5:
        return payload.static_voyage(words, m, ships[m.ship])
    if kind == 24:
        return payload.class_b_static(words, m, ships[m.ship])
    if kind == 19:
        return payload.class_b_extended(words, m, ships[m.ship])
    if kind == 4:
        return payload.base_station(words, m)
    if kind == 9:
        return payload.sar_aircraft(words, m)
    if kind == 14:
        return payload.safety_text(words, m, texts[m.text])
    if kind == 21:
        return payload.aid(words, m, ships[m.ship])
    if kind == 27:
        return payload.long_range(words, m)
    return 0


@njit(cache=True, nogil=True)
def _encode(
    rows: np.ndarray,
    ships: np.ndarray,
    stations: np.ndarray,
    texts: np.ndarray,
    unit_us: int,
    out: np.ndarray,
    ends: np.ndarray,
    lines: np.ndarray,
) -> int:
    words = np.zeros(17, np.uint64)
    at = 0
    for i in range(len(rows)):
        m = rows[i]
        bits = _payload(words, m, ships, texts)
        symbols = (bits + 5) // 6
        parts = (symbols + SENTENCE_SYMBOLS - 1) // SENTENCE_SYMBOLS
        second = m.t_us // 1_000_000
        seq = (m.mmsi + second) % 10
        chan = 65 + (m.mmsi // 10 + second) % 2
        for part in range(parts):
            if m.station >= 0:
                at = _tag(out, at, stations[m.station], m.t_us // unit_us)
            at = _sentence(out, at, words, bits, part, parts, seq, chan)
        words[: bits // 64 + 1] = 0
        ends[i] = at
        lines[i] = parts
    return at


def encode(
    rows: np.ndarray,
    ships: np.ndarray,
    stations: Sequence[str] | np.ndarray = (),
    texts: Sequence[str] | np.ndarray = (),
    *,
    milliseconds: bool = True,
) -> Encoded:
    """Lines of `rows` (dtype `rows.MESSAGE`) in their order, `\\r\\n` ended.

    `ships` (dtype `rows.SHIP`) and `texts` are looked up by `rows["ship"]` and `rows["text"]`,
    `stations` (at most 15 ASCII characters each) by `rows["station"]`; both may come prepared by
    `ascii_rows`. Types 1-5, 9, 14, 18, 19, 21, 24, 27; ValueError for another type.
    """
    if not isinstance(stations, np.ndarray):
        stations = ascii_rows(list(stations) or [""], STATION_BYTES)
    if not isinstance(texts, np.ndarray):
        texts = ascii_rows(list(texts) or [""], TEXT_BYTES)
    types = rows["msg_type"]
    known = np.isin(types, (1, 2, 3, 4, 5, 9, 14, 18, 19, 21, 24, 27))
    if not known.all():
        raise ValueError(f"no encoder for message type {int(types[~known][0])}")
    room = int(_SENTENCES[types].sum()) * (TAG_BYTES + SENTENCE_BYTES)
    out = np.empty(room, np.uint8)
    ends = np.empty(len(rows), np.int64)
    lines = np.empty(len(rows), np.int64)
    unit_us = 1_000 if milliseconds else 1_000_000
    used = _encode(rows, ships, stations, texts, unit_us, out, ends, lines)
    return Encoded(out[:used], ends, lines)
