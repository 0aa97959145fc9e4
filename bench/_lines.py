"""AIVDM lines of a realistic mix for the decode bench, made by a small compiled encoder of its own.

The mix is that of a coastal network: shares of the message types as counted in public feeds
(position reports of class A about four fifths), every line with an IEC 61162-450 tag block
(`s:` receiver, `c:` seconds) unless `plain`, static reports of class A in two sentences with a
`g:` group, sentences of other receivers in between, and a share of lines damaged: one byte
changed, cut short, or a byte lost. Same arguments, same bytes.

Independent of the decoder: nothing of `littoral.sense` is imported here.
"""

from __future__ import annotations

import numpy as np
from numba import njit

# Message type and share in percent.
MIX = (
    (1, 57.0),
    (3, 17.0),
    (2, 0.5),
    (4, 4.0),
    (5, 6.5),
    (18, 7.0),
    (24, 3.0),
    (21, 2.0),
    (27, 1.0),
    (8, 0.7),
    (9, 0.2),
    (19, 0.3),
    (20, 0.5),
    (14, 0.1),
    (11, 0.2),
)
LENGTHS = np.zeros(28, np.int64)  # bits of each type as made here
for _type, _bits in {
    1: 168, 2: 168, 3: 168, 4: 168, 5: 424, 8: 160, 9: 168, 11: 168, 14: 40 + 6 * 24, 18: 168,
    19: 312, 20: 72, 21: 272, 24: 168, 27: 96,
}.items():  # fmt: skip
    LENGTHS[_type] = _bits

VESSELS = 20_000
STATIONS = 12
HEX = np.frombuffer(b"0123456789ABCDEF", np.uint8)


@njit(cache=True)
def put(bits: np.ndarray, start: int, width: int, value: int) -> None:
    for i in range(width):
        bits[start + i] = (value >> (width - 1 - i)) & 1


@njit(cache=True)
def put_text(bits: np.ndarray, start: int, chars: int, seed: int) -> None:
    """Letters drawn from `seed`, two thirds of the field, then `@` padding."""
    for i in range(chars):
        letter = 0
        if i < (2 * chars) // 3:
            letter = 1 + (seed * 2654435761 + i * 40503) % 26
        put(bits, start + 6 * i, 6, letter)


