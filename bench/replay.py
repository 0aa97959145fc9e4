"""Any hour of a past of 30 days and 2,500 vessels in the page: first picture, and 120 times speed.

    python -m bench.replay [--quick]

Headless Debian Chromium with software WebGL, as `bench.map`. The files of the lake are dropped from
the page cache before each opening where the system permits it; which hours are opened is drawn with
a fixed seed. The server runs no engine.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

from bench import _past
from bench._harness import QUICK, report, row

WEB = Path(__file__).parent.parent / "web"
DAYS = 2 if QUICK else 30
OPENED = 3 if QUICK else 12
SECONDS = 10 if QUICK else 120


def main() -> int:
    root = _past.lake(DAYS)
    hours = random.Random(7).sample(range(1, 24 * DAYS - 5), OPENED)
    moments = [(_past.first_us(DAYS) + h * _past.HOUR_US) // 1000 for h in hours]
    dropped = _past.drop_from_cache(root)
    server = subprocess.Popen(
        [sys.executable, "-m", "bench._past_server", str(DAYS), "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        ran = subprocess.run(
            ["npx", "tsx", "bench/replay.ts", url, str(SECONDS), *map(str, moments)],
            cwd=WEB,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    finally:
        server.terminate()
        server.wait()
    found = json.loads(ran.stdout.strip().splitlines()[-1])
    print(f"Chromium {found['browser']} {' '.join(found['flags'])}")
    opened = sorted(found["opened_ms"])
    return report(
        "replay",
        [
            row("first picture of an hour, median", opened[len(opened) // 2], "ms"),
            row("first picture of an hour, slowest", opened[-1], "ms", at_most=1000),
            row("hours opened", len(opened), "1"),
            row("speed kept of 120", found["speed"], "times", at_least=115),
            row("waited for data", found["waited_ms"], "ms", at_most=0),
            row("between two pictures, p50", found["gap_p50_ms"], "ms"),
            row("between two pictures, p95", found["gap_p95_ms"], "ms"),
            row("between two pictures, most", found["gap_most_ms"], "ms", at_most=1000),
            row("pictures", found["pictures"], "1"),
            row("positions in the lake", _past.positions(root), "1"),
            row("dropped from the page cache", int(dropped), "1"),
            row("load average of a minute, after", os.getloadavg()[0], "1"),
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
