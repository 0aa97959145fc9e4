"""Thousands of clients of the live stream, each with what its own rights let through.

    python -m bench.clients [--quick] [--clients=N] [--seconds=N] [--no-browser]

A real `littoral serve` with sign-in, policies and log, 4,999 clients in one other process (their
sockets and one epoll, bench/_clients_many.py), one page in a real Chromium, and here a radio that
sends 250 positions a second and people of twelve counties who change one incident a second: all on
the same two cores. Accounts and open sessions of the clients are written straight into the records
before the clock starts; each then comes with its own cookie, and is asked about again by the server
all the time. Twenty desks, so twenty views by the policies.

A position has changed when its time has come, whether the radio keeps up or not, and an incident
when the first byte of the request is sent. It is on the screen of a client when the client has read
the whole message, on the page when the frame after it was drawn. At the end each client must have
got every position, and of incidents what `GET /incidents` answers at its desk and no other.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import orjson
import psutil

from bench._clients_people import COUNTIES, DESKS, People, prepare
from bench._harness import QUICK, report, row
from bench._serve import API, Server, free_port
from littoral.sim.encode import encode
from littoral.sim.rows import STATION_BYTES, TEXT_BYTES, ascii_rows, messages, ships

WEB = Path(__file__).parent.parent / "web"


def option(name: str, usual: int) -> int:
    given = [int(a.partition("=")[2]) for a in sys.argv if a.startswith(f"--{name}=")]
    return given[0] if given else usual


CLIENTS = option("clients", 300 if QUICK else 4_999)
SECONDS = option("seconds", 20 if QUICK else 120)
BROWSER = "--no-browser" not in sys.argv
RATE = 250  # positions a second
VESSELS = 2_500  # each is heard every ten seconds, as a ship under way is
INTERVAL_MS = 500  # as the page asks
BEFORE_S, AFTER_S = 12.0, 3.0  # of positions, that nothing is measured of
BOUND_S = 1.0
PEER = "CloudTAK 0.87 s at 100, 18 s at 500 clients (vendor's figure)"


def lines(begin_us: int, count: int) -> tuple[bytes, np.ndarray]:
    """Positions of ships under way from `begin_us` on, `RATE` a second; where each line ends."""
    rows = messages(count)
    number = np.arange(count)
    ship, lap = number % VESSELS, number // VESSELS
    rows["t_us"] = begin_us + number * 1_000_000 // RATE // 1000 * 1000
    rows["mmsi"], rows["msg_type"], rows["nav_status"] = 412_000_000 + ship, 1, 0
    rows["lon_deg"] = 108.7 + (ship % 50) * 0.04 + 0.0005 * lap
    rows["lat_deg"] = 17.2 + (ship // 50) * 0.012
    rows["sog_mps"], rows["cog_deg"], rows["heading_deg"] = 5.0, 90.0, 90.0
    rows["station"] = 0
    made = encode(
        rows, ships(1), ascii_rows(["BENCH"], STATION_BYTES), ascii_rows([""], TEXT_BYTES),
        milliseconds=True,
    )  # fmt: skip
    return made.data.tobytes(), made.ends


@dataclass(eq=False)
class Radio(threading.Thread):
    """Sends each line when its time has come."""

    port: int
    begin_s: float
    count: int
    late_s: float = 0.0  # of the piece that was sent latest after its time

    def __post_init__(self) -> None:
        super().__init__(name="radio")

    def run(self) -> None:
        data, ends = lines(int(self.begin_s * 1e6), self.count)
        view, sent = memoryview(data), 0
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            while sent < self.count:
                due = min(self.count, int((time.time() - self.begin_s) * RATE) + 1)
                if due > sent:
                    self.late_s = max(self.late_s, time.time() - self.begin_s - sent / RATE)
                    line.sendall(view[ends[sent - 1] if sent else 0 : ends[due - 1]])
                    sent = due
                time.sleep(0.004)
            time.sleep(AFTER_S)


@dataclass(eq=False)
class Reporting(threading.Thread):
    """People of the counties: one reports or accepts an incident each second."""

    port: int
    cookies: list[str]
    begin_s: float
    seconds: int
    # Of a version of an incident: when it was asked for.
    asked: dict[tuple[str, int], float] = field(default_factory=dict)
    titles: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(name="reporting")

    def run(self) -> None:
        lines = [http.client.HTTPConnection("127.0.0.1", self.port, timeout=60) for _ in COUNTIES]
        waiting: list[str] = [""] * len(COUNTIES)
        for n in range(self.seconds):
            time.sleep(max(0.0, self.begin_s + n - time.time()))
            county = n % len(COUNTIES)
            title = f"B-{n:06d}"
            if key := waiting[county]:
                path, body = f"/incidents/{key}/steps", {"id": str(uuid4()), "kind": "accept"}
                waiting[county] = ""
            else:
                path = "/incidents"
                body = {"id": str(uuid4()), "type": "fire", "title": title,
                        "lon": 110.3 + 0.01 * (n % 20), "lat": 20.06}  # fmt: skip
                waiting[county] = body["id"]
            self.post(lines[county], self.cookies[county], path, body)

    def post(
        self, line: http.client.HTTPConnection, cookie: str, path: str, body: dict[str, Any]
    ) -> None:
        headers = {
            "cookie": cookie, "content-type": "application/json", "x-littoral-request": "1",
        }  # fmt: skip
        began = time.time()
        try:
            line.request("POST", API + path, json.dumps(body), headers)
            answer = line.getresponse()
            said = answer.read()
        except (http.client.RemoteDisconnected, ConnectionResetError):  # idle for too long
            line.close()
            line.request("POST", API + path, json.dumps(body), headers)
            answer = line.getresponse()
            said = answer.read()
        if answer.status not in (200, 201):
            self.wrong.append(f"{path}: {answer.status} {said[:200]!r}")
            return
        kept = orjson.loads(said)
        self.asked[kept["id"], kept["version"]] = began
        if path == "/incidents":
            self.titles[body["title"]] = began


def readable(server: Server, cookie: str) -> set[str]:
    """Ids of the incidents that a desk may read, over HTTP."""
    found: set[str] = set()
    cursor = ""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", f"{API}/incidents?limit=200{cursor}", headers={"cookie": cookie})
        page = orjson.loads(connection.getresponse().read())
        connection.close()
        found |= {i["id"] for i in page["items"]}
        if not page["next_cursor"]:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def processor_s(processes: list[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        times = process.cpu_times()
        total += times.user + times.system
    return total


def main_thread_s(process: psutil.Process) -> float:
    """Of the thread that serves clients: the first, as the engine has its own."""
    return sum(t.user_time + t.system_time for t in process.threads() if t.id == process.pid)


def with_children(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def measure(folder: Path) -> dict[str, Any]:
    data = folder / "data"
    data.mkdir()
    began = time.monotonic()
    people = prepare(data, CLIENTS)
    prepared_s = time.monotonic() - began
    (folder / "people.json").write_text(json.dumps(people.cookies))
    feed_port = free_port()
    server = Server(
        data, "--tcp-listen", f"127.0.0.1:{feed_port}", "--live-clients", str(CLIENTS + 50),
        cookie=people.page,
    )  # fmt: skip
    many = page = None
    try:
        server.wait()
        process = psutil.Process(server.process.pid)
        lines(0, 1)  # compiled before the clock starts
        radio = Radio(feed_port, time.time() + 1.0, int(BEFORE_S * RATE))
        radio.start()  # the fleet is there before anybody looks
        radio.join()
        server.drain(600.0)  # the first start may compile
        before_bytes = process.memory_info().rss
        began = time.monotonic()
        many = subprocess.Popen(
            [
                sys.executable, "-m", "bench._clients_many", "--port", str(server.port),
                "--path", f"{API}/live?incidents_after=0&interval_ms={INTERVAL_MS}",
                "--people", str(folder / "people.json"), "--log", str(folder / "many.npz"),
            ],
            stdout=subprocess.PIPE,
        )  # fmt: skip
        assert many.stdout is not None
        many.stdout.readline()
        connected_s = time.monotonic() - began
        time.sleep(6.0)  # one round of checks of all
        after_bytes = process.memory_info().rss
        if BROWSER:
            page = subprocess.Popen(
                ["npx", "tsx", "bench/clients.ts", f"http://127.0.0.1:{server.port}", people.page],
                cwd=WEB, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert page.stdout is not None
            if page.stdout.readline().strip() != "ready":
                raise RuntimeError("the page did not open; what it said stands above")
        begin_s = time.time() + 2.0
        count = int((BEFORE_S + SECONDS + AFTER_S) * RATE)
        radio = Radio(feed_port, begin_s, count)
        reporting = Reporting(server.port, people.reporters, begin_s + BEFORE_S, SECONDS)
        radio.start()
        reporting.start()
        time.sleep(max(0.0, begin_s + BEFORE_S - time.time()))
        watched = {
            "server": [process],
            "clients": [psutil.Process(many.pid)],
            "page": with_children(page.pid) if page else [],
            "radio": [psutil.Process()],
        }
        cpu = {name: processor_s(of) for name, of in watched.items()}
        loop_s = main_thread_s(process)
        time.sleep(max(0.0, begin_s + BEFORE_S + SECONDS - time.time()))
        cpu = {name: (processor_s(of) - cpu[name]) / SECONDS for name, of in watched.items()}
        cpu["server's event loop"] = (main_thread_s(process) - loop_s) / SECONDS
        peak_bytes = process.memory_info().rss
        radio.join()
        reporting.join()
        seen_by_page: dict[str, Any] = {}
        if page:
            out, _ = page.communicate("end\n", timeout=60)
            seen_by_page = json.loads(out.strip().splitlines()[-1])
        many.terminate()
        many.wait(600)
        may_read = {
            desk: readable(server, next(c for c, d in people.cookies if d == desk))
            for desk in sorted({d for _, d in people.cookies})
        }
        server.stop()
    finally:
        for started in (many, page, server.process):
            if started is not None and started.poll() is None:
                started.kill()
                started.wait()
    return {
        "people": people, "prepared_s": prepared_s, "connected_s": connected_s, "cpu": cpu,
        "memory": (before_bytes, after_bytes, peak_bytes), "begin_s": begin_s, "count": count,
        "radio": radio, "reporting": reporting, "page": seen_by_page, "may_read": may_read,
        "many": np.load(folder / "many.npz"),
        "told": orjson.loads((folder / "many.json").read_bytes()),
    }  # fmt: skip


@dataclass(eq=False)
class Latencies:
    """Seconds, in bins of a millisecond: there are tens of millions."""

    bins: np.ndarray = field(default_factory=lambda: np.zeros(60_000, np.int64))
    longest: float = 0.0

    def add(self, seconds: np.ndarray) -> None:
        if seconds.size:
            at = np.clip((seconds.ravel() * 1e3).astype(np.int64), 0, len(self.bins) - 1)
            self.bins += np.bincount(at, minlength=len(self.bins))
            self.longest = max(self.longest, float(seconds.max()))

    def percentile(self, share: float) -> float | None:
        """The upper end of its bin."""
        total = int(self.bins.sum())
        if not total:
            return None
        return float(np.searchsorted(np.cumsum(self.bins), share / 100 * total) + 1) / 1e3


def positions(got: dict[str, Any]) -> tuple[Latencies, int, int]:
    """How late they came, and how many of all were missing at a client, or came twice."""
    begin_ms = got["begin_s"] * 1e3
    first, last = int(BEFORE_S * RATE), int((BEFORE_S + SECONDS) * RATE)
    many = got["many"]
    found = Latencies()
    rows_of: dict[int, list[np.ndarray]] = defaultdict(list)
    row_at = who_at = 0
    for deliveries, rows in many["sizes"].tolist():
        clients = many["clients"][who_at : who_at + deliveries]
        at = many["at"][who_at : who_at + deliveries]
        sent_ms = many["last_ms"][row_at : row_at + rows]
        who_at, row_at = who_at + deliveries, row_at + rows
        number = np.round((sent_ms - begin_ms) * RATE / 1e3).astype(np.int64)
        inside = (number >= first) & (number < last)
        if inside.any():
            found.add(at[:, None] - sent_ms[inside][None, :] / 1e3)
            for client in clients.tolist():
                rows_of[client].append(number[inside])
    missing = twice = 0
    for client in range(CLIENTS):
        every = np.concatenate(rows_of[client]) if rows_of[client] else np.zeros(0, np.int64)
        distinct = len(np.unique(every))
        missing += last - first - distinct
        twice += len(every) - distinct
    return found, missing, twice


def incidents(got: dict[str, Any]) -> tuple[Latencies, int, int, int]:
    """How late they came; at how many clients one was missing that the desk may read; how many came
    to one that may not; how many different sets the desks read."""
    asked: dict[tuple[str, int], float] = got["reporting"].asked
    desks = [desk for _, desk in got["people"].cookies]
    found, seen = Latencies(), [set[str]() for _ in range(CLIENTS)]
    for message in got["told"]["boards"]:
        at = np.array(message["at"])
        for key, version in message["rows"]:
            if (key, version) in asked:
                found.add(at - asked[key, version])
            for client in message["clients"]:
                seen[client].add(key)
    may: dict[int, set[str]] = got["may_read"]
    missing = sum(bool(may[desks[n]] - ids) for n, ids in enumerate(seen))
    beyond = sum(len(ids - may[desks[n]]) for n, ids in enumerate(seen))
    return found, missing, beyond, len({frozenset(ids) for ids in may.values()})


def on_the_page(got: dict[str, Any]) -> tuple[Latencies, Latencies]:
    """Positions and incidents: until the frame after them was drawn."""
    moved, listed = Latencies(), Latencies()
    drawn = np.array(got["page"]["pictures"], float).reshape(-1, 2)  # event time, drawn at; ms
    drawn = drawn[np.argsort(drawn[:, 1])]
    newest = np.maximum.accumulate(drawn[:, 0])
    begin_ms = got["begin_s"] * 1e3
    first, last = int(BEFORE_S * RATE), int((BEFORE_S + SECONDS) * RATE)
    sent_ms = begin_ms + np.arange(first, last) * 1e3 / RATE
    shown = np.searchsorted(newest, np.floor(sent_ms))
    if len(drawn):
        late = shown >= len(drawn)
        at = drawn[np.minimum(shown, len(drawn) - 1), 1]
        moved.add(np.where(late, 59.9, (at - sent_ms) / 1e3))
    for title, asked_s in got["reporting"].titles.items():
        at_ms = got["page"]["incidents"].get(title)
        listed.add(np.array([59.9 if at_ms is None else at_ms / 1e3 - asked_s]))
    return moved, listed


def main() -> int:
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="littoral-clients-") as name:
        got = measure(Path(name))
        moved, missing, twice = positions(got)
        changed, short, beyond, sets = incidents(got)
    people: People = got["people"]
    before, after, peak = got["memory"]
    ended = got["told"]["ended"]
    for number, why in ended[:5]:
        print(f"client {number}: {why}")
    for said in got["reporting"].wrong[:5]:
        print(said)
    p99 = moved.percentile(99)
    rows = [
        row("clients", CLIENTS - len(ended), ""),
        row("clients that were refused or fell", len(ended), "", at_most=0),
        row("views by the policies", people.views, "", at_least=len(DESKS)),
        row("positions a second", RATE, "1/s"),
        row("incident changes a second", len(got["reporting"].asked) / SECONDS, "1/s",
            at_least=0.98),
        row("seconds", SECONDS, "s"),
        row("position at a client, p50", moved.percentile(50), "s"),
        row("position at a client, p99", p99, "s", at_most=BOUND_S, peer=PEER),
        row("bound against it", None if p99 is None else BOUND_S / p99, "x", at_least=1.0),
        row("position at a client, longest", moved.longest, "s"),
        row("positions delivered", int(moved.bins.sum()), ""),
        row("positions that never came, over all clients", missing, "", at_most=0),
        row("positions told again, as when the engine is behind", twice, ""),
        row("incident at a client, p50", changed.percentile(50), "s"),
        row("incident at a client, p99", changed.percentile(99), "s", at_most=BOUND_S),
        row("incident at a client, longest", changed.longest, "s"),
        row("incidents delivered", int(changed.bins.sum()), ""),
        row("clients that lack an incident of their view", short, "", at_most=0),
        row("incidents at a client that may not read them", beyond, "", at_most=0),
        row("different sets of incidents that the desks read", sets, ""),
    ]  # fmt: skip
    if BROWSER:
        drawn, listed = on_the_page(got)
        rows += [
            row("position on the page, p50", drawn.percentile(50), "s"),
            row("position on the page, p99", drawn.percentile(99), "s", at_most=BOUND_S),
            row("incident on the page, p50", listed.percentile(50), "s"),
            row("incident on the page, p99", listed.percentile(99), "s", at_most=BOUND_S),
        ]
    rows += [
        row("memory a client", (after - before) / CLIENTS / 1e3, "kB"),
        row("resident memory of the server, at the end", peak / 2**30, "GiB"),
        row("all connected after", got["connected_s"], "s"),
        row("messages to clients", got["told"]["messages"], ""),
        row("bytes to clients", got["told"]["bytes"] / 1e9, "GB"),
        *(row(f"processor: {name}", cores, "cores") for name, cores in got["cpu"].items()),
        row("radio late, at most", got["radio"].late_s, "s"),
        row("requests answered otherwise", len(got["reporting"].wrong), "", at_most=0),
        row("accounts and sessions written before", got["prepared_s"], "s"),
        row("load average of a minute, before", load, "1"),
    ]
    return report("clients", rows)


if __name__ == "__main__":
    sys.exit(main())
