"""The documentation says what the code does: links, commands, options, settings, metrics."""

from __future__ import annotations

import argparse
import dataclasses
import re
import shlex
from pathlib import Path

import pytest

from littoral.cli import COMMANDS, parser
from littoral.detect import find_detectors
from tools.detector_pages import FOLDER, page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
SHELL = re.compile(r"^```(?:sh|bash)\n(.*?)^```|^((?:    [^\n]*\n)+)", re.M | re.S)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def commands(path: Path) -> list[list[str]]:
    """Every `littoral ...` in the page's blocks of shell, as arguments."""
    found = []
    for block in SHELL.finditer(text_of(path)):
        lines = (block[1] or block[2] or "").replace("\\\n", " ").splitlines()
        for line in lines:
            at = re.match(r"\s*(?:\S*/bin/)?littoral (.*)", line)
            if at:
                words = shlex.split(at[1], comments=True)
                ends = [i for i, w in enumerate(words) if w in ("|", ">", "&&", ";", "<")]
                found.append(words[: min(ends, default=len(words))])
    return found


def subparsers() -> dict[str, argparse.ArgumentParser]:
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    raise AssertionError("no commands")


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    links = [n for n in LINK.findall(text_of(path)) if "://" not in n]
    missing = [name for name in links if not (path.parent / name).exists()]
    assert missing == []


def test_there_are_links_and_commands_to_test() -> None:
    assert sum(len(LINK.findall(text_of(p))) for p in PAGES) > 30
    assert sum(len(commands(p)) for p in PAGES) > 20


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_are_accepted_as_written(path: Path) -> None:
    for arguments in commands(path):
        try:
            parser().parse_args(arguments)
        except SystemExit:
            pytest.fail(f"littoral {shlex.join(arguments)}: no longer a command")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_described(name: str) -> None:
    """In run.md; what runs the server in operate.md."""
    where = text_of(DOCS / ("operate.md" if name == "serve" else "run.md"))
    assert f"littoral {name}" in where
    options = [o for a in subparsers()[name]._actions for o in a.option_strings if o[:2] == "--"]
    shared = text_of(DOCS / "operate.md") if name == "demo" else ""  # `demo` has all of `serve`'s
    missing = [o for o in options if o != "--help" and o not in where + shared]
    assert missing == []


def test_every_page_is_in_the_index() -> None:
    index = text_of(DOCS / "README.md")
    names = {p.name for p in DOCS.glob("*.md")} - {"README.md"}
    assert sorted(n for n in names if f"({n})" not in index) == []


def test_what_it_never_does_is_on_the_first_page() -> None:
    assert "(docs/limits.md)" in text_of(ROOT / "README.md")
    assert "tests/test_never.py" in text_of(DOCS / "limits.md")


DETECTORS = find_detectors()


@pytest.mark.parametrize("name", DETECTORS)
def test_a_detector_has_its_page(name: str) -> None:
    path, _ = page(DETECTORS[name])
    assert path.exists(), f"write docs/detectors/{name}.md, then run tools/detector_pages.py"
    text = text_of(path)
    for profile in DETECTORS[name].profiles.values():
        assert profile.why in text
        assert profile.source in text
        for field in dataclasses.fields(profile.settings):
            assert f"| `{field.name}` |" in text
    assert f"({name}.svg)" in text, f"show ![what it tells of]({name}.svg) above the mark"
    assert (FOLDER / f"{name}.svg").exists(), f"draw docs/detectors/{name}.svg"
    index = text_of(FOLDER / "README.md")
    assert f"({name}.md)" in index, f"give {name} its row in docs/detectors/README.md"


@pytest.mark.parametrize("name", DETECTORS)
def test_the_tables_of_a_detector_are_as_the_code_says(name: str) -> None:
    path, expected = page(DETECTORS[name])
    assert text_of(path) == expected, "run .venv/bin/python tools/detector_pages.py"
