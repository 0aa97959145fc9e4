"""Bytes of a TAK connection to what they say, without I/O.

A TAK client that is told of no other protocol streams XML events one after the other ("TAK
protocol, version 0", in the documents of the Android Team Awareness Kit); what an event says is the
base schema of Cursor on Target (MITRE MP090284, "Cursor on Target message router user's guide"):
`uid` names the device, `type` begins with `a-` where the event is a thing in the world, `point` has
WGS 84 degrees, `detail/track` course in degrees and speed in m/s. Only positions are taken. Chat,
files, markers and everything else that people send each other is dropped unread and counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

MOST_BYTES = 64 * 1024  # of one event; a position has less than two thousand
LONGEST_UID = 100
NOT_KNOWN = 9_999_999.0  # how the schema writes an error or height that nobody knows
PING = "t-x-c-t"  # asks whether the line is alive; unanswered the client breaks it off
PONG = (
    b'<?xml version="1.0" encoding="UTF-8"?><event version="2.0" uid="takPong" type="t-x-c-t-r"'
    b' time="%(now)s" start="%(now)s" stale="%(stale)s" how="m-g"><point lat="0" lon="0" hae="0"'
    b' ce="9999999" le="9999999"/><detail/></event>\n'
)
_END = b"</event>"
_BEGIN = re.compile(rb"<event[\s>]")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Point:
    """Where a device says that it is. `error_m`: circular, None where not known; `t_us` by its own
    clock, UTC."""

    uid: str
    callsign: str
    kind: str
    lon_deg: float
    lat_deg: float
    t_us: int
    error_m: float | None = None
    cog_deg: float | None = None
    sog_mps: float | None = None


@dataclass(frozen=True, slots=True)
class Ping:
    """To be answered."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that tells no position: nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Rejected:
    reason: str  # "size", or the field that is wrong and why


Event = Point | Ping | Ignored | Rejected


class Stream:
    """One connection. What comes in pieces waits, `MOST_BYTES` at most."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, chunk: bytes) -> list[Event]:
        self._rest += chunk
        found: list[Event] = []
        while (end := self._rest.find(_END)) >= 0:
            whole = bytes(self._rest[: end + len(_END)])
            del self._rest[: len(whole)]
            begin = _BEGIN.search(whole)
            if begin is None:
                found.append(Rejected("event: has an end and no beginning"))
            elif len(whole) - begin.start() > MOST_BYTES:
                found.append(Rejected("size"))
            else:
                found.append(read(whole[begin.start() :]))
        if len(self._rest) > MOST_BYTES:
            self._rest.clear()
            found.append(Rejected("size"))
        return found


def read(text: bytes) -> Event:
    """One event, from `<event` to its end."""
    try:
        event = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return Rejected("event: is no XML")
    kind = event.get("type", "")
    if kind == PING:
        return Ping()
    if not kind.startswith("a-"):
        return Ignored()
    try:
        return _point(event, kind)
    except ValueError as wrong:
        return Rejected(str(wrong)[:200])


def _point(event: Element, kind: str) -> Point:
    uid = event.get("uid", "").strip()
    if not uid or len(uid) > LONGEST_UID or not uid.isprintable():
        raise ValueError(f"uid: 1 to {LONGEST_UID} signs")
    point, track = event.find("point"), event.find("detail/track")
    contact = event.find("detail/contact")
    if point is None:
        raise ValueError("point: is missing")
    if float(point.get("lat") or "nan") == 0.0 == float(point.get("lon") or "nan"):
        raise ValueError("point: the device knows no position")  # as ATAK says it
    error_m = _number(point, "ce", 0.0, NOT_KNOWN) if "ce" in point.attrib else NOT_KNOWN
    callsign = "" if contact is None else contact.get("callsign", "")
    cog_deg = sog_mps = None
    if track is not None:
        cog_deg = _number(track, "course", 0.0, 360.0) % 360.0 if "course" in track.attrib else None
        sog_mps = _number(track, "speed", 0.0, 200.0) if "speed" in track.attrib else None
    return Point(
        uid, callsign[:LONGEST_UID], kind[:40], _number(point, "lon", -180.0, 180.0),
        _number(point, "lat", -90.0, 90.0), _time_us(event.get("time", "")),
        None if error_m >= NOT_KNOWN else error_m, cog_deg, sog_mps,
    )  # fmt: skip


def _number(of: Element, name: str, low: float, high: float) -> float:
    try:
        value = float(of.get(name, ""))
    except ValueError:
        raise ValueError(f"{of.tag}/{name}: is no number") from None
    if not low <= value <= high:  # NaN too
        raise ValueError(f"{of.tag}/{name}: from {low:g} to {high:g}")
    return value


def _time_us(text: str) -> int:
    if _TIME.fullmatch(text) is None:
        raise ValueError("time: is no time of day with its zone")
    try:
        whole, _, rest = text.partition(".")
        zone = rest.lstrip("0123456789") if rest else ""
        digits = rest[: len(rest) - len(zone)] if rest else ""
        when = datetime.fromisoformat(whole + zone if rest else text)
        return round(when.timestamp()) * 1_000_000 + int(digits.ljust(6, "0")[:6] or 0)
    except (ValueError, OverflowError, OSError):
        raise ValueError("time: is no time") from None
