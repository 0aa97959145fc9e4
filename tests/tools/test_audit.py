"""`make audit`: what is wrong is found, and silence of the database is never taken for health."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.audit import (
    FOUND,
    NOT_ASKED,
    Component,
    allowed,
    faults,
    main,
    npm_components,
    npm_weaknesses,
    python_components,
    python_weaknesses,
    spdx,
)


@pytest.mark.parametrize(
    "licence",
    ["MIT", "Apache-2.0", "BSD-3-Clause", "MIT AND Zlib", "GPL-2.0-only OR MIT",
     "AGPL-3.0-or-later", "(MIT OR CC0-1.0)", "(MIT OR Apache-2.0) AND Unicode-3.0",
     "Apache-2.0 WITH LLVM-exception"],
)  # fmt: skip
def test_licences_that_fit(licence: str) -> None:
    assert allowed(licence)


@pytest.mark.parametrize(
    "licence",
    ["", "GPL-2.0-only", "SSPL-1.0", "BUSL-1.1", "CC-BY-NC-4.0", "MIT AND SSPL-1.0", "Proprietary",
     "UNLICENSED", "SEE LICENSE IN LICENSE.md", "Elastic-2.0"],
)  # fmt: skip
def test_licences_that_do_not(licence: str) -> None:
    assert not allowed(licence)


@pytest.mark.parametrize(
    ("written", "name"),
    [("MIT License", "MIT"), ("Apache Software License", "Apache-2.0"), ("BSD 3-Clause", "BSD"),
     ("GNU General Public License v2 (GPLv2)", "GNU General Public License v2 (GPLv2)")],
)  # fmt: skip
def test_names_that_packages_write(written: str, name: str) -> None:
    assert spdx(written) == name


def test_what_needs_no_network_is_found() -> None:
    lock = "numpy==2.1.0\n    # via x\nloose>=1\n"
    assert [(c.name, c.version, c.pinned) for c in python_components(lock)] == [
        ("numpy", "2.1.0", True), ("loose>=1", "", False),
    ]  # fmt: skip
    npm = {
        "packages": {
            "": {"name": "own"},
            "node_modules/a": {"version": "1.0.0", "license": "MIT", "integrity": "sha512-x"},
            "node_modules/a/node_modules/@b/c": {"version": "2.0.0", "license": "SSPL-1.0"},
        }
    }
    assert faults([*python_components(lock), *npm_components(npm)]) == [
        "python loose>=1: is not pinned to a version",
        "npm @b/c 2.0.0: has no hash in the lock file",
        "npm @b/c 2.0.0: the licence 'SSPL-1.0' is not known to fit AGPL-3.0-or-later",
    ]


def test_answers_of_pip_audit() -> None:
    """Its JSON form, and what it prints where it fails."""
    vulnerability = {"id": "PYSEC-2099-1", "fix_versions": ["2.0"], "aliases": []}
    listed = [
        {"name": "x", "version": "1.0", "vulns": [vulnerability]},
        {"name": "y", "version": "1", "vulns": []},
    ]
    assert python_weaknesses(json.dumps({"dependencies": listed, "fixes": []})) == [
        "python x 1.0: PYSEC-2099-1, mended in ['2.0']"
    ]
    assert python_weaknesses(json.dumps({"dependencies": listed[1:]})) == []
    skipped = [{"name": "x", "skip_reason": "could not be asked"}]
    for silent in ("", "Traceback", "[]", json.dumps({"dependencies": skipped})):
        assert python_weaknesses(silent) is None


def test_answers_of_npm_audit() -> None:
    found = {
        "vulnerabilities": {"x": {"severity": "high", "range": "<2"}},
        "metadata": {"vulnerabilities": {"high": 1, "total": 1}},
    }
    assert npm_weaknesses(json.dumps(found)) == ["npm x: high, <2"]
    clean = {"vulnerabilities": {}, "metadata": {"vulnerabilities": {"total": 0}}}
    assert npm_weaknesses(json.dumps(clean)) == []
    for silent in (
        "",
        "{}",
        json.dumps({"error": {"code": "ENOAUDIT"}}),
        json.dumps({"message": "x"}),
    ):
        assert npm_weaknesses(silent) is None


@pytest.fixture
def tools_that_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[object], list[str]]:
    """Programs of the two names that print a document; gives the arguments that choose them."""

    def make(document: object) -> list[str]:
        for name in ("npm", "pip-audit"):
            program = tmp_path / name
            program.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(document)}\nEND\n")
            program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        return ["--pip-audit", str(tmp_path / "pip-audit")]

    return make


def test_silence_has_an_exit_code_of_its_own(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    tools_that_say: Callable[[object], list[str]],
) -> None:
    inventory = tmp_path / "inventory.json"
    assert main(["--offline", "--inventory", str(inventory)]) == NOT_ASKED == 3
    assert "NOT ASKED: known weaknesses of Python and npm" in capsys.readouterr().out
    rows = [Component(**row) for row in json.loads(inventory.read_text())]
    assert len(rows) > 200
    assert {"fastapi", "maplibre-gl"} <= {c.name for c in rows}
    assert main(tools_that_say({"error": "getaddrinfo ENOTFOUND"})) == 3


def test_an_answer_counts(tools_that_say: Callable[[object], list[str]]) -> None:
    clean: dict[str, object] = {
        "dependencies": [{"name": "x", "version": "1", "vulns": []}],
        "vulnerabilities": {},
        "metadata": {"vulnerabilities": {"total": 0}},
    }
    assert main(tools_that_say(clean)) == 0
    weak = [{"name": "x", "version": "1", "vulns": [{"id": "A", "fix_versions": []}]}]
    assert main(tools_that_say(clean | {"dependencies": weak})) == FOUND == 1
