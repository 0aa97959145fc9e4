"""A night's watch in a real browser, in Chinese, with every line to the outside cut.

    python -m bench.shift

Runs web/e2e/shift.night.ts against a real demonstration with sign-in: the watch is taken over by
signature, two incidents come at once, the gateway for text messages and the witnesses of the log
hear and answer nothing from then on, a phone is in a hole of coverage, a craft without AIS is
entered from its call and becomes an incident, an alert is set aside, the load is looked at, a
vessel goes on the watch-list, the past is replayed and asked, whoever no device reaches is called,
a report written in the hole arrives, the incident is verified by another and closed, its file is
printed, the watch is handed over. Times are from an act on one page until it stands on another's,
or on the same, by itself. Screenshots lie in web/test-results/night.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench._harness import report, row

WEB = Path(__file__).resolve().parents[1] / "web"
NAMES = {
    "县里上报，省里自动看到": "reported by a county, on the province's board",
    "受理": "accepted",
    "派发给网格员": "a grid worker sent",
    "甚高频呼叫录入，另一台位自动看到": "a call on VHF entered, on another desk's page",
    "手机出盲区，所写的到看板": "out of the hole: what was written there, on the county's board",
}


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="littoral-shift-") as name:
        said = Path(name) / "night.json"
        began = time.monotonic()
        ran = subprocess.run(
            ["npx", "playwright", "test"],
            cwd=WEB, env={**os.environ, "LITTORAL_NIGHT": str(said)},
        )  # fmt: skip
        spent = time.monotonic() - began
        found = json.loads(said.read_text()) if said.exists() else {"took": {}, "in_vain": None}
    return report(
        "shift",
        [
            row("the night", ran.returncode, "exit code", at_most=0),
            *(row(text, found["took"].get(name), "s") for name, text in NAMES.items()),
            row("text messages that the cut line swallowed", found["in_vain"], "", at_least=1),
            row("all of it, with the start of the server", spent, "s"),
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
