"""The water that a way may use: a region's box without land and a margin about it.

Land is grown by a little more than the margin asked for and smoothed by less than that, so that
what is left as water keeps the margin everywhere. Even without a margin a metre is kept: a way
bends at corners of the shore, and a corner of the shore itself is neither land nor water.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from littoral.area.polygons import Polygons
from littoral.respond.route.plane import CM_PER_M, Plane

LAND_LEVELS = (1, 3)  # land, island in a lake; even levels are water within them
# Corners are rounded by chords of a sixteenth of a circle, which lie inside it by this factor.
QUARTER = 4
INSIDE_ARC = float(np.cos(np.pi / (4 * QUARTER)))


@dataclass(frozen=True, slots=True)
class Water:
    """`free`: where ways may go, `land`, and the `frame` of both, in metres of `plane`.
    `kept_degrees`, `kept_chart`: what no leg may touch, land with the margin, in degrees and on
    Mercator's chart."""

    plane: Plane
    frame: shapely.Polygon
    land: shapely.Geometry
    free: shapely.Geometry
    kept_degrees: shapely.Geometry
    kept_chart: shapely.Geometry
    margin_m: float


def slack_of(margin_m: float) -> float:
    """What is given away for smoothing, in metres, beyond the margin."""
    return max(1.0, 0.01 * margin_m)


def land_of(polygons: Polygons, plane: Plane) -> shapely.Geometry:
    """Land in the plane's metres, lakes cut out, islands in them put back."""
    land = shapely.GeometryCollection()
    for level in range(1, int(polygons.level.max(initial=0)) + 1):
        rings = [polygons.ring(int(r)) for r in np.flatnonzero(polygons.level == level)]
        if not rings:
            continue
        part = shapely.union_all([shapely.Polygon(plane.metres(ring)) for ring in rings])
        land = land.union(part) if level in LAND_LEVELS else land.difference(part)
    return land


def make_water(
    polygons: Polygons, box: tuple[float, float, float, float], margin_m: float
) -> Water:
    """Over the land of `polygons` that are known within `box`."""
    if not (np.isfinite(margin_m) and margin_m >= 0.0):
        raise ValueError(f"a margin is a distance from the shore, not {margin_m}")
    plane = Plane.of(box)
    land = land_of(polygons, plane)
    slack = slack_of(margin_m)
    if margin_m > 0.0:
        kept = land.buffer(margin_m, quad_segs=4 * QUARTER)
        reach = (margin_m + 2.0 * slack) / INSIDE_ARC
        grown = land.buffer(reach, quad_segs=QUARTER)
    else:
        kept = land
        grown = land.buffer(2.0 * slack, join_style="mitre")
    frame = shapely.Polygon(plane.frame())
    free = frame.difference(grown.simplify(slack))
    # Whole centimetres: see `plane`.
    free = shapely.set_precision(free, 1.0 / CM_PER_M)
    kept_degrees = shapely.transform(kept, plane.degrees)
    kept_chart = shapely.transform(kept_degrees, chart)
    shapely.prepare([frame, land, kept_degrees, kept_chart])
    return Water(plane, frame, land, free, kept_degrees, kept_chart, margin_m)


def chart(lonlat: np.ndarray) -> np.ndarray:
    """Degrees to Mercator's chart in radians (that of web maps, on the sphere)."""
    lon, lat = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    return np.column_stack([lon, np.arcsinh(np.tan(lat))])
