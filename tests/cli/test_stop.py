"""A service that is asked to end closes its stores and says that all is well."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest


class Serving(NamedTuple):
    process: subprocess.Popen[str]
    port: int


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """`littoral serve`, up to the line that names the page."""
    command = [str(Path(sys.executable).with_name("littoral")), "serve", "--no-sign-in"]
    command += ["--port", "0", "--data", str(tmp_path / "data"), "--tcp-listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as p:
        assert p.stdout is not None
        said = [p.stdout.readline() for _ in range(2)]
        assert said[0].startswith("feed: tcp-listen 127.0.0.1:")
        assert said[1].startswith("open http://127.0.0.1:")
        try:
            yield Serving(p, int(said[1].split()[1].rpartition(":")[2]))
        finally:
            p.kill()


def ended(serving: Serving) -> tuple[int, str]:
    """Exit code and standard error after SIGTERM."""
    serving.process.send_signal(signal.SIGTERM)
    _, errors = serving.process.communicate(timeout=60)
    return serving.process.returncode, errors


def test_sigterm_ends_a_server_in_order(serving: Serving, tmp_path: Path) -> None:
    assert ended(serving) == (0, "")
    # Written when the engine stops: the next one is due only twenty seconds after the start.
    assert (tmp_path / "data" / "checkpoint.arrow").exists()


def request(port: int, path: str, *headers: str) -> bytes:
    lines = (f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, "", "")
    return "\r\n".join(lines).encode()


def test_sigterm_ends_it_while_pages_are_open_and_while_one_takes_nothing(serving: Serving) -> None:
    """A page on the live stream, one that does nothing, and one that asks for more than any buffer
    holds (24 MB) and reads the first byte alone: what it asked for is still under way when the
    grace is over."""
    at = ("127.0.0.1", serving.port)
    stream = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")  # fmt: skip
    with (
        socket.create_connection(at) as live,
        socket.create_connection(at),
        socket.create_connection(at) as asleep,
    ):
        live.sendall(request(serving.port, "/api/v1/live", *stream))
        assert live.recv(12) == b"HTTP/1.1 101"
        asleep.sendall(200 * request(serving.port, "/api/openapi.json"))
        assert asleep.recv(1) == b"H"
        began = time.monotonic()
        assert ended(serving) == (0, "")
        assert time.monotonic() - began < 30.0  # 3 s of grace; the rest is for a busy machine


@pytest.mark.parametrize("taken", ["folder", "port"])
def test_a_second_server_says_what_is_taken(serving: Serving, tmp_path: Path, taken: str) -> None:
    data, port = ("data", 0) if taken == "folder" else ("other", serving.port)
    command = [str(Path(sys.executable).with_name("littoral")), "serve", "--no-sign-in"]
    command += ["--port", str(port), "--data", str(tmp_path / data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    said = {
        "folder": f"{tmp_path / 'data' / 'journal'} is being written by another process",
        "port": f"port {port} is in use; name another: --port",
    }
    code = {"folder": 2, "port": 1}[taken]
    assert (done.returncode, done.stderr) == (code, f"littoral: {said[taken]}\n")
