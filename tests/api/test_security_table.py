"""docs/security.md: each requirement once, with a status, and nothing named that is not there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# Numbers of ASVS 5.0.0, levels 1 and 2, from OWASP's own list (5.0/docs_en, the CSV of 5.0.0).
NUMBERS = (Path(__file__).parent / "asvs-5.0.0-levels-1-and-2.txt").read_text().split()
STATUSES = {"met", "operator", "not met", "not applicable"}
ROW = re.compile(r"^\| (\d+\.\d+\.\d+)( \(level 3\))? \| ([^|]+) \| ([a-z ]+) \| (.+) \|$", re.M)
NAMED = re.compile(r"`([\w.@/-]+/[\w.@-]+\.\w+)(?:::(\w+))?`")

TEXT = (DOCS / "security.md").read_text(encoding="utf-8")


def test_the_list_is_that_of_the_standard() -> None:
    """70 requirements at level 1, 183 at level 2."""
    assert len(NUMBERS) == len(set(NUMBERS)) == 253
    assert "16.3.2" in NUMBERS


def test_each_requirement_stands_there_once() -> None:
    rows = Counter(n for n, level, *_ in ROW.findall(TEXT) if not level)
    assert set(rows) == set(NUMBERS)
    assert set(rows.values()) == {1}
    assert [n for n, level, *_ in ROW.findall(TEXT) if level] == ["16.3.2"]
    assert len(re.findall(r"^\| \d+\.\d+\.\d+", TEXT, re.M)) == 254  # no row escapes the pattern


def test_each_has_a_status_and_says_how() -> None:
    for number, _, asked, status, how in ROW.findall(TEXT):
        assert status in STATUSES, number
        assert len(asked) > 3, number
        if status == "operator":
            assert "operate.md#harden-the-deployment" in how or "as 12.3.3" in how, number
        if status == "met":
            assert (
                NAMED.search(how)
                or "](" in how
                or re.search(r'as \d|" below', how)
                or (len(how) > 30)
            ), number
        if status == "not met":
            assert len(how) > 60, number


def test_what_is_counted_is_what_stands_there() -> None:
    found = Counter(status for _, level, _, status, _ in ROW.findall(TEXT) if not level)
    said = dict(re.findall(r"(\d+) (met|operator|not met|not applicable)[,.]", TEXT))
    assert {name: int(number) for number, name in said.items()} == dict(found)


def missing(page: Path) -> list[str]:
    """Files and tests that a page names in backquotes and that are not there."""
    gone = []
    for name, test in NAMED.findall(page.read_text(encoding="utf-8")):
        places = [p for p in (ROOT / name, ROOT / "src" / "littoral" / name) if p.is_file()]
        if not places:
            gone.append(name)
        elif test and not re.search(rf"^(async )?def {test}\(", places[0].read_text(), re.M):
            gone.append(f"{name}::{test}")
    return gone


def test_every_file_and_test_that_is_named_exists() -> None:
    for page in ("security.md", "threat-model.md", "algorithms.md", "limits.md"):
        assert len(NAMED.findall((DOCS / page).read_text(encoding="utf-8"))) > 5, page
        assert missing(DOCS / page) == [], page


def test_what_is_not_there_is_found(tmp_path: Path) -> None:
    page = tmp_path / "x.md"
    page.write_text("`api/security.py` `api/nothing.py` `tests/api/test_security.py::test_nothing`")
    assert missing(page) == ["api/nothing.py", "tests/api/test_security.py::test_nothing"]


def test_each_line_of_what_it_never_does_names_its_tests() -> None:
    rows = re.findall(r"^\| (No .+?) \| .+ \| (.+) \|$", (DOCS / "limits.md").read_text(), re.M)
    assert len(rows) == 5
    for line, tests in rows:
        assert re.search(r"`tests/[\w/]+\.py::test_\w+`", tests), line
