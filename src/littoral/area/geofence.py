"""Areas that people draw, with validity times and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

FENCE_RULES = ("entry", "exit", "speed_over", "speed_under", "night", "season", "presence")
FOREVER_US = np.iinfo(np.int64).max
ALWAYS_US = np.iinfo(np.int64).min
MINUTE_US = 60_000_000

Ring = tuple[tuple[float, float], ...]  # closed: first = last, lon and lat in degrees
Polygon = tuple[Ring, ...]  # outer ring, then holes


@dataclass(frozen=True, slots=True)
class FenceRule:
    """What is watched in a fence. Fields that a kind does not use stay None.

    entry, exit: crossing the edge. speed_over, speed_under: `speed_mps`. night: presence while the
    sun is below `sun_below_deg`. season: presence from `season_from` to `season_to` of each year,
    both "MM-DDTHH:MM" at `utc_offset_min` (a season may run over new year). presence: longer than
    `stay_s`. `ship_types`: only vessels of these AIS types, empty for all; `priority` 1..4.
    """

    kind: str
    speed_mps: float | None = None
    sun_below_deg: float | None = None
    season_from: str | None = None
    season_to: str | None = None
    utc_offset_min: int = 0
    stay_s: float | None = None
    ship_types: tuple[int, ...] = ()
    priority: int = 3


@dataclass(frozen=True, slots=True)
class Geofence:
    """A fence holds in `valid_from_us <= t < valid_to_us`. Edges are straight in longitude and
    latitude; a point in any polygon and in none of its holes is inside."""

    id: str
    name: Mapping[str, str]  # zh, en
    polygons: tuple[Polygon, ...]
    valid_from_us: int = ALWAYS_US
    valid_to_us: int = FOREVER_US
    rules: tuple[FenceRule, ...] = ()
    version: int = 1
    source: str = ""
    note: Mapping[str, str] = field(default_factory=dict)

    def edges(self) -> np.ndarray:
        """All edges of all rings, (n, 4) lon1, lat1, lon2, lat2."""
        rings = [np.array(ring, np.float64) for polygon in self.polygons for ring in polygon]
        return np.concatenate([np.column_stack([r[:-1], r[1:]]) for r in rings])

    def bbox(self) -> tuple[float, float, float, float]:
        xy = np.concatenate([np.array(polygon[0], np.float64) for polygon in self.polygons])
        west, south = xy.min(0)
        east, north = xy.max(0)
        return float(west), float(south), float(east), float(north)


def in_season(rule: FenceRule, t_us: np.ndarray) -> np.ndarray:
    """(n,) bool: whether a season rule holds at each instant; the end is exclusive."""
    start, end = season_minute(rule.season_from), season_minute(rule.season_to)
    local = (np.asarray(t_us, np.int64) + rule.utc_offset_min * MINUTE_US).astype("datetime64[us]")
    month = local.astype("datetime64[M]")
    of_year = month.astype(np.int64) % 12
    in_month = (local - month).astype("timedelta64[us]").astype(np.int64)
    # months as fixed slots of 31 days: order is kept, and leap years shift nothing
    at = of_year * (31 * 1440 * MINUTE_US) + in_month
    after, before = at >= start * MINUTE_US, at < end * MINUTE_US
    return (after & before) if start < end else (after | before)


def season_minute(text: str | None) -> int:
    """ "MM-DDTHH:MM" as minutes since new year in months of 31 days. ValueError when malformed."""
    if text is None:
        raise ValueError("a season needs MM-DDTHH:MM")
    # 2024 was a leap year: 29 February is a day
    t = np.datetime64(f"2024-{text}", "m")
    month = t.astype("datetime64[M]")
    return int(month.astype(np.int64) % 12) * 31 * 1440 + int((t - month).astype(np.int64))
