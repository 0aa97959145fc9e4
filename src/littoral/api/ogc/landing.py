"""Landing page, conformance, definition and descriptions of the collections."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from littoral.api.deps import Engine
from littoral.api.gate import guarded
from littoral.api.ogc.api_document import document
from littoral.api.ogc.collections import COLLECTIONS
from littoral.api.ogc.features import Collection
from littoral.api.ogc.links import ROOT, base_url, link, refuse_unknown
from littoral.api.problems import not_found
from littoral.api.wire import Json, iso_or_none
from littoral.engine.runtime import Runtime

router = APIRouter(prefix=ROOT)

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMANCE = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/" + name
    for name in ("core", "oas30", "geojson")
]
OPENAPI_30 = "application/vnd.oai.openapi+json;version=3.0"
MAX_LIMIT, DEFAULT_LIMIT = 1000, 100


@router.get("")
@router.get("/")
def landing_page(request: Request) -> Json:
    refuse_unknown(request)
    base = base_url(request)
    return Json(
        {
            "title": "Littoral: features",
            "description": "Tracks, alerts, areas, ports and geofences of one coast.",
            "links": [
                link(base + "/", "self", "application/json", "This page"),
                link(base + "/api", "service-desc", OPENAPI_30, "The definition of this API"),
                link(base + "/conformance", "conformance", "application/json", "Conformance"),
                link(base + "/collections", "data", "application/json", "The collections"),
            ],
        }
    )


@router.get("/conformance")
def conformance(request: Request) -> Json:
    refuse_unknown(request)
    return Json({"conformsTo": CONFORMANCE})


@router.get("/api")
def definition(request: Request) -> Json:
    refuse_unknown(request)
    return Json(document(list(COLLECTIONS), MAX_LIMIT, DEFAULT_LIMIT), media_type=OPENAPI_30)


@router.get("/collections", **guarded("picture.read", "public", kind="collection"))
def collections(request: Request, engine: Engine) -> Json:
    refuse_unknown(request)
    base = base_url(request)
    return Json(
        {
            "links": [link(base + "/collections", "self", "application/json", "This page")],
            "collections": [_describe(base, c, engine) for c in COLLECTIONS.values()],
        }
    )


@router.get("/collections/{collection_id}", **guarded("picture.read", "public", kind="collection"))
def collection(request: Request, engine: Engine, collection_id: str) -> Json:
    refuse_unknown(request)
    return Json(_describe(base_url(request), find(collection_id), engine))


def find(collection_id: str) -> Collection:
    found = COLLECTIONS.get(collection_id)
    if found is None:
        raise not_found("collection", collection_id)
    return found


def _describe(base: str, c: Collection, engine: Runtime) -> dict[str, Any]:
    here = f"{base}/collections/{c.id}"
    extent: dict[str, Any] = {}
    if c.id != "tracks" and c.id != "alerts":  # moving things are not bound to the region
        extent["spatial"] = {"bbox": [list(engine.settings.bbox)], "crs": CRS84}
    interval = c.interval(engine)
    if interval is not None:
        extent["temporal"] = {"interval": [[iso_or_none(t) for t in interval]]}
    return {
        "id": c.id,
        "title": c.title,
        "description": c.description,
        "itemType": "feature",
        "crs": [CRS84],
        "extent": extent,
        "links": [
            link(here, "self", "application/json", "This page"),
            link(here + "/items", "items", "application/geo+json", c.title),
        ],
    }
