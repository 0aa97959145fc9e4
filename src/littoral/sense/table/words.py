"""Words that tables write for the codes of AIS (ITU-R M.1371-5, Annex 8, tables 45 and 53)."""

from __future__ import annotations

from typing import Any

import numpy as np

from littoral.schema.ais import ATON, BASE, CLASS_A, CLASS_B, DISTRESS_DEVICE, SAR_AIRCRAFT
from littoral.sense.table.values import letters

# Beginnings of the names of navigational status, as small letters. 9 and 10 are the reserved codes
# that high-speed and wing-in-ground craft use; 15 is "not defined": null.
STATUS = {
    "underwayusingengine": 0,
    "atanchor": 1,
    "notundercommand": 2,
    "restrictedman": 3,
    "constrainedby": 4,
    "moored": 5,
    "aground": 6,
    "engagedinfishing": 7,
    "underwaysailing": 8,
    "reservedforfutureamendmenthsc": 9,
    "reservedforfutureamendmentofnavigationalstatusforshipscarryingdghsormphschazardorpollutantcategoryc": 9,  # noqa: E501
    "reservedforfutureamendmentwig": 10,
    "powerdrivenvesseltowingastern": 11,
    "powerdrivenvesselpushingahead": 12,
    "aissart": 14,
}

# The first of the codes that a word covers; a table that writes words has lost the second digit.
SHIP_TYPE = {
    "wig": 20, "winginground": 20, "fishing": 30, "towing": 31, "towinglongwide": 32,
    "towinglength200morbreadth25m": 32, "dredging": 33, "diving": 34, "military": 35, "sailing": 36,
    "pleasure": 37, "pleasurecraft": 37, "hsc": 40, "highspeedcraft": 40, "pilot": 50,
    "pilotvessel": 50, "sar": 51, "searchandrescue": 51, "tug": 52, "porttender": 53,
    "antipollution": 54, "lawenforcement": 55, "medical": 58, "nottoconflict": 59,
    "notpartytoconflict": 59, "passenger": 60, "cargo": 70, "tanker": 80, "other": 90,
}  # fmt: skip

KIND = {
    "a": CLASS_A, "classa": CLASS_A, "b": CLASS_B, "classb": CLASS_B, "basestation": BASE,
    "aton": ATON, "aidtonavigation": ATON, "sarairborne": SAR_AIRCRAFT, "saraircraft": SAR_AIRCRAFT,
    "searchandrescuetransponder": DISTRESS_DEVICE, "manoverboarddevice": DISTRESS_DEVICE,
    "epirb": DISTRESS_DEVICE, "sart": DISTRESS_DEVICE, "aissart": DISTRESS_DEVICE,
}  # fmt: skip

# The message by which each kind of station reports its position, where a table does not say it.
POSITION_MESSAGE = np.array([1, 18, 4, 21, 9, 1], np.int8)
STATIC_MESSAGE = np.array([5, 24, 5, 21, 5, 5], np.int8)


def status_code(value: Any) -> int | None:
    """0..14; 15, other numbers and unknown words are null."""
    number = whole(value)
    if number is not None:
        return number if 0 <= number <= 14 else None
    word = letters(value)
    return next((code for start, code in STATUS.items() if word.startswith(start)), None)


def ship_type_code(value: Any) -> int | None:
    """1..99; other numbers and unknown words are null."""
    number = whole(value)
    if number is not None:
        return number if 1 <= number <= 99 else None
    return SHIP_TYPE.get(letters(value))


def kind_code(value: Any) -> int | None:
    return KIND.get(letters(value))


def imo_number(value: Any) -> int | None:
    """As sent, with or without IMO before it; 0 is null."""
    word = letters(value).removeprefix("imo")
    number = whole(word)
    return number if number and 0 < number < 1 << 30 else None


def eta_text(day_first: bool, value: Any) -> bytes | None:
    """MM-DDTHH:MMZ of a date and time of day; null where it is neither ISO nor day first."""
    text = str(value).strip()
    date, _, clock = text.replace("T", " ").partition(" ")
    parts = date.replace("/", "-").split("-")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() for p in parts):
        return None
    if len(parts[0]) == 4:
        month, day = int(parts[1]), int(parts[2])
    elif day_first:
        day, month = int(parts[0]), int(parts[1])
    else:
        return None
    hour, _, minute = clock[:5].partition(":")
    if not (hour.isdigit() and minute.isdigit() and 0 < month <= 12 and 0 < day <= 31):
        return None
    return f"{month:02d}-{day:02d}T{int(hour):02d}:{int(minute):02d}Z".encode()


def whole(value: Any) -> int | None:
    """The whole number that `value` is or says (`30`, `30.0`), or None."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return int(number) if number == number and abs(number) < 1e15 and number % 1 == 0 else None
