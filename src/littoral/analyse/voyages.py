"""A vessel's voyages, port to port: stops, the legs between them, and where she was not heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from littoral.area.geodesy import KNOT_MPS, haversine_m, haversine_many_m
from littoral.area.places import Place

Kind = Literal["stop", "leg", "gap"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What counts as a stop and a gap.

    Half a knot is above the noise of a moored ship's speed and below steerage way; class A at
    anchor reports every three minutes (ITU-R M.1371-5, Annex 1, table 1), so that half an hour
    without a word is ten reports missed.
    """

    still_mps: float = 0.5 * KNOT_MPS
    stop_us: int = 20 * 60 * 1_000_000
    swing_m: float = 1000.0  # stops so near each other, with little between, are one: swinging
    swing_us: int = 20 * 60 * 1_000_000
    gap_us: int = 30 * 60 * 1_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a vessel's past. `voyage`: 0 before she left the first port that is known, then
    from 1; a stop in a port belongs to the voyage that ends there.

    A gap lies within the leg or stop before it in the list: it is told beside, not instead."""

    voyage: int
    kind: Kind
    start_us: int
    end_us: int
    start: tuple[float, float]  # longitude, latitude
    end: tuple[float, float]
    distance_m: float
    positions: int
    place: Place | None  # of a stop


PORTS = ("port", "harbour", "landing")


def parts(
    t_us: np.ndarray,
    lon_deg: np.ndarray,
    lat_deg: np.ndarray,
    sog_mps: np.ndarray,
    places: Sequence[Place],
    settings: Settings | None = None,
) -> list[Part]:
    """The past of one vessel, reports by ascending time, each (n,) and with a position; speed may
    be NaN. In order of time."""
    s = settings or Settings()
    if not len(t_us):
        return []
    stops = _stops(t_us, lon_deg, lat_deg, _speed(t_us, lon_deg, lat_deg, sog_mps), s)
    step_m = np.append(0.0, haversine_many_m(lon_deg[:-1], lat_deg[:-1], lon_deg[1:], lat_deg[1:]))
    far = np.cumsum(step_m)
    out: list[Part] = []
    voyage = 0

    def part(kind: Kind, a: int, b: int, heard: int, place: Place | None) -> Part:
        return Part(
            voyage, kind, int(t_us[a]), int(t_us[b]),
            (float(lon_deg[a]), float(lat_deg[a])), (float(lon_deg[b]), float(lat_deg[b])),
            float(far[b] - far[a]), heard, place,
        )  # fmt: skip

    def put(kind: Kind, a: int, b: int, place: Place | None = None) -> None:
        out.append(part(kind, a, b, b - a + 1, place))
        gaps = (np.flatnonzero(np.diff(t_us[a : b + 1]) > s.gap_us) + a).tolist()
        out.extend(part("gap", gap, gap + 1, 0, None) for gap in gaps)

    at = 0
    for first, last in stops:
        if first > at:
            put("leg", at, first)
        lon, lat = (float(np.median(v[first : last + 1])) for v in (lon_deg, lat_deg))
        place = _place(places, lon, lat)
        put("stop", first, last, place)
        if place is not None and place.kind in PORTS:
            voyage += 1
        at = last
    if at < len(t_us) - 1:
        put("leg", at, len(t_us) - 1)
    return out


def _speed(
    t_us: np.ndarray, lon_deg: np.ndarray, lat_deg: np.ndarray, sog_mps: np.ndarray
) -> np.ndarray:
    """As sent, else over the way from the report before."""
    speed = np.array(sog_mps, np.float64)
    unknown = np.flatnonzero(np.isnan(speed))
    if len(unknown):
        before = np.maximum(unknown - 1, 0)
        way = haversine_many_m(lon_deg[before], lat_deg[before], lon_deg[unknown], lat_deg[unknown])
        seconds = np.maximum((t_us[unknown] - t_us[before]) / 1e6, 1e-3)
        speed[unknown] = way / seconds
    return speed


def _stops(
    t_us: np.ndarray, lon_deg: np.ndarray, lat_deg: np.ndarray, speed: np.ndarray, s: Settings
) -> list[tuple[int, int]]:
    """(first, last row) of each stop, ascending."""
    still = np.concatenate([[False], speed < s.still_mps, [False]])
    change = np.flatnonzero(still[1:] != still[:-1])
    runs = [(int(a), int(b) - 1) for a, b in zip(change[::2], change[1::2], strict=True)]
    joined: list[tuple[int, int]] = []
    for first, last in runs:
        if joined:
            a, b = joined[-1]
            way = haversine_m(lon_deg[b], lat_deg[b], lon_deg[first], lat_deg[first])
            if t_us[first] - t_us[b] <= s.swing_us and way <= s.swing_m:
                joined[-1] = (a, last)
                continue
        joined.append((first, last))
    return [(a, b) for a, b in joined if t_us[b] - t_us[a] >= s.stop_us]


def _place(places: Sequence[Place], lon: float, lat: float) -> Place | None:
    """The nearest that reaches so far; a port before an anchorage."""
    near = [
        (p.kind not in PORTS, away, p.id, p)
        for p in places
        if (away := haversine_m(p.lon_deg, p.lat_deg, lon, lat)) <= p.radius_m
    ]
    return min(near, key=lambda n: n[:3])[3] if near else None
