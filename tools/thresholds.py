"""Moves each number of a detector's settings by a fifth, down and up, and tells which of these no
test notices: `python tools/thresholds.py approach [-k EXPRESSION] [--only REGEX] [PATH ...]`.

The tests run once as they are, so that all is imported and compiled; each moved number then is a
fork of that process in which the test modules are read again, likeliest test first, up to the
first failure. A test that takes its values from the settings moves along with them and notices
nothing: only numbers written out in tests count, which is the point.
"""

from __future__ import annotations

import argparse
import importlib
import math
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
Number = tuple[object, str, str]  # the object it stands in, its name there, its path


class Watch:
    """Which tests ran how long, and which failed; runs those first that are likeliest to fail."""

    def __init__(self, took_s: dict[str, float], first: list[str], word: str) -> None:
        self.took_s, self.first, self.word = took_s, first, word
        self.failed: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        def order(item: pytest.Item) -> tuple[bool, bool, float]:
            name = item.nodeid
            return name not in self.first, self.word not in name, self.took_s.get(name, 0.0)

        items.sort(key=order)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.took_s[report.nodeid] = report.duration
        if report.failed:
            self.failed.append(report.nodeid)


def numbers(settings: Any, path: str = "") -> Iterator[Number]:
    """Every number in `settings` and in what it is made of; endless ones, noughts and yes or no
    cannot be moved by a fifth."""
    for f in fields(settings):
        value = getattr(settings, f.name)
        if is_dataclass(value):
            yield from numbers(value, f"{path}{f.name}.")
        elif isinstance(value, tuple):
            for i, item in enumerate(value):
                if is_dataclass(item):
                    yield from numbers(item, f"{path}{f.name}.{i}.")
        elif type(value) in (int, float) and value and math.isfinite(value):
            yield settings, f.name, path + f.name


def moved(value: float) -> tuple[float, float]:
    """A fifth less and a fifth more; a whole number by one at least."""
    if isinstance(value, int):
        return min(value - 1, round(value * 0.8)), max(value + 1, round(value * 1.2))
    return value * 0.8, value * 1.2


def run(tests: list[str], expression: str, watch: Watch) -> int:
    quiet = ["-q", "--no-header", "--no-summary", "-p", "no:cacheprovider", "-p", "no:xdist"]
    place = ["-c", str(ROOT / "pyproject.toml"), f"--rootdir={ROOT}"]
    return int(pytest.main([*place, *quiet, "-x", "-k", expression, *tests], plugins=[watch]))


def noticed(number: Number, value: float, tests: list[str], k: str, watch: Watch) -> str:
    """The first test that fails with the number moved, or nothing."""
    near, far = os.pipe()
    pid = os.fork()
    if not pid:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        object.__setattr__(number[0], number[1], value)
        for name in [m for m in sys.modules if m.startswith("tests.")]:
            del sys.modules[name]
        code = run(tests, k, watch)
        os.write(far, (watch.failed or [f"exit code {code}" if code else ""])[0].encode())
        os._exit(0)
    os.close(far)
    with os.fdopen(near) as told:
        failed = told.read()
    os.waitpid(pid, 0)
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("detector")
    parser.add_argument("tests", nargs="*", help="paths; all of the detector's when not given")
    parser.add_argument("-k", default="", help="pytest's expression of tests to run")
    parser.add_argument("--only", default="", help="regex: PROFILE:PATH begins so")
    args = parser.parse_args()
    tests = args.tests or [str(ROOT / "tests/detect" / args.detector)]
    took_s: dict[str, float] = {}
    if run(tests, args.k, Watch(took_s, [], "")):
        return 1
    profiles = importlib.import_module(f"littoral.detect.{args.detector}.settings").PROFILES
    survivors = 0
    for profile in profiles.values():
        for number in numbers(profile.settings):
            owner, name, path = number
            if not re.match(args.only, f"{profile.name}:{path}"):
                continue
            first: list[str] = []
            for value in moved(old := getattr(owner, name)):
                failed = noticed(number, value, tests, args.k, Watch(took_s, first, name))
                survivors += not failed
                first += [failed] if failed else []
                print(profile.name, path, old, "->", value, failed or "SURVIVES", flush=True)
    print(survivors, "not noticed")
    return int(survivors > 0)


if __name__ == "__main__":
    sys.exit(main())
