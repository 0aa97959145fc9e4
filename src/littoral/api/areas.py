"""`GET /areas`: rings, ports, landing points, anchorages and crossings as GeoJSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from littoral.api.deps import Engine
from littoral.api.fields import FeatureCollection
from littoral.api.gate import guarded
from littoral.api.wire import GeoJson
from littoral.area.features import collection, crossings, places, ring_features
from littoral.engine.runtime import Runtime

router = APIRouter(tags=["areas"])


@router.get(
    "/areas",
    summary="Rings, ports, landing points, crossings",
    **guarded("picture.read", "public", kind="area"),
    response_class=GeoJson,
    responses={200: {"model": FeatureCollection}},
)
def list_areas(engine: Engine) -> GeoJson:
    return GeoJson(collection(area_features(engine) + port_features(engine)))


def area_features(engine: Runtime) -> list[dict[str, Any]]:
    """Rings (kind `ring`) and ferry crossings (kind `crossing`)."""
    return ring_features(engine.world) + crossings(engine.world)


def port_features(engine: Runtime) -> list[dict[str, Any]]:
    """Ports and harbours (kind `port`), landing points (`landing`), anchorages (`anchorage`)."""
    return places(engine.world)
