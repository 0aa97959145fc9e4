"""Numbers of persons in a text: a form holds none.

Identity number: GB 11643-1999, 18 digits, the last a check digit (ISO 7064, MOD 11-2). Mobile
number: 11 digits that begin with 13 to 19, with or without +86.
"""

from __future__ import annotations

import re
import unicodedata

_BETWEEN = re.compile(r"(?<=\d)[ \-.·]+(?=[\dXx])")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:(?:00)?86)?1[3-9]\d{9}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def person_number(text: str) -> str:
    """What number of a person stands in it; empty for none."""
    if sum(c.isdigit() for c in text) < 11:
        return ""
    plain = unicodedata.normalize("NFKC", text)
    for form in (plain, _BETWEEN.sub("", plain)):  # 138 0013 8000
        if any(_is_identity(found) for found in _IDENTITY.findall(form)):
            return "an identity number"
        if _MOBILE.search(form):
            return "a mobile number"
    return ""


def _is_identity(number: str) -> bool:
    total = sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False))
    return number[17].upper() == _CHECK[total % 11]