@njit(cache=True)
def fill_message(bits: np.ndarray, kind: int, ship: int, r: np.ndarray, second: int) -> int:
    """Bits of one message of type `kind`; `r` are random numbers; gives the length in bits."""
    bits[:] = 0
    n = LENGTHS[kind]
    mmsi = 412_000_000 + ship * 17
    if kind in (4, 11):
        mmsi = 4_120_000 + ship % 50
    elif kind == 21:
        mmsi = 994_120_000 + ship % 500
    elif kind == 9:
        mmsi = 111_412_000 + ship % 10
    put(bits, 0, 6, kind)
    put(bits, 8, 30, mmsi)
    lon = 64_800_000 + r[0] % 3_000_000
    lat = 10_800_000 + r[1] % 1_800_000
    sog = r[2] % 250 if r[2] % 20 else 1023
    cog = r[3] % 3600 if r[3] % 20 else 3600
    heading = r[4] % 360 if r[4] % 4 else 511
    if kind <= 3:
        put(bits, 38, 4, r[5] % 9)
        put(bits, 42, 8, (r[5] % 40 - 20) & 255 if r[6] % 3 else 128)
        put(bits, 50, 10, sog)
        put(bits, 60, 1, r[6] & 1)
        put(bits, 61, 28, lon)
        put(bits, 89, 27, lat)
        put(bits, 116, 12, cog)
        put(bits, 128, 9, heading)
        put(bits, 137, 6, second)
        put(bits, 149, 19, r[7] & 0x7FFFF)
    elif kind in (4, 11):
        put(bits, 38, 14, 2026)
        put(bits, 52, 4, 1)
        put(bits, 56, 5, 1)
        put(bits, 61, 5, 12)
        put(bits, 66, 6, 30)
        put(bits, 72, 6, second)
        put(bits, 79, 28, lon)
        put(bits, 107, 27, lat)
        put(bits, 134, 4, 1)
    elif kind == 5:
        put(bits, 40, 30, 9_000_000 + ship)
        put_text(bits, 70, 7, ship)
        put_text(bits, 112, 20, ship + 1)
        put(bits, 232, 8, 70 + ship % 20)
        put(bits, 240, 9, 50 + ship % 150)
        put(bits, 249, 9, 20)
        put(bits, 258, 6, 10)
        put(bits, 264, 6, 12)
        put(bits, 270, 4, 1)
        put(bits, 274, 4, 1 + ship % 12)
        put(bits, 278, 5, 1 + ship % 28)
        put(bits, 283, 5, ship % 24)
        put(bits, 288, 6, ship % 60)
        put(bits, 294, 8, 40 + ship % 80)
        put_text(bits, 302, 20, ship + 2)
    elif kind == 9:
        put(bits, 38, 12, r[2] % 1000)
        put(bits, 50, 10, sog % 200)
        put(bits, 61, 28, lon)
        put(bits, 89, 27, lat)
        put(bits, 116, 12, cog)
        put(bits, 128, 6, second)
    elif kind in (18, 19):
        put(bits, 46, 10, sog)
        put(bits, 57, 28, lon)
        put(bits, 85, 27, lat)
        put(bits, 112, 12, cog)
        put(bits, 124, 9, heading)
        put(bits, 133, 6, second)
        if kind == 19:
            put_text(bits, 143, 20, ship)
            put(bits, 263, 8, 37)
            put(bits, 271, 9, 6)
            put(bits, 280, 9, 6)
            put(bits, 289, 6, 2)
            put(bits, 295, 6, 2)
    elif kind == 21:
        put(bits, 38, 5, 1 + ship % 30)
        put_text(bits, 43, 20, ship)
        put(bits, 164, 28, lon)
        put(bits, 192, 27, lat)
        put(bits, 253, 6, second)
    elif kind == 24:
        put(bits, 38, 2, r[5] & 1)
        if r[5] & 1:
            put(bits, 40, 8, 30 + ship % 60)
            put_text(bits, 90, 7, ship)
            put(bits, 132, 9, 8)
            put(bits, 141, 9, 6)
            put(bits, 150, 6, 2)
            put(bits, 156, 6, 2)
        else:
            put_text(bits, 40, 20, ship)
            n = 160
    elif kind == 27:
        put(bits, 40, 4, r[5] % 9)
        put(bits, 44, 18, lon // 1000)
        put(bits, 62, 17, lat // 1000)
        put(bits, 79, 6, sog % 40)
        put(bits, 85, 9, cog % 360)
    elif kind == 14:
        put_text(bits, 40, 24, ship)
    else:  # 8, 20: any bits
        for i in range(40, n):
            bits[i] = (r[i % 8] >> (i % 23)) & 1
    return n


@njit(cache=True)
def put_ascii(out: np.ndarray, at: int, text: np.ndarray) -> int:
    for i in range(len(text)):
        out[at + i] = text[i]
    return at + len(text)


@njit(cache=True)
def put_number(out: np.ndarray, at: int, value: int, width: int) -> int:
    """Decimal digits, at least `width`."""
    digits = width
    while 10**digits <= value:
        digits += 1
    for i in range(digits):
        out[at + digits - 1 - i] = 48 + value % 10
        value //= 10
    return at + digits


@njit(cache=True)
def put_checksum(out: np.ndarray, first: int, at: int) -> int:
    x = 0
    for i in range(first, at):
        x ^= out[i]
    out[at] = 42
    out[at + 1] = HEX[x >> 4]
    out[at + 2] = HEX[x & 15]
    return at + 3


@njit(cache=True)
def write_lines(
    out: np.ndarray, kinds: np.ndarray, random: np.ndarray, damage: np.ndarray, head: np.ndarray,
    start_s: int, per_second: int, tagged: bool,
) -> tuple[int, int]:  # fmt: skip
    """Writes lines until `kinds` is used up; gives (bytes, lines)."""
    bits = np.zeros(1024, np.uint8)
    chars = np.zeros(180, np.uint8)
    waiting = np.zeros(256, np.uint8)  # second sentence of a pair, let out two lines later
    waiting_len, wait_for = 0, 0
    at, lines, group, damaged = 0, 0, 0, 0
    for m in range(len(kinds)):
        r = random[m]
        n = fill_message(bits, kinds[m], r[0] % VESSELS, r[1:], (m // per_second) % 60)
        sextets = (n + 5) // 6
        fill = 6 * sextets - n
        for i in range(sextets):
            v = 0
            for j in range(6):
                v = v * 2 + bits[6 * i + j]
            chars[i] = v + 48 if v < 40 else v + 56
        parts = 1 if sextets <= 60 else 2
        group = (group + 1) % 10000
        for part in range(parts):
            line = at
            if tagged:
                out[at] = 92
                at += 1
                if parts > 1:
                    out[at] = 103
                    out[at + 1] = 58
                    out[at + 2] = 49 + part
                    out[at + 3] = 45
                    out[at + 4] = 50
                    out[at + 5] = 45
                    at = put_number(out, at + 6, group, 1)
                    out[at] = 44
                    at += 1
                out[at] = 115
                out[at + 1] = 58
                at = put_number(out, at + 2, 4_130_000 + r[8] % STATIONS, 9)
                out[at] = 44
                out[at + 1] = 99
                out[at + 2] = 58
                at = put_number(out, at + 3, start_s + m // per_second, 10)
                at = put_checksum(out, line + 1, at)
                out[at] = 92
                at += 1
            sentence = at
            at = put_ascii(out, at, head)
            out[at] = 48 + parts
            out[at + 1] = 44
            out[at + 2] = 49 + part
            out[at + 3] = 44
            at += 4
            if parts > 1:
                out[at] = 48 + group % 10
                at += 1
            out[at] = 44
            out[at + 1] = 65 + r[1] % 2
            out[at + 2] = 44
            at += 3
            first, last = part * 60, min(sextets, part * 60 + 60)
            for i in range(first, last):
                out[at] = chars[i]
                at += 1
            out[at] = 44
            out[at + 1] = 48 + (fill if part == parts - 1 else 0)
            at = put_checksum(out, sentence + 1, at + 2)
            if damaged < len(damage) and damage[damaged] == lines:
                length = at - line
                spot = line + r[2] % length
                if r[3] % 3 == 0:
                    out[spot] = 33 + r[4] % 90
                elif r[3] % 3 == 1:
                    at = spot + 1
                else:
                    for i in range(spot, at - 1):
                        out[i] = out[i + 1]
                    at -= 1
                damaged += 1
            lines += 1
            out[at] = 13
            out[at + 1] = 10
            at += 2
            if parts > 1 and part == 1 and waiting_len == 0:
                waiting_len = at - line
                waiting[:waiting_len] = out[line:at]
                at = line
                wait_for = 2
        if waiting_len and parts == 1:
            wait_for -= 1
            if wait_for == 0:
                out[at : at + waiting_len] = waiting[:waiting_len]
                at += waiting_len
                waiting_len = 0
    out[at : at + waiting_len] = waiting[:waiting_len]
    return at + waiting_len, lines


def realistic(
    lines: int, *, seed: int = 7, damaged: float = 0.02, tagged: bool = True,
    start_s: int = 1_767_225_600, per_second: int = 2000,
) -> tuple[bytes, int]:  # fmt: skip
    """About `lines` lines of the mix as bytes, and how many they are exactly."""
    rng = np.random.default_rng(seed)
    types = np.array([t for t, _ in MIX], np.int64)
    shares = np.array([s for _, s in MIX])
    sentences = 1 + (LENGTHS[types] > 360)
    messages = int(lines / float((shares * sentences).sum() / shares.sum()))
    kinds = rng.choice(types, messages, p=shares / shares.sum())
    random = rng.integers(0, 1 << 30, (messages, 9))
    total = int((1 + (LENGTHS[kinds] > 360)).sum())
    damage = np.flatnonzero(rng.random(total) < damaged)
    out = np.empty(total * 160 + 1024, np.uint8)
    head = np.frombuffer(b"!AIVDM,", np.uint8)
    size, written = write_lines(out, kinds, random, damage, head, start_s, per_second, tagged)
    return out[:size].tobytes(), written
