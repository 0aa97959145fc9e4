"""Bit tables: what a field is called, how many bits it has, and what they mean.

A table is a tuple of fields in the order in which they are sent; `read` walks along it. A field's
reserved codes give None; bits that were not sent read as zero unless the message's code says else.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

Value = Any  # int, float, bool, str, None, or a list of dicts
SIX_BIT = "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_ !\"#$%&'()*+,-./0123456789:;<=>?"
ARMOUR = bytes(range(48, 88)) + bytes(range(96, 120))  # the characters of 0 to 63
BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
ARMOUR_TO_BASE64 = bytes.maketrans(ARMOUR, BASE64)


class Bits:
    """A message as one big number, so that a field is a shift and a mask. Bit 0 is sent first."""

    def __init__(self, value: int, length: int) -> None:
        self.value = value
        self.length = length

    @classmethod
    def from_payload(cls, payload: bytes, fill: int) -> Bits:
        """Six-bit armour (IEC 61162-1), `fill` bits of padding at the end taken off.

        Base 64 packs six bits a character too, with another alphabet.
        """
        missing = -len(payload) % 4
        packed = a2b_base64(payload.translate(ARMOUR_TO_BASE64) + b"A" * missing)
        value = int.from_bytes(packed, "big") >> (6 * missing + fill)
        return cls(value, 6 * len(payload) - fill)

    def unsigned(self, start: int, width: int) -> int:
        """Zero where bits were not sent."""
        shift = self.length - start - width
        shifted = self.value >> shift if shift >= 0 else self.value << -shift
        return shifted & ((1 << width) - 1)

    def signed(self, start: int, width: int) -> int:
        code = self.unsigned(start, width)
        return code - (1 << width) if code >> (width - 1) else code

    def text(self, start: int, chars: int) -> str:
        """Six-bit ASCII (ITU-R M.1371-5 Annex 8 Table 47), `@` where bits were not sent."""
        code = self.unsigned(start, 6 * chars)
        return "".join(SIX_BIT[code >> 6 * (chars - 1 - i) & 63] for i in range(chars))

    def hex(self, start: int, end: int | None = None) -> str:
        """Bits from `start` on as `count:hex`; what fills the last byte does not count."""
        count = max(0, (self.length if end is None else end) - start)
        octets = -(-count // 8)
        digits = f"{self.unsigned(start, 8 * octets):0{2 * octets}x}" if octets else ""
        return f"{count}:{digits}"


def padded(text: str) -> str:
    """A padded field: ends at the first `@`, trailing blanks removed."""
    return text.split("@", 1)[0].rstrip(" ")


def running(text: str) -> str:
    """Running text: trailing blanks and `@` removed."""
    return text.rstrip(" @")


@dataclass(frozen=True, slots=True)
class Field:
    """`put(bits, start, out)` writes what the field says into `out`, under the names of gpsd."""

    name: str
    width: int
    put: Callable[[Bits, int, dict[str, Value]], None]


Table = Sequence[Field]


def width_of(table: Table) -> int:
    return sum(f.width for f in table)


def read(table: Table, bits: Bits, start: int, out: dict[str, Value]) -> int:
    """All fields of `table` from bit `start` on into `out`; gives where the next one begins."""
    for f in table:
        f.put(bits, start, out)
        start += f.width
    return start


def spare(width: int) -> Field:
    return Field("", width, lambda bits, start, out: None)


def uint(name: str, width: int, null: Collection[int] = ()) -> Field:
    def put(bits: Bits, start: int, out: dict[str, Value]) -> None:
        code = bits.unsigned(start, width)
        out[name] = None if code in null else code

    return Field(name, width, put)


def scaled(
    name: str,
    width: int,
    per_unit: float,
    digits: int,
    null: Collection[int] = (),
    offset: float = 0.0,
    signed: bool = False,
) -> Field:
    """code / per_unit + offset, rounded to the decimals that gpsd prints."""

    def put(bits: Bits, start: int, out: dict[str, Value]) -> None:
        code = bits.signed(start, width) if signed else bits.unsigned(start, width)
        out[name] = None if code in null else round(code / per_unit + offset, digits)

    return Field(name, width, put)


def place(name: str, width: int, per_degree: int, digits: int, null: Collection[int] = ()) -> Field:
    """Longitude (181 degrees is null) or latitude (91), by the name; `null` are codes besides."""
    reserved = (181 if name.endswith("lon") else 91) * per_degree
    return scaled(name, width, per_degree, digits, null=(reserved, *null), signed=True)


def flag(name: str) -> Field:
    def put(bits: Bits, start: int, out: dict[str, Value]) -> None:
        out[name] = bool(bits.unsigned(start, 1))

    return Field(name, 1, put)


def text(name: str, chars: int) -> Field:
    """A padded field; nothing but padding is its "not available"."""

    def put(bits: Bits, start: int, out: dict[str, Value]) -> None:
        out[name] = padded(bits.text(start, chars)) or None

    return Field(name, 6 * chars, put)


def coded(
    name: str, width: int, legend: Sequence[str], null: Collection[int] = (), beyond: str = "?"
) -> Field:
    """A code and, as `name_text`, what it stands for."""

    def put(bits: Bits, start: int, out: dict[str, Value]) -> None:
        code = bits.unsigned(start, width)
        missing = code in null
        out[name] = None if missing else code
        text = legend[code] if code < len(legend) else beyond
        out[f"{name}_text"] = None if missing else text

    return Field(name, width, put)


def named(name: str, width: int, legend: Sequence[str], null: Collection[int] = ()) -> Field:
    """Only what the code stands for."""

    def put(bits: Bits, start: int, out: dict[str, Value]) -> None:
        code = bits.unsigned(start, width)
        out[name] = None if code in null else legend[code]

    return Field(name, width, put)


def moment(name: str, pattern: str, *forms: Sequence[tuple[str, int, int]]) -> Field:
    """Several numbers as one text, as gpsd writes them; None when each is "not available".

    Each form: (letter in `pattern`, bits, code of "not available") in the order sent. Forms differ
    in the codes alone: editions of one standard have other ones.
    """
    parts = forms[0]
    nothing = [tuple(null for _, _, null in form) for form in forms]

    def put(bits: Bits, start: int, out: dict[str, Value]) -> None:
        values = {}
        for letter, width, _ in parts:
            values[letter] = bits.unsigned(start, width)
            start += width
        out[name] = None if tuple(values.values()) in nothing else pattern.format(**values)

    return Field(name, sum(width for _, width, _ in parts), put)


MONTH_DAY_TIME = "{M:02}-{D:02}T{h:02}:{m:02}Z"
MONTH_FIRST = (("M", 4, 0), ("D", 5, 0), ("h", 5, 24), ("m", 6, 60))


def repeated(
    table: Table, bits: Bits, start: int, most: int, partial: bool = False
) -> list[dict[str, Value]]:
    """Entries of one form until the message ends (an unfinished one counts if `partial`)."""
    size = width_of(table)
    entries: list[dict[str, Value]] = []
    while len(entries) < most and (start < bits.length if partial else start + size <= bits.length):
        entry: dict[str, Value] = {}
        start = read(table, bits, start, entry)
        entries.append(entry)
    return entries
