"""Numbers of persons in a text: a form holds none, and answers are found by them.

Identity number: GB 11643-1999, 18 digits, the last a check digit (ISO 7064, MOD 11-2). Mobile
number: 11 digits that begin with 13 to 19, with or without +86. Passport, and travel permits to
Hong Kong and Macao: one or two letters, six to eight digits, nine signs at most, of which the last
may be a letter (ICAO Doc 9303-4 allows nine of either; numbers without a letter are like others).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

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


FEWEST, LONGEST = 6, 9  # digits, and signs, of a passport's number
_DIGITS = re.compile(r"[0-9]+")
_PARTED = re.compile(r"[\W_]{1,8}")  # as far as the vault joins a number: any signs, no words
_POINTS = (".", ",")
_CHECK_X = re.compile(r"[\W_]{0,8}[Xx](?![A-Za-z])")
_LETTERS = re.compile(r"(?<![A-Z0-9])([A-Z]{1,2}(?=[0-9])|[A-Z](?=[\W_][0-9]))", re.ASCII)
_LAST_LETTER = re.compile(r"[A-Z](?![A-Z0-9])", re.ASCII)
# Place, and a date of birth: 18 other digits in a row may be anything.
_BORN = re.compile(r"[0-9]{6}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])")
_PREFIXES = ("", "86", "0086")  # of a mobile number


def numbers_in(text: str) -> Iterator[tuple[str, str]]:
    """Field of the vault and value of each number in it that a person may be known by. Identity
    numbers whatever their check digit says: the vault takes them so, and who asks is to be found.
    In parts too (138 0013 8000), over lines, whatever signs stand between; by points or commas
    where there are more than one: 18.123456789 is a latitude."""
    count = sum(c.isdigit() for c in text)
    if count < FEWEST:
        return
    plain = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c
        for c in unicodedata.normalize("NFKC", text)
    )
    if count >= 11:
        yield from _digits_in(plain)
    yield from _passports_in(plain.upper())


def _digits_in(plain: str) -> Iterator[tuple[str, str]]:
    groups = list(_DIGITS.finditer(plain))
    inside = 0  # where an identity number ends, whose date of birth is no telephone
    for at, first in enumerate(groups):
        if first.start() < inside:
            continue
        digits, points, gaps = first.group(), 0, 0
        yield from _named(digits, plain, first.end())
        for before, group in zip(groups[at:], groups[at + 1 :], strict=False):
            gap = plain[before.end() : group.start()]
            digits += group.group()
            points, gaps = points + (gap in _POINTS), gaps + 1
            if not _PARTED.fullmatch(gap) or len(digits) > 18 or points not in (0, gaps):
                break
            if points != 1:
                for name, value in _named(digits, plain, group.end()):
                    inside = group.end() if name == "id_number" else inside
                    yield name, value


def _passports_in(plain: str) -> Iterator[tuple[str, str]]:
    for letters in _LETTERS.finditer(plain):
        number, end = letters.group(), letters.end()
        while (group := _DIGITS.search(plain, end)) is not None:
            gap = plain[end : group.start()]
            if gap and not _PARTED.fullmatch(gap):
                break
            number, end = number + group.group(), group.end()
            if len(number) > LONGEST:
                break
            if len(number) - len(letters.group()) >= FEWEST:
                yield "passport", number
                last = _LAST_LETTER.match(plain, end)
                if last is not None and len(number) < LONGEST:
                    yield "passport", number + last.group()


def _named(digits: str, plain: str, end: int) -> Iterator[tuple[str, str]]:
    """`end`: of the digits in the text."""
    if len(digits) == 18 and _BORN.match(digits):
        yield "id_number", digits
    elif len(digits) == 17 and _BORN.match(digits) and _CHECK_X.match(plain, end):
        yield "id_number", f"{digits}X"
    for prefix in _PREFIXES:
        rest = digits.removeprefix(prefix)
        if (
            digits.startswith(prefix)
            and len(rest) == 11
            and rest[0] == "1"
            and rest[1] in "3456789"
        ):
            yield "phone", rest


def _is_identity(number: str) -> bool:
    total = sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False))
    return number[17].upper() == _CHECK[total % 11]
