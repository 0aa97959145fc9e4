"""Short messages as a modem takes and gives them: 3GPP TS 23.040, in hexadecimal.

What is sent is always UCS-2 (TS 23.038): a page is Chinese, and 70 characters of it fill a message.
A longer text goes in up to 255 parts of 67 characters that the phone puts together. Each part asks
the network for a status report: only that makes it delivered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

import gsm0338  # registers the codec "gsm03.38"

ONE, PART = 70, 67  # characters of UCS-2 in a message alone, and in a part (TS 23.040, 9.2.3.24)
MOST_PARTS = 255
NUMBER = re.compile(r"\+?[0-9]{3,20}")

_SUBMIT, _STATUS_WANTED, _HAS_HEADER, _RELATIVE = 0x01, 0x20, 0x40, 0x10
_UCS2, _GSM7, _OCTETS = 0x08, 0x00, 0x04
_INTERNATIONAL, _UNKNOWN, _ALPHANUMERIC = 0x91, 0x81, 0x50
_CONCATENATED_8, _CONCATENATED_16 = 0x00, 0x08
_DIGITS = "0123456789*#abc"

State = Literal["delivered", "trying", "failed"]

assert gsm0338  # imported for its codec


class PduError(ValueError):
    """No such message can be written, or what was read is none; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """`octets`: of the TPDU, as `AT+CMGS` wants it said. `text` is the whole PDU in hexadecimal."""

    octets: int
    text: str


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What became of a part. `reference` is the number that the modem gave it when it took it;
    `number` the one it went to; `status` TP-ST (TS 23.040, 9.2.3.15)."""

    reference: int
    number: str
    at_us: int
    status: int

    @property
    def state(self) -> State:
        """Delivered is what the phone has; a service centre that goes on trying says so."""
        if self.status in (0x00, 0x01, 0x02):
            return "delivered"
        return "trying" if 0x20 <= self.status <= 0x3F else "failed"


@dataclass(frozen=True, slots=True)
class Received:
    """A message that came. `parts` of it there are; `part` (from 1) is this one."""

    number: str
    at_us: int
    text: str
    group: int = 0
    parts: int = 1
    part: int = 1


def submit(number: str, text: str, group: int, keep: timedelta) -> list[Part]:
    """The parts that carry `text` to `number`. `group` (0 to 65,535) marks parts of one text;
    `keep`: how long the network goes on trying (5 minutes to 63 weeks, rounded up). PduError."""
    if not NUMBER.fullmatch(number):
        raise PduError("no telephone number: 3 to 20 digits, a + before them where it has one")
    if not text:
        raise PduError("an empty text")
    units = _units(text)
    pieces = [units] if len(units) <= ONE else _cut(units)
    if len(pieces) > MOST_PARTS:
        raise PduError(f"{len(units)} characters; {MOST_PARTS * PART} can be sent")
    return [_part(number, piece, group, len(pieces), at, keep) for at, piece in enumerate(pieces)]


def read(text: str) -> StatusReport | Received:
    """What the modem gave in hexadecimal, the service centre's address before it. PduError."""
    try:
        data = bytes.fromhex(text)
        reader = _Reader(data, 1 + data[0])
        first = reader.octet()
        if first & 0x03 == 0x02:
            return _status(reader)
        if first & 0x03 == 0x00:
            return _deliver(reader, bool(first & _HAS_HEADER))
    except (ValueError, IndexError) as error:
        raise PduError(f"no message of TS 23.040: {error}") from error
    raise PduError("neither a message that came nor a status report")


def _units(text: str) -> list[bytes]:
    """UTF-16 code units: what lies beyond the basic plane has two, which phones put together."""
    data = text.encode("utf-16-be", "replace")
    return [data[at : at + 2] for at in range(0, len(data), 2)]


def _cut(units: list[bytes]) -> list[list[bytes]]:
    """Parts of at most PART; no pair of surrogates is cut."""
    pieces, at = [], 0
    while at < len(units):
        end = min(at + PART, len(units))
        if end < len(units) and 0xD8 <= units[end - 1][0] <= 0xDB:
            end -= 1
        pieces.append(units[at:end])
        at = end
    return pieces


def _part(
    number: str, units: list[bytes], group: int, parts: int, at: int, keep: timedelta
) -> Part:
    header = b""
    if parts > 1:
        header = bytes((6, _CONCATENATED_16, 4, *divmod(group & 0xFFFF, 256), parts, at + 1))
    said = header + b"".join(units)
    first = _SUBMIT | _STATUS_WANTED | _RELATIVE | (_HAS_HEADER if header else 0)
    tpdu = (
        bytes((first, 0))  # TP-MR: the modem puts its own
        + _address(number)
        + bytes((0, _UCS2, _relative(keep), len(said)))
        + said
    )
    return Part(len(tpdu), "00" + tpdu.hex().upper())  # 00: the service centre of the SIM card


