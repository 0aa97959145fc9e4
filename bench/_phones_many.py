"""Thousands of phones in one process: each runs the client of the protocol (littoral.sim.phone)
over a TLS connection of its own, the server's authority checked.

Reads `--crowd` (JSON: cookies), starts each phone at its moment within `--within` seconds, lets it
try again by the protocol's back-off until its queue is empty or `--until` is over, and writes what
became of each to `--log`. Threads wait for the network alone.
"""

from __future__ import annotations

import argparse
import heapq
import http.client
import json
import random
import ssl
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import orjson

from bench._phones_people import NAME
from littoral.respond.sync.queue import SENT, WAITING
from littoral.sim.phone import Phone
from littoral.store.clock import clock_us
from littoral.store.people.ids import uuid7

THREADS = 96
TIMEOUT_S = 30.0
PHOTO_BYTES = 200_000
API = "/api/v1"


class Answer:
    """What `sim.phone.Phone` asks of an answer."""

    def __init__(self, status: int, headers: http.client.HTTPMessage, body: bytes) -> None:
        self.status_code, self.headers, self.body = status, headers, body

    def json(self) -> Any:
        return orjson.loads(self.body)

    def raise_for_status(self) -> Answer:
        if self.status_code >= 400:
            raise httpx.TransportError(f"{self.status_code} {self.body[:120]!r}")
        return self


class Line:
    """A connection as `Phone` uses one: a tenth of what a full client costs the driver, so that
    more of two cores is the server's."""

    def __init__(self, host: str, port: int, cookie: str, trusted: ssl.SSLContext) -> None:
        self.line = http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=trusted)
        self.headers = {"cookie": cookie, "x-littoral-request": "1", "host": f"{NAME}:{port}"}

    def post(self, path: str, **more: Any) -> Answer:
        return self._ask("POST", path, **more)

    def patch(self, path: str, **more: Any) -> Answer:
        return self._ask("PATCH", path, **more)

    def _ask(
        self, method: str, path: str, json: Any = None, content: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        sent = {**self.headers, **(headers or {})}
        if json is not None:
            content, sent["content-type"] = orjson.dumps(json), "application/json"
        try:
            self.line.request(method, API + path, content, sent)
            answer = self.line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException) as error:
            self.line.close()
            raise httpx.TransportError(str(error)) from error

    def close(self) -> None:
        self.line.close()


@dataclass
class One:
    number: int
    phone: Phone
    line: Line
    report: str = ""
    file: str = ""
    first_s: float = 0.0  # of the first attempt, wall clock
    done_s: float = 0.0
    attempts: int = 0
    said: list[str] = field(default_factory=list)

    def note(self) -> None:
        """The report and its photo, as the user notes them."""
        seed = random.Random(self.number)
        self.report = self.phone.note(
            "incident.report", type="neighbourhood", title=f"第 {self.number} 件",
            lon=110.2 + self.number % 97 / 1000, lat=20.0 + self.number % 89 / 1000,
        )  # fmt: skip
        photo = b"\xff\xd8\xff\xe0" + seed.randbytes(PHOTO_BYTES - 4)
        self.file = self.phone.attach(self.report, photo, "image/jpeg")

    def attempt(self) -> float:
        """By the protocol: the text, the photo, what has changed; when to try again, 0: all is
        done."""
        self.attempts += 1
        phone = self.phone
        try:
            is_done = phone.sync()
        except httpx.HTTPError as error:
            self.said.append(str(error)[:160])
            return self._again()
        if is_done and all(q.state != WAITING for q in phone.queue.values()):
            return 0.0
        return self._again()

    def _again(self) -> float:
        """When the first record that waits is due; the others rest on it."""
        waiting = (q.next_ms for q in self.phone.queue.values() if q.state == WAITING)
        return max(time.time() + 0.05, next(waiting, 0) / 1e3)


class Crowd:
    """Phones whose time has come, oldest first."""

    def __init__(self, until_s: float) -> None:
        self.until_s = until_s
        self.waiting: list[tuple[float, int, One]] = []
        self.open = 0
        self.there = threading.Condition()

    def put(self, at_s: float, one: One) -> None:
        with self.there:
            heapq.heappush(self.waiting, (at_s, one.number, one))
            self.there.notify()

    def take(self) -> One | None:
        """None: all are done, or the time is over."""
        with self.there:
            while True:
                now_s = time.time()
                if not self.open or now_s > self.until_s:
                    self.there.notify_all()
                    return None
                if self.waiting and self.waiting[0][0] <= now_s:
                    return heapq.heappop(self.waiting)[2]
                pause_s = self.waiting[0][0] - now_s if self.waiting else 0.2
                self.there.wait(min(pause_s, 0.2))

    def work(self) -> None:
        while (one := self.take()) is not None:
            if not one.first_s:
                one.note()
                one.first_s = time.time()
            again_s = one.attempt()
            if again_s:
                self.put(again_s, one)
                continue
            one.done_s = time.time()
            one.line.close()
            one.phone.files.clear()
            with self.there:
                self.open -= 1


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--port", type=int, required=True)
    p.add_argument("--authority", type=Path, required=True)
    p.add_argument("--crowd", type=Path, required=True)
    p.add_argument("--begin", type=float, required=True, help="wall clock, s")
    p.add_argument("--within", type=float, required=True)
    p.add_argument("--until", type=float, required=True, help="s after `--begin`")
    p.add_argument("--log", type=Path, required=True)
    a = p.parse_args()
    trusted = ssl.create_default_context(cafile=a.authority)
    crowd, every = Crowd(a.begin + a.until), []
    chance = random.Random(1)
    for number, cookie in enumerate(json.loads(a.crowd.read_text())):
        line = Line("127.0.0.1", a.port, cookie, trusted)
        phone = Phone(line, str(uuid4()), clock_us, uuid7, chance.random)  # type: ignore[arg-type]
        every.append(One(number, phone, line))
        crowd.open += 1
        crowd.put(a.begin + chance.uniform(0.0, a.within), every[-1])
    threads = [threading.Thread(target=crowd.work, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    a.log.write_bytes(orjson.dumps([
        {
            "report": one.report, "file": one.file, "first_s": one.first_s, "done_s": one.done_s,
            "attempts": one.attempts, "said": one.said[:3],
            "sent": sum(q.state == SENT for q in one.phone.queue.values()),
            "codes": sorted(one.phone.aside.values()),
        }
        for one in every
    ]))  # fmt: skip


if __name__ == "__main__":
    main()
