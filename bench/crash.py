"""A live server killed at random moments: nothing acknowledged is lost or doubled, and its final
alerts are those of a run without a kill.

`--seed N` repeats a run's choices (not the machine's timing).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from bench._crash import AIMS, alerts_apart, differences, kept, run_with_kills, run_without, stream
from bench._harness import QUICK, report, row

KILLS = 5 if QUICK else 100
VESSELS, MINUTES = (150, 90) if QUICK else (1_000, 120)


def main() -> int:
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 11
    print(f"seed {seed}; again: .venv/bin/python -m bench crash --seed {seed}", flush=True)
    data = stream(VESSELS, MINUTES, seed)
    with tempfile.TemporaryDirectory(prefix="littoral-crash-") as name:
        killed, whole = Path(name) / "killed", Path(name) / "whole"
        started = time.monotonic()
        run_without(whole, data, seed)
        between = time.monotonic()
        toll = run_with_kills(killed, data, KILLS, seed, pause_s=0.02)
        ended = time.monotonic()
        one, other = kept(killed), kept(whole)
    apart = differences(one, other)
    for line in (*alerts_apart(one, other), *one.repeated):
        print(line, flush=True)
    starts = sorted(toll.start_s)
    rows = [
        row("kills", sum(toll.aimed.values()), "1", at_least=KILLS),
        *(row(f"kills aimed at {a}, hit", toll.hit[a], f"of {toll.aimed[a]}") for a in AIMS),
        row("answers to the sender in the run with kills", toll.answers, "1"),
        row("acknowledged bytes lost", toll.lost_bytes, "bytes", at_most=0),
        row("journal: bytes other than sent", _differ(one.journal, data), "bytes", at_most=0),
        row("observations doubled in the lake", one.doubled, "1", at_most=0),
        *(row(f"{what} that differ from the run without a kill", n, "1", at_most=0)
          for what, n in apart.items()),
        row("alert versions that say the same twice", len(one.repeated), "1", at_most=0),
        row("positions in the lake", one.tables["observations"].num_rows, "1", at_least=1),
        row("alerts, final", len(one.alerts), "1", at_least=1),
        row("start after a kill until it answers, p50", starts[len(starts) // 2], "s"),
        row("start after a kill until it answers, longest", starts[-1], "s"),
        row("seconds without a kill", between - started, "s"),
        row("seconds with kills", ended - between, "s"),
    ]  # fmt: skip
    return report("crash", rows)


def _differ(one: bytes, other: bytes) -> int:
    return abs(len(one) - len(other)) or sum(a != b for a, b in zip(one, other, strict=True))


if __name__ == "__main__":
    sys.exit(main())
