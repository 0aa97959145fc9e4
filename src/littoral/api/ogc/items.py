"""`/collections/{id}/items` and single features."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request

from littoral.api.deps import Engine
from littoral.api.gate import guarded
from littoral.api.ogc.features import Query
from littoral.api.ogc.landing import CRS84, DEFAULT_LIMIT, MAX_LIMIT, find
from littoral.api.ogc.links import ROOT, base_url, link, refuse_unknown, with_query
from littoral.api.params import Box, parse_box, parse_instant_us
from littoral.api.problems import bad_parameter, not_found
from littoral.api.wire import GeoJson, iso

router = APIRouter(prefix=ROOT)

PARAMETERS = frozenset({"bbox", "datetime", "limit", "cursor"})
MEDIA_TYPE = "application/geo+json"
CONTENT_CRS = {"content-crs": f"<{CRS84}>"}


@router.get("/collections/{collection_id}/items", **guarded("picture.read", kind="collection"))
def features(request: Request, engine: Engine, collection_id: str) -> GeoJson:
    collection = find(collection_id)
    refuse_unknown(request, PARAMETERS)
    asked = dict(request.query_params)
    query = parse_query(asked)
    found = collection.items(engine, query)
    here = f"{base_url(request)}/collections/{collection_id}"
    filters = {name: value for name, value in asked.items() if name != "cursor"}
    links = [
        link(with_query(here + "/items", asked), "self", MEDIA_TYPE, "This page"),
        link(here, "collection", "application/json", collection.title),
    ]
    for rel, cursor in (("next", found.following), ("prev", found.previous)):
        if cursor is not None:
            url = with_query(here + "/items", {**filters, "cursor": cursor})
            links.append(link(url, rel, MEDIA_TYPE, f"The {rel} page"))
    content = {
        "type": "FeatureCollection",
        "features": found.features,
        "links": links,
        "timeStamp": iso(time.time_ns() // 1000),
        "numberReturned": len(found.features),
    }
    if found.matched is not None:
        content["numberMatched"] = found.matched
    return GeoJson(content, headers=CONTENT_CRS)


@router.get(
    "/collections/{collection_id}/items/{feature_id:path}",
    **guarded("picture.read", kind="collection"),
)
def feature(request: Request, engine: Engine, collection_id: str, feature_id: str) -> GeoJson:
    collection = find(collection_id)
    refuse_unknown(request)
    found = collection.item(engine, feature_id)
    if found is None:
        raise not_found(f"feature of {collection_id}", feature_id)
    here = f"{base_url(request)}/collections/{collection_id}"
    links = [
        link(str(request.url.replace(query="")), "self", MEDIA_TYPE, "This feature"),
        link(here, "collection", "application/json", collection.title),
    ]
    return GeoJson({**found, "links": links}, headers=CONTENT_CRS)


def parse_query(asked: dict[str, str]) -> Query:
    """The parameters; a wrong one is a problem that names it."""
    from_us, to_us = _interval(asked["datetime"]) if "datetime" in asked else (None, None)
    return Query(
        limit=_limit(asked["limit"]) if "limit" in asked else DEFAULT_LIMIT,
        box=_box(asked["bbox"]) if "bbox" in asked else None,
        from_us=from_us,
        to_us=to_us,
        cursor=asked.get("cursor"),
    )


def _limit(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 10 and int(written) > 0):
        raise bad_parameter("limit", "must be a whole number of at least 1")
    return min(int(written), MAX_LIMIT)


def _box(written: str) -> Box:
    numbers = written.split(",")
    if len(numbers) == 6:  # heights: nothing here has one, so they exclude nothing
        numbers = [numbers[i] for i in (0, 1, 3, 4)]
    try:
        return parse_box(",".join(numbers))
    except ValueError as error:
        raise bad_parameter("bbox", str(error)) from error


def _interval(written: str) -> tuple[int | None, int | None]:
    """17-069r4, 7.15.4: a time, or an interval; `..` or nothing is open."""
    ends = written.split("/")
    if len(ends) == 1:
        instant = _instant(ends[0])
        return instant, instant
    if len(ends) != 2:
        raise bad_parameter("datetime", "must be a time or two with a slash between")
    from_us, to_us = (None if end in ("", "..") else _instant(end) for end in ends)
    if from_us is None and to_us is None:
        raise bad_parameter("datetime", "at least one end of the interval must be a time")
    if from_us is not None and to_us is not None and from_us > to_us:
        raise bad_parameter("datetime", "the interval must begin before it ends")
    return from_us, to_us


def _instant(written: str) -> int:
    try:
        return parse_instant_us(written)
    except ValueError as error:
        raise bad_parameter("datetime", str(error)) from error
