"""From an alert to a task in the hands of a unit: clicks, counted in a real browser.

    python -m bench.clicks

Runs web/e2e/tasks.spec.ts, the test that does it, against a real demonstration with sign-in, and
takes from it how often a hand pressed a pointer's button or a key, from the alert in the list to
the task that stands beside its incident.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench._harness import report, row

WEB = Path(__file__).resolve().parents[1] / "web"
MOST_CLICKS = 3


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="littoral-clicks-") as name:
        said = Path(name) / "clicks.json"
        ran = subprocess.run(
            ["npx", "playwright", "test", "e2e/tasks.spec.ts", "-g", "three clicks"],
            cwd=WEB, env={**os.environ, "LITTORAL_CLICKS": str(said)},
        )  # fmt: skip
        found = json.loads(said.read_text()) if said.exists() else {"clicks": None, "seconds": None}
    return report(
        "clicks",
        [
            row("alert to task in the hands of a unit", found["clicks"], "clicks",
                at_most=MOST_CLICKS),
            row("by a browser that waits for nothing but the page", found["seconds"], "s"),
            row("the test", ran.returncode, "exit code", at_most=0),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
