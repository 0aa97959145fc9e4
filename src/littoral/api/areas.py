"""`GET /areas`: rings, ports, landing points, anchorages and crossings as GeoJSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from littoral.api.deps import Engine
from littoral.api.fields import FeatureCollection
from littoral.api.ring_outline import ring_outlines
from littoral.api.rings import RING_SLUGS
from littoral.api.wire import GeoJson
from littoral.area.places import Place
from littoral.area.rings import RING_NAMES
from littoral.engine.runtime import Runtime

router = APIRouter(tags=["areas"])

NOTE = {
    "note_zh": "自岸线起算, 并非法定基线或界线",
    "note_en": "measured from the shoreline: no legal baseline or limit",
}


@router.get(
    "/areas",
    summary="Rings, ports, landing points, crossings",
    response_class=GeoJson,
    responses={200: {"model": FeatureCollection}},
)
def list_areas(engine: Engine) -> GeoJson:
    features = area_features(engine) + port_features(engine)
    return GeoJson({"type": "FeatureCollection", "features": features})


def area_features(engine: Runtime) -> list[dict[str, Any]]:
    """Rings (kind `ring`) and ferry crossings (kind `crossing`)."""
    world = engine.world
    features = [
        _feature(
            f"ring.{RING_SLUGS[code]}",
            geometry,
            {"kind": "ring", "ring": RING_SLUGS[code], **_name(RING_NAMES[code]), **NOTE},
        )
        for code, geometry in ring_outlines(world).items()
    ]
    for crossing in world.crossings:
        line = {"type": "LineString", "coordinates": crossing.line.tolist()}
        properties = {
            "kind": "crossing",
            **_name(crossing.name),
            "half_width_m": crossing.half_width_m,
            "source": crossing.source,
        }
        features.append(_feature(f"crossing.{crossing.id}", line, properties))
    return features


def port_features(engine: Runtime) -> list[dict[str, Any]]:
    """Ports and harbours (kind `port`), landing points (`landing`), anchorages (`anchorage`)."""
    world = engine.world
    return [
        _place(kind, place)
        for kind, places in (
            ("port", world.ports),
            ("landing", world.landings),
            ("anchorage", world.anchorages),
        )
        for place in places
    ]


def _place(kind: str, place: Place) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [place.lon_deg, place.lat_deg]}
    properties = {
        "kind": kind,
        "class": place.kind,
        **_name(place.name),
        "radius_m": place.radius_m,
        "source": place.source,
    }
    return _feature(f"{kind}.{place.id}", point, properties)


def _name(name: Mapping[str, str]) -> dict[str, str | None]:
    return {"name_zh": name.get("zh"), "name_en": name.get("en")}


def _feature(key: str, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": key, "geometry": geometry, "properties": properties}
