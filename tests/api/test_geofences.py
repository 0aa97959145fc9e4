"""Geofences: GeoJSON features in and out, judged by area.geofence_json."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from .shore import Shore
from .test_resources import API, get

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[110.0, 19.0], [110.5, 19.0], [110.5, 19.5], [110.0, 19.5], [110.0, 19.0]]],
}

BOW_TIE = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]


def fence(**properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": "fence-1",
        "geometry": SQUARE,
        "properties": {
            "name": "养殖区",
            "rules": [{"kind": "entry"}, {"kind": "speed_over", "speed_kn": 8.0, "priority": 2}],
            **properties,
        },
    }


def own(http: httpx.Client) -> list[dict]:
    return [f for f in get(http, "/geofences")["items"] if f["properties"]["editable"]]


def test_life_of_a_fence(shore: Shore, http: httpx.Client) -> None:
    made = http.post(API + "/geofences", json=fence(valid_to="2027-01-01T00:00:00+08:00"))
    assert made.status_code == 201, made.text
    feature = made.json()
    assert (feature["id"], feature["geometry"]) == ("fence-1", SQUARE)
    properties = feature["properties"]
    assert properties["name"] == {"zh": "养殖区", "en": "养殖区"}
    assert properties["valid_to"] == "2026-12-31T16:00:00Z"
    assert properties["rules"][1] == {"kind": "speed_over", "priority": 2, "speed_kn": 8.0}
    assert (properties["version"], properties["changed_by"]) == (1, "watch officer")
    assert own(http) == [feature]
    assert shore.world.geofences[-1].id == "fence-1"

    changed = http.put(API + "/geofences/fence-1", json=fence(name="Farm", version=1))
    assert changed.status_code == 200, changed.text
    assert changed.json()["properties"]["version"] == 2
    late = http.put(API + "/geofences/fence-1", json=fence(name="Mine", version=1))
    assert late.status_code == 409
    assert [e["field"] for e in late.json()["errors"]] == ["properties.version"]

    assert http.delete(API + "/geofences/fence-1").status_code == 204
    assert http.delete(API + "/geofences/fence-1").status_code == 404
    assert own(http) == []
    assert shore.calls == ["geofences"] * 3


def test_what_comes_back_may_be_sent_again(http: httpx.Client) -> None:
    feature = http.post(API + "/geofences", json=fence()).json()
    again = http.put(API + "/geofences/fence-1", json=feature)
    assert again.status_code == 200, again.text
    assert again.json()["properties"]["version"] == 1  # nothing was changed


def test_a_creation_that_comes_twice(http: httpx.Client) -> None:
    first = http.post(API + "/geofences", json=fence())
    assert http.post(API + "/geofences", json=fence()).json() == first.json()
    other = http.post(API + "/geofences", json=fence(name="Other"))
    assert other.status_code == 409
    without_id = {k: v for k, v in fence().items() if k != "id"}
    assert http.post(API + "/geofences", json=without_id).json()["id"] != "fence-1"
    assert len(own(http)) == 2


def test_packaged_fences_are_listed_and_stay_as_they_are(shore: Shore, http: httpx.Client) -> None:
    packaged = [f for f in get(http, "/geofences")["items"] if not f["properties"]["editable"]]
    assert [f["id"] for f in packaged] == sorted(f.id for f in shore.base.geofences)
    assert packaged
    key = packaged[0]["id"]
    assert http.delete(f"{API}/geofences/{key}").status_code == 404
    assert http.post(API + "/geofences", json={**fence(), "id": key}).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"geometry": {"type": "Point", "coordinates": [1, 2]}}, "geometry.type"),
        ({"geometry": {"type": "Polygon", "coordinates": []}}, "geometry.coordinates"),
        (
            {"geometry": {"type": "Polygon", "coordinates": [BOW_TIE]}},
            "geometry.coordinates",
        ),
        ({"properties": {"name": "x", "rules": [{"kind": "fly"}]}}, "properties.rules.0.kind"),
        (
            {"properties": {"name": "x", "rules": [{"kind": "speed_over"}]}},
            "properties.rules[0].speed_kn",
        ),
        ({"properties": {"name": ""}}, "properties.name"),
        ({"properties": {"name": "x", "valid_from": "May"}}, "properties.valid_from"),
        (
            {"properties": {"name": "x", "valid_from": "0001-01-01T00:00:00+14:00"}},
            "properties.valid_from",
        ),
        (
            {"properties": {"name": "x", "valid_to": "9999-12-31T23:00:00-08:00"}},
            "properties.valid_to",
        ),
        ({"properties": {"name": "x", "valid_to": "2100-01-01T00:00:01Z"}}, "properties.valid_to"),
        ({"id": "a/b"}, "id"),
        ({"type": "Fence"}, "type"),
    ],
)  # fmt: skip
def test_faults_name_their_field(one_http: httpx.Client, change: dict, field: str) -> None:
    answer = one_http.post(API + "/geofences", json={**fence(), **change})
    assert answer.status_code == 422, answer.text
    assert field in [e["field"] for e in answer.json()["errors"]]
    assert own(one_http) == []


def test_all_faults_at_once(one_http: httpx.Client) -> None:
    bad = fence(valid_from="2027-01-01T00:00:00Z", valid_to="2026-01-01T00:00:00Z")
    bad["geometry"] = {"type": "Polygon", "coordinates": [[[200, 0], [1, 1], [1, 0]]]}
    errors = one_http.post(API + "/geofences", json=bad).json()["errors"]
    assert len(errors) == 2


def test_id_of_the_path_counts(http: httpx.Client) -> None:
    http.post(API + "/geofences", json=fence())
    answer = http.put(API + "/geofences/fence-1", json={**fence(), "id": "fence-2"})
    assert answer.status_code == 422
    assert (
        http.put(API + "/geofences/fence-9", json={**fence(), "id": "fence-9"}).status_code == 404
    )
