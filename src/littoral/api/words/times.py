"""Times and places as files say them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def local(iso: str | None, zone: ZoneInfo) -> str:
    """`2026-11-30 07:12:03`; empty for none."""
    if iso is None:
        return ""
    return datetime.fromisoformat(iso).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


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
