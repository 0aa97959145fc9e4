"""A real `littoral serve` in a process of its own, for benches and tests of the live watch."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson

START_S = 180.0  # the first start may compile
STOP_S = 180.0  # a first run still compiles while it ends
API = "/api/v1"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Server:
    """Starts at once; `wait` until it answers. What it prints goes to `<data>.log`.

    `cookie`: of a session in that folder's records; without one nobody signs in. `program`: the
    module that runs the command line."""

    def __init__(
        self, data: Path, *options: str, cookie: str = "", program: str = "littoral.cli"
    ) -> None:
        self.data = data
        self.headers = {"cookie": cookie} if cookie else {}
        self.port = free_port()
        self.started = time.monotonic()
        log = data.with_name(data.name + ".log")
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-m", program, "serve", *([] if cookie else ["--no-sign-in"]),
                    "--data", str(data), "--port", str(self.port), *options,
                ],
                stdout=out,
                stderr=out,
            )  # fmt: skip
        self.log = log

    def get(self, path: str) -> Any:
        """The JSON of `GET /api/v1<path>`; OSError when nothing answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", API + path, headers=self.headers)
            answer = connection.getresponse()
            body = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"GET {path}: {answer.status} {body[:300]!r}")
        return orjson.loads(body)

    def wait(self) -> None:
        """Until it answers; RuntimeError when it ended or takes too long."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"serve ended with {self.process.returncode}:\n{self.said()}")
            try:
                self.get("/settings")
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError(f"serve did not answer within {START_S:g} s:\n{self.said()}")

    def drain(self, timeout_s: float = 120.0) -> None:
        """Until the engine has taken in all that the journal holds."""
        deadline = time.monotonic() + timeout_s
        while self.get("/health")["counts"]["behind_bytes"] > 0:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the engine is still behind:\n{self.said()}")
            time.sleep(0.05)

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As an operator stops it; RuntimeError when that is no clean end."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_S)
        if code not in (0, -signal.SIGTERM):
            raise RuntimeError(f"serve ended with {code}:\n{self.said()}")

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]
