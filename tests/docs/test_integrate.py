"""docs/integrate-a-sensor.md: its commands, run as they stand against a real server."""

from __future__ import annotations

import gzip
import json
import re
import shlex
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench._serve import Server, free_port
from littoral.cli import main
from littoral.sim.lines import generate

PAGE = Path(__file__).parents[2] / "docs" / "integrate-a-sensor.md"
BLOCK = re.compile(r"^```(sh|bash)\n(.*?)^```", re.M | re.S)
WAIT_S = 60
LINES = 300


def blocks(language: str, having: str) -> list[str]:
    found = [text.replace("\\\n", "") for kind, text in BLOCK.findall(PAGE.read_text())
             if kind == language and having in text]  # fmt: skip
    assert found, having
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sensor")
    log = b"".join(c.tobytes() for c in generate(LINES, vessels=20, seed=3, damaged=0.0))
    (made / "day.nmea").write_bytes(log)
    (made / "night.nmea.gz").write_bytes(gzip.compress(log))
    rows = [f"2026-08-15T12:{m:02d}:00Z,412000001,110.5,{19.5 + m / 1000}" for m in range(20)]
    for name, head in (("positions", "time,mmsi,lon,lat"), ("app-export", "when,mmsi,x,y")):
        (made / f"{name}.csv").write_text("\n".join([head, *rows]) + "\n")
    return made


@pytest.fixture(scope="module")
def ports() -> dict[str, int]:
    """By what stands on the page."""
    return {"10110": free_port(), "10111": free_port(), "receiver": free_port()}


@pytest.fixture(scope="module")
def server(folder: Path, ports: dict[str, int]) -> Iterator[Server]:
    """One server with the feeds of every `littoral serve` on the page."""
    options: list[str] = []
    for command in blocks("sh", "littoral serve"):
        words = shlex.split(command)
        options += words[words.index("DIR") + 1 :]
    there = " ".join(options).replace("receiver.example:10110", f"127.0.0.1:{ports['receiver']}")
    for said, port in ports.items():
        there = there.replace(f":{said}", f":{port}")
    assert there.split()[::2] == ["--tcp-listen", "--tcp", "--udp"]
    receiver = socket.create_server(("127.0.0.1", ports["receiver"]))

    def send() -> None:
        connection, _ = receiver.accept()
        with connection:
            connection.sendall((folder / "day.nmea").read_bytes())

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    started = Server(folder / "data", *there.split())
    try:
        started.wait()
        yield started
        started.stop()
    finally:
        if started.process.poll() is None:
            started.kill()
        receiver.close()


def shell(command: str, folder: Path, server: Server, ports: dict[str, int]) -> str:
    """What the command prints, run in bash."""
    for said, port in {**ports, "8765": server.port}.items():
        command = re.sub(rf"(?<=[:/]){said}\b", str(port), command)
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=WAIT_S
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_for_lines(server: Server, feed: str, lines: int) -> None:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        feeds = {f["name"]: f["lines"] for f in server.get("/health")["feeds"]}
        if any(name.startswith(feed) and n >= lines for name, n in feeds.items()):
            return
    pytest.fail(f"{feed}: {feeds}")


@pytest.mark.parametrize(("having", "feed"), [("/dev/tcp", "tcp-listen"), ("/dev/udp", "udp")])
def test_what_is_pushed_arrives(
    having: str, feed: str, folder: Path, server: Server, ports: dict[str, int]
) -> None:
    (command,) = blocks("bash", having)
    shell(command, folder, server, ports)
    wait_for_lines(server, feed, LINES)


def test_we_fetch_from_a_receiver(server: Server) -> None:
    wait_for_lines(server, "tcp 127", LINES)


def test_the_conversation_over_http(folder: Path, server: Server, ports: dict[str, int]) -> None:
    post, ask = blocks("bash", "/intake/")
    size = (folder / "day.nmea").stat().st_size
    for lines in (LINES, 0):
        answer = json.loads(shell(post, folder, server, ports))
        assert answer == {"source": "pier-1", "held": size, "lines": lines}
    assert json.loads(shell(ask, folder, server, ports))["held"] == size
    (health,) = blocks("bash", "/health")
    feeds = {f["name"]: f for f in json.loads(shell(health, folder, server, ports))["feeds"]}
    assert (feeds["pier-1"]["connected"], feeds["pier-1"]["lines"]) == (True, LINES)


@pytest.mark.parametrize("command", [b.strip() for b in blocks("sh", "littoral run")])
def test_files_and_tables_are_run(
    command: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.chdir(folder)
    arguments = [str(tmp_path) if w == "DIR" else w for w in shlex.split(command)[1:]]
    assert main(arguments) == 0
    said = json.loads(capsys.readouterr().out)
    expected = 2 * LINES if "day.nmea" in command else 1 + 20  # a table's head is a line too
    assert said["lines"] == expected
    assert said["problems"] == []
    assert said["positions"] >= 20
