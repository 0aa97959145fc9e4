"""A service that is asked to end closes its stores and says that all is well."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`littoral serve`, up to the line that names the page."""
    command = [str(Path(sys.executable).with_name("littoral")), "serve", "--port", "0"]
    command += ["--data", str(tmp_path / "data"), "--tcp-listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as p:
        assert p.stdout is not None
        said = [p.stdout.readline() for _ in range(2)]
        assert said[0].startswith("feed: tcp-listen 127.0.0.1:")
        assert said[1].startswith("open http://127.0.0.1:")
        try:
            yield p
        finally:
            p.kill()


def test_sigterm_ends_a_server_in_order(serving: subprocess.Popen[str], tmp_path: Path) -> None:
    serving.send_signal(signal.SIGTERM)
    _, errors = serving.communicate(timeout=60)
    assert (serving.returncode, errors) == (0, "")
    # Written when the engine stops: the next one is due only ten seconds after the start.
    assert (tmp_path / "data" / "checkpoint.arrow").exists()
