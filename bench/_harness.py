"""What every bench shares: how rows are named, printed, written and judged; one core; quick runs.

A bench is `python -m bench.NAME [--quick]`; it collects `row(...)`s and ends with
`sys.exit(report("NAME", rows))`. `make bench NAME=... QUICK=1` sets the environment variable.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
QUICK = "--quick" in sys.argv[1:] or os.environ.get("QUICK", "") not in ("", "0")


def row(
    what: str,
    value: float | None,
    unit: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    peer: str | None = None,
) -> dict[str, Any]:
    """One figure. `at_least` or `at_most` is what must hold; with neither the row only informs.

    A `value` of None means that it could not be measured: a bound on it does not hold.
    """
    bound, holds = None, True
    if at_least is not None:
        bound, holds = f">= {at_least:g}", value is not None and value >= at_least
    elif at_most is not None:
        bound, holds = f"<= {at_most:g}", value is not None and value <= at_most
    return {
        "what": what,
        "value": value,
        "unit": unit,
        "bound": bound,
        "peer": peer,
        "holds": bool(holds),
    }


def report(name: str, rows: list[dict[str, Any]]) -> int:
    """Print the table, write `bench/results/NAME.json`, give the exit code: 1 if a bound fails."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    target = RESULTS / f"{name}.json"
    target.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    print(f"\n{name}{' (quick)' if QUICK else ''} on {machine_line()}")
    cells = [("what", "value", "unit", "bound", "peer", "holds")]
    for r in rows:
        holds = ("yes" if r["holds"] else "NO") if r["bound"] else ""
        cells.append(
            (r["what"], shown(r["value"]), r["unit"], r["bound"] or "", r["peer"] or "", holds)
        )
    widths = [max(len(line[i]) for line in cells) for i in range(6)]
    for line in cells:
        text = "  ".join(
            c.rjust(w) if i == 1 else c.ljust(w)
            for i, (c, w) in enumerate(zip(line, widths, strict=True))
        )
        print(text.rstrip())
    return 0 if all(r["holds"] for r in rows) else 1


def shown(value: float | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def machine_line() -> str:
    """Processor, cores this process may use, memory, Python: what a figure depends on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    python = platform.python_version()
    return f"{model}, {cores} core(s), {memory_gib:.0f} GiB, Python {python}, {platform.system()}"


def pin_one_core() -> int:
    """Keep this process, and what it starts from now on, on one core; gives the core's number."""
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each run, and what the last run gave."""

    seconds: tuple[float, ...]
    result: Any

    @property
    def best(self) -> float:
        return min(self.seconds)

    @property
    def median(self) -> float:
        return sorted(self.seconds)[len(self.seconds) // 2]


def timed(work: Callable[[], Any], runs: int = 3) -> Timing:
    """Run `work` several times; the first call is counted too, so warm up beforehand."""
    seconds = []
    result = None
    for _ in range(runs):
        result = None  # what the last run made is given back before the next one starts
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return Timing(tuple(seconds), result)
