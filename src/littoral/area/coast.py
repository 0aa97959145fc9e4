"""On land or not, and how far from the shore.

Two coasts: full resolution (GSHHG full) inside the region's box, and a coarse one of the whole world
(GSHHG low). Within `wide_error_m` of the coarse shore the coarse coast says nothing: on-land rules
answer "not evaluable" there. The full coast is exact for its polygons; how far these lie off the
real shore is `error_m` (reclaimed berths: up to 1.6 km), which rules that accuse must respect:
use `deep_inland`, not `on_land`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.cells import CellGrid, cell_state, unpack_grid
from littoral.area.nearest import SegmentTree, build_tree, metres_per_degree, nearest_m
from littoral.area.polygons import Polygons

ON_LAND, ON_WATER, NOT_EVALUABLE = 1, 0, -1
HALF_GLOBE_M = 20_100_000.0


class CoastArrays(NamedTuple):
    """What kernels of other packages take: pass `coast.arrays` to an njit function and call
    `on_land_at`, `deep_inland_at` or `shore_distance_at` there.

    `box`: (4,) float64, where full-resolution polygons are known (west, south, east, north);
    `fine` answers inside it, `wide` elsewhere.
    """

    box: np.ndarray
    fine: CellGrid
    fine_shore: SegmentTree
    wide: CellGrid
    wide_shore: SegmentTree
    wide_error_m: float


@njit(cache=True, nogil=True)
def _valid(lon: float, lat: float) -> bool:
    return abs(lon) <= 180.0 and abs(lat) <= 90.0  # NaN compares false


@njit(cache=True, nogil=True)
def _cell_of(grid: CellGrid, lon: float, lat: float) -> tuple[int, int]:
    """Row and column, or (-1, -1) outside the grid."""
    x, y = (lon - grid.lon0) / grid.step, (lat - grid.lat0) / grid.step
    if not (x >= 0.0 and y >= 0.0 and x < grid.cls.shape[1] and y < grid.cls.shape[0]):
        return -1, -1
    return int(y), int(x)


@njit(cache=True, nogil=True)
def _wide_shore_m(c: CoastArrays, lon: float, lat: float, within_m: float) -> float:
    """Nearest shore of either coast, seen across the antimeridian too."""
    d = nearest_m(c.fine_shore, lon, lat, within_m)
    d = nearest_m(c.wide_shore, lon, lat, d)
    kx, _ = metres_per_degree(lat)
    if (180.0 - abs(lon)) * kx < d:
        d = nearest_m(c.wide_shore, lon - math.copysign(360.0, lon), lat, d)
    return d


@njit(cache=True, nogil=True)
def on_land_at(c: CoastArrays, lon: float, lat: float) -> int:
    """1 land, 0 water, -1 not evaluable (no coordinates, or too near a coarse shore)."""
    row, col = _cell_of(c.fine, lon, lat)
    if row >= 0:
        return cell_state(c.fine, row, col, lon, lat)
    if not _valid(lon, lat):
        return NOT_EVALUABLE
    row, col = _cell_of(c.wide, min(lon, 179.999999), min(lat, 89.999999))
    if c.wide.cls[row, col] < 2:
        return c.wide.cls[row, col]
    if _wide_shore_m(c, lon, lat, c.wide_error_m) < c.wide_error_m:
        return NOT_EVALUABLE
    return cell_state(c.wide, row, col, lon, lat)


@njit(cache=True, nogil=True)
def shore_distance_at(c: CoastArrays, lon: float, lat: float) -> float:
    """Metres to the nearest shoreline, unsigned; NaN without coordinates. Exact to the full coast's
    segments while nearer than the edge of its data, else no better than `wide_error_m`."""
    if not _valid(lon, lat):
        return math.nan
    west, south, east, north = c.box
    if west < lon < east and south < lat < north:
        kx, ky = metres_per_degree(lat)
        edge = 0.98 * min(
            min(lon - west, east - lon) * kx, min(lat - south, north - lat) * ky
        )
        d = nearest_m(c.fine_shore, lon, lat, HALF_GLOBE_M)
        if d <= edge:
            return d
    return _wide_shore_m(c, lon, lat, HALF_GLOBE_M)


@njit(cache=True, nogil=True)
def deep_inland_at(c: CoastArrays, lon: float, lat: float, margin_m: float) -> int:
    """1 on land and farther than `margin_m` from any shore, 0 not so, -1 not evaluable."""
    land = on_land_at(c, lon, lat)
    if land != ON_LAND:
        return land
    return 1 if _wide_shore_m(c, lon, lat, margin_m) >= margin_m else 0


@njit(cache=True, nogil=True)
def _on_land(c: CoastArrays, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    out = np.empty(len(lon), np.int8)
    for i in range(len(lon)):
        out[i] = on_land_at(c, lon[i], lat[i])
    return out


@njit(cache=True, nogil=True)
def _shore_distance(c: CoastArrays, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    out = np.empty(len(lon), np.float64)
    for i in range(len(lon)):
        out[i] = shore_distance_at(c, lon[i], lat[i])
    return out


@njit(cache=True, nogil=True)
def _deep_inland(
    c: CoastArrays, lon: np.ndarray, lat: np.ndarray, margin_m: float
) -> np.ndarray:
    out = np.empty(len(lon), np.int8)
    for i in range(len(lon)):
        out[i] = deep_inland_at(c, lon[i], lat[i], margin_m)
    return out


@dataclass(frozen=True, slots=True)
class Coast:
    """Both coasts of a run. `bbox` is the region's box (west, south, east, north)."""

    arrays: CoastArrays
    polygons: Polygons  # full resolution, clipped to `arrays.box`
    bbox: tuple[float, float, float, float]
    error_m: float  # how far the full coast may lie off the real shore

    @classmethod
    def load(
        cls,
        region_dir: Path,
        error_m: float = 1600.0,
        bbox: tuple[float, float, float, float] | None = None,
    ) -> Coast:
        """From `region_dir/coast.npz` and the world's coast beside it (`../world/coast.npz`)."""
        with np.load(region_dir / "coast.npz") as file:
            polygons = Polygons.unpack(file)
            fine = unpack_grid("grid_", file)
            box = file["box"].astype(np.float64)
        with np.load(region_dir.parent / "world" / "coast.npz") as file:
            wide = unpack_grid("grid_", file)
            wide_polygons = Polygons.unpack(file)
            wide_error_m = float(file["error_m"])
        fine_shore = build_tree(shore_segments(polygons, box)[0])
        arrays = CoastArrays(
            box, fine, fine_shore, wide, build_tree(outer_segments(wide_polygons, box)), wide_error_m
        )
        w, s, e, n = bbox if bbox is not None else box.tolist()
        return cls(arrays, polygons, (w, s, e, n), error_m)

    def on_land(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """(n,) int8: 1 land, 0 water, -1 not evaluable."""
        return _on_land(self.arrays, *_columns(lon, lat))

    def shore_distance_m(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """(n,) float64 metres to the nearest shoreline, either side; NaN not evaluable."""
        return _shore_distance(self.arrays, *_columns(lon, lat))

    def deep_inland(
        self, lon: np.ndarray, lat: np.ndarray, margin_m: float | None = None
    ) -> np.ndarray:
        """(n,) int8: 1 on land beyond `margin_m` (default: `error_m`) from the shore, 0, or -1."""
        margin = self.error_m if margin_m is None else margin_m
        return _deep_inland(self.arrays, *_columns(lon, lat), float(margin))


def _columns(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One dtype and layout, so that kernels compile once."""
    return (
        np.ascontiguousarray(np.atleast_1d(lon), np.float64),
        np.ascontiguousarray(np.atleast_1d(lat), np.float64),
    )


def shore_segments(polygons: Polygons, box: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Edges that are shore, not the cut along the box, with the ring of each."""
    xy, ring = polygons.segments()
    w, s, e, n = box
    hair = 2e-6  # the polygons' own unit is 1e-6 degrees
    cut = np.zeros(len(xy), bool)
    for first, second, line in ((0, 2, w), (0, 2, e), (1, 3, s), (1, 3, n)):
        cut |= (abs(xy[:, first] - line) < hair) & (abs(xy[:, second] - line) < hair)
    return xy[~cut], ring[~cut]


def outer_segments(world: Polygons, box: np.ndarray) -> np.ndarray:
    """The world's shore without its cuts (meridians 0 and 180, the pole) and without what the full
    coast shows better (0.2 degrees inside its box, so that nothing is lost along the edge)."""
    xy, _ = world.segments()
    same_lon = xy[:, 0] == xy[:, 2]
    cut = same_lon & ((abs(xy[:, 0]) == 180.0) | ((xy[:, 0] == 0.0) & (xy[:, 1] < -60.0)))
    cut |= (xy[:, 1] == -90.0) | (xy[:, 3] == -90.0)
    w, s, e, n = box + np.array([0.2, 0.2, -0.2, -0.2])
    inside = (
        (xy[:, [0, 2]] > w).all(1) & (xy[:, [0, 2]] < e).all(1)
        & (xy[:, [1, 3]] > s).all(1) & (xy[:, [1, 3]] < n).all(1)
    )  # fmt: skip
    return xy[~cut & ~inside]
