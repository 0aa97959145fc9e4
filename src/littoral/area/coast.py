"""On land or not, and how far from the shore.

Two coasts: full resolution (GSHHG full) inside the region's box, and a coarse one of the whole
world (GSHHG low). Within `wide_error_m` of the coarse shore it says nothing: on-land rules answer
"not evaluable" there. The full coast is exact for its polygons; how far these lie off the
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
from littoral.area.nearest import (
    STACK,
    SegmentTree,
    build_tree,
    metres_per_degree,
    nearest_m,
    nearest_many_m,
    search_m,
)
from littoral.area.polygons import Polygons

ON_LAND, ON_WATER, NOT_EVALUABLE = 1, 0, -1
HALF_GLOBE_M = 20_100_000.0
HINT_DEG = 0.05


class CoastArrays(NamedTuple):
    """What kernels of other packages take: pass `coast.arrays` to an njit function and call
    `on_land_at`, `deep_inland_at` or `shore_distance_at` there.

    `box`: (4,) float64, where full-resolution polygons are known (west, south, east, north);
    `fine` answers inside it, `wide` elsewhere. A scalar call costs some 150 ns for handing over so
    many arrays: for whole columns use the methods of `Coast`.
    """

    box: np.ndarray
    fine: CellGrid
    fine_shore: SegmentTree
    hint_m: np.ndarray  # (rows, cols) float64 over `box`: no point of the cell is farther off shore
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
    stack, bound = np.empty(STACK, np.int64), np.empty(STACK, np.float64)
    t = c.fine_shore
    d = _fine_shore_m(c.box, c.hint_m, t.xy, t.box, t.level_start, lon, lat, stack, bound)
    if d >= 0.0:
        return d
    return _wide_shore_m(c, lon, lat, -d) if _valid(lon, lat) else math.nan


@njit(cache=True, nogil=True)
def _fine_shore_m(
    box: np.ndarray, hint_m: np.ndarray, xy: np.ndarray, tree: np.ndarray, start: np.ndarray,
    lon: float, lat: float, stack: np.ndarray, bound: np.ndarray,
) -> float:  # fmt: skip
    """Distance to the full coast; negative where a shore outside its data could be nearer."""
    west, south, east, north = box[0], box[1], box[2], box[3]
    if not (west < lon < east and south < lat < north):
        return -HALF_GLOBE_M
    row = min(hint_m.shape[0] - 1, int((lat - south) / HINT_DEG))
    col = min(hint_m.shape[1] - 1, int((lon - west) / HINT_DEG))
    d = search_m(xy, tree, start, lon, lat, hint_m[row, col], stack, bound)
    kx, ky = metres_per_degree(lat)
    edge = min(min(lon - west, east - lon) * kx, min(lat - south, north - lat) * ky)
    return d if d <= 0.98 * edge else -d


@njit(cache=True, nogil=True)
def deep_inland_at(c: CoastArrays, lon: float, lat: float, margin_m: float) -> int:
    """1 on land and farther than `margin_m` from any shore, 0 not so, -1 not evaluable."""
    land = on_land_at(c, lon, lat)
    if land != ON_LAND:
        return land
    return 1 if _wide_shore_m(c, lon, lat, margin_m) >= margin_m else 0


@njit(cache=True, nogil=True)
def _on_land(c: CoastArrays, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    fine, wide = c.fine, c.wide
    cls, lon0, lat0, step = fine.cls, fine.lon0, fine.lat0, fine.step
    rows, cols = cls.shape
    wide_cls, wide_lon0, wide_lat0, wide_step = wide.cls, wide.lon0, wide.lat0, wide.step
    wide_rows, wide_cols = wide_cls.shape
    out = np.empty(len(lon), np.int8)
    for i in range(len(lon)):
        x, y = (lon[i] - lon0) / step, (lat[i] - lat0) / step
        if x >= 0.0 and y >= 0.0 and x < cols and y < rows:
            row, col = int(y), int(x)
            state = cls[row, col]
            out[i] = state if state < 2 else cell_state(fine, row, col, lon[i], lat[i])
            continue
        x, y = (lon[i] - wide_lon0) / wide_step, (lat[i] - wide_lat0) / wide_step
        if x >= 0.0 and y >= 0.0 and x < wide_cols and y < wide_rows:
            state = wide_cls[int(y), int(x)]
            if state < 2:
                out[i] = state
                continue
        out[i] = on_land_at(c, lon[i], lat[i])
    return out


@njit(cache=True, nogil=True)
def _shore_distance(c: CoastArrays, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    xy, tree, start = c.fine_shore.xy, c.fine_shore.box, c.fine_shore.level_start
    box, hint_m = c.box, c.hint_m
    stack, bound = np.empty(STACK, np.int64), np.empty(STACK, np.float64)
    out = np.empty(len(lon), np.float64)
    for i in range(len(lon)):
        d = _fine_shore_m(box, hint_m, xy, tree, start, lon[i], lat[i], stack, bound)
        out[i] = d if d >= 0.0 else shore_distance_at(c, lon[i], lat[i])
    return out


@njit(cache=True, nogil=True)
def _deep_inland(c: CoastArrays, lon: np.ndarray, lat: np.ndarray, margin_m: float) -> np.ndarray:
    out = _on_land(c, lon, lat)
    for i in range(len(lon)):
        if out[i] == ON_LAND:
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
            fine = unpack_grid("grid_", file, polygons.segments()[0])
            box, hint_m = file["box"], file["hint_m"]
        with np.load(region_dir.parent / "world" / "coast.npz") as file:
            wide_polygons = Polygons.unpack(file)
            wide = unpack_grid("grid_", file, wide_polygons.segments()[0])
            wide_error_m = float(file["error_m"])
        fine_shore = build_tree(shore_segments(polygons, box)[0])
        wide_shore = build_tree(outer_segments(wide_polygons, box))
        arrays = CoastArrays(box, fine, fine_shore, hint_m, wide, wide_shore, wide_error_m)
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


def hints(tree: SegmentTree, box: np.ndarray) -> np.ndarray:
    """Upper bounds of the distance to the shore by cell, so that searches start narrow."""
    west, south, east, north = box
    cols, rows = round((east - west) / HINT_DEG), round((north - south) / HINT_DEG)
    lon = np.tile(west + (np.arange(cols) + 0.5) * HINT_DEG, rows)
    lat = np.repeat(south + (np.arange(rows) + 0.5) * HINT_DEG, cols)
    centre = nearest_many_m(tree, lon, lat, np.full(len(lon), HALF_GLOBE_M))
    reach = 0.51 * HINT_DEG * 111_700.0 * math.sqrt(2.0)  # from the centre past any corner
    return (centre * 1.01 + reach).reshape(rows, cols)


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
