"""The area of a question as it stands in an address: a fence by its id, or corners."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from littoral.analyse.area import Area
from littoral.api.problems import bad_parameter
from littoral.area.geofence_json import FenceError, fence_from_feature
from littoral.area.world import World

MOST = 3000  # characters: some 150 corners; two of them fit into an address
AreaText = Annotated[
    str,
    Query(
        max_length=MOST,
        description="`fence:<id>`, or corners `lon,lat lon,lat lon,lat …` in degrees",
        examples=["109.9,20.0 110.4,20.0 110.4,20.2 109.9,20.2"],
    ),
]


def area_of(text: str, world: World, field: str) -> Area:
    """Raises a 422 problem of that field."""
    try:
        return parse_area(text, world)
    except ValueError as error:
        raise bad_parameter(field, str(error)) from error


def parse_area(text: str, world: World) -> Area:
    """ValueError says what is wrong."""
    kind, colon, key = text.partition(":")
    if colon and kind == "fence":
        for fence in world.geofences:
            if fence.id == key:
                return Area.of(fence.polygons)
        raise ValueError("is no fence that there is now")
    try:
        corners = [[float(v) for v in corner.split(",")] for corner in text.split()]
    except ValueError:
        raise ValueError("must be fence:<id> or corners lon,lat lon,lat …") from None
    if len(corners) < 3 or any(len(c) != 2 for c in corners):
        raise ValueError("must be three corners lon,lat at least")
    if corners[0] != corners[-1]:
        corners.append(corners[0])
    feature = {
        "type": "Feature", "id": "asked", "properties": {"name": "asked"},
        "geometry": {"type": "Polygon", "coordinates": [corners]},
    }  # fmt: skip
    try:
        return Area.of(fence_from_feature(feature).polygons)
    except FenceError as error:
        raise ValueError(error.errors[0]["message"]) from None
