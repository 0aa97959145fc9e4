"""AIVDM lines to alerts and lake, all detectors on, 20,000 vessels, two cores.

The peer only decodes the same file, in the same run, into Python objects and nothing more. Neither
clock counts the start of the process and the loading of compiled code; one row gives it for ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench._harness import QUICK, report, row
from bench._recording import recording

LINES = 1_000_000 if QUICK else 12_000_000
RUNS = 2 if QUICK else 3

# The faster of its two forms of decoded messages; whole file in memory, no output.
PEER = """
import sys, time, aiscat
with open(sys.argv[1], "rb") as file:
    lines = file.read()
best = None
for form in ("dictionary", "json"):
    decoder = aiscat.Decoder(format=form)
    feed, following = decoder.feed, decoder.next
    started = time.perf_counter()
    for at in range(0, len(lines), 65536):
        feed(lines[at : at + 65536])
        while following() is not None:
            pass
    seconds = time.perf_counter() - started
    best = seconds if best is None else min(best, seconds)
print(best)
"""


def pipeline(path: Path) -> dict:
    """One run of the command as a user gives it; its JSON, with the whole process's seconds."""
    with tempfile.TemporaryDirectory(prefix="littoral-bench-") as out:
        started = time.perf_counter()
        run = subprocess.Popen(
            [sys.executable, "-m", "littoral.cli", "run", str(path), "--out", out, "--json"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert run.stdout is not None
        printed = run.stdout.read()
        _, status, used = os.wait4(run.pid, 0)
        wall = time.perf_counter() - started
    if status:
        raise RuntimeError(f"the run ended with {os.waitstatus_to_exitcode(status)}")
    return {**json.loads(printed), "wall": wall, "peak_gib": used.ru_maxrss / 2**20}


def peer(path: Path) -> float:
    """Seconds that the peer takes for the file."""
    done = subprocess.run(
        [sys.executable, "-c", PEER, str(path)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def main() -> int:
    path = recording(LINES)
    pipeline(recording(200_000))  # compiled code is cached from here on
    rates, peers, ratios = [], [], []
    result: dict = {}
    for _ in range(RUNS):
        theirs = LINES / peer(path)
        result = pipeline(path)
        ours = LINES / result["seconds"]
        rates.append(ours)
        peers.append(theirs)
        ratios.append(ours / theirs)
    middle = RUNS // 2
    rate, other, ratio = (sorted(x)[middle] for x in (rates, peers, ratios))
    rows = [
        row("pipeline: lines to alerts and lake", rate, "lines/s"),
        row("aiscat: decoding alone, same file", other, "lines/s", peer="aiscat"),
        row("pipeline against aiscat's decoding", ratio, "x", at_least=1.0, peer="aiscat"),
        row("pipeline with start of the process", LINES / result["wall"], "lines/s"),
        row("peak resident memory", result["peak_gib"], "GiB", at_most=1.5),
        row("aim", rate / 3_000_000, "of 3,000,000 lines/s"),
        row("positions", result["positions"], ""),
        row("tracks", result["tracks"], ""),
        *(row(f"alerts: {rule}", n, "") for rule, n in sorted(result["alerts"].items())),
    ]
    return report("ais-pipeline", rows)


if __name__ == "__main__":
    sys.exit(main())
