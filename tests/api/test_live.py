"""The live stream over a real server and real sockets: docs/live-stream.md."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import numpy as np
import psutil
import pytest
import sqlalchemy as sa
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from littoral.api.live import frame
from littoral.engine.fleet_view import next_view

from . import vectors
from .fleets import MINUTE_US, NOW_US, fleet_of, large_fleet
from .shore import Shore
from .test_resources import API

EXAMPLES = json.loads((vectors.FOLDER / "messages.json").read_text())


@contextmanager
def live(address: str, query: str = "", **options: Any) -> Iterator[ClientConnection]:
    url = address.replace("http", "ws", 1) + API + "/live" + query
    with connect(url, compression=None, max_size=None, **options) as stream:
        yield stream


def read(stream: ClientConnection, timeout_s: float = 5.0) -> Any:
    """A JSON message, or a frame as (event time in ms, columns)."""
    message = stream.recv(timeout=timeout_s)
    return json.loads(message) if isinstance(message, str) else frame.decode(message)


def wait_for(stream: ClientConnection, kind: str, timeout_s: float = 5.0) -> Any:
    """The next message of a type; `frame` for binary ones."""
    end = time.monotonic() + timeout_s
    while True:
        message = read(stream, max(0.01, end - time.monotonic()))
        if kind == ("frame" if isinstance(message, tuple) else message["type"]):
            return message


def same_shape(example: Any, given: Any, at: str = "") -> None:
    """Keys and types as in the example; null stands for any."""
    if example is None or given is None:
        return
    if isinstance(example, bool | str) or example is None:
        assert type(given) is type(example), at
    elif isinstance(example, int | float):
        assert isinstance(given, int | float), at
    elif isinstance(example, list):
        for item in given:
            same_shape(example[0], item, at + "[]")
    elif at.endswith((".counts", ".facts", ".settings")):
        assert isinstance(given, dict), at
    else:
        assert set(given) >= set(example), at
        for key, value in example.items():
            same_shape(value, given[key], f"{at}.{key}")


def test_a_client_is_told_everything_in_order(shore: Shore, address: str) -> None:
    shore.sail({"name": b"QIONG LIN YU 01234", "sog_mps": 5.0, "ring": 2}, {"kind": 1})
    with live(address, "?interval_ms=200") as stream:
        hello = read(stream)
        assert hello == {
            "type": "hello", "event_time": "2026-11-24T07:40:03.120Z", "speed": 60.0, "seq": 0,
            "reset": True,
        }  # fmt: skip
        health = wait_for(stream, "health")
        vessels = wait_for(stream, "vessels")
        event_ms, columns = wait_for(stream, "frame")
    same_shape(EXAMPLES["hello"], hello)
    same_shape(EXAMPLES["health"], health, ".health")
    same_shape(EXAMPLES["vessels"], vessels)
    assert [v["track"] for v in vessels["rows"]] == [0, 1]
    assert vessels["rows"][0]["name"] == "QIONG LIN YU 01234"
    assert vessels["rows"][1]["kind"] == "class_b"
    assert event_ms == NOW_US / 1000
    assert columns["track"].tolist() == [0, 1]
    assert columns["sog_mps"][0] == 5.0
    assert np.isnan(columns["heading_deg"]).all()
    assert (columns["ring"].tolist(), columns["state"].tolist()) == ([2, -1], [0, 0])
    assert columns["last_ms"].tolist() == [(NOW_US - 5_000_000) / 1000] * 2


def test_an_empty_sea_is_an_empty_frame(shore: Shore, address: str) -> None:
    with live(address) as stream:
        assert read(stream)["type"] == "hello"
        _, columns = wait_for(stream, "frame")
        assert len(columns["track"]) == 0


def test_only_what_changed_comes_next(shore: Shore, address: str) -> None:
    shore.sail({}, {}, {})
    with live(address, "?interval_ms=200") as stream:
        assert len(wait_for(stream, "frame")[1]["track"]) == 3
        shore.sail({}, {"last_obs_id": 7, "lon_deg": 111.5, "last_us": NOW_US}, {})
        _, columns = wait_for(stream, "frame")
        assert (columns["track"].tolist(), columns["lon"].tolist()) == ([1], [111.5])
        shore.sail(
            {"name": b"NEW NAME", "static_us": 1}, {"last_us": NOW_US, "last_obs_id": 7,
             "lon_deg": 111.5}, {"last_us": NOW_US - 400 * MINUTE_US}
        )  # fmt: skip
        vessels = wait_for(stream, "vessels")
        assert [(v["track"], v["name"]) for v in vessels["rows"]] == [(0, "NEW NAME")]
        _, columns = wait_for(stream, "frame")
        assert dict(zip(columns["track"].tolist(), columns["state"].tolist(), strict=True)) == {
            0: 0,
            2: 2,
        }


def test_a_new_generation_is_a_new_hello(shore: Shore, address: str) -> None:
    shore.sail({}, {})
    with live(address, "?interval_ms=200") as stream:
        wait_for(stream, "frame")
        shore.show(fleet_of({}), generation=1)
        hello = wait_for(stream, "hello")
        assert hello["reset"] is True
        assert len(wait_for(stream, "vessels")["rows"]) == 1
        assert wait_for(stream, "frame")[1]["track"].tolist() == [0]


def test_alerts_come_at_once_and_not_at_the_interval(shore: Shore, address: str) -> None:
    with live(address, "?interval_ms=10000") as stream:
        wait_for(stream, "frame")
        for number in range(1, 21):
            shore.raise_alerts({"number": number})
            message = wait_for(stream, "alerts")  # in less than the interval, or it fails
            assert [int(a["id"], 16) for a in message["rows"]] == [number]
            assert message["seq"] == message["rows"][-1]["seq"] == number
        same_shape(EXAMPLES["alerts"], message)
        assert set(EXAMPLES["alerts"]["rows"][0]) == set(message["rows"][0])


def test_alerts_after_a_seq(shore: Shore, address: str) -> None:
    shore.raise_alerts(*({"number": n} for n in range(1, 6)))

    def first(query: str) -> list[int]:
        with live(address, query) as stream:
            assert read(stream)["seq"] == 5
            message = read(stream)
            return [a["seq"] for a in message["rows"]] if message["type"] == "alerts" else []

    assert first("?alerts_after=0") == [1, 2, 3, 4, 5]
    assert first("?alerts_after=3") == [4, 5]
    assert first("?alerts_after=5") == []
    assert first("?alerts_after=99") == []  # of another database: begins at the newest
    assert first("") == []


def test_a_changed_alert_comes_again(shore: Shore, address: str) -> None:
    shore.raise_alerts({"number": 1}, {"number": 2})
    with live(address, "?alerts_after=2") as stream:
        wait_for(stream, "frame")
        shore.raise_alerts({"number": 1, "end_us": NOW_US})
        (row,) = wait_for(stream, "alerts")["rows"]
        assert (int(row["id"], 16), row["seq"], row["revision"]) == (1, 3, 2)


def test_long_history_of_alerts_comes_whole(shore: Shore, address: str) -> None:
    shore.raise_alerts(*({"number": n} for n in range(1, 1201)))
    with live(address, "?alerts_after=0") as stream:
        seqs: list[int] = []
        while len(seqs) < 1200:
            message = wait_for(stream, "alerts")
            seqs += [a["seq"] for a in message["rows"]]
            assert message["seq"] == seqs[-1]
    assert seqs == list(range(1, 1201))


def test_what_an_operator_does_comes_to_the_others(
    shore: Shore, address: str, http: httpx.Client
) -> None:
    shore.raise_alerts({"number": 1})
    with live(address, "?alerts_after=1") as stream:
        wait_for(stream, "frame")
        body = {"id": "0199f6e0-0000-7000-8000-000000000001", "action": "acknowledge"}
        assert http.post(f"{API}/alerts/{1:024x}/actions", json=body).status_code == 200
        (row,) = wait_for(stream, "alerts")["rows"]
        assert (row["handling"], row["handled_by"]) == ("acknowledged", "watch officer")


def test_changed_geofences_are_announced(shore: Shore, address: str, http: httpx.Client) -> None:
    from .test_geofences import fence

    with live(address) as stream:
        wait_for(stream, "frame")
        assert http.post(API + "/geofences", json=fence()).status_code == 201
        assert wait_for(stream, "geofences") == EXAMPLES["geofences"]


def test_health_comes_every_second(shore: Shore, address: str) -> None:
    with live(address, "?interval_ms=10000") as stream:
        for _ in range(2):  # that of joining, and the next at whatever moment it was due
            wait_for(stream, "health")
        start = time.monotonic()
        for _ in range(3):
            wait_for(stream, "health")
        # Three seconds; what a busy machine brings late shortens what is left.
        assert time.monotonic() - start > 2.0


@pytest.mark.parametrize("query", ["?interval_ms=fast", "?alerts_after=-1", "?alerts_after=1e3"])
def test_a_wrong_parameter_is_named(one_address: str, query: str) -> None:
    with live(one_address, query) as stream, pytest.raises(ConnectionClosed) as caught:
        read(stream)
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1008
    assert query[1:].partition("=")[0] in caught.value.rcvd.reason


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:1", "null"])
def test_pages_of_others_get_no_stream(one_address: str, origin: str) -> None:
    with (
        pytest.raises(InvalidStatus) as caught,
        live(one_address, additional_headers={"Origin": origin}),
    ):
        pass
    assert caught.value.response.status_code == 403


def test_our_page_gets_the_stream(one_address: str) -> None:
    with live(one_address, additional_headers={"Origin": one_address}) as stream:
        assert read(stream)["type"] == "hello"


def test_what_a_client_says_is_bounded_and_ignored(shore: Shore, address: str) -> None:
    with live(address, "?interval_ms=200") as stream:
        wait_for(stream, "frame")
        stream.send("hello?")
        shore.sail({})
        assert len(wait_for(stream, "frame")[1]["track"]) == 1
        stream.send("x" * 5000)
        with pytest.raises(ConnectionClosed) as caught:
            wait_for(stream, "nothing that comes")
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1009


@contextmanager
def deaf(address: str) -> Iterator[socket.socket]:
    """A client that asks for the stream and never reads what comes."""
    host, port = address.removeprefix("http://").split(":")
    with socket.socket() as plain:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        plain.connect((host, int(port)))
        plain.sendall(
            f"GET {API}/live?interval_ms=200 HTTP/1.1\r\nHost: {host}:{port}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        yield plain


def clients(http: httpx.Client) -> int:
    (line,) = re.findall(r"^littoral_live_clients (\d+)$", http.get("/metrics").text, re.M)
    return int(line)


def test_a_client_that_does_not_read_holds_back_nobody(
    shore: Shore, address: str, http: httpx.Client
) -> None:
    """20,000 vessels all move at each frame. A client that reads nothing would be owed some 25 MB;
    the other one gets frames and alerts in time, memory stays, and the deaf one is dropped after
    the time allowed (2 s here)."""
    fleet = large_fleet(20_000)
    shore.show(fleet)
    process = psutil.Process()
    with deaf(address), live(address, "?interval_ms=200") as fast:
        assert clients(http) == 2  # at once: a busy machine may need 2 s for the first frame
        wait_for(fast, "frame", 20)
        before = peak = process.memory_info().rss
        told = 0
        for step in range(1, 26):
            fleet.last_obs_id[:] += 1
            shore.show(fleet, NOW_US + step * 1000)
            shore.raise_alerts({"number": step})
            wanted = {"alerts", NOW_US / 1000 + step}
            while wanted:
                message = read(fast, 10)
                if isinstance(message, tuple):
                    assert len(message[1]["track"]) == 20_000
                    wanted.discard(message[0])
                elif message["type"] == "alerts":
                    told += 1
                    wanted.discard("alerts")
            peak = max(peak, process.memory_info().rss)
        assert told == 25
        assert peak - before < 16e6  # frames under way and their parts; 25 of them are 23 MB
        end = time.monotonic() + 10
        while clients(http) != 1:
            assert time.monotonic() < end, "the deaf client was not dropped"
            wait_for(fast, "health", 10)


def test_a_slow_reader_is_served_again_with_the_newest(shore: Shore, address: str) -> None:
    """While it does not read, positions change a hundred times; then it gets the last, not a
    hundred: the pictures in between were never queued."""
    fleet = large_fleet(2000)
    shore.show(fleet)
    view = shore.fleet()
    with live(address, "?interval_ms=200", max_queue=1) as stream:
        wait_for(stream, "frame")
        for step in range(1, 101):
            fleet.last_obs_id[:] += 1
            fleet.lon_deg[:] = 100 + step / 100
            shore.show(fleet, NOW_US + step * 1000)
        frames = []
        while not frames or frames[-1][0] < NOW_US / 1000 + 100:
            frames.append(wait_for(stream, "frame"))
        assert frames[-1][1]["lon"].tolist() == [101.0] * 2000
        assert len(frames) <= 10
    assert next_view(view, fleet, NOW_US).counter == view.counter + 1


def test_boards_that_nobody_reads_cost_no_question(shore: Shore, address: str) -> None:
    """However often the engine has something new; and who comes then misses nothing."""
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "counters" in statement:
            asked.append(statement)

    with live(address) as stream:
        wait_for(stream, "frame")
        sa.event.listen(shore.records.database._engine, "before_cursor_execute", note)
        for number in range(1, 6):
            shore.raise_alerts({"number": number})
            wait_for(stream, "alerts")
        wait_for(stream, "health")
        counting = [s for s in asked if s.lstrip().upper().startswith("SELECT")]
        assert counting == []
        with live(address, "?incidents_after=0") as board:
            assert read(board)["after"] == {"incidents": 0}
            wait_for(board, "health")
            assert asked
