"""Every resource through HTTP, over real stores."""

from __future__ import annotations

import httpx
import numpy as np
import pytest

from littoral.api.fleet_rows import track_ids

from .fleets import MINUTE_US, NOW_US
from .shore import STATIONS, Shore, past_of

API = "/api/v1"


def get(http: httpx.Client, path: str, **params: object) -> dict:
    answer = http.get(API + path, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def test_health(http: httpx.Client) -> None:
    health = get(http, "/health")
    assert health["event_time"] == "2026-11-24T07:40:03.120Z"
    assert health["watermark"] == "2026-11-24T07:39:03.120Z"
    assert (health["speed"], health["mode"], health["progress"]) == (60.0, "live", 1.0)
    assert health["receivers"][0] == {
        "station": 0, "name": "haikou", "state": "hearing", "last": "2026-11-24T07:40:01.120Z",
        "age_s": 2.0, "messages": 100,
    }  # fmt: skip
    assert health["receivers"][1]["age_s"] is None
    assert health["feeds"][0]["lines_per_s"] == 3.5
    assert [f["last_error"] for f in health["feeds"]] == [None, "Connection refused"]
    assert health["counts"]["lines"] == 120


def test_settings(http: httpx.Client) -> None:
    settings = get(http, "/settings")
    assert settings["region"] == "hainan"
    assert settings["bbox"] == [107.0, 17.0, 112.5, 21.6]
    assert settings["loopback_only"] is True
    assert settings["operator"] == "watch officer"
    assert "encounter" in settings["detectors"]


def test_one_track(shore: Shore, http: httpx.Client) -> None:
    shore.sail(
        {
            "mmsi": 412000001, "name": b"QIONG LIN YU 01234", "call_sign": b"BKLM5",
            "imo": 9074729, "ship_type": 30, "kind": 1, "sog_mps": 5.144444, "cog_deg": 90.05,
            "to_bow_m": 20, "to_stern_m": 12, "ring": 2, "nav_status": 7, "flags": 8,
            "first_us": NOW_US - 60 * MINUTE_US,
        }
    )  # fmt: skip
    (item,) = get(http, "/tracks")["items"]
    assert item == get(http, f"/tracks/{item['id']}")
    assert item["id"] == "412000001-20261124T064003.120Z"
    # 5.144444 m/s x 3600 / 1852 = 10.0 kn
    assert (item["sog_kn"], item["cog_deg"], item["heading_deg"]) == (10.0, 90.1, None)
    assert (item["kind"], item["ring"], item["flags"]) == ("class_b", "near_sea_12nm", ["jump"])
    assert (item["length_m"], item["beam_m"], item["imo"]) == (32.0, None, 9074729)
    assert (item["last"], item["state"]) == ("2026-11-24T07:39:58.120Z", "live")


def test_nothing_is_an_empty_list(one_http: httpx.Client) -> None:
    for path, params in (
        ("/tracks", {}),
        ("/tracks", {"bbox": "1,1,2,2"}),
        ("/search", {"q": "x"}),
        ("/alerts", {}),
        ("/outages", {}),
    ):
        assert get(one_http, path, **params) == {"items": [], "next_cursor": None}
    path = "/tracks/412000001-20261124T064003.120Z/positions"
    assert get(one_http, path) == {"items": [], "next_cursor": None}


def test_ids_are_those_of_the_fleet(shore: Shore) -> None:
    shore.sail({"mmsi": 4120001}, {"first_us": NOW_US - 123_456_789})
    fleet = shore.fleet().fleet
    assert track_ids(fleet, np.arange(2)) == [fleet.track_id(0), fleet.track_id(1)]


def test_tracks_by_box_kind_and_age(shore: Shore, http: httpx.Client) -> None:
    shore.sail(
        {"lon_deg": 110.0},
        {"lon_deg": 120.0},
        {"lon_deg": 110.5, "kind": 3},
        {"lon_deg": 110.2, "last_us": NOW_US - 30 * MINUTE_US},
        {"lon_deg": 110.2, "last_us": NOW_US - 400 * MINUTE_US},  # gone: not listed
    )

    def listed(**params: object) -> list[int]:
        return [t["mmsi"] - 412000001 for t in get(http, "/tracks", **params)["items"]]

    assert listed() == [0, 1, 2, 3]
    assert listed(bbox="109,18,111,20") == [0, 2, 3]
    assert listed(kind="aton") == [2]
    assert listed(active_within_s=60) == [0, 1, 2]
    assert listed(bbox="109,18,111,20", active_within_s=60, kind="class_a") == [0]


def test_pages_of_tracks_are_stable_when_vessels_come(shore: Shore, http: httpx.Client) -> None:
    vessels = [{"mmsi": m} for m in (412000010, 412000030, 412000020, 412000040)]
    shore.sail(*vessels)
    first = get(http, "/tracks", limit=2)
    assert [t["mmsi"] for t in first["items"]] == [412000010, 412000020]
    shore.sail(*vessels, {"mmsi": 412000005}, {"mmsi": 412000035})
    second = get(http, "/tracks", limit=2, cursor=first["next_cursor"])
    assert [t["mmsi"] for t in second["items"]] == [412000030, 412000035]
    third = get(http, "/tracks", limit=2, cursor=second["next_cursor"])
    assert [t["mmsi"] for t in third["items"]] == [412000040]
    assert third["next_cursor"] is None


def test_positions_page_through_equal_times(shore: Shore, http: httpx.Client) -> None:
    start = NOW_US - 60 * MINUTE_US
    shore.sail({"mmsi": 412000001, "first_us": start})
    times = [start, start, start, start + MINUTE_US, start + 2 * MINUTE_US]
    shore.lake.write("observations", arrow(past_of(0, 412000001, times)), "a")
    path = f"/tracks/{shore.fleet().fleet.track_id(0)}/positions"
    seen, cursor = [], None
    for _ in range(5):
        page = get(http, path, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [p["obs_id"] - (1 << 40) for p in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [1, 2, 3, 4, 5]
    (only,) = get(http, path, **{"from": iso_plus(1), "to": iso_plus(2)})["items"]
    assert only == {
        "t": "2026-11-24T06:41:03.120Z", "obs_id": (1 << 40) + 4, "lon": 110.003, "lat": 19.0,
        "sog_kn": 10.0, "cog_deg": 90.0, "heading_deg": None, "nav_status": None,
        "ring": "near_sea", "flags": [], "receiver": "haikou",
    }  # fmt: skip


def iso_plus(minutes: int) -> str:
    return f"2026-11-24T06:{40 + minutes}:03.120Z"


def arrow(rows):  # type: ignore[no-untyped-def]
    import pyarrow as pa

    return pa.Table.from_batches([rows.to_arrow()])


def test_two_vessels_of_one_mmsi_keep_their_own_past(shore: Shore, http: httpx.Client) -> None:
    start = NOW_US - 60 * MINUTE_US
    shore.sail(
        {"mmsi": 412000001, "first_us": start}, {"mmsi": 412000001, "first_us": start + 1000}
    )
    for track in (0, 1):
        rows = past_of(track, 412000001, [start + (3 + track) * MINUTE_US], 10 * track)
        shore.lake.write("observations", arrow(rows), f"t{track}")
    for track in (0, 1):
        path = f"/tracks/{shore.fleet().fleet.track_id(track)}/positions"
        (only,) = get(http, path)["items"]
        assert only["obs_id"] - (1 << 40) == 10 * track


def test_search(shore: Shore, http: httpx.Client) -> None:
    shore.sail({"name": b"HAI XUN 21"}, {"name": b"QIONGLINYU01234"})
    page = get(http, "/search", q="琼临渔 1234")
    assert page["next_cursor"] is None
    (hit,) = page["items"]
    assert (hit["name"], hit["matched"], hit["rank"]) == ("QIONGLINYU01234", "name", "exact")
    assert get(http, "/search", q="412000001")["items"][0]["matched"] == "mmsi"


def test_areas(http: httpx.Client) -> None:
    answer = http.get(API + "/areas")
    assert answer.headers["content-type"] == "application/geo+json"
    features = {f["id"]: f for f in answer.json()["features"]}
    rings = [
        f["properties"]["ring"] for f in features.values() if f["properties"]["kind"] == "ring"
    ]
    assert rings == ["inland", "coastline", "near_sea_12nm", "near_sea"]
    kinds = {f["properties"]["kind"] for f in features.values()}
    assert kinds >= {"ring", "port", "crossing", "landing"}
    assert "no legal" in features["ring.near_sea"]["properties"]["note_en"]


def test_ring_outlines_agree_with_the_engine(http: httpx.Client, world) -> None:  # type: ignore[no-untyped-def]
    """Points off the drawn edges have the code of the outline that they lie in."""
    from shapely import contains_xy
    from shapely.geometry import shape

    from littoral.area.rings import RING_SLUGS

    features = http.get(API + "/areas").json()["features"]
    drawn = {f["properties"]["ring"]: shape(f["geometry"]) for f in features[:4]}
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(107.5, 112, 4000), rng.uniform(17.3, 21, 4000)
    codes = world.rings.codes(lon, lat)
    off = sum(
        int((contains_xy(drawn[RING_SLUGS[code]], lon, lat) != (codes == code)).sum())
        for code in range(4)
    )
    assert {0, 1, 2, 3} <= set(codes.tolist())
    assert off / len(lon) < 0.01  # the outline is simplified to 150 m; rings are exact


def test_detectors(http: httpx.Client) -> None:
    items = {d["rule"]: d for d in get(http, "/detectors")["items"]}
    assert items["encounter"]["profile"] == "coastal"
    profiles = {p["name"]: p for p in items["encounter"]["profiles"]}
    assert set(profiles) >= {"coastal", "gfw", "skylight"}
    assert all(p["source"] and p["why"] and p["settings"] for p in profiles.values())
    assert set(items["encounter"]["summary"]) == {"zh", "en"}


def test_quarantine(shore: Shore, http: httpx.Client) -> None:
    shore.reject(b"!AIVDM,1,1,,A,broken*00", b"\xff\x00\\x")
    page = get(http, "/quarantine", limit=1)
    assert page["items"] == [
        {"source": "feed", "line": 2, "reason": "bad_checksum", "field": None,
         "text": "\\xff\\x00\\\\x"}
    ]  # fmt: skip
    assert (page["counts"], page["dropped"]) == ({"bad_checksum": 2}, 0)
    page = get(http, "/quarantine", limit=1, cursor=page["next_cursor"])
    assert page["items"][0]["text"] == "!AIVDM,1,1,,A,broken*00"
    assert get(http, "/quarantine", reason="other")["items"] == []


def test_outages(shore: Shore, http: httpx.Client) -> None:
    body = {
        "id": "0199f6e0-0000-7000-8000-000000000001", "receiver": STATIONS[1],
        "start": "2026-11-25T00:00:00Z", "end": "2026-11-25T10:00:00+08:00", "reason": "new mast",
    }  # fmt: skip
    made = http.post(API + "/outages", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["end"] == "2026-11-25T02:00:00.000Z"
    assert made.json()["by"] == "watch officer"
    again = http.post(API + "/outages", json=body)
    assert again.json() == made.json()
    assert get(http, "/outages")["items"] == [made.json()]
    assert http.post(API + "/outages", json={**body, "receiver": "haikou"}).status_code == 409
    assert http.delete(f"{API}/outages/{body['id']}").status_code == 204
    assert http.delete(f"{API}/outages/{body['id']}").status_code == 404
    assert get(http, "/outages")["items"] == []
    assert shore.calls == ["outages"] * 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"end": "2026-11-24T00:00:00Z"}, "end"),
        ({"receiver": "nowhere"}, "receiver"),
        ({"start": "tomorrow"}, "start"),
        ({"reason": ""}, "reason"),
        ({"more": 1}, "more"),
        ({"id": "7"}, "id"),
    ],
)
def test_wrong_outages(one_http: httpx.Client, change: dict, field: str) -> None:
    body = {
        "receiver": "haikou", "start": "2026-11-25T00:00:00Z", "end": "2026-11-25T01:00:00Z",
        "reason": "mast",
    }  # fmt: skip
    answer = one_http.post(API + "/outages", json={**body, **change})
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == [field]
