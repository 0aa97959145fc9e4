"""docs/library.md and the notebook run as they stand; so does the first page's example."""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import re
from pathlib import Path
from typing import Any

import pyarrow.csv
import pytest

import littoral
from tests.engine.library import scene
from tests.sense.table.test_formats import RECORDINGS, SOLENT

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "notebooks" / "analysis.ipynb"


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the examples find what they name."""
    (tmp_path / "night.nmea").write_bytes(scene.log())
    (tmp_path / "log.nmea").write_bytes(scene.log())
    pyarrow.csv.write_csv(scene.table(), tmp_path / "night.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page(night: Path) -> None:
    text = (ROOT / "docs" / "library.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "library.md", None, 0)
    assert len(examples.examples) > 15
    said = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(examples, out=said.write)
    assert runner.summarize(verbose=False).failed == 0, said.getvalue()


def test_the_first_page(night: Path) -> None:
    text = (ROOT / "README.md").read_text()
    (block,) = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    names: dict[str, Any] = {}
    exec(block, names)
    assert len(names["alerts"]) == 1


def run_notebook() -> tuple[dict[str, Any], str]:
    """Its names after the last cell, and what it printed."""
    names: dict[str, Any] = {}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        for cell in json.loads(NOTEBOOK.read_text())["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
    return names, said.getvalue()


def test_the_notebook_over_simulated_traffic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITTORAL_RECORDINGS", str(tmp_path))
    with pytest.warns(littoral.RowsNotUsed, match="bad_checksum"):
        names, said = run_notebook()
    assert len(names["positions"]) > 15_000
    assert names["vessels"][1] >= 40
    assert names["alerts"].sum() > 0
    # pyais's own words of the two sentences: a heading of 511 and of 181 degrees.
    assert "[511, 181] [nan, 181.0]" in said


def the_notebook_over_the_solent(monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/reports/solent.md: 91 MMSIs, 92 tracks, all alerts of risk of collision."""
    monkeypatch.setenv("LITTORAL_RECORDINGS", str(RECORDINGS))
    names, _ = run_notebook()
    assert len(names["positions"]) == 18_623
    assert names["vessels"] == (91, 92)
    assert names["alerts"].index.get_level_values("rule").unique().tolist() == ["collision"]
    first = set(names["told"].mmsi.iloc[0])
    assert set(names["seen"].MMSI) == first


if SOLENT.is_file():
    test_the_notebook_over_the_solent = the_notebook_over_the_solent
