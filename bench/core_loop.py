"""Create an incident and assign a unit, at 10,000 incidents, by 50 people, in the live load.

    python -m bench.core_loop [--quick] [--seconds=N]

A real `littoral serve` with sign-in, policies and log in a process of its own takes in 2,000 AIS
messages a second as in the bench `live`. Its records hold 10,000 incidents (a tenth open) and the
responders; 50 accounts, each at a desk of its own county, go on reporting an incident and sending
a responder to it, one every ten seconds, each over a connection of its own as a browser keeps one.
Measured from the first byte sent to the last byte read of the answer. Each is in the records and in
the tamper-evident log, synced, before it is answered. Every connection that the server opens to
elsewhere is noted by an audit hook (bench/_watched.py): there may be none. Compared with what
TicketsCAD needs for the two (0.041 s and 0.024 s, measured elsewhere, one user, no load).
"""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import psutil

from bench._harness import QUICK, report, row
from bench._serve import API, Server, free_port
from littoral.cli.sign_in import gate_over
from littoral.respond.incident.step import Step
from littoral.respond.task.responder import Responder
from littoral.store import incidents, responders
from littoral.store.people import accounts
from littoral.store.people.accounts import Membership
from littoral.store.people.identity import TOTP
from littoral.store.people.organisations import Agency
from littoral.store.people.signin import Origin
from littoral.store.records import Records

INCIDENTS, USERS = (1_000, 50) if QUICK else (10_000, 50)
OPEN_SHARE = 0.1
EVERY_S = 10.0
RATE, WARM_S = 2_000.0, 20.0 if QUICK else 150.0
SECONDS = [float(a.partition("=")[2]) for a in sys.argv if a.startswith("--seconds=")]
LIVE_S = SECONDS[0] if SECONDS else 20.0 if QUICK else 300.0
RUN_IN_S = 5.0  # from the end of the warming up, while the server still settles it
COUNTIES = (
    "460100", "460200", "460400", "469002", "469005", "469006", "469007", "469023", "469024",
    "469026", "469027", "469028",
)  # fmt: skip
BOUND_S = 0.04


def prepare(data: Path) -> list[tuple[str, list[str]]]:
    """The records as they are when the bench begins; for each user the cookie and the responders
    that are theirs to send, enough for each to be sent once."""
    cycles = int((LIVE_S + WARM_S) / EVERY_S) + 5
    with (
        Records.open(f"sqlite:///{data / 'records.sqlite'}") as records,
        gate_over(data, records) as gate,
    ):
        directory, base = gate.people.directory, gate.people.base
        directory.put_agencies(
            [Agency(f"bench-{c}", "police", c, "公安", "police", 0) for c in COUNTIES], "bench"
        )

        users = []
        for n in range(USERS):
            county = COUNTIES[n % len(COUNTIES)]
            place = Membership("watch_lead", county, f"bench-{county}")
            with base.database.write() as connection:
                made = accounts.create(
                    connection, f"user{n}", f"值班长 {n}", [place], "bench", base.now_us(),
                    accounts.ACTIVE,
                )  # fmt: skip
                boats = [
                    Responder(
                        str(uuid4()), f"艇 {n}-{m}", "boat", county, "police", speed_mps=15.0,
                        base=(110.3, 20.06),
                    )
                    for m in range(cycles)
                ]  # fmt: skip
                for boat in boats:
                    responders.create(connection, boat)
            begun = gate.people.signin.begin_for(made.id, TOTP, Origin("127.0.0.1"))
            users.append((f"littoral_session={begun.token}", [b.id for b in boats]))
        now_us = base.now_us()
        for first in range(0, INCIDENTS, 500):
            with records.database.write() as connection:
                for n in range(first, min(first + 500, INCIDENTS)):
                    before_us = now_us - (INCIDENTS - n) * 300_000_000
                    for step in history(n, before_us):
                        incidents.take(connection, step, 2026, step.at_us)
    return users


def history(n: int, at_us: int) -> list[Step]:
    """The n-th incident of before: reported, and mostly dealt with."""
    key, county = str(UUID(int=n + 1)), COUNTIES[n % len(COUNTIES)]
    fields = {
        "type": "fire", "severity": "ordinary", "title": f"第 {n} 件", "area": county,
        "desk": county, "lead_agency": "police", "lon_deg": 110.0 + n % 97 / 100,
        "lat_deg": 19.0 + n % 89 / 100, "sources": [{"kind": "hotline", "ref": f"h-{n}"}],
    }  # fmt: skip
    made = [Step(key, key, "report", at_us, "bench", f"{county}/police", fields)]
    if n % round(1 / OPEN_SHARE):
        over = {"reason": "演练", "outcome": "drill"}
        by = f"{county}/police"
        made.append(Step(str(uuid4()), key, "reject", at_us + 60_000_000, "bench", by, over))
    return made


