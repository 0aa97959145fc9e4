"""The page, tiles by byte ranges, land, metrics."""

from __future__ import annotations

import re

import httpx
import pytest

from littoral.api.app import create_app
from littoral.api.server import serving

from .shore import Shore
from .test_guards import is_problem
from .test_resources import API, get


def test_without_a_built_page_it_says_how_to_build_one(one_http: httpx.Client) -> None:
    for path in ("/", "/vessel/1"):
        answer = one_http.get(path)
        assert answer.status_code == 503
        assert "make web" in answer.text


def test_the_page_and_its_routes(shore: Shore, http: httpx.Client) -> None:
    pages = shore.settings.data_dir / "pages"
    (pages / "assets").mkdir(parents=True)
    (pages / "index.html").write_text("<!doctype html>page")
    (pages / "assets" / "app-1a2b.js").write_text("code")
    (pages.parent / "secret.txt").write_text("out of bounds")
    for path in ("/", "/alerts", "/a/b/c", "/index.html"):
        answer = http.get(path)
        assert (answer.status_code, answer.text) == (200, "<!doctype html>page")
        assert answer.headers["cache-control"] == "no-cache"
    script = http.get("/assets/app-1a2b.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "immutable" in script.headers["cache-control"]
    is_problem(http.get("/assets/gone-9.js"), 404)
    for path in ("/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"):
        assert "out of bounds" not in http.get(path).text
    assert http.head("/").status_code == 200


@pytest.fixture
def tiles(shore: Shore) -> bytes:
    folder = shore.settings.data_dir / "tiles"
    folder.mkdir()
    data = bytes(range(256)) * 64
    (folder / "charts 2026.pmtiles").write_bytes(data)
    (folder / "notes.txt").write_text("no tiles")
    (shore.settings.data_dir / "outside.pmtiles").write_bytes(b"outside")
    (folder / "link.pmtiles").symlink_to(shore.settings.data_dir / "outside.pmtiles")
    return data


def test_tiles_are_listed_and_read_by_ranges(http: httpx.Client, tiles: bytes) -> None:
    (listed,) = get(http, "/map/tiles")["items"]
    assert (listed["name"], listed["bytes"]) == ("charts 2026", len(tiles))
    url = listed["url"]
    assert http.get(url).content == tiles
    for asked, part in (
        ("bytes=0-126", tiles[:127]),
        ("bytes=100-", tiles[100:]),
        ("bytes=-10", tiles[-10:]),
    ):
        answer = http.get(url, headers={"range": asked})
        assert answer.status_code == 206
        assert answer.content == part
        assert answer.headers["content-range"].endswith(f"/{len(tiles)}")
        assert answer.headers["content-type"] == "application/vnd.pmtiles"
    for asked in ("bytes=99999-", "bytes=0-1,5-6", "lines=1-2", "bytes=x", "bytes=-", "bytes=9-8"):
        is_problem(http.get(url, headers={"range": asked}), 416)


@pytest.mark.parametrize(
    "name",
    ["outside", "../outside", "..%2foutside", "%2e%2e%2foutside", "link", "notes", ".", "", "a\\b"],
)
def test_tiles_do_not_leave_their_folder(http: httpx.Client, tiles: bytes, name: str) -> None:
    answer = http.get(f"{API}/map/tiles/{name}.pmtiles")
    assert answer.status_code == 404
    assert b"outside" not in answer.content or b"problem" in answer.content


def test_no_tiles_is_an_empty_list(one_http: httpx.Client) -> None:
    assert get(one_http, "/map/tiles") == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("name", ["world", "region"])
def test_land_is_geojson_and_kept_by_its_tag(one_http: httpx.Client, name: str) -> None:
    answer = one_http.get(f"{API}/map/{name}.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.json()["type"] == "FeatureCollection"
    assert len(answer.json()["features"]) > 50
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["etag"]


def test_metrics_are_prometheus_text(shore: Shore, http: httpx.Client) -> None:
    shore.sail({}, {})
    answer = http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    sample = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"\})? -?[0-9.e+-]+')
    assert all(line.startswith(("# HELP ", "# TYPE ")) or sample.fullmatch(line) for line in lines)
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert float(values["littoral_fleet_tracks"]) == 2
    assert float(values["littoral_lines"]) == 120
    assert float(values['littoral_receiver_age_seconds{receiver="haikou"}']) == 2
    assert float(values['littoral_receiver_hearing{receiver="sanya"}']) == 0
    assert float(values['littoral_feed_rejected_total{feed="127.0.0.1:4001"}']) == 2
    assert float(values["littoral_watermark_lag_seconds"]) == 60
    assert float(values["littoral_event_time_seconds"]) == 1795506003.12


def test_the_server_stops_while_a_client_is_connected(shore: Shore) -> None:
    """Leaving `serving` ends it within its grace, and the port is free again."""
    from .test_live import live, read

    with serving(create_app(shore)) as address:
        opened = live(address)  # kept: what nobody holds is closed at once
        assert read(opened.__enter__())["type"] == "hello"
    with pytest.raises(httpx.ConnectError):
        httpx.get(address + API + "/health")
