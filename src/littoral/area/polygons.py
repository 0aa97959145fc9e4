"""Coast polygons as flat arrays: rings of vertices on an integer grid of micro-degrees.

The packaged files keep vertices as differences of integers, which compress to a third of plain
coordinates. Rings are closed (first vertex = last) and filled by the even-odd rule, so that a lake
within land and an island within the lake need no nesting of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Polygons:
    """`lon_deg`, `lat_deg`: (vertices,) float64; ring r is `start[r]:start[r+1]`, closed.

    `ring_id` names the polygon in the source, `ours` is 1 where rings of the region are measured
    from this shore, `level` is 1 land, 2 lake, 3 island in a lake, 4 pond on it, 5 ice.
    """

    lon_deg: np.ndarray
    lat_deg: np.ndarray
    start: np.ndarray
    ring_id: np.ndarray
    level: np.ndarray
    ours: np.ndarray

    def __len__(self) -> int:
        return len(self.start) - 1

    def ring(self, r: int) -> np.ndarray:
        """(n, 2) lon, lat of ring `r`, closed."""
        part = slice(self.start[r], self.start[r + 1])
        return np.column_stack([self.lon_deg[part], self.lat_deg[part]])

    def segments(self) -> tuple[np.ndarray, np.ndarray]:
        """All edges (n, 4) lon1, lat1, lon2, lat2 and, (n,), the ring that each belongs to."""
        xy = np.column_stack([self.lon_deg, self.lat_deg])
        edges = np.column_stack([xy[:-1], xy[1:]])
        ring_of = np.repeat(np.arange(len(self)), np.diff(self.start))
        within = ring_of[:-1] == ring_of[1:]
        return np.ascontiguousarray(edges[within]), ring_of[:-1][within]

    def pack(self, unit_deg: float) -> dict[str, np.ndarray]:
        """Arrays for `np.savez`; vertices are rounded to `unit_deg`."""
        x = np.rint(self.lon_deg / unit_deg).astype(np.int64)
        y = np.rint(self.lat_deg / unit_deg).astype(np.int64)
        return {
            "poly_unit_per_deg": np.array(round(1 / unit_deg)),
            "poly_dx": np.diff(x, prepend=0).astype(np.int32),
            "poly_dy": np.diff(y, prepend=0).astype(np.int32),
            "poly_start": self.start.astype(np.int32),
            "poly_id": self.ring_id.astype(np.int32),
            "poly_level": self.level.astype(np.int8),
            "poly_ours": self.ours.astype(np.int8),
        }

    @classmethod
    def unpack(cls, file: Any) -> Polygons:
        """Inverse of `pack`; `file` maps names to arrays (an opened npz)."""
        per_deg = float(file["poly_unit_per_deg"])
        return cls(
            np.cumsum(file["poly_dx"], dtype=np.int64) / per_deg,
            np.cumsum(file["poly_dy"], dtype=np.int64) / per_deg,
            file["poly_start"],
            file["poly_id"],
            file["poly_level"],
            file["poly_ours"],
        )


def from_rings(
    rings: list[np.ndarray], ring_id: list[int], level: list[int], ours: list[int]
) -> Polygons:
    """Closed rings, each (n, 2), to one set."""
    xy = np.concatenate(rings)
    start = np.concatenate([[0], np.cumsum([len(r) for r in rings])])
    return Polygons(
        xy[:, 0].astype(np.float64),
        xy[:, 1].astype(np.float64),
        start.astype(np.int32),
        np.array(ring_id, np.int32),
        np.array(level, np.int8),
        np.array(ours, np.int8),
    )
