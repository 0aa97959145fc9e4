"""Whose flag an MMSI says: its maritime identification digits (ITU Radio Regulations, appendix 43).

States with one such number need no table; those with several are listed here, after the ITU's table
of maritime identification digits.
"""

from __future__ import annotations

SEVERAL: tuple[tuple[int, ...], ...] = (
    (204, 255, 263),  # Portugal with Azores and Madeira
    (209, 210, 212),  # Cyprus
    (211, 218),  # Germany
    (215, 229, 248, 249, 256),  # Malta
    (219, 220),  # Denmark
    (224, 225),  # Spain
    (226, 227, 228),  # France
    (232, 233, 234, 235),  # United Kingdom
    (237, 239, 240, 241),  # Greece
    (244, 245, 246),  # Netherlands
    (257, 258, 259),  # Norway
    (265, 266),  # Sweden
    (303, 338, 366, 367, 368, 369),  # United States with Alaska
    (304, 305),  # Antigua and Barbuda
    (308, 309, 311),  # Bahamas
    (351, 352, 353, 354, 355, 356, 357, 370, 371, 372, 373, 374),  # Panama
    (375, 376, 377),  # Saint Vincent and the Grenadines
    (412, 413, 414),  # China
    (431, 432),  # Japan
    (440, 441),  # Korea
    (470, 471),  # United Arab Emirates
    (473, 475),  # Yemen
    (514, 515),  # Cambodia
    (563, 564, 565, 566),  # Singapore
    (576, 577),  # Vanuatu
    (616, 620),  # Comoros
    (636, 637),  # Liberia
    (674, 677),  # Tanzania
)
_FIRST_OF = {mid: mids[0] for mids in SEVERAL for mid in mids}


def mid_of(mmsi: int) -> int:
    """Maritime identification digits of a ship's MMSI (M.585: MIDXXXXXX), else 0."""
    mid = mmsi // 1_000_000
    return mid if 200 < mid < 800 else 0


def flag_of(mmsi: int) -> int:
    """The same number for all MMSIs of one flag: the first of its digits; 0 for no ship's MMSI."""
    mid = mid_of(mmsi)
    return _FIRST_OF.get(mid, mid)
