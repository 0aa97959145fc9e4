"""docs/write-a-detector.md works as it stands: its code is taken out, added to Littoral and run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^## [^\n]*`(?P<path>\S+\.py)`\n.*?```python\n(?P<code>.*?)```", re.M | re.S)
# Adds the example's folder to the package of detectors before anything looks there.
WITH_EXAMPLE = "import sys, littoral.detect; littoral.detect.__path__.append(sys.argv.pop(1)); "


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    room = tmp_path_factory.mktemp("example")
    text = (ROOT / "docs" / "write-a-detector.md").read_text()
    for found in BLOCK.finditer(text):
        path = room / found["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["code"])
    return room


def python(example: Path, code: str, *arguments: str) -> str:
    folder = str(example / "src" / "littoral" / "detect")
    done = subprocess.run(
        [sys.executable, "-c", WITH_EXAMPLE + code, folder, *arguments],
        cwd=ROOT, capture_output=True, text=True, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_parts_are_all_there(example: Path) -> None:
    parts = sorted(str(p.relative_to(example)) for p in example.rglob("*.py"))
    folder = "src/littoral/detect/fast/"
    assert parts == [
        folder + "__init__.py",
        folder + "detector.py",
        folder + "settings.py",
        "tests/detect/fast/test_fast.py",
    ]


def test_its_test_passes(example: Path) -> None:
    test = example / "tests" / "detect" / "fast" / "test_fast.py"
    code = "import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    options = ("-q", "-p", "no:cacheprovider", "--rootdir", str(ROOT))
    assert "5 passed" in python(example, code, *options, str(test), "-c", "/dev/null")


def test_its_settings_are_declared_as_ours_are(example: Path) -> None:
    code = "import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    options = ("-q", "-p", "no:cacheprovider", "--rootdir", str(ROOT), "-c", "/dev/null")
    test = str(ROOT / "tests" / "detect" / "test_adjusting.py")
    assert "2 passed" in python(example, code, *options, "-k", "fast-coastal", test)


def test_it_runs_by_the_command(example: Path, tmp_path: Path) -> None:
    rows = ["timestamp,mmsi,lon,lat,sog,cog"]
    for s in range(0, 600, 10):
        knots = 38.0 if s < 300 else 10.0
        when = f"2026-11-24T03:{s // 60:02d}:{s % 60:02d}Z"
        rows.append(f"{when},412000001,{110 + s * 2e-4:.5f},18.2,{knots},90")
    table = tmp_path / "boat.csv"
    table.write_text("\n".join(rows) + "\n")
    code = "from littoral.cli import main; sys.exit(main(sys.argv[1:]))"
    arguments = ("--datum", "wgs84", "--out", str(tmp_path / "out"), "--detectors", "fast")
    said = python(example, code, "run", str(table), *arguments, "--json")
    assert json.loads(said)["alerts"] == {"fast": 1}


def test_it_is_as_clean_as_our_own(example: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    ours = ("--config", 'lint.isort.known-first-party = ["littoral", "tests"]')
    for check in (("check",), ("format", "--check")):
        done = subprocess.run(
            [ruff, *check, "--config", str(ROOT / "pyproject.toml"), *ours, str(example)],
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
