"""The area of a question: which boxes it touches, and which points it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from littoral.area.geofence import Polygon


@dataclass(frozen=True, slots=True)
class Area:
    """Edges are straight in longitude and latitude; what lies on an edge is not within."""

    shape: shapely.Geometry

    @classmethod
    def of(cls, polygons: Sequence[Polygon]) -> Area:
        """`polygons` as of a geofence, each valid."""
        shape = shapely.union_all([shapely.Polygon(p[0], p[1:]) for p in polygons])
        shapely.prepare(shape)
        return cls(shape)

    def relation(self, boxes: np.ndarray) -> np.ndarray:
        """(n, 4) west, south, east, north to (n,) int8: 0 apart, 1 touches it, 2 wholly within."""
        shapes = shapely.box(*boxes.T)
        touched = shapely.intersects(self.shape, shapes)
        found = touched.astype(np.int8)
        found[touched] += shapely.contains_properly(self.shape, shapes[touched])
        return found

    def holds(self, lon_deg: np.ndarray, lat_deg: np.ndarray) -> np.ndarray:
        """(n,) bool. Points beyond the area's box are told by that alone."""
        west, south, east, north = self.shape.bounds
        within = (lon_deg > west) & (lon_deg < east) & (lat_deg > south) & (lat_deg < north)
        near = np.flatnonzero(within)
        within[near] = shapely.contains_xy(self.shape, lon_deg[near], lat_deg[near])
        return within
