"""The plane that ways are searched in: azimuthal equidistant about the middle of a region's box.

Within 500 km of the middle the scale is true along the rays from it and at most 0.1 % too large
across them (Snyder, Map Projections: A Working Manual, USGS PP 1395, section 25), and a straight
line lies within some hundred metres of the geodesic. Points of the mesh lie on whole centimetres,
so that every question of left or right is an exact one in 64 bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyproj import CRS, Geod, Transformer

CM_PER_M = 100
GEOD = Geod(ellps="WGS84")
SAMPLES = 129


@dataclass(frozen=True, slots=True)
class Plane:
    """Of a box west, south, east, north in degrees."""

    box: tuple[float, float, float, float]
    transformer: Transformer

    @classmethod
    def of(cls, box: tuple[float, float, float, float]) -> Plane:
        west, south, east, north = box
        flat = CRS.from_dict(
            {
                "proj": "aeqd",
                "lat_0": 0.5 * (south + north),
                "lon_0": 0.5 * (west + east),
                "ellps": "WGS84",
            }
        )
        return cls(box, Transformer.from_crs(CRS.from_epsg(4326), flat, always_xy=True))

    def metres(self, lonlat: np.ndarray) -> np.ndarray:
        """(n, 2) degrees to (n, 2) float64 metres."""
        return np.column_stack(self.transformer.transform(lonlat[:, 0], lonlat[:, 1]))

    def degrees(self, xy_m: np.ndarray) -> np.ndarray:
        """Inverse of `metres`."""
        x, y = self.transformer.transform(xy_m[:, 0], xy_m[:, 1], direction="INVERSE")
        return np.column_stack([x, y])

    def frame(self) -> np.ndarray:
        """(4, 2) metres, counter-clockwise: a convex area within the box whose sides touch the
        box's. Parallels curve here, and a straight line between two points of the frame must not
        leave the coast that is known."""
        west, south, east, north = self.box
        corners = np.array([[west, south], [east, south], [east, north], [west, north]])
        lines = []
        for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            side = self.metres(a + (b - a) * np.linspace(0.0, 1.0, SAMPLES)[:, None])
            chord = side[-1] - side[0]
            inward = np.array([-chord[1], chord[0]]) / np.hypot(*chord)
            lines.append((inward, float((side @ inward).max())))
        return np.array(
            [
                np.linalg.solve(np.array([lines[k - 1][0], lines[k][0]]),
                                np.array([lines[k - 1][1], lines[k][1]]))
                for k in range(4)
            ]
        )  # fmt: skip
