"""Small fleets with tracks drawn by hand, cut into slices and run through one detector."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from pyproj import Geod

from littoral.area.geodesy import KNOT_MPS
from littoral.area.places import Place
from littoral.area.world import World
from littoral.schema.ais import Positions, Statics, Texts
from littoral.schema.batch import SLICE_US, Batch
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet
from littoral.schema.state import pack, unpack

# Distances in the tests are on the sphere that the detectors use, by another program (PROJ).
SPHERE = Geod(a=6_371_008.8, b=6_371_008.8)
SECOND_US = 1_000_000


def at_us(text: str) -> int:
    """UTC time as microseconds since 1970."""
    return int(np.datetime64(text, "us").astype(np.int64))


def world(**fields: Any) -> World:
    """A world of open sea: no coast is asked for by the detectors under test."""
    return World("nowhere", None, None, **fields)  # type: ignore[arg-type]


def place(lon: float, lat: float, radius_m: float = 0.0, kind: str = "anchorage") -> Place:
    return Place(f"{kind}-{lon}-{lat}", {"zh": "港", "en": "P"}, lon, lat, radius_m, kind, "test")


def moved(lon: float, lat: float, bearing_deg: float, metres: float) -> tuple[float, float]:
    """Where one is after `metres` on a great circle, by PROJ."""
    x, y, _ = SPHERE.fwd(lon, lat, bearing_deg, metres)
    return float(x), float(y)


def fixes(
    track: int,
    t_us: Iterable[int],
    lon: Any,
    lat: Any,
    sog_kn: Any = np.nan,
    cog_deg: Any = np.nan,
    **columns: Any,
) -> Positions:
    """Class A reports of one track; scalars hold for all rows. Ring 3 unless told otherwise."""
    times = np.array(list(t_us), np.int64)
    p = Positions.empty(len(times))
    p.t_us[:] = times
    p.track[:], p.mmsi[:], p.ring[:] = track, 412_000_000 + track, 3
    p.obs_id[:] = times // 1000 * 1000 + track
    p.lon_deg[:], p.lat_deg[:] = lon, lat
    p.sog_mps[:], p.cog_deg[:] = np.asarray(sog_kn) * KNOT_MPS, cog_deg
    for name, value in columns.items():
        getattr(p, name)[:] = value
    return p


def sailing(
    track: int,
    t_us: Iterable[int],
    start: tuple[float, float],
    course_deg: float,
    sog_kn: float,
    from_us: int,
    **columns: Any,
) -> Positions:
    """Reports on a great circle that passes `start` at `from_us`."""
    times = np.array(list(t_us), np.int64)
    way = (times - from_us) / 1e6 * sog_kn * KNOT_MPS
    n = len(times)
    lon, lat, _ = SPHERE.fwd([start[0]] * n, [start[1]] * n, [course_deg] * n, way)
    return fixes(track, times, lon, lat, sog_kn, course_deg, **columns)


def fleet_of(types: dict[int, int], length_m: float = np.nan, beam_m: float = np.nan) -> Fleet:
    """Tracks 0..n with MMSI 412000000 + track and the given ship types."""
    count = max(types) + 1
    fleet = Fleet.empty(max(8, count))
    fleet.count = count
    fleet.mmsi[:count] = 412_000_000 + np.arange(count)
    fleet.first_us[:count] = at_us("2026-01-01")
    for track, ship_type in types.items():
        fleet.ship_type[track] = ship_type
    fleet.to_bow_m[:count] = fleet.to_stern_m[:count] = length_m / 2
    fleet.to_port_m[:count] = fleet.to_starboard_m[:count] = beam_m / 2
    return fleet


def ordered(parts: Iterable[Positions]) -> Positions:
    """All rows in the canonical order (t_us, mmsi, obs_id)."""
    rows = Positions.concat(list(parts))
    return rows.take(np.lexsort((rows.obs_id, rows.mmsi, rows.t_us)))


def keep_last(fleet: Fleet, rows: Positions) -> None:
    """The last report of each track into the fleet."""
    fleet.last_us[rows.track], fleet.last_obs_id[rows.track] = rows.t_us, rows.obs_id
    for name in ("kind", "flags", "lon_deg", "lat_deg", "sog_mps", "heading_deg", "nav_status"):
        getattr(fleet, name)[rows.track] = getattr(rows, name)


def run(
    detector: Any,
    settings: Any,
    parts: Iterable[Positions],
    fleet: Fleet,
    where: World | None = None,
    *,
    statics: Statics | None = None,
    slice_us: int = SLICE_US,
    after_s: float = 0.0,
    repack: bool = False,
    keep: bool = False,
) -> list[Finding]:
    """Every finding over the whole stream, in the order told. `after_s` of silence follow;
    `repack` writes the state out and reads it again before each slice, as a checkpoint does; `keep`
    keeps the last reports in the fleet, as track keeping does."""
    where, fleet = where or world(), fleet.snapshot() if keep else fleet
    rows = ordered(parts)
    statics = statics or Statics.empty()
    whole = max(slice_us, SLICE_US)
    first = int(rows.t_us[0]) // whole * whole
    last = int(rows.t_us[-1] + after_s * 1e6) // whole * whole + whole
    state, found = detector.start(settings, where), []
    for from_us in range(first, last, slice_us):
        until_us = from_us + slice_us
        a, b = np.searchsorted(rows.t_us, (from_us, until_us))
        c, d = np.searchsorted(statics.t_us, (from_us, until_us))
        batch = Batch(
            rows.take(slice(a, b)), statics.take(slice(c, d)), Texts.empty(), from_us, until_us
        )
        if keep:
            keep_last(fleet, batch.positions)
        if repack:
            state = unpack(pack(state), detector.start(settings, where))
        state, new = detector.step(state, batch, fleet, settings, where)
        found += new
    return found


def final(findings: Iterable[Finding]) -> dict[str, Finding]:
    """The last version of each alert, by its id: what the law of the cut speaks of."""
    return {f.alert_id(): f for f in findings}


def mmsis(finding: Finding) -> tuple[int, ...]:
    return tuple(int(t[7:16]) for t in finding.things if t.startswith("vessel:"))


def stretched(settings: Any, path: str, factor: float) -> Any:
    """`settings` with one number changed; `path` names fields and, by number, items of tuples."""
    head, _, rest = path.partition(".")
    if head.isdigit():
        items = list(settings)
        items[int(head)] = (
            stretched(items[int(head)], rest, factor) if rest else (items[int(head)] * factor)
        )
        return tuple(items)
    old = getattr(settings, head)
    if rest:
        return replace(settings, **{head: stretched(old, rest, factor)})
    new = old * factor
    return replace(settings, **{head: round(new) if isinstance(old, int) else new})
