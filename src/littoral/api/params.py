"""Parameters that several resources take: times, boxes, cursors, limits."""

from __future__ import annotations

import base64
import binascii
import math
import re
from datetime import datetime, timedelta
from typing import Annotated, Any

import orjson
from fastapi import Query
from pydantic import BeforeValidator, WithJsonSchema

from littoral.api.problems import bad_parameter
from littoral.api.wire import EPOCH, iso
from littoral.schema.span import FIRST_US, LAST_US, in_span

# RFC 3339 date-time; the zone must be there, since a time without one is a guess.
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)

SPAN = f"must be a time from {iso(FIRST_US)} to {iso(LAST_US)}"

Box = tuple[float, float, float, float]


def parse_instant_us(value: Any) -> int:
    """An RFC 3339 time with zone as microseconds since 1970; ValueError says what is wrong."""
    if not isinstance(value, str):
        raise ValueError("must be a time like 2026-11-24T07:40:03Z")
    # In a query string an unescaped + of the offset arrives as a blank.
    written = re.sub(r" (?=\d{2}:\d{2}$)", "+", value.strip())
    if not _INSTANT.fullmatch(written):
        raise ValueError("must be a time with zone like 2026-11-24T07:40:03Z or …+08:00")
    seconds, fraction = written, ""
    if cut := re.search(r"\.(\d+)", written):
        seconds, fraction = written[: cut.start()] + written[cut.end() :], cut.group(1)
    try:
        when = datetime.fromisoformat(seconds.upper())
        whole_us = (when - EPOCH) // timedelta(microseconds=1)
    except (ValueError, OverflowError) as error:
        raise ValueError("is no time that the calendar has") from error
    return whole_us + int(fraction[:6].ljust(6, "0") or 0)


def parse_sane_us(value: Any) -> int:
    """`parse_instant_us` of a time from `FIRST_US` to `LAST_US`: what is kept is told in any zone,
    and as Excel has it. Raises ValueError."""
    at_us = parse_instant_us(value)
    if not in_span(at_us):
        raise ValueError(SPAN)
    return at_us


def parse_box(value: Any) -> Box:
    """`west,south,east,north` in degrees; west > east crosses the antimeridian."""
    # FastAPI sees a tuple and hands over a list of the parameter's occurrences.
    written = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    try:
        west, south, east, north = (float(part) for part in written.split(","))
    except ValueError as error:
        raise ValueError("must be west,south,east,north in degrees") from error
    if not all(map(math.isfinite, (west, south, east, north))):
        raise ValueError("must be finite numbers")
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("must lie within -180,-90,180,90 with south <= north")
    return west, south, east, north


def in_box(box: Box, lon: Any, lat: Any) -> Any:
    """Element-wise: is the point in the box (edges included)?"""
    west, south, east, north = box
    fits = (lat >= south) & (lat <= north)
    if west <= east:
        return fits & (lon >= west) & (lon <= east)
    return fits & ((lon >= west) | (lon <= east))


Instant = Annotated[
    int,
    BeforeValidator(parse_sane_us),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
BoxParam = Annotated[
    Box,
    BeforeValidator(parse_box),
    WithJsonSchema({"type": "string", "examples": ["108.5,17.8,111.5,20.5"]}),
]
FromQuery = Annotated[
    Instant | None, Query(alias="from", description="From this time on (inclusive)")
]
ToQuery = Annotated[Instant | None, Query(alias="to", description="Before this time (exclusive)")]
BoxQuery = Annotated[
    BoxParam | None, Query(alias="bbox", description="west,south,east,north in degrees")
]
CursorQuery = Annotated[
    str | None, Query(max_length=500, description="`next_cursor` of the page before")
]
LimitQuery = Annotated[int, Query(ge=1, le=1000, description="Items a page")]


def encode_cursor(*key: Any) -> str:
    """The sort key of the last item of a page as an opaque word."""
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def decode_cursor(cursor: str, *types: type) -> tuple[Any, ...]:
    """Inverse of `encode_cursor`; a cursor that we did not make is a problem of its field."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = orjson.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, binascii.Error) as error:
        raise bad_parameter("cursor", "is not one that this server gave") from error
    if not isinstance(key, list) or [type(part) for part in key] != list(types):
        raise bad_parameter("cursor", "is not one that this server gave for this list")
    return tuple(key)


def before_of(cursor: str | None) -> tuple[int, str] | None:
    """Time (µs) and id of the last item of the page before, of a list that begins with the newest;
    the time as far as databases keep it."""
    if cursor is None:
        return None
    at_us, key = decode_cursor(cursor, int, str)
    if not 0 <= at_us < 2**62:
        raise bad_parameter("cursor", "is not one that this server gave")
    return at_us, key
