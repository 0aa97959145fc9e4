"""OGC API - Features, Part 1: Core (OGC 17-069r4). The schemas here are written after the text of
the standard: tables of section 7 and RFC 7946, section 3."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from shapely import box
from shapely.geometry import shape

from .fleets import MINUTE_US, NOW_US
from .shore import Shore
from .test_geofences import fence
from .test_guards import is_problem
from .test_resources import API

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
COLLECTIONS = ["tracks", "alerts", "areas", "ports", "geofences"]


def needs(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


LINKS = {
    "type": "array",
    "minItems": 1,
    "items": needs("href", "rel", href={"type": "string", "pattern": "^https?://"},
                   rel={"type": "string"}, type={"type": "string"}),
}  # fmt: skip
POINT = {"type": "array", "minItems": 2, "items": {"type": "number"}}


def nested(depth: int) -> dict[str, Any]:
    return POINT if depth == 0 else {"type": "array", "items": nested(depth - 1)}


GEOMETRY = {
    "anyOf": [{"type": "null"}]
    + [
        needs("type", "coordinates", type={"const": name}, coordinates=nested(depth))
        for name, depth in (
            ("Point", 0), ("LineString", 1), ("MultiPoint", 1), ("Polygon", 2),
            ("MultiLineString", 2), ("MultiPolygon", 3),
        )
    ]
}  # fmt: skip
FEATURE = needs(
    "type", "geometry", "properties", "id",
    type={"const": "Feature"}, geometry=GEOMETRY, properties={"type": ["object", "null"]},
    id={"type": ["string", "integer"]}, links=LINKS,
)  # fmt: skip
FEATURES = needs(
    "type", "features", "links", "timeStamp", "numberReturned",
    type={"const": "FeatureCollection"}, features={"type": "array", "items": FEATURE},
    links=LINKS, timeStamp={"type": "string"}, numberMatched={"type": "integer", "minimum": 0},
    numberReturned={"type": "integer", "minimum": 0},
)  # fmt: skip
COLLECTION = needs(
    "id", "links",
    id={"type": "string"}, title={"type": "string"}, links=LINKS,
    crs={"type": "array", "contains": {"const": CRS84}},
    extent=needs(
        spatial=needs("bbox", bbox={"type": "array", "minItems": 1, "items": {
            "type": "array", "minItems": 4, "maxItems": 4, "items": {"type": "number"}}}),
        temporal=needs("interval", interval={"type": "array", "minItems": 1, "items": {
            "type": "array", "minItems": 2, "maxItems": 2, "items": {"type": ["string", "null"]}}}),
    ),
)  # fmt: skip


def fits(schema: dict[str, Any], value: Any) -> None:
    found = Draft202012Validator(schema).iter_errors(value)
    assert [f"{e.json_path}: {e.validator}" for e in found][:5] == []


def rels(document: dict[str, Any]) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in document["links"]}


def items(http: httpx.Client, collection: str, **params: Any) -> dict[str, Any]:
    answer = http.get(f"/ogc/collections/{collection}/items", params=params)
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["content-crs"] == f"<{CRS84}>"
    found = answer.json()
    fits(FEATURES, found)
    assert found["numberReturned"] == len(found["features"])
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [f["id"] for f in found["features"]]


def test_everything_is_found_by_links_from_the_landing_page(one_http: httpx.Client) -> None:
    for path in ("/ogc", "/ogc/"):
        landing = one_http.get(path)
        assert landing.status_code == 200
        fits(needs("links", links=LINKS), landing.json())
    found = rels(landing.json())
    assert set(found) >= {"self", "service-desc", "conformance", "data"}
    conformance = one_http.get(found["conformance"]).json()
    assert conformance["conformsTo"] == [
        f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{c}"
        for c in ("core", "oas30", "geojson")
    ]
    listed = one_http.get(found["data"]).json()
    fits(needs("links", "collections", links=LINKS), listed)
    assert [c["id"] for c in listed["collections"]] == COLLECTIONS
    for collection in listed["collections"]:
        fits(COLLECTION, collection)
        assert one_http.get(rels(collection)["self"]).json() == collection
        features = one_http.get(rels(collection)["items"])
        assert features.headers["content-type"] == "application/geo+json"


def test_the_definition_is_openapi_30_and_names_every_path(one_http: httpx.Client) -> None:
    answer = one_http.get("/ogc/api")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    definition = answer.json()
    assert definition["openapi"].startswith("3.0.")
    schemas = definition["components"]["schemas"]
    for path, item in definition["paths"].items():
        url = "/ogc" + path.replace("{collectionId}", "ports").replace("{featureId}", "no")
        asked = one_http.get(url)
        if "{featureId}" in path:
            assert asked.status_code == 404
            continue
        assert asked.status_code == 200, path
        ((media, content),) = item["get"]["responses"]["200"]["content"].items()
        assert asked.headers["content-type"] == media
        name = content["schema"]["$ref"].rpartition("/")[2]
        assert set(schemas[name].get("required", [])) <= set(asked.json())
    (collection,) = [
        p for p in definition["paths"]["/collections/{collectionId}"]["get"]["parameters"]
    ]
    assert collection["schema"]["enum"] == COLLECTIONS
    limit = next(
        p for p in definition["paths"]["/collections/{collectionId}/items"]["get"]["parameters"]
        if p["name"] == "limit"
    )  # fmt: skip
    assert (limit["schema"]["maximum"], limit["schema"]["default"]) == (1000, 100)


def test_tracks_by_box_and_time(shore: Shore, http: httpx.Client) -> None:
    shore.sail(
        {"mmsi": 412000001, "lon_deg": 110.0},
        {"mmsi": 412000002, "lon_deg": 179.5, "lat_deg": 0.0},
        {"mmsi": 412000003, "lon_deg": -179.5, "lat_deg": 0.0},
        {"mmsi": 412000004, "lon_deg": 110.0, "first_us": NOW_US - 2 * MINUTE_US},
    )

    def found(**params: Any) -> list[int]:
        return [
            f["properties"]["mmsi"] - 412000000 for f in items(http, "tracks", **params)["features"]
        ]

    assert found() == [1, 2, 3, 4]
    assert found(bbox="109,18,111,20") == [1, 4]
    assert found(bbox="109,18,-100,111,20,100") == [1, 4]  # with heights
    assert found(bbox="179,-1,-179,1") == [2, 3]
    assert found(datetime="2026-11-24T07:00:00Z") == [1, 2, 3]  # between first and last report
    assert found(datetime="2026-11-24T07:39:00Z/..") == [1, 2, 3, 4]
    assert found(datetime="../2026-11-24T06:40:00Z") == []
    feature = items(http, "tracks", limit=1)["features"][0]
    assert feature["geometry"] == {"type": "Point", "coordinates": [110.0, 19.0]}
    single = http.get(f"/ogc/collections/tracks/items/{feature['id']}").json()
    fits(FEATURE, single)
    assert {k: v for k, v in single.items() if k != "links"} == feature
    assert set(rels(single)) == {"self", "collection"}


@pytest.mark.parametrize("collection", ["tracks", "ports"])
def test_next_and_previous_pages(shore: Shore, http: httpx.Client, collection: str) -> None:
    shore.sail(*({"mmsi": 412000000 + n} for n in range(7)))
    everything = ids(items(http, collection))
    assert len(everything) >= 7
    box_of_all = "100,10,120,30"
    page = items(http, collection, limit=3, bbox=box_of_all)
    assert page["numberMatched"] == len(everything)
    pages = [ids(page)]
    assert "prev" not in rels(page)
    while "next" in rels(page):
        assert "bbox=" in rels(page)["next"]
        page = http.get(rels(page)["next"]).json()
        pages.append(ids(page))
    assert [i for p in pages for i in p] == everything
    back = [ids(page)]
    while "prev" in rels(page):
        page = http.get(rels(page)["prev"]).json()
        back.append(ids(page))
    assert back[::-1] == pages


def test_alerts(shore: Shore, http: httpx.Client) -> None:
    shore.raise_alerts(
        *({"number": n, "lon": 109.0 + n} for n in range(1, 6)),
        {"number": 6, "lon": None, "lat": None},
    )

    def found(**params: Any) -> list[int]:
        return [int(i, 16) for i in ids(items(http, "alerts", **params))]

    assert found() == [6, 5, 4, 3, 2, 1]
    assert found(bbox="110.5,19,112.5,21") == [6, 3, 2]  # one without a place is in every box
    # Alert n runs from 21:40:03.12 + n min for ten minutes, ends included.
    assert found(datetime="2026-11-23T21:51:03.120Z") == [6, 5, 4, 3, 2, 1]
    assert found(datetime="2026-11-23T21:51:03.121Z") == [6, 5, 4, 3, 2]
    assert found(datetime="../2026-11-23T21:42:03.120Z") == [2, 1]
    page = items(http, "alerts", limit=2, bbox="110.5,19,112.5,21")
    pages = [[int(i, 16) for i in ids(page)]]
    while "next" in rels(page):
        page = http.get(rels(page)["next"]).json()
        pages.append([int(i, 16) for i in ids(page)])
    assert [i for p in pages for i in p] == [6, 3, 2]
    assert max(map(len, pages)) <= 2
    single = http.get(f"/ogc/collections/alerts/items/{6:024x}").json()
    fits(FEATURE, single)
    assert single["geometry"] is None


def test_areas_ports_and_geofences(shore: Shore, http: httpx.Client) -> None:
    areas = items(http, "areas")
    assert "ring.near_sea" in ids(areas)
    for feature in areas["features"]:
        drawn = shape(feature["geometry"])
        assert drawn.is_valid
        if drawn.geom_type == "Polygon":
            assert drawn.exterior.is_ccw  # RFC 7946, section 3.1.6
    ports = items(http, "ports", bbox="110,19.9,110.5,20.2")
    assert ports["features"]
    assert all(
        shape(f["geometry"]).intersects(box(110, 19.9, 110.5, 20.2)) for f in ports["features"]
    )
    packaged = ids(items(http, "geofences"))
    assert http.post(
        API + "/geofences", json=fence(valid_to="2026-12-01T00:00:00Z")
    ).status_code == 201  # fmt: skip
    assert set(ids(items(http, "geofences"))) == {*packaged, "fence-1"}
    assert "fence-1" in ids(items(http, "geofences", bbox="110.4,19.4,111,20"))
    assert "fence-1" not in ids(items(http, "geofences", bbox="110.6,19.6,111,20"))
    assert "fence-1" not in ids(items(http, "geofences", datetime="2026-12-02T00:00:00Z"))
    assert "fence-1" in ids(items(http, "geofences", datetime="2026-11-02T00:00:00Z"))


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "1,2,3,x"}, "bbox"),
        ({"limit": "0"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"datetime": "yesterday"}, "datetime"),
        ({"datetime": "../.."}, "datetime"),
        ({"datetime": "2026-11-24T00:00:00Z/2026-11-23T00:00:00Z"}, "datetime"),
        ({"cursor": "x"}, "cursor"),
        ({"colour": "red"}, "colour"),
    ],
)
@pytest.mark.parametrize("collection", ["tracks", "alerts", "ports"])
def test_wrong_parameters_are_400(
    one_http: httpx.Client, collection: str, params: dict[str, str], field: str
) -> None:
    answer = one_http.get(f"/ogc/collections/{collection}/items", params=params)
    assert [e["field"] for e in is_problem(answer, 400)["errors"]] == [field]


def test_limit_beyond_the_maximum_is_the_maximum(one_http: httpx.Client) -> None:
    """17-069r4, 7.15.2, requirement 22: no error."""
    assert items(one_http, "ports", limit=999_999_999)["features"]


@pytest.mark.parametrize(
    "path", ["x", "collections/x", "collections/x/items", "collections/tracks/items/x"]
)
def test_unknown_resources_are_404(one_http: httpx.Client, path: str) -> None:
    is_problem(one_http.get(f"/ogc/{path}"), 404)


def test_unknown_parameters_are_400_everywhere(one_http: httpx.Client) -> None:
    for path in ("", "/conformance", "/api", "/collections", "/collections/tracks"):
        is_problem(one_http.get("/ogc" + path, params={"foo": "bar"}), 400)
