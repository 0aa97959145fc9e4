"""`/map/*.geojson`: the land under everything, so that the map needs no internet."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse

from littoral.api.deps import Engine
from littoral.api.fields import FeatureCollection
from littoral.api.gate import guarded
from littoral.api.problems import ProblemError
from littoral.api.wire import GeoJson
from littoral.area.region import DATA

router = APIRouter(prefix="/map", tags=["map"])

_GEOJSON = {200: {"model": FeatureCollection}}


@router.get(
    "/world.geojson",
    summary="Land of the world, coarse",
    **guarded("picture.read", "public", kind="chart"),
    response_class=GeoJson,
    responses=_GEOJSON,  # type: ignore[arg-type]
)
def get_world_land() -> FileResponse:
    return _land("world", "land.geojson")


@router.get(
    "/region.geojson",
    summary="Land of the region, full resolution",
    **guarded("picture.read", "public", kind="chart"),
    response_class=GeoJson,
    responses=_GEOJSON,  # type: ignore[arg-type]
)
def get_region_land(engine: Engine) -> FileResponse:
    return _land(engine.world.region, "coast.geojson")


def _land(folder: str, name: str) -> FileResponse:
    path = DATA / folder / name
    if path.parent.parent != DATA or not path.is_file():
        raise ProblemError(404, f"The region {folder!r} comes without a coast to draw.")
    # Revalidated by its ETag, so that a new version of the package shows at once.
    headers = {"cache-control": "no-cache"}
    return FileResponse(path, media_type="application/geo+json", headers=headers)
