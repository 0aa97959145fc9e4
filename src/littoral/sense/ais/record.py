"""One message's bits to one row of each table it fills.

Recommendation ITU-R M.1371-5, Annex 8; bit numbers in the comments count from 0. Reserved codes
become null (NaN, or the column's integer null), and so does what lies outside a field's range: an
out-of-range latitude is no latitude. Of a position both coordinates are null if one is.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.schema.ais import FIX_GNSS, FIX_UNKNOWN, FLAG_FAST_LEFT, FLAG_FAST_RIGHT
from littoral.sense.ais.columns import (
    ACCURATE,
    ALT,
    CALL_SIGN_WIDTH,
    COG,
    DESTINATION_WIDTH,
    DRAUGHT,
    ETA_WIDTH,
    FIX,
    HEADING,
    IMO,
    LAT,
    LON,
    MOTHERSHIP,
    NAME_WIDTH,
    NAV_STATUS,
    ROT,
    SHIP_TYPE,
    SOG,
    STATIC_F32,
    TO_BOW,
    TO_PORT,
    TO_STARBOARD,
    TO_STERN,
)
from littoral.sense.ais.sixbit import signed, six_bit_text, unsigned
from littoral.sense.ais.wide import Pointer, U, find_byte, load64, store64

NAN32 = np.float32(np.nan)
KNOT_MPS = 1852.0 / 3600.0

# Fewest bits with which every field that is used is there. Standard lengths are in the comments;
# transmitters that leave out spare bits at the end are heard.
MIN_BITS = np.full(64, 1 << 20, np.int64)
for _type, _bits in (
    (1, 149), (2, 149), (3, 149), (4, 149), (5, 420),  # 168 and 424
    (6, 88), (7, 72), (8, 56), (9, 148), (10, 70),  # 9: 168, 10: 72
    (11, 149), (12, 72), (13, 72), (14, 40), (15, 88), (16, 92), (17, 80),
    (18, 148), (19, 306), (20, 70), (21, 269), (22, 168), (23, 160),  # 168, 312, 72, 272
    (24, 160), (25, 40), (26, 60), (27, 95),  # 24: A 160 or 168, B 168; 27: 96
):  # fmt: skip
    MIN_BITS[_type] = _bits
MIN_BITS_24B = 162  # up to the dimensions; 168 with the spare bits


def _turn_table() -> np.ndarray:
    """Degrees a minute by ROTais code & 255: (code / 4.733)^2 with the code's sign. +-127 is a
    direction alone (`turn_flag`)."""
    code = np.arange(256)
    code[128:] -= 256
    turn = np.sign(code) * (code / 4.733) ** 2
    turn[127:130] = np.nan
    return turn.astype(np.float32)


TURN = _turn_table()


@njit(cache=True, nogil=True)
def put_place(f64: Pointer, n: int, row: int, lon: int, lat: int, per_degree: float) -> None:
    """Longitude and latitude in steps of 1/per_degree; 181 and 91 and beyond are null."""
    x, y = lon / per_degree, lat / per_degree
    known = -180.0 <= x <= 180.0 and -90.0 <= y <= 90.0
    f64[LON * n + row] = x if known else np.nan
    f64[LAT * n + row] = y if known else np.nan


@njit(cache=True, nogil=True)
def put_motion(
    f32: Pointer, n: int, row: int, tenth_knots: int, course: int, heading: int, turn: int
) -> None:
    """Speed code (1023 null), course in tenths (3600.. null), heading (360.. null), ROTais."""
    f32[SOG * n + row] = (
        NAN32 if tenth_knots == 1023 else np.float32(tenth_knots * (KNOT_MPS / 10.0))
    )
    f32[COG * n + row] = NAN32 if course >= 3600 else np.float32(course / 10.0)
    f32[HEADING * n + row] = NAN32 if heading >= 360 else np.float32(heading)
    f32[ROT * n + row] = TURN[turn]
    f32[ALT * n + row] = NAN32


@njit(cache=True, nogil=True)
def put_status(i8: Pointer, n: int, row: int, status: int, accurate: int, second: int) -> None:
    """Status 15 is null; a second is of a satellite fix, 60..63 say what else it is."""
    i8[NAV_STATUS * n + row] = -1 if status == 15 else status
    i8[ACCURATE * n + row] = accurate
    i8[FIX * n + row] = second if second >= FIX_UNKNOWN else FIX_GNSS


@njit(cache=True, nogil=True)
def turn_flag(bits: Pointer, kind: int) -> int:
    """FLAG_FAST_RIGHT or FLAG_FAST_LEFT where types 1 to 3 send ROTais 127 or -127, else 0."""
    if kind > 3:
        return 0
    turn = unsigned(bits, 42, 8)
    return FLAG_FAST_RIGHT if turn == 127 else FLAG_FAST_LEFT if turn == 129 else 0


@njit(cache=True, nogil=True)
def put_position(
    f64: Pointer, f32: Pointer, i8: Pointer, n: int, row: int, bits: Pointer, kind: int
) -> None:
    """Types 1-4, 9, 11, 18, 19, 21, 27 but for the columns that every message has."""
    place, scale, wide = 61, 600_000.0, True
    sog, cog, heading, turn, status = 1023, 3600, 511, 128, 15
    accurate, second = 60, FIX_UNKNOWN
    if kind <= 3:
        sog, cog, heading = unsigned(bits, 50, 10), unsigned(bits, 116, 12), unsigned(bits, 128, 9)
        turn, status, second = unsigned(bits, 42, 8), unsigned(bits, 38, 4), unsigned(bits, 137, 6)
    elif kind == 18 or kind == 19:
        place, accurate = 57, 56
        sog, cog, heading = unsigned(bits, 46, 10), unsigned(bits, 112, 12), unsigned(bits, 124, 9)
        second = unsigned(bits, 133, 6)
    elif kind == 4 or kind == 11:
        place, accurate = 79, 78
    elif kind == 21:
        place, accurate, second = 164, 163, unsigned(bits, 253, 6)
    elif kind == 9:
        cog, second = unsigned(bits, 116, 12), unsigned(bits, 128, 6)
    else:  # 27: tenths of a minute, whole knots, whole degrees
        place, scale, wide, accurate = 44, 600.0, False, 38
        sog, cog, status = unsigned(bits, 79, 6), unsigned(bits, 85, 9), unsigned(bits, 40, 4)
        sog = 1023 if sog == 63 else 10 * sog
        cog = 3600 if cog >= 360 else 10 * cog
    if wide:
        put_place(f64, n, row, signed(bits, place, 28), signed(bits, place + 28, 27), scale)
    else:
        put_place(f64, n, row, signed(bits, place, 18), signed(bits, place + 18, 17), scale)
    put_motion(f32, n, row, sog, cog, heading, turn)
    put_status(i8, n, row, status, unsigned(bits, accurate, 1), second)
    if kind == 9:
        knots, metres = unsigned(bits, 50, 10), unsigned(bits, 38, 12)
        f32[SOG * n + row] = NAN32 if knots == 1023 else np.float32(knots * KNOT_MPS)  # whole knots
        f32[ALT * n + row] = NAN32 if metres == 4095 else np.float32(metres)


@njit(cache=True, nogil=True)
def put_text(
    column: Pointer, width: int, row: int, bits: Pointer, start: int, chars: int, scratch: Pointer,
    ends_at_sign: bool,
) -> None:  # fmt: skip
    """Six-bit text without trailing blanks (and `@`), the rest of the row's `width` bytes zero.

    `@` pads a field: a name ends at the first one; running text only loses those at its end.
    """
    six_bit_text(bits, start, chars, scratch)
    length = min(chars, width)
    if ends_at_sign:
        length = find_byte(scratch, 0, length, 64)
    while length > 0 and (scratch[length - 1] == 32 or scratch[length - 1] == 64):
        length -= 1
    for i in range(length, width, 8):
        store64(scratch, i, U(0))
    put_bytes(column, width, row, scratch)


@njit(cache=True, nogil=True)
def put_bytes(column: Pointer, width: int, row: int, scratch: Pointer) -> None:
    """`width` bytes of `scratch`, eight at a time where there are as many."""
    at = row * width
    if width < 8:
        for i in range(width):
            column[at + i] = scratch[i]
        return
    for i in range(0, width - 8, 8):
        store64(column, at + i, load64(scratch, i))
    store64(column, at + width - 8, load64(scratch, width - 8))


@njit(cache=True, nogil=True)
def put_blank(column: Pointer, width: int, row: int) -> None:
    for i in range(row * width, (row + 1) * width):
        column[i] = 0


@njit(cache=True, nogil=True)
def put_dimensions(f32: Pointer, n: int, row: int, bits: Pointer, start: int) -> None:
    """9, 9, 6, 6 bits: bow, stern, port, starboard; all zero is null."""
    if unsigned(bits, start, 30) == 0:
        return
    f32[TO_BOW * n + row] = np.float32(unsigned(bits, start, 9))
    f32[TO_STERN * n + row] = np.float32(unsigned(bits, start + 9, 9))
    f32[TO_PORT * n + row] = np.float32(unsigned(bits, start + 18, 6))
    f32[TO_STARBOARD * n + row] = np.float32(unsigned(bits, start + 24, 6))


@njit(cache=True, nogil=True)
def put_eta(eta: Pointer, row: int, bits: Pointer, start: int) -> None:
    """4, 5, 5, 6 bits as MM-DDTHH:MMZ; null when there is no such day. Hour 24 and minute 60 (not
    available) stay as they are, as in gpsd: the day alone is still worth having."""
    month, day = unsigned(bits, start, 4), unsigned(bits, start + 4, 5)
    at = row * ETA_WIDTH
    if not (1 <= month <= 12 and day >= 1):
        put_blank(eta, ETA_WIDTH, row)
        return
    put_two_digits(eta, at, month)
    put_two_digits(eta, at + 3, day)
    put_two_digits(eta, at + 6, unsigned(bits, start + 9, 5))
    put_two_digits(eta, at + 9, unsigned(bits, start + 14, 6))
    eta[at + 2], eta[at + 5], eta[at + 8], eta[at + 11] = 45, 84, 58, 90  # - T : Z


@njit(cache=True, nogil=True)
def put_two_digits(column: Pointer, at: int, value: int) -> None:
    column[at] = 48 + value // 10
    column[at + 1] = 48 + value % 10


@njit(cache=True, nogil=True)
def put_static(
    i32: Pointer, f32: Pointer, i16: Pointer, name: Pointer, call_sign: Pointer,
    destination: Pointer, eta: Pointer, n: int, row: int, bits: Pointer, length: int, kind: int,
    mmsi: int, scratch: Pointer,
) -> None:  # fmt: skip
    """Types 5, 19, 21, 24 A (part 0) and 24 B but for the columns that every message has."""
    imo, ship_type, mother = 0, 0, 0
    for i in range(STATIC_F32):
        f32[i * n + row] = NAN32
    if kind == 5:
        imo, ship_type = unsigned(bits, 40, 30), unsigned(bits, 232, 8)
        put_text(call_sign, CALL_SIGN_WIDTH, row, bits, 70, 7, scratch, True)
        put_text(name, NAME_WIDTH, row, bits, 112, 20, scratch, True)
        put_text(destination, DESTINATION_WIDTH, row, bits, 302, 20, scratch, True)
        put_dimensions(f32, n, row, bits, 240)
        put_eta(eta, row, bits, 274)
        draught = unsigned(bits, 294, 8)
        if draught > 0:
            f32[DRAUGHT * n + row] = np.float32(draught / 10.0)
    else:
        put_blank(eta, ETA_WIDTH, row)
        put_blank(destination, DESTINATION_WIDTH, row)
        if kind == 24 and unsigned(bits, 38, 2) == 1:  # 24 B
            ship_type = unsigned(bits, 40, 8)
            put_blank(name, NAME_WIDTH, row)
            put_text(call_sign, CALL_SIGN_WIDTH, row, bits, 90, 7, scratch, True)
            if mmsi // 10_000_000 == 98:  # craft of a parent ship: the 30 bits are its MMSI
                mother = unsigned(bits, 132, 30)
            else:
                put_dimensions(f32, n, row, bits, 132)
        else:
            put_blank(call_sign, CALL_SIGN_WIDTH, row)
            if kind == 24:  # 24 A
                put_text(name, NAME_WIDTH, row, bits, 40, 20, scratch, True)
            elif kind == 19:
                ship_type = unsigned(bits, 263, 8)
                put_text(name, NAME_WIDTH, row, bits, 143, 20, scratch, True)
                put_dimensions(f32, n, row, bits, 271)
            else:
                ship_type = unsigned(bits, 38, 5)
                put_dimensions(f32, n, row, bits, 219)
                put_text(name, NAME_WIDTH, row, bits, 43, 20, scratch, True)
                extend_name(name, row, bits, (length - 272) // 6, scratch)
    i32[IMO * n + row] = imo if imo > 0 else -1
    i32[MOTHERSHIP * n + row] = mother if mother > 0 else -1
    i16[SHIP_TYPE * n + row] = ship_type if ship_type > 0 else -1


@njit(cache=True, nogil=True)
def extend_name(name: Pointer, row: int, bits: Pointer, chars: int, scratch: Pointer) -> None:
    """Type 21: up to 14 more characters at bit 272, when `@` is not among the first 20.

    Blanks at the end of those 20 are then blanks within the name.
    """
    if chars <= 0:
        return
    six_bit_text(bits, 43, 20, scratch)
    if find_byte(scratch, 0, 20, 64) < 20:
        return
    at = row * NAME_WIDTH
    for i in range(20):
        name[at + i] = scratch[i]
    chars = min(chars, NAME_WIDTH - 20)
    six_bit_text(bits, 272, chars, scratch)
    chars = find_byte(scratch, 0, chars, 64)
    for i in range(chars):
        name[at + 20 + i] = scratch[i]
    length = 20 + chars
    while length > 0 and name[at + length - 1] == 32:
        length -= 1
        name[at + length] = 0
