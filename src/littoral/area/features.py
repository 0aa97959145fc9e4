"""The region's areas as GeoJSON: what `/areas` answers and the page draws. Plain dicts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from littoral.area.places import Crossing, Place
from littoral.area.region import DATA, Region
from littoral.area.world import World


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def place_feature(place: Place) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": place.id,
        "properties": {
            "kind": place.kind,
            "name": dict(place.name),
            "radius_m": place.radius_m,
            "source": place.source,
        },
        "geometry": {"type": "Point", "coordinates": [place.lon_deg, place.lat_deg]},
    }


def crossing_feature(crossing: Crossing) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": crossing.id,
        "properties": {
            "kind": "crossing",
            "name": dict(crossing.name),
            "half_width_m": crossing.half_width_m,
            "source": crossing.source,
        },
        "geometry": {"type": "LineString", "coordinates": crossing.line.tolist()},
    }


def places_geojson(places: Iterable[Place]) -> dict[str, Any]:
    return _collection(place_feature(p) for p in places)


def crossings_geojson(crossings: Iterable[Crossing]) -> dict[str, Any]:
    return _collection(crossing_feature(c) for c in crossings)


def rings_geojson(region: Region) -> dict[str, Any]:
    """Outlines of the rings as packaged, largest first so that smaller ones are drawn over it."""
    return _read(region.folder / "rings.geojson")


def coast_geojson(region: Region) -> dict[str, Any]:
    """The region's land, simplified to some ten metres."""
    return _read(region.folder / "coast.geojson")


def world_land_geojson() -> dict[str, Any]:
    """Coarse land of the world."""
    return _read(DATA / "world/land.geojson")


def areas(world: World) -> dict[str, Any]:
    """Everything the page draws under the traffic, one FeatureCollection a key."""
    region = world.settings
    if region is None:
        raise ValueError("a world without region settings has no areas to draw")
    return {
        "region": {
            "id": region.id,
            "name": dict(region.name),
            "bbox": list(region.bbox),
            "center": list(region.center),
            "time_zone": region.time_zone,
        },
        "rings": rings_geojson(region),
        "coast": coast_geojson(region),
        "ports": places_geojson(world.ports),
        "landings": places_geojson(world.landings),
        "anchorages": places_geojson(world.anchorages),
        "crossings": crossings_geojson(world.crossings),
    }
