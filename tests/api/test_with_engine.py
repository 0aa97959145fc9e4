"""The API over the real engine: from bytes at the intake to a client of the live stream."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import reduce
from operator import xor

import httpx
import pytest
from pyais import encode_dict

from littoral.api.app import create_app
from littoral.api.server import serving
from littoral.engine.live import Live
from littoral.engine.setup import Plan, live_of

from .fleets import NOW_US
from .test_live import live, wait_for
from .test_resources import API, get

FEED = "127.0.0.1:4001"
COMPILE_S = 240  # the first report compiles what is not in Numba's cache yet


def line(mmsi: int, at_us: int, lon: float, lat: float, status: int = 0, sog: float = 5.0) -> bytes:
    """A type 1 report with receiver and time in its tag block; encoded by pyais."""
    tag = f"s:haikou,c:{at_us // 1_000_000}"
    check = reduce(xor, tag.encode())
    report = {
        "type": 1, "mmsi": mmsi, "lon": lon, "lat": lat, "speed": sog, "course": 90.0,
        "heading": 90, "status": status, "second": 3,
    }  # fmt: skip
    (sentence,) = encode_dict(report, talker_id="AI", radio_channel="A")
    return f"\\{tag}*{check:02X}\\{sentence}\r\n".encode()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    made = live_of(Plan(tmp_path_factory.mktemp("engine"), detectors=("distress",)))
    made.start()
    made.intake.opened(FEED, "tcp", "connection 1")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def engine_address(engine: Live) -> Iterator[str]:
    with serving(create_app(engine)) as url:
        yield url


def send(engine: Live, *lines: bytes) -> None:
    engine.intake.take("connection 1", b"".join(lines), time.time_ns() // 1000)


def test_each_alert_comes_to_a_client_by_the_report_that_completes_it(
    engine: Live, engine_address: str
) -> None:
    """A distress device (MMSI 970..., status 14: ITU-R M.1371-5 table 45, M.585-9) is an alert by
    its first report: nothing more is sent until it has come. How soon is measured by bench live."""
    with live(engine_address, "?alerts_after=0&interval_ms=1000") as stream:
        wait_for(stream, "frame")
        send(engine, line(970_111_000, NOW_US, 110.5, 19.5, 14))
        wait_for(stream, "alerts", COMPILE_S)
        for number in range(1, 31):
            mmsi = 970_111_000 + number
            # Well apart, so that they are not one emergency.
            lon, lat = 108.6 + 0.1 * (number % 6), 17.2 + 0.1 * (number // 6)
            send(engine, line(mmsi, NOW_US + number * 1_000_000, lon, lat, 14))
            come: set[int] = set()
            while mmsi not in come:
                rows = wait_for(stream, "alerts", COMPILE_S)["rows"]
                come |= {t["mmsi"] for row in rows for t in row["things"]}


def test_what_the_engine_knows_is_what_the_api_says(engine: Live, engine_address: str) -> None:
    at_us = NOW_US + 60_000_000
    with live(engine_address, "?interval_ms=200") as stream:
        wait_for(stream, "frame")
        send(engine, line(412_000_777, at_us, 110.2, 20.1, sog=12.3))
        vessels = wait_for(stream, "vessels", COMPILE_S)["rows"]
        assert [v["mmsi"] for v in vessels] == [412_000_777]
        _, columns = wait_for(stream, "frame")
        assert columns["track"].tolist() == [vessels[0]["track"]]
        assert columns["lon"][0] == pytest.approx(110.2, abs=1e-6)
        assert columns["sog_mps"][0] == pytest.approx(12.3 * 1852 / 3600, abs=0.01)
    with httpx.Client(base_url=engine_address, timeout=20) as http:
        track = get(http, f"/tracks/{vessels[0]['id']}")
        assert (track["sog_kn"], track["cog_deg"], track["state"]) == (12.3, 90.0, "live")
        assert get(http, "/search", q="412000777")["items"][0]["id"] == track["id"]
        health = get(http, "/health")
        assert [r["name"] for r in health["receivers"]][-1] == "haikou"
        assert health["counts"]["lines"] >= 1
        assert health["event_time"] >= "2026-11-24T07:41:03"


def test_evidence_is_the_line_that_was_sent(engine: Live, engine_address: str) -> None:
    at_us = NOW_US + 120_000_000
    sent = line(970_222_001, at_us, 111.5, 18.5, 14)
    with httpx.Client(base_url=engine_address, timeout=20) as http:
        with live(engine_address, "?interval_ms=10000") as stream:
            wait_for(stream, "frame")
            send(engine, sent)
            # The later time confirms earlier alerts too; this one is told apart by its device.
            alert = None
            while alert is None:
                for row in wait_for(stream, "alerts", COMPILE_S)["rows"]:
                    if any(t["mmsi"] == 970_222_001 for t in row["things"]):
                        alert = row
        evidence = get(http, f"/alerts/{alert['id']}/evidence")
        assert evidence["missing"] == []
        (observation,) = evidence["observations"]
        assert (observation["mmsi"], observation["lat"]) == (970_222_001, 18.5)
        assert observation["t"] == "2026-11-24T07:42:03.000Z"
        (kept,) = evidence["lines"]
        # A backslash is written twice, so that other bytes can be written as \x..
        assert kept["text"] == sent.decode().strip().replace("\\", "\\\\")
        assert kept["source"]


def test_a_new_fence_reaches_the_engine_and_the_pages(engine: Live, engine_address: str) -> None:
    from .test_geofences import fence

    with (
        httpx.Client(base_url=engine_address, timeout=20) as http,
        live(engine_address, "?interval_ms=10000") as stream,
    ):
        wait_for(stream, "frame")
        assert http.post(API + "/geofences", json=fence()).status_code == 201
        wait_for(stream, "geofences", 20)
        assert "fence-1" in [f.id for f in engine.world.geofences]
        assert http.delete(API + "/geofences/fence-1").status_code == 204
        wait_for(stream, "geofences", 20)
        assert "fence-1" not in [f.id for f in engine.world.geofences]
