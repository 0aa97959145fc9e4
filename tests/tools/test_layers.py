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


def test_the_source_itself_keeps_to_it() -> None:
    files = sorted(layers.SRC.rglob("*.py"))
    assert len(files) > 200
    assert [b for path in files for b in layers.breaches(path)] == []
