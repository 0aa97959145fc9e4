"""From a way in the plane to legs that a chart shows and a helm can steer."""

from __future__ import annotations

import numpy as np
import shapely

from littoral.respond.route.plane import GEOD
from littoral.respond.route.water import Water, chart

# A straight line of the plane keeps clear of land by a metre or more (`water`); a rhumb line of a
# kilometre leaves it by a centimetre, and 600 km halved ten times are that short.
HALVINGS = 14


def legs(water: Water, bends_m: np.ndarray) -> np.ndarray:
    """(n, 2) degrees: the way over `bends_m` (k, 2) with points put in where a rhumb line, or a
    straight line in degrees, would otherwise touch what is to be kept clear of.

    The three lines between the same points part by up to a kilometre or two over 500 km. Every
    leg is checked against the full shore; one that touches it is halved in the plane.
    """
    way = bends_m
    for _ in range(HALVINGS):
        lonlat = water.plane.degrees(way)
        touching = touches(water, lonlat)
        if not touching.any():
            return lonlat
        middle = 0.5 * (way[:-1] + way[1:])
        way = np.insert(way, np.flatnonzero(touching) + 1, middle[touching], axis=0)
    raise AssertionError("a way of the plane touches land; that is an error of the mesh")


def touches(water: Water, lonlat: np.ndarray) -> np.ndarray:
    """(n - 1,) bool: which legs between (n, 2) degrees touch land or its margin."""
    straight = shapely.linestrings(np.stack([lonlat[:-1], lonlat[1:]], axis=1))
    drawn = chart(lonlat)
    rhumb = shapely.linestrings(np.stack([drawn[:-1], drawn[1:]], axis=1))
    return shapely.intersects(water.kept_degrees, straight) | shapely.intersects(
        water.kept_chart, rhumb
    )


def length_m(lonlat: np.ndarray) -> float:
    """Geodesic length of the legs, on WGS 84 (Karney 2013, as pyproj has it)."""
    return float(GEOD.line_length(lonlat[:, 0], lonlat[:, 1]))
