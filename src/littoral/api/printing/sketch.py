"""A small map as SVG: the coast of the region, an incident and its alerts."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from shapely import STRtree, clip_by_rect
from shapely.geometry import Polygon, box, shape
from shapely.geometry.base import BaseGeometry

from littoral.area.region import DATA

WIDTH, HEIGHT = 520, 340  # of the drawing, in its own units
LEAST_DEG, MOST_DEG = 0.12, 3.0  # from the middle to the upper edge
ROOM = 1.35  # around what is shown
KM_PER_DEG = 111.195
Point = tuple[float, float]  # longitude, latitude, degrees


@lru_cache(maxsize=2)
def _land(path: Path) -> STRtree:
    found = json.loads(path.read_text("utf-8"))
    polygons: list[BaseGeometry] = []
    for feature in found["features"]:
        geometry = shape(feature["geometry"])
        polygons += getattr(geometry, "geoms", [geometry])
    return STRtree(polygons)


def sketch(region: str, incident: Point | None, alerts: Sequence[Point]) -> str | None:
    """None where there is no place, or no coast of the region to draw."""
    path = DATA / region / "coast.geojson"
    points = [p for p in (incident, *alerts) if p is not None]
    if not points or not path.is_file():
        return None
    lon0, lat0 = incident if incident is not None else points[0]
    narrow = math.cos(math.radians(lat0))
    aspect = WIDTH / HEIGHT
    reach = [max(abs(lat - lat0), abs(lon - lon0) * narrow / aspect) for lon, lat in points]
    half = min(MOST_DEG, max(LEAST_DEG, ROOM * max(reach)))
    half_lon = half * aspect / narrow
    scale = HEIGHT / (2 * half)

    def at(lon: float, lat: float) -> Point:
        return (
            WIDTH / 2 + (lon - lon0) * narrow * scale,
            HEIGHT / 2 - (lat - lat0) * scale,
        )

    bounds = (lon0 - half_lon, lat0 - half, lon0 + half_lon, lat0 + half)
    tree = _land(path)
    found = []
    for n in sorted(tree.query(box(*bounds))):
        cut = clip_by_rect(tree.geometries[n], *bounds).simplify(half / 400)
        found += [
            "".join(_path(ring.coords, at) for ring in _rings(polygon))
            for polygon in getattr(cut, "geoms", [cut])
            if isinstance(polygon, Polygon) and not polygon.is_empty
        ]
    return _svg(found, at, incident, alerts, half)


def _rings(polygon: Polygon) -> Iterator[BaseGeometry]:
    yield polygon.exterior
    yield from polygon.interiors


def _path(coords: Sequence[Point], at) -> str:
    return "M" + "L".join("{:.1f} {:.1f}".format(*at(lon, lat)) for lon, lat in coords) + "Z"


def _svg(land: list[str], at, incident: Point | None, alerts: Sequence[Point], half: float) -> str:
    edge = f'<rect width="{WIDTH}" height="{HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        f'{edge} fill="#eef4f8"/>',
        '<g fill="#e4dfcf" stroke="#6b6654" stroke-width="0.8" fill-rule="evenodd">',
        *(f'<path d="{d}"/>' for d in land),
        '</g><g fill="none" stroke="#a33" stroke-width="1.6">',
    ]
    marks = [at(*alert) for alert in alerts]
    parts += [f'<path d="M{x:.1f} {y - 6:.1f}l6 11h-12z"/>' for x, y in marks]
    parts.append('</g><g fill="none" stroke="#000" stroke-width="2">')
    if incident is not None:
        x, y = at(*incident)
        parts.append(f'<path d="M{x - 9:.1f} {y:.1f}h18M{x:.1f} {y - 9:.1f}v18"/>')
    bar_km = _round(half * KM_PER_DEG / 2)
    bar = bar_km / KM_PER_DEG * HEIGHT / (2 * half)
    parts.append(f'<path d="M14 {HEIGHT - 14}h{bar:.1f}"/></g>')
    parts += [_label(x + 8, y + 4, str(n), "#a33") for n, (x, y) in enumerate(marks, 1)]
    parts.append(_label(14, HEIGHT - 20, f"{bar_km:g} km", "#000"))
    return "".join([*parts, f'{edge} fill="none" stroke="#888"/></svg>'])


def _label(x: float, y: float, text: str, colour: str) -> str:
    """Of numbers alone: nothing that somebody wrote comes into the drawing."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="Noto Sans SC" font-size="12" '
        f'fill="{colour}">{text}</text>'
    )


def _round(km: float) -> float:
    """1, 2 or 5 times a power of ten, not above."""
    power = 10.0 ** math.floor(math.log10(km))
    return max(step * power for step in (1, 2, 5) if step * power <= km)
