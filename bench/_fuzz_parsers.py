"""Runs the targets one after another, a share of the time each, and keeps what was found.

What a run finds stays in `.make/fuzz/NAME`: `corpus` (inputs that reached something new, where the
next run begins) and `crashes`. `.make/fuzz/total.json` adds up executions and seconds of each
target over runs since its last crash, so that an hour may be made of several runs, and time spent
on code that crashed does not count.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench._fuzz_targets import COMPILED, TARGETS, share

HOME = Path(__file__).parents[1] / ".make"
KEPT = HOME / "fuzz"
TOTAL = KEPT / "total.json"
QUICK_NAMES = ("sentences", "fences", "notes", "media")
STARTS = 20  # a target that ends the process is started again so often


@dataclass
class Outcome:
    """Of one target in this run."""

    executions: int = 0
    seconds: float = 0.0
    processor_s: float = 0.0
    crashes: set[str] = field(default_factory=set)


def run_target(name: str, seconds: float) -> Outcome:
    folder = KEPT / name
    shutil.rmtree(folder / "crashes", ignore_errors=True)
    (folder / "crashes").mkdir(parents=True)
    outcome = Outcome()
    for _ in range(STARTS):
        left = seconds - outcome.seconds
        if left < 1:
            break
        began = time.monotonic()
        code = _start(name, folder, left)
        said = _count(folder)
        outcome.executions += int(said.get("executions", 0))
        outcome.seconds += float(said.get("seconds", 0)) or time.monotonic() - began
        outcome.processor_s += float(said.get("processor_s", 0))
        outcome.crashes |= set(said.get("crashes", ()))
        if code:
            outcome.crashes.add(_last_words(name, folder, code))
    return outcome


def _start(name: str, folder: Path, seconds: float) -> int:
    """Exit code of a process that runs the target; its words are in FOLDER/said."""
    there = os.environ.get("PYTHONPATH", "")
    environment = os.environ | {
        "PYTHONPATH": f"{HOME / 'fuzzers'}:{there}",
        "NUMBA_DISABLE_JIT": "0" if name == COMPILED else "1",
    }
    (folder / "count").unlink(missing_ok=True)
    shared = Path("/dev/shm")
    with (
        tempfile.TemporaryDirectory(
            prefix="littoral-fuzz-", dir=shared if shared.is_dir() else None
        ) as work,
        open(folder / "said", "wb") as said,
    ):
        command = [sys.executable, "-m", "bench._fuzz_one", name, str(folder), work, str(seconds)]
        done = subprocess.run(
            command, env=environment, stdout=said, stderr=subprocess.STDOUT,
            timeout=seconds + 600, cwd=HOME.parent, check=False,
        )  # fmt: skip
    return done.returncode


def _count(folder: Path) -> dict[str, object]:
    try:
        return json.loads((folder / "count").read_bytes())
    except FileNotFoundError:
        return {}


def _last_words(name: str, folder: Path, code: int) -> str:
    lines = (folder / "said").read_text(errors="replace").splitlines()
    errors = [line for line in lines if "ERROR" in line or "Error" in line]
    return f"{name}: ended with {code}: {(errors or lines or [''])[-1][:200]}"


def total() -> dict[str, dict[str, float]]:
    """Executions and seconds of each target since its last crash."""
    return json.loads(TOTAL.read_bytes()) if TOTAL.exists() else {}


def add_to_total(name: str, outcome: Outcome) -> None:
    """At once after each target, so that a run that is stopped counts as far as it went."""
    new = {f: getattr(outcome, f) for f in ("executions", "seconds", "processor_s")}
    kept = total()
    before = kept.get(name, {})
    if outcome.crashes:
        kept[name] = dict.fromkeys(new, 0)
    else:
        kept[name] = {f: before.get(f, 0) + value for f, value in new.items()}
    TOTAL.write_text(json.dumps(kept, indent=1))


def run_all(seconds: float) -> dict[str, Outcome]:
    """Every target; `seconds` are divided among them."""
    outcomes = {}
    for name in TARGETS:
        outcomes[name] = found = run_target(name, seconds * share(name))
        add_to_total(name, found)
        print(
            f"{name}: {found.executions:,} executions in {found.seconds:.0f} s "
            f"({found.processor_s:.0f} s of a processor), {len(found.crashes)} crashes",
            flush=True,
        )
        for crash in sorted(found.crashes):
            print(f"    {crash}", flush=True)
    return outcomes


def run_quick(seconds: float) -> dict[str, Outcome]:
    """A few targets for a moment each: that the bench works, not that the parsers do."""
    return {name: run_target(name, max(1.0, seconds / len(QUICK_NAMES))) for name in QUICK_NAMES}
