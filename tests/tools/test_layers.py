"""The check of one-way imports sees what it is there for; `make lint` runs it over the source."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import layers

BREACHES = {
    "an import inside a function": "def f():\n    from littoral.engine import core\n",
    "an import for types alone": "if TYPE_CHECKING:\n    from littoral.sense import ais\n",
    "a detector of a detector": "from littoral.detect.gap import detector\n",
    "a relative import": "from . import settings\n",
    "the whole package": "import littoral\n",
    "a clock by name": "from time import time\n",
    "a clock in a module": "import datetime\n\nx = datetime.datetime.now()\n",
    "today": "from datetime import date\n\nx = date.today()\n",
    "a socket": "import socket\n",
    "chance": "import numpy as np\n\nx = np.random.default_rng()\n",
    "a file": "x = open('a')\n",
}


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(layers, "SRC", tmp_path)
    for unit in ("gap", "fast"):
        (tmp_path / "detect" / unit).mkdir(parents=True)
    return tmp_path / "detect" / "fast" / "detector.py"


@pytest.mark.parametrize("what", BREACHES)
def test_a_breach_is_told_with_its_line(source: Path, what: str) -> None:
    source.write_text(BREACHES[what])
    (said,) = layers.breaches(source)
    line = BREACHES[what].rstrip().count("\n") + 1
    assert said.startswith(f"src/littoral/detect/fast/detector.py:{line}: ")


def test_what_a_detector_may_import(source: Path) -> None:
    source.write_text(
        "import numpy as np\nfrom littoral.area import world\n"
        "from littoral.detect.fast import settings\nfrom littoral.schema.ais import Positions\n"
    )
    assert layers.breaches(source) == []


def test_what_every_module_runs_imports_next_to_nothing(source: Path) -> None:
    root = source.parents[2] / "__init__.py"
    root.write_text("from littoral.schema import lent\nimport typing\n")
    assert layers.breaches(root) == []
    root.write_text("def __getattr__(name):\n    from littoral.engine import library\n")
    (said,) = layers.breaches(root)
    assert said.startswith("src/littoral/__init__.py:2: every module runs this one")


def test_the_source_itself_keeps_to_it() -> None:
    files = sorted(layers.SRC.rglob("*.py"))
    assert len(files) > 200
    assert [b for path in files for b in layers.breaches(path)] == []


def test_who_judges_the_writer_reaches_it_by_no_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over another module, by the package's own file, for a name inside the module."""
    package = tmp_path / "littoral" / "store" / "log"
    package.mkdir(parents=True)
    (tmp_path / "littoral" / "__init__.py").touch()
    for module in ("__init__", "fsck", "helper", "writer"):
        (package / f"{module}.py").touch()
    monkeypatch.setattr(layers, "SRC", tmp_path / "littoral")
    fsck, writer = "littoral.store.log.fsck", "littoral.store.log.writer"
    monkeypatch.setattr(layers, "INDEPENDENT", {fsck: ({writer}, "read it anew")})
    assert layers.dependences() == []
    (package / "fsck.py").write_text("from littoral.store.log import helper\n")
    assert layers.dependences() == []
    (package / "helper.py").write_text(f"def f():\n    from {writer} import Log\n")
    by_helper = f"{fsck} may not reach {writer} (by littoral.store.log.helper): read it anew"
    assert layers.dependences() == [by_helper]
    (package / "helper.py").write_text("")
    (package / "__init__.py").write_text(f"from {writer} import Log\n")
    assert layers.dependences() == [by_helper.replace(".helper", "")]
    (package / "fsck.py").unlink()
    assert "is gone" in layers.dependences()[0]


def test_the_verifier_the_witness_and_the_referee_keep_to_it() -> None:
    assert len(layers.INDEPENDENT) == 4
    assert "littoral.store.log.merkle" in layers.reached("littoral.store.log.fsck")
    referee = {path.stem for path in (layers.SRC / "sim" / "referee").glob("[a-z]*.py")}
    heads = [f"littoral.sim.referee.{name}" for name in ("judge", "judge_said")]
    assert set(heads) <= layers.INDEPENDENT.keys()
    reached = layers.reached(heads[0]).keys() | layers.reached(heads[1]).keys()
    assert {f"littoral.sim.referee.{name}" for name in referee} <= reached
    assert "littoral.detect" in layers.reached("littoral.engine.runtime")
    assert layers.dependences() == []
