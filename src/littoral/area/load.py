"""The world of a run: all that is packaged about a region, with fences and what was learned."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from littoral.area.coast import Coast
from littoral.area.geofence import Geofence
from littoral.area.geofence_json import fences_from_geojson
from littoral.area.lanes import Lanes
from littoral.area.places import Place
from littoral.area.reception import Reception
from littoral.area.region import Region, load_region
from littoral.area.rings import Rings
from littoral.area.world import World


def load_world(
    region: str = "hainan",
    *,
    geofences: Iterable[Geofence] | None = None,
    reception: Reception | None = None,
    anchorage_points: tuple[Place, ...] | None = None,
    lanes: Lanes | None = None,
    stations: Iterable[str] = (),
) -> World:
    """Coast, rings and places of `region`. `geofences` None: the packaged examples."""
    settings = load_region(region)
    coast = load_coast(settings)
    return World(
        region=region,
        coast=coast,
        rings=load_rings(settings, coast),
        ports=settings.ports,
        landings=settings.landings,
        crossings=settings.crossings,
        geofences=packaged_geofences(settings) if geofences is None else tuple(geofences),
        reception=reception,
        lanes=lanes,
        stations=tuple(stations),
        anchorage_points=anchorage_points,
        profiles=settings.profiles,
        settings=settings,
    )


def load_coast(region: Region) -> Coast:
    """The packaged coast with the region's own error and box."""
    return Coast.load(region.folder, region.coast_error_m, region.bbox)


def load_rings(region: Region, coast: Coast) -> Rings:
    """From the packaged raster; built anew (seconds) when `region.toml` asks for other distances
    or ports than the raster was made for."""
    path = region.folder / "rings.npz"
    rings = None
    if path.exists():
        with np.load(path) as file:
            rings = Rings.unpack(file, coast, region.distances, region.ring_ports())
    return rings or Rings.build(coast, region.distances, region.ring_ports())


def packaged_geofences(region: Region) -> tuple[Geofence, ...]:
    """Example fences shipped with the region."""
    path = region.folder / "geofences.geojson"
    return fences_from_geojson(path.read_text(encoding="utf-8")) if path.exists() else ()
