"""The file of anchorage points: GeoJSON with a format and a version, as `littoral learn anchorages`
writes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from littoral.area.anchorage_learning import LearnedPoint
from littoral.area.geodesy import haversine_m
from littoral.area.places import Place
from littoral.area.world import World

FORMAT = "littoral-anchorages-1"
NAMED_WITHIN_M = 5_000.0  # a point is called after the nearest port or anchorage so near
ALONGSIDE_M = 500.0  # so near the shore it counts as a port, farther off as an anchorage


def named(points: Iterable[LearnedPoint], world: World) -> tuple[Place, ...]:
    """Learned points as places: called after the nearest configured port or anchorage; `kind` port
    within its circle or near the shore, else anchorage."""
    known = (*world.ports, *world.anchorages)
    found = []
    for point in points:
        lon, lat = point.lon_deg, point.lat_deg
        away = [haversine_m(lon, lat, p.lon_deg, p.lat_deg) - p.radius_m for p in known]
        nearest = min(range(len(known)), key=lambda k: away[k], default=None)
        shore_m = float(world.coast.shore_distance_m(np.array([lon]), np.array([lat]))[0])
        kind = "port" if shore_m <= ALONGSIDE_M else "anchorage"
        name = {"zh": "", "en": ""}
        if nearest is not None and away[nearest] <= NAMED_WITHIN_M:
            name = dict(known[nearest].name)
            if away[nearest] <= 0.0:
                kind = "anchorage" if known[nearest].kind == "anchorage" else "port"
        found.append(
            Place(
                f"anchorage-{lon:.5f}-{lat:.5f}", name, lon, lat, 0.0, kind,
                f"learned: {point.vessels} vessels, {point.stays} stays",
            )
        )  # fmt: skip
    return tuple(found)


def _features(points: Sequence[Place]) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "id": p.id,
            "geometry": {"type": "Point", "coordinates": [p.lon_deg, p.lat_deg]},
            "properties": {
                "kind": p.kind,
                "name": dict(p.name),
                "radius_m": p.radius_m,
                "source": p.source,
            },
        }
        for p in points
    ]


def _version(features: list[dict[str, Any]]) -> str:
    """First 16 hex digits of the SHA-256 over the features as JSON."""
    text = json.dumps([FORMAT, features], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def to_geojson(points: Sequence[Place]) -> dict[str, Any]:
    features = _features(points)
    return {
        "type": "FeatureCollection",
        "format": FORMAT,
        "version": _version(features),
        "features": features,
    }


def from_geojson(document: Any) -> tuple[Place, ...]:
    """Inverse of `to_geojson`; ValueError when it is no such file or is not as it was written."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"not a file of anchorage points ({FORMAT})")
    try:
        points = tuple(
            Place(
                str(f["id"]),
                {k: str(f["properties"]["name"][k]) for k in ("zh", "en")},
                float(f["geometry"]["coordinates"][0]),
                float(f["geometry"]["coordinates"][1]),
                float(f["properties"]["radius_m"]),
                str(f["properties"]["kind"]),
                str(f["properties"]["source"]),
            )
            for f in document["features"]
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ValueError(f"anchorage points: {type(error).__name__}: {error}") from None
    if _version(_features(points)) != document.get("version"):
        raise ValueError("anchorage points do not match their own version: damaged or edited")
    return points
