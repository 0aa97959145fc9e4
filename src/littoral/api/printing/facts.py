"""Facts of an alert as people read them; each name ends in its unit (as on the pages, facts.ts)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from littoral.api.words import Words
from littoral.area.geodesy import KNOT_MPS

MILE_M = 1852.0


def _metres(m: float) -> str:
    return f"{m / MILE_M:.2f} nm" if abs(m) >= 5000 else f"{m:.0f} m"


def _seconds(s: float) -> str:
    if abs(s) < 120:
        return f"{s:.0f} s"
    return f"{s / 60:.1f} min" if abs(s) < 7200 else f"{s / 3600:.1f} h"


UNITS: tuple[tuple[str, Callable[[float], str]], ...] = (
    ("_mps", lambda v: f"{v / KNOT_MPS:.1f} kn"),
    ("_degpm", lambda v: f"{v:.1f} °/min"),
    ("_kn", lambda v: f"{v:.1f} kn"),
    ("_lon_deg", lambda v: f"{abs(v):.4f}°{'W' if v < 0 else 'E'}"),
    ("_lat_deg", lambda v: f"{abs(v):.4f}°{'S' if v < 0 else 'N'}"),
    ("_deg", lambda v: f"{v:.1f}°"),
    ("_nm", lambda v: f"{v:.2f} nm"),
    ("_km", lambda v: f"{v:.1f} km"),
    ("_m", _metres),
    ("_us", lambda v: _seconds(v / 1e6)),
    ("_ms", lambda v: _seconds(v / 1e3)),
    ("_s", _seconds),
    ("_h", lambda v: f"{v:.1f} h"),
    ("_min", lambda v: f"{v:.0f} min"),
)


def fact_text(name: str, value: Any, say: Words) -> tuple[str, str]:
    """Its label, and the value with its unit."""
    if isinstance(value, bool):
        return say.name("fact", name), say("print.yes" if value else "print.no")
    if isinstance(value, int | float):
        for suffix, show in UNITS:
            if name.endswith(suffix):
                return say.name("fact", name.removesuffix(suffix)), show(value)
        return say.name("fact", name), f"{value:g}"
    stem = re.sub(r"_(zh|en)$", "", name)
    return say.name("fact", stem), say.texts.get(f"value.{value}", str(value))
