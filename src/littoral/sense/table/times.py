"""Times of a column to microseconds UTC: epochs, ISO 8601, day and month first.

A time without a zone is UTC unless the user says otherwise. Whether a date with slashes begins with
the day or the month is a property of the table, never read off the values.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from littoral.sense.table.names import EPOCH
from littoral.sense.table.values import NUMBER, is_text, numbers

FIRST_US = -2_208_988_800_000_000  # 1900-01-01 and 2200-01-01: beyond these it is no time of AIS
LAST_US = 7_258_118_400_000_000
_CLOCK = (
    r"(?:[T ]+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,12}))?)?)?"
    r"\s*(?P<z>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?\s*$"
)
_YMD = r"^\s*(?P<y>\d{4})(?P<sep>[-/.])(?P<mon>\d{1,2})[-/.](?P<d>\d{1,2})" + _CLOCK
_DMY = r"^\s*(?P<d>\d{1,2})(?P<sep>[-/.])(?P<mon>\d{1,2})[-/.](?P<y>\d{4})" + _CLOCK
_MDY = r"^\s*(?P<mon>\d{1,2})(?P<sep>[-/.])(?P<d>\d{1,2})[-/.](?P<y>\d{4})" + _CLOCK


def times(array: pa.Array, unit: str, day_first: bool) -> tuple[np.ndarray, np.ndarray]:
    """(microseconds int64 (n,), wrong bool (n,)); where wrong, the time is 0.

    `unit`: s, ms, us, ns for epochs (else told by their size: below 1e11 seconds, below 1e14
    milliseconds, below 1e17 microseconds, then nanoseconds), dmy or mdy, and an offset +hh:mm of
    times without a zone, as `layout` checks them. `day_first`: the table's format is dmy.
    """
    order = unit[:3] if unit[:3] in ("dmy", "mdy") else ("dmy" if day_first else "")
    offset_us = _offset_us(unit)
    if pa.types.is_timestamp(array.type) or pa.types.is_date(array.type):
        zoned = pa.types.is_timestamp(array.type) and array.type.tz is not None
        at = array.cast(pa.timestamp("us", array.type.tz if zoned else None), safe=False)
        known = at.is_valid().to_numpy(zero_copy_only=False)
        us = at.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
        return _checked(us - (0 if zoned else offset_us), known)
    if not is_text(array):
        return _epochs(array, unit)
    if not order:
        try:  # the common case: all ISO 8601 without a zone
            at = array.cast(pa.timestamp("us")).cast(pa.int64())
            known = at.is_valid().to_numpy(zero_copy_only=False)
            us = at.fill_null(0).to_numpy(zero_copy_only=False)
            return _checked(us - offset_us, known)
        except pa.ArrowInvalid:
            pass
    coded = array.dictionary_encode()  # many reports share a second: each is read once
    us, wrong = _mixed(coded.dictionary, unit, order, offset_us)
    places = coded.indices.fill_null(len(us)).to_numpy(zero_copy_only=False)
    return np.r_[us, 0][places], np.r_[wrong, True][places]


def _mixed(array: pa.Array, unit: str, order: str, offset_us: int) -> tuple[np.ndarray, np.ndarray]:
    us, known = np.zeros(len(array), np.int64), np.zeros(len(array), bool)
    is_number = pc.fill_null(pc.match_substring_regex(array, NUMBER), False)
    if pc.any(is_number).as_py():
        only = pc.if_else(is_number, array, pa.scalar(None, array.type))
        us, wrong = _epochs(only, unit)
        known = ~wrong
    patterns = [_YMD]
    if order:
        patterns.append(_DMY if order == "dmy" else _MDY)
    for pattern in patterns:
        at, fine = _dated(array, pattern, offset_us)
        us, known = np.where(fine, at, us), known | fine
    return _checked(us, known)


def _epochs(array: pa.Array, unit: str) -> tuple[np.ndarray, np.ndarray]:
    unit = unit if unit in EPOCH else ""
    if pa.types.is_integer(array.type):
        return _checked(*_whole(array.cast(pa.int64(), safe=False), unit))
    floats, wrong = numbers(array)
    known = ~wrong & np.isfinite(floats) & (np.abs(floats) < 2.0**62)
    us = _scaled(np.where(known, floats, 0.0), unit)
    if is_text(array):  # a whole number is read exactly: 19 digits do not fit a double
        whole = pc.fill_null(pc.match_substring_regex(array, r"^\s*[+-]?\d{1,19}\s*$"), False)
        kept = pc.if_else(whole, pc.utf8_trim_whitespace(array), pa.scalar(None, array.type))
        exact, fine = _whole(kept.cast(pa.int64()), unit)
        us, known = np.where(fine, exact, us), known | fine
    return _checked(us, known)


def _whole(array: pa.Array, unit: str) -> tuple[np.ndarray, np.ndarray]:
    known = array.is_valid().to_numpy(zero_copy_only=False)
    return _scaled(array.fill_null(0).to_numpy(zero_copy_only=False), unit), known


def _scaled(values: np.ndarray, unit: str) -> np.ndarray:
    size = np.abs(values)
    us = np.zeros(len(values), np.int64)
    for name, low, high in (
        ("s", 0.0, 1e11),
        ("ms", 1e11, 1e14),
        ("us", 1e14, 1e17),
        ("ns", 1e17, np.inf),
    ):
        mine = np.full(len(values), name == unit) if unit else (size >= low) & (size < high)
        if not mine.any():
            continue
        part = values[mine]
        if name == "ns":
            us[mine] = (part // 1000).astype(np.int64)
        elif part.dtype.kind == "i":
            fits = np.abs(part) < 2**62 // EPOCH[name]
            us[mine] = np.where(fits, part, 0) * EPOCH[name]
        else:
            scaled = np.rint(part * float(EPOCH[name]))
            us[mine] = np.where(np.abs(scaled) < 2.0**62, scaled, 0.0).astype(np.int64)
    return us


def _dated(array: pa.Array, pattern: str, offset_us: int) -> tuple[np.ndarray, np.ndarray]:
    """Times of those that match; a day that its month does not have is none."""
    parts = pc.extract_regex(array, pattern)
    matched = parts.is_valid().to_numpy(zero_copy_only=False)
    if not matched.any():
        return np.zeros(len(array), np.int64), matched

    def number(name: str) -> np.ndarray:
        text = pc.struct_field(parts, name)
        text = pc.if_else(pc.equal(text, ""), "0", text)
        return text.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)

    year, month, day = number("y"), number("mon"), number("d")
    hour, minute, second = number("h"), number("min"), number("s")
    digits = pc.utf8_slice_codeunits(pc.struct_field(parts, "f"), 0, 6)
    fraction = pc.utf8_rpad(digits, 6, "0").cast(pa.int64()).fill_null(0)
    fine = matched & (month >= 1) & (month <= 12) & (day >= 1)
    fine &= (hour < 24) & (minute < 60) & (second <= 60)
    months = np.where(fine, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(
        np.int64
    )
    fine &= day <= length
    days = months.astype("datetime64[D]").astype(np.int64) + day - 1
    us = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000
    us = us + fraction.to_numpy(zero_copy_only=False) - _zones_us(parts, offset_us)
    return np.where(fine, us, 0), fine


def _zones_us(parts: pa.StructArray, offset_us: int) -> np.ndarray | int:
    """What is to be subtracted: the zone given with the time, else `offset_us`."""
    zones = pc.struct_field(parts, "z").dictionary_encode()
    said = zones.dictionary.to_pylist()
    if said in ([], [""]):
        return offset_us
    table = np.array([offset_us if not z else _offset_us(z) for z in said] + [0], np.int64)
    return table[zones.indices.fill_null(len(said)).to_numpy(zero_copy_only=False)]


def _offset_us(text: str) -> int:
    """Microseconds of the +hh:mm, +hhmm or +hh at the end; 0 where there is none."""
    match = re.search(r"([+-])(\d\d):?(\d\d)?\Z", text)
    if match is None:
        return 0
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return (-1 if match[1] == "-" else 1) * minutes * 60_000_000


def _checked(us: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = known & (us >= FIRST_US) & (us < LAST_US)
    return np.where(known, us, 0), ~known
