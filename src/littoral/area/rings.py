"""The three rings round our shore: inland, coastline, near sea (with twelve miles marked in it).

All distances run from the shoreline: they are no legal baselines, and labels say so. "Ours" is the
region's main island with its islets (`region.toml`, `[shore]`); another shore near by counts for
nothing here: its land and waters carry the code of their distance to our shore.

A raster of 0.01 degree cells answers where one code holds for the whole cell, a second level of
1/16 of that where one holds for the part, and the distance to the shore's segments decides the
rest, so the codes are exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from littoral.area.cells import CellGrid, build_grid, cell_state, pack_grid, unpack_grid
from littoral.area.coast import Coast, shore_segments
from littoral.area.geodesy import NAUTICAL_MILE_M
from littoral.area.nearest import SegmentTree, build_tree, metres_per_degree, nearest_m
from littoral.area.polygons import Polygons

INLAND, COASTLINE, TERRITORIAL, NEAR_SEA, BEYOND, NOT_EVALUABLE = 0, 1, 2, 3, 4, -1
RING_NAMES = {
    INLAND: {"zh": "内陆", "en": "inland"},
    COASTLINE: {"zh": "岸线", "en": "coastline"},
    TERRITORIAL: {
        "zh": "近海（距岸12海里内）",
        "en": "near sea, within 12 n mile of the shoreline",
    },
    NEAR_SEA: {
        "zh": "近海（距岸24海里内）",
        "en": "near sea, within 24 n mile of the shoreline",
    },
    BEYOND: {"zh": "外海", "en": "beyond the near sea"},
    NOT_EVALUABLE: {"zh": "无法判定", "en": "not evaluable"},
}

# Names of the ring codes in JSON. None claims a legal line: they run from the shoreline.
RING_SLUGS = {
    INLAND: "inland",
    COASTLINE: "coastline",
    TERRITORIAL: "near_sea_12nm",
    NEAR_SEA: "near_sea",
    BEYOND: "beyond",
}

PARTS = 16  # second level: parts of a cell, each way
_SPLIT, _EXACT = 100, 101  # raster values that are no codes


@dataclass(frozen=True, slots=True)
class RingDistances:
    """Metres from our shoreline; `coastline_m` counts on both sides of it."""

    coastline_m: float = 1000.0
    territorial_m: float = 12 * NAUTICAL_MILE_M
    near_sea_m: float = 24 * NAUTICAL_MILE_M


class RingArrays(NamedTuple):
    """For kernels: pass `rings.arrays` and call `ring_at`. `ports` (m, 3): lon, lat, radius_m."""

    lon0: float
    lat0: float
    step: float
    cls: np.ndarray  # (rows, cols) uint8: code, or _SPLIT
    slot: np.ndarray  # (rows, cols) int32: which block of `parts`
    parts: np.ndarray  # (split cells, PARTS, PARTS) uint8: code, or _EXACT
    land: CellGrid  # our land alone, same frame
    shore: SegmentTree  # our shoreline alone
    ports: np.ndarray
    limits: np.ndarray  # (3,) float64: coastline, territorial, near sea, metres


@njit(cache=True, nogil=True)
def port_distance_at(ports: np.ndarray, lon: float, lat: float) -> float:
    """Metres to the edge of the nearest port's circle: negative inside, large without ports."""
    best = 1e9
    for p in range(len(ports)):
        kx, ky = metres_per_degree(0.5 * (lat + ports[p, 1]))
        dx, dy = (lon - ports[p, 0]) * kx, (lat - ports[p, 1]) * ky
        best = min(best, math.sqrt(dx * dx + dy * dy) - ports[p, 2])
    return best


@njit(cache=True, nogil=True)
def _exact_code(a: RingArrays, row: int, col: int, lon: float, lat: float) -> int:
    d = nearest_m(a.shore, lon, lat, a.limits[2] * 1.0000001)
    if d <= a.limits[0] or port_distance_at(a.ports, lon, lat) <= 0.0:
        return COASTLINE
    if cell_state(a.land, row, col, lon, lat) == 1:
        return INLAND
    if d <= a.limits[1]:
        return TERRITORIAL
    return NEAR_SEA if d <= a.limits[2] else BEYOND


