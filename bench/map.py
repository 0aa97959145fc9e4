"""Main-thread work of the command page for 20,000 moving vessels at 1 Hz, all layers on.

Headless Debian Chromium with software WebGL; the flags are printed. A trace of every task of the
page's main thread is cut at the updates; the sum between two cuts is what one update costs:
scripts, garbage, layout, paint, commit. With software WebGL the frame time says nothing about a
real graphics card and is only shown. What the bound holds is time by the clock: the software
renderer wants both cores for itself, so on a machine where others work too the main thread waits
for a core (the rows "on the processor" leave that out; the load average tells of others).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench._harness import QUICK, report, row

WEB = Path(__file__).parent.parent / "web"
VESSELS = 20_000
SECONDS = 20 if QUICK else 120


def main() -> int:
    load = os.getloadavg()[0]
    ran = subprocess.run(
        ["npx", "tsx", "bench/map.ts", str(SECONDS), str(VESSELS)],
        cwd=WEB,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found = json.loads(ran.stdout.strip().splitlines()[-1])
    print(f"Chromium {found['browser']} {' '.join(found['flags'])}")
    return report(
        "map",
        [
            row("main thread an update, p95", found["wall_p95_ms"], "ms", at_most=50),
            row("main thread an update, p50", found["wall_p50_ms"], "ms"),
            row("of it on the processor, p95", found["cpu_p95_ms"], "ms"),
            row("longest task of an update, p95", found["longest_task_p95_ms"], "ms"),
            row("frame time, software WebGL, p50", found["frame_p50_ms"], "ms"),
            row("frame time, software WebGL, p95", found["frame_p95_ms"], "ms"),
            row("updates measured", found["updates"], "1"),
            row("updates with a frame of their own", found["drawn"], "1"),
            row("main thread of those, p95", found["drawn_wall_p95_ms"], "ms"),
            row("of it on the processor, of those, p95", found["drawn_cpu_p95_ms"], "ms"),
            row("vessels", found["vessels"], "1"),
            row("load average of a minute, before", load, "1"),
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