@dataclass
class User:
    """One person at a desk, with one connection, as a browser keeps it."""

    port: int
    cookie: str
    boats: list[str]
    seed: int
    times: dict[str, list[tuple[float, float]]] = field(
        default_factory=lambda: {"create": [], "assign": []}
    )  # when, and how long
    wrong: list[str] = field(default_factory=list)

    def run(self, begin_s: float, end_s: float) -> None:
        chance = random.Random(self.seed)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        at_s = begin_s + chance.uniform(0.0, EVERY_S)
        while at_s < end_s and self.boats:
            time.sleep(max(0.0, at_s - time.monotonic()))
            key = str(uuid4())
            self.post(
                connection, "create", "/incidents",
                {"id": key, "type": "fire", "title": "渔船起火",
                 "lon": chance.uniform(108.6, 111.0), "lat": chance.uniform(18.2, 20.1)},
            )  # fmt: skip
            time.sleep(chance.uniform(0.5, 3.0))  # looks who can be there first
            self.post(
                connection, "assign", "/tasks",
                {"id": str(uuid4()), "incident": key, "responder": self.boats.pop()},
            )  # fmt: skip
            at_s += EVERY_S
        connection.close()

    def post(
        self, connection: http.client.HTTPConnection, what: str, path: str, body: dict[str, Any]
    ) -> None:
        headers = {
            "cookie": self.cookie, "content-type": "application/json", "x-littoral-request": "1",
        }  # fmt: skip
        text = json.dumps(body)
        began = time.monotonic()
        connection.request("POST", API + path, text, headers)
        answer = connection.getresponse()
        said = answer.read()
        self.times[what].append((began, time.monotonic() - began))
        if answer.status != 201:
            self.wrong.append(f"{what}: {answer.status} {said[:200]!r}")


def measure(folder: Path) -> dict[str, Any]:
    data = folder / "data"
    data.mkdir()
    began = time.monotonic()
    people = prepare(data)
    prepared_s = time.monotonic() - began
    feed_port, noted = free_port(), folder / "connections.txt"
    os.environ["LITTORAL_CONNECTIONS"] = str(noted)
    server = Server(
        data, "--tcp-listen", f"127.0.0.1:{feed_port}", cookie=people[0][0],
        program="bench._watched",
    )  # fmt: skip
    feed = None
    try:
        server.wait()
        feed = subprocess.Popen(
            [
                sys.executable, "-m", "bench._live_feed", "--port", str(feed_port),
                "--page", str(server.port), "--rate", str(RATE), "--warm", str(WARM_S),
                "--live", str(LIVE_S), "--share", "1.0", "--seed", "5",
                "--log", str(folder / "feed.npz"), "--cookie", people[0][0],
            ]
        )  # fmt: skip
        wait_until_live(server, feed)
        begin_s = time.monotonic() + RUN_IN_S
        users = [User(server.port, c, boats, n) for n, (c, boats) in enumerate(people)]
        end_s = begin_s + LIVE_S - RUN_IN_S - EVERY_S
        threads = [threading.Thread(target=u.run, args=(begin_s, end_s)) for u in users]
        process = psutil.Process(server.process.pid)
        before = process.cpu_times()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        after = process.cpu_times()
        seconds = time.monotonic() - begin_s
        feed.wait(120)
        counts = server.get("/health")["counts"]
        server.stop()
    finally:
        for started in (feed, server.process):
            if started is not None and started.poll() is None:
                started.kill()
                started.wait()
    return {
        "prepared_s": prepared_s,
        "users": users,
        "seconds": seconds,
        "cpu": (after.user + after.system - before.user - before.system) / seconds,
        "counts": counts,
        "outside": noted.read_text().splitlines() if noted.exists() else [],
    }


def wait_until_live(server: Server, feed: subprocess.Popen[bytes]) -> None:
    """Until what came first, as fast as it was taken, is in the engine."""
    lines = RATE * WARM_S * 0.98
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        if feed.poll() is not None:
            raise RuntimeError(f"the sender ended with {feed.returncode}\n{server.said()}")
        counts = server.get("/health")["counts"]
        if counts["lines"] >= lines and counts["behind_bytes"] < 1_000_000:
            return
        time.sleep(0.2)
    raise RuntimeError(f"the warming up was not read\n{server.said()}")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="littoral-core-") as name:
        got = measure(Path(name))
    users: list[User] = got["users"]
    wrong = [w for u in users for w in u.wrong]
    for said in wrong[:5]:
        print(said)
    for said in got["outside"][:5]:
        print(said)
    rows = []
    peers = {"create": "TicketsCAD 0.041 s", "assign": "TicketsCAD 0.024 s"}
    words = {"create": "create an incident", "assign": "assign a unit"}
    for what in ("create", "assign"):
        took = np.array([s for u in users for _, s in u.times[what]])
        rows += [
            row(f"{words[what]}, requests", len(took), ""),
            row(f"{words[what]}, p50", float(np.percentile(took, 50)), "s"),
            row(
                f"{words[what]}, p99", float(np.percentile(took, 99)), "s", at_most=BOUND_S,
                peer=peers[what],
            ),
            row(f"{words[what]}, longest", float(took.max()), "s"),
        ]  # fmt: skip
    rows += [
        row("answered otherwise than 201", len(wrong), "requests", at_most=0),
        row("incidents before", INCIDENTS, ""),
        row("people at once", USERS, ""),
        row("connections to elsewhere", len(got["outside"]), "", at_most=0),
        row("live load", float(got["counts"]["lines"]), "lines"),
        row("server's processor", got["cpu"], "cores"),
        row("records prepared", got["prepared_s"], "s"),
    ]
    return report("core-loop", rows)


if __name__ == "__main__":
    sys.exit(main())
