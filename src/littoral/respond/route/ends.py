"""Where a way begins: the triangles that hold a position, or the nearest water to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from littoral.respond.route.mesh import WALL, Mesh
from littoral.respond.route.plane import CM_PER_M

OFF_SHORE_CM = 5.0  # a foot of a perpendicular, rounded to centimetres, must not land ashore
TRIES = 256  # nearest pieces of shore that are looked at


@dataclass(frozen=True, slots=True)
class End:
    """`x_cm`, `y_cm` in the plane, in water of number `part`; `triangles` hold it, `gap_m` from
    the position asked for."""

    x_cm: int
    y_cm: int
    triangles: np.ndarray
    part: int
    gap_m: float


class Finder:
    """Index over a mesh's triangles and walls."""

    def __init__(self, mesh: Mesh):
        self._mesh = mesh
        corners = mesh.xy[mesh.triangle]
        low, high = corners.min(1), corners.max(1)
        self._triangles = shapely.STRtree(shapely.box(*low.T, *high.T))
        self._wall_t, self._wall_k = np.nonzero(mesh.beyond == WALL)
        a = mesh.xy[mesh.triangle[self._wall_t, self._wall_k]]
        b = mesh.xy[mesh.triangle[self._wall_t, (self._wall_k + 1) % 3]]
        self._wall = np.stack([a, b], axis=1).astype(np.float64)
        self._walls = shapely.STRtree(shapely.linestrings(self._wall))

    def holding(self, x_cm: int, y_cm: int) -> np.ndarray:
        """Triangles that hold a point, borders included."""
        near = self._triangles.query(shapely.Point(x_cm, y_cm))
        a, b, c = (self._mesh.xy[self._mesh.triangle[near, k]] for k in range(3))
        at = np.array([x_cm, y_cm], np.int64)
        held = (_turn(a, b, at) >= 0) & (_turn(b, c, at) >= 0) & (_turn(c, a, at) >= 0)
        return near[held].astype(np.int32)

    def at(self, xy_m: np.ndarray) -> End | None:
        """The position itself, where it is water."""
        x, y = (int(v) for v in np.rint(xy_m * CM_PER_M))
        held = self.holding(x, y)
        if len(held) == 0:
            return None
        part = int(self._mesh.part[held].min())
        return End(x, y, held[self._mesh.part[held] == part], part, 0.0)

    def nearest(self, xy_m: np.ndarray, part: int, within_m: float) -> Iterator[End]:
        """Points of the water `part` not farther than `within_m`, one for each piece of its shore,
        nearest first, at most TRIES."""
        at = xy_m * CM_PER_M
        near = self._walls.query(
            shapely.Point(at), predicate="dwithin", distance=within_m * CM_PER_M
        )
        near = near[self._mesh.part[self._wall_t[near]] == part]
        a, b = self._wall[near, 0], self._wall[near, 1]
        along = b - a
        length2 = (along**2).sum(1)
        share = np.clip(((at - a) * along).sum(1) / length2, 0.0, 1.0)
        foot = a + along * share[:, None]
        order = np.argsort(np.hypot(*(foot - at).T), kind="stable")[:TRIES]
        inward = np.column_stack([-along[:, 1], along[:, 0]]) / np.sqrt(length2)[:, None]
        for k in order:
            x, y = (int(v) for v in np.rint(foot[k] + OFF_SHORE_CM * inward[k]))
            held = self.holding(x, y)
            held = held[self._mesh.part[held] == part]
            if len(held):
                gap_m = float(np.hypot(x - at[0], y - at[1])) / CM_PER_M
                yield End(x, y, held, part, gap_m)


def _turn(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Above 0 where c is left of a-b; whole numbers, exact."""
    return (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (
        c[..., 0] - a[..., 0]
    )
