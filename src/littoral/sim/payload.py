"""The bits of AIS messages (ITU-R M.1371-5, Annex 8), one function a message type.

Every function writes into `words` (zeroed uint64, the first bit of a message is the highest bit of
the first word) and returns the number of bits. Values out of a field's range are sent as its
reserved "not available" code.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import KNOT_MPS


@njit(cache=True, nogil=True)
def put(words: np.ndarray, pos: int, width: int, value: int) -> int:
    """`value` as `width` bits (two's complement) from bit `pos` on; the position behind it."""
    v = np.uint64(value) & ((np.uint64(1) << np.uint64(width)) - np.uint64(1))
    word = pos >> 6
    end = (pos & 63) + width
    if end <= 64:
        words[word] |= v << np.uint64(64 - end)
    else:
        words[word] |= v >> np.uint64(end - 64)
        words[word + 1] |= v << np.uint64(128 - end)
    return pos + width


@njit(cache=True, nogil=True)
def symbol(words: np.ndarray, i: int) -> int:
    """The `i`-th six bits."""
    pos = 6 * i
    off = pos & 63
    v = words[pos >> 6] << np.uint64(off)
    if off > 58:
        v |= words[(pos >> 6) + 1] >> np.uint64(64 - off)
    return int(v >> np.uint64(58))


@njit(cache=True, nogil=True)
def put_text(words: np.ndarray, pos: int, text: np.ndarray, chars: int) -> int:
    """`chars` characters of 6-bit ASCII (M.1371-5, table 47); zeros become the padding @."""
    for i in range(chars):
        c = int(text[i])
        if 97 <= c <= 122:
            c -= 32
        if c >= 64 and c <= 95:
            c -= 64
        elif c != 0 and (c < 32 or c > 63):
            c = 63  # ?
        pos = put(words, pos, 6, c)
    return pos


@njit(cache=True, nogil=True)
def scaled(value: float, scale: float, low: int, high: int, missing: int) -> int:
    """`value * scale` rounded half away from zero, or `missing` when NaN or out of low..high."""
    if math.isnan(value):
        return missing
    x = value * scale
    code = math.floor(x + 0.5) if x >= 0.0 else -math.floor(0.5 - x)
    if code < low or code > high:
        return missing
    return code


@njit(cache=True, nogil=True)
def speed_code(sog_mps: float, per_knot: float, top: int) -> int:
    """Speed in units of 1/`per_knot` kn; faster than `top` is sent as `top`, NaN as `top` + 1."""
    if math.isnan(sog_mps):
        return top + 1
    return min(top, math.floor(sog_mps / KNOT_MPS * per_knot + 0.5))


@njit(cache=True, nogil=True)
def turn_code(rot_degpm: float) -> int:
    """ROT_AIS = 4.733 sqrt(degrees a minute), +-126 for 708 and more; NaN is -128."""
    if math.isnan(rot_degpm):
        return -128
    code = min(126, math.floor(4.733 * math.sqrt(abs(rot_degpm)) + 0.5))
    return code if rot_degpm >= 0.0 else -code


@njit(cache=True, nogil=True)
def angle_code(angle_deg: float, per_degree: int, missing: int) -> int:
    """0 <= code < 360 * per_degree, or `missing`."""
    if math.isnan(angle_deg):
        return missing
    return math.floor(angle_deg * per_degree + 0.5) % (360 * per_degree)


@njit(cache=True, nogil=True)
def second_code(m) -> int:
    """UTC second of the fix, or 60..63."""
    if m.fix >= 60:
        return int(m.fix)
    return int(m.t_us // 1_000_000 % 60)


@njit(cache=True, nogil=True)
def put_head(words: np.ndarray, msg_type: int, mmsi: int) -> int:
    pos = put(words, 0, 6, msg_type)
    pos = put(words, pos, 2, 0)
    return put(words, pos, 30, mmsi)


@njit(cache=True, nogil=True)
def put_place(words: np.ndarray, pos: int, m) -> int:
    """Accuracy, longitude, latitude in 1/10,000 min: 1 + 28 + 27 bits."""
    pos = put(words, pos, 1, int(m.accurate))
    pos = put(words, pos, 28, scaled(m.lon_deg, 600_000.0, -108_000_000, 108_000_000, 108_600_000))
    return put(words, pos, 27, scaled(m.lat_deg, 600_000.0, -54_000_000, 54_000_000, 54_600_000))


@njit(cache=True, nogil=True)
def put_size(words: np.ndarray, pos: int, s) -> int:
    pos = put(words, pos, 9, min(511, int(s.to_bow_m)))
    pos = put(words, pos, 9, min(511, int(s.to_stern_m)))
    pos = put(words, pos, 6, min(63, int(s.to_port_m)))
    return put(words, pos, 6, min(63, int(s.to_starboard_m)))


@njit(cache=True, nogil=True)
def class_a(words: np.ndarray, m) -> int:
    """Messages 1, 2, 3: 168 bits."""
    pos = put_head(words, int(m.msg_type), int(m.mmsi))
    pos = put(words, pos, 4, 15 if m.nav_status < 0 else int(m.nav_status))
    pos = put(words, pos, 8, turn_code(m.rot_degpm))
    pos = put(words, pos, 10, speed_code(m.sog_mps, 10.0, 1022))
    pos = put_place(words, pos, m)
    pos = put(words, pos, 12, angle_code(m.cog_deg, 10, 3600))
    pos = put(words, pos, 9, angle_code(m.heading_deg, 1, 511))
    pos = put(words, pos, 6, second_code(m))
    return put(words, pos, 25, 0)  # manoeuvre, spare, RAIM, communication state


@njit(cache=True, nogil=True)
def base_station(words: np.ndarray, m) -> int:
    """Message 4: 168 bits; date and time are those of `t_us`."""
    pos = put_head(words, 4, int(m.mmsi))
    seconds = m.t_us // 1_000_000
    days, rest = seconds // 86_400, seconds % 86_400
    # Days to civil date, after Hinnant, "chrono-compatible low-level date algorithms" (2013).
    z = days + 719_468
    era = z // 146_097
    doe = z - era * 146_097
    yoe = (doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    pos = put(words, pos, 14, yoe + era * 400 + (1 if month <= 2 else 0))
    pos = put(words, pos, 4, month)
    pos = put(words, pos, 5, doy - (153 * mp + 2) // 5 + 1)
    pos = put(words, pos, 5, rest // 3600)
    pos = put(words, pos, 6, rest // 60 % 60)
    pos = put(words, pos, 6, rest % 60)
    pos = put_place(words, pos, m)
    pos = put(words, pos, 4, 7)  # surveyed
    return put(words, pos, 30, 0)


@njit(cache=True, nogil=True)
def static_voyage(words: np.ndarray, m, s) -> int:
    """Message 5: 424 bits, two sentences."""
    pos = put_head(words, 5, int(m.mmsi))
    pos = put(words, pos, 2, 2)  # ITU-R M.1371-5
    pos = put(words, pos, 30, int(s.imo))
    pos = put_text(words, pos, s.call_sign, 7)
    pos = put_text(words, pos, s.name, 20)
    pos = put(words, pos, 8, int(s.ship_type))
    pos = put_size(words, pos, s)
    pos = put(words, pos, 4, 1)  # GPS
    pos = put(words, pos, 4, int(s.eta_month))
    pos = put(words, pos, 5, int(s.eta_day))
    pos = put(words, pos, 5, int(s.eta_hour))
    pos = put(words, pos, 6, int(s.eta_minute))
    pos = put(words, pos, 8, int(s.draught_dm))
    pos = put_text(words, pos, s.destination, 20)
    return put(words, pos, 2, 0)


@njit(cache=True, nogil=True)
def sar_aircraft(words: np.ndarray, m) -> int:
    """Message 9: 168 bits; speed in whole knots."""
    pos = put_head(words, 9, int(m.mmsi))
    pos = put(words, pos, 12, scaled(m.alt_m, 1.0, 0, 4094, 4095))
    pos = put(words, pos, 10, speed_code(m.sog_mps, 1.0, 1022))
    pos = put_place(words, pos, m)
    pos = put(words, pos, 12, angle_code(m.cog_deg, 10, 3600))
    pos = put(words, pos, 6, second_code(m))
    return put(words, pos, 34, 0)


@njit(cache=True, nogil=True)
def class_b(words: np.ndarray, m) -> int:
    """Message 18: 168 bits."""
    pos = put_head(words, 18, int(m.mmsi))
    pos = put(words, pos, 8, 0)
    pos = put(words, pos, 10, speed_code(m.sog_mps, 10.0, 1022))
    pos = put_place(words, pos, m)
    pos = put(words, pos, 12, angle_code(m.cog_deg, 10, 3600))
    pos = put(words, pos, 9, angle_code(m.heading_deg, 1, 511))
    pos = put(words, pos, 6, second_code(m))
    # spare, carrier sense, display, DSC, whole band, message 22, mode, RAIM, state selector
    return put(words, pos, 29, (0b001011100 << 20) | (1 << 19))


@njit(cache=True, nogil=True)
def class_b_extended(words: np.ndarray, m, s) -> int:
    """Message 19: 312 bits."""
    pos = put_head(words, 19, int(m.mmsi))
    pos = put(words, pos, 8, 0)
    pos = put(words, pos, 10, speed_code(m.sog_mps, 10.0, 1022))
    pos = put_place(words, pos, m)
    pos = put(words, pos, 12, angle_code(m.cog_deg, 10, 3600))
    pos = put(words, pos, 9, angle_code(m.heading_deg, 1, 511))
    pos = put(words, pos, 6, second_code(m))
    pos = put(words, pos, 4, 0)
    pos = put_text(words, pos, s.name, 20)
    pos = put(words, pos, 8, int(s.ship_type))
    pos = put_size(words, pos, s)
    pos = put(words, pos, 4, 1)
    return put(words, pos, 7, 0)


@njit(cache=True, nogil=True)
def aid(words: np.ndarray, m, s) -> int:
    """Message 21 without name extension: 272 bits. Virtual when its MMSI is 99MID6XXX."""
    pos = put_head(words, 21, int(m.mmsi))
    pos = put(words, pos, 5, int(s.ship_type))
    pos = put_text(words, pos, s.name, 20)
    pos = put_place(words, pos, m)
    pos = put_size(words, pos, s)
    pos = put(words, pos, 4, 7)
    pos = put(words, pos, 6, second_code(m))
    pos = put(words, pos, 10, 0)  # on position, status, RAIM
    virtual = 1 if m.mmsi // 1000 % 10 == 6 else 0
    return put(words, pos, 3, virtual << 2)


@njit(cache=True, nogil=True)
def class_b_static(words: np.ndarray, m, s) -> int:
    """Message 24: part A 160 bits, part B 168."""
    pos = put_head(words, 24, int(m.mmsi))
    pos = put(words, pos, 2, int(m.part))
    if m.part == 0:
        return put_text(words, pos, s.name, 20)
    pos = put(words, pos, 8, int(s.ship_type))
    pos = put(words, pos, 42, 0)  # vendor
    pos = put_text(words, pos, s.call_sign, 7)
    pos = put_size(words, pos, s)
    pos = put(words, pos, 4, 1)
    return put(words, pos, 2, 0)


@njit(cache=True, nogil=True)
def long_range(words: np.ndarray, m) -> int:
    """Message 27: 96 bits; position in 1/10 min, speed in whole knots, course in degrees."""
    pos = put_head(words, 27, int(m.mmsi))
    pos = put(words, pos, 1, int(m.accurate))
    pos = put(words, pos, 1, 0)
    pos = put(words, pos, 4, 15 if m.nav_status < 0 else int(m.nav_status))
    pos = put(words, pos, 18, scaled(m.lon_deg, 600.0, -108_000, 108_000, 108_600))
    pos = put(words, pos, 17, scaled(m.lat_deg, 600.0, -54_000, 54_000, 54_600))
    pos = put(words, pos, 6, speed_code(m.sog_mps, 1.0, 62))
    pos = put(words, pos, 9, angle_code(m.cog_deg, 1, 511))
    return put(words, pos, 2, 0)


@njit(cache=True, nogil=True)
def safety_text(words: np.ndarray, m, text: np.ndarray) -> int:
    """Message 14: 40 bits and 6 a character."""
    chars = 0
    while chars < len(text) and text[chars] != 0:
        chars += 1
    pos = put_head(words, 14, int(m.mmsi))
    pos = put(words, pos, 2, 0)
    return put_text(words, pos, text, chars)
