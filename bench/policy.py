"""Decisions by the shipped policies: one at a time with fresh entities, and lists by a filter.

    python -m bench.policy [--quick]

Requests are the questions of tests/access/corpus.csv, one for each rule: allowed and denied, all
actions, roles and data classes. Each decision is of its own account and thing; the policies are
prepared, as in a server, and each kind of request was met before, but for the row that says what
the first of a kind costs. Beside the time by the clock stands the processor's, which other work on
the machine does not lengthen. The share of a request's time is
that of the smallest request FastAPI can answer, so in a real one it is less.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import replace

import numpy as np
import pyarrow as pa
from fastapi import FastAPI

from bench._harness import QUICK, pin_one_core, report, row
from littoral.access import Circumstances, Decider, Principal, mask, shipped
from littoral.access.request import Received
from tests.access.asking import NOW_US, Question, lines, question

ROUNDS = 5 if QUICK else 40
ROWS = 10_000
LISTS = 20 if QUICK else 100
REQUESTS = 300 if QUICK else 2000
RECEIVED = tuple(Received(kind, f"46{n:02d}") for n in range(5) for kind in ("*", "incident"))


def fresh(asked: Question, n: int) -> Question:
    """The same question by another account about another thing."""
    return replace(
        asked,
        principal=replace(asked.principal, id=f"user-{n}"),
        resource=replace(asked.resource, id=f"thing-{n}"),
    )


def spread(seconds: list[float]) -> tuple[float, float]:
    """Median and 99th percentile, in ms."""
    ordered = np.sort(np.asarray(seconds)) * 1e3
    return float(np.percentile(ordered, 50)), float(np.percentile(ordered, 99))


def table(rng: np.random.Generator) -> pa.Table:
    """Alerts of 19 areas, 40 units and all classes."""
    area = [f"46{n:02d}" for n in range(19)]
    here = rng.integers(0, 19, ROWS)
    shared = rng.random(ROWS) < 0.1
    agencies = np.array(["police", "coast_police", "customs", "maritime"])
    classes = np.array(["operational", "personal", "public", "sensitive"])
    return pa.table(
        {
            "data_class": classes[rng.choice(4, ROWS, p=[0.7, 0.2, 0.05, 0.05])],
            "unit": np.array([f"unit-{n}" for n in rng.integers(0, 40, ROWS)]),
            "agency": agencies[rng.integers(0, 4, ROWS)],
            "areas": [[area[n], "46"] for n in here],
            "shared_with": [["unit-a"] if s else [] for s in shared],
            "kind": np.array(["", "dismissed", "held"])[rng.integers(0, 3, ROWS)],
        }
    )


def decisions(
    decider: Decider, received: tuple[Received, ...] = ()
) -> tuple[list[float], list[float], list[float]]:
    """Seconds of each decision by the clock and by the processor; and of the first of each kind.
    `received`: agreements that each asker is party to."""
    asked = [question(line) for line in lines("corpus.csv")]
    asked = [q for q in asked if not q.first_start]
    asked = [replace(q, principal=replace(q.principal, received=received)) for q in asked]
    first = []
    for q in asked:
        start = time.perf_counter()
        q.ask(decider)
        first.append(time.perf_counter() - start)
    clock, processor = [], []
    for n in range(ROUNDS * len(asked)):
        q = fresh(asked[n % len(asked)], n)
        used, start = time.thread_time(), time.perf_counter()
        decider.decide(q.principal, q.action, q.resource, q.context)
        clock.append(time.perf_counter() - start)
        processor.append(time.thread_time() - used)
    return clock, processor, first


def requests(decider: Decider | None) -> list[float]:
    """Seconds of a request to a small application of the API's framework, without a network."""
    app = FastAPI()
    asked = question(next(x for x in lines("corpus.csv") if "alert.read-own" in x["policy"]))

    @app.get("/alert/{name}")
    async def alert(name: str) -> dict[str, object]:
        if decider is not None:
            thing = replace(asked.resource, id=name)
            decider.decide(asked.principal, asked.action, thing, asked.context)
        return {"id": name, "severity": "high"}

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        assert message.get("status", 200) == 200

    async def ask_all() -> list[float]:
        seconds = []
        for n in range(REQUESTS):
            path = f"/alert/a-{n}"
            scope = {
                "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
                "query_string": b"", "headers": [], "http_version": "1.1", "scheme": "http",
                "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "root_path": "",
            }  # fmt: skip
            start = time.perf_counter()
            await app(scope, receive, send)
            seconds.append(time.perf_counter() - start)
        return seconds

    return asyncio.run(ask_all())


def main() -> int:
    pin_one_core()
    files = shipped()
    start = time.perf_counter()
    decider = Decider(files)
    rows = [
        row("rules", len(decider.rules), "", at_least=200),
        row("policies loaded", (time.perf_counter() - start) * 1e3, "ms"),
    ]
    clock, processor, first = decisions(decider)
    middle, high = spread(clock)
    rows.append(row("kinds of request", len(first), ""))
    rows.append(row("decision, median", middle, "ms"))
    rows.append(row("decision, p99", high, "ms", at_most=0.15))
    rows.append(row("decision, p99 of processor time", spread(processor)[1], "ms"))
    rows.append(row("first decision of a kind, median", spread(first)[0], "ms"))
    clock, processor, _ = decisions(decider, RECEIVED)
    rows.append(row("decision under agreements, p99", spread(clock)[1], "ms", at_most=0.15))
    high = spread(processor)[1]
    rows.append(row("decision under agreements, p99 of processor time", high, "ms"))

    alerts = table(np.random.default_rng(7))
    user = Principal(
        "u", ("watch_lead", "investigator"), "police", "unit-a", "city", ("4602", "46"), "totp"
    )
    context = Circumstances(NOW_US, network="internal", purpose="anti_smuggling")
    listing, shown = [], 0
    for n in range(LISTS):
        start = time.perf_counter()
        condition = decider.list_filter(replace(user, id=f"u-{n}"), "alert.read", context)
        shown = int(mask(condition, alerts).sum())
        listing.append(time.perf_counter() - start)
    middle, high = spread(listing)
    rows.append(row("rows of 10,000 shown", shown, "rows"))
    rows.append(row("list of 10,000 rows, median", middle, "ms"))
    rows.append(row("list of 10,000 rows, p99", high, "ms", at_most=50))

    shared = []
    for n in range(LISTS):
        party = replace(user, id=f"u-{n}", received=RECEIVED)
        start = time.perf_counter()
        mask(decider.list_filter(party, "incident.read", context), alerts)
        shared.append(time.perf_counter() - start)
    rows.append(row("list under agreements, p99", spread(shared)[1], "ms", at_most=50))

    without, within = spread(requests(None))[0], spread(requests(decider))[0]
    rows.append(row("request without a decision, median", without, "ms"))
    rows.append(row("request with a decision, median", within, "ms"))
    rows.append(row("share of the decision", 100 * (within - without) / within, "%"))
    return report("policy", rows)


if __name__ == "__main__":
    sys.exit(main())
