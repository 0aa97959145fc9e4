"""Writes docs/benchmarks.md from bench/results/*.json. Run `python tools/benchmarks.py`.

Each bench says what it measures in its module's docstring; the page gives that, the command and
the figures of its latest run.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INTRO = """# Benchmarks

The latest figures, each with the command that made them (2 cores). A peer was measured in the same
run on the same input. A quick form of each (`QUICK=1`) ends within a minute and is noisier.
`python tools/benchmarks.py` writes this page from `bench/results/`.
"""


def shown(value: float | None) -> str:
    if value is None:
        return "-"
    if float(value).is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def section(path: Path) -> str:
    """One bench: its docstring, command and rows."""
    name = path.stem
    source = ROOT / "bench" / f"{name.replace('-', '_')}.py"
    about = ast.get_docstring(ast.parse(source.read_text())) or ""
    lines = [
        f"## {name}",
        "",
        about,
        "",
        f"`make bench NAME={name}`",
        "",
        "| what | value | unit | bound | holds |",
        "| --- | ---: | --- | --- | --- |",
    ]
    for r in json.loads(path.read_text()):
        holds = ("yes" if r["holds"] else "**no**") if r["bound"] else ""
        lines.append(
            f"| {r['what']} | {shown(r['value'])} | {r['unit']} | {r['bound'] or ''} | {holds} |"
        )
    return "\n".join(lines)


def main() -> None:
    parts = [INTRO, *(section(p) for p in sorted((ROOT / "bench" / "results").glob("*.json")))]
    (ROOT / "docs" / "benchmarks.md").write_text("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
