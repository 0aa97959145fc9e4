"""JSON and times as they go over the wire."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import numpy as np
import orjson
from starlette.responses import JSONResponse

from littoral.area.geodesy import KNOT_MPS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_US, _LAST_US = (
    (end.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
    for end in (datetime.min, datetime.max)
)
_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


class Json(JSONResponse):
    """JSON by orjson: NumPy values as numbers, NaN and infinity as null."""

    def render(self, content: Any) -> bytes:
        return dump(content)


class GeoJson(Json):
    """RFC 7946."""

    media_type = "application/geo+json"


def dump(content: Any) -> bytes:
    return orjson.dumps(content, option=_OPTIONS)


def attachment(name: str) -> str:
    """The `Content-Disposition` of a file to be saved under that name (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def iso(us: int) -> str:
    """Microseconds since 1970 as `2026-11-24T07:40:03.120Z`, cut (not rounded) to milliseconds; of
    a time before the year 1 or after 9999 the first or last that there is."""
    when = EPOCH + timedelta(microseconds=min(max(int(us), _FIRST_US), _LAST_US))
    return when.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def iso_or_none(us: int | None) -> str | None:
    return None if us is None else iso(us)


def iso_many(us: np.ndarray) -> list[str]:
    """`iso` of each, shape (n,)."""
    stamps = np.asarray(us, np.int64).view("datetime64[us]")
    return np.datetime_as_string(stamps, unit="ms", timezone="UTC").tolist()


def number(value: Any, digits: int | None = None) -> float | None:
    """A float for JSON; NaN (not available) is None."""
    plain = float(value)
    if not math.isfinite(plain):
        return None
    return plain if digits is None else round(plain, digits)


def knots(mps: Any) -> float | None:
    """Metres a second as knots to the hundredth; NaN is None."""
    return number(float(mps) / KNOT_MPS, 2)
