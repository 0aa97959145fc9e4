"""Outlines of the rings for maps. The engine decides by `area.rings` alone, which is exact.

The shore is simplified to `TOLERANCE_M` and widened on the plane (azimuthal equidistant about its
middle, whose scale is off by less than 0.1 % within 300 km).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pyproj import Transformer
from shapely import Point, Polygon, orient_polygons, set_precision, transform, union_all
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from littoral.area.rings import (
    COASTLINE,
    INLAND,
    NEAR_SEA,
    RING_NAMES,
    RING_SLUGS,
    TERRITORIAL,
    ours_of,
)
from littoral.area.world import World

TOLERANCE_M = 150.0
OUTLINE_TOLERANCE_M = 60.0
NOTE = {
    "note_zh": "自岸线起算，并非法定基线或界线",
    "note_en": "measured from the shoreline: no legal baseline or limit",
}


def made_for(world: World) -> dict[str, Any]:
    """What decides the outlines beside the coast."""
    d = world.rings.distances
    ports = sorted([p.lon_deg, p.lat_deg, p.radius_m] for p in world.ports if p.ours)
    return {"distances_m": [d.coastline_m, d.territorial_m, d.near_sea_m], "ports": ports}


def make_outlines(world: World) -> dict[str, Any]:
    """One feature a ring, none over another; without a shore of ours none. Takes a second."""
    features = [
        {
            "type": "Feature",
            "id": f"ring.{RING_SLUGS[code]}",
            "properties": {
                "kind": "ring",
                "ring": RING_SLUGS[code],
                "name_zh": RING_NAMES[code]["zh"],
                "name_en": RING_NAMES[code]["en"],
                **NOTE,
            },
            "geometry": geometry,
        }
        for code, geometry in _outlines(world).items()
    ]
    return {"type": "FeatureCollection", "made_for": made_for(world), "features": features}


def _outlines(world: World) -> dict[int, dict[str, Any]]:
    polygons = world.coast.polygons
    rings = [polygons.ring(r) for r in ours_of(polygons)]
    if not rings:
        return {}
    west, south = np.min([r.min(axis=0) for r in rings], axis=0)
    east, north = np.max([r.max(axis=0) for r in rings], axis=0)
    plane = f"+proj=aeqd +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +datum=WGS84"
    forth = Transformer.from_crs("OGC:CRS84", plane, always_xy=True).transform
    back = Transformer.from_crs(plane, "OGC:CRS84", always_xy=True).transform
    land = union_all([transform(Polygon(r), forth, interleaved=False).buffer(0) for r in rings])
    land = land.simplify(TOLERANCE_M)
    limits = world.rings.distances
    ports = [_circle(forth, p.lon_deg, p.lat_deg, p.radius_m) for p in world.ports if p.ours]
    band = land.buffer(limits.coastline_m).difference(land.buffer(-limits.coastline_m))
    coastline = union_all([band, *ports])
    territorial = land.buffer(limits.territorial_m)
    shapes = {
        INLAND: land.difference(coastline),
        COASTLINE: coastline,
        TERRITORIAL: territorial.difference(union_all([land, coastline])),
        NEAR_SEA: land.buffer(limits.near_sea_m).difference(territorial),
    }
    return {
        code: _geojson(transform(shape.simplify(OUTLINE_TOLERANCE_M), back, interleaved=False))
        for code, shape in shapes.items()
    }


def _circle(forth: Any, lon: float, lat: float, radius_m: float) -> BaseGeometry:
    return Point(*forth(lon, lat)).buffer(radius_m)


def _geojson(shape: BaseGeometry) -> dict[str, Any]:
    """Coordinates to 5 digits (about a metre), rings wound as RFC 7946 asks."""
    rounded = set_precision(shape, 1e-5)
    return mapping(orient_polygons(rounded, exterior_cw=False))
