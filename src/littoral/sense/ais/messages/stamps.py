"""Times that recorders write round a sentence, in plain Python: the forms of `sense.ais.times`."""

from __future__ import annotations

import re
from datetime import date

FIRST_S, LAST_S = 315_532_800, 7_258_118_400  # 1980 and 2200: before and after is no time
WRAPPING = bytes(range(33)) + b"\"'(),:;[]|"

EPOCH = re.compile(rb"([0-9]{9,19})(?:\.([0-9]+))?")
CALENDAR = re.compile(
    rb"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})[T _,]"
    rb"([0-9]{2})(:?)([0-9]{2})\6([0-9]{2})(?:[.,]([0-9]+))?"
    rb" *(?:Z|UTC|GMT|(?:([+-])([0-9]{2})(?::?([0-9]{2}))?))?"
)


def epoch_s(stamp: bytes) -> float | None:
    """Seconds since 1970 of digits: seconds, milli-, micro- or nanoseconds, told by their size."""
    said = EPOCH.fullmatch(stamp)
    if said is None:
        return None
    value = float(stamp)
    for limit, scale in ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3)):
        if value >= limit:
            value /= scale
            break
    return value if FIRST_S <= value < LAST_S else None


def calendar_s(stamp: bytes) -> float | None:
    """Seconds since 1970 of a date and a time of day, UTC where no zone is said."""
    said = CALENDAR.fullmatch(stamp)
    if said is None:
        return None
    year, month, day, hour, minute, second = (int(said[i]) for i in (1, 3, 4, 5, 7, 8))
    zone_h, zone_m = int(said[11] or 0), int(said[12] or 0)
    if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    if hour > 23 or minute > 59 or second > 60 or zone_h > 14 or zone_m > 59:
        return None
    days = date(year, month, 1).toordinal() + day - 1 - date(1970, 1, 1).toordinal()
    offset_s = (zone_h * 60 + zone_m) * (-60 if said[10] == b"-" else 60)
    fraction_s = float(b"0." + (said[9] or b"0"))
    value = ((days * 24 + hour) * 60 + minute) * 60 + second + fraction_s - offset_s
    return value if FIRST_S <= value < LAST_S else None


def any_s(text: bytes) -> float | None:
    """A time in one of the known forms, with brackets and separators round it, or None."""
    stamp = text.strip(WRAPPING)
    value = epoch_s(stamp)
    return calendar_s(stamp) if value is None else value
