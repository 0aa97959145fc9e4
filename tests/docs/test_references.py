"""Pages that code and other pages name exist; stores.md and tracks.md give the code's numbers."""

from __future__ import annotations

import dataclasses
import re
import struct
from pathlib import Path

import pytest

from littoral.fuse import FuseSettings
from littoral.store import journal_format
from littoral.store.log import tail

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
NAMED = re.compile(r"\bdocs/[\w./-]+\.md\b")
# Named as what the reader is to write: page that names it, path.
TO_BE_WRITTEN = {("docs/write-a-detector.md", "docs/detectors/fast.md")}


def named() -> set[tuple[str, str]]:
    """(file, path of a page that it names), both from the root."""
    files = [*sorted((ROOT / "src").rglob("*.py")), *PAGES]
    return {
        (path.relative_to(ROOT).as_posix(), page)
        for path in files
        for page in NAMED.findall(path.read_text(encoding="utf-8"))
    }


def test_every_page_that_is_named_exists() -> None:
    found = named()
    assert len([file for file, _ in found if file.startswith("src/")]) > 15
    assert len([file for file, _ in found if file.startswith("docs/")]) > 1
    assert {(f, p) for f, p in found if not (ROOT / p).is_file()} == TO_BE_WRITTEN


def table_after(page: str, start: str) -> list[list[str]]:
    """Cells of the body of the first table after the line that begins with `start`."""
    text = (DOCS / page).read_text(encoding="utf-8")
    begin = text.index("\n" + start)
    rows = re.search(r"^\|[^\n]*\n\| ---[^\n]*\n((?:\|[^\n]*\n)+)", text[begin:], re.M)
    assert rows is not None
    return [[c.strip() for c in line.strip("|").split("|")] for line in rows[1].splitlines()]


CODES = {"uint16": "H", "uint32": "I", "uint64": "Q", "int64": "q"}


@pytest.mark.parametrize(
    ("page", "start", "layout"),
    [
        ("stores.md", "**Segment**", journal_format.SEGMENT),
        ("stores.md", "**Record**", journal_format.RECORD),
        ("log.md", "**The tail**", tail.HEADER),
    ],
)
def test_the_bytes_on_the_disk_are_as_in_the_code(
    page: str, start: str, layout: struct.Struct
) -> None:
    said, at = "<", 0
    for offset, size, kind, *_ in table_after(page, start):
        assert int(offset) == at
        if not size:  # the payload, after the header
            continue
        code = CODES.get(kind, f"{size}s")
        assert struct.calcsize("<" + code) == int(size)
        said, at = said + code, at + int(size)
    assert (said, at) == (layout.format, layout.size)


@pytest.mark.parametrize(
    ("page", "start", "magic"),
    [
        ("stores.md", "**Segment**", journal_format.SEGMENT_MAGIC),
        ("stores.md", "**Record**", journal_format.RECORD_MAGIC),
        ("log.md", "**The tail**", tail.MAGIC),
    ],
)
def test_the_magics_on_the_disk_are_as_in_the_code(page: str, start: str, magic: bytes) -> None:
    said = re.search(r"`([0-9A-F ]+)`", table_after(page, start)[0][4])
    assert said is not None
    assert bytes.fromhex(said[1]) == magic


def test_the_settings_of_tracks_are_as_in_the_code() -> None:
    said = {
        row[0].strip("`"): float(row[1].replace(",", ""))
        for row in table_after("tracks.md", "| setting |")
    }
    settings = dataclasses.asdict(FuseSettings())
    assert said.keys() == settings.keys()
    assert said == pytest.approx(settings, rel=5e-4)
