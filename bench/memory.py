"""Resident memory of a run over a simulated week that comes through a pipe.

The generator is a process of its own. The run is sampled five times a second; days are told apart
by the share of the lines read.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time

import psutil

from bench._harness import QUICK, report, row

DAYS = 3 if QUICK else 7
LINES = 2_000_000 if QUICK else 100_000_000
VESSELS = 2_000 if QUICK else 20_000


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="littoral-bench-") as out:
        generator = subprocess.Popen(
            [
                sys.executable, "-m", "littoral.sim.lines", "--lines", str(LINES),
                "--vessels", str(VESSELS), "--days", str(DAYS), "--seed", "3",
            ],
            stdout=subprocess.PIPE,
        )  # fmt: skip
        run = subprocess.Popen(
            [sys.executable, "-m", "littoral.cli", "run", "-", "--out", out, "--json"],
            stdin=generator.stdout,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert generator.stdout is not None
        generator.stdout.close()
        process = psutil.Process(run.pid)
        source = psutil.Process(generator.pid)
        samples: list[tuple[int, int]] = []  # bytes written by the generator, resident bytes
        started = time.monotonic()
        while run.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                samples.append((source.io_counters().write_chars, process.memory_info().rss))
            time.sleep(0.2)
        seconds = time.monotonic() - started
        printed = run.stdout.read() if run.stdout else ""
        generator.wait()
    result = json.loads(printed)
    total = max(written for written, _ in samples)
    peaks = [0] * DAYS
    for written, resident in samples:
        day = min(DAYS - 1, written * DAYS // max(1, total))
        peaks[day] = max(peaks[day], resident)
    gib = 2**30
    rows = [
        row("peak resident memory", max(peaks) / gib, "GiB", at_most=1.5),
        row(
            "last day's peak against the second day's",
            peaks[-1] / peaks[1],
            "x",
            at_most=None if QUICK else 1.05,  # so few lines do not fill the buffers by then
        ),
        *(row(f"peak of day {i + 1}", peak / gib, "GiB") for i, peak in enumerate(peaks)),
        row("lines", result["lines"], ""),
        row("lines a second, generator beside it", result["lines"] / seconds, "lines/s"),
        row("alerts", sum(result["alerts"].values()), ""),
    ]
    return report("memory", rows)


if __name__ == "__main__":
    sys.exit(main())
