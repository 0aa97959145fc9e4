"""The OpenAPI 3.0 definition of `/ogc` (requirements class OAS30).

Written out and not taken from FastAPI, which writes OpenAPI 3.1.
"""

from __future__ import annotations

from typing import Any

_LINKS = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
_TIME = {"type": "string", "format": "date-time"}

SCHEMAS: dict[str, Any] = {
    "link": {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {
            "href": {"type": "string", "format": "uri"},
            "rel": {"type": "string"},
            "type": {"type": "string"},
            "title": {"type": "string"},
        },
    },
    "landingPage": {
        "type": "object",
        "required": ["links"],
        "properties": {
            "title": {"type": "string"},
            "description": {"type": "string"},
            "links": _LINKS,
        },
    },
    "conformance": {
        "type": "object",
        "required": ["conformsTo"],
        "properties": {"conformsTo": {"type": "array", "items": {"type": "string"}}},
    },
    "collection": {
        "type": "object",
        "required": ["id", "links"],
        "properties": {
            "id": {"type": "string"},
            "title": {"type": "string"},
            "description": {"type": "string"},
            "itemType": {"type": "string", "enum": ["feature"]},
            "crs": {"type": "array", "items": {"type": "string"}},
            "extent": {
                "type": "object",
                "properties": {"spatial": {"type": "object"}, "temporal": {"type": "object"}},
            },
            "links": _LINKS,
        },
    },
    "collections": {
        "type": "object",
        "required": ["links", "collections"],
        "properties": {
            "links": _LINKS,
            "collections": {"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
        },
    },
    "feature": {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object"},
            "links": _LINKS,
        },
    },
    "featureCollection": {
        "type": "object",
        "required": ["type", "features", "links", "timeStamp", "numberReturned"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
            "links": _LINKS,
            "timeStamp": _TIME,
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    },
    "problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                },
            },
        },
    },
}

_BOX = {
    "name": "bbox",
    "in": "query",
    "description": "west,south,east,north in degrees (CRS84); six numbers carry heights too",
    "style": "form",
    "explode": False,
    "schema": {
        "type": "array",
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        "items": {"type": "number"},
    },
}
_DATETIME = {
    "name": "datetime",
    "in": "query",
    "description": "An RFC 3339 time, or an interval of two with a slash; .. is open",
    "style": "form",
    "explode": False,
    "schema": {"type": "string"},
}
_CURSOR = {
    "name": "cursor",
    "in": "query",
    "description": "Place in the list; taken from a `next` or `prev` link",
    "schema": {"type": "string"},
}


def document(collections: list[str], max_limit: int, default_limit: int) -> dict[str, Any]:
    """The definition, with the collections that there are."""
    limit = {
        "name": "limit",
        "in": "query",
        "description": "Features a page; more than the maximum gives the maximum",
        "style": "form",
        "explode": False,
        "schema": {
            "type": "integer", "minimum": 1, "maximum": max_limit, "default": default_limit,
        },
    }  # fmt: skip
    collection = {
        "name": "collectionId",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": collections},
    }
    feature = {
        "name": "featureId",
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
    }
    base = "/collections/{collectionId}"
    paths = {
        "/": _get("getLandingPage", "Links to all the rest", "landingPage"),
        "/conformance": _get("getConformance", "What is implemented", "conformance"),
        "/collections": _get("getCollections", "The collections", "collections"),
        base: _get("describeCollection", "One collection", "collection", [collection]),
        base + "/items": _get(
            "getFeatures",
            "Features of a collection",
            "featureCollection",
            [collection, _BOX, _DATETIME, limit, _CURSOR],
            "application/geo+json",
        ),
        base + "/items/{featureId}": _get(
            "getFeature", "One feature", "feature", [collection, feature], "application/geo+json"
        ),
    }
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Littoral: features",
            "version": "1.0.0",
            "description": "Tracks, alerts, areas, ports and geofences by OGC API - Features.",
            "license": {"name": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/ogc"}],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }


def _get(
    name: str,
    summary: str,
    schema: str,
    parameters: list[dict[str, Any]] | None = None,
    media_type: str = "application/json",
) -> dict[str, Any]:
    responses: dict[str, Any] = {
        "200": {
            "description": summary,
            "content": {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        },
        "400": _error("A parameter is unknown or wrong"),
        "default": _error("Any other problem"),
    }
    if parameters:
        responses["404"] = _error("There is no such thing")
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters or [],
            "responses": responses,
        }
    }


def _error(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}
        },
    }
