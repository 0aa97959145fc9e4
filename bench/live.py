"""2,000 messages a second through the live watch: from what completes an alert to a client.

Sender, `littoral serve` and a client of the live stream are processes of their own. An alert is
complete (docs/life-of-an-alert.md) when the last report of the evidence of its first version has
been sent and event time has come to where that version was changed last; a receiver's silence is
due two minutes after it was last heard. Both are taken from the sender's log, before the bytes go
into its socket, so that all that the intake does counts. The alert has arrived when the client has
read it. `--seconds=N` measures for another time than ten minutes.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psutil

from bench._harness import QUICK, report, row
from bench._live_events import FENCES, SILENCE_S
from bench._serve import API, Server, free_port
from littoral.engine.numbered import HEAD_BYTES, LINES
from littoral.schema.ais import SOURCE_SHIFT
from littoral.store.journal import Journal
from littoral.store.records import Records

RATE = 2_000.0
WARM_S = 150.0
SECONDS = [float(a.partition("=")[2]) for a in sys.argv if a.startswith("--seconds=")]
LIVE_S = SECONDS[0] if SECONDS else 25.0 if QUICK else 600.0
SHARE = 0.4 if QUICK else 1.0  # of the usual pauses between events
SEED = 5
RUN_IN_S = 5.0  # from the end of the warming up, while the server still settles it
SETTLE_S = 2.0  # what completes later than this before the end may still be on its way


def draw_fences(server: Server) -> None:
    for fence in FENCES:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        body = json.dumps(fence)
        connection.request(
            "POST", API + "/geofences", body, {"content-type": "application/geo+json"}
        )
        answer = connection.getresponse()
        if answer.status != 201:
            raise RuntimeError(f"a fence was refused: {answer.read()[:300]!r}")
        connection.close()


def measure(folder: Path) -> dict[str, Any]:
    """Runs the three; gives what they logged."""
    feed_port = free_port()
    server = Server(folder / "data", "--tcp-listen", f"127.0.0.1:{feed_port}")
    client = feed = None
    try:
        server.wait()
        draw_fences(server)
        client = subprocess.Popen(
            [
                sys.executable, "-m", "bench._live_client", "--log", str(folder / "client.json"),
                "--url", f"ws://127.0.0.1:{server.port}{API}/live?interval_ms=1000",
            ],
            stdout=subprocess.PIPE,
        )  # fmt: skip
        assert client.stdout is not None
        client.stdout.readline()
        feed = subprocess.Popen(
            [
                sys.executable, "-m", "bench._live_feed", "--port", str(feed_port),
                "--page", str(server.port), "--rate", str(RATE), "--warm", str(WARM_S),
                "--live", str(LIVE_S), "--share", str(SHARE), "--seed", str(SEED),
                "--log", str(folder / "feed.npz"),
            ]
        )  # fmt: skip
        process = psutil.Process(server.process.pid)
        marks = []
        while feed.poll() is None:
            times = process.cpu_times()
            marks.append((time.time(), times.user + times.system, process.memory_info().rss))
            time.sleep(0.5)
        if feed.returncode:
            raise RuntimeError(f"the sender ended with {feed.returncode}\n{server.said()}")
        client.terminate()
        client.wait(20)
        counts = server.get("/health")["counts"]
        server.stop()
    finally:
        for started in (client, feed, server.process):
            if started is not None and started.poll() is None:
                started.kill()
                started.wait()
    return {
        "feed": np.load(folder / "feed.npz"),
        "client": json.loads((folder / "client.json").read_text()),
        "counts": counts,
        "marks": np.array(marks),  # wall clock, processor seconds and resident bytes of the server
    }


def completion_us(document: dict[str, Any], sent: np.ndarray) -> int:
    """Wall clock at which the sender had sent what completes the alert."""
    due_us = document["updated_us"]
    if document["rule"] == "receiver":
        due_us = document["start_us"] + int(SILENCE_S * 1e6)
    line = max((o & ((1 << SOURCE_SHIFT) - 1) for o in document["evidence"]), default=0)
    by_line = np.searchsorted(sent[:, 1], line)
    by_time = np.searchsorted(sent[:, 2], due_us)
    return int(sent[min(max(by_line, by_time), len(sent) - 1), 0])


class Sample(NamedTuple):
    seconds: float  # from completion to the client
    at_s: float  # completion, from the beginning of the live part
    kind: str


def latencies(folder: Path, got: dict[str, Any]) -> tuple[list[Sample], int]:
    """What was measured, and the number of alerts that never arrived."""
    sent, live_us = got["feed"]["sent"], int(got["feed"]["live_us"])
    last_us = int(sent[-1, 0]) - int(SETTLE_S * 1e6)
    first = got["client"]["first"]
    found = []
    missing = 0
    with Records.open(f"sqlite:///{folder / 'data' / 'records.sqlite'}") as records:
        cursor = None
        while True:
            page = records.alerts(None, cursor, 1000)
            for alert in page.items:
                document = records.alert(alert.id).versions[0].document
                complete = completion_us(document, sent)
                if not live_us + int(RUN_IN_S * 1e6) <= complete <= last_us:
                    continue
                if alert.id in first:
                    kind = f"{document['rule']}: {document['kind']}"
                    at_s = (complete - live_us) / 1e6
                    found.append(Sample((first[alert.id] - complete) / 1e6, at_s, kind))
                else:
                    missing += 1
            cursor = page.next_cursor
            if cursor is None:
                return found, missing


def journalled(folder: Path) -> int:
    with Journal.open(folder / "data" / "journal") as journal:
        kept = (e.payload[HEAD_BYTES:].count(b"\n") for e in journal.read(0) if e.kind == LINES)
        return sum(kept)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="littoral-live-") as name:
        folder = Path(name)
        got = measure(folder)
        samples, missing = latencies(folder, got)
        kept = journalled(folder)
    feed, counts = got["feed"], got["counts"]
    if not samples:
        raise RuntimeError("no alert was completed: nothing to measure")
    by_kind: dict[str, list[float]] = defaultdict(list)
    for sample in samples:
        by_kind[sample.kind].append(sample.seconds)
    every = np.array([sample.seconds for sample in samples])
    print("the longest:")
    for sample in sorted(samples, reverse=True)[:12]:
        print(f"  {sample.seconds:6.3f} s, {sample.at_s:6.1f} s into the run: {sample.kind}")
    live = got["marks"][got["marks"][:, 0] * 1e6 >= int(feed["live_us"])]
    wall_s, cpu_s, _ = live[-1] - live[0]
    resident, tenth = live[:, 2] / 2**30, max(1, len(live) // 10)
    rows = [
        row("messages a second, sent", int(feed["live_messages"]) / float(feed["seconds"]), "1/s",
            at_least=0.98 * RATE),
        row("seconds at that pace", float(feed["seconds"]), "s"),
        row("lines sent and not journalled", int(feed["lines"]) - kept, "lines", at_most=0),
        row("messages sent and not decoded", int(feed["messages"]) - counts["messages"], "1",
            at_most=0),
        row("reports late", counts["late"], "1", at_most=0),
        row("alerts that never came to the client", missing, "1", at_most=0),
        row("alerts measured", len(every), "1", at_least=30 if QUICK else 300),
        row("kinds of alerts measured", len(by_kind), "1", at_least=6),
        row("completion to client, p50", float(np.percentile(every, 50)), "s"),
        row("completion to client, p95", float(np.percentile(every, 95)), "s"),
        row("completion to client, p99", float(np.percentile(every, 99)), "s", at_most=1.0),
        row("completion to client, longest", float(every.max()), "s"),
        row("processor of the server", cpu_s / wall_s, "cores"),
        *(row(f"resident memory of the server, {when}", float(part.max()), "GiB")
          for when, part in (("first tenth", resident[:tenth]), ("last", resident[-tenth:]))),
        row("frames to the client", got["client"]["frames"], "1"),
        *(row(f"{kind}: p50 of {len(x)}", float(np.percentile(x, 50)), "s")
          for kind, x in sorted(by_kind.items())),
    ]  # fmt: skip
    return report("live", rows)


if __name__ == "__main__":
    sys.exit(main())
