"""Writes the tables of profiles and settings into docs/detectors/*.md from the code:

    python tools/detector_pages.py           # after a change of settings
    python tools/detector_pages.py --check   # exit 1 when a page is not as the code says

What stands above the mark is written by hand and left alone.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
import sys
from pathlib import Path
from typing import Any

from littoral.detect import find_detectors
from littoral.detect.contract import Detector

FOLDER = Path(__file__).parents[1] / "docs" / "detectors"
MARK = "<!-- below: written by tools/detector_pages.py from the code -->"
FIELD = re.compile(r"^    (\w+): .*?(?:#\s*(.*))?$")


def meanings(settings: Any) -> dict[str, str]:
    """The comment beside each field of the settings' dataclass; empty where there is none."""
    text = inspect.getsource(type(settings))
    found = {}
    for line in text.splitlines():
        hit = FIELD.match(line)
        if hit and hit[1] not in found:
            found[hit[1]] = (hit[2] or "").strip()
    return {f.name: found.get(f.name, "") for f in dataclasses.fields(settings)}


def shown(value: Any) -> str:
    """A setting for people: few digits, nested ones in brackets."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "not applied" if value == float("inf") else f"{value:.6g}"
    if isinstance(value, int):
        return "never" if value == 10**9 else str(value)
    if isinstance(value, str):
        return value
    if dataclasses.is_dataclass(value):
        return (
            "(" + ", ".join(shown(getattr(value, f.name)) for f in dataclasses.fields(value)) + ")"
        )
    if len(value) > 12:
        return f"{len(value)} of them: `littoral detectors` lists them"
    return "; ".join(shown(v) for v in value)


def generated(detector: Detector) -> str:
    profiles = detector.profiles
    rows = [f"Rule `{detector.name}`, version {detector.version}.", "", "## Profiles", ""]
    for name, profile in profiles.items():
        rows += [f"**{name}**. {profile.why}", "", f"Source: {profile.source}.", ""]
    names = list(profiles)
    rows += ["## Settings", "", f"| setting | {' | '.join(names)} | meaning |"]
    rows += ["| --- |" + " --- |" * (len(names) + 1)]
    first = profiles[names[0]].settings
    for key, meaning in meanings(first).items():
        values = [shown(getattr(profiles[n].settings, key)) for n in names]
        rows.append(f"| `{key}` | {' | '.join(values)} | {meaning} |")
    module = importlib.import_module(f"littoral.detect.{detector.name}.settings")
    says = inspect.getdoc(type(first)) or ""
    if says.startswith(type(first).__name__ + "("):  # no docstring: a dataclass makes one up
        says = inspect.getdoc(module) or ""
    notes = " ".join(says.split())
    return "\n".join([*rows, "", notes, ""])


def page(detector: Detector) -> tuple[Path, str]:
    path = FOLDER / f"{detector.name}.md"
    by_hand = path.read_text().split(MARK)[0] if path.exists() else f"# {detector.name}\n\n"
    return path, by_hand + MARK + "\n\n" + generated(detector)


def main() -> int:
    check, stale = "--check" in sys.argv, []
    for detector in find_detectors().values():
        path, text = page(detector)
        if path.exists() and path.read_text() == text:
            continue
        stale.append(path.name)
        if not check:
            is_new = not path.exists()
            path.write_text(text)
            print(f"written: docs/detectors/{path.name}")
            if is_new:
                print(f"  above the mark say by hand what it tells of, and show {path.stem}.svg")
    if check and stale:
        print(f"{', '.join(stale)}: not as the code says; run python tools/detector_pages.py")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