def _address(number: str) -> bytes:
    digits = number.removeprefix("+")
    kind = _INTERNATIONAL if number.startswith("+") else _UNKNOWN
    padded = digits + "F" * (len(digits) % 2)
    swapped = "".join(padded[i + 1] + padded[i] for i in range(0, len(padded), 2))
    return bytes((len(digits), kind)) + bytes.fromhex(swapped)


def _relative(keep: timedelta) -> int:
    """TP-VP, relative (TS 23.040, 9.2.3.12.1)."""
    minutes = -(-keep // timedelta(minutes=1))
    if minutes <= 12 * 60:
        return max(0, -(-minutes // 5) - 1)
    if minutes <= 24 * 60:
        return 143 + -(-(minutes - 12 * 60) // 30)
    days = -(-minutes // (24 * 60))
    return 166 + days if days <= 30 else min(255, 192 + -(-days // 7))


class _Reader:
    """IndexError beyond the end."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def octet(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def octets(self, count: int) -> bytes:
        found = self.data[self.at : self.at + count]
        if len(found) != count:
            raise IndexError("it ends too early")
        self.at += count
        return found

    def address(self) -> str:
        """Digits with their +, or a name."""
        length, kind = self.octet(), self.octet()
        data = self.octets((length + 1) // 2)
        if kind & 0x70 == _ALPHANUMERIC:
            return _septets(data, length * 4 // 7, 0)
        digits = "".join(_DIGITS[n] for b in data for n in (b & 15, b >> 4) if n < 15)
        return ("+" if kind & 0x70 == 0x10 else "") + digits[:length]

    def time_us(self) -> int:
        """A service centre's time stamp: swapped digits, the zone in quarters of an hour."""
        *fields, zone = self.octets(7)
        year, month, day, hour, minute, second = (10 * (b & 15) + (b >> 4) for b in fields)
        quarters = 10 * (zone & 7) + (zone >> 4)
        offset = timezone(timedelta(minutes=(-15 if zone & 8 else 15) * quarters))
        at = datetime(2000 + year, month, day, hour, minute, second, tzinfo=offset)
        return int(at.astimezone(UTC).timestamp()) * 1_000_000


def _status(reader: _Reader) -> StatusReport:
    reference, number = reader.octet(), reader.address()
    reader.time_us()  # when the service centre had the message
    return StatusReport(reference, number, reader.time_us(), reader.octet())


def _deliver(reader: _Reader, has_header: bool) -> Received:
    number = reader.address()
    reader.octet()  # protocol identifier
    coding, at_us, length = reader.octet(), reader.time_us(), reader.octet()
    alphabet = _alphabet(coding)
    data = reader.octets(-(-length * 7 // 8) if alphabet == _GSM7 else length)
    group, parts, part, skip = 0, 1, 1, 0
    if has_header:
        skip = 1 + data[0]
        group, parts, part = _header(data[1:skip])
    if alphabet == _GSM7:
        text = _septets(data, length, -(-skip * 8 // 7))
    elif alphabet == _UCS2:
        text = data[skip:].decode("utf-16-be", "replace")
    else:
        raise PduError("data, not text")
    return Received(number, at_us, text, group, parts, part)


def _alphabet(coding: int) -> int:
    """TS 23.038, section 4: the groups that carry text."""
    if coding & 0xC0 == 0x00:
        return coding & 0x0C
    if coding & 0xF0 == 0xF0:
        return _OCTETS if coding & 0x04 else _GSM7
    return _UCS2 if coding & 0xF0 == 0xE0 else _GSM7


def _header(data: bytes) -> tuple[int, int, int]:
    """Group, parts and part; (0, 1, 1) where it says none."""
    reader = _Reader(data, 0)
    while reader.at < len(data):
        kind, value = reader.octet(), reader.octets(reader.octet())
        if kind == _CONCATENATED_8 and len(value) == 3:
            found = (value[0], value[1], value[2])
        elif kind == _CONCATENATED_16 and len(value) == 4:
            found = (256 * value[0] + value[1], value[2], value[3])
        else:
            continue
        if 1 <= found[2] <= found[1]:
            return found
    return 0, 1, 1


def _septets(data: bytes, count: int, skip: int) -> str:
    """`count` characters of seven bits, lowest first; the first `skip` are the header's."""
    bits = int.from_bytes(data, "little")
    found = bytes((bits >> 7 * at) & 0x7F for at in range(skip, count))
    return found.decode("gsm03.38", "replace")
