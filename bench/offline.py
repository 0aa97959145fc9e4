"""The phone in a real browser, the network cut: each case ends with nothing lost, the user told.

    python -m bench.offline [--quick]

Runs web/e2e/phone.spec.ts (Playwright, Chromium) over a demonstration of its own, and measures what
the phone loads before it works without a network."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench._harness import report, row
from littoral.api.pages import PAGES

ROOT = Path(__file__).resolve().parents[1]
SPEC = "e2e/phone.spec.ts"
LIMIT_S = 1800
FIRST_LOAD_KB = 300.0
# What the issue asks for, and the test's title by its first words.
# Its quick form is the same: the cases are what is measured.
CASES = {
    "offline, closed, opened again": "offline:",
    "conflicting edit": "conflict:",
    "moved to another unit": "moved:",
    "quota full": "quota full:",
    "clock wrong": "clock wrong:",
    "half-sent upload": "half-sent:",
    "one bad record in the queue": "one bad record:",
    "queue by a file to another phone": "the queue goes by a file",
    "signed out": "signing out",
}


def ran() -> list[dict[str, Any]]:
    """Each test with its status and duration in ms, as Playwright reports them."""
    found = subprocess.run(
        ["npx", "playwright", "test", SPEC, "--reporter=json"],
        cwd=ROOT / "web",
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    try:
        said = json.loads(found.stdout)
    except json.JSONDecodeError as error:
        raise SystemExit(f"Playwright did not run: {found.stderr[-2000:]}") from error
    return [
        {
            "title": spec["title"],
            "ok": bool(spec["ok"]),
            "s": sum(r["duration"] for t in spec["tests"] for r in t["results"]) / 1e3,
        }
        for suite in said["suites"]
        for spec in suite["specs"]
    ]


def first_load_kb() -> float:
    """Of the shell that the service worker keeps, with the worker itself, gzip."""
    worker = PAGES / "phone" / "sw.js"
    shell = re.search(r"const SHELL = (\[.*?\]);", worker.read_text())
    if shell is None:
        raise SystemExit(f"{worker} has no shell; run make web")
    names = [n if n != "/phone/" else "/phone/index.html" for n in json.loads(shell[1])]
    files = [PAGES / n.lstrip("/") for n in names] + [worker]
    return sum(len(gzip.compress(f.read_bytes(), 6)) for f in files) / 1e3


def main() -> int:
    begun = time.perf_counter()
    tests = ran()
    rows = []
    for case, words in CASES.items():
        found = [t for t in tests if t["title"].startswith(words)]
        passed = len(found) == 1 and found[0]["ok"]
        rows.append(row(f"{case}: nothing lost, the user told", int(passed), "of 1", at_least=1))
        rows.append(row(f"{case}: took", found[0]["s"] if found else None, "s"))
    rows.append(row("first load, gzip", first_load_kb(), "kB", at_most=FIRST_LOAD_KB))
    rows.append(row("all", time.perf_counter() - begun, "s"))
    return report("offline", rows)


if __name__ == "__main__":
    sys.exit(main())
