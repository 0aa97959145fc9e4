"""The region's areas as GeoJSON: what `/areas` and `littoral areas` answer. Plain dicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from littoral.area.places import Crossing, Place
from littoral.area.region import Region
from littoral.area.ring_outline import made_for, make_outlines
from littoral.area.world import World

Feature = dict[str, Any]


def collection(features: Iterable[Feature]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def _name(name: Mapping[str, str]) -> dict[str, str | None]:
    return {"name_zh": name.get("zh"), "name_en": name.get("en")}


def place_feature(kind: str, place: Place) -> Feature:
    return {
        "type": "Feature",
        "id": f"{kind}.{place.id}",
        "properties": {
            "kind": kind,
            "class": place.kind,
            **_name(place.name),
            "radius_m": place.radius_m,
            "source": place.source,
        },
        "geometry": {"type": "Point", "coordinates": [place.lon_deg, place.lat_deg]},
    }


def crossing_feature(crossing: Crossing) -> Feature:
    return {
        "type": "Feature",
        "id": f"crossing.{crossing.id}",
        "properties": {
            "kind": "crossing",
            **_name(crossing.name),
            "half_width_m": crossing.half_width_m,
            "source": crossing.source,
        },
        "geometry": {"type": "LineString", "coordinates": crossing.line.tolist()},
    }


def ring_features(world: World) -> list[Feature]:
    """Outlines of the rings, none over another: as packaged, or made anew (a second, once) when
    the region asks for other distances or ports than the packaged ones were made for."""
    return _rings(id(world.rings), world)["features"]


@lru_cache(maxsize=2)
def _packaged(path: Path) -> dict[str, Any]:
    return _read(path) if path.exists() else {}


_made: dict[int, tuple[World, dict[str, Any]]] = {}


def _rings(key: int, world: World) -> dict[str, Any]:
    if world.settings is not None:
        packaged = _packaged(world.settings.folder / "rings.geojson")
        if packaged.get("made_for") == made_for(world):
            return packaged
    known = _made.get(key)
    if known is None:
        _made.clear()  # one world at a time is in use; it is kept, so that its id stays its own
        known = _made[key] = (world, make_outlines(world))
    return known[1]


def places(world: World) -> list[Feature]:
    """Ports and harbours (kind `port`), landing points (`landing`), anchorages (`anchorage`)."""
    return [
        place_feature(kind, place)
        for kind, listed in (
            ("port", world.ports),
            ("landing", world.landings),
            ("anchorage", world.anchorages),
        )
        for place in listed
    ]


def crossings(world: World) -> list[Feature]:
    return [crossing_feature(c) for c in world.crossings]


def coast_geojson(region: Region) -> dict[str, Any]:
    """The region's land, simplified to some ten metres."""
    return _read(region.folder / "coast.geojson")


def areas(world: World) -> dict[str, Any]:
    """All of a region, one FeatureCollection a key."""
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
        "rings": collection(ring_features(world)),
        "coast": coast_geojson(region),
        "places": collection(places(world)),
        "crossings": collection(crossings(world)),
    }
