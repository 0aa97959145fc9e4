"""Makes data/REGION/rings.npz and rings.geojson from the packaged coast and region.toml:
`python tools/build_rings.py`. Needed again after a change of ring distances or ports (without it
the rings are rebuilt at each start, which takes seconds)."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyproj
import shapely

from littoral.area.load import load_coast
from littoral.area.region import Region, load_region, regions
from littoral.area.rings import COASTLINE, NEAR_SEA, RING_NAMES, TERRITORIAL, Rings, ours_of


def outlines(region: Region, rings: Rings) -> dict:
    """Ring outlines for the map: our land buffered on an azimuthal equidistant plane about the
    region's centre (distances there are true from the centre and within 0.1 % across 300 km)."""
    lon, lat = region.center
    plane = f"+proj=aeqd +lat_0={lat} +lon_0={lon} +datum=WGS84"
    to_plane = pyproj.Transformer.from_crs("EPSG:4326", plane, always_xy=True).transform
    to_earth = pyproj.Transformer.from_crs(plane, "EPSG:4326", always_xy=True).transform
    coast = load_coast(region)
    land = shapely.union_all(
        [
            shapely.transform(shapely.Polygon(coast.polygons.ring(r)), to_plane, interleaved=False)
            for r in ours_of(coast.polygons)
        ]
    )
    ports = shapely.union_all(
        [shapely.Point(*to_plane(p.lon_deg, p.lat_deg)).buffer(p.radius_m)
         for p in region.ports if p.ours]
    )  # fmt: skip
    d = rings.distances
    shore = land.boundary.buffer(d.coastline_m, quad_segs=6)
    areas = (
        (NEAR_SEA, d.near_sea_m, land.buffer(d.near_sea_m, quad_segs=32), 200.0),
        (TERRITORIAL, d.territorial_m, land.buffer(d.territorial_m, quad_segs=32), 200.0),
        (COASTLINE, d.coastline_m, shapely.union(shore, ports), 60.0),
    )
    features = []
    for code, distance_m, area, tolerance_m in areas:
        shape = shapely.transform(shapely.simplify(area, tolerance_m), to_earth, interleaved=False)
        shape = shapely.set_precision(shape, 1e-5)
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "kind": "ring",
                    "ring": code,
                    "name": RING_NAMES[code],
                    "distance_m": distance_m,
                },
                "geometry": shapely.geometry.mapping(shape),
            }
        )
    return {"type": "FeatureCollection", "features": features}


def main() -> None:
    for name in regions():
        region = load_region(name)
        rings = Rings.build(load_coast(region), region.distances, region.ring_ports())
        arrays: dict[str, Any] = rings.pack()
        np.savez_compressed(region.folder / "rings.npz", **arrays)
        text = json.dumps(outlines(region, rings), ensure_ascii=False, separators=(",", ":"))
        (region.folder / "rings.geojson").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
