"""Times and places as files say them."""

from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo


def wall(iso: str, zone: tzinfo) -> datetime | None:
    """The time on the wall, without zone, to the second; None in the first and last hours of the
    calendar, which another zone cannot tell."""
    try:
        return datetime.fromisoformat(iso).astimezone(zone).replace(tzinfo=None, microsecond=0)
    except OverflowError:
        return None


def local(iso: str | None, zone: tzinfo) -> str:
    """`2026-11-30 07:12:03`; empty for none, as it is (UTC) where `wall` has none."""
    if iso is None:
        return ""
    told = wall(iso, zone)
    return iso if told is None else told.isoformat(" ")


def offset(at_us: int, zone: ZoneInfo) -> str:
    """`UTC+08:00`, as it is then."""
    written = datetime.fromtimestamp(at_us / 1e6, zone).strftime("%z")
    return f"UTC{written[:3]}:{written[3:]}"


def position(lon: float | None, lat: float | None, none: str = "") -> str:
    """Degrees and decimal minutes, latitude first, as the pages have it."""
    if lon is None or lat is None:
        return none
    return f"{_angle(lat, 2, 'NS')} {_angle(lon, 3, 'EW')}"


def _angle(deg: float, width: int, letters: str) -> str:
    ticks = round(abs(deg) * 6000)  # hundredths of a minute, so that 59.996' carries over
    return f"{ticks // 6000:0{width}d}°{ticks % 6000 / 100:05.2f}′{letters[deg < 0]}"