@njit(cache=True, nogil=True)
def ring_at(a: RingArrays, lon: float, lat: float) -> int:
    """Ring code of one point; NOT_EVALUABLE without coordinates."""
    x, y = (lon - a.lon0) / a.step, (lat - a.lat0) / a.step
    if not (x >= 0.0 and y >= 0.0 and x < a.cls.shape[1] and y < a.cls.shape[0]):
        # the frame holds our shore and all within near_sea_m of it
        return BEYOND if abs(lon) <= 180.0 and abs(lat) <= 90.0 else NOT_EVALUABLE
    row, col = int(y), int(x)
    code = a.cls[row, col]
    if code < _SPLIT:
        return code
    code = a.parts[a.slot[row, col], int((y - row) * PARTS), int((x - col) * PARTS)]
    if code < _SPLIT:
        return code
    return _exact_code(a, row, col, lon, lat)


@njit(cache=True, nogil=True)
def _codes(a: RingArrays, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    cls, slot, parts, lon0, lat0, step = a.cls, a.slot, a.parts, a.lon0, a.lat0, a.step
    rows, cols = cls.shape
    out = np.empty(len(lon), np.int8)
    for i in range(len(lon)):
        x, y = (lon[i] - lon0) / step, (lat[i] - lat0) / step
        if not (x >= 0.0 and y >= 0.0 and x < cols and y < rows):
            valid = abs(lon[i]) <= 180.0 and abs(lat[i]) <= 90.0
            out[i] = BEYOND if valid else NOT_EVALUABLE
            continue
        row, col = int(y), int(x)
        code = cls[row, col]
        if code == _SPLIT:
            code = parts[slot[row, col], int((y - row) * PARTS), int((x - col) * PARTS)]
        out[i] = code if code < _SPLIT else ring_at(a, lon[i], lat[i])
    return out


@njit(cache=True, nogil=True)
def _code_of_square(
    a: RingArrays, row: int, col: int, lon: float, lat: float, half_deg: float
) -> int:
    """The one code of a square about (lon, lat) inside cell (row, col), or _EXACT."""
    kx, ky = metres_per_degree(lat)
    reach = 1.002 * half_deg * math.sqrt(kx * kx + ky * ky) + 1.0  # generous: centre to corner
    far = a.limits[2] + reach
    d = nearest_m(a.shore, lon, lat, far * 1.001)
    port = port_distance_at(a.ports, lon, lat)
    if d + reach <= a.limits[0] or port + reach <= 0.0:
        return COASTLINE
    if abs(port) <= reach:
        return _EXACT
    for k in range(3):
        if abs(d - a.limits[k]) <= reach:
            return _EXACT
    if a.limits[0] < reach and d <= reach:
        return _EXACT
    return _exact_code(a, row, col, lon, lat)


@njit(cache=True, nogil=True)
def _fill_raster(a: RingArrays) -> int:
    """Sets `cls` and `slot`; returns the number of split cells."""
    n = 0
    for row in range(a.cls.shape[0]):
        for col in range(a.cls.shape[1]):
            lon, lat = a.lon0 + (col + 0.5) * a.step, a.lat0 + (row + 0.5) * a.step
            code = _code_of_square(a, row, col, lon, lat, 0.5 * a.step)
            a.cls[row, col] = _SPLIT if code == _EXACT else code
            a.slot[row, col] = n if code == _EXACT else -1
            n += code == _EXACT
    return n


@njit(cache=True, nogil=True)
def _fill_parts(a: RingArrays) -> None:
    for row in range(a.cls.shape[0]):
        for col in range(a.cls.shape[1]):
            s = a.slot[row, col]
            if s < 0:
                continue
            for r in range(PARTS):
                for c in range(PARTS):
                    lon = a.lon0 + (col + (c + 0.5) / PARTS) * a.step
                    lat = a.lat0 + (row + (r + 0.5) / PARTS) * a.step
                    a.parts[s, r, c] = _code_of_square(a, row, col, lon, lat, 0.5 * a.step / PARTS)


@dataclass(frozen=True, slots=True)
class Rings:
    """Ring codes round our shore."""

    arrays: RingArrays
    distances: RingDistances

    def codes(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """(n,) int8 ring codes; NOT_EVALUABLE where there are no coordinates."""
        return _codes(
            self.arrays,
            np.ascontiguousarray(np.atleast_1d(lon), np.float64),
            np.ascontiguousarray(np.atleast_1d(lat), np.float64),
        )

    @classmethod
    def build(
        cls, coast: Coast, distances: RingDistances, ports: Sequence[tuple[float, float, float]]
    ) -> Rings:
        """Rasters from the coast: some seconds. `ports`: lon, lat, radius_m of each."""
        shore, land = _ours(coast)
        fine = coast.arrays.fine
        rows, cols = fine.cls.shape
        grid = build_grid(land, fine.lon0, fine.lat0, fine.step, rows, cols)
        blank = np.zeros((rows, cols), np.uint8)
        draft = RingArrays(
            fine.lon0, fine.lat0, fine.step, blank, np.zeros((rows, cols), np.int32),
            np.zeros((0, PARTS, PARTS), np.uint8), grid, build_tree(shore),
            _port_array(ports), _limits(distances),
        )  # fmt: skip
        split = _fill_raster(draft)
        arrays = draft._replace(parts=np.empty((split, PARTS, PARTS), np.uint8))
        _fill_parts(arrays)
        return cls(arrays, distances)

    def pack(self) -> dict[str, np.ndarray]:
        """Arrays for `np.savez`."""
        a = self.arrays
        return {
            "cls": a.cls,
            "parts": a.parts,
            "ports": a.ports,
            "limits": a.limits,
            **pack_grid("land_", a.land),
        }

    @classmethod
    def unpack(
        cls,
        file: Any,
        coast: Coast,
        distances: RingDistances,
        ports: Sequence[tuple[float, float, float]],
    ) -> Rings | None:
        """Inverse of `pack`; None when the file was made for other distances or ports."""
        if not (
            np.array_equal(file["limits"], _limits(distances))
            and np.array_equal(file["ports"], _port_array(ports))
        ):
            return None
        shore, land = _ours(coast)
        grid = unpack_grid("land_", file, land)
        raster = file["cls"]
        split = raster.ravel() == _SPLIT
        slot = np.where(split, np.cumsum(split) - 1, -1).astype(np.int32).reshape(raster.shape)
        arrays = RingArrays(
            grid.lon0, grid.lat0, grid.step, raster, slot, file["parts"], grid, build_tree(shore),
            file["ports"], file["limits"],
        )  # fmt: skip
        return cls(arrays, distances)


def _limits(d: RingDistances) -> np.ndarray:
    return np.array([d.coastline_m, d.territorial_m, d.near_sea_m], np.float64)


def _port_array(ports: Sequence[tuple[float, float, float]]) -> np.ndarray:
    return np.array(ports, np.float64).reshape(-1, 3)


def ours_of(polygons: Polygons) -> list[int]:
    """Rings (of `polygons`) that are our land's outer shores."""
    return np.flatnonzero((polygons.ours == 1) & (polygons.level == 1)).tolist()


def _ours(coast: Coast) -> tuple[np.ndarray, np.ndarray]:
    """Our shore's segments, and the edges of our land; a lake on it is inland, not sea."""
    polygons = coast.polygons
    shore, ring = shore_segments(polygons, coast.arrays.box)
    edges, ring_of = polygons.segments()
    shore = shore[(polygons.ours[ring] == 1) & (polygons.level[ring] == 1)]
    return shore, edges[(polygons.ours[ring_of] == 1) & (polygons.level[ring_of] == 1)]
